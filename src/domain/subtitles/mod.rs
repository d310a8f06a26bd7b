//! Files of subtitles: an entry like any other, which stands beside a film instead of being played. What they belong to is
//! [`Status::Subtitles`]. What stands inside a film is `inside`.

mod inside;
mod variety;

use release_name::Release;

pub use inside::{About, about, fonts, text_tracks};
pub use variety::{named, variety};

use super::entry::{Entry, EntryId, Lines, Probe, Status};
use super::title::TitleId;

/// What a file's name says that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines that every player shows, once they were read and written anew.
    Text,
    /// Drawn letters (VobSub's `.idx`, PGS): they are handed on as they are.
    Pictures,
}

/// Endings of files that hold subtitles. `.sub` is MicroDVD's text or VobSub's pictures: only its bytes tell.
const TEXT: [&str; 5] = ["srt", "vtt", "ass", "ssa", "sub"];
const PICTURES: [&str; 2] = ["idx", "sup"];

/// Bytes of subtitles that are read. Whoever posts more under such a name posts something else.
pub const MAX_BYTES: u64 = 16 << 20;

/// Which reader of them this is, where it is kept what it found.
pub const READER: u16 = 1;

/// `None` for names of anything else.
pub fn form(name: &str) -> Option<Form> {
    let (_, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let is_one_of = |endings: &[&str]| endings.contains(&ending.as_str());
    if is_one_of(&TEXT) { Some(Form::Text) } else { is_one_of(&PICTURES).then_some(Form::Pictures) }
}

/// The same of a file that somebody may have looked into: the bytes say it better.
pub fn form_of(entry: &Entry) -> Option<Form> {
    match lines(entry) {
        Some(lines) if lines.pictures => Some(Form::Pictures),
        Some(_) | None => form(&entry.name),
    }
}

/// What the bytes of a file of subtitles told.
pub fn lines(entry: &Entry) -> Option<&Lines> {
    entry.probe.as_ref().and_then(Probe::lines)
}

/// The language of the lines, ISO 639-1: what the name says of its subtitles, else what they are written in, else what the name says of
/// the film.
pub fn language(entry: &Entry) -> Option<&str> {
    let Release { subtitles, languages, .. } = &entry.release;
    let written = lines(entry).and_then(|lines| lines.language.as_ref());
    subtitles.first().or(written).or(languages.first()).map(String::as_str)
}

/// Whether the bytes of a file would tell what its name leaves open: which of the two a `.sub` is, and a language.
pub fn is_untold(entry: &Entry) -> bool {
    let is_sub = entry.name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("sub"));
    let is_open = is_sub || entry.release.subtitles.is_empty();
    form(&entry.name) == Some(Form::Text) && entry.probe.is_none() && is_open
}

/// What a question about subtitles names: subtitles of any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub title: Option<TitleId>,
    /// Season and number, of a series.
    pub episode: Option<(u16, u16)>,
    /// Files that they stand beside.
    pub beside: Vec<EntryId>,
}

/// The file that is played.
#[derive(Clone, Copy, Debug)]
pub struct Film<'a> {
    /// `None` for one that is not ours.
    pub entry: Option<EntryId>,
    pub name: &'a str,
    pub release: &'a Release,
}

/// How well subtitles fit a file, to sort by: the more the better. A release's own lines are in time with it; those of another source
/// (a film for cinemas, one for television) often are not.
pub fn fitness(subtitles: &Entry, film: &Film<'_>) -> u32 {
    let (ours, theirs) = (&subtitles.release, film.release);
    let beside = match subtitles.status {
        Status::Subtitles { beside, .. } => beside,
        _ => None,
    };
    let same = |ours: &Option<String>, theirs: &Option<String>| {
        ours.as_deref().zip(theirs.as_deref()).is_some_and(|(ours, theirs)| ours.eq_ignore_ascii_case(theirs))
    };
    let mut fitness = 0;
    fitness += 32 * u32::from(beside.is_some() && beside == film.entry);
    fitness += 16 * u32::from(is_named_after(&subtitles.name, film.name));
    fitness += 8 * u32::from(same(&ours.group, &theirs.group));
    fitness += 4 * u32::from(!ours.edition.is_empty() && ours.edition == theirs.edition);
    fitness += 2 * u32::from(same(&ours.source, &theirs.source));
    fitness += u32::from(same(&ours.resolution, &theirs.resolution));
    fitness
}

/// `Film.2023.GRP.mkv` and `Film.2023.GRP.en.srt`.
fn is_named_after(subtitles: &str, film: &str) -> bool {
    let Some((stem, _)) = film.rsplit_once('.') else { return false };
    let head = subtitles.get(..stem.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(stem)) && subtitles[stem.len()..].starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtitles_are_known_by_their_ending() {
        for (name, wanted) in [
            ("Film.2023.en.srt", Some(Form::Text)),
            ("English [SDH].SRT", Some(Form::Text)),
            ("Film.sub", Some(Form::Text)),
            ("Film.idx", Some(Form::Pictures)),
            ("Film.sup", Some(Form::Pictures)),
            ("Film.srt.mkv", None),
            ("srt", None),
            ("Film.srt.zip", None),
        ] {
            assert_eq!(form(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_name_behind_the_films_is_its_own() {
        for (subtitles, film, wanted) in [
            ("Film.2023.GRP.en.srt", "Film.2023.GRP.mkv", true),
            ("film.2023.grp.srt", "Film.2023.GRP.mkv", true),
            ("Film.2023.GRP2.srt", "Film.2023.GRP.mkv", false),
            ("Film.srt", "Film.2023.mkv", false),
            ("é.srt", "aa.mkv", false),
            ("x.srt", "x", false),
        ] {
            assert_eq!(is_named_after(subtitles, film), wanted, "{subtitles} {film}");
        }
    }
}
