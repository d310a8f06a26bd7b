//! The product's side of Telegram against data centres that misbehave: what it says, what it survives, what it never loses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cinepost::telegram::{Error, Network, Options, Simulated, Telegram, Timing, Vault, VaultError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A vault that outlives the Telegram that uses it, as a database would.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, Vec<u8>>>);

impl Vault for Memory {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(self.0.lock().expect("not poisoned").get(key).cloned())
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.lock().expect("not poisoned").insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.0.lock().expect("not poisoned").remove(key);
        Ok(())
    }
}

/// Short enough for a test, long enough for a busy machine.
const TIMING: Timing =
    Timing { call: Duration::from_secs(2), poll: Duration::from_secs(1), ping: Duration::from_millis(500) };

fn options(network: Simulated) -> Options {
    Options {
        api_id: 1,
        api_hash: "0123456789abcdef0123456789abcdef".to_owned(),
        main: network.main_token().expect("there is a main bot"),
        helpers: network.helper_tokens(),
        network: Network::Simulated(network),
        lanes_per_bot: 2,
        timing: TIMING,
    }
}

/// A DC that does with each connection what it is told.
async fn dc<F, Fut>(serve: F) -> Simulated
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    book(port)
}

fn book(port: u16) -> Simulated {
    let line = serde_json::json!({
        "home_dc": 2,
        "dcs": [{"id": 2, "ip": "127.0.0.1", "port": port}],
        "accounts": [{"name": "main", "bot": true, "token": "1001:abc", "keys": {"2": "a7".repeat(256)}}],
    });
    Simulated::from_json(&line.to_string()).expect("a book")
}

/// Answers every packet with a transport error.
async fn answer_status(mut stream: TcpStream, status: i32) {
    let mut buffer = [0; 4096];
    while matches!(stream.read(&mut buffer).await, Ok(n) if n > 0) {
        if stream.write_all(&(-status).to_le_bytes()).await.is_err() {
            return;
        }
    }
}

async fn start_error(network: Simulated) -> (Error, Duration) {
    let begin = Instant::now();
    match Telegram::start(options(network), Arc::new(Memory::default())).await {
        Ok(_) => panic!("signed in with a DC that never answered"),
        Err(error) => (error, begin.elapsed()),
    }
}

#[tokio::test]
async fn a_black_hole_ends_in_a_clear_message_within_the_time_limit() {
    let hole = dc(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    });
    let (error, took) = start_error(hole.await).await;
    assert!(matches!(&error, Error::Unreachable { .. }), "{error:?}");
    assert!(took < TIMING.call * 2, "{took:?}");
    assert!(error.to_string().contains("check that this machine has a network"), "{error}");
}

#[tokio::test]
async fn a_closed_port_ends_in_a_clear_message_at_once() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("bound").port();
    let (error, took) = start_error(book(closed)).await;
    assert!(matches!(&error, Error::Unreachable { detail } if detail.contains("refused")), "{error:?}");
    assert!(took < TIMING.call, "{took:?}");
}

#[tokio::test]
async fn an_unknown_key_ends_in_a_clear_message_not_in_a_key_exchange() {
    let (error, took) = start_error(dc(|stream| answer_status(stream, 404)).await).await;
    assert!(matches!(error, Error::UnknownKey { .. }), "{error:?}");
    assert!(took < TIMING.call, "{took:?}");
    assert!(error.to_string().contains("TELEGRAM_SIM"), "{error}");
}
