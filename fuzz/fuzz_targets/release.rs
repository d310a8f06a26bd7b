//! Any bytes as a name, a caption and a folder: the parser answers, and what it answers holds together.
#![no_main]

use release_name::{Input, explain, parse};
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
            release_name::Origin::Name => input.name,
            release_name::Origin::Folder => input.folder,
            release_name::Origin::Caption => input.caption,
        };
        assert!(text.get(evidence.span.clone()).is_some(), "{evidence:?}");
    }
});
