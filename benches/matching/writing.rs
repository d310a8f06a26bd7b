//! How people write a title: what becomes of its marks, numerals, articles and letters.

use super::chance::Chance;

/// One way to write a title otherwise. `None` where the title gives no occasion.
pub type Rewriting = fn(&str, &mut Chance) -> Option<String>;

/// What file systems and habit make of marks, in every name: a colon becomes a dash or goes, slashes part words.
pub fn for_a_file(title: &str, chance: &mut Chance) -> String {
    let colon = chance.one_of(&[" -", "", "", " "]);
    let slash = chance.one_of(&[" ", "-"]);
    let plain = title.replace(':', colon).replace('/', slash).replace(['?', '*', '"', '<', '>', '|', '\\'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn apostrophes(title: &str, chance: &mut Chance) -> Option<String> {
    let instead = chance.one_of(&["", "", " "]);
    let written = title.replace(['\'', '’'], instead);
    (written != title).then_some(written)
}

pub fn hyphens(title: &str, chance: &mut Chance) -> Option<String> {
    let parts: Vec<&str> = title.split('-').collect();
    let is_inside = parts
        .windows(2)
        .all(|pair| pair[0].ends_with(char::is_alphanumeric) && pair[1].starts_with(char::is_alphanumeric));
    (parts.len() > 1 && is_inside).then(|| parts.join(chance.one_of(&["", " "])))
}

pub fn ampersands(title: &str, _: &mut Chance) -> Option<String> {
    if title.contains(" & ") {
        return Some(title.replace(" & ", " and "));
    }
    let written = title.replace(" and ", " & ").replace(" And ", " & ");
    (written != title).then_some(written)
}

const NUMERALS: [(&str, &str, &str); 9] = [
    ("2", "II", "Two"),
    ("3", "III", "Three"),
    ("4", "IV", "Four"),
    ("5", "V", "Five"),
    ("6", "VI", "Six"),
    ("7", "VII", "Seven"),
    ("8", "VIII", "Eight"),
    ("9", "IX", "Nine"),
    ("10", "X", "Ten"),
];

/// `Rocky III` as `Rocky 3`, `Rocky Three` or `Rocky Part 3`; `Part` goes where it stands.
pub fn numerals(title: &str, chance: &mut Chance) -> Option<String> {
    let words: Vec<&str> = title.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches([':', ',']).to_owned();
    let (at, row) = words.iter().enumerate().skip(1).find_map(|(at, word)| {
        let row = NUMERALS.iter().find(|row| [row.0, row.1].contains(&bare(word).as_str()))?;
        // `X Files` is no tenth.
        let is_letter = word.len() == 1 && word.chars().all(char::is_alphabetic);
        if is_letter && at + 1 < words.len() {
            return None;
        }
        Some((at, row))
    })?;
    let mark = &words[at][bare(words[at]).len()..];
    let others: Vec<&str> = [row.0, row.1, row.2].into_iter().filter(|way| *way != bare(words[at])).collect();
    let number = format!("{}{mark}", chance.one_of(&others));
    let has_part = words[at - 1].eq_ignore_ascii_case("part");
    let counts = words[at - 1].starts_with("Vol");
    let mut written: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    written[at] = number;
    if chance.is_once_in(3) {
        if has_part && at > 1 {
            written.remove(at - 1);
        } else if !has_part && !counts && at + 1 == words.len() {
            written.insert(at, "Part".to_owned());
        }
    }
    Some(written.join(" "))
}

/// `Matrix, The`, or no article at all.
pub fn articles(title: &str, chance: &mut Chance) -> Option<String> {
    let (article, rest) = title.split_once(' ')?;
    let is_article = ["The", "A", "An", "Le", "La", "Les", "Der", "Das", "Il", "El", "Los"].contains(&article);
    (is_article && rest.len() > 3).then(|| match chance.below(3) {
        0 => rest.to_owned(),
        1 => format!("{rest} {article}"),
        _ => format!("{rest}, {article}"),
    })
}

/// `L'Homme du train` without its article, or with the article apart.
pub fn elided(title: &str, chance: &mut Chance) -> Option<String> {
    let rest = ["L'", "D'", "l'", "d'"].iter().find_map(|article| title.strip_prefix(article))?;
    Some(if chance.is_once_in(2) { rest.to_owned() } else { format!("{} {rest}", &title[..1]) })
}

pub fn umlauts(title: &str, _: &mut Chance) -> Option<String> {
    let written = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")]
        .iter()
        .fold(title.to_owned(), |text, (letter, written)| text.replace(letter, written));
    (written != title).then_some(written)
}

/// Names in another language that no provider knows.
const LOCAL: [&str; 8] = [
    "Rue noche",
    "Der lange Weg",
    "La casa di sotto",
    "Zimna woda",
    "Sous la pluie",
    "O Caminho Velho",
    "Gece Yolu",
    "Den sidste dag",
];

/// `A Bronx Tale - Rue noche`, in either order.
pub fn two_titles_round_a_dash(title: &str, chance: &mut Chance) -> Option<String> {
    let local = chance.one_of(&LOCAL);
    Some(if chance.is_once_in(2) { format!("{title} - {local}") } else { format!("{local} - {title}") })
}

pub fn a_title_in_brackets(title: &str, chance: &mut Chance) -> Option<String> {
    let local = chance.one_of(&LOCAL);
    Some(if chance.is_once_in(2) { format!("{title} ({local})") } else { format!("{local} ({title})") })
}

/// One letter wrong, missing, doubled, or two swapped. Only in titles of five letters and more.
pub fn a_typo(title: &str, chance: &mut Chance) -> Option<String> {
    let letters: Vec<char> = title.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_alphabetic()).collect();
    if places.len() < 5 {
        return None;
    }
    let at = places[chance.below(places.len())];
    let mut written = letters.clone();
    match chance.below(4) {
        0 => written[at] = char::from(b'a' + (chance.below(26) as u8)),
        1 => drop(written.remove(at)),
        2 => written.insert(at, letters[at]),
        _ => {
            let next = (at + 1).min(letters.len() - 1);
            written.swap(at, next);
        }
    }
    let folded = |letters: &[char]| letters.iter().flat_map(|c| c.to_lowercase()).collect::<String>();
    (folded(&written) != folded(&letters)).then(|| written.iter().collect())
}
