//! Days and months as limits count them: those of UTC, the same on every instance, wherever its machine stands.

use time::{Date, Month, OffsetDateTime};

const DAY_SECS: i64 = 24 * 60 * 60;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a moment, in unix seconds.
    pub fn of(now: i64) -> Self {
        Self(i32::try_from(now.div_euclid(DAY_SECS)).unwrap_or(i32::MAX))
    }

    /// When it is over, in unix seconds.
    pub fn ends(self) -> i64 {
        (i64::from(self.0) + 1) * DAY_SECS
    }

    /// The first day of its month.
    pub fn month_begin(self) -> Self {
        self.date().map_or(self, |date| Self(self.0 - i32::from(date.day()) + 1))
    }

    /// When its month is over, in unix seconds.
    pub fn month_ends(self) -> i64 {
        let next = self.date().and_then(|date| {
            let year = date.year() + i32::from(date.month() == Month::December);
            Date::from_calendar_date(year, date.month().next(), 1).ok()
        });
        next.map_or_else(|| self.ends(), |date| date.midnight().assume_utc().unix_timestamp())
    }

    /// `None` beyond the calendar's years.
    fn date(self) -> Option<Date> {
        OffsetDateTime::from_unix_timestamp(i64::from(self.0) * DAY_SECS).ok().map(OffsetDateTime::date)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn days_and_months_begin_and_end_at_midnight_utc() {
        let cases = [
            (datetime!(2024-02-28 23:59:59 UTC), datetime!(2024-02-29 0:00 UTC), datetime!(2024-03-01 0:00 UTC)),
            (datetime!(2024-02-29 00:00:00 UTC), datetime!(2024-03-01 0:00 UTC), datetime!(2024-03-01 0:00 UTC)),
            (datetime!(2026-12-31 12:00:00 UTC), datetime!(2027-01-01 0:00 UTC), datetime!(2027-01-01 0:00 UTC)),
            (datetime!(1969-12-31 23:00:00 UTC), datetime!(1970-01-01 0:00 UTC), datetime!(1970-01-01 0:00 UTC)),
        ];
        for (now, day_ends, month_ends) in cases {
            let day = Day::of(now.unix_timestamp());
            assert_eq!(day.ends(), day_ends.unix_timestamp(), "{now}");
            assert_eq!(day.month_ends(), month_ends.unix_timestamp(), "{now}");
            assert_eq!(Day::of(month_ends.unix_timestamp() - 1).month_begin(), day.month_begin(), "{now}");
        }
        assert_eq!(
            Day::of(datetime!(2026-11-29 9:00 UTC).unix_timestamp()).month_begin().0,
            Day::of(datetime!(2026-11-01 0:00 UTC).unix_timestamp()).0
        );
    }

    #[test]
    fn a_clock_that_is_far_off_ends_nowhere() {
        for now in [i64::MIN, i64::MAX, i64::from(i32::MAX) * DAY_SECS] {
            let day = Day::of(now);
            assert!(day.month_begin() <= day && day.month_ends() >= day.ends());
        }
    }
}
