//! Packets of a transport stream (ISO/IEC 13818-1 clause 2.4.3): 188 bytes, on Blu-ray with four bytes of time before each, from some receivers with sixteen
//! bytes of parity behind each.

/// How packets follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Framing {
    /// From one packet to the next: 188, 192 or 204.
    pub step: usize,
    /// Where the first packet's sync byte stands.
    pub first: usize,
}

const SYNC: u8 = 0x47;
const PACKET_BYTES: usize = 188;
/// So many sync bytes at the right places are no chance: once in 2^40.
const ENOUGH: usize = 5;
/// Garbage before the first packet that is looked over.
const FARTHEST: usize = 32 << 10;

/// How the packets in `bytes` follow each other, or `None` when there are none. Fewer than five do when they are all of the file.
pub(super) fn framing(bytes: &[u8], is_whole_file: bool) -> Option<Framing> {
    let in_step = |first: usize, step: usize| {
        let places = (first..).step_by(step).take(ENOUGH).take_while(|at| *at < bytes.len());
        let count = places.clone().count();
        (count == ENOUGH || (is_whole_file && count > 1 && first < step)) && places.clone().all(|at| bytes[at] == SYNC)
    };
    let candidates = (0..bytes.len().min(FARTHEST)).filter(|at| bytes[*at] == SYNC);
    candidates
        .flat_map(|first| [188, 192, 204].map(|step| Framing { step, first }))
        .find(|framing| in_step(framing.first, framing.step))
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub pid: u16,
    /// A table or a PES packet begins in it.
    pub begins: bool,
    pub scrambled: bool,
    /// `program_clock_reference_base`, in 90 kHz.
    pub clock: Option<u64>,
    pub payload: &'a [u8],
}

/// The packets in `bytes`. Where a sync byte is missing, the next place is looked for at which two packets follow each other.
pub(super) fn packets(bytes: &[u8], step: usize) -> impl Iterator<Item = Packet<'_>> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        loop {
            let packet = bytes.get(at..at.checked_add(PACKET_BYTES)?)?;
            if packet[0] != SYNC {
                at = in_sync(bytes, at + 1, step)?;
                continue;
            }
            at += step;
            if let Some(packet) = read(packet) {
                return Some(packet);
            }
        }
    })
}

fn in_sync(bytes: &[u8], from: usize, step: usize) -> Option<usize> {
    let follows = |at: &usize| bytes[*at] == SYNC && bytes.get(at + step).is_none_or(|next| *next == SYNC);
    (from..bytes.len()).find(follows)
}

/// `None` for one that says that it is damaged, and for one that contradicts itself.
fn read(packet: &[u8]) -> Option<Packet<'_>> {
    let head = u32::from_be_bytes(packet[..4].try_into().expect("a packet has 188 bytes"));
    let is_damaged = head >> 23 & 1 == 1;
    let (has_adaptation, has_payload) = (head >> 5 & 1 == 1, head >> 4 & 1 == 1);
    let mut rest = &packet[4..];
    let mut clock = None;
    if has_adaptation {
        let length = usize::from(rest[0]);
        clock = rest.get(1..=length).and_then(clock_reference);
        rest = rest.get(length + 1..)?;
    }
    let packet = Packet {
        pid: (head >> 8 & 0x1fff) as u16,
        begins: head >> 22 & 1 == 1,
        scrambled: head >> 6 & 3 != 0,
        clock,
        payload: if has_payload { rest } else { &[] },
    };
    (!is_damaged).then_some(packet)
}

/// Of an adaptation field, from its flags on.
fn clock_reference(field: &[u8]) -> Option<u64> {
    let (flags, clock) = field.split_first()?;
    let clock = clock.first_chunk::<5>().filter(|_| flags & 0x10 != 0)?;
    let [a, b, c, d, e] = clock.map(u64::from);
    Some(a << 25 | b << 17 | c << 9 | d << 1 | e >> 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(step: usize, first: usize, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; first + step * count];
        for at in (first..bytes.len()).step_by(step) {
            bytes[at] = SYNC;
        }
        bytes
    }

    #[test]
    fn packets_of_every_size_are_found_behind_garbage() {
        for (step, first) in [(188, 0), (192, 4), (204, 0), (188, 1000), (192, 777)] {
            assert_eq!(framing(&stream(step, first, 9), false), Some(Framing { step, first }));
        }
        assert_eq!(framing(&stream(188, 0, 3), true), Some(Framing { step: 188, first: 0 }));
        assert_eq!(framing(&stream(188, 0, 3), false), None);
        assert_eq!(framing(&stream(190, 0, 9), false), None);
        assert_eq!(framing(&[], true), None);
    }

    #[test]
    fn a_missing_byte_costs_the_packets_around_it() {
        let mut bytes = stream(188, 0, 9);
        for (number, at) in (0..9).map(|number| (number, number * 188)) {
            bytes[at + 1..at + 4].copy_from_slice(&[0, number as u8, 0x10]);
        }
        bytes.remove(188 * 3 + 50);
        let pids: Vec<u16> = packets(&bytes, 188).map(|packet| packet.pid).collect();
        assert_eq!(pids, [0, 1, 2, 3, 5, 6, 7, 8], "the fourth lost its step");
    }

    #[test]
    fn adaptation_fields_carry_the_clock() {
        let mut bytes = stream(188, 0, 1);
        bytes[1..12].copy_from_slice(&[0x41, 0x00, 0x30, 7, 0x10, 0xff, 0xff, 0xff, 0xff, 0x80, 0]);
        let packet = packets(&bytes, 188).next().expect("one packet");
        assert_eq!((packet.pid, packet.begins, packet.clock), (0x100, true, Some((1 << 33) - 1)));
        assert_eq!(packet.payload.len(), 188 - 12);
        bytes[4] = 200;
        assert_eq!(packets(&bytes, 188).next(), None, "longer than its packet");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(mut bytes: Vec<u8>, step in proptest::sample::select(vec![188usize, 192, 204])) {
            bytes.resize(bytes.len() * 10, SYNC);
            let _ = framing(&bytes, true);
            let _ = packets(&bytes, step).count();
        }
    }
}
