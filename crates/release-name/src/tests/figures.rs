//! Seasons and episodes in figures alone, lists of two ranges, and signs that stand between figures.

use super::identities;

#[test]
fn a_dot_parts_season_and_episode_where_spaces_part_the_words() {
    identities(&[
        ("Salt Road 2.05 The Well.avi", "Salt Road s2 e5"),
        ("Salt Road 6.21 Made by Hand.mkv", "Salt Road s6 e21"),
        ("Salt Road - 3.07 - The Well.avi", "Salt Road s3 e7"),
        ("Salt Road - 1.11 - The Well.avi", "Salt Road s1 e11"),
        ("Salt Road - 5.12 - The Well.mkv", "Salt Road s5 e12"),
        ("Salt Road M.D. 2.14 The Well.avi", "Salt Road M.D. s2 e14"),
        ("Salt Road 2.05 [720p].mkv", "Salt Road s2 e5"),
        ("Salt Road 2.05.mkv", "Salt Road s2 e5"),
        ("Salt Road 9.11.mkv", "Salt Road 9.11"),
        ("Salt Road 9.11 (2004).mkv", "Salt Road 9.11 (2004)"),
        ("Salt Road 2.22 You Will Not Walk.mkv", "Salt Road 2.22 You Will Not Walk"),
        ("Salt Road 2.0 The Well.mkv", "Salt Road 2.0 The Well"),
        ("3.10 to Harvest.mkv", "3.10 to Harvest"),
    ]);
}

#[test]
fn figures_are_parted_by_letters_of_a_cyrillic_keyboard() {
    identities(&[
        ("Соляной путь 3х12.avi", "Соляной путь s3 e12"),
        ("Соляной путь - 5х10 - Колодец.avi", "Соляной путь s5 e10"),
        ("Соляной путь С06Е01.mkv", "Соляной путь s6 e1"),
        ("Соляной путь S06Е01-Е04.mkv", "Соляной путь s6 e1-4"),
        ("Соляной.путь.s06е01.720p.mkv", "Соляной путь s6 e1"),
    ]);
}

#[test]
fn a_sign_for_the_number_stands_at_its_word() {
    identities(&[
        ("Salt Road EP#05.mkv", "Salt Road e5"),
        ("Salt Road S03 EP#07.mkv", "Salt Road s3 e7"),
        ("Salt Road Episode #1.10.avi", "Salt Road s1 e10"),
        ("Salt Road EP #2.3 720p.mkv", "Salt Road s2 e3"),
        ("Salt Road S 6 E 1.mkv", "Salt Road s6 e1"),
        ("Salt Road S 2 E 14 720p.mkv", "Salt Road s2 e14"),
        ("Salt Road Tập 5.mp4", "Salt Road e5"),
    ]);
}

#[test]
fn a_year_counts_no_episode_when_one_stands_behind_its_word() {
    identities(&[
        ("Muối Đường 1986 Tập 05.mkv", "Muối Đường (1986) e5"),
        ("Tuz Yolu 2022 Bölüm 3.mp4", "Tuz Yolu (2022) e3"),
        ("Tuz Yolu 2022 12. Bölüm.mp4", "Tuz Yolu (2022) e12"),
        ("Tuz Yolu 640 Bölüm.mp4", "Tuz Yolu e640"),
    ]);
}

#[test]
fn two_ranges_are_a_list() {
    identities(&[
        ("[Lantern] Kumo no Machi 093-095 & 100-102 (1280x720).mkv", "Kumo no Machi #93-102"),
        ("[Lantern].Kumo.no.Machi.093-095.&.100-102.(720p).mkv", "Kumo no Machi #93-102"),
        ("Kumo no Machi - 01-05, 07-12 [720p].mkv", "Kumo no Machi #1-12"),
        ("[Lantern] Kumo no Machi S2 - 14 - 25 [BD].mkv", "Kumo no Machi s2 e14-25"),
    ]);
    let release = super::read("Kumo no Machi - 01-03, 07-08 [720p].mkv");
    assert_eq!(release.absolute, [1.0, 2.0, 3.0, 7.0, 8.0]);
}

#[test]
fn ranges_of_one_length_count_twice() {
    identities(&[
        ("Kumo no Machi - 16x03-05.313-315.mkv", "Kumo no Machi s16 e3-5 #313-315"),
        ("Kumo.no.Machi.s16e03-04.313-314-LANTERN", "Kumo no Machi s16 e3-4 #313-314"),
        ("Kumo no Machi - S16E03-04 - 313-314.mkv", "Kumo no Machi s16 e3-4 #313-314"),
    ]);
}

#[test]
fn a_book_or_a_volume_is_a_season_where_an_episode_follows() {
    identities(&[
        ("Salt Road Book 2 Episode 5.mkv", "Salt Road s2 e5"),
        ("Salt Road Vol 2 Episode 3.mkv", "Salt Road s2 e3"),
        ("Salt Road Volume 3 Ep 2.mkv", "Salt Road s3 e2"),
        ("Salt Road Part 4 E05 720p.mkv", "Salt Road s4 e5"),
        ("La Ruta Parte 3 Capitulo 5.mp4", "La Ruta s3 e5"),
        ("Tuz Yolu S3 B12.mp4", "Tuz Yolu s3 e12"),
        ("Tuz Yolu 3. Sezon 1-12. Bölümler.mp4", "Tuz Yolu s3 e1-12"),
        ("Salt Road Livre II Episode 45.avi", "Salt Road s2 e45"),
        ("Salt Road Season 3 Part 2 Episode 4.mkv", "Salt Road s3 e4"),
        ("Salt Road S4 Part 3 E02.mkv", "Salt Road s4 e2"),
        ("Salt Road 4 Volume 2 - Episode 8.mkv", "Salt Road 4 Volume 2 e8"),
        ("Salt.Road.S04V02E08.mkv", "Salt Road s4 e8"),
        ("Salt Road S04 D02.mkv", "Salt Road s4"),
        ("Salt Road Part 2 2024.mkv", "Salt Road Part 2 (2024)"),
        ("Salt Road Vol. 2.mkv", "Salt Road Vol. 2"),
        ("Salt Road Part 5 - 12.mkv", "Salt Road Part 5 #12"),
    ]);
}

#[test]
fn days_are_written_short() {
    identities(&[
        ("Late Desk 5-21-24 720p.mp4", "Late Desk @2024-05-21"),
        ("Late.Desk.5.13.24.mkv", "Late Desk @2024-05-13"),
        ("Late Desk 240323.mkv", "Late Desk @2024-03-23"),
        ("Late Desk 240323 720p.mkv", "Late Desk @2024-03-23"),
        ("Late Desk Mon 13 May 2024.mkv", "Late Desk @2024-05-13"),
        ("Late Desk 8001 13.05.2024.mp4", "Late Desk #8001 @2024-05-13"),
        ("Late Desk 113801.mkv", "Late Desk 113801"),
        ("Harvest Moon 1975 8.1.mkv", "Harvest Moon (1975)"),
    ]);
}

#[test]
fn the_version_of_an_episode_may_stand_behind_its_number() {
    for (name, episode, version) in [
        ("Kumo no Machi Episode 159 v2 [720p].mp4", 159, 2),
        ("Kumo no Machi S01E05 v3 [720p].mp4", 5, 3),
        ("Kumo no Machi Ep 07_v2.mkv", 7, 2),
    ] {
        let release = super::read(name);
        assert_eq!(
            (release.title.as_str(), release.episodes, release.version),
            ("Kumo no Machi", vec![episode], Some(version)),
            "{name}"
        );
    }
}

#[test]
fn a_part_behind_the_year_is_one_of_a_series() {
    identities(&[
        ("Salt Road (1994) Part 3 - The Well.mkv", "Salt Road (1994) e3"),
        ("Salt Road 1980 part 5.avi", "Salt Road (1980) e5"),
        ("Salt Road (1977) - Part 3.mkv", "Salt Road (1977) e3"),
        ("Die Salzstrasse Teil 3 von 6.mkv", "Die Salzstrasse e3"),
        ("Salt Road Part 2 (2011).mkv", "Salt Road Part 2 (2011)"),
        ("Salt Road (2011) Part 2.mkv", "Salt Road (2011)"),
    ]);
}

#[test]
fn an_episode_ahead_of_a_year_may_be_a_film() {
    let release = super::read("Salt Road - Episode 4 - The Well (1977).mkv");
    assert_eq!((release.title.as_str(), &release.episodes), ("Salt Road", &vec![4]));
    assert_eq!(release.readings[0].title, "Salt Road - Episode 4 - The Well");
}

#[test]
fn a_volume_without_an_episode_may_be_a_season() {
    let release = super::read("Salt Road Volume 4 1080p WEB.mkv");
    let other = &release.readings[0];
    assert_eq!(
        (release.title.as_str(), other.title.as_str(), &other.seasons),
        ("Salt Road Volume 4", "Salt Road", &vec![4])
    );
}
