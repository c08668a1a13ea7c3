//! Text that grows no further than it may.

/// Text so far.
#[derive(Debug, Default)]
pub(super) struct Room(String);

impl Room {
    /// Adds what is short and never left out.
    pub(super) fn always(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Adds the text if all then is no longer than `reach`; whether it was.
    pub(super) fn within(&mut self, text: &str, reach: usize) -> bool {
        let fits = self.0.len() + text.len() <= reach;
        if fits {
            self.0.push_str(text);
        }
        fits
    }

    /// Adds lines while there is room, at most so many; how many were left out.
    pub(super) fn lines(
        &mut self,
        mut lines: impl Iterator<Item = String>,
        most: usize,
        reach: usize,
    ) -> usize {
        let mut said = 0;
        while said < most {
            match lines.next() {
                Some(line) if self.within(&line, reach) => said += 1,
                Some(_) => return 1 + lines.count(),
                None => return 0,
            }
        }
        lines.count()
    }

    pub(super) fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(most: usize, reach: usize) -> (usize, String) {
        let mut room = Room::default();
        let lines = ["one\n", "two\n", "six\n"].map(String::from);
        let more = room.lines(lines.into_iter(), most, reach);
        (more, room.text())
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        assert_eq!(left_out(9, 99), (0, "one\ntwo\nsix\n".into()));
        assert_eq!(left_out(3, 99), (0, "one\ntwo\nsix\n".into()));
        assert_eq!(left_out(1, 99), (2, "one\n".into()));
        assert_eq!(left_out(9, 8), (1, "one\ntwo\n".into()));
        assert_eq!(left_out(9, 3), (3, String::new()));
    }
}
