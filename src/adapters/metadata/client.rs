//! The HTTP client, for this folder and for `health`. A request goes to the address that was asked for and to no other: redirects are
//! not followed, since they could lead into this machine's own network and take a key along. No referrer is sent, and a
//! body is read up to a limit.

use std::time::Duration;

use reqwest::Response;
use reqwest::redirect::Policy;

/// A client to be completed, whose TLS has its cryptography: reqwest is built without one.
pub fn builder() -> reqwest::ClientBuilder {
    // An error says that it was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// A client for questions to this address. Without root certificates on this machine it cannot be built.
pub fn client(base_url: &str) -> reqwest::Result<reqwest::Client> {
    careful(base_url).build()
}

/// The same for files, which are stored as they come: a packed one stays packed.
pub fn for_downloads(base_url: &str) -> reqwest::Result<reqwest::Client> {
    careful(base_url).no_gzip().build()
}

fn careful(base_url: &str) -> reqwest::ClientBuilder {
    let mut builder = builder()
        .user_agent(concat!("cinepost/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(3))
        .redirect(Policy::none())
        .referer(false);
    // A proxy of the environment leads outside; what is on this machine is not there.
    if base_url.starts_with("http://127.") || base_url.starts_with("http://localhost") {
        builder = builder.no_proxy();
    }
    builder
}

/// Why an answer could not be read to its end.
pub enum Unread {
    TooLong,
    Broken(reqwest::Error),
}

/// The answer's body, unpacked, unless it is longer than `max_bytes`.
pub async fn body(mut answer: Response, max_bytes: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|e| Unread::Broken(e.without_url()))? {
        if body.len() + piece.len() > max_bytes {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
