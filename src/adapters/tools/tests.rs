//! Children as they come: well behaved, silent, talkative, endless, and with children of their own.

use std::time::Instant;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::*;

/// Runs a script of the shell with these pieces as its input.
async fn sh(script: &str, pieces: &[&'static [u8]], limit: Duration) -> Result<Ended, Error> {
    let command = CommandLine { program: "sh".to_owned(), arguments: vec!["-c".to_owned(), script.to_owned()] };
    let environment = vec![("FILE_NAME", "a b;\n$x".to_owned())];
    let (sender, input) = mpsc::channel(pieces.len().max(1));
    for piece in pieces {
        sender.send(Bytes::from_static(piece)).await.expect("room");
    }
    drop(sender);
    run(Job { command: &command, environment, limit, memory: None }, input).await
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_a_child_says_and_how_it_ends_is_told() {
    for (script, code, said) in [
        ("exit 0", 0, ""),
        ("echo; echo '  Eicar found '; echo more; exit 1", 1, "Eicar found"),
        ("echo why >&2; exit 2", 2, "why"),
        ("cat", 0, "abcdef"),
        ("printf 'a\\033[2Jb\\342\\200\\256c'", 0, "a [2Jbc"),
        ("printf '\\377\\376'", 0, "\u{fffd}\u{fffd}"),
    ] {
        let ended = sh(script, &[b"abc", b"def"], LONG).await.expect("it ends");
        assert_eq!((ended.code, ended.said.as_str()), (code, said), "{script}");
    }
}

#[tokio::test]
async fn its_environment_holds_what_is_said_and_nothing_else() {
    let ended = sh("printf %s \"$FILE_NAME\" | od -c | head -1; env | cut -d= -f1 | sort >&2", &[], LONG).await;
    let said = ended.expect("it ends").said;
    assert!(said.contains(";  \\n   $   x"), "as it is, and nothing of it was read as a script: {said}");
    // The shell sets some of its own.
    let script = "env | grep -vE '^(PATH|FILE_NAME|PWD|SHLVL|_|OLDPWD|\\$x)(=|$)' | wc -l";
    assert_eq!(sh(script, &[], LONG).await.expect("it ends").said.trim(), "0");
}

#[tokio::test]
async fn a_child_that_reads_nothing_or_talks_without_end_holds_nobody_up() {
    // More than a pipe holds, to somebody who does not read.
    static MUCH: [u8; 1 << 20] = [0; 1 << 20];
    let ended = sh("exit 0", &[&MUCH, &MUCH], LONG).await.expect("it ends");
    assert_eq!(ended.code, 0);
    let talks = sh("head -c 3000000 /dev/zero | tr '\\0' 'x'; exit 1", &[], LONG).await.expect("it ends");
    assert_eq!((talks.code, talks.said.chars().count()), (1, crate::domain::text::WORD));
}

#[tokio::test]
async fn a_child_that_is_ended_or_not_there_is_no_verdict() {
    assert!(matches!(sh("echo oh; kill -9 $$", &[], LONG).await, Err(Error::Killed(said)) if said == "oh"));
    let command = CommandLine { program: "/nowhere/scan".to_owned(), arguments: Vec::new() };
    let job = Job { command: &command, environment: Vec::new(), limit: LONG, memory: None };
    assert!(matches!(run(job, mpsc::channel(1).1).await, Err(Error::NotStarted(_))));
}

/// Whether a process is there, and not only as the record of one that ended.
fn lives(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

fn ids(file: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn whatever_a_child_started_ends_with_it() {
    let file = std::env::temp_dir().join(format!("cinepost-tools-{}", std::process::id()));
    let note = |then: &str| {
        let _ = std::fs::remove_file(&file);
        // Both note their numbers; the grandchild ignores being asked, and would hold the output open for a minute.
        format!("(trap '' TERM; echo $$ >>{0}; exec sleep 61) & echo $! >>{0}; {then}", file.display())
    };
    let gone = async |ids: Vec<String>| {
        assert_eq!(ids.len(), 2, "both were started");
        for _ in 0..500 {
            if !ids.iter().any(|id| lives(id)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("one of {ids:?} goes on");
    };
    let until_both = "while [ $(wc -w <FILE) -lt 2 ]; do sleep 0.01; done".replace("FILE", &file.display().to_string());

    // It ends and leaves a child behind.
    let began = Instant::now();
    let script = note(&format!("{until_both}; echo done; exit 0"));
    assert_eq!(sh(&script, &[], LONG).await.expect("it ends").said, "done");
    gone(ids(&file)).await;

    // Its time is over.
    let script = note("sleep 60");
    let late = sh(&script, &[], Duration::from_secs(1)).await;
    assert!(matches!(late, Err(Error::TooLong(_))), "{late:?}");
    gone(ids(&file)).await;

    // Nobody waits for it any more.
    let script = note("sleep 60");
    let waiting = tokio::spawn(async move { sh(&script, &[], LONG).await });
    while ids(&file).len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    waiting.abort();
    gone(ids(&file)).await;
    assert!(began.elapsed() < Duration::from_secs(50), "none was waited for to its own end");
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn all_that_a_child_writes_is_had_up_to_a_bound() {
    let output = async |script: &str, most| {
        let command = CommandLine { program: "sh".to_owned(), arguments: vec!["-c".to_owned(), script.to_owned()] };
        let job = Job { command: &command, environment: Vec::new(), limit: LONG, memory: None };
        run_for_output(job, mpsc::channel(1).1, most).await
    };
    let (ended, bytes) = output("printf 'a\\000\\377'; echo why >&2; exit 3", 3).await.expect("it ends");
    assert_eq!((ended.code, &bytes[..]), (3, &b"a\0\xff"[..]));
    assert!(matches!(output("printf abcd", 3).await, Err(Error::TooMuch(3))));
    let began = Instant::now();
    assert!(matches!(output("exec yes", 100_000).await, Err(Error::TooMuch(100_000))));
    assert!(began.elapsed() < LONG / 2, "it is ended when it has said too much");
    let (ended, _) = output("printf 'no line'; echo why >&2; exit 3", 100).await.expect("it ends");
    assert_eq!(ended.said, "why", "its output is nothing that it says");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_child_gets_no_more_memory_than_it_may() {
    let arguments = vec!["-c".to_owned(), "sleep 0.3; ulimit -v".to_owned()];
    let command = CommandLine { program: "sh".to_owned(), arguments };
    let job = Job { command: &command, environment: Vec::new(), limit: LONG, memory: Some(512 << 20) };
    assert_eq!(run(job, mpsc::channel(1).1).await.expect("it ends").said, "524288");
}
