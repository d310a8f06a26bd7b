//! `cinepost sim`: the simulated Telegram alone, with a simulated metadata provider beside it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::app;
use crate::domain::post::{ChatId, ChatIdError};

/// Everything listens on 127.0.0.1 only. On start it prints one JSON line: addresses of the data centres, the admin port,
/// bots with tokens and authorization keys, channels with their messages. Point Cinepost at it with TELEGRAM_SIM=FILE (see
/// --write).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port of DC 2; DC 4 is two above it, the metadata provider eight, the admin port nine. 0: any
    #[arg(long, default_value_t = 40002)]
    port: u16,
    /// Names of the bots, comma separated; the first is the main one
    #[arg(long, value_delimiter = ',', default_value = "main,helper1,helper2,helper3,guest")]
    accounts: Vec<String>,
    /// A channel to have; may be given several times [default: -1001500000001=Films]
    #[arg(long = "channel", value_name = "ID=TITLE", allow_hyphen_values = true, value_parser = channel)]
    channels: Vec<(ChatId, String)>,
    /// What keys, tokens and chance are made from; a state file keeps its own
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the world in this file over a restart
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Also write the start line to this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Forward the sample library to the first channel, unless something is in it
    #[arg(long)]
    library: bool,
    /// Films that the metadata provider knows besides: CSV (or .csv.gz) with the columns
    /// imdb_id,tmdb_id,title,year,runtime_min,rating,votes,genres (genres joined by |); docs/simulation.md has two more
    #[arg(long, value_name = "FILE")]
    films: Option<PathBuf>,
    /// Series that it knows besides; docs/simulation.md has the columns
    #[arg(long, value_name = "FILE")]
    episodes: Option<PathBuf>,
    /// The metadata provider answers so much later
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    metadata_latency: u64,
    /// The simulated TMDB answers more questions of a second with 429 [default: it answers all]
    #[arg(long, value_name = "QUESTIONS")]
    metadata_limit: Option<u32>,
    /// File references expire after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    reference_life: u64,
    /// Changes of a channel that are remembered; who missed more is told that it is too long
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    events_kept: usize,
    /// Accept only clients with this API id and hash [default: any]
    #[arg(long, value_name = "ID:HASH", value_parser = api)]
    api: Option<(i32, String)>,
    /// Faults to begin with: a JSON file with what POST /faults of the admin port takes
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

fn channel(text: &str) -> Result<(ChatId, String), String> {
    let (id, title) = text.split_once('=').ok_or("it should look like -1001500000001=Films")?;
    let id = id.parse().map_err(|e: ChatIdError| e.to_string())?;
    Ok((id, title.to_owned()))
}

fn api(text: &str) -> Result<(i32, String), String> {
    let (id, hash) = text.split_once(':').ok_or("it should look like 12345:0123456789abcdef0123456789abcdef")?;
    Ok((id.parse().map_err(|_| format!("{id:?} is not a number"))?, hash.to_owned()))
}

pub async fn run(args: Args) -> Result<()> {
    let faults = args.faults.as_deref().map(simulation::faults::read).transpose()?;
    // 0 stays 0: any free port.
    let port = |above: u16| if args.port == 0 { 0 } else { args.port.saturating_add(above) };
    let provider = simulation::metadata::start(simulation::metadata::Options {
        port: port(8),
        films: args.films,
        episodes: args.episodes,
        latency: Duration::from_millis(args.metadata_latency),
        per_second: args.metadata_limit,
        ..simulation::metadata::Options::default()
    })
    .await?;
    let mut options = simulation::Options {
        accounts: args.accounts,
        ports: simulation::Ports { dc2: port(0), dc4: port(2), admin: port(9) },
        seed: args.seed,
        state: args.state,
        metadata: Some(provider.url.clone()),
        api: args.api,
        reference_lifetime: Duration::from_secs(args.reference_life),
        events_kept: args.events_kept,
        ..simulation::Options::default()
    };
    if !args.channels.is_empty() {
        options.channels = args.channels.into_iter().map(|(chat, title)| (chat.get(), title)).collect();
    }
    let first = options.channels[0].0;
    let telegram = simulation::start(options).await?;
    let is_empty = telegram.book().channels.iter().any(|c| c.id == first && c.messages.is_empty());
    if args.library && is_empty {
        for post in simulation::library::posts() {
            telegram.post(first, post.into())?;
        }
    }
    faults.into_iter().flatten().for_each(|fault| telegram.fault(fault));

    let line = telegram.book().to_json();
    if let Some(file) = &args.write {
        // Before the line: whoever waits for the line finds the file there.
        app::write_file(file, format!("{line}\n").as_bytes())?;
    }
    println!("{line}");
    app::told_to_stop().await?;
    telegram.stop().await?;
    provider.stop().await;
    Ok(())
}
