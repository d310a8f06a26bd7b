//! Languages: ISO 639-2 as containers write it, BCP 47 as we say it.
