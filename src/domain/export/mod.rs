//! The library as a tree of files that media servers scan: where each file stands, and when the tree is written.
//!
//! ```text
//! Movies/Metropolis (1927)/Metropolis (1927) - 1080p BluRay H.264 GRP.strm   .nfo   .de.forced.srt
//! Shows/The Prisoner (1967)/tvshow.nfo
//! Shows/The Prisoner (1967)/Season 01/The Prisoner (1967) S01E02 - 720p.strm   .nfo   .en.srt
//! ```
//!
//! names.rs: parts of paths that every file system keeps. places.rs: a title and its files -> their paths.

mod names;
mod places;

use super::job::{About, NewJob, Place as JobPlace, Priority, Schedule};

pub use names::{folded, part};
pub use places::{FILMS, Placed, SHOWS, episodes, film_folder, films, folder, show_folder};

/// The job that keeps the tree true.
pub const ABOUT: About = About {
    name: "export",
    does: "writes the library into EXPORT_DIR for Jellyfin, Emby and Kodi, and removes what is gone",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 5,
    // What no change of a file tells: people, channels and the provider's words.
    schedule: Some(Schedule::DailyAt { hour: 5, minute: 10 }),
    place: JobPlace::AnyInstance,
};

/// What changes within so many seconds is written at once.
const TOGETHER_SECS: i64 = 60;

/// The job that follows a change at `now` (unix seconds). All changes of a minute ask for the same one, which begins when the minute is
/// over, so it has seen each of them; one that runs already may not have.
pub fn after_change(now: i64) -> NewJob {
    let minute = now.div_euclid(TOGETHER_SECS) + 1;
    NewJob { period: Some(format!("{}/{minute}", ABOUT.name)), due: minute * TOGETHER_SECS, ..NewJob::of(&ABOUT, now) }
}

/// A run that took long is followed by a rest of so many times its length, so that a library that grows all day is not written all day.
const REST: i64 = 10;

/// The job that comes in place of one that is due at `now`, while the last one (from when to when) rests. `None`: it may begin.
pub fn again_at(began: i64, ended: i64, now: i64) -> Option<NewJob> {
    let rests_until = ended.saturating_add((ended - began).clamp(0, 3_600) * REST);
    let period = Some(format!("{}/rest/{rests_until}", ABOUT.name));
    (now < rests_until).then(|| NewJob { period, due: rests_until, ..NewJob::of(&ABOUT, now) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_followed_by_a_rest_and_a_short_one_by_none() {
        let due = |began, ended, now| again_at(began, ended, now).map(|job| job.due);
        assert_eq!(due(1_000, 1_000, 1_000), None);
        assert_eq!(due(1_000, 1_002, 1_030), None);
        assert_eq!(due(1_000, 1_060, 1_100), Some(1_660));
        assert_eq!(due(1_000, 1_060, 1_660), None);
        assert_eq!(
            again_at(1_000, 1_060, 1_100).map(|job| job.period),
            again_at(1_000, 1_060, 1_200).map(|job| job.period)
        );
        assert_eq!(due(1_060, 1_000, 1_100), None, "a clock that was set back");
    }

    #[test]
    fn changes_of_a_minute_are_one_job_that_begins_after_them() {
        let (first, last, next) = (after_change(1_200), after_change(1_259), after_change(1_260));
        assert_eq!(first, last);
        assert_eq!((first.due, next.due), (1_260, 1_320));
        assert_ne!(first.period, next.period);
        // A key would keep it from being queued while an earlier one runs.
        assert_eq!(first.key, None);
    }
}
