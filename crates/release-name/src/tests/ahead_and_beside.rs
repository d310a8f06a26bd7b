//! What stands ahead of a title or beside it: uploaders, networks, a second script, countries; and episodes that have no title.

use super::{check, identities, identity, read};
use crate::{Input, parse};

#[test]
fn uploaders_and_networks_are_no_titles() {
    identities(&[
        ("R A R B G Salt Road 1995 FRENCH 1080p BluRay x265 VXT mp4", "Salt Road (1995)"),
        ("RARBG Salt Road 1995 1080p.mkv", "Salt Road (1995)"),
        ("RARBG.COM Salt Road 1995 1080p.mp4", "Salt Road (1995)"),
        ("RARBG - Salt Road 1995 1080p.mp4", "Salt Road (1995)"),
        ("Rarbg.Salt.Road.1995.1080p.mp4", "Salt Road (1995)"),
        ("Y T S M X Salt Road 1967 1080p BluRay x264 mp4", "Salt Road (1967)"),
        ("YTS MX Salt Road 1967 1080p BluRay.mp4", "Salt Road (1967)"),
        ("YTS.MX - Salt Road 1967 1080p BluRay.mp4", "Salt Road (1967)"),
        ("YTS.MX.Salt.Road.1967.1080p.BluRay.mp4", "Salt Road (1967)"),
        ("YTS Salt Road 1967 1080p BluRay.mp4", "Salt Road (1967)"),
        ("YIFY Salt Road 1967 1080p.mp4", "Salt Road (1967)"),
        ("TamilMV Salt Road 2024 Tamil 1080p WEB-DL.mkv", "Salt Road (2024)"),
        ("1TamilMV Salt Road 2024 Tamil.mkv", "Salt Road (2024)"),
        ("T A M I L M V Salt Road 2024.mkv", "Salt Road (2024)"),
        ("TGx Salt Road 2024 1080p.mkv", "Salt Road (2024)"),
        ("eztv Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("EZTV re Salt Road S01E02 720p.mkv", "Salt Road s1 e2"),
        ("PSA Salt Road 2024 1080p.mkv", "PSA Salt Road (2024)"),
        ("MkvCinemas Salt Road 2024.mkv", "Salt Road (2024)"),
        ("MoviesVerse Salt Road 2024 720p.mkv", "Salt Road (2024)"),
        ("S W A T S01E02 720p.mkv", "S W A T s1 e2"),
        ("S.W.A.T.2017.S01E02.mkv", "S.W.A.T. (2017) s1 e2"),
        ("M A S H 1970 1080p.mkv", "M A S H (1970)"),
        ("F R I E N D S S01E02.mkv", "F R I E N D S s1 e2"),
        ("BBC - Salt Road S01E02 720p.mkv", "Salt Road s1 e2"),
        ("HBO - Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("National Geographic - Salt Road 2013 720p.mkv", "Salt Road (2013)"),
        ("PBS - Salt Road - 1of3.mkv", "Salt Road e1"),
        ("Netflix - Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("Discovery Channel - Salt Road 2013.avi", "Salt Road (2013)"),
        ("(BBC) Salt Road 1of3 HDTV.mkv", "Salt Road e1"),
        ("[BBC] Salt Road 1of3 HDTV.mkv", "Salt Road e1"),
        ("BBC Two - Salt Road (2019) 720p.mkv", "Salt Road (2019)"),
        ("ITV - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("CH4 - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("Stan and Salt 2019 1080p.mkv", "Stan and Salt (2019)"),
        ("Fox 2019 1080p.mkv", "Fox (2019)"),
        ("Nick 2012.mkv", "Nick (2012)"),
    ]);
}

#[test]
fn networks_ahead_need_no_dash() {
    identities(&[
        ("BBC Salt Road 2019 1080p BluRay x264.mkv", "Salt Road (2019)"),
        ("BBC.Salt.Road.S01E02.720p.HDTV.x264.mkv", "Salt Road s1 e2"),
        ("BBC.Earth.Salt.Road.2010.1080p.mkv", "Salt Road (2010)"),
        ("BBC Documentary Salt Road 2010.avi", "Salt Road (2010)"),
        ("HBO Salt Road S01E02 1080p.mkv", "Salt Road s1 e2"),
        ("HBO.Max.Salt.Road.S01E02.1080p.mkv", "Salt Road s1 e2"),
        ("Netflix Salt Road S01E02 German.mkv", "Salt Road s1 e2"),
        ("Disney+ Salt Road S02E01 2160p.mkv", "Salt Road s2 e1"),
        ("Apple TV+ Salt Road S01E01.mkv", "Salt Road s1 e1"),
        ("Amazon Prime - Salt Road S03E06.mkv", "Salt Road s3 e6"),
        ("National Geographic Salt Road 2013 720p.mkv", "Salt Road (2013)"),
        ("PBS.Nova.S45E02.720p.HDTV.mkv", "Nova s45 e2"),
        ("Nova - Salt Road (2018) 1080p.mkv", "Salt Road (2018)"),
        // A title of its own, or a word that is more than a network.
        ("PBS NewsHour 2019-03-04 720p.mkv", "PBS NewsHour @2019-03-04"),
        ("BBC News at Ten 2019 720p.mkv", "BBC News at Ten (2019)"),
        ("HBO First Look S01E02.mkv", "HBO First Look s1 e2"),
        ("BBC Salt Road.mkv", "BBC Salt Road"),
        ("The Discovery 2017 1080p.mkv", "The Discovery (2017)"),
        ("Discovery of Salt 2017 1080p.mkv", "Discovery of Salt (2017)"),
        ("Amazon Salt 2017 1080p.mkv", "Amazon Salt (2017)"),
        ("MTV Salt Road 2017 1080p.mkv", "MTV Salt Road (2017)"),
        ("PSA - Salt Road S01E02 720p.mkv", "Salt Road s1 e2"),
    ]);
}

#[test]
fn places_in_lists_are_no_titles() {
    identities(&[
        ("01 - Harvest Moon (1969) 1080p.mkv", "Harvest Moon (1969)"),
        ("12 - Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
        ("112 - Harvest Moon 1969 720p.mkv", "Harvest Moon (1969)"),
        ("07) Harvest Moon 1969 BluRay.mkv", "Harvest Moon (1969)"),
        ("#14 Harvest Moon 1969 1080p.mkv", "Harvest Moon (1969)"),
        ("(03) Harvest Moon 3 (1969).mkv", "Harvest Moon 3 (1969)"),
        ("4. Harvest.Moon.1969.1080p.mkv", "Harvest Moon (1969)"),
        ("003. Salt Road - S01E03.mkv", "Salt Road s1 e3"),
        ("03 - Salt Road - S01E03.mkv", "Salt Road s1 e3"),
        ("12 - Salt Road S01E12.mkv", "Salt Road s1 e12"),
        ("03-Salt.Road.S01E03.mkv", "Salt Road s1 e3"),
        ("08-Salt.Road-S01E08-720p.mkv", "Salt Road s1 e8"),
        ("06. Salt Road 1x06.mkv", "Salt Road s1 e6"),
        ("37 [Lantern]_Kumo_-_37v2_[XviD][6FA7D273].avi", "Kumo #37"),
        ("Bot.[Lantern]_Kumo_-_01v2_[720p][69A307A2].mkv", "Kumo #1"),
        ("Full Movie Harvest Moon 1969 720p.mp4", "Harvest Moon (1969)"),
        // The title's own.
        ("12 Harvesters 1969 1080p.mkv", "12 Harvesters (1969)"),
        ("(500) Days of Salt (2009) 1080p.mkv", "(500) Days of Salt (2009)"),
        ("24 - S01E02.mkv", "24 s1 e2"),
        ("24 S01E02 720p.mkv", "24 s1 e2"),
        ("24 - Salt - S02E01.mkv", "24 - Salt s2 e1"),
        ("9-1-1 S02E03 720p.mkv", "9-1-1 s2 e3"),
        ("#1 Harvester (2010).mkv", "1 Harvester (2010)"),
    ]);
}

#[test]
fn titles_stand_in_brackets_ahead() {
    identities(&[
        ("(Kumo) 05.mkv", "Kumo #5"),
        ("(HARVEST) 2009 720p.mkv", "HARVEST (2009)"),
        ("[HARVEST] 2009 720p.mkv", "HARVEST (2009)"),
        ("(Un)ripe 2020 1080p.mkv", "(Un)ripe (2020)"),
        ("[Kumo].148.[Xvid].avi", "Kumo #148"),
        // Groups.
        ("[Lantern] 2012 [1080p].mkv", "2012"),
        ("(Lantern) Kumo 05.mkv", "Kumo #5"),
        ("[Lantern] Harvest 2009 720p.mkv", "Harvest (2009)"),
        ("[Lantern] 2012 (2009) 720p.mkv", "2012 (2009)"),
    ]);
}

#[test]
fn titles_in_two_scripts_stand_side_by_side() {
    identities(&[
        ("Соляной путь The.Salt.Road.2008.1080p.mkv", "The Salt Road (2008)"),
        ("Соляной путь The Salt Road 2008 1080p.mkv", "The Salt Road (2008)"),
        ("Соляной_путь_The_Salt_Road_2008_BDRip.mkv", "The Salt Road (2008)"),
        ("Соляной.путь.The.Salt.Road.2008.BDRip.mkv", "The Salt Road (2008)"),
        ("Соляной путь Salt Road S01E05 1080p.mkv", "Salt Road s1 e5"),
        ("नमक Namak 2016 Hindi 1080p.mkv", "Namak (2016)"),
        ("Namak नमक 2016 Hindi 1080p.mkv", "Namak (2016)"),
        (
            "Путь соли: Начало Salt Road: The Beginning (2021) WEBRip [VP9/2160p] [4K].mkv",
            "Salt Road: The Beginning (2021)",
        ),
        ("Ночь Harvest Night of the Salt 2012 720p.mkv", "Harvest Night of the Salt (2012)"),
        ("盐路 Salt Road 2012 1080p.mkv", "Salt Road (2012)"),
        ("盐路.Salt.Road.S01E02.1080p.mkv", "Salt Road s1 e2"),
        ("ملح Salt 2016 1080p.mkv", "Salt (2016)"),
        ("소금길 Salt Road E05 720p.mkv", "Salt Road e5"),
        ("소금길.Salt.Road.E05.720p.mkv", "Salt Road e5"),
        ("เกลือ Salt Road EP05 720p.mkv", "Salt Road e5"),
        ("塩の道 Salt Road - 05 [720p].mkv", "Salt Road #5"),
        ("Дорога Road - Salt 2019.mkv", "Road - Salt (2019)"),
        ("உப்பு Uppu 2019 Tamil 720p.mkv", "Uppu (2019)"),
        ("ഉപ്പ് Uppu 2019 Malayalam HDRip.mkv", "Uppu (2019)"),
        ("ఉప్పు Uppu (2019) Telugu HDRip.mkv", "Uppu (2019)"),
        ("מלח Salt 2019 720p.mkv", "Salt (2019)"),
        ("The Salt Road Соляной путь 2008 1080p.mkv", "The Salt Road (2008)"),
        ("Salt Road (Соляной путь) 2008.mkv", "Salt Road (2008)"),
        ("Соляной путь (Salt Road) 2008.mkv", "Salt Road (2008)"),
        ("Соляной путь (Salt Road) S01E05.mkv", "Salt Road s1 e5"),
        ("Соляной путь. Salt Road. 2008.mkv", "Salt Road (2008)"),
        ("Соляной путь - Salt Road (2008).mkv", "Salt Road (2008)"),
        ("Road - Соляной путь - 1 сезон 2 серия.mkv", "Road s1 e2"),
        ("Соль Saltroad 2008 1080p.mkv", "Saltroad (2008)"),
        ("Соляной путь 3D 2008.mkv", "Соляной путь (2008)"),
        ("Операция Y 1965.mkv", "Операция Y (1965)"),
        ("Соляной путь DVDRip.mkv", "Соляной путь"),
        ("Люди X 2000.mkv", "Люди X (2000)"),
    ]);
}

#[test]
fn countries_and_languages_of_a_title_stay_with_it() {
    identities(&[
        ("Harvest USA 2015 1080p BluRay.mkv", "Harvest USA (2015)"),
        ("Harvest, USA 2015 1080p BluRay.mkv", "Harvest, USA (2015)"),
        ("Harvest USA (2015).mkv", "Harvest USA (2015)"),
        ("Moon French 2015.mkv", "Moon French (2015)"),
        ("Miss Harvest USA (2015) 720p.mkv", "Miss Harvest USA (2015)"),
        ("Made in Italian 2012 1080p", "Made in Italian (2012)"),
        ("My German Moon 2012 1080p", "My German Moon (2012)"),
        ("Salt Road US S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road (US) S01E02.mkv", "Salt Road s1 e2"),
        ("Salt.Road.UK.S01E02.mkv", "Salt Road s1 e2"),
        ("Moon French (2013) 1080p.mkv", "Moon French (2013)"),
        ("The Moon in Spanish (2010).mkv", "The Moon in Spanish (2010)"),
        ("Harvest French.mkv", "Harvest French"),
        ("The Italian 2010 1080p.mkv", "The Italian (2010)"),
        ("Harvest.German.DL.1080p.BluRay.mkv", "Harvest"),
        ("Harvest Hindi 2020 720p.mkv", "Harvest (2020)"),
        ("English Harvest 2012 720p.mkv", "English Harvest (2012)"),
        ("The French Harvest 2012 720p.mkv", "The French Harvest (2012)"),
        ("Harvest Moon Tamil (2020) HDRip.mkv", "Harvest Moon (2020)"),
    ]);
}

#[test]
fn a_tag_behind_an_episode_is_no_title() {
    check(
        &[
            ("Ep. 12 Dublado.mp4", "e12"),
            ("EP12 Tamil.mkv", "e12"),
            ("EP 12 Hindi Dubbed.mkv", "e12"),
            ("Episode 12 Telugu.mkv", "e12"),
            ("E12 Hindi 720p.mkv", "e12"),
            ("S02E12 Tamil.mkv", "s2 e12"),
            ("S02 EP12 Tamil.mkv", "s2 e12"),
            ("Episodio 12 Latino.mp4", "e12"),
            ("Bölüm 12 Türkçe Dublaj.mp4", "e12"),
            ("12. Bölüm Türkçe.mp4", "e12"),
            ("Capitulo 12 Castellano.mp4", "e12"),
            ("Серия 12 Рус.mp4", "e12"),
            ("Ep 12 English Sub.mp4", "e12"),
            ("Ep 12 Sub Indo.mp4", "e12"),
        ],
        |name| identity(&read(name)).trim_start().to_owned(),
    );
}

#[test]
fn cuts_are_glued_to_words() {
    identities(&[
        ("Salt Road 2019 BRRipMux 1080p.mkv", "Salt Road (2019)"),
        ("Salt.Road.S01E02.DLMux.x264.mkv", "Salt Road s1 e2"),
        ("Salt.Road.2019.cd1of2.avi", "Salt Road (2019)"),
        ("Salt Road cd1of2.avi", "Salt Road"),
        ("Salt Road vol127.avi", "Salt Road"),
        ("Salt.Road.vol.3.avi", "Salt Road vol 3"),
        ("Salt.Road.S01E02WEBDL.1080p.mkv", "Salt Road s1 e2"),
        ("Salt.Road.1x05HDTV.avi", "Salt Road s1 e5"),
        ("HarvestMoon1969.mkv", "HarvestMoon (1969)"),
        ("Harvest2002 1080p.mkv", "Harvest (2002)"),
        ("Salt.Road.S01E02.720p.WEB.x264-Lantern2019.mkv", "Salt Road s1 e2"),
        ("Blade2049 720p.mkv", "Blade2049"),
        ("Salt Road 2019 HDTVRipMux.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.BDRip.CD1.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.disc2.avi", "Salt Road (2019)"),
        ("Salt Road (2019) Part1of2.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.H264Mux.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.WEBRipMux.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080pMux.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRipXviD-LTN.avi", "Salt Road (2019)"),
        ("Salt Road 2019 720pBluRayx264.mkv", "Salt Road (2019)"),
        ("Salt Road(2019).mkv", "Salt Road (2019)"),
        ("Salt Road 2019(1080p).mkv", "Salt Road (2019)"),
    ]);
}

#[test]
fn the_caption_knows_where_the_uploader_ends() {
    for (name, caption, want) in [
        ("SomeChannel Harvest Moon 1995 1080p.mkv", "Harvest Moon (1995)\n1080p | French", "Harvest Moon (1995)"),
        ("FilmVault Salt Road S01E05 720p.mkv", "Salt Road S01E05\n@Films", "Salt Road s1 e5"),
        ("Ep 12 Hindi.mkv", "Salt Road Season 3\n@SomeChannel", "Salt Road s3 e12"),
        // Another year is another film, and its title stays whole.
        ("Lunar Harvest Moon 1995 1080p.mkv", "Harvest Moon (1969)", "Lunar Harvest Moon (1995)"),
    ] {
        assert_eq!(identity(&parse(&Input { name, caption, folder: "" })), want, "{name} | {caption}");
    }
}

#[test]
fn groups_and_channels_stand_ahead() {
    identities(&[
        ("ltn-salt.road.2019.1080p.bluray.x264.mkv", "salt road (2019)"),
        ("ltn-salt.road.s01e02.720p.hdtv.x264.mkv", "salt road s1 e2"),
        ("x-men.2019.1080p.bluray.x264.mkv", "x-men (2019)"),
        ("spider-man.2019.1080p.bluray.x264.mkv", "spider-man (2019)"),
        ("Ant-Man.2019.1080p.BluRay.x264.mkv", "Ant-Man (2019)"),
        ("E-Ring.S01E02.720p.mkv", "E-Ring s1 e2"),
        ("@SomeChan Salt Road S01E05 720p.mkv", "Salt Road s1 e5"),
        ("[@SomeChan] Salt Road - S01E05 [720p].mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05 @SomeChan.mkv", "Salt Road s1 e5"),
        ("Salt.Road.S01E05.720p.@SomeChan.mkv", "Salt Road s1 e5"),
        ("Salt_Road_S01E05_720p_@SomeChan.mkv", "Salt Road s1 e5"),
        ("SomeChan.com_Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("SomeChan.com - Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("www.SomeChan.com.Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("www.SomeChan.com_Salt_Road_2019_1080p.mkv", "Salt Road (2019)"),
        ("[SomeChan.com]Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("[ www.SomeChan.com ] - Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("SomeChan.com.Salt.Road.2019.1080p.mkv", "Salt Road (2019)"),
        ("t.me/SomeChan Salt Road 2019 1080p.mkv", "Salt Road (2019)"),
        ("Telegram @SomeChan - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("Salt Road 2019 t.me SomeChan.mkv", "Salt Road (2019)"),
        ("Salt Road (2019) [SomeChan.com].mkv", "Salt Road (2019)"),
        ("Salt Road (2019) - SomeChan.com.mkv", "Salt Road (2019)"),
        ("Salt Road (2019) 1080p SomeChan.com.mkv", "Salt Road (2019)"),
        ("【SomeChan】Salt Road 2019 1080p.mkv", "Salt Road (2019)"),
        ("★ Salt Road ★ 2019 1080p.mkv", "Salt Road (2019)"),
        ("🎬Salt Road🎬S01E05🎬720p.mkv", "Salt Road s1 e5"),
    ]);
}

#[test]
fn channels_part_and_fill_names_in_their_way() {
    identities(&[
        ("Salt Road | S01E05 | 720p.mkv", "Salt Road s1 e5"),
        ("Salt Road | Season 1 | Episode 5.mkv", "Salt Road s1 e5"),
        ("Salt Road • S01 • E05.mkv", "Salt Road s1 e5"),
        ("Salt Road — S01E05.mkv", "Salt Road s1 e5"),
        ("Salt Road – 05.mkv", "Salt Road #5"),
        ("Salt Road S01E05 (720p) (Hindi).mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05 [Hindi-English] 720p.mkv", "Salt Road s1 e5"),
        ("Salt Road S1 Hindi Ep5 720p.mkv", "Salt Road s1 e5"),
        ("Salt Road S1 Hindi Dubbed Episode 5 720p.mkv", "Salt Road s1 e5"),
        ("Salt Road Season 1 Hindi Episode 5 720p.mkv", "Salt Road s1 e5"),
        ("Salt Road 720p S01E05.mkv", "Salt Road s1 e5"),
        ("720p Salt Road S01E05.mkv", "Salt Road s1 e5"),
        ("[720p] Salt Road S01E05.mkv", "Salt Road s1 e5"),
        ("Hindi Salt Road S01E05.mkv", "Hindi Salt Road s1 e5"),
        ("[Hindi] Salt Road S01E05.mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05 Part 2.mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05-Part 2.mkv", "Salt Road s1 e5"),
        ("Salt Road S01 Vol 2 E05.mkv", "Salt Road s1 e5"),
        ("Salt Road S01 Volume 2 Episode 5.mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05 The End.mkv", "Salt Road s1 e5"),
        ("Salt Road S01E05 Final.mkv", "Salt Road s1 e5"),
        ("Salt Road S01 Finale.mkv", "Salt Road s1"),
        ("Salt Road S01 Zip.zip", "Salt Road s1"),
        ("Salt Road S01 720p.zip.001", "Salt Road s1"),
        ("Salt Road S01 Combined 720p.mkv", "Salt Road s1"),
        ("Salt Road S01E01-E08 Combined.mkv", "Salt Road s1 e1-8"),
        ("Salt Road [S01 E01 To E08].mkv", "Salt Road s1 e1-8"),
        ("Salt Road S01 [E01 - 08].mkv", "Salt Road s1 e1-8"),
        ("Salt Road S01 EP 01-08 [720p].mkv", "Salt Road s1 e1-8"),
        ("Salt Road S01 E(01-08) [720p].mkv", "Salt Road s1 e1-8"),
        ("Salt Road Season 1 (Ep 1 to 8).mkv", "Salt Road s1 e1-8"),
        ("Salt Road Season 1 All Episodes.mkv", "Salt Road s1"),
        ("Salt Road (2019) Season 1 Hindi Dubbed (ORG) [All Episodes] Web Series.mkv", "Salt Road (2019) s1"),
        ("Salt.Road.2019.S01.COMPLETE.Hindi.720p.WEB.mkv", "Salt Road (2019) s1"),
    ]);
}

#[test]
fn second_scripts_stand_in_every_place() {
    identities(&[
        ("Легенда о соли The Legend of Salt 2019 WEB-DL 1080p.mkv", "The Legend of Salt (2019)"),
        ("Легенда о соли.The Legend of Salt.2019.WEB-DL.mkv", "The Legend of Salt (2019)"),
        ("Легенда_о_соли_Legend_of_Salt_S01E02.mkv", "Legend of Salt s1 e2"),
        ("The Legend of Salt / Легенда о соли (2019).mkv", "The Legend of Salt (2019)"),
        ("Легенда о соли | The Legend of Salt (2019).mkv", "The Legend of Salt (2019)"),
        ("Легенда о соли, The Legend of Salt (2019).mkv", "The Legend of Salt (2019)"),
        ("Легенда о соли [The Legend of Salt] (2019).mkv", "The Legend of Salt (2019)"),
        ("[Легенда о соли] The Legend of Salt (2019).mkv", "The Legend of Salt (2019)"),
        ("Легенда о соли 2 The Legend of Salt 2 (2019).mkv", "The Legend of Salt 2 (2019)"),
        ("Легенда о соли (сериал) 1 сезон 2 серия.mkv", "Легенда о соли s1 e2"),
        ("Легенда о соли. Сезон 1. Серия 2.mkv", "Легенда о соли s1 e2"),
        ("Легенда о соли - 1x02.mkv", "Легенда о соли s1 e2"),
        ("Легенда о соли s01e02.mkv", "Легенда о соли s1 e2"),
        ("Legenda o soli s01e02 rus.mkv", "Legenda o soli s1 e2"),
        ("Легенда о соли 2019 BDRip 1080p [Rus].mkv", "Легенда о соли (2019)"),
        ("Легенда о соли (2019, США).mkv", "Легенда о соли (2019)"),
        ("Легенда о соли / Legend (Иван Петров) [2019, драма, BDRip].mkv", "Legend (2019)"),
        ("Фильм Легенда о соли 2019.mkv", "Легенда о соли (2019)"),
        ("नमक की कथा The Legend of Salt (2019) Hindi 720p.mkv", "The Legend of Salt (2019)"),
        ("The Legend of Salt नमक की कथा (2019) 720p.mkv", "The Legend of Salt (2019)"),
        ("সল্ট Salt (2019) Bengali.mkv", "Salt (2019)"),
        ("ลวดลาย Salt Road EP.05.mkv", "Salt Road e5"),
        ("소금의 전설 The Legend of Salt S01E02 1080p.mkv", "The Legend of Salt s1 e2"),
        ("소금의 전설.S01E02.1080p.mkv", "소금의 전설 s1 e2"),
        ("盐的传说 The Legend of Salt 第05集.mkv", "The Legend of Salt e5"),
        ("盐的传说.The.Legend.of.Salt.2019.1080p.mkv", "The Legend of Salt (2019)"),
        ("盐的传说2 The Legend of Salt 2 2019.mkv", "The Legend of Salt 2 (2019)"),
        ("The.Legend.of.Salt.盐的传说.2019.1080p.mkv", "The Legend of Salt (2019)"),
        ("盐的传说(2019) 1080p.mkv", "盐的传说 (2019)"),
        ("أسطورة الملح The Legend of Salt 2019.mkv", "The Legend of Salt (2019)"),
        ("أسطورة الملح 2019 مترجم.mkv", "أسطورة الملح (2019)"),
        ("فيلم أسطورة الملح 2019 1080p.mkv", "أسطورة الملح (2019)"),
        ("אגדת המלח The Legend of Salt 2019.mkv", "The Legend of Salt (2019)"),
        ("Ο θρύλος The Legend of Salt 2019.mkv", "The Legend of Salt (2019)"),
        ("உப்பின் கதை Salt Story (2019) Tamil.mkv", "Salt Story (2019)"),
        ("ഉപ്പ് Salt (2019) Malayalam.mkv", "Salt (2019)"),
        ("Đường Muối The Salt Road 2019.mkv", "Đường Muối The Salt Road (2019)"),
    ]);
}

#[test]
fn uploaders_sign_with_and_without_their_domain() {
    identities(&[
        ("Pahe.in Salt Road 2019 720p.mkv", "Salt Road (2019)"),
        ("[Pahe.in] Salt Road 2019 720p.mkv", "Salt Road (2019)"),
        ("PSA Salt Road S01E02.mkv", "PSA Salt Road s1 e2"),
        ("TGx.Salt.Road.2019.mkv", "Salt Road (2019)"),
        ("[TGx]Salt Road 2019.mkv", "Salt Road (2019)"),
        ("[ TorrentCouch.com ].Salt.Road.S01E02.mkv", "Salt Road s1 e2"),
        ("[1TamilMV] Salt Road (2019).mkv", "Salt Road (2019)"),
        ("1TamilMV.world - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("www.1TamilMV.world - Salt Road (2019) Tamil.mkv", "Salt Road (2019)"),
        ("TamilRockers - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("MoviesMod.org - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("MoviesMod - Salt Road (2019).mkv", "Salt Road (2019)"),
        ("Moviesmod Salt Road (2019).mkv", "Salt Road (2019)"),
        ("HDHub4u Salt Road 2019.mkv", "Salt Road (2019)"),
        ("HDHub4u.Tv Salt Road 2019.mkv", "Salt Road (2019)"),
        ("HDHub4u - Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("Vegamovies.NL - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("YTS.AM Salt Road 2019.mkv", "Salt Road (2019)"),
        ("YTS.LT - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("R.A.R.B.G.Salt.Road.2019.mkv", "Salt Road (2019)"),
        ("E Z T V Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("Y I F Y Salt Road 2019.mkv", "Salt Road (2019)"),
        ("N C I S S01E02.mkv", "N C I S s1 e2"),
        ("C S I Salt S01E02.mkv", "C S I Salt s1 e2"),
        ("U N C L E 2015 1080p.mkv", "U N C L E (2015)"),
        ("A B C Murders 2018 720p.mkv", "A B C Murders (2018)"),
        ("X Y Z 2018 720p.mkv", "X Y Z (2018)"),
        ("HBO.Salt.Road.2019.mkv", "Salt Road (2019)"),
        ("[HBO] Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("HBO: Salt Road S01E02.mkv", "HBO: Salt Road s1 e2"),
        ("History - Salt Road 2019.mkv", "History - Salt Road (2019)"),
        ("Channel 5 - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("BBC - Salt Road - 1of4 - The Well.mkv", "Salt Road e1"),
        ("BBC Salt Road 1of4 The Well.mkv", "Salt Road e1"),
        ("PBS Salt Road 2of4.mkv", "Salt Road e2"),
        ("NHK - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("ZDF - Salt Road 2019.mkv", "Salt Road (2019)"),
        ("ARTE - Salt Road 2019.mkv", "Salt Road (2019)"),
    ]);
}
