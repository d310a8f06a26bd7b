//! Classes: meanings of words that are no value of a field, such as "says a season" or "is an article".

macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident = $name:literal,)*) => {
        /// What a word means to a pass. The words stand in `words/`, under the class's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Class {
            $($(#[$doc])* $class,)*
        }

        impl Class {
            /// All classes, each at the place of its number.
            pub const ALL: &[Self] = &[$(Self::$class),*];

            /// As the words files write it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$class => $name,)*
                }
            }
        }
    };
}

classes! {
    // counting.txt
    /// A season, before or behind its number.
    Season = "season",
    /// Says a season when it is glued to its number.
    SeasonLetter = "season letter",
    /// A season that is a word of titles too.
    SeasonInTitles = "season in titles",
    /// A season of a series, a part of a film.
    SeasonOrPart = "season or part",
    /// Counts the television seasons of anime.
    TelevisionSeason = "television season",
    /// A folder of specials: season 0.
    SpecialsFolder = "specials folder",
    /// An episode, before or behind its number.
    Episode = "episode",
    /// Counts the number before it only when it is glued to it.
    EpisodeGluedOnly = "episode glued only",
    /// Says an episode behind a season when it is glued to it.
    GluedEpisode = "glued episode behind season",
    /// A letter or two that say an episode.
    ShortEpisode = "short episode",
    /// Never stands behind its number.
    EpisodeAhead = "episode ahead",
    /// Says an episode only behind a season.
    EpisodeBehindSeason = "episode behind season",
    /// Says an episode behind `T2`.
    EpisodeBehindT = "episode behind T",
    /// May be glued to a season's number.
    GluedToSeason = "glued to season",
    /// Season and episode in one number.
    JointNumber = "joint number",
    /// The number says how many there are.
    SoManyEpisodes = "so many episodes",
    /// Says that a dash before it is a range.
    Several = "several",
    /// Between the first and the last of a range.
    Range = "range",
    /// Between an episode's word and its number.
    NumberSign = "number sign",
    /// Glued to a season's number, all of its episodes.
    AllEpisodes = "all episodes",
    /// Between a number and how many there are.
    Of = "of",
    /// The same in brackets of its own: all of them.
    AllOf = "all of",
    /// Between a number and how many there are, behind the word for a series.
    OfBehindSeries = "of behind a series",
    /// The same, where the number has no word of its own.
    OneOf = "one of",
    /// In front of such a number, it counts no episode.
    OfNoEpisode = "of no episode",
    /// Joins episodes.
    EpisodeAnd = "episode and",
    /// Joins seasons.
    SeasonAnd = "season and",
    /// Between the first and the last season, though it is another word elsewhere.
    SeasonTo = "season to",
    /// Joins the last two seasons of a list.
    LastSeasonAnd = "last season and",
    /// Joins the numbers of a caption's value.
    ValueAnd = "value and",
    /// Behind the number of an ordinal.
    OrdinalEnding = "ordinal ending",
    /// Ten, behind a number from one to nine.
    Teen = "teen",
    /// One, before such a ten.
    Eleven = "eleven",
    /// What a number of anime counts when it is no episode.
    Special = "special",
    /// A special that is no other word.
    SureSpecial = "sure special",
    /// A special that its number may stand beside.
    CountedSpecial = "counted special",
    /// A special that shows what is to come.
    PreviewSpecial = "preview special",
    /// A special that is no episode.
    BonusSpecial = "bonus special",
    /// Ahead of an opening or an ending.
    Creditless = "creditless",
    /// The same, as a word of its own.
    SpecialWord = "special word",
    /// A special that is the series itself.
    SeriesSpecial = "series special",
    /// Behind the last episode's number.
    End = "end",
    /// Glued to an episode's number.
    GluedToEpisode = "glued to episode",
    /// Behind a range of seasons with blanks round its dash.
    PackWord = "pack word",
    /// A pack's word behind its range.
    Batch = "batch",
    /// Before the number of a disc of a collection.
    CollectionDisc = "disc of a collection",
    /// Before a number that counts no episode.
    Volume = "volume",
    /// A part of television in parts.
    TelevisionPart = "television part",
    // titles.txt
    /// Behind a comma at the end of a title it belongs in front.
    Article = "article",
    /// A title that begins so does not end in a language.
    OpensPhrase = "opens a phrase",
    /// No title ends with it.
    Hanging = "hanging",
    /// A title that ends in a year of the past.
    EndsInYear = "ends in a year",
    /// A country behind it is the title's.
    AsksForPlace = "asks for a place",
    /// A country that belongs to a film's title.
    PlaceInTitles = "place in titles",
    /// Belongs to the season behind it.
    LeadsSeason = "leads a season",
    /// Belongs to the episode behind it.
    LeadsEpisode = "leads an episode",
    /// A language's code that is a word as well.
    CodeIsWord = "code is a word",
    /// Ends no title, whatever stands before it.
    EndsNoTitle = "ends no title",
    /// Which version of an episode it is, ahead of its number.
    SaysVersion = "says a version",
    /// Belongs to the day behind it.
    BeforeDate = "before a date",
    /// Between two names of one film.
    AlsoKnownAs = "also known as",
    /// The word for a film or a series, ahead of its title.
    Kind = "kind",
    /// Behind such a word: of what kind.
    KindOfKind = "kind of kind",
    /// The part of a story that the title names.
    Part = "part",
    /// The same, with its number glued to it.
    GluedPart = "glued part",
    /// Begins a word that says a whole series.
    WholeSeries = "whole series",
    /// Begins a word that says a collection of films.
    Collection = "collection",
    /// Ends a channel's section for what is new.
    SeasonalSection = "seasonal section",
    /// Counts all episodes, behind 全 and a number.
    CountedWhole = "counted whole",
    /// Counts seasons in 第2季.
    SeasonUnit = "season unit",
    /// Counts episodes in 第05集.
    EpisodeUnit = "episode unit",
    /// Counts episodes in 제3회.
    KoreanUnit = "korean episode unit",
    /// Stands between technical words.
    BetweenTags = "between tags",
    // dates.txt
    /// Stands between day, month and year.
    JoinsDate = "joins a date",
    /// Behind the number of a day.
    DayEnding = "day ending",
    /// Behind a year.
    YearEnding = "year ending",
    // files.txt
    /// What a file ends with.
    Extension = "extension",
    /// What an archive ends with.
    Archive = "archive",
    /// An extension only behind something.
    ExtensionOrWord = "extension or word",
    /// A video whose ending lost its dot.
    SpacedExtension = "spaced extension",
    /// What a file of subtitles ends with.
    SubtitleFile = "subtitle file",
    /// Subtitles of foreign passages only.
    Forced = "forced",
    /// Subtitles that describe sounds.
    Sdh = "sdh",
    /// Said in a subtitle file's name, and of no use.
    SubtitleFiller = "subtitle filler",
    /// The region or script of a language.
    Region = "region",
    /// A region that names the language by itself.
    RegionForLanguage = "region for a language",
    /// The second word of a region.
    RegionSecond = "second word of a region",
    /// The first word of a region.
    RegionFirst = "first word of a region",
    /// A region before a language that is said again.
    RegionAhead = "region ahead",
    /// A folder that sorts a collection.
    CollectionFolder = "collection folder",
    /// A folder of a DVD or Blu-ray.
    DiscFolder = "disc folder",
    /// A folder that is a season.
    SeasonFolder = "season folder",
    /// Which disc, glued to its number.
    Disc = "disc",
    /// A size or rate, behind its number.
    SizeUnit = "unit of size",
    /// A folder of samples.
    SampleFolder = "sample folder",
    /// A folder of trailers.
    TrailerFolder = "trailer folder",
    /// A folder of what else lies beside a film.
    ExtrasFolder = "extras folder",
    /// A disc of a set, before its number.
    NumberedDisc = "numbered disc",
    /// The unit of a rate.
    RateUnit = "unit of rate",
    /// Ends the name of what lies beside a film.
    ExtraEnding = "extra ending",
    /// Right behind a number or a year, it lies beside what they say.
    BonusBehindNumber = "bonus behind a number",
    /// The same, for what shows what is to come.
    TrailerBehindNumber = "trailer behind a number",
    /// Belongs to the bonus before it.
    BehindBonus = "behind a bonus",
    /// Before an id in brackets.
    Id = "id",
    // sites.txt
    /// Before a channel's name.
    Invites = "invites",
    /// A word of channels' names.
    ChannelWord = "channel word",
    /// Ends a word of channels' names.
    ChannelEnding = "channel ending",
    /// Begins an address.
    WebAddress = "web address",
    /// Begins a website.
    WebHost = "web host",
    /// A site that signs without its domain.
    Site = "site",
    /// The end of a site's domain, also where its dot was lost.
    SiteEnding = "site ending",
    /// The end of a domain that no title has: "Dark.Net" is one.
    SureDomain = "sure domain",
    /// The end of a domain.
    TopLevelDomain = "top level domain",
    /// A network that stands ahead of a title.
    NetworkAhead = "network ahead",
    /// A network that needs no dash there.
    SureNetworkAhead = "sure network ahead",
    /// Behind a network it is part of the title.
    OfNetwork = "of a network",
    /// A site that signs ahead of a title, behind a dash only.
    SiteBeforeDash = "site before a dash",
    /// A group that signs ahead of the title.
    GroupAhead = "group ahead",
    /// Stands there as well, and is no group.
    Sample = "sample",
    /// What reposters hang behind a group.
    BehindGroup = "behind a group",
    /// Ends the name of a group of fans.
    GroupWord = "group word",
    /// A site that signs as the group that it is.
    SiteGroup = "site that is a group",
    /// Says that Chinese brackets hold a group.
    GroupSign = "group sign",
    /// Before a group at the end.
    SignedBy = "signed by",
    // release.txt
    /// A plus behind it is its own.
    OwnsPlus = "owns its plus",
    /// The same, where no letter stands behind the plus.
    OwnsLastPlus = "owns its last plus",
    /// A codec that loses the separator before it.
    EndsWord = "ends a word",
    /// Begins several words of the vocabulary that are written as one.
    BeginsRun = "begins a run",
    /// Among such words, and says nothing.
    InRun = "in a run",
    /// Says that the language before it is one of subtitles.
    Subs = "subs",
    /// Stands between spoken languages and those of subtitles.
    SubsBetween = "subs between languages",
    /// Ends a word that a language begins.
    DubEnding = "dub ending",
    /// Begins a word that says a dub.
    DubWord = "dub word",
    /// Subtitles that are part of the picture.
    BurntIn = "burnt in",
    /// The word for a film, behind a language.
    FilmInLanguage = "film in a language",
    /// Stands before an edition that is the title.
    OpensEdition = "opens an edition",
    // languages.txt
    /// A language whose name stands right behind titles.
    BehindTitles = "behind titles",
}

impl Class {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|class| class.name() == name).copied()
    }
}

/// The classes of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Classes([u64; Class::ALL.len().div_ceil(64)]);

impl Classes {
    pub(super) const NONE: Self = Self([0; Class::ALL.len().div_ceil(64)]);

    pub(super) fn has(self, class: Class) -> bool {
        self.0[class as usize / 64] & (1 << (class as usize % 64)) != 0
    }

    pub(super) fn add(&mut self, class: Class) {
        self.0[class as usize / 64] |= 1 << (class as usize % 64);
    }
}
