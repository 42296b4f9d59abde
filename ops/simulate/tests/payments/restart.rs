//! What outlives a `kill -9`.

use std::{fs, time::Duration};

use adapters::payments::EventKind;

use super::{
    super::{harness::until, place::Place},
    shop::{Shop, refund},
};

/// A business whose simulators start after those of `place` were killed now.
async fn restart(place: &Place) -> (Place, Shop) {
    let (next, journal) = place.killed();
    let shop = Shop::with_journal(Some(&journal), []).await;
    (next, shop)
}

#[tokio::test]
async fn payments_refunds_and_keys_outlive_a_kill() {
    let place = Place::new();
    let shop = Shop::with_journal(Some(&place.journal()), []).await;
    let wanted = shop.wanted();
    let link = shop.client.create_link("payment-42", &wanted).await.unwrap();
    shop.simulators.pay(&link.id).unwrap();
    shop.told(1).await;
    let paid = shop.client.link(&link.id).await.unwrap().unwrap();
    let part = shop.client.refund("refund-9", &refund(&paid, 500, 9)).await.unwrap();
    shop.told(3).await;
    until("all is counted", || shop.simulators.payments().webhooks.pending == 0).await;
    let before = serde_json::to_value(shop.simulators.payments()).unwrap();
    // Twice: the second start reads what the first one shortened.
    let (place, _) = restart(&place).await;
    let (_place, later) = restart(&place).await;
    assert_eq!(serde_json::to_value(later.simulators.payments()).unwrap(), before);
    assert_eq!(later.client.refund("refund-9", &refund(&paid, 500, 9)).await, Ok(part));
    let again = later.client.create_link("payment-42", &wanted).await.unwrap();
    assert_eq!(again.id, link.id);
    assert_eq!(later.simulators.payments().sessions.len(), 1);
    assert!(later.events().is_empty(), "everything was taken before");
}

#[tokio::test]
async fn an_event_that_nobody_took_is_posted_by_a_later_process() {
    let place = Place::new();
    let shop = Shop::with_journal(Some(&place.journal()), [500; 50]).await;
    let link = shop.link().await;
    shop.simulators.pay(&link.id).unwrap();
    until("it was refused", || shop.refused() > 0).await;
    let (place, later) = restart(&place).await;
    let kinds = later.told(1).await;
    assert!(matches!(&kinds[0], EventKind::LinkPaid { link: paid, .. } if *paid == link.id), "{kinds:?}");
    until("it is counted", || later.simulators.payments().events[0].delivered == 1).await;
    let (_place, latest) = restart(&place).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(latest.events().is_empty());
}

#[tokio::test]
async fn a_link_runs_out_in_a_later_process() {
    let place = Place::new();
    let shop = Shop::with_journal(Some(&place.journal()), []).await;
    let link = shop.link().await;
    let (_place, later) = restart(&place).await;
    later.simulators.advance(Duration::from_mins(46));
    assert_eq!(later.told(1).await, [EventKind::LinkExpired { link: link.id }]);
}

#[tokio::test]
async fn what_happens_together_is_one_line_of_the_journal() {
    let place = Place::new();
    let shop = Shop::with_journal(Some(&place.journal()), [500; 50]).await;
    let link = shop.link().await;
    shop.simulators.pay(&link.id).unwrap();
    let journal = fs::read_to_string(place.journal().with_added_extension("payments")).unwrap();
    let lines: Vec<_> = journal.lines().collect();
    assert_eq!(lines.len(), 3, "{journal}");
    assert!(lines[1].contains("\"answer\"") && lines[1].contains("\"session\""), "{journal}");
    assert!(lines[2].contains("\"session\"") && lines[2].contains("checkout.session.completed"), "{journal}");
}
