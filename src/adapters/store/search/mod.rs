//! Title search, the same in both backends: how names are folded, which runs of three letters (grams) a backend must look up,
//! and how well a name fits what was typed. A backend only finds titles by grams; [`Needle::score`] decides.
//!
//! A title's names are kept as one text:
//!
//! ```text
//! "^ the name $^ another name $^ 1968 $@ somebody in it $@ who made it $"
//! ```
//!
//! A person's name finds the titles behind every title that is called so.
//!
//! The spaces and marks around words make grams of their own (` th`, `e $`), so that a backend can look up words of one
//! letter, beginnings and ends of words, and whole names.

mod found;
mod needle;
mod text;

pub(super) use found::{CANDIDATES, Candidate, Found};
pub(super) use needle::{Needle, Plan};
pub(super) use text::{fold, grams, names, typed_words};
