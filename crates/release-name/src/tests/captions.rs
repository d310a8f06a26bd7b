//! Captions of channels over the world, and what they add to a name. The titles are ours; the habits are the world's.

use super::identity;
use crate::{Input, Release, parse};

/// `identity | technical words | spoken | read`, without what is empty at its end.
fn said(release: &Release) -> String {
    let one = |v: &Option<String>| v.clone().unwrap_or_default();
    let technical =
        [one(&release.resolution), one(&release.source), one(&release.video_codec), release.audio.join("+")];
    let technical: Vec<_> = technical.into_iter().filter(|w| !w.is_empty()).collect();
    let parts =
        [identity(release), technical.join(" "), release.languages.join(" "), release.subtitles.join(" ")].join(" | ");
    parts.trim_end_matches([' ', '|']).to_owned()
}

/// Rows of name, caption and what is said; all are checked before the test fails.
fn rows(rows: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(name, caption, want)| (name, caption, want, said(&parse(&Input { name, caption, folder: "" }))))
        .filter(|(.., want, got)| *want != got)
        .map(|(name, caption, want, got)| format!("{name}\n  {caption:?}\n  want {want}\n  got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn a_caption_fills_what_a_telling_name_leaves_open() {
    rows(&[
        (
            "Salt Road 2019.mkv",
            "Salt Road (2019)\n\n🔊 Telugu ORG\n🎞 720p HDRip x264",
            "Salt Road (2019) | 720p HDRip H.264 | te",
        ),
        (
            "Salt.Road.2019.1080p.mkv",
            "🎧 Hindi | Tamil | Telugu\n💬 English",
            "Salt Road (2019) | 1080p | hi ta te | en",
        ),
        ("Salt.Road.2019.1080p.mkv", "Korean | HEVC", "Salt Road (2019) | 1080p H.265 | ko"),
        (
            "Salt.Road.S01E02.mkv",
            "Malayalam | TRUE WEB-DL\n480p & 720p & 1080p | ESub",
            "Salt Road s1 e2 | WEB-DL | ml | en",
        ),
        ("Salt.Road.S01E02.Hindi.mkv", "Audio : Hindi + Tamil", "Salt Road s1 e2 |  | hi ta"),
        ("Salt.Road.S01E02.mkv", "#SaltRoad #Hindi #720p", "Salt Road s1 e2 | 720p | hi"),
        (
            "Salt Road E06 720p.mkv",
            "Salt Road : A Family Story\nSeason 2 | Episode 06\n🎧 Hindi AAC",
            "Salt Road s2 e6 | 720p AAC | hi",
        ),
        ("SaltRoad2.E06.720p.mkv", "Salt Road\nSeason 2 Episode 6", "SaltRoad s2 e6 | 720p"),
        (
            "Salt Road 2019.mkv",
            "🎬 Соляная дорога (2019)\nПеревод: дублированный\nКачество: BDRip 1080p",
            "Salt Road (2019) | 1080p BDRip | ru",
        ),
        ("Kumo no Machi - 05.mkv", "Kumo no Machi\nSeason 2 Episode 5\nSub Indo", "Kumo no Machi s2 e5 |  |  | id"),
        ("Erntemond.2019.mkv", "Video: HEVC 10bit\nAudio: 🇩🇪 🇬🇧", "Erntemond (2019) | H.265 | de en"),
        (
            "Salt.Road.2019.mkv",
            "<b>Salt Road</b> (2019)\n<code>1080p NF WEB-DL DDP5.1 H.264</code>\n<i>Audio:</i> Hindi &amp; Tamil",
            "Salt Road (2019) | 1080p WEB-DL H.264 DDP | hi ta",
        ),
        (
            "Lapata Gadi 480p.mkv",
            "Laapataa Gaadi (2024) Hindi 480p WEB-DL ESub",
            "Lapata Gadi (2024) | 480p WEB-DL | hi | en",
        ),
        (
            "Series_Box_Salt_Road_S02E10_1080p.mkv",
            "📺 Salt Road\n🔹 Season: 02\n🔹 Episode: 10 – The Well\n@Series_Box",
            "Salt Road s2 e10 | 1080p",
        ),
        ("Tuz.Yolu.S01E03.mp4", "#TuzYolu\n📌 3. Bölüm | 1. Sezon\n📌 1080p Full HD", "Tuz Yolu s1 e3 | 1080p"),
    ]);
}

#[test]
fn a_caption_of_another_film_adds_nothing() {
    rows(&[
        (
            "Salt.Road.2019.1080p.mkv",
            "Harvest Moon (2024)\nAudio: Tamil\nQuality: 720p HDRip",
            "Salt Road (2019) | 1080p",
        ),
        ("Salt.Road.S01E02.mkv", "Harvest Moon S03E09\nHindi", "Salt Road s1 e2"),
        ("Salt.Road.2019.1080p.mkv", "Next: Salt Road 2 (2025) 🔜", "Salt Road (2019) | 1080p"),
        ("Salt.Road.2019.1080p.mkv", "🎰 Lucky Wheel Season 2 is LIVE – Bonus 100%", "Salt Road (2019) | 1080p"),
        (
            "Salt.Road.2019.1080p.mkv",
            "🔥 Join @channel for 4K HDR\n👉 https://t.me/channel/S01E03",
            "Salt Road (2019) | 1080p",
        ),
        ("Salt.Road.2019.1080p.mkv", "⭐ 8.7/10 | ⏱ 2h 15m | 18+\n👥 250K members", "Salt Road (2019) | 1080p"),
        ("Salt Road S03E10.mkv", "Salt Road\nS03 | E10\nNext ➡️ E11\n◀️ E09 Previous", "Salt Road s3 e10"),
        ("Salt.Road.2019.1080p.mkv", "480p | 720p | 1080p\nBased on a true story • 2h 27m", "Salt Road (2019) | 1080p"),
    ]);
}

#[test]
fn a_name_that_names_nothing_leaves_it_to_the_caption() {
    rows(&[
        ("lv_0_20240122.mp4", "🎬 Salt Road (2023)\n1080p WEB", "Salt Road (2023) | 1080p WEB-DL"),
        (
            "WhatsApp Video 2022-01-05 at 11.24.10.mp4",
            "📺 Salt Road\n3. Sezon 7. Bölüm\n720p",
            "Salt Road s3 e7 | 720p",
        ),
        ("LoS_07_id.mp4", "📺 Lord of Salt\n🎞 Episode 7\n💬 Sub Indo", "Lord of Salt e7 |  |  | id"),
        ("@Kumo_Adda_Salt_Road_2023_720p.mkv", "Join Fast @Kumo_Adda", "Salt Road (2023) | 720p"),
        ("1_5078214563298214.mkv", "Salt Road (2019)\nHindi 720p", "Salt Road (2019) | 720p | hi"),
        (
            "fichier_0042.mp4",
            "Titre : La Route du Sel\nAnnée : 2021\nLangue : Français\nQualité : HDLight 1080p\nTaille : 2.1 Go",
            "La Route du Sel (2021) | 1080p BDRip | fr",
        ),
        ("tap_07.mp4", "🎬 Con Đường Muối (2016)\n📺 Tập 7/16\n🔊 Thuyết minh", "Con Đường Muối (2016) e7 |  | vi"),
        (
            "dizi_s01b05.mp4",
            "📺 Tuz Yolu (2021)\nSezon: 1\nBölüm: 5\nKalite: 720p\nDil: Türkçe",
            "Tuz Yolu (2021) s1 e5 | 720p | tr",
        ),
        ("ethio_film_212.mp4", "🎬 Salt Road (2020)\n📺 Quality: 720p", "Salt Road (2020) | 720p"),
        (
            "DramaBay_Ep04.mkv",
            "🇰🇷 <b>Salt (2023)</b> 소금\n<code>Episode : 04 / 20</code>\n<b>Subtitle</b> : English\n@DramaBay",
            "Salt (2023) e4 |  |  | en",
        ),
        (
            "AgADBQADxqkxG4.mkv",
            "Salt Road [2023]\n`1080p NF WEB-DL DDP5.1 Atmos H.264`",
            "Salt Road (2023) | 1080p WEB-DL H.264 DDP+Atmos",
        ),
        ("Document_from_Ravi.mkv", "Salt Road (2019) Tamil", "Salt Road (2019) |  | ta"),
        (
            "New Doc 12.mkv",
            "Salt Road S01E03 (2023)\nHindi | Tamil\n480p ~ 150MB",
            "Salt Road (2023) s1 e3 | 480p | hi ta",
        ),
        ("حلقة 08.mp4", "🔴 #ملح\n▪️ الموسم 1 - الحلقة 8\n▪️ FHD 1080p", "ملح s1 e8 | 1080p"),
    ]);
}

#[test]
fn a_bare_number_or_a_camera_leaves_it_to_the_caption() {
    rows(&[
        (
            "T1 E03.mkv",
            "📺 Serie: La Ruta\n🔢 Temporada: 1\n🎞 Episodio: 3\n🗣 Audio: Español\n📀 1080p",
            "La Ruta s1 e3 | 1080p | es",
        ),
        (
            "480p_Hindi_ESub.mkv",
            "📺 𝐒𝐚𝐥𝐭 𝐑𝐨𝐚𝐝\n📌 Season - 04\n📌 Episodes - 01 to 05 (Combined)\n💿 SonyLiv WEB-DL",
            "Salt Road s4 e1-5 | 480p WEB-DL | hi | en",
        ),
        ("قسمت 9.mkv", "🎬 نمک - قسمت نهم\n🔘 کیفیت 480p\n🔘 حجم 310 مگابایت", "نمک e9 | 480p"),
        (
            "VID_20240118_214530_562.mp4",
            "#SaltRoad #Telugu #2024\n\n🎥 Salt Road (2024)\n🔊 Telugu\n💎 HDRip | 720p",
            "Salt Road (2024) | 720p HDRip | te",
        ),
        ("1080p.mkv", "名称：盐路 (2023)\n大小：6.4GB\n标签：#电影\n画质：1080p WEB-DL", "盐路 (2023) | 1080p WEB-DL"),
        ("E07.mp4", "🧂 Salt Road S01\n#Episode_07\n🎞 1080p HEVC", "Salt Road s1 e7 | 1080p H.265"),
        (
            "S01E04 - 720p.mkv",
            "🧂 Salt Road (2024)\n\nSeason 1 | Episode 4\nLanguage: English, Japanese",
            "Salt Road (2024) s1 e4 | 720p | en ja",
        ),
        (
            "IMG_20230811_102233.mp4",
            "🎀 Salt 2023 🎀\n\n⭐️ IMDb: 6.8/10\n⏱ 1h 54min\n🎭 Comedy, Fantasy\n📥 1080p WEBRip x264 AAC5.1\n🇺🇸 English",
            "Salt (2023) | 1080p WEBRip H.264 AAC | en",
        ),
        (
            "[@channel] Season 2 Ep 8 720p.mkv",
            "🎬 Title : Salt Road\n🗓 Season : 2 (2021)\n#️⃣ Episode : 8\n📊 Rating : 7.8/10 | 95% liked",
            "Salt Road (2021) s2 e8 | 720p",
        ),
        (
            "nonton.mp4",
            "🎬 Judul : Jalan Garam\n🗓 Tahun : 2022\n🎭 Genre : Horor\n⏱ Durasi : 119 menit\n📺 Kualitas : WEB-DL 720p\n🗣 Bahasa : Indonesia",
            "Jalan Garam (2022) | 720p WEB-DL | id",
        ),
    ]);
}

#[test]
fn dressed_letters_are_read() {
    rows(&[
        (
            "video.mp4",
            "📽️ 𝗦𝗮𝗹𝘁 𝗥𝗼𝗮𝗱 (𝟮𝟬𝟮𝟰)\n✦ 𝗔𝘂𝗱𝗶𝗼 : 𝗛𝗶𝗻𝗱𝗶\n✦ 𝗤𝘂𝗮𝗹𝗶𝘁𝘆 : 𝟳𝟮𝟬𝗽 𝗪𝗘𝗕-𝗗𝗟\n✦ 𝗥𝗮𝘁𝗶𝗻𝗴 : 𝟴.𝟱/𝟭𝟬",
            "Salt Road (2024) | 720p WEB-DL | hi",
        ),
        ("video.mp4", "ꜱᴀʟᴛ ʀᴏᴀᴅ\nꜱᴇᴀꜱᴏɴ : 02\nᴇᴘɪꜱᴏᴅᴇ : 05\nꞯᴜᴀʟɪᴛʏ : 720ᴘ", "salt road s2 e5 | 720p"),
        ("Salt_Road_S02E03_720p.mkv", "🅷🅾🆃🆂🆃🅰🆁 WEB-DL", "Salt Road s2 e3 | 720p WEB-DL"),
        ("video.mp4", "𝓢𝓪𝓵𝓽 𝓡𝓸𝓪𝓭 𝟸𝟶𝟷𝟿 𝟽𝟸𝟶𝚙", "Salt Road (2019) | 720p"),
        ("video.mp4", "Ｓａｌｔ　Ｒｏａｄ （２０１９） １０８０ｐ", "Salt Road (2019) | 1080p"),
        ("𝗦𝗮𝗹𝘁.𝗥𝗼𝗮𝗱.𝟮𝟬𝟭𝟵.𝟳𝟮𝟬𝗽.mkv", "", "Salt Road (2019) | 720p"),
        ("video.mp4", "Salt Road\nTemporada 2️⃣ Capítulo 1️⃣5️⃣", "Salt Road s2 e15"),
        ("video.mp4", "**Salt Road** __2019__ ||720p||", "Salt Road (2019) | 720p"),
    ]);
}

#[test]
fn labels_of_every_language_are_read() {
    rows(&[
        (
            "film.mp4",
            "🎬 Film Adı: Tuz Yolu\n📅 Yapım Yılı: 2022\n🎭 Tür: Dram\n🔊 Dil: Türkçe\n📀 Kalite: 1080p WEB-DL",
            "Tuz Yolu (2022) | 1080p WEB-DL | tr",
        ),
        (
            "a.mp4",
            "📺 Título da série: A Rota\nTemporada: 2\nEpisódio: 4\nÁudio: Dublado\nQualidade: 720p",
            "A Rota s2 e4 | 720p | pt",
        ),
        (
            "video.mp4",
            "Название: Соль\nГод выхода: 2020\nСтрана: Россия\nЖанр: драма\nПродолжительность: 127 мин.\nКачество: WEB-DL 1080p",
            "Соль (2020) | 1080p WEB-DL",
        ),
        ("video.mp4", "Назва: Сіль\nРік: 2020\nМова: українська\nЯкість: 1080p", "Сіль (2020) | 1080p | uk"),
        (
            "video.mp4",
            "Titel: Die Salzstraße\nJahr: 2019\nSprache: Deutsch\nUntertitel: Englisch\nQualität: 1080p BluRay\nLaufzeit: 128 Min.",
            "Die Salzstraße (2019) | 1080p BluRay | de | en",
        ),
        (
            "video.mp4",
            "Titolo: La via del sale\nAnno: 2016\nGenere: Commedia\nLingua: Italiano\nQualità: 720p",
            "La via del sale (2016) | 720p | it",
        ),
        (
            "video.mp4",
            "Tytuł: Solny szlak\nRok: 2018\nJęzyk: Polski\nNapisy: Angielski\nJakość: 720p",
            "Solny szlak (2018) | 720p | pl | en",
        ),
        (
            "video.mp4",
            "Título: La Ruta\nAño: 2023\nPaís: México\nGénero: Drama\nIdioma: Español Latino\nCalidad: 1080p WEB-DL\nDuración: 2h 5m",
            "La Ruta (2023) | 1080p WEB-DL | es",
        ),
    ]);
}

#[test]
fn labels_of_every_script_are_read() {
    rows(&[
        (
            "video.mp4",
            "اسم الفيلم: طريق الملح\nالسنة: ٢٠٢١\nاللغة: العربية\nالترجمة: الإنجليزية\nالجودة: 1080p",
            "طريق الملح (2021) | 1080p | ar | en",
        ),
        (
            "video.mp4",
            "نام سریال: جاده نمک\nفصل: دوم\nقسمت: ۱۲\nسال: ۱۴۰۰\nزبان: فارسی\nکیفیت: 720p",
            "جاده نمک (2021) s2 e12 | 720p | fa",
        ),
        ("video.mp4", "片名：盐路\n年份：2019\n语言：国语\n字幕：英文\n画质：1080P", "盐路 (2019) | 1080p | zh | en"),
        (
            "video.mp4",
            "제목: 소금길\n연도: 2019\n언어: 한국어\n자막: 영어\n화질: 1080p",
            "소금길 (2019) | 1080p | ko | en",
        ),
        ("video.mp4", "タイトル：塩の道\n公開：2019\n音声：日本語\n字幕：英語", "塩の道 (2019) |  | ja | en"),
        ("video.mp4", "ชื่อเรื่อง: ทางเกลือ\nปี: 2562\nเสียง: ไทย\nคุณภาพ: 1080p", "ทางเกลือ (2019) | 1080p"),
        (
            "video.mp4",
            "Tên phim: Đường Muối\nNăm: 2020\nNgôn ngữ: Tiếng Việt\nChất lượng: 1080p",
            "Đường Muối (2020) | 1080p | vi",
        ),
        (
            "video.mp4",
            "Tajuk: Jalan Garam\nTahun: 2018\nBahasa: Melayu\nSarikata: BM\nSaiz: 850MB",
            "Jalan Garam (2018) |  | ms | ms",
        ),
        ("video.mp4", "शीर्षक: नमक\nवर्ष: २०१९\nभाषा: हिंदी\nगुणवत्ता: 720p", "नमक (2019) | 720p | hi"),
        ("video.mp4", "নাম: লবণ\nবছর: ২০১৯\nভাষা: বাংলা", "লবণ (2019) |  | bn"),
        ("video.mp4", "שם: דרך המלח\nשנה: 2019\nשפה: עברית\nאיכות: 720p", "דרך המלח (2019) | 720p | he"),
        ("video.mp4", "Titlu: Drumul sării\nAn: 2019\nSubtitrare: Română", "Drumul sării (2019) |  |  | ro"),
        ("video.mp4", "Cím: Sóút\nÉv: 2019\nNyelv: Magyar\nMinőség: 720p", "Sóút (2019) | 720p | hu"),
        ("video.mp4", "Τίτλος: Αλάτι\nΈτος: 2019\nΥπότιτλοι: Ελληνικά", "Αλάτι (2019) |  |  | el"),
        ("video.mp4", "Nomi: Tuz yo'li\nYil: 2019\nTil: O'zbek tilida\nSifati: 720p", "Tuz yo'li (2019) | 720p | uz"),
        (
            "video.mp4",
            "🎬 Title - Salt Road\n📅 Year - 2019\n🗣 Language - Tamil + Telugu\n💿 Quality - 1080p",
            "Salt Road (2019) | 1080p | ta te",
        ),
        (
            "video.mp4",
            "Movie Name ➜ Salt Road\nRelease Year ➜ 2019\nAudio Language ➜ Hindi",
            "Salt Road (2019) |  | hi",
        ),
        (
            "video.mp4",
            "🎬 Movie: Salt Road | 📅 Year: 2019 | 🎭 Genre: Drama | 🔊 Audio: Hindi",
            "Salt Road (2019) |  | hi",
        ),
        ("video.mp4", "Season: 2 Episode: 5\nSeries: Salt Road", "Salt Road s2 e5"),
    ]);
}

#[test]
fn titles_are_found_without_a_label() {
    rows(&[
        ("video.mp4", "مسلسل طريق الملح\nالحلقة 4 الرابعة\nرمضان 2024\nجودة 720p", "طريق الملح (2024) e4 | 720p"),
        (
            "video.mp4",
            "🎥 فیلم #SaltRoad 2014\n🎞 جاده نمک\n🔊 دوبله فارسی\n💢 کیفیت Bluray 720p\n⭐️ امتیاز 8.7 از 10",
            "Salt Road (2014) | 720p BluRay | fa",
        ),
        ("video.mp4", "سریال جاده نمک\nفصل اول - قسمت پنجم\nزیرنویس فارسی چسبیده", "جاده نمک s1 e5 |  |  | fa"),
        ("video.mp4", "Phim Đường Muối 2019\nVietsub 1080p", "Đường Muối (2019) | 1080p |  | vi"),
        ("video.mp4", "Сериал «Соляной путь»\n2 сезон 5 серия", "Соляной путь s2 e5"),
        (
            "video.mp4",
            "📺 Novela: A Rota (2012)\n▶️ Capítulo 12\n🎙 Português\n🎥 HDTV 720p",
            "A Rota (2012) e12 | 720p HDTV | pt",
        ),
        ("video.mp4", "#جاده_نمک\nفصل ۲ قسمت ۵", "جاده نمک s2 e5"),
        ("video.mp4", "#комедия #СССР\n📽 Соль (1976)\nРежиссёр: И. Иванов\n🎞 DVDRip", "Соль (1976) | DVDRip"),
        (
            "video.mp4",
            "🎞 ಉಪ್ಪಿನ ದಾರಿ\n🎞 Uppina Daari (2021)\n🗣 Kannada ✅ ESub ✅\n🧿 Zee5 WEB-DL 720p AVC",
            "Uppina Daari (2021) | 720p WEB-DL H.264 | kn | en",
        ),
        ("video.mp4", "উপ্পু | Uppu\nসিজন ১ | পর্ব ৩\nঅডিও: বাংলা", "উপ্পু s1 e3 |  | bn"),
        ("video.mp4", "🔥 New movie 🔥\nSalt Road (2019) 720p", "Salt Road (2019) | 720p"),
        ("video.mp4", "🎬 Hidden Gem of the week\nSalt Road (2019) 720p", "Salt Road (2019) | 720p"),
        ("video.mp4", "Salt Road | 2019 | 2h 15m\n©️ Some Channel", "Salt Road (2019)"),
        ("video.mp4", "Salt Road\n2019 • Drama • 720p", "Salt Road (2019) | 720p"),
        (
            "video.mp4",
            "Salt Road (2019)\n\nA young farmer must choose between the land of his fathers and an English girl in 1942.",
            "Salt Road (2019)",
        ),
        ("video.mp4", "Tuz Yolu 4. Sezon 9. Bölüm (Sezon Finali)\nİyi seyirler 🍿", "Tuz Yolu s4 e9"),
        ("video.mp4", "#소금길 7회\n720p", "소금길 e7 | 720p"),
        ("video.mp4", "หนัง ทางเกลือ (2567)\n🔊 เสียงไทย\n💬 ซับอังกฤษ", "ทางเกลือ (2024) |  | th | en"),
        ("video.mp4", "Segunda temporada\nLa Ruta\nCapítulo 3", "La Ruta s2 e3"),
        ("Salt Road.mkv", "வெள்ளி வழி (2024)\nTamil 720p", "வெள்ளி வழி (2024) | 720p | ta"),
    ]);
}

#[test]
fn titles_of_two_languages_are_kept() {
    for (name, caption, title, other) in [
        ("Salt.Road.2022.720p.mkv", "طريق الملح (2022) 🇪🇬", "Salt Road", "طريق الملح"),
        ("video.mp4", "Соляной путь / Salt Road (2019)", "Salt Road", "Соляной путь"),
        ("Salt.Road.S01E02.mkv", "🎬 سریال جاده نمک\n🔸 قسمت 2", "Salt Road", "جاده نمک"),
        ("video.mp4", "उप्पु\nUppu (2021)", "Uppu", "उप्पु"),
        ("طريق الملح 2019.mp4", "🧂 The Salt Road\n#مصري", "طريق الملح", "The Salt Road"),
        ("Salt.mkv", "உப்பு (2024)", "உப்பு", "Salt"),
        ("Salt.Road.2019.mkv", "#جاده_نمک (2019)", "Salt Road", "جاده نمک"),
        ("video.mp4", "Title: Salt Road\nOriginal title: Die Salzstraße", "Salt Road", "Die Salzstraße"),
    ] {
        let release = parse(&Input { name, caption, folder: "" });
        assert_eq!(release.title, title, "{name} | {caption}");
        assert!(release.alternative_titles.iter().any(|t| t == other), "{caption}: {:?}", release.alternative_titles);
    }
}

#[test]
fn calls_and_announcements_are_no_titles() {
    rows(&[
        (
            "video.mp4",
            "🎬 دانلود فیلم Salt Road 2023\n✨ با زیرنویس فارسی چسبیده\n🔰 کیفیت: BluRay 1080p",
            "Salt Road (2023) | 1080p BluRay |  | fa",
        ),
        ("video.mp4", "شاهد فيلم طريق الملح 2024 HD", "طريق الملح (2024)"),
        ("video.mp4", "مسلسل طريق الملح - الحلقة الثانية عشر 12", "طريق الملح e12"),
        ("video.mp4", "#Salt_Road #S02\n\n🎬 قسمت اول از فصل دوم\n🗣 دوبله فارسی", "Salt Road s2 e1 |  | fa"),
        ("movie_1.mp4", "🎬 Filme: A Rota\n🗓 2002\n🔊 Dublado", "A Rota (2002) |  | pt"),
        (
            "video.mp4",
            "📂 File name: Salt.Road.S02E06.1080p.WEB-DL.Hindi.x265.mkv\n💾 Size: 1.2 GB",
            "Salt Road s2 e6 | 1080p WEB-DL H.265 | hi",
        ),
        (
            "video.mp4",
            "Title: Salt | Season: 1 | Episode: 8 | Sub: English | 1080p NF WEB-DL",
            "Salt s1 e8 | 1080p WEB-DL |  | en",
        ),
        ("video.mp4", "╭─❖ Salt Road (2023)\n├ Language: Hindi\n╰ Resolution: 1080p", "Salt Road (2023) | 1080p | hi"),
        ("12.mp4", "《盐路》第12集\n4K 国语", "盐路 e12 | 2160p | zh"),
        ("video.mp4", "Part 2\nSalt Road (2024)\nHindi 720p", "Salt Road (2024) | 720p | hi"),
    ]);
}

#[test]
fn short_forms_of_a_title_give_way_to_it() {
    rows(&[
        (
            "HMSR_S02E08_PTBR.mkv",
            "🐲 A Lua da Colheita / Harvest Moon Salt Road\nS02E08 - Dublado PT-BR\n1080p",
            "A Lua da Colheita s2 e8 | 1080p | pt",
        ),
        (
            "SR814.E02.mkv",
            "┣ 🎬 SR 814 : The Long Way\n┣ 🗓 Season 01 Episode 02\n┣ 🔊 Hindi",
            "SR 814 : The Long Way s1 e2 |  | hi",
        ),
        (
            "Harvest_SR_Ep1.mkv",
            "Harvest: Salt Road\nS01 E01 | Hindi | 720p AMZN",
            "Harvest: Salt Road s1 e1 | 720p | hi",
        ),
        ("Colheita_08.mp4", "👑 A Lua da Colheita\nTemporada 3 ▪️ Capítulo 8", "A Lua da Colheita s3 e8"),
        // Another episode's caption.
        ("HMSR_S02E08_720p.mkv", "Harvest Moon: Salt Road S01E01", "HMSR s2 e8 | 720p"),
        ("New.Released.Punjabi.2023.mp4", "Salt Road 2023 Punjabi 1080p", "Salt Road (2023) | 1080p | pa"),
        ("film_ita_01.mkv", "🎬 La via del sale (2013)\n🔊 ITA AC3 5.1", "La via del sale (2013) | DD | it"),
        ("Lakorn_09.mp4", "ถนนเกลือ Salt Road\nตอนที่ 9 (1080p)", "Salt Road e9 | 1080p"),
    ]);
}

#[test]
fn tags_dates_and_masks_are_taken_for_what_they_are() {
    rows(&[
        ("LRDLS_2x04_720p.mp4", "🎭 La Ruta de la Sal 2x04\n🇪🇸 Castellano", "La Ruta de la Sal s2 e4 | 720p | es"),
        (
            "Salt.Road.2023.480p.mkv",
            "⚡️ Salt Road\n🔈 #Hindi #Tamil #Telugu\n👉 480p | 720p",
            "Salt Road (2023) | 480p | hi ta te",
        ),
        ("Salt Road 2 (2024) Tamil.mp4", "Salt Road 2 #2024\n#Tamil #Horror #HDRip", "Salt Road 2 (2024) | HDRip | ta"),
        ("10.mp4", "مسلسل القنديل\nالجزء 2\nالحلقة 10\nجودة 720p", "القنديل s2 e10 | 720p"),
        ("sr_today.mp4", "📺 Salt Road\n📅 17-07-2024\nVijay TV | 720p HD", "Salt Road @2024-07-17 | 720p"),
        ("Salt.Road.2004.1080p.mkv", "🎬 Salt Road\n📅 17 December 2004", "Salt Road (2004) | 1080p"),
        ("12.mp4", "Соль (Tuz)\n12 серия\nРусская озвучка", "Соль e12 |  | ru"),
        ("IMG_4471.MP4", "#Pelicula Salt Road (2014)\nAudio: Latino", "Salt Road (2014) |  | es"),
    ]);
}
