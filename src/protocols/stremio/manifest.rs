//! `addon-manifest/manifest.json` and our catalogs -> the manifest that clients install.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::catalogs::{self, Catalog, Shown};
use super::{AbsoluteUrl, language};
use crate::domain::foreign_id::Site;
use crate::domain::list::ListId;
use crate::domain::title::Kind;

const FILE: &str = include_str!("../../../addon-manifest/manifest.json");

const STREAM: &str = "stream";

/// Stremio's limit for a whole manifest.
pub const MAX_BYTES: usize = 8192;

/// What differs from one manifest to the next.
#[derive(Clone, Debug)]
pub struct Offer {
    /// See [`catalogs::years`].
    pub last_year: u16,
    /// The channels to choose from. Those for whose names there is no room are left out, from the end.
    pub channels: Vec<String>,
    /// The lists made by hand to show, each with its name and the kinds that it holds.
    pub lists: Vec<(ListId, String, Vec<Kind>)>,
    pub shown: Shown,
    /// There are collections to show.
    pub collections: bool,
    /// Other sites' ids have streams, too.
    pub other_sites: bool,
}

/// Room for `0.1.0+89abcdef`, and for versions to come.
const VERSION_BYTES: usize = 24;

/// What an addon says about itself. It is the same for everybody, but for the names of the channels that they see.
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
    id: Cow<'static, str>,
    name: Cow<'static, str>,
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
    /// The manifest of the addon at `base`. Its version is the package's, `+`, and a hash of everything else in it: clients notice
    /// every change of content, and no change of anything else.
    pub fn new(base: &AbsoluteUrl, offer: &Offer) -> Self {
        let mut offer = offer.clone();
        let mut manifest = Self::without_version(base, &offer);
        while manifest.to_json().len() + VERSION_BYTES > MAX_BYTES && offer.shrink() {
            manifest = Self::without_version(base, &offer);
        }
        let hash = Sha256::digest(manifest.to_json());
        let short: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
        manifest.version = format!("{}+{short}", env!("CARGO_PKG_VERSION"));
        manifest
    }

    fn without_version(base: &AbsoluteUrl, offer: &Offer) -> Self {
        let mut about: About = serde_json::from_str(FILE).expect("built in, and read by a test");
        if offer.other_sites {
            about.take_other_sites();
        }
        let entries = in_order(offer).into_iter().filter_map(|(kind, catalog)| entry(kind, catalog, offer));
        Self { about, version: String::new(), logo: base.join(["assets", "logo.png"]), catalogs: entries.collect() }
    }

    /// At most [`MAX_BYTES`] with a base URL of up to 256 bytes.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and lists only")
    }
}

impl Offer {
    /// Leaves out what there is least need of: the last channel, then the last list. `false` when nothing is left to leave out.
    fn shrink(&mut self) -> bool {
        self.channels.pop().is_some() || self.lists.pop().is_some()
    }
}

fn in_order(offer: &Offer) -> Vec<(Kind, Catalog)> {
    let lists = offer.lists.iter().flat_map(|(id, _, kinds)| kinds.iter().map(|kind| (*kind, Catalog::List(*id))));
    offer.shown.catalogs(&lists.collect::<Vec<_>>())
}

/// `None` for channels when there is only one to choose, and for collections when there are none.
fn entry(kind: Kind, catalog: Catalog, offer: &Offer) -> Option<CatalogEntry> {
    let plain = |name| Extra { name, is_required: false, options: Vec::new() };
    let required = |name, options| Extra { name, is_required: true, options };
    // `genre` comes first: the web client shows the first extra inline, and phones and TVs show no other.
    let genre =
        || Extra { options: catalogs::genres(kind).iter().map(|&genre| genre.to_owned()).collect(), ..plain("genre") };
    let years = || catalogs::years(kind, offer.last_year).map(|year| year.to_string());
    // In the catalog by year, all of them: there is no room for three lists of years that few films are of.
    let recent = || catalogs::years(kind, offer.last_year).take_while(|year| *year >= catalogs::RECENT_FROM);
    let year = || Extra { options: recent().map(|year| year.to_string()).collect(), ..plain("year") };
    let extra = match catalog {
        Catalog::Newest | Catalog::Rating => vec![genre(), year(), plain("skip"), plain("search")],
        Catalog::Popular => vec![genre(), plain("skip")],
        Catalog::NewEpisodes => vec![plain("skip")],
        Catalog::ByLanguage => {
            let names = language::OFFERED.into_iter().filter_map(language::describe).map(|(_, name)| name.to_owned());
            vec![
                required("genre", std::iter::once(catalogs::ALL_LANGUAGES.to_owned()).chain(names).collect()),
                plain("skip"),
            ]
        }
        Catalog::ByChannel if offer.channels.len() < 2 => return None,
        Catalog::ByChannel => {
            let names = offer.channels.iter().cloned();
            vec![
                required("genre", std::iter::once(catalogs::ALL_CHANNELS.to_owned()).chain(names).collect()),
                plain("skip"),
            ]
        }
        Catalog::ByYear => {
            let options = std::iter::once(catalogs::ALL_YEARS.to_owned()).chain(years()).collect();
            vec![required("genre", options), plain("skip")]
        }
        Catalog::Collections if !offer.collections => return None,
        Catalog::Collections | Catalog::List(_) => vec![plain("skip")],
        Catalog::Unmatched => vec![required("genre", vec![catalogs::ALL_FILES.to_owned()]), plain("skip")],
        Catalog::UnmatchedSearch => vec![required("search", Vec::new()), plain("skip")],
    };
    let name = match catalog {
        Catalog::List(id) => {
            let (_, name, _) = offer.lists.iter().find(|(known, ..)| *known == id)?;
            Cow::Owned(format!("Cinepost · {name}"))
        }
        _ => Cow::Borrowed(catalog.name()),
    };
    Some(CatalogEntry { kind, id: catalog.id(), name, extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(other_sites: bool) -> Offer {
        let channels = (1..=40).map(|n| format!("A channel with a long name, number {n}")).collect();
        let lists = vec![
            (ListId(7), "Autumn “evenings”".to_owned(), vec![Kind::Movie, Kind::Series]),
            (ListId(9), "For Anna".to_owned(), vec![Kind::Series]),
        ];
        Offer { last_year: 2027, channels, lists, shown: Shown::default(), collections: true, other_sites }
    }

    fn manifest(base: &str) -> (Manifest, serde_json::Value) {
        let manifest = Manifest::new(&AbsoluteUrl::parse(base).expect("absolute"), &offer(false));
        let json = serde_json::from_str(&manifest.to_json()).expect("JSON");
        (manifest, json)
    }

    #[test]
    fn it_fits_into_what_stremio_takes_whatever_the_base_url() {
        let longest = format!("https://{}.example.org/{}", "a".repeat(63), "b".repeat(256 - 84));
        for base in ["http://127.0.0.1:7000", &longest] {
            for other_sites in [false, true] {
                let base = AbsoluteUrl::parse(base).expect("absolute");
                let bytes = Manifest::new(&base, &offer(other_sites)).to_json().len();
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
            let json = Manifest::new(&base, &offer(other_sites)).to_json();
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
                "movie newest genre19 year48 skip0 search0",
                "series newest genre17 year48 skip0 search0",
                "series new-episodes skip0",
                "movie popular genre19 skip0",
                "series popular genre17 skip0",
                "movie rating genre19 year48 skip0 search0",
                "series rating genre17 year48 skip0 search0",
                "movie collections skip0",
                "movie list-7 skip0",
                "series list-7 skip0",
                "series list-9 skip0",
                "movie by-year genre!134 skip0",
                "series by-year genre!93 skip0",
                "movie by-language genre!36 skip0",
                "series by-language genre!36 skip0",
                "movie by-channel genre!6 skip0",
                "series by-channel genre!6 skip0",
                "movie unmatched genre!1 skip0",
                "movie unmatched-search search!0 skip0",
            ]
        );
        assert_eq!(json["catalogs"][0]["extra"][1]["options"][0], "2027", "nothing beyond what it was given");
        let options = &json["catalogs"][11]["extra"][0]["options"];
        assert_eq!((&options[0], &options[1]), (&"All years".into(), &"2027".into()), "what clients open comes first");
        assert_eq!(json["catalogs"][8]["name"], "Cinepost · Autumn “evenings”");
        assert_eq!(json["logo"], "https://a.example/assets/logo.png");
        assert_eq!(json["behaviorHints"]["configurable"], true);
    }
}
