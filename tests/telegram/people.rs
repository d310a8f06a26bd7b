//! People and the main bot, through real MTProto: what they send, press and ask arrives once, in order and as it was; what the bot says
//! looks as it should; and every refusal of Telegram's has its own error.

use std::collections::BTreeSet;
use std::sync::Arc;

use cinepost::adapters::telegram::{
    BotCommand, CommandScope, FileKind, Forwarded, InlineAnswer, InlineResult, MessageRef, Messages, PressAnswer,
    PressData, Text,
};
use simulation::{ButtonAction, NewPerson, NewPress, Sent, SentKind};

use super::*;

const ANNE: i64 = 900_001;
const BEN: i64 = 900_002;
const GROUP: i64 = -1_001_500_000_009;

fn group() -> ChatId {
    ChatId::try_from(GROUP).expect("a group's id")
}

impl Bed {
    /// Started, with Anne known to the bot.
    async fn with_anne(&self) -> (Running, Messages) {
        let mut running = self.start().await;
        self.sim.message(ANNE, "main", "/start").expect("written");
        assert_eq!(running.message().await.text, "/start");
        let messages = running.telegram.messages().clone();
        (running, messages)
    }

    /// A group with Anne and the main bot in it.
    fn found_group(&self, is_admin: bool) {
        self.sim.found_group(GROUP, "Friends").expect("founded");
        self.sim.set_person_member(GROUP, ANNE, true).expect("joined");
        self.sim.set_admin(GROUP, "main", is_admin).expect("set");
        self.sim.set_member(GROUP, "main", true).expect("joined");
    }

    fn press(&self, message: i32, button: &str) -> anyhow::Result<i64> {
        let (to, button) = ("main".to_owned(), Some(button.to_owned()));
        self.sim.press(NewPress { from: ANNE, to, message, button, ..NewPress::default() })
    }

    /// What people saw last.
    fn last_sent(&self) -> Sent {
        self.sim.sent().pop().expect("something was sent")
    }
}

impl Running {
    /// What happened next; it counts as dealt with.
    async fn event(&mut self) -> PersonEvent {
        let arrival = self.arrival().await;
        let event = arrival.event.clone();
        arrival.done();
        event
    }

    async fn press(&mut self) -> cinepost::adapters::telegram::Press {
        match self.event().await {
            PersonEvent::Pressed(press) => press,
            other => panic!("{other:?}"),
        }
    }
}

fn file(kind: simulation::FileKind, name: Option<&str>) -> NewPost {
    NewPost { kind, file_name: name.map(str::to_owned), size: Some(300_000), ..NewPost::default() }
}

#[tokio::test]
async fn every_kind_of_file_arrives_as_what_it_is() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    use simulation::FileKind as K;
    for (sent, name, wanted) in [
        (K::Document, Some("Notes.zip"), FileKind::Document),
        (K::Video, Some("Film.1968.mp4"), FileKind::Video),
        (K::Audio, Some("Theme.mp3"), FileKind::Audio),
        (K::Voice, None, FileKind::Voice),
        (K::VideoNote, None, FileKind::VideoNote),
        (K::Photo, None, FileKind::Photo),
        (K::Animation, Some("cat.gif.mp4"), FileKind::Animation),
        (K::Sticker, Some("sticker.webp"), FileKind::Sticker),
    ] {
        bed.sim.send(ANNE, "main", NewPost { caption: "look".to_owned(), ..file(sent, name) }).expect("sent");
        let message = running.message().await;
        let found = message.file.expect("a file");
        let attachment = &found.attachment;
        assert_eq!((found.kind, attachment.size, message.text.as_str()), (wanted, 300_000, "look"));
        assert_eq!((attachment.file_name.as_deref(), attachment.dc), (name, Dc(4)));
    }
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_is_known_of_a_message_and_of_its_person_comes_with_it() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    bed.sim
        .person(NewPerson {
            id: ANNE,
            first_name: "Anne\u{202e}".to_owned(),
            last_name: Some("Lee".to_owned()),
            username: Some("anne".to_owned()),
            lang_code: Some("pt-br".to_owned()),
        })
        .expect("described");
    let film = NewPost::generated("Film.1968.mkv", 3 << 20);
    let first = NewPost { album: Some(7), forwarded: Some((simulation::CHANNEL, 12)), ..film.clone() };
    let first = bed.sim.send(ANNE, "main", first).expect("sent");
    let message = running.message().await;
    let from = (message.from.first_name.as_str(), message.from.last_name.as_deref(), message.from.username.as_deref());
    assert_eq!((from, message.from.language.as_deref()), (("Anne", Some("Lee"), Some("anne")), Some("pt-br")));
    assert_eq!((message.album, message.reply_to, message.is_protected), (Some(7), None, false));
    assert_eq!(message.forwarded, Some(Forwarded::Post(PostRef { chat: chat(), message: 12 })));

    let answer = NewPost {
        reply_to: Some(first),
        protected: true,
        hidden_author: Some("A friend".to_owned()),
        ..NewPost::text("see above")
    };
    bed.sim.send(ANNE, "main", answer).expect("sent");
    let message = running.message().await;
    assert_eq!((message.reply_to, message.is_protected), (Some(first), true));
    assert_eq!(message.forwarded, Some(Forwarded::Hidden("A friend".to_owned())));

    bed.sim.edit_message("main", first + 1, "see below").expect("edited");
    let PersonEvent::Edited(message) = running.event().await else { panic!("an edit") };
    assert_eq!((message.at.message, message.text.as_str()), (first + 1, "see below"));
    bed.sim.delete_messages("main", &[first]).expect("deleted");
    assert_eq!(running.event().await, PersonEvent::Deleted { group: None, messages: vec![first] });
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_was_not_dealt_with_comes_again_after_a_crash_and_the_rest_does_not() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    // Two people at once; one of them is dealt with, one of Anne's two is not even delivered yet.
    for (from, text) in [(ANNE, "one"), (ANNE, "two"), (BEN, "three")] {
        bed.sim.message(from, "main", text).expect("written");
    }
    let arrivals = [running.arrival().await, running.arrival().await];
    let text = |arrival: &Arrival| match &arrival.event {
        PersonEvent::Message(message) => message.text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(arrivals.iter().map(text).collect::<BTreeSet<_>>(), ["one".to_owned(), "three".to_owned()].into());
    let mut keys = Vec::new();
    for arrival in arrivals {
        keys.push((text(&arrival), arrival.key.clone()));
        match text(&arrival).as_str() {
            "three" => arrival.done(),
            _ => std::mem::forget(arrival),
        }
    }
    running.telegram.stop().await;
    drop(running);

    let mut running = bed.start().await;
    let again = running.arrival().await;
    assert!(keys.contains(&(text(&again), again.key.clone())), "by the same name: {again:?} {keys:?}");
    assert_eq!(text(&again), "one");
    again.done();
    assert_eq!(running.message().await.text, "two");
    assert!(running.is_quiet().await, "what was dealt with does not come again");
    running.telegram.stop().await;
    drop(running);
    assert!(bed.start().await.is_quiet().await);
}

#[tokio::test]
async fn hundreds_of_messages_at_once_all_arrive_in_order() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    running.telegram.stop().await;
    for n in 0..250 {
        bed.sim.message(if n % 2 == 0 { ANNE } else { BEN }, "main", &n.to_string()).expect("written");
    }
    running = bed.start().await;
    let (mut even, mut odd) = (Vec::new(), Vec::new());
    while even.len() + odd.len() < 250 {
        let message = running.message().await;
        let n: usize = message.text.parse().expect("a number");
        if message.from.id == UserId(ANNE) { even.push(n) } else { odd.push(n) }
    }
    assert_eq!(even, (0..250).step_by(2).collect::<Vec<_>>());
    assert_eq!(odd, (1..250).step_by(2).collect::<Vec<_>>());
    assert!(running.is_quiet().await, "each once");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_message_looks_as_it_was_composed_and_can_be_changed_and_taken_back() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let text = Text::new().bold("🎬 <b>").plain(" *not markup* ").link("here", "https://films.example.org/");
    let data = PressData::new("x").expect("short");
    let message = Outgoing::from(text)
        .row([Button::press("Ok", data.clone()), Button::copy("Copy", "secret")])
        .row([Button::switch_inline("Find", "film", true), Button::web_app("App", "https://films.example.org/app")])
        .replying_to(1);
    let at = messages.send(private(ANNE), &message).await.expect("sent");
    let sent = bed.last_sent();
    assert_eq!((sent.text.as_str(), sent.message, sent.reply_to), ("🎬 <b> *not markup* here", at.message, Some(1)));
    let looks: Vec<_> = sent.entities.iter().map(|e| (e.kind.as_str(), e.offset, e.length)).collect();
    assert_eq!(looks, [("bold", 0, 6), ("text_url", 20, 4)]);
    let does: Vec<_> = sent.buttons.iter().flatten().map(|button| button.does.clone()).collect();
    let page = "https://films.example.org/app".to_owned();
    assert_eq!(
        does,
        [
            ButtonAction::Data(b"x".to_vec()),
            ButtonAction::Copy("secret".to_owned()),
            ButtonAction::SwitchInlineHere("film".to_owned()),
            ButtonAction::WebApp(page),
        ]
    );

    let later = Outgoing::from("later").row([Button::press("Ok", data)]);
    messages.edit(at, &later).await.expect("edited");
    messages.edit(at, &later).await.expect("the same again is no error");
    let sent = bed.last_sent();
    assert_eq!((sent.text.as_str(), sent.is_edited, sent.buttons.len()), ("later", true, 1));
    messages.delete(at.place, &[at.message]).await.expect("deleted");
    messages.delete(at.place, &[at.message]).await.expect("and again");
    assert!(bed.sim.sent().is_empty());
    assert!(matches!(messages.edit(at, &"too late".into()).await, Err(Error::MessageGone)));
    messages.send(private(ANNE), &Outgoing::from("to nothing").replying_to(4_000)).await.expect("sent all the same");
    assert_eq!(bed.last_sent().reply_to, None);
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_long_text_goes_out_in_several_messages_with_the_keyboard_below_the_last() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let paragraph = format!("{}\n\n", "film ".repeat(300));
    let message = Outgoing::from(paragraph.repeat(4)).row([Button::open("Open", "https://films.example.org/")]);
    let at = messages.send(private(ANNE), &message).await.expect("sent");
    let sent = bed.sim.sent();
    assert_eq!(sent.iter().map(|sent| sent.buttons.len()).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(sent[1].message, at.message);
    assert!(sent.iter().all(|sent| sent.text.len() <= 4_096 && sent.text.ends_with("film")), "whole paragraphs");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_resend_after_a_cut_connection_is_shown_once_and_known() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    // The message is taken, and the connection ends instead of the answer.
    bed.fault(json!({"kind": "cut", "method": "messages.sendMessage", "times": 1}));
    let at = messages.send(private(ANNE), &"hello".into()).await.expect("sent");
    assert_eq!(bed.calls("messages.sendMessage"), 2);
    let sent = bed.sim.sent();
    assert_eq!(sent.iter().map(|sent| (sent.message, sent.text.as_str())).collect::<Vec<_>>(), [(at.message, "hello")]);
    running.telegram.stop().await;
}

#[tokio::test]
async fn who_cannot_be_written_to_is_told_by_kind() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let hello = Outgoing::from("hello");
    bed.sim.set_blocked(ANNE, "main", true).expect("blocked");
    let blocked = messages.send(private(ANNE), &hello).await;
    assert!(matches!(blocked, Err(Error::Blocked { user: UserId(ANNE) })), "{blocked:?}");
    bed.sim.set_blocked(ANNE, "main", false).expect("unblocked");
    messages.send(private(ANNE), &hello).await.expect("sent");
    let stranger = messages.send(private(BEN), &hello).await;
    assert!(matches!(stranger, Err(Error::NotStarted { user: UserId(BEN) })), "{stranger:?}");
    bed.found_group(false);
    bed.sim.set_muted(GROUP, "main", true).expect("muted");
    let muted = messages.send(Place::Group(group()), &hello).await;
    assert!(matches!(muted, Err(Error::NotAllowed { .. })), "{muted:?}");
    bed.sim.set_member(GROUP, "main", false).expect("left");
    let outside = messages.send(Place::Group(group()), &hello).await;
    assert!(matches!(outside, Err(Error::NotMember { .. })), "{outside:?}");
    bed.fault(json!({"kind": "flood_wait", "seconds": 40, "method": "messages.sendMessage", "times": 1}));
    let flood = messages.send(private(ANNE), &hello).await;
    assert!(matches!(&flood, Err(Error::FloodWait { wait, .. }) if wait.as_secs() > 30), "{flood:?}");
    let nothing = messages.send(private(ANNE), &"  ".into()).await;
    assert!(matches!(nothing, Err(Error::Refused { .. })), "{nothing:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_press_is_answered_once_by_what_the_person_sees() {
    let bed = Bed::new().await;
    let (mut running, messages) = bed.with_anne().await;
    let data = PressData::new("delete:7").expect("short");
    let message = Outgoing::from("Delete it?").row([Button::press("Yes", data.clone())]);
    let at = messages.send(private(ANNE), &message).await.expect("sent");
    for (answer, wanted) in [
        (PressAnswer::Quiet, (SentKind::Quiet, "")),
        (PressAnswer::Toast("Deleted".to_owned()), (SentKind::Toast, "Deleted")),
        (PressAnswer::Alert("Not yours".to_owned()), (SentKind::Alert, "Not yours")),
        (
            PressAnswer::Open("https://t.me/cinepost_main_bot?start=x".to_owned()),
            (SentKind::Opened, "https://t.me/cinepost_main_bot?start=x"),
        ),
    ] {
        bed.press(at.message, "Yes").expect("pressed");
        let press = running.press().await;
        assert_eq!((press.at, press.from.id, &press.data), (at, UserId(ANNE), &data));
        messages.answer_press(press.id, &answer).await.expect("answered");
        let seen = bed.last_sent();
        assert_eq!((seen.kind, seen.text.as_str()), wanted);
        let twice = messages.answer_press(press.id, &answer).await;
        assert!(matches!(twice, Err(Error::Expired)), "{twice:?}");
    }
    messages.delete(at.place, &[at.message]).await.expect("deleted");
    assert!(bed.press(at.message, "Yes").is_err(), "it is not there any more");
    // A changed app presses what is not there, with data of its own.
    let forged = NewPress {
        from: BEN,
        to: "main".to_owned(),
        message: at.message,
        data: Some("hex:ff00".to_owned()),
        ..NewPress::default()
    };
    bed.sim.press(forged).expect("pressed");
    let press = running.press().await;
    assert_eq!((press.from.id, press.data.as_str(), press.data.as_bytes()), (UserId(BEN), None, &[255, 0][..]));
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_press_that_waits_too_long_has_expired() {
    let options = simulation::Options { query_lifetime: Duration::ZERO, ..simulation::Options::default() };
    let bed = Bed::with(options).await;
    let (mut running, messages) = bed.with_anne().await;
    let at = messages
        .send(private(ANNE), &Outgoing::from("?").row([Button::press("Yes", PressData::new("y").expect("short"))]))
        .await
        .expect("sent");
    bed.press(at.message, "Yes").expect("pressed");
    let press = running.press().await;
    let late = messages.answer_press(press.id, &PressAnswer::Quiet).await;
    assert!(matches!(late, Err(Error::Expired)), "{late:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn inline_queries_are_answered_and_a_result_is_chosen() {
    let bed = Bed::new().await;
    let (mut running, messages) = bed.with_anne().await;
    bed.found_group(false);
    let query_id = bed.sim.ask_inline(ANNE, "main", "nosferatu\n1922", "10").expect("asked");
    let PersonEvent::Asked(query) = running.event().await else { panic!("an inline query") };
    assert_eq!((query.from.id, query.text.as_str(), query.offset.as_str()), (UserId(ANNE), "nosferatu 1922", "10"));
    let result = |id: &str| InlineResult {
        id: id.to_owned(),
        title: "Nosferatu".to_owned(),
        description: "1922".to_owned(),
        picture: Some("https://films.example.org/p.jpg".to_owned()),
        message: Text::new().bold("Nosferatu"),
        keyboard: vec![vec![Button::open("Play", "https://films.example.org/")]],
    };
    let answer = |results| InlineAnswer { results, is_personal: true, ..InlineAnswer::default() };
    let twice = messages.answer_inline(query.id, &answer(vec![result("1"), result("1")])).await;
    assert!(matches!(&twice, Err(Error::Refused { detail }) if detail == "RESULT_ID_DUPLICATE"), "{twice:?}");
    let many = messages.answer_inline(query.id, &answer((0..51).map(|n| result(&n.to_string())).collect())).await;
    assert!(matches!(&many, Err(Error::Refused { detail }) if detail == "RESULTS_TOO_MUCH"), "{many:?}");
    messages.answer_inline(query.id, &answer(vec![result("1"), result("2")])).await.expect("answered");
    let again = messages.answer_inline(query.id, &answer(vec![])).await;
    assert!(matches!(again, Err(Error::Expired)), "{again:?}");
    let seen = bed.last_sent();
    assert_eq!((seen.kind, seen.results.len(), seen.results[0].text.as_str()), (SentKind::Results, 2, "Nosferatu"));
    bed.sim.choose(query_id, "2", GROUP).expect("chosen");
    let PersonEvent::Message(chosen) = running.event().await else { panic!("what was chosen") };
    assert_eq!((chosen.at.place, chosen.text.as_str()), (Place::Group(group()), "Nosferatu"));
    running.telegram.stop().await;
}

#[tokio::test]
async fn in_a_group_the_bot_hears_what_is_meant_for_it_and_answers_there_or_to_one() {
    let bed = Bed::new().await;
    let (mut running, messages) = bed.with_anne().await;
    bed.found_group(false);
    let say = |text: &str| bed.sim.send_to_group(ANNE, GROUP, NewPost::text(text)).expect("written");
    say("just talking");
    let command = say("/link@cinepost_main_bot 3");
    let message = running.message().await;
    assert_eq!((message.at.place, message.at.message), (Place::Group(group()), command));
    assert_eq!((message.from.id, message.text.as_str()), (UserId(ANNE), "/link@cinepost_main_bot 3"));
    let answer = Outgoing::from("Here").replying_to(command);
    let at = messages.send(Place::Group(group()), &answer).await.expect("sent");
    let seen = bed.last_sent();
    assert_eq!((seen.chat, seen.to, seen.message, seen.reply_to), (Some(GROUP), 0, at.message, Some(command)));

    let aside = Place::Ephemeral { group: group(), person: UserId(ANNE) };
    let data = PressData::new("x").expect("short");
    let only_you = Outgoing::from("Only you").row([Button::press("Ok", data)]);
    let at = messages.send(aside, &only_you).await.expect("sent");
    assert_eq!(at.place, aside);
    let seen = bed.last_sent();
    assert_eq!((seen.kind, seen.to, seen.text.as_str()), (SentKind::Ephemeral, ANNE, "Only you"));
    let press = NewPress {
        from: ANNE,
        to: "main".to_owned(),
        chat: Some(GROUP),
        message: at.message,
        ephemeral: true,
        button: Some("Ok".to_owned()),
        ..NewPress::default()
    };
    bed.sim.press(press).expect("pressed");
    let press = running.press().await;
    assert_eq!(press.at, at);
    let second = Outgoing { press: Some(press.id), ..Outgoing::from("As you wish") };
    messages.send(aside, &second).await.expect("sent");
    messages.answer_press(press.id, &PressAnswer::Quiet).await.expect("answered");
    messages.edit(at, &"Done".into()).await.expect("edited");
    assert!(bed.sim.sent().iter().any(|sent| sent.kind == SentKind::Ephemeral && sent.text == "Done"));
    messages.delete(at.place, &[at.message]).await.expect("deleted");
    assert!(!bed.sim.sent().iter().any(|sent| sent.text == "Done"));
    running.telegram.stop().await;
}

#[tokio::test]
async fn where_telegram_knows_no_ephemeral_messages_they_go_to_the_person() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    bed.found_group(false);
    let unknown =
        json!({"kind": "rpc_error", "code": 400, "message": "METHOD_INVALID", "method": "ephemeral.sendMessage"});
    bed.fault(unknown);
    let aside = Place::Ephemeral { group: group(), person: UserId(ANNE) };
    let at = messages.send(aside, &Outgoing::from("Only you").replying_to(77)).await.expect("sent");
    assert_eq!(at.place, private(ANNE));
    let seen = bed.last_sent();
    assert_eq!((seen.kind, seen.to, seen.chat), (SentKind::Message, ANNE, None));
    running.telegram.stop().await;
}

#[tokio::test]
async fn groups_are_followed_over_a_restart_and_left_behind_when_the_bot_is_put_out() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    bed.found_group(true);
    let say = |text: &str| bed.sim.send_to_group(ANNE, GROUP, NewPost::text(text)).expect("written");
    say("an administrator hears all");
    assert_eq!(running.message().await.text, "an administrator hears all");
    running.telegram.stop().await;
    drop(running);

    let asked = say("/link while away");
    let mut running = bed.start().await;
    let message = running.message().await;
    assert_eq!((message.text.as_str(), message.at.message), ("/link while away", asked));
    bed.sim.set_member(GROUP, "main", false).expect("put out");
    say("nobody hears this");
    assert!(running.is_quiet().await);
    bed.sim.set_member(GROUP, "main", true).expect("back");
    say("welcome back");
    // What was said meanwhile may come as well; what matters is that the group is heard again.
    while running.message().await.text != "welcome back" {}
    running.telegram.stop().await;
}

#[tokio::test]
async fn files_are_copied_into_a_channel_and_read_from_there() {
    let bed = Bed::new().await;
    let (mut running, messages) = bed.with_anne().await;
    let film = NewPost::generated("Film.1968.mkv", 300_000);
    let send = |album| bed.sim.send(ANNE, "main", NewPost { album, ..film.clone() }).expect("sent");
    let ids = [send(Some(7)), send(Some(7)), send(None)];
    let gone = send(None);
    bed.sim.delete_messages("main", &[gone]).expect("deleted");
    let mut sent = Vec::new();
    for _ in ids {
        sent.push(running.message().await.file.expect("a file").attachment.document);
    }
    let mut seen = Seen::default();
    running.telegram.messages().watch(vec![chat()]);
    running.caught_up(&mut seen).await;
    let wanted = [ids[0], ids[1], gone, ids[2]];
    let copies = messages.copy(private(ANNE), &wanted, chat()).await.expect("copied");
    assert_eq!(copies.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, true]);
    let copies: Vec<_> = copies.into_iter().flatten().collect();
    running.until(&mut seen, |seen| copies.iter().all(|at| seen.posts.contains_key(&at.message))).await;
    let found: Vec<_> = copies.iter().map(|at| seen.posts[&at.message].attachment.document).collect();
    assert_eq!(found, sent, "in order, and the documents keep their ids");
    let albums: Vec<_> = copies.iter().map(|at| seen.posts[&at.message].album).collect();
    assert!(albums[0].is_some() && albums[0] == albums[1] && albums[2].is_none());

    bed.sim.send(ANNE, "main", file(simulation::FileKind::Photo, None)).expect("sent");
    let photo = running.message().await;
    let attachment = photo.file.expect("a photo").attachment;
    let copy = messages.copy(photo.at.place, &[photo.at.message], chat()).await.expect("copied")[0].expect("there");
    let volume = Volume { document: attachment.document, dc: attachment.dc, size: attachment.size };
    let at = VolumeLocation { volume, posts: vec![copy] };
    let bytes = running.telegram.files().read(MAIN, &at, 0, 64 * KIB).await.expect("read");
    let mut wanted = vec![0; 64 * KIB as usize];
    simulation::content::fill(attachment.document.0, 0, &mut wanted);
    assert!(bytes == wanted, "the largest size");
    running.telegram.stop().await;
}

#[tokio::test]
async fn what_may_not_be_copied_is_told_by_kind() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let film = NewPost::generated("Film.1968.mkv", 300_000);
    let open = bed.sim.send(ANNE, "main", film.clone()).expect("sent");
    let shut = bed.sim.send(ANNE, "main", NewPost { protected: true, ..film.clone() }).expect("sent");
    let copy = async |ids: &[i32], to| messages.copy(private(ANNE), ids, to).await;
    let protected = copy(&[open, shut], chat()).await;
    assert!(matches!(protected, Err(Error::Protected)), "{protected:?}");
    let gone = copy(&[4_000], chat()).await;
    assert!(matches!(gone, Err(Error::MessageGone)), "{gone:?}");
    let nowhere = copy(&[open], ChatId::try_from(-1_001_999_999_999).expect("an id")).await;
    assert!(matches!(nowhere, Err(Error::NotMember { .. })), "{nowhere:?}");
    bed.sim.set_muted(chat(), "main", true).expect("muted");
    let muted = copy(&[open], chat()).await;
    assert!(matches!(muted, Err(Error::NotAllowed { chat: to }) if to == chat()), "{muted:?}");

    bed.sim.set_muted(chat(), "main", false).expect("unmuted");
    bed.found_group(true);
    let message = bed.sim.send_to_group(ANNE, GROUP, film).expect("sent");
    bed.sim.set_protected(GROUP, true).expect("protected");
    let protected = messages.copy(Place::Group(group()), &[message], chat()).await;
    assert!(matches!(protected, Err(Error::Protected)), "{protected:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn the_messages_from_one_on_are_read_whatever_lies_between() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let mut own = Vec::new();
    for n in 0..120 {
        let film = NewPost::generated(&format!("Film.{n}.mkv"), 300_000);
        let id = bed.sim.send(if n % 3 == 0 { ANNE } else { BEN }, "main", film).expect("sent");
        if n % 3 == 0 {
            own.push(id);
        }
    }
    let first = MessageRef { place: private(ANNE), message: own[1] };
    let found = messages.messages_from(first, 35).await.expect("read");
    assert_eq!(found.iter().map(|m| m.at.message).collect::<Vec<_>>(), own[1..36]);
    assert!(found.iter().all(|m| m.at.place == first.place && m.file.is_some()));
    assert_eq!(messages.messages_from(first, 50).await.expect("read").len(), 39, "as many as there are");
    let foreign = MessageRef { place: private(BEN), ..first };
    assert_eq!(messages.messages_from(foreign, 5).await.expect("read"), [], "a message of another chat");
    bed.found_group(true);
    let id = bed.sim.send_to_group(ANNE, GROUP, NewPost::generated("a.mkv", 1_000)).expect("sent");
    let at = MessageRef { place: Place::Group(group()), message: id };
    assert_eq!(messages.messages_from(at, 50).await.expect("read").len(), 1);
    running.telegram.stop().await;
}

#[tokio::test]
async fn members_are_told_from_strangers() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    assert!(!messages.is_member(chat(), UserId(ANNE)).await.expect("asked"));
    bed.sim.set_person_member(chat(), ANNE, true).expect("joined");
    assert!(messages.is_member(chat(), UserId(ANNE)).await.expect("asked"));
    bed.sim.set_person_member(chat(), ANNE, false).expect("left");
    assert!(!messages.is_member(chat(), UserId(ANNE)).await.expect("asked"));
    let stranger = messages.is_member(chat(), UserId(BEN)).await;
    assert!(matches!(stranger, Err(Error::NotStarted { .. })), "{stranger:?}");
    bed.found_group(false);
    let plain = messages.is_member(group(), UserId(ANNE)).await;
    assert!(matches!(plain, Err(Error::NotMember { .. })), "{plain:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn commands_are_offered_by_scope_and_language() {
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let start = [BotCommand { name: "start".to_owned(), description: "Beginnen".to_owned() }];
    for scope in [CommandScope::Everywhere, CommandScope::Groups, CommandScope::Person(UserId(ANNE))] {
        messages.set_commands(scope, "de", &start).await.expect("set");
    }
    messages.set_commands(CommandScope::Everywhere, "de", &start).await.expect("set again");
    let sets: Vec<_> = bed.sim.commands().into_iter().map(|set| (set.scope, set.language)).collect();
    let de = |scope: &str| (scope.to_owned(), "de".to_owned());
    assert_eq!(sets, [de("chats"), de(&format!("peer:{ANNE}")), de("default")]);
    let loud = [BotCommand { name: "START".to_owned(), description: "x".to_owned() }];
    let refused = messages.set_commands(CommandScope::Everywhere, "", &loud).await;
    assert!(matches!(&refused, Err(Error::Refused { detail }) if detail == "BOT_COMMAND_INVALID"), "{refused:?}");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_crowd_is_answered_within_telegrams_limits() {
    let bed = Bed::new().await;
    let mut running = bed.start().await;
    let messages = running.telegram.messages().clone();
    bed.sim.limit_sending(true);
    let crowd = 60;
    for n in 0..crowd {
        bed.sim.message(900_100 + n, "main", "/start").expect("written");
    }
    let mut answers = tokio::task::JoinSet::new();
    for _ in 0..crowd {
        let (arrival, messages) = (running.arrival().await, messages.clone());
        answers.spawn(async move {
            let PersonEvent::Message(message) = &arrival.event else { panic!("{arrival:?}") };
            for text in ["one", "two"] {
                messages.send(message.at.place, &text.into()).await.expect("sent");
            }
            arrival.done();
        });
    }
    answers.join_all().await;
    assert_eq!(bed.sim.sent().len(), 2 * crowd as usize);
    let floods = bed.sim.stats().calls("messages.sendMessage") - 2 * crowd as u64;
    assert_eq!(floods, 0, "none had to be sent again");
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_slow_person_holds_nobody_up() {
    let bed = Bed::new().await;
    let (mut running, _) = bed.with_anne().await;
    bed.sim.message(ANNE, "main", "slow").expect("written");
    let slow = Arc::new(running.arrival().await);
    for n in 0..20 {
        bed.sim.message(BEN, "main", &n.to_string()).expect("written");
        assert_eq!(running.message().await.text, n.to_string());
    }
    bed.sim.message(ANNE, "main", "waits").expect("written");
    assert!(running.is_quiet().await, "one of a person at a time");
    Arc::into_inner(slow).expect("ours alone").done();
    assert_eq!(running.message().await.text, "waits");
    running.telegram.stop().await;
}

/// A file that the test computes, as it is read.
struct Numbers(u64);

impl tokio::io::AsyncRead for Numbers {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        // Fewer than there is room for, as a slow source gives them.
        let count = buf.remaining().min(100_000) as u64;
        (0..count).for_each(|n| buf.put_slice(&[((self.0 + n) % 251) as u8]));
        self.0 += count;
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_file_is_sent_whole_in_parts_over_a_connection_of_its_own() {
    use cinepost::adapters::telegram::{Outgoing, Upload, Urgency};
    let bed = Bed::new().await;
    let (running, messages) = bed.with_anne().await;
    let place = Place::Private(UserId(ANNE));
    let big = 10 << 20;
    for (size, is_cut) in [(1u64, false), (512 << 10, false), ((1 << 20) + 7, true), (big, false), (big + 1, true)] {
        let method = if size > big { "upload.saveBigFilePart" } else { "upload.saveFilePart" };
        if is_cut {
            bed.fault(json!({ "kind": "cut", "method": method, "after": 1, "times": 1 }));
        }
        let before = bed.calls(method);
        let mut content = Numbers(0);
        let (name, mime) = (format!("{size}.bin"), "application/octet-stream".to_owned());
        let file = Upload { name, mime, size, content: &mut content };
        messages.send_file(place, file, &Outgoing::from("below")).await.expect("sent");
        let sent = bed.last_sent();
        assert_eq!(sent.text, "below");
        let bytes = bed.sim.document(sent.document.as_deref().expect("a file")).expect("there");
        assert!(bytes.len() as u64 == size && bytes.iter().zip(0u64..).all(|(byte, n)| *byte == (n % 251) as u8));
        let parts = size.div_ceil(512 << 10);
        let calls = bed.calls(method) - before;
        assert!(calls >= parts && calls <= parts + if is_cut { 4 } else { 0 }, "{calls} calls for {parts} parts");
    }
    // What ends before its time is not sent.
    let mut short: &[u8] = b"short";
    let file = Upload { name: "x".to_owned(), mime: String::new(), size: 9, content: &mut short };
    let error = messages.send_file(place, file, &Outgoing::default()).await.expect_err("it is too short");
    assert!(error.to_string().starts_with("the file that was to be sent cannot be read"), "{error}");
    // Once is once.
    let once = Outgoing { once: Some("7".to_owned()), ..Outgoing::default() };
    let send = async || {
        let mut content: &[u8] = b"log";
        let file = Upload { name: "x".to_owned(), mime: String::new(), size: 3, content: &mut content };
        messages.send_file(place, file, &once).await
    };
    send().await.expect("sent");
    assert!(matches!(send().await, Err(Error::SentBefore)));
    let from = MessageRef { place, message: bed.last_sent().message };
    messages.copy_to(from, place, Urgency::Broadcast, "8").await.expect("copied");
    let copy = bed.last_sent();
    assert!(
        copy.message != from.message
            && copy.document == bed.sim.sent().iter().rev().nth(1).and_then(|s| s.document.clone())
    );
    assert!(matches!(messages.copy_to(from, place, Urgency::Broadcast, "8").await, Err(Error::SentBefore)));
    let gone = MessageRef { message: 9_999, ..from };
    assert!(matches!(messages.copy_to(gone, place, Urgency::Broadcast, "9").await, Err(Error::MessageGone)));
    running.telegram.stop().await;
}

#[tokio::test]
async fn a_crowd_that_goes_on_writing_is_answered_to_the_last() {
    let bed = Bed::new().await;
    let (mut running, messages) = bed.with_anne().await;
    let crowd = 910_000..910_400;
    let mut answers = tokio::task::JoinSet::new();
    let write = async {
        for person in crowd.clone() {
            bed.sim.message(person, "main", "hello").expect("written");
            // More than the bot may answer, and each with an update of its own.
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let answer = async {
        for _ in crowd.clone() {
            let (arrival, messages) = (running.arrival().await, messages.clone());
            answers.spawn(async move {
                let PersonEvent::Message(message) = &arrival.event else { panic!("{arrival:?}") };
                let sent = messages.send(message.at.place, &"hello to you".into()).await;
                arrival.done();
                sent
            });
        }
    };
    tokio::join!(write, answer);
    while let Some(sent) = answers.join_next().await {
        sent.expect("no panic").expect("nothing is lost in the crowd");
    }
    running.telegram.stop().await;
}
