//! How packets are cut out of a TCP stream (core.telegram.org/mtproto/mtproto-transports). Which way a client chose is
//! recognised by its first bytes:
//!
//! ```text
//! ef                          abridged            len/4 in 1 byte, or 7f and 3 bytes
//! ee ee ee ee                 intermediate        len in 4 bytes
//! dd dd dd dd                 padded intermediate the same, with up to 15 bytes of padding
//! .. .. .. .. 00 00 00 00     full                len, number from 0, packet, CRC32
//! any other 64 bytes          obfuscated          AES-CTR around one of the first three
//! ```

use std::io;

use flate2::Crc;
use grammers_crypto::ObfuscatedCipher;
use tokio::io::{AsyncRead, AsyncReadExt, BufReader};

/// The most that is ever put before a packet.
pub(super) const ROOM: usize = 8;

/// Requests are limited to 1 MiB and a little (core.telegram.org/mtproto/service_messages); this leaves slack.
const LONGEST_PACKET: usize = 2 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Abridged,
    Intermediate,
    Padded,
    Full,
}

/// The packets that a client sends.
pub(super) struct Receiver<R> {
    source: Source<R>,
    framing: Framing,
    number: i32,
}

/// Puts packets into the form that the client reads.
pub(super) struct Sender {
    framing: Framing,
    number: i32,
    cipher: Option<ObfuscatedCipher>,
}

/// Bytes of the stream: first those that were read to recognise the transport, deobfuscated where needed.
struct Source<R> {
    seen: Vec<u8>,
    reader: BufReader<R>,
    cipher: Option<ObfuscatedCipher>,
}

/// Reads the first bytes and knows how to go on.
pub(super) async fn accept<R: AsyncRead + Unpin>(reader: R) -> io::Result<(Receiver<R>, Sender)> {
    let mut source = Source { seen: Vec::new(), reader: BufReader::with_capacity(16 * 1024, reader), cipher: None };
    let mut answers = None;
    let framing = match source.look(1).await? {
        [0xef, ..] => Framing::Abridged,
        _ => match *source.look(8).await? {
            [0xee, 0xee, 0xee, 0xee, ..] => Framing::Intermediate,
            [0xdd, 0xdd, 0xdd, 0xdd, ..] => Framing::Padded,
            [_, _, _, _, 0, 0, 0, 0] => Framing::Full,
            _ => {
                let mut init = [0; 64];
                init.copy_from_slice(source.look(64).await?);
                // The client's cipher reads with the reversed half, so ours is made from the reversed bytes. Each
                // direction gets a cipher of its own, of which it uses one half.
                let mut reversed = init;
                reversed.reverse();
                let mut cipher = ObfuscatedCipher::new(&reversed);
                cipher.decrypt(&mut init);
                source.seen.clear();
                source.cipher = Some(cipher);
                answers = Some(ObfuscatedCipher::new(&reversed));
                match init[56..60] {
                    [0xef, 0xef, 0xef, 0xef] => Framing::Abridged,
                    [0xee, 0xee, 0xee, 0xee] => Framing::Intermediate,
                    [0xdd, 0xdd, 0xdd, 0xdd] => Framing::Padded,
                    _ => return Err(bad("this is no transport of MTProto")),
                }
            }
        },
    };
    if source.cipher.is_none() {
        let tag = match framing {
            Framing::Abridged => 1,
            Framing::Intermediate | Framing::Padded => 4,
            Framing::Full => 0,
        };
        source.seen.drain(..tag);
    }
    Ok((Receiver { source, framing, number: 0 }, Sender { framing, number: 0, cipher: answers }))
}

impl<R: AsyncRead + Unpin> Source<R> {
    /// The first `n` bytes, without taking them.
    async fn look(&mut self, n: usize) -> io::Result<&[u8]> {
        while self.seen.len() < n {
            let byte = self.reader.read_u8().await?;
            self.seen.push(byte);
        }
        Ok(&self.seen[..n])
    }

    async fn read(&mut self, buf: &mut [u8]) -> io::Result<()> {
        let seen = self.seen.len().min(buf.len());
        buf[..seen].copy_from_slice(&self.seen[..seen]);
        self.seen.drain(..seen);
        self.reader.read_exact(&mut buf[seen..]).await?;
        if let Some(cipher) = &mut self.cipher {
            cipher.decrypt(buf);
        }
        Ok(())
    }

    async fn read_array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read(&mut bytes).await?;
        Ok(bytes)
    }

    async fn read_vec(&mut self, len: usize) -> io::Result<Vec<u8>> {
        if len > LONGEST_PACKET {
            return Err(bad("the packet is too long"));
        }
        let mut bytes = vec![0; len];
        self.read(&mut bytes).await?;
        Ok(bytes)
    }
}

impl<R: AsyncRead + Unpin> Receiver<R> {
    /// The next packet. An error is also the end of the stream.
    pub async fn next(&mut self) -> io::Result<Vec<u8>> {
        match self.framing {
            Framing::Abridged => {
                // The highest bit asks for a quick ack, which nobody must give.
                let [short] = self.source.read_array().await?;
                let words = match short & 0x7f {
                    0x7f => {
                        let [a, b, c] = self.source.read_array().await?;
                        u32::from_le_bytes([a, b, c, 0]) as usize
                    }
                    short => usize::from(short),
                };
                self.source.read_vec(words * 4).await
            }
            Framing::Intermediate | Framing::Padded => {
                let len = u32::from_le_bytes(self.source.read_array().await?) & 0x7fff_ffff;
                let mut packet = self.source.read_vec(len as usize).await?;
                if self.framing == Framing::Padded {
                    // Encrypted packets are 24 bytes and a multiple of 16.
                    let padding = packet.len().saturating_sub(24) % 16;
                    packet.truncate(packet.len() - padding);
                }
                Ok(packet)
            }
            Framing::Full => {
                let head: [u8; 8] = self.source.read_array().await?;
                let [a, b, c, d, number @ ..] = head;
                let len = u32::from_le_bytes([a, b, c, d]) as usize;
                let packet =
                    self.source.read_vec(len.checked_sub(12).ok_or_else(|| bad("the length is wrong"))?).await?;
                let mut crc = Crc::new();
                crc.update(&head);
                crc.update(&packet);
                if u32::from_le_bytes(self.source.read_array().await?) != crc.sum() {
                    return Err(bad("the checksum is wrong"));
                }
                if i32::from_le_bytes(number) != self.number {
                    return Err(bad("the packet's number is wrong"));
                }
                self.number += 1;
                Ok(packet)
            }
        }
    }
}

impl Sender {
    /// Frames `packet[start..]`, using up to [`ROOM`] bytes before `start`. Returns where the framed packet starts.
    pub fn frame(&mut self, packet: &mut Vec<u8>, start: usize) -> usize {
        let len = packet.len() - start;
        let mut put = |head: &[u8]| {
            packet[start - head.len()..start].copy_from_slice(head);
            start - head.len()
        };
        let from = match self.framing {
            Framing::Abridged if len / 4 < 0x7f => put(&[(len / 4) as u8]),
            Framing::Abridged => {
                let [a, b, c, _] = (len as u32 / 4).to_le_bytes();
                put(&[0x7f, a, b, c])
            }
            Framing::Intermediate | Framing::Padded => put(&(len as u32).to_le_bytes()),
            Framing::Full => {
                let [a, b, c, d] = (len as u32 + 12).to_le_bytes();
                let [e, f, g, h] = self.number.to_le_bytes();
                self.number += 1;
                put(&[a, b, c, d, e, f, g, h])
            }
        };
        if self.framing == Framing::Full {
            let mut crc = Crc::new();
            crc.update(&packet[from..]);
            packet.extend_from_slice(&crc.sum().to_le_bytes());
        }
        if let Some(cipher) = &mut self.cipher {
            cipher.encrypt(&mut packet[from..]);
        }
        from
    }

    /// A transport error: a negative code where a packet would be. In the full transport it stands in place of length,
    /// number and packet.
    pub fn error(&mut self, code: i32) -> Vec<u8> {
        let code = code.to_le_bytes();
        let mut bytes = match self.framing {
            Framing::Abridged => [&[1][..], &code].concat(),
            Framing::Intermediate | Framing::Padded => [[4, 0, 0, 0], code].concat(),
            Framing::Full => [code; 3].concat(),
        };
        if let Some(cipher) = &mut self.cipher {
            cipher.encrypt(&mut bytes);
        }
        bytes
    }
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use grammers_crypto::DequeBuffer;
    use grammers_mtproto::transport::{self as client, Transport};

    /// What a client sends for these packets, and what it must read back.
    fn packets() -> Vec<Vec<u8>> {
        [24, 40, 504, 508, 512, 70_008].map(|len: usize| (0..len).map(|n| (n * 7 + len) as u8).collect()).to_vec()
    }

    fn clients() -> Vec<(&'static str, Box<dyn Transport>)> {
        vec![
            ("full", Box::new(client::Full::new())),
            ("abridged", Box::new(client::Abridged::new())),
            ("intermediate", Box::new(client::Intermediate::new())),
            ("obfuscated abridged", Box::new(client::Obfuscated::new(client::Abridged::new()))),
            ("obfuscated intermediate", Box::new(client::Obfuscated::new(client::Intermediate::new()))),
        ]
    }

    #[tokio::test]
    async fn every_transport_of_another_implementation_is_recognised_and_answered() {
        for (name, mut client) in clients() {
            let mut sent = Vec::new();
            for packet in packets() {
                let mut buffer = DequeBuffer::with_capacity(packet.len(), 128);
                buffer.extend(packet.iter());
                client.pack(&mut buffer);
                sent.extend_from_slice(&buffer[..]);
            }
            let (mut receiver, mut sender) = accept(&sent[..]).await.expect(name);
            let mut answered = Vec::new();
            for packet in packets() {
                assert_eq!(receiver.next().await.expect(name), packet, "{name}");
                let mut answer = [vec![0; ROOM], packet].concat();
                let start = sender.frame(&mut answer, ROOM);
                answered.extend_from_slice(&answer[start..]);
            }
            assert!(receiver.next().await.is_err(), "{name}: the end");
            let mut rest = &mut answered[..];
            for packet in packets() {
                let offset = client.unpack(rest).expect(name);
                assert_eq!(rest[offset.data_range], packet, "{name}");
                rest = &mut rest[offset.next_offset..];
            }
            let mut refusal = sender.error(-404);
            let status = client.unpack(&mut refusal);
            assert_eq!(status.err(), Some(client::Error::BadStatus { status: 404 }), "{name}");
        }
    }

    #[tokio::test]
    async fn padding_is_taken_off() {
        let sent = [&[0xdd; 4][..], &[45, 0, 0, 0], &[7; 45]].concat();
        let (mut receiver, _) = accept(&sent[..]).await.expect("padded");
        assert_eq!(receiver.next().await.expect("a packet"), [7; 40]);
    }

    #[tokio::test]
    async fn damage_ends_the_stream() {
        let mut buffer = DequeBuffer::with_capacity(24, 128);
        buffer.extend([9; 24].iter());
        client::Full::new().pack(&mut buffer);
        let whole = buffer[..].to_vec();
        for (at, what) in [(20, "checksum"), (whole.len() - 1, "checksum")] {
            let mut sent = whole.clone();
            sent[at] ^= 1;
            let (mut receiver, _) = accept(&sent[..]).await.expect("full");
            let error = receiver.next().await.expect_err("damaged");
            assert!(error.to_string().contains(what), "{error}");
        }
        assert!(
            accept(&b"GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: something rather long\r\n\r\n"[..])
                .await
                .is_err()
        );
    }
}
