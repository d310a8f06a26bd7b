//! Floor 2: the outside world, each part of it behind one handle in our own words. Adapters know the pure floor and not each other.

pub mod clock;
pub mod data_folder;
pub mod log_file;
pub mod metadata;
pub mod store;
pub mod telegram;
pub mod tools;
