//! Names of every class and what they must become. The titles are ours; the shapes are the world's.
//!
//! An identity is written `Title (year) s1 e2-4 #34 @2018-06-22`; numbers with `#` are absolute.

mod adverts;
mod ahead_and_beside;
mod anime;
mod captions;
mod counting;
mod documented;
mod extras;
mod fields;
mod figures;
mod films;
mod folders;
mod habits;
mod passes;
mod places;
mod properties;
mod readings;
mod scripts;
mod series;
mod specials;
mod technical;
mod version;

use super::{Input, Release, parse};

fn read(name: &str) -> Release {
    parse(&Input { name, caption: "", folder: "" })
}

/// `1-3,7`
fn list(numbers: &[u16]) -> String {
    let mut out = String::new();
    let mut i = 0;
    while i < numbers.len() {
        let mut end = i;
        while end + 1 < numbers.len() && numbers[end + 1] == numbers[end] + 1 {
            end += 1;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out += &numbers[i].to_string();
        if end > i {
            out += &format!("-{}", numbers[end]);
        }
        i = end + 1;
    }
    out
}

fn identity(release: &Release) -> String {
    let mut out = release.title.clone();
    if let Some(year) = release.year {
        out += &format!(" ({year})");
    }
    if !release.seasons.is_empty() {
        out += &format!(" s{}", list(&release.seasons));
    }
    if !release.episodes.is_empty() {
        out += &format!(" e{}", list(&release.episodes));
    }
    match release.absolute.as_slice() {
        [] => {}
        [one] => out += &format!(" #{one}"),
        [first, .., last] => out += &format!(" #{first}-{last}"),
    }
    if let Some(date) = &release.date {
        out += &format!(" @{date}");
    }
    out
}

/// All rows are checked before the test fails, so one run shows every broken class.
fn check(rows: &[(&str, &str)], say: impl Fn(&str) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(name, want)| (name, want, say(name)))
        .filter(|(_, want, got)| *want != got)
        .map(|(name, want, got)| format!("{name}\n  want {want}\n  got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Rows of names and their identities; each holds in other cases, with other endings and written out, too.
fn identities(rows: &[(&str, &str)]) {
    check(rows, |name| identity(&read(name)));
    let said: Vec<(&str, Release)> = rows.iter().map(|(name, _)| (*name, read(name))).collect();
    properties::endings_change_nothing(&said);
    properties::case_changes_nothing(&said);
    properties::written_out_it_reads_as_itself(&said);
}
