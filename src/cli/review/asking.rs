//! On a terminal: one file after the other, and a line for each.

use std::io::{BufRead, Write as _};

use super::{lines, said};
use crate::domain::entry::{EntryId, Status};
use crate::domain::person::Actor::Terminal;
use crate::domain::review::{ReviewPart, ReviewQuery};
use crate::flows::ingest::review::{Error, Review, Spread, Wanted};
use crate::flows::unix_now;

const HELP: &str = "\
  1 to 9        that suggestion
  an id         tt0063350, tmdb:10331, or a link to IMDb or TMDB
  a title       Some Film 1999, Some Series S01E02
  … !           with an exclamation mark at the end: so is all of its channel that reads like it, later ones too
  s, or nothing skip        i ignore: listed nowhere        q quit";

/// Files that are asked about in one go; a longer list begins again at the next call.
const MOST: usize = 2_000;

/// What somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reply {
    Skip,
    Ignore,
    Quit,
    Help,
    Choose(Wanted, Spread),
}

impl Reply {
    fn read(line: &str) -> Self {
        let line = line.trim();
        match line {
            "" | "s" | "skip" => return Self::Skip,
            "i" | "ignore" => return Self::Ignore,
            "q" | "quit" => return Self::Quit,
            "?" | "h" | "help" | "!" => return Self::Help,
            _ => {}
        }
        match line.strip_suffix('!') {
            // "Help!" is a film.
            Some(before) if before.ends_with(' ') || before.parse::<u8>().is_ok() => {
                Self::Choose(Wanted::read(before), Spread::Rule)
            }
            _ => Self::Choose(Wanted::read(line), Spread::These),
        }
    }
}

/// Asks about each file of the list that the query finds, from its first on.
pub async fn ask(review: &Review, query: &ReviewQuery) -> anyhow::Result<()> {
    let ids = listed(review, query).await?;
    if ids.is_empty() {
        println!("Nothing needs you here.");
        return Ok(());
    }
    println!("{HELP}\n");
    let mut typed = std::io::stdin().lock().lines();
    let count = ids.len();
    for (at, id) in (1..).zip(ids) {
        // A rule, or somebody else, may have dealt with it meanwhile.
        let Ok(shown) = review.show(id).await else { continue };
        let is_listed = shown.entry.status.reason().is_some() && !shown.entry.status.is_tried_again_now();
        if !is_listed && query.part != ReviewPart::Ignored || matches!(shown.entry.status, Status::Matched { .. }) {
            continue;
        }
        println!("{at} of {count}  {}", lines::of_shown(&shown));
        loop {
            print!("> ");
            std::io::stdout().flush()?;
            let Some(line) = typed.next().transpose()? else { return Ok(()) };
            match Reply::read(&line) {
                Reply::Quit => return Ok(()),
                Reply::Help => println!("{HELP}"),
                reply => match follow(review, id, reply).await {
                    Ok(Some(said)) => {
                        println!("{said}\n");
                        break;
                    }
                    Ok(None) => break,
                    // What was typed is mended by typing something else.
                    Err(Error::Database(error)) => return Err(error.into()),
                    Err(error) => println!("  {error}"),
                },
            }
        }
    }
    println!("That was all.");
    Ok(())
}

async fn listed(review: &Review, query: &ReviewQuery) -> anyhow::Result<Vec<EntryId>> {
    let (mut ids, mut query) = (Vec::new(), ReviewQuery { limit: 100, ..query.clone() });
    while ids.len() < MOST {
        let page = review.page(&query).await?;
        if page.rows.is_empty() {
            break;
        }
        query.skip += page.rows.len() as u32;
        ids.extend(page.rows.iter().map(|(entry, _)| entry.id));
    }
    Ok(ids)
}

/// What there is to say of it.
async fn follow(review: &Review, id: EntryId, reply: Reply) -> Result<Option<String>, Error> {
    let now = unix_now();
    Ok(match reply {
        Reply::Skip | Reply::Quit | Reply::Help => None,
        Reply::Ignore => {
            review.ignore(&[id], Terminal, now).await?;
            Some("It is listed nowhere any more.".to_owned())
        }
        Reply::Choose(wanted, spread) => {
            Some(said(&review.choose(&[id], &wanted.into(), spread, Terminal, now).await?))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_people_mean_it() {
        let typed = |text: &str| Wanted::Typed(text.to_owned());
        for (line, wanted) in [
            ("", Reply::Skip),
            ("s", Reply::Skip),
            ("i", Reply::Ignore),
            ("q", Reply::Quit),
            ("?", Reply::Help),
            ("2", Reply::Choose(Wanted::Suggestion(2), Spread::These)),
            ("2!", Reply::Choose(Wanted::Suggestion(2), Spread::Rule)),
            (" tt0063350 ", Reply::Choose(typed("tt0063350"), Spread::These)),
            ("Some Series S01E02 !", Reply::Choose(typed("Some Series S01E02"), Spread::Rule)),
            ("Help!", Reply::Choose(typed("Help!"), Spread::These)),
            ("1984", Reply::Choose(typed("1984"), Spread::These)),
        ] {
            assert_eq!(Reply::read(line), wanted, "{line:?}");
        }
    }
}
