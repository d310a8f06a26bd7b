//! Files and suggestions as lines for people, and as JSON for machines.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::domain::entry::{Entry, Reason, SeriesPart, Status};
use crate::domain::limits::size_text;
use crate::domain::matching::Suggestion;
use crate::domain::post::PostRef;
use crate::domain::review::{Choice, Decided, Numbers, ReviewPage};
use crate::domain::title::Title;
use crate::flows::ingest::review::Shown;

/// A file in the list: its id, its name, why it is there, and the titles that can be chosen.
pub fn of(entry: &Entry, post: Option<PostRef>) -> String {
    let mut text = format!("{}  {}  ({})\n", entry.id, entry.name, size_text(entry.file.len()));
    if let Some(post) = post {
        let _ = writeln!(text, "    {}", post.url());
    }
    if let Some(reason) = entry.status.reason() {
        let _ = writeln!(text, "    {reason}");
    }
    text.push_str(&suggestions(entry));
    text
}

/// Numbered, as `choose` takes them.
pub fn suggestions(entry: &Entry) -> String {
    let mut text = String::new();
    for (number, title) in (1..).zip(listed(entry)) {
        let id = title.meta_id().map(|id| format!("  [{id}]")).unwrap_or_default();
        let _ = writeln!(text, "    {number}  {}{id}", title.with_why());
    }
    text
}

fn listed(entry: &Entry) -> &[Suggestion] {
    entry.status.reason().map(Reason::suggestions).unwrap_or_default()
}

/// How many there are, and how many of them were shown.
pub fn summary(page: &ReviewPage, skip: u32) -> String {
    if page.rows.is_empty() {
        return match page.total {
            0 => "Nothing needs you here.".to_owned(),
            total => format!("There is no more: {total} in all."),
        };
    }
    let from = u64::from(skip) + 1;
    let kinds: Vec<String> = page.kinds.iter().map(|(kind, count)| format!("{count} {}", kind.word())).collect();
    let to = from + page.rows.len() as u64 - 1;
    format!("{from} to {to} of {}. In the whole list: {}", page.total, kinds.join(", "))
}

/// `1 file is`, `3 files are`.
pub fn files_are(files: u64) -> String {
    match files {
        1 => "1 file is".to_owned(),
        _ => format!("{files} files are"),
    }
}

pub fn of_shown(shown: &Shown) -> String {
    let mut text = of(&shown.entry, shown.post);
    if let (Some(title), Status::Matched { parts, how, .. }) = (&shown.title, &shown.entry.status) {
        let parts = parts.iter().map(|part| format!(" {}", part_text(*part))).collect::<String>();
        let how = how.as_ref().map(|how| format!(", {how}")).unwrap_or_default();
        let _ = writeln!(text, "    It is {}{parts}{how}", title_text(title));
    }
    if let Some(choice) = &shown.choice {
        let _ = writeln!(text, "    {}", of_choice(choice));
    }
    text
}

fn of_choice(choice: &Choice) -> String {
    let who = choice.by.map_or_else(|| "Somebody at the terminal".to_owned(), |id| format!("Person {id}"));
    match &choice.what {
        Decided::Ignored => format!("{who} wants it listed nowhere"),
        Decided::Title { title, numbers: Numbers::Said(parts) } => {
            let parts: String = parts.iter().map(|part| format!(" {}", part_text(*part))).collect();
            format!("{who} chose {title}{parts} [{}]", title.id)
        }
        Decided::Title { title, .. } => format!("{who} chose {title} [{}]", title.id),
    }
}

fn title_text(title: &Title) -> String {
    match title.year {
        Some(year) => format!("{} ({year})", title.name),
        None => title.name.clone(),
    }
}

fn part_text(part: SeriesPart) -> String {
    match part {
        SeriesPart::Episode { season, number } => format!("S{season:02}E{number:02}"),
        SeriesPart::Season { season } => format!("season {season}"),
    }
}

pub fn json_of(entry: &Entry, post: Option<PostRef>) -> Value {
    let reason = entry.status.reason();
    let suggestions = (1..).zip(listed(entry)).map(|(number, title)| {
        json!({
            "number": number,
            "kind": title.kind,
            "title": title.title,
            "year": title.year,
            "id": title.meta_id().map(|id| id.to_string()),
            "why": title.why,
            "votes": title.votes,
        })
    });
    json!({
        "id": entry.id,
        "name": entry.name,
        "caption": entry.caption,
        "bytes": entry.file.len(),
        "post": post.map(|post| post.url()),
        "why": reason.map(|reason| reason.kind().word()),
        "reason": reason.map(Reason::to_string),
        "suggestions": suggestions.collect::<Vec<_>>(),
    })
}

pub fn json_of_shown(shown: &Shown) -> Value {
    let mut value = json_of(&shown.entry, shown.post);
    value["title"] = shown.title.as_ref().map_or(Value::Null, |title| {
        json!({ "kind": title.kind, "name": title.name, "year": title.year, "id": title.meta_id().map(|id| id.to_string()) })
    });
    if let Status::Matched { parts, how, .. } = &shown.entry.status {
        value["parts"] = parts.iter().map(|part| part_text(*part)).collect();
        value["how"] = how.as_ref().map(ToString::to_string).into();
    }
    value["choice"] = shown.choice.as_ref().map_or(Value::Null, |choice| of_choice(choice).into());
    value
}
