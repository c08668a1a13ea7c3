//! The analysis date: what the user gave, else today.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use underbelly_library::is_date;

/// The date to judge by, `YYYY-MM-DD`.
pub(crate) fn as_of(given: Option<&str>) -> Result<String> {
    match given {
        None => Ok(today()),
        Some(date) if is_date(date) => Ok(date.to_owned()),
        Some(date) => bail!("`{date}` is not a date such as 2026-11-23"),
    }
}

fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH);
    let days = seconds.map_or(0, |passed| passed.as_secs() / 86_400);
    let (year, month, day) = civil(i64::try_from(days).unwrap_or(0));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day of the Gregorian calendar that many days after 1970-01-01. Years
/// are counted from March, so that a leap day ends one.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_780, (2026, 11, 23)),
        ] {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn only_whole_dates_are_taken() {
        assert!(is_date("2026-11-23"));
        assert!(is_date("2028-02-29"));
        for wrong in [
            "2026-13-01",
            "2026-1-1",
            "yesterday",
            "2026-11-32",
            "2026-11-31",
            "2026-02-29",
            "+026-11-01",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
