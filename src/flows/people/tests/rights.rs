//! Who may do what to whom, and that it is noted.

use super::{DAY, NOW, Place, identity};
use crate::domain::person::{JoinPolicy, NewPerson, Person, PersonId, Role, Standing};
use crate::flows::people::{Actor, Error};

/// What may be done to somebody, and how a refusal is called.
async fn changes(place: &Place, whom: PersonId, by: Actor<'_>) -> [Result<(), String>; 7] {
    let people = &place.people;
    let outcome = |done: Result<Person, Error>| done.map(drop).map_err(|error| error.to_string());
    [
        outcome(people.rename(whom, &format!("Renamed {whom}"), by, NOW).await),
        outcome(people.set_expiry(whom, Some(NOW + DAY), by, NOW).await),
        outcome(people.disable(whom, ("", None), by, NOW).await),
        outcome(people.enable(whom, by, NOW).await),
        outcome(people.ban(whom, ("", None), by, NOW).await),
        outcome(people.enable(whom, by, NOW).await),
        outcome(people.renew(whom, by, NOW).await),
    ]
}

#[tokio::test]
async fn only_the_owner_and_admins_change_people_and_nobody_else_the_owner() {
    let place = Place::open(JoinPolicy::Closed).await;
    let admin = place.add("Ada", Role::Admin).await;
    let member = place.add("Max", Role::Member).await;
    let guest = place.add("Gina", Role::Guest).await;
    let owner = place.people.owner().await.expect("the owner");
    for by in [Actor::Terminal, Actor::Person(&owner), Actor::Person(&admin)] {
        for whom in [&member, &guest] {
            assert_eq!(changes(&place, whom.id, by).await, [const { Ok(()) }; 7], "{by:?}");
        }
    }
    for by in [Actor::Person(&member), Actor::Person(&guest)] {
        for whom in [&admin, &member, &guest, &owner] {
            for refused in changes(&place, whom.id, by).await {
                assert!(refused.expect_err("refused").contains("not allowed"), "{by:?}");
            }
        }
    }
    // The owner: an admin changes nothing, and they themselves only what does not lock them out.
    for refused in changes(&place, owner.id, Actor::Person(&admin)).await {
        assert!(refused.expect_err("refused").contains("the owner cannot be"));
    }
    let done = changes(&place, owner.id, Actor::Person(&owner)).await.map(|outcome| outcome.is_ok());
    assert_eq!(done, [true, false, false, false, false, false, true]);
    let role = place.people.set_role(owner.id, Role::Member, Actor::Terminal, NOW).await;
    assert!(matches!(role, Err(Error::Owner)), "{role:?}");
    assert!(matches!(place.people.remove(owner.id, Actor::Terminal, NOW).await, Err(Error::Owner)));
}

#[tokio::test]
async fn only_the_owner_makes_admins_and_nobody_makes_owners() {
    let place = Place::open(JoinPolicy::Closed).await;
    let admin = place.add("Ada", Role::Admin).await;
    let member = place.add("Max", Role::Member).await;
    let by = Actor::Person(&admin);
    let make = |role, name: &str| NewPerson::called(name, role, NOW);
    assert!(place.people.add(make(Role::Member, "M"), by, NOW).await.is_ok());
    assert!(matches!(place.people.add(make(Role::Admin, "N"), by, NOW).await, Err(Error::MakesAdmin)));
    assert!(matches!(place.people.set_role(member.id, Role::Admin, by, NOW).await, Err(Error::MakesAdmin)));
    assert!(matches!(place.people.invite(Role::Admin, (1, NOW + 9), by, NOW).await, Err(Error::MakesAdmin)));
    assert!(place.people.set_role(member.id, Role::Guest, by, NOW).await.is_ok());
    for by in [Actor::Terminal, by] {
        assert!(matches!(place.people.add(make(Role::Owner, "O"), by, NOW).await, Err(Error::OneOwner)));
        assert!(matches!(place.people.set_role(member.id, Role::Owner, by, NOW).await, Err(Error::OneOwner)));
    }
    assert!(place.people.set_role(member.id, Role::Admin, Actor::Terminal, NOW).await.is_ok());
    // An admin who may not in does nothing, with a record from before as well as from now.
    let banned = place.people.ban(admin.id, ("", None), Actor::Terminal, NOW).await.expect("banned");
    let refused = place.people.add(make(Role::Guest, "P"), Actor::Person(&banned), NOW).await;
    assert!(matches!(refused, Err(Error::NotAllowed(None))), "{refused:?}");
    assert!(matches!(
        place.people.deeds(None, (0, 9), Actor::Person(&member), NOW).await,
        Err(Error::NotAllowed(Some(Role::Member)))
    ));
}

#[tokio::test]
async fn every_act_is_noted_with_who_and_whom() {
    let place = Place::open(JoinPolicy::Approval).await;
    let (people, by) = (&place.people, Actor::Terminal);
    let anna = place.add("Anna", Role::Member).await;
    people.set_role(anna.id, Role::Admin, by, NOW).await.expect("done");
    people.set_expiry(anna.id, None, by, NOW).await.expect("done");
    people.rename(anna.id, "Anne", by, NOW).await.expect("done");
    people.set_telegram(anna.id, &identity(1, "Anna"), by, NOW).await.expect("done");
    people.disable(anna.id, ("a walk", None), by, NOW).await.expect("done");
    people.enable(anna.id, by, NOW).await.expect("done");
    people.ban(anna.id, ("", None), by, NOW).await.expect("done");
    people.enable(anna.id, by, NOW).await.expect("done");
    people.renew(anna.id, by, NOW).await.expect("done");
    let invited = people.invite(Role::Guest, (1, NOW + 9), by, NOW).await.expect("done");
    people.take_back(&invited.invitation.id.to_string()[..8], by, NOW).await.expect("done");
    for (id, said_yes) in [(2, true), (3, false)] {
        people.join(&identity(id, "Bo"), None, None, NOW).await.expect("asked");
        let waiting = people.waiting().await.expect("read").remove(0);
        let done = match said_yes {
            true => people.approve(waiting.id, by, NOW).await,
            false => people.decline(waiting.id, by, NOW).await,
        };
        done.expect("done");
    }
    let admin = place.now(&anna).await;
    people.remove(PersonId(3), Actor::Person(&admin), NOW).await.expect("done");
    // What people choose for themselves is nobody's business.
    people.set_language(anna.id, "de").await.expect("done");
    people.set_preferences(anna.id, &admin.preferences).await.expect("done");
    let wanted = [
        "add", "role", "expire", "rename", "telegram", "disable", "enable", "ban", "enable", "renew", "invite",
        "uninvite", "approve", "decline", "remove",
    ];
    assert_eq!(place.acts().await, wanted.map(|what| format!("person.{what}")));
    let deeds = people.deeds(Some(anna.id), (4, 2), by, NOW).await.expect("read");
    assert_eq!((deeds[0].what.as_str(), deeds[0].detail.as_str()), ("person.disable", "a walk"));
    let last = people.deeds(None, (0, 1), by, NOW).await.expect("read").remove(0);
    assert_eq!((last.at, last.who, last.whom), (NOW, Some(anna.id), Some(PersonId(3))));
}

#[tokio::test]
async fn two_admins_at_once_undo_nothing_of_each_other() {
    let place = Place::open(JoinPolicy::Closed).await;
    let anna = place.add("Anna", Role::Member).await;
    let changes = (0..12).map(|n| {
        let (people, id) = (place.people.clone(), anna.id);
        tokio::spawn(async move {
            match n % 3 {
                0 => people.renew(id, Actor::Terminal, NOW).await,
                1 => people.set_expiry(id, Some(NOW + DAY), Actor::Terminal, NOW).await,
                _ => people.set_role(id, Role::Guest, Actor::Terminal, NOW).await,
            }
        })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await.expect("it runs").expect("changed");
    }
    let found = place.now(&anna).await;
    assert_eq!((found.access_version, found.role, found.expires), (5, Role::Guest, Some(NOW + DAY)));
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them() {
    let place = Place::open(JoinPolicy::Open).await;
    place.people.join(&identity(900_002, "Anna Maria"), Some("pt-BR"), None, NOW).await.expect("joined");
    place.add("900003", Role::Guest).await;
    // Somebody who calls themselves by somebody else's number.
    place.people.join(&identity(900_009, "900002"), None, None, NOW).await.expect("joined");
    for text in ["anna maria", " ANNA  Maria ", "@user_900002", "@USER_900002", "900002"] {
        let found = place.people.find(text).await.expect(text);
        assert_eq!((found.name.as_str(), found.language.as_deref()), ("Anna Maria", Some("pt-br")), "{text}");
    }
    assert_eq!(place.people.find("900003").await.expect("by name").role, Role::Guest);
    for text in ["anna", "@", "@anna", "900004"] {
        assert!(matches!(place.people.find(text).await, Err(Error::Unknown(_))), "{text}");
    }
    let names = async |search: &str, skip, limit| {
        let page = place.people.list(search, skip, limit).await.expect("read");
        (page.total, page.people.into_iter().map(|person| person.name).collect::<Vec<_>>())
    };
    assert_eq!(names("", 1, 1).await, (4, vec!["Anna Maria".to_owned()]));
    assert_eq!(names("MARIA", 0, 9).await, (1, vec!["Anna Maria".to_owned()]));
    assert_eq!(names("@user_900002", 0, 9).await, (1, vec!["Anna Maria".to_owned()]));
    assert_eq!(names("nobody", 0, 9).await, (0, Vec::new()));
    let taken = NewPerson { telegram: Some(identity(900_002, "x")), ..NewPerson::called("Bert", Role::Guest, NOW) };
    let refused = place.people.add(taken, Actor::Terminal, NOW).await.expect_err("taken").to_string();
    assert!(refused.contains("900002 is Anna Maria's already"), "{refused}");
    assert_eq!(place.people.find("anna maria").await.expect("there").standing, Standing::Active);
}
