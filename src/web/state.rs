//! The state that all handlers share.

use std::time::Instant;

use actix_web::{HttpRequest, web};
use ipnet::IpNet;

use super::ops::counters::Counters;
use crate::flows::channels::Channels;
use crate::flows::export::Export;
use crate::flows::files::Files;
use crate::flows::health::Health;
use crate::flows::ingest::Ingest;
use crate::flows::ingest::review::Review;
use crate::flows::instances::Instances;
use crate::flows::jobs::JobList;
use crate::flows::library::Library;
use crate::flows::limits::Limits;
use crate::flows::people::People;
use crate::flows::playback::Playback;
use crate::flows::titles::Titles;
use crate::protocols::addresses::Addresses;
use crate::protocols::players::WebPlayer;

/// Made once, by `app`, outside of the server's workers.
pub struct State {
    pub addresses: Addresses,
    pub library: Library,
    pub people: People,
    pub files: Files,
    pub export: Export,
    pub playback: Playback,
    pub limits: Limits,
    pub health: Health,
    pub channels: Channels,
    pub ingest: Ingest,
    pub instances: Instances,
    pub review: Review,
    pub jobs: JobList,
    pub titles: Titles,
    /// Where files can be played besides.
    pub web_player: Option<WebPlayer>,
    /// Proxies whose word on a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    pub runtime: Runtime,
}

/// The server's own part. [`Default`] is a server that starts now.
pub struct Runtime {
    pub(super) started: Instant,
    pub(super) responses: Counters,
}

impl Default for Runtime {
    fn default() -> Self {
        Self { started: Instant::now(), responses: Counters::default() }
    }
}

impl State {
    /// The state of the server that a request came to.
    pub(super) fn of(request: &HttpRequest) -> web::Data<Self> {
        request.app_data::<web::Data<Self>>().cloned().expect("`server` gives the state to every worker")
    }
}
