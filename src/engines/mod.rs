//! Floor 3: machines that flows run. An engine knows adapters and the pure floor, and nothing of links or the catalog.

pub mod bytes;
pub mod jobs;
