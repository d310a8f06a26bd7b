//! `cinepost channel posts`: every message of a channel accounted for. Files, and what was passed over, by its reason.

use std::fmt::Write;

use super::open;
use crate::config::Flags;
use crate::domain::passed_over::{PassedOver, Why};
use crate::domain::post::ChatId;
use crate::domain::text;
use crate::flows::channels::Accounts;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its id, like -1001234567890
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// How many of the newest that were passed over are shown, 100 at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    newest: usize,
    #[command(flatten)]
    flags: Flags,
}

pub async fn show(args: Args) -> anyhow::Result<()> {
    let chat: ChatId = args.id.parse()?;
    let (_, channels) = open(args.flags).await?;
    let Some(accounts) = channels.posts(chat).await? else {
        anyhow::bail!("{chat} is in no list; add it with: cinepost channel add {chat}");
    };
    print!("{}", words(&accounts, args.newest));
    Ok(())
}

fn words(accounts: &Accounts, newest: usize) -> String {
    let Accounts { channel, files, passed_over, newest: last } = accounts;
    let mut out = format!("{}  {}\n\n", channel.chat, text::escaped(&channel.title));
    let _ = writeln!(out, "{files:>8}  with a file: in the catalog, under review, or put aside");
    let mut by_number: Vec<(&Why, &u64)> = passed_over.iter().collect();
    by_number.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in by_number {
        let hint = why.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let _ = writeln!(out, "{count:>8}  passed over: {}{hint}", why.word());
    }
    if !last.is_empty() && newest > 0 {
        let _ = writeln!(out, "\nThe newest that were passed over:");
    }
    for PassedOver { at, why, about, .. } in last.iter().take(newest) {
        // As wide as the longest word.
        let _ = writeln!(out, "  {:<21}  {}  {}", why.word(), at.url(), text::escaped(about));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::channel::{Channel, Profile};
    use crate::domain::post::PostRef;

    #[test]
    fn every_message_is_accounted_for() {
        let chat = ChatId::from_bare(1_500_000_001).expect("in range");
        let one = |message, why, about: &str| PassedOver {
            at: PostRef { chat, message },
            date: 0,
            why,
            about: about.to_owned(),
        };
        let accounts = Accounts {
            channel: Channel { chat, title: "Films".to_owned(), active: true, profile: Profile::default() },
            files: 1_234,
            passed_over: BTreeMap::from([(Why::Text, 3), (Why::Photo, 20), (Why::Empty, 1)]),
            newest: vec![one(9, Why::Photo, ""), one(8, Why::Text, "a \u{1b}[31mword"), one(7, Why::Text, "")],
        };
        let wanted = "\
-1001500000001  Films

    1234  with a file: in the catalog, under review, or put aside
      20  passed over: photo
       3  passed over: text
       1  passed over: empty file (send it again)

The newest that were passed over:
  photo                  https://t.me/c/1500000001/9  
  text                   https://t.me/c/1500000001/8  a \\u{1b}[31mword
";
        assert_eq!(words(&accounts, 2), wanted);
        assert!(!words(&accounts, 0).contains("newest"));
    }
}
