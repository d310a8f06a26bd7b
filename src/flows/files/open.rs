//! For whoever has a link.

use std::sync::Arc;

use super::counter::Counter;
use super::{Files, OpenError};
use crate::adapters::telegram::VolumeLocation;
use crate::domain::shared::{Password, ShareLink, SharedFile, Unlocked};
use crate::engines::bytes::Locations;

/// Seconds for which a password that was given counts.
const UNLOCKED_SECS: i64 = 12 * 60 * 60;

/// What a link leads to. Nothing of it may be shown before [`Files::is_unlocked`].
#[derive(Clone, Debug)]
pub struct Opened {
    pub file: SharedFile,
    link: ShareLink,
}

impl Files {
    /// Opens a link; `now` in unix seconds.
    pub async fn open(&self, link: &str, now: i64) -> Result<Opened, OpenError> {
        let link = ShareLink::open(link, &self.key).map_err(|_| OpenError::Forged)?;
        let file = self.store.files().get(link.file).await?.ok_or(OpenError::Gone)?;
        file.opens(link.version, now)?;
        Ok(Opened { file, link })
    }

    /// Whether its bytes and its name may be shown: it has no password, or `proof` is what [`Files::unlock`] returned not long ago.
    pub fn is_unlocked(&self, opened: &Opened, proof: Option<&str>, now: i64) -> bool {
        let Some(password) = &opened.file.terms.password else { return true };
        proof.is_some_and(|proof| Unlocked::is_proof(proof, opened.link, password, &self.key, now))
    }

    /// Takes a password; what is returned proves for a while that it was right. `None` when it was wrong. Takes some 20 ms of a
    /// core: whoever calls this counts the attempts.
    pub async fn unlock(&self, opened: &Opened, given: String, now: i64) -> Option<String> {
        let password = opened.file.terms.password.clone()?;
        let proof = Unlocked { link: opened.link, until: now + UNLOCKED_SECS }.text(&password, &self.key);
        let is_right = tokio::task::spawn_blocking(move || Password::is(&password, &given)).await;
        is_right.unwrap_or(false).then_some(proof)
    }

    /// Counts what goes out from now on; `is_whole`: it is to be saved, as far as one can tell.
    pub fn counter(&self, opened: &Opened, is_whole: bool) -> Counter {
        Counter::begin(self.store.files(), opened.link, is_whole)
    }
}

impl Opened {
    /// Where its bytes are.
    pub fn locations(&self) -> Locations {
        let SharedFile { content, stored, .. } = &self.file;
        [Arc::new(VolumeLocation { volume: content.volume, posts: vec![*stored] })].into_iter().collect()
    }
}
