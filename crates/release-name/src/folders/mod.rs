//! Names with folders: `Show/Season 2/05 - Title.mkv`.
//!
//! The file's own name is read first. Folders above it, the nearest first, give what it leaves open: the season, the
//! title of a bare `E05`, or everything when the file is an abbreviation of a folder that says it all.

mod names;
mod paths;

use std::ops::ControlFlow;

use super::caption::titles::is_placeholder;
use super::draft::Draft;
use super::ending;
use super::evidence::{Log, Place};
use super::fields::fill;
use super::finish::finish;
use super::release::kind;
use super::rules::Rule;
use super::{Release, ReleaseKind};
use names::{count_in, is_bare, is_collection, leading_number, only_season, season_and_episode};

/// No name has more folders that speak of it.
const MOST_FOLDERS: usize = 4;

/// Reads a name that may hold folders, and the folders that it lies in. `place` is the name's.
pub fn read(path: &str, place: Place<'_>, folder: &str, log: &mut Log) -> Release {
    let (mut folders, mut file) = paths::split(path, place, folder);
    // "Film (1942)/VIDEO_TS/VTS_01_1.VOB": the files of a disc are named all alike; the disc's folder is its name.
    let container = ending::split(file.text).container;
    if let Some(disc) = folders.iter().position(|part| names::is_disc(part.text)) {
        folders.truncate(disc);
        file = folders.pop().unwrap_or(file);
    }
    let draft = Draft::read(file.text);
    let mut release = finish(&draft);
    log.draft(&draft, &release, file.place);
    release.container = release.container.or_else(|| container.map(str::to_owned));
    if folders.is_empty() {
        return release;
    }
    let mut reading = FileRelease::new(file.text, &draft, release);
    for part in folders.iter().rev().take(MOST_FOLDERS).filter(|part| !is_collection(part.text)) {
        let draft = Draft::read(part.text);
        let above = finish(&draft);
        log.draft(&draft, &above, part.place);
        if reading.folder(part.text, above).is_break() {
            break;
        }
    }
    reading.finish()
}

/// A file's release while the folders above it are read.
struct FileRelease<'f> {
    file: &'f str,
    release: Release,
    /// The file's own name has a year.
    is_film: bool,
    /// The file only has its number, and perhaps its own title.
    is_bare: bool,
    /// A folder named something else: above it only the file's own title counts.
    is_elsewhere: bool,
    is_below_season: bool,
}

impl<'f> FileRelease<'f> {
    fn new(file: &'f str, draft: &Draft<'_>, release: Release) -> Self {
        // "odcinek 4 - Name", "05. rész": an episode ahead of all.
        let is_numbered = draft.marks.at(0).is_some_and(|m| matches!(m.rule, Rule::Episode | Rule::SeasonAndEpisode));
        let is_film = release.year.is_some();
        let is_bare = (is_bare(file) || is_numbered) && !is_film || is_track(file, &release);
        Self { file, release, is_film, is_bare, is_elsewhere: false, is_below_season: false }
    }

    /// Takes what a folder says. Breaks when nothing is left open.
    fn folder(&mut self, name: &str, above: Release) -> ControlFlow<()> {
        if let Some(season) = only_season(name, &above) {
            self.season(season);
            // "Season 01 [2160p]"
            let Release { resolution, source, .. } = above;
            fill(&mut self.release, Release { resolution, source, ..Release::default() });
            self.is_below_season = true;
            return ControlFlow::Continue(());
        }
        // "1917 (2019)": a number with a year is a title; so is what holds a season, "24/Season 8".
        let is_number = above.year.is_some() || name.bytes().all(|b| b.is_ascii_digit());
        let is_title = above.year.is_some() && above.title == self.release.title || self.is_below_season && is_number;
        if above.title.is_empty() || is_placeholder(&above.title) && !is_title {
            return ControlFlow::Continue(());
        }
        self.title(above)
    }

    /// `Season 2/05 - Name.mkv`.
    fn season(&mut self, seasons: Vec<u16>) {
        if !self.release.seasons.is_empty() || self.is_film {
            return;
        }
        self.joint_number(&seasons);
        let release = &mut self.release;
        release.seasons = seasons;
        // "Show/Season 1/Name.mkv": the name is the episode's.
        self.is_bare |= release.episodes.is_empty() && release.absolute.is_empty() && release.year.is_none();
        // "Season 1/02 Name.mkv"
        if release.episodes.is_empty()
            && let Some(episode) = leading_number(self.file).or_else(|| whole(&release.absolute))
        {
            if release.episode_title.is_none() && self.is_bare {
                release.episode_title = Some(std::mem::take(&mut release.title)).filter(|t| !t.is_empty());
            }
            release.absolute.clear();
            release.episodes = vec![episode];
        }
    }

    /// `Season 5/0507. Name.mkv`: the number says both.
    fn joint_number(&mut self, seasons: &[u16]) {
        let [season] = *seasons else { return };
        let number = season_and_episode(self.file).filter(|number| season > 0 && number / 100 == season);
        let Some(number) = number else { return };
        self.release.absolute.clear();
        self.release.episodes = vec![number % 100];
        let title = std::mem::take(&mut self.release.title);
        if !is_placeholder(&title) {
            self.release.episode_title.get_or_insert(title);
        }
    }

    /// A folder with a title.
    fn title(&mut self, above: Release) -> ControlFlow<()> {
        let release = &mut self.release;
        // "Some Series (1980)/Some Series - A Voyage - Episode 09": the folder knows the year.
        if release.year.is_none()
            && above.year.is_some()
            && !release.episodes.is_empty()
            && key(&release.title).starts_with(&key(&above.title))
        {
            release.year = above.year;
        }
        if let Some(rest) = behind(release, &above).map(str::to_owned) {
            self.series(above, &rest);
            return ControlFlow::Break(());
        }
        let says_more = !self.is_elsewhere
            && (above.year.is_some() || above.source.is_some() || !above.episodes.is_empty())
            && is_abbreviated(&self.release, &above);
        if says_more {
            self.abbreviation(above);
        } else if !self.is_elsewhere && (self.is_bare || self.release.title.is_empty()) {
            self.bare(above);
        } else if is_same(&self.release.title, &above.title) {
            fill(&mut self.release, above);
        } else if self.is_elsewhere {
            return ControlFlow::Break(());
        } else {
            self.is_elsewhere = true;
        }
        let is_complete = !self.release.title.is_empty() && !self.release.seasons.is_empty();
        if is_complete { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// `Show Season 3/Show - Name.mkv`: behind the folder's title stands the episode's own.
    fn series(&mut self, above: Release, rest: &str) {
        let release = &mut self.release;
        release.title.clone_from(&above.title);
        if release.episodes.is_empty() && release.absolute.is_empty() {
            let own = finish(&Draft::read(rest));
            release.episodes.extend(count_in(rest));
            if release.episode_title.is_none() && !own.title.is_empty() {
                release.episode_title = Some(own.title);
            }
        }
        fill(release, above);
    }

    /// `Some.Film.2019.1080p-GRP/grp-sf.mkv`: the folder says it all, the file only which of its parts it is.
    fn abbreviation(&mut self, above: Release) {
        let counted = leading_number(self.file).filter(|_| !above.seasons.is_empty() && above.episodes.is_empty());
        let mut file = std::mem::replace(&mut self.release, above);
        let release = &mut self.release;
        let episodes = std::mem::take(&mut file.episodes);
        let seasons = std::mem::take(&mut file.seasons);
        if !episodes.is_empty() {
            if !seasons.is_empty() {
                release.seasons = seasons;
            }
            release.episodes = episodes;
        }
        // "Some.Show.S02.1080p-GRP/03.mkv"
        if release.episodes.is_empty() {
            release.episodes.extend(counted);
        }
        release.container.clone_from(&file.container);
        let own = Release {
            title: String::new(),
            title_part: None,
            episode_title: None,
            group: None,
            absolute: Vec::new(),
            ..file
        };
        fill(release, own);
    }

    /// `Show/E05 - Name.mkv`: the file only has its number and perhaps its own title.
    fn bare(&mut self, above: Release) {
        let release = &mut self.release;
        if release.episode_title.is_none() && !release.title.is_empty() {
            release.episode_title = Some(std::mem::take(&mut release.title));
        }
        release.title.clear();
        if release.episodes.is_empty()
            && release.absolute.is_empty()
            && let Some(episode) = leading_number(self.file)
        {
            release.episodes = vec![episode];
            release.episode_title = release.episode_title.take().filter(|t| t.chars().any(char::is_alphabetic));
        }
        if !above.seasons.is_empty() && !release.absolute.is_empty() && release.episodes.is_empty() {
            release.episodes.extend(whole(&release.absolute));
            release.absolute.clear();
        }
        fill(release, above);
    }

    fn finish(self) -> Release {
        let mut release = self.release;
        release.kind = kind(&release);
        if release.kind == ReleaseKind::Movie && !release.seasons.is_empty() {
            release.kind = ReleaseKind::Season;
        }
        release
    }
}

/// What follows the folder's title in the file's, when the folder names a series: `Show S3` over `Show - Name`.
fn behind<'r>(release: &'r Release, above: &Release) -> Option<&'r str> {
    let is_series = !above.seasons.is_empty() || !above.title.is_empty() && above.year.is_none();
    let rest = release.title.strip_prefix(above.title.as_str())?;
    let parted = rest.starts_with(" - ")
        || rest.starts_with(" (")
        || rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    (is_series
        && !above.title.is_empty()
        && above.episodes.is_empty()
        && (!above.seasons.is_empty() && rest.starts_with(" - ") || parted && count_in(rest).is_some())
        && release.year.is_none()
        && release.seasons.is_empty())
    .then_some(rest)
}

/// `34_tam.srt`, `Thai.srt`: a subtitle's file beside the film that its folder names.
fn is_track(file: &str, read: &Release) -> bool {
    let is_subtitle = ending::split(file).container.is_some_and(ending::is_subtitle);
    is_subtitle && (read.title.is_empty() || is_placeholder(&read.title))
}

/// The file's name is a scramble or an abbreviation: it lacks what the folder has and names something else.
fn is_abbreviated(file: &Release, folder: &Release) -> bool {
    if is_same(&file.title, &folder.title) {
        return false;
    }
    // "arw-repack-film.dvdrip.xvid": the scene's short name of what the folder writes out.
    let short = !file.title.contains(' ')
        && file.title.contains('-')
        && !file.title.chars().any(char::is_uppercase)
        && folder.group.is_some()
        && file.year.is_none()
        && file.episodes.is_empty();
    if short {
        return true;
    }
    let poorer = file.year.is_none()
        && (file.source.is_none() || folder.source.is_some())
        && (file.episodes.is_empty() || !folder.seasons.is_empty());
    poorer
        && (file.source.is_none() || file.title.is_empty() || is_placeholder(&file.title))
        && (file.episodes.is_empty() || folder.episodes.is_empty() || file.episodes == folder.episodes)
}

/// The first number, when it is a whole one.
fn whole(absolute: &[f32]) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an episode's number is small and not negative"
    )]
    absolute.first().filter(|n| n.fract() == 0.0).map(|n| *n as u16)
}

/// Letters and figures alone, in lower case.
fn key(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_same(a: &str, b: &str) -> bool {
    key(a) == key(b)
}
