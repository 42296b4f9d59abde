//! Why a customer got a message: from what was sent back to what they wrote; and what was put aside, taken in later.

use domain::{
    lookup::{self, Asked, LinkKind},
    tenant, webhook,
};
use engine::{Sight, cause};
use holdfast::{config, house, house::House};
use ops::console::Replayed;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::house::{Story, meta};

const PHONE: &str = "393335550101";
const STRAY: &str = "999999999999999";

/// The kinds of the jobs from the one that sent a message to where it began, and all others of that root.
async fn jobs_behind(pool: &PgPool, message: &str) -> (Vec<String>, Vec<cause::CauseJob>) {
    let mut conn = pool.acquire().await.unwrap();
    let sender =
        cause::of_effect(&mut conn, Sight::HOUSE, &format!("whatsapp:{message}")).await.unwrap().expect("a job");
    let chain = cause::chain(&mut conn, Sight::HOUSE, sender).await.unwrap();
    let (line, beside) = chain.into_iter().partition::<Vec<_>, _>(|job| job.is_in_line);
    (line.into_iter().map(|job| job.kind).collect(), beside)
}

#[tokio::test]
async fn a_message_leads_back_to_what_the_customer_wrote() {
    let story = Story::begin().await;
    let customer = story.customer(PHONE);
    customer.says("I want yoga tomorrow at 7pm").await;
    let sent = customer.expect_reply_containing("shall I book it").await;
    story.judge.finds_all_done().await;
    let pool = story.pool().await;
    let found = lookup::message(&mut pool.acquire().await.unwrap(), None, &sent.wamid).await.unwrap();
    let (tenant, message) = found.expect("our message");
    assert_eq!(tenant, story.tenant);
    let (line, beside) = jobs_behind(&pool, &message.to_string()).await;
    assert_eq!(line, ["send_reply", "answer_message"]);
    let thought = beside.iter().find(|job| job.kind == "think").and_then(|job| lookup::thought(job.output.as_ref()?));
    assert!(!thought.expect("a step of the model").tools.is_empty());
    let mut tx = tenant::begin(&pool, tenant).await.unwrap();
    let why = lookup::why(&mut tx, Asked { message, root: None, reveal: false }).await.unwrap().expect("a reason");
    let origin = why.causes.last().expect("causes");
    assert_eq!((origin.kind, why.customer.phone.as_deref()), (LinkKind::Inbound, Some("···101")));
    drop(tx);
    let subject = lookup::Subject::phone("335550101").unwrap();
    let trails = lookup::find(&mut pool.acquire().await.unwrap(), Some(tenant), &subject).await.unwrap();
    let [trail] = &trails[..] else { panic!("{trails:?}") };
    let jobs = cause::of_keys(&mut pool.acquire().await.unwrap(), tenant.0, &trail.keys).await.unwrap();
    assert_eq!(jobs, trail.jobs, "the turn, by its key and by the rows of the business");
    let other = Sight::of(tenant.0 + 1);
    assert!(cause::chain(&mut pool.acquire().await.unwrap(), other, jobs[0]).await.unwrap().is_empty());
    story.end().await;
}

fn stray() -> Value {
    let text = json!({ "body": "quali corsi ci sono domani?" });
    let message = meta::message(PHONE, "wamid.stray", "text", &text);
    meta::envelope(STRAY, &Value::Null, &[message], &[])
}

#[tokio::test]
async fn what_came_for_nobody_is_taken_in_once_somebody_has_the_number() {
    let story = Story::begin().await;
    assert_eq!(story.meta().posts(&stray()).await, 200);
    let pool = story.pool().await;
    let outside =
        config::Outside::of_demo(story.outside, config::Llm { key: None, url: String::new(), model: String::new() });
    let world = house::world(pool.clone(), &outside, &config::Workers { debounce_ms: 100, reconcile_secs: 2 }).unwrap();
    let replay = House::new(world).replay();
    let filter = webhook::Filter { quarantined: true };
    let list = webhook::list(&mut pool.acquire().await.unwrap(), filter, None, 10).await.unwrap();
    let [entry] = &list[..] else { panic!("{list:?}") };
    assert_eq!(
        (entry.source.as_str(), entry.messages, entry.kinds.as_slice()),
        ("whatsapp", 1, &["text".to_owned()][..])
    );
    assert_eq!((entry.quarantined[0].phone_number_id.as_str(), entry.quarantined[0].is_known_now), (STRAY, false));
    assert_eq!(replay(entry.id).await.unwrap(), Replayed::NothingNew);
    sqlx::query("insert into channel (phone_number_id, tenant_id, display_phone) values ($1, $2, '+39 049 555 0199')")
        .bind(STRAY)
        .bind(story.tenant)
        .execute(&story.judge.pool)
        .await
        .unwrap();
    assert_eq!(replay(entry.id).await.unwrap(), Replayed::Applied);
    story.customer(PHONE).expect_reply().await;
    assert_eq!(replay(entry.id).await.unwrap(), Replayed::NothingNew);
    assert_eq!(replay(entry.id + 1).await.unwrap(), Replayed::Gone);
    assert_eq!(
        story.judge.number("select count(*) from webhook_event where body like '%wamid.stray%'::bytea").await,
        1
    );
    story.end().await;
}
