//! Golden databases: what this and earlier versions of the program wrote, kept as files and opened by every later version.
//!
//! `golden/schema-N.db` (SQLite) and `golden/schema-N.jsonl` (MongoDB, one record a line in canonical extended JSON) hold
//! the same library in schema N. Files of old schemas stay; the one of the newest schema is made by
//!
//! ```sh
//! scripts/with-mongo cargo nextest run --release --test store --run-ignored only golden
//! ```
//!
//! when a step to a new schema was added. What a new schema brings is added to [`fill`] and [`check`] then; `check` takes
//! the schema that the file had, for what older files cannot hold.

use std::path::{Path, PathBuf};

use cinepost::adapters::store::files::FileChange;
use cinepost::adapters::store::{Database, DayFigure, Store};
use cinepost::domain::access::SecretHash;
use cinepost::domain::catalog::{Counts, Order, Query, Reach, Shelf};
use cinepost::domain::channel::{Channel, Holds, Profile};
use cinepost::domain::collection::{Collection, CollectionId};
use cinepost::domain::deed::Deed;
use cinepost::domain::entry::{Entry, EntryId, Inside, Probe, Reason, SeriesPart, Source, Status};
use cinepost::domain::figure::Figure;
use cinepost::domain::file::{VirtualFile, Volume};
use cinepost::domain::job::{Added, NewJob, Priority, State};
use cinepost::domain::limits::Day;
use cinepost::domain::list::{List, ListId, Listed};
use cinepost::domain::passed_over::{PassedOver, Why};
use cinepost::domain::person::{
    Code, Invitation, NewPerson, Person, PersonId, Preferences, Role, Session, SignInCode, SignInLink, Standing,
    TelegramIdentity,
};
use cinepost::domain::post::DocumentId;
use cinepost::domain::review::{ReviewPart, Rule, RuleId};
use cinepost::domain::shared::{
    Content, Counted, DownloadLimit, FileId, FileKind, NewFile, Origin, Served, SharedFile, Terms,
};
use cinepost::domain::telegram_id::Dc;
use cinepost::domain::telegram_id::UserId;
use cinepost::domain::title::{Episode, Kind, MetaId, Rater, Title, TitleId, TmdbId};
use cinepost::domain::usage::{Amount, FileUse, Used};
use cinepost::domain::volumes::Joined;
use futures_util::TryStreamExt;
use media::Facts;
use mongodb::bson::{Bson, Document};
use serde_json::Map;

use crate::choices::{ignored_by_owner, rule};
use crate::collections::collection;
use crate::samples::*;
use crate::{Home, temp_dir};

/// When the library was made, in Unix seconds, and when the longest of what it holds is over.
const MADE: i64 = 1_700_000_000;
const FAR: i64 = 4_000_000_000;

/// What was found inside a film.
fn probe() -> Probe {
    let facts = Facts { duration_ms: Some(5_760_000), ..Facts::default() };
    Probe { by: 1, at: MADE, hash: Some(u64::MAX), found: Inside::Facts(Box::new(facts)) }
}

/// What the owner got of a film.
fn used() -> Used {
    let amount = Amount { bytes: 7_000_000_000, streams: 3, downloads: 1, links: 0 };
    let (entry, name) = (EntryId::from_bytes([7; 12]), "Night.mkv".to_owned());
    Used { person: PersonId::OWNER, entry, name, at: MADE, amount, is_remembered: true }
}

// --- what is in it ------------------------------------------------------------------------------------------------------

fn night(schema: u32) -> Title {
    Title {
        collection: living_dead(schema),
        original_name: Some("Night of Anubis".to_owned()),
        alternative_names: vec!["La nuit des morts-vivants".to_owned()],
        released: Some("1968-10-04".to_owned()),
        poster: Some("https://image.tmdb.org/t/p/w500/night.jpg".to_owned()),
        background: Some("https://image.tmdb.org/t/p/w1280/night.jpg".to_owned()),
        directors: vec!["George A. Romero".to_owned()],
        trailers: vec!["H91BxkBXttE".to_owned()],
        country: Some("United States of America".to_owned()),
        ..tmdb(film("Night of the Living Dead", 63350), 10331)
    }
}

fn zone() -> Title {
    let episode = |number, name: &str| Episode {
        season: 1,
        number,
        name: name.to_owned(),
        overview: "Submitted for your approval.".to_owned(),
        aired: Some(format!("1959-10-0{number}")),
        still: None,
    };
    Title {
        kind: Kind::Series,
        year: Some(1959),
        ended: Some(1964),
        genres: vec!["Sci-Fi & Fantasy".to_owned(), "Mystery".to_owned()],
        rated_by: Rater::Tmdb,
        episodes: vec![episode(1, "Where Is Everybody?"), episode(2, "One for the Angels")],
        ..without_imdb(tmdb(film("The Twilight Zone", 1), 6357))
    }
}

fn people() -> Vec<Person> {
    let person = |id, name: &str, access_version, is_removed| {
        let role = if id == PersonId::OWNER.0 { Role::Owner } else { Role::Member };
        let person = NewPerson::called(name, role, MADE + i64::from(id)).with_id(PersonId(id));
        Person { access_version, is_removed, ..person }
    };
    vec![person(1, "Ada", 3, false), person(2, "Grace Hopper", 1, false), person(3, "Konrad", 2, true)]
}

/// Of whom schemas before 6 could not keep this.
fn guest() -> Person {
    let telegram = TelegramIdentity {
        id: UserId(7_000_000_001),
        username: "margaret".to_owned(),
        first_name: "Margaret ✓".to_owned(),
    };
    let new = NewPerson {
        telegram: Some(telegram),
        language: Some("pt-br".to_owned()),
        expires: Some(FAR),
        standing: Standing::Banned { reason: "shared “her” link".to_owned(), until: Some(FAR) },
        ..NewPerson::called("Margaret", Role::Guest, MADE)
    };
    let theme = Map::from_iter([("theme".to_owned(), "dark".into())]);
    let preferences = Preferences { gets_news: false, unknown: theme, ..Preferences::default() };
    let reach = Reach::Only([chat(FILMS)].into());
    Person { preferences, reach, last_active: MADE + 60, revision: 5, ..new.with_id(PersonId(4)) }
}

fn invitation() -> Invitation {
    Invitation {
        id: SecretHash([8; 32]),
        role: Role::Guest,
        uses: 3,
        created: MADE,
        expires: FAR,
        made_by: Some(PersonId::OWNER),
        person: None,
    }
}

fn deed() -> Deed {
    let (who, whom) = (Some(PersonId::OWNER), Some(PersonId(4)));
    Deed { at: MADE, who, what: "person.ban".to_owned(), whom, detail: "shared “her” link".to_owned() }
}

fn code() -> SignInCode {
    let code = Code::from_number(42_137).unwrap();
    SignInCode { code, holder: Some((PersonId(4), 1)), asker: Some(SecretHash([7; 32])), expires: FAR }
}

fn sign_in_link() -> SignInLink {
    SignInLink { hash: SecretHash([9; 32]), person: PersonId::OWNER, version: 3, expires: FAR }
}

fn sessions() -> Vec<Session> {
    let session = |secret, person, address: &str| Session {
        id: SecretHash([secret; 32]),
        person: PersonId(person),
        version: 3,
        created: MADE + i64::from(secret),
        seen: MADE + 100,
        ends: FAR,
        agent: "Firefox on Linux".to_owned(),
        address: address.to_owned(),
    };
    vec![session(2, 1, "2001:db8::7"), session(1, 1, "")]
}

fn channels() -> Vec<Channel> {
    let films = Profile { holds: Holds::Films, language: Some("de".to_owned()), ..Profile::default() };
    vec![
        Channel { chat: chat(FILMS), title: "Films & more".to_owned(), active: true, profile: films },
        Channel { chat: chat(SHOWS), title: "Shows".to_owned(), active: false, profile: Profile::default() },
    ]
}

fn new_job() -> NewJob {
    NewJob {
        kind: "import".to_owned(),
        person: Some(PersonId(2)),
        place: None,
        key: Some("import/folder".to_owned()),
        period: Some("import@1700000000".to_owned()),
        input: "{\"folder\":\"films\"}".to_owned(),
        priority: Priority::Urgent,
        most_tries: 5,
        due: FAR,
    }
}

/// Posts in the order of their messages, each with the status that it has come to. `titles`: film, series.
fn posts(titles: [TitleId; 2]) -> Vec<((Source, Entry), Status)> {
    let [film, series] = titles;
    let searched = || "Untitled".to_owned();
    let down = || Reason::ProviderDown { problem: "timed out".to_owned() };
    let parts = vec![SeriesPart::Episode { season: 1, number: 1 }, SeriesPart::Season { season: 2 }];
    let in_films = |n: i32, name: &str| post(at(FILMS, n), n.into(), name, "A caption, “quoted” ✓\nof two lines");
    let set = |n: i32| in_films(n, &format!("Nosferatu.1922.mkv.{:03}", n - 20));
    vec![
        (
            in_films(1, "Night.of.the.Living.Dead.1968.1080p.mkv"),
            Status::Matched { title: film, parts: Vec::new(), how: None },
        ),
        (in_films(2, "The.Twilight.Zone.S01E01.mkv"), Status::Matched { title: series, parts, how: None }),
        (in_films(3, "just.posted.mkv"), Status::fresh()),
        (in_films(4, "waits.mkv"), Status::Pending { tries: 2, retry_at: FAR, reason: Some(down()) }),
        (
            in_films(5, "Untitled.mkv"),
            Status::Review { reason: Reason::NoMatch { searched: searched(), nearest: Vec::new() } },
        ),
        (in_films(6, "unwanted.mkv"), Status::Ignored { reason: Some(Reason::NoTitle) }),
        (set(21), Status::Volume),
        (set(22), Status::Volume),
        (
            in_films(32, "Metropolis.1927.mkv.002"),
            Status::Review { reason: Reason::MissingVolumes { files: vec![searched()] } },
        ),
        (post(at(SHOWS, 1), 41, "Hidden.with.its.channel.mkv", ""), Status::fresh()),
    ]
}

/// What schemas before 13 could not keep of a title.
fn living_dead(schema: u32) -> Option<Collection> {
    (schema >= 13).then(|| Collection {
        poster: Some("https://image.tmdb.org/t/p/w500/dead.jpg".to_owned()),
        ..collection(656, "Living Dead Collection")
    })
}

fn list() -> List {
    let titles = [night(13), zone()].map(|title| Listed { kind: title.kind, id: title.meta_id().unwrap() }).to_vec();
    let (audience, people) = ("members".parse().unwrap(), [PersonId(4)].into());
    List { audience, people, titles, revision: 1, ..List::new(ListId(1), "Autumn “evenings” ✓") }
}

/// What carries no file.
fn passed_over() -> PassedOver {
    PassedOver { at: at(FILMS, 9), date: MADE, why: Why::Photo, about: "A poster, “quoted” ✓".to_owned() }
}

const SET: &str = "nosferatu.1922.mkv";

/// The film that the two volumes make.
fn joined_film() -> Entry {
    let volumes: Vec<_> = posts([TitleId(0); 2])[6..8].iter().map(|((_, entry), _)| entry.file.volumes()[0]).collect();
    let documents: Vec<_> = volumes.iter().map(|volume| volume.document).collect();
    let (_, template) = post(at(FILMS, 22), 22, "Nosferatu.1922.mkv", "");
    Entry {
        id: EntryId::from_documents(&documents),
        file: VirtualFile::new(volumes).unwrap(),
        status: Status::Review { reason: Reason::NoTitle },
        ..template
    }
}

/// A file that the owner gave to the bot, with everything that its link may ask for but a password, whose hash is another each time.
fn shared_file() -> NewFile {
    let volume = Volume { document: DocumentId(77), dc: Dc(2), size: 1 << 33 };
    let content = Content {
        kind: FileKind::Video,
        mime: "video/mp4".to_owned(),
        volume,
        duration_secs: Some(90),
        width: Some(1920),
        height: None,
        scanned: None,
    };
    NewFile {
        owner: PersonId::OWNER,
        name: "Wedding.mp4".to_owned(),
        folder: None,
        content,
        stored: at(FILMS, 900),
        origin: Origin::new("1/private/900001/5".to_owned()),
        added: MADE,
        terms: Terms {
            version: 2,
            expires: Some(FAR),
            password: None,
            downloads: Some(DownloadLimit { most: 3, after_bytes: 0 }),
        },
    }
}

/// The first film once more, forwarded.
fn forwarded() -> (Source, Entry) {
    let (source, entry) = posts([TitleId(0); 2]).swap_remove(0).0;
    (Source { at: at(FILMS, 50), date: 50, album: Some(7), ..source }, entry)
}

// --- making it ----------------------------------------------------------------------------------------------------------

pub async fn fill(store: &Store) {
    store.channels().seed(&[chat(FILMS), chat(SHOWS)]).await.unwrap();
    for person in people().into_iter().chain([guest()]) {
        store.people().put(&person).await.unwrap();
    }
    store.invitations().add(&invitation()).await.unwrap();
    store.audit().add(&deed()).await.unwrap();
    assert!(store.codes().add(&code(), MADE).await.unwrap());
    store.jobs().add(&new_job(), MADE).await.unwrap();
    store.statistics().add(19_675, Figure::BytesServed, 1 << 40).await.unwrap();
    store.usage().add(&[used()]).await.unwrap();
    let folder = store.folders().add(PersonId::OWNER, "Films", None).await.unwrap().unwrap();
    let kept = store.files().add(&shared_file()).await.unwrap();
    store.files().change(kept.id, &FileChange::Folder(Some(folder.id))).await.unwrap();
    store.files().count(kept.id, Served { downloads: 1, streams: 2, bytes: 3 }).await.unwrap();
    store.choices().add_rule(&rule()).await.unwrap();
    for session in sessions() {
        store.sessions().put(&session).await.unwrap();
    }
    store.settings().set("language", "en-US").await.unwrap();
    store.sign_in_links().add(&sign_in_link()).await.unwrap();
    store.answers().put("tmdb/find/tt0063350", "{\"id\":10331}", FAR).await.unwrap();
    let made = store.lists().add(&list().name).await.unwrap().unwrap();
    assert!(store.lists().put(&List { id: made.id, revision: made.revision, ..list() }).await.unwrap());
    let titles = [store.titles().record(&night(13)).await.unwrap(), store.titles().record(&zone()).await.unwrap()];
    for (post, status) in posts(titles) {
        add(store, &post).await;
        if status != Status::fresh() && status != Status::Volume {
            settle(store, post.1.id, status).await;
        }
    }
    let (_, unwanted) = &posts(titles)[5].0;
    assert!(store.choices().decide(unwanted.id, Some(&ignored_by_owner())).await.unwrap());
    add(store, &forwarded()).await;
    let volumes = store.volumes().in_set(SET).await.unwrap();
    let volumes = volumes.into_iter().map(|(entry, _)| (entry.id, entry.revision, Status::Volume)).collect();
    let film = joined_film();
    assert!(
        store.volumes().join(SET, &Joined { volumes, films: Vec::new(), entries: vec![film.clone()] }).await.unwrap()
    );
    settle(store, film.id, film.status).await;
    assert!(store.probes().record(film.id, &probe(), Some(&[1, 2, 3])).await.unwrap());
    store.subtitles().set_shift(film.id, 1_500).await.unwrap();
    store.passed_over().record(&[passed_over()], &[]).await.unwrap();
    for channel in channels() {
        store.channels().set_title(channel.chat, &channel.title).await.unwrap();
        assert!(store.channels().set_profile(channel.chat, &channel.profile).await.unwrap());
        if !channel.active {
            assert!(store.channels().set_active(channel.chat, false).await.unwrap());
        }
    }
}

// --- reading it ---------------------------------------------------------------------------------------------------------

/// Asks for everything that [`fill`] put in.
async fn check(store: &Store, schema: u32) {
    assert_eq!(store.sign_in_links().get(SecretHash([9; 32]), MADE).await.unwrap(), Some(sign_in_link()));
    if schema >= 6 {
        assert_eq!(store.codes().asked(SecretHash([7; 32]), MADE).await.unwrap(), Some(code()));
    }
    if schema >= 7 {
        check_jobs(store).await;
    }
    let answer = store.answers().get("tmdb/find/tt0063350", MADE).await.unwrap();
    assert_eq!(answer.as_deref(), Some("{\"id\":10331}"));
    check_kept(store, schema).await;
}

/// The same of what a backup keeps.
pub async fn check_kept(store: &Store, schema: u32) {
    let mut found = store.channels().all().await.unwrap();
    found.sort_by_key(|channel| std::cmp::Reverse(channel.chat));
    let mut wanted = channels();
    if schema < 10 {
        wanted.iter_mut().for_each(|channel| channel.profile = Profile::default());
    }
    assert_eq!(found, wanted);
    let shelf = Some(Shelf::Channel(chat(FILMS)));
    for query in [Query { shelf, ..movies(Order::Newest) }, movies(Order::Popularity)] {
        assert_eq!(names(store, &query).await, [night(schema).name], "{query:?}");
    }
    for person in people() {
        assert_eq!(store.people().get(person.id).await.unwrap(), Some(person));
    }
    let mut found = store.sessions().all(MADE).await.unwrap();
    found.sort_by_key(|session| session.created);
    found.reverse();
    assert_eq!(found, sessions());
    assert_eq!(store.settings().get("language").await.unwrap().as_deref(), Some("en-US"));
    if schema >= 6 {
        assert_eq!(store.people().by_telegram(UserId(7_000_000_001)).await.unwrap(), Some(guest()));
        assert_eq!(store.invitations().all(MADE).await.unwrap(), [invitation()]);
        assert_eq!(store.audit().page(None, 0, 10).await.unwrap(), [deed()]);
    }
    if schema >= 7 {
        let figure = DayFigure { day: 19_675, figure: Figure::BytesServed, value: 1 << 40 };
        assert_eq!(store.statistics().between(0, 30_000).await.unwrap(), [figure]);
    }
    if schema >= 8 {
        check_usage(store).await;
    }
    if schema >= 9 {
        let folders = store.folders().list(PersonId::OWNER, None).await.unwrap();
        let [Counted { folder, files: 1, folders: 0 }] = folders.as_slice() else { panic!("{folders:?}") };
        let served = Served { downloads: 1, streams: 2, bytes: 3 };
        let wanted = SharedFile { folder: Some(folder.id), served, ..shared_file().numbered(FileId(1)) };
        assert_eq!(store.files().of_message(&shared_file().origin).await.unwrap(), Some(wanted));
    }
    if schema >= 11 {
        let unwanted = posts([TitleId(0); 2])[5].0.1.id;
        assert_eq!(store.choices().of(unwanted).await.unwrap(), Some(ignored_by_owner()));
        assert_eq!(store.choices().rules_for(&rule().reads_as).await.unwrap(), [Rule { id: RuleId(1), rule: rule() }]);
        assert_eq!(store.passed_over().counts(chat(FILMS)).await.unwrap(), [(Why::Photo, 1)].into());
        assert_eq!(store.passed_over().newest(chat(FILMS)).await.unwrap(), [passed_over()]);
    }
    if schema >= 14 {
        assert_eq!(get(store, joined_film().id).await.probe, Some(probe()));
        assert_eq!(store.subtitles().shift(joined_film().id).await.unwrap(), 1_500);
    }
    if schema >= 13 {
        assert_eq!(store.collections().get(CollectionId(656)).await.unwrap(), living_dead(schema));
        assert_eq!(store.lists().all().await.unwrap(), [list()]);
    }
    check_files(store, schema).await;
    check_catalog(store, schema).await;
}

async fn check_usage(store: &Store) {
    let (usage, day) = (store.usage(), Day::of(MADE));
    assert_eq!(usage.spent(Some(PersonId::OWNER), day).await.unwrap().month, used().amount);
    assert_eq!(usage.spent(None, day).await.unwrap().day, used().amount);
    assert_eq!(usage.of_file(used().entry).await.unwrap(), FileUse { amount: used().amount, last: MADE });
    assert_eq!(usage.history(PersonId::OWNER, 0, 9).await.unwrap()[0].name, used().name);
}

async fn check_jobs(store: &Store) {
    let known = store.jobs().add(&new_job(), MADE).await.unwrap();
    let job = store.jobs().get(known.id()).await.unwrap().expect("it is there");
    assert_eq!(known, Added::Known(job.id), "by its key");
    let NewJob { kind, person, input, priority, most_tries, due, .. } = new_job();
    assert_eq!((job.kind, job.person, job.input, job.priority), (kind, person, input, priority));
    assert_eq!((job.most_tries, job.due, job.state, job.created), (most_tries, due, State::Queued, MADE));
}

async fn title_of(store: &Store, wanted: &Title, id: MetaId) -> TitleId {
    let (id, title) = store.titles().find(wanted.kind, id).await.unwrap().expect("it is there");
    assert_eq!(&title, wanted);
    id
}

async fn titles(store: &Store, schema: u32) -> [TitleId; 2] {
    let night = night(schema);
    let film = title_of(store, &night, night.meta_id().unwrap()).await;
    assert_eq!(title_of(store, &night, MetaId::Tmdb(TmdbId(10331))).await, film, "by either id");
    [film, title_of(store, &zone(), MetaId::Tmdb(TmdbId(6357))).await]
}

/// Every entry as it was, but for its revision: that only grows.
async fn check_files(store: &Store, schema: u32) {
    let as_it_is = async |wanted: Entry, sources: Vec<Source>| {
        let found = get(store, wanted.id).await;
        let revision = found.revision;
        assert_eq!(found, Entry { revision, ..wanted.clone() });
        let mut found = store.entries().sources(wanted.id).await.unwrap();
        found.sort_by_key(|source| source.at.message);
        assert_eq!(found, sources, "{}", wanted.name);
    };
    let mut all = posts(titles(store, schema).await);
    // Hidden with its channel; it comes back with it.
    let ((source, entry), status) = all.pop().expect("the last one");
    assert_eq!(store.entries().sources(entry.id).await.unwrap(), []);
    assert!(store.channels().set_active(source.at.chat, true).await.unwrap());
    as_it_is(Entry { status, ..entry }, vec![source.clone()]).await;
    assert!(store.channels().set_active(source.at.chat, false).await.unwrap());
    for ((source, entry), status) in all.into_iter().skip(1) {
        as_it_is(Entry { status, ..entry }, vec![source]).await;
    }
    let ((first, entry), status) = posts(titles(store, schema).await).swap_remove(0);
    as_it_is(Entry { status, posted: 50, ..entry }, vec![first, forwarded().0]).await;
    let film = joined_film();
    let found = get(store, film.id).await;
    assert_eq!((found.file, found.name, found.status), (film.file, film.name, film.status));
    let found = store.volumes().in_set(SET).await.unwrap();
    assert_eq!(found.len(), 2, "the set is found by its name");
}

async fn check_catalog(store: &Store, schema: u32) {
    assert_eq!(names(store, &movies(Order::Newest)).await, ["Night of the Living Dead"]);
    assert_eq!(found(store, "morts vivants").await, ["Night of the Living Dead"]);
    assert_eq!(found(store, "night of the livnig").await, ["Night of the Living Dead"], "a misspelt word is found");
    let [film, series] = titles(store, schema).await;
    assert_eq!(store.catalog().entries_of(film, None).await.unwrap().len(), 1);
    assert_eq!(store.catalog().entries_of(series, Some((1, 1))).await.unwrap().len(), 1);
    assert_eq!(store.catalog().entries_of(series, Some((2, 7))).await.unwrap().len(), 1, "the pack of the season");
    assert_eq!(reviewed(store, ReviewPart::Ignored).await, ["unwanted.mkv"]);
    let wanted = ["Metropolis.1927.mkv.002", "Nosferatu.1922.mkv", "Untitled.mkv", "waits.mkv"];
    let mut listed = reviewed(store, ReviewPart::All).await;
    listed.sort();
    assert_eq!(listed, wanted);
    let counts = store.catalog().counts().await.unwrap();
    assert_eq!(counts, Counts { movies: 1, series: 1, files: 7, pending: 2, review: 3 });
}

// --- the files ----------------------------------------------------------------------------------------------------------

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/golden")
}

/// The golden files with this extension and the schemas that they are of.
pub fn golden(extension: &str) -> Vec<(u32, PathBuf)> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let of_schema = |path: PathBuf| {
        let schema = path.file_stem()?.to_str()?.strip_prefix("schema-")?.parse().ok()?;
        (path.extension()? == extension).then_some((schema, path))
    };
    let mut found: Vec<_> = files.filter_map(of_schema).collect();
    found.sort();
    found
}

/// The schema of what this program makes.
async fn newest_schema() -> u32 {
    let home = Home::embedded();
    drop(home.open().await);
    let file = rusqlite::Connection::open(home.dir.join("cinepost.db")).unwrap();
    file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_of_every_version_read_as_they_were() {
    let newest = newest_schema().await;
    for extension in ["db", "jsonl"] {
        let last = golden(extension).last().map(|(schema, _)| *schema);
        assert_eq!(last, Some(newest), "make the newest schema's golden {extension}: this file says how");
    }
    for (schema, path) in golden("db") {
        let home = Home::embedded();
        std::fs::create_dir_all(&home.dir).unwrap();
        std::fs::copy(path, home.dir.join("cinepost.db")).unwrap();
        check(&home.open().await, schema).await;
        check(&home.open().await, schema).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dumps_of_every_version_read_as_they_were() {
    for (schema, path) in golden("jsonl") {
        let Some(home) = Home::mongo() else { return eprintln!("left out: TEST_MONGODB_URI is not set") };
        let database = database(&home).await;
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let Bson::Document(document) = Bson::try_from(record["record"].clone()).unwrap() else { panic!("{line}") };
            let collection = database.collection::<Document>(record["collection"].as_str().unwrap());
            collection.insert_one(document).await.unwrap();
        }
        check(&home.open().await, schema).await;
        check(&home.open().await, schema).await;
        home.drop_database().await;
    }
}

async fn database(home: &Home) -> mongodb::Database {
    let Database::Mongo { uri } = &home.location else { panic!("not a MongoDB") };
    mongodb::Client::with_uri_str(uri).await.unwrap().default_database().unwrap()
}

/// Makes the golden files of the newest schema, where they are not there yet.
#[ignore = "run by hand when a schema was added"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn make_golden_files() {
    let name = format!("schema-{}", newest_schema().await);
    let path = folder().join(&name).with_extension("db");
    if !path.exists() {
        let home = Home::embedded();
        fill(&home.open().await).await;
        check(&home.open().await, u32::MAX).await;
        let copy = temp_dir().with_extension("db");
        let file = rusqlite::Connection::open(home.dir.join("cinepost.db")).unwrap();
        file.execute("VACUUM INTO ?", [copy.to_str().unwrap()]).unwrap();
        std::fs::copy(&copy, &path).unwrap();
        std::fs::remove_file(copy).unwrap();
    }
    let path = path.with_extension("jsonl");
    let Some(home) = Home::mongo().filter(|_| !path.exists()) else { return };
    fill(&home.open().await).await;
    check(&home.open().await, u32::MAX).await;
    let database = database(&home).await;
    let mut lines = Vec::new();
    for collection in database.list_collection_names().await.unwrap() {
        let records = database.collection::<Document>(&collection).find(Document::new()).await.unwrap();
        for record in records.try_collect::<Vec<_>>().await.unwrap() {
            let record = Bson::Document(record).into_canonical_extjson();
            lines.push(format!("{}\n", serde_json::json!({ "collection": collection, "record": record })));
        }
    }
    lines.sort();
    std::fs::write(path, lines.concat()).unwrap();
    home.drop_database().await;
}
