//! What ends a file's name: its extension, and the number of a volume when a file was split (`.mkv.001`, `.part3.rar`).

/// A name without its ending.
#[derive(Debug, PartialEq, Eq)]
pub struct Stem<'a> {
    pub name: &'a str,
    pub container: Option<String>,
    pub part: Option<u16>,
}

/// What is taken for an extension. Anything else behind a dot may be a group or a title word.
fn is_extension(word: &str) -> bool {
    matches!(
        word,
        "mkv"
            | "mp4"
            | "avi"
            | "mov"
            | "m4v"
            | "wmv"
            | "webm"
            | "ts"
            | "m2ts"
            | "mts"
            | "mpg"
            | "mpeg"
            | "mpe"
            | "flv"
            | "f4v"
            | "ogm"
            | "ogv"
            | "3gp"
            | "vob"
            | "divx"
            | "rmvb"
            | "rm"
            | "asf"
            | "iso"
            | "img"
            | "strm"
            | "mk3d"
            | "srt"
            | "ass"
            | "ssa"
            | "sub"
            | "idx"
            | "vtt"
            | "sup"
            | "smi"
            | "nfo"
            | "nzb"
            | "torrent"
            | "jpg"
            | "jpeg"
            | "png"
            | "txt"
            | "m3u8"
            | "mka"
            | "mp3"
            | "flac"
            | "dv"
            | "wtv"
            | "mkvv"
            | "par2"
            | "bup"
            | "ifo"
    )
}

fn is_archive(word: &str) -> bool {
    matches!(word, "zip" | "rar" | "7z" | "tar" | "gz")
}

/// Takes the endings off a name.
pub fn split(name: &str) -> Stem<'_> {
    let name = name.trim();
    let mut stem = Stem { name, container: None, part: None };
    // A volume's number: ".001" behind an extension, or ".part2" before an archive's.
    while let Some((head, ending)) = stem.name.rsplit_once('.') {
        let low = ending.to_ascii_lowercase();
        // "name.z01", "name.r00": the middle volumes of old archives; the first is the one without a number.
        if low.len() == 3
            && stem.part.is_none()
            && stem.container.is_none()
            && let Some(count) = low.strip_prefix(['z', 'r']).and_then(|n| n.parse::<u16>().ok())
        {
            stem.part = Some(if low.starts_with('r') { count + 2 } else { count });
            stem.name = head;
            continue;
        }
        let number = low.strip_prefix("part").unwrap_or(&low);
        let is_number = !number.is_empty() && number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit());
        if low.len() > number.len() && is_number && (stem.container.is_some() || stem.part.is_some())
            || is_number && number.len() == 3 && stem.part.is_none() && ends_as_file(head)
        {
            stem.part = number.parse().ok();
        } else if is_extension(&low) && !is_word_of_name(head, &low) || is_archive(&low) {
            if stem.container.is_some() && !is_archive(stem.container.as_deref().unwrap_or_default()) {
                break;
            }
            stem.container = Some(low);
        } else {
            break;
        }
        stem.name = head;
    }
    if stem.name.trim().is_empty() {
        return Stem { name, container: None, part: None };
    }
    // Channels lose the dot: "Film 2019 1080p mkv".
    if stem.container.is_none()
        && let Some((head, ending)) = stem.name.rsplit_once([' ', '_'])
        && matches!(ending.to_ascii_lowercase().as_str(), "mkv" | "mp4" | "avi")
    {
        stem.container = Some(ending.to_ascii_lowercase());
        stem.name = head;
    }
    stem
}

/// `.001` is a volume only of something that already ends as files do.
fn ends_as_file(head: &str) -> bool {
    head.rsplit_once('.').is_some_and(|(_, ending)| {
        let low = ending.to_ascii_lowercase();
        is_extension(&low) || is_archive(&low)
    })
}

/// `.ts`, `.sub` and `.dv` are words of names without an extension too.
fn is_word_of_name(head: &str, ending: &str) -> bool {
    matches!(ending, "ts" | "sub" | "dv" | "divx" | "flac" | "mp3") && head.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_taken_off() {
        for (name, stem, container, part) in [
            ("Harvest.1969.mkv", "Harvest.1969", Some("mkv"), None),
            ("Harvest.1969.mkv.002", "Harvest.1969", Some("mkv"), Some(2)),
            ("Harvest 1969.part3.rar", "Harvest 1969", Some("rar"), Some(3)),
            ("Harvest.S01.7z.004", "Harvest.S01", Some("7z"), Some(4)),
            ("Harvest 1969 1080p mkv", "Harvest 1969 1080p", Some("mkv"), None),
            ("Harvest.1969.x264-GRP", "Harvest.1969.x264-GRP", None, None),
            ("Harvest.300", "Harvest.300", None, None),
            (".mkv", ".mkv", None, None),
        ] {
            assert_eq!(split(name), Stem { name: stem, container: container.map(str::to_owned), part }, "{name}");
        }
    }
}
