//! The parts of the file, written from its beginning to its end; the header, which tells their lengths, goes in last.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use super::Entry;
use super::sorting::Sorted;
use crate::layout::{self, HEADER_LEN, Header, Record};

pub struct Output<'f> {
    file: BufWriter<&'f mut File>,
    checksum: crc32fast::Hasher,
    written: u64,
    /// Of a record that is about to be written.
    record: Vec<u8>,
    records_len: u64,
}

impl<'f> Output<'f> {
    pub fn new(file: &'f mut File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(HEADER_LEN as u64))?;
        let file = BufWriter::with_capacity(256 << 10, file);
        Ok(Self { file, checksum: crc32fast::Hasher::new(), written: 0, record: Vec::new(), records_len: 0 })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.checksum.update(bytes);
        self.written += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Returns where it stands; `None` when there is no more room: places are 32 bits.
    pub fn record(&mut self, record: &Record) -> io::Result<Option<u32>> {
        let mut bytes = std::mem::take(&mut self.record);
        bytes.clear();
        record.encode(&mut bytes);
        let at = u32::try_from(self.records_len).ok().filter(|at| at.checked_add(bytes.len() as u32).is_some());
        if at.is_some() {
            self.put(&bytes)?;
            self.records_len += bytes.len() as u64;
        }
        self.record = bytes;
        Ok(at)
    }

    /// Writes the table, after all records. Returns how many entries it has, and the directory.
    pub fn table(&mut self, bits: u32, entries: Sorted) -> io::Result<(u32, Vec<u32>)> {
        let mut directory = Vec::with_capacity((1 << bits) + 1);
        let mut count = 0_u32;
        for entry in entries {
            let Entry { hash, record } = entry?;
            let bucket = layout::bucket(hash, bits) as usize;
            // Also for the empty buckets before it.
            directory.resize(directory.len().max(bucket + 1), count);
            self.put(&(hash as u32).to_le_bytes())?;
            self.put(&record.to_le_bytes())?;
            count = count.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        }
        directory.resize((1 << bits) + 1, count);
        Ok((count, directory))
    }

    /// Writes what is left. `complete` fills in what only the builder knows. Returns the file's length.
    pub fn finish(
        mut self,
        directory: &[u32],
        about: &[u8],
        complete: impl FnOnce(Header) -> Header,
    ) -> io::Result<u64> {
        for first in directory {
            self.put(&first.to_le_bytes())?;
        }
        self.put(about)?;
        let header = Header {
            checksum: self.checksum.clone().finalize(),
            titles: 0,
            entries: 0,
            bucket_bits: 0,
            records_len: self.records_len,
            about_len: 0,
        };
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&complete(header).encode())?;
        self.file.flush()?;
        Ok(HEADER_LEN as u64 + self.written)
    }
}
