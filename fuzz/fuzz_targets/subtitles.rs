//! Any bytes as a file of subtitles: an answer, whose cues hold together, and which is written as it is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use subtitles::{Block, Codec, Hints, ass_from_blocks, from_blocks, read, whole_ass};

fuzz_target!(|data: &[u8]| {
    let hints = Hints::default();
    if let Ok(subtitles) = read(data, &hints) {
        assert!(subtitles.cues.iter().all(|cue| cue.start_ms < cue.end_ms && !cue.text.is_empty()));
        assert!(subtitles.cues.is_sorted_by_key(|cue| cue.start_ms));
        for written in [subtitles.to_srt(), subtitles.to_vtt()] {
            let again = read(written.as_bytes(), &hints).expect("what we wrote ourselves");
            let is_srt = !written.starts_with("WEBVTT");
            assert_eq!(if is_srt { again.to_srt() } else { again.to_vtt() }, written);
        }
        let _ = subtitles.shifted(-1_000);
    }
    let _ = whole_ass(data, &hints, 1_000);
    let block = Block { start_ms: 1_000, duration_ms: None, payload: data };
    for codec in [Codec::Srt, Codec::Ass, Codec::WebVtt, Codec::Tx3g] {
        let _ = from_blocks(codec, data, [block, block]);
    }
    let _ = ass_from_blocks(data, [block]);
});
