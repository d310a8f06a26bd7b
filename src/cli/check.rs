//! `cinepost check`: compares what stands here with what stands in the channels. The running program does it, as a job; this
//! command follows it to its end.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::check::Report;
use crate::domain::job::{Job, JobId, State};
use crate::domain::post::ChatId;
use crate::domain::text;
use crate::flows::ingest::check::{Checks, Options};
use crate::flows::unix_now;

/// Between two looks at the job.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A program that runs begins it within two seconds, unless many jobs are before it.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// One channel, like -1001234567890; else all that are watched
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    channel: Option<String>,
    /// Look at every message
    #[arg(long, conflicts_with = "sample")]
    full: bool,
    /// Look at about so many, the newest and others by chance
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    sample: u32,
    /// Put right what differs; nothing is ever changed in Telegram
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Fails when something differs and was not put right.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let channel: Option<ChatId> = args.channel.map(|id| id.parse()).transpose()?;
    let options = Options { channel, sample: (!args.full).then_some(args.sample), repair: args.repair };
    let checks = app::open_checks(&Config::from_flags(args.flags)?).await?;
    let id = checks.queue(&options, unix_now()).await?.id();
    let job = follow(&checks, id).await?;
    let Some(report) = Report::of(&job).filter(|_| job.state == State::Done) else {
        bail!("the check {}: {}", job.state.word(), text::escaped(&job.says));
    };
    print!("{}", words(&report));
    if report.channels == 0 {
        bail!("there was no channel to look at");
    }
    match report.left() {
        0 => Ok(()),
        1 => bail!("one message differs; put it right with --repair"),
        left => bail!("{left} messages differ; put them right with --repair"),
    }
}

/// Shows how far it is, where somebody looks, until it has ended.
async fn follow(checks: &Checks, id: JobId) -> anyhow::Result<Job> {
    let begin = Instant::now();
    let mut shown = String::new();
    loop {
        let Some(job) = checks.job(id).await? else { bail!("job {id} was removed before it ended") };
        if job.state.has_ended() {
            if !shown.is_empty() {
                eprintln!();
            }
            return Ok(job);
        }
        if job.began.is_none() && begin.elapsed() > PATIENCE {
            bail!(
                "nobody began the check: start the program, which then does it as job {id} (cinepost jobs show {id})"
            );
        }
        let now = match job.state {
            State::Retrying => format!("waits: {}", text::escaped(&job.says)),
            _ => job.progress.words(job.secs(unix_now())),
        };
        if now != shown && !now.is_empty() {
            eprint!("\r\u{1b}[K{now}");
            std::io::stderr().flush()?;
            shown = now;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn words(report: &Report) -> String {
    let said = report.words();
    let mut out = format!("{}{}\n", said[..1].to_uppercase(), &said[1..]);
    for found in &report.examples {
        let about = text::escaped(&found.about);
        out.push_str(&format!("  {:<11}  {}  {about}\n", found.difference.word(), found.at.url()));
    }
    if report.left_out > 0 {
        let left_out = report.left_out;
        out.push_str(&format!(
            "Channels that are still being read (cinepost jobs), or that the bot cannot read, are left out: {left_out}.\n"
        ));
    }
    if report.hidden > 0 {
        let hidden = report.hidden;
        out.push_str(&format!(
            "{hidden} files stand hidden: their channels are watched no more (cinepost channel list).\n"
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::{Difference, Found};
    use crate::domain::post::PostRef;

    #[test]
    fn what_differs_is_named_and_harmless() {
        let mut report = Report { channels: 2, messages: 1_000, left_out: 1, hidden: 3, ..Report::default() };
        let at = PostRef { chat: ChatId::from_bare(1_500_000_001).expect("in range"), message: 7 };
        report.add(vec![Found { difference: Difference::Gone, at, about: "Film\u{1b}[2J.mkv".to_owned() }]);
        let wanted = "\
Looked at 1000 messages of 2 channels: 1 post is gone and still stands here
  gone         https://t.me/c/1500000001/7  Film\\u{1b}[2J.mkv
Channels that are still being read (cinepost jobs), or that the bot cannot read, are left out: 1.
3 files stand hidden: their channels are watched no more (cinepost channel list).
";
        assert_eq!(words(&report), wanted);
    }
}
