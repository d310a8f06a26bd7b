//! RAR: headers stand before each member's data, and every volume begins anew. A member that does not fit goes on in the
//! next volume under a header of its own.
//!
//! ```text
//! part1.rar  [signature][main][file: film.mkv, goes on][####################][end: more follow]
//! part2.rar  [signature][main][file: film.mkv, goes on, began before][######][end: more follow]
//! part3.rar  [signature][main][file: film.mkv, began before][###][end]
//! ```
//!
//! `rar4` and `rar5` read the blocks of the two forms; what they have in common is told here. Written from RARLAB's
//! technotes (rarlab.com/technote.htm for RAR5, technote.txt of RAR 4.20 for the older form).

use std::collections::HashSet;

use super::bytes::Known;
use crate::domain::volumes::ArchiveSplit;

use super::{MAX_MEMBERS, Member, Packing, Problem, Stop, Volumes, damaged, member_name, rar4, rar5};

/// A block, in the words that both forms share.
pub(super) enum Block {
    File(File),
    /// `more`: another volume follows.
    End {
        more: bool,
    },
    /// Everything behind this is encrypted, headers too.
    Locked,
    /// Main header, comments, recovery records, quick-open data.
    Other,
}

pub(super) struct File {
    pub name: String,
    pub is_folder: bool,
    pub packing: Packing,
    /// Began in the volume before.
    pub began_before: bool,
    /// Goes on in the next volume.
    pub goes_on: bool,
}

/// A block, where its data lies, and where the next one begins.
pub(super) struct Found {
    pub block: Block,
    pub data: (u64, u64),
    pub next: u64,
}

const RAR4: &[u8] = b"Rar!\x1a\x07\x00";
const RAR5: &[u8] = b"Rar!\x1a\x07\x01\x00";

pub(super) fn members(known: &Known, volumes: &Volumes, split: ArchiveSplit) -> Result<Vec<Member>, Stop> {
    // Cut by bytes it is one volume to RAR, however many we have.
    let parts: Vec<(u64, u64)> = match split {
        ArchiveSplit::Bytes => vec![(0, volumes.end())],
        ArchiveSplit::Archiver => (0..volumes.count()).filter_map(|volume| volumes.bounds(volume)).collect(),
    };
    if parts.is_empty() {
        return damaged("it is empty");
    }
    let mut listing = Listing::default();
    let mut more = false;
    for (number, (start, end)) in parts.iter().copied().enumerate() {
        let is_last = number + 1 == parts.len();
        match listing.read_volume(known, number, Walk::begin(known, start, end)?)? {
            // Before RAR 3 volumes had no end block.
            None => more = false,
            Some(false) if !is_last => return damaged("it ends before its last volume"),
            Some(follows) => more = follows,
        }
    }
    if more || listing.open.is_some() {
        let volume = (split == ArchiveSplit::Archiver).then_some(parts.len() + 1);
        return Err(Stop::Failed(Problem::Missing { volume }));
    }
    Ok(listing.into_members())
}

const OUT_OF_ORDER: &str = "its volumes do not follow each other";

/// The members that the volumes read so far hold.
#[derive(Default)]
struct Listing {
    members: Vec<Member>,
    names: HashSet<String>,
    /// The member that goes on in the next volume. `None` in it: one that is left out.
    open: Option<Option<Member>>,
}

impl Listing {
    /// Reads the blocks of one volume, counted from 0. Returns what its end block says, if it has one: whether more follow.
    fn read_volume(&mut self, known: &Known, number: usize, mut walk: Walk) -> Result<Option<bool>, Stop> {
        let (was_open, mut has_file, mut end) = (self.open.is_some(), false, None);
        while let Some(Found { block, data, .. }) = walk.next(known)? {
            match block {
                Block::Locked => return Err(Stop::Failed(Problem::Encrypted)),
                Block::End { more } => {
                    end = Some(more);
                    break;
                }
                Block::Other => {}
                Block::File(file) => {
                    has_file = true;
                    if file.began_before != self.open.is_some() {
                        return match number {
                            0 => Err(Stop::Failed(Problem::Missing { volume: None })),
                            _ => damaged(OUT_OF_ORDER),
                        };
                    }
                    self.add(&file, data)?;
                }
            }
        }
        if was_open && !has_file {
            return damaged(OUT_OF_ORDER);
        }
        Ok(end)
    }

    /// Adds a file, or the next run of the one that is open. `data`: start and length of its bytes here.
    fn add(&mut self, file: &File, data: (u64, u64)) -> Result<(), Stop> {
        let name = member_name(&file.name);
        let mut member = match self.open.take() {
            Some(Some(open)) if open.name != name => return damaged(OUT_OF_ORDER),
            Some(open) => open,
            None if file.is_folder || name.is_empty() || !self.names.insert(name.clone()) => None,
            None => Some(Member { name, packing: Packing::Stored, runs: Vec::new(), size: 0 }),
        };
        if let Some(member) = &mut member {
            if file.packing != Packing::Stored {
                member.packing = file.packing;
            }
            if data.1 > 0 {
                member.runs.push(data);
            }
        }
        if file.goes_on {
            self.open = Some(member);
        } else {
            self.members.extend(member);
        }
        if self.members.len() > MAX_MEMBERS { damaged("it holds too many files") } else { Ok(()) }
    }

    fn into_members(mut self) -> Vec<Member> {
        for member in &mut self.members {
            if member.packing != Packing::Stored {
                member.runs.clear();
            }
            member.size = member.runs.iter().map(|(_, len)| len).sum();
        }
        // Nothing to play in what is empty.
        self.members.retain(|member| member.packing != Packing::Stored || !member.runs.is_empty());
        self.members
    }
}

/// Goes from block to block in one volume.
struct Walk {
    is_rar5: bool,
    at: u64,
    end: u64,
}

impl Walk {
    fn begin(known: &Known, start: u64, end: u64) -> Result<Self, Stop> {
        let len = (RAR5.len() as u64).min(end - start);
        let signature = known.get(start, len)?;
        if signature.starts_with(RAR5) {
            return Ok(Self { is_rar5: true, at: start + RAR5.len() as u64, end });
        }
        if signature.starts_with(RAR4) {
            return Ok(Self { is_rar5: false, at: start + RAR4.len() as u64, end });
        }
        damaged("it does not begin as a RAR archive")
    }

    /// `None` at the volume's end.
    fn next(&mut self, known: &Known) -> Result<Option<Found>, Stop> {
        if self.at >= self.end {
            return Ok(None);
        }
        let found = match self.is_rar5 {
            true => rar5::block(known, self.at, self.end)?,
            false => rar4::block(known, self.at, self.end)?,
        };
        let data_end = found.data.0.checked_add(found.data.1);
        if found.next <= self.at || data_end.is_none_or(|end| end > self.end) {
            return damaged("a file lies outside of it");
        }
        self.at = found.next;
        Ok(Some(found))
    }
}
