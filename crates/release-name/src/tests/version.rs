//! Whoever stored a release tells by [`VERSION`] that its name is worth reading again, so it must rise with the readings.

use super::{Input, parse};
use crate::VERSION;

/// A few of each kind that channels post.
const NAMES: [(&str, &str, &str); 46] = [
    ("Harvest.Moon.1969.2160p.UHD.BluRay.REMUX.HDR.HEVC.DTS-HD.MA.5.1-LANTERN.mkv", "", ""),
    ("Harvest Moon (1969) 1080p 10bit BluRay x265 HEVC [Hindi DD 5.1 + English DD 5.1] ESub.mkv", "", ""),
    ("@FilmHub_xyz - Harvest Moon 1969 Hindi 480p.mkv", "", ""),
    (
        "www.filmhub.party - Harvest Moon (1969) [Tamil + Telugu - 1080p HQ HDRip - x264 - AAC - 2.4GB - ESub].mkv",
        "",
        "",
    ),
    ("Salt.Road.2019.S01E02.The.Well.1080p.AMZN.WEB-DL.DDP5.1.H.264-LANTERN.mkv", "", ""),
    ("Salt Road S01 E01-E13 Complete 720p.mkv", "", ""),
    ("Salt Road - 1x02 - The Well.avi", "", ""),
    ("Salt Road Season 3of5 Episode 4 720p.mkv", "", ""),
    ("Late.Desk.2018.06.22.Guest.Name.720p.WEB.mkv", "", ""),
    ("Late Desk 04.05.2019 720p.mkv", "", ""),
    ("[Lantern] Kumo no Machi - 34v2 (1080p) [8A2B3C4D].mkv", "", ""),
    ("[Lantern] Kumo no Machi - 1080 (720p).mkv", "", ""),
    ("[Lantern] Kumo no Machi OVA 3 [720p].mkv", "", ""),
    ("Kumo.no.Machi.S01SP02.mkv", "", ""),
    ("[灯笼字幕组][云之城][Kumo no Machi][24 END][GB][720P]", "", ""),
    ("盐路.Salt.Road.S01E01.2160p.WEB-DL.mkv", "", ""),
    ("Соль и дым / Salt / Сезон: 5 / Серии: 1-20 из 20 [2017, WEB-DL 1080p]", "", ""),
    ("مسلسل القنديل الموسم 3 الحلقة 15 720p.mp4", "", ""),
    ("Tuz Yolu 3. Sezon 12. Bölüm.mp4", "", ""),
    ("Salt Road 2 Sezon 7 Bolum.mp4", "", ""),
    ("Salt.Road.Cap.102.mkv", "", ""),
    ("Salt Road EP12 Tamil.mkv", "", ""),
    ("Movies/Harvest.Moon.1969.DVDRip.XviD-LANTERN/ltn-hmoon.avi", "", ""),
    ("Salt Road/Season 02/E01-The Well.mkv", "", ""),
    ("05.mkv", "", "Salt Road (2010)/Season 2"),
    ("Harvest.Moon.1969.1080p.BluRay.x264-LANTERN/Sample/ltn-sample.mkv", "", ""),
    ("Harvest.Moon.1969.1080p.BluRay.x264-LANTERN.pt-BR.forced.srt", "", ""),
    ("Space 1999 S01E07 1080p BluRay.mkv", "", ""),
    ("S.W.A.T.2017.S03E10.1080p.WEB.mkv", "", ""),
    ("VID_20231125_WA0003.mp4", "🎬 Harvest Moon (1969)\n🔊 Audio : Hindi + English\n💿 Quality: 1080p WEB-DL", ""),
    ("harvest moon.avi", "https://www.imdb.com/title/tt0063350/", ""),
    ("Kumo 13.mkv", "", ""),
    ("HBO Salt Road S01E02 1080p.mkv", "", ""),
    ("12 - Harvest Moon (1969).mkv", "", ""),
    ("Harvest.Moon.1969.DVDRipXviD.CD2.avi", "", ""),
    ("Salt Road Part 3 of 6 720p.mkv", "", ""),
    ("Harvest Moon Trailer 2 (1969).mp4", "", ""),
    ("(Kumo) 05.mkv", "", ""),
    ("Salt Road 2.05 The Well.avi", "", ""),
    ("Соляной путь С06Е01.mkv", "", ""),
    ("Salt Road Book 2 Episode 5.mkv", "", ""),
    ("云之城105集.mp4", "", ""),
    ("Harvest Moon Hindi Dubbed.mp4", "", ""),
    ("Película completa en español - Harvest Moon (1972).mp4", "", ""),
    ("rutor.info_Harvest.Moon.2019.mkv", "", ""),
    ("Late Desk 240323 720p.mkv", "", ""),
];

/// The readings of [`NAMES`] by the parser of this [`VERSION`].
const READINGS: (u16, u64) = (3, 0xb06e_a2dc_70e0_d4e5);

/// FNV-1a: the same everywhere and for ever.
fn digest(text: &str, before: u64) -> u64 {
    text.bytes().fold(before, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[test]
fn the_version_rises_when_names_are_read_otherwise() {
    let readings = NAMES.iter().map(|&(name, caption, folder)| parse(&Input { name, caption, folder }));
    let now = readings
        .fold(0xcbf2_9ce4_8422_2325, |sum, release| digest(&serde_json::to_string(&release).expect("JSON"), sum));
    assert_eq!(
        READINGS,
        (VERSION, now),
        "names are read otherwise than by version {VERSION}: raise VERSION, so that stored files are read again, and write {now:#x} here"
    );
}
