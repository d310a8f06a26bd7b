//! The qualities that Telegram made of a film: a link to the film opens them too.

use std::sync::Arc;

use super::{Error, Found, Playback};
use crate::adapters::telegram::VolumeLocation;
use crate::domain::entry::{Entry, Source};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::DocumentId;
use crate::domain::range::ByteRange;
use crate::domain::rendition::Rendition;
use crate::engines::bytes::Locations;

impl Playback {
    /// [`Playback::find`], of the rendition whose video is this document: the film in that quality.
    pub async fn find_rendition(&self, link: &str, video: DocumentId, now: u64) -> Result<Found, Error> {
        let (found, sources) = self.admitted(link, now).await?;
        let rendition = found.entry.rendition(video).ok_or(Error::NotFound)?;
        let locations = beside(&found.entry, rendition.video, &sources).ok_or(Error::NotFound)?;
        Ok(Found { entry: found.entry.as_rendition(rendition), locations, ..found })
    }

    /// The playlist of a rendition as Telegram made it, of at most so many bytes. It comes of a few kilobytes, which nobody is counted for.
    pub async fn rendition_playlist(
        &self,
        link: &str,
        video: DocumentId,
        most: u64,
        now: u64,
    ) -> Result<(Found, Vec<u8>), Error> {
        let (found, sources) = self.admitted(link, now).await?;
        let playlist = found.entry.rendition(video).and_then(|rendition| rendition.playlist);
        let playlist = playlist.filter(|playlist| playlist.size <= most).ok_or(Error::NotFound)?;
        let locations = beside(&found.entry, playlist, &sources).ok_or(Error::NotFound)?;
        let (file, whole) = (VirtualFile::single(playlist), ByteRange::whole(playlist.size));
        let text = self.read_for_viewer(&file, &locations, whole).await?;
        Ok((found, text))
    }

    /// The renditions of what a link leads to that can be played in pieces, best first.
    pub async fn renditions(&self, link: &str, now: u64) -> Result<(Found, Vec<Rendition>), Error> {
        let (found, sources) = self.admitted(link, now).await?;
        let in_pieces =
            |one: &&Rendition| one.playlist.is_some() && beside(&found.entry, one.video, &sources).is_some();
        let renditions: Vec<_> = found.entry.renditions.iter().filter(in_pieces).cloned().collect();
        match renditions.is_empty() {
            true => Err(Error::NotFound),
            false => Ok((found, renditions)),
        }
    }
}

/// Where a document can be read that Telegram made of an entry's file: in every message that carries the file.
fn beside(entry: &Entry, volume: Volume, sources: &[Source]) -> Option<Locations> {
    let [own] = entry.file.volumes() else { return None };
    let of_file = sources.iter().filter(|source| source.document == own.document);
    let posts: Vec<_> = of_file.map(|source| source.at).collect();
    (!posts.is_empty()).then(|| [Arc::new(VolumeLocation { volume, posts })].into())
}
