//! Settings: short texts by key.

use super::Error;
use super::face::face;

face! {
    /// Settings: short texts by key.
    Settings / SettingsBackend {
        async fn get(&self, key: &str) -> Result<Option<String>, Error>;

        async fn set(&self, key: &str, value: &str) -> Result<(), Error>;

        /// The setting, which gets this value when it has none: of several who come first at once all get the same.
        async fn get_or_set(&self, key: &str, first: &str) -> Result<String, Error>;
    }
}
