//! The tree as a zip that is written while it is sent.

use std::io::{self, ErrorKind, Write};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tracing::warn;

use super::{Error, Export};
use crate::domain::person::Person;

/// Pieces that wait for a slow reader; each has some 64 KiB.
const WAITING: usize = 4;

/// A zip, piece by piece. It breaks off when it cannot be finished: nobody takes a part of it for the whole.
pub type Pieces = BoxStream<'static, Result<Bytes, Error>>;

impl Export {
    /// The library as a person sees it. Dropping the pieces ends the work.
    pub fn download(&self, person: Person, now: i64) -> Pieces {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (export, pieces) = (self.clone(), Hand(sender.clone()));
        tokio::spawn(async move {
            if let Err(error) = export.zip_into(&person, now, pieces).await {
                warn!(%error, "A zip of the library was cut off");
                let _ = sender.send(Err(error)).await;
            }
        });
        stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|piece| (piece, receiver))).boxed()
    }
}

/// Hands on what is written, from a thread that may wait.
struct Hand(mpsc::Sender<Result<Bytes, Error>>);

impl Write for Hand {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))) {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::Error::new(ErrorKind::BrokenPipe, "the reader is gone")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
