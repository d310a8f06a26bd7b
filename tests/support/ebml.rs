//! Matroska, as far as tests need it.

/// An element of EBML; its size in eight bytes.
pub fn element(id: &[u8], data: &[u8]) -> Vec<u8> {
    let size = (data.len() as u64 | 1 << 56).to_be_bytes();
    [id, &size, data].concat()
}

pub fn number(id: &[u8], value: u32) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

/// A film of so many seconds without sound: 25 pictures of H.264 a second, each of so many bytes that are none, a key frame every two seconds, and an index.
pub fn film(secs: u32, picture_bytes: usize) -> Vec<u8> {
    let avcc = [1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x28, 1, 0, 1, 0x68];
    let measures = element(&[0xe0], &[number(&[0xb0], 640), number(&[0xba], 360)].concat());
    let frame_ns = number(&[0x23, 0xe3, 0x83], 40_000_000);
    let head = [number(&[0xd7], 1), number(&[0x83], 1), element(&[0x86], b"V_MPEG4/ISO/AVC")].concat();
    let track = [head, element(&[0x63, 0xa2], &avcc), frame_ns, measures].concat();
    let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track));
    let duration = element(&[0x44, 0x89], &f64::from(secs * 1000).to_be_bytes());
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &duration);
    // A cluster for each group of pictures.
    let block = |group: u32, picture: u32| {
        let flags = if picture == 0 { 0x80 } else { 0 };
        let [high, low] = ((picture * 40) as u16).to_be_bytes();
        // No byte is like the one before it, so that nothing looks like another place.
        let bytes = (0..picture_bytes).map(|n| (n as u32 * 31 + picture * 7 + group) as u8);
        element(&[0xa3], &[0x81, high, low, flags].into_iter().chain(bytes).collect::<Vec<_>>())
    };
    let cluster = |group: u32| {
        let blocks = (0..50).flat_map(|picture| block(group, picture));
        let body = number(&[0xe7], group * 2000).into_iter().chain(blocks).collect::<Vec<_>>();
        element(&[0x1f, 0x43, 0xb6, 0x75], &body)
    };
    let clusters: Vec<Vec<u8>> = (0..secs / 2).map(cluster).collect();
    let cues = |behind: usize| {
        let mut at = behind;
        let point = |(group, cluster): (usize, &Vec<u8>)| {
            let positions = element(&[0xb7], &[number(&[0xf7], 1), number(&[0xf1], at as u32)].concat());
            at += cluster.len();
            element(&[0xbb], &[number(&[0xb3], group as u32 * 2000), positions].concat())
        };
        element(&[0x1c, 0x53, 0xbb, 0x6b], &clusters.iter().enumerate().flat_map(point).collect::<Vec<_>>())
    };
    let front = info.len() + tracks.len() + cues(0).len();
    let segment = [info, tracks, cues(front), clusters.concat()].concat();
    [element(&[0x1a, 0x45, 0xdf, 0xa3], &[]), element(&[0x18, 0x53, 0x80, 0x67], &segment)].concat()
}
