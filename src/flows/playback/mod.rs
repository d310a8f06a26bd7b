//! Floor 4: link -> entry -> sources -> byte engine. What a link may show, and who watches what.
//!
//! ```text
//! find          link -> person, entry, locations    what HEAD needs; asks the store, not Telegram
//! open          ranges -> Body                      the first bytes are there, or it is refused
//! subtitles     the lines of a file beside a film, written anew
//! way, segment  a film as HLS: `hls`
//! inside        the lines of a track inside a film, as they come
//! ```
//!
//! The engine reads bytes and knows streams by number. Whose a stream is, is known here: `viewers` keeps who watches what,
//! `revocation` ends the streams of those who may no longer watch, `rounds` tells [`Limits`] what is sent.

mod body;
mod error;
mod hls;
mod inside;
mod renditions;
mod revocation;
mod rounds;
mod subtitles;
mod viewers;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;

pub use ::subtitles::Writing;
pub use body::Body;
pub use error::Error;
pub use hls::{Choice, Segment, Way};
pub use inside::Lines;
pub use viewers::Watching;

use crate::adapters::clock::unix_now;
use crate::adapters::data_folder::KeptFiles;
use crate::adapters::store::Store;
use crate::adapters::telegram::{BotTraffic, VolumeLocation};
use crate::adapters::tools::Ffmpeg;
use crate::domain::entry::{Entry, EntryId, Source};
use crate::domain::file::VirtualFile;
use crate::domain::link::Link;
use crate::domain::person::{Person, PersonId};
use crate::domain::range::ByteRange;
use crate::domain::secret::Key;
use crate::domain::shared::SharedFile;
pub use crate::engines::bytes::{BUCKETS_MS, ConnectionLoad, Histogram, Holdings, Totals};
use crate::engines::bytes::{Engine, Locations};
use crate::flows::limits::{Asker, Limits};
use hls::Hls;
use inside::Tracks;
use viewers::{Viewer, Viewers};

/// What a good link leads to.
#[derive(Clone, Debug)]
pub struct Found {
    pub entry: Entry,
    /// The person whose link it is.
    pub asker: Asker,
    /// Their access version when the link was made.
    version: u16,
    locations: Locations,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Playback {
    store: Store,
    link_key: Key,
    engine: Engine,
    viewers: Viewers,
    limits: Limits,
    hls: Arc<Hls>,
    tracks: Tracks,
}

impl Playback {
    /// `link_key` is the one for [`Purpose::Link`]. Must be called inside a tokio runtime.
    ///
    /// [`Purpose::Link`]: crate::domain::secret::Purpose::Link
    pub fn new(store: Store, engine: Engine, link_key: Key, limits: Limits) -> Self {
        let viewers = Viewers::default();
        tokio::spawn(revocation::end_revoked(viewers.downgrade(), store.clone()));
        tokio::spawn(rounds::tell_limits(viewers.downgrade(), engine.clone(), limits.clone()));
        let (hls, tracks) = (Arc::new(Hls::new(None)), Tracks::new(engine.clone(), None));
        Self { store, link_key, engine, viewers, limits, hls, tracks }
    }

    /// With something that encodes sounds.
    #[must_use]
    pub fn with_ffmpeg(self, ffmpeg: Option<Ffmpeg>) -> Self {
        Self { hls: Arc::new(Hls::new(ffmpeg)), ..self }
    }

    /// Keeps there what was read of subtitles inside films.
    #[must_use]
    pub fn with_kept(self, kept: KeptFiles) -> Self {
        Self { tracks: Tracks::new(self.engine.clone(), Some(kept)), ..self }
    }

    /// Opens a link and finds what it names; `now` in unix seconds. Asks the store, not Telegram.
    pub async fn find(&self, link: &str, now: u64) -> Result<Found, Error> {
        let (found, sources) = self.admitted(link, now).await?;
        let locations = VolumeLocation::of_all(&found.entry.file, &sources).ok_or(Error::NotFound)?.into();
        Ok(Found { locations, ..found })
    }

    /// The link's person and entry, without places to read it from, and the messages with its file that this person may see.
    async fn admitted(&self, link: &str, now: u64) -> Result<(Found, Vec<Source>), Error> {
        let link = Link::open(link, &self.link_key, now)?;
        let person = self.store.people().get(link.person).await?;
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let is_admitted = |person: &Person| person.admits(link.version, now) && self.limits.admits(person);
        let person = person.filter(is_admitted).ok_or(Error::Revoked)?;
        self.store.people().touch(&person, now);
        let entry = self.store.entries().get(link.entry).await?.ok_or(Error::NotFound)?;
        let mut sources = self.store.entries().sources(link.entry).await?;
        let reach = self.store.reach_of(&person).await?;
        sources.retain(|source| reach.holds(source.at.chat));
        let nowhere = Locations::default();
        Ok((Found { entry, asker: Asker::of(&person), version: link.version, locations: nowhere }, sources))
    }

    /// Whether a link's person may still have what they were given when they had this access version.
    async fn admits(&self, person: PersonId, version: u16) -> Result<bool, Error> {
        let person = self.store.people().get(person).await?;
        Ok(person.is_some_and(|person| person.admits(version, unix_now()) && self.limits.admits(&person)))
    }

    /// The same for a file that somebody shares: it is read under its owner's access and limits, as long as they have one.
    pub async fn find_shared(&self, file: &SharedFile, locations: Locations, now: i64) -> Result<Found, Error> {
        let owner = self.store.people().get(file.owner).await?;
        let owner = owner.filter(|owner| owner.denied(now).is_none()).ok_or(Error::Revoked)?;
        // Others read it: it is nothing that the owner watched.
        let asker = Asker { keeps_history: false, ..Asker::of(&owner) };
        Ok(Found { entry: entry_of(file), asker, version: owner.access_version, locations })
    }

    /// Starts to read `ranges` one after the other. When it returns, the first bytes are there: a file that cannot be read is
    /// refused while there is still a status line to do it with. `is_whole`: the file is to be saved, as far as the client tells.
    pub async fn open(&self, found: &Found, ranges: Vec<ByteRange>, is_whole: bool) -> Result<Body, Error> {
        let Found { entry, asker, version, locations } = found;
        let meter = self.limits.admit(*asker, entry, is_whole, unix_now()).await?;
        let admission = self.engine.admit()?;
        let viewer = Viewer { entry: entry.id, name: entry.name.clone(), person: asker.person, version: *version };
        // Listed before the first byte is there: that may take long.
        let watch = self.viewers.enter(admission.id(), viewer);
        let bytes = admission.open(&entry.file, locations, &ranges).await?;
        Ok(Body::new(bytes, watch, meter))
    }

    /// A few kilobytes that a viewer waits for before anything plays: as pressing as the film's own first bytes.
    async fn read_for_viewer(
        &self,
        file: &VirtualFile,
        locations: &Locations,
        range: ByteRange,
    ) -> Result<Vec<u8>, Error> {
        let bytes = self.engine.admit()?.open(file, locations, &[range]).await?;
        let append = async |mut all: Vec<u8>, more: Bytes| {
            all.extend_from_slice(&more);
            Ok(all)
        };
        Ok(bytes.try_fold(Vec::new(), append).await?)
    }

    /// What this instance is sending right now, oldest first. [`Records::watching`](crate::flows::limits::Records::watching) knows of all.
    pub fn watching(&self) -> Vec<Watching> {
        self.viewers.watching(self.engine.streams())
    }

    /// Sums since the start.
    pub fn totals(&self) -> Totals {
        self.engine.totals()
    }

    /// Bytes held now.
    pub fn holdings(&self) -> Holdings {
        self.engine.holdings()
    }

    /// The connections that read, as they stood within the last second.
    pub fn connections(&self) -> Vec<ConnectionLoad> {
        self.engine.connections()
    }

    /// What went over the connections to Telegram.
    pub fn traffic(&self) -> Vec<BotTraffic> {
        self.engine.traffic()
    }
}

/// A shared file as an entry that stands in no catalog.
fn entry_of(file: &SharedFile) -> Entry {
    let content = &file.content;
    Entry {
        duration_secs: content.duration_secs,
        width: content.width,
        height: content.height,
        posted: file.added,
        ..Entry::of(
            EntryId::from_documents(&[content.volume.document]),
            content.file(),
            file.name.clone(),
            content.mime.clone(),
        )
    }
}
