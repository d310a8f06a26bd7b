//! What is known of people, and what admins did, for people and for programs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Named, Place};
use crate::config::Flags;
use crate::domain::catalog::Reach;
use crate::domain::person::{Person, PersonId, date};
use crate::domain::text;
use crate::flows::people::Actor::Terminal;
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct List {
    /// Only those whose name or Telegram name holds this
    #[arg(value_name = "TEXT")]
    search: Vec<String>,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn list(which: List) -> anyhow::Result<()> {
    let place = Place::open(which.flags).await?;
    let (now, search) = (unix_now(), which.search.join(" "));
    let page = place.people.list(&search, 0, usize::MAX).await?;
    if which.json {
        let people: Vec<Value> = page.people.iter().map(|person| as_json(person, now)).collect();
        println!("{}", serde_json::to_string_pretty(&people)?);
        return Ok(());
    }
    if page.people.is_empty() {
        println!("Nobody here is called like {search:?}.");
        return Ok(());
    }
    let head = ["NAME", "ROLE", "STANDING", "TELEGRAM", "JOINED", "LAST ACTIVE", "EXPIRES"].map(str::to_owned);
    print_table(std::iter::once(head).chain(page.people.iter().map(|person| row(person, now))).collect());
    Ok(())
}

fn row(person: &Person, now: i64) -> [String; 7] {
    [
        person.name.clone(),
        person.role.to_string(),
        standing(person, now).to_owned(),
        telegram(person),
        day(person.joined),
        if person.last_active > 0 { date(person.last_active) } else { "-".to_owned() },
        person.expires.map_or_else(|| "never".to_owned(), day),
    ]
}

/// In a word.
fn standing(person: &Person, now: i64) -> &'static str {
    use crate::domain::person::Denied;
    match person.denied(now) {
        None => "active",
        Some(Denied::Pending) => "waits",
        Some(Denied::Disabled { .. }) => "disabled",
        Some(Denied::Banned { .. }) => "banned",
        Some(Denied::Expired { .. }) => "expired",
        Some(Denied::Removed) => "removed",
    }
}

fn telegram(person: &Person) -> String {
    match &person.telegram {
        None => "-".to_owned(),
        Some(known) if known.username.is_empty() => known.id.to_string(),
        Some(known) => format!("@{}", known.username),
    }
}

/// `2027-01-31`; a dash for a time that was not kept.
fn day(secs: i64) -> String {
    if secs > 0 { date(secs).split(' ').next().unwrap_or_default().to_owned() } else { "-".to_owned() }
}

/// Columns as wide as what is in them.
fn print_table<const N: usize>(rows: Vec<[String; N]>) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn as_json(person: &Person, now: i64) -> Value {
    json!({
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "standing": standing(person, now),
        "reason": person.denied(now).map(|denied| denied.to_string()),
        "telegram": person.telegram.as_ref().map(|t| json!({
            "id": t.id, "username": t.username, "first_name": t.first_name,
        })),
        "language": person.language,
        "joined": person.joined,
        "last_active": person.last_active,
        "expires": person.expires,
        "channels": person.reach,
        "preferences": person.preferences,
        "access_version": person.access_version,
    })
}

pub async fn show(who: Named) -> anyhow::Result<()> {
    let (_, person) = Place::with(who.flags, &who.name).await?;
    let now = unix_now();
    let name = match &person.telegram {
        Some(known) if !known.first_name.is_empty() => {
            format!("{} ({}, {})", telegram(&person), known.first_name, known.id)
        }
        _ => telegram(&person),
    };
    let says = person.denied(now).map_or_else(|| "may watch".to_owned(), |denied| denied.to_string());
    println!("{}, {}: {says}", person.name, person.role);
    println!("  Telegram         {name}");
    println!("  language         {}", person.language.as_deref().unwrap_or("-"));
    println!("  joined           {}", day(person.joined));
    println!("  last active      {}", if person.last_active > 0 { date(person.last_active) } else { "-".to_owned() });
    println!("  expires          {}", person.expires.map_or_else(|| "never".to_owned(), date));
    let channels = match &person.reach {
        Reach::All => format!("all that are for {}", person.role.several()),
        Reach::Only(chats) => chats.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    println!("  channels         {channels}");
    println!("  keeps history    {}", if person.preferences.keeps_history { "yes" } else { "no" });
    println!("  gets news        {}", if person.preferences.gets_news { "yes" } else { "no" });
    println!("  access version {}", person.access_version);
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct Log {
    /// Only what was done to them
    #[arg(value_name = "NAME")]
    name: Vec<String>,
    /// How many lines
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    flags: Flags,
}

pub async fn log(which: Log) -> anyhow::Result<()> {
    let (place, whom) = match which.name.is_empty() {
        true => (Place::open(which.flags).await?, None),
        false => {
            let (place, person) = Place::with(which.flags, &which.name).await?;
            (place, Some(person.id))
        }
    };
    let deeds = place.people.deeds(whom, (0, which.limit), Terminal, unix_now()).await?;
    let names: BTreeMap<PersonId, String> =
        place.people.all().await?.into_iter().map(|person| (person.id, person.name)).collect();
    // Whoever was removed is a number.
    let name = |id: PersonId| names.get(&id).cloned().unwrap_or_else(|| format!("person {id}"));
    for deed in deeds {
        let who = deed.who.map_or_else(|| "terminal".to_owned(), name);
        let whom = deed.whom.map(|id| format!(" {}", text::isolated(&name(id)))).unwrap_or_default();
        let detail = if deed.detail.is_empty() { String::new() } else { format!(": {}", deed.detail) };
        println!("{}  {who}  {}{whom}{detail}", date(deed.at), deed.what);
    }
    Ok(())
}
