//! Names made comparable: `Amélie & Co.` and `amelie and co` are one name, `Rocky II` and `Rocky 2` nearly so, `Alien` and
//! `Aliens` are a letter apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::edits::edits;
use super::numerals::{in_digits, unspelt};

/// How near two names are, nearest last so that the better one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameFit {
    Different,
    /// The release gives only what stands before or after the colon: `Borat`.
    Part,
    /// A letter astray, or some in a long name.
    Typo,
    /// Only an article at the beginning or the end tells them apart.
    Article,
    /// Only the way of writing tells them apart: `Rocky II`, `Rocky 2`; `Cats & Dogs`, `Cats Dogs`; `Göhte`, `Goehte`.
    Writing,
    /// The same once case, accents, punctuation and spaces are gone.
    Same,
}

/// Lower case words without accents and punctuation, joined by single spaces; `&` and `+` are `and`, letters standing alone
/// side by side are one word (`S.W.A.T.` is `swat`). Empty for a text without letters and digits.
pub fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd() {
        match c {
            // Accents of scripts in which people leave them out: Latin, Greek, Cyrillic; Arabic and Hebrew vowel points.
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{1dc0}'..='\u{1dff}' => {}
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʹ' => {}
            '&' | '+' => plain.push_str(" and "),
            // Letters that NFKD leaves whole.
            'ß' | 'ẞ' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'ø' | 'Ø' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
            'þ' | 'Þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            // Other combining marks carry meaning (Devanagari vowels, Japanese voicing) and stay.
            c if c.is_alphanumeric() || is_combining_mark(c) => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    let mut folded = String::with_capacity(plain.len());
    let mut after_letter = false;
    for word in plain.split_whitespace() {
        let is_letter = word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic();
        let joins = is_letter && after_letter;
        if !joins && !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
        after_letter = is_letter;
    }
    folded
}

/// A name with everything that comparing it needs, worked out once.
#[derive(Clone, Debug)]
pub struct Name {
    /// Without spaces, so that `Spider-Man` and `Spiderman` are one.
    compact: String,
    /// The same with numbers written as digits.
    numbered: String,
    /// The same with umlauts written out, and without the words that `&` stands for. All ways in which it may be written.
    written: Vec<String>,
    /// The same without its article.
    bare: String,
    /// That article.
    article: Option<&'static str>,
    /// `bare`, and the article, of what stands before and after a colon, a dash, an "or" or a bracket. Empty when it has none.
    parts: Vec<(String, Option<&'static str>)>,
    /// The numbers in it, in order, as digits.
    numbers: Vec<String>,
    /// The same as they stand, spelt ones excepted.
    unspelt: Vec<String>,
}

/// Below so many letters another letter is another word (`Jaws`, `Paws`).
const TYPO_FROM: usize = 5;
/// One more letter may be astray for each so many, three at most.
const LETTERS_PER_TYPO: usize = 8;
/// Fewer letters of a longer name say too little.
const PART_FROM: usize = 4;

impl Name {
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let numbered = in_digits(&folded);
        let is_digits = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let numbers = numbered.split(' ').filter(is_digits).map(str::to_owned).collect();
        let (bare, article) = without_article(text);
        let written_out = compact(&without_conjunctions(&in_digits(&fold(&umlauts_written_out(text)))));
        let mut written = vec![compact(&without_conjunctions(&numbered))];
        if written[0] != written_out {
            written.push(written_out);
        }
        Self {
            compact: compact(&folded),
            parts: parts(text).into_iter().map(without_article).collect(),
            bare,
            article,
            written,
            numbers,
            unspelt: unspelt(&folded).into_iter().map(str::to_owned).collect(),
            numbered: compact(&numbered),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.compact.is_empty()
    }

    /// How near the name of a release comes to this name of a title.
    pub fn fit(&self, released: &Name) -> NameFit {
        if self.is_empty() || released.is_empty() {
            NameFit::Different
        } else if self.compact == released.compact {
            NameFit::Same
        } else if self.numbered == released.numbered || self.written.iter().any(|way| released.written.contains(way)) {
            NameFit::Writing
        } else if self.differs_by_an_article(released) {
            NameFit::Article
        } else if self.is_a_slip_from(released) {
            NameFit::Typo
        } else if self.has_for_a_part(released) {
            NameFit::Part
        } else {
            NameFit::Different
        }
    }

    /// An article that the part does not have makes it another name: `The Final Cut` is no part of `Final Cut: The Making of`.
    fn has_for_a_part(&self, released: &Name) -> bool {
        let is_named = |(part, article): &(String, Option<&'static str>)| {
            *part == released.bare && (released.article.is_none() || released.article == *article)
        };
        released.bare.chars().count() >= PART_FROM && self.parts.iter().any(is_named)
    }

    /// Moved or left out. `The Interview` and `L'Interview` are two films: another article is another name.
    fn differs_by_an_article(&self, released: &Name) -> bool {
        let is_moved = self.bare == released.bare && self.article == released.article;
        let is_left_out = self.bare == released.bare && (self.article.is_none() || released.article.is_none());
        // `The El Paso Kid`, `El Paso Kid`
        is_moved || is_left_out || self.bare == released.numbered || self.numbered == released.bare
    }

    /// Numbers have to be the same: one film's sequel is no slip of the finger.
    fn is_a_slip_from(&self, released: &Name) -> bool {
        if self.bare == released.bare {
            // Another article.
            return false;
        }
        let is_near = |a: &str, b: &str| {
            let letters = a.chars().count().min(b.chars().count());
            let allowed = (letters / LETTERS_PER_TYPO).clamp(1, 3);
            letters >= TYPO_FROM && edits(a, b, allowed).is_some()
        };
        // Another article and a letter astray are two slips: `Das Experiment` is not `The Sexperiment`.
        let is_one_article = self.article.is_none() || released.article.is_none() || self.article == released.article;
        (self.numbers == released.numbers
            && (is_one_article && is_near(&self.bare, &released.bare) || is_near(&self.numbered, &released.numbered)))
            || (self.unspelt == released.unspelt
                && (is_near(&self.compact, &released.compact)
                    || umlautless(&self.compact) == umlautless(&released.compact)))
    }
}

fn compact(folded: &str) -> String {
    folded.split(' ').collect()
}

/// Without its article, compact and with numbers as digits, and that article. `L'homme` is an article and a word.
fn without_article(text: &str) -> (String, Option<&'static str>) {
    let text = text.trim_start();
    let mut letters = text.chars();
    let apart = match (letters.next(), letters.next()) {
        (Some(letter @ ('l' | 'L')), Some('\'' | '’')) => format!("{letter} {}", letters.as_str()),
        _ => text.to_owned(),
    };
    let folded = fold(&apart);
    let words: Vec<&str> = folded.split(' ').collect();
    let known = |word: &str| ARTICLES.into_iter().find(|article| *article == word);
    let (rest, article) = match words.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && known(first).is_some() => (rest.join(" "), known(first)),
        [rest @ .., last] if !rest.is_empty() && BEHIND.contains(last) => (rest.join(" "), known(last)),
        _ => (folded, None),
    };
    (compact(&in_digits(&rest)), article)
}

/// What stands before and after each mark that begins a subtitle.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for mark in [":", " - ", " – ", " — ", " or ", "("] {
        if let Some((before, after)) = text.split_once(mark) {
            parts.push(before);
            parts.push(after);
        }
    }
    parts
}

/// As German and Scandinavian keyboards write them who have no such keys.
fn umlauts_written_out(text: &str) -> String {
    text.nfc().fold(String::with_capacity(text.len()), |mut written, c| {
        match c {
            'ä' | 'Ä' => written.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => written.push_str("oe"),
            'ü' | 'Ü' => written.push_str("ue"),
            'å' | 'Å' => written.push_str("aa"),
            _ => written.push(c),
        }
        written
    })
}

/// For a name that lost its umlauts beside one that has them written out. Too coarse for anything but a slip.
fn umlautless(compact: &str) -> String {
    compact.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// `&` is written as either, or left out.
fn without_conjunctions(folded: &str) -> String {
    folded.split(' ').filter(|word| !matches!(*word, "and" | "und")).collect::<Vec<_>>().join(" ")
}

/// Articles that people leave out or move behind a comma. German "die" is not among them: it would make "Die Hard" "Hard".
pub(super) const ARTICLES: [&str; 25] = [
    "the", "a", "an", "le", "la", "les", "l", "un", "une", "el", "los", "las", "una", "der", "das", "ein", "eine",
    "il", "lo", "gli", "de", "het", "een", "den", "det",
];
/// Of these, what also stands behind a name without being a word of it.
const BEHIND: [&str; 12] = ["the", "a", "an", "le", "la", "les", "el", "los", "las", "der", "das", "il"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_they_share() {
        for (text, folded) in [
            ("Amélie", "amelie"),
            ("Le Fabuleux Destin d'Amélie Poulain", "le fabuleux destin damelie poulain"),
            ("Fast & Furious", "fast and furious"),
            ("Romeo + Juliet", "romeo and juliet"),
            ("S.W.A.T.", "swat"),
            ("M*A*S*H", "mash"),
            ("E.T. the Extra-Terrestrial", "et the extra terrestrial"),
            ("Ocean’s Eleven", "oceans eleven"),
            ("Dèjà.Vu_2006", "deja vu 2006"),
            ("Straße Ærø Łódź", "strasse aero lodz"),
            ("Ирония судьбы", "ирония судьбы"),
            ("Ёлки", "елки"),
            ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
            ("!!!", ""),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn voicing_marks_keep_japanese_words_apart() {
        assert_ne!(fold("ガメラ"), fold("カメラ"));
    }

    #[test]
    fn names_fit_as_a_person_would_say() {
        for (title, released, fit) in [
            ("Spider-Man", "Spiderman", NameFit::Same),
            ("WALL·E", "Wall E", NameFit::Same),
            ("Rocky II", "Rocky 2", NameFit::Writing),
            ("Rocky V", "Rocky 5", NameFit::Writing),
            ("Kill Bill: Vol. 2", "Kill Bill Volume Two", NameFit::Writing),
            ("12 Monkeys", "Twelve Monkeys", NameFit::Writing),
            ("V for Vendetta", "5 for Vendetta", NameFit::Different),
            ("The Matrix", "Matrix", NameFit::Article),
            ("The Matrix", "Matrix, The", NameFit::Article),
            ("Der Untergang", "Untergang", NameFit::Article),
            ("Die Hard", "Hard", NameFit::Different),
            ("Borat: Cultural Learnings of America", "Borat", NameFit::Part),
            ("The Lord of the Rings: The Fellowship of the Ring", "Fellowship of the Ring", NameFit::Part),
            ("Final Cut: The Making of Heaven", "The Final Cut", NameFit::Different),
            ("Birdman or (The Unexpected Virtue of Ignorance)", "Birdman", NameFit::Part),
            ("Eternal Sunshine of the Spotless Mind", "Eternal Sunshine of teh Spotless Mind", NameFit::Typo),
            ("The General's Daughter", "The General s Daughter", NameFit::Same),
            ("Cats & Dogs", "Cats Dogs", NameFit::Writing),
            ("Fack ju Göhte", "Fack ju Goehte", NameFit::Writing),
            ("Fack ju Gohte", "Fack ju Goehte", NameFit::Typo),
            ("Rocky III", "Rocky Part 3", NameFit::Writing),
            ("Star Wars: Episode II - Attack of the Clones", "Star Wars Episode 2", NameFit::Part),
            ("L'Homme du train", "Homme du train", NameFit::Article),
            ("L'Homme du train", "L Homme du train", NameFit::Same),
            ("The Interview", "L Interview", NameFit::Different),
            ("The Bears and I", "Bears and I, The", NameFit::Article),
            ("The El Paso Kid", "El Paso Kid", NameFit::Article),
            ("Puppet Master 5: The Final Chapter", "Puppet Master V The Final Chapter", NameFit::Writing),
            ("Aliens", "Alien", NameFit::Typo),
            ("Alien", "Alein", NameFit::Typo),
            ("Jaws", "Paws", NameFit::Different),
            ("The Matrix", "Th Matrix", NameFit::Typo),
            ("Das Experiment", "The Sexperiment", NameFit::Different),
            ("The Two Towers", "The Tow Towers", NameFit::Typo),
            ("Rocky III", "Rokcy 3", NameFit::Typo),
            ("Rocky", "Rocky V", NameFit::Different),
            ("Rocky IV", "Rocky V", NameFit::Different),
            ("Rocky III", "Rocky II", NameFit::Different),
            ("Apollo 13 Anniversary", "Apollo 18 Anniversary", NameFit::Different),
            ("", "", NameFit::Different),
        ] {
            assert_eq!(Name::new(title).fit(&Name::new(released)), fit, "{title} / {released}");
        }
    }
}
