//! `cinepost channel add|remove|set|audience|sweep|posts|list`: which channels are watched, what each holds and who it is for, what
//! stands in it, and whether every bot can read them. Changes the list; the running program follows within seconds.

mod posts;
mod profile;

use super::doctor::print;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::audience::Audience;
use crate::domain::channel::Profile;
use crate::domain::job::Added;
use crate::domain::job::progress::duration;
use crate::domain::post::ChatId;
use crate::flows::channels::ChannelList;
use crate::flows::ingest::sweep;
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Watch a channel; what was posted before is read in the background, and entries hidden by `remove` appear again
    Add(Named),
    /// Stop watching a channel and hide its entries; nothing is deleted
    Remove(Named),
    /// Say what a channel holds, so that its names are read rightly; its files are looked at again
    Set(profile::Args),
    /// Say who a channel is for: guests (everybody), members, admins or owner, each with those above them
    Audience {
        /// Its id, like -1001234567890
        #[arg(allow_hyphen_values = true)]
        id: String,
        /// guests, members, admins or owner
        who: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Read a channel again from its newest message to its first: what is missing, changed or gone is put right
    Sweep(Named),
    /// Count what stands in a channel: files, and by its reason what is no file and was passed over
    Posts(posts::Args),
    /// Show every channel
    List {
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Its id, like -1001234567890
    #[arg(allow_hyphen_values = true)]
    id: String,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Add(channel) => add(channel).await,
        What::Remove(channel) => remove(channel).await,
        What::Set(args) => profile::set(args).await,
        What::Audience { id, who, flags } => audience(&id, &who, flags).await,
        What::Sweep(channel) => sweep(channel).await,
        What::Posts(args) => posts::show(args).await,
        What::List { flags } => list(flags).await,
    }
}

async fn add(channel: Named) -> anyhow::Result<()> {
    let chat: ChatId = channel.id.parse()?;
    let (config, channels) = open(channel.flags).await?;
    let is_new = channels.add(chat).await?;
    match is_new {
        true => println!("Watching {chat}."),
        false => println!("{chat} is watched already."),
    }
    let (findings, newest) = app::try_channel(&config, chat).await;
    print(&findings);
    if let Some(newest) = newest.filter(|_| is_new) {
        println!("{}", reading(newest));
    }
    Ok(())
}

/// What is said of a channel whose messages are going to be read up to the newest.
fn reading(newest: i32) -> String {
    let takes = duration(sweep::takes(newest).as_secs().max(1));
    format!(
        "The running program reads its messages up to {newest}, the newest first, in about {takes}: cinepost jobs. New posts \
         come before that."
    )
}

async fn sweep(channel: Named) -> anyhow::Result<()> {
    let chat: ChatId = channel.id.parse()?;
    let config = Config::from_flags(channel.flags)?;
    match app::open_sweeps(&config).await?.queue(chat, unix_now()).await? {
        None => anyhow::bail!("{chat} is not watched; add it first: cinepost channel add {chat}"),
        Some(Added::Known(id)) => println!("It is being read already, as job {id}."),
        Some(Added::New(id)) => {
            println!("Queued as job {id}; `cinepost jobs show {id}` says how it goes.");
            if let (_, Some(newest)) = app::try_channel(&config, chat).await {
                println!("{}", reading(newest));
            }
        }
    }
    Ok(())
}

async fn remove(channel: Named) -> anyhow::Result<()> {
    let chat: ChatId = channel.id.parse()?;
    let (_, channels) = open(channel.flags).await?;
    match channels.remove(chat).await? {
        true => println!("{chat} is no longer watched; its entries are hidden until it is added again."),
        false => println!("{chat} is not watched."),
    }
    Ok(())
}

async fn audience(id: &str, who: &str, flags: Flags) -> anyhow::Result<()> {
    let (chat, audience) = (id.parse::<ChatId>()?, who.parse::<Audience>()?);
    let (_, channels) = open(flags).await?;
    let Some(is_change) = channels.set_audience(chat, audience).await? else {
        anyhow::bail!("{chat} is not watched; add it first: cinepost channel add {chat}");
    };
    let now = if is_change { "now" } else { "as before" };
    println!("{chat} is {now} {}.", for_whom(audience));
    Ok(())
}

fn for_whom(audience: Audience) -> String {
    match audience {
        Audience::EVERYBODY => "for everybody".to_owned(),
        audience => format!("for {} only, and whoever was given it by name", audience.word()),
    }
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let (config, list) = open(flags).await?;
    let channels = list.all().await?;
    if channels.is_empty() {
        println!("No channel yet. Add one with: cinepost channel add -1001234567890");
    }
    let audiences = list.audiences().await?;
    for channel in &channels {
        let state = if channel.active { "watched" } else { "hidden " };
        let audience = audiences.of(channel.chat).word();
        let said = match channel.profile == Profile::default() {
            true => String::new(),
            false => format!("  ({})", profile::words(&channel.profile)),
        };
        println!("{}  {state}  {audience:7}  {}{said}", channel.chat, channel.title);
    }
    let active: Vec<ChatId> = channels.iter().filter(|channel| channel.active).map(|channel| channel.chat).collect();
    if !active.is_empty() {
        println!();
        print(&app::try_channels(&config, &active).await);
    }
    Ok(())
}

async fn open(flags: Flags) -> anyhow::Result<(Config, ChannelList)> {
    let config = Config::from_flags(flags)?;
    let channels = app::open_channels(&config).await?;
    Ok((config, channels))
}
