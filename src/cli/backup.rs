//! `cinepost backup FILE` and `cinepost restore FILE`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::limits::size_text;
use crate::flows::backups::{Backup, Contents, Watch};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where it goes, such as /mnt/disk/cinepost.zst; an earlier backup of that name is replaced. `-`: to standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write nothing: check every byte of a file that is there, and say what is in it
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// What `cinepost backup` wrote. `-`: from standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also where there is a library already, which is gone then
    #[arg(long)]
    replace: bool,
    /// Change nothing: check every byte of the file, and say what is in it
    #[arg(long, conflicts_with = "replace")]
    check: bool,
    /// Change nothing: print the secret key that is in the file, for SECRET_KEY
    #[arg(long, conflicts_with_all = ["replace", "check"])]
    show_key: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    if args.check {
        return check(&args.file, &scratch(&args.flags));
    }
    let backups = app::open_backups(&Config::from_flags(args.flags)?).await?;
    let watch = Watch::default();
    if is_pipe(&args.file) {
        if std::io::stdout().is_terminal() {
            bail!(
                "a backup is no text for a terminal: send it to a file or a program, as in `cinepost backup - > FILE`"
            );
        }
        let contents = following(&watch, backups.write_out(std::io::stdout(), &watch)).await?;
        eprintln!("Wrote a backup: {}.", words(&contents));
        return Ok(());
    }
    let written = following(&watch, backups.write(&args.file, &watch)).await?;
    println!("Wrote {} ({}): {}.", args.file.display(), size_text(written.bytes), words(&written.contents));
    println!("It holds the secret key and everybody's links in clear: keep it as you keep a key.");
    Ok(())
}

pub async fn run_restore(args: RestoreArgs) -> anyhow::Result<()> {
    if args.check {
        return check(&args.file, &scratch(&args.flags));
    }
    if args.show_key {
        println!("{}", open(&args.file, &scratch(&args.flags))?.header.secret.to_hex());
        return Ok(());
    }
    let config = Config::from_flags(args.flags)?;
    let target = app::restore_target(&config);
    let backup = open(&args.file, &config.data_dir)?;
    let made = moment(backup.header.made);
    let watch = Watch::default();
    let contents = following(&watch, backup.restore(&target, args.replace, &watch)).await?;
    println!("Restored the backup of {made} into {}: {}.", target.place, words(&contents));
    println!(
        "Start the program now. Links and people's addresses of before work on. Each channel is read again in the background, so that what \
         was posted, changed or deleted since comes by itself."
    );
    Ok(())
}

/// Where what comes through a pipe is kept while it is looked at: in the data folder, which is made for much, unless there is none.
fn scratch(flags: &Flags) -> PathBuf {
    let dir = flags.data_dir.clone().unwrap_or_else(|| PathBuf::from("data"));
    if dir.is_dir() { dir } else { std::env::temp_dir() }
}

fn check(file: &Path, scratch: &Path) -> anyhow::Result<()> {
    let mut backup = open(file, scratch)?;
    let contents = backup.contents()?;
    let header = &backup.header;
    println!(
        "{} is whole: made {} by Cinepost {} of a library in {}, {} (schema {}).",
        file.display(),
        moment(header.made),
        header.program,
        header.store,
        size_text(backup.bytes),
        header.schema
    );
    for (kind, count) in contents.iter().filter(|(_, count)| **count > 0) {
        println!("  {:<20} {count:>12}", kind.replace('_', " "));
    }
    Ok(())
}

fn open(file: &Path, scratch: &Path) -> anyhow::Result<Backup> {
    Ok(match is_pipe(file) {
        true => Backup::from_pipe(std::io::stdin().lock(), scratch)?,
        false => Backup::open(file)?,
    })
}

fn is_pipe(file: &Path) -> bool {
    file == Path::new("-")
}

/// Shows how far it is, where somebody looks. Told to stop, it leaves nothing half written.
async fn following<T, E>(watch: &Watch, work: impl Future<Output = Result<T, E>>) -> anyhow::Result<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let is_seen = std::io::stderr().is_terminal();
    let stop = app::told_to_stop();
    tokio::pin!(work, stop);
    let mut shown = 0;
    loop {
        tokio::select! {
            told = &mut stop => {
                told?;
                bail!("stopped before it came to its end");
            }
            done = &mut work => {
                if shown > 0 {
                    eprint!("\r\u{1b}[K");
                }
                return Ok(done?);
            }
            () = tokio::time::sleep(Duration::from_secs(1)), if is_seen => {
                shown = watch.rows();
                eprint!("\r\u{1b}[K{shown} records");
                let _ = std::io::stderr().flush();
            }
        }
    }
}

/// "3 people, 120 titles, 1200 files in 4 channels": what a person knows their library by.
fn words(contents: &Contents) -> String {
    let of = |kind: &str| contents.get(kind).copied().unwrap_or_default();
    let said = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    format!(
        "{}, {} with {}, {}; {} in all",
        said(of("channels"), "channel", "channels"),
        said(of("titles"), "title", "titles"),
        said(of("entries"), "file", "files"),
        // Whoever was removed keeps their number, and is a record.
        said(of("people"), "person", "people"),
        said(contents.values().sum(), "record", "records"),
    )
}

fn moment(unix: i64) -> String {
    let minutes = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let at = OffsetDateTime::from_unix_timestamp(unix).ok();
    at.and_then(|at| at.format(minutes).ok()).unwrap_or_else(|| unix.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_it_reads_as_a_sentence() {
        let contents = [("channels", 1), ("titles", 2), ("entries", 1), ("people", 1), ("sources", 1)];
        let contents: Contents = contents.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
        assert_eq!(words(&contents), "1 channel, 2 titles with 1 file, 1 person; 6 records in all");
        assert_eq!(moment(1_796_013_607), "2026-11-30 04:40 UTC");
    }
}
