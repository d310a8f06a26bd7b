//! What is not the film or the episode that its name says, and what is.

use super::{identity, read};
use crate::{Extra, Input, parse};

#[test]
fn samples_trailers_and_extras_are_told_from_films() {
    let (sample, trailer, bonus) = (Some(Extra::Sample), Some(Extra::Trailer), Some(Extra::Bonus));
    for (name, want, extra) in [
        ("Salt Road (2019)-trailer.mkv", "Salt Road (2019)", trailer),
        ("Salt Road-trailer.mp4", "Salt Road", trailer),
        ("Salt Road Trailer.mp4", "Salt Road", trailer),
        ("Salt Road Official Trailer 2019 1080p.mp4", "Salt Road (2019)", trailer),
        ("Salt Road - Trailer [1080p].mp4", "Salt Road", trailer),
        ("Salt Road S01E05 Teaser.mp4", "Salt Road s1 e5", trailer),
        ("Tuz Yolu 14. Bölüm Fragmanı.mp4", "Tuz Yolu e14", trailer),
        ("Соляной путь Трейлер 2019.mp4", "Соляной путь (2019)", trailer),
        ("[Lantern] Kumo no Machi - PV2 [1080p].mkv", "Kumo no Machi #2", trailer),
        ("Salt.Road.2019.1080p.BluRay.x264-LTN-sample.mkv", "Salt Road (2019)", sample),
        ("Salt.Road.2019.1080p.BluRay.x264-LTN.sample.mkv", "Salt Road (2019)", sample),
        ("sample-salt.road.2019.1080p.mkv", "salt road (2019)", sample),
        ("Salt.Road.S01E02.720p.sample.mkv", "Salt Road s1 e2", sample),
        ("Salt Road (2019)-deleted.mkv", "Salt Road (2019)", bonus),
        ("Salt Road-behindthescenes.mkv", "Salt Road", bonus),
        ("Salt Road (2019) - Deleted Scenes.mkv", "Salt Road (2019)", bonus),
        ("Salt Road (2019) Making Of.mkv", "Salt Road (2019)", bonus),
        ("Salt_Road-x02-The_Well.mkv", "Salt Road", bonus),
        ("Salt_Road_(2010)-x02-60_Minutes_Interview-1996.mp4", "Salt Road (2010)", bonus),
        ("[Lantern] Kumo no Machi - NCOP [1080p].mkv", "Kumo no Machi", bonus),
        ("Salt Road Trailer 2 (2019).mp4", "Salt Road (2019)", trailer),
        ("Salt Road Teaser 1.mp4", "Salt Road", trailer),
        ("Salt Road - Making Of (2019).mkv", "Salt Road (2019)", bonus),
        ("Salt Road S01 Special Features.mkv", "Salt Road s1", bonus),
        ("[Lantern] Kumo no Machi - Teaser PV [1080p].mkv", "Kumo no Machi", trailer),
        ("Trailer - Salt Road (2019).mp4", "Salt Road (2019)", trailer),
        ("Salt.Road.2019.Extras.1080p.mkv", "Salt Road (2019)", bonus),
        ("Salt Road 2019 Bonus Disc.mkv", "Salt Road (2019)", bonus),
        ("Salt Road S01 Extras 1080p.mkv", "Salt Road s1", bonus),
        ("Salt Road S01E02 Promo.mp4", "Salt Road s1 e2", trailer),
        // Titles that hold such a word, and packs that hold extras besides.
        ("The Trailer 2019 1080p.mkv", "The Trailer (2019)", None),
        ("Trailer Park 2019 1080p.mkv", "Trailer Park (2019)", None),
        ("The Sample (2019).mkv", "The Sample (2019)", None),
        ("Salt Road S01E02 Bonus 1080p.mkv", "Salt Road s1 e2", None),
        ("Salt Road S01E02 The Trailer Park 1080p.mkv", "Salt Road s1 e2", None),
        ("The Making of Salt (1980).mkv", "The Making of Salt (1980)", None),
        ("Extras S01E02 720p.mkv", "Extras s1 e2", None),
        ("Bonus 2019 1080p.mkv", "Bonus (2019)", None),
        ("Salt Road S01-S03 + Deleted Scenes 1080p", "Salt Road s1-3", None),
        ("Salt Road S01 1080p + Extras", "Salt Road s1", None),
        ("[Lantern] Kumo no Machi - OVA 1 [1080p].mkv", "Kumo no Machi #1", None),
        ("Salt_Road-f02-Second_Road.mkv", "Salt Road", None),
    ] {
        let release = read(name);
        assert_eq!((identity(&release).as_str(), release.extra), (want, extra), "{name}");
    }
}

/// A caption that only offers a trailer speaks of the film.
#[test]
fn the_caption_may_say_it_but_a_link_to_a_trailer_does_not() {
    let extra = |caption| parse(&Input { name: "video.mp4", caption, folder: "" }).extra;
    assert_eq!(extra("🎬 Salt Road (2019) Official Trailer"), Some(Extra::Trailer));
    assert_eq!(extra("🎬 Salt Road (2019)\nTrailer: https://youtu.be/abc"), None);
    assert_eq!(extra("🎬 Salt Road (2019) 1080p\n▶️ Watch trailer"), None);
}
