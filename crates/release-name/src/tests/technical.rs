//! The technical part: picture, sound, languages, editions, groups.

use super::{check, identity, read};
use crate::{Release, rank};

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

#[test]
fn pictures_and_sounds_in_rarer_spellings() {
    check(
        &[
            ("A Film 1969 1280 x 720.mkv", "720p"),
            ("A Film (1280*720).mkv", "720p"),
            ("A Film [720].mkv", "720p"),
            ("A.Film.1969.4Kto1080p.Webrip.x265.mkv", "1080p WEBRip H.265"),
            ("A.Film.720hd.bluray", "720p BluRay"),
            ("A.Film.720p120.mkv", "720p"),
            (
                "A.Film.1969.MULTi.REMUX.2160p.UHD.Blu-ray.HDR.HEVC.DTS-X7.1-LANTERN.mkv",
                "2160p Remux H.265 HDR DTS:X 7.1",
            ),
            ("A.Film.2160p.UHD.BluRay.HDR.DTS-HD.MA5.1.x265-LANTERN", "2160p BluRay H.265 HDR DTS-HD 5.1"),
            ("A Film (BDrip 1920x1080 x264 FLACx2 5.1ch)-ltn.mkv", "1080p BDRip H.264 FLAC 5.1"),
            ("A.Film.1993.720p.BluRay.REMUX.AVC.FLAC.2.0-LANTERN", "720p BluRay H.264 FLAC 2.0"),
            ("A.Film.1993.1080p.BluRay.REMUX.AVC.FLAC.2.0-LANTERN", "1080p Remux H.264 FLAC 2.0"),
            ("A Film 1969 TeleSynch 720p HEVC", "720p TeleSync H.265"),
            ("A.Film.2024.NEWCAM.1080p.HEVC.AC3", "1080p CAM H.265 DD"),
            ("A.Film.2000.2DVD5", "DVD"),
            ("A.Film.2000.PAL.MDVDR-LANTERN", "DVD"),
            ("A.Film.S01E10.ITA.ENG.1080p.AMZN.WEB-DLMux.DD5.1.H.264-LTN.mkv", "1080p WEB-DL H.264 DD 5.1"),
            ("A.Film.1x04.ITA.WEBMux.x264-LTN", "WEBRip H.264"),
            ("A.Film.2014.R6.720p.HDCAM.x264-LTN", "720p CAM H.264"),
            ("A.Film.PPV.HDTV.x264-LTN", "HDTV H.264"),
            ("A.Film.2016.WEB-DL.H263.DD5.1-LTN", "WEB-DL H.263 DD 5.1"),
            ("A Film 1969 1080p 10 bits HEVC", "1080p H.265 10"),
            ("A Film 1969 8K HFR HLG AV1 Opus 7.1", "4320p AV1 HLG Opus 7.1"),
            ("A.Film.1969.1080p.WEB.H264.AAC2.0", "1080p WEB-DL H.264 AAC 2.0"),
            ("A.Film.1969.VOD.WEB-DL.720p", "720p WEB-DL"),
        ],
        technical,
    );
}

#[test]
fn editions_are_named_and_combined() {
    for (name, edition) in [
        ("A.Film.1969.Extended.Cut.1080p.mkv", "Extended"),
        ("A Film Version Longue 1969.mkv", "Extended"),
        ("A Film Ultimate Collector's Edition 1969 1080p.mkv", "Ultimate+Collector's"),
        ("A Film (Alternative Extended Version) 1969 1080p.mkv", "Alternative Cut+Extended"),
        ("A Film Special Extended Edition 1969 1080p.mkv", "Special+Extended"),
        ("A Film DC (1979) [1080p]", "Director's Cut"),
        ("A.Film.1969.DC.1080p.BluRay.mkv", "Director's Cut"),
        ("A.Film.1969.Criterion.Collection.1080p.mkv", "Criterion"),
        ("A.Film.1969.40th.Anniversary.Edition.1080p.mkv", "Anniversary"),
        ("A.Film.Final.Cut.1982.1080p.mkv", "Final Cut"),
        ("A Film Producer's Cut 1995 1080p.mkv", "Producer's Cut"),
        ("A.Film.2017.IMAX.Enhanced.2160p.WEB-DL.mkv", "IMAX"),
        ("A.Film.1969.Fan.Edit.720p.mkv", "Fan"),
        ("A.Film.1969.Open.Matte.1080p.WEB-DL.mkv", "Open Matte"),
        ("A.Film.1969.REMASTERED.1080p.BluRay.mkv", "Remastered"),
        ("A.Film.1969.4K.Restored.1080p.BluRay.mkv", "Restored"),
        ("A.Film.1969.UNRATED.THEATRICAL.1080p.mkv", "Unrated+Theatrical"),
        ("A.Film.1969.Despecialized.720p.mkv", "Despecialized"),
        ("A Film Director's Cut Edición Especial 1969 1080p.mkv", "Director's Cut+Special"),
        ("A Film 1969 1080p.mkv", ""),
    ] {
        assert_eq!(read(name).edition.join("+"), edition, "{name}");
        assert_eq!(read(name).title, "A Film", "{name}");
    }
    // Nothing but editions: no title.
    for (name, edition) in [
        ("Special Extended Cut.mkv", "Special+Extended"),
        ("deluxe anniversary edition", "Deluxe+Anniversary"),
        ("Ultimate Definitive Edition Uncut", "Ultimate+Definitive+Uncut"),
    ] {
        assert_eq!((read(name).edition.join("+").as_str(), read(name).title.as_str()), (edition, ""), "{name}");
    }
    for name in ["Ultimate.mkv", "Special 1080p.mkv", "Deluxe (1969).mkv"] {
        assert!(!read(name).title.is_empty(), "{name}");
    }
}

#[test]
fn languages_in_rarer_spellings() {
    for (name, spoken, subtitles) in [
        ("A Film (2013) [WEBDL-1080p] [x264 AC3] [ENG+DE+IT]", "en de it", ""),
        ("A.Film.1969.German.Custom.Subbed.720p.HDTV.x264-LTN", "", "de"),
        ("A Film 1969 720p + en subs", "", "en"),
        ("A Film 1969 15th Anniversary Edition 1080p BluRay", "", ""),
        ("A.Film.1969.1080p.WEB-DL.DDP5.1.[Uzbekistan.Dubbed]", "uz", ""),
        ("A Film 2016 Romansch WEB DL h264", "rm", ""),
        ("A.Film.S01.国语音轨.2023.1080p.WEB-DL", "zh", ""),
        ("[灯笼] A Film - 17 [1080p][中日双语字幕]", "", "zh ja"),
        ("[Lantern] A Film - 03 [1080p][Multiple Subtitle][ENG][POR-BR][FRE].mkv", "", "en pt fr"),
        ("[Lantern] A Film - 03 [1080p][CHT].mp4", "", "zh"),
        ("盐之路[全30集][国语中字].Salt.Road.S01.2023.1080p.WEB-DL", "zh", "zh"),
        ("A.Film.1969.PLSUB.DVDRip.XviD-LTN", "", "pl"),
        ("A Film S24E07 CZ Dabing TVRip.avi", "cs", ""),
        ("A.Film.2019.1080p.WEB-DL.国语中字.mkv", "zh", "zh"),
        ("A Film 2019 1080p 韩语中字", "ko", "zh"),
        ("A Film EP.05 [1080p] ซับไทย.mp4", "", "th"),
        ("A Film Tập 12 Vietsub 1080p.mp4", "", "vi"),
        ("A Film 1969 1080p Hindi Tamil Telugu ESub", "hi ta te", "en"),
        ("A Film 1969 WEB-DL 1080p Dublado Legendado", "pt", "pt"),
        ("A Film (2019) ITA-ENG Ac3 5.1 BDRip 1080p H264 [LTN]", "it en", ""),
        ("A.Film.2016.ENG-ITA-FRA.AAC.1080p.WebDL.x264", "en it fr", ""),
        ("A.Film.1969.1080p.BluRay.ENG.LATINO.GER.H265-BEN.THE.OTTER", "en es de", ""),
        ("A Film 1969 SUBFORCED FRENCH DVDRip", "", "fr"),
        ("A.Film.1969.Lektor.PL.1080p.BluRay.mkv", "pl", ""),
        ("A Film 1969 MVO 1080p Русский", "ru", ""),
    ] {
        let release = read(name);
        let got = (release.languages.join(" "), release.subtitles.join(" "));
        assert_eq!((got.0.as_str(), got.1.as_str()), (spoken, subtitles), "{name}");
    }
}

#[test]
fn names_of_subtitles_say_their_language() {
    for (name, want, subtitles, forced, sdh) in [
        ("Salt.Road.S01E02.en.srt", "Salt Road s1 e2", "en", false, false),
        ("Salt.Road.S01E02.English.SDH.srt", "Salt Road s1 e2", "en", false, true),
        ("Harvest.Moon.2019.1080p.BluRay.x264-LTN.pt-BR.forced.srt", "Harvest Moon (2019)", "pt", true, false),
        ("Harvest.Moon.2019.spa.ass", "Harvest Moon (2019)", "es", false, false),
        ("Harvest Moon 2019 Hindi.srt", "Harvest Moon (2019)", "hi", false, false),
        ("Harvest Moon (2019).zh-Hans.srt", "Harvest Moon (2019)", "zh", false, false),
        ("Harvest Moon (2019).es-419.vtt", "Harvest Moon (2019)", "es", false, false),
        ("26_Romanian.srt", "", "ro", false, false),
        ("2- English- {SDH}.srt", "", "en", false, true),
        ("Salt Road - S01E01 - TBA WEBDL-1080p.it.ass", "Salt Road s1 e1", "it", false, false),
        ("Harvest Moon (2019).srt", "Harvest Moon (2019)", "", false, false),
    ] {
        let release = read(name);
        assert_eq!(
            (identity(&release).as_str(), release.subtitles.join(" ").as_str(), release.forced, release.sdh),
            (want, subtitles, forced, sdh),
            "{name}"
        );
    }
}

#[test]
fn groups_sign_in_rarer_places() {
    for (name, group) in [
        ("A Film (2020) [1080p] [WEBRip] [5.1] [YTS.MX]", Some("YTS.MX")),
        ("A Film (2020) - H264 Ita Eng Ac3 5.1 - DVDRip - by Lantern", Some("Lantern")),
        ("[ABC] A.Show.S01E02.avi", Some("ABC")),
        ("A.Show.-.476-479.(2007).[LanternSubs][WEBRip]..[HD.720p]", Some("LanternSubs")),
        ("A.Film.2020.1080p.BluRay.H265-BEN.THE.OTTER", Some("BEN.THE.OTTER")),
        ("A Film (2020) ITA-ENG 1080p", None),
        ("[三灯].Three.Lamps.2023.1080p.mkv", None),
        ("A Film (2020) (1080p BluRay x265 - Lamp) [LTN]", Some("LTN")),
    ] {
        assert_eq!(read(name).group.as_deref(), group, "{name}");
    }
}

#[test]
fn words_that_are_two_things_are_told_by_their_neighbours() {
    let said = |name: &str| {
        let Release { resolution, source, channels, languages, subtitles, network, .. } = read(name);
        let list = |list: Vec<String>| list.join(" ");
        let words = [
            resolution.unwrap_or_default(),
            source.unwrap_or_default(),
            list(channels),
            list(languages),
            list(subtitles),
            network.unwrap_or_default(),
        ];
        words.join("|")
    };
    for (name, want) in [
        ("A_Film_2010_BR_720p.mkv", "720p|BluRay||||"),
        ("A_Film_2024_Hindi_WEB_DL_1080p_5_1_ESubs.mkv", "1080p|WEB-DL|5.1|hi|en|"),
        ("A.Show.S01.GERMAN.DVDRip.XviD-iND", "|DVDRip||de||"),
        ("A Film (2014) 1080p BluRay AC3 iTA ENG sub iTA ENG - Lantern", "1080p|BluRay||it en|it en|"),
        ("A.Film.2024.1080p.WEB-DL.pt-BR.en-US.DDP5.1.mkv", "1080p|WEB-DL|5.1|pt en||"),
        ("A Film 2024 🇮🇹🇬🇧 1080p BluRay.mkv", "1080p|BluRay||it en||"),
        ("🇮🇹 A Film 2024 1080p BluRay.mkv", "1080p|BluRay||||"),
        ("A.Film.2015.COMPLETE.UHD.BLURAY-LAMP", "2160p|BluRay||||"),
        ("A.Film.2004.Tamil.4K.Remastered.WEB-DL.mkv", "2160p|WEB-DL||ta||"),
        ("A.Show.S01.720p.Hindi.HS.WEB-DL.mkv", "720p|WEB-DL||hi||Hotstar"),
        ("Tamil - A Film - 2025 - HQ HDTC - 720p.mkv", "720p|TeleCine||ta||"),
        ("A.Show.S04E20.FiNAL.FRENCH.LD.HDTV.x264-LAMP.mkv", "|HDTV||fr||"),
    ] {
        assert_eq!(said(name), want, "{name}");
    }
    for (name, group) in [
        ("A Film (2019) [1080p.BluRay.x264.AC3-LMP] [Lektor PL]", "LMP"),
        ("@AnimeLamps [LampSubs] Kumo no Machi - 28 (1080p) [4F7D2E1A].mkv", "LampSubs"),
        ("A.Film.2003.WORKPRINT.SVCD-LMP", "LMP"),
    ] {
        assert_eq!(read(name).group.as_deref(), Some(group), "{name}");
    }
}

#[test]
fn sizes_and_what_is_said_of_languages_are_kept() {
    for (name, said) in [
        ("Salt Road (2019) 720p 1.4GB ESub.mkv", "1.4GB subbed"),
        ("Salt Road 2019 HDRip 700 MB x264 Dual Audio.mkv", "700MB dual"),
        ("Salt.Road.2019.720p.2.1.GiB.WEB-DL.mkv", "2.1GIB"),
        ("Salt.Road.2019.1080p.HC.WEBRip.x264-LTN", "hardcoded"),
        ("Salt.Road.2019.1080p.KORSUB.WEBRip.x264-LTN", "subbed hardcoded"),
        ("Salt Road (2019) [4K AI upscale H265]", "upscaled"),
        ("Salt Road (2019) 720p Dublado Dual.mkv", "dubbed dual"),
        ("Salt Road (2019) DDP5.1 192Kbps 25fps 720p.mkv", ""),
    ] {
        let release = read(name);
        let flags = [
            (release.dubbed, "dubbed"),
            (release.dual_audio, "dual"),
            (release.subbed, "subbed"),
            (release.hardcoded_subs, "hardcoded"),
            (release.upscaled, "upscaled"),
        ];
        let flags = flags.into_iter().filter(|(is_said, _)| *is_said).map(|(_, word)| word.to_owned());
        let words: Vec<String> = release.size.clone().into_iter().chain(flags).collect();
        assert_eq!(words.join(" "), said, "{name}");
    }
}

/// Two letters that are words as well: in capitals among small letters they are a tag.
#[test]
fn a_special_edition_is_said_in_capitals() {
    for (name, title, edition) in
        [("Salt.SE.1986.BDRip.1080p.mkv", "Salt", vec!["Special"]), ("Salt Se 1986 720p.mkv", "Salt Se", vec![])]
    {
        let release = read(name);
        assert_eq!(
            (release.title.as_str(), release.edition),
            (title, edition.into_iter().map(str::to_owned).collect()),
            "{name}"
        );
    }
}

#[test]
fn the_version_of_a_release_stands_behind_its_tags() {
    for (name, version) in [
        ("Salt.Road.2019.720p.HDRip.V2.XviD-LTN.avi", Some(2)),
        ("Salt Road (2019) HDTC V3 Hindi.mkv", Some(3)),
        ("[Lantern] Kumo no Machi (BDRip 1080p)(v2)", Some(2)),
        ("[Lantern][Kumo no Machi][480P][V0].mp4", Some(0)),
        ("[Lantern] Kumo no Machi 05 [720p]_V2.mp4", Some(2)),
        ("[Lantern] Kumo no Machi - 05v3 [720p].mkv", Some(3)),
        ("Salt v2 2019 1080p.mkv", None),
    ] {
        assert_eq!(read(name).version, version, "{name}");
    }
}

#[test]
fn discs_of_a_film_are_counted() {
    check(
        &[
            ("Harvest.Moon.1968.CD1.DVDRip.avi", "Harvest Moon (1968) 1"),
            ("Harvest.Moon.1968.DVDRip.XviD.cd1of2.avi", "Harvest Moon (1968) 1"),
            ("Harvest Moon 1968 CD 2.avi", "Harvest Moon (1968) 2"),
            ("Harvest Moon (1968) [Disc 2].mkv", "Harvest Moon (1968) 2"),
            ("Harvest Moon (1968) - Disk 2.mkv", "Harvest Moon (1968) 2"),
            ("Harvest Moon 1968 Disc 1 of 2.avi", "Harvest Moon (1968) 1"),
            ("Harvest.Moon.1968.CD01.XviD.avi", "Harvest Moon (1968) 1"),
            ("Harvest.Moon.1968.DVD2.avi", "Harvest Moon (1968) 2"),
            ("harvest moon-cd2.avi", "harvest moon 2"),
            ("Harvest Moon (1968) - cd_03.avi", "Harvest Moon (1968) 3"),
            ("Harvest Moon (1968)-part2.avi", "Harvest Moon (1968) 2"),
            ("Harvest Moon (1968)/CD2/hm.avi", "Harvest Moon (1968) 2"),
            ("Harvest Moon (1968)/Disc 1/VIDEO_TS/VTS_01_1.VOB", "Harvest Moon (1968) 1"),
            ("Harvest Moon (1968)/hm-cd2.avi", "Harvest Moon (1968) 2"),
            ("Harvest.Moon.1968.DVD5.avi", "Harvest Moon (1968) 0"),
            ("Harvest.Moon.1968.DVD9.avi", "Harvest Moon (1968) 0"),
            ("The Disc 1 Theory 1968 720p.avi", "The Disc 1 Theory (1968) 0"),
            ("Harvest Moon CD Live 1968.avi", "Harvest Moon CD Live (1968) 0"),
            ("Harvest Moon Part2 (1968).avi", "Harvest Moon Part2 (1968) 0"),
        ],
        |name| format!("{} {}", identity(&read(name)), read(name).disc.unwrap_or(0)),
    );
}

#[test]
fn words_in_a_row_are_read_without_separators() {
    let said = |name: &str| {
        let r = read(name);
        let one = |v: &Option<String>| v.clone().unwrap_or_default();
        [one(&r.resolution), one(&r.source), one(&r.video_codec), r.audio.join("+")].join(" ")
    };
    check(
        &[
            ("Harvest Moon (1998)1080pBluRay.mkv", "1080p BluRay  "),
            ("Harvest_Moon_1958_1080pWEBRip.mp4", "1080p WEBRip  "),
            ("Harvest.Moon.2009.DVDRipAC3.avi", " DVDRip  DD"),
            ("Harvest.Moon.1999.DVDRipXviD.avi", " DVDRip Xvid "),
            ("Harvest Moon 2004 BDRipx264AAC.mkv", " BDRip H.264 AAC"),
            ("Salt.Road.S01E02.720pHDTVx264.mkv", "720p HDTV H.264 "),
            ("Harvest.Moon.2000.BRRipMux.x264.mkv", " BRRip H.264 "),
            ("Salt.Road.S01E02WEBDL1080p.mkv", "1080p WEB-DL  "),
            ("Harvest.Moon.2012.1080pWEB.mkv", "1080p WEB-DL  "),
            // A word that only begins so.
            ("Harvest Webcam 2012.mkv", "   "),
            ("Bluraybox 2012.mkv", "   "),
        ],
        said,
    );
}

#[test]
fn a_second_source_at_the_end_is_a_group() {
    let group =
        |name: &str| format!("{} {}", read(name).group.unwrap_or_default(), read(name).source.unwrap_or_default());
    check(
        &[
            ("Salt.Road.S02E11.2160p.WebUHD.x264-UHDTV.mkv", "UHDTV WEB-DL"),
            ("Salt.Road.1x24.720p.HDTV.x264.CZ-SDTV.mkv", "SDTV HDTV"),
            ("Salt.Road.2019.1080p.x264-HDTV.mkv", " HDTV"),
            ("Salt.Road.2019.1080p.BluRay.AVC-REMUX.mkv", " Remux"),
        ],
        group,
    );
    assert!(read("Salt.Road.2019.COMPLETE.BLURAY-GRP.iso").complete && !read("Salt.Road.2019.BLURAY-GRP.iso").complete);
}
