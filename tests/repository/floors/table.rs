//! The floors as data: which room may name which, where each heavy crate may be named, and the exceptions.
//!
//! A room is a module that others know by one name (`adapters::store`, `web`). Imports point down: the edge asks flows,
//! flows ask engines and adapters, all of them build on the pure floor. Rooms of one floor do not know each other.

/// One room, or with `*` each room of a folder by itself: what it may name beside itself.
pub struct Room {
    pub name: &'static str,
    pub may_name: &'static [&'static str],
}

/// A crate that is large to build or easy to leak: whose name begins so may be named in these rooms only.
pub struct Heavy {
    pub krate: &'static str,
    pub rooms: &'static [&'static str],
}

/// What the rules do not allow and stands in the code nevertheless. The test fails when it is not needed any more.
pub struct Exception {
    /// The file's module, or a module around it.
    pub from: &'static str,
    /// A module or an item, or a crate.
    pub to: &'static str,
    pub reason: &'static str,
}

pub const ROOMS: &[Room] = &[
    // Floor 5, the edge: HTTP, terminal and chat in and out. Only `app` builds what is below the flows.
    Room { name: "main", may_name: &["app", "cli", "config", "domain"] },
    Room {
        name: "app",
        may_name: &["config", "web", "bot", "flows", "engines", "adapters", "protocols", "texts", "domain"],
    },
    Room { name: "cli", may_name: &["app", "config", "flows", "protocols", "domain"] },
    Room { name: "config", may_name: &["protocols", "domain"] },
    Room { name: "web", may_name: &["flows", "protocols", "texts", "domain"] },
    Room { name: "bot", may_name: &["flows", "protocols", "domain"] },
    // Floor 4, flows: what a person can ask or do. They share their error, and three of them name others:
    // chat tells people what ingest and health found, health looks at the channels, playback keeps to the limits.
    Room { name: "flows::error", may_name: &["engines", "adapters", "domain"] },
    Room { name: "flows::chat", may_name: &["flows", "engines", "adapters", "protocols", "texts", "domain"] },
    Room {
        name: "flows::health",
        may_name: &["flows::channels", FLOW_ERROR[0], FLOW_ERROR[1], "engines", "adapters", "protocols", "domain"],
    },
    // Whoever plays is counted and limited.
    Room {
        name: "flows::playback",
        may_name: &[
            "flows::limits",
            FLOW_ERROR[0],
            FLOW_ERROR[1],
            "engines",
            "adapters",
            "protocols",
            "containers",
            "domain",
        ],
    },
    Room {
        name: "flows::*",
        may_name: &[FLOW_ERROR[0], FLOW_ERROR[1], "engines", "adapters", "protocols", "containers", "domain"],
    },
    // Floor 3, engines: a file and ranges -> bytes.
    Room { name: "engines::*", may_name: &["adapters", "protocols", "containers", "domain"] },
    // Floor 2, adapters: the outside world, each part of it in its own room.
    Room { name: "adapters::*", may_name: &["protocols", "containers", "domain"] },
    // Floor 1, pure: no I/O, no clock, nothing that waits.
    Room { name: "protocols::*", may_name: &["domain"] },
    Room { name: "texts", may_name: &["domain"] },
    Room { name: "containers::*", may_name: &["domain"] },
    Room { name: "domain", may_name: &[] },
];

/// The one error that all flows return, and the name that it is handed on by.
const FLOW_ERROR: [&str; 2] = ["flows::error", "flows::DatabaseError"];

pub const HEAVY: &[Heavy] = &[
    Heavy { krate: "grammers_", rooms: &["adapters::telegram"] },
    Heavy { krate: "mtproto", rooms: &["adapters::telegram"] },
    Heavy { krate: "simulation", rooms: &["cli"] },
    Heavy { krate: "mongodb", rooms: &["adapters::store"] },
    Heavy { krate: "rusqlite", rooms: &["adapters::store"] },
    Heavy { krate: "zstd", rooms: &["adapters::store"] },
    Heavy { krate: "reqwest", rooms: &["adapters::metadata"] },
    Heavy { krate: "actix_web", rooms: &["web", "app"] },
    Heavy { krate: "askama", rooms: &["web"] },
    Heavy { krate: "clap", rooms: &["main", "cli", "config"] },
    // Caches are where answers of the outside world are kept, never in what is asked for them.
    Heavy { krate: "moka", rooms: &["engines", "adapters"] },
    // Whoever waits. The pure floor never does.
    Heavy { krate: "tokio", rooms: &["main", "app", "cli", "web", "bot", "flows", "engines", "adapters"] },
    // Errors that only a person reads.
    Heavy { krate: "anyhow", rooms: &["main", "app", "cli", "config"] },
];

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        from: "protocols::addresses",
        to: "protocols::stremio",
        reason: "the addon's addresses are among the program's, and an absolute URL is one type",
    },
    Exception {
        from: "protocols::addresses",
        to: "protocols::m3u",
        reason: "a playlist's address is among the program's",
    },
    Exception { from: "protocols::m3u", to: "protocols::stremio", reason: "an absolute URL is one type" },
    Exception { from: "protocols::players", to: "protocols::stremio", reason: "an absolute URL is one type" },
];
