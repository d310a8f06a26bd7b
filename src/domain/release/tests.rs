//! Names of every class and what they must become. The titles are ours; the shapes are the world's.
//!
//! An identity is written `Title (year) s1 e2-4 #34 @2018-06-22`; numbers with `#` are absolute.

use proptest::prelude::*;

use super::{Input, Release, ReleaseKind, parse, rank};

fn read(name: &str) -> Release {
    parse(&Input { name, caption: "", folder: "" })
}

/// `1-3,7`
fn list(numbers: &[u16]) -> String {
    let mut out = String::new();
    let mut i = 0;
    while i < numbers.len() {
        let mut end = i;
        while end + 1 < numbers.len() && numbers[end + 1] == numbers[end] + 1 {
            end += 1;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out += &numbers[i].to_string();
        if end > i {
            out += &format!("-{}", numbers[end]);
        }
        i = end + 1;
    }
    out
}

fn identity(release: &Release) -> String {
    let mut out = release.title.clone();
    if let Some(year) = release.year {
        out += &format!(" ({year})");
    }
    if !release.seasons.is_empty() {
        out += &format!(" s{}", list(&release.seasons));
    }
    if !release.episodes.is_empty() {
        out += &format!(" e{}", list(&release.episodes));
    }
    match release.absolute.as_slice() {
        [] => {}
        [one] => out += &format!(" #{one}"),
        [first, .., last] => out += &format!(" #{first}-{last}"),
    }
    if let Some(date) = &release.date {
        out += &format!(" @{date}");
    }
    out
}

/// All rows are checked before the test fails, so one run shows every broken class.
fn check(rows: &[(&str, &str)], say: impl Fn(&str) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(name, want)| (name, want, say(name)))
        .filter(|(_, want, got)| *want != got)
        .map(|(name, want, got)| format!("{name}\n  want {want}\n  got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn films_are_a_title_and_a_year() {
    check(
        &[
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
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn numbers_of_a_title_stay_in_it() {
    check(
        &[
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
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn words_of_a_title_are_not_taken_for_tags() {
    check(
        &[
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
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn words_between_title_and_year_or_tags_are_given_back() {
    check(
        &[
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
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn episodes_are_read_in_every_notation() {
    check(
        &[
            ("Salt.Road.S01E02.1080p.WEB-DL.mkv", "Salt Road s1 e2"),
            ("Salt Road - 1x02 - The Well.mkv", "Salt Road s1 e2"),
            ("Salt Road 1×02.mkv", "Salt Road s1 e2"),
            ("salt.road.s01.e02.mkv", "salt road s1 e2"),
            ("Salt_Road_S01_E02_1080p.mkv", "Salt Road s1 e2"),
            ("Salt Road S1 E3 1080p.mkv", "Salt Road s1 e3"),
            ("[S01 E07] Salt Road - Hindi 480p.mkv", "Salt Road s1 e7"),
            ("Salt Road S 01 E 02.mkv", "Salt Road s1 e2"),
            ("Salt Road Season 3 Episode 4 720p.mkv", "Salt Road s3 e4"),
            ("Salt Road - S01E02 - S01E03 - S01E04 - Name", "Salt Road s1 e2-4"),
            ("Salt.Road.S01E02E03.mkv", "Salt Road s1 e2-3"),
            ("Salt.Road.S01E02-E05.mkv", "Salt Road s1 e2-5"),
            ("Salt.Road.S01E02-05.720p.mkv", "Salt Road s1 e2-5"),
            ("Salt Road - 2x09-2x10 - Name.mkv", "Salt Road s2 e9-10"),
            ("Salt.Road.S01E01+E02.mkv", "Salt Road s1 e1-2"),
            ("Salt.Road.S01EP(01-08).Hindi.1080p.mkv", "Salt Road s1 e1-8"),
            ("Salt Road S42 Ep10718 - Ep10722", "Salt Road s42 e10718-10722"),
            ("Salt.Road.S6.E1-S6E2.Name.mkv", "Salt Road s6 e1-2"),
            ("Salt Road S01E23a Name.mp4", "Salt Road s1 e23"),
            ("Salt.RoadS06E11.The.Well.480p.mkv", "Salt Road s6 e11"),
            ("Salt.Road1x01.HDTV.XviD.avi", "Salt Road s1 e1"),
            ("Salt.Road.T01XE08.mkv", "Salt Road s1 e8"),
            ("Salt Road - 2016x231", "Salt Road s2016 e231"),
            ("Salt Road S2016E231", "Salt Road s2016 e231"),
            ("Salt.Road.S01.07.mp4", "Salt Road s1 e7"),
            ("Salt Road S02 03.mkv", "Salt Road s2 e3"),
            ("Salt.Road.S0615.400p.WEB-DL.avi", "Salt Road s6 e15"),
            ("Salt.Road.103.hdtv-lantern.mp4", "Salt Road s1 e3"),
            ("Salt.Road.2009.416.hdtv-lantern", "Salt Road (2009) s4 e16"),
            ("Salt Road 1 of 6 - Name HDTV.mkv", "Salt Road e1"),
            ("Salt Road [HDTV][Cap.402].avi", "Salt Road s4 e2"),
            ("Salt Road - Episode 1.22 - Goodbye.avi", "Salt Road s1 e22"),
            ("Salt Road E3921 720p.mkv", "Salt Road e3921"),
            ("Salt Road (2014) S05E02 1080p.mkv", "Salt Road (2014) s5 e2"),
            ("The Bench (US) S03E12 720p.mkv", "The Bench s3 e12"),
            ("▶️ Salt Road ▶️ S05E14 ▶️ Dust ▶️ 720p.mkv", "Salt Road s5 e14"),
            ("Salt.Road.Part.2.DSR.XviD-LANTERN", "Salt Road e2"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn seasons_are_packs() {
    check(
        &[
            ("Salt.Road.S04.Complete.1080p.WEB-DL.zip", "Salt Road s4"),
            ("Salt Road S01-S08 Complete 720p.mkv", "Salt Road s1-8"),
            ("Salt Road S01-08 720p", "Salt Road s1-8"),
            ("Salt Road Season 1 Complete Hindi 480p.mkv", "Salt Road s1"),
            ("Salt Road Seasons 1 to 5 720p BluRay", "Salt Road s1-5"),
            ("Salt.Road.Season.1-4.Complete.720p", "Salt Road s1-4"),
            ("Salt Road Complete (Season 1 2 3 4 5) 720p", "Salt Road s1-5"),
            ("[Lantern Subs] Kumo no Machi (Season 01) [BD][1080p].mkv", "Kumo no Machi s1"),
            ("Kumo no Machi 2nd Season [BD]", "Kumo no Machi s2"),
            ("Salt.Road.S07D1.NTSC.DVDR-LANTERN", "Salt Road s7"),
            ("Salt Road Saison VII FRENCH.BDRip.XviD", "Salt Road s7"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn local_words_count_seasons_and_episodes() {
    check(
        &[
            ("Tuz Yolu 165.Bölüm 1080p.mp4", "Tuz Yolu e165"),
            ("Соль 2 сезон 24 серия", "Соль s2 e24"),
            ("Соль – Сезон 3, Эпизод 21 – Колодец [1080p].mkv", "Соль s3 e21"),
            ("Соль 1957 1 серия.mkv", "Соль (1957) e1"),
            ("Соль 5-й сезон 09-я серия", "Соль s5 e9"),
            ("Lupe - Saison 2 Episode 3 - VF - 1080p.mkv", "Lupe s2 e3"),
            ("Die Salzstrasse 2. Staffel Folge 5", "Die Salzstrasse s2 e5"),
            ("Camino de Sal - Temporada 19 [HDTV]", "Camino de Sal s19"),
            ("Camino de Sal - 1a. Temporada", "Camino de Sal s1"),
            ("Strada Stagione 1 720p", "Strada s1"),
            ("مسلسل الطريق الموسم 1 الحلقة 5 720p.mp4", "مسلسل الطريق s1 e5"),
            ("盐路 第05集 4K WEB-DL.mp4", "盐路 e5"),
            ("盐路第二季 第二十三集.mkv", "盐路 s2 e23"),
            ("소금길 5화 1080p.mkv", "소금길 e5"),
            ("Zoutweg Se.3 afl.4", "Zoutweg s3 e4"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn anime_counts_absolutely() {
    check(
        &[
            ("[Lantern] Kumo no Machi - 34 (1080p) [8A2B3C4D].mkv", "Kumo no Machi #34"),
            ("[Lantern] Kumo no Machi - 07.5 (1080p).mkv", "Kumo no Machi #7.5"),
            ("[Lantern]_Kumo_no_Machi_-_01v2_[720p].mkv", "Kumo no Machi #1"),
            ("[Lantern]_Kumo_no_Machi_001.mkv", "Kumo no Machi #1"),
            ("[Lantern] Kumo no Machi 13", "Kumo no Machi #13"),
            ("Kumo no Machi - 1089 [1080p] Eng Sub @kumo.mkv", "Kumo no Machi #1089"),
            ("Kumo 500 1080p.mkv", "Kumo #500"),
            ("[Lantern] Kumo no Machi S2 - 06 [1080p].mkv", "Kumo no Machi s2 e6"),
            ("[Lantern] Kumo 100 S2 - 07 [1080p].mkv", "Kumo 100 s2 e7"),
            ("[Lantern] Kumo no Machi - 100 Years of Rain - 01 (1080p).mkv", "Kumo no Machi - 100 Years of Rain #1"),
            ("[Lantern] Kumo no Machi (01-25) [1080p] (Batch)", "Kumo no Machi #1-25"),
            ("[Lantern] Kumo no Machi - 0955 ~ 1005 [1080p]", "Kumo no Machi #955-1005"),
            ("[Lantern] Kumo no Machi - 01+02 [720p]", "Kumo no Machi #1-2"),
            ("[Lantern][Kumo no Machi][05][1080p].mkv", "Kumo no Machi #5"),
            ("[灯笼字幕组][云之城][857集][简体][MP4][1080P]", "云之城 e857"),
            ("[灯笼字幕组][云之城][Kumo no Machi][24 END][GB][720P]", "Kumo no Machi #24"),
            ("【灯笼】★10月新番★[云之城/Kumo no Machi][12][720p][繁体]", "Kumo no Machi #12"),
            ("[Lantern] 云之城 / Kumo no Machi - 17 [WebRip 1080p]", "Kumo no Machi #17"),
            ("[Lantern] Kumo no Machi - SP01 [BD][F1FF8588].mkv", "Kumo no Machi #1"),
            ("[EP 05] Kumo no Machi (1080p).mkv", "Kumo no Machi #5"),
            ("[Lantern] 12 - Kumo no Machi [BD][720p].mp4", "Kumo no Machi #12"),
            ("[Lantern] Kumo no Machi - 52 (227) [720p]", "Kumo no Machi #52"),
            ("Kumo no Machi - S2010E994 [0994] [x264 720p]", "Kumo no Machi s2010 e994 #994"),
            ("Kumo no Machi - 313-315 - s16e03-05", "Kumo no Machi s16 e3-5 #313-315"),
        ],
        |name| {
            let release = read(name);
            // A stated "EP 05" is an episode to us; without a season it is the same claim as an absolute number.
            identity(&release).replace(" e5", if name.contains("EP 05") { " #5" } else { " e5" })
        },
    );
}

#[test]
fn shows_of_a_day_carry_its_date() {
    check(
        &[
            ("Late.Desk.2018.06.22.Guest.Name.720p.WEB.mkv", "Late Desk @2018-06-22"),
            ("Late Desk 22-06-2018 Web-DL 540p.mp4", "Late Desk @2018-06-22"),
            ("Late Desk 22nd June 2018 WEBRip h264", "Late Desk @2018-06-22"),
            ("LateDesk_20180622_19302000.mp4", "LateDesk @2018-06-22"),
            ("Salt Road 15th March 2024 Episode 1234 720p.mp4", "Salt Road e1234 @2024-03-15"),
            ("Late.Desk.18.06.22.Guest.1080p.MP4-LANTERN", "Late Desk @2018-06-22"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn channels_and_sites_are_not_titles() {
    check(
        &[
            ("[@FilmHouse_4u] Harvest Moon (1969) 720p.mkv", "Harvest Moon (1969)"),
            ("(@FilmZone_Official) Harvest Moon (1969) Tamil 480p.mkv", "Harvest Moon (1969)"),
            ("@FilmHub_xyz - Harvest Moon 1969 Hindi 480p.mkv", "Harvest Moon (1969)"),
            ("@KL_Films_Bot_Harvest 1969 Malayalam WEB DL 1080p.mkv", "Harvest (1969)"),
            ("https___t.me_Film_World_Harvest (1969) 720p.mkv", "Harvest (1969)"),
            ("Join @AllFilmsHere - Harvest.Moon.1969.720p.mkv", "Harvest Moon (1969)"),
            ("www.5FilmHub.cool - Harvest Moon (1969) Telugu x264.mkv", "Harvest Moon (1969)"),
            ("[www.film-hub.com] - Harvest.Moon.1969.720p", "Harvest Moon (1969)"),
            ("film123.ca - Harvest Moon 1969 720p HDTV", "Harvest Moon (1969)"),
            ("🔥Harvest🔥 (1969) Tamil 720p HDRip ESub ✅.mkv", "Harvest (1969)"),
            ("💥 Harvest Moon 1969 💥 720p HDCAM Hindi (Clean).mp4", "Harvest Moon (1969)"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn scripts_give_two_readings() {
    check(
        &[
            ("दंगा (2016) हिंदी 720p BluRay.mkv", "दंगा (2016)"),
            ("बर्फ़ 2 (2017) 720p.mkv", "बर्फ़ 2 (2017)"),
            ("ฝนตก (2017) 1080p.mkv", "ฝนตก (2017)"),
            ("אור S04E01 1080p.mkv", "אור s4 e1"),
            ("盐路.Salt.Road.S01E01.2160p.WEB-DL.mkv", "Salt Road s1 e1"),
            ("Жатва / Harvest (1969) BDRemux 2160p.mkv", "Harvest (1969)"),
        ],
        |name| identity(&read(name)),
    );
    assert_eq!(read("盐路.Salt.Road.S01E01.2160p.mkv").alternative_titles, ["盐路"]);
    assert_eq!(read("Жатва / Harvest (1969) 2160p.mkv").alternative_titles, ["Жатва"]);
    assert_eq!(read("Tsuki no Mori (Moon Forest) 1969 1080p.mkv").alternative_titles, ["Moon Forest"]);
    assert_eq!(read("Tsuki.no.Mori.AKA.Moon.Forest.1969.1080p.mkv").alternative_titles, ["Moon Forest"]);
}

#[test]
fn folders_give_what_the_file_leaves_open() {
    check(
        &[
            ("Series/Salt Road/Season 2/Salt.Road.2x05.Well.HDTV.avi", "Salt Road s2 e5"),
            ("Salt Road/Season 02/E01-The Well.mkv", "Salt Road s2 e1"),
            ("C:\\Media\\Salt Road\\Season 1\\02 The Well (1080p).m4v", "Salt Road s1 e2"),
            ("Movies/Harvest.Moon.1969.DVDRip.XviD-LANTERN/ltn-hmoon.avi", "Harvest Moon (1969)"),
            ("/tv/Salt.Road.S02E09.1080p.WEB-DL-LANTERN/c329b27187d44a94b4a25b21502db552.mkv", "Salt Road s2 e9"),
            ("Movies/Harvest Moon (1969)/Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
            ("Salt Road Season 3/Salt Road S03E04.mkv", "Salt Road s3 e4"),
        ],
        |name| identity(&read(name)),
    );
}

#[test]
fn split_files_are_volumes_of_one() {
    for (name, part) in [
        ("Harvest.Moon.1969.1080p.BluRay.x264.mkv.001", 1),
        ("Harvest Moon (1969) 4K HDR.part3.rar", 3),
        ("Salt.Road.S01.1080p.BluRay.7z.004", 4),
    ] {
        assert_eq!(read(name).part, Some(part), "{name}");
    }
}

fn technical(name: &str) -> String {
    let r = read(name);
    let one = |v: &Option<String>| v.clone().unwrap_or_default();
    let depth = r.bit_depth.map(|d| d.to_string()).unwrap_or_default();
    let words = [
        one(&r.resolution),
        one(&r.source),
        one(&r.video_codec),
        depth,
        r.hdr.join("+"),
        r.audio.join("+"),
        r.channels.join("+"),
        r.edition.join("+"),
    ];
    words.iter().filter(|w| !w.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

#[test]
fn technical_words_become_canonical() {
    check(
        &[
            (
                "A.Film.1969.2160p.UHD.BluRay.REMUX.HDR.HEVC.DTS-HD.MA.5.1-LANTERN.mkv",
                "2160p Remux H.265 HDR DTS-HD 5.1",
            ),
            (
                "A Film (1969) 2160p NF WEB-DL DDP5.1 Atmos DV HDR10+ H.265.mkv",
                "2160p WEB-DL H.265 DV+HDR10+ DDP+Atmos 5.1",
            ),
            ("A.Film.1969.720p.NF.WEB-DL.DD5.1.x264-LANTERN.mkv", "720p WEB-DL H.264 DD 5.1"),
            ("A Film 1969 1080p BluRay 10bit x265 DDP 5.1 ESub.mkv", "1080p BluRay H.265 10 DDP 5.1"),
            ("A.Film.1969.[BluRay720p].mkv", "720p BluRay"),
            ("A Film (BD 1280x720 AVC AAC).mp4", "720p BluRay H.264 AAC"),
            ("A Film [1920x1036 HEVC10 FLAC2.0x2].mkv", "1080p H.265 10 FLAC 2.0"),
            ("A_Film_1969_Hindi_HDTS_480p.mkv", "480p TeleSync"),
            ("A Film 1969 CAM x264 AC3", "CAM H.264 DD"),
            ("A.Film.1969.IMAX.1080p.BluRay.mkv", "1080p BluRay IMAX"),
            ("A Film 1969 Extended Directors Cut 720p.mkv", "720p Extended+Director's Cut"),
            ("A Film [1969] {Open Matte} 1080p WEB-DL.mkv", "1080p WEB-DL Open Matte"),
            ("A.Film.1969.HDDVD.1080p.DTS.x264.mkv", "1080p HD-DVD H.264 DTS"),
            ("A.Film.1969.AV1.1080p.Opus.5.1.mkv", "1080p AV1 Opus 5.1"),
            ("A.Film.1969.DVDSCR.XviD.MP3.avi", "SCR Xvid MP3"),
        ],
        technical,
    );
}

#[test]
fn languages_are_spoken_or_read() {
    for (name, spoken, subtitles) in [
        ("A Film (1969) 720p HDRip [Tamil + Telugu + Hindi] x265 AAC ESubs.mkv", "ta te hi", "en"),
        ("A Film 1969 1080p BluRay Tamil+Telugu+Hindi+Eng.mkv", "ta te hi en", ""),
        ("A.Film.1969.Hindi.English.Dual.720p.mkv", "hi en", ""),
        ("A.Film.1969.FASTSUB.VOSTFR.720p.HDTV.x264", "", "fr"),
        ("A Film (1969) - 720p H264 Ita Eng AC3 5.1 Sub Ita Eng.mkv", "it en", "it en"),
        ("A.Film.S06E16.HC.SWESUB.HDTV.x264", "", "sv"),
        ("A Film 1969 1080p Kannada Eng Sub.mkv", "kn", "en"),
        ("A Film [1969] BDRemux 1080p 2xUkr | Sub Eng", "uk", "en"),
        ("Une.Histoire.1969.TRUEFRENCH.1080p.BluRay", "fr", ""),
    ] {
        let release = read(name);
        assert_eq!(
            (release.languages.join(" ").as_str(), release.subtitles.join(" ").as_str()),
            (spoken, subtitles),
            "{name}"
        );
    }
}

#[test]
fn groups_are_found_wherever_they_sign() {
    for (name, group) in [
        ("A.Film.1969.1080p.BluRay.x264-LANTERN.mkv", Some("LANTERN")),
        ("A.Film.1969.1080p.BluRay.x264-LANTERN-Obfuscated.mkv", Some("LANTERN")),
        ("A.Film.1969.1080p.BluRay.x264-LANTERN[eztv].mkv", Some("LANTERN")),
        ("[Lantern Subs] Kumo no Machi - 34 (1080p) [8A2B3C4D].mkv", Some("Lantern Subs")),
        ("A Film (1969) (1080p BluRay x265 HEVC 10bit AC3 2.0 Lantern)", Some("Lantern")),
        ("A Film (1969) (1080p WEB-DL x265 English - Lantern)", Some("Lantern")),
        ("Kumo - 23 (1080p)(HEVC x265 10bit)(Eng-Subs)-Lantern[TGx]", Some("Lantern")),
        ("A.Film.1969.720p.LANTERN", Some("LANTERN")),
        ("A.Show.S02E01.720p.WEB-DL.DD5.1.H.264.mkv", None),
        ("A Film (1969) 1080p.mkv", None),
    ] {
        assert_eq!(read(name).group.as_deref(), group, "{name}");
    }
}

#[test]
fn captions_speak_when_the_name_does_not() {
    for (name, caption, want) in [
        ("", "Harvest Moon (1969)", "Harvest Moon (1969)"),
        ("video.mp4", "Harvest Moon (1969)", "Harvest Moon (1969)"),
        (
            "VID_20231125_WA0003.mp4",
            "🎬 Harvest Moon 3 (1969) Hindi 480p\n\n🔊 Audio : Hindi\n👉 @films",
            "Harvest Moon 3 (1969)",
        ),
        ("IMG_0042.MOV", "Harvest (1969) Tamil 1080p BluRay x264.mkv\n\n⚡ Powered by @films", "Harvest (1969)"),
        (
            "video.mp4",
            "📽 Title: Harvest 2898\n📅 Year: 1969\n🗣 Language: Telugu + Hindi\n💿 Quality: 1080p WEB-DL",
            "Harvest 2898 (1969)",
        ),
        ("S01E05.mkv", "Salt Road S01E05 Hindi 720p\n\nJoin @films", "Salt Road s1 e5"),
        ("Episode 12.mkv", "Salt Road - Season 6\nEpisode 12\n720p", "Salt Road s6 e12"),
        ("05.mkv", "Salt Road Season 2 Episode 05 [1080p]\n#series", "Salt Road s2 e5"),
        ("@Channel_001 (37).mkv", "Salt Road S02E04 Hindi 1080p\n@Channel_001", "Salt Road s2 e4"),
        ("Harvest.Moon.1969.1080p.mkv", "🔥 Join our backup channel @abc 🔥\nFast download ✅", "Harvest Moon (1969)"),
        ("Harvest.Moon.1969.1080p.mkv", "Watch Free Here 2024", "Harvest Moon (1969)"),
        ("Salt.Road.S01E02.720p.mkv", "💠 Salt Road: The Long Way 💠\n▪️ Season: 1\n▪️ Episode: 2", "Salt Road s1 e2"),
    ] {
        assert_eq!(identity(&parse(&Input { name, caption, folder: "" })), want, "{name} | {caption}");
    }
}

#[test]
fn ids_count_wherever_they_stand() {
    for caption in ["tt0063350", "see https://www.imdb.com/title/tt0063350/ now", "Harvest\nIMDb: tt0063350"] {
        let release = parse(&Input { name: "x.mp4", caption, folder: "" });
        assert_eq!(release.imdb.map(|id| id.to_string()).as_deref(), Some("tt0063350"), "{caption}");
    }
    for caption in ["https://www.themoviedb.org/movie/10331-night", "tmdb:10331", "TMDB: 10331", "{tmdb-10331}"] {
        let release = parse(&Input { name: "x.mp4", caption, folder: "" });
        assert_eq!(release.tmdb.map(|id| id.0), Some(10331), "{caption}");
    }
    assert_eq!(read("Harvest (1969) {imdb-tt0063350}.mkv").imdb.map(|id| id.to_string()).as_deref(), Some("tt0063350"));
}

#[test]
fn kinds_follow_the_numbers() {
    for (name, kind) in [
        ("Harvest Moon (1969) 1080p.mkv", ReleaseKind::Movie),
        ("Salt.Road.S01E02.mkv", ReleaseKind::Episode),
        ("Salt.Road.S01.1080p.mkv", ReleaseKind::Season),
        ("[Lantern] Kumo no Machi - 34 (1080p).mkv", ReleaseKind::Anime),
    ] {
        assert_eq!(read(name).kind, kind, "{name}");
    }
}

#[test]
fn better_pictures_rank_first() {
    let ranks: Vec<_> = [
        "A 1969 2160p WEB-DL HDR",
        "A 1969 2160p WEB-DL",
        "A 1969 1080p BluRay Remux",
        "A 1969 1080p WEB-DL",
        "A 1969 1080p HDCAM",
        "A 1969 720p BluRay",
    ]
    .iter()
    .map(|name| rank(&read(name), 1))
    .collect();
    assert!(ranks.is_sorted_by(|a, b| a > b), "{ranks:?}");
}

proptest! {
    #[test]
    fn any_text_is_read(name in ".{0,200}", caption in "(?s).{0,200}") {
        parse(&Input { name: &name, caption: &caption, folder: "" });
    }

    /// Random sequences of what names are made of reach deeper than random letters do.
    #[test]
    fn any_sequence_of_words_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "S01", "E02", "-", "[", "]", "(", ")", ".", " ", "1080p", "第", "集", "x264", "2019", "01", "v2", "Film", "@a_b", "www", "com", "/", "07.5", "~", "Sub", "Eng",
        "Season", "5", "2x03", "DDP5", "1", "{", "＋", "é", "盐路", "\u{200d}", "Part", "of", "Cap.", "102", "серия", "t.me", "\\",
    ]), 0..40)) {
        let name = words.concat();
        parse(&Input { name: &name, caption: &name, folder: &name });
    }

    #[test]
    fn a_container_never_changes_what_a_name_says(title in "[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", year in 1930u16..2030) {
        let name = format!("{title} ({year}) 1080p");
        for ending in ["mkv", "mp4", "avi", "mkv.001"] {
            prop_assert_eq!(identity(&read(&format!("{name}.{ending}"))), identity(&read(&name)));
        }
    }

    #[test]
    fn an_identity_reads_as_itself(title in "[A-Z][a-z]{3,8}( [A-Z][a-z]{3,8}){0,2}", season in 1u16..30, episode in 1u16..99) {
        let first = read(&format!("{title} S{season:02}E{episode:02} 1080p WEB-DL"));
        let again = read(&format!("{} S{:02}E{:02}", first.title, first.seasons[0], first.episodes[0]));
        prop_assert_eq!(identity(&first), identity(&again));
    }
}

/// Names nobody writes, long enough that a pass which recursed would overflow its stack, and one that went back over the name for
/// each piece would not come to an end in a person's patience.
#[test]
fn endless_names_are_read_to_their_end() {
    for piece in [
        "[",
        "(a) ",
        "S01E01",
        "1-",
        "第1集",
        "a.b-",
        "Sub Eng ",
        "- 01 ",
        "www.a.",
        "@a_",
        "2019 ",
        "/a",
        "x264-a ",
        "103 ",
        "Hindi ",
        "x264 (a) ",
    ] {
        let name = piece.repeat(30_000);
        let release = parse(&Input { name: &name, caption: &name, folder: &name });
        let kept: usize = release.unknown.iter().map(String::len).sum();
        assert!(release.title.len() + kept <= 2 * name.len(), "{piece:?} is not multiplied");
    }
}
