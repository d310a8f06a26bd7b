//! Films: title, year, and which numbers and words belong to the title.

use super::{check, identities, identity, read};

#[test]
fn films_are_a_title_and_a_year() {
    identities(&[
        ("Harvest.Moon.1969.1080p.BluRay.x264-LANTERN.mkv", "Harvest Moon (1969)"),
        ("Harvest Moon (1969) 1080p.mkv", "Harvest Moon (1969)"),
        ("Harvest_Moon_[1969]_720p.mp4", "Harvest Moon (1969)"),
        ("Harvest Moon {1969} {HQ PreDVD} 480p [450MB].mkv", "Harvest Moon (1969)"),
        ("Harvest Moon - 1969 - Silver & Ink - 1080p BluRay.mkv", "Harvest Moon (1969)"),
        ("harvest moon.avi", "harvest moon"),
        ("Harvest.Moon.1080p.WEB-DL.mkv", "Harvest Moon"),
        ("Harvest Moon 1969г. BDRip.mkv", "Harvest Moon (1969)"),
        ("Harvest Moon [1969, Poland, drama, DVDRip]", "Harvest Moon (1969)"),
        ("1961 Harvest Moon Feature.mp4", "Harvest Moon Feature (1961)"),
        ("Mr. & Mrs. Heron 2005 Unrated 720p.mkv", "Mr. & Mrs. Heron (2005)"),
        ("Silent.Tide.Part.2.2011.1080p.mkv", "Silent Tide Part 2 (2011)"),
        ("Silent Tide Part Two (2024) 1080p.mkv", "Silent Tide Part Two (2024)"),
        ("Copper VI 2023 1080p WEB-DL.mkv", "Copper VI (2023)"),
        ("Agents.of.W.H.A.L.E.2013.720p.mkv", "Agents of W.H.A.L.E. (2013)"),
        ("Harvest Moon CD1 1969 DVDRip.avi", "Harvest Moon (1969)"),
        ("The Lighthouse Keepers 1894.avi", "The Lighthouse Keepers (1894)"),
        ("Star.Harbor.Episode.IV.A.New.Tide.1977.1080p.mkv", "Star Harbor Episode IV A New Tide (1977)"),
    ]);
}

#[test]
fn numbers_of_a_title_stay_in_it() {
    identities(&[
        ("1908 (2019) 1080p.mkv", "1908 (2019)"),
        ("2031 2009 1080p BluRay.mkv", "2031 (2009)"),
        ("1987.A.Sea.Odyssey.1968.2160p.mkv", "1987 A Sea Odyssey (1968)"),
        ("Class of 1989 1990 DVDRip.avi", "Class of 1989 (1990)"),
        ("Cherry 2010 (1987) 1080p.mkv", "Cherry 2010 (1987)"),
        ("Rover 2077 1080p BluRay.mkv", "Rover 2077"),
        ("Gemini 13 (1995) 2160p.mkv", "Gemini 13 (1995)"),
        ("17.2021.Hindi.1080p.WEB-DL.mkv", "17 (2021)"),
        ("300 (2006) 1080p.mkv", "300 (2006)"),
        ("36 S05E12 720p.mkv", "36 s5 e12"),
        ("The 5500 S01E05 480p.mkv", "The 5500 s1 e5"),
        ("Canyon.Hills.90310.S02E04.DVDRip.mkv", "Canyon Hills 90310 s2 e4"),
        ("7-1-7.S05E01.720p.HDTV.mkv", "7-1-7 s5 e1"),
        ("2 Lost Girls S03E10 720p.mkv", "2 Lost Girls s3 e10"),
        ("1899.Tides.S01E03.The.Fog.1080p.mkv", "1899 Tides s1 e3"),
        ("(400).Nights.of.Rain.(2009).1080p.mkv", "(400) Nights of Rain (2009)"),
        ("Th3ta.1995.720p.mkv", "Th3ta (1995)"),
        ("8 Bit Winter (2021) HDRip.mkv", "8 Bit Winter (2021)"),
        ("Heron 2 2024 WEB-DL 1080p.mp4", "Heron 2 (2024)"),
    ]);
}

#[test]
fn words_of_a_title_are_not_taken_for_tags() {
    identities(&[
        ("The French Harbor 2021 1080p WEB-DL.mkv", "The French Harbor (2021)"),
        ("The.Good.German.Cook.2006.GERMAN.720p.HDTV.x264-LANTERN", "The Good German Cook (2006)"),
        ("German.Riders.2019.720p.BluRay.x264-LANTERN", "German Riders (2019)"),
        ("Cam 2018 1080p WEB-DL.mkv", "Cam (2018)"),
        ("Us 2019 1080p.mkv", "Us (2019)"),
        ("Web of Salt 2018 S01E02 720p.mkv", "Web of Salt (2018) s1 e2"),
        ("Extended Cousins S01E03 1080p WEB.mkv", "Extended Cousins s1 e3"),
        ("The Complete Tide 2016 720p.mkv", "The Complete Tide (2016)"),
        ("Proper Villains 2012 720p.mkv", "Proper Villains (2012)"),
        ("Opus.2025.2160p.WEB-DL.mkv", "Opus (2025)"),
        ("Uncut Stones 2019 1080p.mkv", "Uncut Stones (2019)"),
        ("Limited Company 1998 DVDRip.avi", "Limited Company (1998)"),
    ]);
}

#[test]
fn words_between_title_and_year_or_tags_are_given_back() {
    identities(&[
        ("Harvest.Moon.Extended.Cut.1969.1080p.mkv", "Harvest Moon (1969)"),
        ("Harvest Moon Director's Cut 1969.mkv", "Harvest Moon (1969)"),
        ("Harvest.Moon.FRENCH.720p.BluRay.x264-LANTERN", "Harvest Moon"),
        ("Harvest.Moon.German.DL.1080p.BluRay.x264-LANTERN", "Harvest Moon"),
        ("Weg.des.Mondes.German.2011.PAL.DVDR-LANTERN", "Weg des Mondes (2011)"),
        ("Harvest.Moon.LiMiTED.DVDRip.XviD-LANTERN", "Harvest Moon"),
        ("Harvest Moon Hindi 720p.mkv", "Harvest Moon"),
        ("Tide.S03.E06.GERMAN.1080p.mkv", "Tide s3 e6"),
        ("The Tide Complete Series 1080p BluRay", "The Tide"),
        ("Salt Road - The Complete Season 3 [HDTV]", "Salt Road s3"),
    ]);
}

#[test]
fn scripts_give_two_readings() {
    identities(&[
        ("दंगा (2016) हिंदी 720p BluRay.mkv", "दंगा (2016)"),
        ("बर्फ़ 2 (2017) 720p.mkv", "बर्फ़ 2 (2017)"),
        ("ฝนตก (2017) 1080p.mkv", "ฝนตก (2017)"),
        ("אור S04E01 1080p.mkv", "אור s4 e1"),
        ("盐路.Salt.Road.S01E01.2160p.WEB-DL.mkv", "Salt Road s1 e1"),
        ("Жатва / Harvest (1969) BDRemux 2160p.mkv", "Harvest (1969)"),
    ]);
    assert_eq!(read("盐路.Salt.Road.S01E01.2160p.mkv").alternative_titles, ["盐路"]);
    assert_eq!(read("Жатва / Harvest (1969) 2160p.mkv").alternative_titles, ["Жатва"]);
    assert_eq!(read("Tsuki no Mori (Moon Forest) 1969 1080p.mkv").alternative_titles, ["Moon Forest"]);
    assert_eq!(read("Tsuki.no.Mori.AKA.Moon.Forest.1969.1080p.mkv").alternative_titles, ["Moon Forest"]);
}

#[test]
fn films_of_channels_are_read_in_their_dress() {
    check(
        &[
            // These sign ahead in small letters only.
            ("sparks-salt.road.1080p.mkv", "salt road"),
            ("sample-salt.road.s01e04.1080p.mkv", "salt road s1 e4"),
            ("salt-road.2019.1080p.mkv", "salt-road (2019)"),
        ],
        |name| identity(&read(name)),
    );
    identities(&[
        ("فيلم طريق الملح 2019 WEB-DL 1080p.mp4", "طريق الملح (2019)"),
        ("Phim Con Đường Muối 2024.mp4", "Con Đường Muối (2024)"),
        ("Salt.Road.TS.XviD-LTN.avi", "Salt Road"),
        ("Kettle 2898 AD (2024) Hindi (ORG) 1080p WEB-DL x264 AAC ESub.mkv", "Kettle 2898 AD (2024)"),
        ("Marigold_2_The_Root_2024_Hindi_HDTS_1080p_x264_AAC.mkv", "Marigold 2 The Root (2024)"),
        ("Lantern (2023) Tamil Proper HQ HDRip - 720p - x264 - AAC - 1.4GB - ESub.mkv", "Lantern (2023)"),
        ("KKK (2022) [Telugu + Tamil + Hindi + Malayalam + Kannada] 4K WEB-DL.mkv", "KKK (2022)"),
        ("Harbor Boys 2024 Malayalam TRUE WEB-DL - 1080p - AVC - (DD+5.1 - 640Kbps) - 3.9GB.mkv", "Harbor Boys (2024)"),
        ("[MSU] Otter and Badger (2024) 720p 10bit HEVC.mkv", "Otter and Badger (2024)"),
        ("விளக்கு (2022) தமிழ் 1080p.mkv", "விளக்கு (2022)"),
        ("فيلم القنديل 3 2024.mp4", "القنديل 3 (2024)"),
        ("Os Faróis Ultimato 2019 BluRay 1080p Dublado.mkv", "Os Faróis Ultimato (2019)"),
        ("Chats-Gris (2024) VF WEBRip 1080p.mkv", "Chats-Gris (2024)"),
        ("3 Sailors 2009 1080p.mkv", "3 Sailors (2009)"),
        ("2 Oars 2013 Hindi Dubbed 720p.mkv", "2 Oars (2013)"),
        ("28 Tides Later 2007.mkv", "28 Tides Later (2007)"),
        ("10 Clover Lane (2016).mkv", "10 Clover Lane (2016)"),
        ("Captain's 8 2018 1080p.mkv", "Captain's 8 (2018)"),
        ("Harvest Moon (2019) {tmdb-10331} [1080p].mkv", "Harvest Moon (2019)"),
        ("Harvest%20Moon%20(2019)%201080p.mkv", "Harvest Moon (2019)"),
        ("Harvest+Moon+2019+1080p.mkv", "Harvest Moon (2019)"),
        ("HARVEST MOON 2019 1080P BLURAY X264.MKV", "HARVEST MOON (2019)"),
        ("Harvest Moon | 2019 | Hindi | 720p.mkv", "Harvest Moon (2019)"),
        ("Harvest Moon – 2019 – 1080p.mkv", "Harvest Moon (2019)"),
        ("⚡️Harvest Moon⚡️(2019)⚡️.mkv", "Harvest Moon (2019)"),
        ("Harvest Moon 1280 x 720.mkv", "Harvest Moon"),
        ("Harvest Moon [720].mkv", "Harvest Moon"),
        ("(1969) Harvest Moon.mkv", "Harvest Moon (1969)"),
        ("(2)Harvest Moon (1969) BRrip.mkv", "Harvest Moon (1969)"),
        ("1080p HEVC - Harvest Moon Unrated French DTS.mkv", "Harvest Moon"),
    ]);
}

#[test]
fn years_and_numbers_of_titles_are_told_from_those_of_films() {
    identities(&[
        ("01 Some Film (2001) [Extended].mkv", "Some Film (2001)"),
        ("The Final Cut 2004 1080p.mkv", "The Final Cut (2004)"),
        ("Special 14 2013 Hindi 720p BRRip.mkv", "Special 14 (2013)"),
        ("Space 1999 S01E07 1080p BluRay.mkv", "Space 1999 s1 e7"),
        ("Reply 1988 S01E02 720p.mkv", "Reply 1988 s1 e2"),
        ("Cherry 2000 1080p.mkv", "Cherry 2000"),
        ("Class of 1986 720p.mkv", "Class of 1986"),
        ("Class.of.1986.1988.720p.mkv", "Class of 1986 (1988)"),
        ("Once in 1969 1080p.mkv", "Once in 1969"),
        ("Wonder Heron 1984 2020 1080p.mkv", "Wonder Heron 1984 (2020)"),
        ("2001 A Sea Odyssey 1968.mkv", "2001 A Sea Odyssey (1968)"),
        ("1984.1984.720p.mkv", "1984 (1984)"),
        ("2012 2009.mkv", "2012 (2009)"),
        ("1917.2019.1080p.BluRay.mkv", "1917 (2019)"),
        ("1883 S01E01.mkv", "1883 s1 e1"),
        ("24 S01E01.mkv", "24 s1 e1"),
        ("9-1-1 S07E01.mkv", "9-1-1 s7 e1"),
        ("Room 104 S02E03.mkv", "Room 104 s2 e3"),
        ("The 4500 2021 S01E01.mkv", "The 4500 (2021) s1 e1"),
        ("Fahrenheit 451 2018.mkv", "Fahrenheit 451 (2018)"),
        ("District 9 (2009) 720p.mkv", "District 9 (2009)"),
        ("Harbor 50 50 2013 720p.mkv", "Harbor 50 50 (2013)"),
        ("UFC 300 Heron vs Badger Main Card 1080p.mkv", "UFC 300 Heron vs Badger Main Card"),
        ("UFC.300.PPV.HDTV.x264-LANTERN", "UFC 300"),
        ("VHS 3 Harbor (2014).mp4", "VHS 3 Harbor (2014)"),
        ("The Dress of the Year 3000 2013 720p.mkv", "The Dress of the Year 3000 (2013)"),
        ("2020.A.Late.Desk.2011.12.02.PDTV.XviD-LANTERN", "2020 A Late Desk @2011-12-02"),
        ("Heron-f02-The Marsh.mkv", "Heron"),
        ("Heron Tales, The (1998) DVDRip.avi", "The Heron Tales (1998)"),
        ("Heron DC (1979) [1080p]", "Heron (1979)"),
        ("100% Harbor 2019 1080p.mkv", "100% Harbor (2019)"),
    ]);
}

#[test]
fn a_name_of_tags_alone_has_no_title() {
    identities(&[
        ("1080p.mkv", ""),
        ("English.srt", ""),
        ("BRRip [4K-2160p-UHD]", ""),
        ("S01E05.mkv", " s1 e5"),
        ("Episode 7.mp4", " e7"),
        ("EP.05.mp4", " e5"),
        ("EP05 1080p.mp4", " e5"),
    ]);
    assert_eq!(read("English.srt").subtitles, ["en"]);
    assert_eq!(read("BRRip [4K-2160p-UHD]").source.as_deref(), Some("BRRip"));
}

#[test]
fn parts_of_a_story_are_counted() {
    for (name, part) in [
        ("Silent Tide Part 2 (2011).mkv", Some(2)),
        ("Silent.Tide.Part.Two.2024.mkv", Some(2)),
        ("Silent Tide Part III.mkv", Some(3)),
        ("Silent Tide Partie deux 2010.mkv", Some(2)),
        ("Salt.Road.2015.09.07.Part.2.720p.WEBRip.mkv", Some(2)),
        ("Salt.Road.S02.Part.1.1080p.WEBRip.mkv", Some(1)),
        ("Part of the Tide 2019.mkv", None),
        ("Silent Tide 2011.mkv", None),
    ] {
        assert_eq!(read(name).title_part, part, "{name}");
        assert_eq!(read(name).part, None, "{name} is no volume");
    }
}

#[test]
fn tags_stand_anywhere_round_a_title() {
    identities(&[
        ("Tamil - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("Salt Road - Tamil - 2019.mkv", "Salt Road (2019)"),
        ("Salt Road Tamil (2019).mkv", "Salt Road (2019)"),
        ("The Good German (2006).mkv", "The Good German (2006)"),
        ("Salt Road Full Movie 2019 Hindi.mp4", "Salt Road (2019)"),
        ("Salt Road Malayalam Movie 2019 HDRip 720p.mkv", "Salt Road (2019)"),
        ("iBOMMA - Salt Road (2019).mp4", "Salt Road (2019)"),
        ("t.me_FilmLamps_Salt.Extended.Cut.2019.Hindi.1080p.mkv", "Salt (2019)"),
        ("@FILM_LAMPS_Salt.Road.(2019).[Tel.Tam].1080p.mkv", "Salt Road (2019)"),
        ("فیلم سینمایی جاده نمک 2011 720p.mkv", "جاده نمک (2011)"),
        ("O Caminho - Versao Estendida - Dublado.mkv", "O Caminho"),
        ("Salt Road Official Trailer 2019.mp4", "Salt Road (2019)"),
        ("1. Salt Road (2019).mkv", "Salt Road (2019)"),
        ("01 - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("[2019] Salt Road 1080p.mkv", "Salt Road (2019)"),
        ("2019 - Salt Road.mkv", "Salt Road (2019)"),
        ("Salt Road (film, 2019).mkv", "Salt Road (2019)"),
        ("Salt.Road.(2019).1080p.[tmdbid-1234].mkv", "Salt Road (2019)"),
        ("Salt Road (1080p) 2019.mkv", "Salt Road (2019)"),
        ("Salt Road | Соляная дорога (2019).mkv", "Salt Road (2019)"),
        ("[盐路] Salt Road 2019 1080p.mkv", "Salt Road (2019)"),
        ("소금길 Salt Road 2019.mkv", "Salt Road (2019)"),
        ("Salt Road 2019 مترجم.mkv", "Salt Road (2019)"),
    ]);
    assert_eq!(read("Salt.Road.(2019).1080p.[tmdbid-1234].mkv").group, None);
    assert_eq!(read("Salt Road | Соляная дорога (2019).mkv").alternative_titles, ["Соляная дорога"]);
    assert_eq!(read("[盐路] Salt Road 2019 1080p.mkv").alternative_titles, ["盐路"]);
}
