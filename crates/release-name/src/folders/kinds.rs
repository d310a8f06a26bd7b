//! What a folder is, beside what its words say: a season, a collection, a disc, a place for extras, or a title.

use crate::draft::Draft;
use crate::rules::Rule;
use crate::words::{self, Class};
use crate::{Extra, Release};

/// What a folder is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `Season 2`, `S02`, `Season 2 (1080p BluRay)`: a season, whatever stands behind.
    Season(Vec<u16>),
    /// `Episode 5`, `S01E05 - The Well`, `05 - The Well`: one episode has a folder of its own.
    Episode,
    /// `Extras`, `Trailers`, `Sample`: what lies beside a film.
    Extras(Extra),
    /// All others may name a title.
    Named,
}

/// What the folder is. `around`: the folder that it lies in.
pub fn of(folder: &str, draft: &Draft<'_>, read: &Release, around: Option<&str>) -> Kind {
    if let Some(extra) = extras(folder) {
        return Kind::Extras(extra);
    }
    if let Some(seasons) = only_season(folder, read) {
        return Kind::Season(seasons);
    }
    let head = draft.marks.at(0).map(|mark| mark.rule).filter(|_| draft.text.bracket(0) == 0);
    match head {
        // "Season 2 - The Long Way", "Season 01 (1080p BluRay x265 GRP)"
        Some(Rule::Season) if read.episodes.is_empty() && !names_series(draft) => Kind::Season(read.seasons.clone()),
        Some(Rule::SeasonAndEpisode | Rule::Episode) => Kind::Episode,
        // "Season 1/05 - The Well/video.mkv"
        Some(Rule::Leading) if around.is_some_and(counts_seasons) && read.year.is_none() => Kind::Episode,
        _ if around.is_some_and(may_be_title) && is_season_number(folder) => {
            Kind::Season(folder.parse().into_iter().collect())
        }
        _ => Kind::Named,
    }
}

/// `S02 Some Series`: a letter says the season, and the title stands right behind.
fn names_series(draft: &Draft<'_>) -> bool {
    let next = draft.marks.at(0).map_or(0, |mark| mark.last + 1);
    let gap = draft.text.gap(next);
    let is_letter =
        draft.text.low(0).starts_with(['s', 't']) && draft.text.low(0).ends_with(|c: char| c.is_ascii_digit());
    is_letter && gap.is_blank() && draft.marks.is_free(next)
}

/// Folders that sort a collection and name nothing: `Movies`, `TV Shows`, `A`.
pub fn is_collection(folder: &str) -> bool {
    let low = folder.to_lowercase();
    words::is(low.trim_end_matches(':'), Class::CollectionFolder)
        || low.chars().count() <= 2 && !low.ends_with(|c: char| c.is_ascii_digit())
        || is_disc_number(folder)
}

/// A folder that may be a title's: it has a letter, and neither sorts nor counts.
fn may_be_title(folder: &str) -> bool {
    !is_collection(folder) && folder.chars().any(char::is_alphabetic) && !counts_seasons(folder)
}

/// `Season 2`, `Specials`.
fn counts_seasons(folder: &str) -> bool {
    let letters = letters(folder);
    [Class::Season, Class::SeasonFolder, Class::SpecialsFolder].into_iter().any(|class| words::is(&letters, class))
}

/// Folders of a DVD or Blu-ray, whatever is inside.
pub fn is_disc(folder: &str) -> bool {
    words::is(&folder.to_ascii_lowercase(), Class::DiscFolder)
}

/// `Disc 1`, `CD2`, `DVD 1`.
pub fn is_disc_number(folder: &str) -> bool {
    let low = folder.to_ascii_lowercase();
    let word = low.trim_end_matches(|c: char| c.is_ascii_digit());
    word.len() < low.len() && words::is(word.trim_end_matches([' ', '.', '_', '-']), Class::NumberedDisc)
}

/// `Extras`, `Deleted Scenes`, `Sample`.
fn extras(folder: &str) -> Option<Extra> {
    let letters = letters(folder);
    let is = |class| words::is(&letters, class);
    if is(Class::SampleFolder) {
        return Some(Extra::Sample);
    }
    is(Class::TrailerFolder).then_some(Extra::Trailer).or(is(Class::ExtrasFolder).then_some(Extra::Bonus))
}

fn letters(folder: &str) -> String {
    folder.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// `2`, `02`: below a title a season.
fn is_season_number(folder: &str) -> bool {
    folder.len() <= 2 && folder.bytes().all(|b| b.is_ascii_digit())
}

/// `Season 2`, `S02`: a folder that is a season and nothing else.
fn only_season(folder: &str, read: &Release) -> Option<Vec<u16>> {
    let letters = letters(folder);
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
    let is_letter = letters.chars().count() == 1;
    if !read.seasons.is_empty() && !is_letter {
        return Some(read.seasons.clone());
    }
    // "2010s" is a decade.
    let digits = folder.split(|c: char| !c.is_ascii_digit()).find(|n| !n.is_empty())?;
    (digits.len() <= 2 || !is_letter).then(|| digits.parse().ok().map(|number| vec![number])).flatten()
}
