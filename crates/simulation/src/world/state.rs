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
