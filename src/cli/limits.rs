//! `cinepost limits show|set|usage` and `cinepost access list|allow|deny|forget`: what people may use and who is let in, also while
//! the program runs.

use super::names::Names;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::limits::{Limits, Listed, Scope, size_text};
use crate::flows::limits::Records;
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show every rule: those of LIMITS, and those that were set here, which come first
    Show {
        #[command(flatten)]
        flags: Flags,
    },
    /// Set the rule of a role (owner, admin, member, guest), of all, of address, or of one person ("person 7")
    Set {
        /// Whom it is for
        #[arg(value_name = "WHOM")]
        scope: String,
        /// Such as day=50GB month=1TB streams=3 rate=4MB requests=20 links=100 file=10GB, each also off; nothing takes the rule back
        #[arg(value_name = "LIMITS")]
        rule: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Show what everybody used today and this month
    Usage {
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, clap::Args)]
pub struct AccessArgs {
    #[command(subcommand)]
    what: Access,
}

#[derive(Debug, clap::Subcommand)]
enum Access {
    /// Show who is let in and who is not
    List {
        #[command(flatten)]
        flags: Flags,
    },
    /// Let only these in: addresses, networks, Telegram ids of people and chats
    Allow(Whom),
    /// Refuse these, in the same form
    Deny(Whom),
    /// Take these off both lists
    Forget(Whom),
}

#[derive(Debug, clap::Args)]
struct Whom {
    #[arg(required = true, value_name = "WHOM", allow_hyphen_values = true)]
    whom: Vec<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Show { flags } => show(flags).await,
        What::Set { scope, rule, flags } => set(&scope, &rule.join(" "), flags).await,
        What::Usage { flags } => usage(flags).await,
    }
}

pub async fn run_access(args: AccessArgs) -> anyhow::Result<()> {
    match args.what {
        Access::List { flags } => list(flags).await,
        Access::Allow(Whom { whom, flags }) => Ok(records(flags).await?.0.allow(&listed(&whom)?).await?),
        Access::Deny(Whom { whom, flags }) => Ok(records(flags).await?.0.deny(&listed(&whom)?).await?),
        Access::Forget(Whom { whom, flags }) => Ok(records(flags).await?.0.unlist(&listed(&whom)?).await?),
    }
}

async fn show(flags: Flags) -> anyhow::Result<()> {
    let (records, config) = records(flags).await?;
    let stored = records.rules().await?;
    let all = stored.over(&config.limits);
    for (scope, limits) in all.iter() {
        println!("{scope}: {limits}");
    }
    if all.iter().next().is_none() {
        println!("Nothing is limited. For example: cinepost limits set guest day=5GB streams=1");
    }
    Ok(())
}

async fn set(scope: &str, limits: &str, flags: Flags) -> anyhow::Result<()> {
    let (scope, limits): (Scope, Limits) = (scope.parse()?, limits.parse()?);
    records(flags).await?.0.set_rule(scope, limits).await?;
    match limits.to_string() {
        text if text.is_empty() => println!("For {scope} the setting LIMITS holds again."),
        text => println!("{scope}: {text}"),
    }
    Ok(())
}

async fn usage(flags: Flags) -> anyhow::Result<()> {
    let (records, config) = records(flags).await?;
    let names = Names::of(&app::open_people(&config).await?).await?;
    let now = unix_now();
    println!("{:<40}  {:>8}  {:>10}  {:>7}  {:>9}", "", "today", "this month", "streams", "downloads");
    for (person, spent) in records.spent_by_all(now).await? {
        let (day, month) = (size_text(spent.day.bytes), size_text(spent.month.bytes));
        let (streams, downloads) = (spent.month.streams, spent.month.downloads);
        println!("{:<40}  {day:>8}  {month:>10}  {streams:>7}  {downloads:>9}", names.get(person));
    }
    Ok(())
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let (records, config) = records(flags).await?;
    let lists = records.lists().await?.with(&config.access);
    for (what, listed) in [("allowed", lists.allow), ("denied", lists.deny)] {
        let text = listed.to_string();
        println!("{what}: {}", if text.is_empty() { "no list" } else { &text });
    }
    Ok(())
}

fn listed(whom: &[String]) -> anyhow::Result<Listed> {
    Ok(whom.join(" ").parse()?)
}

async fn records(flags: Flags) -> anyhow::Result<(Records, Config)> {
    let config = Config::from_flags(flags)?;
    Ok((app::open_records(&config).await?, config))
}
