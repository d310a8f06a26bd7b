//! Name and caption together: which of them says what the file is.
//!
//! The rule, in order:
//! 1. Ids (IMDb, TMDB) count wherever they stand.
//! 2. A name that says what it is wins: it has a title of its own, and a year, an episode or something technical.
//!    The caption then fills what the name left open, unless it speaks of another film.
//! 3. Otherwise the caption wins, if one of its lines (or its "Title: ..." lines) names a title; advertisement does not.
//! 4. Otherwise the name stands, with what the caption's lines say beside a title.
//!
//! `lines` tells what each line is, `told` puts together what they say, `titles` and `tags` know how channels write.

mod asides;
mod lines;
mod tags;
mod titles;
mod told;

use super::plain::Plain;
use super::{Doubt, Input, Reading, Release, container, fields, folders, line};
use crate::{ImdbId, TmdbId};

pub use lines::{Is, Line, lines};
pub use tags::as_words;
pub use titles::is_useless;
use told::Told;

/// Reads both and settles who wins.
pub fn merge(input: &Input<'_>) -> Release {
    let name = Plain::name(input.name);
    let mut release = if input.caption.trim().is_empty() {
        folders::read(&name.text, input.folder)
    } else {
        let told = told::read(&Plain::caption(input.caption).text);
        let name = unsigned(&name.text, &told);
        together(name, folders::read(name, input.folder), told)
    };
    ids(input.name, &mut release);
    ids(input.caption, &mut release);
    release
}

fn together(name: &str, mut named: Release, told: Told) -> Release {
    take_off_channel(&mut named, &told);
    if !told.is_telling {
        let title_kept =
            Release { title: String::new(), title_part: None, alternative_titles: Vec::new(), ..told.release };
        fields::complete(&mut named, title_kept);
        return named;
    }
    if is_telling(name, &named, &told) {
        settle_season(&mut named, &told);
        complete(&mut named, told);
        return named;
    }
    if line::is_technical(container::split(name).name) {
        // "480p_Hindi_ESub": no word of it is a title.
        let (facts, _) = line::facts(container::split(name).name);
        named = Release { container: named.container, part: named.part, ..facts };
    }
    replace(named, told)
}

/// `@Hub_Adda_Some_Film_2023` under a caption of @Hub_Adda: the caption knows where the channel's name ends.
fn unsigned<'n>(name: &'n str, told: &Told) -> &'n str {
    let signed = name.trim_start().strip_prefix('[').unwrap_or(name).strip_prefix('@');
    let Some(signed) = signed else { return name };
    told.handles.iter().find_map(|handle| titles::without_channel(signed, handle)).unwrap_or(name)
}

/// `Series_Vault_Severance_S02E10` from @Series_Vault: what is left behind the channel's name is a title that the caption knows.
fn take_off_channel(named: &mut Release, told: &Told) {
    let title = told
        .handles
        .iter()
        .find_map(|handle| titles::without_channel(&named.title, handle))
        .filter(|title| titles::is_same(title, &told.release.title))
        .map(str::to_owned);
    if let Some(title) = title {
        named.title = title;
    }
}

/// `Show2 E06`, `Show T02` under a caption that says "Show" and "Season 2": the title's figure is the season's.
fn settle_season(named: &mut Release, told: &Told) {
    let [season] = told.release.seasons[..] else { return };
    let stem = named.title.trim_end_matches(|c: char| c.is_ascii_digit());
    let figure = named.title[stem.len()..].parse::<u16>();
    let stem = stem.trim_end_matches([' ', '.', '-']);
    let letter = stem.strip_suffix([' ', '.']).unwrap_or(stem);
    let stem = letter.strip_suffix(" S").or_else(|| letter.strip_suffix(" T")).unwrap_or(letter).trim_end();
    let is_told = std::iter::once(&told.release.title).chain(&told.tags).any(|title| titles::is_same(stem, title));
    if named.seasons.is_empty() && figure == Ok(season) && is_told {
        named.title = stem.to_owned();
    }
}

/// A name says what it is when its title is not a camera's, a counter's or the channel's, and something stands beside it.
fn is_telling(name: &str, release: &Release, told: &Told) -> bool {
    let title = titles::key(&release.title);
    let is_channel = told.handles.contains(&title) && !titles::is_same(&release.title, &told.release.title);
    !name.trim().is_empty()
        && !release.title.is_empty()
        && !is_useless(&release.title)
        && !is_channel
        && !is_shortened(release, &told.release)
        && !is_one_word_of(release, &told.release)
        && !is_guessed(release)
        && (release.year.is_some()
            || release.resolution.is_some()
            || release.source.is_some()
            || release.date.is_some()
            || !release.seasons.is_empty()
            || !release.episodes.is_empty()
            || !release.absolute.is_empty())
        && !line::is_technical(container::split(name).name)
}

/// `HOTD_S02E08` under `House of the Dragon S02E08`.
fn is_shortened(named: &Release, told: &Release) -> bool {
    let stands_for = |title| titles::are_initials(&named.title, title) || titles::is_abbreviation(&named.title, title);
    std::iter::once(&told.title).chain(&told.alternative_titles).any(|title| stands_for(title))
        && !differs(&named.seasons, &told.seasons)
        && !differs(&named.episodes, &told.episodes)
}

/// `Reina_08` under `La Reina del Sur`, episode 8: the shortest name that the file could have.
fn is_one_word_of(named: &Release, told: &Release) -> bool {
    let words = |title: &str| title.split_whitespace().count();
    words(&named.title) == 1
        && (3..=6).contains(&words(&told.title))
        && titles::is_same(&named.title, &told.title)
        && !told.title.to_lowercase().starts_with(&named.title.to_lowercase())
        && !told.episodes.is_empty()
        && !differs(&named.seasons, &told.seasons)
        && (named.episodes == told.episodes || named.episodes.is_empty() && !named.absolute.is_empty())
}

/// Both say something, and nothing that they have in common.
fn differs(a: &[u16], b: &[u16]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|n| b.contains(n))
}

/// Nothing speaks for the name but a number that may be anything: `random_name_123`.
fn is_guessed(release: &Release) -> bool {
    release.year.is_none()
        && release.resolution.is_none()
        && release.source.is_none()
        && release.date.is_none()
        && release.readings.iter().any(|r| matches!(r.doubt, Doubt::NumberTogether | Doubt::NumberInTitle))
}

/// How the caption's film stands to the name's.
#[derive(Clone, Copy, PartialEq)]
enum Kinship {
    /// The same title.
    Same,
    /// Another title of it, in another script.
    Other,
    /// Another film's caption, or a slogan.
    Stranger,
}

fn kinship(named: &Release, told: &Told) -> Kinship {
    let theirs = || {
        let Release { title, alternative_titles, .. } = &told.release;
        std::iter::once(title).chain(alternative_titles).chain(&told.tags)
    };
    if theirs().any(|title| titles::is_equal(&named.title, title)) {
        return Kinship::Same;
    }
    let told = &told.release;
    let years = named.year.zip(told.year);
    // Premieres abroad and uploads come a year late.
    let is_contradicted = years.is_some_and(|(ours, theirs)| ours.abs_diff(theirs) > 1)
        || differs(&named.seasons, &told.seasons)
        || differs(&named.episodes, &told.episodes);
    if is_contradicted {
        Kinship::Stranger
    } else if theirs().any(|title| titles::is_same(&named.title, title)) {
        Kinship::Same
    } else if titles::is_latin(&named.title) != titles::is_latin(&told.title) {
        // In one script a year or an episode that agrees proves nothing: every series has an S01E02.
        Kinship::Other
    } else {
        Kinship::Stranger
    }
}

/// A telling name stands; a caption that speaks of the same film adds what the name left open.
fn complete(release: &mut Release, told: Told) {
    let kinship = kinship(release, &told);
    let is_known = titles::key(&release.title) == titles::key(&told.release.title);
    let mut told = told.release;
    // "📅 17 December 2004": the day of a film's premiere.
    told.date = told.date.filter(|_| release.year.is_none());
    if kinship != Kinship::Same && (told.year.is_some() || !told.seasons.is_empty() || !told.episodes.is_empty()) {
        // Another film's caption, a slogan, or the better half of a bilingual title: worth a second search.
        release.readings.push(otherwise(release, &told));
    }
    if kinship == Kinship::Stranger {
        return;
    }
    for title in std::iter::once(&told.title).filter(|_| !is_known).chain(&told.alternative_titles) {
        if titles::key(title) != titles::key(&release.title) && !release.alternative_titles.contains(title) {
            release.alternative_titles.push(title.clone());
        }
    }
    // "Kumo - 05" under "Episode 5": the caption knows what the number counts.
    if let ([number], [episode]) = (&release.absolute[..], &told.episodes[..])
        && *number == f32::from(*episode)
        && !told.seasons.is_empty()
    {
        release.absolute.clear();
    }
    fields::complete(release, Release { group: None, ..told });
}

/// The caption's film as a second reading.
fn otherwise(release: &Release, told: &Release) -> Reading {
    let is_numbered =
        !(told.seasons.is_empty() && told.episodes.is_empty() && told.absolute.is_empty() && told.date.is_none());
    // What the caption does not say, the name does.
    let numbers = if is_numbered { told } else { release };
    let Release { seasons, episodes, absolute, date, .. } = numbers.clone();
    let year = told.year.or(release.year);
    Reading { title: told.title.clone(), year, seasons, episodes, absolute, date, doubt: Doubt::CaptionSays }
}

/// The caption stands; what only the file can know (container, volume) and what the caption left open stays the name's.
fn replace(named: Release, told: Told) -> Release {
    let mut release = Release { container: None, part: None, group: None, ..told.release };
    release.date = release.date.filter(|_| release.year.is_none());
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
    // "Vettaiyan.mkv" under the title in Tamil: both are its names. A counter's name has figures.
    let is_words = named.title.chars().filter(|c| c.is_alphabetic()).count() > 2
        && !named.title.contains(|c: char| c.is_ascii_digit())
        && !is_useless(&named.title);
    let is_translation = titles::is_latin(&named.title) && !titles::is_latin(&release.title);
    if is_translation && is_words && !release.alternative_titles.contains(&named.title) {
        release.alternative_titles.push(named.title.clone());
    }
    let title_part = named.title_part.filter(|_| titles::is_same(&named.title, &release.title));
    let named = Release {
        title: String::new(),
        title_part,
        alternative_titles: Vec::new(),
        date: None,
        year: None,
        episode_title: None,
        absolute: if counter { Vec::new() } else { named.absolute },
        ..named
    };
    fields::complete(&mut release, named);
    release
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
        .find_map(|prefix| low.match_indices(prefix).find_map(|(at, _)| tmdb_id(&low[at + prefix.len()..])));
    }
}

/// The number that a text begins with, whole: the first digits of one that is too long would be somebody else's id.
fn tmdb_id(text: &str) -> Option<TmdbId> {
    let text = text.trim_start();
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) { None } else { digits.parse().ok() }
}
