//! Floor 1: what is inside files, read from their bytes by whoever has them. No I/O.

pub mod archive;
