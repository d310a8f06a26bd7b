//! What is asked, and how long the answers took. Two processors that others use too make single answers late, so each question is
//! asked in rounds and the best round counts.

use std::time::{Duration, Instant};

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::{Order, PAGE, Query};
use cinepost::domain::title::{Kind, MetaId};

use super::filling::{MATCHING, record_files, some};
use super::library::{self, spell};

const ROUNDS: usize = 4;
/// One round, at most.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn ask(store: &Store, titles: u64) -> anyhow::Result<()> {
    println!("| question | median | 99 of 100 |\n| --- | ---: | ---: |");
    pages(store, titles).await?;
    titles_and_streams(store, titles).await?;
    searches(store, titles).await?;
    report("counts", 20, async |_| Ok(store.catalog().counts().await?.movies as usize)).await?;
    ingest(store, titles).await?;
    println!("\n{} MiB of memory at most", most_memory().unwrap_or_default());
    Ok(())
}

async fn pages(store: &Store, titles: u64) -> anyhow::Result<()> {
    let all = Query::all(Kind::Movie, Order::Newest);
    let rating = Query { order: Order::Rating, ..all.clone() };
    let horror = Some("Horror".to_owned());
    let last = (titles as u32 * 4 / 5).saturating_sub(PAGE) / PAGE * PAGE;
    let first_pages = [
        ("first page, newest", all.clone()),
        ("first page, by rating", rating.clone()),
        ("one genre", Query { genre: horror.clone(), ..all.clone() }),
        ("one year, by rating", Query { year: Some(1968), ..rating.clone() }),
        ("one genre and year", Query { genre: horror, year: Some(1968), ..all.clone() }),
    ];
    for (name, query) in first_pages {
        report(name, 200, async |_| Ok(store.catalog().page(&query).await?.len())).await?;
    }
    // As clients do: page after page, from the middle of the library on.
    for (name, query) in [("page after page, newest", all.clone()), ("page after page, by rating", rating)] {
        let mut at = last / 2;
        store.catalog().page(&Query { skip: at - PAGE.min(at), ..query.clone() }).await?;
        report(name, 200, async |_| {
            let found = store.catalog().page(&Query { skip: at, ..query.clone() }).await?.len();
            at += PAGE;
            Ok(found)
        })
        .await?;
    }
    for (name, part) in [("jumped to a page in the middle", 2), ("jumped to the last page", 1)] {
        let mut depth = last / part;
        report(name, 40, async |_| {
            // A place where no page ended.
            depth -= 1;
            Ok(store.catalog().page(&Query { skip: depth, ..all.clone() }).await?.len())
        })
        .await?;
    }
    Ok(())
}

async fn titles_and_streams(store: &Store, titles: u64) -> anyhow::Result<()> {
    let of = |kind, n: usize| -> anyhow::Result<(Kind, MetaId)> {
        let id = format!("tmdb:{}", some(titles, kind, n)).parse().map_err(anyhow::Error::msg)?;
        Ok((kind, id))
    };
    report("a title by its id", 1000, async |n| {
        let (kind, id) = of(Kind::Movie, n)?;
        Ok(store.titles().find(kind, id).await?.iter().len())
    })
    .await?;
    for (name, kind, episode) in
        [("streams of a film", Kind::Movie, None), ("streams of an episode", Kind::Series, Some((1, 1)))]
    {
        report(name, 1000, async |n| {
            let (kind, id) = of(kind, n)?;
            let Some((title, _)) = store.titles().find(kind, id).await? else { return Ok(0) };
            Ok(store.catalog().entries_of(title, episode).await?.len())
        })
        .await?;
    }
    report("episodes of a series that are here", 1000, async |n| {
        let (kind, id) = of(Kind::Series, n)?;
        let Some((title, _)) = store.titles().find(kind, id).await? else { return Ok(0) };
        Ok(store.catalog().parts_of(title).await?.len())
    })
    .await
}

async fn searches(store: &Store, titles: u64) -> anyhow::Result<()> {
    let mistype = |word: &str| format!("{}{}", &word[..3], &word[4..]);
    let (common, rare) = (spell(7), spell(15_003));
    let known = |n: usize| library::title(some(titles, Kind::Movie, n)).name;
    let searches: [(&str, &dyn Fn(usize) -> String); 8] = [
        ("search, a whole name", &known),
        ("search, one common word", &|_| common.clone()),
        ("search, one rare word", &|_| rare.clone()),
        ("search, part of a word", &|_| rare[1..rare.len() - 2].to_owned()),
        ("search, two letters", &|_| "ri".to_owned()),
        ("search, a name with an error", &|n| mistype(&known(n))),
        ("search, a rare word with an error", &|_| mistype(&rare)),
        ("search, nothing there", &|_| "xylophone".to_owned()),
    ];
    for (name, text) in searches {
        report(name, 50, async |n| Ok(store.catalog().search(Kind::Movie, &text(n), 0, PAGE).await?.len())).await?;
    }
    Ok(())
}

/// New titles, and a second file for each title of the batch before; in batches as Telegram gives them.
async fn ingest(store: &Store, titles: u64) -> anyhow::Result<()> {
    const BATCH: u64 = 100;
    const BATCHES: u64 = 30;
    // A store that is kept has those of earlier runs.
    let first = 2 * titles + store.catalog().counts().await?.files;
    let mut took = Vec::new();
    for batch in 1..=BATCHES {
        let numbers = |batch: u64| (0..BATCH / 2).map(move |n| first + batch * BATCH + n);
        let new = numbers(batch).map(|n| (n, 0));
        let more = numbers(batch - 1).map(|n| (n, 1));
        let begun = Instant::now();
        record_files(store, new.chain(more), MATCHING).await?;
        took.push(begun.elapsed());
    }
    took.sort();
    let per_second = |took: Duration| BATCH as f64 / took.as_secs_f64();
    let (best, median, worst) = (took[0], took[took.len() / 2], took[took.len() - 1]);
    println!(
        "\nposts recorded and matched a second, in batches of {BATCH}: {:.0} in the median, {:.0} at best, {:.0} at worst",
        per_second(median),
        per_second(best),
        per_second(worst)
    );
    Ok(())
}

/// Asks so many times and prints the median and the slow end of the round that had the best median.
async fn report(
    name: &str,
    times: usize,
    mut ask: impl AsyncFnMut(usize) -> anyhow::Result<usize>,
) -> anyhow::Result<()> {
    let mut best: Option<Vec<Duration>> = None;
    for round in 0..ROUNDS {
        let mut took = Vec::with_capacity(times);
        let begun = Instant::now();
        for n in 0..times {
            let asked = Instant::now();
            std::hint::black_box(ask(round * times + n).await?);
            took.push(asked.elapsed());
            if begun.elapsed() > PATIENCE {
                break;
            }
        }
        took.sort();
        if best.as_ref().is_none_or(|best| took[took.len() / 2] < best[best.len() / 2]) {
            best = Some(took);
        }
    }
    let took = best.unwrap_or_default();
    println!("| {name} | {:.2?} | {:.2?} |", took[took.len() / 2], took[took.len() * 99 / 100]);
    Ok(())
}

/// Of this process, in MiB.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?;
    Some(kib.parse::<u64>().ok()? >> 10)
}
