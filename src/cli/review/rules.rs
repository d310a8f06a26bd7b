//! `cinepost review rules [remove N]`.

use serde_json::json;

use crate::config::Flags;
use crate::domain::person::Actor::Terminal;
use crate::domain::review::{NewRule, Rule, RuleId, Shift};
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// For machines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Forget a rule; files that have their title by it are looked at anew
    Remove {
        /// The rule's number, such as 3
        #[arg(value_name = "N")]
        id: RuleId,
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    if let Some(What::Remove { id, flags }) = args.what {
        let removed = super::open(flags).await?.remove_rule(id, Terminal, unix_now()).await?;
        println!("Forgot rule {id}: {}. The running program looks at its files anew: cinepost jobs", removed.words());
        return Ok(());
    }
    let rules = super::open(args.flags).await?.rules().await?;
    if args.json {
        println!("{}", json!(rules.iter().map(json_of).collect::<Vec<_>>()));
        return Ok(());
    }
    if rules.is_empty() {
        println!("No rule yet. One is made with: cinepost review choose ID WHAT --rule");
    }
    for rule in &rules {
        println!("{}", line(rule));
    }
    Ok(())
}

fn line(rule: &Rule) -> String {
    let Rule { id, rule: NewRule { channel, title, shift, .. } } = rule;
    let scope = channel.map_or_else(|| "all channels".to_owned(), |chat| chat.to_string());
    format!("{:>4}  {scope}  {} [{}]{}", id.0, rule.words(), title.id, shift_text(*shift))
}

fn shift_text(shift: Shift) -> String {
    let season = shift.season.map(|season| format!("season {season} where none is said"));
    let seasons = (shift.seasons != 0).then(|| format!("seasons {:+}", shift.seasons));
    let episodes = (shift.episodes != 0).then(|| format!("episodes {:+}", shift.episodes));
    let said: Vec<String> = [season, seasons, episodes].into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!(", {}", said.join(", ")) }
}

fn json_of(Rule { id, rule }: &Rule) -> serde_json::Value {
    json!({
        "id": id,
        "channel": rule.channel.map(|chat| chat.get()),
        "example": rule.example.name,
        "reads_as": rule.reads_as,
        "kind": rule.title.kind,
        "title": rule.title.name,
        "year": rule.title.year,
        "title_id": rule.title.id.to_string(),
        "shift": rule.shift,
        "by": rule.by,
        "at": rule.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_how_it_moves_numbers() {
        let shift = |season, seasons, episodes| shift_text(Shift { season, seasons, episodes });
        assert_eq!(shift(None, 0, 0), "");
        assert_eq!(shift(Some(2), 0, -12), ", season 2 where none is said, episodes -12");
        assert_eq!(shift(None, 1, 0), ", seasons +1");
    }
}
