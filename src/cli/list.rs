//! `cinepost list make|rename|remove|add|take|for|show`: lists of titles made by hand, each a catalog in Stremio for who may see it.

use std::collections::BTreeSet;

use anyhow::Context;

use super::names::Names;
use crate::app;
use crate::config::{Config, Flags};
use crate::domain::list::{ByIds, List};
use crate::domain::person::Actor;
use crate::domain::title::{Kind, Title, TitleIds};
use crate::flows::lists::{Change, Lists, named};
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make an empty list, for everybody until `for` says otherwise
    Make {
        /// Its name, as it stands in Stremio
        name: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Call a list otherwise
    Rename {
        /// Its name or its number
        list: String,
        /// Its new name
        name: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Remove a list; its titles stay in the library
    Remove {
        /// Its name or its number
        list: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Put a title into a list, or to another place in it
    Add {
        /// The list's name or its number
        list: String,
        /// The title's id (tt0063350, tmdb:10331), or its name
        #[arg(required = true, value_name = "TITLE")]
        title: Vec<String>,
        /// Its place, counted from 1; the end unless said
        #[arg(long)]
        at: Option<usize>,
        #[command(flatten)]
        of: OfKind,
        #[command(flatten)]
        flags: Flags,
    },
    /// Take a title out of a list
    Take {
        /// The list's name or its number
        list: String,
        /// The title's id (tt0063350, tmdb:10331), or its name
        #[arg(required = true, value_name = "TITLE")]
        title: Vec<String>,
        #[command(flatten)]
        of: OfKind,
        #[command(flatten)]
        flags: Flags,
    },
    /// Say who sees a list: a role with those above it, and people by name
    For {
        /// The list's name or its number
        list: String,
        /// guests (everybody), members, admins or owner (nobody else)
        who: String,
        /// Who else, whatever their role; may be given several times
        #[arg(long = "person", value_name = "NAME")]
        people: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Show what is in a list
    Show {
        /// The list's name or its number
        list: String,
        #[command(flatten)]
        flags: Flags,
    },
}

/// Which of two titles of one name or number.
#[derive(Debug, clap::Args)]
struct OfKind {
    /// The film, not the series
    #[arg(long, conflicts_with = "series")]
    film: bool,
    /// The series, not the film
    #[arg(long)]
    series: bool,
}

impl OfKind {
    fn kind(&self) -> Option<Kind> {
        self.film.then_some(Kind::Movie).or(self.series.then_some(Kind::Series))
    }
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        None => all(args.flags).await,
        Some(What::Make { name, flags }) => {
            let list = open(flags).await?.1.make(&name, Actor::Terminal, unix_now()).await?;
            println!("Made list {} “{}”. Put titles into it: cinepost list add {} NIGHT", list.id, list.name, list.id);
            println!(
                "Apps keep what an addon said when it was installed: install it anew in each to see a new list there."
            );
            Ok(())
        }
        Some(What::Rename { list, name, flags }) => {
            change(&list, flags, async |_, _, _| Ok((Change::Rename(name), None))).await
        }
        Some(What::Remove { list, flags }) => {
            let (_, lists) = open(flags).await?;
            let list = lists.find(&list).await?;
            lists.remove(&list, Actor::Terminal, unix_now()).await?;
            println!("List {} “{}” is gone; its titles are not.", list.id, list.name);
            Ok(())
        }
        Some(What::Add { list, title, at, of, flags }) => {
            change(&list, flags, async |_, lists, _| {
                let title = lists.title(&title.join(" "), of.kind()).await?;
                let said = format!("Put in: {}", with_id(title.ids, Some(&title)));
                Ok((Change::Put(ByIds::of(&title), at), Some(said)))
            })
            .await
        }
        Some(What::Take { list, title, of, flags }) => {
            change(&list, flags, async |_, lists, list| {
                let (by_ids, title) = lists.title_in(list, &title.join(" "), of.kind()).await?;
                Ok((Change::TakeOut(by_ids), Some(format!("Taken out: {}", with_id(by_ids.ids, title.as_ref())))))
            })
            .await
        }
        Some(What::For { list, who, people, flags }) => {
            change(&list, flags, async |config, _, _| Ok((show_to(config, &who, &people).await?, None))).await
        }
        Some(What::Show { list, flags }) => show(&list, flags).await,
    }
}

async fn open(flags: Flags) -> anyhow::Result<(Config, Lists)> {
    let config = Config::from_flags(flags)?;
    let lists = app::open_lists(&config).await?;
    Ok((config, lists))
}

/// Changes a list by what `wanted` comes to, says what that was, and shows it.
async fn change(
    list: &str,
    flags: Flags,
    wanted: impl AsyncFnOnce(&Config, &Lists, &List) -> anyhow::Result<(Change, Option<String>)>,
) -> anyhow::Result<()> {
    let (config, lists) = open(flags).await?;
    let list = lists.find(list).await?;
    let (change, said) = wanted(&config, &lists, &list).await?;
    let (list, is_change) = lists.change(list.id, &change, Actor::Terminal, unix_now()).await?;
    if let Some(said) = said {
        println!("{said}");
    }
    if !is_change {
        println!("That is so already.");
    }
    println!("{}", line(&list, &names(&config).await?));
    Ok(())
}

async fn show_to(config: &Config, who: &str, people: &[String]) -> anyhow::Result<Change> {
    let audience = who.parse()?;
    let known = app::open_people(config).await?;
    let mut ids = BTreeSet::new();
    for name in people {
        let wanted = name.to_lowercase();
        let all = known.all().await?;
        let person = all.into_iter().find(|person| person.name.to_lowercase() == wanted && !person.is_removed);
        ids.insert(person.with_context(|| format!("nobody is called {name:?}: cinepost person list"))?.id);
    }
    Ok(Change::ShowTo(audience, ids))
}

async fn names(config: &Config) -> anyhow::Result<Names> {
    Ok(Names::of(&app::open_people(config).await?).await?)
}

async fn all(flags: Flags) -> anyhow::Result<()> {
    let (config, lists) = open(flags).await?;
    let (all, names) = (lists.all().await?, names(&config).await?);
    if all.is_empty() {
        println!("There is no list yet: cinepost list make NAME");
    }
    all.iter().for_each(|list| println!("{}", line(list, &names)));
    Ok(())
}

async fn show(list: &str, flags: Flags) -> anyhow::Result<()> {
    let (config, lists) = open(flags).await?;
    let list = lists.find(list).await?;
    println!("{}", line(&list, &names(&config).await?));
    for (at, listed) in list.titles.iter().enumerate() {
        // By its id it is one title, if it is still known.
        let name = match lists.title(&listed.id.to_string(), Some(listed.kind)).await {
            Ok(title) => named(&title),
            Err(_) => UNKNOWN.to_owned(),
        };
        println!("  {:>3}  {:<6} {:<12} {name}", at + 1, listed.kind.as_str(), listed.id.to_string());
    }
    Ok(())
}

const UNKNOWN: &str = "not known any more";

/// `Night of the Living Dead (1968), tt0063350`.
fn with_id(ids: TitleIds, title: Option<&Title>) -> String {
    let id = ids.preferred().map_or_else(String::new, |id| id.to_string());
    format!("{}, {id}", title.map_or_else(|| UNKNOWN.to_owned(), named))
}

/// A list in one line: what it is called, how much is in it, who sees it.
fn line(list: &List, names: &Names) -> String {
    let people: Vec<String> = list.people.iter().map(|person| names.get(*person)).collect();
    let and = if people.is_empty() { String::new() } else { format!(" and {}", people.join(", ")) };
    format!("{:>3}  {}: {} titles, for {}{and}", list.id, list.name, list.titles.len(), list.audience.word())
}
