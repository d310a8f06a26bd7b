//! How people come in: by the setting JOIN, and by invitations.

use super::{DAY, NOW, Place, identity};
use crate::domain::person::{Denied, JoinPolicy, Joining, Person, Refusal, Role, Standing};
use crate::flows::people::{Actor, Invited};

async fn come(place: &Place, id: i64, name: &str, secret: Option<&str>) -> Joining {
    place.people.join(&identity(id, name), Some("de"), secret, NOW).await.expect("the store answers")
}

fn person(joining: Joining) -> Person {
    match joining {
        Joining::Joined(person) | Joining::WaitsForApproval(person) => person,
        other => panic!("{other:?}"),
    }
}

async fn invite(place: &Place, role: Role, uses: u32) -> Invited {
    place.people.invite(role, (uses, NOW + DAY), Actor::Terminal, NOW).await.expect("invited")
}

#[tokio::test]
async fn strangers_are_let_in_as_the_setting_says() {
    let closed = Place::open(JoinPolicy::Closed).await;
    assert_eq!(come(&closed, 1, "Anna", None).await, Joining::Closed);
    assert_eq!(closed.people.all().await.expect("read").len(), 1, "nothing is kept of them");

    let open = Place::open(JoinPolicy::Open).await;
    let anna = person(come(&open, 1, "Anna", None).await);
    assert_eq!((anna.role, anna.joined, anna.language.as_deref()), (Role::Member, NOW, Some("de")));
    assert!(anna.may(crate::domain::person::Action::Watch, NOW));
    let other = person(come(&open, 2, "ANNA", None).await);
    assert_eq!((other.name.as_str(), other.id == anna.id), ("ANNA 2", false), "another person with the same name");

    let asked = Place::open(JoinPolicy::Approval).await;
    let waits = come(&asked, 1, "Anna", None).await;
    assert!(
        matches!(&waits, Joining::WaitsForApproval(anna) if anna.denied(NOW) == Some(Denied::Pending)),
        "{waits:?}"
    );
    assert_eq!(come(&asked, 1, "Anna", None).await, waits, "asking twice is asking once");
    let anna = asked.people.approve(person(waits).id, Actor::Terminal, NOW).await.expect("approved");
    assert_eq!(come(&asked, 1, "Anna", None).await, Joining::Joined(anna));
    let bert = person(come(&asked, 2, "Bert", None).await);
    asked.people.decline(bert.id, Actor::Terminal, NOW).await.expect("declined");
    assert!(matches!(come(&asked, 2, "Bert", None).await, Joining::Refused(Refusal::Denied(Denied::Banned { .. }))));
    assert!(asked.people.approve(bert.id, Actor::Terminal, NOW).await.is_err(), "they do not wait any more");
}

/// How often Anna's record was changed.
async fn renamed_revision(place: &Place) -> u32 {
    place.people.find("Anna").await.expect("there").revision
}

#[tokio::test]
async fn whoever_comes_again_is_the_same_person() {
    let place = Place::open(JoinPolicy::Open).await;
    let anna = person(come(&place, 1, "Anna", None).await);
    let renamed = person(come(&place, 1, "Anja", None).await);
    assert_eq!((renamed.id, renamed.name.as_str()), (anna.id, "Anna"), "the name here is the admins' to change");
    assert_eq!(renamed.telegram, Some(identity(1, "Anja")));
    assert_eq!(place.people.by_telegram(identity(1, "").id).await.expect("read"), Some(renamed));
    // Whatever they call themselves is harmless, and the same every time.
    for wanted in [renamed_revision(&place).await + 1; 2] {
        let evil = person(come(&place, 1, "\u{202e}<b>evil</b>\r\n", None).await);
        assert_eq!(evil.telegram, Some(identity(1, "<b>evil</b> ")));
        assert_eq!(renamed_revision(&place).await, wanted);
    }
    for standing in [
        Standing::Disabled { reason: "r".to_owned(), until: None },
        Standing::Banned { reason: "r".to_owned(), until: None },
    ] {
        let now = place.now(&anna).await;
        place.store.people().put(&Person { standing: standing.clone(), ..now }).await.expect("put");
        assert!(matches!(come(&place, 1, "Anja", None).await, Joining::Refused(Refusal::Denied(_))), "{standing:?}");
    }
    // Twice in the same moment.
    let comes = (0..8).map(|_| {
        let people = place.people.clone();
        tokio::spawn(async move { people.join(&identity(5, "Eva"), None, None, NOW).await.expect("joined") })
    });
    let mut ids = Vec::new();
    for one in comes.collect::<Vec<_>>() {
        ids.push(person(one.await.expect("it runs")).id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn an_invitation_lets_in_whom_it_is_for() {
    let place = Place::open(JoinPolicy::Closed).await;
    let Invited { secret, invitation } = invite(&place, Role::Guest, 2).await;
    let anna = person(come(&place, 1, "Anna", Some(&secret)).await);
    assert_eq!((anna.role, anna.standing.clone()), (Role::Guest, Standing::Active));
    assert_eq!(come(&place, 1, "Anna", Some(&secret)).await, Joining::Joined(anna), "they are in: no use is taken");
    assert_eq!(place.people.invitations(NOW).await.expect("read")[0].uses, 1);
    assert!(matches!(come(&place, 2, "Bert", Some(&secret)).await, Joining::Joined(_)));
    let over = Joining::Refused(Refusal::InvitationOver);
    assert_eq!(come(&place, 3, "Carl", Some(&secret)).await, over, "used up");
    for bad in ["", "nonsense", &invitation.id.to_string()] {
        assert_eq!(come(&place, 3, "Carl", Some(bad)).await, over, "{bad}");
    }
    let late = invite(&place, Role::Guest, 1).await.secret;
    let joining = place.people.join(&identity(3, "Carl"), None, Some(&late), NOW + DAY).await.expect("asked");
    assert_eq!(joining, over, "expired");
    let taken_back = invite(&place, Role::Guest, 1).await;
    let digits = &taken_back.invitation.id.to_string()[..8];
    assert!(place.people.take_back("", Actor::Terminal, NOW).await.is_err(), "which one?");
    place.people.take_back(digits, Actor::Terminal, NOW).await.expect("taken back");
    assert!(place.people.take_back(digits, Actor::Terminal, NOW).await.is_err());
    assert_eq!(come(&place, 3, "Carl", Some(&taken_back.secret)).await, over, "taken back");
    assert_eq!(place.people.all().await.expect("read").len(), 3);
}

#[tokio::test]
async fn an_invitation_is_as_good_as_who_made_it() {
    let place = Place::open(JoinPolicy::Closed).await;
    let admin = place.add("Ada", Role::Admin).await;
    let made = place.people.invite(Role::Member, (2, NOW + DAY), Actor::Person(&admin), NOW).await.expect("invited");
    assert!(matches!(come(&place, 1, "Anna", Some(&made.secret)).await, Joining::Joined(_)));
    place.people.set_role(admin.id, Role::Member, Actor::Terminal, NOW).await.expect("changed");
    assert_eq!(come(&place, 2, "Bert", Some(&made.secret)).await, Joining::Refused(Refusal::InvitationOver));
}

#[tokio::test]
async fn an_invitation_passes_the_queue_and_no_ban() {
    let place = Place::open(JoinPolicy::Approval).await;
    let secret = invite(&place, Role::Guest, 5).await.secret;
    let waits = person(come(&place, 1, "Anna", None).await);
    let anna = person(come(&place, 1, "Anna", Some(&secret)).await);
    assert_eq!((anna.id, anna.role, anna.denied(NOW)), (waits.id, Role::Guest, None));
    place.people.ban(anna.id, ("", None), Actor::Terminal, NOW).await.expect("banned");
    let refused = come(&place, 1, "Anna", Some(&secret)).await;
    assert!(matches!(refused, Joining::Refused(Refusal::Denied(Denied::Banned { .. }))), "{refused:?}");
    assert_eq!(place.people.invitations(NOW).await.expect("read")[0].uses, 4);
}

#[tokio::test]
async fn who_was_added_at_the_terminal_becomes_known_to_the_bot() {
    let place = Place::open(JoinPolicy::Closed).await;
    let anna = place.add("Anna", Role::Member).await;
    let to_be =
        async || place.people.invite_to_be(&anna, NOW + DAY, Actor::Terminal, NOW).await.expect("invited").secret;
    let (secret, second) = (to_be().await, to_be().await);
    let came = person(come(&place, 1, "Annie", Some(&secret)).await);
    assert_eq!((came.id, came.name.as_str(), came.telegram), (anna.id, "Anna", Some(identity(1, "Annie"))));
    assert_eq!(place.people.token(&anna), place.people.token(&place.now(&anna).await), "her link stays good");
    // She is known already: nobody else becomes her, and she nobody else.
    assert_eq!(come(&place, 2, "Bert", Some(&second)).await, Joining::Refused(Refusal::InvitationOver));
    let carl = place.add("Carl", Role::Member).await;
    let carls = place.people.invite_to_be(&carl, NOW + DAY, Actor::Terminal, NOW).await.expect("invited").secret;
    assert_eq!(come(&place, 1, "Annie", Some(&carls)).await, Joining::Refused(Refusal::ForSomebodyElse));
    assert!(matches!(come(&place, 3, "Carl", Some(&carls)).await, Joining::Joined(found) if found.id == carl.id));
}

#[tokio::test]
async fn a_flood_of_strangers_fills_no_list() {
    let place = Place::open(JoinPolicy::Approval).await;
    for id in 1..=200 {
        assert!(matches!(come(&place, id, "Anna", None).await, Joining::WaitsForApproval(_)), "{id}");
    }
    assert_eq!(come(&place, 201, "Anna", None).await, Joining::Refused(Refusal::TooManyWaiting));
    assert!(matches!(come(&place, 200, "Anna", None).await, Joining::WaitsForApproval(_)), "who is known stays known");
    let secret = invite(&place, Role::Guest, 1).await.secret;
    assert!(matches!(come(&place, 201, "Anna", Some(&secret)).await, Joining::Joined(_)), "invited ones come in");
}

#[tokio::test]
async fn the_owners_account_is_what_the_setting_says() {
    let place = Place::open(JoinPolicy::Closed).await;
    let account = identity(900_001, "").id;
    for _ in 0..2 {
        place.people.set_owner_account(account, NOW).await.expect("set");
        let owner = place.people.by_telegram(account).await.expect("read").expect("known");
        assert!(owner.is_owner());
    }
    assert_eq!(place.acts().await, ["person.telegram"], "once");
    assert!(matches!(come(&place, 900_001, "Olga", None).await, Joining::Joined(owner) if owner.is_owner()));
}
