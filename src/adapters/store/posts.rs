//! Messages that carry files.

use super::face::{count_call, face};
use super::mongo::with_limit;
use super::{Backend, Error};
use crate::domain::entry::{Entry, EntryId, Recorded, Source};
use crate::domain::post::{ChatId, PostRef};

face! {
    /// Messages that carry files, as they come and go.
    Posts / PostsBackend {
        /// The messages of a channel that carry a file, from `first` to `last`, in their order.
        async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<Source>, Error>;

        /// What the messages carry that answer this one, and what is made of that.
        async fn answers_to(&self, at: PostRef) -> Result<Vec<EntryId>, Error>;

        /// How many messages of a channel carry a file.
        async fn count(&self, chat: ChatId) -> Result<u64, Error>;
    }
    by_hand {
        async fn record(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error>;
        async fn remove(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error>;
    }
}

/// Messages that MongoDB is given at a time. Each that is no new file takes it a dozen commands, and Telegram tells of up to a thousand at
/// once: over a slow line all of them together would come to no end within the time that a call has, however often they are tried.
const AT_ONCE: usize = 20;

impl Posts {
    /// Records messages and their entries, in order; safe to repeat, also when a part of them was recorded. An entry that is new, or
    /// whose name or caption differs from what is stored and whose source is the newest of the entry, is stored with
    /// `Status::fresh()` and a raised revision. A message that pointed to another entry before (its file was replaced)
    /// leaves that entry. Returns what each post changed, in order.
    pub async fn record(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
        count_call();
        match &*self.0 {
            Backend::Embedded(backend) => PostsBackend::record(backend, posts).await,
            Backend::Mongo(backend) => {
                let mut recorded = Vec::with_capacity(posts.len());
                for some in posts.chunks(AT_ONCE) {
                    recorded.extend(with_limit(PostsBackend::record(backend, some)).await?);
                }
                Ok(recorded)
            }
        }
    }

    /// Forgets messages. An entry without any message left is removed, and a title without any visible entry leaves the
    /// catalog. Returns the entries that were removed.
    pub async fn remove(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
        count_call();
        match &*self.0 {
            Backend::Embedded(backend) => PostsBackend::remove(backend, posts).await,
            Backend::Mongo(backend) => {
                let mut removed = Vec::new();
                for some in posts.chunks(AT_ONCE) {
                    removed.extend(with_limit(PostsBackend::remove(backend, some)).await?);
                }
                Ok(removed)
            }
        }
    }
}
