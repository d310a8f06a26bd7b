//! Marks: which tokens say something about the file, what they say, and which rule found it.

use super::rules::Rule;
use super::words::{Strength, Tag};

/// A run of tokens and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub first: usize,
    /// Inclusive.
    pub last: usize,
    pub tag: Tag,
    pub strength: Strength,
    /// Why.
    pub rule: Rule,
}

/// All marks of a name, and for each token the first that covers it.
#[derive(Debug, Default)]
pub struct Marks {
    list: Vec<Mark>,
    /// 0: free; otherwise one more than an index into `list`.
    owner: Vec<u16>,
}

impl Marks {
    /// No marks on so many tokens.
    pub fn new(tokens: usize) -> Self {
        Self { list: Vec::with_capacity(16), owner: vec![0; tokens] }
    }

    /// All marks that were ever laid, those that gave way too.
    pub fn iter(&self) -> impl Iterator<Item = &Mark> {
        self.list.iter()
    }

    /// The first mark on a token.
    pub fn at(&self, index: usize) -> Option<&Mark> {
        let owner = *self.owner.get(index)?;
        self.list.get(usize::from(owner).checked_sub(1)?)
    }

    /// No mark owns the token.
    pub fn is_free(&self, index: usize) -> bool {
        self.owner.get(index) == Some(&0)
    }

    /// What owns the token is no title word.
    pub fn is_firm(&self, index: usize) -> bool {
        self.at(index).is_some_and(|m| m.strength == Strength::Firm)
    }

    /// Lays a mark over tokens; what was there before gives way.
    pub fn put(&mut self, first: usize, last: usize, tag: Tag, strength: Strength, rule: Rule) {
        let Ok(id) = u16::try_from(self.list.len() + 1) else { return };
        if last >= self.owner.len() || first > last {
            return;
        }
        self.drop_within(first, last);
        self.list.push(Mark { first, last, tag, strength, rule });
        self.owner[first..=last].fill(id);
    }

    /// A second statement of the same tokens (`DDP5.1` is a codec and a channel count).
    pub fn also(&mut self, first: usize, last: usize, tag: Tag) {
        self.list.push(Mark { first, last, tag, strength: Strength::Firm, rule: Rule::Glued });
        let id = u16::try_from(self.list.len()).unwrap_or(0);
        for owner in &mut self.owner[first..=last] {
            if *owner == 0 {
                *owner = id;
            }
        }
    }

    /// Takes marks off tokens that turned out to be title words.
    fn drop_within(&mut self, first: usize, last: usize) {
        for i in first..=last.min(self.owner.len().saturating_sub(1)) {
            let id = self.owner[i];
            if id != 0 {
                let mark = self.list[usize::from(id) - 1];
                for owner in &mut self.owner[mark.first..=mark.last] {
                    if *owner == id {
                        *owner = 0;
                    }
                }
            }
        }
    }

    /// Marks that still own a token, in the order of the name.
    pub fn live(&self) -> impl Iterator<Item = &Mark> {
        self.list
            .iter()
            .enumerate()
            .filter(|(id, mark)| {
                self.owner[mark.first..=mark.last].iter().any(|owner| {
                    usize::from(*owner) == id + 1
                        || self.list.get(usize::from(*owner).wrapping_sub(1)).is_some_and(|o| shares(o, mark))
                })
            })
            .map(|(_, mark)| mark)
    }

    /// The mark that owns a token, to change what it says: marks stay in the order of the name.
    pub fn owner(&mut self, index: usize) -> Option<&mut Mark> {
        let owner = *self.owner.get(index)?;
        self.list.get_mut(usize::from(owner).checked_sub(1)?)
    }

    /// The mark laid last.
    pub fn last(&mut self) -> Option<&mut Mark> {
        self.list.last_mut()
    }
}

/// `DDP5.1`: the channel count shares its first token with the codec.
fn shares(owner: &Mark, mark: &Mark) -> bool {
    owner.first == mark.first && owner.strength == Strength::Firm && mark.strength == Strength::Firm
}
