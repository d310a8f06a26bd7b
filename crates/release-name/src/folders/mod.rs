//! Names with folders: `Show/Season 2/05 - Title.mkv`.
//!
//! The file's own name is read first. Folders above it, the nearest first, give what it leaves open: the season, the
//! title of a bare `E05`, or everything when the file is an abbreviation of a folder that says it all.
//!
//! ```text
//! paths     a path cut into folders                 kinds     what a folder is: a season, a title, extras
//! file      the file's release while they are read  names     numbers in names of files
//! compare   which of two says more
//! ```

mod compare;
mod file;
mod kinds;
mod names;
mod paths;

use super::Release;
use super::draft::Draft;
use super::ending;
use super::evidence::{Log, Place};
use super::finish::{finish, technical};
use file::FileRelease;

/// No name has more folders that speak of it.
const MOST_FOLDERS: usize = 4;

/// Reads a name that may hold folders, and the folders that it lies in. `place` is the name's.
pub fn read(path: &str, place: Place<'_>, folder: &str, log: &mut Log) -> Release {
    let (mut folders, mut file) = paths::split(path, place, folder);
    // "Film (1942)/VIDEO_TS/VTS_01_1.VOB": the files of a disc are named all alike; the disc's folder is its name.
    let container = ending::split(file.text).container;
    let disc = folders.iter().rev().find(|part| kinds::is_disc_number(part.text)).copied();
    if let Some(disc) = folders.iter().position(|part| kinds::is_disc(part.text)) {
        folders.truncate(disc);
        while folders.last().is_some_and(|part| kinds::is_disc_number(part.text)) {
            folders.pop();
        }
        file = folders.pop().unwrap_or(file);
    }
    let draft = Draft::read(file.text);
    let mut release = finish(&draft);
    log.draft(&draft, &release, file.place);
    release.container = release.container.or_else(|| container.map(str::to_owned));
    // "Some Film (1968)/CD1/sf.avi"
    if let Some(disc) = disc.filter(|_| release.disc.is_none() && release.episodes.is_empty()) {
        let draft = Draft::technical(disc.text);
        let above = technical(&draft);
        log.draft(&draft, &above, disc.place);
        release.disc = above.disc;
    }
    if folders.is_empty() {
        return release;
    }
    let mut reading = FileRelease::new(file.text, &draft, release);
    let mut levels = folders.iter().enumerate().rev().filter(|(_, part)| !kinds::is_collection(part.text));
    for (level, part) in levels.by_ref().take(MOST_FOLDERS) {
        let draft = Draft::read(part.text);
        let above = finish(&draft);
        let kind = kinds::of(part.text, &draft, &above, folders[..level].last().map(|part| part.text));
        log.draft(&draft, &above, part.place);
        if reading.folder(kind, above).is_break() {
            break;
        }
    }
    reading.finish()
}
