//! Names with folders: `Show/Season 2/05 - Title.mkv`. In a name, `/` or `\` with spaces round it or inside brackets is
//! text, otherwise it parts folders.
//!
//! The file's own name is read first. Folders above it, the nearest first, give what it leaves open: the season, the
//! title of a bare `E05`, or everything when the file is an abbreviation of a folder that says it all.

use super::caption::is_useless;
use super::counting::is_season_word;
use super::fields::fill;
use super::rules::Rule;
use super::{Release, ReleaseKind, kind, line};

/// Reads a name that may hold folders.
pub fn read(path: &str, folder: &str) -> Release {
    let mut parts = parts(path);
    let mut file = parts.pop().unwrap_or(path);
    parts.splice(0..0, shelves(folder));
    // "Film (1942)/VIDEO_TS/VTS_01_1.VOB": the files of a disc are named all alike; the disc's folder is its name.
    let container = super::container::split(file).container;
    if let Some(disc) = parts.iter().position(|part| is_disc(part)) {
        parts.truncate(disc);
        file = parts.pop().unwrap_or(file);
    }
    let (mut release, anatomy) = line::dissect(file);
    release.container = release.container.or(container);
    if parts.is_empty() {
        return release;
    }
    parts.reverse();
    // "odcinek 4 - Name", "05. rész": an episode ahead of all.
    let is_numbered = anatomy
        .is_some_and(|a| a.marks.at(0).is_some_and(|m| matches!(m.rule, Rule::Episode | Rule::SeasonAndEpisode)));
    let is_film = release.year.is_some();
    let mut bare = (is_bare(file) || is_numbered) && !is_film || is_track(file, &release);
    // A folder that names something else is a shelf; above it only the file's own title counts.
    let mut is_elsewhere = false;
    let mut is_below_season = false;
    for folder in parts.iter().take(4).filter(|f| !is_shelf(f)) {
        let above = line::read(folder);
        if let Some(season) = only_season(folder, &above) {
            if release.seasons.is_empty() && !is_film {
                // "Season 5/0507. Name": the number says both.
                if let [season] = season[..]
                    && season > 0
                    && let Some(number) = together(file).filter(|number| number / 100 == season)
                {
                    release.absolute.clear();
                    release.episodes = vec![number % 100];
                    if let Some(title) = Some(std::mem::take(&mut release.title)).filter(|t| !is_useless(t)) {
                        release.episode_title.get_or_insert(title);
                    }
                }
                release.seasons = season;
                // "Show/Season 1/Name.mkv": the name is the episode's.
                bare |= release.episodes.is_empty() && release.absolute.is_empty() && release.year.is_none();
                // "Season 1/02 Name.mkv"
                if release.episodes.is_empty()
                    && let Some(episode) = counted(file).or_else(|| whole(&release.absolute))
                {
                    if release.episode_title.is_none() && bare {
                        release.episode_title = Some(std::mem::take(&mut release.title)).filter(|t| !t.is_empty());
                    }
                    release.absolute.clear();
                    release.episodes = vec![episode];
                }
            }
            // "Season 01 [2160p]"
            let Release { resolution, source, .. } = above;
            fill(&mut release, Release { resolution, source, ..Release::default() });
            is_below_season = true;
            continue;
        }
        // "1917 (2019)": a number with a year is a title; so is what holds a season, "24/Season 8".
        let is_number = above.year.is_some() || folder.bytes().all(|b| b.is_ascii_digit());
        let names = above.year.is_some() && above.title == release.title || is_below_season && is_number;
        if above.title.is_empty() || is_useless(&above.title) && !names {
            continue;
        }
        // "Some Series (1980)/Some Series - A Voyage - Episode 09": the folder knows the year.
        if release.year.is_none()
            && above.year.is_some()
            && !release.episodes.is_empty()
            && key(&release.title).starts_with(&key(&above.title))
        {
            release.year = above.year;
        }
        if let Some(rest) = behind(&release, &above).map(str::to_owned) {
            // "Show Season 3/Show - Name.mkv": behind the folder's title stands the episode's own.
            release.title = above.title.clone();
            if release.episodes.is_empty() && release.absolute.is_empty() {
                let own = line::read(&rest);
                release.episodes.extend(count_in(&rest));
                if release.episode_title.is_none() && !own.title.is_empty() {
                    release.episode_title = Some(own.title);
                }
            }
            fill(&mut release, Release { seasons: above.seasons.clone(), ..above });
            break;
        }
        let says_more = !is_elsewhere
            && (above.year.is_some() || above.source.is_some() || !above.episodes.is_empty())
            && is_abbreviated(&release, &above);
        if says_more {
            let numbers = (std::mem::take(&mut release.seasons), std::mem::take(&mut release.episodes));
            let counted = counted(file).filter(|_| !above.seasons.is_empty() && above.episodes.is_empty());
            let file = std::mem::replace(&mut release, above);
            if !numbers.1.is_empty() {
                (release.seasons, release.episodes) =
                    (if numbers.0.is_empty() { std::mem::take(&mut release.seasons) } else { numbers.0 }, numbers.1);
            }
            // "Some.Show.S02.1080p-GRP/03.mkv"
            if release.episodes.is_empty() {
                release.episodes.extend(counted);
            }
            release.container = file.container.clone();
            fill(
                &mut release,
                Release {
                    title: String::new(),
                    title_part: None,
                    episode_title: None,
                    group: None,
                    absolute: Vec::new(),
                    ..file
                },
            );
        } else if !is_elsewhere && (bare || release.title.is_empty()) {
            // The file only has its number and perhaps its own title.
            if release.episode_title.is_none() && !release.title.is_empty() {
                release.episode_title = Some(std::mem::take(&mut release.title));
            }
            release.title.clear();
            if release.episodes.is_empty()
                && release.absolute.is_empty()
                && let Some(episode) = counted(file)
            {
                release.episodes = vec![episode];
                release.episode_title = release.episode_title.filter(|t| t.chars().any(char::is_alphabetic));
            }
            if !above.seasons.is_empty() && !release.absolute.is_empty() && release.episodes.is_empty() {
                release.episodes.extend(whole(&release.absolute));
                release.absolute.clear();
            }
            fill(&mut release, Release { group: above.group.clone(), ..above });
        } else if same(&release.title, &above.title) {
            fill(&mut release, Release { seasons: above.seasons.clone(), ..above });
        } else if is_elsewhere {
            break;
        } else {
            is_elsewhere = true;
        }
        if !release.title.is_empty() && !release.seasons.is_empty() {
            break;
        }
    }
    release.kind = kind(&release);
    if release.kind == ReleaseKind::Movie && !release.seasons.is_empty() {
        release.kind = ReleaseKind::Season;
    }
    release
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

/// ` (Minisodes) 01 Good Cop`: a padded number somewhere in front.
fn count_in(rest: &str) -> Option<u16> {
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(2);
    words.find(|w| w.len() == 2 && w.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// `34_tam.srt`, `Thai.srt`: a subtitle's file beside the film that its folder names.
fn is_track(file: &str, read: &Release) -> bool {
    let is_subtitle = super::container::split(file).container.is_some_and(|c| super::subtitles::is_subtitle(&c));
    is_subtitle && (read.title.is_empty() || is_useless(&read.title))
}

/// The parts of a path that holds folders alone.
pub fn shelves(folder: &str) -> Vec<&str> {
    let mut parts = slashed(folder);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The parts of a path; a name without folders is one part.
pub fn parts(path: &str) -> Vec<&str> {
    let mut parts = slashed(path);
    parts.retain(|part| !part.is_empty());
    // One short slash is a language list or a date ("ENG/CHI"), unless a file's name follows it.
    let is_code = |part: &&str| {
        let word = part.split(|c: char| !c.is_alphabetic()).find(|w| !w.is_empty()).unwrap_or_default();
        super::vocab::language(&word.to_lowercase()).is_some()
    };
    let is_file = path.starts_with(['/', '\\'])
        || parts.last().is_some_and(|last| super::container::split(last).container.is_some())
        || parts.len() > 2 && !parts[1..].iter().all(is_code)
        // "01-03/Title": a folder without a letter.
        || parts.len() == 2 && !parts[0].chars().any(char::is_alphabetic) && parts[0].contains('-');
    if is_file { parts } else { vec![path] }
}

/// Cut at each slash that is no text.
fn slashed(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    let mut before = None;
    let mut chars = path.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            '/' | '\\' => {
                let next = chars.peek().map(|(_, c)| *c);
                let spaced = before.is_none_or(char::is_whitespace) && next.is_none_or(char::is_whitespace)
                    || before.is_some_and(char::is_whitespace)
                    || next.is_some_and(char::is_whitespace);
                // "t.me/channel", "https://site.org"
                let is_address = path[start..at].ends_with("t.me")
                    || path[start..at].ends_with("T.me")
                    || before == Some(':') && at > start + 2
                    || next == Some('/');
                if depth == 0 && !is_address && (!spaced || at == 0) {
                    parts.push(path[start..at].trim());
                    start = at + 1;
                }
            }
            _ => {}
        }
        before = Some(c);
    }
    parts.push(path[start..].trim());
    parts
}

/// Folders that sort a collection and name nothing.
fn is_shelf(folder: &str) -> bool {
    let low = folder.to_lowercase();
    matches!(
        low.trim_end_matches(':'),
        "movies"
            | "movie"
            | "films"
            | "film"
            | "series"
            | "tv"
            | "tv shows"
            | "tv series"
            | "shows"
            | "anime"
            | "media"
            | "videos"
            | "video"
            | "downloads"
            | "download"
            | "completed"
            | "complete"
            | "volumes"
            | "mnt"
            | "home"
            | "data"
            | "temp"
            | "tmp"
            | "test"
            | "shares"
            | "live"
            | "subs"
            | "subtitles"
            | "extras"
            | "cartoon"
            | "cartoons"
            | "documentaries"
            | "kids"
            | "tv drop"
    ) || low.chars().count() <= 2 && !low.ends_with(|c: char| c.is_ascii_digit())
}

/// `Season 2`, `S02`: a folder that is a season and nothing else.
fn only_season(folder: &str, read: &Release) -> Option<Vec<u16>> {
    let words: String = folder.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if matches!(words.as_str(), "specials" | "special" | "seasonspecials") {
        return Some(vec![0]);
    }
    // "第2季", "Season 01 [2160p]"
    let is_season = !read.seasons.is_empty() && read.episodes.is_empty() && read.title.is_empty();
    if is_season && read.group.is_none() && read.year.is_none() {
        return Some(read.seasons.clone());
    }
    if !(is_season_word(&words) || matches!(words.as_str(), "s" | "seasonmkv")) {
        return None;
    }
    if !read.seasons.is_empty() && words != "s" {
        return Some(read.seasons.clone());
    }
    // "2010s" is a decade.
    let digits = folder.split(|c: char| !c.is_ascii_digit()).find(|n| !n.is_empty())?;
    (digits.len() <= 2 || words != "s").then(|| digits.parse().ok().map(|number| vec![number])).flatten()
}

/// Folders of a DVD or Blu-ray, whatever is inside.
fn is_disc(folder: &str) -> bool {
    ["video_ts", "bdmv", "audio_ts"].iter().any(|disc| folder.eq_ignore_ascii_case(disc))
}

/// `0507. Name`, `507 - Name`: season and episode in one number ahead.
fn together(file: &str) -> Option<u16> {
    let digits = file.bytes().take_while(u8::is_ascii_digit).count();
    let is_parted = file[digits..].starts_with([' ', '.', '-', '_']);
    (matches!(digits, 3 | 4) && is_parted).then(|| file[..digits].parse().ok()).flatten()
}

/// A file that starts with its episode: `E01 - Name`, `02 Name`, `S01E02`.
fn is_bare(file: &str) -> bool {
    let low = file.to_ascii_lowercase();
    let rest =
        low.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, 's' | 'e' | 'p' | 'x' | '.' | '-' | ' '));
    let head = &low[..low.len() - rest.len()];
    head.starts_with(|c: char| c.is_ascii_digit()) && counted(file).is_some()
        || head.chars().any(|c| c.is_ascii_digit()) && head.starts_with(['s', 'e']) && head.contains('e')
}

/// `02 Name`, `2 Name`: the number ahead.
fn counted(file: &str) -> Option<u16> {
    let digits = file.bytes().take_while(u8::is_ascii_digit).count();
    let next = file[digits..].chars().next();
    ((1..=3).contains(&digits) && next.is_some_and(|c| matches!(c, ' ' | '.' | '-' | '_')))
        .then(|| file[..digits].parse().ok())
        .flatten()
}

fn whole(absolute: &[f32]) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an episode's number is small and not negative"
    )]
    absolute.first().filter(|n| n.fract() == 0.0).map(|n| *n as u16)
}

fn key(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn same(a: &str, b: &str) -> bool {
    key(a) == key(b)
}

/// The file's name is a scramble or an abbreviation: it lacks what the folder has and names something else.
fn is_abbreviated(file: &Release, folder: &Release) -> bool {
    if same(&file.title, &folder.title) {
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
        && (file.source.is_none() || file.title.is_empty() || is_useless(&file.title))
        && (file.episodes.is_empty() || folder.episodes.is_empty() || file.episodes == folder.episodes)
}
