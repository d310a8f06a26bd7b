//! What the bot's buttons bring back. Pure.
//!
//! Anybody can press with bytes of their own, and press again what they were shown months ago. So a press says only *what* is
//! wanted, never *who* may have it: that is looked up anew each time. Telegram gives 64 bytes; words and numbers, apart by colons.
//!
//! ```text
//! f:17            the card of file 17                     d:0           the top folder, d:3:20 folder 3 from its 20th file on
//! f:17:del!       delete it, after being asked            u:5           the card of person 5
//! r:ID:m:tt0063350   the file of this id is that film     r:ID:no       it is listed nowhere
//! ```

use crate::adapters::telegram::PressData;
use crate::domain::entry::EntryId;
use crate::domain::job::JobId;
use crate::domain::person::{PersonId, Role};
use crate::domain::shared::{FileId, FolderId};
use crate::domain::title::{Kind, MetaId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    File(FileId, OnFile),
    /// A folder (`None`: the top), from so many files on.
    Folder(Option<FolderId>, u32),
    /// Ask for the name of a folder to be made there.
    NewFolder(Option<FolderId>),
    OnFolder(FolderId, OnFolder),
    /// A file that needs a hand.
    Review(EntryId, OnReview),
    Person(PersonId, OnPerson),
    /// Everybody, from so many on.
    People(u32),
    Title(Kind, MetaId),
    /// The episodes of a season.
    Season(MetaId, u16),
    Episode(MetaId, u16, u16),
    /// Speak this language, by its place in the list.
    Language(u8),
    Settings,
    /// Turns whether what one watches is remembered.
    History,
    /// Turns whether news come.
    News,
    /// Forget what they watched, after being asked.
    EraseHistory,
    EraseHistoryNow,
    Broadcast(OnBroadcast),
    /// Looked again whether they joined the channels that they must be in.
    Joined,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFile {
    Card,
    Rename,
    /// Choose a folder, looking into that one.
    Choose(Option<FolderId>),
    MoveTo(Option<FolderId>),
    Expiry,
    /// In so many hours; 0: never.
    ExpireIn(u32),
    Limits,
    /// So many downloads; 0: as many as anybody likes.
    Downloads(u32),
    Password,
    NoPassword,
    NewLink,
    IntoLibrary,
    Delete,
    DeleteNow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFolder {
    Rename,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnReview {
    Choose(Kind, MetaId),
    Ignore,
    /// Take back what was decided.
    Again,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnPerson {
    Card,
    Approve,
    Decline,
    Give(Role),
    Pause,
    Ban,
    Enable,
    Renew,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnBroadcast {
    /// Send what the `/broadcast` in this message of the same chat says.
    Send(i32),
    Drop,
    Stop(JobId),
}

/// No deeper number is ever written here.
type Words<'a> = std::str::Split<'a, char>;

impl Press {
    pub fn data(self) -> PressData {
        let folder = |folder: Option<FolderId>| folder.map_or(0, |folder| folder.0);
        let text = match self {
            Self::File(id, on) => match on {
                OnFile::Card => format!("f:{id}"),
                OnFile::Rename => format!("f:{id}:name"),
                OnFile::Choose(at) => format!("f:{id}:choose:{}", folder(at)),
                OnFile::MoveTo(at) => format!("f:{id}:move:{}", folder(at)),
                OnFile::Expiry => format!("f:{id}:end"),
                OnFile::ExpireIn(hours) => format!("f:{id}:in:{hours}"),
                OnFile::Limits => format!("f:{id}:limits"),
                OnFile::Downloads(most) => format!("f:{id}:most:{most}"),
                OnFile::Password => format!("f:{id}:pass"),
                OnFile::NoPassword => format!("f:{id}:nopass"),
                OnFile::NewLink => format!("f:{id}:link"),
                OnFile::IntoLibrary => format!("f:{id}:lib"),
                OnFile::Delete => format!("f:{id}:del"),
                OnFile::DeleteNow => format!("f:{id}:del!"),
            },
            Self::Folder(id, from) => format!("d:{}:{from}", folder(id)),
            Self::NewFolder(at) => format!("d+:{}", folder(at)),
            Self::OnFolder(id, OnFolder::Rename) => format!("d=:{id}"),
            Self::OnFolder(id, OnFolder::Delete) => format!("d-:{id}"),
            Self::Review(id, on) => match on {
                OnReview::Choose(Kind::Movie, title) => format!("r:{id}:m:{title}"),
                OnReview::Choose(Kind::Series, title) => format!("r:{id}:s:{title}"),
                OnReview::Ignore => format!("r:{id}:no"),
                OnReview::Again => format!("r:{id}:again"),
            },
            Self::Person(id, on) => match on {
                OnPerson::Card => format!("u:{id}"),
                OnPerson::Approve => format!("u:{id}:yes"),
                OnPerson::Decline => format!("u:{id}:no"),
                OnPerson::Give(role) => format!("u:{id}:role:{role}"),
                OnPerson::Pause => format!("u:{id}:pause"),
                OnPerson::Ban => format!("u:{id}:ban"),
                OnPerson::Enable => format!("u:{id}:enable"),
                OnPerson::Renew => format!("u:{id}:renew"),
            },
            Self::People(from) => format!("p:{from}"),
            Self::Title(kind, id) => format!("t:{kind}:{id}"),
            Self::Season(id, season) => format!("v:{season}:{id}"),
            Self::Episode(id, season, number) => format!("e:{season}:{number}:{id}"),
            Self::Language(at) => format!("l:{at}"),
            Self::Settings => "s".to_owned(),
            Self::History => "s:history".to_owned(),
            Self::News => "s:news".to_owned(),
            Self::EraseHistory => "s:erase".to_owned(),
            Self::EraseHistoryNow => "s:erase!".to_owned(),
            Self::Broadcast(on) => match on {
                OnBroadcast::Send(message) => format!("b:{message}"),
                OnBroadcast::Drop => "b-".to_owned(),
                OnBroadcast::Stop(job) => format!("b!:{job}"),
            },
            Self::Joined => "j".to_owned(),
        };
        PressData::new(text).expect("the longest is some fifty letters; a test makes it")
    }

    /// `None` for what no button of ours brings.
    pub fn read(data: &PressData) -> Option<Self> {
        let mut words = data.as_str()?.split(':');
        let words = &mut words;
        let press = match words.next()? {
            "f" => Self::File(FileId(number(words)?), on_file(words)?),
            "d" => Self::Folder(folder(words)?, number(words)?),
            "d+" => Self::NewFolder(folder(words)?),
            "d=" => Self::OnFolder(FolderId(number(words)?), OnFolder::Rename),
            "d-" => Self::OnFolder(FolderId(number(words)?), OnFolder::Delete),
            "r" => Self::Review(number(words)?, on_review(words)?),
            "u" => Self::Person(PersonId(number(words)?), on_person(words)?),
            "p" => Self::People(number(words)?),
            "t" => Self::Title(number(words)?, title(words)?),
            "v" => {
                let season = number(words)?;
                Self::Season(title(words)?, season)
            }
            "e" => {
                let (season, episode) = (number(words)?, number(words)?);
                Self::Episode(title(words)?, season, episode)
            }
            "l" => Self::Language(number(words)?),
            "s" => match words.next() {
                None => Self::Settings,
                Some("history") => Self::History,
                Some("news") => Self::News,
                Some("erase") => Self::EraseHistory,
                Some("erase!") => Self::EraseHistoryNow,
                Some(_) => return None,
            },
            "b" => Self::Broadcast(OnBroadcast::Send(number(words)?)),
            "b-" => Self::Broadcast(OnBroadcast::Drop),
            "b!" => Self::Broadcast(OnBroadcast::Stop(JobId(number(words)?))),
            "j" => Self::Joined,
            _ => return None,
        };
        words.next().is_none().then_some(press)
    }
}

fn on_file(words: &mut Words<'_>) -> Option<OnFile> {
    Some(match words.next() {
        None => OnFile::Card,
        Some("name") => OnFile::Rename,
        Some("choose") => OnFile::Choose(folder(words)?),
        Some("move") => OnFile::MoveTo(folder(words)?),
        Some("end") => OnFile::Expiry,
        Some("in") => OnFile::ExpireIn(number(words)?),
        Some("limits") => OnFile::Limits,
        Some("most") => OnFile::Downloads(number(words)?),
        Some("pass") => OnFile::Password,
        Some("nopass") => OnFile::NoPassword,
        Some("link") => OnFile::NewLink,
        Some("lib") => OnFile::IntoLibrary,
        Some("del") => OnFile::Delete,
        Some("del!") => OnFile::DeleteNow,
        Some(_) => return None,
    })
}

fn on_review(words: &mut Words<'_>) -> Option<OnReview> {
    Some(match words.next()? {
        "m" => OnReview::Choose(Kind::Movie, title(words)?),
        "s" => OnReview::Choose(Kind::Series, title(words)?),
        "no" => OnReview::Ignore,
        "again" => OnReview::Again,
        _ => return None,
    })
}

fn on_person(words: &mut Words<'_>) -> Option<OnPerson> {
    Some(match words.next() {
        None => OnPerson::Card,
        Some("yes") => OnPerson::Approve,
        Some("no") => OnPerson::Decline,
        Some("role") => OnPerson::Give(words.next()?.parse().ok()?),
        Some("pause") => OnPerson::Pause,
        Some("ban") => OnPerson::Ban,
        Some("enable") => OnPerson::Enable,
        Some("renew") => OnPerson::Renew,
        Some(_) => return None,
    })
}

fn number<N: std::str::FromStr>(words: &mut Words<'_>) -> Option<N> {
    words.next()?.parse().ok()
}

/// The rest: an id of TMDB's has a colon in it.
fn title(words: &mut Words<'_>) -> Option<MetaId> {
    words.collect::<Vec<_>>().join(":").parse().ok()
}

/// 0 is the top.
fn folder(words: &mut Words<'_>) -> Option<Option<FolderId>> {
    let number: i64 = number(words)?;
    Some((number != 0).then_some(FolderId(number)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_button_holds_comes_back_and_fits() {
        let (file, at) = (FileId(i64::MIN), Some(FolderId(i64::MIN)));
        let on_file = [
            OnFile::Card,
            OnFile::Rename,
            OnFile::Choose(at),
            OnFile::Choose(None),
            OnFile::MoveTo(at),
            OnFile::Expiry,
            OnFile::ExpireIn(u32::MAX),
            OnFile::Limits,
            OnFile::Downloads(0),
            OnFile::Password,
            OnFile::NoPassword,
            OnFile::NewLink,
            OnFile::IntoLibrary,
            OnFile::Delete,
            OnFile::DeleteNow,
        ];
        let on_person = [
            OnPerson::Card,
            OnPerson::Approve,
            OnPerson::Decline,
            OnPerson::Give(Role::Member),
            OnPerson::Pause,
            OnPerson::Ban,
            OnPerson::Enable,
            OnPerson::Renew,
        ];
        let others = [
            Press::Folder(at, u32::MAX),
            Press::Folder(None, 0),
            Press::NewFolder(at),
            Press::OnFolder(FolderId(1), OnFolder::Rename),
            Press::OnFolder(FolderId(1), OnFolder::Delete),
            Press::People(7),
            Press::Title(Kind::Movie, "tt0063350".parse().expect("an id")),
            Press::Title(Kind::Series, "tmdb:999999999".parse().expect("an id")),
            Press::Season("tmdb:1399".parse().expect("an id"), u16::MAX),
            Press::Episode("tmdb:999999999".parse().expect("an id"), u16::MAX, u16::MAX),
            Press::Language(3),
            Press::Settings,
            Press::History,
            Press::News,
            Press::EraseHistory,
            Press::EraseHistoryNow,
            Press::Broadcast(OnBroadcast::Send(i32::MAX)),
            Press::Broadcast(OnBroadcast::Drop),
            Press::Broadcast(OnBroadcast::Stop(JobId(i64::MAX))),
            Press::Joined,
        ];
        let all = on_file.map(|on| Press::File(file, on)).into_iter();
        let all = all.chain(on_person.map(|on| Press::Person(PersonId(u32::MAX), on))).chain(others);
        for press in all {
            assert_eq!(Press::read(&press.data()), Some(press), "{press:?}");
        }
    }

    #[test]
    fn what_a_button_decides_of_a_file_comes_back_and_fits() {
        let id = |text: &str| text.parse().expect("an id");
        for on in [
            OnReview::Choose(Kind::Series, id("tmdb:2147483647")),
            OnReview::Choose(Kind::Movie, id("tt0063350")),
            OnReview::Ignore,
            OnReview::Again,
        ] {
            let press = Press::Review(EntryId::from_bytes([0xff; 12]), on);
            assert_eq!(Press::read(&press.data()), Some(press), "{press:?}");
        }
    }

    #[test]
    fn bytes_of_somebodys_own_are_no_press() {
        for data in [
            "",
            "f",
            "f:",
            "f:x",
            "f:1:drop",
            "f:1:del:",
            "f:1:del!:1",
            "f:99999999999999999999",
            "d",
            "d:1",
            "u:-1",
            "u:1:role:owner:x",
            "u:1:role:god",
            "l:300",
            "r:00000000000000000",
            "r:00000000000000000:x",
            "r:00000000000000000:m:",
            "r:00000000000000000:no:1",
            "r:zzzzzzzzzzzzzzzzz:no",
            "s:x",
            "j:1",
            "b",
            "b:x",
            "b-:1",
            "b!:",
            "e:1:1",
            "e:1:1:x",
            "t:movie:",
            "t:film:tt0063350",
            "v:-1:tt0063350",
            "\u{0}",
            "f:1\n",
            "F:1",
        ] {
            if let Some(data) = PressData::new(data) {
                assert_eq!(Press::read(&data), None, "{data:?}");
            }
        }
        assert_eq!(Press::read(&PressData::new([0xff, 0xfe]).expect("two bytes")), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(data in proptest::collection::vec(any::<u8>(), 1..64)) {
            if let Some(press) = PressData::new(data).as_ref().and_then(Press::read) {
                prop_assert_eq!(Press::read(&press.data()), Some(press));
            }
        }
    }
}
