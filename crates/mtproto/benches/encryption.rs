//! How fast one core encrypts and decrypts messages with 1 MiB of a file, as a connection does it: in place, and while the
//! message comes in pieces of 128 KiB. `cargo bench -p mtproto`.

use std::time::{Duration, Instant};

use mtproto::{AuthKey, Direction, ENVELOPE_BYTES, Opening, padding, seal};

const FILE_BYTES: usize = 1 << 20;
const PIECE_BYTES: usize = 128 * 1024;
const MEASURED_FOR: Duration = Duration::from_secs(2);

fn main() {
    let key = AuthKey::from_bytes(std::array::from_fn(|n| n as u8));
    let mut packet = vec![0x5a; ENVELOPE_BYTES + FILE_BYTES + padding(FILE_BYTES)];
    measure("encrypt", || seal(&key, Direction::ToClient, &mut packet, ENVELOPE_BYTES));
    let mut received = packet.clone();
    measure("decrypt", || {
        received.copy_from_slice(&packet);
        let (envelope, text) = received.split_first_chunk_mut().expect("an envelope");
        let mut opening = Opening::begin(&key, Direction::ToClient, envelope).expect("our key");
        text.chunks_mut(PIECE_BYTES).for_each(|piece| opening.feed(piece));
        assert!(opening.finish(), "a message that was damaged");
    });
}

/// Runs `message` over and over and prints the rate of the best fifth of the time: other programs share the core.
fn measure(what: &str, mut message: impl FnMut()) {
    let (begin, mut times) = (Instant::now(), Vec::new());
    while begin.elapsed() < MEASURED_FOR {
        let one = Instant::now();
        message();
        times.push(one.elapsed());
    }
    times.sort();
    let time = times[times.len() / 5].as_secs_f64();
    println!("{what}: {:.0} MB/s", FILE_BYTES as f64 / time / 1e6);
}
