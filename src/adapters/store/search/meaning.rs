//! Which words of the catalog a typed word may stand for: those that hold it, and those with an error between them and it. The
//! catalog's words are few beside its titles, and looking for titles by whole words costs little, so what a word may mean is found
//! out first.

use super::needle::one_error_apart;
use super::tokens::{beginning, covering_grams, first_letter, is_unspaced, may_be_mistyped, shortened, word_token};

/// Any of these, each all of its tokens: how a word of a title, or of the catalog, is looked up.
pub(in crate::adapters::store) type Spellings = Vec<Vec<String>>;
/// Titles to look up: for each word typed (all must be found) its spellings.
pub(in crate::adapters::store) type Plan = Vec<Spellings>;

/// A word that stands inside more words of the catalog than this is looked up by its letters: a word costs about as much as a gram,
/// and what stands in so many words is found soon.
const FEW: usize = 48;
/// How many words that hold a typed one are asked for.
pub(in crate::adapters::store) const HOLDING: u32 = FEW as u32 + 1;
/// How many words near a typed one are asked for. The best [`FEW`] count.
pub(in crate::adapters::store) const NEAR: u32 = 400;

/// What one typed word may mean.
pub(in crate::adapters::store) struct Meaning {
    typed: Vec<char>,
    holding: Vec<String>,
    near: Vec<String>,
}

impl Meaning {
    pub(super) fn new(typed: &[char]) -> Self {
        Self { typed: typed.to_vec(), holding: Vec::new(), near: Vec::new() }
    }

    /// Tokens of the words that hold it. `None` for one letter, which stands alone.
    pub fn asked_holding(&self) -> Option<Spellings> {
        (self.typed.len() > 1).then(|| vec![self.letters()])
    }

    /// Takes what was found of these.
    pub fn take_holding(&mut self, found: Vec<String>) {
        self.holding = found;
    }

    /// Tokens of the words with an error between them and it. `None` where it is too short for one, or too long.
    pub fn asked_near(&self) -> Option<Spellings> {
        may_be_mistyped(&self.typed).then(|| shortened(&self.typed).into_iter().map(|token| vec![token]).collect())
    }

    pub fn take_near(&mut self, found: Vec<String>) {
        let is_near = |word: &String| one_error_apart(&self.typed, &word.chars().collect::<Vec<char>>());
        self.near = found.into_iter().filter(is_near).collect();
        // A finger seldom slips at the first letter.
        self.near.sort_by_key(|word| word.chars().next() != self.typed.first().copied());
        self.near.truncate(FEW);
    }

    /// The grams of the word. From three letters on it may stand inside a longer one; two begin one.
    fn letters(&self) -> Vec<String> {
        let text: String = self.typed.iter().collect();
        if self.typed.len() < 3 { covering_grams(&beginning(&text)) } else { covering_grams(&text) }
    }

    /// Whether any title may hold it.
    fn is_known(&self) -> bool {
        !self.as_typed().is_empty()
    }

    fn as_typed(&self) -> Spellings {
        let text: String = self.typed.iter().collect();
        if let [letter] = self.typed[..] {
            // A name in a script that puts no spaces between words may also begin with it.
            let alone = vec![word_token(&text)];
            return std::iter::once(alone).chain(is_unspaced(letter).then(|| vec![first_letter(letter)])).collect();
        }
        if self.holding.len() > FEW {
            return vec![self.letters()];
        }
        // Its grams may stand in a word apart.
        self.holding.iter().filter(|word| word.contains(&text)).map(|word| vec![word_token(word)]).collect()
    }

    fn with_near(&self) -> Spellings {
        let mut spellings = self.as_typed();
        spellings.extend(self.near.iter().map(|word| vec![word_token(word)]));
        spellings
    }
}

/// Finds titles that hold every word, or a word that it is a part of.
pub(in crate::adapters::store) fn as_typed(words: &[Meaning]) -> Option<Plan> {
    plan(words.iter().map(Meaning::as_typed))
}

/// Finds titles that hold every word, with an error in each that no title holds; then with an error in any. What no title holds is
/// most likely what was mistyped.
pub(in crate::adapters::store) fn mistyped(words: &[Meaning]) -> Vec<Plan> {
    let unknown = words.iter().map(|word| if word.is_known() { word.as_typed() } else { word.with_near() });
    let plans = [plan(unknown), plan(words.iter().map(Meaning::with_near))];
    let mut plans: Vec<Plan> = plans.into_iter().flatten().collect();
    plans.dedup();
    plans
}

/// `None` when a word is in no title.
fn plan(words: impl Iterator<Item = Spellings>) -> Option<Plan> {
    words.map(|spellings| (!spellings.is_empty()).then_some(spellings)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(typed: &str, holding: &[&str], near: &[&str]) -> Meaning {
        let mut meaning = Meaning::new(&typed.chars().collect::<Vec<char>>());
        meaning.take_holding(holding.iter().map(|word| (*word).to_owned()).collect());
        meaning.take_near(near.iter().map(|word| (*word).to_owned()).collect());
        meaning
    }

    fn spelled(plan: &Plan) -> Vec<Vec<String>> {
        plan.iter().map(|spellings| spellings.iter().map(|tokens| tokens.join("+")).collect()).collect()
    }

    #[test]
    fn a_word_stands_for_those_that_hold_it() {
        let words = [meaning("matri", &["matrix", "matrices"], &[]), meaning("m", &[], &[]), meaning("君", &[], &[])];
        let plan = as_typed(&words).expect("each may be somewhere");
        assert_eq!(spelled(&plan), [vec!["=matrix", "=matrices"], vec!["=m"], vec!["=君", "^君"]]);
        assert_eq!(as_typed(&[meaning("matri", &[], &[])]), None);
        assert_eq!(as_typed(&[meaning("abcdbcde", &["abcd bcde"], &[])]), None, "its grams alone are not it");
    }

    #[test]
    fn a_word_inside_many_is_looked_up_by_its_letters() {
        let many: Vec<String> = (0..=FEW).map(|n| format!("king{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(as_typed(&[meaning("king", &many, &[])]), Some(vec![vec![vec!["ing".into(), "kin".into()]]]));
        let two = meaning("ki", &many, &[]);
        assert_eq!(two.asked_holding(), Some(vec![vec!["_ki".to_owned()]]));
    }

    #[test]
    fn the_word_that_nobody_knows_was_mistyped_or_else_any() {
        let words = [meaning("nihgt", &[], &["night", "might"]), meaning("dead", &["dead"], &["deaf"])];
        let plans: Vec<_> = mistyped(&words).iter().map(spelled).collect();
        assert_eq!(plans, [vec![vec!["=night"], vec!["=dead"]], vec![vec!["=night"], vec!["=dead", "=deaf"]]]);
        assert_eq!(mistyped(&[meaning("nihgt", &[], &[])]), Vec::<Plan>::new());
    }

    #[test]
    fn near_words_are_asked_for_by_what_they_share() {
        let shares = |typed: &str, word: &str| {
            let asked = meaning(typed, &[], &[]).asked_near().unwrap_or_default();
            let tokens = super::super::tokens::word_tokens(word);
            asked.iter().flatten().any(|token| tokens.contains(token))
        };
        for typed in ["matrx", "matrixx", "matrux", "martix", "amtrix", "matrxi", "atrix"] {
            assert!(shares(typed, "matrix"), "{typed}");
        }
        assert!(!shares("mtarxi", "matrix") && !shares("moo", "moon"));
    }
}
