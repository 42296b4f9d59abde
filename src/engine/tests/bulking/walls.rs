//! Who is limited to a tenant sees and steers that tenant's operations only.

use engine::{
    Sight,
    bulk::{self, Confirm, Steered, Verb},
};

use crate::{
    house::{House, start},
    kit::{asked, build},
};

const ONE: Sight = Sight::of(1);
const TWO: Sight = Sight::of(2);

#[tokio::test]
async fn an_operation_of_others_answers_like_one_that_never_was() {
    let house = House::new().await;
    let jobs = house.dead(1, 4).await;
    let of_house = house.begin(&asked(Verb::Retry), &jobs).await;
    let of_one = house.freeze(ONE, &asked(Verb::Retry), &jobs).await;
    house.confirm(ONE, of_one, "4").await;
    let mut conn = house.pool.acquire().await.unwrap();
    for (sight, id) in [(TWO, of_one), (TWO, of_house), (ONE, of_house), (ONE, 4711)] {
        assert!(bulk::show(&mut conn, sight, id).await.unwrap().is_none());
        assert!(bulk::frozen(&mut conn, sight, id).await.unwrap().is_none());
        assert!(bulk::items(&mut conn, sight, id, None, 0, 10).await.unwrap().is_empty());
        assert_eq!(bulk::set_rate(&mut conn, sight, id, Some(1)).await.unwrap(), Steered::Unknown);
        assert_eq!(house.pause(sight, id).await, Steered::Unknown);
        assert_eq!(house.resume(sight, id).await, Steered::Unknown);
        assert_eq!(house.abort(sight, id).await, Steered::Unknown);
        assert_eq!(house.confirm(sight, id, "4").await, Confirm::Unknown);
    }
    let ids = async |conn: &mut sqlx::PgConnection, sight| {
        let all = bulk::list(conn, sight, None, 10).await.unwrap();
        all.into_iter().map(|bulk| bulk.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&mut conn, ONE).await, [of_one]);
    assert_eq!(ids(&mut conn, TWO).await, [0; 0]);
    assert_eq!(ids(&mut conn, Sight::HOUSE).await, [of_one, of_house]);
    assert_eq!(bulk::list(&mut conn, Sight::HOUSE, Some(of_one), 10).await.unwrap()[0].id, of_house);
    assert_eq!(house.pause(Sight::HOUSE, of_one).await, Steered::Done, "the house sees everything");
    assert_eq!(house.resume(ONE, of_one).await, Steered::Done);
}

#[tokio::test]
async fn jobs_of_others_are_not_taken_in() {
    let house = House::new().await;
    let mine = house.dead(1, 2).await;
    let theirs = house.dead(2, 3).await;
    let both = [mine.clone(), theirs].concat();
    let id = house.freeze(ONE, &asked(Verb::Retry), &both).await;
    assert!(matches!(house.confirm(ONE, id, "2").await, Confirm::Started(_)));
    let running = start(build(house.engine()));
    house.until_bulk(id, |now| now.state == "done").await;
    house.until("select count(*) from holdfast.done where outcome = 0", 3).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 1 and tenant = 2").await, 3);
    assert_eq!(house.number("select tenant from holdfast.job j where j.id = (select job from holdfast.bulk)").await, 1);
}
