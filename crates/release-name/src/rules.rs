//! The rules that take words out of a name, each with a sentence that tells a person why it did.

macro_rules! rules {
    ($($rule:ident = $text:literal,)*) => {
        /// Which rule took a word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $(#[doc = concat!("Why: ", $text, ".")] $rule,)*
        }

        impl Rule {
            /// For a person: what the words are.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$rule => $text,)*
                }
            }
        }
    };
}

rules! {
    // Words and shapes
    Vocabulary = "a word of the vocabulary",
    Glued = "two words of the vocabulary written as one",
    SeasonalSection = "a channel's section for this season's series",
    Resolution = "the shape of a resolution",
    BareResolution = "a number of lines beside something technical",
    Disc = "the number of a disc",
    RecordingDay = "six figures ahead of all: the day of a recording",
    Tracks = "so many tracks in a language",
    DubbedWord = "a language and \"dub\" written as one",
    MovieInLanguage = "\"movie\" behind a language",
    Amount = "a size or rate with its unit",
    Channels = "the shape of a channel count",
    Checksum = "eight hexadecimal figures in brackets",
    FilmNumber = "\"f\" and a number between hyphens: which film of a series",
    LanguageOfSubtitles = "a language at the end of a subtitle file's name",
    ExtraNumber = "\"x\" and a number between hyphens: which extra of a disc",
    ExtraBehind = "right behind a year or an episode, what lies beside it",
    ExtraAhead = "what lies beside a film, ahead of a dash",
    ExtraEnding = "behind a hyphen at the end, what lies beside a film",
    // Passes
    Site = "a channel's handle or a website",
    Date = "day, month and year",
    BracketedYear = "a year in brackets of its own",
    LastYear = "the last year before anything technical",
    LateYear = "a year behind something technical",
    LeadingYear = "a year ahead of the title",
    YearOfSeason = "a season counted by its year",
    // Numbers said by a word or a letter
    SeasonAndEpisode = "season and episode, said by letters or words",
    Season = "a season, said by a letter or word",
    Episode = "an episode, said by a letter or word",
    // Bare numbers
    SecondCount = "a second count beside the episode",
    Paired = "season and episode in figures alone",
    Dashed = "a number behind a dash",
    AfterSeason = "a number right behind the season",
    Bracketed = "a number in brackets of its own",
    Trailing = "the last number before the technical part",
    Leading = "a number ahead of the title",
    ListNumber = "a place in a list",
    Middle = "a number between title and episode's name",
    Compressed = "season and episode written as one number",
    Special = "what anime has beside its episodes",
    TelevisionPart = "a part of a television series",
    // What is left
    Title = "what stands before the first thing that is no title word",
    OtherTitle = "a second name: another language, an AKA, a bracket behind the title",
    EpisodeTitle = "what stands between the episode and the technical part",
    TitlePart = "the part that the title names",
    LeadingGroup = "brackets ahead of the title",
    NetworkAhead = "a network ahead of the title",
    PrefixedGroup = "a group that signs ahead of the title",
    HyphenatedGroup = "behind a hyphen at the end",
    BracketedGroup = "brackets at the end",
    LastWordGroup = "the last word, behind something technical",
    SignedGroup = "behind \"by\"",
    Extension = "the file's extension",
    Volume = "the number of a volume of a split file",
    Id = "the form of an id",
    Labelled = "a line of the caption that says what it is",
    NotUnderstood = "no rule knows it",
}
