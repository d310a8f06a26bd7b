//! The lines of a file, written and read. What is read counts as hostile: lines and the memory that unpacking takes have a bound, and
//! whatever does not read as it should is an error.

use std::io::{BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds::{self, Kind};
use super::row::{Cell, Row};
use super::seal::Sealed;
use super::{BATCH_BYTES, BATCH_ROWS, BackupError, Contents, Part};
use crate::adapters::store::embedded;
use crate::domain::secret::SecretKey;

/// Of the file itself. What the records say is in the schema.
const FORMAT: u32 = 1;
/// zstd's own choice between speed and size.
const LEVEL: i32 = 3;
/// A record is a few KB at most, a series of thousands of episodes some MB.
const MOST_LINE: u64 = 32 << 20;
/// The memory that unpacking takes is 2 to this many bytes; level 3 asks for 2 MiB.
const MOST_WINDOW: u32 = 23;

/// What a file says of itself.
#[derive(Clone, Debug)]
pub struct Header {
    /// The program's version.
    pub program: String,
    pub schema: u32,
    /// Unix seconds.
    pub made: i64,
    /// "SQLite" or "MongoDB".
    pub store: String,
    pub secret: SecretKey,
}

#[derive(Serialize, Deserialize)]
struct HeaderLine {
    cinepost: String,
    format: u32,
    program: String,
    schema: u32,
    made: i64,
    store: String,
    secret_key: String,
}

#[derive(Serialize, Deserialize)]
struct SectionLine {
    kind: String,
    fields: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    end: Contents,
}

impl Header {
    pub(super) fn new(schema: u32, store: &str, made: i64, secret: SecretKey) -> Self {
        Self { program: env!("CARGO_PKG_VERSION").to_owned(), schema, made, store: store.to_owned(), secret }
    }

    /// A store whose records were read one collection after the other, while they changed.
    pub(in crate::adapters::store) fn may_dangle(&self) -> bool {
        self.store != "SQLite"
    }
}

pub struct Writer<W: Write> {
    out: zstd::Encoder<'static, Sealed<W>>,
    contents: Contents,
    kind: &'static str,
}

impl<W: Write> Writer<W> {
    pub fn begin(out: W, header: &Header) -> Result<Self, BackupError> {
        let out = zstd::Encoder::new(Sealed::new(out), LEVEL)?;
        let mut writer = Self { out, contents: Contents::new(), kind: "" };
        writer.line(&HeaderLine {
            cinepost: "backup".to_owned(),
            format: FORMAT,
            program: header.program.clone(),
            schema: header.schema,
            made: header.made,
            store: header.store.clone(),
            secret_key: header.secret.to_hex(),
        })?;
        Ok(writer)
    }

    pub fn section(&mut self, kind: &'static str, fields: &[String]) -> Result<(), BackupError> {
        self.kind = kind;
        self.contents.insert(kind.to_owned(), 0);
        self.line(&SectionLine { kind: kind.to_owned(), fields: fields.to_vec() })
    }

    pub fn rows(&mut self, rows: &[Row]) -> Result<(), BackupError> {
        if let Some(count) = self.contents.get_mut(self.kind) {
            *count += rows.len() as u64;
        }
        rows.iter().try_for_each(|row| self.line(row))
    }

    pub fn end(mut self) -> Result<(W, Contents), BackupError> {
        let end = EndLine { end: std::mem::take(&mut self.contents) };
        self.line(&end)?;
        Ok((self.out.finish()?.seal()?, end.end))
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), BackupError> {
        serde_json::to_writer(&mut self.out, value).map_err(std::io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }
}

pub struct Reader<R: BufRead> {
    lines: BufReader<zstd::Decoder<'static, R>>,
    line: Vec<u8>,
    pub header: Header,
    /// So far.
    pub contents: Contents,
    section: Option<(&'static Kind, usize)>,
    /// A line that was read already and is the next part.
    ahead: Option<Part>,
    has_ended: bool,
}

impl<R: BufRead> Reader<R> {
    pub fn begin(file: R) -> Result<Self, BackupError> {
        let mut decoder = zstd::Decoder::with_buffer(file)?;
        decoder.window_log_max(MOST_WINDOW)?;
        let mut reader = Self {
            lines: BufReader::with_capacity(64 << 10, decoder),
            line: Vec::new(),
            header: Header::new(0, "", 0, SecretKey::from_bytes([0; 32])),
            contents: Contents::new(),
            section: None,
            ahead: None,
            has_ended: false,
        };
        if !matches!(reader.read_line(), Ok(true)) {
            return Err(BackupError::NoBackup);
        }
        // What a newer format has in its first line cannot be known, but for these.
        let line: Value = serde_json::from_slice(&reader.line).map_err(|_| BackupError::NoBackup)?;
        if line["cinepost"] != "backup" {
            return Err(BackupError::NoBackup);
        }
        reader.header = header(line)?;
        Ok(reader)
    }

    /// The next section or batch; `None` after the last, when everything was there.
    pub fn next(&mut self) -> Result<Option<Part>, BackupError> {
        if let Some(part) = self.ahead.take() {
            return Ok(Some(part));
        }
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while rows.len() < BATCH_ROWS && bytes < BATCH_BYTES && !self.has_ended {
            if !self.read_line()? {
                return Err(BackupError::damaged("its last records are missing"));
            }
            bytes += self.line.len();
            match self.line.first() {
                Some(b'[') => rows.push(self.row()?),
                Some(_) => {
                    let section = self.section_or_end()?;
                    if rows.is_empty() {
                        return Ok(section);
                    }
                    self.ahead = section;
                    break;
                }
                None => return Err(BackupError::damaged("a record is empty")),
            }
        }
        Ok((!rows.is_empty()).then_some(Part::Rows(rows)))
    }

    fn row(&mut self) -> Result<Row, BackupError> {
        let unreadable = || BackupError::damaged("a record cannot be read");
        let row: Vec<Cell> = serde_json::from_slice(&self.line).map_err(|_| unreadable())?;
        let (kind, _) = self.section.filter(|(_, fields)| *fields == row.len()).ok_or_else(unreadable)?;
        *self.contents.entry(kind.name.to_owned()).or_default() += 1;
        Ok(row)
    }

    /// `None` at the end.
    fn section_or_end(&mut self) -> Result<Option<Part>, BackupError> {
        if let Ok(EndLine { end }) = serde_json::from_slice(&self.line) {
            self.has_ended = true;
            let has_more = self.read_line()?;
            return match !has_more && end == self.contents {
                true => Ok(None),
                false => Err(BackupError::damaged("it does not hold what it says it holds")),
            };
        }
        let unreadable = |_| BackupError::damaged("a section cannot be read");
        let SectionLine { kind, fields } = serde_json::from_slice(&self.line).map_err(unreadable)?;
        let kind = kinds::by_name(&kind).filter(|kind| !self.contents.contains_key(kind.name));
        let kind = kind.ok_or_else(|| BackupError::damaged("it holds records that nobody knows, or twice"))?;
        self.contents.insert(kind.name.to_owned(), 0);
        self.section = Some((kind, fields.len()));
        Ok(Some(Part::Section(kind, fields)))
    }

    /// Without its line feed. False at the end of the file.
    fn read_line(&mut self) -> Result<bool, BackupError> {
        self.line.clear();
        let read = (&mut self.lines).take(MOST_LINE).read_until(b'\n', &mut self.line);
        // An error of the packing, not of the disk.
        let read = read.map_err(|error| BackupError::damaged(format!("it cannot be unpacked ({error})")))?;
        match (read, self.line.pop()) {
            (0, _) => Ok(false),
            (_, Some(b'\n')) => Ok(true),
            _ => Err(BackupError::damaged("a record has no end")),
        }
    }
}

fn header(line: Value) -> Result<Header, BackupError> {
    let number = |name: &str| line[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX);
    let (format, schema) = (number("format"), number("schema"));
    if format > FORMAT || schema > embedded::SCHEMA {
        let program = line["program"].as_str().unwrap_or("of an unknown version").chars().take(40).collect();
        return Err(BackupError::Newer { program, schema, known: embedded::SCHEMA });
    }
    let unreadable = || BackupError::damaged("its first line cannot be read");
    let line: HeaderLine = serde_json::from_value(line).map_err(|_| unreadable())?;
    let secret = SecretKey::from_hex(&line.secret_key).ok_or_else(unreadable)?;
    let is_ours = line.schema > 0 && matches!(line.store.as_str(), "SQLite" | "MongoDB");
    let header = Header { program: line.program, schema, made: line.made, store: line.store, secret };
    if is_ours { Ok(header) } else { Err(unreadable()) }
}
