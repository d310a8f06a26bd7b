//! Places in a series by its other orders: what is asked, and what comes of it.

use simulation::metadata::work::{Order, OrderGroup};

use super::ladder::work;
use super::*;

/// A series in one season of six, shown as two of three, and counted through from its end.
fn counted_otherwise() -> Work {
    let group = |name: &str, order, episodes: &[u16]| OrderGroup {
        name: name.to_owned(),
        order,
        episodes: episodes.iter().map(|number| (1, *number)).collect(),
    };
    let shown = vec![group("Specials", 0, &[]), group("Cour 1", 1, &[1, 2, 3]), group("Cour 2", 2, &[4, 5, 6])];
    let absolute = vec![group("All", 0, &[6, 5, 4, 3, 2, 1])];
    let order = |id: &str, name: &str, sort, groups| Order { id: id.to_owned(), name: name.to_owned(), sort, groups };
    let orders = vec![order("a1", "As shown", 7, shown), order("b2", "Backwards", 2, absolute)];
    Work { orders, ended: Some("2020-06-01".to_owned()), ..work(Kind::Series, "Hoshi Kago", "2020-01-05", &[6]) }
}

#[tokio::test]
async fn numbers_that_the_seasons_do_not_have_are_found_in_an_order() {
    let options = provider::Options { works: vec![counted_otherwise()], ..provider::Options::default() };
    let server = provider::start(options).await.expect("a free port");
    let place = async |metadata: &Metadata, name: &str| {
        let release = parse(&Input { name, caption: "", folder: "" });
        let title = matched(metadata.identify(&Clues::from(&release)).await.expect("it answers"));
        let asked = server.asked();
        let placed = metadata.place(&release, &title, None).await.expect("it answers");
        let numbers: Vec<u16> = placed
            .parts
            .iter()
            .map(|part| match part {
                SeriesPart::Episode { number, .. } => *number,
                SeriesPart::Season { .. } => 0,
            })
            .collect();
        (numbers, placed.order, server.asked() - asked)
    };
    let metadata = handle(&server, Some(provider::KEY), Arc::new(Kept::default()));
    let shown = || Some("As shown".to_owned());
    // The list of orders, and the one order that may help.
    assert_eq!(place(&metadata, "Hoshi.Kago.S02E02.1080p.mkv").await, (vec![5], shown(), 2));
    assert_eq!(place(&metadata, "Hoshi.Kago.S02E03.1080p.mkv").await, (vec![6], shown(), 0), "it is remembered");
    assert_eq!(place(&metadata, "Hoshi.Kago.S02.1080p.mkv").await, (vec![4, 5, 6], shown(), 0));
    assert_eq!(place(&metadata, "Hoshi.Kago.S01E05.1080p.mkv").await, (vec![5], None, 0), "it need not be asked");
    assert_eq!(place(&metadata, "[Group] Hoshi Kago - 02 [1080p].mkv").await, (vec![2], None, 0));
    // Without a key there are no orders.
    let metadata = handle(&server, None, Arc::new(Kept::default()));
    let title = Title { episodes: Vec::new(), ..Title::new(Kind::Series, TitleIds::default(), "Hoshi Kago") };
    let release = parse(&Input { name: "Hoshi.Kago.S02E02.mkv", caption: "", folder: "" });
    let placed = metadata.place(&release, &title, None).await.expect("nobody is asked");
    assert_eq!(placed.parts, [SeriesPart::Episode { season: 2, number: 2 }]);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_does_not_say_its_orders_is_down() {
    let options = provider::Options { works: vec![counted_otherwise()], ..provider::Options::default() };
    let server = provider::start(options).await.expect("a free port");
    let metadata = handle(&server, Some(provider::KEY), Arc::new(Kept::default()));
    let release = parse(&Input { name: "Hoshi.Kago.S02E02.mkv", caption: "", folder: "" });
    let title = matched(metadata.identify(&Clues::from(&release)).await.expect("it answers"));
    server.set_fault(Some(Fault::Down)).await.expect("set");
    assert!(
        matches!(metadata.place(&release, &title, None).await, Err(Error::Down { .. })),
        "an episode is never guessed"
    );
    server.stop().await;
}
