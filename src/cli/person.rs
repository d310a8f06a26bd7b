//! `cinepost person add|list|renew|remove`: who may watch. The running program follows at once.

use super::qr::qr;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::person::Person;
use crate::flows::people::People;
use crate::flows::unix_now;
use crate::protocols::addresses::Addresses;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Invite somebody: prints their install link
    Add(Named),
    /// Take somebody's access away: their links stop working, and what they watch stops
    Remove(Named),
    /// End every link of somebody and print a new one
    Renew(Named),
    /// Show everybody who may watch
    List {
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
        What::Add(who) => add(who).await,
        What::Remove(who) => remove(who).await,
        What::Renew(who) => renew(who).await,
        What::List { flags } => list(flags).await,
    }
}

async fn add(who: Named) -> anyhow::Result<()> {
    let (addresses, people) = open(who.flags).await?;
    let person = people.add(&who.name.join(" "), unix_now()).await?;
    println!("{} may watch from now on.", person.name);
    hand_over(&person, &addresses, &people.token(&person));
    Ok(())
}

async fn renew(who: Named) -> anyhow::Result<()> {
    let (addresses, people) = open(who.flags).await?;
    let person = people.by_name(&who.name.join(" ")).await?;
    let person = people.renew(&person).await?;
    println!("Every link of {} made before has ended, and what they watched stops.", person.name);
    hand_over(&person, &addresses, &people.token(&person));
    Ok(())
}

async fn remove(who: Named) -> anyhow::Result<()> {
    let (_, people) = open(who.flags).await?;
    let person = people.by_name(&who.name.join(" ")).await?;
    people.remove(&person).await?;
    println!("{} cannot watch any more; what they watched stops.", person.name);
    Ok(())
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let (_, people) = open(flags).await?;
    people.owner().await?;
    for person in people.all().await? {
        let role = if person.is_owner { "owner" } else { "" };
        println!("{:<40}  {role:<5}  access version {}", person.name, person.access_version);
    }
    Ok(())
}

async fn open(flags: Flags) -> anyhow::Result<(Addresses, People)> {
    let config = Config::from_flags(flags)?;
    let people = app::open_people(&config).await?;
    Ok((app::addresses(&config.base_url)?, people))
}

/// The QR code first: a terminal shows what was printed last.
fn hand_over(person: &Person, addresses: &Addresses, token: &str) {
    let install = addresses.install(token);
    print!("{}", qr(&install.configure()));
    println!("\nInstall link, for {} alone (whoever has it watches in their name):", person.name);
    println!("  {}", install.manifest().as_str());
    println!("The same with buttons and a QR code, to open on the device that has Stremio:");
    println!("  {}", install.configure().as_str());
    if addresses.is_loopback() {
        println!("These work on this machine only; set BASE_URL to reach it from others.");
    }
}
