//! What catalog pages and searches cost in a large library: fills a store and asks. On the embedded store, and on
//! MongoDB when TEST_MONGODB_URI is set.
//!
//! ```text
//! cargo bench --bench catalog -- [TITLES] [SECONDS OF FILLING AT MOST]     (100,000 titles unless said)
//! ```

use std::time::{Duration, Instant};

use cinepost::adapters::store::{Database, Store};
use cinepost::domain::catalog::{Order, PAGE, Query};
use cinepost::domain::entry::{Entry, EntryId, Source, Status};
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::post::{ChatId, DocumentId, PostRef};
use cinepost::domain::telegram_id::Dc;
use cinepost::domain::title::{Kind, Title, TitleIds, TmdbId};
use release_name::Release;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let titles = numbers.next().unwrap_or(100_000);
    let patience = Duration::from_secs(numbers.next().unwrap_or(600));

    let dir = std::env::temp_dir().join(format!("cinepost-bench-{}", std::process::id()));
    println!("\nembedded\n");
    measure(Store::open(Database::Embedded { dir: dir.clone() }).await?, titles, patience).await?;
    let bytes = std::fs::metadata(dir.join("cinepost.db"))?.len();
    println!("\n{} MiB on disk", bytes >> 20);
    std::fs::remove_dir_all(&dir)?;

    if let Ok(uri) = std::env::var("TEST_MONGODB_URI") {
        println!("\nMongoDB at {uri}\n");
        // The database is emptied first.
        let client = mongodb::Client::with_uri_str(&uri).await?;
        let database = client.default_database().unwrap_or_else(|| client.database("cinepost"));
        database.drop().await?;
        measure(Store::open(Database::Mongo { uri }).await?, titles, patience).await?;
        database.drop().await?;
    }
    Ok(())
}

async fn measure(store: Store, titles: u64, patience: Duration) -> anyhow::Result<()> {
    let filled = fill(&store, titles, patience).await?;
    println!("| question | median | 99 of 100 |\n| --- | --- | --- |");
    measure_pages(&store, filled).await?;
    measure_searches(&store, filled).await?;
    report("counts", 50, async |_| Ok(store.catalog().counts().await?.movies as usize)).await
}

/// Returns how many titles there are then.
async fn fill(store: &Store, titles: u64, patience: Duration) -> anyhow::Result<u64> {
    let begun = Instant::now();
    let mut filled = 0;
    let channel = ChatId::try_from(-1_001_500_000_001)?;
    store.channels().seed(&[channel]).await?;
    while filled < titles && begun.elapsed() < patience {
        let batch = filled + 1..=titles.min(filled + 1000);
        let posts: Vec<(Source, Entry)> = batch.clone().map(|n| post(channel, n)).collect();
        store.posts().record(&posts).await?;
        for (n, (_, entry)) in batch.clone().zip(&posts) {
            let title = store.titles().record(&title(n)).await?;
            let stored = store.entries().get(entry.id).await?.ok_or_else(|| anyhow::anyhow!("an entry was lost"))?;
            store.entries().settle(&stored, &Status::Matched { title, parts: Vec::new(), how: None }).await?;
        }
        filled = *batch.end();
    }
    let per_title = begun.elapsed() / u32::try_from(filled.max(1))?;
    println!("{filled} titles filled in {:.0} s, {per_title:.1?} each\n", begun.elapsed().as_secs_f64());
    Ok(filled)
}

async fn measure_pages(store: &Store, filled: u64) -> anyhow::Result<()> {
    let all = Query { kind: Kind::Movie, order: Order::Newest, genre: None, year: None, skip: 0, limit: PAGE };
    let rating = Query { order: Order::Rating, ..all.clone() };
    let horror = Some("Horror".to_owned());
    let deep = (filled as u32).saturating_sub(PAGE) / PAGE * PAGE;
    let pages = [
        ("first page, newest", all.clone()),
        ("first page, by rating", rating.clone()),
        ("one genre", Query { genre: horror.clone(), ..all.clone() }),
        ("one year, by rating", Query { year: Some(1968), ..rating.clone() }),
        ("one genre and year", Query { genre: horror, year: Some(1968), ..all.clone() }),
        ("last page, jumped to", Query { skip: deep, ..all.clone() }),
    ];
    for (name, query) in pages {
        report(name, 200, async |_| Ok(store.catalog().page(&query).await?.len())).await?;
    }
    // As clients do: page after page. The middle of the library is measured.
    for (name, query) in [("page 500 after page 499, newest", all), ("page 500 after page 499, by rating", rating)] {
        let from = deep.min(400 * PAGE);
        let mut at = from.saturating_sub(PAGE);
        store.catalog().page(&Query { skip: at, ..query.clone() }).await?;
        report(name, 100, async |_| {
            at = if at >= deep { 0 } else { at + PAGE };
            Ok(store.catalog().page(&Query { skip: at, ..query.clone() }).await?.len())
        })
        .await?;
    }
    report("find by id", 1000, async |n| {
        let id = format!("tmdb:{}", n as u64 * 7919 % filled + 1).parse().map_err(anyhow::Error::msg)?;
        Ok(store.titles().find(Kind::Movie, id).await?.iter().len())
    })
    .await
}

async fn measure_searches(store: &Store, filled: u64) -> anyhow::Result<()> {
    let mistype = |word: &str| format!("{}{}", &word[..3], &word[4..]);
    let (common, rare) = (spell(7), spell(15_003));
    let known = title(filled / 2).name;
    let searches = [
        ("search, a whole name", known.clone()),
        ("search, one common word", common.clone()),
        ("search, one rare word", rare.clone()),
        ("search, part of a word", rare[1..rare.len() - 2].to_owned()),
        ("search, two letters", "ri".to_owned()),
        ("search, a name with an error", mistype(&known)),
        ("search, a rare word with an error", mistype(&rare)),
        ("search, nothing there", "xylophone".to_owned()),
    ];
    for (name, text) in searches {
        report(name, 50, async |_| Ok(store.catalog().search(Kind::Movie, &text, 0, PAGE).await?.len())).await?;
    }
    Ok(())
}

/// Asks so many times and prints the median and the slow end.
async fn report(
    name: &str,
    times: usize,
    mut ask: impl AsyncFnMut(usize) -> anyhow::Result<usize>,
) -> anyhow::Result<()> {
    let mut took = Vec::with_capacity(times);
    let begun = Instant::now();
    for n in 0..times {
        let asked = Instant::now();
        std::hint::black_box(ask(n).await?);
        took.push(asked.elapsed());
        if begun.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
    took.sort();
    println!("| {name} | {:.2?} | {:.2?} |", took[took.len() / 2], took[took.len() * 99 / 100]);
    Ok(())
}

/// Words as often as in titles: few are everywhere, most are rare (Zipf's law).
fn word(n: u64, salt: u64) -> String {
    const VOCABULARY: f64 = 20_000.0;
    let even = mix(n, salt) as f64 / (1 << 24) as f64;
    spell(VOCABULARY.powf(even) as usize)
}

/// The word of a rank: of syllables, shorter for the common ones.
fn spell(rank: usize) -> String {
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

/// Spreads numbers out evenly and the same in every run.
fn mix(n: u64, salt: u64) -> usize {
    (((n + salt * 1_000_003).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 40) as usize
}

fn title(n: u64) -> Title {
    let word = |salt| word(n, salt);
    Title {
        kind: Kind::Movie,
        ids: TitleIds { imdb: None, tmdb: Some(TmdbId(n)) },
        name: format!("{} {} {}", word(1), word(2), word(3)),
        original_name: Some(format!("{} {} {}", word(4), word(5), n)),
        alternative_names: vec![format!("{} {}", word(6), word(7)), format!("{} {} {}", word(8), word(9), word(10))],
        year: Some(1930 + (mix(n, 11) % 95) as u16),
        released: Some("1968-10-01".to_owned()),
        ended: None,
        plot: "A plot of the usual length, which a page shows beside the poster. ".repeat(5),
        genres: (0..3).map(|salt| GENRES[mix(n, 12 + salt) % GENRES.len()].to_owned()).collect(),
        rating: Some((mix(n, 15) % 100) as u8),
        rated_by: cinepost::domain::title::Rater::Imdb,
        popularity: (mix(n, 16) % 100_000) as u64,
        runtime_mins: Some(96),
        poster: Some(format!("https://image.example/t/p/w500/{n}.jpg")),
        background: Some(format!("https://image.example/t/p/original/{n}.jpg")),
        logo: None,
        cast: (0..10).map(|salt| format!("Actor {}", mix(n, 20 + salt) % 5000)).collect(),
        directors: vec![format!("Director {}", mix(n, 31) % 500)],
        trailers: vec!["dQw4w9WgXcQ".to_owned()],
        country: Some("US".to_owned()),
        episodes: Vec::new(),
    }
}

fn post(chat: ChatId, n: u64) -> (Source, Entry) {
    let document = DocumentId(n as i64);
    let id = EntryId::from_documents(&[document]);
    let name = format!("{}.1080p.BluRay.x264-GRP.mkv", title(n).name.replace(' ', "."));
    let entry = Entry {
        id,
        file: VirtualFile::single(Volume { document, dc: Dc(4), size: 3 << 30 }),
        named: None,
        release: Release { title: name.clone(), ..Release::default() },
        parser: 0,
        name,
        mime: "video/x-matroska".to_owned(),
        caption: String::new(),
        duration_secs: Some(5760),
        width: Some(1920),
        height: Some(1080),
        status: Status::fresh(),
        posted: 0,
        revision: 0,
    };
    let date = 1_700_000_000 + n as i64 * 60;
    (Source { at: PostRef { chat, message: n as i32 }, entry: id, document, date, album: None }, entry)
}
