//! The library that is asked: titles and their files by number, the same in every run.

use cinepost::domain::entry::{Entry, EntryId, SeriesPart, Source, Status};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::post::{ChatId, DocumentId, PostRef};
use cinepost::domain::telegram_id::Dc;
use cinepost::domain::title::{Episode, Kind, Title, TitleId, TitleIds, TmdbId};
use release_name::Release;

/// Channels that the library is spread over.
pub const CHANNELS: u64 = 20;
/// Files of a title at most: their message numbers lie a title's number apart.
pub const MOST_FILES: u64 = 40;
/// One title in so many is a series.
const SERIES: u64 = 5;

const GENRES: [&str; 12] = [
    "Action",
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Horror",
    "Romance",
    "Thriller",
];

pub fn channel(n: u64) -> ChatId {
    ChatId::try_from(-1_001_500_000_001 - (n % CHANNELS) as i64).expect("a channel's id")
}

pub fn kind(n: u64) -> Kind {
    if n.is_multiple_of(SERIES) { Kind::Series } else { Kind::Movie }
}

/// Words as often as in titles: few are everywhere, most are rare (Zipf's law).
fn word(n: u64, salt: u64) -> String {
    const VOCABULARY: f64 = 20_000.0;
    let even = mix(n, salt) as f64 / (1 << 24) as f64;
    spell(VOCABULARY.powf(even) as usize)
}

/// The word of a rank: of syllables, shorter for the common ones.
pub fn spell(rank: usize) -> String {
    const BEGINNINGS: [&str; 20] =
        ["b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "th", "v", "w", ""];
    const ENDINGS: [&str; 20] = [
        "a", "ar", "e", "en", "er", "ight", "i", "in", "ing", "o", "on", "or", "ou", "u", "un", "est", "y", "ack",
        "am", "el",
    ];
    let syllable = |n: usize| format!("{}{}", BEGINNINGS[n % 20], ENDINGS[n / 20 % 20]);
    // A stride that shares no factor with 400 brings all syllables up.
    let mut word = syllable(rank * 147);
    if rank >= 100 {
        word.push_str(&syllable(rank / 400 * 61 + rank));
    }
    word
}

/// Spreads numbers out evenly and the same in every run.
pub fn mix(n: u64, salt: u64) -> usize {
    (((n + salt * 1_000_003).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 40) as usize
}

pub fn title(n: u64) -> Title {
    let word = |salt| word(n, salt);
    let episodes = match kind(n) {
        Kind::Movie => Vec::new(),
        Kind::Series => (1..=10).map(|number| episode(n, number)).collect(),
    };
    Title {
        original_name: Some(format!("{} {} {}", word(4), word(5), n)),
        alternative_names: vec![format!("{} {}", word(6), word(7)), format!("{} {} {}", word(8), word(9), word(10))],
        year: Some(1930 + (mix(n, 11) % 95) as u16),
        released: Some("1968-10-01".to_owned()),
        plot: "A plot of the usual length, which a page shows beside the poster. ".repeat(5),
        genres: (0..3).map(|salt| GENRES[mix(n, 12 + salt) % GENRES.len()].to_owned()).collect(),
        rating: Some((mix(n, 15) % 100) as u8),
        rated_by: cinepost::domain::title::Rater::Imdb,
        popularity: (mix(n, 16) % 100_000) as u64,
        runtime_mins: Some(96),
        poster: Some(format!("https://image.example/t/p/w500/{n}.jpg")),
        background: Some(format!("https://image.example/t/p/original/{n}.jpg")),
        cast: (0..10).map(|salt| format!("Actor {}", mix(n, 20 + salt) % 5000)).collect(),
        directors: vec![format!("Director {}", mix(n, 31) % 500)],
        trailers: vec!["dQw4w9WgXcQ".to_owned()],
        country: Some("US".to_owned()),
        episodes,
        ..Title::new(kind(n), ids(n), &format!("{} {} {}", word(1), word(2), word(3)))
    }
}

pub fn ids(n: u64) -> TitleIds {
    TitleIds { imdb: None, tmdb: Some(TmdbId(n)) }
}

fn episode(n: u64, number: u16) -> Episode {
    Episode {
        season: 1,
        number,
        name: format!("{} {}", word(n, 40 + u64::from(number)), word(n, 60 + u64::from(number))),
        overview: "What happens in it, in a sentence or two. ".repeat(3),
        aired: Some(format!("1968-10-{number:02}")),
        still: None,
    }
}

/// One file of a title: of a film another upload, of a series its next episode. The first one is the newest.
pub fn post(n: u64, file: u64) -> (Source, Entry) {
    let number = n * MOST_FILES - file;
    let document = DocumentId(number as i64);
    let id = EntryId::from_documents(&[document]);
    let name = format!("{}.1080p.BluRay.x264-GRP.mkv", title_words(n));
    let languages = ["en", "de", "fr", "hi", "ru"].iter().take(1 + mix(n, 17) % 2).map(|code| (*code).to_owned());
    let release = Release {
        title: title_words(n),
        resolution: Some("1080p".to_owned()),
        source: Some("BluRay".to_owned()),
        languages: languages.collect(),
        ..Release::default()
    };
    let entry = Entry {
        release,
        parser: release_name::VERSION,
        duration_secs: Some(5760),
        width: Some(1920),
        height: Some(1080),
        ..Entry::of(id, VirtualFile::single(Volume { document, dc: Dc(4), size: 3 << 30 }), name, "video/x-matroska")
    };
    let at = PostRef { chat: channel(n), message: number as i32 };
    (Source { at, entry: id, document, date: 1_600_000_000 + number as i64, album: None, reply_to: None }, entry)
}

fn title_words(n: u64) -> String {
    format!("{}.{}.{}", word(n, 1), word(n, 2), word(n, 3))
}

/// What a file of a title is settled as.
pub fn matched(n: u64, file: u64, title: TitleId) -> Status {
    let parts = match kind(n) {
        Kind::Movie => Vec::new(),
        Kind::Series => vec![SeriesPart::Episode { season: 1, number: file as u16 + 1 }],
    };
    Status::Matched { title, parts, how: None }
}
