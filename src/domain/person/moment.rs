//! Times as people type them: `30d`, `12h`, `2027-01-31`, `never`.

use time::{Date, Month, Time};

/// The text is no time to come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    #[error("{0:?} is no time; it should look like 12h, 30d, 2w, 2027-01-31 or never")]
    NotATime(String),
    #[error("{0} is over already; choose a time to come")]
    Over(String),
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// A hundred years: above it a number is a slip.
const FARTHEST: i64 = 36_500 * DAY;

/// When that is, in unix seconds; `None` for never. A date means until the end of that day, in UTC.
pub fn when(text: &str, now: i64) -> Result<Option<i64>, WhenError> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("never") {
        return Ok(None);
    }
    let at = after(text).map(|secs| now + secs).or_else(|| end_of_day(text));
    match at.ok_or_else(|| WhenError::NotATime(text.to_owned()))? {
        at if at <= now => Err(WhenError::Over(text.to_owned())),
        at => Ok(Some(at)),
    }
}

/// `30d` in seconds.
fn after(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let number = text.strip_suffix(unit)?;
    let unit = match unit.to_ascii_lowercase() {
        'h' => HOUR,
        'd' => DAY,
        'w' => 7 * DAY,
        _ => return None,
    };
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let secs = is_number.then(|| number.parse::<i64>().ok()?.checked_mul(unit)).flatten()?;
    (secs <= FARTHEST).then_some(secs)
}

/// The last second of `2027-01-31`.
fn end_of_day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let has_form = parts.next().is_none() && year.len() == 4 && month.len() == 2 && day.len() == 2;
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    has_form.then(|| date.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp() + DAY - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_a_time_to_come_or_refused(text in "\\PC{0,20}|[0-9]{1,20}[hdw]|[0-9+-]{0,5}-[0-9]{2}-[0-9]{2}", now in 0..=4_000_000_000_i64) {
            if let Ok(Some(at)) = when(&text, now) {
                prop_assert!(at > now);
            }
        }
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let now = 1_801_000_000;
        for (text, wanted) in [
            ("12h", Some(now + 12 * 3600)),
            ("1d", Some(now + 86_400)),
            (" 30D ", Some(now + 30 * 86_400)),
            ("2w", Some(now + 14 * 86_400)),
            ("2027-01-31", Some(1_801_439_999)),
            ("never", None),
            ("Never", None),
        ] {
            assert_eq!(when(text, now), Ok(wanted), "{text}");
        }
        for bad in [
            "",
            "d",
            "-1d",
            "1.5d",
            "30",
            "30m",
            "1y",
            "2027-13-01",
            "2027-02-30",
            "27-1-3",
            "2027-01-31-1",
            "99999999999999d",
            "40000d",
            "é",
        ] {
            assert_eq!(when(bad, now), Err(WhenError::NotATime(bad.to_owned())));
        }
        for over in ["0d", "2020-01-01"] {
            assert_eq!(when(over, now), Err(WhenError::Over(over.to_owned())));
        }
    }
}
