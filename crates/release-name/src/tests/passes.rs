//! Each pass takes what its examples say, and nothing of it is taken without the pass.

use crate::draft::Draft;
use crate::evidence::evidence_of;
use crate::passes::{PASSES, word_passes};

/// The fields and words that are taken from a line by so many passes.
fn taken(line: &str, passes: usize) -> Vec<(&'static str, String)> {
    let mut draft = Draft::new(line);
    draft.pass(&PASSES[..passes]);
    evidence_of(&draft).into_iter().map(|found| (found.field, line[found.span].to_owned())).collect()
}

#[test]
fn each_pass_takes_its_examples() {
    let mut wrong = Vec::new();
    for (n, pass) in PASSES.iter().enumerate() {
        assert!(!pass.examples.is_empty() && !pass.looks_at.is_empty(), "{} has no example", pass.name);
        for example in pass.examples {
            let wanted = (example.says, example.takes.to_owned());
            let (before, after) = (taken(example.line, n), taken(example.line, n + 1));
            let fate = match (before.contains(&wanted), after.contains(&wanted)) {
                (false, true) => continue,
                (true, _) => "is taken without it",
                (false, false) => "is not taken",
            };
            wrong.push(format!("{}: {} of {} {fate}: {after:?}", pass.name, example.takes, example.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The parts of a draft that passes fill, as text.
fn parts(draft: &Draft<'_>) -> Vec<(&'static str, String)> {
    let Draft { site, forced, sdh, date, version, numbering, year, start, title, best, others, .. } = draft;
    let Draft { episode_title, title_part, group, .. } = draft;
    vec![
        ("site", format!("{site:?}")),
        ("forced", format!("{forced:?}")),
        ("sdh", format!("{sdh:?}")),
        ("date", format!("{date:?}")),
        ("version", format!("{version:?}")),
        ("numbering", format!("{numbering:?}")),
        ("year", format!("{year:?}")),
        ("start", format!("{start:?}")),
        ("title", format!("{title:?}")),
        ("best", format!("{best:?}")),
        ("others", format!("{others:?}")),
        ("episode_title", format!("{episode_title:?}")),
        ("title_part", format!("{title_part:?}")),
        ("group", format!("{group:?}")),
    ]
}

#[test]
fn each_pass_fills_what_it_says_and_nothing_else() {
    let mut filled = vec![Vec::new(); PASSES.len()];
    for line in PASSES.iter().flat_map(|pass| pass.examples).map(|example| example.line) {
        let mut draft = Draft::new(line);
        for (n, pass) in PASSES.iter().enumerate() {
            let before = parts(&draft);
            draft.pass(&PASSES[n..=n]);
            let after = parts(&draft);
            let changed = before.into_iter().zip(after).filter(|(before, after)| before != after);
            for ((part, _), _) in changed {
                assert!(pass.fills.contains(&part), "{} fills {part} of {line}", pass.name);
                filled[n].push(part);
            }
        }
    }
    for (pass, filled) in PASSES.iter().zip(filled) {
        let never: Vec<_> = pass.fills.iter().filter(|part| !filled.contains(part)).collect();
        assert!(never.is_empty(), "{} fills {never:?} in no example", pass.name);
    }
}

#[test]
fn passes_have_names_of_their_own() {
    for (n, pass) in PASSES.iter().enumerate() {
        assert!(PASSES[..n].iter().all(|other| other.name != pass.name), "{} stands twice", pass.name);
    }
    assert_eq!(
        word_passes().iter().map(|pass| pass.name).collect::<Vec<_>>(),
        ["words", "bare resolution", "neighbours"]
    );
}

/// The list in the crate's documentation is the list.
#[test]
fn the_book_names_the_passes_in_their_order() {
    let book = include_str!("../../README.md");
    let mut from = 0;
    for pass in PASSES {
        let row = format!("| {} |", pass.name);
        let at = book[from..]
            .find(&row)
            .unwrap_or_else(|| panic!("{} is not in the README, or in another place", pass.name));
        from += at;
    }
}
