//! A library that an older parser read, through the engine and the simulated provider, as the program runs it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::super::testing::{DETOUR, Library, NIGHT, review};
use super::*;
use crate::domain::channel::Profile;
use crate::domain::entry::{Named, Reason};
use crate::domain::job::State;
use crate::flows::ingest::Notice;

#[tokio::test]
async fn what_an_older_parser_read_is_read_anew() {
    let mut library = Library::open().await;
    let lost = library.post(NIGHT, review()).await;
    let detour = library.known(DETOUR).await;
    let right = library.post(DETOUR, Status::Matched { title: detour, parts: Vec::new(), how: None }).await;
    let wrong = library.post(NIGHT, Status::Matched { title: detour, parts: Vec::new(), how: None }).await;
    let unknown = library
        .post("Nobody.Knows.This.2019.mkv", Status::Matched { title: detour, parts: Vec::new(), how: None })
        .await;
    let ignored = library.post(NIGHT, Status::Ignored { reason: None }).await;
    let no_video = Status::Review { reason: Reason::NoVideo };
    let archive = library.post("Films.zip", no_video.clone()).await;

    let job = library.read_again().await;
    assert_eq!(job.state, State::Done, "{job:?}");
    assert_eq!(job.says, "read 6 files again, 1 found its title, 1 has another one now");
    for (entry, wanted) in [
        (lost, Some("Night of the Living Dead")),
        (right, Some("Detour")),
        (wrong, Some("Night of the Living Dead")),
        // Better a title that was found once than none.
        (unknown, Some("Detour")),
        (ignored, None),
        (archive, None),
    ] {
        let read = library.get(entry).await;
        assert_eq!(library.title(entry).await.as_deref(), wanted, "{}", read.name);
        assert_eq!(read.parser, release_name::VERSION, "{}", read.name);
        assert_ne!(read.release.title, "Something Else", "{}", read.name);
    }
    assert_eq!(library.get(ignored).await.status, Status::Ignored { reason: None });
    assert_eq!(library.get(archive).await.status, no_video);

    // Told is only what was missing before.
    let told = library.notices.try_recv().expect("a notice");
    assert!(matches!(&told, Notice::Added { entry, .. } if *entry == lost), "{told:?}");
    assert!(library.notices.try_recv().is_err());
}

#[tokio::test]
async fn the_library_is_read_again_once_for_each_parser() {
    let mut library = Library::open().await;
    library.post(DETOUR, review()).await;
    let queued = async |library: &Library| {
        queue_if_outdated(&library.store, &library.jobs, 0).await.expect("asked");
        library.store.jobs().unfinished(10).await.expect("read").len()
    };
    assert_eq!(queued(&library).await, 1, "nobody knows who read it");
    let queued_job = library.store.jobs().unfinished(1).await.expect("read")[0].id;
    library.store.jobs().cancel(queued_job, 0).await.expect("cancelled");
    let job = library.read_again().await;
    assert_eq!(job.says, "read 1 file again, 1 found its title");
    assert_eq!(queued(&library).await, 0, "this parser read all of it");
    library.store.settings().set(READ_BY, "0").await.expect("set");
    assert_eq!(queued(&library).await, 1, "an older one did");
}

#[tokio::test]
async fn what_is_said_while_files_are_read_has_them_read_once_more() {
    let library = Library::open().await;
    let unfinished = async |scope: Scope| {
        for now in [1, 2] {
            library.store.jobs().add(&job(scope.clone(), now), now).await.expect("added");
        }
        library.store.jobs().unfinished(10).await.expect("read").len()
    };
    assert_eq!(unfinished(Scope::All).await, 1, "one parser reads all of it once");
    assert_eq!(unfinished(Scope::Channel(ChatId::from_bare(7).expect("in range"))).await, 3);
    assert_eq!(unfinished(Scope::Review).await, 5);
}

#[tokio::test]
async fn a_provider_that_is_away_leaves_everything_as_it_is() {
    let mut library = Library::open().await;
    let lost = library.post(NIGHT, review()).await;
    library.provider.stop().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(library.jobs.clone().run(stop.clone()));
    let job = library.jobs.add(&NewJob::of(&ABOUT, 0)).await.expect("queued").id();
    let waits = loop {
        let job = library.store.jobs().get(job).await.expect("read").expect("there");
        if job.state == State::Retrying {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    stop.cancel();
    running.await.expect("no panic");
    assert!(waits.says.contains("TMDB"), "it says who is away: {}", waits.says);
    assert_eq!(library.get(lost).await.status, review());
}

#[tokio::test]
async fn a_file_is_read_by_what_names_it() {
    let mut library = Library::open().await;
    let id = library.post("video.mp4", review()).await;
    let entry = library.get(id).await;
    for (named, caption, wanted) in [
        (None, "", "video"),
        (Some(Named::ByCaption), "Detour (1945)", "Detour"),
        (Some(Named::As("Detour.1945.DVDRip/video.mp4".to_owned())), "", "Detour"),
    ] {
        let mut entry = Entry { named, caption: caption.to_owned(), ..entry.clone() };
        entry.read_again(&Profile::default());
        assert_eq!(entry.release.title.to_lowercase(), wanted.to_lowercase());
    }
}

#[tokio::test]
async fn what_was_not_known_for_a_volume_is_left_to_its_set() {
    let mut library = Library::open().await;
    let no_video = Status::Review { reason: Reason::NotVideo { mime: "application/octet-stream".to_owned() } };
    let waits = Status::Review { reason: Reason::MissingVolumes { files: vec!["Other.mkv.01".to_owned()] } };
    let volume = library.post("Night.mkv.00", no_video).await;
    let waiting = library.post("Other.mkv.00", waits.clone()).await;
    let job = library.run(job(Scope::Review, 0)).await;
    assert_eq!(job.says, "read 2 files again");
    assert_eq!(library.get(volume).await.status, Status::fresh());
    assert_eq!(library.get(waiting).await.status, waits, "it is in its set already");
}

#[tokio::test]
async fn a_job_for_the_review_list_leaves_the_rest() {
    let mut library = Library::open().await;
    let lost = library.post(NIGHT, review()).await;
    let detour = library.known(DETOUR).await;
    let right = library.post(DETOUR, Status::Matched { title: detour, parts: Vec::new(), how: None }).await;
    let job = library.run(job(Scope::Review, 0)).await;
    assert_eq!(job.says, "read 1 file again, 1 found its title");
    assert_eq!(library.get(right).await.parser, 0);
    assert_eq!(library.title(lost).await.as_deref(), Some("Night of the Living Dead"));
    assert_eq!(library.store.settings().get(READ_BY).await.expect("read"), None);
}
