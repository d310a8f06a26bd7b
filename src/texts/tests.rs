//! The files of `locales` against each other, and against what the program says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;

use super::*;

/// The id of each text of a file, with the names of its values.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let file = language.file();
    let broken = FluentResource::try_new(file.to_owned()).err().map(|(_, errors)| errors);
    assert!(broken.is_none(), "{language:?}: {broken:?}");
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in file.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((id, _)) = line.split_once(" =")
        {
            current = id.to_owned();
            assert!(texts.insert(current.clone(), BTreeSet::new()).is_none(), "{language:?}: {id} stands there twice");
        }
        for named in line.split('$').skip(1) {
            let name: String = named.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            texts.entry(current.clone()).or_default().insert(name);
        }
    }
    texts
}

/// Ids that stand as `text("...")` in the files of the program that say texts.
fn asked_for() -> BTreeSet<String> {
    fn read(folder: &Path, found: &mut BTreeSet<String>) {
        for file in fs::read_dir(folder).expect("a folder of the program") {
            let path = file.expect("a file").path();
            if path.is_dir() {
                read(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("texts/mod.rs") {
                let code = fs::read_to_string(&path).expect("text");
                if code.contains("crate::texts::") {
                    let pieces: Vec<&str> = code.split("text(\"").collect();
                    // What ends like it, `context("..."`, is another function.
                    let calls = pieces.windows(2).filter(|pair| pair[0].ends_with([' ', '(', '\n']));
                    found.extend(calls.filter_map(|pair| pair[1].split('"').next()).map(str::to_owned));
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn english_has_what_the_program_says_and_nothing_else() {
    let written: BTreeSet<String> = texts(Language::ENGLISH).into_keys().collect();
    let asked = asked_for();
    let missing: Vec<_> = asked.difference(&written).collect();
    let unused: Vec<_> = written.difference(&asked).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:?}, unused: {unused:?}");
}

#[test]
fn other_languages_have_the_same_texts_with_the_same_values() {
    let english = texts(Language::ENGLISH);
    for language in Language::all() {
        let own = texts(language);
        for (id, values) in &own {
            let Some(wanted) = english.get(id) else { panic!("{language:?}: {id} is nowhere in English") };
            assert!(values.is_subset(wanted), "{language:?}: {id} asks for {values:?}, English for {wanted:?}");
        }
        let missing: Vec<_> = english.keys().filter(|id| !own.contains_key(*id)).collect();
        assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
    }
}

#[test]
fn every_text_can_be_said_in_every_language() {
    for language in Language::all() {
        for (id, names) in texts(language) {
            for count in [0u64, 1, 2, 3, 5, 11, 100] {
                let mut values = FluentArgs::new();
                names.iter().for_each(|name| values.set(name.clone(), FluentValue::from(count)));
                assert!(language.say(&id, &values).is_some(), "{language:?}: {id}");
            }
        }
    }
}

#[test]
fn apps_say_their_language_in_many_ways() {
    for (tag, code) in
        [("en", "en"), ("de-AT", "de"), ("pt_BR", "pt"), ("PT-br", "pt"), ("xx", "en"), ("", "en"), ("\u{202e}", "en")]
    {
        assert_eq!(Language::of_tag(tag).code(), code, "{tag:?}");
    }
    assert!(Language::of_tag("ar").is_right_to_left() && !Language::ENGLISH.is_right_to_left());
    assert_eq!(Language::named("xx"), None);
}

#[test]
fn values_are_never_read_as_text_of_ours() {
    let name = "{ $count } \u{2066}<b>";
    let said = text("file-deleted").with("name", name).to_string_in(Language::ENGLISH);
    assert!(said.contains(name), "{said}");
}
