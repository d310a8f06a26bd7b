//! People come in: added here, invited, or approved.

use super::{Named, Place};
use crate::cli::qr::qr;
use crate::config::Flags;
use crate::domain::person::{NewPerson, Person, Role, TelegramIdentity, date, language, when};
use crate::domain::telegram_id::UserId;
use crate::flows::people::Actor::Terminal;
use crate::flows::people::{Invited, LINK_SECS};
use crate::flows::unix_now;
use crate::protocols::addresses::OwnerPage;

#[derive(Debug, clap::Args)]
pub struct Add {
    /// What they are called; several words need no quotes
    #[arg(required = true, value_name = "NAME")]
    name: Vec<String>,
    /// admin, member or guest
    #[arg(long, default_value = "member")]
    role: Role,
    /// Their number on Telegram: the bot knows them then
    #[arg(long, value_name = "NUMBER")]
    telegram_id: Option<UserId>,
    /// When their access ends by itself: 30d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN", default_value = "never")]
    expires: String,
    /// What the bot speaks to them, such as en or pt-br
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn add(Add { name, role, telegram_id, expires, language: tag, flags }: Add) -> anyhow::Result<()> {
    let now = unix_now();
    let new = NewPerson {
        telegram: telegram_id.map(TelegramIdentity::of),
        language: tag.map(|tag| language(&tag)).transpose()?,
        expires: when(&expires, now)?,
        ..NewPerson::called(&name.join(" "), role, now)
    };
    let place = Place::open(flags).await?;
    let person = place.people.add(new, Terminal, now).await?;
    println!("{} may watch from now on.", person.name);
    hand_over(&person, &place);
    Ok(())
}

pub async fn renew(who: Named) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.renew(person.id, Terminal, unix_now()).await?;
    println!("Every link of {} made before has ended, and what they watched stops.", person.name);
    hand_over(&person, &place);
    Ok(())
}

pub async fn approve(who: Named) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.approve(person.id, Terminal, unix_now()).await?;
    println!("{} may watch from now on.", person.name);
    hand_over(&person, &place);
    Ok(())
}

pub async fn decline(who: Named) -> anyhow::Result<()> {
    let (place, person) = Place::with(who.flags, &who.name).await?;
    let person = place.people.decline(person.id, Terminal, unix_now()).await?;
    println!("{} is not let in and cannot ask again; `cinepost person enable` changes that.", person.name);
    Ok(())
}

pub async fn sign_in(who: Named) -> anyhow::Result<()> {
    let now = unix_now();
    let (place, person) = Place::with(who.flags, &who.name).await?;
    if let Some(denied) = person.denied(now) {
        anyhow::bail!("{} cannot be let in: {denied}", person.name);
    }
    let token = place.people.new_sign_in_token(&person, now, LINK_SECS).await?;
    println!("For {} alone; the link lets one browser in, once, within the next hour:", person.name);
    println!("{}", place.addresses.sign_in(&token, OwnerPage::Top).as_str());
    Ok(())
}

/// The QR code first: a terminal shows what was printed last.
fn hand_over(person: &Person, place: &Place) {
    let install = place.addresses.install(&place.people.token(person));
    print!("{}", qr(&install.configure()));
    println!("\nInstall link, for {} alone (whoever has it watches in their name):", person.name);
    println!("  {}", install.manifest().as_str());
    println!("The same with buttons and a QR code, to open on the device that has Stremio:");
    println!("  {}", install.configure().as_str());
    if place.addresses.is_loopback() {
        println!("These work on this machine only; set BASE_URL to reach it from others.");
    }
}

#[derive(Debug, clap::Args)]
pub struct Invite {
    /// What they become: admin, member or guest
    #[arg(long, default_value = "member", conflicts_with = "for_person")]
    role: Role,
    /// How many people may come with it
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "for_person")]
    uses: u32,
    /// Until when it is good: 12h, 7d or 2027-01-31
    #[arg(long, value_name = "WHEN", default_value = "7d")]
    expires: String,
    /// For somebody who was added here: whoever opens the link is them, and the bot knows them from then on
    #[arg(long = "for", value_name = "NAME")]
    for_person: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn invite(Invite { role, uses, expires, for_person, flags }: Invite) -> anyhow::Result<()> {
    let now = unix_now();
    let expires =
        when(&expires, now)?.ok_or_else(|| anyhow::anyhow!("an invitation ends; give --expires a time such as 7d"))?;
    let place = Place::open(flags).await?;
    let invited = match for_person {
        Some(name) => {
            let person = place.people.find(&name).await?;
            place.people.invite_to_be(&person, expires, Terminal, now).await?
        }
        None => place.people.invite(role, (uses, expires), Terminal, now).await?,
    };
    let Invited { invitation, secret } = invited;
    let people = if invitation.uses == 1 { "one person" } else { "that many people" };
    println!("This link lets {people} in as {} (uses: {}), until {}:", invitation.role, invitation.uses, date(expires));
    match place.people.bot_name().await? {
        Some(bot) => println!("  {}", place.addresses.invitation(&bot, &secret).as_str()),
        // Never signed in so far.
        None => println!("  https://t.me/YOUR_BOT?start=join_{secret}  (with your bot's name in it)"),
    }
    println!("Whoever has it can use it. `cinepost person uninvite {:.8}` takes it back.", invitation.id.to_string());
    Ok(())
}

pub async fn invitations(flags: Flags) -> anyhow::Result<()> {
    let place = Place::open(flags).await?;
    let invitations = place.people.invitations(unix_now()).await?;
    if invitations.is_empty() {
        println!("No invitation is good now. Make one with: cinepost person invite");
    }
    for invitation in invitations {
        let person = match invitation.person {
            Some(id) => place.people.get(id).await?.map(|person| format!(", for {}", person.name)),
            None => None,
        };
        println!(
            "{:.8}  {:<6}  uses left: {}, until {}{}",
            invitation.id.to_string(),
            invitation.role,
            invitation.uses,
            date(invitation.expires),
            person.unwrap_or_default(),
        );
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
pub struct Uninvite {
    /// Its first digits, as `cinepost person invitations` shows them
    id: String,
    #[command(flatten)]
    flags: Flags,
}

pub async fn uninvite(which: Uninvite) -> anyhow::Result<()> {
    let place = Place::open(which.flags).await?;
    place.people.take_back(&which.id, Terminal, unix_now()).await?;
    println!("Nobody comes in by that link any more.");
    Ok(())
}
