//! Did you mean …?

/// The name nearest to `wanted`, if one is near enough to be meant.
pub(crate) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = (wanted.chars().count() / 3).clamp(1, 3);
    names
        .filter(|name| name.len().abs_diff(wanted.len()) <= allowed * 4)
        .map(|name| (distance(wanted, name, allowed), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// How many letters differ, are missing or too many; letter case counts half.
fn distance(left: &str, right: &str, allowed: usize) -> usize {
    if left.eq_ignore_ascii_case(right) {
        return usize::from(left != right);
    }
    let left: Vec<char> = left.chars().take(128).collect();
    let right: Vec<char> = right.chars().take(128).collect();
    if left.len().abs_diff(right.len()) > allowed {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let at = |index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let swap = at(j) + usize::from(a != b);
            let before = next.last().copied().unwrap_or(0) + 1;
            next.push(swap.min(before).min(at(j + 1) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// `did you mean …`, or else the help given.
pub(crate) fn help<'n>(
    wanted: &str,
    names: impl Iterator<Item = &'n str>,
    otherwise: &str,
) -> String {
    match nearest(wanted, names) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_found_and_a_stranger_is_not() {
        let names = || ["Orders", "OrdersTable", "Resize"].into_iter();
        assert_eq!(nearest("Ordes", names()), Some("Orders"));
        assert_eq!(nearest("orderstable", names()), Some("OrdersTable"));
        assert_eq!(nearest("Payments", names()), None);
    }
}
