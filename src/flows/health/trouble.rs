//! What keeps the program from its work: each kind of trouble in two wordings, for the owner and for anybody. Pure.

use std::time::Duration;

use super::findings::clock;
use crate::adapters::telegram::BotHealth;
use crate::flows::channels::{ChannelStatus, NO_CHANNEL, Readability};

/// Something that keeps the program from its work, or part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The same for as long as it lasts, whatever its words.
    pub key: String,
    /// Nothing that is posted arrives, or nothing plays. Otherwise it goes on, worse.
    pub stops: bool,
    /// For the owner: what is wrong, and what mends it.
    pub says: String,
    /// For how long it is known to last already.
    pub lasted: Duration,
    /// The same for anybody: names no host, no channel and no file, and holds no driver's text.
    pub in_public: &'static str,
}

impl Trouble {
    pub(super) fn new(key: &str, stops: bool, says: String, in_public: &'static str) -> Self {
        Self { key: key.to_owned(), stops, says, lasted: Duration::ZERO, in_public }
    }

    /// Whether it is of this machine, where others may be well.
    pub(super) fn is_of_machine(&self) -> bool {
        matches!(self.key.as_str(), "database" | "disk" | "silence" | "clock")
    }
}

/// How the program does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What a start still has to do. It passes by itself.
    pub starting: Vec<String>,
    pub troubles: Vec<Trouble>,
    /// New files whose titles are being looked for. The newest come first, so that a large old channel keeps nothing waiting.
    pub matching: u64,
}

impl Report {
    /// When the database does not even say that it cannot answer.
    pub fn no_database() -> Self {
        Self { troubles: vec![no_database("the database does not answer")], ..Self::default() }
    }

    /// What keeps films from coming and playing, in words for anybody. Empty means ready.
    pub fn waiting_for(&self) -> Vec<String> {
        let stopping = self.troubles.iter().filter(|trouble| trouble.stops).map(|trouble| trouble.in_public.to_owned());
        stopping.chain(self.starting.iter().cloned()).collect()
    }

    /// What there still is to do until the library holds everything that was posted, in words for anybody.
    pub fn unfinished(&self) -> Vec<String> {
        let matching = (self.matching > 0).then(|| format!("{} new files are being matched", self.matching));
        self.waiting_for().into_iter().chain(matching).collect()
    }

    /// Whether something keeps films from coming or playing.
    pub fn is_stopped(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.stops)
    }

    /// What goes worse than it should, in words for anybody.
    pub fn degraded(&self) -> Vec<&'static str> {
        self.troubles.iter().filter(|trouble| !trouble.stops).map(|trouble| trouble.in_public).collect()
    }
}

pub(super) fn no_database(why: &str) -> Trouble {
    let says = format!("{why}. Posts wait in Telegram meanwhile, and nothing is lost");
    Trouble::new("database", true, says, "the database does not answer")
}

pub(super) fn no_room(why: &str) -> Trouble {
    let says = format!("Nothing can be written: {why}. Posts wait in Telegram meanwhile, and nothing is lost");
    Trouble::new("disk", true, says, "nothing can be written; is the disk full?")
}

/// `says`: what the last comparison with the channels found.
pub(super) fn differs(says: String) -> Trouble {
    Trouble::new("check", false, says, "the library differs from its channels")
}

/// `says`: why the last one was not written, or what else went wrong with it.
pub(super) fn no_backup(says: String) -> Trouble {
    Trouble::new("backup", false, says, "the last backup did not go as it should")
}

/// `says`: why the last one could not be written.
pub(super) fn no_export(says: String) -> Trouble {
    Trouble::new("export", false, says, "the library was not exported to EXPORT_DIR")
}

pub(super) fn silent(silence: Duration) -> Trouble {
    let says = format!(
        "Telegram has been silent for {} s: check that this machine has a network and may open TCP connections to port 443. It \
         is tried all the time, and nothing is lost",
        silence.as_secs()
    );
    Trouble { lasted: silence, ..Trouble::new("silence", true, says, "Telegram does not answer") }
}

pub(super) fn wrong_clock(ahead: i64) -> Trouble {
    let found = clock(ahead);
    let says = format!("{}: {}", found.says, found.fix.unwrap_or_default());
    Trouble::new("clock", false, says, "the clock of this machine is wrong")
}

/// The main bot first. What several of them meet is said once.
pub(super) fn of_bots(bots: Vec<BotHealth>) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = Vec::new();
    for (n, bot) in bots.into_iter().enumerate() {
        if bot.is_signed_in && bot.problem.is_none() {
            continue;
        }
        let says = bot.problem.unwrap_or_else(|| format!("the {} is not signed in yet", bot.name));
        let (stops, in_public) = match n {
            0 => (!bot.is_signed_in, "the main bot has a problem"),
            _ => (false, "a helper bot has a problem"),
        };
        if !troubles.iter().any(|trouble| trouble.says == says) {
            troubles.push(Trouble::new(&format!("bot {n}"), stops, says, in_public));
        }
    }
    troubles
}

pub(super) fn of_channels(channels: &[ChannelStatus]) -> Vec<Trouble> {
    let mut watched = channels.iter().filter(|status| status.channel.active).peekable();
    if watched.peek().is_none() {
        let says = format!("No channel is watched: {NO_CHANNEL}");
        let in_public = "no channel is watched";
        return vec![Trouble::new("no channel", false, says, in_public)];
    }
    // As long as one can be read, films arrive and play.
    let all_bad = watched.clone().all(|status| matches!(status.readability, Readability::Unreadable(_)));
    let trouble = |status: &ChannelStatus| {
        let key = format!("channel {}", status.channel.chat);
        match &status.readability {
            Readability::Unreadable(says) => {
                Some(Trouble::new(&key, all_bad, says.clone(), "a channel cannot be read"))
            }
            Readability::PartlyReadable(says) => {
                Some(Trouble::new(&key, false, says.clone(), "a helper bot cannot read a channel"))
            }
            Readability::Unknown | Readability::Readable | Readability::Removed => None,
        }
    };
    watched.filter_map(trouble).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::{Channel, Profile};
    use crate::domain::post::ChatId;

    fn status(n: i64, readability: Readability) -> ChannelStatus {
        let chat = ChatId::from_bare(n).expect("a channel");
        ChannelStatus {
            channel: Channel {
                chat,
                title: String::new(),
                active: readability != Readability::Removed,
                profile: Profile::default(),
            },
            readability,
        }
    }

    #[test]
    fn channels_stop_the_program_when_none_can_be_read() {
        let bad = || Readability::Unreadable("add it".to_owned());
        let slow = || Readability::PartlyReadable("add the helper".to_owned());
        type Case = (Vec<Readability>, Vec<(&'static str, bool)>);
        let cases: [Case; 8] = [
            (vec![], vec![("no channel is watched", false)]),
            (vec![Readability::Removed], vec![("no channel is watched", false)]),
            (vec![Readability::Readable], vec![]),
            (vec![Readability::Unknown], vec![]),
            (vec![bad()], vec![("a channel cannot be read", true)]),
            (vec![bad(), Readability::Removed], vec![("a channel cannot be read", true)]),
            (vec![bad(), Readability::Readable], vec![("a channel cannot be read", false)]),
            (
                vec![slow(), bad()],
                vec![("a helper bot cannot read a channel", false), ("a channel cannot be read", false)],
            ),
        ];
        for (found, wanted) in cases {
            let channels: Vec<_> = (1..).zip(found).map(|(n, readability)| status(n, readability)).collect();
            let troubles = of_channels(&channels);
            let found: Vec<_> = troubles.iter().map(|trouble| (trouble.in_public, trouble.stops)).collect();
            assert_eq!(found, wanted, "{channels:?}");
        }
    }
}
