//! `cinepost history show|erase`: what somebody watched, when, and how much of it.

use super::names::Names;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::limits::size_text;
use crate::flows::unix_now;

/// The newest rows.
const ROWS: u32 = 100;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show what somebody watched, the last first
    Show(Named),
    /// Forget what somebody watched, or with --everybody what anybody did; what they used stays counted
    Erase {
        #[arg(long, conflicts_with = "name")]
        everybody: bool,
        #[arg(required_unless_present = "everybody", value_name = "NAME")]
        name: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, clap::Args)]
struct Named {
    /// What they are called; several words need no quotes
    #[arg(required = true, value_name = "NAME")]
    name: Vec<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Show(Named { name, flags }) => show(&name.join(" "), flags).await,
        What::Erase { everybody: true, flags, .. } => erase(None, flags).await,
        What::Erase { name, flags, .. } => erase(Some(name.join(" ")), flags).await,
    }
}

async fn show(name: &str, flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let person = app::open_people(&config).await?.find(name).await?;
    let now = unix_now();
    for row in app::open_records(&config).await?.history(person.id, 0, ROWS).await? {
        let hours = now.saturating_sub(row.last) / 3600;
        println!("{hours:>5} h ago  {:>8}  {}", size_text(row.amount.bytes), row.name);
    }
    Ok(())
}

async fn erase(name: Option<String>, flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let people = app::open_people(&config).await?;
    let person = match &name {
        Some(name) => Some(people.find(name).await?.id),
        None => None,
    };
    let whose = match person {
        Some(id) => Names::of(&people).await?.get(id),
        None => "everybody".to_owned(),
    };
    let rows = app::open_records(&config).await?.erase_history(person).await?;
    println!("The history of {whose} is empty now; it had {rows} rows.");
    Ok(())
}
