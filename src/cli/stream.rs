//! `cinepost stream list|stop`: who watches what now, on every instance, and how to end it.

use anyhow::bail;

use super::names::Names;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::limits::size_text;
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show who watches what: since when, with which bots, how fast
    List {
        #[command(flatten)]
        flags: Flags,
    },
    /// End one stream, by the id that the list shows
    Stop {
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::List { flags } => list(flags).await,
        What::Stop { id, flags } => stop(&id, flags).await,
    }
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let (people, records) = (app::open_people(&config).await?, app::open_records(&config).await?);
    let (names, now) = (Names::of(&people).await?, unix_now());
    for stream in records.watching(now).await? {
        let minutes = now.saturating_sub(stream.since) / 60;
        let bots: Vec<_> = stream.bots.iter().map(|bot| (bot + 1).to_string()).collect();
        let month = records.spent(Some(stream.person), now).await?.month.bytes;
        println!(
            "{:<14}  {:<20}  {minutes:>4} min  {:>8} at {:>8}/s  bots {:<8}  {:>8} this month  {}",
            stream.id,
            names.get(stream.person),
            size_text(stream.sent_bytes),
            size_text(stream.bytes_per_second),
            bots.join(","),
            size_text(month),
            stream.name,
        );
    }
    Ok(())
}

async fn stop(id: &str, flags: Flags) -> anyhow::Result<()> {
    let records = app::open_records(&Config::from_flags(flags)?).await?;
    if !records.stop(id, unix_now()).await? {
        bail!("no stream is called {id}; `cinepost stream list` shows those that run now");
    }
    println!(
        "Stream {id} ends within seconds. Its viewer may begin again: `cinepost person remove` takes access away."
    );
    Ok(())
}
