//! The crate from its outside: lists in, an index, questions to it.

mod damage;
mod questions;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{BuildError, Builder, Edits, Found, Kind, Summary, TitleIndex, Wanted};

/// A folder of a test's own, gone when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("title-index-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub const RATINGS: &str = "\
tconst\taverageRating\tnumVotes
tt0133093\t8.7\t2000000
tt0144214\t6.4\t60000
tt0075148\t8.1\t600000
tt0079817\t7.3\t230000
tt2987732\t7.1\t20000
tt0017136\t8.3\t180000
tt0245429\t8.6\t800000
tt10000000\t5.0\t9
tt0944947\t9.2\t2000000
";

pub const BASICS: &str = "\
tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres
tt0133093\tmovie\tThe Matrix\tThe Matrix\t0\t1999\t\\N\t136\tAction,Sci-Fi
tt0144214\tmovie\tThe General's Daughter\tThe General's Daughter\t0\t1999\t\\N\t116\tCrime
tt0075148\tmovie\tRocky\tRocky\t0\t1976\t\\N\t120\tDrama
tt0079817\tmovie\tRocky II\tRocky II\t0\t1979\t\\N\t119\tDrama
tt2987732\tmovie\tSuck Me Shakespeer\tFack ju Göhte\t0\t2013\t\\N\t118\tComedy
tt0017136\tmovie\tMetropolis\tMetropolis\t0\t1927\t\\N\t153\tDrama
tt10000000\tmovie\tMetropolis\tMetropolis\t0\t1928\t\\N\t\\N\tDrama
tt10000001\tmovie\tMetropolis\tMetropolis\t0\t1961\t\\N\t\\N\tDrama
tt0245429\tmovie\tSpirited Away\t千と千尋の神隠し\t0\t2001\t\\N\t124\tAnimation
tt0944947\ttvSeries\tGame of Thrones\tGame of Thrones\t0\t2011\t2019\t57\tDrama
tt1480055\ttvEpisode\tWinter Is Coming\tWinter Is Coming\t0\t2011\t\\N\t62\tDrama
tt9000001\tshort\tThe Matrix\tThe Matrix\t0\t1999\t\\N\t5\tShort
tt9000002\tmovie\tThe Matrix\tThe Matrix\t1\t1999\t\\N\t80\tAdult
tt9000003\tvideoGame\tThe Matrix\tThe Matrix\t0\t1999\t\\N\t\\N\t\\N
";

pub const AKAS: &str = "\
titleId\tordering\ttitle\tregion\tlanguage\ttypes\tattributes\tisOriginalTitle
tt0245429\t1\tChihiros Reise ins Zauberland\tDE\t\\N\timdbDisplay\t\\N\t0
tt0245429\t2\tУнесённые призраками\tRU\t\\N\timdbDisplay\t\\N\t0
tt0144214\t1\tWehrlos - Die Tochter des Generals\tDE\t\\N\timdbDisplay\t\\N\t0
tt10000001\t1\tNobody Rated This\tUS\t\\N\timdbDisplay\t\\N\t0
tt1480055\t1\tEpisode #1.1\tDE\t\\N\timdbDisplay\t\\N\t0
";

const TMDB_FILMS: &str = r#"{"adult":false,"id":603,"original_title":"The Matrix","popularity":80.5,"video":false}
{"adult":true,"id":604,"original_title":"The Matrix","popularity":1.0,"video":false}
{"adult":false,"id":605,"original_title":"Only There","popularity":0.6,"video":false}
"#;

const TMDB_SERIES: &str = r#"{"id":1399,"original_name":"Game of Thrones","popularity":346.09}
"#;

/// Builds an index of the lists above.
pub fn build(folder: &Folder) -> (PathBuf, Summary) {
    let path = folder.path().join("index");
    let mut file = File::create(&path).expect("created");
    let mut builder = Builder::new(&mut file, folder.path()).expect("begun");
    assert_eq!(builder.ratings(RATINGS.as_bytes()).expect("read").kept, 9);
    assert_eq!(builder.basics(BASICS.as_bytes()).expect("read").kept, 10);
    assert_eq!(builder.akas(AKAS.as_bytes()).expect("read").kept, 3);
    assert_eq!(builder.tmdb(Kind::Film, TMDB_FILMS.as_bytes()).expect("read").kept, 2);
    assert_eq!(builder.tmdb(Kind::Series, TMDB_SERIES.as_bytes()).expect("read").kept, 1);
    let summary = builder.finish(b"{\"from\":\"a test\"}").expect("finished");
    (path, summary)
}

pub fn ask(index: &TitleIndex, name: &str, year: Option<u16>, edits: Edits) -> Vec<Found> {
    index.look_up(&Wanted { names: &[name], year, kind: None, edits })
}

#[test]
fn what_is_built_can_be_opened_and_says_what_it_holds() {
    let folder = Folder::new();
    let (path, summary) = build(&folder);
    let index = TitleIndex::open(&path).expect("whole");
    assert_eq!((index.titles(), index.keys(), index.bytes()), (13, summary.keys, summary.bytes));
    assert_eq!(summary.titles, 13);
    assert_eq!(index.about(), b"{\"from\":\"a test\"}");
    assert_eq!(fs::metadata(&path).expect("there").len(), summary.bytes);
}

#[test]
fn lists_that_are_something_else_are_refused_by_name() {
    let folder = Folder::new();
    let mut file = File::create(folder.path().join("index")).expect("created");
    let mut builder = Builder::new(&mut file, folder.path()).expect("begun");
    for (said, refused) in [
        ("title.ratings", builder.ratings("<html>\n".as_bytes())),
        ("title.basics", builder.basics(RATINGS.as_bytes())),
        ("title.akas", builder.akas("".as_bytes())),
        ("movie_ids", builder.tmdb(Kind::Film, BASICS.repeat(100).as_bytes())),
    ] {
        assert!(matches!(&refused, Err(BuildError::Shape { list, .. }) if *list == said), "{said}: {refused:?}");
    }
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let folder = Folder::new();
    let path = folder.path().join("index");
    let mut file = File::create(&path).expect("created");
    Builder::new(&mut file, folder.path()).expect("begun").finish(b"").expect("finished");
    let index = TitleIndex::open(&path).expect("whole");
    assert_eq!(ask(&index, "The Matrix", None, Edits::One), []);
    assert_eq!(index.about(), b"");
}
