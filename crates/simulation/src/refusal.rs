//! How Telegram says no: an RPC error (core.telegram.org/api/errors).

use std::borrow::Cow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: i32,
    pub message: Cow<'static, str>,
}

impl Refusal {
    pub fn new(code: i32, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }

    /// The request is wrong.
    pub fn bad(message: &'static str) -> Self {
        Self::new(400, message)
    }
}

impl From<grammers_tl_types::deserialize::Error> for Refusal {
    fn from(_: grammers_tl_types::deserialize::Error) -> Self {
        Self::bad("INPUT_REQUEST_INVALID")
    }
}
