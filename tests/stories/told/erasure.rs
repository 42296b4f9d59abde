//! Somebody asks what we know of them, and then to be forgotten, while a turn of theirs is under way.

use std::time::Duration;

use adapters::World;
use domain::CustomerId;
use engine::{Client, Job};
use ops::simulate::{Fault, Kind, Target};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};
use workflows::{EraseCustomer, ExportCustomer, Forget};

use crate::house::{
    Customer, Story, eventually,
    meta::{NUMBER, envelope, now},
    wait::within,
};

const PHONE: &str = "447700900101";
const NAME: &str = "Annalena Quarantotto";
/// Things that nobody else would say.
const WORDS: [&str; 3] = ["a turquoise hammock", "my neighbour's walrus", "the walrus has a cold"];

/// Yoga at seven, so many days from today.
async fn yoga(story: &Story, days: i32) -> i64 {
    let sql = "select s.id from session s join service v on v.tenant_id = s.tenant_id and v.id = s.service_id
               where v.slug = 'yoga' and s.starts_at at time zone 'Europe/Rome' = (now() at time zone 'Europe/Rome')::date + $1 + time '19:00'";
    sqlx::query_scalar(sql).bind(days).fetch_one(&story.judge.pool).await.expect("a session")
}

async fn starts<J: Job<World>>(story: &Story, tenant: i64, job: &J) {
    Client::new(story.pool().await).enqueue_now::<World, _>(tenant, job).await.expect("work");
}

async fn anna_says(anna: &Customer<'_>, text: &str) {
    anna.sends(json!({ "text": text, "name": NAME })).await;
}

fn offer(session: i64) -> Value {
    json!([{ "tool_calls": [{ "name": "create_booking", "arguments": { "session_id": session } }] }])
}

/// Has the last place of tomorrow.
async fn bruno_lives(story: &Story, bruno: &Customer<'_>) {
    let last = yoga(story, 1).await;
    story.simulators.script(offer(last)).unwrap();
    bruno.says("hello from Bruno").await;
    bruno.expect_reply_containing("Shall I book it?").await;
    bruno.taps("Yes").await;
    bruno.expect_reply_containing("you are booked").await;
    sqlx::query("update session set capacity = 1 where id = $1").bind(last).execute(&story.judge.pool).await.unwrap();
}

/// A chat, a booking that is paid, and a place in a waiting list.
async fn anna_lives(story: &Story, anna: &Customer<'_>) {
    story.simulators.script(offer(yoga(story, 2).await)).unwrap();
    anna_says(anna, &format!("I want yoga and {}", WORDS[0])).await;
    anna.expect_reply_containing("Shall I book it?").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.taps("Pay by card").await;
    anna.expect_reply_containing("sending you the link").await;
    let link = anna.expect_reply_containing("Here you pay").await.text;
    story.simulators.pay(link.split("/pay/").nth(1).unwrap().split_whitespace().next().unwrap()).expect("a payment");
    for _ in ["thanks", "a receipt"] {
        anna.expect_reply().await;
    }
    story.simulators.script(offer(yoga(story, 1).await)).unwrap();
    anna_says(anna, &format!("And tomorrow, with {}", WORDS[1])).await;
    anna.expect_reply_containing("waiting list").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are next").await;
}

/// Every text, document and raw body in both schemas, with its place.
async fn everything(story: &Story) -> Vec<(String, String)> {
    let columns = "select n.nspname || '.' || c.relname || '.' || a.attname,
             format('select %s from %I.%I x where x.%I is not null',
                    case when a.atttypid = 'bytea'::regtype then format('encode(x.%I, ''escape'')', a.attname) else format('x.%I::text', a.attname) end,
                    n.nspname, c.relname, a.attname)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname in ('public', 'holdfast') and c.relkind = 'r'
        and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'text[]'::regtype)";
    let mut all = Vec::new();
    for column in sqlx::query(columns).fetch_all(&story.judge.pool).await.unwrap() {
        let (place, sql): (String, String) = (column.get(0), column.get(1));
        let texts: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&story.judge.pool).await.unwrap();
        all.extend(texts.into_iter().map(|text| (place.clone(), text)));
    }
    all
}

async fn places_of(story: &Story, marks: &[String]) -> Vec<String> {
    let all = everything(story).await;
    let found = all.iter().filter(|(_, text)| marks.iter().any(|mark| text.contains(mark)));
    let mut places: Vec<_> = found.map(|(place, _)| place.clone()).collect();
    places.sort();
    places.dedup();
    places
}

/// Until so many erasures are done.
async fn erased(story: &Story, count: i64) {
    within(Duration::from_mins(2), async || {
        let done = story.judge.number("select count(*) from privacy_erasure where finished_at is not null").await;
        let open = story
            .judge
            .texts("select coalesce(proof::text, 'no proof yet') from privacy_erasure where finished_at is null")
            .await;
        if done == count { Ok(()) } else { Err(format!("{done} are done; {open:?}")) }
    })
    .await;
}

/// All that she is known by.
async fn marks(story: &Story) -> Vec<String> {
    let ids = "select bsuid from customer where bsuid is not null and phone = '447700900101'
               union select m.wamid from message m join conversation v on v.tenant_id = m.tenant_id and v.id = m.conversation_id
                 join customer c on c.tenant_id = v.tenant_id and c.id = v.customer_id where c.phone = '447700900101' and m.wamid is not null";
    let mut marks = story.judge.texts(ids).await;
    marks.extend([PHONE, NAME].map(str::to_owned));
    marks.extend(WORDS.map(str::to_owned));
    marks
}

async fn copied(story: &Story, tenant: i64, customer: CustomerId) {
    starts(story, tenant, &ExportCustomer { tenant: tenant.into(), customer }).await;
    let copy = eventually(async || {
        let copies = story.judge.texts("select document::text from privacy_export").await;
        copies.into_iter().next().ok_or_else(|| "there is no copy".to_owned())
    })
    .await;
    for told in [PHONE, NAME, WORDS[0], WORDS[1], "you are next", "cs_", "joined"] {
        assert!(copy.contains(told), "{told:?} is missing in {copy}");
    }
    let copy: Value = serde_json::from_str(&copy).unwrap();
    assert_eq!((copy["bookings"].as_array().unwrap().len(), copy["waitlist"].as_array().unwrap().len()), (1, 1));
    assert_eq!(copy["payments"][0]["captured_minor"], 1500);
}

#[tokio::test]
async fn who_asks_to_be_forgotten_is_in_no_table_any_more_and_the_books_add_up() {
    let story = Story::scripted().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    bruno_lives(&story, &bruno).await;
    anna_lives(&story, &anna).await;
    let (tenant, customer) =
        (story.tenant.0, CustomerId(story.judge.number("select id from customer where phone = '447700900101'").await));
    copied(&story, tenant, customer).await;

    // A turn is thinking.
    story.simulators.fault(Fault { ms: Some(60_000), ..Fault::new(Target::Llm, Kind::DelayMs) });
    anna_says(&anna, WORDS[2]).await;
    let thinking = "select count(*) from holdfast.job_state where kind = 'think' and state = 'running'";
    eventually(async || if story.judge.number(thinking).await == 1 { Ok(()) } else { Err("nobody thinks".to_owned()) })
        .await;
    let (marks, before) = (marks(&story).await, story.judge.census().await);
    assert!(!places_of(&story, &marks).await.is_empty());
    let requested_by = "the desk".to_owned();
    starts(&story, tenant, &EraseCustomer { tenant: tenant.into(), customer, requested_by }).await;
    erased(&story, 1).await;
    story.judge.finds_all_done().await;

    assert_eq!(places_of(&story, &marks).await, Vec::<String>::new());
    let after = story.judge.census().await;
    let kept = ["message", "turn", "conversation", "customer", "seat", "payment", "waitlist_entry", "webhook_event"];
    for table in kept.map(|table| format!("public.{table}")) {
        assert!(after[&table] >= before[&table], "{table} lost rows");
    }
    let answered = "select count(*) from holdfast.job_state where kind = 'answer_message' and state = 'cancelled'";
    assert_eq!(story.judge.number(answered).await, 1, "the turn ended without a word");
    let outcomes = "select outcome from turn where id = (select max(id) from turn)";
    assert_eq!(story.judge.texts(outcomes).await, ["erased"]);
    assert_eq!(story.judge.texts("select state || ' ' || amount_minor from refund").await, ["succeeded 1500"]);
    assert_eq!(story.judge.texts("select state from waitlist_entry").await, ["left"]);
    let books = "select account || ' ' || sum(amount_minor) from ledger_line group by account order by account";
    assert_eq!(story.judge.texts(books).await, ["card 0", "refunds 1500", "sales -1500"]);
    assert_eq!(story.judge.number("select count(*) from message where text = 'hello from Bruno'").await, 1);

    // That she read something is told late; the next night finds it. Then she comes again, as somebody new.
    let ours = "select min(m.id) from message m join conversation v on v.id = m.conversation_id join customer c on c.id = v.customer_id
                where m.direction = 'out' and c.erased_at is not null";
    let ours = story.judge.number(ours).await;
    let late = json!({ "id": marks_of_ours(&marks), "status": "read", "timestamp": now(), "recipient_id": PHONE, "biz_opaque_callback_data": ours.to_string() });
    story.meta().posts(&envelope(NUMBER, &Value::Null, &[], &[late])).await;
    assert!(!places_of(&story, &marks).await.is_empty());
    starts(&story, 0, &Forget { tick: story.clock.now() }).await;
    erased(&story, 2).await;
    story.judge.finds_all_done().await;
    assert_eq!(places_of(&story, &marks).await, Vec::<String>::new());
    story.simulators.clear_faults();
    story.simulators.script(json!([{ "text": "Welcome to the studio." }])).unwrap();
    anna.says("hello").await;
    anna.expect_reply_containing("Welcome to the studio.").await;
    let again = "select count(*) from customer where phone = '447700900101' and erased_at is null";
    assert_eq!(story.judge.number(again).await, 1);
    story.end().await;
}

/// Some message's id that is none of hers by now.
fn marks_of_ours(marks: &[String]) -> &str {
    marks.iter().find(|mark| mark.starts_with("wamid.")).expect("an id")
}
