//! `cinepost channel add|remove|list`: which channels are watched, and whether every bot can read them. Writes to the store; the
//! running program sees it within seconds.

use super::doctor::print;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::post::ChatId;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Watch a channel; its newest posts are read back, and entries hidden by `remove` appear again
    Add {
        /// Its id, like -1001234567890
        #[arg(allow_hyphen_values = true)]
        id: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Stop watching a channel and hide its entries; nothing is deleted
    Remove {
        /// Its id, like -1001234567890
        #[arg(allow_hyphen_values = true)]
        id: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Show every channel
    List {
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Add { id, flags } => set(&id, flags, true).await,
        What::Remove { id, flags } => set(&id, flags, false).await,
        What::List { flags } => list(flags).await,
    }
}

async fn set(id: &str, flags: Flags, active: bool) -> anyhow::Result<()> {
    let chat: ChatId = id.parse()?;
    let config = Config::from_flags(flags)?;
    let store = app::open_store(&config).await?;
    let changed = store.set_channel(chat, active).await?;
    match (active, changed) {
        (true, true) => println!("Watching {chat}."),
        (true, false) => println!("{chat} is watched already."),
        (false, true) => println!("{chat} is no longer watched; its entries are hidden until it is added again."),
        (false, false) => println!("{chat} is not watched."),
    }
    if active {
        print(&app::try_channels(&config, &[chat]).await);
    }
    Ok(())
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let channels = app::open_store(&config).await?.channels().await?;
    if channels.is_empty() {
        println!("No channel yet. Add one with: cinepost channel add -1001234567890");
    }
    for channel in &channels {
        println!("{}  {}  {}", channel.chat, if channel.active { "watched" } else { "hidden " }, channel.title);
    }
    let active: Vec<ChatId> = channels.iter().filter(|channel| channel.active).map(|channel| channel.chat).collect();
    if !active.is_empty() {
        println!();
        print(&app::try_channels(&config, &active).await);
    }
    Ok(())
}
