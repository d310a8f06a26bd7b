//! Names in folders: what the folders above a file add to it, and what they must not.

use super::{identities, read};
use crate::Extra;

#[test]
fn a_scrambled_file_is_what_its_folder_says() {
    identities(&[
        ("Salt.Road.S02E09.1080p.WEB-DL-LANTERN/c329b27187d44a94b4a25b21502db552.mkv", "Salt Road s2 e9"),
        ("Salt.Road.S02E09.1080p.WEB-DL-LANTERN/bbx7ykaIxIyzFqQZyUYJ.mkv", "Salt Road s2 e9"),
        (
            "Salt.Road.2019.1080p.WEB-DL-LANTERN/abc.xyz.a4c567edbcbf27.BLA/abc.xyz.a4c567edbcbf27.BLA.mkv",
            "Salt Road (2019)",
        ),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/Qx8nf73.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/0e895c37245186812cb08aab1529cf8ee389dd05.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/08bbc153931ce3ca5fcafe1b92d3297285feb061.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/185d86a343e39f3341e35c4dad3ff159.mkv", "Salt Road (2019)"),
        ("/tv/Salt.Road.S01E02.720p.HDTV.x264-LTN/ah63jka93jf0jh26ahjas961.mkv", "Salt Road s1 e2"),
        ("/tv/Salt.Road.S01E02.720p.HDTV.x264-LTN/yzobqavbt.mkv", "Salt Road s1 e2"),
        ("/tv/Salt Road S01E02/1234567890.mkv", "Salt Road s1 e2"),
        ("Salt Road (2019)/aWeirdName.mkv", "Salt Road (2019)"),
        ("Salt Road (2019) [1080p]/5f4dcc3b5aa765d61d8327deb882cf99.mp4", "Salt Road (2019)"),
        ("Movies/Salt.Road.2019.720p.BluRay.x264-LTN/ltn-srd720.mkv", "Salt Road (2019)"),
        ("Movies/Salt.Road.2019.720p.BluRay.x264-LTN/saltroad.mkv", "Salt Road (2019)"),
        ("Movies/Salt.Road.2019.720p.BluRay.x264-LTN/sr-ltn.mkv", "Salt Road (2019)"),
        ("Movies/Salt Road (2019)/0.mkv", "Salt Road (2019)"),
        ("Movies/Salt Road (2019)/movie.mkv", "Salt Road (2019)"),
        ("Movies/Salt Road (2019)/title00.mkv", "Salt Road (2019)"),
        ("Movies/Salt Road (2019)/title_t00.mkv", "Salt Road (2019)"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/ltn-srs01e02.mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/salt.road.102.mkv", "salt road s1 e2"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/s01e02.mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/102.mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/0102-ltn.mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01.1080p.BluRay.x264-LTN/ltn-sr.102.mkv", "Salt Road s1 e2"),
    ]);
}

#[test]
fn a_season_folder_holds_numbered_episodes() {
    identities(&[
        ("Salt Road/Season 02/Salt Road-E01.mkv", "Salt Road s2 e1"),
        ("Salt Road/Season 02/Salt Road - E01.mkv", "Salt Road s2 e1"),
        ("Salt Road/Season 02/Salt.Road.E01.mkv", "Salt Road s2 e1"),
        ("Salt Road/Season 02/Salt Road - 01.mkv", "Salt Road s2 e1"),
        ("Salt Road/Season 02/Salt Road 01.mkv", "Salt Road s2 e1"),
        ("Season 02/Salt Road-E01.mkv", "Salt Road s2 e1"),
        ("Salt Road/Season 02/Episode 05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/Ep05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/5.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/05 The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/05. The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/205 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/2x05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/2x05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/S02E05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/[05] The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/E05 The Well 720p.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 02/The Well.mkv", "Salt Road s2"),
        ("Salt Road (2010)/Season 02/Salt Road (2010) - S02E05 - The Well.mkv", "Salt Road (2010) s2 e5"),
        ("Salt Road (2010)/Season 02/Salt Road - S02E05.mkv", "Salt Road (2010) s2 e5"),
        ("Salt Road/S2/E5.mkv", "Salt Road s2 e5"),
        ("Salt Road/02/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/2/05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 2012/S2012E05.mkv", "Salt Road s2012 e5"),
    ]);
}

#[test]
fn a_season_folder_holds_episodes_of_every_habit() {
    identities(&[
        ("Salt Road/Season 2/Salt Road - 01 - The Well.mkv", "Salt Road s2 e1"),
        ("Season 2/Salt Road - 05.mkv", "Salt Road s2 e5"),
        ("Saison 2/Salt Road Episode 5.mkv", "Salt Road s2 e5"),
        ("Staffel 2/Salt Road Folge 5.mkv", "Salt Road s2 e5"),
        ("Salt Road (2010)/Season 2/Salt Road (2010) - 05.mkv", "Salt Road (2010) s2 e5"),
        ("Salt Road/Salt Road Season 2/Salt Road 05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Salt Road S2/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 2 [1080p]/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 2 (2012)/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Series 2/05.mkv", "Salt Road s2 e5"),
        ("Salt Road - Season 2/05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road - Complete/Season 2/05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road S01-S05/Season 2/05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road Complete Series/Salt Road Season 2/Salt Road - 2x05 - The Well.avi", "Salt Road s2 e5"),
        ("Season 1/Salt Road S02E05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 1/Salt Road S02E05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 1/2x05 The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 1/S02E05.mkv", "Salt Road s2 e5"),
        ("Salt Road S01/Salt Road S02E05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 2012/Salt Road 2012x05.mkv", "Salt Road s2012 e5"),
        ("Salt Road/2009/2x05.mkv", "Salt Road s2 e5"),
        ("Salt Road/2009/Salt Road 2x05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Specials/05 - The Well.mkv", "Salt Road s0 e5"),
        ("Salt Road/Season 0/S00E05.mkv", "Salt Road s0 e5"),
        ("Salt Road/Season 00/The Well.mkv", "Salt Road s0"),
        ("Salt Road/Extras/The Making Of.mkv", "Salt Road"),
        ("Salt Road/Season 1/Extras/The Making Of.mkv", "Salt Road s1"),
        ("Salt Road (2010)/Extras/Behind the Scenes.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/Featurettes/Behind the Scenes.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/Trailers/Teaser.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/Salt Road (2010)-trailer.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/Salt Road-trailer.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/trailers/trailer1.mkv", "Salt Road (2010)"),
        ("Salt Road (2010)/Deleted Scenes/The Well.mkv", "Salt Road (2010)"),
    ]);
}

#[test]
fn samples_extras_and_discs_belong_to_the_film_around_them() {
    identities(&[
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/Sample/sample.mkv", "Salt Road (2019)"),
        (
            "Salt.Road.2019.1080p.WEB-DL-LANTERN/Sample/salt.road.2019.1080p.web-dl-lantern.sample.mkv",
            "salt road (2019)",
        ),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/sample.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/ltn-sr-sample.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.1080p.WEB-DL-LANTERN/sample-salt.road.2019.1080p.mkv", "salt road (2019)"),
        ("Salt.Road.S01E02.720p.HDTV.x264-LTN/Sample/salt.road.s01e02.720p-sample.mkv", "salt road s1 e2"),
        ("Salt.Road.S01E02.720p.HDTV.x264-LTN/Sample/sample-ltn.mkv", "Salt Road s1 e2"),
        ("Salt Road (2019)/Sample/Salt Road sample.mkv", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/Proof/ltn-sr-proof.jpg", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/CD1/ltn-sr.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/CD1/ltn-sr.cd1.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/CD2/Salt.Road.CD2.avi", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/Subs/English.srt", "Salt Road (2019)"),
        ("Salt.Road.2019.DVDRip.XviD-LTN/Subs/2_English.srt", "Salt Road (2019)"),
        ("Salt_Road-x02-The_Making_Of.mkv", "Salt Road"),
        ("Salt_Road_(2010)-x02-The_Making_Of.mkv", "Salt Road (2010)"),
        ("Salt_Road-(2010)-x02-60_Minutes_Interview-1996.mp4", "Salt Road (2010)"),
        ("Movies/Salt_Road_(2010)/Salt_Road-x01-Interview.avi", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Salt Road-x05-Deleted Scenes.avi", "Salt Road (2010)"),
        ("Salt.Road-x09-Trailer.avi", "Salt Road"),
        ("Salt_Road-f02-Second_Road.mkv", "Salt Road"),
        ("Salt Road-f01-First Road-x02-Making Of.mkv", "Salt Road"),
        ("Salt Road (1942)/VIDEO_TS/VTS_01_1.VOB", "Salt Road (1942)"),
        ("Movies/Salt Road (1942)/VIDEO_TS/VIDEO_TS.IFO", "Salt Road (1942)"),
        ("Movies/Salt Road (1942)/BDMV/STREAM/00001.m2ts", "Salt Road (1942)"),
        ("Salt Road (1942)/Disc 1/VIDEO_TS/VTS_01_1.VOB", "Salt Road (1942)"),
        ("Salt Road S01/Disc 1/BDMV/STREAM/00001.m2ts", "Salt Road s1"),
        ("Salt Road (1942)/VTS_01_1.VOB", "Salt Road (1942)"),
        ("Movies/Salt.Road.1942.COMPLETE.BLURAY-LTN/00001.m2ts", "Salt Road (1942)"),
    ]);
}

#[test]
fn folders_that_sort_name_nothing() {
    identities(&[
        ("Movies/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Videos/Shows/C/Salt Road/Season 1/05.mkv", "Salt Road s1 e5"),
        ("Videos/Shows/S/Salt Road/S01E05.mkv", "Salt Road s1 e5"),
        ("Shows/Salt Road/Salt Road S01E05.mkv", "Salt Road s1 e5"),
        ("Series/Salt Road/Salt Road S01E05.mkv", "Salt Road s1 e5"),
        ("Movies/Salt Road.mkv", "Salt Road"),
        ("Movies/Action/Salt Road.mkv", "Salt Road"),
        ("/media/Movies/2010/Salt Road (2010).mkv", "Salt Road (2010)"),
        ("/home/user/Downloads/Salt.Road.2010.1080p.mkv", "Salt Road (2010)"),
        ("/Volumes/Disk 1/Movies/Salt Road (2010).mkv", "Salt Road (2010)"),
        ("D:\\Films\\Salt Road (2010)\\Salt Road.mkv", "Salt Road (2010)"),
        ("\\\\server\\share\\Films\\Salt Road (2010)\\Salt Road.mkv", "Salt Road (2010)"),
        ("TV/Salt Road/S01E05.mkv", "Salt Road s1 e5"),
        ("TV Shows/Salt Road/1x05.mkv", "Salt Road s1 e5"),
        ("Anime/Kumo no Machi/05.mkv", "Kumo no Machi e5"),
        ("Anime/Kumo no Machi/Kumo no Machi - 05.mkv", "Kumo no Machi #5"),
        ("Anime/[Lantern] Kumo no Machi [BD 1080p]/[Lantern] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("Anime/[Lantern] Kumo no Machi [BD 1080p]/05.mkv", "Kumo no Machi e5"),
        ("Anime/Kumo no Machi (2019)/Kumo no Machi - 05.mkv", "Kumo no Machi (2019) #5"),
        ("Anime/Kumo no Machi S2/[Lantern] Kumo no Machi - 05.mkv", "Kumo no Machi s2 e5"),
        ("Documentaries/BBC/Salt Road (2010).mkv", "Salt Road (2010)"),
        ("Movies HD/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Kids Movies/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Filmes/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Фильмы/Соляной путь (2010)/Соляной путь.mkv", "Соляной путь (2010)"),
        ("Сериалы/Соляной путь/Сезон 2/05.mkv", "Соляной путь s2 e5"),
        ("Dizi/Tuz Yolu/2. Sezon/05. Bölüm.mkv", "Tuz Yolu s2 e5"),
        ("Filme/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Películas/La Ruta (2010)/La Ruta.mkv", "La Ruta (2010)"),
        ("Seriale/Droga Soli/Sezon 2/05.mkv", "Droga Soli s2 e5"),
        ("电影/盐路 (2010)/盐路.mkv", "盐路 (2010)"),
        ("4K/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("1080p/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Hindi Movies/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Hollywood/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Marvel/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
    ]);
}

#[test]
fn the_folder_of_a_film_knows_its_year() {
    identities(&[
        ("Movies/Salt Road (2010)/Salt.Road.1080p.BluRay.x264-LTN.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Salt Road 1080p.mkv", "Salt Road (2010)"),
        ("Movies/2010 - Salt Road/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/[2010] Salt Road/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road 2010/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road [2010]/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road.2010.720p/Salt.Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road Collection/Salt Road 2 (2010)/Salt Road 2.mkv", "Salt Road 2 (2010)"),
        ("Movies/Salt Road Trilogy/Salt Road 2 (2010).mkv", "Salt Road 2 (2010)"),
        ("Movies/Salt Road 1-3 (2001-2008)/Salt Road 2 (2004).mkv", "Salt Road 2 (2004)"),
        ("Movies/Salt Road (2010)/The Salt Road.mkv", "The Salt Road (2010)"),
        ("Movies/The Salt Road (2010)/Salt Road.mkv", "The Salt Road (2010)"),
        ("Movies/Salt Road - The Long Way (2010)/Salt Road.mkv", "Salt Road - The Long Way (2010)"),
        ("Movies/Salt Road (2010)/Salt Road - Part 1.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Salt Road-cd1.avi", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Salt Road - 1080p.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Salt Road (2010) - Director's Cut.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road (2010) [imdbid-tt0063350]/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road (2010) {tmdb-10331}/Salt Road.mkv", "Salt Road (2010)"),
    ]);
}

#[test]
fn the_folder_of_a_series_counts_its_episodes() {
    identities(&[
        ("Series/Salt Road (2010) [tvdbid-1234]/Season 1/Salt Road S01E05.mkv", "Salt Road (2010) s1 e5"),
        ("Salt Road (2010)/01 - The Well.mkv", "Salt Road (2010) e1"),
        ("Salt Road (2010)/1x01 - The Well.mkv", "Salt Road (2010) s1 e1"),
        ("Salt Road (2010)/S01E01.mkv", "Salt Road (2010) s1 e1"),
        ("Salt Road 2010 S01 Complete/S01E01.mkv", "Salt Road (2010) s1 e1"),
        ("Salt.Road.S02.Complete.720p/Salt.Road.S02E01.mkv", "Salt Road s2 e1"),
        ("Salt Road S02 720p/E01.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/Episode 1 - The Well.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/1 - The Well.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/1.The Well.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/01.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/Salt Road 01.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/Salt Road - 01 - The Well.mkv", "Salt Road s2 e1"),
        ("Salt Road S02/The Well.mkv", "Salt Road s2"),
        ("Salt Road Season 2/Salt Road - Ep 3 - The Well.mkv", "Salt Road s2 e3"),
        ("Salt Road Season 2/Salt Road Episode 3.mkv", "Salt Road s2 e3"),
        ("Salt Road Season 2/Episode 3.mkv", "Salt Road s2 e3"),
        ("Salt Road Season 2 Complete 720p/Salt Road S02E03.mkv", "Salt Road s2 e3"),
        ("Salt Road - Season 2/Salt Road - 203 - The Well.mkv", "Salt Road s2 e3"),
        ("Salt Road - Season 2/Salt Road 203.mkv", "Salt Road s2 e3"),
        ("Salt Road/Season 2/Salt Road 203 The Well.avi", "Salt Road s2 e3"),
        ("Salt Road/Season 2/Salt.Road.203.avi", "Salt Road s2 e3"),
        ("Salt Road/Season 2/203.avi", "Salt Road s2 e3"),
        ("Salt Road/Season 2/S2E3.avi", "Salt Road s2 e3"),
        ("Salt Road/Season 2/Salt Road.s02e03e04.avi", "Salt Road s2 e3-4"),
        ("Salt Road/Season 2/03-04 - The Well.avi", "Salt Road s2 e3-4"),
        ("Salt Road/Season 2/Salt Road 2018-06-22.mkv", "Salt Road s2 @2018-06-22"),
        ("Salt Road/2018/Salt Road 2018-06-22.mkv", "Salt Road @2018-06-22"),
        ("Salt Road/2018-06-22.mkv", "Salt Road @2018-06-22"),
        ("Salt Road/Season 2018/2018-06-22 - The Well.mkv", "Salt Road s2018 @2018-06-22"),
        ("Salt Road/Disc 1/05 - The Well.mkv", "Salt Road #5"),
        ("Salt Road/DVD 1/Salt Road 05.mkv", "Salt Road #5"),
        ("Salt Road/Volume 1/Salt Road 05.mkv", "Salt Road #5"),
    ]);
}

#[test]
fn films_lie_in_folders_of_every_habit() {
    identities(&[
        (
            "Movies/Salt Road (2010) [1080p] [BluRay] [YTS.MX]/Salt.Road.2010.1080p.BluRay.x264-[YTS.MX].mp4",
            "Salt Road (2010)",
        ),
        ("Movies/Salt Road (2010) [YTS]/Salt Road.mp4", "Salt Road (2010)"),
        ("Movies/Salt Road DVDRip XviD-LTN/ltn-sr.avi", "Salt Road"),
        ("Movies/Salt Road DVDRip XviD-LTN/ltn-sr.cd1.avi", "Salt Road"),
        ("Movies/Salt.Road.DVDRip.XviD-LTN/ltn-sr-cd2.avi", "Salt Road"),
        ("Movies/Salt Road (2010)/CD1/Salt Road.avi", "Salt Road (2010)"),
        ("Movies/Salt Road (2010)/Соляной путь.mkv", "Salt Road (2010)"),
        ("Movies/Соляной путь (2010)/Salt Road.mkv", "Соляной путь (2010)"),
        ("Movies/01 - Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road Collection/01 - Salt Road (2010).mkv", "Salt Road (2010)"),
        ("Movies/Salt Road Collection/1. Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road Collection (2001-2010)/Salt Road 2 (2005)/Salt Road 2.mkv", "Salt Road 2 (2005)"),
        ("Movies/Salt Road Saga/Salt Road II.mkv", "Salt Road II"),
        ("Movies/S/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road, The (2010)/Salt Road, The.mkv", "The Salt Road (2010)"),
        ("Movies/The.Salt.Road.2010/The Salt Road.mkv", "The Salt Road (2010)"),
        ("Movies/Director Name/Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Director Name/Salt Road (2010).mkv", "Salt Road (2010)"),
        ("Movies/Director Name/2010 Salt Road.mkv", "Salt Road (2010)"),
        ("Movies/Salt Road/Salt Road (2010).mkv", "Salt Road (2010)"),
        ("Movies/Salt Road/movie.mkv", "Salt Road"),
        ("Movies/Salt Road/Salt.Road.2010.mkv", "Salt Road (2010)"),
        ("Movies/300 (2006)/300.mkv", "300 (2006)"),
        ("Movies/2012 (2009)/2012.mkv", "2012 (2009)"),
        ("Movies/1917 (2019)/1917.1080p.mkv", "1917 (2019)"),
        ("Movies/9 (2009)/9.mkv", "9 (2009)"),
        ("Movies/12 Goats (2009)/12 Goats.mkv", "12 Goats (2009)"),
        ("Movies/21 (2008)/21.mkv", "21 (2008)"),
        ("Movies/10 Goats (1999)/10.Goats.mkv", "10 Goats (1999)"),
        ("/mnt/usb/Films HD/Salt Road.2010.mkv", "Salt Road (2010)"),
    ]);
}

#[test]
fn episodes_lie_in_folders_of_every_habit() {
    identities(&[
        ("Salt Road/Season 1/Episode 5/video.mkv", "Salt Road s1 e5"),
        ("Salt Road/Season 1/E05/video.mkv", "Salt Road s1 e5"),
        ("Salt Road/S01E05/video.mkv", "Salt Road s1 e5"),
        ("Salt Road/Season 1/S01E05/S01E05.mkv", "Salt Road s1 e5"),
        ("Salt Road/Season 1/S01E05 - The Well/Salt Road.mkv", "Salt Road s1 e5"),
        ("Salt Road/Season 1/05 - The Well/video.mkv", "Salt Road s1 e5"),
        ("Salt Road/Season 01 (1080p BluRay x265 LTN)/Salt Road - S01E05 - The Well (1080p).mkv", "Salt Road s1 e5"),
        (
            "Salt Road (2010) Season 1-3 S01-S03 (1080p x265 LTN)/Season 2/Salt Road (2010) - S02E05 - The Well (1080p).mkv",
            "Salt Road (2010) s2 e5",
        ),
        ("Salt Road (2010) Season 1-3 S01-S03 (1080p x265 LTN)/Season 2/05 - The Well.mkv", "Salt Road (2010) s2 e5"),
        ("Salt Road (2010-2015)/Season 2/05.mkv", "Salt Road (2010) s2 e5"),
        ("Salt Road/Season 2 - The Long Way/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season 2 The Long Way/Salt Road 05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season Two/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/2nd Season/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Temporada 2/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Temporada 2/Salt Road 2x05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Temporada 2/Cap 5.mkv", "Salt Road s2 e5"),
        ("Salt Road/T2/Cap.05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Stagione 2/05 - Il pozzo.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season.2/e05.mkv", "Salt Road s2 e5"),
        ("Salt Road/season2/e05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season02/ep05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Season_2/Salt_Road_05.mkv", "Salt Road s2 e5"),
        ("Salt Road/S02 1080p/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Salt.Road.S02.1080p.BluRay-LTN/Salt.Road.S02E05.1080p.BluRay-LTN.mkv", "Salt Road s2 e5"),
        ("Salt Road/Salt.Road.S02.1080p.BluRay-LTN/05.mkv", "Salt Road s2 e5"),
        ("Salt Road/Part 2/Salt Road E05.mkv", "Salt Road e5"),
        ("Salt Road/Book 2/Salt Road S02E05.mkv", "Salt Road s2 e5"),
        ("Salt.Road.S02E05.The.Well.1080p.WEB-DL/The.Well.mkv", "Salt Road s2 e5"),
        ("Salt.Road.S02E05.1080p.WEB.H264-LTN/salt.road.s02e05.1080p.web.h264-ltn.mkv", "salt road s2 e5"),
        ("Salt.Road.S02E05.1080p.WEB.H264-LTN/ltn-salt.road.s02e05.mkv", "salt road s2 e5"),
        ("Salt.Road.S02E05.1080p.WEB.H264-LTN/sr.205.mkv", "Salt Road s2 e5"),
        ("Salt.Road.S02E05.1080p.WEB.H264-LTN/sr205ltn.mkv", "Salt Road s2 e5"),
        ("Salt.Road.S02E05.1080p.WEB.H264-LTN/srd205-hdtv.mkv", "Salt Road s2 e5"),
        ("Salt.Road.S02E05E06.1080p.WEB.H264-LTN/Abc.mkv", "Salt Road s2 e5-6"),
        ("Salt.Road.2018.06.22.720p.HDTV-LTN/slrd.18.06.22.mkv", "Salt Road @2018-06-22"),
        ("Salt.Road.2018.06.22.720p.HDTV-LTN/abcdefgh1234.mkv", "Salt Road @2018-06-22"),
    ]);
}

#[test]
fn anime_lies_in_folders_of_groups() {
    identities(&[
        ("[Lantern] Kumo no Machi - 05 [1080p]/a8s7df6as8d7f6.mkv", "Kumo no Machi #5"),
        ("[Lantern] Kumo no Machi - 01-12 [1080p]/[Lantern] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi #5"),
        ("[Lantern] Kumo no Machi (01-12) [1080p]/05.mkv", "Kumo no Machi e5"),
        ("[Lantern] Kumo no Machi (01-12) [1080p]/Kumo no Machi 05.mkv", "Kumo no Machi #5"),
        ("[Lantern] Kumo no Machi S2 [1080p]/[Lantern] Kumo no Machi S2 - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
        ("[Lantern] Kumo no Machi Season 2 [1080p]/[Lantern] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
        ("Kumo no Machi/Season 2/[Lantern] Kumo no Machi - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
        ("Kumo no Machi/Season 2/[Lantern] Kumo no Machi S2 - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
        ("Kumo no Machi/Season 1/[Lantern] 05 [1080p].mkv", "Kumo no Machi s1 e5"),
        ("Kumo no Machi/OVA/[Lantern] Kumo no Machi OVA - 01 [1080p].mkv", "Kumo no Machi #1"),
        ("Kumo no Machi/Specials/Kumo no Machi - SP01.mkv", "Kumo no Machi s0 #1"),
        ("Kumo no Machi/NC/[Lantern] Kumo no Machi NCOP [1080p].mkv", "Kumo no Machi"),
        ("Salt Road (2010)/Salt.Road.2010.1080p.BluRay.x264-LTN/ltn-saltroad.1080p.mkv", "Salt Road (2010)"),
        (
            "Salt Road (2010)/Salt.Road.2010.1080p.BluRay.x264-LTN/Salt.Road.2010.1080p.BluRay.x264-LTN.mkv",
            "Salt Road (2010)",
        ),
        ("TV/24/Season 2/24 S02E05.mkv", "24 s2 e5"),
        ("TV/24/Season 2/05.mkv", "24 s2 e5"),
        ("TV/1923/Season 1/S01E05.mkv", "1923 s1 e5"),
        ("TV/The 100/Season 2/05.mkv", "The 100 s2 e5"),
        ("TV/The 100/S02/The 100 - 05.mkv", "The 100 s2 e5"),
        (
            "/data/media/tv/Salt Road (2010) {tvdb-123}/Season 02/Salt Road (2010) - S02E05 - The Well [WEBDL-1080p].mkv",
            "Salt Road (2010) s2 e5",
        ),
        ("/downloads/complete/Salt.Road.S02E05.720p/salt.road.s02e05.mkv", "salt road s2 e5"),
        ("Downloads/Telegram Desktop/Salt Road S02E05.mkv", "Salt Road s2 e5"),
        ("Downloads/www.site.com - Salt Road S02E05/abc123.mkv", "Salt Road s2 e5"),
        ("[www.site.com] Salt Road (2010)/Salt Road.mkv", "Salt Road (2010)"),
        ("@SomeChannel/Salt Road/S02/05.mkv", "Salt Road s2 e5"),
    ]);
}

#[test]
fn folders_of_extras_say_so() {
    for (name, extra) in [
        ("Salt Road (2010)/Featurettes/Behind the Well.mkv", Some(Extra::Bonus)),
        ("Salt Road (2010)/Deleted Scenes/The Well.mkv", Some(Extra::Bonus)),
        ("Salt Road (2010)/Trailers/Second.mkv", Some(Extra::Trailer)),
        ("Salt.Road.2010.1080p.BluRay.x264-LTN/Sample/ltn-sr.mkv", Some(Extra::Sample)),
        ("Salt Road (2010)/Salt Road.mkv", None),
        ("Salt Road/Specials/The Well.mkv", None),
        // A film that lies in such a folder by itself is one of them all the same.
        ("Trailers/Salt Road (2010).mkv", Some(Extra::Trailer)),
    ] {
        assert_eq!(read(name).extra, extra, "{name}");
    }
}

#[test]
fn a_file_below_its_season_keeps_its_own_title() {
    let release = read("Salt Road/Season 2/05 - The Well.mkv");
    assert_eq!(release.episode_title.as_deref(), Some("The Well"));
    let release = read("Salt Road/Season 2/Salt Road 205 The Well.mkv");
    assert_eq!((release.title.as_str(), release.episode_title.as_deref()), ("Salt Road", Some("The Well")));
}

#[test]
fn series_in_folders_of_servers() {
    identities(&[
        ("Series/Harbor Lights/Harbor Lights - 201 (14) - The Door.avi", "Harbor Lights s2 e1"),
        ("Series/Harbor Lights/harbor.lights.s02e05.hdtv.avi", "harbor lights s2 e5"),
        ("Series/Harbor Lights/Harbor_Lights_2x05_The_Door.avi", "Harbor Lights s2 e5"),
        ("Series/Harbor Lights/Saison 2/Harbor.Lights.[2x05].The.Door.FR.LD.par.Group.avi", "Harbor Lights s2 e5"),
        ("Series/Harbor Lights 2x05 - The Door.avi", "Harbor Lights s2 e5"),
        ("Videos/Shows/H/Harbor Lights/Season 3/Harbor Lights - 3x07 - The Door.avi", "Harbor Lights s3 e7"),
        ("/mnt/series/The Harbor Lights/S04E12.The.Door.1080p.mkv", "The Harbor Lights s4 e12"),
        ("/mnt/series/The Harbor Lights/Season 06/e07.1080p.bluray.x264-wave.mkv", "The Harbor Lights s6 e7"),
        (
            "/mnt/series/The Harbor Lights/Season 06/e07.1080p.bluray.x264-wave-obfuscated.mkv",
            "The Harbor Lights s6 e7",
        ),
        ("Harbor Lights (2008)/Season 1/harbor.lights.s01e02.mkv", "harbor lights (2008) s1 e2"),
        ("/media/Harbor Lights - Saison 1/Harbor Lights - 1x02 - La Porte.mkv", "Harbor Lights s1 e2"),
        (
            "Harbor.Lights.S01.COMPLETE.720p.BluRay.x264-LTN/harbor.lights.s01e02.720p.bluray.x264-ltn.mkv",
            "harbor lights s1 e2",
        ),
        (
            "Harbor.Lights.S01.720p.BluRay.x264-LTN/Harbor.Lights.S01E02.720p.BluRay.x264-LTN/ltn-hl.s01e02.mkv",
            "Harbor Lights s1 e2",
        ),
        (
            "Harbor.Lights.S01.720p/Harbor.Lights.S01E02.720p/08bbc153931ce3ca5fcafe1b92d3297285feb061.mkv",
            "Harbor Lights s1 e2",
        ),
        ("Harbor Lights Season 1/Episode 2 - The Door.mkv", "Harbor Lights s1 e2"),
        ("Harbor Lights Season 1 Complete/Harbor Lights S1 Ep2.mkv", "Harbor Lights s1 e2"),
        ("Harbor Lights Complete/S01/E02.mkv", "Harbor Lights s1 e2"),
        ("Harbor Lights Complete 1080p/Season 1/Harbor Lights S01E02.mkv", "Harbor Lights s1 e2"),
        ("Harbor Lights - The Complete Series/Season 1/1x02 The Door.mkv", "Harbor Lights s1 e2"),
        ("Harbor Lights - The Complete Series (2001-2005)/Season 1/102 The Door.mkv", "Harbor Lights (2001) s1 e2"),
        (
            "Harbor Lights Seasons 1-5/Harbor Lights Season 3/Harbor Lights - (3x04) - The Door.mkv",
            "Harbor Lights s3 e4",
        ),
    ]);
}

#[test]
fn films_in_folders_of_servers() {
    identities(&[
        ("Movies/Harbor Lights (2008)/Harbor.Lights.(2008).DC.BDRip.720p.DTS.X264-LTN.mkv", "Harbor Lights (2008)"),
        (
            "Movies/Harbor Lights (2008)/[LTN] Harbor Lights [H264+Aac-128(Fr-Eng)+ST(Fr-Eng)].mkv",
            "Harbor Lights (2008)",
        ),
        (
            "Movies/Harbor Lights (2008)/Harbor.Lights.[Dual-DVDRip].[Spanish-English].[XviD-AC3-AC3].[by.Someone].avi",
            "Harbor Lights (2008)",
        ),
        ("Movies/Harbor_Lights_Collector_Edition.avi", "Harbor Lights"),
        ("Movies/Harbor Lights FRENCH.DVDRip.XviD-LTN/harbor.lights.avi", "harbor lights"),
        ("Movies/[harbor].Harbor.Lights.2008.FRENCH.DVDRiP.XViD-LTN.avi", "Harbor Lights (2008)"),
        ("Movies/Alice's Harbor DVDRip.XviD-LTN/ltn-ah.cd1.avi", "Alice's Harbor"),
        ("Movies/Harbor Lights, The (2010)/The.Harbor.Lights.720p.mkv", "The Harbor Lights (2010)"),
        ("Movies/Le Port (2010)/Le Port - VOSTFR 720p.mkv", "Le Port (2010)"),
        ("Movies/Harbor_Lights_2010/harbor_lights.mkv", "harbor lights (2010)"),
        ("Movies/harbor.lights.2010.720p.bluray.x264-ltn/ltn-harlights-720p.mkv", "harbor lights (2010)"),
        ("Movies/harbor.lights.2010.720p.bluray.x264-ltn/ltn-hl720.mkv", "harbor lights (2010)"),
        ("Movies/Harbor Lights [2010, USA, drama, BDRip]/Harbor Lights.mkv", "Harbor Lights (2010)"),
        ("Movies/Harbor Lights (James Doe) [2010, USA]/Harbor Lights.avi", "Harbor Lights (2010)"),
        ("Фильмы/Огни гавани (Harbor Lights) 2010/Огни гавани.mkv", "Harbor Lights (2010)"),
        ("Movies/Огни гавани - Harbor Lights (2010)/Harbor.Lights.mkv", "Harbor Lights (2010)"),
        ("/movies/Harbor Lights (2010)/Harbor Lights (2010) - 1080p - Part 1.mkv", "Harbor Lights (2010)"),
        (
            "/movies/Harbor Lights (2010)/Harbor Lights (2010) [imdbid-tt0106145] - Directors Cut.mkv",
            "Harbor Lights (2010)",
        ),
        ("/movies/300 (2006)/300 (2006).mkv", "300 (2006)"),
        ("/movies/300 (2006)/300 (2006) - 1080p.mkv", "300 (2006)"),
        ("/movies/Harbor Lights/Harbor Lights-part1.mkv", "Harbor Lights"),
        ("/movies/Harbor Lights (2010)/Harbor Lights.part1.mkv", "Harbor Lights (2010)"),
        ("/movies/Harbor Lights (2010)/Harbor Lights.3D.hsbs.mkv", "Harbor Lights (2010)"),
        ("/movies/Harbor Lights (2010)/harborlights2010.mkv", "Harbor Lights (2010)"),
    ]);
}

#[test]
fn numbers_below_their_folders() {
    identities(&[
        ("/movies/Harbor 2049 (2017)/Harbor.2049.1080p.mkv", "Harbor 2049 (2017)"),
        ("/movies/2049 Harbor (2017)/2049.Harbor.mkv", "2049 Harbor (2017)"),
        ("/tv/Harbor Lights/Season 1/Harbor.Lights.S1E2.The.Door.mkv", "Harbor Lights s1 e2"),
        ("/tv/Harbor Lights/Season 1/Harbor Lights - S01E02-E03 - The Door.mkv", "Harbor Lights s1 e2-3"),
        ("/tv/Harbor Lights/Season 2009/Harbor Lights - 2009x02 - The Door.mkv", "Harbor Lights s2009 e2"),
        ("/tv/Harbor Lights/Season 2009/2009x02.mkv", "Harbor Lights s2009 e2"),
        ("/tv/Harbor Lights (2009)/01x02 - The Door.mkv", "Harbor Lights (2009) s1 e2"),
        ("/tv/Harbor Lights 2009/S01/s01e02 - The Door.mkv", "Harbor Lights (2009) s1 e2"),
        ("/tv/The 4400/Season 1/The 4400 - S01E02.mkv", "The 4400 s1 e2"),
        ("/tv/The 4400/Season 1/02.mkv", "The 4400 s1 e2"),
        ("/tv/The 4400/4400.s01e02.mkv", "4400 s1 e2"),
        ("/tv/1-800-Harbor/Season 1/1-800-Harbor - s01e02.mkv", "1-800-Harbor s1 e2"),
        ("/tv/Harbor Lights/Season 1/harbor_lights.102.the_door.avi", "harbor lights s1 e2"),
        ("/tv/Harbor Lights/Season 1/1.mkv", "Harbor Lights s1 e1"),
        ("/tv/Harbor Lights/Season 1/101.mkv", "Harbor Lights s1 e1"),
        ("/tv/Harbor Lights/Season 10/1002.mkv", "Harbor Lights s10 e2"),
        ("/tv/Harbor Lights/Season 10/1002 - The Door.mkv", "Harbor Lights s10 e2"),
        ("/tv/Harbor Lights/Season 1/The Door 720p.mkv", "Harbor Lights s1"),
        ("/tv/Harbor Lights/Season 1/Harbor Lights.mkv", "Harbor Lights s1"),
        ("/anime/Kumo/Season 1/Kumo - 102.mkv", "Kumo s1 e2"),
        ("/anime/Kumo/Kumo - 102.mkv", "Kumo #102"),
        ("/anime/Kumo no Machi/Kumo no Machi - S01E05 - 005 - The Rain.mkv", "Kumo no Machi s1 e5 #5"),
        ("/anime/Kumo no Machi/[Lantern]_Kumo_no_Machi_-_05_[720p].mkv", "Kumo no Machi #5"),
        ("/anime/Kumo no Machi/Kumo_no_Machi_05.mkv", "Kumo no Machi #5"),
        ("/anime/Kumo no Machi/05_The_Rain.mkv", "Kumo no Machi #5"),
        ("/anime/Kumo no Machi/5.mkv", "Kumo no Machi e5"),
        ("/anime/Kumo no Machi/105.mkv", "Kumo no Machi e105"),
        ("/anime/Kumo no Machi/EP05.mkv", "Kumo no Machi e5"),
        ("/anime/Kumo no Machi/第05話.mkv", "Kumo no Machi e5"),
        ("/anime/[Lantern] Kumo no Machi/[Lantern] 05.mkv", "Kumo no Machi e5"),
        ("/anime/[Lantern] Kumo no Machi (BD 1080p)/NC/[Lantern] Kumo no Machi - NCOP1.mkv", "Kumo no Machi #1"),
        ("/anime/[Lantern] Kumo no Machi (BD 1080p)/Extras/[Lantern] Kumo no Machi - Menu 1.mkv", "Kumo no Machi #1"),
        ("Harbor Lights S02/Harbor Lights S02E05/Harbor Lights S02E05.mkv", "Harbor Lights s2 e5"),
        ("Harbor Lights S02/S02E05 The Door/S02E05.mkv", "Harbor Lights s2 e5"),
        ("Harbor Lights/Season 01-03/Season 2/05.mkv", "Harbor Lights s2 e5"),
        ("Harbor Lights/Seasons 1-3/Season 2/Harbor Lights S02E05.mkv", "Harbor Lights s2 e5"),
        ("Harbor Lights [S01-S03]/S02/05.mkv", "Harbor Lights s2 e5"),
    ]);
}

#[test]
fn abbreviations_and_scrambles_of_films() {
    identities(&[
        ("Movies/Salt Road (2010)/a1b2c3.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p/JKsd8f7JSDhf87.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/ltn-1080p.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/LTN.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/ltn.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/1.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/output.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/video_1.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/Salt.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/salt_road.mkv", "salt road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/salt.road.1080p-ltn.mkv", "salt road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/ltn.salt.road.1080p.mkv", "Salt Road (2010)"),
        ("Movies/Salt.Road.2010.1080p.BluRay-LTN/salt-ltn.mkv", "Salt Road (2010)"),
    ]);
}

#[test]
fn abbreviations_and_scrambles_of_episodes() {
    identities(&[
        ("TV/Salt.Road.S02E05.720p-LTN/ltn-205.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/salt.205.720p-ltn.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/a1b2c3d4e5.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/1.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/S02E05.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/2x05.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/E05.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/05.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/video.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/The.Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/Sample/ltn-205-sample.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/Subs/2_English.srt", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/Subs/ltn-205.idx", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02E05.720p-LTN/Subs/Salt.Road.S02E05.720p-LTN/2_English.srt", "Salt Road s2 e5"),
        ("TV/Salt.Road.S02.720p-LTN/Subs/Salt.Road.S02E05.720p-LTN/2_English.srt", "Salt Road s2 e5"),
    ]);
}

#[test]
fn one_episode_below_its_season_in_every_form() {
    identities(&[
        ("TV/Salt.Road.S02E05.The.Well.720p-LTN/The.Well.720p.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 2/Salt Road S02E05-thumb.jpg", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 2/Season 2 Trailer.mkv", "Salt Road s2"),
        ("TV/Salt Road/Season 1/S02E05.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 1/Salt Road 2x05.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road S01/Salt Road - S02E05 - The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt.Road.S01.1080p-LTN/Salt.Road.S02E05.1080p-LTN.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 01/Salt Road Season 2 Episode 5.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road-E05-The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road E05 The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road - Ep05 - The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road - Episode 5 - The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road #05.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/E05-The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/E05.The.Well.720p.WEB-DL.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/05 of 13.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road 5 of 13.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road (05).mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road [05].mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt Road 05 The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Salt.Road.05.The.Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/05.The.Well.720p.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/05-The.Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/05_The_Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/5 - The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/5. The Well.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Part 5.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Chapter 5.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Folge 5 - Der Brunnen.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/Серия 5.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/5 серия.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/الحلقة 5.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/第5集.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/5화.mkv", "Salt Road s2 e5"),
        ("TV/Salt Road/Season 02/S02E05E06 The Well.mkv", "Salt Road s2 e5-6"),
        ("TV/Salt Road/Season 02/05-06 The Well.mkv", "Salt Road s2 e5-6"),
        ("TV/Salt Road/Season 02/05+06 The Well.mkv", "Salt Road s2 e5-6"),
        ("TV/Salt Road/Season 02/05 & 06 - The Well.mkv", "Salt Road s2 e5-6"),
        ("TV/Salt Road/Season 02/E05-E06.mkv", "Salt Road s2 e5-6"),
    ]);
}
