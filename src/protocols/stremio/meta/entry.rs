//! A file without a title -> row and page, and a row that only says something.

use super::{Meta, MetaHints, MetaPreview};
use crate::domain::entry::{Entry, Status};
use crate::domain::title::Kind;
use crate::protocols::stremio::{ContentId, Install};

/// A file without a title, shown under its own name. How to mend it stands on the owner's page: viewers read only what
/// concerns them, in one sentence, since clients show no line breaks here.
pub fn entry_preview(entry: &Entry, install: &Install) -> MetaPreview {
    MetaPreview {
        id: ContentId::Entry(entry.id).to_string(),
        // Stremio plays what has no episodes as a film.
        kind: Kind::Movie,
        name: entry_name(entry),
        poster: install.no_poster(),
        background: None,
        logo: None,
        description: about_file(&entry.status).to_owned(),
        release_info: entry.release.year.map(|year| year.to_string()),
        released: None,
        runtime: entry.runtime_secs().map(|secs| format!("{} min", secs.div_ceil(60))),
        links: Vec::new(),
        trailers: Vec::new(),
    }
}

fn about_file(status: &Status) -> &'static str {
    match status {
        Status::Pending { .. } => "This file is being looked up. It plays already.",
        Status::Review { .. }
        | Status::Matched { .. }
        | Status::Subtitles { .. }
        | Status::Ignored { .. }
        | Status::Volume => "No film or series was found for this file yet. It plays all the same.",
    }
}

pub fn from_entry(entry: &Entry, install: &Install) -> Meta {
    let preview = entry_preview(entry, install);
    let behavior_hints = MetaHints { default_video_id: Some(preview.id.clone()) };
    Meta { preview, country: None, videos: Vec::new(), behavior_hints }
}

/// A row that says something instead of being a film: why there is nothing else to see.
pub fn notice(id: ContentId, kind: Kind, name: &str, description: &str, install: &Install) -> Meta {
    let id = id.to_string();
    Meta {
        preview: MetaPreview {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            poster: install.no_poster(),
            background: None,
            logo: None,
            description: description.to_owned(),
            release_info: None,
            released: None,
            runtime: None,
            links: Vec::new(),
            trailers: Vec::new(),
        },
        country: None,
        videos: Vec::new(),
        // Also for a series: a page without episodes would have nothing to choose.
        behavior_hints: MetaHints { default_video_id: Some(id) },
    }
}

/// The name of a file that no provider knows: the title read from its name, or the name itself without its extension.
pub fn entry_name(entry: &Entry) -> String {
    if !entry.release.title.trim().is_empty() {
        return entry.release.title.clone();
    }
    match entry.name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => entry.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocols::stremio::samples;

    #[test]
    fn a_file_without_a_title_has_a_page() {
        let meta = from_entry(&samples::unmatched(), &samples::install());
        let id = ContentId::Entry(samples::unmatched().id).to_string();
        assert_eq!(
            serde_json::to_value(&meta).expect("JSON"),
            json!({
                "id": id,
                "type": "movie",
                "name": "VID_20240712_183012",
                "poster": "https://cine.example/assets/no-poster.png",
                "description": "No film or series was found for this file yet. It plays all the same.",
                "runtime": "3 min",
                "links": [],
                "behaviorHints": {"defaultVideoId": id},
            })
        );
    }
}
