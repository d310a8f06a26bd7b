//! `cinepost channel set`: what the owner says of a channel, which decides how the names in it are read.

use crate::app;
use crate::config::{Config, Flags};
use crate::domain::channel::{Holds, Profile};
use crate::domain::post::ChatId;
use crate::domain::title::MetaId;
use crate::flows::unix_now;

/// Takes a value back.
const NONE: &str = "none";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its id, like -1001234567890
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// anything, films, series, anime, personal (nobody looks for titles), subtitles or nothing (listed nowhere)
    #[arg(long)]
    holds: Option<Holds>,
    /// The one series that it is a channel of: tt0903747 or tmdb:1396; "none" takes it back
    #[arg(long)]
    series: Option<String>,
    /// What is spoken where a name does not say, like de; "none" takes it back
    #[arg(long)]
    language: Option<String>,
    /// As if each file lay in this folder, like "Some Series (2010)/Season 2"; "none" takes it back
    #[arg(long)]
    folder: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn set(args: Args) -> anyhow::Result<()> {
    let chat: ChatId = args.id.parse()?;
    let config = Config::from_flags(args.flags)?;
    let profiles = app::open_profiles(&config).await?;
    let Some(channel) = profiles.channel(chat).await? else {
        anyhow::bail!("{chat} is in no list; add it with: cinepost channel add {chat}");
    };
    let mut profile = channel.profile;
    let before = profile.clone();
    if let Some(holds) = args.holds {
        profile.holds = holds;
    }
    if let Some(series) = args.series {
        profile.series = or_none(&series, |text| text.parse::<MetaId>().map_err(anyhow::Error::msg))?;
    }
    if let Some(language) = args.language {
        profile.language = or_none(&language, |text| Ok(spoken(text)?.to_owned()))?;
    }
    if let Some(folder) = args.folder {
        profile.folder = or_none(&folder, |text| Ok(text.to_owned()))?;
    }
    if profile != before {
        profiles.set(chat, &profile, unix_now()).await?;
        println!("The running program looks at its files again: cinepost jobs");
    }
    println!("{chat}  {}", words(&profile));
    Ok(())
}

fn or_none<T>(text: &str, read: impl Fn(&str) -> anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match text.trim() {
        "" | NONE => Ok(None),
        text => read(text).map(Some),
    }
}

/// ISO 639-1, as releases say their languages.
fn spoken(text: &str) -> anyhow::Result<&str> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_code {
        anyhow::bail!("{text:?} is no language; write two letters, like de");
    }
    Ok(text)
}

/// `holds films, spoken de`, in one line.
pub fn words(profile: &Profile) -> String {
    let mut said = vec![format!("holds {}", profile.holds.word())];
    said.extend(profile.series.map(|id| format!("all of it {id}")));
    said.extend(profile.language.as_ref().map(|language| format!("spoken {language}")));
    said.extend(profile.folder.as_ref().map(|folder| format!("as in folder {folder:?}")));
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_channel_is_read_or_refused() {
        let read = |text| or_none(text, |text| Ok(spoken(text)?.to_owned()));
        assert_eq!(read("de").expect("a language"), Some("de".to_owned()));
        assert_eq!(read("none").expect("none"), None);
        assert_eq!(read(" ").expect("none"), None);
        for wrong in ["deutsch", "DE", "d", "d1"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let profile = Profile {
            holds: Holds::Series,
            series: Some("tt0903747".parse().expect("an id")),
            language: Some("de".to_owned()),
            folder: Some("Show/Season 2".to_owned()),
        };
        assert_eq!(words(&profile), "holds series, all of it tt0903747, spoken de, as in folder \"Show/Season 2\"");
        assert_eq!(words(&Profile::default()), "holds anything");
    }
}
