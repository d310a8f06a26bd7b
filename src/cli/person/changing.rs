//! People become something else, and their access ends.

use super::{Named, Place};
use crate::domain::catalog::Reach;
use crate::domain::person::{Denied, Role, date, when};
use crate::domain::post::ChatId;
use crate::flows::people::Actor::Terminal;
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct RoleOf {
    /// admin, member or guest
    role: Role,
    #[command(flatten)]
    who: Named,
}

pub async fn role(RoleOf { role, who }: RoleOf) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.set_role(person.id, role, Terminal, unix_now()).await?;
    println!("{} is {} now.", person.name, a(role));
    Ok(())
}

/// `an admin`
fn a(role: Role) -> String {
    let article = if matches!(role, Role::Owner | Role::Admin) { "an" } else { "a" };
    format!("{article} {role}")
}

#[derive(Debug, clap::Args)]
pub struct Expire {
    /// 12h, 30d, 2027-01-31 or never
    when: String,
    #[command(flatten)]
    who: Named,
}

pub async fn expire(change: Expire) -> anyhow::Result<()> {
    let now = unix_now();
    let at = when(&change.when, now)?;
    let (place, person) = Place::with(change.who.flags, &change.who.name).await?;
    let person = place.people.set_expiry(person.id, at, Terminal, now).await?;
    match at {
        Some(at) => println!("The access of {} ends on {}.", person.name, date(at)),
        None => println!("The access of {} does not end by itself.", person.name),
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct Channels {
    #[command(flatten)]
    who: Named,
    /// These alone, comma separated ids like -1001234567890
    #[arg(
        long,
        value_name = "IDS",
        allow_hyphen_values = true,
        value_delimiter = ',',
        required_unless_present = "all"
    )]
    only: Vec<ChatId>,
    /// Every channel, as for everybody else
    #[arg(long, conflicts_with = "only")]
    all: bool,
}

pub async fn channels(Channels { who, only, .. }: Channels) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let reach = if only.is_empty() { Reach::All } else { Reach::Only(only.into_iter().collect()) };
    let person = place.people.set_reach(person.id, &reach, Terminal, unix_now()).await?;
    match reach {
        Reach::All => println!("{} sees every channel that is for {}.", person.name, person.role.several()),
        Reach::Only(chats) => {
            let chats: Vec<String> = chats.iter().map(ToString::to_string).collect();
            println!("{} sees what is in {}, and nothing else.", person.name, chats.join(", "));
        }
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct Rename {
    /// The new name, in quotes when it has several words
    #[arg(long, value_name = "NAME")]
    to: String,
    #[command(flatten)]
    who: Named,
}

pub async fn rename(Rename { to, who }: Rename) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let renamed = place.people.rename(person.id, &to, Terminal, unix_now()).await?;
    println!("{} is called {} now.", person.name, renamed.name);
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct KeepOut {
    #[command(flatten)]
    who: Named,
    /// Why; they are told
    #[arg(long, default_value = "")]
    reason: String,
    /// Until when: 12h, 30d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN", default_value = "never")]
    until: String,
}

pub async fn disable(KeepOut { who, reason, until }: KeepOut) -> anyhow::Result<()> {
    let now = unix_now();
    let until = when(&until, now)?;
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.disable(person.id, (&reason, until), Terminal, now).await?;
    println!("{}: {}.", person.name, person.denied(now).unwrap_or(Denied::Removed));
    println!(
        "What they watch stops. Their links work again afterwards, or after: cinepost person enable {}",
        person.name
    );
    Ok(())
}

pub async fn ban(KeepOut { who, reason, until }: KeepOut) -> anyhow::Result<()> {
    let now = unix_now();
    let until = when(&until, now)?;
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.ban(person.id, (&reason, until), Terminal, now).await?;
    println!("{}: {}.", person.name, person.denied(now).unwrap_or(Denied::Removed));
    println!("Every link of theirs has ended for good, and what they watched stops.");
    Ok(())
}

pub async fn enable(who: Named) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let now = unix_now();
    let person = place.people.enable(person.id, Terminal, now).await?;
    match person.denied(now) {
        None => println!("{} may watch again.", person.name),
        Some(denied) => println!("{} is not kept out any more, and still: {denied}.", person.name),
    }
    Ok(())
}

pub async fn remove(who: Named) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    place.people.remove(person.id, Terminal, unix_now()).await?;
    println!("{} cannot watch any more; what they watched stops.", person.name);
    Ok(())
}
