//! Signing in by six digits, in both directions.

use super::{NOW, Place};
use crate::domain::person::{JoinPolicy, Role};
use crate::flows::people::{Actor, Asked, Browser, CODE_SECS, Entered, Entrance};

async fn whose(place: &Place, entered: &Entered) -> String {
    let signed_in = place.people.signed_in(&entered.secret, NOW).await.expect("asked").expect("signed in");
    signed_in.person.name
}

#[tokio::test]
async fn a_code_of_the_bot_signs_its_person_in_once() {
    let place = Place::open(JoinPolicy::Closed).await;
    let anna = place.add("Anna", Role::Guest).await;
    let code = place.people.new_code(&anna, NOW).await.expect("a code");
    let enter = async |code, now| place.people.sign_in_by_code(code, Browser::default(), now).await.expect("asked");
    let wrong = crate::domain::person::Code::from_number((code.number() + 1) % 1_000_000).expect("a code");
    assert!(enter(wrong, NOW).await.is_none());
    assert!(enter(code, NOW + CODE_SECS).await.is_none(), "too late");
    let entered = enter(code, NOW + CODE_SECS - 1).await.expect("signed in");
    assert_eq!(whose(&place, &entered).await, "Anna");
    assert!(enter(code, NOW).await.is_none(), "once");

    let code = place.people.new_code(&anna, NOW).await.expect("a code");
    place.people.renew(anna.id, Actor::Terminal, NOW).await.expect("renewed");
    assert!(enter(code, NOW).await.is_none(), "it ended with her access");
}

#[tokio::test]
async fn a_browsers_code_signs_in_who_sends_it_to_the_bot() {
    let place = Place::open(JoinPolicy::Closed).await;
    let anna = place.add("Anna", Role::Guest).await;
    let Asked { code, secret } = place.people.ask_to_enter(NOW).await.expect("a code");
    let poll =
        async |secret: &str, now| place.people.enter_if_allowed(secret, Browser::default(), now).await.expect("asked");
    assert!(matches!(poll(&secret, NOW).await, Entrance::Waiting(shown) if shown == code));
    assert!(matches!(poll("nonsense", NOW).await, Entrance::Over));
    assert!(
        place.people.sign_in_by_code(code, Browser::default(), NOW).await.expect("asked").is_none(),
        "it is no way in"
    );
    assert!(!place.people.allow(&anna, code, NOW + CODE_SECS).await.expect("asked"), "too late");
    assert!(place.people.allow(&anna, code, NOW).await.expect("asked"));
    let Entrance::Entered(entered) = poll(&secret, NOW).await else { panic!("not let in") };
    assert_eq!(whose(&place, &entered).await, "Anna");
    assert!(matches!(poll(&secret, NOW).await, Entrance::Over), "once");

    let Asked { code, secret } = place.people.ask_to_enter(NOW).await.expect("a code");
    assert!(place.people.allow(&anna, code, NOW).await.expect("asked"));
    place.people.ban(anna.id, ("", None), Actor::Terminal, NOW).await.expect("banned");
    assert!(matches!(poll(&secret, NOW).await, Entrance::Over), "it ended with her access");
}
