//! Links open as what was sealed; any other text is refused.
#![no_main]

use cinepost::domain::entry::EntryId;
use cinepost::domain::link::{Link, LinkError};
use cinepost::domain::person::PersonId;
use cinepost::domain::secret::{Purpose, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: ([u8; 12], u32, u16, Option<u64>, u64, &str, usize)| {
    let (entry, person, version, expires, now, text, place) = input;
    let key = SecretKey::from_bytes([7; 32]).derive(Purpose::Link);
    let link = Link { entry: EntryId::from_bytes(entry), person: PersonId(person), version, expires };
    let sealed = link.seal(&key);
    let is_over = expires.is_some_and(|end| end <= now);
    assert_eq!(Link::open(&sealed, &key, now), if is_over { Err(LinkError::Expired) } else { Ok(link) });

    // What opens is what would be sealed again: there are no two texts for one link.
    if let Ok(opened) = Link::open(text, &key, now) {
        assert_eq!(opened.seal(&key), text);
    }
    // One piece of a real link replaced.
    let at = place % (sealed.len() + 1);
    let mixed = format!("{}{text}{}", &sealed[..at], &sealed[at.saturating_add(text.len()).min(sealed.len())..]);
    // The fuzzer sees what is compared and so learns real links of other inputs; put in whole, they open, as they should.
    if mixed != sealed && mixed != text {
        assert_eq!(Link::open(&mixed, &key, now), Err(LinkError::Forged));
    }
});
