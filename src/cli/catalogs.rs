//! `cinepost catalogs [show]`: which catalogs stand in Stremio, and in which order.

use crate::app;
use crate::config::{Config, Flags};
use crate::flows::unix_now;
use crate::protocols::stremio::Shown;

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
    /// Show these catalogs alone, in this order
    Show {
        /// Their names, as `cinepost catalogs` prints them; `lists` stands for all lists made by hand
        #[arg(required = true, value_name = "CATALOG")]
        catalogs: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Show all of them again, in their own order
    Reset(Flags),
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        None => {
            let shown = app::open_catalogs(&Config::from_flags(args.flags)?).await?.shown().await?;
            print!("{}", said(&shown));
            Ok(())
        }
        Some(What::Show { catalogs, flags }) => show(&catalogs.join(" ").parse()?, flags).await,
        Some(What::Reset(flags)) => show(&Shown::default(), flags).await,
    }
}

async fn show(shown: &Shown, flags: Flags) -> anyhow::Result<()> {
    let catalogs = app::open_catalogs(&Config::from_flags(flags)?).await?;
    catalogs.show(shown, crate::domain::person::Actor::Terminal, unix_now()).await?;
    print!("{}", said(shown));
    println!("Apps keep what an addon said when it was installed: install it anew in each to see this there.");
    Ok(())
}

fn said(shown: &Shown) -> String {
    let mut text = format!("shown: {shown}\n");
    let all = Shown::default();
    if *shown != all {
        text.push_str(&format!("all there are: {all}\n"));
    }
    if !shown.has_search() {
        text.push_str("Stremio's search finds no title: it asks `newest` and `rating`, of which neither is shown.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_what_there_is_and_what_is_lost() {
        assert_eq!(said(&Shown::default()).lines().count(), 1);
        let some: Shown = "popular lists".parse().expect("two catalogs");
        let text = said(&some);
        assert!(text.starts_with("shown: popular lists\nall there are: newest "), "{text}");
        assert!(text.contains("Stremio's search finds no title"), "{text}");
    }
}
