//! Which film or episode subtitles belong to, and what follows when files come and go beside them.
//!
//! | tried in this order | they come to stand |
//! | --- | --- |
//! | a person's choice, a rule | at the title that was said |
//! | the post answers that of a film | beside the film, whatever title it has or gets |
//! | their album holds one film, or one that reads alike | beside that |
//! | their own name and caption, by the ladder that films climb | at the title, whether a film of it is here or not |
//! | a film close by in the channel that reads alike | beside that: a person may have said what it is |
//!
//! What none of it decides stands in the review list.

use tracing::debug;

use super::Ingest;
use super::draft::is_video;
use super::matching::Decision;
use crate::domain::catalog::Reach;
use crate::domain::entry::{Entry, EntryId, Named, Reason, Source, Status};
use crate::domain::matching::{How, Step};
use crate::domain::post::PostRef;
use crate::domain::review::ReadsAs;
use crate::domain::subtitles::{self, Wanted};
use crate::flows::DatabaseError;

/// Messages of an album, at most (core.telegram.org/method/messages.sendMultiMedia).
const ALBUM: i32 = 10;
/// Messages before and behind in which a film that reads alike is looked for: a season and its subtitles.
const CLOSE_BY: i32 = 60;

pub(super) fn are_subtitles(entry: &Entry) -> bool {
    subtitles::form(&entry.name).is_some()
}

impl Ingest {
    /// What comes of subtitles for which nothing was decided. `by_name`: what their name alone would come to.
    pub(super) async fn place_subtitles(
        &self,
        entry: &Entry,
        by_name: impl Future<Output = Result<Decision, DatabaseError>>,
    ) -> Result<Decision, DatabaseError> {
        let bytes = entry.unpacked.unwrap_or(entry.file.len());
        if bytes > subtitles::MAX_BYTES {
            let problem = format!("it has {bytes} bytes, and no subtitles have so many");
            return Ok(Decision::Review(Reason::BrokenSubtitles { problem }));
        }
        let sources = self.inner.store.entries().sources(entry.id).await?;
        for source in &sources {
            if let Some(film) = self.answered(entry, source).await? {
                return Ok(beside(film, "its post answers the film's"));
            }
            if let Some(film) = self.of_album(entry, source).await? {
                return Ok(beside(film, "both were posted together"));
            }
        }
        let decision = by_name.await?;
        let Decision::Review(reason) = decision else { return Ok(of_title(decision)) };
        for source in &sources {
            let close = (source.at.message.saturating_sub(CLOSE_BY), source.at.message.saturating_add(CLOSE_BY));
            if let Some(film) = self.reads_alike(entry, self.films(source.at, close).await?) {
                return Ok(beside(film, "a film close by in its channel reads alike"));
            }
        }
        Ok(Decision::Review(match reason {
            Reason::NoTitle => Reason::SubtitlesOfNothing,
            reason => Reason::Subtitles { reason: Box::new(reason) },
        }))
    }

    /// The film of the post that one answers. Of volumes it is what they make up.
    async fn answered(&self, entry: &Entry, source: &Source) -> Result<Option<EntryId>, DatabaseError> {
        let Some(message) = source.reply_to else { return Ok(None) };
        let carried = self.inner.store.entries().in_channel(source.at.chat, message - 1, 1).await?;
        for (at, id) in carried {
            let film = self.inner.store.entries().get(id).await?.filter(is_film);
            if let Some(film) = film.filter(|film| at == message && may_be_of(entry, film)) {
                return Ok(Some(film.id));
            }
        }
        Ok(None)
    }

    /// The one film of an album, or the one that reads like the subtitles.
    async fn of_album(&self, entry: &Entry, source: &Source) -> Result<Option<EntryId>, DatabaseError> {
        let Some(album) = source.album else { return Ok(None) };
        let close = (source.at.message.saturating_sub(ALBUM), source.at.message.saturating_add(ALBUM));
        let mut films = self.films(source.at, close).await?;
        films.retain(|(source, _)| source.album == Some(album));
        match &films[..] {
            [(_, film)] if may_be_of(entry, film) => Ok(Some(film.id)),
            _ => Ok(self.reads_alike(entry, films)),
        }
    }

    /// The one film among these that means the same title, and the same part of it.
    fn reads_alike(&self, entry: &Entry, films: Vec<(Source, Entry)>) -> Option<EntryId> {
        let wanted = ReadsAs::of(&entry.release)?;
        let is_alike = |film: &Entry| {
            ReadsAs::of(&film.release).as_ref() == Some(&wanted)
                && (&film.release.seasons, &film.release.episodes) == (&entry.release.seasons, &entry.release.episodes)
                && film.release.absolute == entry.release.absolute
        };
        let mut alike = films.into_iter().map(|(_, film)| film).filter(is_alike);
        let first = alike.next()?;
        // Of two releases either has the same title: the first will do.
        let is_one_title = alike.all(|other| other.status.is_of_the_same_title(&first.status));
        is_one_title.then_some(first.id)
    }

    /// The films of a channel's messages from the first to the last of two, with these.
    async fn films(&self, at: PostRef, (first, last): (i32, i32)) -> Result<Vec<(Source, Entry)>, DatabaseError> {
        let mut films = Vec::new();
        for source in self.inner.store.posts().between(at.chat, first, last).await? {
            if let Some(entry) = self.inner.store.entries().get(source.entry).await?.filter(is_film) {
                films.push((source, entry));
            }
        }
        Ok(films)
    }

    /// A film came, or is another one: subtitles that were posted with it, and did not find it, look again.
    pub(super) async fn tell_subtitles(&self, film: &Entry) -> Result<(), DatabaseError> {
        for source in self.inner.store.entries().sources(film.id).await? {
            for answer in self.inner.store.posts().answers_to(source.at).await? {
                self.look_for_film(answer, |status| !is_beside(status, film.id)).await?;
            }
            let Some(album) = source.album else { continue };
            let (first, last) = (source.at.message.saturating_sub(ALBUM), source.at.message.saturating_add(ALBUM));
            for other in self.inner.store.posts().between(source.at.chat, first, last).await? {
                if other.album == Some(album) && other.entry != film.id {
                    self.tell_carried(&other, film).await?;
                }
            }
        }
        Ok(())
    }

    /// What a message of the film's album carries looks for it: of a zip each of its files.
    async fn tell_carried(&self, other: &Source, film: &Entry) -> Result<(), DatabaseError> {
        let PostRef { chat, message } = other.at;
        for (at, id) in self.inner.store.entries().in_channel(chat, message - 1, 1).await? {
            if at == message && id != film.id {
                self.look_for_film(id, |status| matches!(status, Status::Review { .. })).await?;
            }
        }
        Ok(())
    }

    /// Films are gone: subtitles that stood beside them look for another.
    pub(super) async fn leave_films(&self, gone: &[EntryId]) -> Result<(), DatabaseError> {
        if gone.is_empty() {
            return Ok(());
        }
        let wanted = Wanted { beside: gone.to_vec(), ..Wanted::default() };
        for entry in self.inner.store.subtitles().of(&wanted, &Reach::All).await? {
            self.look_for_film(entry.id, |status| matches!(status, Status::Subtitles { .. })).await?;
        }
        Ok(())
    }

    async fn look_for_film(&self, id: EntryId, is_to: impl Fn(&Status) -> bool) -> Result<(), DatabaseError> {
        let Some(entry) = self.inner.store.entries().get(id).await? else { return Ok(()) };
        let is_decided = matches!(entry.status, Status::Ignored { .. } | Status::Pending { .. });
        if are_subtitles(&entry) && !is_decided && is_to(&entry.status) {
            debug!(entry = %entry.id, "{} looks for its film again", entry.name);
            self.inner.store.entries().settle(&entry, &Status::fresh()).await?;
            self.inner.work.notify_one();
        }
        Ok(())
    }
}

/// A season in one zip is posted to one of its episodes: what says another episode is not that one's.
fn may_be_of(subtitles: &Entry, film: &Entry) -> bool {
    let is_member = matches!(subtitles.named, Some(Named::As(_)));
    let (ours, theirs) = (&subtitles.release.episodes, &film.release.episodes);
    !is_member || ours.is_empty() || theirs.is_empty() || ours == theirs
}

fn is_beside(status: &Status, film: EntryId) -> bool {
    matches!(status, Status::Subtitles { beside: Some(other), .. } if *other == film)
}

/// Something that is watched.
fn is_film(entry: &Entry) -> bool {
    is_video(entry) && entry.status != Status::Volume
}

fn beside(film: EntryId, why: &str) -> Decision {
    let how = How { step: Step::Beside, why: why.to_owned() };
    Decision::Subtitles { title: None, parts: Vec::new(), beside: Some(film), how }
}

/// What was found for a name, as subtitles have it.
pub(super) fn of_title(decision: Decision) -> Decision {
    match decision {
        Decision::Match { id, parts, how, .. } => Decision::Subtitles { title: Some(id), parts, beside: None, how },
        other => other,
    }
}
