//! The words that count seasons and episodes, in the languages of channels, and numbers written as words. Data; which of
//! them stands where is `episode`'s.

/// Words for a season before or behind its number.
pub fn is_season_word(word: &str) -> bool {
    matches!(
        word,
        "season"
            | "seasons"
            | "saison"
            | "saisons"
            | "staffel"
            | "staffeln"
            | "temporada"
            | "temporadas"
            | "temp"
            | "stagione"
            | "stagioni"
            | "sezon"
            | "sezonso"
            | "sezona"
            | "seizoen"
            | "säsong"
            | "sasong"
            | "sæson"
            | "sesong"
            | "kausi"
            | "évad"
            | "série"
            | "serie"
            | "series"
            | "сезон"
            | "сезоны"
            | "сезона"
            | "сезонів"
            | "сезони"
            | "الموسم"
            | "موسم"
            | "فصل"
            | "सीज़न"
            | "सीजन"
            | "期"
            | "季"
            | "시즌"
            | "기"
            | "シーズン"
            | "ซีซัน"
            | "mùa"
            | "עונה"
            | "sæsong"
    )
}

/// Words for an episode before or behind its number.
pub fn is_episode_word(word: &str) -> bool {
    matches!(
        word,
        "e" | "ep"
            | "eps"
            | "epi"
            | "episode"
            | "episodes"
            | "episod"
            | "épisode"
            | "épisodes"
            | "folge"
            | "folgen"
            | "episodio"
            | "episodios"
            | "episódio"
            | "episodi"
            | "capitulo"
            | "capítulo"
            | "capitulos"
            | "serija"
            | "serya"
            | "seriya"
            | "сер"
            | "серия"
            | "serii"
            | "серии"
            | "серій"
            | "серія"
            | "серії"
            | "серий"
            | "эпизод"
            | "эпизоды"
            | "епізод"
            | "эп"
            | "bölüm"
            | "bolum"
            | "odcinek"
            | "odc"
            | "aflevering"
            | "afl"
            | "avsnitt"
            | "afsnit"
            | "jakso"
            | "rész"
            | "epizoda"
            | "epizód"
            | "díl"
            | "الحلقة"
            | "حلقة"
            | "الحلقه"
            | "حلقه"
            | "قسمت"
            | "एपिसोड"
            | "화"
            | "회"
            | "話"
            | "话"
            | "集"
            | "回"
            | "ตอนที่"
            | "ตอน"
            | "tập"
            | "פרק"
            | "집"
    )
}

pub fn is_range_word(word: &str) -> bool {
    matches!(word, "to" | "bis" | "al" | "до" | "à" | "thru" | "through")
}

pub fn is_of_word(word: &str) -> bool {
    matches!(word, "of" | "из" | "із" | "з" | "von" | "de")
}

/// `first`, `zweite`, `第二`: seasons counted in words.
pub fn ordinal(word: &str) -> Option<u16> {
    Some(match word {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        _ => return None,
    })
}

/// A season's number in words: `Season Two`, `Saison sept`.
pub fn counted(word: &str) -> Option<u16> {
    const WORDS: [&[&str]; 10] = [
        &["الأول", "الاول", "الأولى", "الاولى", "one", "un", "une", "uno", "una", "eins", "primera", "prima", "um", "uma"],
        &["الثاني", "الثانية", "الثانيه", "two", "deux", "dos", "due", "zwei", "segunda", "seconda", "dois", "duas"],
        &["الثالث", "الثالثة", "three", "trois", "tres", "tre", "drei", "tercera", "terza", "três"],
        &["الرابع", "الرابعة", "four", "quatre", "cuatro", "quattro", "vier", "cuarta", "quarta", "quatro"],
        &["الخامس", "الخامسة", "five", "cinq", "cinco", "cinque", "fünf", "quinta"],
        &["السادس", "السادسة", "six", "seis", "sei", "sechs", "sexta", "sesta"],
        &["السابع", "السابعة", "seven", "sept", "siete", "sette", "sieben", "sete"],
        &["الثامن", "الثامنة", "eight", "huit", "ocho", "otto", "acht", "oito"],
        &["التاسع", "التاسعة", "nine", "neuf", "nueve", "nove", "neun"],
        &["العاشر", "العاشرة", "ten", "dix", "diez", "dieci", "zehn", "dez"],
    ];
    WORDS.iter().position(|forms| forms.contains(&word)).and_then(|p| u16::try_from(p + 1).ok())
}

/// The number in `第二季` and `第十二话`, up to 99.
pub fn chinese(word: &str) -> Option<u32> {
    let figure = |c: char| "一二三四五六七八九".chars().position(|f| f == c).and_then(|p| u32::try_from(p + 1).ok());
    let mut value = 0;
    for c in word.chars() {
        match c {
            '十' => value = value.max(1) * 10,
            _ => value += figure(c)?,
        }
    }
    (value > 0 && value < 100).then_some(value)
}

pub fn is_glued_letter(word: &str) -> bool {
    matches!(word, "e" | "x" | "#")
}

/// `II` to `XX` behind a season's word.
pub fn roman(word: &str) -> Option<u16> {
    const NUMERALS: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx",
    ];
    NUMERALS.iter().position(|n| *n == word).and_then(|p| u16::try_from(p + 1).ok())
}
