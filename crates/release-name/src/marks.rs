//! Marks: which tokens say something about the file, and what. Words come from [`super::vocab`]; what has a shape
//! rather than a spelling (1080p, 1920x1080, DDP5.1, 2.4 GB, a checksum) is read here.

use super::rules::Rule;
use super::tokens::{Gap, Text, leading_number};
use super::vocab::{self, Strength, What};

/// A run of tokens and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub first: usize,
    /// Inclusive.
    pub last: usize,
    pub what: What,
    pub strength: Strength,
    /// Why.
    pub rule: Rule,
}

/// All marks of a name, and for each token the first that covers it.
#[derive(Debug, Default)]
pub struct Marks {
    list: Vec<Mark>,
    /// 0: free; otherwise one more than an index into `list`.
    owner: Vec<u16>,
}

impl Marks {
    /// Tags every word that the vocabulary or a shape knows.
    pub fn of(text: &Text<'_>) -> Self {
        let mut marks = Self { list: Vec::with_capacity(16), owner: vec![0; text.len()] };
        let mut i = 0;
        while i < text.len() {
            i = marks
                .shape(text, i)
                .or_else(|| marks.phrase(text, i))
                .or_else(|| marks.glued(text, i))
                .unwrap_or(i + 1);
        }
        marks.bare_resolutions(text);
        marks.settle_by_neighbours(text);
        marks
    }

    pub fn iter(&self) -> impl Iterator<Item = &Mark> {
        self.list.iter()
    }

    /// The first mark on a token.
    pub fn at(&self, index: usize) -> Option<&Mark> {
        let owner = *self.owner.get(index)?;
        self.list.get(usize::from(owner).checked_sub(1)?)
    }

    pub fn is_free(&self, index: usize) -> bool {
        self.owner.get(index) == Some(&0)
    }

    pub fn is_firm(&self, index: usize) -> bool {
        self.at(index).is_some_and(|m| m.strength == Strength::Firm)
    }

    /// Lays a mark over tokens; what was there before gives way.
    pub fn put(&mut self, first: usize, last: usize, what: What, strength: Strength, rule: Rule) {
        let Ok(id) = u16::try_from(self.list.len() + 1) else { return };
        if last >= self.owner.len() || first > last {
            return;
        }
        self.drop_within(first, last);
        self.list.push(Mark { first, last, what, strength, rule });
        self.owner[first..=last].fill(id);
    }

    /// A second statement of the same tokens (`DDP5.1` is a codec and a channel count).
    fn also(&mut self, first: usize, last: usize, what: What) {
        self.list.push(Mark { first, last, what, strength: Strength::Firm, rule: Rule::Glued });
        let id = u16::try_from(self.list.len()).unwrap_or(0);
        for owner in &mut self.owner[first..=last] {
            if *owner == 0 {
                *owner = id;
            }
        }
    }

    /// Takes marks off tokens that turned out to be title words.
    pub fn drop_within(&mut self, first: usize, last: usize) {
        for i in first..=last.min(self.owner.len().saturating_sub(1)) {
            let id = self.owner[i];
            if id != 0 {
                let mark = self.list[usize::from(id) - 1];
                for owner in &mut self.owner[mark.first..=mark.last] {
                    if *owner == id {
                        *owner = 0;
                    }
                }
            }
        }
    }

    /// Marks that still own a token, in the order of the name.
    pub fn live(&self) -> impl Iterator<Item = &Mark> {
        self.list
            .iter()
            .enumerate()
            .filter(|(id, mark)| {
                self.owner[mark.first..=mark.last].iter().any(|owner| {
                    usize::from(*owner) == id + 1
                        || self.list.get(usize::from(*owner).wrapping_sub(1)).is_some_and(|o| shares(o, mark))
                })
            })
            .map(|(_, mark)| mark)
    }

    fn phrase(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        // "10月新番", what is new this season: a section of the channel, never a title.
        if text.low(i).ends_with("新番") {
            self.put(i, i, What::Noise, Strength::Firm, Rule::SeasonalSection);
            return Some(i + 1);
        }
        // "فيلم Title", "Phim Title": the word for a film or a series, ahead of its title.
        if i == 0
            && vocab::is_kind_of_title(text.low(0))
            && text.gap(1).only(Gap::SPACE.with(Gap::UNDERSCORE).with(Gap::COLON))
            && text.low(1).chars().any(char::is_alphabetic)
        {
            // "فیلم سینمایی Title": a feature film.
            let last = usize::from(matches!(text.low(1), "سینمایی" | "سينمائي" | "تلویزیونی") && text.len() > 2);
            self.put(0, last, What::Noise, Strength::Firm, Rule::Vocabulary);
            return Some(last + 1);
        }
        // "全16集": how many episodes there are, and that all are here.
        if let Some(count) = text.low(i).strip_prefix('全')
            && leading_number(count).is_some_and(|(_, _, unit)| matches!(unit, "集" | "话" | "話" | "回"))
        {
            self.put(i, i, What::Complete, Strength::Firm, Rule::Vocabulary);
            return Some(i + 1);
        }
        if text.low(i).len() == 2 {
            // "HS.WEB-DL": the service's letters are too few to count alone.
            if text.low(i) == "hs" && text.low(i + 1) == "web" && text.gap(i + 1).is_blank() {
                self.put(i, i, What::Network("Hotstar"), Strength::Loose, Rule::Vocabulary);
                return Some(i + 1);
            }
            if let Some(code) = regional(text, i) {
                self.put(i, i + 1, What::Language(code), Strength::Loose, Rule::Vocabulary);
                return Some(i + 2);
            }
        }
        let found = vocab::phrases(text.low(i)).iter().find(|phrase| {
            phrase.rest.iter().enumerate().all(|(n, word)| {
                let at = i + 1 + n;
                text.low(at) == *word && text.gap(at).is_tight()
            })
        })?;
        let last = i + found.rest.len();
        // "8 Bit Christmas": a depth does not open a title.
        if matches!(found.what, What::Depth(_))
            && (i == 0 || text.gap(i).is_spaced_dash())
            && text.gap(i + 1) == Gap::SPACE
            && found.rest.len() == 1
        {
            return None;
        }
        // "The Final Cut 2004": what stands alone before the year is the title.
        let opens = i == 0 || i == 1 && text.low(0) == "the";
        if opens && matches!(found.what, What::Edition(_)) && super::dates::year(text, last + 1).is_some() {
            return None;
        }
        // "4K Remastered" says both.
        let is_4k = text.low(i) == "4k" && last > i && !matches!(found.what, What::Resolution(..));
        if is_4k {
            self.put(i, i, What::Resolution(2160, 'p'), Strength::Firm, Rule::Vocabulary);
        }
        self.put(i + usize::from(is_4k), last, found.what, found.strength, Rule::Vocabulary);
        // "COMPLETE.UHD.BLURAY": the disc itself; encodes of it may have fewer lines.
        if text.low(i) == "complete" && text.low(i + 1) == "uhd" && last > i + 1 {
            self.also(i, last, What::Resolution(2160, 'p'));
        }
        Some(last + 1)
    }

    fn shape(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        let low = text.low(i);
        let first = *low.as_bytes().first()?;
        // "Series-f02-Film", "Film-x01-Bonus": which film of a series, which extra of a disc.
        if matches!(first, b'f' | b'x')
            && (2..=3).contains(&low.len())
            && low[1..].bytes().all(|b| b.is_ascii_digit())
            && i > 0
            && text.gap(i).is_hyphen()
            && text.gap(i + 1).is_hyphen()
            && !text.low(i - 1).ends_with(|c: char| c.is_ascii_digit())
        {
            self.put(i, i, What::Noise, Strength::Firm, Rule::FilmNumber);
            return Some(i + 1);
        }
        if !first.is_ascii_hexdigit() && !matches!(first, b'm' | b't' | b'i' | b'h' | b'u') {
            return None;
        }
        if let Some((lines, scan)) = resolution(low) {
            self.put(i, i, What::Resolution(lines, scan), Strength::Firm, Rule::Resolution);
            return Some(i + 1);
        }
        // "1280 x 720", "1280*720": the figures of a picture, apart.
        if let Some((lines, last)) = apart(text, i) {
            self.put(i, last, What::Resolution(lines, 'p'), Strength::Firm, Rule::Resolution);
            return Some(last + 1);
        }
        // "[tmdbid-1234]", "{imdb-tt0063350}", "tt0063350": ids are read by the caption's rule.
        let is_id = |word: &str| {
            let digits = word.strip_prefix("tt").unwrap_or(word);
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        };
        if matches!(low, "tmdb" | "tmdbid" | "imdb" | "imdbid" | "tvdb" | "tvdbid")
            && text.bracket(i) != 0
            && text.gap(i + 1).only(Gap::HYPHEN.with(Gap::COLON).with(Gap::SPACE))
            && is_id(text.low(i + 1))
        {
            self.put(i, i + 1, What::Noise, Strength::Firm, Rule::Id);
            return Some(i + 2);
        }
        if low.len() >= 9 && low.starts_with("tt") && is_id(low) {
            self.put(i, i, What::Noise, Strength::Firm, Rule::Id);
            return Some(i + 1);
        }
        // "CD1", "DVD2": which disc.
        if ["cd", "disc", "disk"]
            .iter()
            .any(|d| low.strip_prefix(d).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit())))
        {
            self.put(i, i, What::Noise, Strength::Loose, Rule::Disc);
            return Some(i + 1);
        }
        // "221208 Title": recorded on that day.
        if i == 0
            && low.len() == 6
            && text.gap(1) == Gap::SPACE
            && text.number(0).is_some_and(|n| (1..=12).contains(&(n / 100 % 100)) && (1..=31).contains(&(n % 100)))
        {
            self.put(0, 0, What::Noise, Strength::Firm, Rule::RecordingDay);
            return Some(1);
        }
        // "2xUkr", "3Rus": so many tracks in a language.
        let track = low.trim_start_matches(|c: char| c.is_ascii_digit());
        let track = track.strip_prefix('x').unwrap_or(track);
        if track.len() < low.len()
            && i > 0
            // "15th" is no Thai, "1ch" no Chinese.
            && (track.len() >= 3 || low.contains('x'))
            && let Some((what @ What::Language(_), _)) = vocab::word(track)
        {
            self.put(i, i, what, Strength::Loose, Rule::Tracks);
            return Some(i + 1);
        }
        if let Some(last) = amount(text, i) {
            self.put(i, last, What::Noise, Strength::Firm, Rule::Amount);
            return Some(last + 1);
        }
        if let Some((channels, last)) = channels(text, i, text.number(i)) {
            let after_audio = i > 0 && self.at(i - 1).is_some_and(|m| matches!(m.what, What::Audio(_)));
            let surround = matches!(channels, "5.1" | "7.1");
            let spoken = text.low(last).ends_with("ch");
            // "1080p_5_1_ESubs"
            let is_joined = text.gap(i + 1) == Gap::UNDERSCORE && surround && i > 0 && self.is_firm(i - 1);
            if after_audio || spoken || is_joined || (text.gap(i + 1) == Gap::DOT || after_language(self, i)) {
                let strength = match (after_audio || spoken, surround) {
                    (true, _) => Strength::Firm,
                    (false, true) => Strength::Loose,
                    (false, false) => Strength::Faint,
                };
                self.put(i, last, What::Channels(channels), strength, Rule::Channels);
                return Some(last + 1);
            }
        }
        if low.len() == 8
            && text.gap(i).has(Gap::OPEN)
            && text.gap(i + 1).has(Gap::CLOSE)
            && low.bytes().all(|b| b.is_ascii_hexdigit())
            && super::dates::compact(low).is_none()
        {
            self.put(i, i, What::Crc, Strength::Firm, Rule::Checksum);
            return Some(i + 1);
        }
        None
    }

    /// Two words written as one: `BluRay720p`, `DDP5.1`, `HEVC10bit`, `x265AAC`.
    fn glued(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        let low = text.low(i);
        if low.len() < 2 || low.len() > 24 {
            return None;
        }
        if !low.is_ascii() {
            return self.joined(text, i);
        }
        // "RoDubbed", "HebDub"
        if let Some((what @ What::Language(_), _)) =
            low.strip_suffix("dubbed").or_else(|| low.strip_suffix("dub")).and_then(vocab::word)
        {
            self.put(i, i, what, Strength::Loose, Rule::DubbedWord);
            return Some(i + 1);
        }
        // "FLACx2": two tracks of it.
        if let Some((head, _)) = low.rsplit_once('x').filter(|(_, n)| matches!(*n, "2" | "3" | "4"))
            && let Some((what @ What::Audio(_), Strength::Firm)) = vocab::word(head)
        {
            self.put(i, i, what, Strength::Firm, Rule::Glued);
            return Some(i + 1);
        }
        // "DTS-X7.1", "DTS-HD.MA5.1": the count hangs on the codec's last word.
        if let Some(count) = low.strip_prefix('x').or_else(|| low.strip_prefix("ma")).and_then(|n| n.parse().ok())
            && i > 0
            && self.at(i - 1).is_some_and(|m| matches!(m.what, What::Audio("DTS" | "DTS-HD")))
            && let Some((found, last)) = channels(text, i, Some(count))
        {
            if low.starts_with('x')
                && let Some(mark) = self.list.last_mut()
            {
                mark.what = What::Audio("DTS:X");
            }
            self.put(i, last, What::Channels(found), Strength::Firm, Rule::Glued);
            return Some(last + 1);
        }
        let bytes = low.as_bytes();
        for cut in 2..low.len() {
            let (left, right) = (bytes[cut - 1], bytes[cut]);
            if left.is_ascii_digit() == right.is_ascii_digit() && left != b'+' {
                continue;
            }
            let (head, tail) = low.split_at(cut);
            // "dd" alone may be anything, "DD5.1" may not.
            // Of these alone nothing is sure.
            let known = match head {
                "dd" => Some((What::Audio("DD"), Strength::Firm)),
                "bd" if tail.len() > 2 => Some((What::Source("BluRay"), Strength::Firm)),
                _ => read(head),
            };
            // "Opus" alone may be a title, "Opus2.0" may not.
            let is_counted = |what| matches!(what, What::Audio(_)) && channels(text, i, tail.parse().ok()).is_some();
            let Some((what, _)) = known.filter(|k| k.1 == Strength::Firm || is_counted(k.0)) else { continue };
            if let Some((other, _)) = read(tail) {
                self.put(i, i, what, Strength::Firm, Rule::Glued);
                self.also(i, i, other);
                return Some(i + 1);
            }
            if let (What::Video(_), Some(bits)) =
                (what, [("8", 8), ("10", 10), ("12", 12)].iter().find(|(t, _)| *t == tail))
            {
                self.put(i, i, what, Strength::Firm, Rule::Glued);
                self.also(i, i, What::Depth(bits.1));
                return Some(i + 1);
            }
            if matches!(what, What::Audio(_)) && tail.len() <= 2 {
                let mut last = i;
                self.put(i, i, what, Strength::Firm, Rule::Glued);
                let count = tail.parse().ok();
                if let Some((found, end)) = channels(text, i, count) {
                    self.also(i, end, What::Channels(found));
                    last = end;
                } else if let Some(found) = [("51", "5.1"), ("20", "2.0"), ("71", "7.1"), ("2", "2.0"), ("5", "5.1")]
                    .iter()
                    .find(|(t, _)| *t == tail)
                {
                    self.also(i, i, What::Channels(found.1));
                }
                return Some(last + 1);
            }
        }
        None
    }

    /// Chinese words are written together: `国语中字`, spoken in Chinese and with subtitles.
    fn joined(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        let low = text.low(i);
        let is_known = |word: &str| vocab::word(word).filter(|w| matches!(w.0, What::Language(_) | What::Subtitles(_)));
        let (head, tail) = low.char_indices().skip(2).find_map(|(cut, _)| {
            let (head, tail) = low.split_at(cut);
            is_known(head).zip(is_known(tail))
        })?;
        self.put(i, i, head.0, Strength::Firm, Rule::Glued);
        self.also(i, i, tail.0);
        Some(i + 1)
    }

    /// Words that are several things at once become what stands beside them: "IT" in "ENG+DE+IT" is a language, not a
    /// store; "en" in "en subs" is no French word.
    fn settle_by_neighbours(&mut self, text: &Text<'_>) {
        let is_language = |m: Option<&Mark>| m.is_some_and(|m| matches!(m.what, What::Language(_)));
        // "Title 131 HD": what closes a name in capitals is no title word.
        let last = text.len().saturating_sub(1);
        if last > 1 && text.raw(last) == "HD" && self.at(last).is_some_and(|m| m.what == What::Noise) {
            self.put(last, last, What::Noise, Strength::Firm, Rule::Vocabulary);
        }
        let listed = |i: usize| text.gap(i).has(Gap::PLUS.with(Gap::COMMA).with(Gap::SLASH).with(Gap::AMPERSAND));
        for i in 0..text.len() {
            let Some(mark) = self.at(i).copied().filter(|m| m.strength == Strength::Faint && m.first == m.last) else {
                continue;
            };
            let beside =
                i > 0 && listed(i) && is_language(self.at(i - 1)) || listed(i + 1) && is_language(self.at(i + 1));
            match mark.what {
                // "Title Malayalam Movie 2024"
                What::Noise
                    if text.low(i) == "movie" && i > 1 && text.gap(i).is_blank() && is_language(self.at(i - 1)) =>
                {
                    self.put(i, i, What::Noise, Strength::Loose, Rule::MovieInLanguage);
                }
                // "Title_2010_BR_720p": Brazil's language stands elsewhere, or among others.
                What::Language("pt") if text.low(i) == "br" && !beside && self.is_resolution(i + 1) => {
                    if let Some(mark) = usize::from(self.owner[i]).checked_sub(1).and_then(|id| self.list.get_mut(id)) {
                        (mark.what, mark.strength) = (What::Source("BluRay"), Strength::Firm);
                    }
                }
                What::Network(_) | What::Country(_) | What::Noise if beside => {
                    if let Some(code) = vocab::language(text.low(i)) {
                        self.become_language(i, code);
                    }
                }
                What::Language(code)
                    if i > 0
                        && text.gap(i + 1).is_tight()
                        && self.at(i + 1).is_some_and(|m| {
                            m.what == What::SubtitleWord && matches!(text.low(i + 1), "sub" | "subs" | "subbed")
                        }) =>
                {
                    self.become_language(i, code);
                }
                _ => {}
            }
        }
    }

    fn is_resolution(&self, i: usize) -> bool {
        self.at(i).is_some_and(|m| matches!(m.what, What::Resolution(..)))
    }

    /// In its place: marks stay in the order of the name.
    fn become_language(&mut self, i: usize, code: &'static str) {
        if let Some(mark) = usize::from(self.owner[i]).checked_sub(1).and_then(|id| self.list.get_mut(id)) {
            (mark.what, mark.strength) = (What::Language(code), Strength::Loose);
        }
    }

    /// `1080` alone is a resolution when it stands beside something technical.
    fn bare_resolutions(&mut self, text: &Text<'_>) {
        if self.list.iter().any(|m| matches!(m.what, What::Resolution(..))) {
            return;
        }
        for i in 1..text.len() {
            let Some(lines @ (480 | 540 | 576 | 720 | 1080 | 2160)) = text.number(i).filter(|_| self.is_free(i)) else {
                continue;
            };
            let technical = |n: usize| {
                self.at(n).is_some_and(|m| m.strength == Strength::Firm || matches!(m.what, What::Source(_)))
            };
            // "Title 1223 720.mkv"
            let closes = i + 1 == text.len() && text.number(i - 1).is_some() && text.gap(i).is_blank();
            let boxed = text.gap(i).has(Gap::OPEN) && text.gap(i + 1).has(Gap::CLOSE) && text.bracket(i) != 0;
            if technical(i - 1) || technical(i + 1) || closes || boxed {
                let lines = u16::try_from(lines).unwrap_or(0);
                self.put(i, i, What::Resolution(lines, 'p'), Strength::Firm, Rule::BareResolution);
                return;
            }
        }
    }
}

/// `DDP5.1`: the channel count shares its first token with the codec.
fn shares(owner: &Mark, mark: &Mark) -> bool {
    owner.first == mark.first && owner.strength == Strength::Firm && mark.strength == Strength::Firm
}

/// `en-US`, `fr-CA`: a language as it is spoken in a region.
fn regional(text: &Text<'_>, i: usize) -> Option<&'static str> {
    let (code, region) = (text.raw(i), text.raw(i + 1));
    let is_pair = i > 0
        && text.gap(i + 1).is_hyphen()
        && code.len() == 2
        && code.bytes().all(|b| b.is_ascii_lowercase())
        && region.len() == 2
        && region.bytes().all(|b| b.is_ascii_uppercase());
    vocab::language(text.low(i)).filter(|_| is_pair)
}

fn after_language(marks: &Marks, i: usize) -> bool {
    i > 0 && marks.at(i - 1).is_some_and(|m| matches!(m.what, What::Language(_)))
}

fn read(word: &str) -> Option<(What, Strength)> {
    resolution(word).map(|(lines, scan)| (What::Resolution(lines, scan), Strength::Firm)).or_else(|| vocab::word(word))
}

/// `1080p`, `720p60`, `480i`, `m1080p`, `1920x1080`, `1280×720p`.
fn resolution(word: &str) -> Option<(u16, char)> {
    // "4Kto1080p" was made smaller.
    let word = ["4kto", "fhd", "uhd", "hd", "m"].iter().find_map(|head| word.strip_prefix(head)).unwrap_or(word);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if !(3..=4).contains(&digits) {
        return None;
    }
    let number: u16 = word[..digits].parse().ok()?;
    let rest = &word[digits..];
    if let Some(height) = rest.strip_prefix('x').or_else(|| rest.strip_prefix('×')) {
        let height: u16 = height.trim_end_matches(['p', 'i']).parse().ok().filter(|h| (200..=4400).contains(h))?;
        // 2016x231 is an episode of 2016.
        let is_year = (1950..=2035).contains(&number) && height < 800;
        return (number >= 200 && !is_year).then(|| (lines(number, height), 'p'));
    }
    if rest == "hd" {
        return matches!(number, 720 | 1080 | 2160).then_some((number, 'p'));
    }
    let scan = rest.chars().next().filter(|c| matches!(c, 'p' | 'i'))?;
    let fps = &rest[1..];
    let is_fps =
        fps.is_empty() || ((2..=3).contains(&fps.len()) && fps.bytes().all(|b| b.is_ascii_digit())) || fps == "hd";
    ((200..=4400).contains(&number) && is_fps).then_some((number, scan))
}

/// `1280 x 720`, `1280*720`: the lines, and the last token.
fn apart(text: &Text<'_>, i: usize) -> Option<(u16, usize)> {
    let width = text.number(i).filter(|w| (320..=7680).contains(w))?;
    let last = match text.low(i + 1) {
        "x" | "×" if text.gap(i + 1).is_blank() && text.gap(i + 2).is_blank() => i + 2,
        _ if text.source[text.tokens[i].end..].trim_start().starts_with('*') => i + 1,
        _ => return None,
    };
    let height = text.number(last).filter(|h| (200..=4400).contains(h) && *h < width)?;
    Some((lines(u16::try_from(width).ok()?, u16::try_from(height).ok()?), last))
}

/// The class of a picture: met by its width (cropped films) or by its height (4:3).
fn lines(width: u16, height: u16) -> u16 {
    const CLASSES: [(u16, u16); 9] = [
        (7680, 4320),
        (3840, 2160),
        (2560, 1440),
        (1920, 1080),
        (1280, 720),
        (1024, 576),
        (848, 480),
        (640, 360),
        (426, 240),
    ];
    let near = |a: u16, b: u16, percent: u32| u32::from(a.abs_diff(b)) * 100 <= u32::from(b) * percent;
    if let Some((_, lines)) = CLASSES.iter().find(|(w, h)| near(width, *w, 2) || near(height, *h, 3)) {
        return *lines;
    }
    match height {
        540..=544 => 540,
        _ if (640..=860).contains(&width) && height <= 480 => 480,
        _ => height,
    }
}

/// The last token of a size or rate that starts here: `450MB`, `2.4 GB`, `192Kbps`, `23.976 fps`.
fn amount(text: &Text<'_>, i: usize) -> Option<usize> {
    const UNITS: [&str; 14] =
        ["mb", "gb", "gib", "mib", "tb", "kb", "kbps", "mbps", "kbit", "fps", "gbs", "mbs", "khz", "hz"];
    let unit_after_digits = |index: usize| {
        let low = text.low(index);
        let rest = low.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < low.len() && UNITS.contains(&rest)
    };
    if unit_after_digits(i) {
        return Some(i);
    }
    text.number(i)?;
    let mut last = i;
    if text.gap(i + 1).only(Gap::DOT.with(Gap::COMMA).with(Gap::SPACE)) && !text.low(i + 1).is_empty() {
        if unit_after_digits(i + 1) {
            return Some(i + 1);
        }
        if text.number(i + 1).is_some() {
            last = i + 1;
        }
    }
    let unit = text.low(last + 1);
    (text.gap(last + 1).is_tight() && UNITS.contains(&unit)).then_some(last + 1)
}

/// `5.1`, `5 1`, `2.0ch`: a count whose first figure is `count`, in the token `i`; with the last token.
fn channels(text: &Text<'_>, i: usize, count: Option<u32>) -> Option<(&'static str, usize)> {
    if !text.gap(i + 1).only(Gap::DOT.with(Gap::SPACE).with(Gap::UNDERSCORE)) {
        return None;
    }
    let low = text.low(i + 1);
    let figure = low.bytes().next().filter(u8::is_ascii_digit)?;
    let rest = &low[1..];
    if !(rest.is_empty() || rest == "ch" || (rest.starts_with('x') && rest.len() == 2)) {
        return None;
    }
    let found = match (count?, figure) {
        (1, b'0') => "1.0",
        (2, b'0') => "2.0",
        (2, b'1') => "2.1",
        (3, b'1') => "3.1",
        (4, b'0') => "4.0",
        (5, b'0') => "5.0",
        (5, b'1') => "5.1",
        (6, b'0') => "6.0",
        (6, b'1') => "6.1",
        (7, b'1') => "7.1",
        _ => return None,
    };
    Some((found, i + 1))
}
