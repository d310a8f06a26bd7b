//! Every filter and order that MongoDB is asked for is the prefix of an index that the store declares. The suite asks through a relay
//! that reads what goes over the wire, so a new query is looked at as soon as anything tests it.
//!
//! An index serves a lookup when its first keys are the fields that must equal something, the next ones the order, and the fields
//! with a range are keys behind them. Nothing else counts: what MongoDB finds otherwise it finds by reading records that are not
//! wanted, or by sorting.

mod relay;

use std::collections::{BTreeMap, BTreeSet};

use mongodb::bson::{Bson, Document};

use crate::Home;
use cinepost::adapters::store::Database;
pub use relay::through;

/// Collections of a few records, which may be read through: none of them grows with the library or with what is watched.
const SMALL: &[&str] = &["channels", "people", "running", "stops", "codes", "invitations", "rules", "lists"];

/// What may read more than it wants, and why. A lookup is named by how it begins.
const ALLOWED: &[(&str, &str)] = &[
    ("find entries visible= volume_of=", "reads the volumes of one set"),
    ("update entries state? volume_of=", "changes the volumes of one set"),
    ("find entries places= title= visible=", "reads the files of one episode"),
    ("find sources chat= entry=", "reads the messages of some entries"),
    ("aggregate sources chat= gone= message<> unfinished=", "counts marks of calls that did not come to their end"),
    ("find titles $or? kind= vpopularity", "the search by grams, which titles of one kind are read for"),
    ("aggregate titles $or? kind= vpopularity", "the same, for somebody who sees some channels only"),
    ("find entries $or? unmatched= visible=", "passes over volumes that were put together, and reads for words"),
    ("find entries state= visible= words?", "reads what is ignored for words"),
    ("aggregate entries state= visible= words?", "the same, to count it"),
    ("find entries review= visible= words?", "reads the review list for words"),
    ("find entries review= visible= why= words?", "the same"),
    ("aggregate entries review= visible= words?", "the same, to count it"),
    ("aggregate entries review= visible= why= words?", "the same"),
    ("find files owner= words?", "reads one person's files for words"),
    ("find jobs due<> kind= place=null waiting=", "passes over what waits for another instance"),
    ("find jobs $nor? due<> kind= place=null waiting=", "and over people who have as many jobs as they may"),
    ("aggregate jobs ended<> state=", "counts the jobs of a day"),
    ("find sessions expires<> vseen", "all browsers that are signed in; what is over goes by itself"),
    (
        "find titles _id<> latest<> ^_id",
        "a walk through all titles in the order of their numbers; passes over those without a file",
    ),
    ("find collections ^sorted ^_id", "in order, until a page has enough films that are seen"),
    ("find watch_records", "whoever takes the watch over wants all of them"),
    ("delete watched", "all histories are erased"),
];

/// All of a collection: a backup reads it once, in batches. Nothing else is asked so; a lookup is named in full.
const BACKED_UP: &[&str] = &[
    "find choices said? ^_id",
    "find collections ^_id",
    "find counters _id? ^_id",
    "find deeds ^at ^_id",
    "find entries parts<> withdrawn?",
    "find entries withdrawn? ^_id",
    "find file_usage ^_id",
    "find files ^_id",
    "find folders ^_id",
    "find jobs state<> ^_id",
    "find lists ^_id",
    "find subtitle_shifts ^_id",
    "find passed_over ^_id",
    "find passed_over_newest ^_id",
    "find sessions ^_id",
    "find settings ^_id",
    "find sources gone? ^_id",
    "find statistics ^_id",
    "find titles ^_id",
    "find usage ^_id",
    "find watched ^_id",
];

/// What was asked of one database.
#[derive(Clone, Default)]
pub struct Asked {
    /// By collection. Without the index of `_id`, which is always there.
    indexes: BTreeMap<String, Vec<Index>>,
    lookups: BTreeSet<Lookup>,
    /// Opened, and not yet brought up to the newest schema: an upgrade may read everything once.
    upgrading: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Index {
    keys: Vec<(String, i32)>,
    /// It has only the records in which this field is there.
    holds: Option<String>,
    is_unique: bool,
}

/// A question, without the values that it is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Lookup {
    collection: String,
    verb: String,
    filter: Vec<(String, Bound)>,
    order: Vec<(String, i32)>,
    is_limited: bool,
}

/// What a filter says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    /// One of some values, none of which is null.
    Equal,
    /// Null, which also stands for "not there".
    Absent,
    Range,
    /// Anything that no index helps to find.
    Other,
}

impl Asked {
    /// Takes note of a command.
    fn note(&mut self, command: &Document) {
        let Some((verb, collection)) = command.iter().next().and_then(|(verb, of)| Some((verb, of.as_str()?))) else {
            return;
        };
        match verb.as_str() {
            "createIndexes" => {
                let declared = documents(command, "indexes").filter_map(Index::read);
                self.indexes.entry(collection.to_owned()).or_default().extend(declared);
            }
            "find" => self.look_up(collection, verb, command.get("filter"), command.get("sort"), command.get("limit")),
            "findAndModify" => {
                self.look_up(collection, verb, command.get("query"), command.get("sort"), Some(&Bson::Int32(1)));
            }
            "count" => self.look_up(collection, verb, command.get("query"), None, None),
            "distinct" => self.look_up(collection, verb, command.get("query"), None, None),
            "update" | "delete" => {
                for one in documents(command, if verb == "update" { "updates" } else { "deletes" }) {
                    if collection == "counters" {
                        self.note_schema(one);
                    }
                    self.look_up(collection, verb, one.get("q"), None, None);
                }
            }
            "aggregate" => {
                let stages: Vec<&Document> = documents(command, "pipeline").collect();
                let stage = |name| stages.iter().find_map(|stage| stage.get(name));
                self.look_up(collection, verb, stage("$match"), stage("$sort"), stage("$limit"));
            }
            _ => {}
        }
    }

    /// An opened store says its schema first and sets it when it has been brought up to it.
    fn note_schema(&mut self, update: &Document) {
        let says = |operator| {
            update.get_document("u").and_then(|u| u.get_document(operator)).is_ok_and(|set| set.contains_key("schema"))
        };
        if says("$setOnInsert") {
            self.upgrading += 1;
        } else if says("$set") {
            self.upgrading = self.upgrading.saturating_sub(1);
        }
    }

    fn look_up(&mut self, of: &str, verb: &str, filter: Option<&Bson>, order: Option<&Bson>, limit: Option<&Bson>) {
        if self.upgrading > 0 {
            return;
        }
        let nothing = Document::new();
        let document = |value: Option<&'_ Bson>| value.and_then(Bson::as_document).unwrap_or(&nothing).clone();
        let mut bounds = BTreeMap::new();
        collect(&document(filter), &mut bounds);
        self.lookups.insert(Lookup {
            collection: of.to_owned(),
            verb: verb.to_owned(),
            filter: bounds.into_iter().collect(),
            order: directions(&document(order)),
            is_limited: limit.is_some(),
        });
    }

    /// Those that no index serves.
    fn unserved(&self) -> Vec<String> {
        let by_id = Index { keys: vec![("_id".to_owned(), 1)], holds: None, is_unique: true };
        let is_served = |lookup: &Lookup| {
            let declared = self.indexes.get(&lookup.collection).into_iter().flatten();
            declared.chain([&by_id]).any(|index| index.serves(lookup))
        };
        self.lookups
            .iter()
            .filter(|lookup| !SMALL.contains(&lookup.collection.as_str()) && !is_served(lookup))
            .map(Lookup::to_string)
            .filter(|said| !BACKED_UP.contains(&said.as_str()))
            .filter(|said| !ALLOWED.iter().any(|(begin, _)| said.starts_with(begin)))
            .collect()
    }
}

impl Index {
    fn read(index: &Document) -> Option<Self> {
        let keys = directions(index.get_document("key").ok()?);
        let partial = index.get_document("partialFilterExpression").ok().and_then(|filter| filter.keys().next());
        let sparse = index.get_bool("sparse").unwrap_or_default().then(|| &keys.first().expect("a key").0);
        let holds = partial.or(sparse).cloned();
        Some(Self { keys, holds, is_unique: index.get_bool("unique").unwrap_or_default() })
    }

    fn serves(&self, lookup: &Lookup) -> bool {
        let bound = |field: &str| lookup.filter.iter().find(|(of, _)| of == field).map(|(_, bound)| *bound);
        let is_equal = |field: &str| matches!(bound(field), Some(Bound::Equal | Bound::Absent));
        if self.holds.as_deref().is_some_and(|field| !matches!(bound(field), Some(Bound::Equal | Bound::Range))) {
            return false;
        }
        // One record for each value, whatever else must be true of it.
        if self.is_unique && self.keys.iter().all(|(key, _)| bound(key) == Some(Bound::Equal)) {
            return true;
        }
        let equal = self.keys.iter().take_while(|(key, _)| is_equal(key)).count();
        let (before, mut behind) = self.keys.split_at(equal);
        let mut way = None;
        let mut ordered = 0;
        for (field, direction) in lookup.order.iter().filter(|(field, _)| !is_equal(field)) {
            match behind.split_first() {
                Some(((key, of_key), rest))
                    if key == field && *way.get_or_insert(direction * of_key) == direction * of_key =>
                {
                    behind = rest;
                    ordered += 1;
                }
                _ => return false,
            }
        }
        let is_key = |keys: &[(String, i32)], field: &str| keys.iter().any(|(key, _)| key == field);
        let is_met = |(field, bound): &(String, Bound)| match bound {
            Bound::Equal | Bound::Absent => is_key(before, field),
            Bound::Range => is_key(&self.keys[equal..], field),
            Bound::Other => false,
        };
        // The first key that is neither equal to something nor an order must be a range, or all of it is wanted.
        let begins = equal > 0 || bound(&self.keys[0].0) == Some(Bound::Range) || (ordered > 0 && lookup.is_limited);
        begins && lookup.filter.iter().all(is_met)
    }
}

impl std::fmt::Display for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.verb, self.collection)?;
        for (field, bound) in &self.filter {
            let sign = match bound {
                Bound::Equal => "=",
                Bound::Absent => "=null",
                Bound::Range => "<>",
                Bound::Other => "?",
            };
            write!(f, " {field}{sign}")?;
        }
        for (field, direction) in &self.order {
            write!(f, " {}{field}", if *direction < 0 { "v" } else { "^" })?;
        }
        write!(f, "{}", if self.is_limited { " limited" } else { "" })
    }
}

/// What a filter says of each field.
fn collect(filter: &Document, bounds: &mut BTreeMap<String, Bound>) {
    for (field, said) in filter {
        match (field.as_str(), said) {
            ("$and", Bson::Array(all)) => all.iter().filter_map(Bson::as_document).for_each(|one| collect(one, bounds)),
            _ => {
                let bound = bound(field, said);
                // An array may have to hold several values: one of them finds it.
                bounds.entry(field.clone()).and_modify(|known| *known = bound.min(*known)).or_insert(bound);
            }
        }
    }
}

fn bound(field: &str, said: &Bson) -> Bound {
    match said {
        _ if field.starts_with('$') => Bound::Other,
        Bson::Null => Bound::Absent,
        Bson::Document(said) if said.keys().any(|key| key.starts_with('$')) => {
            let each = said.iter().map(|(operator, value)| match (operator.as_str(), value) {
                ("$eq", Bson::Null) | ("$exists", Bson::Boolean(false)) => Bound::Absent,
                ("$in", Bson::Array(values)) if values.contains(&Bson::Null) => Bound::Absent,
                ("$eq" | "$in" | "$all", _) => Bound::Equal,
                ("$gt" | "$gte" | "$lt" | "$lte" | "$exists", _) => Bound::Range,
                _ => Bound::Other,
            });
            each.min().unwrap_or(Bound::Other)
        }
        _ => Bound::Equal,
    }
}

fn documents<'a>(command: &'a Document, field: &str) -> impl Iterator<Item = &'a Document> {
    command.get_array(field).into_iter().flatten().filter_map(Bson::as_document)
}

fn directions(keys: &Document) -> Vec<(String, i32)> {
    let direction = |value: &Bson| match value {
        Bson::Int32(direction) => *direction,
        Bson::Int64(direction) => *direction as i32,
        _ => 1,
    };
    keys.iter().map(|(key, value)| (key.clone(), direction(value))).collect()
}

/// Fails for each lookup so far in a home's database that no index serves, and that is not allowed to read more.
pub fn check(home: &Home) {
    let Database::Mongo { uri } = &home.location else { return };
    let name = uri.split('/').nth(3).unwrap().split('?').next().unwrap();
    let unserved = relay::asked(name).unserved();
    assert!(unserved.is_empty(), "without an index:\n{}", unserved.join("\n"));
}
