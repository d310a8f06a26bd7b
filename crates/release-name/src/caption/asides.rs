//! Lines of a caption that say nothing of the file: invitations, ratings, running times, plots. Such a line never names a
//! film and never counts seasons, whatever it says ("Join for Season 2").

use std::sync::LazyLock;

use crate::labels;

/// Words that only invitations, thanks and prices use. Folded.
#[rustfmt::skip]
const INVITING: &str = "join,join us,joining,backup channel,download,downloads,fast download,share,powered by,follow us,our channel,main channel,\
our group,uploaded by,encoded by,request,requests,support us,support,click here,tap here,watch online,stay tuned,thanks,thank you for,credits,telegram,\
whatsapp,instagram,youtube,forward it,forward this,coming soon,online casino,promo code,advertising,will be deleted,deleted in,credit,follow,premium,\
скоро,ставки,казино,unete,siguenos,sigue,canal,descarga,comparte,grupo vip,inscreva,entre no,baixar,propaganda,propagandas,canale,iscriviti,\
kanal,indir,uye ol,iyi seyirler,gabung,saluran,daftar,gacor,ikuti,jangan lupa,tham gia,kenh,theo doi,عضو,خريد,لينك,join now";

/// Beginnings of words of the same kind: "подпишитесь" and "подписка" are one. Scripts without blanks have them anywhere.
#[rustfmt::skip]
const INVITING_STEMS: &str = "subscrib,подпис,подпиш,канал,реклам,промокод,депозит,приятного просмотра,смотреть онлайн,smotret,підпис,підпиш,перегляду,suscrib,\
compartilh,abonne,telecharg,beitreten,unserem kanal,unisciti,dolacz,subskryb,abone,katil,reklam,langgan,\
قناتنا,القناه,اشترك,انضم,تابعنا,للاشتراك,التنبيهات,مشاهده ممتعه,كانال,اشتراك,تبليغ,پروكسي,دانلود,به زودي,بزودي,\
频道,頻道,订阅,訂閱,关注,加入,投稿,채널,구독,チャンネル,登録,ติดตาม,สมัคร,चैनल,ज्वाइन,জয়েন,চ্যানেল,சேனல்,ఛానల్,ചാനൽ,ಚಾನೆಲ್,kanalimiz,qoshil,obuna,жазыл";

static STEMS: LazyLock<Vec<String>> = LazyLock::new(|| INVITING_STEMS.split(',').map(labels::fold).collect());

/// What a line begins with that speaks of another film than the file's.
const ELSEWHERE: [&str; 12] = [
    "next",
    "previous",
    "tomorrow",
    "also watch",
    "see also",
    "read",
    "©",
    "estreno",
    "завтра",
    "далее",
    "sonraki",
    "onceki",
];

/// Pictures that stand before ratings, people, genres, running times, places and money.
const SIGNS: [char; 26] = [
    '⭐', '🌟', '🎭', '👤', '👥', '⏱', '⏰', '⏳', '⌛', '🕐', '🕒', '🕔', '🎖', '🏆', '📊', '💰', '💸', '💵', '🎰',
    '📝', '📖', '🔞', '🌎', '🌍', '©', '🔜',
];

/// Pictures before a language, and before that of subtitles.
const SPOKEN: [char; 7] = ['🔊', '🔉', '🔈', '🗣', '🎧', '🎙', '🎤'];
const READ: [char; 2] = ['💬', '🗨'];

/// What the picture before a line says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Spoken,
    Read,
    Aside,
}

pub fn sign(decoration: &str) -> Option<Sign> {
    decoration.chars().find_map(|c| match c {
        _ if SPOKEN.contains(&c) => Some(Sign::Spoken),
        _ if READ.contains(&c) => Some(Sign::Read),
        _ if SIGNS.contains(&c) => Some(Sign::Aside),
        _ => None,
    })
}

/// A line for readers, not about the file. `line` has no decoration at its ends.
pub fn is_aside(line: &str) -> bool {
    is_address(line) || is_measure(line) || is_prose(line) || is_invitation(line)
}

/// Links and handles, and nothing before them.
fn is_address(line: &str) -> bool {
    let starts = |head: &str| line.get(..head.len()).is_some_and(|l| l.eq_ignore_ascii_case(head));
    line.starts_with('@')
        || ["http", "t.me/", "telegram.me/", "www.", "bit.ly/", "tg://"].iter().any(|head| starts(head))
}

fn is_invitation(line: &str) -> bool {
    let low = labels::fold(line);
    let opens = |at: usize| !low[..at].ends_with(char::is_alphanumeric);
    let closes = |at: usize| !low[at..].starts_with(char::is_alphanumeric);
    let has = |word: &str| low.match_indices(word).any(|(at, _)| opens(at) && closes(at + word.len()));
    // Scripts behind Thai do without blanks.
    let has_stem =
        |stem: &str| low.match_indices(stem).any(|(at, _)| opens(at) || stem.starts_with(|c| c >= '\u{e00}'));
    let begins = |word: &str| low.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    // "Followed (2020)", "Casino (1995)": a year in brackets is a film's, unless the next one's: "Next: Salt Road 2 (2025)".
    ELSEWHERE.iter().any(|word| begins(word) && (low.contains(':') || !has_bracketed_year(line)))
        || !has_bracketed_year(line) && (INVITING.split(',').any(has) || STEMS.iter().any(|stem| has_stem(stem)))
}

pub fn has_bracketed_year(line: &str) -> bool {
    line.match_indices(['(', '[', '（']).any(|(at, open)| {
        let rest = &line[at + open.len()..];
        let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
        figures == 4 && matches!(rest.as_bytes()[0], b'1' | b'2') && rest[4..].starts_with([')', ']', '）'])
    })
}

/// `1h 54min`, `8.7/10`, `127 мин.`, `1.5 GB`, `⚡ 1300 MB ⚡`: figures with their units, at most one word more.
fn is_measure(line: &str) -> bool {
    const UNITS: [&str; 34] = [
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "m",
        "min",
        "mins",
        "minute",
        "minutes",
        "s",
        "sec",
        "mb",
        "gb",
        "kb",
        "gib",
        "mib",
        "go",
        "mo",
        "мин",
        "ч",
        "час",
        "часа",
        "гб",
        "мб",
        "sa",
        "dk",
        "saat",
        "menit",
        "jam",
        "دقيقه",
        "ساعت",
        "ساعه",
        "مگابايت",
    ];
    let mut figures = 0;
    let mut units = 0;
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12) {
        let letters = word.trim_matches(|c: char| c.is_ascii_digit());
        figures += usize::from(letters.len() < word.len());
        if letters.is_empty() {
            continue;
        }
        // "1h52"
        let low = labels::fold(letters);
        if !low.split(|c: char| c.is_ascii_digit()).all(|unit| UNITS.contains(&unit)) {
            return false;
        }
        units += 1;
    }
    figures > 0 && (units > 0 || line.contains("/10") || line.contains('%'))
}

/// A sentence, or several: too long for a name, or with a sentence's end inside.
fn is_prose(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let is_sentence = line.ends_with(['.', '!', '?', '…', '。', '！', '।', '؟']) && words > 8;
    let is_long = words > 22 || line.chars().nth(180).is_some();
    // Scripts without blanks: a comma of theirs in a long line.
    let is_written = line.contains(['。', '，', '、']) && line.chars().nth(24).is_some() && words < 8;
    (is_sentence || is_long || is_written) && !has_bracketed_year(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asides_are_told_from_names() {
        for line in [
            "Join @channel for more",
            "https://t.me/channel",
            "ПОДПИШИСЬ на нас",
            "Kanalımıza abone olun",
            "قناتنا 👈 @films",
            "1h 54min",
            "1h52",
            "8.7/10",
            "127 мин.",
            "1300 MB",
            "A young farmer must choose between the land of his fathers and the girl he met in town.",
            "Next upload: Salt Road 2 (2025)",
            "小城列车司机王响被卷入一桩悬案，多年以后他仍在寻找真相",
        ] {
            assert!(is_aside(line), "{line}");
        }
        for line in [
            "Harvest Moon (2019)",
            "Followed (2020) 720p",
            "The Next Three Days (2010)",
            "Salt Road S01E02",
            "720p | WEBRip",
            "300",
            "12 стульев (1976)",
            "盐路",
            "Rejoice 2019",
        ] {
            assert!(!is_aside(line), "{line}");
        }
    }
}
