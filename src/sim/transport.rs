//! Transports: how MTProto envelopes are framed on TCP. Recognised by a connection's first bytes, as Telegram does
//! (core.telegram.org/mtproto/mtproto-transports).
//!
//! ```text
//! abridged      ef | n:1 or 7f n:3 (quarters) | payload
//! intermediate  ee ee ee ee | length:4 | payload
//! full          length:4 | sequence:4 | payload | crc32:4      (length counts all of it)
//! ```

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// No client sends more in one envelope: a 512 KiB upload part with its wrapping.
const LONGEST: usize = 2 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Abridged,
    Intermediate,
    Full,
}

/// Reads envelopes.
pub struct Reader<R> {
    stream: R,
    transport: Transport,
    /// What was read to recognise the transport and belongs to the first envelope.
    ahead: Vec<u8>,
    sequence: u32,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    /// Waits for the first bytes and recognises the transport.
    pub async fn recognise(mut stream: R) -> io::Result<Self> {
        let first = stream.read_u8().await?;
        if first == 0xef {
            return Ok(Self { stream, transport: Transport::Abridged, ahead: Vec::new(), sequence: 0 });
        }
        let mut rest = [0; 3];
        stream.read_exact(&mut rest).await?;
        let (transport, ahead) = match [first, rest[0], rest[1], rest[2]] {
            [0xee, 0xee, 0xee, 0xee] => (Transport::Intermediate, Vec::new()),
            length => (Transport::Full, length.to_vec()),
        };
        Ok(Self { stream, transport, ahead, sequence: 0 })
    }

    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The next envelope. An error ends the connection.
    pub async fn next(&mut self) -> io::Result<Vec<u8>> {
        match self.transport {
            Transport::Abridged => {
                let quarters = match self.stream.read_u8().await? & 0x7f {
                    0x7f => {
                        let mut length = [0; 4];
                        self.stream.read_exact(&mut length[..3]).await?;
                        u32::from_le_bytes(length) as usize
                    }
                    short => short as usize,
                };
                self.exactly(checked(quarters * 4)?).await
            }
            Transport::Intermediate => {
                // The top bit asks for a quick acknowledgement, which servers may leave out.
                let length = self.stream.read_u32_le().await? & 0x7fff_ffff;
                self.exactly(checked(length as usize)?).await
            }
            Transport::Full => self.full().await,
        }
    }

    async fn full(&mut self) -> io::Result<Vec<u8>> {
        let mut head = std::mem::take(&mut self.ahead);
        let have = head.len();
        head.resize(8, 0);
        self.stream.read_exact(&mut head[have..]).await?;
        let length = checked(word(&head[..4]) as usize)?;
        let sequence = word(&head[4..]);
        if length < 12 || sequence != self.sequence {
            return Err(broken("full transport: wrong length or sequence"));
        }
        let mut body = self.exactly(length - 8).await?;
        let sum = word(&body[length - 12..]);
        body.truncate(length - 12);
        if crc32(&[&head, &body]) != sum {
            return Err(broken("full transport: wrong checksum"));
        }
        self.sequence += 1;
        Ok(body)
    }

    async fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(body)
    }
}

/// Frames what goes out.
pub struct Framer {
    transport: Transport,
    sequence: u32,
}

impl Framer {
    pub fn new(transport: Transport) -> Self {
        Self { transport, sequence: 0 }
    }

    /// Bytes to leave free before a payload, so that [`Framer::close`] can frame it in place.
    pub const ROOM: usize = 8;

    /// Frames a transport error, which the full transport says bare, as a negative length.
    pub fn close_error(&mut self, buffer: &mut Vec<u8>) -> usize {
        match self.transport {
            Transport::Full => Self::ROOM,
            _ => self.close(buffer),
        }
    }

    /// Frames `buffer[ROOM..]` in place; answers where the frame begins.
    pub fn close(&mut self, buffer: &mut Vec<u8>) -> usize {
        let length = buffer.len() - Self::ROOM;
        match self.transport {
            Transport::Abridged if length / 4 < 0x7f => {
                buffer[7] = (length / 4) as u8;
                7
            }
            Transport::Abridged => {
                buffer[4] = 0x7f;
                buffer[5..8].copy_from_slice(&((length / 4) as u32).to_le_bytes()[..3]);
                4
            }
            Transport::Intermediate => {
                buffer[4..8].copy_from_slice(&(length as u32).to_le_bytes());
                4
            }
            Transport::Full => {
                buffer[..4].copy_from_slice(&(length as u32 + 12).to_le_bytes());
                buffer[4..8].copy_from_slice(&self.sequence.to_le_bytes());
                self.sequence += 1;
                let sum = crc32(&[buffer]);
                buffer.extend_from_slice(&sum.to_le_bytes());
                0
            }
        }
    }
}

fn checked(length: usize) -> io::Result<usize> {
    match length {
        4..=LONGEST => Ok(length),
        _ => Err(broken("an envelope of impossible length")),
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn crc32(parts: &[&[u8]]) -> u32 {
    let mut sum = flate2::Crc::new();
    for part in parts {
        sum.update(part);
    }
    sum.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn envelopes_of_every_size_survive_every_transport() {
        let openings: [(Transport, &[u8]); 3] =
            [(Transport::Abridged, &[0xef]), (Transport::Intermediate, &[0xee; 4]), (Transport::Full, &[])];
        for (transport, opening) in openings {
            let mut framer = Framer::new(transport);
            let mut wire = opening.to_vec();
            let sizes = [4, 40, 500, 508, 512, 100_000];
            for size in sizes {
                let mut buffer = vec![0; Framer::ROOM];
                buffer.extend((0..size).map(|n| n as u8));
                let from = framer.close(&mut buffer);
                wire.extend_from_slice(&buffer[from..]);
            }
            let mut reader = Reader::recognise(&wire[..]).await.expect("recognised");
            assert_eq!(reader.transport(), transport);
            for size in sizes {
                let got = reader.next().await.expect("whole");
                assert!(
                    got.len() == size && got.iter().enumerate().all(|(n, b)| *b == n as u8),
                    "{transport:?} {size}"
                );
            }
            assert!(reader.next().await.is_err(), "the end is an error");
        }
    }

    #[tokio::test]
    async fn a_changed_byte_is_noticed() {
        let mut buffer = vec![0; Framer::ROOM];
        buffer.extend([7; 40]);
        Framer::new(Transport::Full).close(&mut buffer);
        buffer[20] ^= 1;
        assert!(Reader::recognise(&buffer[..]).await.expect("recognised").next().await.is_err());
    }
}
