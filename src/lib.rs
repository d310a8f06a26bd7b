//! Cinepost turns Telegram channels into a cinema: forward a film to a channel, and a moment later it stands in Stremio
//! with poster, plot, seasons and qualities, and plays there. No file is stored on the server.
//!
//! # One way through the program
//!
//! ```text
//! Telegram post -> parsed release -> matched title -> catalog -> Stremio -> link -> byte stream
//! ```
//!
//! | arrow | function (owner) |
//! | --- | --- |
//! | post | [`telegram`]: updates and sweeps -> [`domain::post::Post`] |
//! | release | [`release_name::parse`] |
//! | title | [`domain::matching::best`] over what [`metadata`] offers |
//! | catalog | [`ingest`] writes it, [`library`] answers from it; both through [`store`] |
//! | Stremio | [`stremio`]: the addon protocol as types |
//! | link | [`domain::link::Link`] |
//! | bytes | [`playback`] |
//!
//! # Floors
//!
//! Imports point down, neighbours do not know each other (`site -> stremio -> domain` are the steps sideways):
//!
//! ```text
//! 4 edge      main app cli web bot                          -> 3 2 1
//! 3 flows     ingest library accounts channels playback     -> 2 1
//!             chat health: what these do and how they are, for the bot, the pages and the doctor
//! 2 adapters  telegram store metadata files                 -> 1
//! 1 pure      site -> stremio -> domain                     domain -> std, regex, crypto, base62, flate2, serde
//! lab         sim (Telegram and metadata, simulated): used by demo, tests and benches; nothing below uses it
//! ```
//!
//! One heavy crate, one place: grammers in `telegram` and `sim`, the databases in `store`, reqwest in `metadata`, actix in `web`,
//! `app` and `sim`, clap in `cli` and `config`. Deliberately absent: `domain` never waits and never asks the time; nothing but
//! `telegram` knows that Telegram may be simulated.

// Floor 1: pure
pub mod containers;
pub mod domain;
pub mod protocols;

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
