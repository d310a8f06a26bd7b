//! Any bytes as a name, a caption and a folder: the parser answers, and what it answers holds together.
#![no_main]

use cinepost::domain::release::{Input, explain, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // A name has no zero bytes, so they part the three texts.
    let mut texts = text.split('\0');
    let mut next = || texts.next().unwrap_or_default();
    let input = Input { name: next(), caption: next(), folder: next() };
    let release = parse(&input);
    // Linear: no part of the input is multiplied.
    let size = input.name.len() + input.caption.len() + input.folder.len();
    let kept: usize = release.unknown.iter().map(String::len).sum();
    assert!(release.title.len() + kept <= 2 * size + 16);
    assert!(release.readings.len() <= 16);
    // Each value's span lies inside the text it came from, on the borders of characters.
    let explained = explain(&input);
    assert_eq!(explained.release, release);
    for evidence in explained.evidence {
        let text = match evidence.origin {
            cinepost::domain::release::Origin::Name => input.name,
            cinepost::domain::release::Origin::Folder => input.folder,
            cinepost::domain::release::Origin::Caption => input.caption,
        };
        assert!(text.get(evidence.span.clone()).is_some(), "{evidence:?}");
    }
});
