//! Pictures drawn for each title: posters, backdrops, logos and stills as SVG, in colours and with a motif that belong to the
//! title. Real pictures belong to their makers; these belong to nobody.

use std::fmt::Write;

use super::work::Kind;
use super::work::Work;

/// The path of a picture as TMDB's answers carry it: `/m10331-poster.svg`, `/t9900011-s1e2.svg`.
pub fn path(work: &Work, what: &str) -> String {
    path_of(work.kind, work.tmdb, what)
}

/// The same by the title's number.
pub fn path_of(kind: Kind, tmdb: u64, what: &str) -> String {
    format!("/{}{tmdb}-{what}.svg", letter(kind))
}

fn letter(kind: Kind) -> char {
    match kind {
        Kind::Movie => 'm',
        Kind::Series => 't',
    }
}

/// Whose picture and which, from the last part of its path.
pub fn named(file: &str) -> Option<(Kind, u64, &str)> {
    let stem = file.strip_suffix(".svg")?;
    let kind = match stem.chars().next()? {
        'm' => Kind::Movie,
        't' => Kind::Series,
        _ => return None,
    };
    let (id, what) = stem[1..].split_once('-')?;
    Some((kind, id.parse().ok()?, what))
}

/// `None` when the title has no such picture.
pub fn draw(work: &Work, what: &str) -> Option<String> {
    match what {
        "poster" => Some(poster(work)),
        "backdrop" => Some(backdrop(work)),
        "logo" => Some(logo(work)),
        _ => {
            let (season, number) = what.strip_prefix('s')?.split_once('e')?;
            let (season, number) = (season.parse().ok()?, number.parse().ok()?);
            let episode = work.episodes.iter().find(|e| (e.season, e.number) == (season, number))?;
            Some(still(work, &episode.name, season, number))
        }
    }
}

fn poster(work: &Work) -> String {
    let mut svg = canvas(work, 500, 750, u64::from(work.year().unwrap_or(0)));
    svg.push_str(r##"<rect width="500" height="330" y="420" fill="url(#shade)"/>"##);
    let (size, lines) = set(&work.name, 420.0, 5);
    let last = 690.0 - 58.0;
    let step = size * 1.12;
    for (at, line) in lines.iter().enumerate() {
        let y = last - step * (lines.len() - 1 - at) as f64;
        text(&mut svg, 250.0, y, size, "700", "#fff", line);
    }
    let below = match work.kind {
        Kind::Movie => work.year().map_or_else(String::new, |y| y.to_string()),
        Kind::Series => format!("series · {} seasons", work.seasons().len()),
    };
    text(&mut svg, 250.0, 690.0, 26.0, "400", "#ffffffb0", &below);
    svg.push_str("</svg>");
    svg
}

fn backdrop(work: &Work) -> String {
    let mut svg = canvas(work, 1280, 720, 0);
    svg.push_str("</svg>");
    svg
}

fn logo(work: &Work) -> String {
    let (size, lines) = set(&work.name, 480.0, 2);
    let height = 40.0 + lines.len() as f64 * size * 1.12;
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 {height:.0}" width="500" height="{height:.0}">"#
    );
    for (at, line) in lines.iter().enumerate() {
        text(&mut svg, 250.0, 10.0 + size * (1.0 + 1.12 * at as f64), size, "700", "#fff", line);
    }
    svg.push_str("</svg>");
    svg
}

fn still(work: &Work, name: &str, season: u16, number: u16) -> String {
    let mut svg = canvas(work, 640, 360, u64::from(season) * 1000 + u64::from(number));
    svg.push_str(r##"<rect width="640" height="180" y="180" fill="url(#shade)"/>"##);
    text(&mut svg, 320.0, 280.0, 26.0, "400", "#ffffffb0", &format!("Season {season}, episode {number}"));
    let (size, lines) = set(name, 560.0, 1);
    text(&mut svg, 320.0, 328.0, size.min(40.0), "700", "#fff", &lines.join(" "));
    svg.push_str("</svg>");
    svg
}

/// The opened picture: two colours of the title's own running into each other, and one of four motifs. `variant` changes the
/// motif's place, so that stills of one series differ.
fn canvas(work: &Work, width: u32, height: u32, variant: u64) -> String {
    let seed = seed(&work.name);
    let hue = seed % 360;
    let other = (hue + 35 + seed / 360 % 60) % 360;
    let (w, h) = (f64::from(width), f64::from(height));
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><defs><linearGradient id="sky" x1="0" y1="0" x2="0.4" y2="1"><stop offset="0" stop-color="hsl({hue},58%,34%)"/><stop offset="1" stop-color="hsl({other},62%,11%)"/></linearGradient><linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".72"/></linearGradient></defs><rect width="{width}" height="{height}" fill="url(#sky)"/>"##
    );
    let light = format!("hsl({other},70%,68%)");
    let x = w * (0.25 + ((seed / 7 + variant * 37) % 50) as f64 / 100.0);
    let y = h * (0.22 + ((seed / 11 + variant * 23) % 24) as f64 / 100.0);
    let r = w.min(h) * 0.24;
    let drawn = match seed / 4096 % 4 {
        // A moon, and its ring.
        0 => write!(svg, r#"<circle cx="{x:.0}" cy="{y:.0}" r="{r:.0}" fill="{light}" opacity=".85"/><circle cx="{x:.0}" cy="{y:.0}" r="{:.0}" fill="none" stroke="{light}" stroke-width="2" opacity=".4"/>"#, r * 1.25),
        // Beams from a projector.
        1 => (0..6).try_for_each(|beam| {
            let to = w * (f64::from(beam) * 0.3 - 0.3);
            write!(svg, r#"<path d="M{x:.0} {:.0} L{to:.0} {h:.0} L{:.0} {h:.0} Z" fill="{light}" opacity=".13"/>"#, y - r, to + w * 0.12)
        }),
        // Hills, one behind the other.
        2 => (0..4).try_for_each(|hill| {
            let top = h * (0.42 + 0.12 * f64::from(hill));
            write!(svg, r#"<path d="M0 {top:.0} Q{:.0} {:.0} {:.0} {top:.0} T{w:.0} {top:.0} V{h:.0} H0 Z" fill="hsl({other},55%,{}%)" opacity=".8"/>"#, w * 0.25 + x * 0.2, top - h * 0.13, w * 0.55, 30 - hill * 7)
        }),
        // A film strip's frames.
        _ => (0..5).try_for_each(|frame| {
            let side = r * (2.2 - 0.36 * f64::from(frame));
            write!(svg, r#"<rect x="{:.0}" y="{:.0}" width="{side:.0}" height="{side:.0}" rx="14" fill="none" stroke="{light}" stroke-width="5" opacity="{:.2}" transform="rotate({} {x:.0} {y:.0})"/>"#, x - side / 2.0, y - side / 2.0, 0.25 + 0.14 * f64::from(frame), frame * 11)
        }),
    };
    drawn.expect("writing into a String never fails");
    svg
}

/// FNV-1a: the same name has the same colours everywhere.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) >> 16
}

/// The largest size at which a name fits a width in at most so many lines, and the lines.
fn set(name: &str, width: f64, most: usize) -> (f64, Vec<String>) {
    for size in [76.0, 64.0, 54.0, 45.0, 37.0, 30.0] {
        // A bold serif's letters are some 0.56 of its size wide.
        let lines = wrapped(name, (width / (0.56 * size)) as usize);
        if lines.len() <= most && lines.iter().all(|line| line.chars().count() as f64 * 0.56 * size <= width) {
            return (size, lines);
        }
    }
    let mut lines = wrapped(name, (width / (0.56 * 30.0)) as usize);
    lines.truncate(most);
    (30.0, lines)
}

fn wrapped(name: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn text(svg: &mut String, x: f64, y: f64, size: f64, weight: &str, colour: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let written = write!(
        svg,
        r#"<text x="{x:.0}" y="{y:.0}" font-family="Georgia, 'Times New Roman', serif" font-size="{size:.0}" font-weight="{weight}" fill="{colour}" text-anchor="middle">{words}</text>"#
    );
    written.expect("writing into a String never fails");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn every_picture_of_the_library_is_drawn_under_the_path_that_names_it() {
        let mut works = library::works();
        works[0].name = "<Tom> & Jerry".to_owned();
        for work in &works {
            let mut what = vec!["poster".to_owned(), "backdrop".to_owned(), "logo".to_owned()];
            what.extend(work.episodes.iter().map(|e| format!("s{}e{}", e.season, e.number)));
            for what in what {
                let path = path(work, &what);
                let (kind, id, named) = named(&path[1..]).expect("our own path");
                assert_eq!((kind, id, named), (work.kind, work.tmdb, what.as_str()));
                let svg = draw(work, named).expect("it is there");
                assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{path}");
                assert!(!svg.contains("<Tom>") && !svg.contains("> & "), "{path}");
            }
        }
    }

    #[test]
    fn other_paths_name_no_picture() {
        let works = library::works();
        for file in ["", "m1.svg", "x1-poster.svg", "m-poster.svg", "é1-poster.svg", "m1-poster.jpg"] {
            assert!(named(file).is_none(), "{file}");
        }
        for what in ["", "s1e999", "s1", "sxey", "banner"] {
            assert!(draw(&works[0], what).is_none(), "{what}");
        }
    }

    #[test]
    fn long_names_stay_inside() {
        let (size, lines) =
            set("The Incredibly Strange Creatures Who Stopped Living and Became Mixed-Up Zombies", 420.0, 5);
        assert!(lines.len() <= 5 && lines.iter().all(|l| l.chars().count() as f64 * 0.56 * size <= 420.0), "{lines:?}");
    }
}
