//! What is found, and in which order.

use super::{Folder, ask, build};
use crate::{Edits, Found, Id, Kind, TitleIndex, Wanted};

fn index(folder: &Folder) -> TitleIndex {
    TitleIndex::open(&build(folder).0).expect("whole")
}

fn ids(found: &[Found]) -> Vec<Id> {
    found.iter().map(|one| one.id).collect()
}

#[test]
fn a_title_is_found_by_each_of_its_names_however_they_are_written() {
    let folder = Folder::new();
    let index = index(&folder);
    for (name, id) in [
        ("the.general.s.daughter", 144_214),
        ("Generals Daughter, The", 144_214),
        ("Wehrlos – Die Tochter des Generals", 144_214),
        ("Rocky 2", 79_817),
        ("Fack ju Goehte", 2_987_732),
        ("Suck Me Shakespeer", 2_987_732),
        ("千と千尋の神隠し", 245_429),
        ("Унесенные Призраками", 245_429),
        ("Chihiros Reise ins Zauberland", 245_429),
    ] {
        let found = ask(&index, name, None, Edits::None);
        assert_eq!(ids(&found), [Id::Imdb(id)], "{name}");
        assert_eq!(found[0].distance, 0);
    }
    assert_eq!(ask(&index, "Nobody Rated This", None, Edits::One), [], "aliases of unrated titles are left out");
    assert_eq!(ask(&index, "Winter Is Coming", None, Edits::One), [], "episodes are left out");
}

#[test]
fn one_slip_is_forgiven_and_two_are_not() {
    let folder = Folder::new();
    let index = index(&folder);
    for (name, id) in [
        ("Teh General's Daughter", 144_214),
        ("The Genral's Daughter", 144_214),
        ("The Generall's Daughter", 144_214),
        ("The General's Dauhgter", 144_214),
        ("he General's Daughter", 144_214),
        ("Metropolys", 17_136),
        ("Унесенные призракоми", 245_429),
        ("Chihiros Riese ins Zauberland", 245_429),
    ] {
        assert_eq!(ask(&index, name, None, Edits::None), [], "{name}");
        let found = ask(&index, name, None, Edits::One);
        assert!(found.iter().any(|one| one.id == Id::Imdb(id) && one.distance == 1), "{name}: {found:?}");
    }
    for name in ["Metropolyz", "Rocky 3", "Roky 3", "Fhe Genral's Daughter"] {
        assert_eq!(ask(&index, name, None, Edits::One), [], "{name}");
    }
    // The name itself is nearer than the one beside it.
    assert_eq!(ask(&index, "Rocky II", None, Edits::One)[0].id, Id::Imdb(79_817));
}

#[test]
fn year_and_kind_leave_what_can_be_meant_and_the_nearest_comes_first() {
    let folder = Folder::new();
    let index = index(&folder);
    let of = |name, year| ids(&ask(&index, name, year, Edits::None));
    assert_eq!(of("Metropolis", None), [17_136, 10_000_000, 10_000_001].map(Id::Imdb), "by votes");
    assert_eq!(of("Metropolis", Some(1927)), [17_136, 10_000_000].map(Id::Imdb));
    assert_eq!(of("Metropolis", Some(1928)), [10_000_000, 17_136].map(Id::Imdb));
    assert_eq!(of("Metropolis", Some(1940)), []);
    assert_eq!(of("The Matrix", Some(1999)), [Id::Imdb(133_093), Id::Tmdb(603)], "an unknown year stays, last");
    // A later season's year.
    assert_eq!(of("Game of Thrones", Some(2016)), [Id::Imdb(944_947), Id::Tmdb(1399)]);
    assert_eq!(of("Game of Thrones", Some(2009)), [Id::Tmdb(1399)]);
    let film = Wanted { names: &["Game of Thrones"], year: None, kind: Some(Kind::Film), edits: Edits::None };
    assert_eq!(index.look_up(&film), []);
    assert_eq!(index.look_up(&Wanted { kind: Some(Kind::Series), ..film }).len(), 2);
}

#[test]
fn what_is_known_of_a_title_comes_with_it_and_which_name_it_answers() {
    let folder = Folder::new();
    let names = ["Nobody's", "Fack ju Goethe", "Only There"];
    let found = index(&folder).look_up(&Wanted { names: &names, year: None, kind: None, edits: Edits::One });
    let wanted = Found {
        id: Id::Imdb(2_987_732),
        kind: Kind::Film,
        name: "Suck Me Shakespeer".to_owned(),
        year: Some(2013),
        runtime_mins: Some(118),
        votes: 20_000,
        popularity: 0,
        distance: 1,
        asked: 1,
    };
    assert_eq!(found[1], wanted);
    let other = &found[0];
    assert_eq!((other.id, other.popularity, other.votes, other.year, other.asked), (Id::Tmdb(605), 600, 0, None, 2));
}
