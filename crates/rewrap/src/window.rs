//! Bytes of a file that came and were not used yet: a run of chunks as they were given, looked into and cut without copies.

use std::collections::VecDeque;

use bytes::Bytes;

/// The bytes of one frame, in as many pieces as chunks that it lies across.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Payload(pub Vec<Bytes>);

impl Payload {
    pub fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// Copies the first bytes into `into`, as many as there are; returns how many.
    pub fn peek(&self, into: &mut [u8]) -> usize {
        copy(self.0.iter(), into)
    }

    /// Cuts the first `count` bytes off (fewer when there are no more) and returns them.
    pub fn split_to(&mut self, mut count: usize) -> Payload {
        let mut first = Vec::new();
        while count > 0 && !self.0.is_empty() {
            if self.0[0].len() <= count {
                count -= self.0[0].len();
                first.push(self.0.remove(0));
            } else {
                first.push(self.0[0].split_to(count));
                count = 0;
            }
        }
        Payload(first)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Window {
    at: u64,
    chunks: VecDeque<Bytes>,
    len: usize,
}

impl Window {
    /// Empty, with its beginning at this place of the file.
    pub fn new(at: u64) -> Self {
        Self { at, chunks: VecDeque::new(), len: 0 }
    }

    /// The place in the file of the first byte.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The place of the next byte that is to come.
    pub fn end(&self) -> u64 {
        self.at + self.len as u64
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds bytes that stand at [`Window::end`] in the file.
    pub fn push(&mut self, bytes: Bytes) {
        self.len += bytes.len();
        if !bytes.is_empty() {
            self.chunks.push_back(bytes);
        }
    }

    pub fn peek(&self, into: &mut [u8]) -> usize {
        copy(self.chunks.iter(), into)
    }

    /// Goes forward. Behind the last byte that came, nothing is left and the window begins further on.
    pub fn skip(&mut self, count: u64) {
        let here = usize::try_from(count).unwrap_or(usize::MAX).min(self.len);
        self.cut(here);
        self.at = self.at.saturating_add(count - here as u64);
    }

    /// Goes to any place; what came is kept only when that place is in it.
    pub fn go_to(&mut self, at: u64) {
        match at.checked_sub(self.at) {
            Some(forward) => self.skip(forward),
            None => *self = Self::new(at),
        }
    }

    /// The next `count` bytes; `None`, and nothing changes, when not all of them came.
    pub fn take(&mut self, count: usize) -> Option<Payload> {
        (count <= self.len).then(|| self.cut(count))
    }

    /// Where this first byte of `bytes` begins, searched from the start.
    pub fn find(&self, bytes: [u8; 4]) -> Option<usize> {
        let mut last = [0u8; 4];
        let all = self.chunks.iter().flat_map(|chunk| chunk.iter());
        all.enumerate().find_map(|(place, byte)| {
            last = [last[1], last[2], last[3], *byte];
            (place >= 3 && last == bytes).then(|| place - 3)
        })
    }

    fn cut(&mut self, mut count: usize) -> Payload {
        let mut taken = Vec::with_capacity(1);
        self.len -= count;
        self.at += count as u64;
        while count > 0 {
            let Some(front) = self.chunks.front_mut() else { break };
            if front.len() <= count {
                count -= front.len();
                taken.extend(self.chunks.pop_front());
            } else {
                taken.push(front.split_to(count));
                count = 0;
            }
        }
        Payload(taken)
    }
}

fn copy<'a>(chunks: impl Iterator<Item = &'a Bytes>, into: &mut [u8]) -> usize {
    let mut done = 0;
    for chunk in chunks {
        let now = chunk.len().min(into.len() - done);
        into[done..done + now].copy_from_slice(&chunk[..now]);
        done += now;
        if done == into.len() {
            break;
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(chunks: &[&'static [u8]]) -> Window {
        let mut window = Window::new(100);
        chunks.iter().for_each(|chunk| window.push(Bytes::from_static(chunk)));
        window
    }

    #[test]
    fn bytes_are_taken_across_chunks() {
        let mut window = window(&[b"abc", b"", b"defg"]);
        let mut head = [0; 5];
        assert_eq!((window.peek(&mut head), &head), (5, b"abcde"));
        assert_eq!(window.take(8), None);
        assert_eq!(window.take(4).map(|taken| taken.0), Some(vec![Bytes::from("abc"), Bytes::from("d")]));
        assert_eq!((window.at(), window.end(), window.len()), (104, 107, 3));
        assert_eq!(window.find(*b"defg"), None);
    }

    #[test]
    fn a_window_goes_on_behind_what_came_and_begins_anew_before_it() {
        let mut forward = window(&[b"abc"]);
        forward.skip(10);
        assert_eq!((forward.at(), forward.end()), (110, 110));
        let mut inside = window(&[b"abc", b"def"]);
        assert_eq!(inside.find(*b"bcde"), Some(1));
        inside.go_to(104);
        assert_eq!(inside.take(2).map(|taken| taken.len()), Some(2));
        inside.go_to(50);
        assert_eq!((inside.at(), inside.len()), (50, 0));
    }

    #[test]
    fn a_payload_is_parted_anywhere() {
        let mut payload = Payload(vec![Bytes::from("ab"), Bytes::from("cde")]);
        let mut first = payload.split_to(3);
        assert_eq!((first.len(), payload.len()), (3, 2));
        assert_eq!(first.split_to(9).len(), 3);
        assert_eq!(payload.0, [Bytes::from("de")]);
    }
}
