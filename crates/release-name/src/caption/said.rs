//! What one line of a caption says: which fields a line may give, by what kind of line it is.

use super::titles;
use super::values::calendar_year;
use crate::Release;
use crate::draft::Draft;
use crate::fields::Subject;
use crate::finish;
use crate::rules::Rule;
use crate::words::Tag;

/// What a line of technical words says.
pub fn facts(draft: &Draft<'_>) -> Release {
    let mut release = finish::technical(draft);
    if has_choice(draft) {
        release.resolution = None;
    }
    release.only(&[Subject::Pack, Subject::Technical])
}

pub fn technical_of(words: &str) -> Release {
    finish::technical(&Draft::technical(words))
}

/// `480p | 720p | 1080p`: what the channel has of the film, not what this file is.
fn has_choice(draft: &Draft<'_>) -> bool {
    let mut seen = None;
    draft.marks.live().any(|mark| match mark.tag {
        Tag::Resolution(lines, _) => *seen.get_or_insert(lines) != lines,
        _ => false,
    })
}

/// What says nothing of the identity.
pub fn technical(parsed: Release) -> Release {
    parsed.only(&[Subject::Technical])
}

/// What a line without a title says: it counts, and may be technical too.
pub fn numbered(parsed: Release) -> Release {
    Release {
        absolute: Vec::new(),
        special: None,
        ..parsed.only(&[Subject::Number, Subject::Pack, Subject::Technical])
    }
}

/// `หลานม่า (2567)`: a year of another calendar, in brackets, was read as a count.
fn foreign_year(draft: &Draft<'_>, parsed: &Release) -> Option<u16> {
    let mark = draft.marks.live().find(|mark| mark.rule == Rule::Bracketed)?;
    let figures = draft.text.raw(mark.first);
    calendar_year(figures).filter(|_| mark.first == mark.last && !titles::is_latin(&parsed.title))
}

/// Takes back what a caption's line means otherwise than a name. `true`: it begins with a season or an episode.
pub fn without_guesses(draft: &Draft<'_>, parsed: &mut Release) -> bool {
    if has_choice(draft) {
        parsed.resolution = None;
    }
    if let Some(year) = foreign_year(draft, parsed) {
        parsed.absolute.clear();
        parsed.year = parsed.year.or(Some(year));
    }
    let first = draft.marks.at(0).map(|mark| mark.rule);
    matches!(first, Some(Rule::Season | Rule::Episode | Rule::SeasonAndEpisode))
}
