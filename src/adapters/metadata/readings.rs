//! The second readings of a name, once the first has found nothing. What a second reading finds has to be proved by more than
//! its name being near: it is the same name, in the very year if one is said, and a series has the episode.
//!
//! ```text
//! Space 1999 S01E07   "Space 1999" is nobody's -> the series Space of 1999, if it is there
//! Kumo 13             no such film             -> the series Kumo, if it has a thirteenth episode
//! Salt.Road.1015      it has no tenth season   -> its episode 1015
//! ```

use super::{Error, Identified, Metadata};
use crate::domain::entry::SeriesPart;
use crate::domain::matching::{self, How, NameFit, Scored, Step, Suggestion, Verdict, YearFit, fold};
use crate::domain::series_parts::series_parts;
use crate::domain::title::{Kind, Title};
use release_name::{Doubt, Reading, Release, ReleaseKind};

/// So many questions are asked for second readings: one search each, and one title when it finds something.
const QUESTIONS: usize = 4;
/// TMDB's popularity of 10: below it, "Clip 3.mp4" is somebody's clip and not the third episode of a series named so.
const WELL_KNOWN: u64 = 10_000;
/// So many episodes may be newer than what the provider lists.
const NEWER: usize = 50;

impl Metadata {
    /// The first of the second readings that is proved. With `rivals`, it has to be one of them: the first reading fitted
    /// several, and the second may choose among them, not bring another.
    pub(super) async fn reread(
        &self,
        release: &Release,
        rivals: Option<&[Suggestion]>,
    ) -> Result<Option<Identified>, Error> {
        let mut asked = vec![question(release)];
        for reading in release.readings.iter().filter(|r| is_of_this_file(r, release)) {
            // Other titles belong to the first reading.
            let read = Release { alternative_titles: Vec::new(), ..release.read_as(reading) };
            let question = question(&read);
            if question.1.is_empty() || asked.contains(&question) {
                continue;
            }
            if asked.len() > QUESTIONS {
                break;
            }
            asked.push(question);
            let offered = self.search(matching::kind_of(&read), read.title.trim(), read.year).await?;
            let Verdict::Match(chosen) = matching::best(&read, &offered) else { continue };
            let is_rival = rivals.is_none_or(|rivals| rivals.iter().any(|rival| rival.ids == chosen.candidate.ids));
            if !is_rival || !is_likely(reading, &read, &chosen) {
                continue;
            }
            if let Some(title) = self.open(chosen.candidate).await?
                && has_its_numbers(reading, &read, &title)
            {
                let how = How { step: Step::Reading, why: format!("{}: {chosen}", reading.doubt.text()) };
                let (title, reading) = (Box::new(title), Some(reading.clone()));
                return Ok(Some(Identified::Match { title, reading, how, anime: None }));
            }
        }
        Ok(None)
    }
}

/// Which reading of the numbers the title bears out: the first (`None`), unless the provider denies it and has those of
/// another one.
pub(super) fn of_numbers(release: &Release, title: &Title) -> Option<Reading> {
    if title.kind != Kind::Series || is_listed(&series_parts(release, title), title) || !is_denied(release, title) {
        return None;
    }
    let same = |reading: &&Reading| fold(&reading.title) == fold(&release.title);
    release
        .readings
        .iter()
        .filter(same)
        .find(|reading| is_listed(&series_parts(&release.read_as(reading), title), title))
        .cloned()
}

/// What would be asked for a release.
fn question(release: &Release) -> (Kind, String, Option<u16>) {
    (matching::kind_of(release), fold(&release.title), release.year)
}

/// A caption that gives the file another year or episode than its name does is another file's.
fn is_of_this_file(reading: &Reading, release: &Release) -> bool {
    fn agree<T: PartialEq>(a: &[T], b: &[T]) -> bool {
        a.is_empty() || b.is_empty() || a == b
    }
    reading.doubt != Doubt::CaptionSays
        || (release.year.zip(reading.year).is_none_or(|(a, b)| a.abs_diff(b) <= 1)
            && agree(&release.seasons, &reading.seasons)
            && agree(&release.episodes, &reading.episodes)
            && agree(&release.absolute, &reading.absolute)
            && release.date.as_ref().zip(reading.date.as_ref()).is_none_or(|(a, b)| a == b))
}

fn is_likely(reading: &Reading, read: &Release, chosen: &Scored<'_>) -> bool {
    let is_its_name = matches!(chosen.name, NameFit::Same | NameFit::Writing | NameFit::Article);
    let is_its_year = match chosen.year {
        YearFit::Exact => true,
        YearFit::NotSaid => reading.doubt != Doubt::CaptionSays || chosen.candidate.kind == Kind::Series,
        YearFit::OneOff | YearFit::Unknown | YearFit::Later | YearFit::Wrong => false,
    };
    // Nothing but a word and a number.
    let is_bare = !read.title.trim().contains(char::is_whitespace)
        && read.resolution.is_none()
        && read.source.is_none()
        && read.video_codec.is_none()
        && read.group.is_none();
    let is_clip = reading.doubt == Doubt::TitleIsNumber && is_bare && chosen.candidate.popularity < WELL_KNOWN;
    is_its_name && is_its_year && !is_clip
}

/// A series has to hold what the reading says; where the reading is about the numbers, or is the caption's alone, the provider
/// has to list them.
fn has_its_numbers(reading: &Reading, read: &Release, title: &Title) -> bool {
    if title.kind == Kind::Movie {
        return true;
    }
    let parts = series_parts(read, title);
    match reading.doubt {
        Doubt::YearInTitle | Doubt::TitleIsYear | Doubt::TagInTitle => !parts.is_empty(),
        Doubt::NumberInTitle
        | Doubt::TitleIsNumber
        | Doubt::NumberTogether
        | Doubt::DayAndMonth
        | Doubt::CaptionSays => is_listed(&parts, title),
    }
}

fn is_listed(parts: &[SeriesPart], title: &Title) -> bool {
    !parts.is_empty()
        && parts.iter().all(|part| {
            title.episodes.iter().any(|e| match *part {
                SeriesPart::Episode { season, number } => (e.season, e.number) == (season, number),
                SeriesPart::Season { season } => e.season == season,
            })
        })
}

/// The provider's list goes far enough to say that there is no such episode: it is not merely newer than the list.
fn is_denied(release: &Release, title: &Title) -> bool {
    let regular = || title.episodes.iter().filter(|e| e.season > 0);
    if regular().next().is_none() {
        return false;
    }
    if let (Some(&season), false) = (release.seasons.first(), release.episodes.is_empty()) {
        let newest = regular().map(|e| e.season).max().unwrap_or_default();
        return season != newest + 1 && regular().all(|e| e.season != season);
    }
    if let Some(date) = release.date.as_deref() {
        return regular().any(|e| e.aired.as_deref().is_some_and(|aired| aired > date));
    }
    release.kind == ReleaseKind::Anime && release.absolute.iter().all(|n| *n > (regular().count() + NEWER) as f32)
}
