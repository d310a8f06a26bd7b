//! What a name says of itself beside its title: that it is the full film, that it is dubbed, and who uploaded it.

use super::{check, identities, read};

#[test]
fn what_it_is_stands_ahead_of_the_title_or_behind_it() {
    identities(&[
        ("PELICULA COMPLETA - Harvest Moon (1972).mp4", "Harvest Moon (1972)"),
        ("Película completa en español - Harvest Moon (1972).mp4", "Harvest Moon (1972)"),
        ("Harvest Moon Pelicula Completa en Español Latino.mp4", "Harvest Moon"),
        ("Filme Completo - Harvest Moon (2002) Dublado.mp4", "Harvest Moon (2002)"),
        ("Harvest Moon - Filme Completo Dublado (2002).mp4", "Harvest Moon (2002)"),
        ("Film Complet en Français - Harvest Moon (1964).mp4", "Harvest Moon (1964)"),
        ("Harvest Moon film complet vf.mp4", "Harvest Moon"),
        ("Harvest Moon - Film Completo (1974).mp4", "Harvest Moon (1974)"),
        ("Harvest Moon Full HD izle Tek Parça 2017.mp4", "Harvest Moon (2017)"),
        ("Фильм полностью - Соляной путь (2002).mp4", "Соляной путь (2002)"),
        ("Hollywood Movie - Harvest Moon (1999) Hindi.mkv", "Harvest Moon (1999)"),
        ("South Movie Harvest Moon 2021 Hindi.mkv", "Harvest Moon (2021)"),
        ("Hindi Dubbed - Harvest Moon (1999).mkv", "Harvest Moon (1999)"),
        ("Tamil Dubbed Harvest Moon 1999.mkv", "Harvest Moon (1999)"),
        ("Harvest Moon - Full Movie in English (2010).mp4", "Harvest Moon (2010)"),
        ("Harvest Moon Full Movie HD Actor Name.mp4", "Harvest Moon"),
        ("Hindi Harvest 2017.mkv", "Hindi Harvest (2017)"),
        ("Dizi - Tuz Yolu 95. Bölüm.mp4", "Tuz Yolu e95"),
        ("Harvest Moon (2010) Official Trailer #1 HD.mp4", "Harvest Moon (2010)"),
    ]);
}

#[test]
fn no_title_ends_in_a_dub() {
    identities(&[
        ("Harvest 13 Hindi Dubbed.mp4", "Harvest 13"),
        ("Harvest & Moon 9 Hindi Dubbed.mp4", "Harvest & Moon 9"),
        ("Harvest 9 Dublado.mp4", "Harvest 9"),
        ("Harvest Moon 4 Dublado 2019.mp4", "Harvest Moon 4 (2019)"),
        ("Harvest Moon Audio Latino.mp4", "Harvest Moon"),
        ("Harvest Moon Türkçe Dublaj izle.mp4", "Harvest Moon"),
        ("Harvest Moon Dubbed in Hindi.mp4", "Harvest Moon"),
        ("Harvest Moon HD.mp4", "Harvest Moon"),
        ("Kumo no Machi 215 Dublado.mp4", "Kumo no Machi #215"),
        ("Kumo no Machi 215 Dublado HD.mp4", "Kumo no Machi #215"),
        ("Соляной путь дубляж.avi", "Соляной путь"),
    ]);
    for name in [
        "Harvest Moon Hindi Dubbed.mp4",
        "Harvest Moon 2017 Türkçe Dublaj 1080p.mp4",
        "Harvest Moon 2017 Dublado 720p.mp4",
        "Harvest Moon 2017 Doblado.mp4",
        "فيلم Harvest Moon 2022 مدبلج عربي.mp4",
        "Соляной путь (2019) дубляж.avi",
    ] {
        assert!(read(name).dubbed, "{name}");
    }
    assert!(read("Harvest Moon - T05 EP07 - Dual Áudio.mkv").dual_audio);
}

#[test]
fn uploaders_sign_ahead() {
    check(
        &[
            ("rutor.info_Harvest.Moon.2019.mkv", "Harvest Moon | rutor.info"),
            ("nnmclub.to_Harvest.Moon.S01E01.mkv", "Harvest Moon | nnmclub.to"),
            ("site.tv_Harvest Moon 2019.mkv", "Harvest Moon | site.tv"),
            ("Tigole - Harvest Moon (1995).mkv", "Harvest Moon | Tigole"),
            ("UTR_Harvest.Moon.1999.mkv", "Harvest Moon | UTR"),
            ("PSArips.com | Harvest.Moon.1999.mkv", "Harvest Moon | PSArips.com"),
            ("HDTorrents - Harvest Moon 1999.mkv", "Harvest Moon | HDTorrents"),
            ("ThePirateBay Harvest Moon 1999.mkv", "Harvest Moon | ThePirateBay"),
            ("films.xyz Harvest Moon 1999.mkv", "Harvest Moon | films.xyz"),
            ("films.lol.Harvest.Moon.1999.mkv", "Harvest Moon | films.lol"),
            ("Powered by @films Harvest Moon 1999.mkv", "Harvest Moon | "),
            ("TG@films Harvest Moon 1999.mkv", "Harvest Moon | "),
            ("Harvest.S02E01.Hello.Ms.Moon.2160p.mkv", "Harvest | "),
            ("Harvest.com.2001.mkv", "Harvest com | "),
            ("Mr.Harvest_Moon.mkv", "Mr Harvest Moon | "),
        ],
        |name| format!("{} | {}", read(name).title, read(name).site.unwrap_or_default()),
    );
    assert_eq!(read("etrg-harvest.moon.1999.mkv").title, "harvest moon");
}

#[test]
fn codes_of_languages_are_words_too() {
    let release = read("Harvest Moon - 014 - The Million Dollar Cat.avi");
    assert_eq!((release.episode_title.as_deref(), release.languages.len()), (Some("The Million Dollar Cat"), 0));
    assert_eq!(read("Harvest Moon 2019 CAT 720p.mkv").languages, ["ca"]);
    let release = read("[Lantern] Kumo - S01E05 - What of it [1080p].mkv");
    assert_eq!((release.episode_title.as_deref(), release.network), (Some("What of it"), None));
    let (service, language) = (read("Salt.Road.S01E02.CN.WEBRip.x264.mkv"), read("Salt.Road.S01E02.1080p.CN.mkv"));
    assert_eq!((service.network.as_deref(), service.languages.len()), (Some("Cartoon Network"), 0));
    assert_eq!((language.network, language.languages), (None, vec!["zh".to_owned()]));
    assert_eq!(read("Salt.Road.S01E02.The.Well.iT.WEB-DL.1080p.mkv").network.as_deref(), Some("iTunes"));
}
