//! Languages: ISO 639-2 as containers write it, BCP 47 as we say it.

/// BCP 47 in its shortest form, of what a container says: an ISO 639-2 code (both kinds: `ger` and `deu`), a BCP 47 tag in any case, or with what does
/// not belong (`en_US`). `None` for what is empty, `und`, `mis`, `zxx`, `qaa` and its like, or no language tag.
pub fn language(told: &str) -> Option<String> {
    let told = told.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let mut parts = told.split(['-', '_']);
    let first = parts.next()?.to_ascii_lowercase();
    if !matches!(first.len(), 2 | 3) || !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    if matches!(first.as_str(), "und" | "mis" | "zxx" | "xxx" | "unk") || ("qaa".."qua").contains(&first.as_str()) {
        return None;
    }
    let mut tag = SHORT.iter().find(|(long, _)| *long == first).map_or(first.as_str(), |(_, short)| short).to_owned();
    for part in parts.take(4) {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()), // a region
            4 if part.as_bytes()[0].is_ascii_alphabetic() => {
                tag.push_str(&part[..1].to_ascii_uppercase()); // a script
                tag.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

/// ISO 639-2 (T, and B where it differs) and its ISO 639-1; Library of Congress's list. `fil` is Tagalog's national form and has none.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("aar", "aa"), ("abk", "ab"), ("afr", "af"), ("aka", "ak"), ("alb", "sq"), ("amh", "am"), ("ara", "ar"), ("arg", "an"), ("arm", "hy"),
    ("asm", "as"), ("ava", "av"), ("ave", "ae"), ("aym", "ay"), ("aze", "az"), ("bak", "ba"), ("bam", "bm"), ("baq", "eu"), ("bel", "be"),
    ("ben", "bn"), ("bis", "bi"), ("bod", "bo"), ("bos", "bs"), ("bre", "br"), ("bul", "bg"), ("bur", "my"), ("cat", "ca"), ("ces", "cs"),
    ("cha", "ch"), ("che", "ce"), ("chi", "zh"), ("chu", "cu"), ("chv", "cv"), ("cor", "kw"), ("cos", "co"), ("cre", "cr"), ("cym", "cy"),
    ("cze", "cs"), ("dan", "da"), ("deu", "de"), ("div", "dv"), ("dut", "nl"), ("dzo", "dz"), ("ell", "el"), ("eng", "en"), ("epo", "eo"),
    ("est", "et"), ("eus", "eu"), ("ewe", "ee"), ("fao", "fo"), ("fas", "fa"), ("fij", "fj"), ("fin", "fi"), ("fra", "fr"), ("fre", "fr"),
    ("fry", "fy"), ("ful", "ff"), ("geo", "ka"), ("ger", "de"), ("gla", "gd"), ("gle", "ga"), ("glg", "gl"), ("glv", "gv"), ("gre", "el"),
    ("grn", "gn"), ("guj", "gu"), ("hat", "ht"), ("hau", "ha"), ("hbs", "sh"), ("heb", "he"), ("her", "hz"), ("hin", "hi"), ("hmo", "ho"),
    ("hrv", "hr"), ("hun", "hu"), ("hye", "hy"), ("ibo", "ig"), ("ice", "is"), ("ido", "io"), ("iii", "ii"), ("iku", "iu"), ("ile", "ie"),
    ("ina", "ia"), ("ind", "id"), ("ipk", "ik"), ("isl", "is"), ("ita", "it"), ("jav", "jv"), ("jpn", "ja"), ("kal", "kl"), ("kan", "kn"),
    ("kas", "ks"), ("kat", "ka"), ("kau", "kr"), ("kaz", "kk"), ("khm", "km"), ("kik", "ki"), ("kin", "rw"), ("kir", "ky"), ("kom", "kv"),
    ("kon", "kg"), ("kor", "ko"), ("kua", "kj"), ("kur", "ku"), ("lao", "lo"), ("lat", "la"), ("lav", "lv"), ("lim", "li"), ("lin", "ln"),
    ("lit", "lt"), ("ltz", "lb"), ("lub", "lu"), ("lug", "lg"), ("mac", "mk"), ("mah", "mh"), ("mal", "ml"), ("mao", "mi"), ("mar", "mr"),
    ("may", "ms"), ("mkd", "mk"), ("mlg", "mg"), ("mlt", "mt"), ("mon", "mn"), ("mri", "mi"), ("msa", "ms"), ("mya", "my"), ("nau", "na"),
    ("nav", "nv"), ("nbl", "nr"), ("nde", "nd"), ("ndo", "ng"), ("nep", "ne"), ("nld", "nl"), ("nno", "nn"), ("nob", "nb"), ("nor", "no"),
    ("nya", "ny"), ("oci", "oc"), ("oji", "oj"), ("ori", "or"), ("orm", "om"), ("oss", "os"), ("pan", "pa"), ("per", "fa"), ("pli", "pi"),
    ("pol", "pl"), ("por", "pt"), ("pus", "ps"), ("que", "qu"), ("roh", "rm"), ("ron", "ro"), ("rum", "ro"), ("run", "rn"), ("rus", "ru"),
    ("sag", "sg"), ("san", "sa"), ("sin", "si"), ("slk", "sk"), ("slo", "sk"), ("slv", "sl"), ("sme", "se"), ("smo", "sm"), ("sna", "sn"),
    ("snd", "sd"), ("som", "so"), ("sot", "st"), ("spa", "es"), ("sqi", "sq"), ("srd", "sc"), ("srp", "sr"), ("ssw", "ss"), ("sun", "su"),
    ("swa", "sw"), ("swe", "sv"), ("tah", "ty"), ("tam", "ta"), ("tat", "tt"), ("tel", "te"), ("tgk", "tg"), ("tgl", "tl"), ("tha", "th"),
    ("tib", "bo"), ("tir", "ti"), ("ton", "to"), ("tsn", "tn"), ("tso", "ts"), ("tuk", "tk"), ("tur", "tr"), ("twi", "tw"), ("uig", "ug"),
    ("ukr", "uk"), ("urd", "ur"), ("uzb", "uz"), ("ven", "ve"), ("vie", "vi"), ("vol", "vo"), ("wel", "cy"), ("wln", "wa"), ("wol", "wo"),
    ("xho", "xh"), ("yid", "yi"), ("yor", "yo"), ("zha", "za"), ("zho", "zh"), ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_come_in_one_shape() {
        let rows = [
            ("eng", Some("en")),
            ("ger", Some("de")),
            ("deu", Some("de")),
            ("DE", Some("de")),
            ("chi", Some("zh")),
            ("zho", Some("zh")),
            ("fil", Some("fil")),
            ("nob", Some("nb")),
            ("pt-br", Some("pt-BR")),
            ("por_BR", Some("pt-BR")),
            ("zh-HANT-tw", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("en\0", Some("en")),
            ("mul", Some("mul")),
            ("und", None),
            ("zxx", None),
            ("qaa", None),
            ("qtz", None),
            ("que", Some("qu")),
            ("", None),
            ("english", None),
            ("```", None),
            ("日本", None),
        ];
        for (told, tag) in rows {
            assert_eq!(language(told).as_deref(), tag, "{told}");
        }
    }

    #[test]
    fn the_table_holds_each_code_once_and_no_chain() {
        let codes: std::collections::BTreeSet<_> = SHORT.iter().map(|(long, _)| long).collect();
        assert_eq!(codes.len(), SHORT.len());
        assert!(SHORT.iter().all(|(long, short)| long.len() == 3 && short.len() == 2));
    }
}
