//! What the name of a folder or of a bare file is, beside what its words say.

use crate::Release;
use crate::words::{self, Class};

/// Folders that sort a collection and name nothing: `Movies`, `TV Shows`, `A`.
pub fn is_collection(folder: &str) -> bool {
    let low = folder.to_lowercase();
    words::is(low.trim_end_matches(':'), Class::CollectionFolder)
        || low.chars().count() <= 2 && !low.ends_with(|c: char| c.is_ascii_digit())
}

/// Folders of a DVD or Blu-ray, whatever is inside.
pub fn is_disc(folder: &str) -> bool {
    words::is(&folder.to_ascii_lowercase(), Class::DiscFolder)
}

/// `Season 2`, `S02`: a folder that is a season and nothing else.
pub fn only_season(folder: &str, read: &Release) -> Option<Vec<u16>> {
    let letters: String = folder.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if words::is(&letters, Class::SpecialsFolder) {
        return Some(vec![0]);
    }
    // "第2季", "Season 01 [2160p]"
    let is_season = !read.seasons.is_empty() && read.episodes.is_empty() && read.title.is_empty();
    if is_season && read.group.is_none() && read.year.is_none() {
        return Some(read.seasons.clone());
    }
    if !words::is(&letters, Class::Season) && !words::is(&letters, Class::SeasonFolder) {
        return None;
    }
    if !read.seasons.is_empty() && letters != "s" {
        return Some(read.seasons.clone());
    }
    // "2010s" is a decade.
    let digits = folder.split(|c: char| !c.is_ascii_digit()).find(|n| !n.is_empty())?;
    (digits.len() <= 2 || letters != "s").then(|| digits.parse().ok().map(|number| vec![number])).flatten()
}

/// A file that starts with its episode: `E01 - Name`, `02 Name`, `S01E02`.
pub fn is_bare(file: &str) -> bool {
    let low = file.to_ascii_lowercase();
    let rest =
        low.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, 's' | 'e' | 'p' | 'x' | '.' | '-' | ' '));
    let head = &low[..low.len() - rest.len()];
    head.starts_with(|c: char| c.is_ascii_digit()) && leading_number(file).is_some()
        || head.chars().any(|c| c.is_ascii_digit()) && head.starts_with(['s', 'e']) && head.contains('e')
}

/// `02 Name`, `2 Name`: the number ahead.
pub fn leading_number(file: &str) -> Option<u16> {
    figures_ahead(file).filter(|(_, width)| *width <= 3).map(|(number, _)| number)
}

/// `0507. Name`, `507 - Name`: season and episode in one number ahead.
pub fn season_and_episode(file: &str) -> Option<u16> {
    figures_ahead(file).filter(|(_, width)| matches!(width, 3 | 4)).map(|(number, _)| number)
}

/// The number ahead of a name, parted from it, and its figures.
fn figures_ahead(file: &str) -> Option<(u16, usize)> {
    let width = file.bytes().take_while(u8::is_ascii_digit).count();
    let is_parted = width > 0 && file[width..].starts_with([' ', '.', '-', '_']);
    is_parted.then(|| file[..width].parse().ok()).flatten().map(|number| (number, width))
}

/// ` (Minisodes) 01 Good Cop`: a padded number somewhere in front.
pub fn count_in(rest: &str) -> Option<u16> {
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(2);
    words.find(|w| w.len() == 2 && w.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}
