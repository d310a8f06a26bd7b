//! `cinepost log`: the last lines of LOG_FILE, also while the program runs.

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::text;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many lines
    #[arg(long, default_value_t = 100)]
    lines: usize,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let lines = app::logs(&Config::from_flags(args.flags)?).last(args.lines).await?;
    for line in lines.lines() {
        // Somebody may have written to the file.
        println!("{}", text::escaped(line));
    }
    Ok(())
}
