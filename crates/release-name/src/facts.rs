//! From marks to a [`Release`]: what counts where, and which languages are spoken and which are read.

use super::Release;
use super::group::Found;
use super::marks::{Mark, Marks};
use super::name::Span;
use super::tokens::{Gap, Text};
use super::vocab::{Strength, What};

/// Fills everything that the marks outside of the title say.
pub fn collect(
    text: &Text<'_>,
    marks: &Marks,
    title: Span,
    episode_title: Option<Span>,
    group: Option<Found>,
    release: &mut Release,
) {
    // A group may be called like a language: "BEN.THE.MEN", "GERMAN.DVDRip.XviD-iND".
    let is_language = |m: &Mark| matches!(m.what, What::Language(_)) && m.first >= title.end;
    let in_group = |m: &Mark| {
        group.is_some_and(|g| {
            (g.first..g.end).contains(&m.first)
                && (g.end > g.first + 1 || marks.live().any(|other| is_language(other) && other.last < g.first))
        }) && matches!(m.what, What::Language(_))
    };
    let counting: Vec<Mark> =
        marks.live().filter(|m| counts(text, marks, m, title, episode_title) && !in_group(m)).copied().collect();
    let mut is_stated = false;
    let mut has_remux = false;
    let mut names_disc = false;
    for mark in &counting {
        match mark.what {
            What::Resolution(found, scan) => {
                // "2160p 4K" agree; "UHD ... 1080p" is a 1080p picture from a UHD disc.
                let stated = text.low(mark.first).contains(|c: char| c.is_ascii_digit())
                    && !matches!(text.low(mark.first), "4k" | "8k" | "2k");
                if release.resolution.is_none() || (stated && !is_stated) {
                    release.resolution = Some(format!("{found}{scan}"));
                    is_stated = stated;
                }
            }
            What::Source("Remux") => {
                has_remux = true;
                // "BluRay.REMUX" names the disc too.
                names_disc |= mark.last > mark.first;
            }
            What::Source(source) => {
                let better = match (release.source.as_deref(), source) {
                    (None, _) => true,
                    // "DVD SCR", "WEB-DL ... HDRip": what the rip says about itself is more exact.
                    (Some("DVD"), "SCR" | "DVDRip") => true,
                    // "PPV HDTV": what was paid for, and how it was taken.
                    (Some("PPVRip"), _) | (Some("VODRip"), "WEB-DL" | "WEBRip") | (Some("R5"), "CAM" | "TeleSync") => {
                        true
                    }
                    _ => false,
                };
                if better {
                    release.source = Some(source.to_owned());
                }
            }
            What::Video(codec) => set(&mut release.video_codec, codec),
            What::Depth(bits) => release.bit_depth = release.bit_depth.or(Some(bits)),
            What::Hdr(hdr) => add(&mut release.hdr, hdr),
            What::Audio(audio) => add(&mut release.audio, audio),
            What::Channels(channels) => add(&mut release.channels, channels),
            What::Edition(edition) => add(&mut release.edition, edition),
            What::Container(container) => set(&mut release.container, container),
            What::Network(network) => set(&mut release.network, network),
            What::Country(country) if mark.first <= title.end => set(&mut release.country, country),
            What::Proper => release.proper = true,
            What::Repack => release.repack = true,
            What::Complete => release.complete = true,
            What::ThreeD => release.three_d = true,
            What::Dubbed if text.low(mark.first).starts_with("dub") => release.dubbed = true,
            What::Crc => release.crc32 = Some(text.raw(mark.first).to_ascii_uppercase()),
            _ => {}
        }
    }
    // A disc holds 1080 lines or more, so a remux with fewer was made from it and is none.
    if release.source.is_none() && names_disc {
        release.source = Some("BluRay".to_owned());
    }
    let is_small = release.source.as_deref() == Some("BluRay")
        && matches!(release.resolution.as_deref(), Some("720p" | "576p" | "540p" | "480p" | "480i" | "576i"));
    if has_remux && !is_small && !matches!(release.source.as_deref(), Some("HDTV" | "WEB-DL" | "WEBRip" | "DVD")) {
        release.source = Some("Remux".to_owned());
    }
    languages(text, &counting, release);
    // One flag may be a decoration, several are a list.
    if release.languages.is_empty() && !text.source.is_ascii() {
        let flags = super::languages::of_flags(text.source);
        release.languages = if flags.len() > 1 { flags } else { Vec::new() };
    }
}

fn set(field: &mut Option<String>, value: &str) {
    if field.is_none() {
        *field = Some(value.to_owned());
    }
}

fn add(list: &mut Vec<String>, value: &str) {
    if !value.is_empty() && !list.iter().any(|v| v == value) {
        list.push(value.to_owned());
    }
}

/// Firm marks count everywhere, others where no title can be.
pub fn counts(text: &Text<'_>, marks: &Marks, mark: &Mark, title: Span, episode_title: Option<Span>) -> bool {
    // "三体[国语配音].Three-Body": between two titles, a bracket of nothing but tags.
    let is_boxed = || {
        let bracket = text.bracket(mark.first);
        let of_it = |i: &usize| text.bracket(*i) == bracket;
        bracket != 0
            && bracket != text.bracket(title.first)
            && (title.first..title.end).filter(of_it).all(|i| !marks.is_free(i))
    };
    if (title.first..title.end).contains(&mark.first) && !is_boxed()
        || episode_title.is_some_and(|e| (e.first..e.end).contains(&mark.first))
    {
        return false;
    }
    let ahead = mark.first < title.first;
    match mark.strength {
        Strength::Firm => true,
        // "Tamil - Title - 2019"
        Strength::Loose => {
            let is_heading = mark.first == 0 && text.gap(mark.last + 1).is_spaced_dash();
            !ahead || text.bracket(mark.first) != 0 || is_heading && matches!(mark.what, What::Language(_))
        }
        Strength::Faint => {
            let short = text.raw(mark.first).chars().count() <= 2;
            // "it", "no", "es" are words; "IT", "ES" and whatever stands in a list of languages are codes.
            let is_code = matches!(mark.what, What::Language(_));
            let loud = text.raw(mark.first).chars().all(|c| !c.is_lowercase());
            !ahead && (!is_code || loud || !short || text.bracket(mark.first) != 0)
        }
    }
}

/// Languages beside the word "subs" are read, all others are spoken.
fn languages(text: &Text<'_>, counting: &[Mark], release: &mut Release) {
    let joined = |a: &Mark, b: &Mark| {
        let gap = text.gap(b.first);
        b.first == a.last + 1 && !gap.is_spaced_dash() && !gap.has(Gap::PIPE)
    };
    let is_language = |m: &Mark| matches!(m.what, What::Language(_));
    let mut read = vec![false; counting.len()];
    let mut between = Vec::new();
    for (n, mark) in counting.iter().enumerate() {
        // "[Multiple Subtitle][ENG][POR-BR][SPA]": what follows in brackets of its own.
        if mark.what == What::Subtitles("") && text.bracket(mark.first) != 0 {
            let mut next = n + 1;
            while counting.get(next).is_some_and(|m| is_language(m) && text.bracket(m.first) != 0)
                && counting[next].first <= counting[next - 1].last + 2
            {
                read[next] = true;
                next += 1;
            }
        }
        // "iTA ENG sub iTA ENG": the word for subtitles stands between both lists.
        if let What::Subtitles(code) = mark.what
            && mark.last > mark.first
            && matches!(text.low(mark.last), "sub" | "subs")
            && n > 0
            && is_language(&counting[n - 1])
            && joined(&counting[n - 1], mark)
        {
            let behind = counting[n + 1..].iter().take_while(|m| is_language(m)).count();
            let listed = (n + 1..=n + behind).take_while(|i| joined(&counting[i - 1], &counting[*i])).count();
            if listed > 0 {
                read[n + 1..=n + listed].fill(true);
                between.push((n, code));
            }
        }
        if !matches!(mark.what, What::SubtitleWord) {
            continue;
        }
        let mut next = n + 1;
        while next < counting.len()
            && is_language(&counting[next])
            && joined(&counting[next - 1], &counting[next])
            && !(next == n + 1 && text.gap(counting[next].first).has(Gap::CLOSE))
        {
            read[next] = true;
            next += 1;
        }
        if next > n + 1 {
            continue;
        }
        // "english+sub": there are subtitles as well.
        if text.gap(mark.first).has(Gap::PLUS) {
            continue;
        }
        let mut before = n;
        while before > 0 && is_language(&counting[before - 1]) && joined(&counting[before - 1], &counting[before]) {
            let listed = before == n
                || text
                    .gap(counting[before].first)
                    .has(Gap::COMMA.with(Gap::SLASH).with(Gap::PLUS).with(Gap::AMPERSAND).with(Gap::HYPHEN));
            if !listed {
                break;
            }
            before -= 1;
            read[before] = true;
        }
    }
    for (n, (mark, read)) in counting.iter().zip(read).enumerate() {
        match mark.what {
            What::Subtitles(code) if between.contains(&(n, code)) => add(&mut release.languages, code),
            What::Language(code) if read => add(&mut release.subtitles, code),
            What::Language(code) => add(&mut release.languages, code),
            What::Subtitles(codes) => codes.split(' ').for_each(|code| add(&mut release.subtitles, code)),
            _ => {}
        }
    }
}
