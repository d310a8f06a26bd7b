//! Backups that are made by themselves: what their files are called, when the next one is due, which of them go.

use time::{Date, Month, OffsetDateTime, Time};

/// The kind of job that makes them.
pub const JOB: &str = "backup";

const PREFIX: &str = "cinepost-";
const ENDING: &str = ".zst";
const DAY_SECS: i64 = 86_400;

/// How often, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// From one to the next.
    pub every_days: u32,
    /// The newest so many.
    pub kept: u32,
}

/// `cinepost-2026-11-30-044000.zst`, in UTC. Names sort as the times do. `made`: Unix seconds.
pub fn file_name(made: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(made).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, (hour, minute, second)) = (at.date(), at.to_hms());
    format!("{PREFIX}{date}-{hour:02}{minute:02}{second:02}{ENDING}")
}

/// When the backup was made that is called so. `None` for all other names: nobody else's file is ever taken for one.
pub fn made(name: &str) -> Option<i64> {
    let stem = name.strip_prefix(PREFIX)?.strip_suffix(ENDING)?;
    let mut numbers = stem.split('-');
    let mut number = |digits: usize| {
        let text = numbers.next().filter(|text| text.len() == digits)?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?
    };
    let (year, month, day, time) = (number(4)?, number(2)?, number(2)?, number(6)?);
    let small = |number: u32| u8::try_from(number).ok();
    let month = Month::try_from(small(month)?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, small(day)?).ok()?;
    let time = Time::from_hms(small(time / 10_000)?, small(time / 100 % 100)?, small(time % 100)?).ok()?;
    numbers.next().is_none().then(|| date.with_time(time).assume_utc().unix_timestamp())
}

impl Plan {
    /// Whether the daily run at `now` makes one. A run comes at its hour, give or take: half a day of grace.
    pub fn is_due(self, files: &[String], now: i64) -> bool {
        let newest = files.iter().filter_map(|name| made(name)).max();
        newest.is_none_or(|newest| now - newest >= i64::from(self.every_days) * DAY_SECS - DAY_SECS / 2)
    }

    /// Those that go, the oldest first.
    pub fn surplus(self, files: &[String]) -> Vec<String> {
        let mut ours: Vec<&String> = files.iter().filter(|name| made(name).is_some()).collect();
        ours.sort_unstable();
        let gone = ours.len().saturating_sub(self.kept.max(1) as usize);
        ours[..gone].iter().map(|name| (*name).clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-30 04:40:07 UTC.
    const NOW: i64 = 1_796_013_607;

    fn names(ages_in_days: &[i64]) -> Vec<String> {
        ages_in_days.iter().map(|days| file_name(NOW - days * DAY_SECS)).collect()
    }

    #[test]
    fn a_name_says_when_it_was_made() {
        assert_eq!(file_name(NOW), "cinepost-2026-11-30-044007.zst");
        for at in [0, NOW, NOW + 86_399, 4_000_000_000] {
            assert_eq!(made(&file_name(at)), Some(at));
        }
        for other in [
            "",
            "film.mkv",
            "cinepost-.zst",
            "cinepost-2026-11-30-044007.zst.part",
            ".cinepost-2026-11-30-044007.zst.0123.tmp",
            "cinepost-2026-11-31-044007.zst",
            "cinepost-2026-11-30-246007.zst",
            "cinepost-2026-11-30-044007-1.zst",
            "cinepost-+026-11-30-044007.zst",
            "my-cinepost-2026-11-30-044007.zst",
        ] {
            assert_eq!(made(other), None, "{other}");
        }
    }

    #[test]
    fn one_is_due_when_the_newest_is_old_enough() {
        let daily = Plan { every_days: 1, kept: 7 };
        let weekly = Plan { every_days: 7, kept: 7 };
        assert!(daily.is_due(&[], NOW));
        assert!(daily.is_due(&["other.zst".to_owned()], NOW));
        // The last run was a little later in its day.
        assert!(daily.is_due(&[file_name(NOW - DAY_SECS + 300)], NOW));
        assert!(!daily.is_due(&[file_name(NOW - 3600), file_name(NOW - 9 * DAY_SECS)], NOW));
        assert!(!weekly.is_due(&names(&[6]), NOW));
        assert!(weekly.is_due(&names(&[7, 14]), NOW));
        // A clock that was wrong once.
        assert!(!daily.is_due(&names(&[-3]), NOW));
    }

    #[test]
    fn the_oldest_go_and_never_somebody_elses() {
        let plan = Plan { every_days: 1, kept: 2 };
        let mut files = names(&[3, 0, 2, 1]);
        files.extend(["cinepost-holiday.zst".to_owned(), "a.txt".to_owned()]);
        assert_eq!(plan.surplus(&files), names(&[3, 2]));
        assert_eq!(plan.surplus(&names(&[1, 0])), names(&[]));
        assert_eq!(Plan { kept: 0, ..plan }.surplus(&names(&[1, 0])), names(&[1]), "the newest stays in any case");
    }
}
