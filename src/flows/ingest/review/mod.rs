//! The review list, and what a person decides: for one file, for several, or for all that read alike. What was decided is kept, the
//! files wait for their match, and ingest, which follows decisions before anything else, gives them their titles. So it works
//! beside the running program as well, which looks every few seconds.
//!
//! **A decision is a person's.** A better parser, another index, a channel's profile, an edited caption (Telegram does not say who edits a
//! channel's post) and a post that is deleted and comes again leave it; only a person takes it back.

mod error;
pub(super) mod rules;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::BTreeSet;

pub use error::Error;
pub use wanted::{Wanted, Wish};

use super::draft::is_unread_archive;
use super::profiles::profile_of;
use super::{Ingest, again};
use crate::adapters::metadata::Metadata;
use crate::adapters::store::Store;
use crate::domain::deed::Deed;
use crate::domain::entry::{Entry, EntryId, ReasonKind, Status};
use crate::domain::person::{Action, Actor};
use crate::domain::post::{ChatId, PostRef};
use crate::domain::review::{
    Choice, ChosenTitle, Decided, Example, NewRule, Numbers, ReadsAs, ReviewPage, ReviewQuery, RuleId, Shift,
};
use crate::domain::title::Title;
use crate::domain::volumes;
use crate::flows::DatabaseError;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Review {
    store: Store,
    metadata: Metadata,
    /// Where ingest runs in the same program, it looks at once.
    ingest: Option<Ingest>,
}

/// How far a decision reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// The files that were named.
    These,
    /// Those of the list as well that stand in the same channel and read like the first.
    Alike,
    /// All of the channel that read like the first, later ones too: a rule.
    Rule,
    /// The same of all channels.
    RuleForAll,
}

/// What a decision came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    pub title: ChosenTitle,
    /// That were decided one by one.
    pub files: u64,
    pub rule: Option<RuleId>,
}

/// A file, with all that helps to decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub entry: Entry,
    /// Its newest post in a watched channel.
    pub post: Option<PostRef>,
    pub choice: Option<Choice>,
    pub title: Option<Title>,
}

impl Review {
    /// Beside the running program.
    pub fn new(store: Store, metadata: Metadata) -> Self {
        Self { store, metadata, ingest: None }
    }

    pub fn of(ingest: &Ingest) -> Self {
        let (store, metadata) = (ingest.inner.store.clone(), ingest.inner.metadata.clone());
        Self { store, metadata, ingest: Some(ingest.clone()) }
    }

    pub async fn page(&self, query: &ReviewQuery) -> Result<ReviewPage, DatabaseError> {
        Ok(self.store.review().page(query).await?)
    }

    pub async fn show(&self, id: EntryId) -> Result<Shown, Error> {
        let entry = self.entry(id).await?;
        let title = match entry.status {
            Status::Matched { title, .. } => self.store.titles().get(title).await?,
            _ => None,
        };
        let post = self.store.entries().sources(id).await?.first().map(|source| source.at);
        let choice = self.store.choices().of(id).await?;
        Ok(Shown { entry, post, choice, title })
    }

    /// Says what files are. Of several, the first says what is meant, and numbers that are said for it move those of the others.
    /// `now` in unix seconds.
    pub async fn choose(
        &self,
        ids: &[EntryId],
        wish: &Wish,
        spread: Spread,
        by: Actor<'_>,
        now: i64,
    ) -> Result<Mended, Error> {
        check(by, now)?;
        let Some((&id, more)) = ids.split_first() else { return Err(Error::NothingAlike) };
        let entry = self.entry(id).await?;
        is_playable(&entry)?;
        let (title, numbers) = self.meant(&entry, wish).await?;
        // The program that follows may find no provider that answers.
        self.store.titles().record(&title).await?;
        let chosen = ChosenTitle::of(&title).ok_or_else(|| Error::UnknownId { id: title.name.clone() })?;
        let mut others = each(more);
        if spread == Spread::Alike {
            others.extend(self.alike(&entry).await?);
        }
        others.remove(&id);
        let is_for_more = !others.is_empty() || matches!(spread, Spread::Rule | Spread::RuleForAll);
        let shift = if is_for_more { shift(&entry, &numbers)? } else { Shift::default() };

        let decided = |numbers| Decided::Title { title: chosen.clone(), numbers };
        let mut files = self.decide(id, decided(numbers), by, now).await?;
        for other in others {
            files += self.decide(other, decided(Numbers::AsRead(shift)), by, now).await?;
        }
        let rule = match spread {
            Spread::These | Spread::Alike => None,
            Spread::Rule => Some(self.remember(&entry, &chosen, shift, self.channel_of(id).await?, by, now).await?),
            Spread::RuleForAll => Some(self.remember(&entry, &chosen, shift, None, by, now).await?),
        };
        let reach = rule.map(|rule| format!(", rule {rule}")).unwrap_or_default();
        let detail = format!("{chosen}: {}{reach}", files_in_words(&entry.name, files));
        self.note("review.choose", &detail, by, now).await?;
        self.wake();
        Ok(Mended { title: chosen, files, rule })
    }

    /// Lists files nowhere. Returns how many.
    pub async fn ignore(&self, ids: &[EntryId], by: Actor<'_>, now: i64) -> Result<u64, Error> {
        check(by, now)?;
        let (name, mut files) = (self.first_name(ids).await?, 0);
        for id in each(ids) {
            files += self.decide(id, Decided::Ignored, by, now).await?;
        }
        self.note("review.ignore", &files_in_words(&name, files), by, now).await?;
        Ok(files)
    }

    /// Takes back what was decided of files, and has their titles looked for anew. Returns of how many: one that found its title without
    /// a person stays where it is.
    pub async fn again(&self, ids: &[EntryId], by: Actor<'_>, now: i64) -> Result<u64, Error> {
        check(by, now)?;
        let (name, mut files) = (self.first_name(ids).await?, 0);
        for id in each(ids) {
            files += u64::from(self.store.choices().decide(id, None).await?);
        }
        self.note("review.again", &files_in_words(&name, files), by, now).await?;
        self.wake();
        Ok(files)
    }

    async fn decide(&self, id: EntryId, what: Decided, by: Actor<'_>, now: i64) -> Result<u64, Error> {
        let choice = Choice { what, by: by.id(), at: now };
        match self.store.choices().decide(id, Some(&choice)).await? {
            true => Ok(1),
            // It is there, or whoever asks would have been told.
            false => Err(Error::Volume),
        }
    }

    /// The files of the list that stand in the same channel and read like this one.
    async fn alike(&self, entry: &Entry) -> Result<Vec<EntryId>, Error> {
        let reads_as = ReadsAs::of(&entry.release).ok_or(Error::NothingAlike)?;
        let channel = self.channel_of(entry.id).await?;
        let mut alike = Vec::new();
        for id in self.store.entries().under_review().await? {
            let Ok(other) = self.entry(id).await else { continue };
            let is_alike = is_playable(&other).is_ok() && ReadsAs::of(&other.release).as_ref() == Some(&reads_as);
            if is_alike && self.channel_of(id).await? == channel {
                alike.push(id);
            }
        }
        Ok(alike)
    }

    /// Keeps a rule, and has the files that are there already looked at by it.
    async fn remember(
        &self,
        entry: &Entry,
        title: &ChosenTitle,
        shift: Shift,
        channel: Option<ChatId>,
        by: Actor<'_>,
        now: i64,
    ) -> Result<RuleId, Error> {
        let reads_as = ReadsAs::of(&entry.release).ok_or(Error::NothingAlike)?;
        let scope = again::Scope::Alike { channel, reads_as: reads_as.clone() };
        let (title, example) = (title.clone(), Example::of(entry));
        let rule = NewRule { channel, reads_as, example, title, shift, by: by.id(), at: now };
        let id = self.store.choices().add_rule(&rule).await?;
        self.store.jobs().add(&again::job(scope, now), now).await?;
        Ok(id)
    }

    /// An entry as this parser reads it.
    async fn entry(&self, id: EntryId) -> Result<Entry, Error> {
        let mut entry = self.store.entries().get(id).await?.ok_or(Error::UnknownFile(id))?;
        if entry.parser != release_name::VERSION {
            entry.read_again(&profile_of(&self.store, id).await?);
        }
        Ok(entry)
    }

    async fn channel_of(&self, id: EntryId) -> Result<Option<ChatId>, Error> {
        Ok(self.store.entries().sources(id).await?.first().map(|source| source.at.chat))
    }

    async fn first_name(&self, ids: &[EntryId]) -> Result<String, Error> {
        match ids.first() {
            Some(id) => Ok(self.entry(*id).await?.name),
            None => Ok(String::new()),
        }
    }

    async fn note(&self, what: &str, detail: &str, by: Actor<'_>, now: i64) -> Result<(), Error> {
        let deed = Deed { at: now, who: by.id(), what: what.to_owned(), whom: None, detail: detail.to_owned() };
        Ok(self.store.audit().add(&deed).await?)
    }

    fn wake(&self) {
        if let Some(ingest) = &self.ingest {
            ingest.look_now();
        }
    }
}

/// Whoever may use the owner's pages may decide what stands on them.
fn check(by: Actor<'_>, now: i64) -> Result<(), Error> {
    match by.may(Action::Operate, now) {
        true => Ok(()),
        false => Err(Error::NotAllowed(by.role(now))),
    }
}

/// A title would not make it playable.
fn is_playable(entry: &Entry) -> Result<(), Error> {
    if is_unread_archive(entry) {
        return Err(Error::Archive);
    }
    let is_volume = volumes::read(&entry.name).is_some_and(|volume| !volume.is_doubtful());
    if is_volume || entry.status.reason().is_some_and(|reason| reason.kind() == ReasonKind::Volumes) {
        return Err(Error::Volume);
    }
    Ok(())
}

/// What moves the numbers of others like this one.
fn shift(entry: &Entry, numbers: &Numbers) -> Result<Shift, Error> {
    match numbers {
        Numbers::AsRead(shift) => Ok(*shift),
        Numbers::Said(parts) => {
            let first = parts.first().and_then(|part| Shift::between(&entry.release, *part));
            first.ok_or(Error::NoNumber)
        }
    }
}

/// People name a file twice, and lists overlap.
fn each(ids: &[EntryId]) -> BTreeSet<EntryId> {
    ids.iter().copied().collect()
}

fn files_in_words(first: &str, files: u64) -> String {
    match files {
        0 | 1 => first.to_owned(),
        _ => format!("{first} and {} more", files - 1),
    }
}
