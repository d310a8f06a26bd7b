//! `cinepost sim`: the simulated Telegram alone, with a simulated metadata provider beside it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use crate::{app, sim};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port of DC 2; DC 4 is two above it, the metadata provider eight, the admin port nine. 0: any
    #[arg(long, default_value_t = 40002)]
    port: u16,
    /// Names of the bots, comma separated; the first is the main one
    #[arg(long, value_delimiter = ',', default_value = "main,helper1,helper2,helper3,guest")]
    accounts: Vec<String>,
    /// Keys, access hashes and chance depend on it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the world in this file over a restart
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Also write the start line to this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Forward the sample library to the first channel
    #[arg(long)]
    library: bool,
    /// Films that the metadata provider knows besides: CSV (or .csv.gz) with the columns
    /// imdb_id,tmdb_id,title,year,runtime_min,rating,votes,genres (genres joined by |)
    #[arg(long, value_name = "FILE")]
    films: Option<PathBuf>,
    /// Series that it knows besides; docs/simulation.md has the columns
    #[arg(long, value_name = "FILE")]
    episodes: Option<PathBuf>,
    /// File references expire after so many seconds
    #[arg(long, value_name = "SECONDS")]
    reference_life: Option<u64>,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let metadata_port = if args.port == 0 { 0 } else { args.port + 8 };
    let provider = sim::metadata::start(sim::metadata::Options {
        port: metadata_port,
        films: args.films,
        episodes: args.episodes,
        ..sim::metadata::Options::default()
    })
    .await?;
    let telegram = sim::start(sim::Options {
        accounts: args.accounts,
        port: args.port,
        seed: args.seed,
        state: args.state,
        metadata: Some(provider.url.clone()),
        reference_life: args.reference_life.map(Duration::from_secs),
        ..sim::Options::default()
    })
    .await?;
    let book = telegram.book();
    if let Some(channel) = book.channels.first().filter(|c| args.library && c.messages.is_empty()) {
        for post in sim::library::posts() {
            telegram.post(channel.id, post.into())?;
        }
    }
    let line = serde_json::to_string(&telegram.book())?;
    println!("{line}");
    if let Some(file) = &args.write {
        let half = file.with_extension("part");
        std::fs::write(&half, &line)
            .and_then(|()| std::fs::rename(&half, file))
            .with_context(|| format!("writing {}", file.display()))?;
    }
    app::told_to_stop().await?;
    telegram.stop().await;
    provider.stop().await;
    Ok(())
}
