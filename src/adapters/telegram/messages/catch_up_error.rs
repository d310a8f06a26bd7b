//! Why catching up with a channel, or with private messages, did not work this time.

use crate::adapters::telegram::VaultError;
use crate::adapters::telegram::connections::call_error::CallError;

#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    #[error("{0}")]
    Call(CallError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("a batch was not acknowledged")]
    NotDone,
    #[error("nobody takes deliveries any more")]
    Stopped,
}

impl From<CallError> for CatchUpError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopped => Self::Stopped,
            error => Self::Call(error),
        }
    }
}
