//! The doctor: looks at everything that the settings name, once, and says of each thing how it stands.

use super::findings::{self, Finding};
use crate::adapters::metadata::Metadata;
use crate::adapters::metadata::anime::AnimeList;
use crate::adapters::metadata::index::Titles;
use crate::adapters::telegram::{Bots, ChannelAccess, Telegram};
use crate::adapters::tools::{self, Ffmpeg};
use crate::domain::post::ChatId;
use crate::flows::channels::ChannelList;

/// What the doctor looks at: as much of the program as the settings allow to build.
pub struct Doctor {
    /// What is known of the settings themselves.
    pub settings: Vec<Finding>,
    pub database: DoctorsDatabase,
    /// Those of the environment: before the first start they are not in the database yet.
    pub first_channels: Vec<ChatId>,
    /// Signed in, or why not. `None` when its settings are not usable.
    pub telegram: Option<Result<Telegram, String>>,
    /// OWNER_ID is not set.
    pub has_no_owner: bool,
    /// With whether a TMDB key is set.
    pub metadata: Option<(Metadata, bool)>,
    pub titles: Titles,
    pub anime: AnimeList,
    pub base_url: Option<String>,
    /// What encodes sounds, or why it does not. `None` when none is wanted.
    pub ffmpeg: Option<Result<Ffmpeg, tools::Error>>,
}

/// The database, as far as it can be opened.
pub enum DoctorsDatabase {
    /// Its settings are not usable.
    Unknown,
    /// It answers.
    Open(ChannelList),
    /// The first start makes it; says where.
    NotYet(String),
    Failed(String),
}

impl Doctor {
    /// Asks them all. Stops Telegram at the end.
    pub async fn examine(self) -> Vec<Finding> {
        let mut findings = self.settings;
        let what = "database";
        findings.extend(match &self.database {
            DoctorsDatabase::Unknown => None,
            DoctorsDatabase::Open(_) => Some(Finding::good(what, "answers")),
            DoctorsDatabase::NotYet(says) => Some(Finding::good(what, says)),
            DoctorsDatabase::Failed(why) => Some(Finding::bad(what, why, None)),
        });
        match self.telegram {
            None => {}
            Some(Ok(telegram)) => {
                findings.extend(findings::bots(telegram.bots()));
                findings.extend(findings::connection(telegram.bots()));
                findings.extend(examine_channels(&self.database, self.first_channels, telegram.bots()).await);
                telegram.stop().await;
            }
            Some(Err(why)) => findings.push(Finding::bad("Telegram", why, None)),
        }
        if self.has_no_owner {
            findings.push(Finding::worth(
                "OWNER_ID",
                "is not set, so the bot tells nobody what was added",
                "write /start to your bot; it answers with the number to set",
            ));
        }
        if let Some((metadata, has_key)) = &self.metadata {
            findings.push(findings::provider(metadata, *has_key).await);
            findings.extend(metadata.check_sites().await.into_iter().map(|(site, state)| findings::site(site, state)));
        }
        self.titles.open().await;
        findings.extend(findings::title_index(&self.titles.state()));
        self.anime.open().await;
        findings.extend(findings::anime_list(&self.anime.state()));
        findings.extend(self.ffmpeg.map(findings::ffmpeg));
        if let Some(base_url) = &self.base_url {
            findings.extend(findings::base_url(base_url).await);
        }
        findings
    }
}

async fn examine_channels(database: &DoctorsDatabase, first: Vec<ChatId>, bots: &Bots) -> Vec<Finding> {
    let stored = match database {
        DoctorsDatabase::Open(channels) => channels.all().await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let chats = match stored.is_empty() {
        true => first,
        false => stored.into_iter().filter(|c| c.active).map(|c| c.chat).collect(),
    };
    let renditions = match database {
        DoctorsDatabase::Open(channels) => channels.has_seen_renditions().await.ok(),
        _ => None,
    };
    if chats.is_empty() {
        let fix = "cinepost channel add -1001234567890, with your channel's id".to_owned();
        return vec![Finding::bad("channels", "none is watched", Some(fix))];
    }
    let mut found = channel_access(bots, &chats).await;
    found.extend(renditions.map(findings::renditions));
    found
}

/// Asks every bot whether it can read these channels.
pub async fn channel_access(bots: &Bots, chats: &[ChatId]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for chat in chats {
        let finding = |access: ChannelAccess| {
            let title = access.title.map(|title| format!(" “{title}”")).unwrap_or_default();
            let what = format!("channel {chat}{title}, {}", access.bot);
            match access.problem {
                Some(problem) => Finding::bad(&what, problem, None),
                None => Finding::good(&what, "is a member and can read"),
            }
        };
        findings.extend(bots.check_channel(*chat).await.into_iter().map(finding));
    }
    findings
}
