//! `cinepost serve`: the product, until it is told to stop.

use crate::app::{self, Running};
use crate::config::{Config, Flags};

pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let running = app::start(Config::from_flags(flags)?).await?;
    greet(&running);
    running.until_stopped().await
}

/// What the person at the terminal needs next: where it runs, how to install it, how to get in.
fn greet(running: &Running) {
    let (https, stremio) = (running.install.manifest(), running.install.open_app());
    println!("Cinepost is running at {}\n", running.site.base().as_str());
    println!("Install in Stremio (yours alone: whoever has it can watch):");
    println!("  {}\n  {}\n", https.as_str(), stremio.as_str());
    match qr(https.as_str()) {
        Some(picture) => println!("{picture}"),
        None => println!("(the link is too long for a QR code)"),
    }
    println!("Your page (opens once, within the hour; `cinepost owner-link` prints another):");
    println!("  {}\n", running.owner_page.as_str());
}

/// A QR code in half blocks, light on dark as terminals are, with the quiet zone that scanners need.
pub fn qr(text: &str) -> Option<String> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).ok()?;
    Some(
        code.render::<qrcode::render::unicode::Dense1x2>()
            .dark_color(qrcode::render::unicode::Dense1x2::Light)
            .light_color(qrcode::render::unicode::Dense1x2::Dark)
            .build(),
    )
}
