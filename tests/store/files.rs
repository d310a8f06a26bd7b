//! Files that people gave to the bot, and their folders.

use cinepost::adapters::store::Store;
use cinepost::adapters::store::files::{FileChange, FilesQuery, FilesSum, Place};
use cinepost::domain::entry::EntryId;
use cinepost::domain::file::Volume;
use cinepost::domain::person::PersonId;
use cinepost::domain::post::DocumentId;
use cinepost::domain::shared::{
    Content, DownloadLimit, FileId, FileKind, Folder, FolderId, NewFile, Origin, Password, Served, SharedFile, Terms,
};
use cinepost::domain::telegram_id::Dc;

use crate::Home;
use crate::samples::*;

const ANNA: PersonId = PersonId(2);
const IVAN: PersonId = PersonId(3);

pub fn file(owner: PersonId, message: i32, name: &str) -> NewFile {
    let volume = Volume { document: DocumentId(message.into()), dc: Dc(4), size: 1000 + message as u64 };
    let mime = "video/x-matroska".to_owned();
    let content = Content {
        kind: FileKind::Video,
        mime,
        volume,
        duration_secs: Some(90),
        width: None,
        height: Some(1080),
        scanned: None,
    };
    NewFile {
        owner,
        name: name.to_owned(),
        folder: None,
        content,
        stored: at(FILMS, message),
        origin: Origin::new(format!("{owner}/{message}")),
        added: NOW + i64::from(message),
        terms: Terms::default(),
    }
}

async fn names(store: &Store, owner: PersonId, place: Place, search: &str, skip: u32, limit: u32) -> Vec<String> {
    let query = FilesQuery { owner, place, search: search.to_owned(), skip, limit };
    store.files().page(&query).await.unwrap().into_iter().map(|file| file.name).collect()
}

pub async fn files_are_kept_once_for_each_message(home: &Home) {
    let store = home.open().await;
    let new = file(ANNA, 1, "Night.mkv");
    let kept = store.files().add(&new).await.unwrap();
    assert_eq!(kept, new.clone().numbered(FileId(1)));
    assert_eq!(store.files().get(kept.id).await.unwrap(), Some(kept.clone()));
    assert_eq!(store.files().of_message(&new.origin).await.unwrap(), Some(kept.clone()));
    // The message comes again, after a crash: it is the same file, with what became of it since.
    let renamed = store.files().change(kept.id, &FileChange::Name("Day.mkv".to_owned())).await.unwrap().unwrap();
    assert_eq!(renamed, SharedFile { name: "Day.mkv".to_owned(), ..kept.clone() });
    assert_eq!(store.files().add(&new).await.unwrap(), renamed);

    let adds = (0..12).map(|n| {
        let (store, file) = (store.clone(), file(ANNA, 10 + n / 3, "x.mkv"));
        tokio::spawn(async move { store.files().add(&file).await.unwrap().id })
    });
    let mut ids: Vec<_> = futures_util::future::join_all(adds).await.into_iter().map(Result::unwrap).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4, "of three times each message");

    // The number of one that was removed is given to nobody.
    let last = ids[3];
    assert_eq!(store.files().remove(last).await.unwrap().map(|file| file.id), Some(last));
    assert_eq!(store.files().remove(last).await.unwrap(), None);
    assert_eq!(store.files().get(last).await.unwrap(), None);
    assert!(store.files().add(&file(ANNA, 99, "y.mkv")).await.unwrap().id > last);
    assert_eq!(store.files().change(last, &FileChange::Folder(None)).await.unwrap(), None);
}

pub async fn files_change_one_thing_at_a_time(home: &Home) {
    let store = home.open().await;
    let kept = store.files().add(&file(ANNA, 1, "Night.mkv")).await.unwrap();
    let folder = store.folders().add(ANNA, "Films", None).await.unwrap().unwrap();
    let password = Some(Password::new("secret", [1; 16]).unwrap());
    let terms =
        Terms { version: 3, expires: Some(NOW), password, downloads: Some(DownloadLimit { most: 2, after_bytes: 5 }) };
    let entry = Some(EntryId::from_documents(&[DocumentId(1)]));
    for change in [FileChange::Folder(Some(folder.id)), FileChange::Terms(terms.clone()), FileChange::Entry(entry)] {
        store.files().change(kept.id, &change).await.unwrap().unwrap();
    }
    let more = Served { downloads: 1, streams: 2, bytes: 1 << 40 };
    store.files().count(kept.id, more).await.unwrap();
    let counted = store.files().count(kept.id, more).await.unwrap();
    assert_eq!(counted.map(|file| file.served.bytes), Some(1 << 41));
    assert_eq!(store.files().count(FileId(77), more).await.unwrap(), None);
    let served = Served { downloads: 2, streams: 4, bytes: 1 << 41 };
    let wanted = SharedFile { folder: Some(folder.id), terms, entry, served, ..kept };
    assert_eq!(store.files().get(wanted.id).await.unwrap(), Some(wanted.clone()));
    let taken_back = store.files().change(wanted.id, &FileChange::Entry(None)).await.unwrap().unwrap();
    assert_eq!(taken_back.entry, None);
}

pub async fn people_see_their_own_files_newest_first(home: &Home) {
    let store = home.open().await;
    let folder = store.folders().add(ANNA, "Films", None).await.unwrap().unwrap();
    for (n, name) in [(1, "Night of 1968.mkv"), (2, "Ночь.mkv"), (3, "The Night, again.mp4"), (4, "Day.mkv")] {
        store.files().add(&file(ANNA, n, name)).await.unwrap();
    }
    let inside = NewFile { folder: Some(folder.id), ..file(ANNA, 5, "Night inside.mkv") };
    store.files().add(&inside).await.unwrap();
    store.files().add(&file(IVAN, 6, "Night of Ivan.mkv")).await.unwrap();

    let all = names(&store, ANNA, Place::Anywhere, "", 0, 10).await;
    assert_eq!(all, ["Night inside.mkv", "Day.mkv", "The Night, again.mp4", "Ночь.mkv", "Night of 1968.mkv"]);
    assert_eq!(names(&store, ANNA, Place::Anywhere, "", 1, 2).await, all[1..3]);
    assert_eq!(names(&store, ANNA, Place::In(None), "", 0, 10).await, all[1..]);
    assert_eq!(names(&store, ANNA, Place::In(Some(folder.id)), "", 0, 10).await, all[..1]);
    assert_eq!(names(&store, ANNA, Place::Anywhere, "NIGHT again", 0, 10).await, ["The Night, again.mp4"]);
    assert_eq!(names(&store, ANNA, Place::Anywhere, "ночь", 0, 10).await, ["Ночь.mkv"]);
    assert_eq!(names(&store, ANNA, Place::Anywhere, "morning", 0, 10).await, [""; 0]);
    assert_eq!(store.files().sum(ANNA).await.unwrap(), FilesSum { files: 5, bytes: 5015 });
    assert_eq!(store.files().sum(PersonId(9)).await.unwrap(), FilesSum::default());
    assert_eq!(store.files().added_since(ANNA, NOW + 4).await.unwrap(), 2);
    let above = async |number, limit| {
        let found = store.files().above(FileId(number), limit).await.unwrap();
        found.into_iter().map(|file| file.id.0).collect::<Vec<_>>()
    };
    assert_eq!(above(0, 10).await, [1, 2, 3, 4, 5, 6], "everybody's");
    assert_eq!(above(4, 1).await, [5]);
    assert_eq!(above(6, 10).await, [0; 0]);
}

pub async fn folders_hold_files_and_folders(home: &Home) {
    let store = home.open().await;
    let films = store.folders().add(ANNA, "Films", None).await.unwrap().unwrap();
    assert_eq!(store.folders().get(films.id).await.unwrap(), Some(films.clone()));
    assert_eq!(store.folders().add(ANNA, "FILMS", None).await.unwrap(), None, "the name is taken");
    let of_ivan = store.folders().add(IVAN, "Films", None).await.unwrap().unwrap();
    let old = store.folders().add(ANNA, "Old", Some(films.id)).await.unwrap().unwrap();
    let inside = NewFile { folder: Some(films.id), ..file(ANNA, 1, "a.mkv") };
    let inside = store.files().add(&inside).await.unwrap();

    let list = |owner, parent| {
        let store = store.clone();
        async move {
            let list = store.folders().list(owner, parent).await.unwrap();
            list.into_iter().map(|c| (c.folder.name, c.files, c.folders)).collect::<Vec<_>>()
        }
    };
    assert_eq!(list(ANNA, None).await, [("Films".to_owned(), 1, 1)]);
    assert_eq!(list(ANNA, Some(films.id)).await, [("Old".to_owned(), 0, 0)]);
    assert_eq!(list(IVAN, None).await, [("Films".to_owned(), 0, 0)]);

    // Renamed and moved up, where its name must be free.
    assert!(!store.folders().put(&Folder { name: "films".to_owned(), parent: None, ..old.clone() }).await.unwrap());
    assert!(store.folders().put(&Folder { name: "Older".to_owned(), parent: None, ..old.clone() }).await.unwrap());
    assert_eq!(list(ANNA, None).await, [("Films".to_owned(), 1, 0), ("Older".to_owned(), 0, 0)]);

    assert!(!store.folders().remove(films.id).await.unwrap(), "a file lies in it");
    store.files().change(inside.id, &FileChange::Folder(None)).await.unwrap();
    assert!(store.folders().remove(films.id).await.unwrap());
    assert_eq!(store.folders().get(films.id).await.unwrap(), None);
    assert!(store.folders().get(of_ivan.id).await.unwrap().is_some());
    assert_ne!(store.folders().add(ANNA, "New", None).await.unwrap().unwrap().id, FolderId(films.id.0));
}
