//! `cinepost serve`: the program, until a signal stops it.

use std::fmt::Write;
use std::io::IsTerminal;
use std::time::Duration;

use tracing::warn;

use super::qr::qr;
use crate::app::{self, Running};
use crate::config::{Config, Flags};
use crate::flows::channels::NO_CHANNEL;
use crate::protocols::stremio::AbsoluteUrl;

/// Longer than a thousand posts take, short enough for somebody who waits for the links.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(10);

pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let config = Config::to_serve(flags)?;
    for hint in &config.misspelt {
        warn!("{hint}");
    }
    let running = app::start(config).await?;
    if std::io::stdout().is_terminal() {
        wait_until_settled(&running).await;
    }
    print!("{}", greeting(&running).await);
    running.until_stopped().await
}

/// Waits a little for what a first start logs of every post that it reads back: it would push the links out of sight.
async fn wait_until_settled(running: &Running) {
    let is_ready = async {
        while !running.health.is_settled().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let _ = tokio::time::timeout(SETTLE_TIMEOUT, is_ready).await;
}

/// The text for the person at the terminal: where it runs, how to install it, how to get in.
async fn greeting(running: &Running) -> String {
    let (https, stremio) = (running.install.manifest(), running.install.open_app());
    let has_channel = running.channels.list().await.is_ok_and(|all| all.iter().any(|one| one.channel.active));
    let note = if has_channel { String::new() } else { format!("No channel is watched: {NO_CHANNEL}\n") };
    greeting_text(running.addresses.base(), &note, &https, &stremio, &running.owner_page)
}

fn greeting_text(
    base: &AbsoluteUrl,
    note: &str,
    https: &AbsoluteUrl,
    stremio: &AbsoluteUrl,
    owner_page: &AbsoluteUrl,
) -> String {
    let mut text = qr(https);
    // Links last: the picture is as high as a terminal.
    let _ = write!(
        text,
        "{note}Cinepost is running at {base}\n\n\
         Install in Stremio (yours alone: whoever has it can watch):\n  {https}\n  {stremio}\n\n\
         Your page (opens once, within the hour; `cinepost owner-link` prints another):\n  {owner_page}\n\n"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(base: &str) -> String {
        let base = AbsoluteUrl::parse(base).expect("absolute");
        let https = base.join(["stremio", &"T".repeat(40), "manifest.json"]);
        greeting_text(
            &base,
            &format!("No channel is watched: {NO_CHANNEL}\n"),
            &https,
            &https.to_stremio(),
            &base.join(["owner", "enter", &"K".repeat(43)]),
        )
    }

    #[test]
    fn the_links_stand_in_the_last_lines_of_a_terminal() {
        for base in ["https://films.example.org", "https://a.long.name.of.a.machine.in.some.network.example.org:8443"] {
            let text = shown(base);
            let lines: Vec<_> = text.lines().collect();
            assert!(text.contains('\u{2588}'), "there is a picture");
            // 24 lines, the last of them for the prompt or the log.
            let window = lines[lines.len().saturating_sub(23)..].join("\n");
            for wanted in ["/manifest.json", "stremio://", "/owner/enter/"] {
                assert!(window.contains(wanted), "{wanted} in\n{window}");
            }
            let below = lines.iter().rposition(|line| line.contains('\u{2588}')).expect("a picture");
            assert!(lines[below..].len() <= 14, "what stands below the picture leaves most of it in sight");
        }
    }

    #[test]
    fn a_phone_is_shown_nothing_that_it_cannot_open() {
        for base in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            let text = shown(base);
            assert!(!text.contains('\u{2588}') && !text.contains("camera"), "{text}");
            assert!(text.contains("/manifest.json") && text.contains("/owner/enter/"), "{text}");
        }
    }
}
