//! Which of a language's varieties subtitles are in, where viewers tell them apart: Portuguese of Brazil, Spanish of Latin America, Chinese in
//! simplified letters.

use super::language;
use crate::domain::entry::Entry;

/// Words of names, lower case, for a variety: language, tag in BCP 47, words that say it wherever they stand behind the title, words that say it right
/// beside the language's own word, because alone they say other things.
#[rustfmt::skip]
const WORDS: [(&str, &str, &[&str], &[&str]); 7] = [
    ("pt", "pt-BR", &["ptbr", "pob", "brazilian", "brazil", "brasil", "brasileiro"], &["br", "pb"]),
    ("pt", "pt-PT", &["ptpt", "portugal"], &["pt", "eu"]),
    ("es", "es-419", &["latam", "latino", "419", "latinoamerica", "latinoamericano"], &["la", "mx", "lat", "latin"]),
    ("es", "es-ES", &["castellano", "castilian", "castellana"], &["es", "spain", "eu"]),
    ("zh", "zh-Hans", &["hans", "chs", "simplified", "简体", "简中", "简"], &["cn", "sc", "gb"]),
    ("zh", "zh-Hant", &["hant", "cht", "traditional", "繁體", "繁体", "繁中", "繁"], &["tw", "hk", "tc", "big5"]),
    ("fr", "fr-CA", &["vfq", "quebec", "canadian"], &["ca"]),
];

/// Words behind the title: language, variety, for whom.
const TAIL: usize = 5;

/// Of these, the words that say the language as well.
const ALONE: [&str; 6] = ["ptbr", "pob", "latam", "chs", "cht", "vfq"];

/// The variety of posted subtitles, by their name: a tag of BCP 47 such as `pt-BR`. `None` where it says none.
pub fn variety(subtitles: &Entry) -> Option<&'static str> {
    let stem = subtitles.name.rsplit_once('.').map_or(subtitles.name.as_str(), |(stem, _)| stem).to_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let tail = &words[words.len().saturating_sub(TAIL)..];
    let find = |is_it: &dyn Fn(&[&str], &[&str]) -> bool, language: Option<&str>| {
        let own = |known: &str| language.is_none_or(|language| language == known);
        let found = WORDS.iter().find(|(known, _, anywhere, beside)| own(known) && is_it(anywhere, beside));
        found.map(|(_, tag, ..)| *tag)
    };
    let Some(language) = language(subtitles) else {
        return find(&|anywhere, _| tail.iter().any(|word| ALONE.contains(word) && anywhere.contains(word)), None);
    };
    find(&|anywhere, _| tail.iter().any(|word| anywhere.contains(word)), Some(language)).or_else(|| {
        let is_said = |two: &[&str], beside: &[&str]| is_language(two[0], language) && beside.contains(&two[1]);
        find(&|_, beside| tail.windows(2).any(|two| is_said(two, beside)), Some(language))
    })
}

/// Whether a word is the language's own.
fn is_language(word: &str, language: &str) -> bool {
    let names: &[&str] = match language {
        "pt" => &["pt", "por", "portuguese", "portugues", "português"],
        "es" => &["es", "spa", "spanish", "espanol", "español"],
        "zh" => &["zh", "chi", "zho", "chinese"],
        "fr" => &["fr", "fre", "fra", "french"],
        _ => &[],
    };
    names.contains(&word)
}

/// What a tag adds to its language, as viewers read it: `Brazil`, `Latin America`; for tags that are not known here what stands behind the
/// language. `None` for a bare language.
pub fn named(tag: &str) -> Option<&str> {
    let (_, variety) = tag.split_once('-')?;
    Some(match tag {
        "pt-BR" => "Brazil",
        "pt-PT" => "Portugal",
        "es-419" => "Latin America",
        "es-ES" => "Spain",
        "zh-Hans" | "zh-CN" => "Simplified",
        "zh-Hant" | "zh-TW" | "zh-HK" => "Traditional",
        "fr-CA" => "Canada",
        _ => variety,
    })
}

#[cfg(test)]
mod tests {
    use release_name::Input;

    use super::*;
    use crate::domain::entry::EntryId;
    use crate::domain::file::{VirtualFile, Volume};
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    #[test]
    fn names_tell_varieties_apart() {
        for (name, wanted) in [
            ("Film.2023.1080p.BluRay.pt-BR.srt", Some("pt-BR")),
            ("Film.2023.pt-BR.forced.srt", Some("pt-BR")),
            ("Film (2023) Portuguese (Brazil).srt", Some("pt-BR")),
            ("Film.2023.pob.srt", Some("pt-BR")),
            ("Film.2023.pt-PT.srt", Some("pt-PT")),
            ("Film.2023.pt.srt", None),
            ("Film.2023.BR.Rip.en.srt", None),
            ("Film.2023.es-419.srt", Some("es-419")),
            ("Film.2023.Spanish.Latino.srt", Some("es-419")),
            ("Film.2023.es-ES.srt", Some("es-ES")),
            ("Film.2023.es.srt", None),
            ("Film.2023.zh-Hans.srt", Some("zh-Hans")),
            ("Film.2023.Chinese.Traditional.srt", Some("zh-Hant")),
            ("Film.2023.zh-TW.srt", Some("zh-Hant")),
            ("Film.2023.fr-CA.srt", Some("fr-CA")),
            ("Film.2023.srt", None),
        ] {
            let document = DocumentId(1);
            let file = VirtualFile::single(Volume { document, dc: Dc(2), size: 9 });
            let entry = Entry {
                release: release_name::parse(&Input { name, ..Input::default() }),
                ..Entry::of(EntryId::from_documents(&[document]), file, name, "application/x-subrip")
            };
            assert_eq!(variety(&entry), wanted, "{name}: {:?}", entry.release.subtitles);
        }
    }

    #[test]
    fn tags_are_said_in_words() {
        for (tag, wanted) in
            [("pt-BR", Some("Brazil")), ("en-GB", Some("GB")), ("en", None), ("zh-Hant", Some("Traditional"))]
        {
            assert_eq!(named(tag), wanted, "{tag}");
        }
    }
}
