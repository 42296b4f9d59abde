//! The count, typed.

use engine::{
    Sight,
    bulk::{Confirm, Verb, phrase},
};

use crate::{house::House, kit::asked};

#[tokio::test]
async fn only_the_count_starts_it_and_twice_is_once() {
    let house = House::new().await;
    let jobs = house.dead(1, 12).await;
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    for wrong in ["", "11", "yes", "1 2", "012", "12 jobs"] {
        assert_eq!(house.confirm(Sight::HOUSE, id, wrong).await, Confirm::Mistyped("12".to_owned()), "{wrong:?}");
    }
    assert_eq!(house.number("select count(*) from holdfast.job where key <> ''").await, 0);
    let Confirm::Started(job) = house.confirm(Sight::HOUSE, id, " 12\n").await else { panic!("not started") };
    assert_eq!(house.confirm(Sight::HOUSE, id, "12").await, Confirm::Already(job));
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1, "one run");
    assert_eq!(house.show(id).await.job, Some(job));
}

#[tokio::test]
async fn two_who_confirm_at_one_time_start_one_run() {
    let house = House::new().await;
    let jobs = house.dead(1, 2).await;
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    let (one, other) = tokio::join!(house.confirm(Sight::HOUSE, id, "2"), house.confirm(Sight::HOUSE, id, "2"));
    let (Confirm::Started(started), Confirm::Already(already)) =
        (if matches!(one, Confirm::Started(_)) { (one, other) } else { (other, one) })
    else {
        panic!("both or none started")
    };
    assert_eq!(started, already);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1);
}

#[tokio::test]
async fn nothing_to_do_and_what_was_called_off_do_not_start() {
    let house = House::new().await;
    let jobs = house.dead(1, 2).await;
    let empty = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &[]).await;
    assert_eq!(house.confirm(Sight::HOUSE, empty, "0").await, Confirm::Empty);
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    house.abort(Sight::HOUSE, id).await;
    assert_eq!(house.confirm(Sight::HOUSE, id, "2").await, Confirm::TooLate);
    assert_eq!(house.confirm(Sight::HOUSE, 4711, "2").await, Confirm::Unknown);
}

#[test]
fn what_cannot_be_undone_takes_its_word_too() {
    assert_eq!((phrase(Verb::Delete, 412).as_str(), phrase(Verb::Cancel, 412).as_str()), ("delete 412", "412"));
    for verb in Verb::ALL {
        assert_eq!(Verb::named(verb.name()), Some(verb));
    }
}
