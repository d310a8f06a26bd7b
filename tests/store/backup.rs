//! Backups: everything that is kept comes back, from each store into each, and from every version; what was cut or changed is refused
//! before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

use cinepost::adapters::store::Store;
use cinepost::adapters::store::backup::{self, BackupError, Contents, KEPT, LEFT_OUT, Watch};
use cinepost::domain::catalog::{Order, Reach};
use cinepost::domain::entry::{Source, Status};
use cinepost::domain::job::{Added, Claim, Ending, NewJob, Progress, State};
use cinepost::domain::person::{NewPerson, PersonId, Role};
use cinepost::domain::secret::SecretKey;
use cinepost::domain::shared::FileId;
use cinepost::domain::subtitles::Wanted;
use cinepost::domain::title::{Kind, MetaId, Title, TitleId, TmdbId};
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Home;
use crate::files::file;
use crate::golden;
use crate::jobs::PICTURES;
use crate::samples::*;

fn key() -> SecretKey {
    SecretKey::from_bytes([7; 32])
}

async fn backed_up(store: &Store) -> Vec<u8> {
    store.back_up(&key(), NOW, Vec::new(), &Watch::default()).await.unwrap().0
}

async fn restored(file: &[u8], into: &Home) -> Result<Contents, BackupError> {
    restored_into(file, into, &into.dir).await
}

async fn restored_into(file: &[u8], into: &Home, data_dir: &Path) -> Result<Contents, BackupError> {
    let mut file = Cursor::new(file.to_vec());
    backup::verify(&mut file)?;
    backup::restore(&into.location, data_dir, file, &Watch::default(), || Ok(())).await
}

/// Homes for a backup: every store that there is.
fn targets() -> Vec<Home> {
    [Some(Home::embedded()), Home::mongo().map(Home::with_folder)].into_iter().flatten().collect()
}

/// The records of a file by their kind, each as its fields; and what its first line says.
fn records(file: &[u8]) -> (Value, BTreeMap<String, Vec<Value>>) {
    let text = String::from_utf8(zstd::decode_all(file).unwrap()).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let mut records: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let (mut kind, mut fields) = (String::new(), Vec::new());
    for line in lines {
        match line {
            Value::Array(cells) => {
                let record: serde_json::Map<String, Value> = fields.iter().cloned().zip(cells).collect();
                records.get_mut(&kind).unwrap().push(record.into());
            }
            section if section.get("kind").is_some() => {
                kind = section["kind"].as_str().unwrap().to_owned();
                let named = section["fields"].as_array().unwrap();
                fields = named.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
                records.insert(kind.clone(), Vec::new());
            }
            end => {
                let counted: BTreeMap<&String, usize> = records.iter().map(|(kind, rows)| (kind, rows.len())).collect();
                assert_eq!(end, json!({ "end": counted }));
            }
        }
    }
    for of_kind in records.values_mut() {
        of_kind.sort_by_key(Value::to_string);
    }
    (header, records)
}

/// A job that was done, and what was given and taken away again.
async fn fill(store: &Store) {
    golden::fill(store).await;
    let (person, period) = (Some(PersonId::OWNER), Some("pictures@1".to_owned()));
    let job = NewJob { person, key: period.clone(), period, ..NewJob::of(&PICTURES, 0) };
    store.jobs().add(&job, 0).await.unwrap();
    let claim = Claim { holder: "h", place: "p", now: 1, ends: 9, kinds: &[&PICTURES] };
    let claimed = store.jobs().claim(&claim).await.unwrap().unwrap();
    let progress = Progress { done: 3, of: Some(4), unit: "links".to_owned(), from: 0 };
    let ending = Ending { state: State::Done, due: 0, tries: 1, says: "did “it”".to_owned(), progress, now: 2 };
    assert!(store.jobs().end(claimed.id, claimed.claim, &ending).await.unwrap());
    let gone = store.files().add(&file(PersonId::OWNER, 6, "gone.mkv")).await.unwrap();
    assert!(store.files().remove(gone.id).await.unwrap().is_some());
    // Two titles that turned out to be one.
    store.titles().record(&tmdb(film("Charade", 56923), 9999)).await.unwrap();
    store.titles().record(&without_imdb(tmdb(film("Charade", 1), 4808))).await.unwrap();
    store.titles().record(&tmdb(film("Charade", 56923), 4808)).await.unwrap();
    let (title, _) = store.titles().find(Kind::Movie, MetaId::Tmdb(TmdbId(4808))).await.unwrap().unwrap();
    let (source, lines) = post(at(FILMS, 61), 61, "Charade.1963.en.srt", "");
    add(store, &(Source { reply_to: Some(60), ..source }, lines.clone())).await;
    settle(store, lines.id, Status::Subtitles { title: Some(title), parts: Vec::new(), beside: None, how: None }).await;
    store.subtitles().set_shift(lines.id, -250).await.unwrap();
    store.settings().set("store_id", "of this store").await.unwrap();
    store.settings().set("instance/7", "a stamp").await.unwrap();
    store.settings().set("instances", "no instance's").await.unwrap();
}

pub async fn a_backup_brings_everything_back_into_every_store(home: &Home) {
    let store = home.open().await;
    fill(&store).await;
    let file = backed_up(&store).await;
    let (header, kept) = records(&file);
    assert_eq!((&header["made"], &header["secret_key"]), (&json!(NOW), &json!(key().to_hex())));
    let empty: Vec<&String> = kept.iter().filter(|(_, rows)| rows.is_empty()).map(|(kind, _)| kind).collect();
    assert_eq!(empty, Vec::<&String>::new(), "a kind that is not filled is not tested");
    assert_eq!(kept.keys().cloned().collect::<BTreeSet<_>>(), KEPT.iter().map(|kind| kind.name.to_owned()).collect());

    for target in targets() {
        let contents = restored(&file, &target).await.unwrap();
        let counted: Contents = kept.iter().map(|(kind, rows)| (kind.clone(), rows.len() as u64)).collect();
        assert_eq!(contents, counted);
        let again = target.open().await;
        let (_, came) = records(&backed_up(&again).await);
        for kind in KEPT {
            assert_eq!(came[kind.name], kept[kind.name], "{} in {:?}", kind.name, target.location);
        }
        golden::check_kept(&again, u32::MAX).await;
        subtitles_came(&again).await;
        nothing_else_came(&again).await;
        numbers_go_on(&again).await;
        target.drop_database().await;
    }
}

async fn subtitles_came(store: &Store) {
    let (title, _) = store.titles().find(Kind::Movie, MetaId::Tmdb(TmdbId(4808))).await.unwrap().unwrap();
    let wanted = Wanted { title: Some(title), ..Wanted::default() };
    let found = store.subtitles().of(&wanted, &Reach::All).await.unwrap();
    assert_eq!(found.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["Charade.1963.en.srt"]);
    assert_eq!(store.subtitles().shift(found[0].id).await.unwrap(), -250);
    assert_eq!(store.posts().answers_to(at(FILMS, 60)).await.unwrap(), [found[0].id]);
}

async fn nothing_else_came(store: &Store) {
    assert_eq!(store.settings().get("store_id").await.unwrap(), None);
    assert_eq!(store.settings().get("instance/7").await.unwrap(), None);
    assert_eq!(store.settings().get("instances").await.unwrap().as_deref(), Some("no instance's"));
    assert_eq!(store.answers().get("tmdb/find/tt0063350", 0).await.unwrap(), None);
    assert_eq!(store.jobs().unfinished(9).await.unwrap(), []);
    assert_eq!(store.jobs().latest("pictures").await.unwrap().unwrap().says, "did “it”");
}

/// Links hold these numbers: one that was given is never given again.
async fn numbers_go_on(store: &Store) {
    let added = store.files().add(&file(PersonId::OWNER, 7, "new.mkv")).await.unwrap();
    assert_eq!(added.id, FileId(3), "2 was given and is gone");
    let new = NewPerson::called("Zoe", Role::Member, NOW);
    assert_eq!(store.people().add(&new).await.unwrap().unwrap().id, PersonId(5));
    let last = store.titles().record(&film("Another", 77)).await.unwrap();
    assert!(last > TitleId(4), "{last:?}");
    let again = NewJob { period: Some("pictures@1".to_owned()), ..NewJob::of(&PICTURES, 0) };
    assert!(matches!(store.jobs().add(&again, 0).await.unwrap(), Added::Known(_)), "it had its run");
}

/// Whoever comes first to a store of before finds what was there; nothing of it was touched.
pub async fn a_backup_that_was_cut_or_changed_is_refused_before_anything_is_touched(home: &Home) {
    let store = home.watching().await;
    golden::fill(&store).await;
    let good = backed_up(&store).await;
    drop(store);
    for fiftieth in 0..50 {
        let cut = &good[..good.len() * fiftieth / 50];
        let error = backup::verify(&mut Cursor::new(cut)).map(|header| header.made).unwrap_err();
        assert!(matches!(error, BackupError::NoBackup | BackupError::Damaged(_)), "{fiftieth}/50: {error}");
    }
    for place in (0..good.len()).step_by(good.len() / 200).chain([good.len() - 1]) {
        let mut changed = good.clone();
        changed[place] ^= 1 << (place % 8);
        let error = backup::verify(&mut Cursor::new(changed)).map(|header| header.made).unwrap_err();
        assert!(matches!(error, BackupError::NoBackup | BackupError::Damaged(_)), "byte {place}: {error}");
    }
    let longer = [good.as_slice(), b"more"].concat();
    backup::verify(&mut Cursor::new(longer)).map(|header| header.made).unwrap_err();
    // Sealed as it should be, and not what it says.
    let (header, _) = records(&good);
    for (what, file) in [
        ("a record twice", written(&header, &[("people", &[json!(["id"]), json!([1]), json!([1])])], true)),
        ("a table of somebody's", written(&header, &[("sqlite_schema", &[json!(["sql"]), json!(["DROP"])])], true)),
        ("a field of somebody's", written(&header, &[("people", &[json!(["id) SELECT 1; --"]), json!([1])])], true)),
        ("a row that is short", written(&header, &[("settings", &[json!(["key", "value"]), json!(["a"])])], true)),
        ("no end", written(&header, &[], false)),
        (
            "a title that is none",
            written(&header, &[("titles", &[title_fields(), json!([1, "movie", "{", "[]", "", 0])])], true),
        ),
    ] {
        let dir = if home.dir.as_os_str().is_empty() { crate::temp_dir() } else { home.dir.clone() };
        assert!(restored_into(&file, home, &dir).await.is_err(), "{what}");
    }
    if home.dir.as_os_str().is_empty() {
        return;
    }
    golden::check_kept(&home.open().await, u32::MAX).await;
    let left: Vec<_> = std::fs::read_dir(&home.dir).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with("cinepost.db")), "{left:?}");
}

fn title_fields() -> Value {
    json!(["id", "kind", "document", "episodes", "names", "popularity"])
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_refused_in_words() {
    let home = Home::embedded();
    let store = home.open().await;
    let (header, _) = records(&backed_up(&store).await);
    for (field, value) in [("schema", json!(99)), ("format", json!(2)), ("schema", json!("many"))] {
        let mut newer = header.clone();
        newer[field] = value;
        newer["program"] = json!("9.1.0");
        let error = backup::verify(&mut Cursor::new(written(&newer, &[], true))).unwrap_err().to_string();
        assert!(error.contains("newer cinepost (9.1.0") && error.contains("update it first"), "{error}");
    }
    for other in
        [b"".as_slice(), b"PK", b"some text that is long enough for a seal, and then some more of it to be sure"]
    {
        let error = backup::verify(&mut Cursor::new(other)).unwrap_err();
        assert!(matches!(error, BackupError::NoBackup), "{error}");
    }
}

/// A file as the program writes it. `sections`: kind, then its fields and its rows.
fn written(header: &Value, sections: &[(&str, &[Value])], has_end: bool) -> Vec<u8> {
    let mut lines = format!("{header}\n");
    let mut end = serde_json::Map::new();
    for (kind, rows) in sections {
        lines += &format!("{}\n", json!({ "kind": kind, "fields": rows[0] }));
        rows[1..].iter().for_each(|row| lines += &format!("{row}\n"));
        end.insert((*kind).to_owned(), (rows.len() - 1).into());
    }
    if has_end {
        lines += &format!("{}\n", json!({ "end": end }));
    }
    let mut file = zstd::encode_all(lines.as_bytes(), 3).unwrap();
    let sum = Sha256::digest(&file);
    file.extend([0x5c, 0x2a, 0x4d, 0x18, 40, 0, 0, 0]);
    file.extend(b"cinepost");
    file.extend(&sum[..]);
    file
}

/// What a program of an older version would have written of its database.
fn written_of(path: &Path, schema: u32) -> Vec<u8> {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut sections: Vec<(&str, Vec<Value>)> = Vec::new();
    for kind in KEPT {
        let Ok(mut query) = db.prepare(&format!("SELECT * FROM {} WHERE {} -- backup", kind.table, kind.only)) else {
            continue;
        };
        let names: Vec<String> = query.column_names().map(str::to_owned).collect();
        let kept: Vec<usize> = (0..names.len()).filter(|at| !kind.derived.contains(&names[*at].as_str())).collect();
        let mut lines = vec![kept.iter().map(|at| names[*at].clone()).collect::<Value>()];
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at: &usize| match row.get_ref(*at).unwrap() {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap().into(),
                ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
                ValueRef::Real(_) => panic!("no such thing"),
            };
            lines.push(kept.iter().map(cell).collect());
        }
        sections.push((kind.name, lines));
    }
    let header = json!({
        "cinepost": "backup", "format": 1, "program": "0.0.1", "schema": schema, "made": 1, "store": "SQLite",
        "secret_key": key().to_hex(),
    });
    let sections: Vec<(&str, &[Value])> = sections.iter().map(|(kind, rows)| (*kind, rows.as_slice())).collect();
    written(&header, &sections, true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_of_every_version_are_brought_back() {
    for (schema, path) in golden::golden("db") {
        let copy = Home::embedded();
        std::fs::create_dir_all(&copy.dir).unwrap();
        std::fs::copy(path, copy.dir.join("of-then.db")).unwrap();
        let file = written_of(&copy.dir.join("of-then.db"), schema);
        for target in targets() {
            restored(&file, &target).await.unwrap();
            golden::check_kept(&target.open().await, schema).await;
            target.drop_database().await;
        }
    }
}

#[tokio::test]
async fn what_mongodb_may_leave_dangling_is_put_right() {
    let home = Home::embedded();
    let store = home.watching().await;
    golden::fill(&store).await;
    let file = backed_up(&store).await;
    let (mut header, kept) = records(&file);
    header["store"] = json!("MongoDB");
    // One file is gone since its message was read, and one came before its message was.
    let without = |kind: &str, n: usize| {
        let rows = &kept[kind];
        let fields: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
        let as_row = |row: &Value| fields.iter().map(|field| row[field.as_str()].clone()).collect::<Value>();
        let left = rows.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, row)| as_row(row));
        std::iter::once(json!(fields)).chain(left).collect::<Vec<Value>>()
    };
    let all = |kind: &str| without(kind, usize::MAX);
    let (sources, entries, channels, titles) =
        (without("sources", 0), without("entries", 3), all("channels"), all("titles"));
    let sections =
        [("sources", &sources[..]), ("channels", &channels[..]), ("entries", &entries[..]), ("titles", &titles[..])];
    let target = Home::embedded();
    restored(&written(&header, &sections, true), &target).await.unwrap();
    let db = rusqlite::Connection::open(target.dir.join("cinepost.db")).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM sources WHERE entry NOT IN (SELECT id FROM entries)"), 0);
    let lonely = "SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry FROM sources) AND id NOT IN (SELECT entry FROM parts)";
    assert_eq!(count(lonely), 0);
    assert!(count("SELECT count(*) FROM entries") >= 7, "the others are there");
}

/// Records as a section has them: their fields, then their rows.
fn section(records: &[&Value]) -> Vec<Value> {
    let fields: Vec<&String> = records[0].as_object().unwrap().keys().collect();
    let row = |record: &&Value| fields.iter().map(|field| record[field.as_str()].clone()).collect::<Value>();
    std::iter::once(json!(fields)).chain(records.iter().map(row)).collect()
}

/// MongoDB's collections are read one after the other, titles last and by their numbers, while titles change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn titles_that_changed_while_mongodb_was_read_are_what_they_became() {
    let home = Home::embedded();
    let store = home.watching().await;
    let before = [
        without_imdb(tmdb(film("Charade", 1), 4808)),
        film("Charade", 56923),
        tmdb(film("Gilda", 100), 9),
        film("Gilda again", 101),
        tmdb(film("Laura", 200), 20),
        film("Nosferatu", 300),
        without_imdb(tmdb(film("Nosferatu", 1), 30)),
    ];
    let mut ids = Vec::new();
    for title in &before {
        ids.push(store.titles().record(title).await.unwrap());
    }
    for (message, at_title) in [0, 2, 3, 4, 6].into_iter().enumerate() {
        let message = i32::try_from(message).unwrap() + 1;
        post_matched(&store, at(FILMS, message), message.into(), ids[at_title], Vec::new()).await;
    }
    let (mut header, early) = records(&backed_up(&store).await);
    let said_to_be_of_one_moment = header.clone();
    header["store"] = json!("MongoDB");
    // Two turn out to be one, in either order; a TMDB id was another film's; a film gets another IMDb id, and a new one its old one.
    for title in [
        tmdb(film("Charade", 56923), 4808),
        tmdb(film("Gilda again", 101), 9),
        tmdb(film("Laura", 201), 20),
        film("Laura in colour", 200),
        tmdb(film("Nosferatu", 300), 30),
    ] {
        store.titles().record(&title).await.unwrap();
    }
    let (_, late) = records(&backed_up(&store).await);
    let of = |kind: &str| section(&early[kind].iter().collect::<Vec<_>>());
    let (sources, entries, channels) = (of("sources"), of("entries"), of("channels"));
    for first_late in 1..=9 {
        let is_late = |title: &&Value| title["id"].as_i64().unwrap() >= first_late;
        let mut titles: Vec<&Value> = early["titles"].iter().filter(|title| !is_late(title)).collect();
        titles.extend(late["titles"].iter().filter(is_late));
        let titles = section(&titles);
        let sections = [("sources", &sources[..]), ("channels", &channels), ("entries", &entries), ("titles", &titles)];
        let file = written(&header, &sections, true);
        let of_one_moment = Home::embedded();
        let taken = restored(&written(&said_to_be_of_one_moment, &sections, true), &of_one_moment).await;
        match first_late {
            1 => {
                taken.unwrap();
                let shown = names(&of_one_moment.open().await, &movies(Order::Newest)).await;
                assert!(!shown.contains(&"Charade".to_owned()), "nothing has to be put right here: {shown:?}");
            }
            2 | 4 | 6 => drop(taken.expect_err("two titles have one id")),
            _ => {}
        }
        for target in targets() {
            restored(&file, &target).await.unwrap_or_else(|error| panic!("from title {first_late} on: {error}"));
            check_films(&target.open().await, ids.iter().zip(&before), first_late).await;
            target.drop_database().await;
        }
    }
}

/// That all of the films stand there, each under its number and by each of its ids.
async fn check_films(store: &Store, films: impl Iterator<Item = (&TitleId, &Title)>, first_late: i64) {
    let mut shown = names(store, &movies(Order::Newest)).await;
    shown.sort();
    assert_eq!(shown, ["Charade", "Gilda", "Gilda again", "Laura", "Nosferatu"], "from title {first_late} on");
    for (number, title) in films {
        let found = store.titles().get(*number).await.unwrap().unwrap();
        assert_eq!(found.name, title.name, "{number:?}, from title {first_late} on");
        for id in [found.ids.imdb.map(MetaId::Imdb), found.ids.tmdb.map(MetaId::Tmdb)].into_iter().flatten() {
            let (_, by_id) = store.titles().find(Kind::Movie, id).await.unwrap().unwrap();
            assert_eq!(by_id.ids, found.ids, "{id:?}, from title {first_late} on");
        }
    }
}

#[test]
fn what_is_left_out_says_why() {
    assert!(LEFT_OUT.iter().all(|(name, why)| !name.is_empty() && why.len() > 10));
}
