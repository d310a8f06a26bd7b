//! What lines are written in, when nobody said it.

use whatlang::Lang;

use crate::Subtitles;

/// Letters that are looked at: half an hour of talk.
const MOST: usize = 16 << 10;
/// Fewer letters than these tell nothing: a dozen lines.
const LEAST: usize = 300;

impl Subtitles {
    /// The language of the lines, ISO 639-1. `None` when they are too few to tell, or look like two languages alike, as Danish and Norwegian at times do.
    pub fn language(&self) -> Option<&'static str> {
        let mut said = String::new();
        // Credits and songs stand at the beginning.
        let lines = self.cues.iter().skip(self.cues.len().min(400) / 20);
        for cue in lines {
            said.push_str(&cue.text.letters());
            said.push('\n');
            if said.len() > MOST {
                break;
            }
        }
        let letters = said.chars().filter(|letter| letter.is_alphabetic()).count();
        // A Chinese line says in ten letters what an English one says in forty.
        let worth = if said.is_ascii() { letters } else { said.len() };
        let told = whatlang::detect(&said).filter(|told| worth >= LEAST && told.is_reliable());
        let told = told.map(|told| told.lang())?;
        CODES.iter().find(|(lang, _)| *lang == told).map(|(_, code)| *code)
    }
}

/// Languages that films are in.
#[rustfmt::skip]
const CODES: [(Lang, &str); 62] = [
    (Lang::Afr, "af"), (Lang::Ara, "ar"), (Lang::Aze, "az"), (Lang::Bel, "be"), (Lang::Ben, "bn"), (Lang::Bul, "bg"),
    (Lang::Cat, "ca"), (Lang::Ces, "cs"), (Lang::Cmn, "zh"), (Lang::Dan, "da"), (Lang::Deu, "de"), (Lang::Ell, "el"),
    (Lang::Eng, "en"), (Lang::Epo, "eo"), (Lang::Est, "et"), (Lang::Fin, "fi"), (Lang::Fra, "fr"), (Lang::Guj, "gu"),
    (Lang::Heb, "he"), (Lang::Hin, "hi"), (Lang::Hrv, "hr"), (Lang::Hun, "hu"), (Lang::Hye, "hy"), (Lang::Ind, "id"),
    (Lang::Ita, "it"), (Lang::Jpn, "ja"), (Lang::Kan, "kn"), (Lang::Kat, "ka"), (Lang::Khm, "km"), (Lang::Kor, "ko"),
    (Lang::Lav, "lv"), (Lang::Lit, "lt"), (Lang::Mal, "ml"), (Lang::Mar, "mr"), (Lang::Mkd, "mk"), (Lang::Mya, "my"),
    (Lang::Nep, "ne"), (Lang::Nld, "nl"), (Lang::Nob, "no"), (Lang::Ori, "or"), (Lang::Pan, "pa"), (Lang::Pes, "fa"),
    (Lang::Pol, "pl"), (Lang::Por, "pt"), (Lang::Ron, "ro"), (Lang::Rus, "ru"), (Lang::Sin, "si"), (Lang::Slk, "sk"),
    (Lang::Slv, "sl"), (Lang::Spa, "es"), (Lang::Srp, "sr"), (Lang::Swe, "sv"), (Lang::Tam, "ta"), (Lang::Tel, "te"),
    (Lang::Tgl, "tl"), (Lang::Tha, "th"), (Lang::Tur, "tr"), (Lang::Ukr, "uk"), (Lang::Urd, "ur"), (Lang::Uzb, "uz"),
    (Lang::Vie, "vi"), (Lang::Zul, "zu"),
];

#[cfg(test)]
mod tests {
    use crate::{Hints, read};

    fn language(lines: &[&str]) -> Option<&'static str> {
        let cue =
            |(n, line): (usize, &&str)| format!("{}\n00:{:02}:00,000 --> 00:{:02}:02,000\n{line}\n\n", n + 1, n, n);
        let text: String = lines.iter().cycle().take(lines.len() * 3).enumerate().map(cue).collect();
        read(text.as_bytes(), &Hints::default()).ok().and_then(|read| read.language())
    }

    const SAID: [(&str, &[&str]); 9] = [
        (
            "en",
            &[
                "They are coming to get you, Barbara.",
                "I think we should stay in the cellar until morning.",
                "There is nothing on the radio but music.",
                "Did you hear what the man in the white coat said about the farm?",
            ],
        ),
        (
            "de",
            &[
                "Sie kommen, um dich zu holen, Barbara.",
                "Ich glaube, wir sollten bis zum Morgen im Keller bleiben.",
                "Im Radio läuft nichts als Musik.",
                "Hast du gehört, was der Mann im weißen Kittel über den Hof gesagt hat?",
            ],
        ),
        (
            "fr",
            &[
                "Ils viennent te chercher, Barbara.",
                "Je crois qu'on devrait rester à la cave jusqu'au matin.",
                "Il n'y a rien que de la musique à la radio.",
                "As-tu entendu ce que disait l'homme en blouse blanche de la ferme ?",
            ],
        ),
        (
            "es",
            &[
                "Vienen a buscarte, Bárbara.",
                "Creo que deberíamos quedarnos en el sótano hasta la mañana.",
                "En la radio no hay más que música.",
                "¿Oíste lo que dijo el hombre de la bata blanca sobre la granja?",
            ],
        ),
        (
            "pl",
            &[
                "Idą po ciebie, Barbaro.",
                "Myślę, że powinniśmy zostać w piwnicy do rana.",
                "W radiu nie ma nic oprócz muzyki.",
                "Słyszałeś, co mówił o gospodarstwie ten człowiek w białym fartuchu?",
            ],
        ),
        (
            "ru",
            &[
                "Они идут за тобой, Барбара.",
                "Я думаю, нам нужно остаться в подвале до утра.",
                "По радио нет ничего, кроме музыки.",
                "Ты слышал, что сказал о ферме человек в белом халате?",
            ],
        ),
        (
            "zh",
            &[
                "他们来抓你了，芭芭拉。",
                "我觉得我们应该在地窖里待到天亮。",
                "收音机里只有音乐，什么消息也没有。",
                "你听到那个穿白大褂的人说农场的事了吗？",
            ],
        ),
        (
            "ko",
            &[
                "그들이 너를 잡으러 오고 있어, 바바라.",
                "아침까지 지하실에 있어야 할 것 같아.",
                "라디오에는 음악밖에 나오지 않아.",
                "하얀 가운을 입은 남자가 농장에 대해 한 말을 들었니?",
            ],
        ),
        (
            "ar",
            &[
                "إنهم قادمون ليأخذوك يا باربرا.",
                "أعتقد أن علينا البقاء في القبو حتى الصباح.",
                "لا يوجد في الراديو سوى الموسيقى.",
                "هل سمعت ما قاله الرجل ذو المعطف الأبيض عن المزرعة؟",
            ],
        ),
    ];

    #[test]
    fn lines_tell_what_they_are_written_in() {
        for (wanted, lines) in SAID {
            assert_eq!(language(lines), Some(wanted), "{}", lines[0]);
        }
    }

    #[test]
    fn a_few_words_tell_nothing() {
        assert_eq!(language(&["Hello.", "No!"]), None);
        assert_eq!(language(&["♪ ♪", "1, 2, 3", "..."]), None);
    }
}
