//! The words of release names and what they say. Data only: where a word counts is decided by the passes.
//!
//! A phrase is written in lower case with single spaces; `web dl` also reads `WEB-DL`, `web.dl` and `WEB_DL`. The longest
//! phrase wins. Each has a [`Strength`], which says how far it may be taken for a title word instead.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::languages;

/// How sure it is that a word is not part of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Counts only where the title has certainly ended.
    Faint,
    /// A title word too ("French", "Extended"): counts behind the title, or right before something firm.
    Loose,
    /// Never a title word: ends the title.
    Firm,
}

/// What a word or phrase says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Lines and `p` or `i`.
    Resolution(u16, char),
    Source(&'static str),
    Video(&'static str),
    Depth(u8),
    Hdr(&'static str),
    Audio(&'static str),
    Channels(&'static str),
    Language(&'static str),
    /// Subtitles in a language; `""` when it is not said which.
    Subtitles(&'static str),
    /// The word "subs": the languages beside it are subtitles.
    SubtitleWord,
    /// "Dubbed", "Audio": the languages beside it are spoken.
    Dubbed,
    Edition(&'static str),
    Container(&'static str),
    Network(&'static str),
    Country(&'static str),
    Proper,
    Repack,
    Complete,
    ThreeD,
    /// Said about the file, of no use here: sizes, bit rates, "internal".
    Noise,
    // Found by the passes, never in the table:
    Site,
    Crc,
    Year,
    Date,
    /// Season and episode numbers.
    Number,
}

/// A phrase behind its first word.
#[derive(Debug)]
pub struct Phrase {
    /// The words after the first.
    pub rest: Vec<&'static str>,
    pub what: What,
    pub strength: Strength,
}

/// The phrases that start with a word, the longest first.
pub fn phrases(first: &str) -> &'static [Phrase] {
    if first.len() > LONGEST {
        return &[];
    }
    INDEX.get(first).map_or(&[], Vec::as_slice)
}

/// What a single word says, when it is in the table by itself.
pub fn word(word: &str) -> Option<(What, Strength)> {
    phrases(word).iter().find(|p| p.rest.is_empty()).map(|p| (p.what, p.strength))
}

/// The language that a word names, also when it says something else first ("it" is a store as well).
pub fn language(word: &str) -> Option<&'static str> {
    phrases(word).iter().filter(|p| p.rest.is_empty()).find_map(|p| match p.what {
        What::Language(code) => Some(code),
        _ => None,
    })
}

/// The word for a film or a series, as names in some languages begin with it. Words that begin titles themselves ("Film",
/// "Movie") are not among them.
pub fn is_kind_of_title(word: &str) -> bool {
    matches!(
        word,
        "فيلم"
            | "فلم"
            | "مسلسل"
            | "برنامج"
            | "فیلم"
            | "سریال"
            | "انیمیشن"
            | "phim"
            | "фильм"
            | "сериал"
            | "мультфильм"
            | "фільм"
            | "серіал"
    )
}

/// No phrase starts with a longer word, in bytes.
const LONGEST: usize = 48;

static INDEX: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut index: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
    let mut add = |phrase: &'static str, what: What, strength: Strength| {
        let mut words = phrase.split(' ');
        if let Some(first) = words.next() {
            index.entry(first).or_default().push(Phrase { rest: words.collect(), what, strength });
        }
    };
    for (what, strength, list) in WORDS {
        for phrase in list.split(',') {
            add(phrase.trim(), *what, *strength);
        }
    }
    for (code, names, shorts) in languages::LANGUAGES {
        for name in names.split(',').filter(|n| !n.is_empty()) {
            add(name.trim(), What::Language(code), Strength::Loose);
        }
        for short in shorts.split(',').filter(|n| !n.is_empty()) {
            add(short.trim(), What::Language(code), Strength::Faint);
        }
    }
    for (code, words) in languages::SUBTITLE_WORDS {
        for word in words.split(',') {
            add(word.trim(), What::Subtitles(code), Strength::Firm);
        }
    }
    for phrases in index.values_mut() {
        phrases.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
    }
    index
});

use Strength::{Faint, Firm, Loose};
use What::{
    Audio, Channels, Complete, Container, Country, Depth, Dubbed, Edition, Hdr, Network, Noise, Proper, Repack,
    Resolution, Source, SubtitleWord, Subtitles, ThreeD, Video,
};

#[rustfmt::skip]
const WORDS: &[(What, Strength, &str)] = &[
    // Resolution. The numbered ones (1080p, 1920x1080) are read by rule.
    (Resolution(2160, 'p'), Firm, "4k, ultrahd, ultra hd"),
    (Resolution(2160, 'p'), Loose, "uhd"),
    (Resolution(4320, 'p'), Loose, "8k"),
    (Resolution(1440, 'p'), Faint, "2k, qhd"),
    (Resolution(1080, 'p'), Loose, "fhd, fullhd, full hd"),
    (Noise, Faint, "hd, sd, hq, lq, hr, ws, fs"),
    (Noise, Loose, "hd tv rip"),

    // Source
    (Source("WEB-DL"), Firm, "web dl, webdl, web dlrip hd, webhd, webuhd, web hd, ithd, ituneshd, amazonhd, netflixhd, netflixuhd, amazonuhd, web hdrip, webhdrip, web dlmux, webdlmux, web dl mux, webdownload"),
    (Source("WEB-DL"), Loose, "web"),
    (Source("WEBRip"), Firm, "webrip, web rip, web dl rip, web dlrip, webdlrip, webmux, web mux, dlmux, web cap, webcap"),
    (Source("BluRay"), Firm, "bd box, bdbox, bluray box, bluray, blu ray, blue ray, mbluray, hdbluray, uhd bluray, uhd blu ray, ultra hd bluray, bd25, bd50, bd66, bd100, bd5, bd9, bdmv, bdiso, bd 25, bd 50, bluraymux, full bluray, complete bluray, complete uhd bluray, uhdbd"),
    (Source("BluRay"), Faint, "bd, blu"),
    (Source("BDRip"), Firm, "bdrip, bd rip, bluray rip, blurayrip, blu ray rip, uhdrip, uhd rip, uhdbdrip, bdmux, bd mux, bdripmux, bd rm, bdrm, bdr, m bd, microhd, bdlight, hdlight, bd light, uhd bdrip, blurip, blu rip"),
    (Source("BRRip"), Firm, "brrip, br rip, brmux"),
    (Source("Remux"), Firm, "bdremux, bd remux, uhd bdremux, bluray remux, blu ray remux, remux bluray, uhd remux, uhdremux, uhd bluray remux, uhd blu ray remux, bdremux hybrid, brremux, br remux"),
    (Source("Remux"), Loose, "remux"),
    (Source("HDTV"), Firm, "hdtv, hd tv, hdtvrip, hdtv rip, hd tvrip, ahdtv, uhdtv, hdtvmux, ahdtvmux, iptvrip, tvhdrip, tvhd"),
    (Source("PDTV"), Firm, "pdtv, dvb, dvbrip, dvb rip, digital tv, dtvrip"),
    (Source("TVRip"), Firm, "tvrip, tv rip, sdtv, sdtvrip, sd tv, ldtv"),
    (Source("SATRip"), Firm, "dsr, dsrip, dsr rip, satrip, sat rip, dthrip, dth rip"),
    (Source("SATRip"), Faint, "dth, sat"),
    (Source("HDRip"), Firm, "hdrip, hd rip, hq hdrip"),
    (Source("DVDRip"), Firm, "dvdrip, dvd rip, dvdmux, dvd mux, dvdriip, dvdrip rip"),
    (Source("DVD"), Firm, "dvd box, dvdbox, dvd, dvdr, dvd r, dvd5, dvd 5, dvd9, dvd 9, full dvd, ntsc dvd, pal dvd, dvdfull, dvdr5, dvdr9, dvd r5, dvd r9, mdvdr, 2dvd5, 2dvd9, 3dvd9, r1dvd, r2dvd, r4dvd, dvdiso, dvd iso, dvd remux"),
    (Source("HD-DVD"), Firm, "hddvd, hd dvd, hddvdrip, hd dvdrip, hd dvd rip"),
    (Source("SCR"), Firm, "dvdscr, dvd scr, dvdscreener, dvd screener, bdscr, brscreener, brscr, bluray scr, pre hdrip, webscreener, web screener, screener, br screener, bluray screener, pdvdrip, hdscr, dvdscrener, scrrip"),
    (Source("SCR"), Loose, "scr"),
    (Source("PreDVD"), Firm, "predvd, pre dvd, predvdrip, pre dvdrip, pre dvd rip"),
    (Source("CAM"), Firm, "camrip, cam rip, hdcam, hd cam, hqcam, hdcamrip, hd camrip, hq cam, hqcamrip, s print, newcam, new cam, camhd, hq hdcam"),
    (Source("CAM"), Loose, "cam"),
    (Source("TeleSync"), Firm, "telesync, telesynch, ts screener, hdts, hd ts, tsrip, ts rip, hdtsrip, hd tsrip, hdts rip, hq hdts, pdvd"),
    (Source("TeleSync"), Faint, "ts"),
    (Source("TeleCine"), Firm, "telecine, hdtc, hd tc, tcrip, hdtcrip"),
    (Source("TeleCine"), Faint, "tc"),
    (Source("R5"), Loose, "r5, r6"),
    (Source("PPVRip"), Firm, "ppvrip, ppv rip"),
    (Source("PPVRip"), Faint, "ppv"),
    (Source("VHSRip"), Firm, "vhsrip, vhs rip"),
    (Source("VHSRip"), Loose, "vhs"),
    (Source("VODRip"), Firm, "vodrip, vod rip"),
    (Source("VODRip"), Faint, "vod"),
    (Source("Workprint"), Firm, "workprint"),
    (Source("Workprint"), Faint, "wp"),
    (Source("LaserDisc"), Firm, "laserdisc, ldrip, laser disc"),

    // Video
    (Video("H.264"), Firm, "x264, h264, h 264, x 264, avc, mpeg4 avc, h264 avc, avchd"),
    (Video("H.265"), Firm, "x265, h265, h 265, x 265, hevc, h265 hevc, hecv"),
    (Video("H.266"), Firm, "h266, x266, vvc"),
    (Video("AV1"), Firm, "av1"),
    (Video("VP9"), Firm, "vp9"),
    (Video("VP8"), Firm, "vp8"),
    (Video("VP7"), Firm, "vp7"),
    (Video("H.263"), Firm, "h263"),
    (Video("Xvid"), Firm, "xvid, x vid, xvidhd"),
    (Video("DivX"), Firm, "divx, divx5, divx6, dvdivx, divx 5, div3"),
    (Video("MPEG-2"), Firm, "mpeg2, mpeg 2, h262, mpg2"),
    (Video("VC-1"), Firm, "vc1, vc 1"),
    (Depth(10), Firm, "10bit, 10 bit, 10bits, 10 bits, hi10p, hi10, ma10p, yuv420p10, main10"),
    (Depth(8), Firm, "8bit, 8 bit, hi8p, 8bits"),
    (Depth(12), Firm, "12bit, 12 bit"),
    (Hdr("HDR"), Firm, "hdr10, hdr, hdr 10"),
    (Hdr("HDR10+"), Firm, "hdr10+, hdr10plus, hdr10p, hdr+, hdr10 plus"),
    (Hdr("DV"), Firm, "dovi, dolby vision, dolbyvision"),
    (Hdr("DV"), Faint, "dv, vision"),
    (Hdr("HLG"), Firm, "hlg"),
    (Hdr("SDR"), Firm, "sdr"),

    // Audio
    (Audio("AAC"), Firm, "aac, heaac, he aac, aac lc, aaclc, qaac, haac"),
    (Audio("DD"), Firm, "ac3, ac 3, dolby digital, dolby, ac3d, ddex, dd ex"),
    (Audio("DD"), Faint, "dd"),
    (Audio("DDP"), Firm, "ddp, dd+, eac3, e ac3, e ac 3, eac 3, dolby digital plus, ddpa, ac3+"),
    (Audio("TrueHD"), Firm, "truehd, true hd, dolby truehd"),
    (Audio("Atmos"), Firm, "atmos, dolby atmos"),
    (Audio("DTS"), Firm, "dts, dts es, dtses"),
    (Audio("DTS-HD"), Firm, "dts hd, dtshd, dts hd ma, dtshd ma, dts ma, dtsma, dts hdma, dtshdma, dts hd hra, dtshd hra, dts hra, dtshra, dts hd hr, dtshr"),
    (Audio("DTS:X"), Firm, "dts x, dtsx, dts hd x"),
    (Audio("FLAC"), Firm, "flac"),
    (Audio("PCM"), Firm, "lpcm, pcm"),
    (Audio("Opus"), Loose, "opus"),
    (Audio("MP3"), Firm, "mp3"),
    (Audio("MP2"), Firm, "mp2"),
    (Audio("Vorbis"), Loose, "ogg, vorbis"),
    (Channels("5.1"), Firm, "6ch, 5 1ch, 6 channels"),
    (Channels("2.0"), Firm, "2ch, 2 0ch"),
    (Channels("2.0"), Faint, "stereo"),
    (Channels("7.1"), Firm, "8ch, 7 1ch"),
    (Channels("1.0"), Faint, "mono, 1ch"),

    // Languages beside the table of their own
    (SubtitleWord, Loose, "sub, subs, subbed, subtitle, subtitles, subtitled, softsub, softsubs, soft sub, soft subs, sottotitoli, legenda, napisy, subtitulado, subtitulos, hardsub, hardsubs, hardcoded subs, custom subbed, custom sub, custom subs, subforced, forced subs, forced sub, untertitel, субтитры, сабы, fansub"),
    (Subtitles("ar"), Loose, "مترجم, مترجمة"),
    (Dubbed, Loose, "dubbed, dub, dubs, doublé, fandub, fan dub, dubbing, lektor, audio, org, line audio, hq dub, original, clean audio, dublaj"),
    (Dubbed, Firm, "dual audio, multi audio, tri audio, dualaudio, multiaudio, tripleaudio, triple audio, org audio, clean audio, line audio, quad audio"),
    (Dubbed, Faint, "ld, md"),
    (Dubbed, Loose, "dual, multi, multilang, multilanguage, multi language, multi lang, dl, ml, 2audio, dublagem, multi2, multi3, multi4, multi5, multi6, multi7, multi8"),

    // Edition
    (Edition("Director's Cut"), Firm, "режиссёрская версия, режиссерская версия, режисерська версія, wersja reżyserska, režisérská verze, versão do diretor, yönetmenin kurgusu, régi cut, version du réalisateur, version du realisateur, montaje del director, director cut, dir cut, directors cut, director's cut, director’s cut, directors edition, director's edition, directors definitive edition, directors, director's"),
    (Edition("Director's Cut"), Faint, "dc"),
    (Edition("Extended"), Firm, "расширенная версия, розширена версія, prodloužená verze, wersja rozszerzona, bővített változat, versão estendida, versao estendida, edición extendida, edizione estesa, extended cut, extended edition, extended version, version longue, versión extendida, version extendida, versione estesa, langfassung, extended director's cut edition"),
    (Edition("Extended"), Loose, "extended, extd"),
    (Edition("Unrated"), Loose, "unrated, unrated edition, unrated cut, unrated version"),
    (Edition("Uncut"), Loose, "uncut, uncut edition, uncut version"),
    (Edition("Uncensored"), Loose, "بدون سانسور, uncensored, uncensored version"),
    (Edition("Theatrical"), Firm, "theatrical cut, theatrical edition, theatrical version"),
    (Edition("Theatrical"), Loose, "theatrical, kinofassung, original theatrical"),
    (Edition("IMAX"), Loose, "imax, imax edition, imax enhanced"),
    (Edition("Criterion"), Firm, "criterion collection, criterion edition, the criterion collection"),
    (Edition("Criterion"), Loose, "criterion, cc criterion"),
    (Edition("Collector's"), Firm, "collectors edition, collector's edition, collector edition"),
    (Edition("Collector's"), Faint, "collectors, collector"),
    (Edition("Ultimate"), Faint, "ultimate"),
    (Edition("Alternative Cut"), Faint, "alternative, alternate"),
    (Edition("Special"), Faint, "special"),
    (Edition("Deluxe"), Faint, "deluxe"),
    (Edition("Definitive"), Faint, "definitive"),
    (Edition("Rekall"), Faint, "rekall"),
    (Edition("Color Corrected"), Firm, "color corrected, colour corrected"),
    (Edition("Ultimate"), Firm, "ultimate edition, ultimate cut, ultimate hunter edition"),
    (Edition("Special"), Firm, "special edition, special cut, se edition, edición especial, edicion especial, édition spéciale"),
    (Edition("Limited"), Firm, "limited edition"),
    (Edition("Limited"), Loose, "limited"),
    (Edition("Final Cut"), Firm, "final cut, the final cut"),
    (Edition("Remastered"), Loose, "ремастированное издание, ремастированная версия, ремастеринг, remastered, 4k remastered, 4k remaster, hd remaster, hd remastered, remaster, digitally remastered, remastered edition"),
    (Edition("Restored"), Loose, "version restaurée, version restauree, restaurée, restored, 4k restored, 4k restoration, restored edition, restoration"),
    (Edition("Anniversary"), Firm, "anniversary edition, anniversary remastered, 25th anniversary edition, 30th anniversary edition, 35th anniversary edition, 40th anniversary edition, 50th anniversary edition, 10th anniversary edition, 20th anniversary edition, 15th anniversary edition, 60th anniversary edition, 75th anniversary edition"),
    (Edition("Anniversary"), Faint, "anniversary"),
    (Edition("Definitive"), Firm, "definitive edition, definitive cut"),
    (Edition("Festival"), Firm, "festival cut, festival edition"),
    (Edition("Festival"), Faint, "festival"),
    (Edition("Deluxe"), Firm, "deluxe edition"),
    (Edition("Fan"), Firm, "fan edit, fanedit, fan edition, fan collection, fan cut"),
    (Edition("Alternative Cut"), Firm, "alternative cut, alternate cut, alternative version"),
    (Edition("Open Matte"), Firm, "open matte, openmatte"),
    (Edition("Despecialized"), Loose, "despecialized, despecialised, despecialized edition"),
    (Edition("Diamond"), Firm, "diamond edition"),
    (Edition("Signature"), Firm, "signature edition"),
    (Edition("Super Duper Cut"), Firm, "super duper cut"),
    (Edition("Rogue"), Firm, "rogue cut"),
    (Edition("Assembly"), Firm, "assembly cut"),
    (Edition("Dragon Box"), Firm, "dragon box, dbox"),
    (Edition("Producer's Cut"), Firm, "producers cut, producer's cut, producer’s cut"),
    (Edition("Superbit"), Loose, "superbit"),
    (Edition("Redux"), Faint, "redux"),
    (Edition("Workprint"), Firm, "workprint cut"),
    (Edition("Hybrid Cut"), Firm, "hybrid cut"),
    (Edition("Black & White"), Firm, "black and chrome, minus color, b&w edition"),
    (Edition("International"), Firm, "international cut, international version"),
    (Edition("Complete"), Firm, "complete cut"),

    // Repairs and packs
    (Proper, Loose, "proper, real proper, proper1, proper2"),
    (Proper, Faint, "real"),
    (Repack, Loose, "repack, rerip, repack1, repack2, repack3, rerip2, repacked, re rip"),
    (Complete, Firm, "合集, 全集, 完结, 完結"),
    (Complete, Loose, "complete series, complete collection, complete season, full series, the complete, coffret, heptalogy, trilogy, quadrilogy, duology, hexalogy, pentalogy, tetralogy, anthology, complete collection, the complete collection, integrale, intégrale, integral, the complete series, complete, completed, completa, all seasons, all episodes, complete show, serie completa, série complète, komplette serie, todas las temporadas, toutes les saisons, все сезоны, все серии, tüm bölümler, full season, box set, boxset, komplett, batch, mini series, miniseries"),
    (ThreeD, Loose, "3d, 3d sbs, 3d hsbs, 3d half sbs, 3d half ou, 3d hou, bd3d"),
    (ThreeD, Firm, "hsbs, half sbs, h sbs, half ou, h ou, hou, full sbs, full ou, sbs"),

    // Networks: said by streaming releases right before WEB-DL
    (Network("Amazon"), Loose, "amzn"),
    (Network("Netflix"), Loose, "netflix"),
    (Network("Netflix"), Faint, "nf"),
    (Network("Disney+"), Loose, "dsnp, dsny, disney+"),
    (Network("HBO Max"), Loose, "hmax"),
    (Network("HBO Max"), Faint, "max, hbo"),
    (Network("Apple TV+"), Loose, "atvp, aptv"),
    (Network("Peacock"), Loose, "pcok"),
    (Network("Paramount+"), Loose, "pmtp"),
    (Network("Hulu"), Faint, "hulu"),
    (Network("iTunes"), Faint, "it, itunes"),
    (Network("Crunchyroll"), Faint, "cr, crunchyroll"),
    (Network("BBC iPlayer"), Faint, "ip, iplayer"),
    (Network("ITV"), Faint, "itv, itvx"),
    (Network("Channel 4"), Faint, "all4, c4"),
    (Network("Stan"), Faint, "stan"),
    (Network("Zee5"), Loose, "zee5"),
    (Network("SonyLIV"), Loose, "sonyliv, sliv"),
    (Network("Hotstar"), Loose, "hotstar, htsr"),
    (Network("JioCinema"), Loose, "jiocinema, jc, jio, jiohs, jhs"),
    (Network("Voot"), Loose, "voot"),
    (Network("Aha"), Faint, "aha, sunnxt, mxp, altbalaji, hoichoi, manoramamax, chtv, simplysouth, etvwin, erosnow, shemaroo"),
    (Network("CBS"), Faint, "cbs, abc, nbc, fox, cw, amc, bbc, itunes, vudu, sho, showtime, starz, stz, pbs, tnt, syfy, mtv, cc, nick, dcu, rte, tvnz, tbs, red, ytred, vice, viceland, espn, ufc, wwen, ukTV, uktv, roku, tubi, tvn, ma, hist, ae, mubi, viki, rtbf, crav, bcore, bilibili, baha, b global, abema, hidive, hidi, wakanim, adn, funi, funimation, unext, dmm, dsnp+, nowtv, now, sky, skst, clbi, vrv, auvio, filmin, mbc, cnbc, spike tv, amazon, vix, okko, kp, kion, ivi, wink, start, more tv"),

    // Countries: a tag of remakes ("The Office US"), and of source discs behind the title
    (Country("US"), Faint, "us, usa"),
    (Country("UK"), Faint, "uk"),
    (Country("AU"), Faint, "au"),
    (Country("NZ"), Faint, "nz"),

    // Containers as words
    (Container("mkv"), Faint, "mkv"),
    (Container("mp4"), Faint, "mp4"),
    (Container("avi"), Faint, "avi"),
    (Container("wmv"), Faint, "wmv"),

    // Said about the file
    (Noise, Loose, "internal, int, hybrid, dubless, readnfo, read nfo, nfofix, nfo fix, dirfix, subfix, stv, ntsc, pal, secam, widescreen, fullscreen, letterbox, colorized, retail, hc, hardcoded, unofficial, official, convert, custom, custom audio, upscale, upscaled, ai upscale, ai upscaled, dxva, v0, extras, cbr, vbr, 2in1, reencoded, reenc, re encoded, encoded, encode, recode, ds4k, hfr, xxx, vr, vr180, vr 180, vr 180 lr, vr 180 sbs, vr 180 ou, subpack, web rip mux, obfuscated, fastsub, regraded, bonus, softmux, sample, trailer, nfo, ultra compressed, mini, new source, fixed, read note, amended, festival cut screener, fansubs, mux, premium, doku, ncop, nced, creditless op, creditless ed, creditless"),
    (Noise, Firm, "vcd, svcd"),
    (Noise, Loose, "web series, full movie, full hd movie, full film, official trailer, mvo, dvo, avo, многоголосый, одноголосый, лицензия"),
    (Noise, Firm, "bt2020, bt709, bt 2020, vfr, cfr, assx2, assx3, srtx2, srtx3, pgs, 24fps, 60fps, 30fps, 25fps, 50fps, 120fps, crf, kbps, mbps"),
    (Noise, Faint, "untouched, hq clean, clean, true, tv, v, line, hw, cd, new, chap, chaps, chapters, movie, film, feature film, batch complete, end, fin, final, x, oar, r1, r2, r3, by, 国漫"),
];
