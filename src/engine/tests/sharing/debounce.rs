//! L: several messages, one turn.

use chrono::{DateTime, Utc};
use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{execute, on, switches, texts, until_on},
};

/// Answers what was said, when the switch `answer` is on.
#[derive(Serialize, Deserialize)]
struct Turn {
    text: String,
}

impl Job<World> for Turn {
    const NAME: &'static str = "turn";
    const POLICY: Policy = Policy::DEFAULT;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut texts = vec![self.text];
        texts.extend(cx.merged::<Self>().await?.into_iter().map(|turn| turn.text));
        cx.world.note(format!("+{}", texts.join(" ")));
        until_on(&cx.world.pool, "answer").await;
        cx.world.note(format!("-{}", texts.join(" ")));
        Ok(())
    }
}

/// Says it with a wait and at most this much, in milliseconds; returns when the turn starts.
async fn say(house: &House, text: &str, wait: i32, most: i32) -> DateTime<Utc> {
    let put = "select id from holdfast.enqueue('turn', json_build_object('text', $1::text), 1, 'customer', 'customer', 3::smallint,
                                               debounce_wait => $2 * interval '1 ms', debounce_max => $3 * interval '1 ms')";
    let id: i64 = sqlx::query_scalar(put).bind(text).bind(wait).bind(most).fetch_one(&house.pool).await.unwrap();
    sqlx::query_scalar("select run_at from holdfast.later where id = $1").bind(id).fetch_one(&house.pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn l07_a_burst_is_one_turn_whose_start_slides_up_to_a_bound() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "answer").await;
    house.client.register_kinds(&["turn".to_owned()]).await.unwrap();
    let mut starts = Vec::new();
    for text in ["I", "want", "yoga"] {
        starts.push(say(&house, text, 60_000, 90_000).await);
    }
    assert!(starts.is_sorted() && starts[0] < starts[2], "{starts:?}");
    // The longest wait counts from the first message.
    execute(&house, "update holdfast.debounce set first_at = first_at - interval '89 s'").await;
    execute(&house, "update holdfast.later set run_at = clock_timestamp()").await;
    let bound = say(&house, "on", 60_000, 90_000).await;
    say(&house, "Monday", 60_000, 90_000).await;
    assert!(bound < starts[0], "{bound} is not bounded");
    let engine = start(house.engine().job::<Turn>());
    house.until_ended(1).await;
    engine.stop().await;
    assert_eq!(house.world.diary()[0], "+I want yoga on Monday");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn l08_what_arrives_during_a_turn_is_one_next_turn() {
    let house = House::new().await;
    switches(&house).await;
    house.client.register_kinds(&["turn".to_owned()]).await.unwrap();
    let engine = start(house.engine().job::<Turn>());
    say(&house, "yoga", 1, 10).await;
    house.until("select count(*) from holdfast.claim", 1).await;
    for text in ["and", "pilates"] {
        say(&house, text, 300, 2000).await;
    }
    house.until("select count(*) from holdfast.blocked", 1).await;
    on(&house, "answer").await;
    house.until_ended(2).await;
    engine.stop().await;
    assert_eq!(house.world.diary(), ["+yoga", "-yoga", "+and pilates", "-and pilates"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l09_a_debounced_job_keeps_its_lane_its_key_and_its_priority() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "answer").await;
    house.client.register_kinds(&["turn".to_owned()]).await.unwrap();
    // First in the lane, and not debounced.
    execute(&house, "select holdfast.enqueue('turn', '{\"text\": \"before\"}', 1, lane => 'customer')").await;
    for text in ["one", "two"] {
        say(&house, text, 200, 2000).await;
    }
    assert_eq!(
        texts(&house, "select key || lane || priority from holdfast.job where key <> ''").await,
        ["customercustomer3"]
    );
    assert_eq!(
        house
            .number("select count(*) from holdfast.later where lane = holdfast.lane_hash('customer') and priority = 3")
            .await,
        1
    );
    let engine = start(house.engine().job::<Turn>());
    house.until_ended(2).await;
    engine.stop().await;
    assert_eq!(house.world.diary(), ["+before", "-before", "+one two", "-one two"]);
}
