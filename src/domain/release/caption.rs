//! Name and caption together: which of them says what the file is.
//!
//! The rule, in order:
//! 1. Ids (IMDb, TMDB) count wherever they stand.
//! 2. A name that says what it is wins: it has a title of its own, and a year, an episode or something technical.
//!    The caption then only fills what the name left open, and only when both speak of the same title.
//! 3. Otherwise the caption wins, if one of its lines (or its "Title: ..." lines) names a title; advertisement does not.
//! 4. Otherwise the name stands as it is.

use super::labels::{Field, field};
use super::{Doubt, Input, Reading, Release, folders, line};
use crate::domain::title::{ImdbId, TmdbId};

/// Reads both and settles who wins.
pub fn merge(input: &Input<'_>) -> Release {
    let mut release = folders::read(input.name, input.folder);
    if !input.caption.trim().is_empty()
        && let Some(told) = read(input.caption)
    {
        if is_telling(input.name, &release) {
            complete(&mut release, told);
        } else {
            release = replace(release, told);
        }
    }
    ids(input.name, &mut release);
    ids(input.caption, &mut release);
    release
}

/// What the caption's lines say, when they say something about a film.
fn read(caption: &str) -> Option<Release> {
    let mut told = Release::default();
    let mut best: Option<Release> = None;
    let mut has_pair = false;
    let mut tag = None;
    for line in lines(caption) {
        if let Some((key, value)) = pair(line) {
            has_pair |= told.take(key, value);
            continue;
        }
        if is_advert(line) {
            tag = tag.or_else(|| hashtag(line));
            continue;
        }
        let parsed = line::read(line);
        match &mut best {
            // Only the first lines name it; later ones are plots and credits, good for numbers and tags alone.
            None if !parsed.title.is_empty() && !is_useless(&parsed.title) => best = Some(parsed),
            None => {
                if !parsed.episodes.is_empty() || !parsed.seasons.is_empty() {
                    fill(&mut told, parsed);
                }
            }
            Some(first) => {
                let technical = parsed.resolution.is_some()
                    || !parsed.episodes.is_empty()
                    || !parsed.seasons.is_empty()
                    || !parsed.languages.is_empty();
                if technical && line.chars().count() < 120 {
                    fill(first, Release { title: String::new(), episode_title: None, ..parsed });
                }
            }
        }
    }
    // "#Some_Series", and a line that counts: the tag is all the title there is.
    let counts = !told.seasons.is_empty() || !told.episodes.is_empty() || told.year.is_some();
    if best.is_none() && told.title.is_empty() && counts {
        told.title = tag.unwrap_or_default();
        has_pair = true;
    }
    match best {
        Some(mut best) if told.title.is_empty() => {
            fill(&mut best, told);
            let speaks = best.year.is_some()
                || !best.seasons.is_empty()
                || !best.episodes.is_empty()
                || best.resolution.is_some()
                || !best.languages.is_empty()
                || best.date.is_some()
                || !best.absolute.is_empty()
                || has_pair;
            (speaks || caption.lines().count() <= 2).then_some(best)
        }
        Some(best) => {
            fill(&mut told, Release { title: String::new(), ..best });
            Some(told)
        }
        None => (has_pair && !told.title.is_empty()).then_some(told),
    }
}

/// The lines that are read, without their decoration. Longer captions are plots.
pub fn lines(caption: &str) -> impl Iterator<Item = &str> {
    caption.lines().map(clean).filter(|line| !line.is_empty()).take(40)
}

/// Without bullets, emoji and blanks at both ends.
fn clean(line: &str) -> &str {
    let is_text = |c: char| c.is_alphanumeric() || matches!(c, '[' | '(' | '{' | '@' | '#' | '【' | '"' | '\'' | '«');
    let start = line.find(is_text).unwrap_or(line.len());
    line[start..].trim_end()
}

/// `Title : Harvest`, `Year - 1969` as key and value.
pub fn pair(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '：'])?;
    let (key, value) = line.split_at(at);
    let key = key.trim().trim_end_matches(|c: char| !c.is_alphanumeric());
    let value = value.trim_start_matches([':', '：']).trim();
    (!value.is_empty() && key.chars().count() <= 24 && is_key(&key.to_lowercase())).then_some((key, value))
}

fn is_key(key: &str) -> bool {
    field(key).is_some()
}

/// Put in front of a value that has no title, so that it is read as what follows one.
const TECHNICAL: &str = "x 1080p ";
const QUALITY: &str = "x - ";

/// What is put in front of the value of a key.
pub fn prefix(key: &str) -> &'static str {
    match field(&key.to_lowercase()) {
        Some(Field::Language | Field::Subtitles) => TECHNICAL,
        Some(Field::Quality) => QUALITY,
        _ => "",
    }
}

pub fn is_subtitle_key(key: &str) -> bool {
    matches!(field(&key.to_lowercase()), Some(Field::Subtitles))
}

/// The field of a key whose value is a number.
pub fn counted(key: &str) -> Option<&'static str> {
    match field(&key.to_lowercase())? {
        Field::Year => Some("year"),
        Field::Season => Some("seasons"),
        Field::Episode => Some("episodes"),
        _ => None,
    }
}

impl Release {
    /// Takes one key/value line; `true` when it said something.
    fn take(&mut self, key: &str, value: &str) -> bool {
        let Some(field) = field(&key.to_lowercase()) else { return false };
        let parsed = line::read(value);
        let first_number = || value.split(|c: char| !c.is_ascii_digit()).find_map(|n| n.parse::<u16>().ok());
        match field {
            Field::Title => fill(self, parsed),
            Field::Year => {
                let year =
                    value.split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() == 4).find_map(|n| n.parse().ok());
                self.year = self.year.or(year.filter(|y| (1880..=2035).contains(y)));
            }
            Field::Season if self.seasons.is_empty() => self.seasons.extend(first_number()),
            Field::Episode if self.episodes.is_empty() => self.episodes.extend(first_number()),
            Field::Language => {
                let spoken = line::read(&format!("{TECHNICAL}{value}"));
                fill(self, Release { languages: spoken.languages, subtitles: spoken.subtitles, ..Release::default() });
            }
            Field::Subtitles => {
                let read = line::read(&format!("{TECHNICAL}{value}"));
                fill(
                    self,
                    Release {
                        subtitles: if read.languages.is_empty() { read.subtitles } else { read.languages },
                        ..Release::default()
                    },
                );
            }
            Field::Quality => {
                let quality = line::read(&format!("{QUALITY}{value}"));
                fill(
                    self,
                    Release {
                        title: String::new(),
                        year: None,
                        seasons: Vec::new(),
                        episodes: Vec::new(),
                        absolute: Vec::new(),
                        group: None,
                        ..quality
                    },
                );
            }
            _ => return false,
        }
        true
    }
}

/// `#Some_Series`: a title that was made a tag; `#series` and `#1080p` are shelves.
fn hashtag(line: &str) -> Option<String> {
    let word = line.strip_prefix('#')?;
    let is_title = word.contains('_') && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\''));
    is_title.then(|| word.replace('_', " ").trim().to_owned()).filter(|title| !is_useless(title))
}

/// Invitations and thanks that channels add.
fn is_advert(line: &str) -> bool {
    let low = line.to_lowercase();
    let link = low.starts_with("http") || low.starts_with("t.me/") || low.starts_with('@') || low.starts_with('#');
    link || [
        "join",
        "subscribe",
        "backup channel",
        "download",
        "share",
        "powered by",
        "follow",
        "our channel",
        "main channel",
        "t.me/",
        "uploaded by",
        "encoded by",
        "request",
        "support",
        "premium",
        "click here",
        "watch online",
        "thanks",
        "credit",
        "stay tuned",
        "подпис",
        "канал",
        "smotret",
        "unete",
        "únete",
        "sigue",
        "canal",
        "telegram",
    ]
    .iter()
    .any(|word| low.contains(word))
}

/// A name says what it is when its title is not a camera's or a counter's, and something stands beside it.
fn is_telling(name: &str, release: &Release) -> bool {
    !name.trim().is_empty()
        && !release.title.is_empty()
        && !is_useless(&release.title)
        && !is_guessed(release)
        && (release.year.is_some()
            || release.resolution.is_some()
            || release.source.is_some()
            || release.date.is_some()
            || !release.seasons.is_empty()
            || !release.episodes.is_empty()
            || !release.absolute.is_empty())
}

/// Nothing speaks for the name but a number that may be anything: `random_name_123`.
fn is_guessed(release: &Release) -> bool {
    release.year.is_none()
        && release.resolution.is_none()
        && release.source.is_none()
        && release.date.is_none()
        && release.readings.iter().any(|r| matches!(r.doubt, Doubt::NumberTogether | Doubt::NumberInTitle))
}

/// Titles that name nothing: `video`, `VID 20231125 WA0003`, `IMG 0042`, `05`, a hash.
pub fn is_useless(title: &str) -> bool {
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let is_filler = |word: &&str| {
        let low = word.to_lowercase();
        let letters = low.trim_matches(|c: char| c.is_ascii_digit());
        letters.is_empty()
            || matches!(
                letters,
                "vid"
                    | "video"
                    | "videos"
                    | "img"
                    | "mov"
                    | "wa"
                    | "movie"
                    | "film"
                    | "file"
                    | "document"
                    | "doc"
                    | "dsc"
                    | "rec"
                    | "screen"
                    | "recording"
                    | "clip"
                    | "output"
                    | "untitled"
                    | "new"
                    | "final"
                    | "part"
                    | "episode"
                    | "ep"
                    | "e"
                    | "s"
                    | "telegram"
                    | "from"
                    | "download"
                    | "copy"
                    | "cd"
                    | "season"
                    | "converted"
                    | "sample"
                    | "pxl"
                    | "gx"
                    | "dji"
                    | "media"
                    | "stream"
                    | "x"
                    | "fulls"
            )
            || (low.len() >= 16 && low.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    words.is_empty() || words.iter().all(is_filler)
}

/// A telling name stands; a caption that names the same title adds what the name left open.
fn complete(release: &mut Release, told: Release) {
    let key =
        |title: &str| title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (ours, theirs) = (key(&release.title), key(&told.title));
    if theirs.is_empty() {
        return;
    }
    if !(theirs.starts_with(&ours) || ours.starts_with(&theirs)) {
        // Another film's caption, a slogan, or the better half of a bilingual title: worth a second search.
        if told.year.is_some() || !told.seasons.is_empty() || !told.episodes.is_empty() {
            let doubt = Doubt::CaptionSays;
            let is_numbered = !(told.seasons.is_empty()
                && told.episodes.is_empty()
                && told.absolute.is_empty()
                && told.date.is_none());
            // What the caption does not say, the name does.
            let numbers = if is_numbered { &told } else { &*release };
            let Release { seasons, episodes, absolute, date, .. } = numbers.clone();
            let year = told.year.or(release.year);
            release.readings.push(Reading { title: told.title, year, seasons, episodes, absolute, date, doubt });
        }
        return;
    }
    if theirs != ours {
        release.alternative_titles.push(told.title.clone());
    }
    fill(release, Release { group: None, ..told });
}

/// The caption stands; what only the file can know (container, volume) and what the caption left open stays the name's.
fn replace(named: Release, told: Release) -> Release {
    let mut release = Release { container: None, part: None, group: None, ..told };
    let numbers_differ = !release.episodes.is_empty() || !release.absolute.is_empty();
    let named = if numbers_differ || is_guessed(&named) {
        Release { seasons: Vec::new(), episodes: Vec::new(), absolute: Vec::new(), ..named }
    } else {
        named
    };
    // The numbers of a camera's or a channel's counter are no episodes.
    let counter = named.seasons.is_empty() && named.episodes.is_empty();
    // "12.mkv" under "Some Series S02": the file is the number.
    if !release.seasons.is_empty()
        && release.episodes.is_empty()
        && counter
        && let Ok(number @ 1..=999) = named.title.trim().parse::<u16>()
    {
        release.episodes.push(number);
    }
    let named = Release {
        title: String::new(),
        date: None,
        year: None,
        episode_title: None,
        absolute: if counter { Vec::new() } else { named.absolute },
        ..named
    };
    fill(&mut release, named);
    release
}

/// Takes from `other` what is still open.
pub fn fill(release: &mut Release, other: Release) {
    fn text(field: &mut String, other: String) {
        if field.is_empty() {
            *field = other;
        }
    }
    fn list<T>(field: &mut Vec<T>, other: Vec<T>) {
        if field.is_empty() {
            *field = other;
        }
    }
    if release.title.is_empty() {
        release.readings = other.readings;
    }
    text(&mut release.title, other.title);
    list(&mut release.alternative_titles, other.alternative_titles);
    release.year = release.year.or(other.year);
    list(&mut release.seasons, other.seasons);
    if release.absolute.is_empty() {
        list(&mut release.episodes, other.episodes);
    }
    if release.episodes.is_empty() {
        list(&mut release.absolute, other.absolute);
    }
    release.date = release.date.take().or(other.date);
    release.episode_title = release.episode_title.take().or(other.episode_title);
    release.resolution = release.resolution.take().or(other.resolution);
    release.source = release.source.take().or(other.source);
    release.video_codec = release.video_codec.take().or(other.video_codec);
    release.bit_depth = release.bit_depth.or(other.bit_depth);
    list(&mut release.hdr, other.hdr);
    list(&mut release.audio, other.audio);
    list(&mut release.channels, other.channels);
    list(&mut release.languages, other.languages);
    list(&mut release.subtitles, other.subtitles);
    list(&mut release.edition, other.edition);
    release.group = release.group.take().or(other.group);
    release.container = release.container.take().or(other.container);
    release.part = release.part.or(other.part);
    release.version = release.version.or(other.version);
    release.country = release.country.take().or(other.country);
    release.network = release.network.take().or(other.network);
    release.site = release.site.take().or(other.site);
    release.imdb = release.imdb.or(other.imdb);
    release.tmdb = release.tmdb.or(other.tmdb);
    release.kind = super::kind(release);
}

/// Ids as text or in a link: `tt0063350`, `imdb.com/title/tt0063350`, `themoviedb.org/movie/10331`, `tmdb:10331`, `{tmdb-10331}`.
fn ids(text: &str, release: &mut Release) {
    // Most names hold neither; one look at the bytes settles it.
    let holds = |wanted: &[u8]| text.as_bytes().windows(wanted.len()).any(|w| w.eq_ignore_ascii_case(wanted));
    if release.imdb.is_none() && holds(b"tt") {
        release.imdb = text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| word.parse::<ImdbId>().ok());
    }
    if release.tmdb.is_none() && holds(b"db") {
        let low = text.to_ascii_lowercase();
        release.tmdb = [
            "themoviedb.org/movie/",
            "themoviedb.org/tv/",
            "tmdb.org/movie/",
            "tmdb.org/tv/",
            "tmdb:",
            "tmdb-",
            "tmdbid-",
            "tmdbid=",
            "tmdb=",
        ]
        .iter()
        .find_map(|prefix| {
            let at = low.find(prefix)? + prefix.len();
            let digits: String = low[at..].trim_start().chars().take_while(char::is_ascii_digit).take(9).collect();
            digits.parse().ok().map(TmdbId)
        });
    }
}
