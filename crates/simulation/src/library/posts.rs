//! What is forwarded to the demo's channel: names as they are really written, good and bad ones.

/// One message with a file, as somebody would send it.
#[derive(Clone, Debug)]
pub struct Post {
    /// As Telegram tells it.
    pub file_name: &'static str,
    /// Empty when there is none.
    pub caption: &'static str,
    /// As Telegram tells it.
    pub mime: &'static str,
    /// What the document holds.
    pub content: Content,
    /// The data centre that holds the file: 2 or 4.
    pub dc: i32,
    /// Of a video.
    pub duration_secs: Option<u32>,
    /// Pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
}

/// What a post's document holds.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// So many computable bytes: right in number and for checking sums, no picture in them.
    Generated {
        /// In bytes.
        size: u64,
    },
    /// A real clip that plays.
    Clip(&'static [u8]),
}

impl Content {
    /// Bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Generated { size } => *size,
            Self::Clip(bytes) => bytes.len() as u64,
        }
    }
}

const MKV: &str = "video/x-matroska";
const MP4: &str = "video/mp4";

/// Length and picture of the project's own clips.
const CLIP: (u32, u32, u32) = (45, 640, 360);

/// In the order of sending: the newest comes last.
pub fn posts() -> Vec<Post> {
    let mut posts = films();
    posts.extend(episodes());
    posts.extend(clips());
    posts
}

fn films() -> Vec<Post> {
    [
        ("A.Trip.to.the.Moon.1902.RESTORED.1080p.BluRay.x264.FLAC.2.0-LANTERN.mkv", "", 1_460, 15, 1920, 1080),
        ("Le.Voyage.dans.la.Lune.1902.COLORIZED.720p.WEB-DL.AAC2.0.H.264-REEL.mp4", "", 412, 15, 1280, 720),
        ("The.Cabinet.of.Dr.Caligari.1920.2160p.UHD.BluRay.x265.10bit.HDR.FLAC-DUSK.mkv", "", 3_890, 77, 2880, 2160),
        ("Das.Cabinet.des.Dr.Caligari.1920.German.720p.BluRay.x264-LANTERN.mkv", "", 1_930, 77, 1280, 720),
        // The name says nothing; the link in the caption says all.
        (
            "nosferatu_final_fixed.mkv",
            "One of the first, and still the quietest.\nhttps://www.imdb.com/title/tt0013442/",
            2_740,
            95,
            1440,
            1080,
        ),
        ("Nosferatu.1922.1080p.BluRay.Remux.AVC.DTS-HD.MA.2.0-REEL.mkv", "", 4_020, 95, 1920, 1080),
        ("Sherlock.Jr.1924.720p.WEB-DL.AAC2.0.H.264-REEL.mkv", "", 870, 45, 1280, 720),
        ("The.General.1926.1080p.BluRay.x265.10bit.AAC.2.0-DUSK.mkv", "", 2_180, 79, 1920, 1080),
        ("Buster Keaton - The General (1926) [720p] [BluRay].mp4", "The General (1926)", 1_090, 79, 1280, 720),
        (
            "Metropolis.1927.The.Complete.Cut.1080p.BluRay.DTS.x264-LANTERN.mkv",
            "Metropolis (1927)\n#scifi #silent",
            3_610,
            153,
            1920,
            1080,
        ),
        ("Metropolis.1927.2160p.WEB-DL.x265.10bit.SDR.DDP5.1-DUSK.mkv", "Metropolis (1927)", 4_150, 153, 3840, 2160),
        ("His Girl Friday (1940) 1080p WEB-DL H.264 AAC-REEL.mkv", "", 2_310, 92, 1920, 1080),
        ("Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv", "", 3_070, 96, 1920, 1080),
        (
            "Night.of.the.Living.Dead.1968.Criterion.2160p.UHD.BluRay.x265.HDR10.FLAC-DUSK.mkv",
            "",
            4_090,
            96,
            3840,
            2160,
        ),
        ("Night.of.the.Living.Dead.1968.480p.DVDRip.XviD-LANTERN.avi", "", 700, 96, 640, 480),
        ("Plan.9.from.Outer.Space.1957.720p.BluRay.x264-LANTERN.mkv", "", 1_370, 79, 1280, 720),
        ("Carnival.of.Souls.1962.Criterion.1080p.BluRay.FLAC.x264-REEL.mkv", "", 2_590, 78, 1920, 1080),
    ]
    .into_iter()
    .map(generated)
    .collect()
}

fn episodes() -> Vec<Post> {
    [
        (
            "The.Paper.Observatory.S01.COMPLETE.1080p.WEB-DL.AAC2.0.H.264-REEL.mkv",
            "The whole first season in one file",
            3_340,
            120,
            1920,
            1080,
        ),
        ("The.Paper.Observatory.S02E01.Second.Edition.1080p.WEB-DL.AAC2.0.H.264-REEL.mkv", "", 690, 24, 1920, 1080),
        ("The.Paper.Observatory.S02E02.Errata.1080p.WEB-DL.AAC2.0.H.264-REEL.mkv", "", 702, 24, 1920, 1080),
        ("The.Paper.Observatory.2x03.Footnotes.720p.WEBRip.x264.mkv", "", 380, 24, 1280, 720),
        ("The.Paper.Observatory.S02E04E05.1080p.WEB-DL.AAC2.0.H.264-REEL.mkv", "", 1_395, 48, 1920, 1080),
        ("Tide.Tables.S01E01.High.Water.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_840, 48, 1920, 1080),
        ("Tide.Tables.S01E01.High.Water.2160p.WEB-DL.DDP5.1.DV.HDR.H.265-DUSK.mkv", "", 3_980, 48, 3840, 2160),
        ("Tide.Tables.S01E02.Slack.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_790, 48, 1920, 1080),
        ("Tide.Tables.S01E03.Neap.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_815, 47, 1920, 1080),
        ("Tide.Tables.S01E04.Undertow.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_802, 48, 1920, 1080),
        ("Tide.Tables.S01E05.Spring.Tide.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_851, 49, 1920, 1080),
        ("Tide.Tables.S01E06.Low.Water.1080p.WEB-DL.DDP5.1.H.264-DUSK.mkv", "", 1_960, 52, 1920, 1080),
        ("Tide Tables - s02e01 - Storm Glass [720p].mp4", "", 920, 48, 1280, 720),
        ("Tide Tables - s02e02 - Lee Shore [720p].mp4", "", 915, 48, 1280, 720),
    ]
    .into_iter()
    .map(generated)
    .collect()
}

/// The ones that really play, sent last so that they stand first.
fn clips() -> Vec<Post> {
    let clip = |file_name, caption, mime, bytes| Post {
        file_name,
        caption,
        mime,
        content: Content::Clip(bytes),
        dc: 2,
        duration_secs: Some(CLIP.0),
        width: Some(CLIP.1),
        height: Some(CLIP.2),
    };
    vec![
        // A video of one's own: no provider knows it, and it plays all the same.
        clip("VID_20230716_184502.mp4", "At the lake, grandma's birthday", MP4, include_bytes!("../media/home.mp4")),
        clip("Detour.1945.360p.WEBRip.x264.AAC-REEL.mkv", "", MKV, include_bytes!("../media/film.mkv")),
        clip("Charade.1963.360p.WEB-DL.AAC2.0.H.264-LANTERN.mp4", "", MP4, include_bytes!("../media/film.mp4")),
    ]
}

/// Name, caption, megabytes, minutes, width and height.
fn generated(row: (&'static str, &'static str, u64, u32, u32, u32)) -> Post {
    let (file_name, caption, megabytes, minutes, width, height) = row;
    // Sizes are never round; files of one season lie on both data centres.
    let odd = file_name.bytes().fold(7_919, |sum: u64, byte| sum * 31 % 999_983 + u64::from(byte));
    Post {
        file_name,
        caption,
        mime: match file_name.rsplit('.').next() {
            Some("mp4") => MP4,
            Some("avi") => "video/x-msvideo",
            _ => MKV,
        },
        content: Content::Generated { size: megabytes * 1_000_000 + odd },
        dc: if odd % 2 == 0 { 2 } else { 4 },
        duration_secs: Some(minutes * 60 + (odd % 60) as u32),
        width: Some(width),
        height: Some(height),
    }
}
