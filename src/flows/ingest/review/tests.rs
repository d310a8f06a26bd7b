//! What people decide, before the simulated provider, with the job that follows rules.

use super::super::testing::{DETOUR, Library, NIGHT, chat};
use super::*;
use crate::domain::channel::{Holds, Profile};
use crate::domain::entry::{Reason, SeriesPart, Source};
use crate::domain::job::State;
use crate::domain::person::{Person, Role};
use crate::domain::post::DocumentId;
use crate::domain::title::Kind;
use crate::flows::ingest::profiles::Profiles;

const LOST: &str = "clip from the attic.mkv";

impl Library {
    fn review(&self) -> Review {
        Review::of(&self.ingest)
    }

    /// Posts a file and has it matched.
    async fn posted(&mut self, name: &str) -> EntryId {
        let id = self.post(name, Status::fresh()).await;
        self.matched().await;
        id
    }

    /// Works through what is pending.
    async fn matched(&self) {
        while self.ingest.round().await.expect("a round") > 0 {}
    }

    /// The title of a file, and which part it is: `Tide Tables S02E05`.
    async fn told(&self, id: EntryId) -> String {
        let status = self.get(id).await.status;
        let Status::Matched { title, parts, .. } = &status else { return format!("{status:?}") };
        let title = self.store.titles().get(*title).await.expect("read").expect("there");
        let year = title.year.expect("a year");
        parts.iter().fold(format!("{} ({year})", title.name), |text, part| match part {
            SeriesPart::Episode { season, number } => format!("{text} S{season:02}E{number:02}"),
            SeriesPart::Season { season } => format!("{text} S{season:02}"),
        })
    }

    async fn choose(&self, ids: &[EntryId], wish: impl Into<Wish>, spread: Spread) -> Result<Mended, Error> {
        let mended = self.review().choose(ids, &wish.into(), spread, Actor::Terminal, 1).await;
        self.matched().await;
        mended
    }
}

fn is_by(status: &Status, wanted: crate::domain::matching::Step) -> bool {
    matches!(status, Status::Matched { how: Some(how), .. } if how.step == wanted)
}

#[tokio::test]
async fn a_file_is_mended_in_every_way_that_people_say_it() {
    let mut library = Library::open().await;
    let ambiguous = library.posted("Night of the Living Dead.mkv").await;
    let suggested = library.get(ambiguous).await.status;
    assert_eq!(suggested.reason().expect("several fit").suggestions().len(), 2, "{suggested:?}");
    let lost = library.posted(LOST).await;
    let film = "Night of the Living Dead (1968)";
    for (id, said, wanted) in [
        (ambiguous, "1", film),
        (ambiguous, "tt0100258", "Night of the Living Dead (1990)"),
        (lost, "https://www.imdb.com/title/tt0063350/", film),
        (lost, "https://www.themoviedb.org/movie/10331-night", film),
        (lost, "tmdb:10331", film),
        (lost, "night of the living dead 1968", film),
        (lost, "Gezeitentafeln S02E01", "Tide Tables (2021) S02E01"),
        (lost, "Tide Tables S01E02", "Tide Tables (2021) S01E02"),
        (lost, "tide tables 1x03-04", "Tide Tables (2021) S01E03 S01E04"),
    ] {
        let mended = library.choose(&[id], Wanted::read(said), Spread::These).await;
        assert_eq!(mended.expect(said).files, 1);
        assert_eq!(library.told(id).await, wanted, "{said}");
        assert!(is_by(&library.get(id).await.status, crate::domain::matching::Step::Chosen));
        // As it was before, for the next row.
        library.review().again(&[id], Actor::Terminal, 1).await.expect("taken back");
        library.matched().await;
        assert!(library.get(id).await.status.reason().is_some(), "{said}");
    }
    let wish = Wish { wanted: Wanted::read("Tide Tables"), season: Some(2), episode: Some(7) };
    library.choose(&[lost], wish, Spread::These).await.expect("said outright");
    assert_eq!(library.told(lost).await, "Tide Tables (2021) S02E07", "whatever the provider lists");
    library.provider.stop().await;
}

#[tokio::test]
async fn a_file_that_is_named_twice_counts_once() {
    let mut library = Library::open().await;
    let [first, second] = [library.posted(LOST).await, library.posted("clip from the cellar.mkv").await];
    let named = [first, second, first, second, second];
    let mended = library.choose(&named, Wanted::read("tt0063350"), Spread::Alike).await.expect("known");
    assert_eq!(mended.files, 2);
    assert_eq!(library.review().ignore(&named, Actor::Terminal, 2).await.expect("ignored"), 2);
    assert_eq!(library.review().again(&named, Actor::Terminal, 3).await.expect("taken back"), 2);
    library.provider.stop().await;
}

#[tokio::test]
async fn what_cannot_be_decided_says_why_and_changes_nothing() {
    let mut library = Library::open().await;
    let lost = library.posted(LOST).await;
    let before = library.get(lost).await;
    let words = |error: Error| error.to_string();
    for (said, wanted) in [
        ("3", "it has no suggestions; write a title or an id instead"),
        ("tt0000001", "tt0000001 is not known to the metadata provider"),
        ("Night of the Living Dead", "could be several titles: Night of the Living Dead (1968) ["),
        ("Nobody Made This 2019", "nothing called “Nobody Made This (2019)” was found"),
        ("kitsu:486", "nobody here can say which title kitsu:486 is: ANIME_LISTS=on"),
        ("https://thetvdb.com/series/no-such", "nobody here can say which title https://thetvdb.com/series/no-such is"),
        ("!!!", "“!!!” holds neither a title nor an id"),
        ("Tide Tables", "Tide Tables is a series, and nothing says which episode the file is"),
    ] {
        let refused = words(library.choose(&[lost], Wanted::read(said), Spread::These).await.expect_err(said));
        assert!(refused.contains(wanted), "{said}: {refused}");
    }
    for (name, wanted) in [("Night.1968.mkv.002", "it is one volume of several"), ("Films.7z", "it is an archive")] {
        let id = library.post(name, Status::Review { reason: Reason::NoVideo }).await;
        let refused = words(library.choose(&[id], Wanted::read("tt0063350"), Spread::These).await.expect_err(name));
        assert!(refused.starts_with(wanted), "{name}: {refused}");
    }
    let of_film = Wish { wanted: Wanted::read("tt0063350"), season: Some(1), episode: None };
    let refused = words(library.choose(&[lost], of_film, Spread::These).await.expect_err("a film"));
    assert!(refused.ends_with("is a film, which has neither seasons nor episodes"), "{refused}");
    let nobody = EntryId::from_bytes([9; 12]);
    assert!(matches!(library.review().show(nobody).await, Err(Error::UnknownFile(_))));
    // Who may not use the owner's pages decides nothing.
    let guest = Person { role: Role::Guest, ..Person::owner("Anna") };
    let by = Actor::Person(&guest);
    let refused = words(library.review().ignore(&[lost], by, 1).await.expect_err("a guest"));
    assert_eq!(refused, "this is not allowed to guests");
    assert_eq!(library.get(lost).await, before);
    assert!(library.store.audit().page(None, 0, 9).await.expect("read").is_empty());
    library.provider.stop().await;
}

#[tokio::test]
async fn nothing_but_a_person_overturns_what_a_person_chose() {
    let mut library = Library::open().await;
    let id = library.posted(NIGHT).await;
    let unwanted = library.posted(DETOUR).await;
    let owner = Person::owner("Owner");
    let by = Actor::Person(&owner);
    library.choose(&[id], Wanted::read("tt0100258"), Spread::These).await.expect("chosen");
    library.review().ignore(&[unwanted], by, 1).await.expect("ignored");
    let stands = async |library: &Library, what: &str| {
        library.matched().await;
        assert_eq!(library.told(id).await, "Night of the Living Dead (1990)", "{what}");
        let status = library.get(unwanted).await.status;
        assert!(matches!(status, Status::Ignored { .. }), "{what}: {status:?}");
    };
    stands(&library, "its name says another year").await;

    for (message, id) in [(1, id), (2, unwanted)] {
        let entry = library.get(id).await;
        let at = PostRef { chat: chat(), message };
        let document = entry.file.volumes()[0].document;
        let edited = Entry { caption: "tt0063350 1080p FRENCH".to_owned(), ..entry };
        let source = Source { at, entry: id, document, date: 1_700_000_000, album: None, reply_to: None };
        library.store.posts().record(&[(source, edited)]).await.expect("edited");
    }
    stands(&library, "an edited caption").await;
    assert_eq!(library.get(id).await.release.languages, ["fr"], "the rest of it is read");

    // An older parser read it, and this one reads another title.
    for id in [id, unwanted] {
        let mut entry = library.get(id).await;
        (entry.parser, entry.release) = (0, release_name::Release::default());
        let status = entry.status.clone();
        assert!(library.store.entries().settle(&entry, &status).await.expect("settled"));
    }
    assert_eq!(library.read_again().await.state, State::Done);
    stands(&library, "a newer parser").await;

    for holds in [Holds::Series, Holds::Nothing, Holds::Personal] {
        let profile = Profile { holds, ..Profile::default() };
        Profiles::new(library.store.clone()).set(chat(), &profile, 1).await.expect("set");
        library.run(again::job(again::Scope::Channel(chat()), 2)).await;
        stands(&library, holds.word()).await;
    }
    Profiles::new(library.store.clone()).set(chat(), &Profile::default(), 3).await.expect("set");

    library.provider.stop().await;
    assert_eq!(library.review().again(&[unwanted], by, 5).await.expect("taken back"), 1);
    let waits = library.get(unwanted).await.status;
    assert_eq!(waits, Status::fresh(), "only a person takes it back");
    let deeds = library.store.audit().page(None, 0, 9).await.expect("read");
    let said: Vec<_> = deeds.iter().rev().map(|deed| (deed.who, deed.what.as_str(), deed.detail.as_str())).collect();
    let who = Some(owner.id);
    let detail = format!("Night of the Living Dead (1990): {NIGHT}");
    assert_eq!(
        said,
        [(None, "review.choose", detail.as_str()), (who, "review.ignore", DETOUR), (who, "review.again", DETOUR)]
    );
}

#[tokio::test]
async fn a_choice_is_followed_while_no_provider_answers() {
    let mut library = Library::open().await;
    let id = library.posted(LOST).await;
    let review = library.review();
    review.choose(&[id], &Wanted::read("tt0063350").into(), Spread::These, Actor::Terminal, 1).await.expect("chosen");
    library.provider.stop().await;
    library.matched().await;
    assert_eq!(library.told(id).await, "Night of the Living Dead (1968)");
}

#[tokio::test]
async fn a_rule_reaches_what_is_there_and_what_comes() {
    let mut library = Library::open().await;
    // An uploader who calls a series by another name, and counts its second season on.
    let first = library.posted("[Grp] Nightfall Tales - 37 (1080p).mkv").await;
    let second = library.posted("[Grp] Nightfall Tales - 38 (1080p).mkv").await;
    let other = library.posted(DETOUR).await;
    let wish = Wish { wanted: Wanted::read("Tide Tables"), season: Some(2), episode: Some(1) };
    let mended = library.choose(&[first], wish, Spread::Rule).await.expect("a rule");
    assert_eq!(library.told(first).await, "Tide Tables (2021) S02E01");
    let rule = mended.rule.expect("it was remembered");

    // The job that was queued reads what is there.
    let queued = library.store.jobs().unfinished(9).await.expect("read");
    assert_eq!(queued.len(), 1);
    library.store.jobs().cancel(queued[0].id, 2).await.expect("cancelled");
    let kept = library.review().rules().await.expect("read");
    let scope = again::Scope::Alike { channel: kept[0].rule.channel, reads_as: kept[0].rule.reads_as.clone() };
    let job = library.run(again::job(scope.clone(), 3)).await;
    assert_eq!(job.says, "read 2 files again, 1 found its title", "not the other film");
    assert_eq!(library.told(second).await, "Tide Tables (2021) S02E02");
    assert!(is_by(&library.get(second).await.status, crate::domain::matching::Step::Rule));
    let third = library.posted("[Other] nightfall tales - 40v2 [720p].mkv").await;
    assert_eq!(library.told(third).await, "Tide Tables (2021) S02E04");

    // Removed, it is no more; what was chosen one by one stays.
    let removed = library.review().remove_rule(rule, Actor::Terminal, 4).await.expect("removed");
    assert_eq!(removed.id, rule);
    let queued = library.store.jobs().unfinished(9).await.expect("read");
    library.store.jobs().cancel(queued[0].id, 5).await.expect("cancelled");
    library.run(again::job(scope, 6)).await;
    assert_eq!(library.told(first).await, "Tide Tables (2021) S02E01");
    for id in [second, third] {
        let status = library.get(id).await.status;
        assert!(matches!(status, Status::Review { reason: Reason::NoMatch { .. } }), "{status:?}");
    }
    assert_eq!(library.told(other).await, "Detour (1945)");
    assert!(matches!(library.review().remove_rule(rule, Actor::Terminal, 7).await, Err(Error::UnknownRule(_))));
    library.provider.stop().await;
}

#[tokio::test]
async fn all_that_read_alike_in_the_list_are_mended_at_once() {
    let mut library = Library::open().await;
    let names = ["Nightfall.Tales.S01E01.mkv", "Nightfall.Tales.S01E02.1080p.mkv", "Nightfall Tales S03E05.mkv"];
    let mut ids = Vec::new();
    for name in names {
        ids.push(library.posted(name).await);
    }
    let other = library.posted(LOST).await;
    let wish = Wish { wanted: Wanted::read("Tide Tables"), season: Some(2), episode: None };
    let mended = library.choose(&ids[..1], wish, Spread::Alike).await.expect("all of them");
    assert_eq!((mended.files, mended.rule), (3, None));
    for (id, wanted) in ids.iter().zip(["S02E01", "S02E02", "S04E05"]) {
        assert_eq!(library.told(*id).await, format!("Tide Tables (2021) {wanted}"));
    }
    assert!(library.get(other).await.status.reason().is_some());
    assert!(library.review().rules().await.expect("read").is_empty(), "nothing is remembered");
    // Its name has no number that could be moved.
    let wish = Wish { wanted: Wanted::read("Tide Tables S01E01"), season: None, episode: None };
    assert!(matches!(library.choose(&[other], wish, Spread::Rule).await, Err(Error::NoNumber)));
    library.provider.stop().await;
}

#[tokio::test]
async fn a_newer_parser_reads_a_rules_example_anew() {
    let mut library = Library::open().await;
    let id = library.posted("[Grp] Nightfall Tales - 37 (1080p).mkv").await;
    let wish = Wish { wanted: Wanted::read("Tide Tables"), season: Some(2), episode: Some(1) };
    library.choose(&[id], wish, Spread::RuleForAll).await.expect("a rule");
    let rule = library.review().rules().await.expect("read").remove(0);
    let older = ReadsAs("as an older parser read it".to_owned());
    library.store.choices().reread_rule(rule.id, &older).await.expect("written");
    again::queue_if_outdated(&library.store, &library.jobs, 0).await.expect("queued");
    assert_eq!(library.review().rules().await.expect("read"), [rule]);
    library.provider.stop().await;
}

#[tokio::test]
async fn a_film_channels_number_may_be_an_episode_after_all() {
    let mut library = Library::open().await;
    let id = library.posted("Tide Tables 3.mkv").await;
    library.choose(&[id], Wanted::As(Kind::Series), Spread::These).await.expect("a series");
    assert!(library.told(id).await.starts_with("Tide Tables (2021) S"), "{}", library.told(id).await);
    let shown = library.review().show(id).await.expect("there");
    assert!(shown.choice.is_some() && shown.title.is_some() && shown.post.is_some());
    assert_ne!(DocumentId(0), shown.entry.file.volumes()[0].document);
    library.provider.stop().await;
}
