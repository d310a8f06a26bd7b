//! A file's link, and what its owner says about who may open it.

use super::{Error, Files};
use crate::adapters::store::files::FileChange;
use crate::domain::person::PersonId;
use crate::domain::shared::{DownloadLimit, FileId, Password, SharedFile, Terms};

impl Files {
    /// The text of the file's link. The same every time, until its owner ends it.
    pub fn link(&self, file: &SharedFile) -> String {
        file.link().seal(&self.key)
    }

    /// Ends the link; the file has another one from now on.
    pub async fn renew_link(&self, owner: PersonId, id: FileId) -> Result<SharedFile, Error> {
        self.change_terms(owner, id, |terms| Terms { version: terms.version.wrapping_add(1), ..terms }).await
    }

    /// Sets when the link ends, in unix seconds; `None`: never.
    pub async fn set_expiry(&self, owner: PersonId, id: FileId, expires: Option<i64>) -> Result<SharedFile, Error> {
        self.change_terms(owner, id, |terms| Terms { expires, ..terms }).await
    }

    /// Sets how often it may be downloaded from now on; `None`: as often as anybody likes.
    pub async fn set_most_downloads(
        &self,
        owner: PersonId,
        id: FileId,
        most: Option<u32>,
    ) -> Result<SharedFile, Error> {
        let after_bytes = self.file(owner, id).await?.served.bytes;
        let downloads = most.map(|most| DownloadLimit { most, after_bytes });
        self.change_terms(owner, id, |terms| Terms { downloads, ..terms }).await
    }

    /// Asks for a password from now on, or no longer. Whoever gave another one before is asked again.
    pub async fn set_password(&self, owner: PersonId, id: FileId, given: Option<&str>) -> Result<SharedFile, Error> {
        let password = match given {
            Some(given) => Some(hash(given.to_owned()).await?),
            None => None,
        };
        self.change_terms(owner, id, |terms| Terms { password, ..terms }).await
    }

    async fn change_terms(
        &self,
        owner: PersonId,
        id: FileId,
        change: impl FnOnce(Terms) -> Terms,
    ) -> Result<SharedFile, Error> {
        let terms = change(self.file(owner, id).await?.terms);
        self.store.files().change(id, &FileChange::Terms(terms)).await?.ok_or(Error::NoSuchFile)
    }
}

/// On a thread that may take its time.
async fn hash(given: String) -> Result<Password, Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).expect("the operating system gives random bytes");
    let hashed = tokio::task::spawn_blocking(move || Password::new(&given, salt)).await;
    Ok(hashed.expect("hashing does not panic")?)
}
