//! Finds the title of one pending entry and records what came of it.

use std::borrow::Cow;
use std::time::Duration;

use tracing::{info, warn};

use super::draft::{is_unread_archive, is_video};
use super::profiles::profile_of;
use super::subtitles::{are_subtitles, of_title};
use super::{FIRST_PAUSE, Ingest, LONGEST_PAUSE, Notice};
use crate::adapters::clock::unix_now;
use crate::adapters::metadata::{self, Identified};
use crate::domain::channel::Holds;
use crate::domain::entry::{Entry, EntryId, Reason, ReasonKind, SeriesPart, Status};
use crate::domain::matching::{Clues, How, Suggestion};
use crate::domain::title::{Kind, Title, TitleId};
use crate::flows::DatabaseError;

/// A provider that did not answer, and until when it is left alone.
#[derive(Clone)]
pub(super) struct Down {
    pub problem: String,
    pub until: i64,
    pause: Duration,
}

/// What is recorded of an entry.
pub(super) enum Decision {
    Match {
        id: TitleId,
        title: Box<Title>,
        parts: Vec<SeriesPart>,
        how: How,
    },
    /// Subtitles, which stand at a title, or beside a file.
    Subtitles {
        title: Option<TitleId>,
        parts: Vec<SeriesPart>,
        beside: Option<EntryId>,
        how: How,
    },
    Review(Reason),
    /// Its channel holds nothing that is to be watched.
    SetAside,
    /// A person wants it listed nowhere.
    Ignored(Option<Reason>),
    Later {
        tries: u32,
        down: Down,
    },
}

/// A title, and what an entry holds of it.
struct Found {
    title: Box<Title>,
    parts: Vec<SeriesPart>,
    how: How,
}

impl Decision {
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Match { id, parts, how, .. } => {
                Status::Matched { title: *id, parts: parts.clone(), how: Some(how.clone()) }
            }
            Self::Subtitles { title, parts, beside, how } => {
                Status::Subtitles { title: *title, parts: parts.clone(), beside: *beside, how: Some(how.clone()) }
            }
            Self::Review(reason) => Status::Review { reason: reason.clone() },
            Self::SetAside => Status::Ignored { reason: Some(Reason::SetAside) },
            Self::Ignored(reason) => Status::Ignored { reason: reason.clone() },
            Self::Later { tries, down } => Status::Pending {
                tries: *tries,
                retry_at: down.until,
                reason: Some(Reason::ProviderDown { problem: down.problem.clone() }),
            },
        }
    }
}

impl Ingest {
    /// Finds the title of an entry, records what came of it, and reports that.
    pub(super) async fn match_entry(&self, mut entry: Entry) -> Result<(), DatabaseError> {
        let _shown = self.show(&entry.name);
        let profile = profile_of(&self.inner.store, entry.id).await?;
        entry.read_again(&profile);
        self.look_at_lines(&mut entry).await?;
        let decision = self.decide(&entry, profile.holds).await?;
        if is_video(&entry) {
            self.tell_subtitles(&entry).await?;
        }
        if let Some(notice) = self.settle(entry, decision).await? {
            let _ = self.inner.notices.send(notice);
        }
        Ok(())
    }

    /// Records what was decided of an entry. Returns what there is to tell: nothing when it waits, or was edited meanwhile.
    pub(super) async fn settle(&self, entry: Entry, decision: Decision) -> Result<Option<Notice>, DatabaseError> {
        if !self.inner.store.entries().settle(&entry, &decision.status()).await? {
            // The newer edit is pending and will be looked at next.
            return Ok(None);
        }
        Ok(match decision {
            Decision::Match { title, parts, .. } => {
                info!(entry = %entry.id, title = %title.name, "Added {} as {}", entry.name, title.name);
                Some(Notice::Added {
                    entry: entry.id,
                    file: entry.name,
                    title: title.name,
                    year: title.year,
                    kind: title.kind,
                    parts,
                })
            }
            Decision::Subtitles { how, .. } => {
                info!(entry = %entry.id, %how, "{} stands beside its film", entry.name);
                None
            }
            Decision::SetAside | Decision::Ignored(_) | Decision::Later { .. } => None,
            Decision::Review(reason) if reason.kind() == ReasonKind::ByChannel => None,
            Decision::Review(reason) => {
                info!(entry = %entry.id, %reason, "{} needs review", entry.name);
                Some(Notice::NeedsReview { entry: entry.id, file: entry.name, reason })
            }
        })
    }

    /// What comes of an entry that was read just now. `holds`: what its channel does.
    ///
    /// Ways to a title are boxed: each is a state of tens of KiB, and inside of each other they came near the end of a thread's stack.
    pub(super) async fn decide(&self, entry: &Entry, holds: Holds) -> Result<Decision, DatabaseError> {
        if let Some(decision) = self.by_choice(entry).await? {
            return Ok(if are_subtitles(entry) { of_title(decision) } else { decision });
        }
        if holds == Holds::Nothing {
            return Ok(Decision::SetAside);
        }
        if is_unread_archive(entry) {
            return Ok(Decision::Review(Reason::Compressed { files: Vec::new() }));
        }
        if are_subtitles(entry) {
            let by_name = async {
                match holds {
                    Holds::Personal => Ok(Decision::Review(Reason::Personal)),
                    _ => Box::pin(self.by_name(entry, holds)).await,
                }
            };
            return Box::pin(self.place_subtitles(entry, by_name)).await;
        }
        if holds == Holds::Subtitles {
            return Ok(Decision::SetAside);
        }
        if !is_video(entry) {
            return Ok(Decision::Review(Reason::NotVideo { mime: entry.mime.clone() }));
        }
        if holds == Holds::Personal {
            return Ok(Decision::Review(Reason::Personal));
        }
        Box::pin(self.by_name(entry, holds)).await
    }

    /// The title that name and caption lead to, or a rule for names like it.
    async fn by_name(&self, entry: &Entry, holds: Holds) -> Result<Decision, DatabaseError> {
        if let Some(decision) = self.by_rule(entry).await? {
            return Ok(decision);
        }
        if let Some(down) = self.provider_down() {
            return Ok(later(entry, down));
        }
        let clues = Clues {
            release: &entry.release,
            file_name: &entry.name,
            caption: &entry.caption,
            duration_secs: entry.runtime_secs(),
            is_anime: holds == Holds::Anime,
        };
        let found = async {
            let identified = self.inner.metadata.identify(&clues).await?;
            self.find_place(entry, identified).await
        };
        match found.await {
            Ok(found) => {
                self.lock().provider_down = None;
                match found {
                    Ok(Found { title, parts, how }) => {
                        let id = self.inner.store.titles().record(&title).await?;
                        Ok(Decision::Match { id, title, parts, how })
                    }
                    Err(reason) => Ok(Decision::Review(reason)),
                }
            }
            Err(error) if error.is_of_a_site() => Ok(later(entry, alone(&error, entry))),
            Err(error) => Ok(later(entry, self.leave_alone(&error))),
        }
    }

    /// What was found of an entry with its place in the series, or why a person is needed.
    async fn find_place(
        &self,
        entry: &Entry,
        identified: Identified,
    ) -> Result<Result<Found, Reason>, metadata::Error> {
        let (title, reading, mut how, anime) = match identified {
            Identified::Match { title, reading, how, anime } => (title, reading, how, anime),
            Identified::NoTitle => return Ok(Err(Reason::NoTitle)),
            Identified::NoMatch { searched, nearest } => return Ok(Err(Reason::NoMatch { searched, nearest })),
            Identified::UnknownId { id } => return Ok(Err(Reason::UnknownId { id })),
            Identified::Ambiguous { searched, candidates } => {
                return Ok(Err(Reason::Ambiguous { searched, candidates }));
            }
        };
        if title.kind == Kind::Movie {
            return Ok(Ok(Found { title, parts: Vec::new(), how }));
        }
        let release = match reading {
            Some(reading) => Cow::Owned(entry.release.read_as(&reading)),
            None => Cow::Borrowed(&entry.release),
        };
        let placed = self.inner.metadata.place(&release, &title, anime.as_deref()).await?;
        if placed.parts.is_empty() {
            return Ok(Err(Reason::NoEpisode { title: Suggestion::from(&*title) }));
        }
        how.counted_by(placed.order.as_deref());
        Ok(Ok(Found { title, parts: placed.parts, how }))
    }

    pub(super) fn provider_down(&self) -> Option<Down> {
        self.lock().provider_down.clone().filter(|down| unix_now() < down.until)
    }

    /// Records that the provider failed. Until its pause is over, all other pending entries wait as well, instead of asking it
    /// each.
    pub(super) fn leave_alone(&self, error: &metadata::Error) -> Down {
        let mut now = self.lock();
        if let Some(down) = now.provider_down.clone().filter(|down| unix_now() < down.until) {
            return down;
        }
        let pause = now.provider_down.as_ref().map_or(FIRST_PAUSE, |last| (last.pause * 2).min(LONGEST_PAUSE));
        let down = Down { problem: error.to_string(), until: unix_now() + pause.as_secs() as i64, pause };
        warn!(%error, pause_secs = pause.as_secs(), "Matching waits for the metadata provider");
        now.provider_down = Some(down.clone());
        down
    }
}

/// The provider is away, and the entry waits for it.
pub(super) fn later(entry: &Entry, down: Down) -> Decision {
    Decision::Later { tries: tries(entry) + 1, down }
}

fn tries(entry: &Entry) -> u32 {
    match &entry.status {
        Status::Pending { tries, .. } => *tries,
        _ => 0,
    }
}

/// A site that few files need is down: this one waits, and no other.
fn alone(error: &metadata::Error, entry: &Entry) -> Down {
    let pause = FIRST_PAUSE.saturating_mul(1 << tries(entry).min(16)).min(LONGEST_PAUSE);
    Down { problem: error.to_string(), until: unix_now() + pause.as_secs() as i64, pause }
}
