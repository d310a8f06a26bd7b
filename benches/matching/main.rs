//! How many titles are found, and how many wrongly: names as people write them, made of a list of films, asked of the
//! simulated providers on the way that a posted file takes (parse, then identify).
//!
//! ```text
//! cargo bench --bench matching -- [FILMS.csv.gz] [--count N] [--half mending|measuring] [--cinemeta] [--index] [--show KIND]
//! ```
//!
//! The list has the columns of docs/simulation.md; without one the demo's few films are asked, which says little. `--show` prints
//! what went wrong in kinds whose name holds the word; `--index` builds a title index of the simulated IMDb's lists first. Names are the same at each run.

mod cases;
mod chance;
mod library;
mod naming;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use cases::{Case, Half};
use cinepost::adapters::data_folder::write_with;
use cinepost::adapters::metadata::index::{self, Titles};
use cinepost::adapters::metadata::{Identified, Metadata, NoAnswers, Options};
use cinepost::domain::matching::Clues;
use futures_util::{StreamExt, stream};
use release_name::{Input, parse};
use simulation::metadata as provider;

struct Args {
    films: Option<PathBuf>,
    count: usize,
    half: Half,
    has_key: bool,
    has_index: bool,
    show: Option<String>,
}

impl Args {
    fn read() -> anyhow::Result<Self> {
        let mut read =
            Self { films: None, count: 1000, half: Half::Measuring, has_key: true, has_index: false, show: None };
        // cargo adds `--bench`.
        let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| anyhow::anyhow!("{arg} wants a value"));
            match arg.as_str() {
                "--count" => read.count = value()?.parse()?,
                "--half" => read.half = if value()? == "mending" { Half::Mending } else { Half::Measuring },
                "--cinemeta" => read.has_key = false,
                "--index" => read.has_index = true,
                "--show" => read.show = Some(value()?),
                path => read.films = Some(PathBuf::from(path)),
            }
        }
        Ok(read)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::read()?;
    if args.films.is_none() {
        println!("no list of films was given: the demo's are asked, which are few");
    }
    let library = library::load(args.films.as_deref())?;
    let works = library.known.clone();
    let server = provider::start(provider::Options { works, ..provider::Options::default() }).await?;
    let metadata = Metadata::new(
        Options {
            tmdb_key: args.has_key.then(|| provider::KEY.to_owned()),
            tmdb_url: server.tmdb_url(),
            image_url: server.image_url(),
            cinemeta_url: server.cinemeta_url(),
            language: "en-US".to_owned(),
        },
        Arc::new(NoAnswers),
    );
    let metadata = if args.has_index { metadata.with_titles(title_index(&server).await?) } else { metadata };
    let provider = if args.has_key { "TMDB" } else { "Cinemeta alone" };
    let index = if args.has_index { ", with a title index" } else { "" };
    println!("{} films, {provider}{index}\n", library.known.len());
    println!("| kind | names | right % | wrong % | none % | questions each |\n| --- | --- | --- | --- | --- | --- |");
    let began = Instant::now();
    for kind in cases::all(&library, args.half, args.count) {
        let asked = server.asked();
        let shown = args.show.as_ref().is_some_and(|word| kind.name.contains(word.as_str()));
        let tally = ask(&metadata, &kind.cases, shown).await?;
        tally.print(kind.name, server.asked() - asked);
    }
    println!("\n{:.0?}", began.elapsed());
    server.stop().await;
    Ok(())
}

/// Built as the program builds one, of what the simulated IMDb publishes.
async fn title_index(server: &provider::Server) -> anyhow::Result<Titles> {
    let dir = std::env::temp_dir().join(format!("cinepost-bench-titles-{}", std::process::id()));
    let titles = Titles::new(index::Options {
        dir: dir.clone(),
        sources: index::Sources { imdb: true, tmdb: false },
        imdb_url: server.datasets_url(),
        tmdb_url: server.exports_url(),
        write: write_with,
    });
    titles.fetch(0, &|_| {}).await?;
    // It goes on behind its map.
    std::fs::remove_dir_all(dir)?;
    Ok(titles)
}

#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    none: usize,
}

impl Tally {
    fn print(&self, kind: &str, asked: u64) {
        let Self { right, wrong, none } = self;
        let names = right + wrong + none;
        let share = |count: usize| 100.0 * count as f64 / names.max(1) as f64;
        let each = asked as f64 / names.max(1) as f64;
        println!(
            "| {kind} | {names} | {:.1} | {:.2} | {:.1} | {each:.1} |",
            share(*right),
            share(*wrong),
            share(*none)
        );
    }
}

/// Eight at a time, as posted files are matched.
async fn ask(metadata: &Metadata, cases: &[Case], shown: bool) -> anyhow::Result<Tally> {
    let answers = stream::iter(cases).map(async |case| {
        let release = parse(&Input { name: &case.name, caption: &case.caption, folder: "" });
        let clues = Clues {
            release: &release,
            file_name: &case.name,
            caption: &case.caption,
            duration_secs: case.duration_secs,
            is_anime: false,
        };
        (case, metadata.identify(&clues).await)
    });
    let mut answers = answers.buffered(8);
    let mut tally = Tally::default();
    while let Some((case, answer)) = answers.next().await {
        let found = match &answer {
            Ok(Identified::Match { title, .. }) => title.ids.tmdb.map(|id| id.0),
            Ok(_) => None,
            Err(error) => anyhow::bail!("{}: {error}", case.name),
        };
        let is_right = found == case.wanted;
        match found {
            _ if is_right => tally.right += 1,
            Some(_) => tally.wrong += 1,
            None => tally.none += 1,
        }
        if shown && !is_right {
            println!(
                "{} | {} | {:?} | wanted {:?}: {answer:.300?}",
                case.name, case.caption, case.duration_secs, case.wanted
            );
        }
    }
    Ok(tally)
}
