//! Layer 2: bots. Signs each in once, keeps it signed in, brings its sign-in to the data centres that hold files, and knows
//! how it is.

pub mod bot;
pub mod network;
pub mod renewable;
pub mod token;
