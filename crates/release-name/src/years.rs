//! Years that belong to a title. Data: a year behind a title is its year, so the few titles that end in one are named.

/// Titles that end in a year of the past, in lower case. Years still to come (2049) need no entry, nor do titles whose
/// own year follows ("Class of 1984 1982").
const TITLES: [&str; 31] = [
    "space 1999",
    "spazio 1999",
    "espacio 1999",
    "cosmos 1999",
    "mondbasis alpha 1999",
    "moonbase alpha 1999",
    "reply 1988",
    "reply 1994",
    "reply 1997",
    "eungdabhara 1988",
    "eungdabhara 1994",
    "eungdabhara 1997",
    "wonder woman 1984",
    "death race 2000",
    "cherry 2000",
    "dracula 2000",
    "dracula 2001",
    "godzilla 2000",
    "godzilla 1985",
    "gojira 2000",
    "airport 1975",
    "airport 1977",
    "conquest 1453",
    "fetih 1453",
    "faith 1453",
    "equalizer 2000",
    "escape 2000",
    "northern limit line 2002",
    "canakkale 1915",
    "çanakkale 1915",
    "gallipoli 1915",
];

/// Words that no title ends with: the year behind them is the title's last word (`Class of 1984`, `Once in 1969`).
const HANGING: [&str; 26] = [
    "of", "in", "the", "since", "until", "anno", "year", "années", "de", "von", "im", "vom", "del", "el", "les", "des",
    "en", "from", "to", "and", "summer", "winter", "class", "after", "before", "circa",
];

/// The title's words up to and with a year are a title.
pub fn closes_a_title(words: &str) -> bool {
    TITLES.contains(&words)
}

/// The word before a year asks for it.
pub fn hangs(word: &str) -> bool {
    HANGING.contains(&word)
}
