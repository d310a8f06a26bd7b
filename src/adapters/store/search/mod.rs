//! Title search, the same in both backends: how names are folded, by which tokens titles and the catalog's words are found, what a
//! typed word may mean, and how well a name fits what was typed. A backend only finds titles, and words, by tokens; [`Needle::score`]
//! decides.
//!
//! A title's names are kept as one text:
//!
//! ```text
//! "^ the name $^ another name $^ 1968 $@ somebody in it $@ who made it $"
//! ```
//!
//! A person's name finds the titles behind every title that is called so.
//!
//! The catalog's words are kept beside the titles (`words`), from the first title that has one on: a word that is in no title any more
//! costs a look-up that finds nothing.

mod found;
mod meaning;
mod needle;
mod text;
mod tokens;

pub(super) use found::{CANDIDATES, Candidate, Found, LOOKED_AT};
pub(super) use meaning::{HOLDING, NEAR, Plan, Spellings, as_typed, mistyped};
pub(super) use needle::Needle;
pub(super) use text::{fold, names, typed_words};
pub(super) use tokens::{title_tokens, word_tokens, words};
