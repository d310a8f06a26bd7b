//! What somebody typed, and how well a title's names fit it.

use super::meaning::{Meaning, Plan};
use super::text::typed_text;
use super::tokens::{may_be_mistyped, whole_name};

/// What somebody typed.
pub(in crate::adapters::store) struct Needle {
    text: String,
    words: Vec<Vec<char>>,
}

impl Needle {
    /// `None` when nothing is left to look for.
    pub fn new(typed: &str) -> Option<Self> {
        let text = typed_text(typed);
        let words: Vec<Vec<char>> = text.split(' ').filter(|w| !w.is_empty()).map(|w| w.chars().collect()).collect();
        (!words.is_empty()).then_some(Self { text, words })
    }

    /// Finds titles that are called exactly this, however little known they are.
    pub fn whole(&self) -> Plan {
        vec![vec![vec![whole_name(&self.text)]]]
    }

    /// Each word, of which nobody has looked up yet what it may mean.
    pub fn words(&self) -> Vec<Meaning> {
        self.words.iter().map(|word| Meaning::new(word)).collect()
    }

    /// How well a title's names fit, or else its people's: larger is better, `None` is not at all. Words may be spread over
    /// one name and the year, not over several names.
    pub fn score(&self, names: &str, mistyped: bool) -> Option<u32> {
        let (titles, people) = names.split_once('@').unwrap_or((names, ""));
        let apart = |text| str::split(text, ['^', '@', '$']).map(str::trim).filter(|name| !name.is_empty());
        let titles: Vec<&str> = apart(titles).collect();
        let year = titles.last().filter(|name| name.len() == 4 && name.bytes().all(|b| b.is_ascii_digit())).copied();
        let title = titles.iter().filter_map(|name| self.score_name(name, year, mistyped)).max();
        let person = || apart(people).filter_map(|name| self.score_name(name, year, mistyped)).max();
        title.map(|score| score + BY_TITLE).or_else(person)
    }

    fn score_name(&self, name: &str, year: Option<&str>, mistyped: bool) -> Option<u32> {
        let plain = |text: &str| {
            let rest = ["the ", "a ", "an "].iter().find_map(|article| text.strip_prefix(article));
            rest.unwrap_or(text).to_owned()
        };
        if name == self.text {
            return Some(WHOLE);
        }
        if plain(name) == plain(&self.text) {
            return Some(95);
        }
        if let Some(rest) = name.strip_prefix(self.text.as_str()) {
            return Some(if rest.starts_with(' ') { 85 } else { 80 });
        }
        let spaced = format!(" {name} ");
        if spaced.contains(&format!(" {} ", self.text)) {
            return Some(75);
        }
        if spaced.contains(&format!(" {}", self.text)) {
            return Some(70);
        }
        let there: Vec<Vec<char>> = name.split(' ').map(|word| word.chars().collect()).collect();
        let mut score = 65_u32;
        for word in &self.words {
            let fits = |cost: fn(&[char], &[char], bool) -> Option<u32>| {
                there.iter().filter_map(|name_word| cost(word, name_word, mistyped)).min()
            };
            let is_year = year.is_some_and(|year| year.chars().eq(word.iter().copied()));
            let cost = match fits(misfit) {
                Some(cost) => cost,
                None if is_year => 0,
                None => return None,
            };
            score = score.saturating_sub(cost).max(1);
        }
        Some(score)
    }
}

/// The score of a name that is what was typed.
pub(super) const WHOLE: u32 = 100;
/// What a title's own name counts more than a person's.
const BY_TITLE: u32 = 100;

/// What it costs a score when `typed` stands for `word`; `None`: it does not. At most 6, so that ten words
/// differ; more of them fit all the same.
fn misfit(typed: &[char], word: &[char], mistyped: bool) -> Option<u32> {
    if word == typed {
        return Some(0);
    }
    if word.starts_with(typed) {
        return Some(1);
    }
    if typed.len() >= 3 && word.windows(typed.len()).any(|run| run == typed) {
        return Some(2);
    }
    (mistyped && may_be_mistyped(typed) && one_error_apart(typed, word)).then_some(6)
}

/// Whether one letter too many, one missing, one wrong or two changed places is all that tells the words apart.
pub(super) fn one_error_apart(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let after = |word: &[char], letters: usize| word.get(letters..).map(<[char]>::to_vec);
    let changed_places = a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    changed_places
        || (!a.is_empty() && after(a, 1).as_deref() == Some(b))
        || (!b.is_empty() && after(b, 1).as_deref() == Some(a))
        || (!a.is_empty() && !b.is_empty() && a[1..] == b[1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::search::{Candidate, Found, names};
    use crate::domain::title::{Kind, Title, TitleIds};

    #[test]
    fn one_error_is_forgiven_two_are_not() {
        let cases = [
            ("matrix", "matrx", true),
            ("matrix", "matrixx", true),
            ("matrix", "matrux", true),
            ("matrix", "martix", true),
            ("matrix", "amtrix", true),
            ("matrix", "matrxi", true),
            ("matrix", "mtarxi", false),
            ("matrix", "matri", true),
            ("matrix", "matr", false),
            ("abcd", "badc", false),
        ];
        for (word, typed, wanted) in cases {
            let (word, typed): (Vec<char>, Vec<char>) = (word.chars().collect(), typed.chars().collect());
            assert_eq!(one_error_apart(&typed, &word), wanted, "{typed:?}");
            assert_eq!(one_error_apart(&word, &typed), wanted, "{typed:?}");
        }
    }

    #[test]
    fn closer_names_score_higher() {
        let needle = Needle::new("living dead").expect("it has words");
        let order = [
            "^ night of the dawn $^ living dead $",
            "^ the living dead $",
            "^ living dead girl $",
            "^ night of the living dead $",
            "^ the dead and the living $",
        ];
        let scores: Vec<u32> = order.iter().filter_map(|names| needle.score(names, false)).collect();
        assert_eq!(scores.len(), order.len());
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
        assert_eq!(needle.score("^ the living $^ the dead $", false), None, "spread over two names");
        assert_eq!(needle.score("^ the livng daed $", false), None);
    }

    #[test]
    fn a_long_name_with_an_error_in_each_word_still_fits() {
        let words = ["matrix"; 14].join(" ");
        let needle = Needle::new(&["matrx"; 14].join(" ")).expect("it has words");
        assert_eq!(needle.score(&format!("^ {words} $"), true), Some(BY_TITLE + 1));
    }

    #[test]
    fn people_find_titles_behind_those_that_are_called_so() {
        let title = Title {
            year: Some(1924),
            cast: vec!["Buster Keaton".into(), "Kathryn McGuire".into()],
            directors: vec!["Buster Keaton".into()],
            ..Title::new(Kind::Movie, TitleIds::default(), "Sherlock Jr.")
        };
        let names = names(&title);
        assert_eq!(names, "^ sherlock jr $^ 1924 $@ buster keaton $@ kathryn mcguire $");
        let score = |typed: &str, names: &str| Needle::new(typed).expect("it has words").score(names, false);
        let order = [
            score("buster keaton", "^ the making of buster keaton $"),
            score("buster keaton", &names),
            score("keaton", &names),
        ];
        assert!(order.iter().all(Option::is_some) && order.is_sorted_by(|a, b| a > b), "{order:?}");
        assert!(score("buster keaton 1924", &names).is_some());
        assert_eq!(score("sherlock keaton", &names), None, "spread over a title and a person");
        assert_eq!(score("buster mcguire", &names), None, "spread over two people");
        let found = |typed: &str| {
            let needle = Needle::new(typed).expect("it has words");
            let mut found = Found::new(&needle);
            found.add(vec![Candidate { title: 1, popularity: 0, names: names.clone() }], false);
            found.is_answered()
        };
        assert!(found("buster keaton") && found("sherlock") && !found("buster"), "errors are looked for in \"buster\"");
    }
}
