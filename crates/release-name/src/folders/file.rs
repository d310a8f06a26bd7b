//! A file's release while the folders above it are read, the nearest first.

use std::ops::ControlFlow;

use super::compare::{behind, is_abbreviated, is_same, is_track, key, without_article};
use super::kinds::Kind;
use super::names::{count_in, episode_of_season, glued_episode, is_bare, leading_number, leading_range, part_alone};
use crate::caption::titles::is_placeholder;
use crate::draft::Draft;
use crate::fields::fill;
use crate::finish::finish;
use crate::release::kind;
use crate::rules::Rule;
use crate::{Doubt, Release, ReleaseKind};

/// What is known of a file so far.
pub struct FileRelease<'f> {
    file: &'f str,
    release: Release,
    /// The file's own name has a year, and counts nothing.
    is_film: bool,
    /// The file only has its number, and perhaps its own title.
    is_bare: bool,
    /// A folder named something else: above it only the file's own title counts.
    is_elsewhere: bool,
    is_below_season: bool,
    /// A folder agreed with the file's title: "88 (2015)/88.mkv".
    is_named: bool,
    /// What a season's folder is called besides, for when no folder above it has a title.
    fallback: Option<Release>,
}

impl<'f> FileRelease<'f> {
    pub fn new(file: &'f str, draft: &Draft<'_>, release: Release) -> Self {
        // "odcinek 4 - Name", "05. rész": an episode ahead of all.
        let is_numbered = draft.marks.at(0).is_some_and(|m| matches!(m.rule, Rule::Episode | Rule::SeasonAndEpisode));
        let is_film = release.year.is_some() && release.absolute.is_empty() && release.episodes.is_empty();
        // "[Group] 05 [720p]": what stands in brackets ahead of a lone number is the group after all.
        let is_boxed = draft.start.first == 0 && draft.text.bracket(0) != 0 && !release.absolute.is_empty();
        let is_bare = (is_bare(file) || is_numbered) && release.year.is_none() || is_track(file, &release) || is_boxed;
        Self {
            file,
            release,
            is_film,
            is_bare,
            is_elsewhere: false,
            is_below_season: false,
            is_named: false,
            fallback: None,
        }
    }

    /// Takes what a folder says. Breaks when nothing is left open.
    pub fn folder(&mut self, kind: Kind, above: Release) -> ControlFlow<()> {
        match kind {
            Kind::Extras(extra) => {
                self.release.extra = self.release.extra.or(Some(extra));
                // "Film (2010)/Extras/The Making.mkv": the name is the extra's.
                self.is_bare |= !self.is_film && !self.is_counted();
                ControlFlow::Continue(())
            }
            Kind::Season(seasons) => {
                self.season(seasons);
                // "Season 01 [2160p]"
                let Release { resolution, source, .. } = above.clone();
                fill(&mut self.release, Release { resolution, source, ..Release::default() });
                self.is_below_season = true;
                self.fallback.get_or_insert(above);
                ControlFlow::Continue(())
            }
            Kind::Episode => {
                self.episode(above);
                ControlFlow::Continue(())
            }
            Kind::Named => {
                // "1917 (2019)": a number with a year is a title; so is what holds a season, "24/Season 8".
                let is_title = above.year.is_some() && above.title == self.release.title || self.is_below_season;
                if above.title.is_empty() || is_placeholder(&above.title) && !is_title {
                    return ControlFlow::Continue(());
                }
                self.title(self.without_guesses(above))
            }
        }
    }

    fn is_counted(&self) -> bool {
        !self.release.episodes.is_empty() || !self.release.absolute.is_empty()
    }

    /// `The 100/Season 2`: above a season, a bare number is the title's.
    fn without_guesses(&self, above: Release) -> Release {
        let guess = above.readings.iter().find(|reading| reading.doubt == Doubt::NumberInTitle);
        match guess {
            Some(reading) if self.is_below_season && !above.absolute.is_empty() => above.read_as(reading),
            _ => above,
        }
    }

    /// `Season 2/05 - Name.mkv`.
    fn season(&mut self, seasons: Vec<u16>) {
        if !self.release.seasons.is_empty() || self.is_film {
            return;
        }
        if let [season] = seasons[..] {
            self.joint_number(season);
        }
        let release = &mut self.release;
        release.seasons = seasons;
        // "Show/Season 1/Name.mkv": the name is the episode's.
        self.is_bare |= release.episodes.is_empty() && release.absolute.is_empty() && release.year.is_none();
        let part = part_alone(self.file).map(|part| vec![part]);
        // "Season 1/02 Name.mkv"
        if release.episodes.is_empty() && release.special.is_none() {
            let Some(episodes) = leading_episodes(self.file).or_else(|| whole(&release.absolute)).or(part) else {
                return;
            };
            if release.episode_title.is_none() && self.is_bare {
                release.episode_title = Some(std::mem::take(&mut release.title)).filter(|t| !t.is_empty());
            }
            release.absolute.clear();
            release.episodes = episodes;
        }
    }

    /// `Season 5/0507. Name.mkv`, `Season 5/Show 507 Name.mkv`: the number says both.
    fn joint_number(&mut self, season: u16) {
        let release = &mut self.release;
        if !release.episodes.is_empty() || release.date.is_some() || release.special.is_some() {
            return;
        }
        let Some((ahead, episode, behind)) = episode_of_season(self.file, season) else { return };
        let joint = u32::from(season) * 100 + u32::from(episode);
        let is_lines = matches!(joint, 480 | 540 | 576 | 720 | 1080 | 2160);
        if is_lines || release.resolution.as_deref().is_some_and(|r| r.starts_with(&joint.to_string())) {
            return;
        }
        release.absolute.clear();
        release.episodes = vec![episode];
        let (ahead, behind) = (finish(&Draft::read(ahead)).title, finish(&Draft::read(behind)).title);
        release.title = ahead;
        if !is_placeholder(&behind) {
            release.episode_title.get_or_insert(behind);
        }
        self.is_bare |= self.release.title.is_empty();
    }

    /// `S01E05 - The Well/video.mkv`: the folder is the episode's.
    fn episode(&mut self, above: Release) {
        if self.is_counted() || self.is_film {
            return;
        }
        let release = &mut self.release;
        let own = std::mem::take(&mut release.title);
        if !is_placeholder(&own) && release.episode_title.is_none() && above.title.is_empty() {
            release.episode_title = Some(own);
        }
        let numbers =
            if above.episodes.is_empty() { whole(&above.absolute).unwrap_or_default() } else { above.episodes };
        if release.seasons.is_empty() {
            release.seasons = above.seasons;
        }
        release.episodes = numbers;
        release.episode_title = release.episode_title.take().or(above.episode_title);
        if release.episode_title.is_none() && !above.title.is_empty() {
            release.episode_title = Some(above.title);
        }
        self.is_bare = true;
    }

    /// A folder with a title.
    fn title(&mut self, above: Release) -> ControlFlow<()> {
        let release = &mut self.release;
        // "Some Series (1980)/Some Series - A Voyage - Episode 09": the folder knows the year.
        if release.year.is_none()
            && above.year.is_some()
            && !release.episodes.is_empty()
            && key(without_article(&release.title)).starts_with(&key(without_article(&above.title)))
        {
            release.year = above.year;
        }
        let is_pack = above.seasons.len() == 1 && above.episodes.is_empty();
        if is_pack && release.seasons.is_empty() && !self.is_film {
            self.joint_number(above.seasons[0]);
        }
        if let Some(rest) = behind(&self.release, &above).map(str::to_owned) {
            self.series(above, &rest);
            return ControlFlow::Break(());
        }
        let is_same_film = is_same(&self.release.title, &above.title) && !self.is_counted();
        let says_more = !self.is_elsewhere && says_what_it_is(&above) && is_abbreviated(&self.release, &above);
        if is_same_film {
            self.same(above);
        } else if says_more {
            self.abbreviation(above);
        } else if !self.is_elsewhere && (self.is_bare || self.is_named_by(&above)) {
            self.bare(above);
        } else if is_same(&self.release.title, &above.title) {
            self.same(above);
        } else if self.is_elsewhere {
            return ControlFlow::Break(());
        } else {
            self.is_elsewhere = true;
        }
        let is_complete = !self.release.title.is_empty() && !self.release.seasons.is_empty();
        if is_complete { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// The file's own title names nothing, or nothing but an episode of the season that the folder holds.
    fn is_named_by(&self, above: &Release) -> bool {
        let release = &self.release;
        if self.is_named {
            return false;
        }
        let is_pack = !above.seasons.is_empty() && above.episodes.is_empty();
        let says_nothing = release.year.is_none() && release.source.is_none() && release.seasons.is_empty();
        release.title.is_empty()
            || is_placeholder(&release.title)
            || is_pack && says_nothing && !self.is_counted() && release.date.is_none()
    }

    /// `Some Film (2019)/Some Film.mkv`, `Some Series S2/Some Series - 05.mkv`.
    fn same(&mut self, above: Release) {
        // Folders further out name it no more.
        (self.is_bare, self.is_named) = (false, true);
        let words = |title: &str| title.split_whitespace().count();
        if words(&above.title) > words(&self.release.title) {
            self.release.title.clone_from(&above.title);
        }
        self.count_in_season(&above);
        fill(&mut self.release, above);
    }

    /// A number below a folder of one season is that season's episode.
    fn count_in_season(&mut self, above: &Release) {
        let release = &mut self.release;
        let is_season = above.seasons.len() == 1 && above.episodes.is_empty();
        if is_season && release.seasons.is_empty() && release.episodes.is_empty() && release.special.is_none() {
            release.episodes.extend(whole(&release.absolute).unwrap_or_default());
            if !release.episodes.is_empty() {
                release.absolute.clear();
            }
        }
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
        // "Some.Show.S02.1080p-GRP/03.mkv", "Some Show (2010)/01 - The Well.mkv"
        let is_padded = self.file.starts_with('0') && leading_number(self.file).is_some_and(|number| number > 0);
        let may_count = above.year.is_none() || is_padded || !above.seasons.is_empty();
        let is_open = above.episodes.is_empty() && above.absolute.len() != 1 && above.date.is_none();
        let counted = leading_episodes(self.file).filter(|_| may_count && is_open);
        let glued = glued_episode(self.file).filter(|(season, _)| above.seasons == [*season] && is_open);
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
        if release.episodes.is_empty() {
            release.episodes.extend(glued.map(|(_, episode)| episode));
        }
        if release.episodes.is_empty()
            && let Some(counted) = counted
        {
            // "Some Anime (01-12)/05.mkv": one of those.
            release.absolute.clear();
            release.episodes = counted;
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
        // "[Group] 05": what is left of the file is its number.
        let own = release.title.parse().ok().filter(|_| release.title.len() <= 3).map(|episode| vec![episode]);
        if release.episode_title.is_none() && !release.title.is_empty() && !is_placeholder(&release.title) {
            release.episode_title = Some(std::mem::take(&mut release.title));
        }
        release.title.clear();
        if release.episodes.is_empty()
            && release.absolute.is_empty()
            && let Some(episodes) = leading_episodes(self.file).or(own).filter(|_| release.extra.is_none())
        {
            release.episodes = episodes;
            release.episode_title = release.episode_title.take().filter(|t| t.chars().any(char::is_alphabetic));
        }
        if !above.seasons.is_empty() && !release.absolute.is_empty() && release.episodes.is_empty() {
            release.episodes.extend(whole(&release.absolute).unwrap_or_default());
            release.absolute.clear();
        }
        fill(release, above);
    }

    pub fn finish(self) -> Release {
        let Self { mut release, fallback, .. } = self;
        // "Season 2 Some Show/05.mkv", with nothing around it.
        if let Some(fallback) = fallback.filter(|_| release.title.is_empty()) {
            release.title = fallback.title;
        }
        release.kind = kind(&release);
        if release.kind == ReleaseKind::Movie && !release.seasons.is_empty() {
            release.kind = ReleaseKind::Season;
        }
        release
    }
}

/// The folder says enough for a file that says nothing.
fn says_what_it_is(above: &Release) -> bool {
    above.year.is_some()
        || above.source.is_some()
        || above.date.is_some()
        || !above.episodes.is_empty()
        || above.absolute.len() == 1
}

/// The episodes ahead of a file's name.
fn leading_episodes(file: &str) -> Option<Vec<u16>> {
    let range = leading_range(file).map(|(first, last)| (first..=last).collect());
    range.or_else(|| leading_number(file).map(|episode| vec![episode]))
}

/// The numbers, when they are whole ones.
fn whole(absolute: &[f32]) -> Option<Vec<u16>> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an episode's number is small and not negative"
    )]
    let numbers = absolute.iter().filter(|n| n.fract() == 0.0).map(|n| *n as u16).collect::<Vec<_>>();
    (!numbers.is_empty()).then_some(numbers)
}
