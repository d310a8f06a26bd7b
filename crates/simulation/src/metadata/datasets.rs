//! The lists that the providers publish whole, made of the works: IMDb's non-commercial datasets and TMDB's daily exports.
//!
//! ```text
//! {url}/datasets/title.basics.tsv.gz   title.akas, title.ratings: tab separated, \N for nothing, no quoting
//! {url}/exports/movie_ids_MM_DD_YYYY.json.gz   tv_series_ids: one JSON object a line; any day's is the same
//! ```
//!
//! With ETag and Last-Modified, answers to If-None-Match and If-Modified-Since, and byte ranges with If-Range, as the real ones.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;

use actix_web::http::header::{
    self, CONTENT_RANGE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Shared;
use super::work::{ImdbId, Kind, Work};

/// The works do not change while it runs; another set of works has other tags.
const MODIFIED: &str = "Sat, 28 Nov 2026 08:00:00 GMT";

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/datasets/{list}.tsv.gz", web::get().to(dataset))
        .route("/exports/{list}.json.gz", web::get().to(export));
}

/// Packed when they are first asked for: nobody waits for them who does not want them.
#[derive(Default)]
pub struct Datasets {
    basics: OnceLock<Packed>,
    akas: OnceLock<Packed>,
    ratings: OnceLock<Packed>,
    films: OnceLock<Packed>,
    series: OnceLock<Packed>,
}

struct Packed {
    bytes: Bytes,
    etag: String,
}

async fn dataset(shared: web::Data<Shared>, request: HttpRequest, list: web::Path<String>) -> HttpResponse {
    let (datasets, works) = (&shared.datasets, shared.index.works());
    let packed = match list.as_str() {
        "title.basics" => datasets.basics.get_or_init(|| pack(&basics(works))),
        "title.akas" => datasets.akas.get_or_init(|| pack(&akas(works))),
        "title.ratings" => datasets.ratings.get_or_init(|| pack(&ratings(works))),
        _ => return HttpResponse::Forbidden().finish(),
    };
    answer(&request, packed)
}

async fn export(shared: web::Data<Shared>, request: HttpRequest, list: web::Path<String>) -> HttpResponse {
    let (datasets, works) = (&shared.datasets, shared.index.works());
    let packed = match list.rsplitn(4, '_').last() {
        Some("movie_ids") => datasets.films.get_or_init(|| pack(&exported(works, Kind::Movie))),
        Some("tv_series_ids") => datasets.series.get_or_init(|| pack(&exported(works, Kind::Series))),
        _ => return HttpResponse::Forbidden().finish(),
    };
    answer(&request, packed)
}

fn answer(request: &HttpRequest, packed: &Packed) -> HttpResponse {
    let said = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    // The tag alone counts when both are there.
    let is_known = match (said(IF_NONE_MATCH), said(IF_MODIFIED_SINCE)) {
        (Some(tag), _) => tag == packed.etag,
        (None, since) => since == Some(MODIFIED),
    };
    let validators = [(ETAG, packed.etag.as_str()), (LAST_MODIFIED, MODIFIED)];
    if is_known {
        let mut answer = HttpResponse::NotModified();
        validators.into_iter().for_each(|pair| _ = answer.insert_header(pair));
        return answer.finish();
    }
    let is_same = said(IF_RANGE).is_none_or(|known| known == packed.etag || known == MODIFIED);
    let begin = said(RANGE)
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok())
        .filter(|begin| is_same && *begin < packed.bytes.len());
    let mut answer = match begin {
        Some(_) => HttpResponse::PartialContent(),
        None => HttpResponse::Ok(),
    };
    validators.into_iter().for_each(|pair| _ = answer.insert_header(pair));
    if let Some(begin) = begin {
        let length = packed.bytes.len();
        answer.insert_header((CONTENT_RANGE, format!("bytes {begin}-{}/{length}", length - 1)));
    }
    answer.insert_header((header::CONTENT_TYPE, "binary/octet-stream")).body(packed.bytes.slice(begin.unwrap_or(0)..))
}

fn pack(text: &str) -> Packed {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("a vector takes all");
    let bytes = Bytes::from(packed.finish().expect("a vector takes all"));
    let hash = Sha256::digest(&bytes);
    let tag: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    Packed { bytes, etag: format!("\"{tag}\"") }
}

/// The works that IMDb knows, in the order of their ids as text.
fn known(works: &[Work]) -> Vec<(ImdbId, &Work)> {
    let mut known: Vec<_> = works.iter().filter_map(|work| Some((work.imdb?, work))).collect();
    known.sort_by_key(|(id, _)| id.to_string());
    known
}

/// Without what would break a line of cells.
fn cell(text: &str) -> String {
    if text.is_empty() { "\\N".to_owned() } else { text.replace(['\t', '\n', '\r'], " ") }
}

fn number(number: u16) -> String {
    if number == 0 { "\\N".to_owned() } else { number.to_string() }
}

fn basics(works: &[Work]) -> String {
    let mut text =
        "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
            .to_owned();
    for (id, work) in known(works) {
        let kind = match work.kind {
            Kind::Movie if work.genres.iter().any(|genre| genre == "Short") => "short",
            Kind::Movie => "movie",
            Kind::Series => "tvSeries",
        };
        let ended = work.ended.as_deref().and_then(|day| day.get(..4)).unwrap_or("\\N");
        let genres = work.genres.iter().take(3).cloned().collect::<Vec<_>>().join(",");
        let (name, original) = (cell(&work.name), cell(work.original_name()));
        let (year, runtime) = (number(work.year().unwrap_or(0)), number(work.runtime_mins));
        let _ = writeln!(text, "{id}\t{kind}\t{name}\t{original}\t0\t{year}\t{ended}\t{runtime}\t{}", cell(&genres));
    }
    text
}

fn akas(works: &[Work]) -> String {
    let mut text = "titleId\tordering\ttitle\tregion\tlanguage\ttypes\tattributes\tisOriginalTitle\n".to_owned();
    for (id, work) in known(works) {
        let _ = writeln!(text, "{id}\t1\t{}\t\\N\t\\N\toriginal\t\\N\t1", cell(work.original_name()));
        let by_country = work.other_names.iter().map(|(country, name)| (*country, "\\N", name));
        let by_language = work.translations.iter().map(|(language, name)| ("\\N", *language, name));
        for (n, (region, language, name)) in by_country.chain(by_language).enumerate() {
            let _ = writeln!(text, "{id}\t{}\t{}\t{region}\t{language}\timdbDisplay\t\\N\t0", n + 2, cell(name));
        }
    }
    text
}

fn ratings(works: &[Work]) -> String {
    let mut text = "tconst\taverageRating\tnumVotes\n".to_owned();
    for (id, work) in known(works) {
        if let Some(rating) = work.imdb_rating().filter(|_| work.votes > 0) {
            let _ = writeln!(text, "{id}\t{rating:.1}\t{}", work.votes);
        }
    }
    text
}

fn exported(works: &[Work], kind: Kind) -> String {
    let mut text = String::new();
    for work in works.iter().filter(|work| work.kind == kind) {
        let (id, name, popularity) = (work.tmdb, work.original_name(), work.popularity());
        let row = match kind {
            Kind::Movie => {
                json!({ "adult": false, "id": id, "original_title": name, "popularity": popularity, "video": false })
            }
            Kind::Series => json!({ "id": id, "original_name": name, "popularity": popularity }),
        };
        let _ = writeln!(text, "{row}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::MultiGzDecoder;

    use super::super::{Options, start};
    use super::*;

    async fn get(url: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut request = reqwest::Client::builder().no_gzip().build().expect("a client").get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("it answers")
    }

    fn unpacked(bytes: &[u8]) -> String {
        let mut text = String::new();
        MultiGzDecoder::new(bytes).read_to_string(&mut text).expect("gzip");
        text
    }

    #[tokio::test]
    async fn lists_have_the_providers_shapes() {
        let server = start(Options::default()).await.expect("a free port");
        for (path, line) in [
            (
                "datasets/title.basics.tsv.gz",
                "tt0063350\tmovie\tNight of the Living Dead\tNight of the Living Dead\t0\t1968\t",
            ),
            ("datasets/title.ratings.tsv.gz", "tt0063350\t"),
            ("datasets/title.akas.tsv.gz", "tt0063350\t1\tNight of the Living Dead\t\\N\t\\N\toriginal\t\\N\t1"),
            (
                "exports/movie_ids_11_30_2026.json.gz",
                "{\"adult\":false,\"id\":10331,\"original_title\":\"Night of the Living Dead\",",
            ),
            ("exports/tv_series_ids_11_30_2026.json.gz", "{\"id\":9900011,\"original_name\":"),
        ] {
            let answer = get(&format!("{}/{path}", server.url), &[]).await;
            assert_eq!(answer.status(), 200, "{path}");
            let text = unpacked(&answer.bytes().await.expect("a body"));
            assert!(text.lines().any(|found| found.starts_with(line)), "{path}: {}", &text[..text.len().min(500)]);
        }
        assert_eq!(get(&format!("{}/datasets/title.crew.tsv.gz", server.url), &[]).await.status(), 403);
        server.stop().await;
    }

    #[tokio::test]
    async fn what_is_known_is_not_sent_again_and_what_broke_off_is_continued() {
        let server = start(Options::default()).await.expect("a free port");
        let url = format!("{}/datasets/title.basics.tsv.gz", server.url);
        let whole = get(&url, &[]).await;
        let etag = whole.headers()["etag"].to_str().expect("text").to_owned();
        let bytes = whole.bytes().await.expect("a body");
        for (headers, status) in [
            (&[("if-none-match", etag.as_str())], 304),
            (&[("if-none-match", "\"other\"")], 200),
            (&[("if-modified-since", MODIFIED)], 304),
        ] {
            assert_eq!(get(&url, headers).await.status(), status, "{headers:?}");
        }
        let rest = get(&url, &[("range", "bytes=10-"), ("if-range", &etag)]).await;
        assert_eq!(rest.status(), 206);
        let range = rest.headers()["content-range"].to_str().expect("text").to_owned();
        assert_eq!(range, format!("bytes 10-{}/{}", bytes.len() - 1, bytes.len()));
        assert_eq!(rest.bytes().await.expect("a body"), bytes.slice(10..));
        let changed = get(&url, &[("range", "bytes=10-"), ("if-range", "\"other\"")]).await;
        assert_eq!((changed.status().as_u16(), changed.bytes().await.expect("a body")), (200, bytes));
        server.stop().await;
    }
}
