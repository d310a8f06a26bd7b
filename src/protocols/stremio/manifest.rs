//! `addon-manifest/manifest.json` and our catalogs -> the manifest that clients install.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::AbsoluteUrl;
use super::catalogs::{self, Catalog};
use crate::domain::foreign_id::Site;
use crate::domain::title::Kind;

const FILE: &str = include_str!("../../../addon-manifest/manifest.json");

const STREAM: &str = "stream";

/// Stremio's limit for a whole manifest.
pub const MAX_BYTES: usize = 8192;

/// What an addon says about itself. It is the same for everybody.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    #[serde(flatten)]
    about: About,
    version: String,
    logo: AbsoluteUrl,
    catalogs: Vec<CatalogEntry>,
}

/// The part that is written by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    id: String,
    name: String,
    description: String,
    resources: Vec<Resource>,
    types: Vec<Kind>,
    id_prefixes: Vec<String>,
    behavior_hints: BehaviorHints,
}

/// By its name it is for all types and ids of the addon; else it says for which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Resource {
    Named(String),
    #[serde(rename_all = "camelCase")]
    For {
        name: String,
        types: Vec<Kind>,
        id_prefixes: Vec<String>,
    },
}

impl About {
    /// Streams alone: such a title's page is the other addon's.
    fn take_other_sites(&mut self) {
        let sites = Site::ALL.iter().map(|site| format!("{}:", site.word()));
        let id_prefixes: Vec<String> = self.id_prefixes.iter().cloned().chain(sites).collect();
        for resource in &mut self.resources {
            if *resource == Resource::Named(STREAM.to_owned()) {
                let types = self.types.clone();
                *resource = Resource::For { name: STREAM.to_owned(), types, id_prefixes: id_prefixes.clone() };
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BehaviorHints {
    configurable: bool,
    configuration_required: bool,
    adult: bool,
    p2p: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct CatalogEntry {
    #[serde(rename = "type")]
    kind: Kind,
    id: &'static str,
    name: &'static str,
    extra: Vec<Extra>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extra {
    name: &'static str,
    /// A required extra keeps a catalog off the Board.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_required: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
}

impl Manifest {
    /// The manifest of the addon at `base`. `last_year`: see [`catalogs::years`]. Its version is the package's, `+`, and a hash of
    /// everything else in it: clients notice every change of content, and no change of anything else. `other_sites`: it has streams
    /// for their ids, too.
    pub fn new(base: &AbsoluteUrl, last_year: u16, other_sites: bool) -> Self {
        let mut about: About = serde_json::from_str(FILE).expect("built in, and read by a test");
        if other_sites {
            about.take_other_sites();
        }
        let mut manifest = Self {
            about,
            version: String::new(),
            logo: base.join(["assets", "logo.png"]),
            catalogs: Catalog::ALL.into_iter().map(|(kind, catalog)| entry(kind, catalog, last_year)).collect(),
        };
        let hash = Sha256::digest(manifest.to_json());
        let short: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
        manifest.version = format!("{}+{short}", env!("CARGO_PKG_VERSION"));
        manifest
    }

    /// At most [`MAX_BYTES`] with a base URL of up to 256 bytes.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and lists only")
    }
}

fn entry(kind: Kind, catalog: Catalog, last_year: u16) -> CatalogEntry {
    let plain = |name| Extra { name, is_required: false, options: Vec::new() };
    let required = |name, options| Extra { name, is_required: true, options };
    // `genre` comes first: the web client shows the first extra inline, and phones and TVs show no other.
    let genre =
        || Extra { options: catalogs::genres(kind).iter().map(|&genre| genre.to_owned()).collect(), ..plain("genre") };
    let years = || catalogs::years(kind, last_year).map(|year| year.to_string());
    let year = || Extra { options: years().collect(), ..plain("year") };
    let extra = match catalog {
        Catalog::Newest | Catalog::Rating => vec![genre(), year(), plain("skip"), plain("search")],
        Catalog::ByYear => {
            let options = std::iter::once(catalogs::ALL_YEARS.to_owned()).chain(years()).collect();
            vec![required("genre", options), plain("skip")]
        }
        Catalog::Unmatched => vec![required("genre", vec![catalogs::ALL_FILES.to_owned()]), plain("skip")],
        Catalog::UnmatchedSearch => vec![required("search", Vec::new()), plain("skip")],
    };
    CatalogEntry { kind, id: catalog.id(), name: catalog.name(), extra }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(base: &str) -> (Manifest, serde_json::Value) {
        let manifest = Manifest::new(&AbsoluteUrl::parse(base).expect("absolute"), 2027, false);
        let json = serde_json::from_str(&manifest.to_json()).expect("JSON");
        (manifest, json)
    }

    #[test]
    fn it_fits_into_what_stremio_takes_whatever_the_base_url() {
        let longest = format!("https://{}.example.org/{}", "a".repeat(63), "b".repeat(256 - 84));
        for base in ["http://127.0.0.1:7000", &longest] {
            for other_sites in [false, true] {
                let base = AbsoluteUrl::parse(base).expect("absolute");
                let bytes = Manifest::new(&base, 2027, other_sites).to_json().len();
                assert!(bytes <= MAX_BYTES, "{bytes} bytes for {base:?}");
            }
        }
    }

    #[test]
    fn its_version_is_semver_and_follows_the_content() {
        let (here, there) = (manifest("https://a.example").0, manifest("https://b.example").0);
        let (package, hash) = here.version.split_once('+').expect("package version + hash");
        assert_eq!(package, env!("CARGO_PKG_VERSION"));
        assert!(hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
        assert_eq!(here.version, manifest("https://a.example").0.version);
        assert_ne!(here.version, there.version);
    }

    #[test]
    fn streams_are_offered_for_other_sites_ids_only_where_they_are_understood() {
        let base = AbsoluteUrl::parse("https://a.example").expect("absolute");
        let resources = |other_sites| {
            let json = Manifest::new(&base, 2027, other_sites).to_json();
            serde_json::from_str::<serde_json::Value>(&json).expect("JSON")["resources"].clone()
        };
        assert_eq!(resources(false), serde_json::json!(["catalog", "meta", "stream", "subtitles"]));
        let stream = serde_json::json!({
            "name": "stream", "types": ["movie", "series"],
            "idPrefixes": ["tt", "tmdb:", "cinepost:", "anidb:", "anilist:", "kitsu:", "mal:", "tvdb:"],
        });
        assert_eq!(resources(true), serde_json::json!(["catalog", "meta", stream, "subtitles"]));
    }

    #[test]
    fn catalogs_offer_their_filters_genre_first() {
        let (_, json) = manifest("https://a.example");
        let found: Vec<String> = json["catalogs"]
            .as_array()
            .expect("catalogs")
            .iter()
            .map(|c| {
                let extras: Vec<String> = c["extra"]
                    .as_array()
                    .expect("extra")
                    .iter()
                    .map(|e| {
                        let options = e["options"].as_array().map_or(0, Vec::len);
                        let required = if e["isRequired"] == true { "!" } else { "" };
                        format!("{}{required}{options}", e["name"].as_str().expect("a name"))
                    })
                    .collect();
                format!(
                    "{} {} {}",
                    c["type"].as_str().expect("a type"),
                    c["id"].as_str().expect("an id"),
                    extras.join(" ")
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "movie newest genre19 year133 skip0 search0",
                "series newest genre17 year92 skip0 search0",
                "movie rating genre19 year133 skip0 search0",
                "series rating genre17 year92 skip0 search0",
                "movie by-year genre!134 skip0",
                "series by-year genre!93 skip0",
                "movie unmatched genre!1 skip0",
                "movie unmatched-search search!0 skip0",
            ]
        );
        assert_eq!(json["catalogs"][0]["extra"][1]["options"][0], "2027", "nothing beyond what it was given");
        let options = &json["catalogs"][4]["extra"][0]["options"];
        assert_eq!((&options[0], &options[1]), (&"All years".into(), &"2027".into()), "what clients open comes first");
        assert_eq!(json["logo"], "https://a.example/assets/logo.png");
        assert_eq!(json["behaviorHints"]["configurable"], true);
    }
}
