//! `/broadcast`, as the owner and everybody else see it, over real MTProto to the simulated Telegram.

use cinepost::domain::person::Role;
use simulation::{NewPost, Sent, Sim};

use crate::bot::{ANNA, BOT, IVAN, add, after, cinema, give, labels, press, press_button, press_with, say, seen};
use crate::support::{OWNER, TestApp, until};

/// Added, and never wrote to the bot.
const NINA: i64 = 900_013;

/// The message that tells how it goes, as soon as it is as wanted.
async fn told(app: &TestApp, message: i32, is_wanted: impl Fn(&str) -> bool) -> Sent {
    let find = async || seen(app, OWNER).into_iter().find(|sent| sent.message == message && is_wanted(&sent.text));
    until("how the broadcast goes", find, Option::is_some).await.expect("it is there")
}

fn got(app: &TestApp, person: i64, text: &str) -> usize {
    seen(app, person).iter().filter(|sent| sent.text == text).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_writes_to_everybody_once_and_reads_who_was_not_reached() {
    let app = cinema().await;
    add(&app.app, "Ivan", IVAN, Role::Guest).await;
    add(&app.app, "Nina", NINA, Role::Member).await;
    say(&app, ANNA, "/start").await;
    say(&app, IVAN, "/start").await;
    app.sim.set_blocked(IVAN, BOT, true).expect("blocked");

    assert_eq!(say(&app, ANNA, "/broadcast me").await.text, "You may not do that here.");
    assert!(say(&app, OWNER, "/broadcast").await.text.contains("Write behind it"));
    let asked = say(&app, OWNER, "/broadcast Tonight <b>at</b> eight").await;
    assert_eq!(asked.text, "This goes to 3 people. Shall I send it?");
    assert_eq!(labels(&asked), ["Send", "Do not send"]);
    let command = asked.reply_to.expect("the words above");
    for forged in [format!("b:{command}"), "b!:1".to_owned(), "b-".to_owned()] {
        assert_eq!(press_with(&app, ANNA, 1, &forged).await.text, "You may not do that here.", "{forged}");
    }
    assert_eq!(got(&app, ANNA, "Tonight <b>at</b> eight"), 0, "it was only asked for");
    press_button(&app.sim, OWNER, &asked, "Send");
    let report = told(&app, asked.message, |text| text.starts_with("Sent.")).await;
    assert_eq!(
        report.text,
        "Sent. Reached: 1 of 3.\n\nHave blocked me (1): Ivan\n\nNever pressed Start, or left Telegram (1): Nina"
    );
    assert!(report.buttons.is_empty());
    let (_, jobs) = app.command(&["jobs"], &[]);
    assert!(jobs.contains("reached 1 of 3 people; 1 blocked the bot, 1 never started it, 0 failed"), "{jobs}");

    // The same button again, as a changed app would press it.
    press_with(&app, OWNER, asked.message, &format!("b:{command}")).await;
    assert_eq!(say(&app, OWNER, "/cancel").await.text, "There is nothing to take back.");
    assert_eq!(got(&app, ANNA, "Tonight <b>at</b> eight"), 1);

    let settings = say(&app, ANNA, "/settings").await;
    press(&app, ANNA, &settings, "News: on").await;
    let fewer = say(&app, OWNER, "/broadcast and again").await;
    assert_eq!(fewer.text, "This goes to 2 people. Shall I send it?");
    assert_eq!(press(&app, OWNER, &fewer, "Do not send").await.text, "It was not sent.");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_out_as_it_is() {
    let app = cinema().await;
    say(&app, ANNA, "/start").await;
    let post = NewPost { caption: "look at this".to_owned(), ..NewPost::generated("Trailer.mkv", 1 << 20) };
    let card = give(&app, OWNER, post).await;
    let source = card.reply_to.expect("the file");
    let command = NewPost { reply_to: Some(source), ..NewPost::text("/broadcast") };
    let asked = after(&app, OWNER, |sim| _ = sim.send(OWNER, BOT, command).expect("sent")).await;
    press_button(&app.sim, OWNER, &asked, "Send");
    told(&app, asked.message, |text| text == "Sent. Reached: 1 of 1.").await;
    let copy = seen(&app, ANNA).pop().expect("something");
    assert_eq!((copy.text.as_str(), copy.document.is_some()), ("look at this", true));

    // The words were deleted before the button was pressed.
    let asked = say(&app, OWNER, "/broadcast never mind").await;
    app.sim.delete_messages(BOT, &[asked.reply_to.expect("the words")]).expect("deleted");
    let gone = press(&app, OWNER, &asked, "Send").await;
    assert!(gone.text.contains("is not there any more"), "{}", gone.text);
    assert_eq!(got(&app, ANNA, "never mind"), 0);
    app.stop().await;
}

/// So many people. They wrote to the bot before it was started the first time, so that it may write to them and answers none.
async fn crowd(count: i64) -> (TestApp, Vec<i64>) {
    let people: Vec<i64> = (0..count).map(|n| 910_000 + n).collect();
    let write = |sim: &Sim| people.iter().for_each(|person| _ = sim.message(*person, BOT, "/start").expect("written"));
    let app = TestApp::set_up(simulation::Options::default(), write, |flags| flags).await;
    for &person in &people {
        add(&app.app, &format!("P{person}"), person, Role::Guest).await;
    }
    (app, people)
}

fn reached(sim: &Sim, words: &str) -> usize {
    sim.sent().iter().filter(|sent| sent.text == words).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_written_to_within_telegrams_limits_and_it_can_be_stopped_and_gone_on_with() {
    let (app, people) = crowd(80).await;
    app.sim.limit_sending(true);
    let asked = say(&app, OWNER, "/broadcast hello").await;
    assert!(asked.text.contains("80 people"), "{}", asked.text);
    let errors = || app.sim.stats().calls.iter().map(|call| call.errors).sum::<u64>();
    let (before, begin) = (errors(), std::time::Instant::now());
    press_button(&app.sim, OWNER, &asked, "Send");
    until("some", async || reached(&app.sim, "hello"), |reached: &usize| *reached >= 10).await;
    let shown = told(&app, asked.message, |text| text.starts_with("Sending: ")).await;
    press_button(&app.sim, OWNER, &shown, "Stop");
    let report = told(&app, asked.message, |text| text.starts_with("Stopped. Reached: ")).await;
    let stopped_at = reached(&app.sim, "hello");
    assert!(stopped_at < people.len(), "{}", report.text);

    let (_, jobs) = app.command(&["jobs"], &[]);
    let line = jobs.lines().find(|line| line.contains("broadcast")).expect("it is listed");
    let id = line.split_whitespace().next().expect("a number").to_owned();
    assert!(line.contains("cancelled"), "{line}");
    let (is_queued, said) = app.command(&["jobs", "retry", &id], &[]);
    assert!(is_queued, "{said}");
    let report = told(&app, asked.message, |text| text.starts_with("Sent. ")).await;
    println!("{} people in {:?}, stopped after {stopped_at}", people.len(), begin.elapsed());
    assert_eq!(report.text, "Sent. Reached: 80 of 80.");
    assert!(people.iter().all(|person| got(&app, *person, "hello") == 1), "nobody twice, nobody never");
    // Those of the eight that were on their way when it was stopped and had arrived; and no FLOOD_WAIT.
    assert!(errors() - before <= 8, "{:?}", app.sim.stats().calls);
    app.stop().await;
}
