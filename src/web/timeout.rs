//! How long a response may take.

use std::time::Duration;

use tokio::time::timeout;

use super::Error;

/// Stremio itself waits without end, so every response but bytes is given up after this long.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The result of `question`, or [`Error::Slow`] after [`RESPONSE_TIMEOUT`], so that no request hangs on a database that is away.
pub async fn in_time<T, E: Into<Error>>(question: impl Future<Output = Result<T, E>>) -> Result<T, Error> {
    timeout(RESPONSE_TIMEOUT, question).await.map_err(|_| Error::Slow)?.map_err(Into::into)
}
