//! Why a call to Telegram failed, in one type for every kind of connection.

use std::fmt;
use std::time::Duration;

use grammers_mtproto::transport;
use grammers_mtsender::InvocationError;

use crate::domain::text;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// An error that Telegram returned; numbers inside the name stand in `value` (`FLOOD_WAIT_5` is `FLOOD_WAIT` and 5).
    Rpc {
        code: i32,
        name: String,
        value: Option<u32>,
    },
    Timeout(Duration),
    /// The DC does not know our authorization key, or no key can be had for it.
    UnknownKey,
    /// From this address, in a short time (transport error -429).
    TooManyConnections,
    /// bad_msg_notification: a message had a wrong time, salt or number, and sending it again did not help.
    Rejected {
        code: i32,
    },
    Connection(String),
    Stopped,
}

impl CallError {
    /// How long Telegram asks us to wait, if that is what it says.
    pub fn flood_wait(&self) -> Option<Duration> {
        match self {
            Self::Rpc { code: 420, name, value: Some(secs) }
                if name == "FLOOD_WAIT" || name == "FLOOD_PREMIUM_WAIT" =>
            {
                Some(Duration::from_secs((*secs).into()))
            }
            _ => None,
        }
    }

    /// The DC knows the key and nobody signed in with it (401: AUTH_KEY_UNREGISTERED, SESSION_REVOKED, …).
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Rpc { code: 401, .. }) || self.is("AUTH_KEY_DUPLICATED")
    }

    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Rpc { name, .. } if name == wanted)
    }
}

impl From<InvocationError> for CallError {
    fn from(error: InvocationError) -> Self {
        use InvocationError as E;
        match error {
            E::Rpc(rpc) => Self::Rpc { code: rpc.code, name: text::line(&rpc.name, text::WORD), value: rpc.value },
            E::Transport(transport::Error::BadStatus { status: 404 }) | E::InvalidDc => Self::UnknownKey,
            E::Transport(transport::Error::BadStatus { status: 429 }) => Self::TooManyConnections,
            E::Session(e) => Self::Connection(e.to_string()),
            other => Self::Connection(other.to_string()),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rpc { name, value: None, .. } => f.write_str(name),
            Self::Rpc { name, value: Some(value), .. } => write!(f, "{name} ({value})"),
            Self::Timeout(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            Self::UnknownKey => f.write_str("the authorization key is unknown there"),
            Self::TooManyConnections => f.write_str("too many connections in a short time"),
            Self::Rejected { code } => write!(f, "Telegram does not take what is said (code {code})"),
            Self::Connection(detail) => f.write_str(detail),
            Self::Stopped => f.write_str("the connection was closed by us"),
        }
    }
}

/// How long to wait after so many failures in a row. Connections end now and then, so the first retry is at once; Telegram
/// punishes addresses that open too many too fast (-429).
pub fn backoff(failures: u32, error: &CallError) -> Option<Duration> {
    let longest = Duration::from_secs(15);
    match failures {
        n if *error == CallError::TooManyConnections => {
            Some(longest.min(Duration::from_millis(250) * 2u32.saturating_pow(n.min(10))))
        }
        0 | 1 => None,
        n => Some(longest.min(Duration::from_millis(125) * 2u32.saturating_pow(n.min(10)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grammers_mtsender::RpcError;
    use grammers_tl_types as tl;

    fn rpc(code: i32, message: &str) -> CallError {
        let error = tl::types::RpcError { error_code: code, error_message: message.to_owned() };
        InvocationError::Rpc(RpcError::from(error)).into()
    }

    #[test]
    fn flood_waits_are_read_from_name_and_value() {
        let cases = [
            (rpc(420, "FLOOD_WAIT_31"), Some(31)),
            (rpc(420, "FLOOD_PREMIUM_WAIT_5"), Some(5)),
            (rpc(420, "SLOWMODE_WAIT_9"), None),
            (rpc(400, "FLOOD_WAIT_31"), None),
            (rpc(303, "FILE_MIGRATE_4"), None),
            (CallError::Connection("FLOOD_WAIT_3".to_owned()), None),
        ];
        for (error, secs) in cases {
            assert_eq!(error.flood_wait(), secs.map(Duration::from_secs), "{error:?}");
        }
    }

    #[test]
    fn signed_out_is_more_than_one_name() {
        for (error, wanted) in [
            (rpc(401, "AUTH_KEY_UNREGISTERED"), true),
            (rpc(401, "SESSION_REVOKED"), true),
            (rpc(406, "AUTH_KEY_DUPLICATED"), true),
            (rpc(400, "ACCESS_TOKEN_EXPIRED"), false),
            (CallError::UnknownKey, false),
        ] {
            assert_eq!(error.is_signed_out(), wanted, "{error:?}");
        }
    }

    #[test]
    fn transport_errors_keep_their_meaning() {
        let told = |status| CallError::from(InvocationError::Transport(transport::Error::BadStatus { status }));
        assert_eq!([told(404), told(429)], [CallError::UnknownKey, CallError::TooManyConnections]);
    }

    #[test]
    fn retries_slow_down_up_to_a_limit() {
        let cut = CallError::Connection(String::new());
        assert_eq!(backoff(1, &cut), None);
        assert_eq!(backoff(2, &cut), Some(Duration::from_millis(500)));
        assert_eq!(backoff(4, &cut), Some(Duration::from_secs(2)));
        assert_eq!(backoff(99, &cut), Some(Duration::from_secs(15)));
        let refused = CallError::TooManyConnections;
        assert_eq!(backoff(1, &refused), Some(Duration::from_millis(500)));
        assert_eq!(backoff(2, &refused), Some(Duration::from_secs(1)));
        assert_eq!(backoff(99, &refused), Some(Duration::from_secs(15)));
    }
}
