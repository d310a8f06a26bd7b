//! `cinepost review [show|choose|ignore|again|rules]`: the files that need a person, and what the person decides. Works through the
//! store, beside the running program, which follows within seconds. On a terminal it asks, file by file.

mod asking;
mod lines;
mod rules;

use std::io::IsTerminal;

use anyhow::bail;
use serde_json::json;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::entry::{EntryId, ReasonKind};
use crate::domain::person::Actor::Terminal;
use crate::domain::post::ChatId;
use crate::domain::review::{ReviewPart, ReviewQuery};
use crate::domain::title::Kind;
use crate::flows::ingest::review::{Mended, Review, Spread, Wanted, Wish};
use crate::flows::unix_now;

/// Rows of one page.
const PAGE: u32 = 20;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Only these: not-found, ambiguous, no-episode, not-video, volumes, waiting or ignored
    #[arg(long)]
    why: Option<String>,
    /// Only files of this channel, like -1001234567890
    #[arg(long, allow_hyphen_values = true)]
    channel: Option<String>,
    /// Only files with these words in their name or caption
    #[arg(long, default_value = "")]
    find: String,
    /// Pages of 20, from 1
    #[arg(long, default_value_t = 1)]
    page: u32,
    /// Print the list, also on a terminal, and ask nothing
    #[arg(long)]
    list: bool,
    /// For machines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show a file: its reason, and the titles that it may be with what was weighed
    Show {
        /// The file's id, as the list shows it
        id: EntryId,
        /// For machines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Say what files are: a suggestion's number, an id or link of IMDb or TMDB, or a title such as Some Film 1999 or Some Series S01E02
    Choose(Choose),
    /// List files nowhere, neither in the library nor for review
    Ignore(Files),
    /// Take back what was decided of files, and look for their titles anew
    Again(Files),
    /// Show the rules: what reads alike and is one title
    Rules(Box<rules::Args>),
}

#[derive(Debug, clap::Args)]
struct Choose {
    /// One file's id or several, and what they are; nothing needs quotes
    #[arg(required = true, value_name = "ID... WHAT")]
    words: Vec<String>,
    /// Instead of WHAT: what its name says, taken for a film's or for an episode's
    #[arg(long = "as", value_name = "film|series")]
    as_kind: Option<String>,
    #[arg(long)]
    season: Option<u16>,
    #[arg(long, requires = "season")]
    episode: Option<u16>,
    /// The same for all files under review in its channel whose names read alike; numbers are moved with the first's
    #[arg(long, conflicts_with = "rule")]
    all_like_it: bool,
    /// The same for all files of its channel whose names read alike, those to come as well
    #[arg(long)]
    rule: bool,
    /// With --rule: in all channels
    #[arg(long, requires = "rule")]
    everywhere: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Args)]
struct Files {
    /// Ids, as the list shows them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<EntryId>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        None => list(args.list).await,
        Some(What::Show { id, json, flags }) => show(id, json, flags).await,
        Some(What::Choose(choose)) => choose.run().await,
        Some(What::Ignore(Files { ids, flags })) => {
            let files = open(flags).await?.ignore(&ids, Terminal, unix_now()).await?;
            println!("{} listed nowhere any more. `cinepost review again` takes it back.", lines::files_are(files));
            Ok(())
        }
        Some(What::Again(Files { ids, flags })) => {
            match open(flags).await?.again(&ids, Terminal, unix_now()).await? {
                0 => println!("Nothing was decided of these files; they have their titles."),
                files => println!("{} looked for anew; the running program does it.", lines::files_are(files)),
            }
            Ok(())
        }
        Some(What::Rules(args)) => rules::run(*args).await,
    }
}

async fn open(flags: Flags) -> anyhow::Result<Review> {
    app::open_review(&Config::from_flags(flags)?).await
}

impl List {
    fn query(&self) -> anyhow::Result<ReviewQuery> {
        let channel = self.channel.as_deref().map(str::parse::<ChatId>).transpose()?;
        let skip = self.page.saturating_sub(1).saturating_mul(PAGE);
        Ok(ReviewQuery { part: part(self.why.as_deref())?, channel, text: self.find.clone(), skip, limit: PAGE })
    }
}

fn part(why: Option<&str>) -> anyhow::Result<ReviewPart> {
    let listed = ReasonKind::ALL.into_iter().filter(|kind| *kind != ReasonKind::ByChannel);
    match why {
        None => Ok(ReviewPart::All),
        Some("ignored") => Ok(ReviewPart::Ignored),
        Some(word) => match listed.clone().find(|kind| kind.word() == word) {
            Some(kind) => Ok(ReviewPart::Because(kind)),
            None => {
                let words: Vec<&str> = listed.map(ReasonKind::word).collect();
                bail!("{word:?} is no reason; --why takes {} or ignored", words.join(", "))
            }
        },
    }
}

async fn list(args: List) -> anyhow::Result<()> {
    let query = args.query()?;
    let review = open(args.flags).await?;
    if !args.json && !args.list && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return asking::ask(&review, &query).await;
    }
    let page = review.page(&query).await?;
    if args.json {
        let rows: Vec<_> = page.rows.iter().map(|(entry, post)| lines::json_of(entry, *post)).collect();
        println!("{}", json!({ "total": page.total, "files": rows }));
        return Ok(());
    }
    for (entry, post) in &page.rows {
        println!("{}", lines::of(entry, *post));
    }
    println!("{}", lines::summary(&page, query.skip));
    Ok(())
}

async fn show(id: EntryId, json: bool, flags: Flags) -> anyhow::Result<()> {
    let shown = open(flags).await?.show(id).await?;
    match json {
        true => println!("{}", lines::json_of_shown(&shown)),
        false => println!("{}", lines::of_shown(&shown)),
    }
    Ok(())
}

impl Choose {
    async fn run(self) -> anyhow::Result<()> {
        let (ids, what) = ids_and_what(&self.words);
        if ids.is_empty() {
            bail!("the first word is to be a file's id, as `cinepost review` lists it; {:?} is none", self.words[0]);
        }
        let wanted = match (self.as_kind.as_deref(), what.as_str()) {
            (None, "") => bail!("say what it is: a suggestion's number, an id, a title; or --as film, --as series"),
            (None, what) => Wanted::read(what),
            (Some("film"), "") => Wanted::As(Kind::Movie),
            (Some("series"), "") => Wanted::As(Kind::Series),
            (Some("film" | "series"), what) => bail!("say {what:?} or --as, not both"),
            (Some(other), _) => bail!("{other:?} is neither film nor series"),
        };
        let wish = Wish { wanted, season: self.season, episode: self.episode };
        let spread = match (self.all_like_it, self.rule, self.everywhere) {
            (true, ..) => Spread::Alike,
            (_, true, false) => Spread::Rule,
            (_, true, true) => Spread::RuleForAll,
            _ => Spread::These,
        };
        let mended = open(self.flags).await?.choose(&ids, &wish, spread, Terminal, unix_now()).await?;
        println!("{}", said(&mended));
        Ok(())
    }
}

/// What a decision came to, for whoever decided.
fn said(mended: &Mended) -> String {
    let mut said = format!("{} {}.", lines::files_are(mended.files), mended.title);
    if let Some(rule) = mended.rule {
        said.push_str(&format!(
            " So is what reads like it, now and later: rule {rule}. The running program looks at what is there: cinepost jobs"
        ));
    }
    said
}

/// Ids stand first; the rest is what the files are.
fn ids_and_what(words: &[String]) -> (Vec<EntryId>, String) {
    let ids: Vec<EntryId> = words.iter().map_while(|word| word.parse().ok()).collect();
    let what = words[ids.len()..].join(" ");
    (ids, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_first_and_the_rest_is_the_title() {
        let id = EntryId::from_bytes([1; 12]);
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let cases = [
            (format!("{id} 2"), (vec![id], "2")),
            (format!("{id} {id} Some Film 1999"), (vec![id, id], "Some Film 1999")),
            (format!("{id}"), (vec![id], "")),
            ("Some Film".to_owned(), (vec![], "Some Film")),
        ];
        for (line, (ids, what)) in cases {
            assert_eq!(ids_and_what(&words(&line)), (ids, what.to_owned()), "{line}");
        }
    }

    #[test]
    fn reasons_are_named_by_their_words() {
        assert_eq!(part(Some("ambiguous")).expect("a reason"), ReviewPart::Because(ReasonKind::Ambiguous));
        assert_eq!(part(Some("ignored")).expect("a part"), ReviewPart::Ignored);
        let wrong = part(Some("lost")).expect_err("no reason").to_string();
        assert!(
            wrong.ends_with("--why takes not-found, ambiguous, no-episode, not-video, volumes, waiting or ignored")
        );
    }
}
