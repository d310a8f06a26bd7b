//! `cinepost titles [fetch|find]`: the title index, beside the running program, which takes a new one into use within half a minute.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::bail;
use time::OffsetDateTime;
use time::macros::format_description;
use title_index::{Edits, Found, Id, Kind, Wanted};

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::limits::size_text;
use crate::flows::titles::{Fetched, State, TERMS, Titles};
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
    /// Say how the index stands (also what happens without a word)
    Status(Flags),
    /// Fetch the lists that TITLE_INDEX names, if they changed, and make the index of them
    Fetch(Flags),
    /// Ask the index for a name, as it stands in a file's name or on a poster
    Find {
        /// Several words need no quotes
        #[arg(required = true, value_name = "NAME")]
        name: Vec<String>,
        /// Only titles of this year and those beside it
        #[arg(long)]
        year: Option<u16>,
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        None => status(args.flags).await,
        Some(What::Status(flags)) => status(flags).await,
        Some(What::Fetch(flags)) => fetch(flags).await,
        Some(What::Find { name, year, flags }) => find(&name.join(" "), year, flags).await,
    }
}

async fn open(flags: Flags) -> anyhow::Result<Titles> {
    let titles = app::titles(&Config::from_flags(flags)?);
    titles.open().await;
    Ok(titles)
}

async fn status(flags: Flags) -> anyhow::Result<()> {
    println!("{}", status_text(&open(flags).await?.state()));
    Ok(())
}

fn status_text(state: &State) -> String {
    const FETCH: &str = "`cinepost titles fetch` makes one now; the running program makes one by itself";
    match state {
        State::Off => {
            format!("There is no title index: TITLE_INDEX names no list. It takes imdb, tmdb or imdb,tmdb. {TERMS}")
        }
        State::Missing => format!("There is no title index yet: {FETCH}."),
        State::Refused(why) => format!("The title index cannot be used, {why}: {FETCH}."),
        State::Ready(holds) => {
            let lists = match (holds.sources.imdb, holds.sources.tmdb) {
                (true, true) => "IMDb's and TMDB's lists",
                (true, false) => "IMDb's lists",
                _ => "TMDB's lists",
            };
            let (titles, keys, size) = (holds.titles, holds.keys, size_text(holds.bytes));
            format!("{titles} titles under {keys} names, {size}, made of {lists} on {}", moment(holds.built))
        }
    }
}

/// Unix seconds as people read them.
fn moment(secs: i64) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(secs).ok().and_then(|time| time.format(form).ok()).unwrap_or_default()
}

async fn fetch(flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let titles = app::titles(&config);
    titles.open().await;
    if titles.sources().is_empty() {
        bail!("TITLE_INDEX names no list; it takes imdb, tmdb or imdb,tmdb. {TERMS}");
    }
    if titles.sources().imdb {
        println!("{TERMS}");
    }
    app::make_private_dir(&config.data_dir)?;
    let began = Instant::now();
    let shown = AtomicU64::new(0);
    let is_watched = std::io::stdout().is_terminal();
    let progress = |bytes: u64| {
        // Every few megabytes is often enough for eyes.
        if is_watched && bytes - shown.load(Ordering::Relaxed) > 4 << 20 {
            shown.store(bytes, Ordering::Relaxed);
            print!("\r{} fetched ", size_text(bytes));
            let _ = std::io::stdout().flush();
        }
    };
    let fetched = titles.fetch(unix_now(), &progress).await?;
    if shown.into_inner() > 0 {
        println!();
    }
    match fetched {
        Fetched::Unchanged => println!("The lists have not changed."),
        Fetched::Built(_) => println!("{}; took {} s", status_text(&titles.state()), began.elapsed().as_secs()),
    }
    Ok(())
}

async fn find(name: &str, year: Option<u16>, flags: Flags) -> anyhow::Result<()> {
    let titles = open(flags).await?;
    if !titles.is_ready() {
        bail!("{}", status_text(&titles.state()));
    }
    let began = Instant::now();
    let found = titles.look_up(&Wanted { names: &[name], year, kind: None, edits: Edits::One });
    print!("{}", found_text(&found));
    println!("{} found in {:.2} ms", found.len(), began.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}

fn found_text(found: &[Found]) -> String {
    let mut text = String::new();
    for one in found {
        let id = match (one.id, one.kind) {
            (Id::Imdb(number), _) => format!("tt{number:07}"),
            (Id::Tmdb(number), Kind::Film) => format!("tmdb:movie/{number}"),
            (Id::Tmdb(number), Kind::Series) => format!("tmdb:tv/{number}"),
        };
        let kind = if one.kind == Kind::Film { "film" } else { "series" };
        let year = one.year.map(|year| format!(" ({year})")).unwrap_or_default();
        let runtime = one.runtime_mins.map(|mins| format!(", {mins} min")).unwrap_or_default();
        let known = match (one.votes, one.popularity) {
            (0, 0) => String::new(),
            (0, popularity) => format!(", popularity {:.1}", f64::from(popularity) / 1000.0),
            (votes, _) => format!(", {votes} votes"),
        };
        let far = if one.distance == 0 { "" } else { ", one letter off" };
        let _ = writeln!(text, "  {id:<18}  {}{year}: {kind}{runtime}{known}{far}", one.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::titles::Holds;

    #[test]
    fn each_state_says_what_to_do() {
        for (state, said) in [
            (State::Off, "TITLE_INDEX names no list"),
            (State::Missing, "`cinepost titles fetch` makes one now"),
            (State::Refused("it is damaged".to_owned()), "cannot be used, it is damaged: `cinepost titles fetch`"),
        ] {
            assert!(status_text(&state).contains(said), "{}", status_text(&state));
        }
        let sources = Titles::none().sources();
        let holds = Holds { titles: 12, keys: 30, bytes: 2 << 20, built: 1_700_049_600, sources };
        assert!(status_text(&State::Ready(holds)).ends_with("on 2023-11-15 12:00 UTC"));
    }

    #[test]
    fn what_is_found_is_one_line_each() {
        let film = Found {
            id: Id::Imdb(133_093),
            kind: Kind::Film,
            name: "The Matrix".to_owned(),
            year: Some(1999),
            runtime_mins: Some(136),
            votes: 2_000_000,
            popularity: 0,
            distance: 1,
            asked: 0,
        };
        let bare = Found { id: Id::Tmdb(7), year: None, runtime_mins: None, votes: 0, distance: 0, ..film.clone() };
        let wanted = "  tt0133093           The Matrix (1999): film, 136 min, 2000000 votes, one letter off\n  \
                      tmdb:movie/7        The Matrix: film\n";
        assert_eq!(found_text(&[film, bare]), wanted);
    }
}
