//! Files as they are found, and what holds for all of them.

use encoding_rs::Encoding;
use proptest::prelude::*;

use crate::*;

fn read_text(text: &str) -> Result<Subtitles, Error> {
    read(text.as_bytes(), &Hints::default())
}

/// `start-end text|text`, one line a cue.
fn shown(text: &str) -> Vec<String> {
    let cues = read_text(text).map(|read| read.cues).unwrap_or_default();
    cues.iter()
        .map(|cue| format!("{}-{} {}", cue.start_ms, cue.end_ms, cue.text.letters().replace('\n', "|")))
        .collect()
}

const TWO: [&str; 2] = ["1000-2000 Hello", "3000-4000 World"];

#[test]
fn subrip_is_read_as_it_is_found() {
    for (what, text) in [
        ("as it should be", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n"),
        ("dots", "1\n00:00:01.000 --> 00:00:02.000\nHello\n\n2\n00:00:03.000 --> 00:00:04.000\nWorld"),
        ("no numbers", "00:00:01,000 --> 00:00:02,000\nHello\n\n00:00:03,000 --> 00:00:04,000\nWorld\n"),
        ("no blank lines", "1\n00:00:01,000 --> 00:00:02,000\nHello\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n"),
        ("short times", "1\n0:0:1,0 --> 0:0:2\nHello\n\n2\n0:0:3,000 --> 0:0:4,000\nWorld\n"),
        (
            "coordinates",
            "1\n00:00:01,000 --> 00:00:02,000  X1:10 X2:20 Y1:1 Y2:2\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld",
        ),
        (
            "surplus blank lines",
            "1\n\n00:00:01,000 --> 00:00:02,000\n\nHello\n\n\n\n2\n\n00:00:03,000 --> 00:00:04,000\nWorld",
        ),
        (
            "Windows",
            "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nWorld\r\n",
        ),
        ("old Macs", "1\r00:00:01,000 --> 00:00:02,000\rHello\r\r2\r00:00:03,000 --> 00:00:04,000\rWorld\r"),
        (
            "a mark at the beginning",
            "\u{feff}1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld",
        ),
        ("another arrow", "1\n00:00:01,000 -> 00:00:02,000\nHello\n\n2\n00:00:03,000 –> 00:00:04,000\nWorld"),
        ("wrong order", "2\n00:00:03,000 --> 00:00:04,000\nWorld\n\n1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
        (
            "an empty cue",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\n\n3\n00:00:03,000 --> 00:00:04,000\nWorld",
        ),
        (
            "a greeting",
            "Synced by nobody\n\n1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld",
        ),
        (
            "marks",
            "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hel</i><FONT COLOR='red'>lo</font>\n\n2\n00:00:03,000 --> 00:00:04,000\n<b>World",
        ),
    ] {
        assert_eq!(shown(text), TWO, "{what}");
    }
}

#[test]
fn what_stands_in_a_cue_stays_in_it() {
    let kept = [
        (
            "a blank line inside",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld",
            "1000-2000 Hello|there",
        ),
        (
            "a number that is said",
            "1\n00:00:01,000 --> 00:00:02,000\nNow\n1984\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld",
            "1000-2000 Now|1984",
        ),
        (
            "one time that is broken",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:0x,000 --> 00:00:04,000\nlost\n\n3\n00:00:05,000 --> 00:00:06,000\nWorld",
            "1000-2000 Hello|2|00:00:0x,000 --> 00:00:04,000|lost",
        ),
        ("what is no mark", "1\n00:00:01,000 --> 00:00:02,000\nI <3 you & <Mum> {x}", "1000-2000 I <3 you & <Mum> {x}"),
        (
            "entities",
            "1\n00:00:01,000 --> 00:00:02,000\nTom &amp; &lt;J&gt;&nbsp;&#39;&quot;&#x41;&bogus;",
            "1000-2000 Tom & <J> '\"A&bogus;",
        ),
    ];
    for (what, text, wanted) in kept {
        assert_eq!(shown(text).first().map(String::as_str), Some(wanted), "{what}");
    }
}

#[test]
fn times_are_put_right() {
    let srt = |times: &[(&str, &str)]| {
        times.iter().map(|(start, end)| format!("{start} --> {end}\nx\n\n")).collect::<String>()
    };
    let times = |text: &str| {
        let cues = read_text(text).map(|read| read.cues).unwrap_or_default();
        cues.iter().map(|cue| (cue.start_ms, cue.end_ms)).collect::<Vec<_>>()
    };
    // What begins before the film begins with it; what is over by then is gone.
    assert_eq!(times(&srt(&[("-0:00:05", "-0:00:03"), ("-0:00:01", "0:00:02")])), [(0, 2000)]);
    // An end that is no end: long enough to be read, and not into the next.
    assert_eq!(times(&srt(&[("0:00:05", "0:00:04"), ("0:00:20", "0:00:20")])), [(5000, 6000), (20_000, 21_000)]);
    assert_eq!(times(&srt(&[("0:00:05", "0:00:01"), ("0:00:05.5", "0:00:07")])), [(5000, 5500), (5500, 7000)]);
    // Overlaps stay in the lines, and in WebVTT.
    let overlapping = srt(&[("0:00:01", "0:00:05"), ("0:00:03", "0:00:06")]);
    assert_eq!(times(&overlapping), [(1000, 5000), (3000, 6000)]);
    assert_eq!(times(&srt(&[("999999:00:00", "999999:00:01")])), []);
}

#[test]
fn subrip_shows_one_cue_at_a_time() {
    let text = "00:00:01,000 --> 00:00:05,000\nWhere?\n\n00:00:03,000 --> 00:00:06,000\nThere.\n\n\
                00:00:02,000 --> 00:00:04,000\n{\\an8}PARIS\n\n00:00:05,950 --> 00:00:07,000\nSo.\n";
    let written = read_text(text).expect("lines").to_srt();
    let wanted = "1\n00:00:01,000 --> 00:00:02,000\nWhere?\n\n\
                  2\n00:00:02,000 --> 00:00:03,000\nPARIS\nWhere?\n\n\
                  3\n00:00:03,000 --> 00:00:04,000\nPARIS\nWhere?\nThere.\n\n\
                  4\n00:00:04,000 --> 00:00:05,000\nWhere?\nThere.\n\n\
                  5\n00:00:05,000 --> 00:00:05,950\nThere.\n\n\
                  6\n00:00:05,950 --> 00:00:07,000\nSo.\n\n";
    assert_eq!(written, wanted);
    let vtt = read_text(text).expect("lines").to_vtt();
    assert!(vtt.contains("00:00:02.000 --> 00:00:04.000 line:0\nPARIS\n"), "{vtt}");
}

#[test]
fn looks_are_written_as_each_writing_knows_them() {
    let text = "00:00:01,000 --> 00:00:02,000\n{\\an7}<i>a <b>b</i></b> <font color=\"#FFFF00\">c</font> \
                <font color=#123456>d</font> &lt;i> 5 < 6 \\Ne";
    let read = read_text(text).expect("lines");
    assert_eq!(
        read.to_vtt(),
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0 position:0% align:left\n\
         <i>a </i><b><i>b</i></b> <c.yellow>c</c> d &lt;i&gt; 5 &lt; 6\ne\n\n"
    );
    assert_eq!(
        read.to_srt(),
        "1\n00:00:01,000 --> 00:00:02,000\n{\\an7}<i>a </i><b><i>b</i></b> <font color=\"#ffff00\">c</font> \
         <font color=\"#123456\">d</font> &lt;i> 5 &lt; 6\ne\n\n"
    );
}

#[test]
fn web_vtt_is_read_with_all_that_stands_beside_the_cues() {
    let text = "WEBVTT - a title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\nSTYLE\n::cue { color: red }\n\n\
                NOTE\nnobody reads this\n\nREGION\nid:fred\n\nname of a cue\n00:01.000 --> 00:02.000 line:5% align:start\n\
                <v Roger><c.loud>Hello &amp; <00:01.500>bye</c>\n\n00:00:03.000 --> 00:00:04.000\nWorld\n";
    assert_eq!(shown(text), ["1000-2000 Hello & bye", "3000-4000 World"]);
    let read = read_text(text).expect("lines");
    assert_eq!((read.format, read.cues[0].anchor), (Format::Vtt, Anchor::new(7)));
}

const SCRIPT: &str = "[Script Info]\nScriptType: v4.00+\nPlayResX: 1920\nPlayResY: 1080\n\n[V4+ Styles]\n\
    Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Underline, StrikeOut, Alignment\n\
    Style: Default,Arial,60,&H00FFFFFF,-1,0,0,0,2\nStyle: Thought,Arial,60,&H00FFFFFF,0,-1,0,0,8\n\n[Events]\n\
    Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";

#[test]
fn ass_keeps_what_is_read_and_leaves_out_what_is_drawn() {
    let cases = [
        (
            "Default,,0,0,0,,Hello, {\\i1}there{\\i0}\\NFriend",
            "1000-2000 Hello, there|Friend",
            2,
            "Hello, <i>there</i>\nFriend",
        ),
        ("Thought,,0,0,0,,Who?", "1000-2000 Who?", 8, "{\\an8}<i>Who?</i>"),
        ("Unknown,,0,0,0,,{\\an4}A", "1000-2000 A", 4, "{\\an4}A"),
        ("Default,,0,0,0,,{\\pos(100,100)}Sign", "1000-2000 Sign", 7, "{\\an7}Sign"),
        ("Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}after", "1000-2000 after", 2, "after"),
        ("Default,,0,0,0,,{\\k20}ka{\\k30}ra{\\kf5}oke", "1000-2000 karaoke", 2, "karaoke"),
        (
            "Default,,0,0,0,,{\\c&H0000FF&}red{\\c}plain{\\bord2\\blur3}",
            "1000-2000 redplain",
            2,
            "<font color=\"#ff0000\">red</font>plain",
        ),
        ("Default,,0,0,0,,{a note}x{\\r}y", "1000-2000 xy", 2, "xy"),
    ];
    for (event, wanted, anchor, srt) in cases {
        let text = format!(
            "{SCRIPT}Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,no\nDialogue: 0,0:00:01.00,0:00:02.00,{event}\n"
        );
        assert_eq!(shown(&text), [wanted], "{event}");
        let read = read_text(&text).expect("lines");
        assert_eq!((read.format, read.cues[0].anchor.key()), (Format::Ass, anchor), "{event}");
        assert!(read.to_srt().ends_with(&format!("\n{srt}\n\n")), "{event}: {}", read.to_srt());
    }
}

#[test]
fn layers_and_moving_signs_are_read_once() {
    let event = |layer, from, to| format!("Dialogue: {layer},0:00:{from},0:00:{to},Default,,0,0,0,,SIGN\n");
    let pictures = [
        event(0, "01.00", "01.04"),
        event(1, "01.00", "01.04"),
        event(0, "01.04", "01.08"),
        event(0, "09.00", "10.00"),
    ];
    assert_eq!(shown(&format!("{SCRIPT}{}", pictures.concat())), ["1000-1080 SIGN", "9000-10000 SIGN"]);
}

#[test]
fn an_ass_file_is_handed_on_whole_and_later() {
    let event = "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\fad(1,2)}Grüße, 0:00:01.00\n";
    let text = format!("{SCRIPT}{event}\n[Fonts]\nfontname: a.ttf\n01:234\n");
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let whole = whole_ass(&windows, &Hints::default(), 0);
    assert_eq!(whole.as_ref().map(Option::as_deref), Ok(Some(text.as_str())));
    let later = whole_ass(&windows, &Hints::default(), 60_250).expect("text").expect("ASS");
    assert!(
        later.contains("Dialogue: 0,0:01:01.25,0:01:02.75,Default,,0,0,0,,{\\fad(1,2)}Grüße, 0:00:01.00\n"),
        "{later}"
    );
    assert_eq!(whole_ass(b"1\n00:00:01,000 --> 00:00:02,000\nx", &Hints::default(), 0), Ok(None));
}

#[test]
fn older_writings_are_told_by_what_stands_in_them() {
    let cases = [
        (
            Format::MicroDvd,
            "{1}{1}25\n{25}{50}{y:i}Hello\n{75}{100}World|again",
            "1000-2000 Hello",
            "3000-4000 World|again",
        ),
        (Format::MicroDvd, "{24}{48}Hello\n{72}{}World", "1001-2002 Hello", "3003-4003 World"),
        (Format::Mpl2, "[10][20]/Hello\n[30][40]World|/again", "1000-2000 Hello", "3000-4000 World|again"),
        (
            Format::SubViewer,
            "[INFORMATION]\n[TITLE]x\n[END INFORMATION]\n00:00:01.00,00:00:02.00\nHello\n\n00:00:03.00,00:00:04.00\nWorld[br]again\n",
            "1000-2000 Hello",
            "3000-4000 World|again",
        ),
    ];
    for (format, text, first, second) in cases {
        assert_eq!(read_text(text).map(|read| read.format), Ok(format), "{text}");
        assert_eq!(shown(text), [first, second], "{text}");
    }
    let slow = Hints { frames_per_second: Some(10.0), ..Hints::default() };
    let read = read(b"{10}{20}x", &slow).expect("lines");
    assert_eq!((read.cues[0].start_ms, read.cues[0].end_ms), (1000, 2000));
}

const GERMAN: [&str; 3] =
    ["Schöne Grüße aus München!", "Das weiß ich natürlich längst.", "Über den Fluß führt eine Brücke."];
const POLISH: [&str; 3] = ["Zażółć gęślą jaźń.", "Co się stało? Nic się nie stało.", "Proszę, wejdź do środka."];
const CZECH: [&str; 3] =
    ["Příliš žluťoučký kůň úpěl ďábelské ódy.", "Děkuji, už musím jít.", "Kde jsi byl tak dlouho?"];
const RUSSIAN: [&str; 3] = ["Здравствуйте, как ваши дела?", "Я не знаю, что вам сказать.", "Поехали отсюда скорее!"];
const GREEK: [&str; 3] = ["Καλημέρα, τι κάνεις σήμερα;", "Δεν ξέρω τι να σου πω.", "Πάμε να φύγουμε από εδώ."];
const TURKISH: [&str; 3] =
    ["Günaydın, nasılsın bugün?", "Şimdi gitmem gerekiyor, özür dilerim.", "İstanbul çok güzel bir şehir."];
const ARABIC: [&str; 3] = ["مرحبا كيف حالك اليوم", "لا أعرف ماذا أقول لك", "هيا بنا نذهب من هنا"];
const HEBREW: [&str; 3] = ["שלום, מה שלומך היום?", "אני לא יודע מה להגיד לך.", "בוא נלך מכאן."];
const CHINESE: [&str; 3] = ["你今天好吗？我不知道该说什么。", "我们快离开这里吧，没有时间了。", "这是一个很长的故事。"];
const TAIWANESE: [&str; 3] =
    ["你今天好嗎？我不知道該說什麼。", "我們快離開這裡吧，沒有時間了。", "這是一個很長的故事。"];
const JAPANESE: [&str; 3] =
    ["おはようございます。元気ですか？", "何を言えばいいのかわからない。", "早くここから出よう。"];
const KOREAN: [&str; 3] = ["안녕하세요, 오늘 어떠세요?", "무슨 말을 해야 할지 모르겠어요.", "빨리 여기서 나가자."];

/// How each was saved once.
const SAVED: [(&[&str], &str, &str); 15] = [
    (&GERMAN, "windows-1252", "de"),
    (&POLISH, "windows-1250", "pl"),
    (&POLISH, "iso-8859-2", "pl"),
    (&CZECH, "windows-1250", "cs"),
    (&RUSSIAN, "windows-1251", "ru"),
    (&RUSSIAN, "koi8-r", "ru"),
    (&GREEK, "windows-1253", "el"),
    (&TURKISH, "windows-1254", "tr"),
    (&ARABIC, "windows-1256", "ar"),
    (&HEBREW, "windows-1255", "he"),
    (&CHINESE, "gb18030", "zh"),
    (&TAIWANESE, "big5", "zh"),
    (&JAPANESE, "shift_jis", "ja"),
    (&JAPANESE, "euc-jp", "ja"),
    (&KOREAN, "euc-kr", "ko"),
];

fn as_file(lines: &[&str]) -> String {
    let cue = |(n, line): (usize, &&str)| format!("{}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{line}\n\n", n + 1);
    lines.iter().enumerate().map(cue).collect()
}

#[test]
fn every_encoding_that_people_saved_in_is_found() {
    for (lines, label, language) in SAVED {
        let text = as_file(lines);
        let encoding = Encoding::for_label(label.as_bytes()).expect("a label");
        let (bytes, _, is_lossy) = encoding.encode(&text);
        assert!(!is_lossy, "{label}");
        for hint in [None, Some(language)] {
            let hints = Hints { language: hint, ..Hints::default() };
            assert_eq!(decode(&bytes, &hints).as_deref(), Ok(text.as_str()), "{label} with {hint:?}");
        }
    }
}

#[test]
fn utf_16_needs_no_mark_and_utf_8_bears_a_broken_letter() {
    for lines in [GERMAN, CHINESE, RUSSIAN] {
        let text = as_file(&lines);
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
            assert_eq!(decode(&bytes, &Hints::default()).as_deref(), Ok(text.as_str()), "UTF-16");
        }
        let mut broken = text.clone().into_bytes();
        let letter = text.char_indices().filter(|(_, letter)| !letter.is_ascii()).nth(4).expect("a letter").0;
        broken.remove(letter);
        let read = decode(&broken, &Hints::default()).expect("text");
        assert!(read.contains(lines[2]), "one broken letter leaves the others: {read}");
    }
}

#[test]
fn what_is_no_subtitles_is_refused_in_words() {
    let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let many: String = (0..100_000).map(|n| format!("{n}\n0:00:01,0 --> 0:00:02,0\nx\n\n")).collect();
    let cases: [(&[u8], &str); 9] = [
        (&noise, "it is no text"),
        (&vec![b'x'; 40_000_000], "it has 40000000 bytes, and no subtitles have more than 16777216"),
        (many.as_bytes(), "it has more than 50000 lines"),
        (b"", "it is text, but no subtitles"),
        (b"Hello, this is a letter.\nIt has lines.", "it is text, but no subtitles"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\n", "it is text, but no subtitles"),
        (b"\0\0\x01\xBA\x44\0\x04\0", "it holds pictures of text (VobSub), no text"),
        (b"PG\0\0\0\0\0\0\0\0\x16\0\x13", "it holds pictures of text (PGS), no text"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\xb5\x7a\x31\0\0\0\0", "it is no text"),
    ];
    for (bytes, wanted) in cases {
        assert_eq!(read(bytes, &Hints::default()).map_err(|e| e.to_string()), Err(wanted.to_owned()));
    }
}

/// The worst that fits into the limits: every cue is shown all the time.
#[test]
fn cues_that_all_overlap_stay_within_bounds() {
    let all: String =
        (0..MAX_CUES).map(|n| format!("0:00:{:02},{:03} --> 9:00:00,0\n{n}\n\n", n / 1000, n % 1000)).collect();
    let written = read_text(&all).expect("lines").to_srt();
    assert!(written.len() < 8 << 20, "{}", written.len());
    let endless: String = (0..MAX_CUES).map(|n| format!("0:00:01,0 --> 0:00:00,0\n{n}\n\n")).collect();
    assert!(read_text(&endless).is_ok());
}

#[test]
fn a_shift_moves_all_of_it() {
    let read = read_text("0:00:01,0 --> 0:00:02,0\na\n\n0:00:05,0 --> 0:00:06,0\nb").expect("lines");
    let times = |ms| read.shifted(ms).cues.iter().map(|cue| (cue.start_ms, cue.end_ms)).collect::<Vec<_>>();
    assert_eq!(times(1_500), [(2_500, 3_500), (6_500, 7_500)]);
    assert_eq!(times(-1_500), [(0, 500), (3_500, 4_500)]);
    assert_eq!(times(-3_000), [(2_000, 3_000)]);
    assert_eq!(times(i64::MIN), []);
}

#[test]
fn lines_out_of_films_become_the_same() {
    let block = |start_ms, payload| Block { start_ms, duration_ms: Some(1000), payload };
    let letters = |codec, private: &[u8], blocks: &[Block<'_>]| {
        let read = from_blocks(codec, private, blocks.iter().copied()).expect("lines");
        read.to_srt().split("\n\n").filter_map(|cue| cue.splitn(3, '\n').nth(2)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        letters(Codec::Srt, b"", &[block(1000, b"<i>Hello</i>\r\nyou"), block(3000, b"World")]),
        ["<i>Hello</i>\nyou", "World"]
    );
    let ass = [block(1000, b"1,0,Thought,,0,0,0,,Second, line".as_slice()), block(3000, b"0,0,Default,,0,0,0,,First")];
    assert_eq!(letters(Codec::Ass, SCRIPT.as_bytes(), &ass), ["{\\an8}<i>Second, line</i>", "First"]);
    assert_eq!(
        ass_from_blocks(SCRIPT.as_bytes(), ass),
        format!(
            "{SCRIPT}Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,First\n\
             Dialogue: 0,0:00:01.00,0:00:02.00,Thought,,0,0,0,,Second, line\n"
        )
    );
    assert_eq!(letters(Codec::WebVtt, b"", &[block(1000, b"<v Anne>Hello")]), ["Hello"]);
    let boxed = b"\0\0\0\x1dvttc\0\0\0\x15payl<i>Hello</i>!";
    assert_eq!(
        letters(Codec::WebVtt, b"", &[block(1000, boxed.as_slice()), block(2000, b"\0\0\0\x08vtte")]),
        ["<i>Hello</i>!"]
    );
    let styled = b"\0\x05Hello\0\0\0\x16styl\0\x01\0\0\0\x02\0\x01\x02\x12\xff\xff\xff\xff";
    assert_eq!(letters(Codec::Tx3g, b"", &[block(1000, styled.as_slice()), block(2000, b"\0\0")]), ["<i>He</i>llo"]);
    let wide = b"\0\x06\xfe\xff\0H\0i";
    assert_eq!(letters(Codec::Tx3g, b"", &[block(1000, wide.as_slice())]), ["Hi"]);
}

/// Text of the letters that mean something somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("<i>"),
        Just("</i>"),
        Just("<font color=red>"),
        Just("</font>"),
        Just("{\\an8}"),
        Just("{\\i1}"),
        Just("{y:i}"),
        Just("&lt;"),
        Just("&amp;"),
        Just("&"),
        Just("<"),
        Just(">"),
        Just("{"),
        Just("}"),
        Just("\\N"),
        Just("\\"),
        Just("\n"),
        Just("\n\n"),
        Just("\r"),
        Just(" "),
        Just("12"),
        Just("00:00:01,000 --> 00:00:02,000"),
        Just("0:01 → 0:02"),
        Just("-->"),
        Just("WEBVTT"),
        Just("NOTE"),
        Just("é"),
        Just("字"),
        Just("\u{200e}"),
        Just("[Events]\n"),
        Just("Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"),
        Just("{1}{25}"),
        Just("[1][2]"),
        Just("00:00:01.00,00:00:02.00\n"),
        Just("-0:00:01 --> 0:00:03\n"),
        Just("x"),
        Just("Style: Default,"),
        Just("\0"),
    ];
    proptest::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_bytes_come_to_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes, &Hints::default());
        let _ = whole_ass(&bytes, &Hints::default(), 10);
        for codec in [Codec::Srt, Codec::Ass, Codec::WebVtt, Codec::Tx3g] {
            let block = Block { start_ms: u64::MAX, duration_ms: Some(u64::MAX), payload: &bytes };
            let _ = from_blocks(codec, &bytes, [block, Block { start_ms: 0, ..block }]);
            let _ = ass_from_blocks(&bytes, [block]);
        }
    }

    /// What was written and read again is written the same.
    #[test]
    fn what_is_written_is_read_as_it_was(text in hostile()) {
        if let Ok(first) = read_text(&text) {
            prop_assert!(first.cues.is_sorted_by_key(|cue| cue.start_ms));
            prop_assert!(first.cues.iter().all(|cue| cue.start_ms < cue.end_ms && !cue.text.is_empty()));
            let vtt = first.to_vtt();
            let again = read_text(&vtt).map(|again| again.to_vtt());
            prop_assert_eq!(again.as_ref(), Ok(&vtt));
            let srt = first.to_srt();
            let again = read_text(&srt);
            prop_assert_eq!(again.as_ref().map(Subtitles::to_srt), Ok(srt));
            // One at a time.
            let cues = again.map(|again| again.cues).unwrap_or_default();
            prop_assert!(cues.windows(2).all(|two| two[0].end_ms <= two[1].start_ms));
        }
    }
}

#[test]
fn fonts_come_with_a_script_as_players_read_them() {
    let script = "[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello\n";
    assert_eq!(with_fonts(script, []), script);
    let whole = with_fonts(script, [("a.ttf", &b"\x00\x01\x00\x00"[..]), ("evil\n[Events].ttf", &[0xff; 90][..])]);
    let fonts = whole.split_once("\n[Fonts]\n").expect("a section").1;
    // Three bytes are four letters, one is two; a line has 80.
    assert_eq!(
        fonts,
        format!("fontname: a.ttf\n!!%!!!\nfontname: evil[Events].ttf\n{}\n{}\n", "`".repeat(80), "`".repeat(40))
    );
}
