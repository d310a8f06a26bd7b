//! The library as files for media servers and as playlists: written beside the running program and by its job, read as servers and players do,
//! and no byte of a film is fetched for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cinepost::config::Flags;
use cinepost::domain::job::Job;
use simulation::NewPost;

use crate::support::zip::zip;
use crate::support::{NIGHT, TestApp, calls, chat, film};

const MIB: u64 = 1 << 20;
const EPISODES: [&str; 2] = ["Tide.Tables.S01E01.1080p.mkv", "Tide.Tables.S01E02.1080p.mkv"];
const LINES: &str = "1\n00:00:01,000 --> 00:00:02,000\nThey're coming to get you, Barbara.\n\n";

/// Every file of a tree but hidden ones: path, text and when it was written.
fn tree(root: &Path) -> BTreeMap<String, (String, std::time::SystemTime)> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(root).expect("inside").display().to_string();
            match path.is_dir() {
                true => folders.push(path),
                false if name.starts_with('.') => {}
                false => {
                    let written = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
                    files.insert(name, (std::fs::read_to_string(path).expect("text"), written));
                }
            }
        }
    }
    files
}

/// A film with subtitles and two episodes, known to the library.
async fn with_library(app: &TestApp) -> i32 {
    let posted = app.post(film(NIGHT, 3 * MIB));
    app.post(NewPost::bytes("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.en.srt", LINES));
    EPISODES.iter().for_each(|name| _ = app.post(film(name, 2 * MIB)));
    let counts = || app.app.library.counts();
    app.until("the library", counts, |c| c.as_ref().is_ok_and(|c| (c.movies, c.series, c.pending) == (1, 1, 0)))
        .await
        .expect("counts");
    posted.message
}

/// Runs the command; its first word is what it must come to.
fn export(app: &TestApp, args: &[&str]) -> String {
    let (base, port) = (app.app.addresses.base().as_str().to_owned(), app.app.address.port().to_string());
    let (is_fine, said) = app.command(&[&["export"], args].concat(), &[("BASE_URL", &base), ("PORT", &port)]);
    assert!(is_fine, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_stands_beside_the_running_program_and_plays() {
    let app = TestApp::start().await;
    let night = with_library(&app).await;
    let reads = || calls(&app.sim, "upload.getFile");
    let before = reads();
    let root = app.dir.path.join("tree");
    let target = root.to_str().expect("text");
    let said = export(&app, &[target]);
    assert!(
        said.contains("1 film and 1 series with 3 links and 1 file of subtitles: 8 new, 0 changed, 0 removed"),
        "{said}"
    );
    assert!(reads() - before <= 2, "one file of subtitles was read: {}", reads() - before);

    let files = tree(&root);
    let stem = "Movies/Night of the Living Dead (1968)/Night of the Living Dead (1968) - 1080p BluRay H.264 GRP";
    assert_eq!(files[&format!("{stem}.en.srt")].0, LINES);
    let about = &files[&format!("{stem}.nfo")].0;
    let nfo = roxmltree::Document::parse(about).expect("XML");
    let id = nfo.descendants().find(|node| node.attribute("type") == Some("imdb")).and_then(|node| node.text());
    assert_eq!(id, Some("tt0063350"), "{about}");
    for (name, (text, _)) in files.iter().filter(|(name, _)| name.ends_with(".nfo")) {
        roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    // A scan reads the files and asks for headers.
    let read = reads();
    let links: Vec<&str> =
        files.iter().filter(|(name, _)| name.ends_with(".strm")).map(|(_, file)| file.0.trim()).collect();
    assert_eq!(links.len(), 3);
    for link in &links {
        // As Jellyfin's clients ask.
        for link in [(*link).to_owned(), format!("{link}?static=true"), format!("{link}?api_key=x")] {
            let head = app.http.head(&link).send().await.expect("an answer");
            assert_eq!((head.status().as_u16(), head.headers()["accept-ranges"].to_str().ok()), (200, Some("bytes")));
        }
    }
    assert_eq!(reads(), read, "nobody asked Telegram");
    let answer = app.http.get(links[0]).header("range", "bytes=0-99").send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.bytes().await.expect("bytes").len()), (206, 100));

    // A second time changes nothing, and reads nothing.
    let read = reads();
    let said = export(&app, &[target]);
    assert!(said.contains(": 0 new, 0 changed, 0 removed"), "{said}");
    assert_eq!((tree(&root), reads()), (files.clone(), read));

    // What is gone goes; what somebody else put there stays.
    std::fs::write(root.join("Movies/own.strm"), "theirs").expect("written");
    app.sim.delete(chat(), &[night]).expect("deleted");
    app.until("the film to go", || app.app.library.counts(), |c| c.as_ref().is_ok_and(|c| c.movies == 0))
        .await
        .expect("counts");
    let said = export(&app, &[target]);
    assert!(said.contains("0 films and 1 series") && said.contains(", 3 removed"), "{said}");
    assert!(root.join("Movies/own.strm").exists() && !root.join("Movies/Night of the Living Dead (1968)").exists());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_of_somebody_else_ends_with_their_access() {
    let app = TestApp::start().await;
    with_library(&app).await;
    let (is_fine, said) = app.command(&["person", "add", "Living room", "--role", "guest"], &[]);
    assert!(is_fine, "{said}");
    let zip = app.dir.path.join("films.zip");
    let said = export(&app, &[zip.to_str().expect("text"), "--person", "living room"]);
    assert!(
        said.contains(", for Living room: wrote 1 film and 1 series with 3 links and 1 file of subtitles"),
        "{said}"
    );
    assert!(std::fs::read(&zip).expect("there").starts_with(b"PK\x03\x04"));

    // The owner's page has it with the links of whoever is signed in.
    export(&app, &[zip.to_str().expect("text")]);
    let (cookie, _) = app.sign_in(app.app.owner_page.as_str()).await;
    let at = app.app.addresses.base().at("/owner/export.zip");
    let answer = app.http.get(at.as_str()).header("cookie", cookie).send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let downloaded = answer.bytes().await.expect("a zip");
    assert_eq!(downloaded, std::fs::read(&zip).expect("there"), "the same files are the same bytes");

    let root = app.dir.path.join("tree");
    export(&app, &[root.to_str().expect("text"), "--person", "Living room"]);
    let files = tree(&root);
    let (_, (link, _)) = files.iter().find(|(name, _)| name.ends_with(".strm")).expect("a link");
    assert_eq!(app.http.head(link.trim()).send().await.expect("an answer").status(), 200);
    app.command(&["person", "ban", "Living room"], &[]);
    app.until("the end", || app.http.head(link.trim()).send(), |a| a.as_ref().is_ok_and(|a| a.status() == 403))
        .await
        .expect("an answer");
    for (args, wanted) in [
        (["export", "x", "--person", "Living room"], "may not watch now"),
        (["export", "x", "--person", "Nobody"], "Nobody"),
    ] {
        let (is_fine, said) = app.command(&args, &[]);
        assert!(!is_fine && said.contains(wanted), "{said}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_keeps_a_folder_true() {
    let change = |flags: Flags| {
        let dir = flags.data_dir.as_ref().and_then(|dir| dir.parent()).map(|dir| dir.join("tree"));
        Flags { export_dir: dir, ..flags }
    };
    let app = TestApp::set_up(simulation::Options::default(), |_| (), change).await;
    with_library(&app).await;
    let packed = zip(&[("Night.of.the.Living.Dead.1968.pt-BR.srt", LINES.as_bytes())]);
    app.post(NewPost::bytes("Night.of.the.Living.Dead.1968.subs.zip", packed));
    let of_night = || async { app.ask("subtitles/movie/tt0063350.json").await["subtitles"].as_array().map(Vec::len) };
    app.until("both subtitles", of_night, |count| *count == Some(2)).await;
    let root: PathBuf = app.dir.path.join("tree");
    let run = async |wanted: usize| {
        let (is_fine, said) = app.command(&["jobs", "run", "export"], &[("EXPORT_DIR", root.to_str().expect("text"))]);
        assert!(is_fine, "{said}");
        app.until("the tree", || async { tree(&root).len() }, |count| *count == wanted).await;
    };
    run(9).await;
    let files = tree(&root);
    let (_, (lines, _)) = files.iter().find(|(name, _)| name.ends_with(".pt-BR.srt")).expect("out of the zip");
    assert_eq!(lines, LINES);
    let jobs = app.command(&["jobs"], &[("EXPORT_DIR", "tree")]).1;
    assert!(jobs.contains("export") && jobs.contains("1 film and 1 series with 3 links"), "{jobs}");
    // After changes it comes by itself, within a minute: that it was queued beside the one of before is enough here.
    let of_export = |jobs: Vec<Job>| jobs.into_iter().filter(|job| job.kind == "export").count();
    let jobs = app.app.store.jobs();
    let (waiting, ended) = (jobs.unfinished(50).await.expect("asked"), jobs.ended(50).await.expect("asked"));
    assert!(of_export(waiting) + of_export(ended) >= 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn playlists_are_had_by_a_token_and_play() {
    let app = TestApp::start().await;
    with_library(&app).await;
    let read = calls(&app.sim, "upload.getFile");
    let at = app.addon().replace("/stremio/", "/m3u/");
    let answer = app.get(&format!("{at}/films.m3u8")).await;
    assert_eq!(answer.headers()["content-type"], "audio/x-mpegurl; charset=utf-8");
    let text = answer.text().await.expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines[1], lines.len()), ("#EXTM3U", "#PLAYLIST:Films", 4), "{text}");
    assert!(lines[2].starts_with("#EXTINF:") && lines[2].ends_with(",Night of the Living Dead (1968)"), "{text}");
    assert_eq!(app.http.head(lines[3]).send().await.expect("an answer").status(), 200);

    let series = app.ask("catalog/series/newest.json").await;
    let id = series["metas"][0]["id"].as_str().expect("an id").to_owned();
    let text = app.get(&format!("{at}/series/{id}.m3u8")).await.text().await.expect("text");
    let names: Vec<&str> = text.lines().filter(|line| line.starts_with("#EXTINF:")).collect();
    assert!(names.len() == 2 && names[0].contains("Tide Tables S01E01") && names[1].contains("S01E02"), "{text}");
    let (is_fine, said) = app.command(&["list", "make", "Weekend"], &[]);
    assert!(is_fine, "{said}");
    let (is_fine, said) = app.command(&["list", "add", "Weekend", "tt0063350"], &[]);
    assert!(is_fine, "{said}");
    let text = app.get(&format!("{at}/list/1.m3u8")).await.text().await.expect("text");
    assert!(text.starts_with("#EXTM3U\n#PLAYLIST:Weekend\n") && text.contains("group-title=\"Weekend\""), "{text}");
    assert_eq!(calls(&app.sim, "upload.getFile"), read, "no byte of a film");

    for (path, status) in [("list/9.m3u8", 404), ("series/tt0000009.m3u8", 404), ("films.txt", 404)] {
        assert_eq!(app.get(&format!("{at}/{path}")).await.status(), status, "{path}");
    }
    let stranger = format!("{}/m3u/nonsense/films.m3u8", app.app.addresses.base().as_str().trim_end_matches('/'));
    assert_eq!(app.get(&stranger).await.status(), 403);
    app.stop().await;
}
