//! `cinepost subtitles [ID | shift FILE SECONDS]`: which subtitles stand beside a film or an episode, and moving those that come too early
//! or too late.

use anyhow::{Context, bail};

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::entry::EntryId;
use crate::domain::person::Actor;
use crate::domain::subtitles::language;
use crate::flows::subtitles::Subtitles;
use crate::flows::unix_now;
use crate::protocols::stremio::ContentId;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// The film's id (tt0063350), the episode's (tt0944947:1:2), or that of a file without a title (cinepost:…)
    id: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show subtitles later, or earlier with a minus; 0 takes it back
    Shift {
        /// The id of the subtitles, as the list shows it
        file: EntryId,
        /// Such as 1.5 or -0.25, counted from the times in the file
        #[arg(allow_hyphen_values = true)]
        seconds: String,
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        Some(What::Shift { file, seconds, flags }) => shift(file, &seconds, flags).await,
        None => match args.id {
            Some(id) => list(&id, args.flags).await,
            None => bail!("say of what: cinepost subtitles tt0063350, or tt0944947:1:2 for an episode"),
        },
    }
}

async fn open(flags: Flags) -> anyhow::Result<Subtitles> {
    app::open_subtitles(&Config::from_flags(flags)?).await
}

async fn list(id: &str, flags: Flags) -> anyhow::Result<()> {
    let id: ContentId = id.parse().map_err(anyhow::Error::msg)?;
    let listed = open(flags).await?.of(id).await?;
    if listed.is_empty() {
        println!("There are none. Post them to a channel, in answer to the film or under its name.");
    }
    for (entry, shift) in listed {
        let moved = if shift == 0 { String::new() } else { format!("  ({})", in_seconds(shift)) };
        println!("{}  {:<5}  {}{moved}", entry.id, language(&entry).unwrap_or("?"), entry.name);
    }
    Ok(())
}

async fn shift(file: EntryId, seconds: &str, flags: Flags) -> anyhow::Result<()> {
    let ms =
        milliseconds(seconds).with_context(|| format!("{seconds:?} is no number of seconds, such as 1.5 or -0.25"))?;
    let entry = open(flags).await?.shift(file, ms, Actor::Terminal, unix_now()).await?;
    match ms {
        0 => println!("{} is shown at its own times.", entry.name),
        _ => println!("{} is moved by {}. Choose it anew in the player.", entry.name, in_seconds(ms)),
    }
    Ok(())
}

fn milliseconds(seconds: &str) -> Option<i64> {
    let seconds: f64 = seconds.trim().replace(',', ".").parse().ok()?;
    (seconds.abs() < 1e9).then(|| (seconds * 1000.0).round() as i64)
}

/// `+1.5 s`.
fn in_seconds(ms: i64) -> String {
    format!("{:+} s", ms as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_as_people_write_them() {
        let cases = [
            ("1.5", Some(1500)),
            ("-0,25", Some(-250)),
            ("+2", Some(2000)),
            ("0", Some(0)),
            ("x", None),
            ("inf", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(milliseconds(text), wanted, "{text}");
        }
        assert_eq!((in_seconds(1500), in_seconds(-250)), ("+1.5 s".to_owned(), "-0.25 s".to_owned()));
    }
}
