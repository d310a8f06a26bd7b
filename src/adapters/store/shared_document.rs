//! The stored form of what a file of a person's is and of who may open it: JSON, the same in both backends. Fields that a later
//! version adds are passed over by this one.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;

pub(super) fn text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::broken)
}

pub(super) fn value<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::broken)
}
