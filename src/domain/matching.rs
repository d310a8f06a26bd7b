//! Matching: which of a provider's titles a release is. Scores names and years; below the threshold there is no guess.

use super::title::{Kind, TitleIds};

/// A title that a provider offered for a search, with what telling them apart needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub kind: Kind,
    pub ids: TitleIds,
    pub name: String,
    pub original_name: Option<String>,
    pub alternative_names: Vec<String>,
    pub year: Option<u16>,
    /// The provider's popularity x 1000.
    pub popularity: u64,
}
