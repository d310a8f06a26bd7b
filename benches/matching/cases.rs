//! The names that are asked, kind by kind, each with the film that it is.

use std::collections::HashMap;

use simulation::metadata::work::Work;

use super::chance::Chance;
use super::library::Library;
use super::naming::file_name;
use super::writing::{self, Rewriting, for_a_file};

pub struct Case {
    pub name: String,
    pub caption: String,
    pub duration_secs: Option<u32>,
    /// TMDB's number; `None` for a film that the provider does not have.
    pub wanted: Option<u64>,
}

pub struct Kind {
    pub name: &'static str,
    pub cases: Vec<Case>,
}

/// Which films: two halves that share none, so that what was mended by the one is measured by the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Mending,
    Measuring,
}

impl Half {
    pub fn holds(self, tmdb: u64) -> bool {
        let is_odd = Chance::new(tmdb).next() & 1 == 1;
        is_odd == (self == Self::Measuring)
    }
}

/// What one kind changes, and whether the year is said.
const REWRITINGS: [(&str, Rewriting); 10] = [
    ("apostrophes lost or split", writing::apostrophes),
    ("hyphens lost or split", writing::hyphens),
    ("& and “and”", writing::ampersands),
    ("numerals, with Part and without", writing::numerals),
    ("articles moved or left out", writing::articles),
    ("elided articles", writing::elided),
    ("umlauts written out", writing::umlauts),
    ("two titles round a dash", writing::two_titles_round_a_dash),
    ("a second title in brackets", writing::a_title_in_brackets),
    ("one letter wrong", writing::a_typo),
];

/// Of each kind up to `count`.
pub fn all(library: &Library, half: Half, count: usize) -> Vec<Kind> {
    let films: Vec<&Work> = library.known.iter().filter(|film| half.holds(film.tmdb)).collect();
    let absent: Vec<&Work> = library.absent.iter().filter(|film| half.holds(film.tmdb)).collect();
    let mut kinds = vec![
        written("title and year", &films, count, true, usual),
        written("title alone", &films, count, false, usual),
    ];
    let rewritten = REWRITINGS.iter().map(|(name, rewrite)| written(name, &films, count, true, *rewrite));
    kinds.extend(rewritten);
    kinds.push(one_year_off(&films, count));
    kinds.push(ids(&films, count));
    kinds.push(homonyms("homonyms, by the running time", library, half, count, 0));
    kinds.push(homonyms("homonyms five minutes apart", library, half, count, 5));
    let mut gone = written("films that no provider has, with year", &absent, count, true, usual);
    gone.cases.iter_mut().for_each(|case| case.wanted = None);
    let mut gone_too = written("films that no provider has, title alone", &absent, count, false, usual);
    gone_too.cases.iter_mut().for_each(|case| case.wanted = None);
    kinds.extend([gone, gone_too]);
    kinds
}

/// As channels write: mostly the title itself, often without its marks, sometimes with one of the other changes.
fn usual(title: &str, chance: &mut Chance) -> Option<String> {
    const HABITS: [(Rewriting, usize); 6] = [
        (writing::apostrophes, 2),
        (writing::hyphens, 4),
        (writing::ampersands, 3),
        (writing::numerals, 3),
        (writing::articles, 12),
        (writing::umlauts, 2),
    ];
    let mut written = title.to_owned();
    for (rewrite, times) in HABITS {
        if chance.is_once_in(times)
            && let Some(other) = rewrite(&written, chance)
        {
            written = other;
        }
    }
    Some(written)
}

fn written(name: &'static str, films: &[&Work], count: usize, says_year: bool, rewrite: Rewriting) -> Kind {
    let mut chance = Chance::new(name.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte)));
    let mut cases = Vec::new();
    for film in shuffled(films, &mut chance) {
        if cases.len() == count {
            break;
        }
        let (Some(title), year) = (rewrite(&film.name, &mut chance), film.year().filter(|_| says_year)) else {
            continue;
        };
        let title = for_a_file(&title, &mut chance);
        let name = file_name(&title, year, &mut chance);
        cases.push(Case {
            name,
            caption: String::new(),
            duration_secs: seldom(film, &mut chance),
            wanted: Some(film.tmdb),
        });
    }
    Kind { name, cases }
}

fn one_year_off(films: &[&Work], count: usize) -> Kind {
    let mut chance = Chance::new(11);
    let cases = shuffled(films, &mut chance).into_iter().take(count).filter_map(|film| {
        let mut chance = Chance::new(film.tmdb);
        let year = film.year()?;
        let year = if chance.is_once_in(2) { year + 1 } else { year - 1 };
        let name = file_name(&for_a_file(&film.name, &mut chance), Some(year), &mut chance);
        Some(Case { name, caption: String::new(), duration_secs: seldom(film, &mut chance), wanted: Some(film.tmdb) })
    });
    Kind { name: "the year one off", cases: cases.collect() }
}

fn ids(films: &[&Work], count: usize) -> Kind {
    let mut chance = Chance::new(12);
    let cases = shuffled(films, &mut chance).into_iter().take(count).filter_map(|film| {
        let mut chance = Chance::new(film.tmdb);
        let (tmdb, imdb) = (film.tmdb, film.imdb?);
        let title = for_a_file(&film.name, &mut chance);
        let plain = file_name(&title, film.year().filter(|_| chance.is_once_in(2)), &mut chance);
        let dashed = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let (name, caption) = match chance.below(9) {
            0 => (plain, format!("https://www.imdb.com/title/{imdb}/")),
            1 => (plain, format!("🎬 {title}\n⭐️ IMDb: {imdb}\n#film")),
            2 => (plain, format!("https://www.themoviedb.org/movie/{tmdb}-{dashed}")),
            3 => (plain, format!("tmdb:{tmdb}")),
            4 => (format!("{title} {{tmdb-{tmdb}}}.mkv"), String::new()),
            5 => (format!("{title} [tmdbid-{tmdb}] 1080p.mkv"), String::new()),
            6 => (format!("{title} ({imdb}).mkv"), String::new()),
            7 => (format!("{}.{imdb}.720p.mkv", title.replace(' ', ".")), String::new()),
            _ => ("video.mp4".to_owned(), format!("https://m.imdb.com/title/{imdb}/?ref_=nv_sr_1")),
        };
        Some(Case { name, caption, duration_secs: None, wanted: Some(film.tmdb) })
    });
    Kind { name: "ids and links", cases: cases.collect() }
}

/// Films that share their name with others, without a year: the document's running time tells which.
/// `apart`: so many minutes lie between each of them and the next of its name, at least.
fn homonyms(name: &'static str, library: &Library, half: Half, count: usize, apart: u16) -> Kind {
    let mut chance = Chance::new(13);
    let mut by_name: HashMap<String, Vec<&Work>> = HashMap::new();
    for film in &library.known {
        by_name.entry(film.name.to_lowercase()).or_default().push(film);
    }
    let is_apart =
        |film: &Work, other: &Work| film.tmdb == other.tmdb || film.runtime_mins.abs_diff(other.runtime_mins) >= apart;
    let mut shared: Vec<&Work> = Vec::new();
    for films in by_name.values().filter(|films| films.len() > 1) {
        shared.extend(films.iter().filter(|film| films.iter().all(|other| is_apart(film, other))));
    }
    shared.sort_by_key(|film| film.tmdb);
    shared.retain(|film| half.holds(film.tmdb));
    let cases = shuffled(&shared, &mut chance).into_iter().take(count).map(|film| {
        let mut chance = Chance::new(film.tmdb);
        let name = file_name(&for_a_file(&film.name, &mut chance), None, &mut chance);
        Case { name, caption: String::new(), duration_secs: Some(duration(film, &mut chance)), wanted: Some(film.tmdb) }
    });
    Kind { name, cases: cases.collect() }
}

/// Documents that were sent as files say no running time.
fn seldom(film: &Work, chance: &mut Chance) -> Option<u32> {
    chance.is_once_in(2).then(|| duration(film, chance))
}

/// Providers' minutes are rounded, credits are cut: up to a minute and a half off.
fn duration(film: &Work, chance: &mut Chance) -> u32 {
    (u32::from(film.runtime_mins) * 60 + 90).saturating_sub(chance.below(181) as u32).max(20)
}

fn shuffled<'w>(films: &[&'w Work], chance: &mut Chance) -> Vec<&'w Work> {
    let mut films = films.to_vec();
    for at in (1..films.len()).rev() {
        films.swap(at, chance.below(at + 1));
    }
    films
}
