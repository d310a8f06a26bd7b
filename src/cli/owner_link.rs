//! `cinepost owner-link`: a new one-time link to the owner's page, also while the program runs.

use crate::app;
use crate::config::{Config, Flags};

pub async fn run(flags: Flags) -> anyhow::Result<()> {
    let config = Config::from_flags(flags)?;
    let people = app::open_people(&config).await?;
    let page = app::owner_page(&people, &app::addresses(&config.base_url)?).await?;
    println!("Your page; the link opens it once, within the next hour:");
    println!("{}", page.as_str());
    Ok(())
}
