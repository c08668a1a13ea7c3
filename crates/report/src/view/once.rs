//! Texts, each once, in the order in which they came.

use std::collections::BTreeSet;

/// So few are compared one by one.
const FEW: usize = 16;

/// Texts without repetition.
#[derive(Debug, Default)]
pub(crate) struct Once {
    texts: Vec<String>,
    /// All of them, once they are no longer few.
    seen: BTreeSet<String>,
}

impl Once {
    pub(crate) fn add(&mut self, text: String) {
        if self.texts.len() < FEW {
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
            return;
        }
        if self.seen.is_empty() {
            self.seen.extend(self.texts.iter().cloned());
        }
        if self.seen.insert(text.clone()) {
            self.texts.push(text);
        }
    }

    pub(crate) fn of(texts: impl Iterator<Item = String>) -> Vec<String> {
        let mut once = Once::default();
        texts.for_each(|text| once.add(text));
        once.texts
    }

    pub(crate) fn texts(self) -> Vec<String> {
        self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_stays_where_it_came_first() {
        for n in [1, 5, 15, 16, 17, 100] {
            let texts = (0..3 * n).map(|at| format!("{}", (at * 7) % n));
            let mut expected: Vec<String> = Vec::new();
            for text in texts.clone() {
                if !expected.contains(&text) {
                    expected.push(text);
                }
            }
            assert_eq!(Once::of(texts), expected);
        }
    }
}
