//! Architecture as a failing test: what each file of `src/` names is held against the [`table`] of floors.

mod source;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use source::Source;
use table::{EXCEPTIONS, Exception, HEAVY, Heavy, ROOMS, Room};

/// The rules that a tree is held against.
struct Rules {
    rooms: &'static [Room],
    heavy: &'static [Heavy],
    exceptions: &'static [Exception],
}

const RULES: Rules = Rules { rooms: ROOMS, heavy: HEAVY, exceptions: EXCEPTIONS };

/// The files of a crate by their modules: `["adapters", "store"]` is `src/adapters/store/mod.rs`, `[]` is `src/lib.rs`.
type Tree = BTreeMap<Vec<String>, Source>;

#[test]
fn imports_point_down() {
    let tree = read_tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(tree.len() > 100, "only {} modules were found", tree.len());
    let problems = check(&tree, &RULES);
    assert!(problems.is_empty(), "{} breaches:\n{}", problems.len(), problems.join("\n"));
}

fn read_tree(src: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(src).expect("inside").with_extension("");
                let mut module: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                module.pop_if(|last| last == "mod" || last == "lib");
                tree.insert(module, source::read(&std::fs::read_to_string(path).expect("text")));
            }
        }
    }
    tree
}

/// What breaks the rules, one line each: where, what, and what would be right.
fn check(tree: &Tree, rules: &Rules) -> Vec<String> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (module, source) in tree.iter().filter(|(module, _)| !is_for_tests(tree, module)) {
        let Some(own) = room_of(module, rules) else {
            if !is_folder_of_rooms(module, rules) {
                problems.push(format!("{}: no rule says what it may name", module.join("::")));
            }
            continue;
        };
        for named in &source.named {
            let around: Vec<_> = module.iter().chain(&named.inside).cloned().collect();
            let target = resolve(tree, &around, &named.segments);
            let Some(problem) = breach(&own, &target, rules) else { continue };
            match rules.exceptions.iter().position(|exception| covers(exception, module, &target)) {
                Some(exception) => _ = used.insert(exception),
                None => problems.push(format!("{}, line {}: {problem}", module.join("::"), named.line)),
            }
        }
    }
    for (n, exception) in rules.exceptions.iter().enumerate().filter(|(n, _)| !used.contains(n)) {
        let Exception { from, to, reason } = exception;
        problems.push(format!("exception {n} is not needed any more, remove it: {from} -> {to} ({reason})"));
    }
    problems
}

/// What a path names, seen from the crate's root.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Ours(Vec<String>),
    /// Another crate, or something that was imported: the path as written.
    Other(Vec<String>),
}

fn resolve(tree: &Tree, around: &[String], segments: &[String]) -> Target {
    let mut base = around.to_vec();
    let mut rest = segments;
    loop {
        match rest.first().map(String::as_str) {
            Some("crate" | "cinepost") if rest.len() == segments.len() => base.clear(),
            Some("self") if rest.len() == segments.len() => {}
            Some("super") => _ = base.pop(),
            // `mod x;` and then `x::y`, without `self::`.
            Some(first) if rest.len() == segments.len() => {
                let child = [around, &[first.to_owned()]].concat();
                if !tree.contains_key(&child) {
                    return Target::Other(segments.to_vec());
                }
                return Target::Ours([around, rest].concat());
            }
            _ => return Target::Ours([base.as_slice(), rest].concat()),
        }
        rest = &rest[1..];
    }
}

/// The room that a module or an item is in, by its name in the table, `*` filled in.
fn room_of(path: &[String], rules: &Rules) -> Option<String> {
    rules.rooms.iter().find_map(|room| match room.name.strip_suffix("::*") {
        Some(folder) => match path {
            [first, second, ..] if first == folder => Some(format!("{first}::{second}")),
            _ => None,
        },
        None => is_within(&path.join("::"), room.name).then(|| room.name.to_owned()),
    })
}

fn is_folder_of_rooms(path: &[String], rules: &Rules) -> bool {
    path.is_empty() || path.len() == 1 && rules.rooms.iter().any(|room| room.name == format!("{}::*", path[0]))
}

fn is_for_tests(tree: &Tree, module: &[String]) -> bool {
    (1..=module.len()).any(|depth| {
        let (last, parent) = module[..depth].split_last().expect("at least one");
        tree.get(parent).is_some_and(|source| source.test_modules.contains(last))
    })
}

/// What is wrong with a room's naming this.
fn breach(own: &str, target: &Target, rules: &Rules) -> Option<String> {
    match target {
        Target::Ours(path) => {
            let shown = path.join("::");
            let is_own = is_within(&shown, own);
            // A whole floor (`use crate::adapters`) is more than any room of it.
            if path.is_empty() || is_own || (room_of(path, rules).is_none() && !is_folder_of_rooms(path, rules)) {
                return None;
            }
            let may_name = rules.rooms.iter().find(|room| {
                room.name == own
                    || room.name.strip_suffix("::*").is_some_and(|f| own.split_once("::").is_some_and(|(o, _)| o == f))
            })?;
            let is_allowed = may_name.may_name.iter().any(|allowed| is_within(&shown, allowed));
            (!is_allowed).then(|| format!("{own} may not name {shown}, only {:?}", may_name.may_name))
        }
        Target::Other(path) => {
            let krate = path.first()?;
            let heavy = rules.heavy.iter().find(|heavy| match heavy.krate.strip_suffix('_') {
                Some(_) => krate.starts_with(heavy.krate),
                None => krate == heavy.krate,
            })?;
            let is_allowed = heavy.rooms.iter().any(|room| is_within(own, room));
            (!is_allowed).then(|| format!("{own} may not name {}, that is for {:?}", path.join("::"), heavy.rooms))
        }
    }
}

/// Whether a path is this one or below it.
fn is_within(path: &str, around: &str) -> bool {
    path.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn covers(exception: &Exception, module: &[String], target: &Target) -> bool {
    let (Target::Ours(path) | Target::Other(path)) = target;
    is_within(&module.join("::"), exception.from) && is_within(&path.join("::"), exception.to)
}

mod broken_on_purpose {
    use super::*;

    /// One file of a crate that has every room, held against the real rules but for these exceptions.
    fn problems(module: &str, text: &str, exceptions: &'static [Exception]) -> Vec<String> {
        let split =
            |path: &str| path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let rooms =
            ["", "adapters", "adapters::store", "adapters::telegram", "domain", "flows", "flows::library", "web"];
        let mut tree: Tree = rooms.iter().map(|room| (split(room), Source::default())).collect();
        tree.insert(split(module), source::read(text));
        check(&tree, &Rules { exceptions, ..RULES })
    }

    #[test]
    fn each_way_of_naming_what_is_above_or_beside_fails() {
        for (module, text) in [
            ("domain::entry", "use crate::flows::library::Library;"),
            ("domain", "fn f() { tokio::spawn(x()); }"),
            ("web::play", "use crate::{domain::link::Link, adapters::{store::Store}};"),
            ("web::play", "use crate::adapters;"),
            ("web::play", "use crate::adapters as outside;"),
            ("web::play", "use super::super::adapters::store;"),
            ("web::play", "fn f() -> crate::adapters::store::Page { todo!() }"),
            ("web", "mod inner { use super::super::adapters::*; }"),
            ("adapters::store::mongo", "use crate::adapters::telegram::Telegram;"),
            ("adapters::store", "use super::{telegram, store::X};"),
            ("flows::library", "use crate::web::State;"),
            ("flows::library", "use crate::flows::chat::Chat;"),
            ("flows::library", "use anyhow::Result;"),
            ("protocols::stremio", "use crate::containers::archive;"),
            ("containers::archive", "#[derive(clap::Parser)] struct A;"),
            ("engines::bytes", "use crate::flows;"),
            ("flows::ingest", "use ::mongodb::Client;"),
            ("flows::ingest", "use grammers_tl_types as tl;"),
            ("bot", "select! { x = crate::adapters::store::read() => x }"),
            ("main", "use cinepost::adapters::store::Store;"),
            ("a_new_module", ""),
        ] {
            assert_eq!(problems(module, text, &[]).len(), 1, "{module}: {text}");
        }
    }

    #[test]
    fn what_points_down_passes() {
        for (module, text) in [
            ("web::play", "use crate::{domain::link::Link, flows::library::{self, Library}, web::State};"),
            ("web::play", "use super::error::Error; pub(super) fn f() {}"),
            ("web::play", "// crate::adapters::store\n#[cfg(test)] mod tests { use crate::adapters::store::Store; }"),
            ("flows::library", "use crate::adapters::store::Store; use super::DatabaseError;"),
            ("adapters::store::mongo", "use super::super::store::Page; use mongodb::Client;"),
            ("app", "use crate::{adapters::{store, telegram}, web}; use actix_web::rt;"),
            ("", "pub mod adapters; pub mod web;"),
            ("flows", "pub mod library; pub use library::Library;"),
            ("protocols::stremio", "use crate::domain::entry::Entry;"),
        ] {
            assert_eq!(problems(module, text, &[]), Vec::<String>::new(), "{module}: {text}");
        }
    }

    #[test]
    fn an_exception_covers_what_it_names_and_fails_when_it_is_not_needed() {
        const ONE: &[Exception] = &[Exception { from: "web", to: "adapters::store", reason: "for this test" }];
        let named = "use crate::adapters::store::Store;";
        assert_eq!(problems("web::play", named, ONE), Vec::<String>::new());
        assert_eq!(problems("bot", named, ONE).len(), 2, "another room, and the exception is not used");
        let dead = problems("web::play", "", ONE);
        assert!(dead.len() == 1 && dead[0].contains("not needed any more"), "{dead:?}");
    }
}
