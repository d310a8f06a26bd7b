//! A download's bytes, handed from the task that gets them to the thread that reads them, a few at a time.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

/// Pieces on their way: some hundred kilobytes. The socket waits while they are not read.
const ON_THEIR_WAY: usize = 16;

#[derive(Debug)]
pub(super) enum Piece {
    Bytes(Bytes),
    /// All of the list was sent. Without it, it broke off.
    End,
}

pub(super) fn pipe() -> (mpsc::Sender<Piece>, Pieces) {
    let (to, from) = mpsc::channel(ON_THEIR_WAY);
    (to, Pieces { from, piece: Bytes::new(), is_over: false })
}

/// Blocks while it waits: for a thread of its own.
pub(super) struct Pieces {
    from: mpsc::Receiver<Piece>,
    piece: Bytes,
    is_over: bool,
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.is_over {
            match self.from.blocking_recv() {
                Some(Piece::Bytes(piece)) => self.piece = piece,
                Some(Piece::End) => self.is_over = true,
                None => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the download broke off")),
            }
        }
        let taken = self.piece.len().min(to.len());
        self.piece.copy_to_slice(&mut to[..taken]);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_when_it_was_sent_whole_and_fails_when_it_broke_off() {
        for (is_whole, wanted) in [(true, Some("a list")), (false, None)] {
            let (to, mut from) = pipe();
            for text in ["a ", "", "list"] {
                to.try_send(Piece::Bytes(Bytes::from_static(text.as_bytes()))).expect("there is room");
            }
            if is_whole {
                to.try_send(Piece::End).expect("there is room");
            }
            drop(to);
            let mut text = String::new();
            let read = from.read_to_string(&mut text).ok().map(|_| text.as_str());
            assert_eq!(read, wanted);
        }
    }
}
