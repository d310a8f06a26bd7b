//! What an index says of its own origin, kept in the file itself: it cannot be of another index.

use serde::{Deserialize, Serialize};

use super::sources::Sources;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    /// Unix seconds.
    pub built: i64,
    pub sources: Sources,
    pub lists: Vec<Origin>,
}

/// Where a list came from, and what tells whether it is still the same there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}
