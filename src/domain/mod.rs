//! Floor 1: what things are. Pure and total: no I/O, no async, no clock, no panic on any input.

pub mod access;
pub mod bot_token;
pub mod catalog;
pub mod channel;
pub mod chunk_plan;
pub mod conditions;
pub mod deed;
pub mod entry;
pub mod figure;
pub mod file;
pub mod job;
pub mod limits;
pub mod link;
pub mod matching;
pub mod person;
pub mod post;
pub mod range;
pub mod review;
pub mod secret;
pub mod series_parts;
pub mod shared;
pub mod telegram_id;
pub mod text;
pub mod title;
pub mod usage;
pub mod volumes;
