//! The secret key's file, beside the database. Whoever can read it can open every link and session, hence its mode.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use crate::adapters::data_folder::{Draft, Readers};
use crate::domain::secret::SecretKey;

const FILE: &str = "secret.key";

/// The key that is kept in a folder, if one is.
pub fn kept(dir: &Path) -> anyhow::Result<Option<SecretKey>> {
    let path = dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => SecretKey::from_hex(&text).map(Some).with_context(|| {
            format!(
                "{} does not hold 64 hexadecimal digits. Restore it from a backup, or delete it: a new one is made then, people \
                 install their links anew and bots sign in again",
                path.display()
            )
        }),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| format!("reading {}", path.display())),
    }
}

/// The key that is kept in a folder that is there, made the first time. Of several who come first at once all get the same.
pub fn kept_or_new(dir: &Path) -> anyhow::Result<SecretKey> {
    if let Some(key) = kept(dir)? {
        return Ok(key);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system gives no random numbers: {e}"))?;
    let key = SecretKey::from_bytes(bytes);
    let path = dir.join(FILE);
    let made = Draft::write(&path, key.to_hex().as_bytes(), Readers::Owner).and_then(Draft::create);
    match made.with_context(|| format!("making {} (DATA_DIR must be writable and have room)", path.display()))? {
        true => Ok(key),
        false => kept(dir)?.with_context(|| format!("{} was there and is gone again", path.display())),
    }
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
        assert!(kept(&dir).expect("nothing wrong").is_none(), "asking makes none");
        let keys = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| kept_or_new(&dir).expect("a key").to_hex())).collect();
            threads.into_iter().map(|t| t.join().expect("no panic")).collect::<std::collections::BTreeSet<_>>()
        });
        assert_eq!(keys.len(), 1, "twenty first starts at once agree on one key");
        assert_eq!(kept(&dir).expect("read").map(|k| k.to_hex()), keys.first().cloned());
        let mode = |path: &Path| std::fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join(FILE))), (0o700, 0o600));
        std::fs::write(dir.join(FILE), "short").expect("written");
        for ask in [kept(&dir).map(|_| ()), kept_or_new(&dir).map(|_| ())] {
            assert!(ask.expect_err("not a key").to_string().contains("Restore it from a backup"));
        }
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
