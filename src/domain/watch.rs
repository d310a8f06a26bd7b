//! Of the instances that share a store one watches: it follows the channels and hears people. Who, and until when.

/// One running program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The same after every restart.
    pub id: String,
    /// Its machine, for people.
    pub name: String,
}

/// The watch is this instance's until it ends. Renewed for as long as the instance lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub instance: Instance,
    /// Since when it has the watch, in unix seconds.
    pub since: i64,
    pub ends: i64,
}
