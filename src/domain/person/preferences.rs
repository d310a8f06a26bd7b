//! What people chose for themselves.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Stored as JSON. What another version of the program wrote stays, though this one does not know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// What they watch may be remembered.
    pub keeps_history: bool,
    /// The bot may write to them without being asked.
    pub gets_news: bool,
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { keeps_history: true, gets_news: true, unknown: Map::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_stays() {
        let text = r#"{"gets_news":false,"theme":{"dark":true}}"#;
        let read: Preferences = serde_json::from_str(text).expect("JSON");
        assert!(read.keeps_history && !read.gets_news);
        let written = serde_json::to_string(&read).expect("JSON");
        assert_eq!(written, r#"{"keeps_history":true,"gets_news":false,"theme":{"dark":true}}"#);
        assert_eq!(serde_json::from_str::<Preferences>("{}").expect("JSON"), Preferences::default());
    }
}
