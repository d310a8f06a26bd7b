//! IMDb's lists, made up as they are read: title n is the same whenever it is asked for, so nothing is kept.

use std::fmt::Write;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// Numbers by chance, the same for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ z >> 31) * u128::from(limit)) >> 64) as u32
    }

    pub fn one_of<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.below(list.len() as u32) as usize]
    }
}

/// Words that titles are made of, and syllables for names that no list has.
struct Tongue {
    words: &'static [&'static str],
    syllables: &'static [&'static str],
}

const TONGUES: [Tongue; 6] = [
    Tongue {
        words: &[
            "the",
            "night",
            "of",
            "a",
            "house",
            "love",
            "last",
            "dead",
            "man",
            "woman",
            "and",
            "in",
            "summer",
            "black",
            "king",
            "girl",
            "return",
            "story",
            "dark",
            "river",
            "blood",
            "city",
            "one",
            "day",
            "war",
            "secret",
            "lost",
            "children",
            "road",
            "Mr.",
            "world",
            "ghost",
            "heart",
            "Christmas",
            "II",
            "part",
            "3",
            "wild",
            "who",
            "&",
        ],
        syllables: &["ran", "del", "mor", "ston", "wick", "her", "bar", "lin", "ford", "kel", "ash", "to", "ny", "ber"],
    },
    Tongue {
        words: &[
            "der", "die", "das", "Nacht", "und", "Liebe", "Mädchen", "von", "König", "für", "Mörder", "Herz", "im",
            "Schatten", "Frau", "ein", "Tod", "über", "Straße", "Haus", "grüne", "Tochter", "letzte", "Berg",
        ],
        syllables: &["schwar", "tzen", "berg", "hof", "mann", "lich", "ger", "brand", "stein", "wald", "kö", "rü"],
    },
    Tongue {
        words: &[
            "le",
            "la",
            "les",
            "l'amour",
            "nuit",
            "de",
            "et",
            "une",
            "femme",
            "été",
            "d'un",
            "rêve",
            "mère",
            "enfants",
            "jour",
            "mort",
            "sang",
            "dernière",
            "maison",
            "garçon",
            "à",
            "Noël",
            "cœur",
            "homme",
        ],
        syllables: &["beau", "mar", "tin", "vel", "ron", "de", "lac", "fleu", "ry", "gé", "rard", "clo", "tilde"],
    },
    Tongue {
        words: &[
            "el", "la", "los", "noche", "amor", "de", "y", "muerte", "señor", "niña", "corazón", "vida", "casa", "sol",
            "último", "días", "sangre", "camino", "perro", "reina", "del", "mar", "fuego", "año",
        ],
        syllables: &["gar", "cía", "ro", "drí", "guez", "al", "ma", "do", "var", "pe", "lí", "cu", "la", "ña"],
    },
    Tongue {
        words: &[
            "ночь",
            "любовь",
            "и",
            "последний",
            "человек",
            "дом",
            "война",
            "в",
            "снег",
            "ёлка",
            "сердце",
            "брат",
            "дорога",
            "чёрный",
            "моя",
            "жизнь",
            "герой",
            "на",
            "тайна",
            "день",
        ],
        syllables: &["ва", "си", "лий", "ков", "ни", "на", "пет", "ро", "жен", "щи", "бел", "ый"],
    },
    Tongue {
        words: &[
            "の",
            "夜",
            "愛",
            "物語",
            "男",
            "女",
            "と",
            "東京",
            "は",
            "学校",
            "ゴジラ",
            "戦争",
            "花",
            "犬",
            "海",
            "夏",
        ],
        syllables: &["ア", "キ", "ラ", "ナ", "ド", "さ", "く", "み", "山", "田", "川", "子"],
    },
];

/// One to five words. One in fifty is a single word of the list, which a hundred other titles are called as well; the others have a
/// made-up word, or at least three of the list.
pub fn name(chance: &mut Chance) -> String {
    // Half of all titles are English.
    let tongue = &TONGUES[chance.below(10).saturating_sub(4) as usize];
    if chance.below(50) == 0 {
        return chance.one_of(tongue.words).to_owned();
    }
    let (words, made_up) = match chance.below(5) {
        0 => (0, 1),
        1 => (1, 1),
        2 => (3, 0),
        3 => (2, 1),
        _ => (3, 2),
    };
    let mut name = String::new();
    for n in 0..words + made_up {
        if n > 0 {
            name.push(' ');
        }
        if n < words {
            name.push_str(chance.one_of(tongue.words));
            continue;
        }
        for _ in 0..2 + chance.below(3) {
            name.push_str(chance.one_of(tongue.syllables));
        }
    }
    name
}

pub struct Title {
    pub id: u32,
    pub name: String,
    pub year: u16,
    aliases: Vec<String>,
}

impl Title {
    /// The name itself when it has none.
    pub fn alias(&self, chance: &mut Chance) -> String {
        let n = chance.below(self.aliases.len().max(1) as u32) as usize;
        self.aliases.get(n).unwrap_or(&self.name).clone()
    }
}

pub struct Lists {
    titles: u32,
    real: Vec<(String, u16)>,
}

impl Lists {
    pub fn new(titles: u32, films: Option<&Path>) -> Self {
        Self { titles, real: films.map(real).unwrap_or_default() }
    }

    pub fn len(&self) -> u32 {
        self.titles
    }

    /// Title n of so many: its first name, and none to five other ones.
    pub fn title(&self, n: u32) -> Title {
        let mut chance = Chance::new(u64::from(n));
        let (made, year) = (name(&mut chance), 1920 + chance.below(106) as u16);
        let (name, year) = self.real.get(n as usize).cloned().unwrap_or((made, year));
        let aliases = (0..chance.below(6)).map(|_| self::name(&mut chance)).collect();
        Title { id: n + 1, name, year, aliases }
    }

    pub fn ratings(&self) -> impl Read {
        Rows::new(self, "tconst\taverageRating\tnumVotes\n", |title, out| {
            let _ = writeln!(out, "tt{:07}\t7.0\t{}", title.id, 5 + title.id % 1000);
        })
    }

    pub fn basics(&self) -> impl Read {
        let head =
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
        Rows::new(self, head, |title, out| {
            let (kind, name) = (if title.id % 6 == 0 { "tvSeries" } else { "movie" }, &title.name);
            let original = title.aliases.first().filter(|_| title.id % 4 == 0).unwrap_or(name);
            let _ = writeln!(out, "tt{:07}\t{kind}\t{name}\t{original}\t0\t{}\t\\N\t90\tDrama", title.id, title.year);
        })
    }

    /// Most regions call a title as it is called at home.
    pub fn akas(&self) -> impl Read {
        let head = "titleId\tordering\ttitle\tregion\tlanguage\ttypes\tattributes\tisOriginalTitle\n";
        Rows::new(self, head, |title, out| {
            let same = std::iter::repeat_n(&title.name, title.aliases.len());
            for (n, alias) in title.aliases.iter().chain(same).enumerate() {
                let _ = writeln!(out, "tt{:07}\t{n}\t{alias}\tDE\t\\N\timdbDisplay\t\\N\t0", title.id);
            }
        })
    }
}

/// Names and years of a list of films.
fn real(path: &Path) -> Vec<(String, u16)> {
    let text = io::read_to_string(MultiGzDecoder::new(std::fs::File::open(path).expect("FILMS is a file")));
    let text = text.expect("FILMS is a packed list of films");
    // Enough for this list: quotes stand round titles alone, and in them doubled.
    let rows = text.lines().skip(1).filter_map(|row| {
        let rest = row.splitn(3, ',').nth(2)?;
        let (name, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",").map(|(name, rest)| (name.replace("\"\"", "\""), rest))?,
            None => rest.split_once(',').map(|(name, rest)| (name.to_owned(), rest))?,
        };
        Some((name, rest.split(',').next()?.parse().ok()?))
    });
    rows.collect()
}

/// A list that is written as far as it is read.
struct Rows<'l, F> {
    lists: &'l Lists,
    next: u32,
    row: F,
    text: String,
    given: usize,
}

impl<'l, F: Fn(&Title, &mut String)> Rows<'l, F> {
    fn new(lists: &'l Lists, head: &str, row: F) -> Self {
        Self { lists, next: 0, row, text: head.to_owned(), given: 0 }
    }
}

impl<F: Fn(&Title, &mut String)> Read for Rows<'_, F> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && self.next < self.lists.titles {
            self.text.clear();
            self.given = 0;
            (self.row)(&self.lists.title(self.next), &mut self.text);
            self.next += 1;
        }
        let piece = &self.text.as_bytes()[self.given..];
        let taken = piece.len().min(to.len());
        to[..taken].copy_from_slice(&piece[..taken]);
        self.given += taken;
        Ok(taken)
    }
}
