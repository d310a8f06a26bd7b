//! Floor 1: languages that clients speak, as types, and the addresses that the program gives out. No I/O, no clock.

pub mod addresses;
pub mod hls;
pub mod m3u;
pub mod nfo;
pub mod players;
pub mod playlist;
pub mod stremio;
pub mod test_film;
