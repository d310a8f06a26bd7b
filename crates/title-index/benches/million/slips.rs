//! One slip of the finger in a name.

use crate::lists::Chance;

#[derive(Clone, Copy)]
pub enum Slip {
    Wrong,
    Missing,
    Doubled,
    Swapped,
}

impl Slip {
    pub const ALL: [Self; 4] = [Self::Wrong, Self::Missing, Self::Doubled, Self::Swapped];

    pub fn words(self) -> &'static str {
        match self {
            Self::Wrong => "one letter wrong",
            Self::Missing => "one letter missing",
            Self::Doubled => "one letter doubled",
            Self::Swapped => "two letters swapped",
        }
    }

    /// Somewhere among the letters of a script with an alphabet; a name without any stays as it is.
    pub fn make(self, name: &str, chance: &mut Chance) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        let is_letter = |c: &char| c.is_alphabetic() && !('\u{3000}'..='\u{9fff}').contains(c);
        let places: Vec<usize> = (0..letters.len()).filter(|n| is_letter(&letters[*n])).collect();
        if places.is_empty() {
            return name.to_owned();
        }
        let at = places[chance.below(places.len() as u32) as usize];
        match self {
            Self::Wrong => {
                let first = if letters[at].is_ascii() || letters[at] < 'а' { 'a' } else { 'а' };
                letters[at] = char::from_u32(u32::from(first) + chance.below(26)).unwrap_or(first);
            }
            Self::Missing => _ = letters.remove(at),
            Self::Doubled => letters.insert(at, letters[at]),
            Self::Swapped if letters.get(at + 1).is_some_and(is_letter) => letters.swap(at, at + 1),
            Self::Swapped if at > 0 && is_letter(&letters[at - 1]) => letters.swap(at - 1, at),
            Self::Swapped => {}
        }
        letters.into_iter().collect()
    }
}
