//! Anime beside its plain episodes: specials, groups that look like numbers, titles in brackets, absolute numbers that look like
//! lines.

use super::{identities, read};

#[test]
fn specials_stand_behind_their_title() {
    identities(&[
        ("[Lantern] Kumo no Machi - OVA 3 [BD 720p AAC] [7426FBD5].mkv", "Kumo no Machi #3"),
        ("[Lantern] Kumo no Machi OVA 2 [BD 720p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi OVA [BD 720p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi OAD [BD 720p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - OVA [BD 720p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - OAD 01 [1080p].mkv", "Kumo no Machi #1"),
        ("[Lantern] Kumo no Machi - OVA01 [1080p].mkv", "Kumo no Machi #1"),
        ("[Lantern]_Kumo_no_Machi_-_OVA_2_[720p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - S02OVA01 [1080p].mkv", "Kumo no Machi s2 #1"),
        ("Kumo.no.Machi.S01OVA.1080p.BluRay.x264.mkv", "Kumo no Machi s1"),
        ("Kumo.no.Machi.S01OVA04.1080p.BluRay.x264-LTN.mkv", "Kumo no Machi s1 #4"),
        ("Kumo.no.Machi.S01SP02.1080p.BluRay.x264-LTN.mkv", "Kumo no Machi s1 #2"),
        ("[Lantern] Kumo no Machi S01SP02 [1080p].mkv", "Kumo no Machi s1 #2"),
        ("[Lantern] Kumo no Machi - SP [1080p].mkv", "Kumo no Machi"),
        ("Kumo no Machi Special 2.mkv", "Kumo no Machi #2"),
        ("Salt Road S04 Special 01.mkv", "Salt Road s4 #1"),
        ("[Lantern] Kumo no Machi - SP2 [1080p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - SP 02 [1080p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - NCOP [1080p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - NCOP1 [1080p].mkv", "Kumo no Machi #1"),
        ("[Lantern] Kumo no Machi - NCED 02 [1080p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi NCOP1v2 [1080p].mkv", "Kumo no Machi #1"),
        ("[Lantern] Kumo no Machi - ED2v2 [1080p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - ED [1080p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - OP [1080p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - OP2 [1080p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - PV [1080p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi - PV3 [1080p].mkv", "Kumo no Machi #3"),
        ("[Lantern] Kumo no Machi Special 2 [720p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi - Special [720p].mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi ONA 02 [720p].mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi ONA v2 [540p].mkv", "Kumo no Machi"),
        ("Kumo no Machi OVA 2.mkv", "Kumo no Machi #2"),
        ("Kumo no Machi - OVA - 02 [DVDRip].avi", "Kumo no Machi #2"),
        ("Kumo.no.Machi.OVA.03.DVDRip.x264.mkv", "Kumo no Machi #3"),
        ("Kumo_no_Machi_Creditless_OP5_[720p,BluRay,x264]_-_LTN.mkv", "Kumo no Machi #5"),
        ("[Lantern] Kumo no Machi - Creditless Ending 2 (BD 1080p).mkv", "Kumo no Machi #2"),
        ("[Lantern] Kumo no Machi Menu01 [BD].mkv", "Kumo no Machi #1"),
        ("Kumo no Machi - S00E03 - OVA.mkv", "Kumo no Machi s0 e3"),
        ("[Lantern] Kumo no Machi - 01 OVA [720p].mkv", "Kumo no Machi #1"),
        ("[Lantern] Kumo no Machi [OVA] [1080p].mkv", "Kumo no Machi"),
        ("[Lantern][Kumo no Machi][OVA][01][1080P].mkv", "Kumo no Machi #1"),
        ("[Lantern][Kumo no Machi][SP02][1080P].mkv", "Kumo no Machi #2"),
    ]);
}

#[test]
fn absolute_numbers_may_look_like_lines() {
    identities(&[
        ("[Lantern] Kumo no Machi - 1080 (720p)", "Kumo no Machi #1080"),
        ("[Lantern] Kumo no Machi - 1080 [1080p].mkv", "Kumo no Machi #1080"),
        ("[Lantern] Kumo no Machi - 720 (1080p) [8A2B3C4D].mkv", "Kumo no Machi #720"),
        ("[Lantern] Kumo no Machi - 480 [720p].mkv", "Kumo no Machi #480"),
        ("[Lantern] Kumo no Machi - 2160 [1080p].mkv", "Kumo no Machi #2160"),
        ("[Lantern] Kumo no Machi - 540 [480p].mkv", "Kumo no Machi #540"),
        ("[Lantern]_Kumo_no_Machi_-_720_[1080p].mkv", "Kumo no Machi #720"),
        ("Kumo no Machi - 1080 [1080p].mkv", "Kumo no Machi #1080"),
        ("Kumo no Machi - 720 (1080p WEB).mkv", "Kumo no Machi #720"),
        ("[Lantern] Kumo no Machi - 576v2 (1080p).mkv", "Kumo no Machi #576"),
        ("Kumo no Machi Episode 720 1080p.mkv", "Kumo no Machi e720"),
        ("Kumo no Machi - E1080 [720p].mkv", "Kumo no Machi e1080"),
        ("Kumo no Machi S01E720 1080p.mkv", "Kumo no Machi s1 e720"),
        ("[Lantern][Kumo no Machi][1080][1080P].mkv", "Kumo no Machi #1080"),
        ("[Lantern][Kumo no Machi][720][1080P][MP4].mkv", "Kumo no Machi #720"),
        ("[Lantern] Kumo no Machi - 1080 - The Rain (720p).mkv", "Kumo no Machi #1080"),
        ("[Lantern] Kumo no Machi - 1080p.mkv", "Kumo no Machi"),
        ("[Lantern] Kumo no Machi [1080].mkv", "Kumo no Machi"),
        ("Kumo no Machi - 720.mkv", "Kumo no Machi #720"),
    ]);
}

#[test]
fn groups_and_titles_stand_in_brackets() {
    identities(&[
        ("[0x123] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("[0xdead] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("[2x2] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("[N Fansubs] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("[S Fansub] Kumo no Machi - 12 [720p].mkv", "Kumo no Machi #12"),
        ("[Lantern Subs] Kumo no Machi - 12 [720p].mkv", "Kumo no Machi #12"),
        ("[E-D] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[S4L] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[BD Fansub] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[7³ACG] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[1 Fansub] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[4k subs] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[E05Subs] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[S01 Subs] Kumo no Machi - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[A-S] Kumo no Machi 03.mkv", "Kumo no Machi #3"),
        ("[Spanish Fansub] Kumo no Machi - 07.mp4", "Kumo no Machi #7"),
        ("[HD-Fansub]_Kumo_no_Machi_-_07.mp4", "Kumo no Machi #7"),
        ("[Kumo no Machi].148.[Xvid]", "Kumo no Machi #148"),
        ("[Kumo no Machi].05.[XviD][9F2A4C5E].avi", "Kumo no Machi #5"),
        ("[Kumo.no.Machi].[12].[720p].mkv", "Kumo no Machi #12"),
        ("[Kumo_no_Machi]_-_05_[x264].mkv", "Kumo no Machi #5"),
        ("[Kumo no Machi] - 05.avi", "Kumo no Machi #5"),
        ("[Kumo no Machi] 05 [XviD].avi", "Kumo no Machi #5"),
        ("[Kumo no Machi] Episode 05.mkv", "Kumo no Machi e5"),
        ("[Kumo no Machi] S02E05 [720p].mkv", "Kumo no Machi s2 e5"),
        ("[Salt Road][1x04][HDTV].avi", "Salt Road s1 e4"),
    ]);
}

#[test]
fn brackets_of_a_title_stay_with_it() {
    identities(&[
        ("[Lantern] Kumo no Machi (TV) - 03 [720p].mkv", "Kumo no Machi #3"),
        ("[Lantern] Kumo no Machi (2019) - 03 [720p].mkv", "Kumo no Machi (2019) #3"),
        ("[Lantern] You Can (Not) Rain - 02.mkv", "You Can (Not) Rain #2"),
        ("Heron (9).mkv", "Heron #9"),
        ("Kumo no Machi (12) [DVDRip].avi", "Kumo no Machi #12"),
        ("[Lantern] Kumo no Machi (12) (720p).mkv", "Kumo no Machi #12"),
        ("[Lantern] Kumo no Machi (9) [720p].mkv", "Kumo no Machi #9"),
        ("Kumo no Machi (09) [XviD].avi", "Kumo no Machi #9"),
        ("[Lantern]_Kumo_no_Machi_(9)_[XviD].avi", "Kumo no Machi #9"),
    ]);
}

#[test]
fn specials_say_what_they_count() {
    for (name, special, absolute) in [
        ("[Lantern] Kumo no Machi - OVA 3 [BD 720p].mkv", Some("OVA"), vec![3.0]),
        ("[Lantern] Kumo no Machi OAD [BD 720p].mkv", Some("OAD"), vec![]),
        ("Kumo.no.Machi.S01OVA04.1080p.BluRay.x264-LTN.mkv", Some("OVA"), vec![4.0]),
        ("Kumo.no.Machi.S01OVA.1080p.BluRay.x264-LTN.mkv", Some("OVA"), vec![]),
        ("Kumo no Machi Creditless Opening 2 [1080p].mkv", Some("OPENING"), vec![2.0]),
        ("[Lantern] Kumo no Machi - ED2v2 [1080p].mkv", Some("ED"), vec![2.0]),
        ("[Lantern] Kumo no Machi - SP3.5 [1080p].mkv", Some("SP"), vec![3.5]),
        // An ONA is the series itself.
        ("[Lantern] Kumo no Machi ONA 02 [720p].mkv", None, vec![2.0]),
        ("[Lantern] Kumo no Machi - 02 [720p].mkv", None, vec![2.0]),
    ] {
        let release = read(name);
        assert_eq!((release.special.as_deref(), release.absolute), (special, absolute), "{name}");
    }
}
