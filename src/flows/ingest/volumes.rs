//! Volumes -> what is made of them. All volumes of one name are looked at together, by [`Ingest::join_volumes`] alone: it decides
//! what each of them and each file made of them comes to, and the store writes that at once.
//!
//! | the volumes | come to |
//! | --- | --- |
//! | film.mkv.001, .002 ... complete | one entry |
//! | an archive, complete | one entry for each film stored in it; its first volume stands in review for those that are not |
//! | incomplete, or mixed | the first volume stands in review and says why |
//! | film.part1.mkv, film.part2.mkv that play on their own | each is matched as the film that it is |

use std::collections::BTreeSet;
use std::time::Duration;

use tracing::{debug, info, warn};

use super::archive::{self, Placed, Unreadable};
use super::{FIRST_PAUSE, Ingest, LONGEST_PAUSE, Notice};
use crate::adapters::clock::unix_now;
use crate::adapters::telegram::VolumeLocation;
use crate::containers::archive::{MAX_SUBTITLES, Member, Packing, Problem};
use crate::domain::entry::{Entry, EntryId, Named, Reason, Source, Status};
use crate::domain::file::{Extent, VirtualFile, Volume, has_video_name};
use crate::domain::post::DocumentId;
use crate::domain::subtitles;
use crate::domain::text;
use crate::domain::volumes::{self, Candidate, Content, Doubt, Group, Joined, State, VolumeName};
use crate::flows::DatabaseError;
use release_name::Input;

/// What one group of volumes comes to.
enum Outcome {
    /// Files to play, and why others that are in the archive cannot be.
    Made(Vec<Entry>, Option<Reason>),
    Review(Reason),
    /// Listed for review, and looked at again after so long.
    Wait(Reason, Duration),
    /// No volumes: films that are counted as such.
    Films,
}

/// A volume as ingest looks at it.
struct Piece {
    entry: Entry,
    sources: Vec<Source>,
    name: VolumeName,
}

/// What a whole set of volumes comes to.
struct Plan {
    /// Of each volume, in the order of the pieces.
    statuses: Vec<Status>,
    entries: Vec<Entry>,
    notices: Vec<Notice>,
    /// Pieces that are films of their own.
    films: BTreeSet<usize>,
}

impl Ingest {
    /// Looks at all volumes of one name, and makes of them what they come to. `pending`: those for which it is looked at. One
    /// that was recorded when its name was not known for a volume's is put into the set first, and looked at next time.
    pub(super) async fn join_volumes(&self, set: &str, pending: &[EntryId]) -> Result<(), DatabaseError> {
        let _shown = self.show(set);
        let pieces = self.pieces(set).await?;
        let is_filed = |id: &EntryId| pieces.iter().any(|piece| piece.entry.id == *id);
        if let Some(entry) = pending.iter().copied().find(|id| !is_filed(id)) {
            return Ok(self.inner.store.volumes().file(entry, set).await?);
        }
        let tries = pieces.iter().map(|piece| tries(&piece.entry)).max().unwrap_or(0);
        let outcomes = self.outcomes(&pieces, tries).await;
        let Plan { statuses, entries, notices, films } = plan(&pieces, outcomes, tries);

        let count = entries.len();
        let mut joined = Joined { entries, ..Joined::default() };
        for (n, (piece, status)) in pieces.iter().zip(statuses).enumerate() {
            let Entry { id, revision, .. } = piece.entry;
            match films.contains(&n) {
                true => joined.films.push((id, revision)),
                false => joined.volumes.push((id, revision, status)),
            }
        }
        if !self.inner.store.volumes().join(set, &joined).await? {
            // A volume came, went or changed meanwhile; what changed is pending.
            debug!(set, "Looks at the volumes of {set} again");
            return Ok(());
        }
        if count > 0 {
            info!(volumes = pieces.len(), files = count, "Joined the volumes of {set}");
        }
        for notice in notices {
            let _ = self.inner.notices.send(notice);
        }
        for n in films {
            self.match_film(pieces[n].entry.clone()).await?;
        }
        self.inner.work.notify_one();
        Ok(())
    }

    async fn pieces(&self, set: &str) -> Result<Vec<Piece>, DatabaseError> {
        let volumes = self.inner.store.volumes().in_set(set).await?.into_iter();
        let pieces = volumes.filter_map(|(entry, sources)| {
            let name = volumes::read(&entry.name)?;
            Some(Piece { entry, sources, name })
        });
        Ok(pieces.collect())
    }

    /// What each group of volumes that belong together comes to.
    async fn outcomes(&self, pieces: &[Piece], tries: u32) -> Vec<(Group, Outcome)> {
        // Nothing came, went or changed since we last decided to wait.
        let has_waited = pieces.iter().all(|piece| !matches!(piece.entry.status, Status::Pending { tries: 0, .. }));
        let candidates: Vec<Candidate> = pieces.iter().map(Piece::candidate).collect();
        let mut outcomes = Vec::new();
        for group in volumes::group(&candidates) {
            let of_group: Vec<&Piece> = group.volumes.iter().map(|n| &pieces[*n]).collect();
            let outcome = self.look_at(&of_group, &group, has_waited, tries).await;
            outcomes.push((group, outcome));
        }
        outcomes
    }

    async fn look_at(&self, pieces: &[&Piece], group: &Group, has_waited: bool, tries: u32) -> Outcome {
        let quiet = self.inner.options.quiet;
        let incomplete = |reason| if has_waited { Outcome::Review(reason) } else { Outcome::Wait(reason, quiet) };
        match self.settle_doubt(pieces, group).await {
            Ok(Settled::Films) => return Outcome::Films,
            Ok(Settled::Missing(files)) => return incomplete(Reason::MissingVolumes { files }),
            Ok(Settled::Volumes) => {}
            Err(unreadable) => return wait_for_telegram(unreadable, tries, pieces),
        }
        match &group.state {
            State::Missing(files) => return incomplete(Reason::MissingVolumes { files: files.clone() }),
            State::Mixed => return incomplete(Reason::MixedVolumes),
            State::MoreMayCome if !has_waited => return Outcome::Wait(Reason::MoreVolumes, quiet),
            State::MoreMayCome | State::Complete => {}
        }
        let Some(first) = pieces.first() else { return incomplete(Reason::MixedVolumes) };
        let Content::Archive(format, split) = first.name.content() else {
            return Outcome::Made(film(pieces).into_iter().collect(), None);
        };
        let locations: Vec<VolumeLocation> = pieces.iter().filter_map(|piece| piece.location()).collect();
        match archive::members(&self.inner.engine, locations, format, split).await {
            Ok(Ok(members)) => made_of(pieces, members),
            Ok(Err(Problem::Missing { volume })) => {
                let file = volume.map_or_else(|| first.name.whole.clone(), |volume| first.name.of_position(volume));
                incomplete(Reason::MissingVolumes { files: vec![file] })
            }
            Ok(Err(Problem::Encrypted)) => Outcome::Review(Reason::Encrypted { files: Vec::new() }),
            Ok(Err(Problem::Damaged(what))) => Outcome::Review(Reason::BrokenArchive { problem: what.to_owned() }),
            Err(unreadable) => wait_for_telegram(unreadable, tries, pieces),
        }
    }

    /// Reads what names and sizes leave open.
    async fn settle_doubt(&self, pieces: &[&Piece], group: &Group) -> Result<Settled, Unreadable> {
        let begins = async |piece: &Piece| archive::begins_as_video(&self.inner.engine, piece.location()).await;
        match &group.doubt {
            Doubt::None => Ok(Settled::Volumes),
            Doubt::Films { later } if later.is_empty() => Ok(Settled::Films),
            Doubt::Films { later } => {
                let later = pieces.iter().zip(&group.volumes).filter(|(_, n)| later.contains(n));
                for (piece, _) in later {
                    if begins(piece).await? {
                        return Ok(Settled::Films);
                    }
                }
                Ok(Settled::Volumes)
            }
            Doubt::Beginning { missing } => match pieces.first() {
                Some(first) if !begins(first).await? => Ok(Settled::Missing(missing.clone())),
                _ => Ok(Settled::Volumes),
            },
        }
    }

    /// Finds the title of a film that is counted as a volume is. One that was looked at stays as it was decided.
    async fn match_film(&self, entry: Entry) -> Result<(), DatabaseError> {
        match entry.status {
            Status::Pending { .. } | Status::Volume => self.match_entry(entry).await,
            Status::Matched { .. } | Status::Subtitles { .. } | Status::Review { .. } | Status::Ignored { .. } => {
                Ok(())
            }
        }
    }
}

/// What reading a group's doubtful volumes showed.
enum Settled {
    Volumes,
    Films,
    Missing(Vec<String>),
}

fn wait_for_telegram(Unreadable { problem, retry_after }: Unreadable, tries: u32, pieces: &[&Piece]) -> Outcome {
    let pause = FIRST_PAUSE.saturating_mul(1 << tries.min(8)).min(LONGEST_PAUSE).max(retry_after);
    let file = pieces.first().map_or("", |piece| piece.entry.name.as_str());
    warn!(%problem, file, "Volumes wait for Telegram");
    Outcome::Wait(Reason::TelegramDown { problem }, pause)
}

/// Where the outcomes of all groups lead together. A volume may be in several groups.
fn plan(pieces: &[Piece], outcomes: Vec<(Group, Outcome)>, tries: u32) -> Plan {
    let mut plan = Plan {
        statuses: vec![Status::Volume; pieces.len()],
        entries: Vec::new(),
        notices: Vec::new(),
        films: BTreeSet::new(),
    };
    let is_made = |outcome: &Outcome| matches!(outcome, Outcome::Made(..));
    let in_use: BTreeSet<usize> =
        outcomes.iter().filter(|(_, o)| is_made(o)).flat_map(|(group, _)| group.volumes.clone()).collect();
    for (group, outcome) in outcomes {
        let is_free = |n: &&usize| is_made(&outcome) || !in_use.contains(n);
        let Some(&first) = group.volumes.iter().find(is_free).or(group.volumes.first()) else { continue };
        let (made, status) = match outcome {
            Outcome::Made(made, None) => (made, None),
            Outcome::Made(made, Some(reason)) => (made, Some(Status::Review { reason })),
            Outcome::Review(reason) => (Vec::new(), Some(Status::Review { reason })),
            Outcome::Films => {
                plan.films.extend(group.volumes.iter().filter(|n| !in_use.contains(n)));
                continue;
            }
            Outcome::Wait(reason, pause) => {
                let retry_at = unix_now() + pause.as_secs() as i64;
                (Vec::new(), Some(Status::Pending { tries: tries + 1, retry_at, reason: Some(reason) }))
            }
        };
        for entry in made {
            // The same volumes in two channels make the same file.
            if plan.entries.iter().all(|other| other.id != entry.id) {
                plan.entries.push(entry);
            }
        }
        let Some(status) = status else { continue };
        if let Status::Review { reason } = &status {
            let Entry { id: entry, name: file, .. } = pieces[first].entry.clone();
            plan.notices.push(Notice::NeedsReview { entry, file, reason: reason.clone() });
        }
        plan.statuses[first] = status;
    }
    plan
}

fn tries(entry: &Entry) -> u32 {
    match entry.status {
        Status::Pending { tries, .. } => tries,
        _ => 0,
    }
}

impl Piece {
    fn candidate(&self) -> Candidate {
        let at = self.sources.iter().map(|source| (source.at, source.album)).collect();
        Candidate { name: self.name.clone(), size: self.entry.file.len(), at }
    }

    fn volume(&self) -> Option<Volume> {
        self.entry.file.volumes().first().copied()
    }

    fn location(&self) -> Option<VolumeLocation> {
        let posts = self.sources.iter().map(|source| source.at).collect();
        Some(VolumeLocation { volume: self.volume()?, posts })
    }
}

/// The film that was cut into these volumes.
fn film(pieces: &[&Piece]) -> Option<Entry> {
    let name = pieces.first()?.name.whole.clone();
    let documents: Vec<DocumentId> = volumes_of(pieces).iter().map(|volume| volume.document).collect();
    let file = VirtualFile::new(volumes_of(pieces))?;
    let caption = captions(pieces);
    Some(Entry { caption, ..blank(EntryId::from_documents(&documents), file, name, pieces) })
}

fn volumes_of(pieces: &[&Piece]) -> Vec<Volume> {
    pieces.iter().filter_map(|piece| piece.volume()).collect()
}

/// An entry that says nothing but what file it is.
fn blank(id: EntryId, file: VirtualFile, name: String, pieces: &[&Piece]) -> Entry {
    // The apps that sent the volumes could not see what is in them.
    Entry {
        posted: pieces.iter().map(|piece| piece.entry.posted).max().unwrap_or(0),
        ..Entry::of(id, file, name, "application/octet-stream")
    }
}

/// What people wrote to any of the volumes, each line once. Volumes often come with their own name as caption.
fn captions(pieces: &[&Piece]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in pieces.iter().flat_map(|piece| piece.entry.caption.lines()) {
        let line = volumes::read(line).map_or_else(|| line.trim().to_owned(), |name| name.whole);
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// The films inside an archive, and the subtitles.
fn made_of(pieces: &[&Piece], members: Vec<Placed>) -> Outcome {
    // What macOS puts beside each file.
    let is_own = |member: &Member| !leaf(&member.name).starts_with("._") && !member.name.starts_with("__MACOSX/");
    let is_sample = |(member, _): &Placed| member.name.to_lowercase().contains("sample");
    let (mut films, rest): (Vec<Placed>, Vec<Placed>) = members
        .into_iter()
        .filter(|(member, _)| is_own(member))
        .partition(|(member, _)| has_video_name(leaf(&member.name)));
    let (lines, packed): (Vec<Placed>, Vec<Placed>) = rest
        .into_iter()
        .filter(|(member, _)| subtitles::form(leaf(&member.name)).is_some())
        .partition(|(member, _)| matches!(member.packing, Packing::Stored | Packing::Deflated));
    if !films.iter().all(is_sample) {
        films.retain(|film| !is_sample(film));
    }
    if films.is_empty() && lines.is_empty() && packed.is_empty() {
        return Outcome::Review(Reason::NoVideo);
    }
    let is_alone = films.len() == 1;
    // Beside a film, what is packed with it is no reason to bother anybody.
    let reason = why_not(if films.is_empty() { &packed } else { &films });
    let usable = films.into_iter().filter(|(member, _)| member.packing == Packing::Stored);
    let left_out = lines.len().saturating_sub(MAX_SUBTITLES);
    if left_out > 0 {
        let archive = pieces.first().map_or("", |piece| piece.entry.name.as_str());
        warn!(
            archive,
            left_out, "An archive holds more subtitles than any series has: the first {MAX_SUBTITLES} are taken"
        );
    }
    let usable = usable.chain(lines.into_iter().take(MAX_SUBTITLES));
    let made = usable.filter_map(|(member, extents)| inside(pieces, &member, &extents, is_alone)).collect();
    Outcome::Made(made, reason)
}

/// What cannot be used of an archive's members.
fn why_not(members: &[Placed]) -> Option<Reason> {
    let names = |packing| -> Vec<String> {
        let packed = members.iter().filter(|(member, _)| member.packing == packing);
        packed.map(|(member, _)| text::file_name(leaf(&member.name))).collect()
    };
    match (names(Packing::Encrypted), names(Packing::Compressed)) {
        (files, _) if !files.is_empty() => Some(Reason::Encrypted { files }),
        (_, files) if !files.is_empty() => Some(Reason::Compressed { files }),
        _ => None,
    }
}

/// One file inside an archive. `is_alone`: the archive's name is its name too.
fn inside(pieces: &[&Piece], member: &Member, extents: &[Extent], is_alone: bool) -> Option<Entry> {
    let unpacked = (member.packing == Packing::Deflated).then_some(member.size);
    let member = member.name.as_str();
    let volumes = volumes_of(pieces);
    let documents: Vec<DocumentId> = volumes.iter().map(|volume| volume.document).collect();
    // Only the volumes that it lies in: playing it needs no others.
    let used: BTreeSet<usize> = extents.iter().map(|extent| extent.volume).collect();
    let used: Vec<usize> = used.into_iter().collect();
    let moved = |extent: &Extent| {
        let volume = used.iter().position(|volume| *volume == extent.volume)?;
        Some(Extent { volume, ..*extent })
    };
    let kept: Vec<Volume> = used.iter().filter_map(|volume| volumes.get(*volume).copied()).collect();
    let file = VirtualFile::of_extents(kept, extents.iter().filter_map(moved).collect())?;

    let leaf = leaf(member);
    let archive = &pieces.first()?.name.whole;
    let stem = archive.rsplit_once('.').map_or(archive.as_str(), |(stem, _)| stem);
    let caption = captions(pieces);
    let own = release_name::parse(&Input { name: leaf, caption: "", folder: "" });
    let says_nothing = own.year.is_none() && own.episodes.is_empty() && own.absolute.is_empty();
    let ending = leaf.rsplit_once('.').map_or("", |(_, ending)| ending);
    // The archive's name says nothing of a language, and theirs is all that they say.
    let is_named_after_it = is_alone && says_nothing && subtitles::form(leaf).is_none();
    let named = match is_named_after_it {
        true => format!("{stem}.{ending}"),
        false => format!("{stem}/{member}"),
    };
    let id = EntryId::from_member(&documents, member);
    let named = Some(Named::As(named));
    Some(Entry { named, caption, unpacked, ..blank(id, file, text::file_name(leaf), pieces) })
}

fn leaf(member: &str) -> &str {
    member.rsplit('/').next().unwrap_or(member)
}
