//! Titles in scripts that know no blanks, with their episodes glued to them.

use super::{check, identities, identity, read};

#[test]
fn an_episode_is_glued_to_a_title_without_blanks() {
    identities(&[
        ("云之城EP05.mp4", "云之城 e5"),
        ("云之城S01E05.mp4", "云之城 s1 e5"),
        ("云之城S2 E05.mp4", "云之城 s2 e5"),
        ("云之城05.mp4", "云之城 #5"),
        ("云之城105集.mp4", "云之城 e105"),
        ("云之城第二季05.mp4", "云之城 s2 e5"),
        ("云之城.第2季.05.mp4", "云之城 s2 e5"),
        ("云之城 1-39集全.mp4", "云之城 e1-39"),
        ("云之城 全39集 1080p.mp4", "云之城"),
        ("云之城2.2023.mp4", "云之城2 (2023)"),
        ("云之城2.mp4", "云之城2"),
        ("구름의 도시105화.mp4", "구름의 도시 e105"),
        ("구름의 도시 2기 - 05.mkv", "구름의 도시 s2 e5"),
        ("구름의 도시 파트2 E09.mkv", "구름의 도시 s2 e9"),
        ("구름의 도시 제5화.mp4", "구름의 도시 e5"),
        ("구름도시20기 5화.mp4", "구름도시 s20 e5"),
        ("Соляной путь.с03.э12.mkv", "Соляной путь s3 e12"),
    ]);
}

#[test]
fn a_number_of_two_figures_behind_such_a_title_counts() {
    identities(&[
        ("云之城 12.mp4", "云之城 #12"),
        ("云之城_105.mp4", "云之城 #105"),
        ("云之城 2 (2023).mp4", "云之城 2 (2023)"),
        ("구름의 도시 12.mp4", "구름의 도시 #12"),
    ]);
}

#[test]
fn a_day_stands_beside_a_title_without_blanks() {
    identities(&[
        ("구름의 도시 240421.mp4", "구름의 도시 @2024-04-21"),
        ("240421 구름의 도시 E700.mp4", "구름의 도시 e700 @2024-04-21"),
        ("구름 1994.E01.131018.720p-LTN.mp4", "구름 1994 e1 @2013-10-18"),
        ("구름 2024.E05.240101.mkv", "구름 (2024) e5 @2024-01-01"),
        ("云之城 2018年06月22日.mp4", "云之城 @2018-06-22"),
    ]);
}

#[test]
fn what_it_is_stands_ahead_of_it() {
    identities(&[
        ("영화 구름의 도시 2019.mp4", "구름의 도시 (2019)"),
        ("[영화] 구름의 도시 (2019).mp4", "구름의 도시 (2019)"),
        ("[드라마] 구름의 도시 5회.mp4", "구름의 도시 e5"),
        ("【电影】云之城2 2023 2160p.mp4", "云之城2 (2023)"),
        ("구름의 도시 1-16회 완결.mp4", "구름의 도시 e1-16"),
    ]);
}

#[test]
fn a_figure_at_the_end_may_be_the_season() {
    let release = read("云之城2 第05集.mp4");
    let other = &release.readings[0];
    assert_eq!((release.title.as_str(), &release.episodes), ("云之城2", &vec![5]));
    assert_eq!((other.title.as_str(), &other.seasons, &other.episodes), ("云之城", &vec![2], &vec![5]));
}

#[test]
fn a_korean_broadcaster_stands_ahead() {
    check(
        &[
            ("KBS 구름의 도시.E220.240414.mp4", "구름의 도시 e220 @2024-04-14 KBS"),
            ("MBC 구름의 도시.E201.100410.HDTV.mp4", "구름의 도시 e201 @2010-04-10 MBC"),
            ("SBS 구름의 도시.E1390.240323.1080p.mp4", "구름의 도시 e1390 @2024-03-23 SBS"),
        ],
        |name| format!("{} {}", identity(&read(name)), read(name).network.unwrap_or_default()),
    );
    let boxed = read("[SBS] 구름의 도시.E650.230416.mkv");
    assert_eq!((boxed.title.as_str(), boxed.three_d), ("구름의 도시", false));
    assert!(read("Harvest Moon 2010 1080p SBS x264.mkv").three_d);
}
