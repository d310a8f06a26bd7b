//! Series: episodes, seasons, packs, dates, in every notation and language.

use super::{identities, read};
use crate::ReleaseKind;

#[test]
fn episodes_are_read_in_every_notation() {
    identities(&[
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
    ]);
}

#[test]
fn seasons_are_packs() {
    identities(&[
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
    ]);
}

#[test]
fn local_words_count_seasons_and_episodes() {
    identities(&[
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
        ("مسلسل الطريق الموسم 1 الحلقة 5 720p.mp4", "الطريق s1 e5"),
        ("盐路 第05集 4K WEB-DL.mp4", "盐路 e5"),
        ("盐路第二季 第二十三集.mkv", "盐路 s2 e23"),
        ("소금길 5화 1080p.mkv", "소금길 e5"),
        ("Zoutweg Se.3 afl.4", "Zoutweg s3 e4"),
    ]);
}

#[test]
fn shows_of_a_day_carry_its_date() {
    identities(&[
        ("Late.Desk.2018.06.22.Guest.Name.720p.WEB.mkv", "Late Desk @2018-06-22"),
        ("Late Desk 22-06-2018 Web-DL 540p.mp4", "Late Desk @2018-06-22"),
        ("Late Desk 22nd June 2018 WEBRip h264", "Late Desk @2018-06-22"),
        ("LateDesk_20180622_19302000.mp4", "LateDesk @2018-06-22"),
        ("Salt Road 15th March 2024 Episode 1234 720p.mp4", "Salt Road e1234 @2024-03-15"),
        ("Late.Desk.18.06.22.Guest.1080p.MP4-LANTERN", "Late Desk @2018-06-22"),
    ]);
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
fn channels_write_episodes_in_ways_of_their_own() {
    identities(&[
        ("Salt Road 1. Sezon 3. Bölüm (2024) 1080p WEB-DL.mkv", "Salt Road (2024) s1 e3"),
        ("طريق الملح الجزء الثالث الحلقة 8.mp4", "طريق الملح s3 e8"),
        ("Дорога / Salt Road [1-25 из 25] [2013, BDRip].mkv", "Salt Road (2013) e1-25"),
        ("Salt-Show vom 15. März 2024 (720p).mp4", "Salt-Show @2024-03-15"),
        ("Дорога (Salt Road). Второй колодец (S01E03) [1080p].mkv", "Salt Road s1 e3"),
        ("盐之路第八季第03集 1080p.mp4", "盐之路 s8 e3"),
        ("Fraud.1992.The.Salt.Story.S01E05.720p.mkv", "Fraud 1992 The Salt Story s1 e5"),
        ("Salt.Road.2018.S03E49.The.Well.S03E50.The.Rain.1080p.mkv", "Salt Road (2018) s3 e49-50"),
        ("Salt.Road.S04E03.Folge.31.German.720p.mkv", "Salt Road s4 e3"),
        ("Salt Road Cap 1254 HDTV.mp4", "Salt Road e1254"),
        ("Salt Road T02 Completa 1080p.mkv", "Salt Road s2"),
        ("طريق الملح الحلقة ١٥ 480p.mkv", "طريق الملح e15"),
        ("नमक की सड़क S01E०७ 480p.mkv", "नमक की सड़क s1 e7"),
        ("Mirror Lake S03 E01-10 Hindi 720p AMZN WEBRip ESubs.zip", "Mirror Lake s3 e1-10"),
        ("Village Council Season 3 Ep 04 720p.mkv", "Village Council s3 e4"),
        ("[S2 E15] Salt Road [1080p].mkv", "Salt Road s2 e15"),
        ("Salt Road Season 2 Episode 15 [Dual][1080p] @Some_Channel.mkv", "Salt Road s2 e15"),
        ("E07 - Salt Road [720p].mkv", "Salt Road e7"),
        ("Salt Road EP 5 1080p.mkv", "Salt Road e5"),
        ("Salt Road Series 2 Episode 5 1080p.mkv", "Salt Road s2 e5"),
        ("Дом без окон 2 сезон 5 серия 1080p.mkv", "Дом без окон s2 e5"),
        ("Дом без окон 2 сезон 5-8 серии 1080p.mkv", "Дом без окон s2 e5-8"),
        ("Дом без окон 1 сезон 1-8 серии из 8 1080p.mkv", "Дом без окон s1 e1-8"),
        ("The Salt Series 2 сезон 5-8 серии 1080p.mkv", "The Salt Series s2 e5-8"),
        ("The Salt Series 1x02 1080p.mkv", "The Salt Series s1 e2"),
        ("The Salt Series 2 of 6 1080p.mkv", "The Salt Series e2"),
        ("Salt.Road.S01E01-E13.1080p.mkv", "Salt Road s1 e1-13"),
        ("Salt Road S01 E01 to E10 720p.mkv", "Salt Road s1 e1-10"),
        ("Salt Road S01 (E01-E05) 720p.mkv", "Salt Road s1 e1-5"),
        ("Salt Road S01 [01-10] 720p.mkv", "Salt Road s1 e1-10"),
        ("Salt Road Season 1 Episodes 1-5 720p.mkv", "Salt Road s1 e1-5"),
        ("Salt Road Season 1 Ep 1 - 5 720p.mkv", "Salt Road s1 e1-5"),
        ("Salt Road S01 - 06 720p.mkv", "Salt Road s1 e6"),
        ("Salt Road Ep 2x03 The Well", "Salt Road s2 e3"),
        ("Salt.Road.S01Extras.-.The.Well.DVDRip.XviD.avi", "Salt Road s1"),
        ("Salt.Road.2019.S01E01.Pilot.1080p.AMZN.WEB-DL.DDP5.1.H.264-LANTERN.mkv", "Salt Road (2019) s1 e1"),
        ("Salt Road 1223 720p.mkv", "Salt Road #1223"),
        ("Salt.Road.0106.720p-lantern.mkv", "Salt Road s1 e6"),
        ("Salt Road - 110 (10) - The Well.avi", "Salt Road s1 e10"),
        ("Late Desk 3921 - 12 January 2024.mp4", "Late Desk #3921 @2024-01-12"),
        ("Marigold 23rd March 2024 Full Episode 720p.mkv", "Marigold @2024-03-23"),
        ("Big House S17 Day 45 1080p JC WEB-DL.mkv", "Big House s17"),
        ("소금길 E16 1080p.mp4", "소금길 e16"),
        ("소금길.E16.END.240428.1080p-LANTERN.mp4", "소금길 e16 @2024-04-28"),
        ("Night.Walk.E700.240421.720p-LANTERN.mp4", "Night Walk e700 @2024-04-21"),
        ("Wrestle Raw 2024 03 18 720p WEB.mkv", "Wrestle Raw @2024-03-18"),
    ]);
}

#[test]
fn packs_name_their_seasons_or_all_of_them() {
    identities(&[
        ("Salt Road Season 01 - Season 07 720p.mkv", "Salt Road s1-7"),
        ("Salt Road (Season 1 - 4) 720p.mkv", "Salt Road s1-4"),
        ("Salt Road Season 1 - 4 Complete DVDRip", "Salt Road s1-4"),
        ("Salt Road S01 S02 S03 720p.mkv", "Salt Road s1-3"),
        ("Salt Road S1-3 720p.mkv", "Salt Road s1-3"),
        ("Salt Road Seasons 1 & 2.mkv", "Salt Road s1-2"),
        ("Salt Road S01 + S02.mkv", "Salt Road s1-2"),
        ("Salt.Road.Season.1.3&5.HDTV.XviD-LANTERN", "Salt Road s1,3,5"),
        ("Salt.Road.Season.1.3 and 5.HDTV.XviD-LANTERN", "Salt Road s1,3,5"),
        ("Salt Road Season Two 720p.mkv", "Salt Road s2"),
        ("Salt Road Saison sept FRENCH.BDRip.XviD", "Salt Road s7"),
        ("Salt Road 1ª a 8ª Temporada Completa [720p] [BluRay]", "Salt Road s1-8"),
        ("Salt Road Complete Series (1999-2004) DVDRip", "Salt Road (1999)"),
        ("Salt Road All Seasons 480p", "Salt Road"),
    ]);
    for (name, kind) in [
        ("Salt.Road.COMPLETE.1080p.BluRay.x264-LANTERN", ReleaseKind::Season),
        ("Salt.Road.2019.COMPLETE.MINISERIES.1080p.WEB-LANTERN", ReleaseKind::Season),
        ("Salt Road INTEGRALE MULTi 1080p BluRay", ReleaseKind::Season),
        ("Salt Road All Seasons 480p", ReleaseKind::Season),
        ("Harvest.Moon.1969.COMPLETE.BLURAY-LANTERN", ReleaseKind::Movie),
        ("Harvest Moon Trilogy 1080p BluRay", ReleaseKind::Movie),
    ] {
        assert_eq!(read(name).kind, kind, "{name}");
    }
}

#[test]
fn every_language_counts_in_its_own_words() {
    identities(&[
        // Turkish
        ("Tuz Yolu 3. Sezon 12. Bölüm.mp4", "Tuz Yolu s3 e12"),
        ("Tuz Yolu 145. Bolum FRAGMANI.mp4", "Tuz Yolu e145"),
        ("Tuz Yolu S05B12 1080p.mp4", "Tuz Yolu s5 e12"),
        ("Tuz Yolu 2.Sezon 5.Bölüm 720p.mkv", "Tuz Yolu s2 e5"),
        ("Tuz Yolu Sezon 1 Bölüm 2.mp4", "Tuz Yolu s1 e2"),
        // Spanish
        ("Camino de Sal - Temporada 1 Capitulo 3.mp4", "Camino de Sal s1 e3"),
        ("Camino de Sal 2x05 Castellano.avi", "Camino de Sal s2 e5"),
        ("Camino de sal T2 C5.mp4", "Camino de sal s2 e5"),
        ("Camino de Sal Capitulo 5 Sub Español.mp4", "Camino de Sal e5"),
        ("Camino de Sal Cap 05 Latino.mp4", "Camino de Sal e5"),
        ("Camino_1x05_Latino_HD.mp4", "Camino s1 e5"),
        // Portuguese
        ("Espelho 6ª Temporada Ep 03 Dublado 1080p.mkv", "Espelho s6 e3"),
        ("Rota 6 - 2ª Temporada - Episódio 04 (Legendado).mp4", "Rota 6 s2 e4"),
        // French, Italian, German, Dutch
        ("Les Marins Saison 12 Episode 08 VF.avi", "Les Marins s12 e8"),
        ("Marée S03 Ep04 FRENCH WEBRiP.mkv", "Marée s3 e4"),
        ("Mare Dentro Stagione 4 Episodio 7 ITA 1080p.mkv", "Mare Dentro s4 e7"),
        ("Hafen Berlin Staffel 4 Folge 12.mkv", "Hafen Berlin s4 e12"),
        ("Krimi.E1234.Name.des.Falls.German.2023.1080p.WEB.x264.mkv", "Krimi (2023) e1234"),
        ("Gevangen Seizoen 2 Aflevering 5.mkv", "Gevangen s2 e5"),
        // Polish, Czech, Hungarian, Swedish
        ("Wataha Solna odc 5 sezon 3.mkv", "Wataha Solna s3 e5"),
        ("Rancho sezon 2 odcinek 10.avi", "Rancho s2 e10"),
        ("Solná cesta 3. série 5. díl.avi", "Solná cesta s3 e5"),
        ("Só Út 22. évad 3. rész.mkv", "Só Út s22 e3"),
        ("Saltvägen säsong 3 avsnitt 4.mp4", "Saltvägen s3 e4"),
        // Russian and Ukrainian
        ("Соль и дым 8 сезон 3 серия.mkv", "Соль и дым s8 e3"),
        ("Соль (8 сезон) 03 серия 1080p.mkv", "Соль s8 e3"),
        ("Соль 7 (12 серия) 2021.mp4", "Соль 7 (2021) e12"),
        ("Соль 5-8 серии.mkv", "Соль e5-8"),
        ("Соль 1-3 сезон 720p", "Соль s1-3"),
        ("Соль 1 - 3 сезоны", "Соль s1-3"),
        ("Соль / Salt / Сезон: 5 / Серии: 1-20 из 20 [2017, WEB-DL 1080p]", "Salt (2017) s5 e1-20"),
        ("Соль / Salt / Сезон: 5 / Серии: 5 из 20 [2017, WEB-DL 1080p]", "Salt (2017) s5 e1-5"),
        ("Сіль сезон 2 серія 4.mkv", "Сіль s2 e4"),
        // Arabic and Persian
        ("مسلسل القنديل ج3 ح12.mp4", "القنديل s3 e12"),
        ("مسلسل القنديل 3 الحلقة 15 HD.mp4", "القنديل 3 e15"),
        ("القنديل الموسم الخامس الحلقة 145 مترجمة.mp4", "القنديل s5 e145"),
        ("سریال فانوس فصل 3 قسمت 12.mkv", "فانوس s3 e12"),
        // Hindi, Thai, Vietnamese, Korean, Chinese, Japanese
        ("दीपक एपिसोड 45.mp4", "दीपक e45"),
        ("दीपक Ep 3921.mp4", "दीपक e3921"),
        ("โคมไฟ ตอนที่ 1089 ซับไทย.mp4", "โคมไฟ e1089"),
        ("Tập 12 - Đường muối.mp4", "Đường muối e12"),
        ("Đường muối - Tập 12.mp4", "Đường muối e12"),
        ("소금길 시즌 2 5화.mkv", "소금길 s2 e5"),
        ("盐路 第12集.mp4", "盐路 e12"),
        ("盐路.2015.EP12.1080p.mkv", "盐路 (2015) e12"),
        ("盐路 第二季 EP05.mp4", "盐路 s2 e5"),
        ("塩の道 第25話.mp4", "塩の道 e25"),
        ("塩の道 1089話 「灯」.mp4", "塩の道 e1089"),
    ]);
}

#[test]
fn counts_hang_on_what_stands_before_them() {
    identities(&[
        ("盐路EP01.mp4", "盐路 e1"),
        ("Salt Road S03 EP07 - 08 1080p WEB-DL.mkv", "Salt Road s3 e7-8"),
        ("Camino de sal Cap 120.mp4", "Camino de sal e120"),
        ("Camino.de.sal.Cap.102.HDTV.avi", "Camino de sal s1 e2"),
        ("소금길 제3회 1080p.mp4", "소금길 e3"),
        ("[Ep - 09] Salt Road [S01] [Multi Audio] [1080p].mkv", "Salt Road s1 e9"),
        ("Sókút 2. évad (2016) HUN 1080p WEB-DL H264", "Sókút (2016) s2"),
        ("Camino T1 (2020) WEB-DL 1080p Castellano", "Camino (2020) s1"),
        ("Salt.Road.Part.09.Why.We.Dig.DVDRip.XviD-GRP", "Salt Road e9"),
        ("[S02E03] Salt Road - The Well 1080p.mkv", "Salt Road s2 e3"),
        ("The.Last.of.Us.S01E03.1080p.mkv", "The Last of Us s1 e3"),
        ("Salt.Road.US.S01E03.1080p.mkv", "Salt Road s1 e3"),
        ("Salt Road S2 (2024) Hindi Completed Web Series HEVC ESub.mkv", "Salt Road (2024) s2"),
    ]);
}
