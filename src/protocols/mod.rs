//! Floor 1: languages that clients speak, as types: what a client would drop in silence cannot be built. No I/O, no clock.

pub mod addresses;
pub mod stremio;
