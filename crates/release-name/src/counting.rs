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
            | "evad"
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
            | "musim"
            | "sezonul"
            | "сезонът"
            | "маусым"
            | "mavsum"
            | "mövsüm"
            | "սեզոն"
            | "სეზონი"
            | "σεζόν"
            | "সিজন"
            | "சீசன்"
            | "సీజన్"
            | "സീസൺ"
            | "ಸೀಸನ್"
            | "ซีซั่น"
            | "ምዕራፍ"
            | "msimu"
            | "وەرزی"
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
            | "diel"
            | "الحلقة"
            | "حلقة"
            | "الحلقه"
            | "حلقه"
            | "قسمت"
            | "एपिसोड"
            | "화"
            | "회"
            | "выпуск"
            | "話"
            | "话"
            | "集"
            | "回"
            | "ตอนที่"
            | "ตอน"
            | "tập"
            | "פרק"
            | "집"
            | "الحلقات"
            | "قسط"
            | "bölümü"
            | "episodul"
            | "επεισόδιο"
            | "епизод"
            | "სერია"
            | "ეპიზოდი"
            | "սերիա"
            | "qism"
            | "бөлім"
            | "পর্ব"
            | "এপিসোড"
            | "எபிசோட்"
            | "ఎపిసోడ్"
            | "എപ്പിസോഡ്"
            | "ಎಪಿಸೋಡ್"
            | "කොටස"
            | "ክፍል"
            | "ئەڵقەی"
            | "ភាគ"
    )
}

pub fn is_range_word(word: &str) -> bool {
    matches!(
        word,
        "to" | "bis" | "al" | "до" | "à" | "تا" | "إلى" | "الى" | "đến" | "sampai" | "ila" | "thru" | "through"
    )
}

pub fn is_of_word(word: &str) -> bool {
    matches!(word, "of" | "из" | "із" | "з" | "von" | "de")
}

/// `first`, `zweite`, `primera`: seasons counted in words, in front of their word.
pub fn ordinal(word: &str) -> Option<u16> {
    const WORDS: [&[&str]; 6] = [
        &[
            "first",
            "1st",
            "erste",
            "première",
            "premiere",
            "primera",
            "primeira",
            "prima",
            "первый",
            "перший",
            "birinci",
            "pierwszy",
            "eerste",
        ],
        &[
            "second",
            "2nd",
            "zweite",
            "deuxième",
            "deuxieme",
            "segunda",
            "seconda",
            "второй",
            "другий",
            "ikinci",
            "drugi",
            "tweede",
        ],
        &[
            "third",
            "3rd",
            "dritte",
            "troisième",
            "troisieme",
            "tercera",
            "terceira",
            "terza",
            "третий",
            "третій",
            "üçüncü",
            "trzeci",
            "derde",
        ],
        &[
            "fourth",
            "vierte",
            "quatrième",
            "quatrieme",
            "cuarta",
            "quarta",
            "четвертый",
            "четвёртый",
            "четвертий",
            "dördüncü",
            "czwarty",
            "vierde",
        ],
        &["fifth", "fünfte", "cinquième", "cinquieme", "quinta", "пятый", "п'ятий", "beşinci", "piąty", "vijfde"],
        &["sixth", "sechste", "sixième", "sixieme", "sexta", "sesta", "шестой", "шостий", "altıncı", "szósty", "zesde"],
    ];
    WORDS.iter().position(|forms| forms.contains(&word)).and_then(|p| u16::try_from(p + 1).ok())
}

/// A season's or episode's number in words, behind its word: `Season Two`, `Saison sept`, `الموسم الثالث`, `قسمت پنجم`.
pub fn counted(word: &str) -> Option<u16> {
    const WORDS: [&[&str]; 20] = [
        &[
            "الأول",
            "الاول",
            "الأولى",
            "الاولى",
            "اول",
            "یکم",
            "one",
            "un",
            "une",
            "uno",
            "una",
            "eins",
            "primera",
            "prima",
            "um",
            "uma",
        ],
        &[
            "الثاني",
            "الثانية",
            "الثانيه",
            "التاني",
            "دوم",
            "two",
            "deux",
            "dos",
            "due",
            "zwei",
            "segunda",
            "seconda",
            "dois",
            "duas",
        ],
        &[
            "الثالث",
            "الثالثة",
            "الثالثه",
            "التالت",
            "سوم",
            "three",
            "trois",
            "tres",
            "tre",
            "drei",
            "tercera",
            "terza",
            "três",
        ],
        &[
            "الرابع",
            "الرابعة",
            "الرابعه",
            "چهارم",
            "four",
            "quatre",
            "cuatro",
            "quattro",
            "vier",
            "cuarta",
            "quarta",
            "quatro",
        ],
        &["الخامس", "الخامسة", "الخامسه", "پنجم", "five", "cinq", "cinco", "cinque", "fünf", "quinta"],
        &["السادس", "السادسة", "السادسه", "ششم", "شیشم", "six", "seis", "sei", "sechs", "sexta", "sesta"],
        &["السابع", "السابعة", "السابعه", "هفتم", "seven", "sept", "siete", "sette", "sieben", "sete"],
        &["الثامن", "الثامنة", "الثامنه", "هشتم", "eight", "huit", "ocho", "otto", "acht", "oito"],
        &["التاسع", "التاسعة", "التاسعه", "نهم", "nine", "neuf", "nueve", "nove", "neun"],
        &["العاشر", "العاشرة", "العاشره", "دهم", "ten", "dix", "diez", "dieci", "zehn", "dez"],
        &["یازدهم"],
        &["دوازدهم"],
        &["سیزدهم"],
        &["چهاردهم"],
        &["پانزدهم"],
        &["شانزدهم"],
        &["هفدهم"],
        &["هجدهم", "هیجدهم"],
        &["نوزدهم"],
        &["بیستم"],
    ];
    WORDS.iter().position(|forms| forms.contains(&word)).and_then(|p| u16::try_from(p + 1).ok())
}

/// As [`counted`], for a number of one word or two (`الثانية عشر`, twelve), with the count of its words.
pub fn counted_in(word: &str, next: &str) -> Option<(u16, usize)> {
    let is_teen = matches!(next, "عشر" | "عشرة" | "عشره");
    if is_teen && matches!(word, "الحادي" | "الحادية" | "الحاديه") {
        return Some((11, 2));
    }
    counted(word).map(|number| if is_teen { (number + 10, 2) } else { (number, 1) })
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
