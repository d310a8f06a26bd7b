//! Absolute URLs: the core drops a row, a stream or a link with a relative one.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::{Host, Url};

/// What JavaScript's `encodeURIComponent` leaves alone, so that clients and we write the same text.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// `encodeURIComponent`.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// An `http`, `https` or `stremio` URL that the core's own parser accepts.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct AbsoluteUrl(String);

impl AbsoluteUrl {
    /// Reads an `http` or `https` URL with a host. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        // The parser itself refuses http and https URLs without a host.
        matches!(url.scheme(), "http" | "https").then(|| Self(url.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// Whether it leads to the machine that opens it: nobody else's.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.to_canonical().is_loopback() || address.is_unspecified(),
            None => false,
        })
    }

    /// An address under this one; `path` begins with a slash and is percent-encoded already.
    pub fn at(&self, path: &str) -> Self {
        let end = self.0.find(['?', '#']).unwrap_or(self.0.len());
        Self(format!("{}{path}", self.0[..end].trim_end_matches('/')))
    }

    /// This URL with path parts put behind it, each percent-encoded; what it had as query is cut off.
    pub fn join<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Self {
        let end = self.0.find(['?', '#']).unwrap_or(self.0.len());
        let mut text = self.0[..end].trim_end_matches('/').to_owned();
        for part in parts {
            text.push('/');
            text.push_str(&match part {
                // The only parts that a parser would resolve away even in their encoded form; no name of ours is one.
                "." | ".." => "_".to_owned(),
                part => encode(part),
            });
        }
        Self(text)
    }

    /// With one pair of a query behind it; for an address that has none yet.
    pub fn with_query(&self, key: &str, value: &str) -> Self {
        Self(format!("{}?{key}={}", self.0, encode(value)))
    }

    /// With its scheme replaced by `stremio`: what opens Stremio's install dialog. Stremio turns it into `https`.
    pub fn to_stremio(&self) -> Self {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        Self(format!("stremio://{rest}"))
    }

    /// Stremio's own page of a catalog, narrowed to a genre.
    pub fn discover(manifest: &Self, kind: &str, catalog: &str, genre: &str) -> Self {
        let (manifest, genre) = (encode(&manifest.0), encode(genre));
        Self(format!("stremio:///discover/{manifest}/{kind}/{catalog}?genre={genre}"))
    }

    /// Stremio's search for a name.
    pub fn search(text: &str) -> Self {
        Self(format!("stremio:///search?search={}", encode(text)))
    }

    /// Stremio's page of a title or file.
    pub fn detail(kind: &str, id: &str) -> Self {
        Self(format!("stremio:///detail/{kind}/{}", encode(id)))
    }
}

impl fmt::Display for AbsoluteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AbsoluteUrl {
    /// Without the path: it may hold a token or a sealed link, and logs never do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.match_indices('/').nth(2).map_or(self.0.len(), |(at, _)| at);
        write!(f, "{}/…", &self.0[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_are_told_from_others() {
        let cases = [
            ("http://127.0.0.1:8080", true),
            ("http://127.8.8.8", true),
            ("http://localhost:8080/films", true),
            ("http://films.localhost", true),
            ("http://[::1]:8080", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://0.0.0.0:8080", true),
            ("https://films.example.org", false),
            ("https://localhost.example.org", false),
            ("http://192.168.1.2:8080", false),
            ("http://[2001:db8::1]", false),
        ];
        for (text, wanted) in cases {
            assert_eq!(AbsoluteUrl::parse(text).expect("a URL").is_loopback(), wanted, "{text}");
        }
    }

    #[test]
    fn only_urls_that_the_core_takes_can_be_made() {
        let cases = [
            ("https://image.example/t/p/w342/a.jpg", Some("https://image.example/t/p/w342/a.jpg")),
            ("http://127.0.0.1:7000", Some("http://127.0.0.1:7000/")),
            ("https://example.org/a b/é", Some("https://example.org/a%20b/%C3%A9")),
            ("/w342/a.jpg", None),
            ("//image.example/a.jpg", None),
            ("image.example/a.jpg", None),
            ("https://", None),
            ("ftp://example.org/a", None),
            ("javascript:alert(1)", None),
            ("data:image/png;base64,AA", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(AbsoluteUrl::parse(text).as_ref().map(AbsoluteUrl::as_str), wanted, "{text}");
        }
    }

    #[test]
    fn addresses_of_this_machine_alone_are_told_from_others() {
        let cases = [
            ("http://127.0.0.1:8080/stremio/T/manifest.json", true),
            ("http://127.1.2.3", true),
            ("http://localhost:7000", true),
            ("http://films.localhost", true),
            ("http://[::1]:8080", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://0.0.0.0:8080", true),
            ("http://192.168.1.20:8080", false),
            ("https://films.example.org/127.0.0.1", false),
            ("https://localhost.example.org", false),
        ];
        for (text, wanted) in cases {
            assert_eq!(AbsoluteUrl::parse(text).expect("absolute").is_loopback(), wanted, "{text}");
        }
    }

    #[test]
    fn parts_are_encoded_and_stay_one_part_each() {
        let cases = [
            ("http://127.0.0.1:7000", "a b.mkv", "http://127.0.0.1:7000/dl/a%20b.mkv"),
            (
                "https://example.org/cinema/",
                "50% [é] #1?/x.mkv",
                "https://example.org/cinema/dl/50%25%20%5B%C3%A9%5D%20%231%3F%2Fx.mkv",
            ),
            ("https://example.org/?a=b", "..", "https://example.org/dl/_"),
        ];
        for (base, part, wanted) in cases {
            let url = AbsoluteUrl::parse(base).expect("a base").join(["dl", part]);
            assert_eq!(url.as_str(), wanted);
            assert_eq!(AbsoluteUrl::parse(wanted).as_ref(), Some(&url), "stays the same when parsed again");
        }
    }

    #[test]
    fn stremio_urls_are_what_its_apps_open() {
        let manifest = AbsoluteUrl::parse("https://example.org/stremio/T/manifest.json").expect("absolute");
        assert_eq!(manifest.to_stremio().as_str(), "stremio://example.org/stremio/T/manifest.json");
        assert_eq!(
            AbsoluteUrl::discover(&manifest, "series", "newest", "Sci-Fi & Fantasy").as_str(),
            "stremio:///discover/https%3A%2F%2Fexample.org%2Fstremio%2FT%2Fmanifest.json/series/newest?genre=Sci-Fi%20%26%20Fantasy"
        );
        assert_eq!(format!("{manifest:?}"), "https://example.org/…", "no token in logs");
    }
}
