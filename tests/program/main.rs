//! The whole program, as those see it who use it: Stremio's clients, players, browsers, the owner's chat, the terminal.
//!
//! Every module starts the program against the simulated Telegram and the simulated metadata providers and asks it over
//! HTTP, or runs it as a process. All of them are linked into one binary, because each link of the whole program costs
//! seconds. What needs a process of its own stands beside this folder:
//!
//! | binary | tests | why apart |
//! | --- | --- | --- |
//! | `program` | the whole program | |
//! | `hostile` | texts from outside that try to do harm | it captures the log of its whole process |
//! | `telegram` | the Telegram adapter against the simulation | needs nothing of the program above it |
//! | `store` | the store's contract on each database | needs nothing of the program above it |
//! | `repository` | what the repository promises of itself: floors, images | links nothing of the program |

#[path = "../support/mod.rs"]
mod support;

mod access;
mod addon;
mod addresses;
mod backup;
mod bot;
mod broadcast;
mod bytes;
mod changes;
mod channels;
mod check;
mod data;
mod export;
mod health;
mod hls;
mod inside;
mod instances;
mod jobs;
mod journey;
mod limits;
mod lists;
mod mistakes;
mod outages;
mod pairs;
mod people;
mod play;
mod posts;
mod recipes;
mod renditions;
mod review;
mod series;
mod settings;
mod subtitles;
mod sweep;
mod traces;
mod tracks;
mod volumes;
