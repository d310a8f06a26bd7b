//! What people decide of files, and the rules that they make.

use cinepost::adapters::store::Store;
use cinepost::domain::catalog::Order;
use cinepost::domain::entry::{EntryId, Reason, Recorded, Status};
use cinepost::domain::person::PersonId;
use cinepost::domain::review::{Choice, ChosenTitle, Decided, Example, NewRule, Numbers, ReadsAs, Rule, RuleId, Shift};
use cinepost::domain::title::Kind;

use crate::Home;
use crate::samples::*;

pub fn ignored_by_owner() -> Choice {
    Choice { what: Decided::Ignored, by: Some(PersonId::OWNER), at: 1_700_000_000 }
}

fn night() -> ChosenTitle {
    ChosenTitle { kind: Kind::Movie, id: "tt0063350".parse().unwrap(), name: "Night".to_owned(), year: Some(1968) }
}

fn chosen() -> Choice {
    let what = Decided::Title { title: night(), numbers: Numbers::AsRead(Shift::default()) };
    Choice { what, by: None, at: 1_700_000_001 }
}

pub fn rule() -> NewRule {
    NewRule {
        channel: Some(chat(SHOWS)),
        reads_as: ReadsAs("series kumo".to_owned()),
        example: Example { name: "Kumo - 05.mkv".to_owned(), caption: String::new(), named: None },
        title: ChosenTitle { kind: Kind::Series, id: "tmdb:77".parse().unwrap(), name: "Kumo".to_owned(), year: None },
        shift: Shift { season: Some(2), seasons: 0, episodes: -12 },
        by: Some(PersonId::OWNER),
        at: 1_700_000_002,
    }
}

async fn lost(store: &Store, name: &str) -> EntryId {
    let post = post(at(FILMS, 1), 1, name, "");
    add(store, &post).await;
    settle(store, post.1.id, Status::Review { reason: Reason::NoTitle }).await;
    post.1.id
}

pub async fn what_a_person_chose_stays_with_the_file(home: &Home) {
    let store = home.watching().await;
    let id = lost(&store, "clip.mkv").await;
    assert_eq!(store.choices().of(id).await.unwrap(), None);
    assert!(store.choices().decide(id, Some(&chosen())).await.unwrap());
    let looked_at = Status::Pending { tries: 0, retry_at: 0, reason: Some(Reason::NoTitle) };
    assert_eq!(get(&store, id).await.status, looked_at, "the next match follows it");
    assert_eq!(store.entries().pending(0, 10).await.unwrap().len(), 1);
    let title = store.titles().record(&film("Night", 63350)).await.unwrap();
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;

    // An edit, the post deleted, the file forwarded anew, a restart: nobody took it back.
    assert_eq!(add(&store, &post(at(FILMS, 1), 1, "clip.mkv", "tt0000001")).await, Recorded::Changed);
    assert_eq!(store.choices().of(id).await.unwrap(), Some(chosen()));
    store.posts().remove(&[at(FILMS, 1)]).await.unwrap();
    assert!(store.entries().get(id).await.unwrap().is_none());
    assert!(!store.choices().decide(id, None).await.unwrap(), "there is no such entry now");
    drop(store);
    let store = home.open().await;
    assert_eq!(add(&store, &post(at(SHOWS, 4), 1, "clip.mkv", "")).await, Recorded::New);
    assert_eq!(store.choices().of(id).await.unwrap(), Some(chosen()));

    // Another decision takes its place, and taking it back has the title looked for anew.
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;
    assert!(store.choices().decide(id, Some(&ignored_by_owner())).await.unwrap());
    assert!(names(&store, &movies(Order::Newest)).await.is_empty(), "it left the catalog");
    assert!(store.choices().decide(id, Some(&chosen())).await.unwrap());
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;
    assert!(store.choices().decide(id, None).await.unwrap());
    assert_eq!(store.choices().of(id).await.unwrap(), None);
    assert_eq!(get(&store, id).await.status, Status::fresh());
    assert!(names(&store, &movies(Order::Newest)).await.is_empty());
    settle(&store, id, Status::Matched { title, parts: vec![], how: None }).await;
    assert!(!store.choices().decide(id, None).await.unwrap(), "nobody decided it");
}

pub async fn a_choice_comes_before_a_match_that_is_on_its_way(home: &Home) {
    let store = home.watching().await;
    let id = lost(&store, "clip.mkv").await;
    let looked_at = get(&store, id).await;
    assert!(store.choices().decide(id, Some(&chosen())).await.unwrap());
    assert!(!store.entries().settle(&looked_at, &Status::Review { reason: Reason::NoTitle }).await.unwrap());
    // Of a volume nobody decides anything.
    settle(&store, id, Status::Volume).await;
    assert!(!store.choices().decide(id, Some(&ignored_by_owner())).await.unwrap());
    assert_eq!(store.choices().of(id).await.unwrap(), Some(chosen()));
}

pub async fn rules_are_found_by_what_reads_alike(home: &Home) {
    let store = home.watching().await;
    let everywhere = NewRule { channel: None, ..rule() };
    let other = NewRule { reads_as: ReadsAs("movie night (1968)".to_owned()), title: night(), ..rule() };
    let first = store.choices().add_rule(&rule()).await.unwrap();
    let ids =
        [first, store.choices().add_rule(&everywhere).await.unwrap(), store.choices().add_rule(&other).await.unwrap()];
    assert!(ids.is_sorted(), "{ids:?}");
    let found = store.choices().rules_for(&rule().reads_as).await.unwrap();
    assert_eq!(found, [Rule { id: ids[0], rule: rule() }, Rule { id: ids[1], rule: everywhere.clone() }]);

    // A later one of the same channel takes the earlier one's place, and its number is never given again.
    let later = NewRule { title: night(), ..rule() };
    let newer = store.choices().add_rule(&later).await.unwrap();
    assert!(newer > ids[2]);
    let found = store.choices().rules_for(&rule().reads_as).await.unwrap();
    assert_eq!(found, [Rule { id: ids[1], rule: everywhere }, Rule { id: newer, rule: later }]);

    // A newer parser reads an example otherwise.
    let read = ReadsAs("series kumo 2".to_owned());
    store.choices().reread_rule(ids[1], &read).await.unwrap();
    assert_eq!(store.choices().rules_for(&read).await.unwrap()[0].rule.reads_as, read);

    let removed = store.choices().remove_rule(newer).await.unwrap();
    assert_eq!(removed.map(|rule| rule.rule.title), Some(night()));
    assert_eq!(store.choices().remove_rule(newer).await.unwrap(), None);
    assert_eq!(store.choices().remove_rule(RuleId(999)).await.unwrap(), None);
    let left: Vec<RuleId> = store.choices().rules().await.unwrap().iter().map(|rule| rule.id).collect();
    assert_eq!(left, [ids[1], ids[2]]);
}
