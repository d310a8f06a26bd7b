//! Cues: where key frames stand, and lines of subtitles.

use std::collections::BTreeSet;

use super::{ebml, ids};
use crate::{KeyFrame, Spot};

#[derive(Clone, Debug, Default)]
pub struct Cues {
    pub key_frames: Vec<KeyFrame>,
    /// Offsets are those of [`super::lines`]: behind the shortest head that a cluster can have.
    pub spots: Vec<Spot>,
    /// Of anything.
    pub last_ns: u64,
}

/// Of each kind: a day of key frames each second, thirty tracks of ten thousand lines.
pub const MAX_CUES: usize = 300_000;

/// `pictures`: the track whose key frames are wanted; `texts`: the tracks of subtitles. `scale`: nanoseconds of a tick.
pub fn cues(body: &[u8], segment_start: u64, scale: u64, pictures: Option<u64>, texts: &BTreeSet<u64>) -> Cues {
    let mut cues = Cues::default();
    for point in ebml::children(body).filter(|child| child.id == ids::CUE_POINT) {
        let ticks = point.children().find(|child| child.id == ids::CUE_TIME).and_then(|child| child.uint());
        let Some(time_ns) = ticks.and_then(|ticks| ticks.checked_mul(scale)) else { continue };
        for positions in point.children().filter(|child| child.id == ids::CUE_TRACK_POSITIONS) {
            let (mut track, mut cluster, mut relative, mut duration) = (0, None, None, None);
            for child in positions.children() {
                match child.id {
                    ids::CUE_TRACK => track = child.uint().unwrap_or_default(),
                    ids::CUE_CLUSTER_POSITION => cluster = child.uint(),
                    ids::CUE_RELATIVE_POSITION => relative = child.uint(),
                    ids::CUE_DURATION => duration = child.uint(),
                    _ => {}
                }
            }
            let Some(cluster) = cluster.and_then(|cluster| cluster.checked_add(segment_start)) else { continue };
            cues.last_ns = cues.last_ns.max(time_ns);
            if Some(track) == pictures && cues.key_frames.len() < MAX_CUES {
                cues.key_frames.push(KeyFrame { time_ns, offset: cluster });
            }
            let place = relative
                .and_then(|relative| cluster.checked_add(relative)?.checked_add(super::lines::MIN_CLUSTER_HEAD));
            if let Some(offset) = place.filter(|_| texts.contains(&track) && cues.spots.len() < MAX_CUES) {
                let duration_ns = duration.and_then(|ticks| ticks.checked_mul(scale));
                cues.spots.push(Spot { offset, len: None, track, start_ns: time_ns, duration_ns });
            }
        }
    }
    cues.spots.sort_unstable();
    cues.spots.dedup();
    cues
}
