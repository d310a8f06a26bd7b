//! The bot, as people know it: files become links, buttons do what they say, and nobody gets what is not theirs. Over real MTProto to
//! the simulated Telegram; what people see stands in its `sent`.

use std::path::Path;

use cinepost::app::Running;
use cinepost::config::Flags;
use cinepost::domain::person::{NewPerson, Person, Role, TelegramIdentity};
use cinepost::domain::shared::Verdict;
use cinepost::domain::telegram_id::UserId;
use cinepost::flows::people::Actor;
use cinepost::flows::unix_now;
use simulation::{
    Button, ButtonAction, FileKind, NewPerson as Described, NewPost, NewPress, Sent, SentKind, Sim, content,
};

use crate::support::{CHAT, Dir, NEWEST, NIGHT, OWNER, TestApp, calls, film, until};

const STORAGE: i64 = -1_001_500_000_077;
const REQUIRED: i64 = -1_001_500_000_078;
pub(crate) const GROUP: i64 = -1_001_500_000_079;
pub(crate) const ANNA: i64 = 900_011;
pub(crate) const IVAN: i64 = 900_012;
const GINA: i64 = 900_013;
pub(crate) const BOT: &str = "main";

/// A cinema with a channel for files; Anna is a member, and so far nobody else.
pub(crate) async fn cinema() -> TestApp {
    cinema_with(|flags| flags).await
}

pub(crate) async fn cinema_with(change: impl FnOnce(Flags) -> Flags) -> TestApp {
    let prepare = |sim: &Sim| {
        for (chat, title) in [(STORAGE, "Storage"), (REQUIRED, "News")] {
            sim.found_channel(chat, title).expect("new");
            sim.set_member(chat, BOT, true).expect("there");
            sim.set_member(chat, "helper1", true).expect("there");
        }
    };
    let storage = |flags: Flags| Flags { storage_channel: Some(STORAGE.to_string()), ..flags };
    let app = TestApp::set_up(simulation::Options::default().with_helpers(1), prepare, |f| change(storage(f))).await;
    add(&app.app, "Anna", ANNA, Role::Member).await;
    app
}

pub(crate) async fn add(app: &Running, name: &str, telegram: i64, role: Role) -> Person {
    app.people.owner().await.expect("the owner");
    let telegram = Some(TelegramIdentity::of(UserId(telegram)));
    let new = NewPerson { telegram, ..NewPerson::called(name, role, unix_now()) };
    app.people.add(new, Actor::Terminal, unix_now()).await.expect("added")
}

/// The messages that a person sees, in the order of their arrival.
pub(crate) fn seen(app: &TestApp, person: i64) -> Vec<Sent> {
    let is_shown = |sent: &Sent| matches!(sent.kind, SentKind::Message | SentKind::Ephemeral);
    let mut seen: Vec<_> = app.sim.sent().into_iter().filter(|sent| sent.to == person && is_shown(sent)).collect();
    seen.sort_by_key(|sent| sent.message);
    seen
}

/// What an inline query brought.
async fn offered(app: &TestApp, person: i64) -> Sent {
    let find = async || app.sim.sent().into_iter().find(|sent| sent.to == person && sent.kind == SentKind::Results);
    until("results", find, Option::is_some).await.expect("some")
}

/// What came of pressing buttons, beside messages.
pub(crate) fn popped(app: &TestApp, person: i64) -> Vec<Sent> {
    let pops = |sent: &Sent| matches!(sent.kind, SentKind::Quiet | SentKind::Toast | SentKind::Alert);
    app.sim.sent().into_iter().filter(|sent| sent.to == person && pops(sent)).collect()
}

/// The next thing that a person sees after they had seen so many.
pub(crate) async fn next(app: &TestApp, person: i64, before: usize) -> Sent {
    let all = until("an answer", async || seen(app, person), |seen: &Vec<Sent>| seen.len() > before).await;
    all.into_iter().nth(before).expect("one more")
}

/// Somebody does something, and this is the answer.
pub(crate) async fn after(app: &TestApp, person: i64, act: impl FnOnce(&Sim)) -> Sent {
    let before = seen(app, person).len();
    act(&app.sim);
    next(app, person, before).await
}

pub(crate) async fn say(app: &TestApp, person: i64, text: &str) -> Sent {
    after(app, person, |sim| _ = sim.message(person, BOT, text).expect("written")).await
}

pub(crate) async fn give(app: &TestApp, person: i64, post: NewPost) -> Sent {
    after(app, person, |sim| _ = sim.send(person, BOT, post).expect("sent")).await
}

fn label(button: &Button) -> &str {
    &button.text
}

pub(crate) fn labels(sent: &Sent) -> Vec<&str> {
    sent.buttons.iter().flatten().map(label).collect()
}

pub(crate) fn address(sent: &Sent, named: &str) -> String {
    let button = sent.buttons.iter().flatten().find(|button| button.text.contains(named));
    button.and_then(Button::address).unwrap_or_else(|| panic!("no {named} in {:?}", sent.buttons)).to_owned()
}

/// Presses a button by what stands on it, and waits until the message below which it is says something else.
pub(crate) async fn press(app: &TestApp, person: i64, message: &Sent, button: &str) -> Sent {
    let id = message.message;
    let before = seen(app, person).into_iter().find(|sent| sent.message == id).expect("it is there");
    app.sim
        .press(NewPress {
            from: person,
            to: BOT.to_owned(),
            message: id,
            button: Some(button.to_owned()),
            ..NewPress::default()
        })
        .unwrap_or_else(|error| panic!("{button}: {error:#}, of {:?}", labels(&before)));
    let find = async || seen(app, person).into_iter().find(|sent| sent.message == id && *sent != before);
    until("the message changes", find, Option::is_some).await.expect("it did")
}

/// Presses with bytes of somebody's own; returns what pops up.
pub(crate) async fn press_with(app: &TestApp, person: i64, message: i32, data: &str) -> Sent {
    let before = popped(app, person).len();
    let press =
        NewPress { from: person, to: BOT.to_owned(), message, data: Some(data.to_owned()), ..NewPress::default() };
    app.sim.press(press).expect("pressed");
    let all =
        until("the button stops turning", async || popped(app, person), |all: &Vec<Sent>| all.len() > before).await;
    all.into_iter().nth(before).expect("one more")
}

/// The address below a card's text.
fn link(card: &Sent) -> String {
    card.text.lines().rfind(|line| line.starts_with("http")).expect("a link").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_file_becomes_a_link_that_opens_and_plays() {
    let app = cinema().await;
    // A slash would be a folder to whatever saves the file.
    let (size, given, name) = (5 << 20, "Night of <b>the</b> dead.mkv", "Night of <b>the<_b> dead.mkv");
    let card = give(&app, ANNA, NewPost::generated(given, size)).await;
    assert!(card.text.starts_with(&format!("{name}\n5 MB · video · no. 1")), "{}", card.text);
    assert!(card.entities.iter().any(|entity| entity.kind == "bold" && entity.length as usize == name.len()));
    assert_eq!(labels(&card)[..3], ["Download", "Play", "Players"]);

    let page = app.get(&link(&card)).await;
    assert_eq!(page.status(), 200);
    let html = page.text().await.expect("a page");
    assert!(html.contains("Night of &#60;b&#62;the&#60;_b&#62; dead.mkv") && !html.contains("<b>the"), "{html}");
    assert!(html.contains("og:title") && html.contains("vlc://") && html.contains("infuse://"));
    let document: i64 = html_document(&app);
    let bytes = app.http.get(address(&card, "Download")).send().await.expect("an answer");
    assert_eq!(bytes.status(), 200);
    let headers = bytes.headers().clone();
    assert!(headers["content-disposition"].to_str().expect("text").starts_with("attachment; "), "{headers:?}");
    let bytes = bytes.bytes().await.expect("all of it");
    let mut wanted = vec![0; size as usize];
    content::fill(document, 0, &mut wanted);
    assert!(bytes == wanted, "every byte");
    let part = app.http.get(link(&card)).header("range", "bytes=1048576-1048579").send().await.expect("an answer");
    assert_eq!(
        (part.status().as_u16(), part.bytes().await.expect("four bytes").as_ref()),
        (206, &wanted[1 << 20..][..4])
    );
    app.stop().await;
}

/// The document that was given last, in the storage channel.
fn html_document(app: &TestApp) -> i64 {
    let posts = app.sim.posts(STORAGE);
    posts.last().and_then(|post| post.document.as_deref()).expect("a copy").parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_file_is_taken_and_named() {
    let app = cinema().await;
    for (kind, file_name, wanted) in [
        (FileKind::Video, None, "video"),
        (FileKind::Audio, Some("Theme.mp3"), "music"),
        (FileKind::Voice, None, "voice message"),
        (FileKind::Animation, Some("cat.mp4"), "animation"),
        (FileKind::Document, Some("Paper.pdf"), "document"),
    ] {
        let post = NewPost { kind, file_name: file_name.map(str::to_owned), size: Some(70_000), ..NewPost::default() };
        let card = give(&app, ANNA, post).await;
        assert!(card.text.contains(&format!("70 kB · {wanted}")), "{}", card.text);
        let bytes = app.http.get(format!("{}?save=1", link(&card))).send().await.expect("an answer");
        assert_eq!((bytes.status().as_u16(), bytes.bytes().await.expect("all").len()), (200, 70_000), "{wanted}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_the_owner_does_not_take_is_refused_and_says_so() {
    let types = |flags: Flags| Flags {
        files_allow: Some("video, audio, .pdf".to_owned()),
        files_deny: Some(".avi".to_owned()),
        limits: Some("member: links=2".to_owned()),
        ..flags
    };
    let app = cinema_with(types).await;
    // A nameless file gets the ending under which it would be kept.
    for (name, refused) in [("tool.exe", ".exe"), ("old.AVI", ".avi"), ("nameless", ".bin")] {
        let answer = give(&app, ANNA, NewPost::generated(name, 70_000)).await;
        assert_eq!(answer.text, format!("The owner does not take files of this type here: {refused}."), "{name}");
    }
    assert!(app.sim.posts(STORAGE).is_empty(), "nothing of it was copied");
    // Neither did it cost one of the day's links.
    give(&app, ANNA, NewPost::generated("Paper.pdf", 70_000)).await;
    let film = give(&app, ANNA, NewPost::generated("Night.mkv", 70_000)).await;
    assert_eq!(app.get(&link(&film)).await.status(), 200);
    // No ending comes in under another.
    let renamed = say(&app, ANNA, "/rename 2 Night.avi").await;
    assert!(renamed.text.ends_with("type here: .avi."), "{}", renamed.text);
    app.stop().await;
}

/// A scanner that is a script of the shell in a folder of the test, with settings for it.
fn scanner(dir: &Path, script: &str, failure: &str) -> impl FnOnce(Flags) -> Flags + use<> {
    let file = dir.join("scan.sh");
    std::fs::write(&file, script.replace("DIR", &dir.display().to_string())).expect("written");
    let command = format!("sh {}", file.display());
    let failure = failure.to_owned();
    move |flags| Flags {
        scan_command: Some(command),
        scan_failure: Some(failure),
        scan_mb: Some("1".to_owned()),
        scan_secs: Some("5".to_owned()),
        ..flags
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scanner_sees_a_file_before_anybody_else_and_its_word_is_kept() {
    let dir = Dir::new();
    // As clamdscan does: reads all of its input, prints a line, ends with 1 when it found something.
    let script = "cat >DIR/input; echo \"$FILE_NAME|$FILE_SIZE|$FILE_MIME|$FILE_KIND\" >DIR/said\n\
                  case \"$FILE_NAME\" in *bad*) echo; echo 'stream: Win.Test.EICAR FOUND'; exit 1;; esac; echo 'stream: OK'";
    let app = cinema_with(scanner(&dir.path, script, "refuse")).await;
    let size = (1 << 20) + 5;
    let card = give(&app, ANNA, NewPost::generated("-rf 'good' $HOME.mkv", size)).await;
    assert!(card.text.contains("The scanner found nothing in it."), "{}", card.text);
    let said = std::fs::read_to_string(dir.path.join("said")).expect("it ran");
    assert_eq!(said, format!("-rf 'good' $HOME.mkv|{size}|video/x-matroska|video\n"));
    // SCAN_MB of it, byte by byte.
    let mut wanted = vec![0; 1 << 20];
    content::fill(html_document(&app), 0, &mut wanted);
    assert!(std::fs::read(dir.path.join("input")).expect("it read") == wanted);
    let anna = app.app.people.find("Anna").await.expect("Anna").id;
    let kept = app.app.store.files().get(cinepost::domain::shared::FileId(1)).await.expect("asked").expect("kept");
    let scanned = kept.content.scanned.expect("scanned");
    assert_eq!((kept.owner, scanned.said.as_str(), scanned.verdict), (anna, "stream: OK", Verdict::Clean));

    let refused = give(&app, ANNA, NewPost::generated("bad.exe", 70_000)).await;
    assert_eq!(refused.text, "The scanner refuses this file: stream: Win.Test.EICAR FOUND");
    until("its copy goes", async || app.sim.posts(STORAGE).len(), |copies| *copies == 1).await;
    assert_eq!(app.app.store.files().sum(anna).await.expect("asked").files, 1, "no record was made");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_fails_lets_nothing_in_unless_the_owner_says_so() {
    let (dir, open) = (Dir::new(), Dir::new());
    let script = "case \"$FILE_NAME\" in slow*) sleep 60;; *) echo 'no clamd' >&2; exit 2;; esac";
    let app = cinema_with(scanner(&dir.path, script, "refuse")).await;
    for name in ["down.mkv", "slow.mkv"] {
        let seen_before = seen(&app, ANNA).len();
        app.sim.send(ANNA, BOT, NewPost::generated(name, 70_000)).expect("sent");
        let is_refused = |seen: &Vec<Sent>| {
            seen[seen_before..].iter().any(|sent| sent.text.starts_with("The scanner could not look at this file"))
        };
        until("the refusal", async || seen(&app, ANNA), is_refused).await;
    }
    until("the copies go", async || app.sim.posts(STORAGE).len(), |copies| *copies == 0).await;
    app.stop().await;

    let app = cinema_with(scanner(&open.path, script, "accept")).await;
    let card = give(&app, ANNA, NewPost::generated("down.mkv", 70_000)).await;
    assert!(card.text.contains("The scanner could not look at it."), "{}", card.text);
    assert_eq!(app.get(&link(&card)).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_the_scanner_is_told_so() {
    let dir = Dir::new();
    let script = "until [ -e DIR/go ]; do sleep 0.05; done; cat >/dev/null";
    let app = cinema_with(scanner(&dir.path, script, "refuse")).await;
    let waits = give(&app, ANNA, NewPost::generated("Night.mkv", 70_000)).await;
    assert!(waits.text.starts_with("The scanner looks at it first."), "{}", waits.text);
    assert!(app.app.store.files().get(cinepost::domain::shared::FileId(1)).await.expect("asked").is_none());
    std::fs::write(dir.path.join("go"), "").expect("written");
    let has_card = |seen: &Vec<Sent>| matches!(&seen[..], [card] if card.text.starts_with("Night.mkv\n"));
    until("the card in place of the note", async || seen(&app, ANNA), has_card).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_renames_moves_limits_and_deletes() {
    let app = cinema().await;
    let card = give(&app, ANNA, NewPost::generated("old.mkv", 1 << 20)).await;
    let first_link = link(&card);

    let asked = after(&app, ANNA, |sim| press_button(sim, ANNA, &card, "Rename")).await;
    assert!(asked.text.contains("What shall"), "{}", asked.text);
    let renamed = say(&app, ANNA, "New name").await;
    assert!(renamed.text.starts_with("New name.mkv\n"), "it keeps its ending: {}", renamed.text);

    let folder = say(&app, ANNA, "/newfolder Films").await;
    assert!(folder.text.starts_with("Films\n"), "{}", folder.text);
    let choose = press(&app, ANNA, &renamed, "Move").await;
    let choose = press(&app, ANNA, &choose, "📁 Films · 0").await;
    let moved = press(&app, ANNA, &choose, "Here: Films").await;
    assert!(moved.text.contains("In Films"), "{}", moved.text);

    let menu = press(&app, ANNA, &moved, "Expires …").await;
    let ends = press(&app, ANNA, &menu, "7 days").await;
    assert!(ends.text.contains("The link ends on"), "{}", ends.text);
    let menu = press(&app, ANNA, &ends, "Limits …").await;
    let limited = press(&app, ANNA, &menu, "1").await;
    assert!(limited.text.contains("For one download."), "{}", limited.text);

    // Once, and no more.
    let whole = app.http.get(address(&limited, "Download")).send().await.expect("an answer");
    assert_eq!(whole.bytes().await.expect("all of it").len(), 1 << 20);
    let used_up =
        async || app.http.get(format!("{first_link}?save=1")).send().await.expect("an answer").status().as_u16();
    until("the download counts", used_up, |status| *status == 410).await;

    let menu = press(&app, ANNA, &limited, "Limits …").await;
    let free = press(&app, ANNA, &menu, "No limit").await;
    assert_eq!(app.get(&first_link).await.status(), 200);
    let menu = press(&app, ANNA, &free, "Limits …").await;
    let renewed = press(&app, ANNA, &menu, "New link").await;
    assert_ne!(link(&renewed), first_link);
    assert_eq!(app.get(&first_link).await.status(), 403, "the old one has ended");
    assert_eq!(app.get(&link(&renewed)).await.status(), 200);

    let sure = press(&app, ANNA, &renewed, "Delete").await;
    assert_eq!(app.get(&link(&renewed)).await.status(), 200, "it was only asked for");
    let deleted = press(&app, ANNA, &sure, "Delete for good").await;
    assert!(deleted.text.contains("is deleted"), "{}", deleted.text);
    assert_eq!(app.get(&link(&renewed)).await.status(), 404);
    assert!(app.sim.posts(STORAGE).is_empty(), "its copy is gone as well");
    app.stop().await;
}

pub(crate) fn press_button(sim: &Sim, person: i64, message: &Sent, button: &str) {
    let (message, button) = (message.message, Some(button.to_owned()));
    sim.press(NewPress { from: person, to: BOT.to_owned(), message, button, ..NewPress::default() }).expect("a button");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaks_before_the_password_is_given() {
    let app = cinema().await;
    let card = give(&app, ANNA, NewPost::generated("secret-name.mkv", 1 << 20)).await;
    press_with(&app, ANNA, card.message, "f:1:pass").await;
    until(
        "the question",
        async || seen(&app, ANNA),
        |seen: &Vec<Sent>| seen.iter().any(|sent| sent.text.contains("Which password")),
    )
    .await;
    let card = say(&app, ANNA, "open sesame").await;
    assert!(card.text.contains("With a password."), "{}", card.text);

    let page = app.get(&link(&card)).await;
    let html = page.text().await.expect("a page");
    assert!(!html.contains("secret-name") && !html.contains("1 MB") && html.contains("This file is locked"), "{html}");
    for path in ["/secret-name.mkv", "/x", "/x?save=1", "?save=1", "/x?key=abc"] {
        let answer = app.get(&format!("{}{path}", link(&card))).await;
        let (status, text) = (answer.status().as_u16(), answer.text().await.expect("text"));
        assert!(status == 403 || !text.contains("secret-name"), "{path}: {status}");
        assert!(!text.contains("secret-name"), "{path}");
    }
    let give_password = async |password: &str| {
        let http = cinepost::adapters::metadata::client::builder().redirect(reqwest::redirect::Policy::none());
        let request = http.build().expect("a client").post(link(&card));
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("password={}", password.replace(' ', "+")))
            .send()
            .await
            .expect("an answer")
    };
    assert_eq!(give_password("wrong").await.status(), 403);
    let right = give_password("open sesame").await;
    assert_eq!(right.status(), 303);
    let unlocked = right.headers()["location"].to_str().expect("text").to_owned();
    assert!(app.get(&unlocked).await.text().await.expect("a page").contains("secret-name.mkv"));
    let key = unlocked.split("key=").nth(1).expect("a key");
    let bytes = app.get(&format!("{}/x.mkv?key={key}", link(&card))).await;
    assert_eq!((bytes.status().as_u16(), bytes.bytes().await.expect("all").len()), (200, 1 << 20));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_at_what_is_not_theirs() {
    let app = cinema().await;
    add(&app.app, "Ivan", IVAN, Role::Member).await;
    let card = give(&app, ANNA, NewPost::generated("annas.mkv", 1 << 20)).await;
    let mine = give(&app, IVAN, NewPost::generated("ivans.mkv", 1 << 20)).await;
    for data in [
        "f:1",
        "f:1:name",
        "f:1:del",
        "f:1:del!",
        "f:1:link",
        "f:1:nopass",
        "f:1:move:0",
        "f:99",
        "f:1:lib",
        "u:1",
        "u:1:ban",
        "u:2:role:admin",
        "p:0",
        "nonsense",
        "f:1:drop",
        "hex:fffe00",
        "l:200",
    ] {
        let popped = press_with(&app, IVAN, mine.message, data).await;
        assert!(!popped.text.contains("annas") && !popped.text.contains("Owner"), "{data}: {}", popped.text);
    }
    for text in
        ["/file 1", "/delete 1", "/rename 1 stolen", "/users", "/log", "/ban Anna", "/unban Anna", "/status", "/invite"]
    {
        let answer = say(&app, IVAN, text).await;
        assert!(!answer.text.contains("annas"), "{text}: {}", answer.text);
    }
    assert_eq!(app.get(&link(&card)).await.status(), 200, "Anna's file stands");
    assert!(app.app.people.find("Anna").await.expect("Anna").denied(unix_now()).is_none());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_is_told_so_and_nothing_is_kept() {
    let app = cinema().await;
    add(&app.app, "Guest", IVAN, Role::Guest).await;
    let answer = give(&app, IVAN, NewPost::generated("x.mkv", 1 << 20)).await;
    assert_eq!(answer.text, "You may not do that here.");
    let protected = NewPost { protected: true, ..NewPost::generated("x.mkv", 1 << 20) };
    let answer = give(&app, ANNA, protected).await;
    assert_eq!(answer.text, "Whoever posted this file does not allow it to be copied.");
    app.sim.set_muted(STORAGE, BOT, true).expect("there");
    let answer = give(&app, ANNA, NewPost::generated("x.mkv", 1 << 20)).await;
    assert!(answer.text.contains("may not post in the storage channel"), "{}", answer.text);
    assert!(app.sim.posts(STORAGE).is_empty());
    // A stranger is answered a few times, and then no more.
    for _ in 0..20 {
        app.sim.message(777, BOT, "/start").expect("written");
    }
    until("three answers", async || seen(&app, 777).len(), |answers: &usize| *answers >= 3).await;
    let answer = say(&app, ANNA, "/stats").await;
    assert!(answer.text.contains("member"), "{}", answer.text);
    assert_eq!(seen(&app, 777).len(), 3, "{:?}", seen(&app, 777));
    assert!(seen(&app, 777)[0].text.contains("ask them for an invitation"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_in_and_a_ban_keeps_out() {
    let app = cinema().await;
    let log = say(&app, OWNER, "/log").await;
    assert!(log.text.contains("set LOG_FILE"), "{}", log.text);
    let invited = say(&app, OWNER, "/invite member 1 7d").await;
    let link = invited.text.lines().rfind(|line| line.starts_with("https://t.me/")).expect("a link").to_owned();
    let parameter = link.split("start=").nth(1).expect("a parameter").to_owned();
    app.sim
        .person(Described {
            id: IVAN,
            first_name: "Ivan".to_owned(),
            lang_code: Some("de".to_owned()),
            ..Described::default()
        })
        .expect("described");
    let welcome = say(&app, IVAN, &format!("/start {parameter}")).await;
    assert!(welcome.text.contains("Ivan") && !welcome.text.contains("Welcome"), "in German: {}", welcome.text);
    let used_up = say(&app, 778, &format!("/start {parameter}")).await;
    assert!(used_up.text.contains("used up"), "{}", used_up.text);

    let install = address(&welcome, "Stremio");
    assert_eq!(app.get(&install).await.status(), 200);
    let card = say(&app, OWNER, "/ban Ivan too loud").await;
    assert!(card.text.contains("too loud"), "{}", card.text);
    assert_eq!(app.get(&install).await.status(), 403);
    let refused = say(&app, IVAN, "/start").await;
    assert!(refused.text.contains("too loud"), "{}", refused.text);
    assert!(refused.text.contains("Der Grund:"), "in German: {}", refused.text);
    let nobody = say(&app, OWNER, "/ban Nobody").await;
    assert_eq!(nobody.text, "Nobody here is called “Nobody”. /users shows everybody.");
    say(&app, OWNER, "/unban Ivan").await;
    assert!(say(&app, IVAN, "/stats").await.text.contains("Ivan"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gets_the_log_as_a_file_without_secrets() {
    let dir = Dir::new();
    let path = dir.path.join("cinepost.log");
    let log = format!("first\nGET /stremio/abc_def-1/manifest.json\n{}last\n", "a line\n".repeat(100_000));
    std::fs::write(&path, &log).expect("written");
    let app = cinema_with(|flags| Flags { log_file: Some(path.clone()), ..flags }).await;
    assert_eq!(say(&app, ANNA, "/log").await.text, "You may not do that here.");
    let sent = say(&app, OWNER, "/log").await;
    assert_eq!(sent.text, "The end of the log, without secrets.");
    let bytes = app.sim.document(sent.document.as_deref().expect("a file")).expect("there");
    let wanted = log.replace("abc_def-1/manifest.json", "***");
    assert!(bytes == wanted.as_bytes(), "{} of {} bytes", bytes.len(), wanted.len());
    assert_eq!(say(&app, OWNER, "/log 2").await.text, "a line\nlast");
    std::fs::write(&path, "").expect("written");
    assert_eq!(say(&app, OWNER, "/log").await.text, "Nothing stands in the log yet.");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_be_in_a_channel_joins_it_first() {
    let app = cinema_with(|flags| Flags { required_channels: Some(REQUIRED.to_string()), ..flags }).await;
    let asked = say(&app, ANNA, "/start").await;
    assert_eq!(labels(&asked), ["News", "I joined"]);
    let again = after(&app, ANNA, |sim| press_button(sim, ANNA, &asked, "I joined")).await;
    assert_eq!(labels(&again), ["News", "I joined"], "not yet");
    app.sim.set_person_member(REQUIRED, ANNA, true).expect("joined");
    let welcome = press(&app, ANNA, &asked, "I joined").await;
    assert!(welcome.text.contains("Welcome, Anna"), "{}", welcome.text);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn link_in_a_group_is_for_the_one_who_asks() {
    let app = cinema().await;
    app.sim.found_group(GROUP, "Friends").expect("new");
    app.sim.set_member(GROUP, BOT, true).expect("there");
    app.sim.set_admin(GROUP, BOT, true).expect("there");
    for person in [ANNA, IVAN] {
        app.sim.set_person_member(GROUP, person, true).expect("joined");
    }
    let first = app.sim.send_to_group(IVAN, GROUP, NewPost::generated("one.mkv", 1 << 20)).expect("sent");
    app.sim.send_to_group(IVAN, GROUP, NewPost::text("a word")).expect("sent");
    app.sim.send_to_group(IVAN, GROUP, NewPost::generated("two.mkv", 1 << 20)).expect("sent");
    let ask = NewPost { reply_to: Some(first), ..NewPost::text("/link 3") };
    let links = after(&app, ANNA, |sim| _ = sim.send_to_group(ANNA, GROUP, ask).expect("sent")).await;
    assert_eq!((links.kind, links.chat), (SentKind::Ephemeral, Some(GROUP)), "{links:?}");
    assert!(links.text.contains("one.mkv\nhttp") && links.text.contains("two.mkv\nhttp"), "{}", links.text);
    assert!(seen(&app, 0).is_empty() && seen(&app, IVAN).is_empty(), "nobody else sees it");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_that_is_denied_the_bot_says_nothing() {
    let app = cinema().await;
    app.sim.found_group(GROUP, "Friends").expect("new");
    app.sim.set_member(GROUP, BOT, true).expect("there");
    app.sim.set_admin(GROUP, BOT, true).expect("there");
    app.sim.set_person_member(GROUP, ANNA, true).expect("joined");
    let file = app.sim.send_to_group(ANNA, GROUP, NewPost::generated("one.mkv", 1 << 20)).expect("sent");
    let ask = || NewPost { reply_to: Some(file), ..NewPost::text("/link") };
    let group = GROUP.to_string().parse().expect("a list");
    let limits = &app.app.limits;
    limits.records().deny(&group).await.expect("stored");
    until("it is denied", async || limits.admits_chat(GROUP), |admitted| !admitted).await;
    let asked = || calls(&app.sim, "updates.getChannelDifference");
    let before = asked();
    app.sim.send_to_group(ANNA, GROUP, ask()).expect("sent");
    until("the bot reads it", async || asked(), |asked| *asked > before).await;
    // Of one person one thing after the other: what was said in the group is dealt with by now.
    say(&app, ANNA, "/help").await;
    assert!(seen(&app, ANNA).iter().all(|sent| sent.chat.is_none()), "{:?}", seen(&app, ANNA));
    assert!(app.sim.posts(STORAGE).is_empty(), "nothing is kept");

    limits.records().unlist(&group).await.expect("stored");
    until("it is admitted", async || limits.admits_chat(GROUP), |admitted| *admitted).await;
    app.sim.send_to_group(ANNA, GROUP, ask()).expect("sent");
    let is_there =
        |seen: &Vec<Sent>| seen.iter().any(|sent| (sent.kind, sent.chat) == (SentKind::Ephemeral, Some(GROUP)));
    until("the card", async || seen(&app, ANNA), is_there).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_is_found_and_plays_from_the_chat() {
    let app = cinema().await;
    app.post(film(NIGHT, 3 << 20));
    until("the film", async || app.names(NEWEST).await, |names: &Vec<String>| names.len() == 1).await;
    let found = say(&app, ANNA, "night of living").await;
    assert_eq!(labels(&found), ["Night of the Living Dead (1968)"]);
    let title = press(&app, ANNA, &found, "Night of the Living Dead (1968)").await;
    let play = address(&title, "1080p");
    let bytes = app.get(&play).await;
    assert_eq!((bytes.status().as_u16(), bytes.bytes().await.expect("all").len()), (200, 3 << 20));
    assert!(say(&app, ANNA, "no such film").await.text.contains("nothing called"));

    app.sim.ask_inline(ANNA, BOT, "night", "").expect("asked");
    let results = offered(&app, ANNA).await.results;
    assert_eq!(results.len(), 1);
    let ButtonAction::Url(open) = &results[0].buttons[0][0].does else { panic!("{results:?}") };
    assert!(
        open.contains("?start=title_movie_tt0063350") && !results[0].text.contains("http"),
        "no link of Anna's: {results:?}"
    );
    app.sim.ask_inline(999, BOT, "night", "").expect("asked");
    let nothing = offered(&app, 999).await;
    assert!(nothing.results.is_empty(), "strangers find nothing");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_not_answered_again_after_a_restart() {
    let app = cinema().await;
    give(&app, ANNA, NewPost::generated("once.mkv", 1 << 20)).await;
    say(&app, ANNA, "/stats").await;
    let (before, dir) = (seen(&app, ANNA).len(), app.dir.path.clone());
    let TestApp { sim, provider, app: running, http, dir: kept } = app;
    running.stop().await;
    sim.message(ANNA, BOT, "/help").expect("written while it is away");
    let flags = Flags { storage_channel: Some(STORAGE.to_string()), ..crate::support::flags(&dir, &provider.url) };
    let running =
        cinepost::app::start(cinepost::config::Config::from_flags(flags).expect("right")).await.expect("starts");
    let app = TestApp { sim, provider, app: running, http, dir: kept };
    let help = next(&app, ANNA, before).await;
    assert!(help.text.contains("/myfiles"), "{}", help.text);
    say(&app, ANNA, "/stats").await;
    assert_eq!(seen(&app, ANNA).len(), before + 2, "the help, the figures, and nothing twice");
    assert_eq!(app.sim.posts(STORAGE).len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_the_database_could_not_take_is_kept_once_it_can() {
    let app = cinema().await;
    let other = rusqlite::Connection::open(app.dir.path.join("data/cinepost.db")).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let waits = give(&app, ANNA, NewPost::generated("patient.mkv", 1 << 20)).await;
    assert!(waits.text.contains("I go on trying"), "{}", waits.text);
    let before = seen(&app, ANNA).len();
    other.execute_batch("ROLLBACK").expect("free again");
    let card = next(&app, ANNA, before).await;
    assert!(card.text.starts_with("patient.mkv\n"), "{}", card.text);
    assert_eq!(app.get(&link(&card)).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_how_they_are_spoken_to() {
    let app = cinema().await;
    let settings = say(&app, ANNA, "/settings").await;
    assert!(
        labels(&settings).contains(&"• English") && labels(&settings).contains(&"العربية"),
        "{:?}",
        labels(&settings)
    );
    let german = press(&app, ANNA, &settings, "Deutsch").await;
    assert!(labels(&german).contains(&"• Deutsch"));
    let off = press(&app, ANNA, &german, labels(&german)[6]).await;
    assert_ne!(labels(&off)[6], labels(&german)[6]);
    // Refusals as well, with what they are about.
    let unknown = say(&app, ANNA, "/file 99").await;
    assert_eq!(unknown.text, "So eine Datei hast du nicht.");
    let person = app.app.people.find("Anna").await.expect("Anna");
    assert_eq!((person.language.as_deref(), person.preferences.keeps_history), (Some("de"), false));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_watches_is_remembered_only_while_they_like() {
    let app = cinema().await;
    app.post(film(NIGHT, 1 << 20));
    until("the film", async || app.names(NEWEST).await, |names: &Vec<String>| names.len() == 1).await;
    let watch = async || {
        let found = say(&app, ANNA, "night of living").await;
        let title = press(&app, ANNA, &found, "Night of the Living Dead (1968)").await;
        assert_eq!(app.get(&address(&title, "1080p")).await.bytes().await.expect("all").len(), 1 << 20);
        app.app.limits.save(unix_now()).await;
    };
    let anna = app.app.people.find("Anna").await.expect("Anna").id;
    let history = async || app.app.limits.records().history(anna, 0, 9).await.expect("the history").len();
    let settings = say(&app, ANNA, "/settings").await;
    let off = press(&app, ANNA, &settings, "Remember what I watch: on").await;
    watch().await;
    assert_eq!(history().await, 0);
    // What was given to the bot and is read by others is nothing that its owner watched.
    let card = give(&app, ANNA, NewPost::generated("mine.mkv", 1 << 20)).await;
    press(&app, ANNA, &off, "Remember what I watch: off").await;
    app.get(&address(&card, "Download")).await.bytes().await.expect("all");
    app.app.limits.save(unix_now()).await;
    assert_eq!(history().await, 0);
    watch().await;
    assert_eq!(history().await, 1);

    let asked = press(&app, ANNA, &off, "Erase my history").await;
    let back = press(&app, ANNA, &asked, "‹ Back").await;
    assert_eq!(history().await, 1, "it was only asked for");
    let asked = press(&app, ANNA, &back, "Erase my history").await;
    let erased = press(&app, ANNA, &asked, "Erase it").await;
    assert_eq!((erased.text.as_str(), history().await), ("It is erased.", 0));
    watch().await;
    assert_eq!(history().await, 1, "what comes afterwards is remembered again");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_for_members_is_not_there_for_guests() {
    let app = cinema().await;
    add(&app.app, "Gina", GINA, Role::Guest).await;
    app.post(film(NIGHT, 1 << 20));
    until("the film", async || app.names(NEWEST).await, |names: &Vec<String>| names.len() == 1).await;
    let finds = async |person| say(&app, person, "night of living").await.buttons.len() == 1;
    assert!(finds(ANNA).await && finds(GINA).await);
    let found = say(&app, GINA, "night of living").await;
    let title = press(&app, GINA, &found, "Night of the Living Dead (1968)").await;
    let play = address(&title, "1080p");
    assert_eq!(app.get(&play).await.status(), 200);

    let command = async |who: &str| app.command(&["channel", "audience", &CHAT.to_string(), who], &[]);
    let (done, text) = command("members").await;
    assert!(done && text.contains("is now for members only"), "{text}");
    assert!(finds(ANNA).await && !finds(GINA).await);
    assert_eq!(app.get(&play).await.status(), 404, "neither by the link that she had");
    let (done, text) = app.command(&["channel", "list"], &[]);
    assert!(!done || text.contains("watched  members"), "{text}");
    let (done, text) = app.command(&["channel", "audience", "-1001500000098", "members"], &[]);
    assert!(!done && text.contains("is not watched; add it first: cinepost channel add -1001500000098"), "{text}");
    let (done, text) = command("friends").await;
    assert!(!done && text.contains("\"friends\" is nobody"), "{text}");
    assert!(command("guests").await.0 && finds(GINA).await);
    assert_eq!(app.get(&play).await.status(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_web_player_is_offered_where_it_can_play() {
    let app = cinema().await;
    let plain = give(&app, ANNA, NewPost::generated("Night.mkv", 70_000)).await;
    let has_it = async |card: &Sent| {
        let page = app.get(&link(card)).await.text().await.expect("a page");
        [labels(card).iter().any(|label| label.contains("player.example.org")), page.contains("player.example.org")]
    };
    assert_eq!(has_it(&plain).await, [false; 2], "off unless the owner says otherwise");
    app.stop().await;

    let player = |flags| Flags { web_player: Some("https://player.example.org/".to_owned()), ..flags };
    let app = cinema_with(player).await;
    let card = give(&app, ANNA, NewPost::generated("Night & day.mkv", 70_000)).await;
    let given = address(&card, "player.example.org");
    let stream = url::Url::parse(&given).expect("an address");
    let stream = stream.query_pairs().find(|(name, _)| name == "stream").expect("a stream").1.into_owned();
    assert!(given.starts_with("https://player.example.org/?stream=http"), "{given}");
    assert_eq!(app.get(&stream).await.bytes().await.expect("all").len(), 70_000, "what it gets plays");
    let page = app.get(&link(&card)).await.text().await.expect("a page");
    assert!(page.contains(&given.replace('&', "&#38;")), "the same on the page: {page}");
    let paper = give(&app, ANNA, NewPost::generated("Paper.pdf", 70_000)).await;
    assert!(!labels(&paper).iter().any(|label| label.contains("player.example.org")), "it plays no paper");

    press_with(&app, ANNA, card.message, "f:1:pass").await;
    let asks = |seen: &Vec<Sent>| seen.iter().any(|sent| sent.text.contains("Which password"));
    until("the question", async || seen(&app, ANNA), asks).await;
    let locked = say(&app, ANNA, "open sesame").await;
    assert!(!labels(&locked).iter().any(|label| label.contains("player.example.org")), "it can give no password");
    assert!(!app.get(&link(&locked)).await.text().await.expect("a page").contains("player.example.org"));
    app.stop().await;
}

/// What the bot said in a channel.
async fn said_in(app: &TestApp, chat: i64, before: usize) -> Sent {
    let all = async || app.sim.sent().into_iter().filter(|sent| sent.chat == Some(chat)).collect::<Vec<_>>();
    until("an answer in the channel", all, |all: &Vec<Sent>| all.len() > before).await.remove(before)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_of_a_channel_becomes_a_link_there() {
    let app = cinema().await;
    let first = app.post(film(NIGHT, 1 << 20)).message;
    app.post(NewPost::text("words between"));
    app.post(NewPost::generated("Paper.pdf", 70_000));
    let call = |text: &str, reply_to, author| NewPost { reply_to, author, ..NewPost::text(text) };
    let called = app.post(call("/link 3", Some(first), None)).message;
    let answer = said_in(&app, CHAT, 0).await;
    assert_eq!((answer.reply_to, answer.to, answer.buttons.len()), (Some(called), 0, 0));
    let lines: Vec<_> = answer.text.lines().collect();
    assert_eq!([lines[0], lines[3]], [NIGHT, "Paper.pdf"], "{}", answer.text);
    assert_eq!(app.get(&format!("{}?save=1", lines[1])).await.bytes().await.expect("all").len(), 1 << 20);
    // Nobody signed it: it is the owner's.
    let owner = app.app.people.owner().await.expect("the owner").id;
    assert_eq!(app.app.store.files().sum(owner).await.expect("asked").files, 2);
    // Asked again, it is the same file.
    app.post(call("/link", Some(first), None));
    assert_eq!(said_in(&app, CHAT, 1).await.text, format!("{}\n{}", lines[0], lines[1]));

    // Where the channel shows who posts, it is theirs.
    let anna = app.app.people.find("Anna").await.expect("Anna").id;
    let signed = app.post(call("/link@cinepost_main_bot", Some(first), Some(ANNA)));
    let theirs = said_in(&app, CHAT, 2).await;
    assert_eq!(theirs.reply_to, Some(signed.message));
    assert!(!theirs.text.contains(lines[1]), "another file, another link");
    assert_eq!(app.app.store.files().sum(anna).await.expect("asked").files, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_in_a_channel_is_told_to_nobody_but_who_posted() {
    let types = |flags: Flags| Flags { files_deny: Some(".pdf".to_owned()), ..flags };
    let app = cinema_with(types).await;
    let paper = app.post(NewPost::generated("Paper.pdf", 70_000)).message;
    let text = app.post(NewPost::text("no file")).message;
    let call = |text: &str, reply_to, author| NewPost { reply_to, author, ..NewPost::text(text) };
    // Bots write to nobody who did not write to them.
    for person in [OWNER, ANNA] {
        say(&app, person, "/help").await;
    }
    let answers = async |person: i64, post: NewPost| {
        let about = format!("https://t.me/c/1500000001/{}\n", app.post(post).message);
        let find = async || seen(&app, person).into_iter().find(|sent| sent.text.starts_with(&about));
        until("a word in private", find, Option::is_some).await.expect("some").text
    };
    assert!(answers(OWNER, call("/link", Some(paper), None)).await.contains("files of this type here: .pdf"));
    assert!(answers(ANNA, call("/link", Some(text), Some(ANNA))).await.contains("There is no file"));
    assert!(answers(ANNA, call("/link x", Some(text), Some(ANNA))).await.contains("/link 5"));
    // Somebody whom nobody knows here, a guest, and what is no command of ours: silence.
    add(&app.app, "Gina", GINA, Role::Guest).await;
    let film = app.post(film(NIGHT, 1 << 20)).message;
    for post in [
        call("/link", Some(film), Some(IVAN)),
        call("/link", Some(film), Some(GINA)),
        call("/start", None, None),
        call("/users", None, None),
        call("/delete 1", None, None),
        call("/link@other_bot", Some(film), None),
        NewPost { forwarded: Some((CHAT, 1)), ..call("/link", Some(film), None) },
    ] {
        app.post(post);
    }
    let last = app.post(call("/link", Some(film), None)).message;
    assert_eq!(said_in(&app, CHAT, 0).await.reply_to, Some(last), "nothing was said before");
    let said = |person: i64| app.sim.sent().iter().filter(|sent| sent.to == person).count();
    assert_eq!([said(IVAN), said(GINA)], [0, 0]);
    app.sim.set_protected(CHAT, true).expect("there");
    let other = app.post(NewPost::generated("Other.mkv", 70_000)).message;
    assert!(answers(OWNER, call("/link", Some(other), None)).await.contains("does not allow it to be copied"));
    app.stop().await;
}
