//! Which subtitles somebody may choose from: files beside what is played, and tracks inside it.

use std::cmp::Reverse;

use media::Track;
use release_name::Input;

use super::Library;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::foreign_id::ForeignContent;
use crate::domain::subtitles::{Film, Form, Wanted, about, fitness, form_of, text_tracks};
use crate::domain::title::{Kind, MetaId, TitleId};
use crate::flows::DatabaseError;
use crate::protocols::stremio::request::Playing;

/// Subtitles that somebody may choose.
#[derive(Clone, Debug)]
pub enum Choice {
    /// A file of their own.
    File(Box<Entry>),
    /// A track of the film that is played.
    Inside(Box<Entry>, Box<Track>),
}

/// From this fitness on a file was made for the very file that is played, or for one of its group: it comes before what is inside.
const MADE_FOR_IT: u32 = 8;

impl Library {
    /// Subtitles of a film or of one episode: what fits the file that is played first.
    pub async fn subtitles(
        &self,
        kind: Kind,
        id: MetaId,
        episode: Option<(u16, u16)>,
        playing: &Playing,
    ) -> Result<Vec<Choice>, DatabaseError> {
        match self.store.titles().find(kind, id).await? {
            Some((key, _)) => self.subtitles_of(key, episode, playing).await,
            None => Ok(Vec::new()),
        }
    }

    /// The same by another site's id.
    pub async fn foreign_subtitles(
        &self,
        asked: &ForeignContent,
        playing: &Playing,
    ) -> Result<Vec<Choice>, DatabaseError> {
        match self.foreign_title(asked).await? {
            Some((key, episode)) => self.subtitles_of(key, episode, playing).await,
            None => Ok(Vec::new()),
        }
    }

    /// Subtitles of a file without a title.
    pub async fn subtitles_beside(&self, id: EntryId) -> Result<Vec<Choice>, DatabaseError> {
        let Some(film) = self.entry(id).await? else { return Ok(Vec::new()) };
        let wanted = Wanted { beside: vec![id], ..Wanted::default() };
        let found = self.store.subtitles().of(&wanted, &self.reach).await?;
        Ok(best_first(found, Played::Ours(&film)))
    }

    async fn subtitles_of(
        &self,
        title: TitleId,
        episode: Option<(u16, u16)>,
        playing: &Playing,
    ) -> Result<Vec<Choice>, DatabaseError> {
        let films = self.store.catalog().entries_in(title, episode, &self.reach).await?;
        let beside = films.iter().map(|film| film.id).collect();
        let wanted = Wanted { title: Some(title), episode, beside };
        let found = self.store.subtitles().of(&wanted, &self.reach).await?;
        Ok(match (played(&films, playing), playing.file_name.as_deref()) {
            (Some(film), _) => best_first(found, Played::Ours(film)),
            (None, Some(name)) => best_first(found, Played::Named(name)),
            (None, None) => best_first(found, Played::Unknown),
        })
    }
}

/// The file that is played, among those of its title: by OpenSubtitles' hash, which no two share, else by its name, else by its size. A quality that
/// Telegram made is played in the film's stead.
fn played<'a>(films: &'a [Entry], playing: &Playing) -> Option<&'a Entry> {
    let hashed = |film: &&Entry| {
        let hash = film.probe.as_ref().and_then(|probe| probe.hash);
        hash.is_some() && hash == playing.hash
    };
    let named = |film: &&Entry| playing.file_name.as_ref() == Some(&film.name);
    let sized = |film: &&Entry| playing.size == Some(film.file.len());
    let made = |film: &&Entry| {
        film.renditions.iter().any(|one| {
            playing.size == Some(one.video.size) || playing.file_name.as_ref() == Some(&film.as_rendition(one).name)
        })
    };
    let find = |fits: &dyn Fn(&&Entry) -> bool| films.iter().find(fits);
    find(&hashed).or_else(|| find(&named)).or_else(|| find(&sized)).or_else(|| find(&made))
}

/// What is known of what is played.
enum Played<'a> {
    Ours(&'a Entry),
    /// Another addon's file. It has a name all the same, more often than not.
    Named(&'a str),
    Unknown,
}

/// What can be shown as text. Files that were made for what is played, then what is inside it, then other files; of files what fits better first, then
/// by their purpose, whole ones before forced ones, and by name.
fn best_first(mut files: Vec<Entry>, played: Played<'_>) -> Vec<Choice> {
    files.retain(|entry| form_of(entry) == Some(Form::Text));
    let read;
    let film = match played {
        Played::Ours(film) => Some(Film { entry: Some(film.id), name: &film.name, release: &film.release }),
        Played::Named(name) => {
            read = release_name::parse(&Input { name, ..Input::default() });
            Some(Film { entry: None, name, release: &read })
        }
        Played::Unknown => None,
    };
    let fits = |entry: &Entry| film.map_or(0, |film| fitness(entry, &film));
    files.sort_by_cached_key(|entry| {
        (Reverse(fits(entry)), entry.release.forced, entry.release.sdh, entry.name.clone())
    });
    let others = files.split_off(files.partition_point(|entry| fits(entry) >= MADE_FOR_IT));
    let inside = match played {
        Played::Ours(film) => tracks_of(film),
        Played::Named(_) | Played::Unknown => Vec::new(),
    };
    let as_files = |files: Vec<Entry>| files.into_iter().map(|entry| Choice::File(Box::new(entry)));
    as_files(files).chain(inside).chain(as_files(others)).collect()
}

/// In the film's order, but forced ones and those for the deaf behind others.
fn tracks_of(film: &Entry) -> Vec<Choice> {
    let mut tracks: Vec<&Track> = text_tracks(film).collect();
    tracks.sort_by_key(|track| {
        let about = about(track);
        (about.forced, about.sdh)
    });
    tracks.into_iter().map(|track| Choice::Inside(Box::new(film.clone()), Box::new(track.clone()))).collect()
}
