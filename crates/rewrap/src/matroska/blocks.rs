//! Clusters as a stream: bytes in, blocks of the wanted tracks out, without a copy of their frames.

use bytes::Bytes;

use crate::window::{Payload, Window};
use media::matroska::{ebml, ids};

/// A track whose blocks are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub number: u64,
    /// Bytes that stand in front of every frame and were left out of the file.
    pub prefix: Bytes,
}

/// The frames of one block.
#[derive(Debug)]
pub(crate) struct Block {
    pub track: u64,
    /// As it is written: the cluster's time and the block's.
    pub ticks: i64,
    pub key: bool,
    /// Of the block in the file.
    pub at: u64,
    pub frames: Vec<Payload>,
}

pub(crate) enum Next {
    Block(Block),
    /// A cluster begins, or a block of another track was passed over: the time that the stream has come to.
    Reached(i64),
    /// More bytes are needed.
    More,
    /// The segment ends here, or damage that nothing is found behind.
    End,
}

/// Larger than any frame; what says that it is longer is damaged.
const MAX_BLOCK_BYTES: u64 = 64 << 20;
/// The longest head: id and size of the element, number of the track, time, flags.
const HEAD_BYTES: usize = 12 + 8 + 3;
/// The longest head of laces: 255 sizes of up to eight bytes (EBML's), or of a frame of 64 MiB in steps of 255 (Xiph's).
const LACES_BYTES: usize = 320 << 10;

#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    pub window: Window,
    wanted: Vec<Wanted>,
    end: u64,
    cluster_ticks: i64,
    group: Option<Group>,
    /// Damaged: the next cluster is looked for.
    lost: bool,
}

/// A BlockGroup whose children come one by one.
#[derive(Clone, Debug, Default)]
struct Group {
    end: u64,
    block: Option<(Head, Payload)>,
    /// It refers to another picture, so that it is no key frame.
    refers: bool,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    track: u64,
    relative: i16,
    flags: u8,
    at: u64,
}

impl Blocks {
    /// From a cluster (or any level 1 element) at `at` on, to the segment's end.
    pub fn new(at: u64, end: u64, wanted: Vec<Wanted>) -> Self {
        Self { window: Window::new(at), wanted, end, cluster_ticks: 0, group: None, lost: false }
    }

    /// Where the segment ends in the file.
    pub fn end(&self) -> u64 {
        self.end
    }

    pub fn next(&mut self) -> Next {
        loop {
            if let Some(group) = self.group.take_if(|group| self.window.at() >= group.end) {
                if let Some(block) = self.close(group) {
                    return Next::Block(block);
                }
                continue;
            }
            if self.window.at() >= self.end {
                return Next::End;
            }
            if self.lost && !self.search() {
                return Next::More;
            }
            let mut head = [0; HEAD_BYTES];
            let len = self.window.peek(&mut head);
            if len < HEAD_BYTES && self.window.end() < self.end {
                return Next::More;
            }
            match self.element(&head[..len]) {
                Some(next) => return next,
                None => continue,
            }
        }
    }

    /// Looks at the element that the window begins with. `None`: go on.
    fn element(&mut self, head: &[u8]) -> Option<Next> {
        let Some((id, size, len)) = ebml::header(head) else {
            self.lose();
            return None;
        };
        match (id, size) {
            (ids::CLUSTER, _) => {
                self.group = None;
                self.window.skip(len as u64);
                None
            }
            (ids::SEGMENT | ids::EBML, _) => Some(Next::End), // another file behind this one
            (_, None) => {
                self.lose();
                None
            }
            (_, Some(size)) if size > self.end.saturating_sub(self.window.at()) => {
                // What is cut off by the file's end: nothing whole is left.
                Some(if self.group.is_none() && id != ids::SIMPLE_BLOCK && id != ids::BLOCK_GROUP && !is_known(id) {
                    self.lose();
                    return None;
                } else {
                    Next::End
                })
            }
            (ids::BLOCK_GROUP, Some(size)) => {
                self.window.skip(len as u64);
                self.group = Some(Group { end: self.window.at() + size, ..Group::default() });
                None
            }
            (ids::SIMPLE_BLOCK | ids::BLOCK, Some(size)) => self.block(id, size, len, &head[len..]),
            (ids::TIMESTAMP, Some(size)) if size <= 8 => Some(self.timestamp(size as usize, len)),
            (id, Some(size)) => {
                if let Some(group) = self.group.as_mut().filter(|_| id == ids::REFERENCE_BLOCK) {
                    group.refers = true;
                }
                self.window.skip(len as u64 + size);
                None
            }
        }
    }

    fn timestamp(&mut self, size: usize, len: usize) -> Next {
        let Some(bytes) = self.window.take(len + size) else { return self.more_or_end() };
        let mut number = [0; 20];
        let have = bytes.peek(&mut number);
        let value = ebml::uint(&number[len.min(have)..have]).unwrap_or_default();
        self.cluster_ticks = i64::try_from(value).unwrap_or(i64::MAX);
        Next::Reached(self.cluster_ticks)
    }

    fn block(&mut self, id: u32, size: u64, len: usize, head: &[u8]) -> Option<Next> {
        let parsed = (|| {
            let (track, track_len) = ebml::size(head)?;
            let &[high, low, flags] = head.get(track_len..track_len + 3)? else { return None };
            (size >= track_len as u64 + 3 && size <= MAX_BLOCK_BYTES).then_some(())?;
            let relative = i16::from_be_bytes([high, low]);
            Some((Head { track: track?, relative, flags, at: self.window.at() }, track_len + 3))
        })();
        let Some((block, head_len)) = parsed else {
            self.window.skip(len as u64 + size);
            return None;
        };
        if !self.wanted.iter().any(|wanted| wanted.number == block.track) {
            self.window.skip(len as u64 + size);
            return Some(Next::Reached(self.cluster_ticks.saturating_add(block.relative.into())));
        }
        let Some(mut payload) = self.window.take(len + size as usize) else { return Some(self.more_or_end()) };
        payload.split_to(len + head_len);
        match &mut self.group {
            Some(group) if id == ids::BLOCK => {
                group.block = Some((block, payload));
                None
            }
            _ => {
                let key = block.flags & 0x80 != 0;
                self.finish(block, payload, key).map(Next::Block)
            }
        }
    }

    fn close(&mut self, group: Group) -> Option<Block> {
        let (head, payload) = group.block?;
        self.finish(head, payload, !group.refers)
    }

    fn finish(&self, head: Head, payload: Payload, key: bool) -> Option<Block> {
        let prefix = &self.wanted.iter().find(|wanted| wanted.number == head.track)?.prefix;
        let mut frames = parted(payload, head.flags >> 1 & 3)?;
        if !prefix.is_empty() {
            frames.iter_mut().for_each(|frame| frame.0.insert(0, prefix.clone()));
        }
        let ticks = self.cluster_ticks.saturating_add(head.relative.into());
        Some(Block { track: head.track, ticks, key, at: head.at, frames })
    }

    fn more_or_end(&self) -> Next {
        if self.window.end() >= self.end { Next::End } else { Next::More }
    }

    fn lose(&mut self) {
        self.lost = true;
        self.group = None;
        self.window.skip(1);
    }

    /// Goes to where the next cluster seems to begin. `false`: not among the bytes at hand.
    fn search(&mut self) -> bool {
        match self.window.find(ids::CLUSTER.to_be_bytes()) {
            Some(place) => {
                self.window.skip(place as u64);
                self.lost = false;
                true
            }
            None => {
                // It may begin with the last three bytes.
                let keep = if self.window.end() >= self.end { 0 } else { 3 };
                self.window.skip(self.window.len().saturating_sub(keep) as u64);
                self.window.at() >= self.end
            }
        }
    }
}

fn is_known(id: u32) -> bool {
    matches!(id, ids::CUES | ids::TAGS | ids::SEEK_HEAD | ids::VOID | ids::CHAPTERS | ids::ATTACHMENTS)
}

/// The frames of a block: one, or several laced together. `None` when their sizes do not fit.
fn parted(mut payload: Payload, lacing: u8) -> Option<Vec<Payload>> {
    if lacing == 0 {
        return Some(vec![payload]);
    }
    let mut head = vec![0; payload.len().min(LACES_BYTES)];
    payload.peek(&mut head);
    let (&more, rest) = head.split_first()?;
    let more = usize::from(more);
    let (sizes, used) = match lacing {
        1 => xiph_sizes(rest, more)?,
        3 => ebml_sizes(rest, more)?,
        _ => (vec![(payload.len() - 1) / (more + 1); more], 0),
    };
    payload.split_to(1 + used);
    let mut frames = Vec::with_capacity(more + 1);
    for size in sizes {
        let frame = payload.split_to(size);
        (frame.len() == size).then_some(())?;
        frames.push(frame);
    }
    frames.push(payload);
    Some(frames)
}

/// All but the last frame's size, and how many bytes said them.
fn xiph_sizes(bytes: &[u8], count: usize) -> Option<(Vec<usize>, usize)> {
    let mut used = 0;
    let mut sizes = Vec::with_capacity(count);
    for _ in 0..count {
        let mut size = 0;
        loop {
            let byte = *bytes.get(used)?;
            used += 1;
            size += usize::from(byte);
            if byte < 255 {
                break;
            }
        }
        sizes.push(size);
    }
    Some((sizes, used))
}

/// The first size as it is, the others as differences to the one before.
fn ebml_sizes(bytes: &[u8], count: usize) -> Option<(Vec<usize>, usize)> {
    let mut used = 0;
    let mut sizes: Vec<usize> = Vec::with_capacity(count);
    for _ in 0..count {
        let (number, len) = ebml::size(bytes.get(used..)?)?;
        used += len;
        let number = i64::try_from(number?).ok()?;
        let size = match sizes.last() {
            None => number,
            Some(before) => i64::try_from(*before).ok()? + number - ((1 << (7 * len - 1)) - 1),
        };
        sizes.push(usize::try_from(size).ok()?);
    }
    Some((sizes, used))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with a size of eight bytes.
    fn element(id: u32, data: &[u8]) -> Vec<u8> {
        let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        [&id[..], &(data.len() as u64 | 1 << 56).to_be_bytes(), data].concat()
    }

    fn simple(track: u8, relative: i16, flags: u8, data: &[u8]) -> Vec<u8> {
        element(ids::SIMPLE_BLOCK, &[&[0x80 | track][..], &relative.to_be_bytes(), &[flags], data].concat())
    }

    /// All blocks of track 1, the bytes given in pieces of this size.
    fn read(file: &[u8], piece: usize) -> Vec<(i64, bool, Vec<Vec<u8>>)> {
        let prefix = Bytes::from_static(b">");
        let mut blocks = Blocks::new(0, file.len() as u64, vec![Wanted { number: 1, prefix }]);
        let mut found = Vec::new();
        loop {
            match blocks.next() {
                Next::Block(block) => {
                    let frames = block.frames.iter().map(|frame| frame.0.concat()).collect();
                    found.push((block.ticks, block.key, frames));
                }
                Next::Reached(_) => {}
                Next::More => {
                    let from = blocks.window.end() as usize;
                    blocks.window.push(Bytes::copy_from_slice(&file[from..file.len().min(from + piece)]));
                }
                Next::End => return found,
            }
        }
    }

    #[test]
    fn blocks_come_out_whole_however_the_bytes_come_in() {
        let group = element(
            ids::BLOCK_GROUP,
            &[element(ids::BLOCK, &[0x81, 0, 9, 0, b'g']), element(ids::REFERENCE_BLOCK, &[0xff])].concat(),
        );
        let cluster = element(
            ids::CLUSTER,
            &[
                element(ids::TIMESTAMP, &[3, 0xe8]),
                simple(1, -1, 0x80, b"abc"),
                simple(2, 0, 0x80, b"of another track"),
                element(ids::VOID, b"nothing"),
                simple(1, 5, 0x02, &[2, 1, 2, b'a', b'b', b'b', b'c']),
                simple(1, 6, 0x06, &[2, 0x81, 0xc0, b'a', b'b', b'b', b'c']),
                simple(1, 7, 0x04, &[1, b'a', b'b']),
                group,
            ]
            .concat(),
        );
        let frames = |frames: &[&str]| frames.iter().map(|frame| format!(">{frame}").into_bytes()).collect::<Vec<_>>();
        let expected = vec![
            (999, true, frames(&["abc"])),
            (1005, false, frames(&["a", "bb", "c"])),
            (1006, false, frames(&["a", "bb", "c"])),
            (1007, false, frames(&["a", "b"])),
            (1009, false, frames(&["g"])),
        ];
        for piece in [1, 2, 7, 64, 10_000] {
            assert_eq!(read(&cluster, piece), expected, "pieces of {piece}");
        }
    }

    #[test]
    fn behind_damage_it_goes_on_with_the_next_cluster() {
        let cluster =
            |ticks: u8| element(ids::CLUSTER, &[element(ids::TIMESTAMP, &[ticks]), simple(1, 0, 0x80, b"x")].concat());
        let damaged = [cluster(1), vec![0; 50], cluster(2)].concat();
        for piece in [1, 5, 1000] {
            let times: Vec<i64> = read(&damaged, piece).iter().map(|block| block.0).collect();
            assert_eq!(times, [1, 2]);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>, piece in 1usize..40) {
            read(&bytes, piece);
            let cluster = element(ids::CLUSTER, &bytes);
            read(&cluster, piece);
            read(&element(ids::SIMPLE_BLOCK, &[&[0x81, 0, 0][..], &bytes].concat()), piece);
        }
    }
}
