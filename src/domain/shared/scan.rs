//! What a scanner said about a file, in the form that most scanners have: it ends with 0 when it found nothing, with 1 when it found
//! something, and with anything else when it could not look.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is kept with a file that was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// Unix seconds.
    pub at: i64,
    pub verdict: Verdict,
    /// The scanner's first line, or what kept it from looking. Anybody's text, of one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Clean,
    /// The scanner failed, and the owner lets such files in.
    Unknown,
}

/// What becomes of a file that the scanner could not look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenNotScanned {
    /// A scanner that is down is no open door.
    #[default]
    Refuse,
    Accept,
}

impl FromStr for WhenNotScanned {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "refuse" => Ok(Self::Refuse),
            "accept" => Ok(Self::Accept),
            _ => Err(()),
        }
    }
}
