//! A house in which every page has something to show.

use axum::http::Method;
use domain::staff::{Role, invite, views};
use engine::{
    Sight,
    bulk::{self, Asked, Confirm, Verb},
    operate,
};
use ops::{
    console::routes,
    simulate::{Fault, Kind, Target},
};
use serde_json::{Value, json};

use super::super::{are, dead, scheduled};
use crate::house::{Colleague, Story, eventually, meta};

const ANNA: &str = "+393335550101";

/// Addresses of all pages.
pub(super) struct Pages {
    /// Of those that nobody needs to sign in for.
    pub outside: Vec<String>,
    /// Of all others.
    pub inside: Vec<String>,
}

/// What addresses name.
struct Known {
    jobs: Vec<i64>,
    dead: i64,
    turn: i64,
    bulks: Vec<i64>,
    webhooks: Vec<i64>,
    message: i64,
    invite: String,
}

/// Every route that shows a page, filled in.
pub(super) async fn pages(story: &Story, owner: &Colleague) -> Pages {
    let known = fill(story, owner).await;
    let mut pages = Pages { outside: Vec::new(), inside: Vec::new() };
    for route in routes::all().into_iter().filter(|route| route.method == Method::GET) {
        let to = if route.needs == routes::Needs::Nobody { &mut pages.outside } else { &mut pages.inside };
        to.extend(addresses(route.path, &known));
    }
    pages
}

fn addresses(path: &str, known: &Known) -> Vec<String> {
    let with = |name: &str, ids: &[i64]| ids.iter().map(|id| path.replace(name, &id.to_string())).collect::<Vec<_>>();
    match path {
        // A stream, not a page.
        "/ops/live" => Vec::new(),
        "/ops/jobs" => {
            ["", "?q=state%3Adead", "?q=what%3F%3A", "?q=error%3Anever"].map(|q| format!("{path}{q}")).to_vec()
        }
        "/ops/why" => ["", "?phone=335550101", "?message=nothing"].map(|q| format!("{path}{q}")).to_vec(),
        "/ops/jobs/{id}" => with("{id}", &known.jobs),
        "/ops/jobs/{id}/steps" => with("{id}", &[known.turn]),
        "/ops/jobs/{id}/edit" | "/ops/jobs/{id}/duplicate" => with("{id}", &[known.dead]),
        "/ops/bulk/{id}" => with("{id}", &known.bulks),
        "/ops/webhooks/{id}" => with("{id}", &known.webhooks),
        "/ops/why/{id}" => with("{id}", &[known.message]),
        "/ops/queues/{kind}" => ["mark_read", "think"].map(|kind| path.replace("{kind}", kind)).to_vec(),
        "/ops/schedules/{name}" => vec![path.replace("{name}", "keep_up")],
        "/ops/invite/{token}" => vec![path.replace("{token}", &known.invite), path.replace("{token}", "used")],
        _ => {
            assert!(!path.contains('{'), "nobody says what to look at under {path}");
            vec![path.to_owned()]
        }
    }
}

async fn fill(story: &Story, owner: &Colleague) -> Known {
    talk(story).await;
    let dead =
        dead(story, 3, "HTTP 502: no answer from https://example.com/a/very/long/address/that/nobody/breaks?in=two")
            .await;
    let later = scheduled(&story.judge.pool, story.tenant, 2).await;
    let bulks = operations(story, &dead).await;
    people(story, owner).await;
    pauses(story, owner).await;
    let number = async |sql| story.judge.number(sql).await;
    let turn = number("select min(id) from holdfast.job_state where kind = 'answer_message'").await;
    let sent = number("select min(id) from holdfast.job_state where kind = 'send_reply'").await;
    let thought = number("select min(id) from holdfast.job_state where kind = 'think'").await;
    let webhooks = "select array[min(id), max(id)] from webhook_event";
    Known {
        jobs: vec![dead[0], later[0], turn, sent, thought],
        dead: dead[0],
        turn,
        bulks,
        webhooks: sqlx::query_scalar(webhooks).fetch_one(&story.judge.pool).await.unwrap(),
        message: number("select max(id) from message where direction = 'out'").await,
        invite: invited(story, "new@example.com").await,
    }
}

/// A booking, a message for nobody, and one of which nobody knows whether it went out.
async fn talk(story: &Story) {
    let anna = story.customer(ANNA);
    anna.books().await;
    let text = json!({ "body": "quali corsi ci sono domani?" });
    let stray = meta::message("393335550109", "wamid.stray", "text", &text);
    let stray = meta::envelope("999999999999999", &Value::Null, &[stray], &[]);
    assert_eq!(story.meta().posts(&stray).await, 200);
    story.judge.finds_all_done().await;
    story
        .simulators
        .fault(Fault { to: Some("393335550102".to_owned()), ..Fault::new(Target::Whatsapp, Kind::DropRequest) });
    story.customer("+393335550102").says("ciao").await;
    eventually(async || {
        let doubtful = story.judge.number("select count(*) from holdfast.effect where state = 'unknown'").await;
        if doubtful == 1 { Ok(()) } else { Err("nothing is in doubt".to_owned()) }
    })
    .await;
}

/// One that is only a preview, and one that was carried out.
async fn operations(story: &Story, dead: &[i64]) -> Vec<i64> {
    let pool = story.pool().await;
    let mut tx = engine::begin(&pool).await.unwrap();
    let asked = Asked {
        verb: Verb::Retry,
        until: None,
        query: "state:dead",
        who: "Ada",
        reason: "the network is back",
        rate: None,
    };
    let preview = bulk::freeze(&mut tx, Sight::HOUSE, &asked, dead, false).await.unwrap();
    let done = bulk::freeze(&mut tx, Sight::HOUSE, &asked, &dead[2..], false).await.unwrap();
    let client = engine::Client::new(pool.clone());
    let confirm = bulk::confirm(&client, &mut tx, Sight::HOUSE, done, "1").await.unwrap();
    assert!(matches!(confirm, Confirm::Started(_)), "{confirm:?}");
    client.commit(tx).await.unwrap();
    are(story, &dead[2..], "completed", 1).await;
    vec![preview, done]
}

async fn people(story: &Story, owner: &Colleague) {
    story.staff(Role::Agent, Some(story.tenant)).await;
    story.staff(Role::OpsRead, None).await;
    let mut conn = story.judge.pool.acquire().await.unwrap();
    views::save(&mut conn, &owner.account, "Dead today", "state:dead age:<1d", true).await.unwrap();
}

/// A queue that stands still, and who is to blame for it.
async fn pauses(story: &Story, owner: &Colleague) {
    let mut conn = story.judge.pool.acquire().await.unwrap();
    operate::pause(&mut conn, Some("send_receipt"), None, "the printer is away", &owner.account.name).await.unwrap();
    let audit = "insert into audit (at, staff_id, who_name, tenant_id, act, target, reason, detail)
                 values (now(), $1, $2, $3, 'job.retry_edited', 'job 12', 'retyped', '{\"changed\": {\"wamid\": [\"a\", \"b\"]}}')";
    let insert = sqlx::query(audit).bind(owner.account.id).bind(&owner.account.name).bind(story.tenant.0);
    insert.execute(&mut *conn).await.unwrap();
}

async fn invited(story: &Story, email: &str) -> String {
    let new = invite::NewInvite {
        email: email.to_owned(),
        name: "Carla".to_owned(),
        role: Role::Ops,
        tenant: None,
        by: None,
    };
    let mut conn = story.judge.pool.acquire().await.unwrap();
    invite::create(&mut conn, &new, story.clock.now()).await.unwrap().expect("an invitation")
}
