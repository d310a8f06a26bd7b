//! Names made comparable: `Amélie & Co.` and `amelie and co` are one name, `Rocky II` and `Rocky 2` nearly so, `Alien` and
//! `Aliens` are not.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How near two names are, nearest last so that the better one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameFit {
    Different,
    /// The release gives only what stands before or after the colon: `Borat`.
    Part,
    /// A letter or two astray in a long name.
    Typo,
    /// Only an article at the beginning or the end tells them apart.
    Article,
    /// Only the way of writing a number tells them apart: `Rocky II`, `Rocky 2`.
    Numeral,
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
    /// The same without its article.
    bare: String,
    /// `bare` of what stands before and after a colon, a dash, an "or" or a bracket. Empty when it has none.
    parts: Vec<String>,
    /// The numbers in it, in order.
    numbers: Vec<String>,
}

impl Name {
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let numbered = digits(&folded);
        let bare = without_article(&numbered);
        let numbers =
            numbered.split(' ').filter(|w| w.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned).collect();
        Self {
            compact: compact(&folded),
            parts: parts(text).into_iter().map(|part| compact(&without_article(&digits(&fold(part))))).collect(),
            bare: compact(&bare),
            numbered: compact(&numbered),
            numbers,
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
        } else if self.numbered == released.numbered {
            NameFit::Numeral
        } else if self.bare == released.bare {
            NameFit::Article
        } else if self.numbers == released.numbers && is_typo(&self.bare, &released.bare) {
            NameFit::Typo
        } else if released.bare.chars().count() >= 4 && self.parts.contains(&released.bare) {
            NameFit::Part
        } else {
            NameFit::Different
        }
    }
}

fn compact(folded: &str) -> String {
    folded.split(' ').collect()
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

/// Articles that people leave out or move behind a comma. German "die" is not among them: it would make "Die Hard" "Hard".
const ARTICLES: [&str; 12] = ["the", "a", "an", "le", "la", "les", "l", "el", "los", "las", "der", "das"];

fn without_article(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    match words.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && ARTICLES.contains(first) => rest.join(" "),
        [rest @ .., last] if !rest.is_empty() && ["the", "a", "an"].contains(last) => rest.join(" "),
        _ => folded.to_owned(),
    }
}

/// Writes numbers as digits: roman ones, and the words up to twenty. A lone I, V or X is a number only at the end (`Rocky V`,
/// not `V for Vendetta`). Both names are treated alike, so a letter taken for a number (`Malcolm X`) does no harm.
fn digits(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').collect();
    let last = words.len() - 1;
    let numbered: Vec<&str> = words
        .iter()
        .enumerate()
        .map(|(at, &word)| match word {
            "i" | "v" | "x" if at == 0 || at != last => word,
            "pt" => "part",
            "vol" => "volume",
            _ => number(word).unwrap_or(word),
        })
        .collect();
    numbered.join(" ")
}

fn number(word: &str) -> Option<&'static str> {
    Some(match word {
        "i" | "one" => "1",
        "ii" | "two" => "2",
        "iii" | "three" => "3",
        "iv" | "four" => "4",
        "v" | "five" => "5",
        "vi" | "six" => "6",
        "vii" | "seven" => "7",
        "viii" | "eight" => "8",
        "ix" | "nine" => "9",
        "x" | "ten" => "10",
        "xi" | "eleven" => "11",
        "xii" | "twelve" => "12",
        "xiii" | "thirteen" => "13",
        "xiv" | "fourteen" => "14",
        "xv" | "fifteen" => "15",
        "xvi" | "sixteen" => "16",
        "xvii" | "seventeen" => "17",
        "xviii" | "eighteen" => "18",
        "xix" | "nineteen" => "19",
        "xx" | "twenty" => "20",
        _ => return None,
    })
}

/// One edit for each eight letters, three at most: below eight letters another letter is another word (`Alien`, `Aliens`).
fn is_typo(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let allowed = (a.len().min(b.len()) / 8).min(3);
    allowed > 0 && a.len().abs_diff(b.len()) <= allowed && edits(&a, &b) <= allowed
}

/// Levenshtein distance.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

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
            ("Rocky II", "Rocky 2", NameFit::Numeral),
            ("Rocky V", "Rocky 5", NameFit::Numeral),
            ("Kill Bill: Vol. 2", "Kill Bill Volume Two", NameFit::Numeral),
            ("12 Monkeys", "Twelve Monkeys", NameFit::Numeral),
            ("V for Vendetta", "5 for Vendetta", NameFit::Different),
            ("The Matrix", "Matrix", NameFit::Article),
            ("The Matrix", "Matrix, The", NameFit::Article),
            ("Der Untergang", "Untergang", NameFit::Article),
            ("Die Hard", "Hard", NameFit::Different),
            ("Borat: Cultural Learnings of America", "Borat", NameFit::Part),
            ("The Lord of the Rings: The Fellowship of the Ring", "Fellowship of the Ring", NameFit::Part),
            ("Birdman or (The Unexpected Virtue of Ignorance)", "Birdman", NameFit::Part),
            ("Eternal Sunshine of the Spotless Mind", "Eternal Sunshine of teh Spotless Mind", NameFit::Typo),
            ("Aliens", "Alien", NameFit::Different),
            ("Rocky III", "Rocky II", NameFit::Different),
            ("Apollo 13 Anniversary", "Apollo 18 Anniversary", NameFit::Different),
            ("", "", NameFit::Different),
        ] {
            assert_eq!(Name::new(title).fit(&Name::new(released)), fit, "{title} / {released}");
        }
    }
}
