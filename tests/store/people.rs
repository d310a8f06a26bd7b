//! People, sessions, one-time links, invitations, what admins did.

use cinepost::adapters::store::{Store, Taken};
use cinepost::domain::access::SecretHash;
use cinepost::domain::catalog::Reach;
use cinepost::domain::deed::Deed;
use cinepost::domain::person::{
    Code, Invitation, NewPerson, Person, PersonId, Role, Session, SignInCode, SignInLink, Standing, TelegramIdentity,
};
use cinepost::domain::telegram_id::UserId;

use crate::Home;
use crate::older::make_older;
use crate::samples::*;

async fn added(store: &Store, name: &str) -> Result<Person, Taken> {
    store.people().add(&NewPerson::called(name, Role::Member, 5)).await.unwrap()
}

fn known(id: i64) -> Option<TelegramIdentity> {
    Some(TelegramIdentity { id: UserId(id), username: format!("user_{id}"), first_name: "A".to_owned() })
}

pub async fn people_and_settings_are_kept(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), None);
    let owner = Person::owner("Ada");
    store.people().put(&owner).await.unwrap();
    let raised = Person {
        access_version: 65535,
        language: Some("de".to_owned()),
        telegram: known(900_001),
        expires: Some(NOW),
        standing: Standing::Disabled { reason: "why".to_owned(), until: None },
        reach: Reach::Only([chat(FILMS)].into()),
        last_active: NOW,
        ..owner.clone()
    };
    store.people().put(&raised).await.unwrap();
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), Some(raised));
    store.people().put(&owner).await.unwrap();
    assert_eq!(store.people().get(PersonId::OWNER).await.unwrap(), Some(owner), "what is no more is forgotten");

    assert_eq!(store.settings().get("language").await.unwrap(), None);
    for value in ["en", "de"] {
        store.settings().set("language", value).await.unwrap();
        assert_eq!(store.settings().get("language").await.unwrap().as_deref(), Some(value));
    }
    store.ping().await.unwrap();
}

pub async fn people_have_numbers_that_nobody_had_and_names_that_nobody_has(home: &Home) {
    let store = home.open().await;
    let owner = Person::owner("Owner");
    store.people().put(&owner).await.unwrap();
    let anna = added(&store, "Anna").await.unwrap();
    assert_eq!(
        (anna.id.0, anna.joined, anna.access_version, anna.role, anna.is_removed),
        (2, 5, 1, Role::Member, false)
    );
    for taken in ["Anna", "ANNA", "owner"] {
        assert_eq!(added(&store, taken).await, Err(Taken::Name), "{taken}");
    }
    let ivan = added(&store, "Иван").await.unwrap();
    assert_eq!(added(&store, "ИВАН").await, Err(Taken::Name));
    assert_eq!(store.people().all().await.unwrap(), [owner.clone(), anna.clone(), ivan.clone()]);

    // The one added last leaves: the name is free, the number is not.
    let left = Person { is_removed: true, ..ivan.clone() };
    store.people().put(&left).await.unwrap();
    assert_eq!(store.people().get(ivan.id).await.unwrap(), Some(left));
    let again = added(&store, "Иван").await.unwrap();
    assert_eq!(again.id.0, ivan.id.0 + 1);
    assert_eq!(store.people().all().await.unwrap(), [owner, anna, again]);

    // Eight at once get eight numbers, and one of two with the same name gets it.
    let adds = (0..16).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { added(&store, &format!("Guest {}", n / 2)).await })
    });
    let mut added = Vec::new();
    for add in adds.collect::<Vec<_>>() {
        added.extend(add.await.unwrap().map(|person| person.id));
    }
    added.sort_unstable();
    added.dedup();
    assert_eq!(added.len(), 8);
}

pub async fn a_telegram_account_is_one_persons(home: &Home) {
    let store = home.open().await;
    let people = store.people();
    people.put(&Person::owner("Owner")).await.unwrap();
    let anna =
        NewPerson { telegram: known(1), standing: Standing::Pending, ..NewPerson::called("Anna", Role::Guest, 5) };
    let anna = people.add(&anna).await.unwrap().unwrap();
    assert_eq!(people.by_telegram(UserId(1)).await.unwrap(), Some(anna.clone()));
    assert_eq!(people.by_telegram(UserId(2)).await.unwrap(), None);
    let other = NewPerson { telegram: known(1), ..NewPerson::called("Bert", Role::Guest, 5) };
    assert_eq!(people.add(&other).await.unwrap(), Err(Taken::Telegram));
    let bert = added(&store, "Bert").await.unwrap();
    assert_eq!(people.replace(&Person { telegram: known(1), ..bert.clone() }).await.unwrap(), Err(Taken::Telegram));
    assert_eq!(people.replace(&Person { name: "ANNA".to_owned(), ..bert.clone() }).await.unwrap(), Err(Taken::Name));
    assert_eq!(people.waiting().await.unwrap(), std::slice::from_ref(&anna));

    // Whoever was removed has none, and waits for nothing.
    assert!(people.replace(&Person { is_removed: true, ..anna }).await.unwrap().unwrap());
    assert_eq!(people.by_telegram(UserId(1)).await.unwrap(), None);
    assert_eq!(people.waiting().await.unwrap(), []);
    assert!(people.replace(&Person { telegram: known(1), ..bert }).await.unwrap().unwrap());
}

pub async fn of_changes_at_once_none_is_lost(home: &Home) {
    let store = home.open().await;
    let people = store.people();
    let anna = added(&store, "Anna").await.unwrap();
    let banned = Person { standing: Standing::Banned { reason: String::new(), until: None }, ..anna.clone() };
    people.set_last_active(anna.id, NOW).await.unwrap();
    assert!(people.replace(&banned).await.unwrap().unwrap(), "activity is no change");
    let renamed = Person { name: "Anne".to_owned(), ..anna };
    assert!(!people.replace(&renamed).await.unwrap().unwrap(), "it would undo the ban");
    let kept = Person { last_active: NOW, revision: banned.revision + 1, ..banned };
    assert_eq!(people.get(kept.id).await.unwrap(), Some(kept.clone()));
    assert!(people.replace(&Person { name: "Anne".to_owned(), ..kept }).await.unwrap().unwrap());
    assert!(!people.replace(&Person::owner("Nobody")).await.unwrap().unwrap(), "makes nobody");
}

pub async fn the_owner_of_an_older_store_keeps_their_name(home: &Home) {
    let store = home.open().await;
    let owner = Person { access_version: 7, ..Person::owner("Owner") };
    store.people().put(&owner).await.unwrap();
    drop(store);
    make_older(home, 2).await;
    let store = home.open().await;
    assert_eq!(store.people().all().await.unwrap(), [owner]);
    assert_eq!(added(&store, "owner").await, Err(Taken::Name));
    assert_eq!(added(&store, "Anna").await.map(|person| person.id), Ok(PersonId::FIRST_GUEST));
}

pub async fn people_of_an_older_store_become_owner_and_members(home: &Home) {
    let store = home.open().await;
    let owner = Person { access_version: 7, ..Person::owner("Owner") };
    store.people().put(&owner).await.unwrap();
    let anna = added(&store, "Anna").await.unwrap();
    let link = SignInLink { hash: SecretHash([7; 32]), person: PersonId::OWNER, version: 7, expires: NOW + 10 };
    store.sign_in_links().add(&link).await.unwrap();
    drop(store);
    make_older(home, 5).await;
    let store = home.open().await;
    assert_eq!(store.people().all().await.unwrap(), [owner, anna]);
    assert_eq!(store.sign_in_links().get(link.hash, NOW).await.unwrap(), Some(link), "it was the owner's");
}

pub async fn sessions_are_kept_and_ended(home: &Home) {
    let store = home.open().await;
    let session = |n: u8, seen: i64, ends: i64| Session {
        id: SecretHash([n; 32]),
        person: PersonId::OWNER,
        version: 3,
        created: NOW,
        seen,
        ends,
        agent: "Firefox".to_owned(),
        address: "203.0.113.5".to_owned(),
    };
    let (first, second, short) = (session(1, NOW, NOW + 50), session(2, NOW + 1, NOW + 50), session(3, NOW, NOW + 10));
    for session in [&first, &second, &short] {
        store.sessions().put(session).await.unwrap();
    }
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), Some(first.clone()));
    assert_eq!(store.sessions().get(SecretHash([9; 32])).await.unwrap(), None);
    assert_eq!(store.sessions().all(NOW).await.unwrap(), [second.clone(), first.clone(), short]);
    store.sessions().set_seen(SecretHash([1; 32]), NOW + 20).await.unwrap();
    let seen = Session { seen: NOW + 20, ..first };
    assert_eq!(store.sessions().all(NOW + 10).await.unwrap(), [seen, second.clone()], "one is over");
    assert!(store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert!(!store.sessions().remove(SecretHash([1; 32])).await.unwrap());
    assert_eq!(store.sessions().get(SecretHash([1; 32])).await.unwrap(), None);
    assert_eq!(home.open().await.sessions().all(NOW).await.unwrap().len(), 2, "kept by the store");
}

pub async fn a_one_time_link_is_used_once(home: &Home) {
    let store = home.open().await;
    let link = SignInLink { hash: SecretHash([7; 32]), person: PersonId(5), version: 65535, expires: NOW + 10 };
    assert_eq!(store.sign_in_links().use_up(link.hash, NOW).await.unwrap(), None);
    store.sign_in_links().add(&link).await.unwrap();
    assert_eq!(store.sign_in_links().get(link.hash, NOW + 9).await.unwrap(), Some(link), "looking does not use it up");
    assert_eq!(store.sign_in_links().get(link.hash, NOW + 10).await.unwrap(), None);

    let takes = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.sign_in_links().use_up(link.hash, NOW).await.unwrap() })
    });
    let mut taken = Vec::new();
    for take in takes.collect::<Vec<_>>() {
        taken.extend(take.await.unwrap());
    }
    assert_eq!(taken, [link]);
    assert_eq!(store.sign_in_links().get(link.hash, NOW).await.unwrap(), None);

    store.sign_in_links().add(&link).await.unwrap();
    assert_eq!(store.sign_in_links().use_up(link.hash, NOW + 10).await.unwrap(), None, "expired");
}

fn code(number: u32) -> Code {
    Code::from_number(number).unwrap()
}

pub async fn a_code_lets_one_browser_in_once(home: &Home) {
    let store = home.open().await;
    let codes = store.codes();
    let holder = Some((PersonId(7), 65535));
    let given = |number| SignInCode { code: code(number), holder, asker: None, expires: NOW + 10 };
    assert!(codes.add(&given(0), NOW).await.unwrap());
    assert!(!codes.add(&given(0), NOW + 9).await.unwrap(), "it is out");
    assert!(codes.add(&given(999_999), NOW).await.unwrap());
    assert_eq!(codes.use_up(code(1), NOW).await.unwrap(), None);
    assert_eq!(codes.use_up(code(0), NOW + 10).await.unwrap(), None, "expired");
    assert!(!codes.allow(code(0), (PersonId(8), 1), NOW).await.unwrap(), "no browser asked for it");

    let uses = (0..16).map(|_| {
        let codes = codes.clone();
        tokio::spawn(async move { codes.use_up(code(0), NOW).await.unwrap() })
    });
    let mut used = Vec::new();
    for one in uses.collect::<Vec<_>>() {
        used.extend(one.await.unwrap());
    }
    assert_eq!(used, [(PersonId(7), 65535)]);
    let later = SignInCode { expires: NOW + 50, ..given(999_999) };
    assert!(codes.add(&later, NOW + 10).await.unwrap(), "what expired is free again");
    assert_eq!(codes.use_up(code(999_999), NOW + 49).await.unwrap(), holder);
}

pub async fn a_browsers_code_waits_until_somebody_says_yes(home: &Home) {
    let store = home.open().await;
    let codes = store.codes();
    let asked =
        |n: u8| SignInCode { code: code(n.into()), holder: None, asker: Some(SecretHash([n; 32])), expires: NOW + 10 };
    let (mine, other) = (SecretHash([1; 32]), SecretHash([2; 32]));
    assert!(codes.add(&asked(1), NOW).await.unwrap() && codes.add(&asked(2), NOW).await.unwrap());
    assert_eq!(codes.asked(mine, NOW).await.unwrap(), Some(asked(1)));
    assert_eq!(codes.asked(mine, NOW + 10).await.unwrap(), None, "expired");
    assert_eq!(codes.use_up(code(1), NOW).await.unwrap(), None, "it is not typed, but shown");
    assert_eq!(codes.use_up_asked(mine, NOW).await.unwrap(), None, "nobody said yes");
    assert!(!codes.allow(code(1), (PersonId(7), 3), NOW + 10).await.unwrap(), "expired");
    assert!(codes.allow(code(1), (PersonId(7), 3), NOW).await.unwrap());
    assert!(!codes.allow(code(1), (PersonId(8), 1), NOW).await.unwrap(), "the first yes counts");
    assert_eq!(codes.use_up_asked(other, NOW).await.unwrap(), None, "another browser");
    assert_eq!(codes.use_up_asked(mine, NOW).await.unwrap(), Some((PersonId(7), 3)));
    assert_eq!(codes.use_up_asked(mine, NOW).await.unwrap(), None, "once");
}

pub async fn an_invitation_lets_no_more_in_than_it_says(home: &Home) {
    let store = home.open().await;
    let invitations = store.invitations();
    let invitation = |n: u8, uses: u32, expires: i64| Invitation {
        id: SecretHash([n; 32]),
        role: Role::Guest,
        uses,
        created: NOW + i64::from(n),
        expires,
        made_by: (n > 1).then_some(PersonId(n.into())),
        person: (n == 1).then_some(PersonId(9)),
    };
    let (first, second, short) = (invitation(1, 3, NOW + 50), invitation(2, 1, NOW + 50), invitation(3, 9, NOW + 10));
    for invitation in [&first, &second, &short] {
        invitations.add(invitation).await.unwrap();
    }
    assert_eq!(invitations.get(first.id, NOW + 49).await.unwrap(), Some(first.clone()));
    assert_eq!(invitations.get(first.id, NOW + 50).await.unwrap(), None, "expired");
    assert_eq!(invitations.all(NOW).await.unwrap(), [short.clone(), second.clone(), first.clone()]);
    assert_eq!(invitations.all(NOW + 10).await.unwrap(), [second.clone(), first.clone()]);
    assert!(!invitations.use_up(short.id, NOW + 10).await.unwrap(), "expired");

    let uses = (0..16).map(|_| {
        let invitations = invitations.clone();
        tokio::spawn(async move { invitations.use_up(SecretHash([1; 32]), NOW).await.unwrap() })
    });
    let mut used = 0;
    for one in uses.collect::<Vec<_>>() {
        used += u32::from(one.await.unwrap());
    }
    assert_eq!(used, 3);
    assert_eq!(invitations.all(NOW + 10).await.unwrap(), std::slice::from_ref(&second), "used up");
    invitations.give_back(first.id).await.unwrap();
    assert_eq!(invitations.get(first.id, NOW).await.unwrap(), Some(Invitation { uses: 1, ..first }));
    assert!(invitations.remove(second.id).await.unwrap());
    assert!(!invitations.remove(second.id).await.unwrap());
    assert!(!invitations.use_up(second.id, NOW).await.unwrap(), "taken back");
}

pub async fn what_admins_did_is_read_from_the_newest_on(home: &Home) {
    let store = home.open().await;
    let deed = |n: i64| Deed {
        at: NOW + n / 2,
        who: (n > 0).then_some(PersonId::OWNER),
        what: "person.ban".to_owned(),
        whom: (n % 2 == 0).then_some(PersonId(7)),
        detail: format!("number {n}"),
    };
    for n in 0..5 {
        store.audit().add(&deed(n)).await.unwrap();
    }
    let page = async |whom, skip, limit| store.audit().page(whom, skip, limit).await.unwrap();
    assert_eq!(page(None, 0, 10).await, [4, 3, 2, 1, 0].map(deed), "those of one second in order");
    assert_eq!(page(None, 1, 2).await, [3, 2].map(deed));
    assert_eq!(page(Some(PersonId(7)), 0, 2).await, [4, 2].map(deed));
    assert_eq!(page(Some(PersonId(8)), 0, 2).await, []);
}
