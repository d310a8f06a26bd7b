//! Codes of languages.

/// ISO 639-2 in its older form (`ger`, not `deu`), which the subtitle addons that players know by heart have. `und` for languages that are not
/// in the table.
pub fn three_letters(code: &str) -> &'static str {
    let code = code.split('-').next().unwrap_or(code);
    THREE_LETTERS.iter().find(|(known, _)| *known == code).map_or("und", |(_, three)| three)
}

#[rustfmt::skip]
const THREE_LETTERS: [(&str, &str); 77] = [
    ("af", "afr"), ("ar", "ara"), ("as", "asm"), ("az", "aze"), ("be", "bel"), ("bg", "bul"), ("bho", "bho"), ("bn", "ben"), ("bs", "bos"),
    ("ca", "cat"), ("cs", "cze"), ("cy", "wel"), ("da", "dan"), ("de", "ger"), ("el", "gre"), ("en", "eng"), ("eo", "epo"), ("es", "spa"),
    ("et", "est"), ("eu", "baq"), ("fa", "per"), ("fi", "fin"), ("fr", "fre"), ("ga", "gle"), ("gl", "glg"), ("gu", "guj"), ("he", "heb"),
    ("hi", "hin"), ("hr", "hrv"), ("hu", "hun"), ("hy", "arm"), ("id", "ind"), ("is", "ice"), ("it", "ita"), ("ja", "jpn"), ("ka", "geo"),
    ("kk", "kaz"), ("km", "khm"), ("kn", "kan"), ("ko", "kor"), ("ku", "kur"), ("lt", "lit"), ("lv", "lav"), ("mk", "mac"), ("ml", "mal"),
    ("mn", "mon"), ("mr", "mar"), ("ms", "may"), ("my", "bur"), ("nb", "nob"), ("ne", "nep"), ("nl", "dut"), ("nn", "nno"), ("no", "nor"),
    ("or", "ori"), ("pa", "pan"), ("pl", "pol"), ("pt", "por"), ("ro", "rum"), ("ru", "rus"), ("si", "sin"), ("sk", "slo"), ("sl", "slv"),
    ("sq", "alb"), ("sr", "srp"), ("sv", "swe"), ("ta", "tam"), ("te", "tel"), ("th", "tha"), ("tl", "tgl"), ("tr", "tur"), ("uk", "ukr"),
    ("ur", "urd"), ("uz", "uzb"), ("vi", "vie"), ("zh", "chi"), ("zu", "zul"),
];
