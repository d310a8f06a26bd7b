//! A player's side of HTTP, as bare as it can be: the processor is for what is measured.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use simulation::content;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::cluster::Film;

const BUFFER: usize = 256 * 1024;
const LONGEST_HEAD: usize = 16 * 1024;

/// An answer, its head read.
pub struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes of the body that came with the head.
    early: Range<usize>,
    pub status: u16,
    /// Of the body, as promised.
    pub length: u64,
    pub received: u64,
    /// Place in the film of the next byte.
    pub at: u64,
}

impl Reader {
    /// Asks for the film from `from` on, or exactly `to - from` bytes of it.
    pub async fn open(film: &Film, from: u64, to: Option<u64>) -> Result<Self> {
        Self::open_with(film, from, to, None).await
    }

    /// The same with a small receive buffer in the kernel, as a player that reads only what it needs should be measured:
    /// by default the kernel would take megabytes on its behalf.
    pub async fn open_player(film: &Film, from: u64) -> Result<Self> {
        Self::open_with(film, from, None, Some(256 * 1024)).await
    }

    async fn open_with(film: &Film, from: u64, to: Option<u64>, kernel: Option<u32>) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = kernel {
            socket.set_recv_buffer_size(bytes)?;
        }
        let mut stream = socket.connect(film.host.parse()?).await?;
        stream.set_nodelay(true)?;
        let end = to.map(|to| (to - 1).to_string()).unwrap_or_default();
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nRange: bytes={from}-{end}\r\nConnection: close\r\n\r\n",
            film.path, film.host
        );
        stream.write_all(request.as_bytes()).await?;
        let (mut buffer, mut filled) = (vec![0; BUFFER], 0);
        let body = loop {
            let read = stream.read(&mut buffer[filled..]).await?;
            ensure!(read > 0, "the connection ended before the head did");
            filled += read;
            if let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(filled < LONGEST_HEAD, "a head of {filled} bytes");
        };
        let head = std::str::from_utf8(&buffer[..body])?.to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("a status")?;
        let length = head.lines().find_map(|l| l.strip_prefix("content-length:")).and_then(|l| l.trim().parse().ok());
        let length = length.unwrap_or_default();
        Ok(Self { stream, buffer, early: body..filled, status, length, received: 0, at: from })
    }

    /// Insists on the bytes being there.
    pub fn expect_bytes(self) -> Result<Self> {
        let told = String::from_utf8_lossy(&self.buffer[self.early.clone()]);
        ensure!(self.status == 206, "status {}: {told}", self.status);
        Ok(self)
    }

    /// The next piece; empty at the end of the connection.
    pub async fn piece(&mut self) -> Result<&[u8]> {
        let range = if self.early.is_empty() {
            0..self.stream.read(&mut self.buffer).await?
        } else {
            std::mem::take(&mut self.early)
        };
        self.received += range.len() as u64;
        self.at += range.len() as u64;
        Ok(&self.buffer[range])
    }

    /// Reads and throws away, until so many bytes came or the end did.
    pub async fn skip(&mut self, bytes: u64) -> Result<()> {
        let until = self.received + bytes;
        while self.received < until && !self.piece().await?.is_empty() {}
        Ok(())
    }

    /// Reads and throws away for a while: bytes that came.
    pub async fn drain_for(&mut self, time: Duration) -> Result<u64> {
        let before = self.received;
        let drain = async {
            while !self.piece().await?.is_empty() {}
            anyhow::Ok(())
        };
        if let Ok(ended) = tokio::time::timeout(time, drain).await {
            ended?;
        }
        Ok(self.received - before)
    }

    /// Reads to the end at a rate.
    pub async fn drain_at(&mut self, per_second: u64) -> Result<()> {
        let (begun, before) = (Instant::now(), self.received);
        loop {
            let due = begun + Duration::from_secs_f64((self.received - before) as f64 / per_second as f64);
            tokio::time::sleep_until(due.into()).await;
            if self.piece().await?.is_empty() {
                return Ok(());
            }
        }
    }

    /// Goes with a reset instead of a farewell.
    pub fn reset(self) -> Result<()> {
        self.stream.set_zero_linger()?;
        Ok(())
    }
}

/// Compares what is read with what the film is made of.
pub struct Verifier {
    document: i64,
    wanted: Vec<u8>,
}

impl Verifier {
    pub fn new(film: &Film) -> Self {
        Self { document: film.document, wanted: Vec::new() }
    }

    pub fn is_right(&mut self, at: u64, piece: &[u8]) -> bool {
        self.wanted.resize(piece.len(), 0);
        content::fill(self.document, at, &mut self.wanted);
        self.wanted == piece
    }
}
