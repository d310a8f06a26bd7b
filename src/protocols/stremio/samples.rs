//! Titles and files that the tests of this folder share.

use super::{AbsoluteUrl, Install};
use crate::domain::entry::{Entry, EntryId, Reason, Status};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::DocumentId;
use crate::domain::telegram_id::Dc;
use crate::domain::title::{Episode, Kind, MetaId, Rater, Title, TitleId, TitleIds};
use release_name::Release;

pub fn install() -> Install {
    Install::new(&AbsoluteUrl::parse("https://cine.example").expect("absolute"), "TOKEN")
}

pub fn id(text: &str) -> MetaId {
    text.parse().expect("an id")
}

/// A film of which nothing but name and id is known.
pub fn bare(id: &str) -> Title {
    let ids = match id.parse().expect("an id") {
        MetaId::Imdb(imdb) => TitleIds { imdb: Some(imdb), tmdb: None },
        MetaId::Tmdb(tmdb) => TitleIds { imdb: None, tmdb: Some(tmdb) },
    };
    Title::new(Kind::Movie, ids, "Bare")
}

pub fn film() -> Title {
    Title {
        name: "Night of the Living Dead".into(),
        year: Some(1968),
        released: Some("1968-10-04".into()),
        plot: "The dead walk.".into(),
        genres: vec!["Horror".into()],
        rating: Some(78),
        rated_by: Rater::Imdb,
        runtime_mins: Some(96),
        poster: Some("https://image.example/p/night.jpg".into()),
        background: Some("https://image.example/b/night.jpg".into()),
        cast: vec!["Duane Jones".into()],
        directors: vec!["George A. Romero".into()],
        trailers: vec!["H91BxkBXttE".into()],
        country: Some("US".into()),
        ..bare("tt0063350")
    }
}

pub fn series() -> Title {
    let episode = |season, number, name: &str| Episode {
        season,
        number,
        name: name.into(),
        overview: String::new(),
        aired: None,
        still: None,
    };
    Title {
        kind: Kind::Series,
        name: "A Series".into(),
        year: Some(2011),
        episodes: vec![
            episode(0, 1, "Making of"),
            Episode {
                overview: "It begins.".into(),
                aired: Some("2011-04-17".into()),
                still: Some("https://image.example/s/pilot.jpg".into()),
                ..episode(1, 1, "Pilot")
            },
            Episode { aired: Some("soon".into()), still: Some("/relative.jpg".into()), ..episode(1, 2, " ") },
            episode(1, 3, "Finale"),
            episode(2, 1, "Not here"),
        ],
        ..bare("tt0944947")
    }
}

pub fn matched() -> Entry {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let document = DocumentId(7_000_000_000_001);
    Entry {
        parser: release_name::VERSION,
        release: Release {
            title: "Night of the Living Dead".into(),
            resolution: Some("1080p".into()),
            source: Some("BluRay".into()),
            video_codec: Some("H.264".into()),
            bit_depth: Some(10),
            hdr: words("HDR"),
            audio: words("DTS-HD"),
            channels: words("5.1"),
            languages: words("en fr"),
            subtitles: words("es"),
            edition: words("Criterion"),
            group: Some("GRP".into()),
            ..Release::default()
        },
        duration_secs: Some(5760),
        width: Some(1440),
        height: Some(1080),
        status: Status::Matched { title: TitleId(1), parts: Vec::new(), how: None },
        posted: 1_700_000_000,
        revision: 1,
        ..Entry::of(
            EntryId::from_documents(&[document]),
            VirtualFile::single(Volume { document, dc: Dc(2), size: 3_221_225_472 }),
            "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv",
            "video/x-matroska",
        )
    }
}

pub fn unmatched() -> Entry {
    let document = DocumentId(7_000_000_000_002);
    Entry {
        parser: release_name::VERSION,
        duration_secs: Some(121),
        width: Some(1920),
        height: Some(1080),
        status: Status::Review { reason: Reason::NoTitle },
        posted: 1_700_000_000,
        revision: 1,
        ..Entry::of(
            EntryId::from_documents(&[document]),
            VirtualFile::single(Volume { document, dc: Dc(2), size: 48_000_000 }),
            "VID_20240712_183012.mp4",
            "video/mp4",
        )
    }
}
