//! `cinepost export TARGET`: the library as a tree of files for Jellyfin, Emby and Kodi, in a folder or a zip.

use std::io::{IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::entry::Entry;
use crate::domain::person::Person;
use crate::flows::export::{BoxFuture, Export, Lines, Unread};
use crate::flows::unix_now;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder, such as /mnt/media/cinepost, or a file that ends in .zip
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    /// Whose links it holds: they see what this person sees, and end with their access [default: the owner]
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let config = Config::from_flags(args.flags)?;
    let people = app::open_people(&config).await?;
    let person = match &args.person {
        Some(name) => people.find(name).await?,
        None => people.owner().await?,
    };
    let program = Program { address: here(config.bind, config.port) };
    let export = app::open_export(&config, Arc::new(program)).await?;
    let is_seen = std::io::stderr().is_terminal();
    let progress = |titles: u64| {
        if is_seen && titles.is_multiple_of(50) {
            eprint!("\r\u{1b}[K{titles} titles");
            let _ = std::io::stderr().flush();
        }
    };
    let report = tokio::select! {
        told = app::told_to_stop() => {
            told?;
            bail!("stopped before it came to its end; nothing was removed, and the next time goes on from here");
        }
        report = export.write(&person, unix_now(), &args.target, &progress) => report,
    };
    if is_seen {
        eprint!("\r\u{1b}[K");
    }
    let report = report?;
    let mut words = report.words().split("; ").map(str::to_owned).collect::<Vec<_>>();
    println!("{}, for {}: {}", args.target.display(), person.name, words.remove(0));
    words.iter().for_each(|more| println!("  {more}"));
    if config.base_url.contains("//127.0.0.1") {
        println!("  the links lead to this machine only: set BASE_URL for servers elsewhere");
    }
    Ok(())
}

/// Where the program answers on this machine.
fn here(bind: IpAddr, port: u16) -> SocketAddr {
    let address = if bind.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { bind };
    SocketAddr::new(address, port)
}

/// The program that runs beside this command. It alone reads from Telegram: there is one who knows when a bot has to wait.
struct Program {
    address: SocketAddr,
}

/// Longer than subtitles of any size take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Lines for Program {
    fn read<'a>(
        &'a self,
        export: &'a Export,
        person: &'a Person,
        subtitles: &'a Entry,
        _: i64,
    ) -> BoxFuture<'a, Result<Option<String>, Unread>> {
        let (address, path) = (self.address, export.subtitles_path(person, subtitles));
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || ask(address, &path)).await;
            let answered = asked.map_err(|error| Unread(error.to_string()))?;
            answered.map_err(|error| Unread(format!("{error:#}")))
        })
    }
}

/// What is at a path of the program. `None`: a file without lines.
fn ask(address: SocketAddr, path: &str) -> anyhow::Result<Option<String>> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE);
    let mut stream =
        stream.with_context(|| format!("nothing answers at {address}; the program has to run for that"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    body(&answer).with_context(|| format!("from {address}"))
}

/// The body of an answer that says how long it is.
fn body(answer: &[u8]) -> anyhow::Result<Option<String>> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").context("no answer of HTTP")?;
    let (head, body) = (String::from_utf8_lossy(&answer[..end]), &answer[end + 4..]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let length =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: Option<usize> = length.and_then(|(_, value)| value.trim().parse().ok());
    match status {
        "200" if length == Some(body.len()) => Ok(Some(String::from_utf8_lossy(body).into_owned())),
        "200" => bail!("the answer was cut off"),
        // What is posted under such a name and is none.
        "415" | "422" => Ok(None),
        other => bail!("it answers {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_whole_or_not_at_all() {
        let read = |text: &str| body(text.as_bytes()).map_err(|error| error.to_string());
        let cases = [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", Ok(Some("abc".to_owned()))),
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc", Err("the answer was cut off".to_owned())),
            ("HTTP/1.1 200 OK\r\n\r\nabc", Err("the answer was cut off".to_owned())),
            ("HTTP/1.1 503 Busy\r\n\r\n", Err("it answers 503".to_owned())),
            ("", Err("no answer of HTTP".to_owned())),
        ];
        for (text, wanted) in cases {
            assert_eq!(read(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_program_that_listens_everywhere_is_asked_here() {
        let at = |bind: &str| here(bind.parse().expect("an address"), 8080).to_string();
        assert_eq!(
            [at("0.0.0.0"), at("::"), at("192.168.1.2")],
            ["127.0.0.1:8080", "127.0.0.1:8080", "192.168.1.2:8080"]
        );
    }
}
