//! `cinepost doctor`: every setting, bot, channel, database and key, each with its state and how to mend it.

use anyhow::bail;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::text;
use crate::flows::health::{Finding, State};

pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let findings = app::examine(&Config::from_environment(flags)).await;
    print(&findings);
    match findings.iter().filter(|f| f.state == State::Bad).count() {
        0 => Ok(()),
        1 => bail!("one thing needs mending"),
        n => bail!("{n} things need mending"),
    }
}

/// One line each, and another for what mends it.
pub fn print(findings: &[Finding]) {
    for finding in findings {
        let mark = match finding.state {
            State::Good => "ok  ",
            State::Worth => "note",
            State::Bad => "BAD ",
        };
        // What others said (a database, Telegram, a channel's title) goes to a terminal.
        println!("{mark}  {}: {}", text::escaped(&finding.what), text::escaped(&finding.says));
        if let Some(fix) = &finding.fix {
            println!("      -> {}", text::escaped(fix));
        }
    }
}
