//! Virtual files: one or more documents (volumes) seen as one run of bytes. A film uploaded whole has one volume.

use serde::{Deserialize, Serialize};

use super::post::DocumentId;

/// One document of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub document: DocumentId,
    /// The data centre that holds it.
    pub dc: i32,
    /// Bytes.
    pub size: u64,
}

/// Volumes in reading order. Never without a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualFile {
    volumes: Vec<Volume>,
}

impl VirtualFile {
    pub fn single(volume: Volume) -> Self {
        Self { volumes: vec![volume] }
    }

    /// `None` without a volume.
    pub fn new(volumes: Vec<Volume>) -> Option<Self> {
        (!volumes.is_empty()).then_some(Self { volumes })
    }

    pub fn volumes(&self) -> &[Volume] {
        &self.volumes
    }

    /// Bytes of the whole.
    pub fn len(&self) -> u64 {
        self.volumes.iter().fold(0, |sum, volume| sum.saturating_add(volume.size))
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
