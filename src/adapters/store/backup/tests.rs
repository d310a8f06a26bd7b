//! The reader against whatever a file may hold.

use std::io::Cursor;

use proptest::prelude::*;

use super::format::{Reader, Writer};
use super::row::{Cell, Row};
use super::*;

fn header() -> Header {
    Header::new(embedded::SCHEMA, "SQLite", 1_800_000_000, SecretKey::from_bytes([7; 32]))
}

/// A file of settings, sealed.
fn file(rows: &[Row]) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), &header()).expect("memory");
    writer.section("settings", &["key".to_owned(), "value".to_owned()]).expect("memory");
    writer.rows(rows).expect("memory");
    writer.end().expect("memory").0
}

/// Lines as they are, packed.
fn packed(lines: &[u8]) -> Vec<u8> {
    zstd::encode_all(lines, 1).expect("memory")
}

fn read(file: &[u8]) -> Result<Vec<Row>, BackupError> {
    let mut reader = Reader::begin(file)?;
    let mut all = Vec::new();
    while let Some(part) = reader.next()? {
        if let Part::Rows(rows) = part {
            all.extend(rows);
        }
    }
    Ok(all)
}

fn setting(key: usize, value: &str) -> Row {
    vec![Cell::Text(key.to_string()), Cell::Text(value.to_owned())]
}

fn begin() -> String {
    let line = file(&[]);
    let lines = zstd::decode_all(&line[..line.len() - 48]).expect("ours");
    let text = String::from_utf8(lines).expect("JSON");
    format!("{}\n", text.lines().next().expect("a header"))
}

#[test]
fn many_records_come_in_batches_and_none_is_lost() {
    let rows: Vec<Row> = (0..1234).map(|n| setting(n, &"a value ".repeat(n % 300))).collect();
    let file = file(&rows);
    let mut cursor = Cursor::new(&file);
    let header = verify(&mut cursor).expect("it is whole");
    assert_eq!((header.made, header.schema, header.store.as_str()), (1_800_000_000, embedded::SCHEMA, "SQLite"));
    assert_eq!(contents(&mut cursor).expect("it is whole")["settings"], 1234);
    assert!(is_one(&mut cursor));
    let mut reader = reader(&mut cursor).expect("a header");
    let (mut all, mut batches) = (Vec::new(), 0);
    while let Some(part) = reader.next().expect("it is whole") {
        if let Part::Rows(rows) = part {
            let bytes: usize = rows.iter().flatten().map(|cell| format!("{cell:?}").len()).sum();
            assert!(rows.len() <= BATCH_ROWS && bytes < 2 * BATCH_BYTES, "{} rows, {bytes} bytes", rows.len());
            all.extend(rows);
            batches += 1;
        }
    }
    assert!(all == rows && batches > 2, "{batches} batches");
}

#[test]
fn what_is_wrong_is_said() {
    let section = "{\"kind\":\"settings\",\"fields\":[\"key\",\"value\"]}\n";
    let cases: &[(&str, &str)] = &[
        ("", "its last records are missing"),
        ("[1]\n", "a record cannot be read"),
        ("{\"kind\":\"films\",\"fields\":[]}\n", "nobody knows"),
        ("{\"kind\":7}\n", "a section cannot be read"),
        ("\n", "a record is empty"),
        ("{\"end\":{\"settings\":1}}\n", "it does not hold what it says"),
        ("{\"end\":{}}\n[\"a\",\"b\"]\n", "it does not hold what it says"),
        ("{\"end\":{}}", "a record has no end"),
    ];
    for (lines, wanted) in cases {
        let error = read(&packed(format!("{}{lines}", begin()).as_bytes())).expect_err(lines).to_string();
        assert!(error.contains(wanted), "{lines}: {error}");
    }
    for lines in [format!("{section}[\"a\"]\n"), format!("{section}{section}"), format!("{section}[\"a\",1.5]\n")] {
        read(&packed(format!("{}{lines}", begin()).as_bytes())).expect_err(&lines);
    }
    assert!(matches!(read(&packed(b"{\"cinepost\":\"film\"}\n")), Err(BackupError::NoBackup)));
    let keyless = begin().replace(&"07".repeat(32), "07");
    assert!(matches!(read(&packed(keyless.as_bytes())), Err(BackupError::Damaged(_))));
}

#[test]
fn a_line_without_end_and_a_huge_window_take_no_memory() {
    // A gigabyte in a few kilobytes.
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.write_all(begin().as_bytes()).expect("memory");
    (0..1024).for_each(|_| encoder.write_all(&[b'['; 1 << 20]).expect("memory"));
    let bomb = encoder.finish().expect("memory");
    assert!(bomb.len() < 200_000, "{} bytes", bomb.len());
    let error = read(&bomb).expect_err("no record is so long").to_string();
    assert!(error.contains("a record has no end"), "{error}");
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.window_log(27).expect("a window");
    encoder.write_all(begin().as_bytes()).expect("memory");
    read(&encoder.finish().expect("memory")).expect_err("it would take 128 MiB");
}

#[test]
fn a_full_disk_is_said_in_words() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for room in [0, 100, 1000] {
        let write = || -> Result<(), BackupError> {
            let mut writer = Writer::begin(Full(room), &header())?;
            writer.section("settings", &["key".to_owned()])?;
            // Nothing of it can be packed.
            let rows = (0..500).map(|n: u64| vec![Cell::Text(format!("{:?}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))]);
            writer.rows(&rows.collect::<Vec<_>>())?;
            writer.end().map(drop)
        };
        let error = write().expect_err("there is no room");
        assert!(matches!(error, BackupError::DiskFull), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Whatever bytes there are: an answer, and no panic.
    #[test]
    fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..400) {
        let _ = read(&bytes);
        let _ = verify(&mut Cursor::new(&bytes));
        let _ = read(&packed(&bytes));
        let _ = read(&packed(&[begin().as_bytes(), &bytes].concat()));
        let good = file(&[setting(1, "a"), setting(2, "b")]);
        let mut changed = good.clone();
        let at = at % good.len();
        changed[at] ^= bytes.first().copied().unwrap_or(1).max(1);
        prop_assert!(verify(&mut Cursor::new(&changed)).is_err());
        let _ = read(&changed);
        prop_assert!(verify(&mut Cursor::new(&good[..at])).is_err());
    }

    /// Lines that are nearly right.
    #[test]
    fn any_lines_are_an_answer(lines in proptest::collection::vec(
        prop_oneof![
            "\\[(null|-?[0-9]{1,20}|\"[a-z\\\\u0-9]{0,6}\"|\\[\\]|,){0,5}\\]",
            "\\{\"kind\":\"(people|titles|x)\",\"fields\":\\[(\"id\"|\"id\",\"name\")?\\]\\}",
            "\\{\"end\":\\{(\"people\":[0-9]{1,3})?\\}\\}",
            ".{0,30}",
        ], 0..12)) {
        let text = lines.join("\n");
        if let Ok(rows) = read(&packed(format!("{}{text}\n", begin()).as_bytes())) {
            prop_assert!(rows.len() <= lines.len());
        }
    }
}
