//! The secret key's file, beside the database. Whoever can read it can open every link and session, hence its mode (0600).

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Draft, Readers};
use crate::domain::secret::SecretKey;

const FILE: &str = "secret.key";

#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    #[error(
        "{} does not hold 64 hexadecimal digits. Restore it from a backup, or delete it: a new one is made then, people install \
         their links anew and bots sign in again",
        .0.display()
    )]
    NoKey(PathBuf),
    #[error("reading {}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("making {} (DATA_DIR must be writable and have room)", .path.display())]
    Make { path: PathBuf, source: io::Error },
    #[error("{} was there and is gone again", .0.display())]
    Gone(PathBuf),
    #[error("the system gives no random numbers: {0}")]
    NoRandom(getrandom::Error),
}

/// The key that is kept in a folder. `None` when there is none.
pub fn load(dir: &Path) -> Result<Option<SecretKey>, SecretKeyError> {
    let path = dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => SecretKey::from_hex(&text).map(Some).ok_or(SecretKeyError::NoKey(path)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SecretKeyError::Read { path, source }),
    }
}

/// The key that is kept in a folder, made the first time. The folder has to be there. Of several programs that come first at once
/// all get the same key.
pub fn load_or_make(dir: &Path) -> Result<SecretKey, SecretKeyError> {
    if let Some(key) = load(dir)? {
        return Ok(key);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(SecretKeyError::NoRandom)?;
    let key = SecretKey::from_bytes(bytes);
    let path = dir.join(FILE);
    match Draft::write(&path, key.to_hex().as_bytes(), Readers::Owner).and_then(Draft::create) {
        Ok(true) => Ok(key),
        Ok(false) => load(dir)?.ok_or(SecretKeyError::Gone(path)),
        Err(source) => Err(SecretKeyError::Make { path, source }),
    }
}

/// Keeps a key in a folder, whatever was kept there before.
pub fn replace(dir: &Path, key: &SecretKey) -> io::Result<()> {
    Draft::write(&dir.join(FILE), key.to_hex().as_bytes(), Readers::Owner)?.replace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_kept_key_is_made_once_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = std::env::temp_dir().join(format!("cinepost-key-{}", std::process::id()));
        crate::adapters::data_folder::make_private_dir(&dir).expect("a folder");
        assert!(load(&dir).expect("nothing wrong").is_none(), "asking makes none");
        let keys = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..20).map(|_| scope.spawn(|| load_or_make(&dir).expect("a key").to_hex())).collect();
            threads.into_iter().map(|t| t.join().expect("no panic")).collect::<std::collections::BTreeSet<_>>()
        });
        assert_eq!(keys.len(), 1, "twenty first starts at once agree on one key");
        assert_eq!(load(&dir).expect("read").map(|k| k.to_hex()), keys.first().cloned());
        let mode = |path: &Path| std::fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join(FILE))), (0o700, 0o600));
        std::fs::write(dir.join(FILE), "short").expect("written");
        for ask in [load(&dir).map(|_| ()), load_or_make(&dir).map(|_| ())] {
            assert!(ask.expect_err("not a key").to_string().contains("Restore it from a backup"));
        }
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
