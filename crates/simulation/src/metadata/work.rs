//! What the simulated provider knows about a film or series: more than the product asks for, as with the real one.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Film or series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A film.
    Movie,
    /// A series.
    Series,
}

impl Kind {
    /// As Cinemeta calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Series => "series",
        }
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Movie, Self::Series].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// `tt` and at least seven digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImdbId(u32);

impl FromStr for ImdbId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix("tt").filter(|digits| digits.len() >= 7).ok_or(())?;
        digits.parse().map(Self).map_err(|_| ())
    }
}

impl fmt::Display for ImdbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tt{:07}", self.0)
    }
}

impl Serialize for ImdbId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A film or a series as both providers tell it.
#[derive(Clone, Debug)]
pub struct Work {
    /// Which of the two.
    pub kind: Kind,
    /// IMDb's id, where it has one.
    pub imdb: Option<ImdbId>,
    /// Films and series are numbered apart.
    pub tmdb: u64,
    /// In English.
    pub name: String,
    /// In the language of its country; the name when not given.
    pub original_name: Option<String>,
    /// ISO 639-1.
    pub original_language: &'static str,
    /// Country (ISO 3166-1) and the name it ran under there.
    pub other_names: Vec<(&'static str, String)>,
    /// Language (ISO 639-1) and the translated name.
    pub translations: Vec<(&'static str, String)>,
    /// `YYYY-MM-DD`.
    pub released: String,
    /// Of a series that has ended, the day of its last episode.
    pub ended: Option<String>,
    /// In English.
    pub plot: String,
    /// TMDB's words; others are left out of its answers.
    pub genres: Vec<String>,
    /// TMDB's, 0 to 10.
    pub rating: f64,
    /// How many people voted.
    pub votes: u32,
    /// Of a film, or of an episode.
    pub runtime_mins: u16,
    /// Name and role.
    pub cast: Vec<(String, String)>,
    /// Their names.
    pub directors: Vec<String>,
    /// Code and name.
    pub country: (&'static str, &'static str),
    /// In season and number order. Empty for films.
    pub episodes: Vec<Episode>,
    /// Other orders of the episodes, which people made beside the seasons.
    pub orders: Vec<Order>,
    /// Of a film, what it is a part of.
    pub collection: Option<Collection>,
    /// Of a series, its number at TheTVDB.
    pub tvdb: Option<u32>,
}

/// TMDB's collection: films that belong together.
#[derive(Clone, Debug)]
pub struct Collection {
    /// TMDB numbers them apart from films.
    pub id: u32,
    /// In English.
    pub name: String,
    /// The film whose pictures it has here, by its number.
    pub pictures_of: u64,
}

/// TMDB's episode group: all episodes once more, in groups of its own.
#[derive(Clone, Debug)]
pub struct Order {
    /// Of any letters and digits; TMDB's are 24 hexadecimal digits.
    pub id: String,
    /// As somebody called it.
    pub name: String,
    /// 1 original air date, 2 absolute, 3 DVD, 4 digital, 5 story arc, 6 production, 7 TV.
    pub sort: u8,
    /// In their order.
    pub groups: Vec<OrderGroup>,
}

/// One season of an [`Order`].
#[derive(Clone, Debug)]
pub struct OrderGroup {
    /// `Season 2`, `Specials`.
    pub name: String,
    /// 0 is for specials, by convention.
    pub order: u16,
    /// Season and number of each, in the order's own order.
    pub episodes: Vec<(u16, u16)>,
}

/// An episode of a series.
#[derive(Clone, Debug)]
pub struct Episode {
    /// 0 are specials.
    pub season: u16,
    /// From 1 in each season.
    pub number: u16,
    /// Its title.
    pub name: String,
    /// In English.
    pub plot: String,
    /// `YYYY-MM-DD`, or empty.
    pub aired: String,
}

impl Work {
    /// Of the first release.
    pub fn year(&self) -> Option<u16> {
        self.released.get(..4)?.parse().ok()
    }

    /// TMDB's popularity is what people look at just now: it goes with the votes only roughly, so that a film may be three
    /// times as popular as a better known one. Here the difference comes of the id. Its spread is 0.6 to some hundreds.
    pub fn popularity(&self) -> f64 {
        let luck = self.tmdb.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let luck = 0.5 + 1.5 * (luck as f64 / f64::from(u32::MAX));
        (f64::from(self.votes).sqrt().max(0.6) * luck * 1000.0).round() / 1000.0
    }

    /// IMDb's voters are others, so their number is another: nothing takes the one for the other without a test seeing it.
    pub fn imdb_rating(&self) -> Option<f64> {
        (self.rating > 0.0).then(|| (self.rating - 0.3).max(1.0))
    }

    /// The name in a language such as `de` or `de-DE`, else the English one.
    pub fn name_in(&self, language: &str) -> &str {
        let tongue = language.split('-').next().unwrap_or_default();
        self.translations.iter().find(|(t, _)| *t == tongue).map_or(&self.name, |(_, name)| name)
    }

    /// The original name, or else the name.
    pub fn original_name(&self) -> &str {
        self.original_name.as_deref().unwrap_or(&self.name)
    }

    /// Every name that a search looks into.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.other_names.iter().chain(&self.translations).map(|(_, name)| name.as_str());
        std::iter::once(self.name.as_str()).chain(self.original_name.as_deref()).chain(others)
    }

    /// Season numbers in order, each once.
    pub fn seasons(&self) -> Vec<u16> {
        let mut seasons: Vec<u16> = self.episodes.iter().map(|e| e.season).collect();
        seasons.sort_unstable();
        seasons.dedup();
        seasons
    }
}
