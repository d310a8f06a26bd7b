//! Layer 3: files. Reads their bytes over connections of their own.

pub mod reading;
