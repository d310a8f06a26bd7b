//! A folder of small files that could be made anew, and are kept because that costs something: as many as there is room for. What was used
//! longest ago goes first; after a restart that is what was written longest ago.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;
use tracing::warn;

use super::{Draft, Readers, TEMPORARY, make_private_dir};

/// The handle. Cheap to clone. Every question blocks the thread for a file.
#[derive(Clone)]
pub struct KeptFiles {
    dir: Arc<PathBuf>,
    /// What is there, with its size.
    known: moka::sync::Cache<String, u32>,
}

/// What a file takes on a disk beside its bytes, about.
const OVERHEAD: u32 = 4096;

impl KeptFiles {
    /// Takes up what an earlier run left in the folder, and makes it if it is not there.
    pub fn open(dir: &Path, most_bytes: u64) -> io::Result<Self> {
        make_private_dir(dir)?;
        let removed_from = dir.to_owned();
        let known = moka::sync::Cache::builder()
            .max_capacity(most_bytes)
            .weigher(|_: &String, size: &u32| size.saturating_add(OVERHEAD))
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |name: Arc<String>, _, cause| {
                if cause != RemovalCause::Replaced {
                    let _ = fs::remove_file(removed_from.join(name.as_str()));
                }
            })
            .build();
        let mut found = Vec::new();
        for entry in fs::read_dir(dir)?.filter_map(Result::ok) {
            let (name, about) = (entry.file_name().into_string(), entry.metadata()?);
            match name {
                Ok(name) if about.is_file() && !name.ends_with(TEMPORARY) => {
                    found.push((about.modified().ok(), name, u32::try_from(about.len()).unwrap_or(u32::MAX)));
                }
                _ if about.is_file() => drop(fs::remove_file(entry.path())),
                _ => {}
            }
        }
        found.sort();
        found.into_iter().for_each(|(_, name, size)| known.insert(name, size));
        known.run_pending_tasks();
        Ok(Self { dir: Arc::new(dir.to_owned()), known })
    }

    /// A file as it was put. `None` when it is not here, or not any more.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        // Counts as used.
        self.known.get(name)?;
        let bytes = fs::read(self.dir.join(name));
        if bytes.is_err() {
            self.known.invalidate(name);
        }
        bytes.ok()
    }

    /// Keeps a file, in place of what had the name before. A folder that cannot be written keeps nothing, and says so.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        let written = Draft::write(&self.dir.join(name), bytes, Readers::Owner).and_then(Draft::replace_soon);
        match written {
            Ok(()) => {
                self.known.insert(name.to_owned(), u32::try_from(bytes.len()).unwrap_or(u32::MAX));
                self.known.run_pending_tasks();
            }
            Err(error) => warn!(%error, "{} cannot be kept in {}", name, self.dir.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_kept_as_long_as_there_is_room() {
        let dir = std::env::temp_dir().join(format!("cinepost-kept-{}", std::process::id()));
        let kept = KeptFiles::open(&dir, 3 * (1000 + u64::from(OVERHEAD))).expect("a folder");
        for name in ["a", "b", "c"] {
            kept.put(name, &[1; 1000]);
        }
        kept.put("b", &[2; 1000]);
        assert_eq!(kept.get("a"), Some(vec![1; 1000]), "used last");
        kept.put("d", &[1; 1000]);
        assert_eq!((kept.get("c"), kept.get("b")), (None, Some(vec![2; 1000])));
        assert!(!dir.join("c").exists());

        fs::write(dir.join(".e.1.tmp"), "half").expect("written");
        let again = KeptFiles::open(&dir, 1 << 20).expect("a folder");
        assert_eq!((again.get("a").map(|bytes| bytes.len()), again.get("c")), (Some(1000), None));
        assert!(!dir.join(".e.1.tmp").exists(), "what was not finished is gone");
        fs::remove_file(dir.join("a")).expect("removed");
        assert_eq!(again.get("a"), None, "somebody else removed it");
        fs::remove_dir_all(dir).expect("ours");
    }
}
