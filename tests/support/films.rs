//! Films whose bytes are known: Matroska, of which a reader finds all that says what it holds, and no picture that could be shown.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

/// An element of EBML; its size in eight bytes.
pub fn element(id: &[u8], data: &[u8]) -> Vec<u8> {
    [id, &size(data.len() as u64), data].concat()
}

fn size(len: u64) -> [u8; 8] {
    (len | 1 << 56).to_be_bytes()
}

pub fn number(id: &[u8], value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

/// `kind`: 1 a picture, 2 a sound, 17 subtitles.
pub fn track(number_: u64, kind: u64, codec: &str, more: &[u8]) -> Vec<u8> {
    let head = [number(&[0xd7], number_), number(&[0x73, 0xc5], number_), number(&[0x83], kind)].concat();
    element(&[0xae], &[&head, &element(&[0x86], codec.as_bytes()), more].concat())
}

pub fn language(tag: &str) -> Vec<u8> {
    element(&[0x22, 0xb5, 0x9d], tag.as_bytes())
}

pub fn head() -> Vec<u8> {
    let header = [element(&[0x42, 0x82], b"matroska"), number(&[0x42, 0x87], 4), number(&[0x42, 0x85], 2)].concat();
    element(&[0x1a, 0x45, 0xdf, 0xa3], &header)
}

/// Milliseconds, of ticks of one each.
pub fn info(duration_ms: u64) -> Vec<u8> {
    let duration = element(&[0x44, 0x89], &(duration_ms as f64).to_be_bytes());
    element(&[0x15, 0x49, 0xa9, 0x66], &[number(&[0x2a, 0xd7, 0xb1], 1_000_000), duration].concat())
}

/// A film of so many seconds without sound: 25 pictures of H.264 a second, each of so many bytes that are none, a key frame every two seconds, and an index.
pub fn pictured(secs: u64, picture_bytes: usize) -> Vec<u8> {
    let avcc = [1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x28, 1, 0, 1, 0x68];
    let measures = element(&[0xe0], &[number(&[0xb0], 640), number(&[0xba], 360)].concat());
    let frame_ns = number(&[0x23, 0xe3, 0x83], 40_000_000);
    let head = [number(&[0xd7], 1), number(&[0x83], 1), element(&[0x86], b"V_MPEG4/ISO/AVC")].concat();
    let track = [head, element(&[0x63, 0xa2], &avcc), frame_ns, measures].concat();
    let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track));
    let duration = element(&[0x44, 0x89], &((secs * 1000) as f64).to_be_bytes());
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &duration);
    // A cluster for each group of pictures.
    let block = |group: u64, picture: u64| {
        let flags = if picture == 0 { 0x80 } else { 0 };
        let [high, low] = ((picture * 40) as u16).to_be_bytes();
        // No byte is like the one before it, so that nothing looks like another place.
        let bytes = (0..picture_bytes).map(|n| (n as u64 * 31 + picture * 7 + group) as u8);
        element(&[0xa3], &[0x81, high, low, flags].into_iter().chain(bytes).collect::<Vec<_>>())
    };
    let cluster = |group: u64| {
        let blocks = (0..50).flat_map(|picture| block(group, picture));
        let body = number(&[0xe7], group * 2000).into_iter().chain(blocks).collect::<Vec<_>>();
        element(&[0x1f, 0x43, 0xb6, 0x75], &body)
    };
    let clusters: Vec<Vec<u8>> = (0..secs / 2).map(cluster).collect();
    let cues = |behind: usize| {
        let mut at = behind;
        let point = |(group, cluster): (usize, &Vec<u8>)| {
            let positions = element(&[0xb7], &[number(&[0xf7], 1), number(&[0xf1], at as u64)].concat());
            at += cluster.len();
            element(&[0xbb], &[number(&[0xb3], group as u64 * 2000), positions].concat())
        };
        element(&[0x1c, 0x53, 0xbb, 0x6b], &clusters.iter().enumerate().flat_map(point).collect::<Vec<_>>())
    };
    let front = info.len() + tracks.len() + cues(0).len();
    let segment = [info, tracks, cues(front), clusters.concat()].concat();
    [element(&[0x1a, 0x45, 0xdf, 0xa3], &[]), element(&[0x18, 0x53, 0x80, 0x67], &segment)].concat()
}

/// A film with tracks of text: so many lines in each, evenly over so many bytes, at the same times.
pub struct Subtitled<'a> {
    pub bytes: u64,
    pub lines: u64,
    /// Codec and language.
    pub tracks: &'a [(&'a str, &'a str)],
    /// Whether its index says where lines stand.
    pub has_cues: bool,
    /// Whether the lines are where it says.
    pub is_damaged: bool,
}

/// From one line to the next.
pub const LINE_EVERY_MS: u64 = 5000;
/// What a line is shown for.
pub const LINE_MS: u64 = 2000;

impl Subtitled<'_> {
    /// Writes it as a file with holes: gigabytes take kilobytes of the disk.
    pub fn write(&self, path: &Path) {
        let tracks = self.tracks.iter().zip(1u64..).map(|((codec, tag), n)| {
            // The script of ASS.
            let private = if codec.ends_with("ASS") { element(&[0x63, 0xa2], SCRIPT.as_bytes()) } else { Vec::new() };
            track(n, 17, codec, &[language(tag), private].concat())
        });
        let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &tracks.collect::<Vec<_>>().concat());
        let front = [info(self.lines * LINE_EVERY_MS), tracks].concat();
        let clusters: Vec<_> = (0..self.lines).map(|line| self.cluster(line)).collect();
        // The index has one length whatever stands in it, for every number takes eight bytes.
        let index_len = self.cues(&clusters, 0).len() as u64;
        let begin = front.len() as u64 + index_len;
        let index = self.cues(&clusters, begin);

        let mut file = File::create(path).expect("a file");
        let head = head();
        let segment_begin = head.len() as u64 + 12;
        let step = (self.bytes - segment_begin - begin) / self.lines;
        file.write_all(&head).expect("written");
        file.write_all(&[0x18, 0x53, 0x80, 0x67]).expect("written");
        file.write_all(&size(self.bytes - segment_begin)).expect("written");
        file.write_all(&[front, index].concat()).expect("written");
        for (line, (cluster, _)) in clusters.iter().enumerate() {
            let at = segment_begin + begin + line as u64 * step;
            file.seek(SeekFrom::Start(at)).expect("within");
            if !self.is_damaged {
                file.write_all(cluster).expect("written");
                // A Void up to the next cluster.
                let hole = step - cluster.len() as u64 - 9;
                file.write_all(&[&[0xec][..], &size(hole)].concat()).expect("written");
            }
        }
        file.set_len(self.bytes).expect("grown");
    }

    /// A cluster with one line of each track, and where each stands behind the cluster's head.
    fn cluster(&self, line: u64) -> (Vec<u8>, Vec<u64>) {
        let mut inside = number(&[0xe7], line * LINE_EVERY_MS);
        let mut places = Vec::new();
        for (n, (codec, tag)) in self.tracks.iter().enumerate() {
            let said = format!("Line {line} in {tag}.");
            let payload = if codec.ends_with("ASS") { format!("{line},0,Default,,0,0,0,,{said}") } else { said };
            // Number of the track, ticks behind the cluster's, flags.
            let block = [&[0x81 + n as u8, 0, 0, 0][..], payload.as_bytes()].concat();
            places.push(inside.len() as u64);
            let group = [element(&[0xa1], &block), number(&[0x9b], LINE_MS)].concat();
            inside.extend(element(&[0xa0], &group));
        }
        (element(&[0x1f, 0x43, 0xb6, 0x75], &inside), places)
    }

    /// `begin`: of the first cluster, in the segment.
    fn cues(&self, clusters: &[(Vec<u8>, Vec<u64>)], begin: u64) -> Vec<u8> {
        if !self.has_cues {
            return Vec::new();
        }
        let segment_begin = head().len() as u64 + 12;
        let step = (self.bytes - segment_begin - begin) / self.lines;
        let points = clusters.iter().zip(0u64..).flat_map(|((_, places), line)| {
            places.iter().zip(1u64..).map(move |(place, track)| {
                let position = [number(&[0xf7], track), number(&[0xf1], begin + line * step), number(&[0xf0], *place)];
                let time = number(&[0xb3], line * LINE_EVERY_MS);
                element(&[0xbb], &[time, element(&[0xb7], &position.concat())].concat())
            })
        });
        element(&[0x1c, 0x53, 0xbb, 0x6b], &points.collect::<Vec<_>>().concat())
    }
}

const SCRIPT: &str = "[Script Info]\nPlayResX: 640\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n\
                      Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";
