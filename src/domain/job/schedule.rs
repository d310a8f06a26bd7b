//! When a kind's jobs run by themselves. Periods are counted from 1970 in UTC, so that every instance, after any restart, comes to
//! the same ones: a period's beginning names its run.

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Every `minutes`, `after` minutes into each period: kinds with another `after` do not all begin at once.
    Every { minutes: u32, after: u32 },
    /// Every day at this time, UTC.
    DailyAt { hour: u8, minute: u8 },
}

impl Schedule {
    /// The run that is due: the last one that began at or before `now` (unix seconds). A program that was away makes up for one run,
    /// not for each that it missed.
    pub fn last(self, now: i64) -> i64 {
        let (period, shift) = self.seconds();
        (now - shift).div_euclid(period) * period + shift
    }

    /// The run after that.
    pub fn next(self, now: i64) -> i64 {
        self.last(now) + self.seconds().0
    }

    /// As people read it.
    pub fn words(self) -> String {
        match self {
            Self::Every { minutes, .. } if minutes % 60 == 0 => match minutes / 60 {
                1 => "every hour".to_owned(),
                hours => format!("every {hours} h"),
            },
            Self::Every { minutes, .. } => format!("every {minutes} min"),
            Self::DailyAt { hour, minute } => format!("every day at {hour:02}:{minute:02} UTC"),
        }
    }

    /// A period and where it begins.
    fn seconds(self) -> (i64, i64) {
        match self {
            Self::Every { minutes, after } => (i64::from(minutes.max(1)) * MINUTE, i64::from(after) * MINUTE),
            Self::DailyAt { hour, minute } => (DAY, (i64::from(hour) * 60 + i64::from(minute)) * MINUTE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_that_is_due_and_the_next() {
        let daily = Schedule::DailyAt { hour: 4, minute: 10 };
        let often = Schedule::Every { minutes: 360, after: 7 };
        let (day, hour, minute) = (DAY, 60 * MINUTE, MINUTE);
        // Schedule, now, last, next.
        let cases = [
            (daily, 10 * day, 9 * day + 4 * hour + 10 * minute, 10 * day + 4 * hour + 10 * minute),
            (daily, 10 * day + 4 * hour + 10 * minute - 1, 9 * day + 4 * hour + 600, 10 * day + 4 * hour + 600),
            (daily, 10 * day + 4 * hour + 10 * minute, 10 * day + 4 * hour + 600, 11 * day + 4 * hour + 600),
            (often, 10 * day, 9 * day + 18 * hour + 420, 10 * day + 420),
            (often, 10 * day + 420, 10 * day + 420, 10 * day + 6 * hour + 420),
            (daily, 0, 4 * hour + 600 - day, 4 * hour + 600),
        ];
        for (schedule, now, last, next) in cases {
            assert_eq!((schedule.last(now), schedule.next(now)), (last, next), "{schedule:?} at {now}");
        }
    }

    #[test]
    fn every_moment_has_one_run_and_runs_follow_each_other() {
        for schedule in [Schedule::DailyAt { hour: 23, minute: 59 }, Schedule::Every { minutes: 7, after: 3 }] {
            let mut run = schedule.last(1_700_000_000);
            for _ in 0..50 {
                let next = schedule.next(run);
                assert_eq!((schedule.last(run), schedule.last(next - 1), schedule.last(next)), (run, run, next));
                run = next;
            }
        }
    }

    #[test]
    fn schedules_read_as_people_say_them() {
        let every = |minutes| Schedule::Every { minutes, after: 1 }.words();
        assert_eq!(
            (every(60), every(360), every(90)),
            ("every hour".into(), "every 6 h".into(), "every 90 min".into())
        );
        assert_eq!(Schedule::DailyAt { hour: 4, minute: 5 }.words(), "every day at 04:05 UTC");
    }
}
