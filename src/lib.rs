//! Cinepost turns Telegram channels into a cinema: forward a film to a channel, and a moment later it stands in Stremio
//! with poster, plot, seasons and qualities, and plays there. No film is stored on the server.
//!
//! # One way through the program
//!
//! ```text
//! Telegram post -> parsed release -> matched title -> catalog -> Stremio -> link -> byte stream
//! ```
//!
//! | step | read on in |
//! | --- | --- |
//! | post | [`adapters::telegram`]: updates and sweeps become a [`Post`](domain::post::Post) |
//! | release | [`release_name`]: a name, its caption and its folder become a [`Release`](release_name::Release) |
//! | title | [`adapters::metadata`] offers candidates, [`domain::matching`] chooses among them |
//! | catalog | [`flows::ingest`] writes it, [`flows::library`] reads it, both through [`adapters::store`] |
//! | Stremio | [`protocols::stremio`]: the addon protocol as types, served by [`web`] |
//! | link | [`domain::link`]: what a play URL names, sealed |
//! | bytes | [`flows::playback`] finds the file of a link, [`engines::bytes`] serves it |
//!
//! # Floors
//!
//! Imports point down, and rooms on one floor do not know each other.
//!
//! | floor | rooms | |
//! | --- | --- | --- |
//! | 5 edge | [`web`], [`bot`], [`cli`], [`config`]; [`app`] builds the parts | decode, ask a flow, encode |
//! | 4 | [`flows`] | what a person can ask or do |
//! | 3 | [`engines`] | machines that flows run |
//! | 2 | [`adapters`] | the outside world, each part behind one handle |
//! | 1 pure | [`protocols`], [`containers`] and [`texts`] above [`domain`] | what things are: no I/O, no async, no clock |
//!
//! What stands alone is a crate: [`release_name`], [`mtproto`] and [`simulation`], which plays Telegram and the metadata providers for
//! `cinepost demo`, tests and benches. Above [`adapters::telegram`] Telegram is Telegram: only [`config`], [`app`] and the commands that start a
//! simulation name one.
//!
//! What the parts promise each other, the invariants, and where coming rooms will stand: `ARCHITECTURE.md`. How we write:
//! `CONTRIBUTING.md`.

// Floor 1: pure
pub mod containers;
pub mod domain;
pub mod protocols;
pub mod texts;

// Floor 2
pub mod adapters;

// Floor 3
pub mod engines;

// Floor 4
pub mod flows;

// Floor 5: edge
pub mod app;
pub mod bot;
pub mod cli;
pub mod config;
pub mod web;
