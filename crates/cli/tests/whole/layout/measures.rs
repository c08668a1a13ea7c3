//! How good a layout is, in numbers.

use std::collections::BTreeSet;

type Points = [(f64, f64)];

/// At how many places lines cross, as a reader sees them.
pub(super) fn crossings<'a>(lines: impl IntoIterator<Item = &'a Points>) -> usize {
    let lines: Vec<&Points> = lines.into_iter().collect();
    let mut places = BTreeSet::new();
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            for a in one.windows(2) {
                for b in other.windows(2) {
                    places.extend(crossing(a, b).or_else(|| crossing(b, a)));
                }
            }
        }
    }
    places.len()
}

/// Where a level piece crosses an upright one, within both.
fn crossing(level: &Points, upright: &Points) -> Option<(i64, i64)> {
    let (a, b) = (level[0], level[1]);
    let (c, d) = (upright[0], upright[1]);
    let between = |x: f64, one: f64, other: f64| x > one.min(other) && x < one.max(other);
    let straight = a.1 == b.1 && c.0 == d.0;
    let crossed = straight && between(c.0, a.0, b.0) && between(a.1, c.1, d.1);
    crossed.then(|| ((c.0 * 4.0).round() as i64, (a.1 * 4.0).round() as i64))
}

/// How long all lines are together.
pub(super) fn length<'a>(lines: impl IntoIterator<Item = &'a Points>) -> f64 {
    let of = |points: &Points| -> f64 {
        let pieces = points.windows(2);
        pieces
            .map(|p| (p[0].0 - p[1].0).abs() + (p[0].1 - p[1].1).abs())
            .sum()
    };
    lines.into_iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cross_are_counted_and_those_that_meet_are_not() {
        let level: &Points = &[(0.0, 5.0), (10.0, 5.0)];
        let upright: &Points = &[(5.0, 0.0), (5.0, 10.0)];
        let meeting: &Points = &[(5.0, 5.0), (5.0, 10.0)];
        assert_eq!(crossings([level, upright]), 1);
        assert_eq!(crossings([level, meeting]), 0);
        assert_eq!(length([level, meeting]), 15.0);
    }
}
