//! Figures of each day, kept for two years as are the sums of what people used. Each is taken every hour, so that a day's last look
//! stands; of bytes, which are counted as they are sent, the day before is looked at too.

use super::{UPKEEP, did};
use crate::adapters::store::Store;
use crate::domain::figure::{DAY_SECS, Figure, day};
use crate::domain::job::{About, Schedule};
use crate::domain::limits::Day;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

const KEPT_DAYS: i64 = 2 * 366;

pub(super) const ABOUT: About = About {
    name: "statistics",
    does: "takes the figures of the day, and forgets those, and what people used, older than two years",
    schedule: Some(Schedule::Every { minutes: 60, after: 58 }),
    ..UPKEEP
};

pub(super) struct Statistics(pub Store);

impl Kind for Statistics {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let today = day(run.now());
            let begin = today * DAY_SECS;
            let counts = self.0.catalog().counts().await?;
            let ended = self.0.jobs().count_ended(begin, begin + DAY_SECS).await?;
            let people = self.0.people().all().await?;
            let active = people.iter().filter(|person| person.last_active >= begin).count();
            for (figure, value) in [
                (Figure::Films, counts.movies),
                (Figure::Series, counts.series),
                (Figure::Files, counts.files),
                (Figure::PeopleActive, active as u64),
                (Figure::JobsDone, ended.done),
                (Figure::JobsFailed, ended.failed),
            ] {
                self.0.statistics().set(today, figure, value as i64).await?;
            }
            for day in [today - 1, today] {
                let all = self.0.usage().spent(None, Day::of(day * DAY_SECS)).await?;
                self.0.statistics().set(day, Figure::BytesServed, all.day.bytes.cast_signed()).await?;
            }
            let forgotten = self.0.usage().forget(Day::of((today - KEPT_DAYS) * DAY_SECS)).await?
                + self.0.statistics().forget(today - KEPT_DAYS).await?;
            let taken = format!("{} films, {} series, {} files", counts.movies, counts.series, counts.files);
            Ok(match forgotten {
                0 => taken,
                _ => format!("{taken}; {}", did("forgot", &[(forgotten, "old figure", "old figures")])),
            })
        })
    }
}
