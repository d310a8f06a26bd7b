//! How the numbers in names stand to those of the title: uploaders count a second season on, or call it by another name.
//!
//! ```text
//! Kumo II - 05      is S02E05    names say no season: it is 2
//! Kumo S01E05       is S02E05    seasons + 1
//! Kumo - 17         is S02E05    it is season 2, episodes - 12
//! ```

use release_name::{Release, ReleaseKind};
use serde::{Deserialize, Serialize};

use crate::domain::entry::SeriesPart;

/// Nothing is moved by the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shift {
    /// The season of names that say none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<u16>,
    /// Added to the season that a name says.
    pub seasons: i32,
    /// Added to the number of each episode.
    pub episodes: i32,
}

impl Shift {
    /// What leads from a name to the part that a person says it is. `None` when the name holds no number to begin from.
    pub fn between(release: &Release, part: SeriesPart) -> Option<Self> {
        let (season, episodes) = match part {
            SeriesPart::Season { season } => (season, 0),
            SeriesPart::Episode { season, number } => {
                (season, i32::from(number) - i32::from(*episodes(release).first()?))
            }
        };
        Some(Self { episodes, ..Self::to_season(release, season) })
    }

    /// The same where only the season is said.
    pub fn to_season(release: &Release, season: u16) -> Self {
        match release.seasons.first() {
            Some(read) => Self { seasons: i32::from(season) - i32::from(*read), ..Self::default() },
            None => Self { season: Some(season), ..Self::default() },
        }
    }

    /// The release as if its name had said the title's own numbers.
    pub fn applied(self, release: Release) -> Release {
        let seasons: Vec<u16> = match release.seasons.as_slice() {
            [] => self.season.into_iter().collect(),
            read => read.iter().filter_map(|season| moved(*season, self.seasons)).collect(),
        };
        let is_by_season = !release.seasons.is_empty() || self.season.is_some();
        // Specials are counted apart, and a date is no number.
        if self == Self::default() || release.special.is_some() || !is_by_season && release.date.is_some() {
            return release;
        }
        let numbers: Vec<u16> = episodes(&release).into_iter().filter_map(|n| moved(n, self.episodes)).collect();
        if !is_by_season {
            // Counted through, from another beginning.
            let is_absolute = !release.absolute.is_empty();
            let absolute = if is_absolute { numbers.iter().map(|n| f32::from(*n)).collect() } else { Vec::new() };
            let episodes = if is_absolute { release.episodes.clone() } else { numbers };
            return Release { absolute, episodes, ..release };
        }
        let kind = if numbers.is_empty() { ReleaseKind::Season } else { ReleaseKind::Episode };
        Release { seasons, episodes: numbers, absolute: Vec::new(), kind, ..release }
    }
}

/// The numbers that a name counts by, within a season or through all of them.
fn episodes(release: &Release) -> Vec<u16> {
    if !release.episodes.is_empty() {
        return release.episodes.clone();
    }
    let whole = release.absolute.iter().filter(|n| n.fract() == 0.0 && (0.0..=f32::from(u16::MAX)).contains(*n));
    whole.map(|n| *n as u16).collect()
}

fn moved(number: u16, by: i32) -> Option<u16> {
    u16::try_from(i32::from(number).checked_add(by)?).ok()
}

#[cfg(test)]
mod tests {
    use release_name::{Input, parse};

    use super::*;

    fn read(name: &str) -> Release {
        parse(&Input { name, caption: "", folder: "" })
    }

    #[test]
    fn what_a_person_says_of_one_file_moves_all_that_are_named_like_it() {
        let part = |season, number| SeriesPart::Episode { season, number };
        // One file and what it is -> another file of the same naming, and what that is by it.
        for (name, is, other, wanted) in [
            ("Kumo S01E05.mkv", part(2, 5), "Kumo S01E06.mkv", (vec![2], vec![6])),
            ("Kumo S01E05.mkv", part(2, 5), "Kumo S02E01-E02.mkv", (vec![3], vec![1, 2])),
            ("Kumo E17.mkv", part(2, 5), "Kumo E18.mkv", (vec![2], vec![6])),
            ("[Grp] Kumo - 17 (1080p).mkv", part(2, 5), "[Grp] Kumo - 24 (1080p).mkv", (vec![2], vec![12])),
            ("Kumo S01.mkv", SeriesPart::Season { season: 4 }, "Kumo S02.mkv", (vec![5], vec![])),
            // Nothing stands before the first episode.
            ("Kumo E17.mkv", part(2, 5), "Kumo E03.mkv", (vec![2], vec![])),
        ] {
            let shift = Shift::between(&read(name), is).expect("it has a number");
            let moved = shift.applied(read(other));
            assert_eq!((moved.seasons, moved.episodes), wanted, "{name} -> {other}: {shift:?}");
        }
        assert_eq!(Shift::between(&read("Kumo.mkv"), part(2, 5)), None, "no number to begin from");
    }

    #[test]
    fn what_is_not_moved_stays_as_it_was_read() {
        for name in ["Kumo S01E05.mkv", "[Grp] Kumo - 17.mkv", "Kumo (2010).mkv", "Kumo 2010.03.04.mkv"] {
            assert_eq!(Shift::default().applied(read(name)), read(name));
        }
        let on = Shift { episodes: -12, ..Shift::default() };
        assert_eq!(on.applied(read("[Grp] Kumo - 17 (1080p).mkv")).absolute, [5.0]);
        let dated = Shift { season: None, seasons: 1, episodes: 3 };
        assert_eq!(dated.applied(read("Kumo 2010.03.04.mkv")), read("Kumo 2010.03.04.mkv"));
        let huge = Shift { season: None, seasons: i32::MAX, episodes: i32::MIN };
        assert_eq!(huge.applied(read("Kumo S01E05.mkv")).seasons, Vec::<u16>::new());
    }
}
