//! A file and a folder above it compared: which of them says more, and whether they speak of the same.

use crate::Release;
use crate::caption::titles::is_placeholder;
use crate::ending;
use crate::words::{self, Class};

use super::names::count_in;

/// What follows the folder's title in the file's, when the folder names a series: `Show S3` over `Show - Name`.
pub fn behind<'r>(release: &'r Release, above: &Release) -> Option<&'r str> {
    let is_series = !above.seasons.is_empty() || !above.title.is_empty() && above.year.is_none();
    let rest = release.title.strip_prefix(above.title.as_str())?;
    let parted = rest.starts_with(" - ")
        || rest.starts_with(" (")
        || rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    (is_series
        && !above.title.is_empty()
        && above.episodes.is_empty()
        && (!above.seasons.is_empty() && rest.starts_with(" - ") || parted && count_in(rest).is_some())
        && release.year.is_none()
        && release.seasons.is_empty())
    .then_some(rest)
}

/// `34_tam.srt`, `Thai.srt`: a subtitle's file beside the film that its folder names.
pub fn is_track(file: &str, read: &Release) -> bool {
    let is_subtitle = ending::split(file).container.is_some_and(ending::is_subtitle);
    is_subtitle && (read.title.is_empty() || is_placeholder(&read.title))
}

/// The file's name is a scramble or an abbreviation: it lacks what the folder has and names something else.
pub fn is_abbreviated(file: &Release, folder: &Release) -> bool {
    if is_same(&file.title, &folder.title) {
        return false;
    }
    // "arw-repack-film.dvdrip.xvid", "srd205-hdtv": the scene's short name of what the folder writes out.
    let short = !file.title.contains(' ')
        && (file.title.contains('-') || is_skeleton(&file.title, &folder.title))
        && !(file.title.contains(char::is_uppercase) && file.title.contains(char::is_lowercase))
        && folder.group.is_some()
        && file.year.is_none()
        && file.episodes.is_empty();
    if short {
        return true;
    }
    let poorer = file.year.is_none()
        && (file.source.is_none() || folder.source.is_some())
        && (file.episodes.is_empty() || !folder.seasons.is_empty());
    poorer
        && (file.source.is_none() || file.title.is_empty() || is_placeholder(&file.title))
        && (file.episodes.is_empty() || folder.episodes.is_empty() || file.episodes == folder.episodes)
}

/// The letters of the short name stand in the long one, in their order.
fn is_skeleton(short: &str, long: &str) -> bool {
    let long = key(long);
    let mut rest = long.chars();
    let mut letters = key(short);
    letters.retain(|c| !c.is_ascii_digit());
    letters.len() >= 2 && letters.chars().all(|c| rest.by_ref().any(|l| l == c))
}

/// Letters and figures alone, in lower case.
pub fn key(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One title, with its article or without.
pub fn is_same(a: &str, b: &str) -> bool {
    key(a) == key(b) || key(without_article(a)) == key(without_article(b))
}

/// `Harbor` of `The Harbor`.
pub fn without_article(title: &str) -> &str {
    let article = title.split_once(' ').filter(|(word, _)| words::is(&word.to_lowercase(), Class::Article));
    article.map_or(title, |(_, rest)| rest)
}
