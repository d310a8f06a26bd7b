//! Every key that is one edit away from a key: a letter wrong, missing, too many, or two neighbours swapped. Digits stay: `Rocky 2` is
//! no slip of `Rocky 3`.

/// A name of five with one missing. Below it half of all names are a letter from each other.
const LEAST_LETTERS: usize = 4;
/// Above it a key costs thousands of questions, and people who type so much have the year as well.
const MOST_LETTERS: usize = 80;

/// Letters of a script, between which a finger slips. Folding takes keys to lower case and Hangul to its single letters. Han is not
/// among them: a sign more or another one is another word, and there are too many to try.
const SCRIPTS: [(char, char); 15] = [
    ('a', 'z'),
    ('α', 'ω'),
    ('а', 'џ'),
    ('\u{561}', '\u{587}'),   // Armenian
    ('\u{5d0}', '\u{5ea}'),   // Hebrew
    ('\u{621}', '\u{64a}'),   // Arabic
    ('\u{904}', '\u{94d}'),   // Devanagari
    ('\u{985}', '\u{9cd}'),   // Bengali
    ('\u{b85}', '\u{bcd}'),   // Tamil
    ('\u{e01}', '\u{e4c}'),   // Thai
    ('\u{10d0}', '\u{10f0}'), // Georgian
    ('\u{1100}', '\u{1112}'), // Hangul, at the beginning of a syllable
    ('\u{1161}', '\u{11c2}'), // Hangul, its middle and end
    ('\u{3041}', '\u{3096}'), // Hiragana
    ('\u{30a1}', '\u{30fa}'), // Katakana
];

/// Calls `try_one` with each; some come twice. The key itself is not among them.
pub fn each(key: &str, mut try_one: impl FnMut(&str)) {
    let letters: Vec<char> = key.chars().collect();
    if !(LEAST_LETTERS..=MOST_LETTERS).contains(&letters.len()) {
        return;
    }
    let starts: Vec<usize> = key.char_indices().map(|(at, _)| at).chain([key.len()]).collect();
    let mut edited = String::with_capacity(key.len() + 4);
    let mut put = |parts: [&str; 2], between: &[char]| {
        edited.clear();
        edited.push_str(parts[0]);
        edited.extend(between);
        edited.push_str(parts[1]);
        try_one(&edited);
    };
    for (n, letter) in letters.iter().copied().enumerate() {
        let before = &key[..starts[n]];
        if is_fixed(letter) {
            continue;
        }
        let after = &key[starts[n + 1]..];
        if n == 0 || letters[n - 1] != letter {
            put([before, after], &[]);
        }
        for other in script(letter).filter(|other| *other != letter) {
            put([before, after], &[other]);
        }
        if let Some(next) = letters.get(n + 1).copied().filter(|next| *next != letter && !is_fixed(*next)) {
            put([before, &key[starts[n + 2]..]], &[next, letter]);
        }
    }
    for (n, start) in starts.iter().enumerate() {
        let (before, after) = key.split_at(*start);
        // A missing letter is of a script beside it.
        let left = n.checked_sub(1).map(|left| letters[left]);
        let right = letters.get(n).copied();
        let scripts = [left, right.filter(|right| left.is_none_or(|left| bounds(left) != bounds(*right)))];
        for letter in scripts.into_iter().flatten().flat_map(script) {
            put([before, after], &[letter]);
        }
    }
}

fn is_fixed(c: char) -> bool {
    c.is_numeric()
}

fn bounds(c: char) -> Option<(char, char)> {
    SCRIPTS.into_iter().find(|(first, last)| (*first..=*last).contains(&c))
}

fn script(c: char) -> impl Iterator<Item = char> {
    bounds(c).into_iter().flat_map(|(first, last)| first..=last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all(key: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        each(key, |edited| _ = all.insert(edited.to_owned()));
        all
    }

    #[test]
    fn each_kind_of_slip_is_among_them() {
        let edits = all("matrix");
        for slip in ["matrix", "natrix", "marix", "mattrix", "amtrix", "matrxi", "xmatrix", "matrixs", "atrix", "matri"]
        {
            assert_eq!(edits.contains(slip), slip != "matrix", "{slip}");
        }
        // 6 without one, 6 * 25 with another, 7 * 26 with one more (doubling a letter comes twice), 5 swapped.
        assert_eq!(edits.len(), 6 + 6 * 25 + (7 * 26 - 6) + 5);
    }

    #[test]
    fn digits_stay_as_they_are() {
        for edited in all("rocky22x") {
            assert_eq!(edited.chars().filter(char::is_ascii_digit).collect::<String>(), "22", "{edited}");
        }
        assert!(!all("rocky2").contains("rocky"));
    }

    #[test]
    fn scripts_are_not_mixed_and_short_names_have_none() {
        let edits = all("елкии");
        assert!(edits.contains("ёлкии") && edits.contains("елки") && !edits.iter().any(|e| e.is_ascii()));
        assert!(edits.iter().all(|edited| edited.chars().all(|c| bounds(c) == bounds('е'))));
        assert!(all("千と千尋の神隠し").contains("千と千尋神隠し"));
        assert!(all("dnd").is_empty() && all(&"a".repeat(MOST_LETTERS + 1)).is_empty());
    }
}
