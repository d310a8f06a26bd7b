//! `cinepost person`: what each command does and says, and what it says to what cannot be done.

use serde_json::Value;

use crate::support::TestApp;

/// Runs `cinepost person` with these words.
fn person(app: &TestApp, words: &str) -> (bool, String) {
    let args: Vec<&str> = std::iter::once("person").chain(words.split(' ')).collect();
    app.command(&args, &[("BASE_URL", "https://cine.example")])
}

/// The same, which must work.
fn done(app: &TestApp, words: &str) -> String {
    let (ok, text) = person(app, words);
    assert!(ok, "person {words}: {text}");
    text
}

fn list(app: &TestApp, words: &str) -> Vec<Value> {
    serde_json::from_str(&done(app, &format!("list {words} --json").replace("  ", " "))).expect("a list in JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_changed_shown_and_taken_off() {
    let app = TestApp::start().await;
    let text = done(&app, "add Anna Maria --role guest --telegram-id 900002 --expires 2099-12-31 --language pt-BR");
    assert!(text.contains("https://cine.example/stremio/"), "{text}");
    let anna = list(&app, "anna").remove(0);
    for (field, wanted) in [
        ("name", Value::from("Anna Maria")),
        ("role", "guest".into()),
        ("standing", "active".into()),
        ("language", "pt-br".into()),
        ("expires", 4_102_444_799_i64.into()),
        ("last_active", 0.into()),
    ] {
        assert_eq!(anna[field], wanted, "{field}");
    }
    assert_eq!(anna["telegram"]["id"], 900_002);
    let steps = [
        ("role admin @nobody", "nobody here is called @nobody", "active"),
        ("role admin 900002", "Anna Maria is an admin now", "active"),
        ("channels anna maria --only -1001500000001", "sees what is in -1001500000001, and nothing else", "active"),
        ("channels anna maria --all", "sees every channel", "active"),
        ("expire never Anna Maria", "does not end by itself", "active"),
        ("disable anna maria --until 2d --reason holidays", "this access is paused until", "disabled"),
        ("enable anna maria", "may watch again", "active"),
        ("ban Anna Maria", "ended for good", "banned"),
        ("sign-in Anna Maria", "cannot be let in: this access was taken away", "banned"),
        ("unban Anna Maria", "may watch again", "active"),
        ("sign-in Anna Maria", "https://cine.example/owner/enter/", "active"),
        ("rename Anna Maria --to Anne", "is called Anne now", "active"),
        ("renew anne", "Every link of Anne made before has ended", "active"),
    ];
    for (words, says, standing) in steps {
        let (_, text) = person(&app, words);
        assert!(text.contains(says), "{words}: {text}");
        assert_eq!(list(&app, "")[1]["standing"], standing, "{words}");
    }
    let table = done(&app, "list");
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("NAME   ROLE   STANDING  TELEGRAM  JOINED"), "{table}");
    assert!(lines[1].starts_with("Owner  owner  active"), "{table}");
    assert!(lines[2].starts_with("Anne   admin  active    900002"), "{table}");
    assert!(done(&app, "show anne").contains("Telegram         900002"));
    done(&app, "remove Anne");
    assert_eq!(list(&app, "").len(), 1);
    let log = done(&app, "log --limit 3");
    let acts: Vec<&str> = log.lines().filter_map(|line| line.split("terminal  ").nth(1)).collect();
    assert_eq!(acts, ["person.remove person 2", "person.renew person 2", "person.rename person 2: Anne"], "{log}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_are_made_shown_and_taken_back() {
    let app = TestApp::start().await;
    let text = done(&app, "invite --role guest --uses 3 --expires 2d");
    let link = text.split_whitespace().find(|word| word.starts_with("https://t.me/")).expect("a link");
    let (bot, secret) =
        link.strip_prefix("https://t.me/").and_then(|l| l.split_once("?start=join_")).expect("its form");
    assert!(!bot.is_empty() && secret.len() > 40, "{link}");
    let listed = done(&app, "invitations");
    assert!(listed.contains("guest   uses left: 3") && !listed.contains(secret), "{listed}");
    let id = listed.split(' ').next().expect("an id").to_owned();
    done(&app, "add Anna");
    assert!(done(&app, "invite --for Anna").contains("as member (uses: 1)"));
    assert!(done(&app, "invitations").contains(", for Anna"));
    done(&app, &format!("uninvite {id}"));
    assert!(!done(&app, "invitations").contains(&id));
    let (ok, again) = person(&app, &format!("uninvite {id}"));
    assert!(!ok && again.contains("cinepost person invitations"), "{again}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_with_what_can() {
    let app = TestApp::start().await;
    done(&app, "add Anna --telegram-id 900002");
    let cases = [
        ("add Anna", "somebody is called Anna already; choose another name"),
        ("add Bert --telegram-id 900002", "900002 is Anna's already"),
        ("add Bert --telegram-id anna", "invalid value"),
        ("add Bert --role root", "it should be admin, member or guest"),
        ("add Bert --role owner", "there is one owner"),
        ("add Bert --expires tomorrow", "it should look like 12h, 30d, 2w, 2027-01-31 or never"),
        ("add Bert --expires 2020-01-01", "2020-01-01 is over already"),
        ("add Bert --language english", "it should look like en, de or pt-br"),
        ("invite --expires never", "an invitation ends"),
        ("invite --uses 0", "1..=10000"),
        ("invite --role admin --for Anna", "cannot be used with"),
        ("role owner Anna", "there is one owner"),
        ("role guest Owner", "the owner cannot be"),
        ("disable Owner", "the owner cannot be"),
        ("ban Owner", "the owner cannot be"),
        ("expire 1d Owner", "the owner cannot be"),
        ("channels Owner --all", "the owner cannot be"),
        ("channels Anna", "--only"),
        ("channels Anna --only 1500000001", "the -100 before it is missing"),
        ("enable Anna", "Anna is neither paused nor banned"),
        ("approve Anna", "Anna does not wait for approval"),
        ("decline Anna", "Anna does not wait for approval"),
        ("rename Anna --to Owner", "somebody is called Owner already"),
        ("log Bert", "nobody here is called Bert"),
    ];
    for (words, wanted) in cases {
        let (ok, text) = person(&app, words);
        assert!(!ok && text.contains(wanted), "person {words}: {text}");
    }
    assert_eq!(list(&app, "").len(), 2, "nothing happened");
    app.stop().await;
}
