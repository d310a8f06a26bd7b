//! Matroska and WebM: EBML elements.

use crate::{Found, Why, file::File};

/// Is it one, by what it begins with?
pub fn fits(_file: &File) -> bool {
    false
}

/// What is inside.
pub fn probe(_file: &File) -> Result<Found, Why> {
    Err(Why::NotKnown)
}
