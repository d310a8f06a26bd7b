//! The end of a file: a checksum of all bytes before it. It stands in a frame that zstd passes over, so that its tools read the file.

use std::io::{self, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

use super::BackupError;

/// zstd passes over frames that begin with 0x184D2A50 to 0x184D2A5F, and then say how long they are.
const FRAME: [u8; 8] = [0x5c, 0x2a, 0x4d, 0x18, 40, 0, 0, 0];
const WORD: &[u8; 8] = b"cinepost";
const LENGTH: u64 = 48;

/// Passes bytes on and sums them up.
pub struct Sealed<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Sealed<W> {
    pub fn new(out: W) -> Self {
        Self { out, sum: Sha256::new() }
    }

    /// Writes the seal.
    pub fn seal(mut self) -> io::Result<W> {
        self.out.write_all(&FRAME)?;
        self.out.write_all(WORD)?;
        self.out.write_all(&self.sum.finalize())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a file from its beginning and compares its sum. Returns how long it is without its seal.
pub fn verify<R: Read + Seek>(file: &mut R) -> Result<u64, BackupError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let mut magic = [0; 4];
    let begin = read_up_to(file, &mut magic)?;
    if magic[..begin] != [0x28, 0xb5, 0x2f, 0xfd][..begin] || begin == 0 {
        return Err(BackupError::NoBackup);
    }
    let cut = || BackupError::damaged("its end is missing");
    let body = length.checked_sub(LENGTH).ok_or_else(cut)?;
    file.rewind()?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    let mut left = body;
    while left > 0 {
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..wanted])?;
        sum.update(&buffer[..wanted]);
        left -= wanted as u64;
    }
    let mut end = [0; LENGTH as usize];
    file.read_exact(&mut end)?;
    let (frame, sealed) = end.split_at(16);
    if frame != [FRAME, *WORD].concat() {
        return Err(cut());
    }
    match sum.finalize()[..] == *sealed {
        true => Ok(body),
        false => Err(BackupError::damaged("its checksum is another")),
    }
}

/// The file's bytes from its beginning, without the seal.
pub fn without<R: Read + Seek>(file: &mut R) -> Result<io::BufReader<io::Take<&mut R>>, BackupError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    Ok(io::BufReader::with_capacity(128 << 10, file.take(length.saturating_sub(LENGTH))))
}

fn read_up_to(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}
