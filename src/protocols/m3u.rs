//! Playlists that VLC, Kodi and other players open (M3U8: M3U in UTF-8), each item with its name, length, picture and group. Pure; any
//! text gives a playlist.
//!
//! ```text
//! #EXTM3U
//! #PLAYLIST:Films
//! #EXTINF:5760 tvg-id="tt0063350" tvg-logo="https://image.example/p.jpg" group-title="Films",Night of the Living Dead (1968)
//! https://films.example.org/dl/…/Night.mkv
//! ```
//!
//! There is no standard. What is written is what players are known to take: attributes as IPTV has them, no `"` and no `,` in them (VLC ends
//! them at the first comma), and a name that goes to the end of its line. HLS is another format that begins alike; it is told apart
//! by its tags (`#EXT-X-…`), of which none is here.

use std::fmt::{self, Write};

use super::stremio::AbsoluteUrl;
use crate::domain::list::ListId;
use crate::domain::text;
use crate::domain::title::MetaId;

/// What it is sent as. A type of HLS would have some players look for segments.
pub const CONTENT_TYPE: &str = "audio/x-mpegurl; charset=utf-8";

/// What a playlist holds, and its address behind a token: `films.m3u8`, `series/tt0944947.m3u8`, `list/3.m3u8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playlist {
    /// All films.
    Films,
    /// What is here of a series.
    Series(MetaId),
    /// A list made by hand.
    List(ListId),
}

impl Playlist {
    /// Reads an address behind a token, decoded. `None` for any other.
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.strip_suffix(".m3u8").or(path.strip_suffix(".m3u"))?;
        match path.split_once('/') {
            None if path == "films" => Some(Self::Films),
            Some(("series", id)) => id.parse().ok().map(Self::Series),
            Some(("list", id)) => id.parse().ok().map(Self::List),
            _ => None,
        }
    }

    /// The parts of its address.
    pub fn parts(&self) -> Vec<String> {
        match self {
            Self::Films => vec!["films.m3u8".to_owned()],
            Self::Series(id) => vec!["series".to_owned(), format!("{id}.m3u8")],
            Self::List(id) => vec!["list".to_owned(), format!("{id}.m3u8")],
        }
    }
}

/// One file to play.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub name: String,
    pub secs: Option<u32>,
    pub id: Option<MetaId>,
    /// An absolute address.
    pub logo: Option<&'a str>,
    pub group: &'a str,
    pub url: AbsoluteUrl,
}

/// The first lines of a playlist of this name.
pub fn head(name: &str) -> String {
    format!("#EXTM3U\n#PLAYLIST:{}\n", text::line(name, text::NAME))
}

impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // -1 is "not known".
        write!(f, "#EXTINF:{}", self.secs.map_or(-1, i64::from))?;
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        for (key, value) in [("tvg-id", id.as_str()), ("tvg-logo", self.logo.unwrap_or_default())] {
            attribute(f, key, value)?;
        }
        attribute(f, "group-title", self.group)?;
        writeln!(f, ",{}\n{}", text::line(self.name.trim(), text::NAME), self.url)
    }
}

fn attribute(f: &mut fmt::Formatter<'_>, key: &str, value: &str) -> fmt::Result {
    let value = text::line(value.trim(), text::CAPTION);
    if value.is_empty() {
        return Ok(());
    }
    write!(f, " {key}=\"")?;
    let is_address = key == "tvg-logo";
    for letter in value.chars() {
        match letter {
            '"' => f.write_char('\'')?,
            ',' if is_address => f.write_str("%2C")?,
            ',' => f.write_char(';')?,
            letter => f.write_char(letter)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(name: &str, group: &str, logo: &str) -> String {
        let url = AbsoluteUrl::parse("https://films.example.org/dl/A/b%20c.mkv").expect("absolute");
        let id = "tt0063350".parse().ok();
        Item { name: name.to_owned(), secs: Some(5760), id, logo: Some(logo), group, url }.to_string()
    }

    #[test]
    fn an_item_is_two_lines() {
        assert_eq!(head("A\nB"), "#EXTM3U\n#PLAYLIST:A B\n");
        assert_eq!(
            item("Tom, \"Dick\" - Harry", "Crime, \"Inc.\"", "https://image.example/a,b.jpg"),
            "#EXTINF:5760 tvg-id=\"tt0063350\" tvg-logo=\"https://image.example/a%2Cb.jpg\" \
             group-title=\"Crime; 'Inc.'\",Tom, \"Dick\" - Harry\nhttps://films.example.org/dl/A/b%20c.mkv\n"
        );
        let url = AbsoluteUrl::parse("https://films.example.org/x").expect("absolute");
        let bare = Item { name: " ".to_owned(), secs: None, id: None, logo: None, group: "", url };
        assert_eq!(bare.to_string(), "#EXTINF:-1,\nhttps://films.example.org/x\n");
    }

    #[test]
    fn addresses_are_read_back_and_nothing_else_is() {
        let series = |id: &str| Playlist::Series(id.parse().expect("an id"));
        for one in [Playlist::Films, series("tt0944947"), series("tmdb:1399"), Playlist::List(ListId(3))] {
            assert_eq!(Playlist::parse(&one.parts().join("/")), Some(one));
        }
        assert_eq!(Playlist::parse("films.m3u"), Some(Playlist::Films));
        for text in ["", "films", "films.m3u8/x", "series/x.m3u8", "list/+3.m3u8", "list/.m3u8", "series/../films.m3u8"]
        {
            assert_eq!(Playlist::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_place(name in any::<String>(), group in any::<String>(), logo in any::<String>()) {
            let text = item(&name, &group, &logo);
            let lines: Vec<&str> = text.split('\n').collect();
            prop_assert_eq!(lines.len(), 3, "{:?}", text);
            let (attributes, _) = lines[0].split_once(',').expect("a comma");
            prop_assert_eq!(attributes.matches('"').count() % 2, 0, "{:?}", attributes);
            prop_assert!(attributes.starts_with("#EXTINF:5760 tvg-id=\"tt0063350\""));
            prop_assert_eq!(lines[1], "https://films.example.org/dl/A/b%20c.mkv");
            prop_assert!(!text.contains('\r'));
        }
    }
}
