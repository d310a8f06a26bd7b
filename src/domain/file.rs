//! Virtual files: runs of one or more documents (volumes) seen as one run of bytes.
//!
//! ```text
//! a film uploaded whole         [        volume 0        ]
//! film.mkv.001, .002            [ volume 0 ][ volume 1 ]
//! stored inside film.zip.001..  [hdr|####### ][#########|index]      # = extents: what of the volumes is the file
//! ```

use serde::{Deserialize, Serialize};

use super::post::DocumentId;
use super::telegram_id::Dc;

/// One document of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub document: DocumentId,
    /// The data centre that holds it.
    pub dc: Dc,
    /// Bytes.
    pub size: u64,
}

/// A run of bytes inside one volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Position in the file's list of volumes.
    pub volume: usize,
    /// Where in the volume it begins.
    pub start: u64,
    /// Bytes.
    pub len: u64,
}

/// Never without a volume; its extents lie inside their volumes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualFile {
    volumes: Vec<Volume>,
    /// In reading order. Empty stands for every volume whole, one after the other: what nearly every file is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extents: Vec<Extent>,
}

impl VirtualFile {
    pub fn single(volume: Volume) -> Self {
        Self { volumes: vec![volume], extents: Vec::new() }
    }

    /// Volumes that follow each other. `None` without a volume.
    pub fn new(volumes: Vec<Volume>) -> Option<Self> {
        (!volumes.is_empty()).then_some(Self { volumes, extents: Vec::new() })
    }

    /// What `extents` name of `volumes`, in this order. `None` without either, or when an extent is empty or lies outside
    /// its volume.
    pub fn of_extents(volumes: Vec<Volume>, extents: Vec<Extent>) -> Option<Self> {
        let is_inside = |extent: &Extent| {
            let end = extent.start.checked_add(extent.len);
            extent.len > 0 && volumes.get(extent.volume).zip(end).is_some_and(|(volume, end)| end <= volume.size)
        };
        (!extents.is_empty() && extents.iter().all(is_inside)).then_some(Self { volumes, extents })
    }

    pub fn volumes(&self) -> &[Volume] {
        &self.volumes
    }

    /// The runs that make up the file, in reading order.
    pub fn extents(&self) -> Vec<Extent> {
        if !self.extents.is_empty() {
            return self.extents.clone();
        }
        let whole = |(volume, of): (usize, &Volume)| Extent { volume, start: 0, len: of.size };
        self.volumes.iter().enumerate().map(whole).collect()
    }

    /// Bytes of the whole.
    pub fn len(&self) -> u64 {
        self.extents().iter().fold(0, |sum, extent| sum.saturating_add(extent.len))
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What players open, however old: a film that ends so is looked for, whatever type the sender's app gave it. Of what release
/// names end with, images of discs are left out: no player plays them from a server.
const VIDEO_EXTENSIONS: [&str; 26] = [
    "mkv", "mk3d", "mp4", "m4v", "avi", "webm", "mov", "ts", "m2ts", "mts", "mpg", "mpeg", "mpe", "vob", "wmv", "asf",
    "flv", "f4v", "3gp", "ogv", "ogm", "rm", "rmvb", "divx", "dv", "wtv",
];

/// Whether a file's name ends as a video's does.
pub fn has_video_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| VIDEO_EXTENSIONS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volumes(sizes: &[u64]) -> Vec<Volume> {
        sizes.iter().zip(1..).map(|(&size, id)| Volume { document: DocumentId(id), dc: Dc(2), size }).collect()
    }

    fn extent(volume: usize, start: u64, len: u64) -> Extent {
        Extent { volume, start, len }
    }

    #[test]
    fn without_extents_every_volume_is_whole() {
        let file = VirtualFile::new(volumes(&[10, 5])).expect("two volumes");
        assert_eq!((file.extents(), file.len()), (vec![extent(0, 0, 10), extent(1, 0, 5)], 15));
        assert_eq!(VirtualFile::new(vec![]), None);
    }

    #[test]
    fn extents_lie_inside_their_volumes() {
        let cases: [(&[Extent], Option<u64>); 7] = [
            (&[extent(0, 3, 7), extent(1, 0, 4)], Some(11)),
            (&[extent(1, 0, 5), extent(0, 0, 1)], Some(6)),
            (&[], None),
            (&[extent(0, 3, 8)], None),
            (&[extent(2, 0, 1)], None),
            (&[extent(0, 3, 0)], None),
            (&[extent(0, u64::MAX, 1)], None),
        ];
        for (extents, len) in cases {
            let file = VirtualFile::of_extents(volumes(&[10, 5]), extents.to_vec());
            assert_eq!(file.map(|file| file.len()), len, "{extents:?}");
        }
    }

    #[test]
    fn a_name_ends_as_a_videos_does() {
        for name in ["Film.mkv", "Film.1968.RMVB", "VTS_01_1.VOB", "Film.ogm", "Film.divx", "00001.mts", ".ts"] {
            assert!(has_video_name(name), "{name}");
        }
        for name in ["setup.exe", "Film.iso", "poster.jpg", "Film.srt", "mkv", "Film.mkv.001", "Film.mkv ", ""] {
            assert!(!has_video_name(name), "{name}");
        }
    }

    #[test]
    fn files_kept_before_there_were_extents_are_read() {
        let kept = r#"{"volumes":[{"document":1,"dc":2,"size":10}]}"#;
        let file: VirtualFile = serde_json::from_str(kept).expect("the older shape");
        assert_eq!(file, VirtualFile::single(volumes(&[10])[0]));
        assert_eq!(serde_json::to_string(&file).expect("JSON"), kept);
    }
}
