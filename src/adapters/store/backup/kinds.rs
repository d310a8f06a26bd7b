//! What a backup keeps, and what it leaves out: every table of the embedded store is in one of the two lists, every column of a kept
//! one is kept or named with it. A kind's fields are called as the embedded store's columns are; `mongo/backup` says where MongoDB has
//! them.

/// Records that a backup keeps.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    /// The embedded store's.
    pub table: &'static str,
    /// Which of them, as SQL. What is left out of them is said in [`LEFT_OUT`].
    pub only: &'static str,
    /// In the order of the table, or of an index: a sort of millions would need room of its own.
    pub order: &'static str,
    /// Columns that follow from others and are worked out again.
    pub derived: &'static [&'static str],
}

const fn kind(name: &'static str, order: &'static str) -> Kind {
    Kind { name, table: name, only: "1", order, derived: &[] }
}

pub const NUMBERS: &str = "numbers";

/// All kinds, in the order of the file: who refers to others comes before them. A store that changes while it is read one collection
/// after the other is then whole but for what was removed meanwhile.
pub const KEPT: &[Kind] = &[
    Kind { only: "key <> 'store_id' AND key NOT LIKE 'instance/%'", ..kind("settings", "key") },
    kind("sessions", "id"),
    kind("invitations", "hash"),
    kind("deeds", "id"),
    kind("people", "id"),
    kind("files", "id"),
    kind("folders", "id"),
    kind("lists", "id"),
    kind("collections", "id"),
    kind("usage", "person, day"),
    kind("file_usage", "entry"),
    kind("watched", "person, entry"),
    kind("statistics", "day, name"),
    Kind { only: "state > 2", ..kind("jobs", "id") },
    kind("choices", "entry"),
    kind("rules", "id"),
    kind("passed_over", "chat, block"),
    kind("passed_over_newest", "chat, message"),
    kind("subtitle_shifts", "entry"),
    kind("sources", "chat, message"),
    kind("channels", "chat"),
    kind("entries", "rowid"),
    kind("parts", "part, entry"),
    Kind { derived: &["search_key"], ..kind("titles", "id") },
    // The last number that each kind gave: none is given twice, also when its record is gone.
    Kind { table: "sqlite_sequence", ..kind(NUMBERS, "name") },
];

/// What is not in a backup, and why. A name with a dot is of some records of a kept table.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("facets", "follows from titles and entries"),
    ("filed", "follows from titles and entries"),
    ("title_tokens", "follows from titles"),
    ("words", "follows from titles"),
    ("word_tokens", "follows from titles"),
    ("places", "follows from what each entry was matched with"),
    ("key_frames", "stand in the files, where whoever wants them reads them again"),
    ("subtitles", "follows from what each entry was found to belong to"),
    ("answers", "what providers answered, which can be asked again"),
    ("tickets", "one-time links: one that was used since would work again"),
    ("codes", "good for minutes"),
    ("running", "what instances send at this moment"),
    ("stops", "what is to end at this moment"),
    ("jobs.unfinished", "a broadcast would reach people twice; upkeep and reading channels begin by themselves"),
    ("settings.store_id", "the restored store is another one, so that no instance goes on from where the old one was"),
    ("settings.instance", "belongs to instances that worked with the old store"),
];

/// The kind that is called so.
pub fn by_name(name: &str) -> Option<&'static Kind> {
    KEPT.iter().find(|kind| kind.name == name)
}
