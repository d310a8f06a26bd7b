//! `cinepost person ...`: who is here, what they are, and how it ends. The running program follows within a second.
//!
//! ```text
//! letting_in    add, invite, invitations, uninvite, approve, decline, renew, sign-in
//! changing      role, expire, channels, rename, disable, ban, enable, remove
//! showing       list, show, log
//! ```

mod changing;
mod letting_in;
mod showing;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::person::Person;
use crate::flows::people::People;
use crate::protocols::addresses::Addresses;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Add somebody: prints their install link
    Add(letting_in::Add),
    /// Make a link by which people come in through the bot
    Invite(letting_in::Invite),
    /// Show the invitations that are good now
    Invitations {
        #[command(flatten)]
        flags: Flags,
    },
    /// Take an invitation back
    Uninvite(letting_in::Uninvite),
    /// Let somebody in who waits for approval
    Approve(Named),
    /// Say no to somebody who waits for approval; they cannot ask again
    Decline(Named),
    /// End every link of somebody and print a new one
    Renew(Named),
    /// Print a one-time link that lets a browser in as somebody; admins get to the owner's page by it
    SignIn(Named),
    /// Make somebody an admin, a member or a guest
    Role(changing::RoleOf),
    /// Say when somebody's access ends by itself
    Expire(changing::Expire),
    /// Say which channels' films are there for somebody
    Channels(changing::Channels),
    /// Call somebody otherwise
    Rename(changing::Rename),
    /// Pause somebody's access: what they watch stops, and their links work again afterwards
    Disable(changing::KeepOut),
    /// End every link of somebody for good and keep them out
    Ban(changing::KeepOut),
    /// End a pause or a ban
    #[command(visible_alias = "unban")]
    Enable(Named),
    /// Take somebody's access away: their links stop working, and what they watch stops
    Remove(Named),
    /// Show everybody, or those whose name or Telegram name holds a text
    List(showing::List),
    /// Show all that is kept of somebody
    Show(Named),
    /// Show what admins did, the newest first
    Log(showing::Log),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// What they are called (several words need no quotes), or their @name or number on Telegram
    #[arg(required = true, value_name = "NAME")]
    name: Vec<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Add(new) => letting_in::add(new).await,
        What::Invite(invite) => letting_in::invite(invite).await,
        What::Invitations { flags } => letting_in::invitations(flags).await,
        What::Uninvite(which) => letting_in::uninvite(which).await,
        What::Approve(who) => letting_in::approve(who).await,
        What::Decline(who) => letting_in::decline(who).await,
        What::Renew(who) => letting_in::renew(who).await,
        What::SignIn(who) => letting_in::sign_in(who).await,
        What::Role(change) => changing::role(change).await,
        What::Expire(change) => changing::expire(change).await,
        What::Channels(change) => changing::channels(change).await,
        What::Rename(change) => changing::rename(change).await,
        What::Disable(who) => changing::disable(who).await,
        What::Ban(who) => changing::ban(who).await,
        What::Enable(who) => changing::enable(who).await,
        What::Remove(who) => changing::remove(who).await,
        What::List(which) => showing::list(which).await,
        What::Show(who) => showing::show(who).await,
        What::Log(which) => showing::log(which).await,
    }
}

/// The program's data and addresses.
struct Place {
    addresses: Addresses,
    people: People,
}

impl Place {
    async fn open(flags: Flags) -> anyhow::Result<Self> {
        let config = Config::from_flags(flags)?;
        let people = app::open_people(&config).await?;
        people.owner().await?;
        Ok(Self { addresses: app::addresses(&config.base_url)?, people })
    }

    async fn with(flags: Flags, name: &[String]) -> anyhow::Result<(Self, Person)> {
        let place = Self::open(flags).await?;
        let person = place.people.find(&name.join(" ")).await?;
        Ok((place, person))
    }
}
