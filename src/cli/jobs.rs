//! `cinepost jobs [show|run|cancel|retry]`: what runs by itself and what was queued, how far it is, what it did. Works through the store,
//! beside the running program, which does the work.

use std::fmt::Write;

use anyhow::bail;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::backup;
use crate::domain::job::progress::duration;
use crate::domain::job::{Added, Job, JobId, State};
use crate::domain::text;
use crate::flows::jobs::{JobList, Overview, Scheduled};
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
    /// Everything about one job
    Show(Numbered),
    /// Queue a job of a kind now; the running program does it
    Run {
        /// The kind's name, as `cinepost jobs` shows it
        kind: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Stop a job: one that waits at once, one that runs within two seconds
    Cancel(Numbered),
    /// Try a job again now that failed, was cancelled or waits for its next try
    Retry(Numbered),
}

#[derive(Debug, clap::Args)]
struct Numbered {
    /// The job's number, such as 12
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.what {
        None => list(args.flags).await,
        Some(What::Show(of)) => show(of).await,
        Some(What::Run { kind, flags }) => queue(&kind, flags).await,
        Some(What::Cancel(of)) => cancel(of).await,
        Some(What::Retry(of)) => retry(of).await,
    }
}

async fn list(flags: Flags) -> anyhow::Result<()> {
    let now = unix_now();
    print!("{}", overview_text(&open(flags).await?.overview(now).await?, now));
    Ok(())
}

async fn show(of: Numbered) -> anyhow::Result<()> {
    let id: JobId = of.id.parse()?;
    print!("{}", job_text(&open(of.flags).await?.get(id).await?, unix_now()));
    Ok(())
}

async fn queue(kind: &str, flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    if kind == backup::JOB && config.backup_folder.is_none() {
        bail!(
            "BACKUP_DIR is not set here, so that a backup has nowhere to go: set it to a folder, such as \
             BACKUP_DIR=/mnt/disk/backups, or write one now with `cinepost backup FILE`"
        );
    }
    match app::open_jobs(&config).await?.queue(kind, unix_now()).await? {
        Added::New(id) => println!("Queued as job {id}; `cinepost jobs show {id}` says how it goes."),
        Added::Known(id) => println!("It is queued or runs already, as job {id}."),
    }
    Ok(())
}

async fn cancel(of: Numbered) -> anyhow::Result<()> {
    let id: JobId = of.id.parse()?;
    match open(of.flags).await?.cancel(id, unix_now()).await? {
        State::Running => println!("Job {id} is being stopped; it ends within two seconds."),
        _ => println!("Job {id} is cancelled."),
    }
    Ok(())
}

async fn retry(of: Numbered) -> anyhow::Result<()> {
    let id: JobId = of.id.parse()?;
    open(of.flags).await?.retry(id, unix_now()).await?;
    println!("Job {id} is queued again, from where it was.");
    Ok(())
}

async fn open(flags: Flags) -> anyhow::Result<JobList> {
    app::open_jobs(&Config::from_flags(flags)?).await
}

fn overview_text(overview: &Overview, now: i64) -> String {
    let mut out = String::from("By themselves:\n");
    for kind in &overview.scheduled {
        let _ = writeln!(out, "  {:<14}  {}", kind.about.name, scheduled_text(kind));
    }
    for (title, jobs) in [("Running and waiting", &overview.unfinished), ("Ended", &overview.ended)] {
        if !jobs.is_empty() {
            let _ = writeln!(out, "\n{title}:");
        }
        for job in jobs {
            let _ =
                writeln!(out, "  {:>6}  {:<9}  {:<14}  {}", job.id, job.state.word(), job.kind, about_now(job, now));
        }
    }
    out
}

fn scheduled_text(kind: &Scheduled) -> String {
    let last = match &kind.last {
        None => "has not run yet".to_owned(),
        Some(job) => {
            let word = if job.state == State::Done { String::new() } else { format!("{}: ", job.state.word()) };
            format!("{}  {word}{}", moment(job.ended.unwrap_or_default()), text::escaped(&job.says))
        }
    };
    format!("{last}; next {}", moment(kind.next))
}

/// What is worth knowing of a job in a list.
fn about_now(job: &Job, now: i64) -> String {
    let progress = job.progress.words(job.secs(now));
    // The words of kinds may hold those of servers.
    let says = text::escaped(&job.says);
    match job.state {
        State::Running if job.is_cancel_wanted => "being stopped".to_owned(),
        State::Running => progress,
        State::Queued if job.due > now => format!("not before {}", moment(job.due)),
        State::Queued => progress,
        State::Retrying => format!("tried {} times, again {}: {says}", job.tries, moment(job.due)),
        State::Done | State::Failed | State::Cancelled => format!("{}  {says}", moment(job.ended.unwrap_or_default())),
    }
}

fn job_text(job: &Job, now: i64) -> String {
    let mut out = format!("Job {}: {}, {}\n", job.id, job.kind, job.state.word());
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name:<10}  {value}");
        }
    };
    row("says", text::escaped(&job.says).into_owned());
    row("progress", job.progress.words(job.secs(now)));
    row("person", job.person.map(|person| person.to_string()).unwrap_or_default());
    row("queued", moment(job.created));
    row("began", job.began.map(moment).unwrap_or_default());
    row("ended", job.ended.map(moment).unwrap_or_default());
    row("took", job.began.map(|_| duration(job.secs(now) as u64)).unwrap_or_default());
    row("tries", format!("{} of {}", job.tries, job.most_tries));
    if job.state.is_waiting() {
        row("next try", moment(job.due));
    }
    row("done by", job.lease.as_ref().map(|lease| lease.holder.clone()).unwrap_or_default());
    row("input", text::escaped(&job.input).into_owned());
    row("checkpoint", job.checkpoint.as_deref().map(|text| text::escaped(text).into_owned()).unwrap_or_default());
    out
}

/// Unix seconds as people read them.
fn moment(secs: i64) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(secs).ok().and_then(|time| time.format(form).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job::{About, Lease, Place, Priority, Progress};

    const NOW: i64 = 1_700_049_600;

    const SWEEPING: About = About {
        name: "sweeping",
        does: "sweeps",
        at_once: 1,
        per_person: 1,
        priority: Priority::Idle,
        tries: 5,
        schedule: None,
        place: Place::AnyInstance,
    };

    fn job(id: i64, state: State) -> Job {
        Job {
            id: JobId(id),
            kind: "import".to_owned(),
            person: None,
            place: None,
            input: "{\"from\":\"\u{1b}[31mfolder\"}".to_owned(),
            priority: Priority::Normal,
            state,
            due: NOW + 600,
            tries: 2,
            most_tries: 5,
            claim: 2,
            lease: (state == State::Running).then(|| Lease { holder: "one".to_owned(), ends: NOW + 9 }),
            is_cancel_wanted: false,
            progress: Progress { done: 20, of: Some(80), unit: "films".to_owned(), from: 0 },
            checkpoint: None,
            says: if state == State::Running { "" } else { "no network" }.to_owned(),
            created: NOW - 100,
            began: Some(NOW - 10),
            ended: state.has_ended().then_some(NOW),
        }
    }

    #[test]
    fn the_list_says_when_each_ran_and_what_it_did() {
        let last = Job { says: "removed 3 expired links and 1 session".to_owned(), ..job(7, State::Done) };
        let overview = Overview {
            scheduled: vec![
                Scheduled { about: &SWEEPING, last: Some(last), next: NOW + 3600 },
                Scheduled { about: &SWEEPING, last: None, next: NOW + 3600 },
            ],
            unfinished: vec![job(9, State::Running), job(10, State::Retrying)],
            ended: vec![job(8, State::Failed)],
        };
        let wanted = "\
By themselves:
  sweeping        2023-11-15 12:00 UTC  removed 3 expired links and 1 session; next 2023-11-15 13:00 UTC
  sweeping        has not run yet; next 2023-11-15 13:00 UTC

Running and waiting:
       9  running    import          20 of 80 films, 2/s, 30 s left
      10  retrying   import          tried 2 times, again 2023-11-15 12:10 UTC: no network

Ended:
       8  failed     import          2023-11-15 12:00 UTC  no network
";
        assert_eq!(overview_text(&overview, NOW), wanted);
    }

    #[test]
    fn one_job_is_shown_whole_and_harmless() {
        let text = job_text(&job(9, State::Running), NOW);
        for line in ["Job 9: import, running", "  took        10 s", "  tries       2 of 5", "  done by     one"] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains('\u{1b}') && !text.contains("says"), "{text}");
    }
}
