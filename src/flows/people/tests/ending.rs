//! How what people have ends: tokens, one-time links and sessions. (Streams: `tests/program/access.rs`.)

use super::{DAY, NOW, Place};
use crate::domain::person::{Denied, JoinPolicy, Person, Role};
use crate::flows::people::{Actor, Browser, Caller, LINK_SECS};

/// What somebody holds.
struct Held {
    token: String,
    link: String,
    session: String,
}

impl Held {
    async fn by(place: &Place, person: &Person) -> Self {
        let people = &place.people;
        let link = people.new_sign_in_token(person, NOW, LINK_SECS).await.expect("a link");
        let entered = people.sign_in(&link, Browser::default(), NOW).await.expect("asked").expect("signed in");
        assert_eq!(entered.person.id, person.id, "a link is its person's");
        let link = people.new_sign_in_token(person, NOW, LINK_SECS).await.expect("another link");
        Self { token: people.token(person), link, session: entered.secret }
    }

    /// Whether all of it counts, or none of it.
    async fn counts(&self, place: &Place, now: i64) -> bool {
        let people = &place.people;
        let counts = [
            matches!(people.caller(&self.token, now).await.expect("asked"), Caller::Person(_)),
            people.is_sign_in_token(&self.link, now).await.expect("asked"),
            people.signed_in(&self.session, now).await.expect("asked").is_some(),
            !people.sessions(now).await.expect("read").is_empty(),
        ];
        assert!(counts == [true; 4] || counts == [false; 4], "{counts:?}");
        if !counts[1] {
            let used = people.sign_in(&self.link, Browser::default(), now).await.expect("asked");
            assert!(used.is_none(), "the link does not open");
        }
        counts[0]
    }
}

#[tokio::test]
async fn each_way_of_ending_an_access_ends_all_of_it() {
    for way in ["disable", "ban", "expire", "remove", "renew"] {
        let place = Place::open(JoinPolicy::Closed).await;
        let (people, by) = (&place.people, Actor::Terminal);
        let anna = place.add("Anna", Role::Member).await;
        let held = Held::by(&place, &anna).await;
        assert!(held.counts(&place, NOW).await);
        match way {
            "disable" => people.disable(anna.id, ("", None), by, NOW).await.map(drop),
            "ban" => people.ban(anna.id, ("", None), by, NOW).await.map(drop),
            "expire" => people.set_expiry(anna.id, Some(NOW), by, NOW).await.map(drop),
            "remove" => people.remove(anna.id, by, NOW).await,
            _ => people.renew(anna.id, by, NOW).await.map(drop),
        }
        .expect(way);
        assert!(!held.counts(&place, NOW).await, "{way}");
        let caller = people.caller(&held.token, NOW).await.expect("asked");
        // Who is only paused is told so; a token that has ended for good says no more.
        match way {
            "disable" => assert!(matches!(caller, Caller::Denied(Denied::Disabled { .. })), "{caller:?}"),
            "expire" => assert_eq!(caller, Caller::Denied(Denied::Expired { at: NOW })),
            _ => assert_eq!(caller, Caller::Revoked, "{way}"),
        }
    }
}

#[tokio::test]
async fn what_was_paused_works_again_and_what_was_banned_does_not() {
    let place = Place::open(JoinPolicy::Closed).await;
    let (people, by) = (&place.people, Actor::Terminal);
    let anna = place.add("Anna", Role::Member).await;
    let held = Held::by(&place, &anna).await;
    people.disable(anna.id, ("", Some(NOW + 60)), by, NOW).await.expect("done");
    assert!(!held.counts(&place, NOW + 59).await && held.counts(&place, NOW + 60).await, "the pause is over by itself");
    people.disable(anna.id, ("", None), by, NOW).await.expect("done");
    people.enable(anna.id, by, NOW).await.expect("done");
    assert!(held.counts(&place, NOW).await);
    assert!(people.enable(anna.id, by, NOW).await.is_err(), "nothing keeps her out");
    people.set_expiry(anna.id, Some(NOW + 30), by, NOW).await.expect("done");
    assert!(held.counts(&place, NOW + 29).await && !held.counts(&place, NOW + 30).await, "it ends by itself");
    people.set_expiry(anna.id, Some(NOW + DAY), by, NOW).await.expect("done");
    assert!(held.counts(&place, NOW + 30).await, "it was prolonged");

    people.ban(anna.id, ("", Some(NOW + 60)), by, NOW).await.expect("done");
    assert!(!held.counts(&place, NOW).await && !held.counts(&place, NOW + 60).await);
    people.enable(anna.id, by, NOW).await.expect("done");
    assert!(!held.counts(&place, NOW).await, "what she had stays ended");
    assert!(Held::by(&place, &place.now(&anna).await).await.counts(&place, NOW).await, "and she gets it anew");
}

#[tokio::test]
async fn nothing_is_kept_of_who_was_removed_but_the_name() {
    let place = Place::open(JoinPolicy::Open).await;
    let anna = super::identity(1, "Anna");
    place.people.join(&anna, Some("de"), None, NOW).await.expect("joined");
    let person = place.people.find("Anna").await.expect("there");
    place.people.remove(person.id, Actor::Terminal, NOW).await.expect("removed");
    let kept = place.store.people().get(person.id).await.expect("read").expect("the number stays taken");
    assert_eq!((kept.telegram, kept.language, kept.is_removed), (None, None, true));
    assert!(place.people.get(person.id).await.expect("read").is_none());
    place.people.join(&anna, None, None, NOW).await.expect("joined");
    let again = place.people.find("Anna").await.expect("there");
    assert_eq!(again.id.0, person.id.0 + 1, "somebody new; a ban would have kept them out");
}

#[tokio::test]
async fn one_ends_ones_own_sessions_and_those_of_whom_one_may_change() {
    let place = Place::open(JoinPolicy::Closed).await;
    let owner = place.people.owner().await.expect("the owner");
    let (admin, member) = (place.add("Ada", Role::Admin).await, place.add("Max", Role::Member).await);
    let cases = [
        (&member, &member, true),
        (&member, &admin, false),
        (&admin, &member, true),
        (&admin, &owner, false),
        (&owner, &admin, true),
    ];
    for (by, whose, may) in cases {
        let held = Held::by(&place, whose).await;
        let id = place.people.signed_in(&held.session, NOW).await.expect("asked").expect("signed in").session.id;
        assert_eq!(place.people.end_session_of(id, by, NOW).await.is_ok(), may, "{} of {}", by.name, whose.name);
        assert_eq!(place.people.signed_in(&held.session, NOW).await.expect("asked").is_none(), may);
    }
}

#[tokio::test]
async fn activity_is_noted_once_a_minute_and_changes_nothing_else() {
    let place = Place::open(JoinPolicy::Closed).await;
    let anna = place.add("Anna", Role::Member).await;
    let token = place.people.token(&anna);
    for (now, wanted) in [(NOW, NOW), (NOW + 59, NOW), (NOW + 60, NOW + 60)] {
        place.people.caller(&token, now).await.expect("asked");
        // The note is written on its own: it may come a little later.
        for _ in 0..200 {
            if place.now(&anna).await.last_active == wanted {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(place.now(&anna).await, Person { last_active: wanted, ..anna.clone() });
    }
}
