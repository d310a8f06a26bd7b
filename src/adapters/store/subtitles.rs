//! Subtitles: which of them belong to what is watched, and how far each is moved.
//!
//! What subtitles belong to is their entry's [`Status::Subtitles`]. They are found by keys that follow from it: a film's is its number, an
//! episode's `title/season/number`, a pack's `title/season/-1`, and that of a file which they stand beside `beside/entry`. A title is never
//! in the catalog for its subtitles alone, so they are no entries of it.

use super::Error;
use super::document::{PACK, part_to_numbers};
use super::face::face;
use crate::domain::catalog::Reach;
use crate::domain::entry::{Entry, EntryId, Status};
use crate::domain::subtitles::Wanted;

face! {
    /// Subtitles beside what is watched.
    Subtitles / SubtitlesBackend {
        /// The visible subtitles of any of what is wanted, unordered.
        async fn of(&self, wanted: &Wanted, reach: &Reach) -> Result<Vec<Entry>, Error>;

        /// By how many milliseconds somebody moved subtitles; 0 when nobody did.
        async fn shift(&self, subtitles: EntryId) -> Result<i64, Error>;

        /// Moves them by so many in all; 0 takes it back. It is kept while the file is gone, too.
        async fn set_shift(&self, subtitles: EntryId, ms: i64) -> Result<(), Error>;
    }
}

/// The keys that subtitles of a status are found by; none for any other.
pub(super) fn keys(status: &Status) -> Vec<String> {
    let Status::Subtitles { title, parts, beside, .. } = status else { return Vec::new() };
    let mut keys: Vec<String> = beside.iter().map(|film| beside_key(*film)).collect();
    if let Some(title) = title {
        keys.extend(parts.iter().map(|part| {
            let (season, number) = part_to_numbers(*part);
            format!("{}/{season}/{number}", title.0)
        }));
        if parts.is_empty() {
            keys.push(title.0.to_string());
        }
    }
    keys
}

/// The keys of what is wanted. `title`: its number now.
pub(super) fn wanted_keys(title: Option<i64>, wanted: &Wanted) -> Vec<String> {
    let mut keys: Vec<String> = wanted.beside.iter().map(|film| beside_key(*film)).collect();
    match (title, wanted.episode) {
        (Some(title), Some((season, number))) => {
            keys.extend([format!("{title}/{season}/{number}"), format!("{title}/{season}/{PACK}")]);
        }
        (Some(title), None) => keys.push(title.to_string()),
        (None, _) => {}
    }
    keys
}

fn beside_key(film: EntryId) -> String {
    format!("beside/{film}")
}

/// Keys of a title's parts lie from the first to before the second: `17/`, and `170` with the sign behind the slash in place of it.
pub(super) fn keys_of_parts(title: i64) -> (String, String) {
    (format!("{title}/"), format!("{title}0"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entry::SeriesPart;
    use crate::domain::title::TitleId;

    #[test]
    fn what_is_wanted_meets_what_is_there() {
        let film = EntryId::from_bytes([7; 12]);
        let status =
            |title, parts: &[SeriesPart], beside| Status::Subtitles { title, parts: parts.to_vec(), beside, how: None };
        let (title, two) = (Some(TitleId(17)), SeriesPart::Episode { season: 1, number: 2 });
        let wanted =
            |episode, beside: &[EntryId]| wanted_keys(Some(17), &Wanted { title, episode, beside: beside.to_vec() });
        let meets = |status: &Status, wanted: &[String]| keys(status).iter().any(|key| wanted.contains(key));
        assert!(meets(&status(title, &[], None), &wanted(None, &[])));
        assert!(!meets(&status(title, &[], None), &wanted(Some((1, 2)), &[])));
        assert!(meets(&status(title, &[two], None), &wanted(Some((1, 2)), &[])));
        assert!(!meets(&status(title, &[two], None), &wanted(Some((1, 20)), &[])));
        assert!(meets(&status(title, &[SeriesPart::Season { season: 1 }], None), &wanted(Some((1, 9)), &[])));
        assert!(meets(&status(None, &[], Some(film)), &wanted(None, &[film])));
        assert!(!meets(&status(None, &[], Some(film)), &wanted(None, &[])));
        assert_eq!(keys(&Status::Volume), Vec::<String>::new());
    }

    #[test]
    fn the_keys_of_a_titles_parts_lie_together() {
        let (first, behind) = keys_of_parts(17);
        let is_in = |key: &str| first.as_str() <= key && key < behind.as_str();
        assert!(
            is_in("17/1/2")
                && is_in("17/0/-1")
                && !is_in("17")
                && !is_in("170")
                && !is_in("170/1/1")
                && !is_in("18/1/1")
        );
    }
}
