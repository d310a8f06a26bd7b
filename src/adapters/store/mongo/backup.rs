//! Records of MongoDB as a backup has them. A backup's fields are the embedded store's columns; [`MAPPINGS`] says what is otherwise here.
//!
//! Collections are read one after the other while others write to them: no server keeps one moment of all of them for longer than some
//! minutes. Each record is whole, who refers to others is read before them, and what was removed in between is put right when the backup
//! is restored.

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use tokio::sync::mpsc;

use super::records::expiry;
use super::{AT_A_TIME, Mongo, number, with_limit};
use crate::adapters::store::Error;
use crate::adapters::store::backup::kinds::{KEPT, Kind, NUMBERS};
use crate::adapters::store::backup::row::{Cell, Row, bytes, hex};
use crate::adapters::store::backup::{BATCH_BYTES, BATCH_ROWS, Part};
use crate::adapters::store::embedded::MAX_POPULARITY;
use crate::domain::entry::EntryId;

/// How a kind's records stand here, and the fields of its section in their order.
pub(super) struct Mapping {
    pub kind: &'static str,
    id: Id,
    pub fields: &'static [Field],
}

/// What `_id` is.
enum Id {
    /// The first field, which stands nowhere else.
    First,
    /// The first two, with a slash between.
    Pair,
    /// The driver's, which nobody else names.
    Own,
}

#[derive(Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    /// What it is called here.
    at: &'static str,
    shape: Shape,
    absent: Absent,
}

#[derive(Clone, Copy)]
enum Shape {
    /// A number or a text.
    Plain,
    /// A boolean here, 0 or 1 in a backup.
    Flag,
    /// An entry's id.
    Entry,
    /// When the server may remove the record.
    Expiry,
    /// Bytes of messages that carry no file, each under its place.
    Bytes,
    /// The second half of `_id`, and nowhere else.
    InId,
}

/// What a field that is not there stands for.
#[derive(Clone, Copy)]
enum Absent {
    Null,
    Number(i64),
    Text(&'static str),
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, at: name, shape, absent: Absent::Null }
}

const fn plain(name: &'static str) -> Field {
    field(name, Shape::Plain)
}

const fn flag(name: &'static str) -> Field {
    field(name, Shape::Flag)
}

const fn entry(name: &'static str) -> Field {
    field(name, Shape::Entry)
}

const ENTRY: Field = entry("entry");
const CHAT: Field = plain("chat");
const AMOUNT: [Field; 3] = [plain("bytes"), plain("streams"), plain("downloads")];

/// All kinds but those that are made of several collections: parts, titles and numbers.
pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping { kind: "settings", id: Id::First, fields: &[plain("key"), plain("value")] },
    Mapping {
        kind: "sessions",
        id: Id::First,
        fields: &[
            plain("id"),
            plain("person"),
            plain("version"),
            plain("created"),
            plain("seen"),
            Field { at: "expires", ..field("ends", Shape::Expiry) },
            plain("agent"),
            plain("address"),
        ],
    },
    Mapping {
        kind: "invitations",
        id: Id::First,
        fields: &[
            plain("hash"),
            plain("role"),
            plain("uses"),
            plain("created"),
            field("expires", Shape::Expiry),
            plain("made_by"),
            plain("person"),
        ],
    },
    Mapping {
        kind: "deeds",
        id: Id::Own,
        fields: &[plain("id"), plain("at"), plain("who"), plain("what"), plain("whom"), plain("detail")],
    },
    Mapping {
        kind: "people",
        id: Id::First,
        fields: &[
            plain("id"),
            plain("name"),
            plain("access_version"),
            Field { absent: Absent::Number(0), ..plain("added") },
            plain("name_key"),
            plain("role"),
            plain("telegram"),
            Field { absent: Absent::Text(""), ..plain("username") },
            Field { absent: Absent::Text(""), ..plain("first_name") },
            plain("language"),
            Field { absent: Absent::Number(0), ..plain("active") },
            plain("expires"),
            plain("standing"),
            plain("reach"),
            plain("preferences"),
            plain("revision"),
        ],
    },
    Mapping {
        kind: "files",
        id: Id::First,
        fields: &[
            plain("id"),
            plain("owner"),
            plain("folder"),
            plain("added"),
            plain("origin"),
            plain("size"),
            plain("downloads"),
            plain("streams"),
            plain("bytes"),
            CHAT,
            plain("message"),
            ENTRY,
            plain("name"),
            plain("words"),
            plain("content"),
            plain("terms"),
        ],
    },
    Mapping {
        kind: "folders",
        id: Id::First,
        fields: &[plain("id"), plain("owner"), plain("parent"), plain("name"), plain("name_key")],
    },
    Mapping {
        kind: "lists",
        id: Id::First,
        fields: &[plain("id"), plain("name_key"), plain("revision"), plain("document")],
    },
    Mapping { kind: "collections", id: Id::First, fields: &[plain("id"), plain("sorted"), plain("document")] },
    Mapping {
        kind: "usage",
        id: Id::Pair,
        fields: &[plain("person"), plain("day"), AMOUNT[0], AMOUNT[1], AMOUNT[2], plain("links")],
    },
    Mapping { kind: "file_usage", id: Id::First, fields: &[ENTRY, AMOUNT[0], AMOUNT[1], AMOUNT[2], plain("last")] },
    Mapping {
        kind: "watched",
        id: Id::Pair,
        fields: &[
            plain("person"),
            ENTRY,
            plain("name"),
            plain("first"),
            plain("last"),
            AMOUNT[0],
            AMOUNT[1],
            AMOUNT[2],
        ],
    },
    Mapping { kind: "statistics", id: Id::Pair, fields: &[plain("day"), plain("name"), plain("value")] },
    Mapping {
        kind: "jobs",
        id: Id::First,
        fields: &[
            plain("id"),
            plain("kind"),
            plain("person"),
            plain("place"),
            Field { at: "key", ..plain("unique_key") },
            plain("period"),
            plain("input"),
            plain("priority"),
            plain("state"),
            plain("due"),
            plain("tries"),
            plain("most_tries"),
            plain("claim"),
            plain("holder"),
            plain("lease_ends"),
            flag("cancel_wanted"),
            plain("done"),
            plain("out_of"),
            plain("unit"),
            plain("done_before"),
            plain("checkpoint"),
            plain("says"),
            plain("created"),
            plain("began"),
            plain("ended"),
        ],
    },
    Mapping { kind: "choices", id: Id::First, fields: &[ENTRY, plain("said")] },
    Mapping {
        kind: "rules",
        id: Id::First,
        fields: &[plain("id"), plain("reads_as"), plain("channel"), plain("document")],
    },
    Mapping {
        kind: "passed_over",
        id: Id::Pair,
        fields: &[
            CHAT,
            field("block", Shape::InId),
            Field { absent: Absent::Text(""), ..field("bytes", Shape::Bytes) },
        ],
    },
    Mapping {
        kind: "passed_over_newest",
        id: Id::Pair,
        fields: &[CHAT, plain("message"), plain("date"), plain("why"), plain("about")],
    },
    Mapping {
        kind: "sources",
        id: Id::Pair,
        fields: &[CHAT, plain("message"), ENTRY, plain("document"), plain("date"), plain("album"), plain("reply_to")],
    },
    Mapping { kind: "subtitle_shifts", id: Id::First, fields: &[ENTRY, plain("ms")] },
    Mapping {
        kind: "channels",
        id: Id::First,
        fields: &[
            CHAT,
            plain("title"),
            flag("active"),
            plain("toggles"),
            plain("settled"),
            Field { absent: Absent::Text("{}"), ..plain("profile") },
        ],
    },
    Mapping {
        kind: "entries",
        id: Id::First,
        fields: &[
            entry("id"),
            plain("revision"),
            plain("state"),
            plain("retry_at"),
            plain("title"),
            flag("unmatched"),
            flag("review"),
            flag("visible"),
            plain("posted"),
            plain("status"),
            plain("words"),
            plain("document"),
            plain("volume_of"),
            plain("why"),
            plain("probe"),
            Field { absent: Absent::Number(0), ..plain("probed_by") },
            Field { absent: Absent::Number(0), ..plain("probe_tries") },
            Field { absent: Absent::Number(0), ..plain("probe_at") },
        ],
    },
];

pub(super) const PARTS: [Field; 2] = [entry("part"), ENTRY];
pub(super) const TITLES: [Field; 9] = [
    plain("id"),
    plain("kind"),
    plain("imdb"),
    plain("tmdb"),
    plain("merged_into"),
    plain("names"),
    plain("popularity"),
    plain("document"),
    plain("episodes"),
];
pub(super) const NUMBER: [Field; 2] = [plain("name"), plain("seq")];

/// Of a kind: the fields of its section.
pub(super) fn fields_of(kind: &Kind) -> &'static [Field] {
    match kind.name {
        "parts" => &PARTS,
        "titles" => &TITLES,
        NUMBERS => &NUMBER,
        name => mapping(name).map_or(&[], |mapping| mapping.fields),
    }
}

pub(super) fn mapping(kind: &str) -> Option<&'static Mapping> {
    MAPPINGS.iter().find(|mapping| mapping.kind == kind)
}

/// Which records of a collection are kept.
fn kept(kind: &str) -> Document {
    match kind {
        "jobs" => doc! { "state": { "$gt": 2 } },
        "sources" => doc! { "gone": { "$ne": true } },
        "choices" => doc! { "said": { "$ne": null } },
        "entries" => doc! { "withdrawn": { "$ne": true } },
        _ => doc! {},
    }
}

impl Mongo {
    /// Sends everything, and [`Part::End`]. Ends early when nobody receives.
    pub async fn read_all(&self, parts: mpsc::Sender<Part>) -> Result<(), Error> {
        let mut out = Outgoing { parts, rows: Vec::new(), bytes: 0 };
        for kind in KEPT {
            let fields = fields_of(kind).iter().map(|field| field.name.to_owned()).collect();
            out.send(Part::Section(kind, fields)).await?;
            match kind.name {
                "parts" => self.read_parts(&mut out).await?,
                "titles" => self.read_titles(&mut out).await?,
                NUMBERS => self.read_numbers(&mut out).await?,
                name => self.read_kind(name, &mut out).await?,
            }
            out.flush().await?;
        }
        out.send(Part::End).await
    }

    async fn read_kind(&self, kind: &str, out: &mut Outgoing) -> Result<(), Error> {
        let mapping = mapping(kind).ok_or_else(|| Error::broken(format!("no mapping for {kind}")))?;
        let order = if kind == "deeds" {
            doc! { "at": 1, "_id": 1 }
        } else {
            doc! { "_id": 1 }
        };
        let records = self.database.collection::<Document>(kind);
        let mut found = records.find(kept(kind)).sort(order).batch_size(AT_A_TIME).await?;
        let mut count = 0;
        while let Some(record) = with_limit(async { Ok(found.try_next().await?) }).await? {
            if kind == "settings" && is_of_instances(&record) {
                continue;
            }
            count += 1;
            let row = mapping.fields.iter().enumerate().map(|(at, field)| match (&mapping.id, at) {
                // They are read in their order; what it was called does not matter.
                (Id::Own, 0) => Ok(Cell::Number(count)),
                (Id::First, 0) => field.cell(record.get("_id")),
                _ if matches!(field.shape, Shape::InId) => second_half(&record),
                _ => field.cell(record.get(field.at)),
            });
            out.row(row.collect::<Result<_, _>>()?).await?;
        }
        Ok(())
    }

    async fn read_parts(&self, out: &mut Outgoing) -> Result<(), Error> {
        let made = self.entries.clone_with_type::<Document>();
        let made = made.find(doc! { "parts": { "$exists": true }, "withdrawn": { "$ne": true } });
        let mut made = made.projection(doc! { "parts": 1 }).batch_size(AT_A_TIME).await?;
        while let Some(record) = with_limit(async { Ok(made.try_next().await?) }).await? {
            let id = ENTRY.cell(record.get("_id"))?;
            for part in record.get_array("parts").map_err(Error::broken)? {
                out.row(vec![PARTS[0].cell(Some(part))?, id.clone()]).await?;
            }
        }
        Ok(())
    }

    async fn read_titles(&self, out: &mut Outgoing) -> Result<(), Error> {
        let titles = self.titles.clone_with_type::<Document>();
        // By their numbers: of two that say the same id, the one that comes last has it.
        let mut found = titles.find(doc! {}).sort(doc! { "_id": 1 }).batch_size(AT_A_TIME).await?;
        while let Some(title) = with_limit(async { Ok(found.try_next().await?) }).await? {
            let id = number(&title, "_id")?;
            let episodes = with_limit(self.episodes_of(id)).await?;
            let row = TITLES.iter().map(|field| match field.name {
                "id" => Ok(Cell::Number(id)),
                "popularity" => Ok(Cell::Number(number(&title, "popularity")?.min(MAX_POPULARITY as i64))),
                "episodes" => Ok(Cell::Text(episodes.clone())),
                _ => field.cell(title.get(field.at)),
            });
            out.row(row.collect::<Result<_, _>>()?).await?;
        }
        Ok(())
    }

    async fn read_numbers(&self, out: &mut Outgoing) -> Result<(), Error> {
        let others = doc! { "_id": { "$nin": ["schema", "titles"] } };
        let mut found = self.counters.find(others).sort(doc! { "_id": 1 }).await?;
        while let Some(counter) = with_limit(async { Ok(found.try_next().await?) }).await? {
            let name = counter.get_str("_id").map_err(Error::broken)?;
            out.row(vec![Cell::Text(name.to_owned()), Cell::Number(number(&counter, number_field(name))?)]).await?;
        }
        Ok(())
    }
}

/// Where the last number of a kind stands.
pub(super) fn number_field(kind: &str) -> &'static str {
    if kind == "jobs" { "next" } else { "last" }
}

struct Outgoing {
    parts: mpsc::Sender<Part>,
    rows: Vec<Row>,
    bytes: usize,
}

impl Outgoing {
    async fn row(&mut self, row: Row) -> Result<(), Error> {
        self.bytes += row.iter().map(|cell| if let Cell::Text(text) = cell { text.len() } else { 8 }).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        self.bytes = 0;
        match std::mem::take(&mut self.rows) {
            none if none.is_empty() => Ok(()),
            rows => self.send(Part::Rows(rows)).await,
        }
    }

    async fn send(&mut self, part: Part) -> Result<(), Error> {
        // Whoever received says why not any more.
        self.parts.send(part).await.map_err(|_| Error::unavailable("nobody writes the backup any more"))
    }
}

/// What ties a store to the instances that work with it.
fn is_of_instances(setting: &Document) -> bool {
    setting.get_str("_id").is_ok_and(|key| key == "store_id" || key.starts_with("instance/"))
}

/// Of an `_id` that is a pair.
fn second_half(record: &Document) -> Result<Cell, Error> {
    let id = record.get_str("_id").map_err(Error::broken)?;
    let half = id.rsplit('/').next().unwrap_or_default();
    half.parse().map(Cell::Number).map_err(Error::broken)
}

impl Field {
    fn cell(&self, value: Option<&Bson>) -> Result<Cell, Error> {
        Ok(match (value, self.shape) {
            (None | Some(Bson::Null), _) => match self.absent {
                Absent::Null => Cell::None,
                Absent::Number(number) => Cell::Number(number),
                Absent::Text(text) => Cell::Text(text.to_owned()),
            },
            (Some(Bson::Int64(number)), _) => Cell::Number(*number),
            (Some(Bson::Int32(number)), _) => Cell::Number(i64::from(*number)),
            (Some(Bson::Boolean(flag)), _) => Cell::Number(i64::from(*flag)),
            (Some(Bson::String(id)), Shape::Entry) => {
                Cell::Text(hex(&id.parse::<EntryId>().map_err(Error::broken)?.to_bytes()))
            }
            (Some(Bson::String(text)), _) => Cell::Text(text.clone()),
            (Some(Bson::Document(bytes)), Shape::Bytes) => Cell::Text(hex(&in_one_row(bytes)?)),
            (Some(other), _) => return Err(Error::broken(format!("{} is {other:?}", self.at))),
        })
    }

    /// As it stands here; `None` for what is absent. Errors: what it cannot be.
    pub fn bson(&self, cell: &Cell) -> Result<Option<Bson>, String> {
        let wrong = || format!("{} cannot be {cell:?}", self.name);
        Ok(Some(match (cell, self.shape) {
            (Cell::None, _) => return Ok(None),
            (Cell::Number(number), Shape::Flag) => Bson::Boolean(*number != 0),
            (Cell::Number(number), _) => Bson::Int64(*number),
            (Cell::Text(id), Shape::Entry) => {
                let id: Option<[u8; 12]> = bytes(id).and_then(|bytes| bytes.try_into().ok());
                Bson::String(EntryId::from_bytes(id.ok_or_else(wrong)?).to_string())
            }
            (Cell::Text(text), Shape::Bytes) => {
                let bytes = bytes(text).ok_or_else(wrong)?;
                let there = bytes.iter().enumerate().filter(|(_, byte)| **byte != 0);
                Bson::Document(there.map(|(place, byte)| (place.to_string(), i32::from(*byte).into())).collect())
            }
            (Cell::Text(text), _) => Bson::String(text.clone()),
        }))
    }
}

/// Bytes that stand under their places. There are 4,096 at most.
fn in_one_row(places: &Document) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for place in places.keys() {
        let at: usize = place.parse().map_err(Error::broken)?;
        let byte = u8::try_from(number(places, place)?).unwrap_or(u8::MAX);
        if at >= 4096 {
            return Err(Error::broken(format!("a block of messages has no place {at}")));
        }
        bytes.resize(bytes.len().max(at + 1), 0);
        bytes[at] = byte;
    }
    Ok(bytes)
}

impl Mapping {
    /// A record as it stands here. `cell`: of each field.
    pub fn document<'a>(&self, cell: impl Fn(usize) -> &'a Cell) -> Result<Document, String> {
        let mut record = Document::new();
        let mut values = Vec::with_capacity(self.fields.len());
        for (at, field) in self.fields.iter().enumerate() {
            values.push(field.bson(cell(at))?);
        }
        match self.id {
            Id::Own => {}
            Id::First => drop(record.insert("_id", values[0].clone().ok_or("a record has no id")?)),
            Id::Pair => {
                let half = |at: usize| values[at].as_ref().map(Bson::to_string).unwrap_or_default();
                // Texts would be printed in quotation marks.
                let half = |at: usize| match &values[at] {
                    Some(Bson::String(text)) => text.clone(),
                    _ => half(at),
                };
                record.insert("_id", format!("{}/{}", half(0), half(1)));
            }
        }
        for (at, (field, value)) in self.fields.iter().zip(values).enumerate() {
            let is_in_id = at == 0 && !matches!(self.id, Id::Pair) || matches!(field.shape, Shape::InId);
            match (value, field.shape) {
                _ if is_in_id => {}
                (Some(Bson::Int64(ends)), Shape::Expiry) => record.extend(expiry(ends)),
                (Some(value), _) => drop(record.insert(field.at, value)),
                (None, _) => {}
            }
        }
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::adapters::store::embedded;

    #[test]
    fn every_field_of_a_backup_has_its_place_here() {
        let of_embedded = embedded::backup_fields();
        for kind in KEPT {
            let here: BTreeSet<&str> = fields_of(kind).iter().map(|field| field.name).collect();
            let wanted: BTreeSet<&str> = of_embedded[kind.name].iter().map(String::as_str).collect();
            assert_eq!(here, wanted, "fields of {}", kind.name);
            assert_eq!(here.len(), fields_of(kind).len(), "each once: {}", kind.name);
        }
    }
}
