//! Who is asking. A handler states what it demands in its arguments, so that it cannot forget the check:
//!
//! | extractor | who | proof |
//! | --- | --- | --- |
//! | [`Viewer`] | somebody who may watch | the access token in the path |
//! | [`Owner`] | the owner or an admin, in a browser | the cookie of their session |
//! | [`OwnerForm`] | the same, who sends a form | the cookie, the form's token, and where the form comes from |
//! | [`Operator`] | who may see how the program does | the cookie or token of one of them, or a program on this machine |
//!
//! In a handler they come last: a request that cannot be read (400, 415) fails before one that is not allowed (403).
//!
//! The pages of signing in and out are here too.

pub mod client;
mod guesses;
mod operator;
pub mod origin;
mod owner;
mod session_cookie;
pub mod sessions;
pub mod sign_in;
pub mod sign_out;
#[cfg(test)]
mod tests;
mod viewer;

use std::pin::Pin;

pub use self::guesses::{begin_guess, guessed_right};
pub use self::operator::Operator;
pub use self::owner::{Owner, OwnerForm};
pub use self::viewer::Viewer;

/// The future of an extractor.
type Extracted<T, E> = Pin<Box<dyn Future<Output = Result<T, E>>>>;
