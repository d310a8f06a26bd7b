//! The world in a file: read once at the start, written after changes (a little later, so that a thousand posts are not
//! a thousand writes) and at the end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::World;

#[derive(Clone, Debug)]
pub(in super::super) struct StateFile(PathBuf);

impl StateFile {
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where documents that were given as bytes are kept: beside the file.
    pub fn folder(&self) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".files");
        name.into()
    }

    /// `None` at the very first start.
    pub fn load(&self) -> anyhow::Result<Option<World>> {
        let text = match fs::read(&self.0) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => {
                return Err(e).with_context(|| format!("cannot read the simulation's state {}", self.0.display()));
            }
        };
        let world = serde_json::from_slice(&text)
            .with_context(|| format!("{} does not hold a simulation's state", self.0.display()))?;
        Ok(Some(world))
    }

    /// A crash leaves the old state or the new one.
    pub fn save(&self, world_json: &[u8]) -> anyhow::Result<()> {
        let context = || format!("cannot write the simulation's state {}", self.0.display());
        if let Some(parent) = self.0.parent().filter(|p| *p != Path::new("")) {
            fs::create_dir_all(parent).with_context(context)?;
        }
        write_whole(&self.0, world_json).with_context(context)
    }
}

/// Writes a file so that its name stands for the old bytes or for the new ones, never for a part.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.to_owned().into_os_string();
    temporary.push(".tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Button;

    #[test]
    fn a_state_from_before_groups_and_buttons_is_read() {
        let text = r#"{"seed": 1,
            "accounts": [{"name": "main", "id": 1001, "pts": 3, "reference_generation": 0, "letters": {
                "1": {"id": 1, "person": 9, "is_out": false, "date": 1, "edit_date": null, "text": "hi", "document": null, "pts": 2},
                "2": {"id": 2, "person": 9, "is_out": true, "date": 1, "edit_date": null, "text": "hello", "document": null,
                      "buttons": [[{"text": "Open", "url": "https://example.org/"}]], "pts": 3}}}],
            "people": {"9": {"id": 9, "first_name": "Anne"}},
            "channels": {"5": {"bare": 5, "title": "Films", "date": 1, "pts": 2, "top": 1, "events": [], "members": [1001],
                "messages": {"1": {"id": 1, "date": 1, "edit_date": null, "text": "caption", "document": 7, "album": 3,
                                   "forwarded": [6, 5]}}}},
            "documents": {"7": {"id": 7, "dc": 4, "file_name": "a.mkv", "mime": "video/x-matroska", "size": 9, "date": 1,
                                "video": null, "content": "Generated"}},
            "keys": {}}"#;
        let world: World = serde_json::from_str(text).expect("an earlier state");
        let main = world.account(1001).expect("it was there");
        assert!(main.knows(9) && !main.knows(8));
        assert_eq!(main.letters[&2].words.buttons, [[Button::url("Open", "https://example.org/")]]);
        let words = &world.channels[&5].messages[&1].words;
        assert_eq!(
            (words.text.as_str(), words.document, words.album, words.forwarded),
            ("caption", Some(7), Some(3), Some((6, 5)))
        );

        let again: World =
            serde_json::from_str(&serde_json::to_string(&world).expect("plain")).expect("what was written");
        assert_eq!(again.channels[&5].messages, world.channels[&5].messages);
    }
}
