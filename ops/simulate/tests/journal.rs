//! The file that outlives a process.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use super::{
    harness::{CUSTOMER, until},
    place::{Place, restart},
};
use crate::simulate::{Inbound, JournalError, Settings, SetupError, Simulators};

fn lines(journal: &Path) -> usize {
    fs::read_to_string(journal).unwrap().lines().count()
}

#[tokio::test]
async fn a_line_cut_short_is_dropped_and_spoils_nothing() {
    let place = Place::new();
    let lab = place.start().await;
    lab.send_text(CUSTOMER, "whole").await;
    let (place, journal) = place.killed();
    File::options().append(true).open(&journal).unwrap().write_all(b"{\"accepted\":{\"sent\":{\"wa").unwrap();
    let lab = place.start().await;
    lab.send_text(CUSTOMER, "next").await;
    let (_place, lab) = restart(&place).await;
    let texts: Vec<_> = lab.simulators.messages(None).into_iter().map(|sent| sent.text).collect();
    assert_eq!(texts, ["whole", "next"]);
}

#[tokio::test]
async fn a_reset_empties_the_journal_but_not_the_house_of_its_customers() {
    let place = Place::new();
    let lab = place.start().await;
    let named = Inbound::text(CUSTOMER, "hi").unwrap().named("Zoë");
    lab.simulators.inbound(named).await;
    lab.send_text(CUSTOMER, "hello").await;
    until("both statuses came", || lab.ingress.statuses().len() == 2).await;
    lab.all_told().await;
    assert!(lines(&place.journal()) > 5);
    lab.http.delete(lab.url("/_sim/whatsapp/messages")).send().await.unwrap();
    assert_eq!(lines(&place.journal()), 1);
    let kept = fs::read_to_string(place.journal()).unwrap();
    assert!(!kept.contains("hello") && kept.contains("Zoë"), "{kept}");
    lab.send_text(CUSTOMER, "again").await;
    let (_place, lab) = restart(&place).await;
    assert_eq!(lab.simulators.messages(Some(CUSTOMER)).len(), 1);
    assert_eq!(lab.simulators.stats().accepted, 1);
}

#[tokio::test]
async fn a_start_shortens_the_journal() {
    let place = Place::new();
    let lab = place.start().await;
    for _ in 0..50 {
        lab.http.post(lab.url("/v25.0/100000000000001/messages")).send().await.unwrap();
    }
    assert_eq!(lines(&place.journal()), 51);
    let (place, lab) = restart(&place).await;
    assert_eq!(lines(&place.journal()), 1);
    assert_eq!(lab.simulators.stats().refused[&190], 50);
}

#[tokio::test]
async fn a_journal_has_one_process_and_names_a_line_that_it_does_not_understand() {
    let place = Place::new();
    let _lab = place.start().await;
    let again = |place: &Place| Simulators::new(Settings { journal: Some(place.journal()), ..Settings::default() });
    let error = again(&place).err().expect("it is in use");
    assert!(matches!(error, SetupError::Journal(JournalError::InUse(_))), "{error}");
    let (next, journal) = place.killed();
    File::options().append(true).open(&journal).unwrap().write_all(b"{\"eaten\":{}}\n").unwrap();
    let error = again(&next).err().expect("no such event").to_string();
    assert!(error.contains("line 2") && error.contains("eaten"), "{error}");
}
