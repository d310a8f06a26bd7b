//! What stands round a name: channels, sites, folders, captions, volumes.

use super::{identities, identity, read};
use crate::{Input, parse};

#[test]
fn channels_and_sites_are_not_titles() {
    identities(&[
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
    ]);
}

#[test]
fn folders_give_what_the_file_leaves_open() {
    identities(&[
        ("Series/Salt Road/Season 2/Salt.Road.2x05.Well.HDTV.avi", "Salt Road s2 e5"),
        ("Salt Road/Season 02/E01-The Well.mkv", "Salt Road s2 e1"),
        ("C:\\Media\\Salt Road\\Season 1\\02 The Well (1080p).m4v", "Salt Road s1 e2"),
        ("Movies/Harvest.Moon.1969.DVDRip.XviD-LANTERN/ltn-hmoon.avi", "Harvest Moon (1969)"),
        ("/tv/Salt.Road.S02E09.1080p.WEB-DL-LANTERN/c329b27187d44a94b4a25b21502db552.mkv", "Salt Road s2 e9"),
        ("Movies/Harvest Moon (1969)/Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
        ("Salt Road Season 3/Salt Road S03E04.mkv", "Salt Road s3 e4"),
    ]);
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
    // Of a number that is too long, the first digits are somebody else's id.
    for caption in
        ["tmdb:10331000000", "tmdb: 99999999999999999999", "{tmdb-0}", "tmdb:10331x", "tt00633500000", "xtt0063350"]
    {
        let release = parse(&Input { name: "x.mp4", caption, folder: "" });
        assert_eq!((release.tmdb, release.imdb), (None, None), "{caption}");
    }
    let second = parse(&Input { name: "x.mp4", caption: "not tmdb:10331000000 but tmdb:10331", folder: "" });
    assert_eq!(second.tmdb.map(|id| id.0), Some(10331));
    assert_eq!(read("Harvest (1969) {imdb-tt0063350}.mkv").imdb.map(|id| id.to_string()).as_deref(), Some("tt0063350"));
}

#[test]
fn handles_glued_to_titles_are_cut_off() {
    identities(&[
        ("@channel_Some_Series_S01E05.mkv", "Some Series s1 e5"),
        ("@kumohub_Some_Series_S01E05_720p.mkv", "Some Series s1 e5"),
        ("@kumochannel_Kumo_no_Machi_S01E05_1080p.mkv", "Kumo no Machi s1 e5"),
        ("@Films_Hub_Salt_Road_2019_720p.mkv", "Salt Road (2019)"),
        ("@KL_Films_Bot_Harvest 1969.mkv", "Harvest (1969)"),
        ("@CC_New Harvest 2023 Hindi 1080p NF WEB-DL.mkv", "Harvest (2023)"),
        ("(@FilmHub) [Tamil] Salt Road.mkv", "Salt Road"),
        ("[ @Films ] Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
        ("Harvest Moon (1969) @films.mkv", "Harvest Moon (1969)"),
        ("Harvest.Moon.1969.1080p.x264@films.mkv", "Harvest Moon (1969)"),
        ("t.me/films - Harvest Moon 1969.mkv", "Harvest Moon (1969)"),
        ("[t.me_films] Harvest Moon 1969.mkv", "Harvest Moon (1969)"),
        ("www.filmhub.party - Harvest Moon (1969) [1080p].mkv", "Harvest Moon (1969)"),
        ("[FilmHub.org] Harvest Moon 1969 720p.mkv", "Harvest Moon (1969)"),
        ("Harvest Moon 1969 720p [FilmHub.net].mkv", "Harvest Moon (1969)"),
    ]);
}

#[test]
fn folders_of_every_habit_are_read() {
    identities(&[
        ("Salt Road/Specials/The Well.mkv", "Salt Road s0"),
        ("Salt.Road.S02.1080p.BluRay.x264-LTN/03.mkv", "Salt Road s2 e3"),
        ("Salt Road/Season 5/0507.The Well.avi", "Salt Road s5 e7"),
        ("/movies/1917 (2019)/1917.mkv", "1917 (2019)"),
        ("Salt Road/Staffel 2/Salt Road - S02E05 - Episode 13.mkv", "Salt Road s2 e5"),
        ("Salt Road (2009)/Sezon 1/Salt Road 14. Bölüm.mp4", "Salt Road (2009) s1 e14"),
        ("Salt Road/Seizoen 1/aflevering 3.mkv", "Salt Road s1 e3"),
        ("Salt Road/2. évad/05. rész.mkv", "Salt Road s2 e5"),
        ("Filmy/Droga Soli (2019)/Sezon 02/odcinek 4 - Studnia.mkv", "Droga Soli (2019) s2 e4"),
        ("塩の道/シーズン2/第03話.mp4", "塩の道 s2 e3"),
        ("/mnt/Movies/2010s/2014/Salt Road (2014)/Salt Road.mkv", "Salt Road (2014)"),
        (
            "Salt Road 1-8 (2001-2011) 1080p/03. Salt Road and the Well (2004) 1080p.mkv",
            "Salt Road and the Well (2004)",
        ),
        ("Salt Road (1942)/VIDEO_TS/VTS_01_1.VOB", "Salt Road (1942)"),
        ("Salt Road (1980)/Salt Road - The Long Way - Episode 09 - The Well.avi", "Salt Road - The Long Way (1980) e9"),
        ("The Salt Season 3/The Salt - The Well.mkv", "The Salt s3"),
        ("Series/Salt Road/Shorts/Salt.Road.(Shorts).01.Good.Salt.WEBRip.avi", "Salt Road e1"),
        ("Salt.Road.S01.720p.HDTV.x264-LANTERN/salt.road.0106.720p-lantern.mkv", "salt road s1 e6"),
        ("movies/Harvest.LiMiTED.DVDRip.XviD-LANTERN/ltn-harvest.dvdrip.xvid.avi", "Harvest"),
        ("01-03/Salt Road (2010) - 1x01 - The Well HDTV-720p", "Salt Road (2010) s1 e1"),
        ("Subs/Salt.Road.S01E02.WEBRip.x265-LANTERN/34_tam.srt", "Salt Road s1 e2"),
        ("Salt Road (Сезон 1) / Salt (Season 1) (2024) WEB-DLRip-AVC 2xUkr/Eng | Sub Ukr/Eng", "Salt Road (2024) s1"),
        ("Salt Road/Season 1/Salt Road S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road/S02/05.mkv", "Salt Road s2 e5"),
        ("Salt Road (2010)/Specials/Salt Road S00E01.mkv", "Salt Road (2010) s0 e1"),
        ("Harvest Moon (1969) [1080p]/Harvest.Moon.1969.1080p.mkv", "Harvest Moon (1969)"),
        ("/srv/films/Harvest Moon (1969)/film.mkv", "Harvest Moon (1969)"),
        ("Films/Drama/Harvest Moon 1969 720p.mkv", "Harvest Moon (1969)"),
        ("Heron [ENG/FRE] 2019.mkv", "Heron (2019)"),
        ("Series/31/Season 08/05.mkv", "31 s8 e5"),
        ("TV/The 3100 (2004)/Season 02/03 - The Well.avi", "The 3100 (2004) s2 e3"),
        ("/mnt/TV/Salt Road/S3/Salt Road E05.mp4", "Salt Road s3 e5"),
        ("TV/Salt Road/S3/E07.mkv", "Salt Road s3 e7"),
        ("电视剧/盐路 (2019)/第2季/盐路 - 第15集.mp4", "盐路 (2019) s2 e15"),
        ("TV 4K/Salt Road (2022)/Season 01 [2160p]/Salt.Road.S01E06.mkv", "Salt Road (2022) s1 e6"),
    ]);
}

#[test]
fn the_folder_of_a_post_is_read_like_one_in_the_name() {
    for (folder, name, want) in [
        ("Salt Road/Season 2", "05 - The Well.mkv", "Salt Road s2 e5"),
        ("Salt Road (2010)", "S01E02.mkv", "Salt Road (2010) s1 e2"),
        ("Harvest Moon (1969)", "video.mp4", "Harvest Moon (1969)"),
        ("", "Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
        ("Films", "Harvest Moon (1969).mkv", "Harvest Moon (1969)"),
    ] {
        assert_eq!(identity(&parse(&Input { name, caption: "", folder })), want, "{folder} | {name}");
    }
}

#[test]
fn captions_of_every_language_and_habit_are_read() {
    for (name, caption, want) in [
        ("VID_20240101_120000.mp4", "🎬 Movie: Lost Heron\n📅 Year: 2024\n🔊 Audio: Hindi", "Lost Heron (2024)"),
        ("file.mkv", "**Lantern** (2023)\n\nLanguage: English + Hindi\nQuality: 2160p WEB-DL", "Lantern (2023)"),
        ("video.mp4", "🎥 فيلم: القنديل 3\n📅 السنة: 2024\nجودة: 1080p", "القنديل 3 (2024)"),
        ("video.mp4", "Название: Соль 2\nГод: 2000\nКачество: BDRip", "Соль 2 (2000)"),
        ("video.mp4", "#Salt_Road\nСезон 2 Серия 5", "Salt Road s2 e5"),
        ("12.mkv", "Salt Road S02\n@channel", "Salt Road s2 e12"),
        ("random_name_123.mp4", "Harvest Moon 2019 720p BluRay x264", "Harvest Moon (2019)"),
        ("Harvest Moon.mp4", "Harvest Moon (2019) 1080p", "Harvest Moon (2019)"),
        ("a1b2c3d4e5f6a7b8.mkv", "📺 Salt Road | S01 E05 | 720p", "Salt Road s1 e5"),
        ("1_5001234567890.mp4", "Titel: Die Salzstraße\nJahr: 2019", "Die Salzstraße (2019)"),
        ("part1.mkv", "Harvest Moon 2019 (Part 1)", "Harvest Moon (2019)"),
        ("Episode 5.mp4", "Kumo no Machi\nEpisode 5\nSub Indo", "Kumo no Machi e5"),
        ("EP.01.mp4", "ซีรีส์ เกลือ\nEP.01", "เกลือ e1"),
        ("movie.mkv", "Película: La Ruta de la Sal\nAño: 2019\nIdioma: Latino", "La Ruta de la Sal (2019)"),
        ("movie.mkv", "Filme: A Rota do Sal\nAno: 2019\nÁudio: Dublado", "A Rota do Sal (2019)"),
        ("movie.mkv", "片名：盐路\n年份：2019", "盐路 (2019)"),
        ("movie.mkv", "Titre : La Route du Sel (2019)\nLangue : VF\nQualité : 1080p", "La Route du Sel (2019)"),
        ("movie.mkv", "Film: Tuz Yolu\nYıl: 2019\nDil: Türkçe Dublaj", "Tuz Yolu (2019)"),
        ("Salt.Road.S01E02.mkv", "Join @channel for more\nhttps://t.me/channel", "Salt Road s1 e2"),
        ("", "", ""),
    ] {
        assert_eq!(identity(&parse(&Input { name, caption, folder: "" })), want, "{name} | {caption}");
    }
}

#[test]
fn another_title_in_the_caption_is_kept_as_a_second_reading() {
    let input = Input { name: "Harvest.Moon.1969.1080p.mkv", caption: "Erntemond (1969) German", folder: "" };
    let release = parse(&input);
    assert_eq!(identity(&release), "Harvest Moon (1969)");
    assert!(release.readings.iter().any(|r| r.title == "Erntemond" && r.doubt == crate::Doubt::CaptionSays));
}

#[test]
fn volumes_of_every_packer_are_counted() {
    for (name, part) in [
        ("Harvest.Moon.2019.part1.rar", Some(1)),
        ("Harvest.Moon.2019.1080p.mkv.part002", Some(2)),
        ("Harvest.Moon.2019.1080p.z01", Some(1)),
        ("Harvest.Moon.2019.1080p.r00", Some(2)),
        ("Harvest Moon (2019).mkv.zip.001", Some(1)),
        ("Harvest Moon (2019).7z.002", Some(2)),
        ("Harvest.Moon.2019.1080p.part01.mkv", Some(1)),
        ("Harvest Moon 2019 CD2.avi", None),
        ("Harvest Moon 2019 1080p.mkv", None),
    ] {
        assert_eq!(read(name).part, part, "{name}");
        assert_eq!(identity(&read(name)), "Harvest Moon (2019)", "{name}");
    }
}
