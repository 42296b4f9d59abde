//! Screens that are asked for one after the other, each about something else.

use std::time::{Duration, Instant};

use anyhow::ensure;
use ops::bench::{Report, Tell};
use sqlx::PgPool;

use super::browser::{Browser, jobs, sign_in};
use crate::commands::bench::rig::Rig;

const WARM: usize = 5;
const ROUNDS: usize = 200;
/// A piece of each error of the dead jobs.
const ERRORS: [&str; 7] = [
    "provider of the model is overloaded",
    "timed out after 60 s",
    "did not answer within 15 s",
    "Message undeliverable",
    "charge_already_refunded",
    "connection reset by peer",
    "no payment is known",
];

/// An address, and what stands on its page.
struct Ask {
    path: String,
    finds: String,
}

/// A turn of the past, picked at random.
#[derive(sqlx::FromRow)]
struct Turn {
    tenant: i64,
    customer: i64,
    phone: String,
    root: i64,
    think: i64,
    tool: i64,
    say: i64,
    said: i64,
    said_wamid: String,
    /// The customer's last turn, and its last job.
    last_root: i64,
    last_say: i64,
}

pub(super) async fn run(rig: &Rig, tell: Tell<'_>) -> anyhow::Result<()> {
    let token = sign_in(&rig.scene.pool, "owner").await?;
    let mut browser = Browser::open(rig.door, &token).await?;
    for (name, asks) in screens(&rig.scene.pool).await? {
        tell(timed(&mut browser, name, &asks).await?);
    }
    Ok(())
}

/// The first rounds are not counted.
async fn timed(browser: &mut Browser, name: &str, asks: &[Ask]) -> anyhow::Result<Report> {
    let (mut rounds, mut bytes) = (Vec::with_capacity(ROUNDS), 0);
    for (round, ask) in asks.iter().cycle().take(WARM + ROUNDS).enumerate() {
        let began = Instant::now();
        let page = browser.get(&ask.path, false).await?;
        if round >= WARM {
            rounds.push(began.elapsed());
        }
        bytes += page.len();
        ensure!(page.contains(&ask.finds), "{} does not show {:?}: {page}", ask.path, ask.finds);
    }
    let notes = format!("p95 {:.1} ms, {} kB a page", ms(p95(&rounds)), bytes / (WARM + ROUNDS) / 1000);
    Ok(Report::rounds(&format!("w11_{name}"), rounds, notes))
}

fn p95(rounds: &[Duration]) -> Duration {
    let mut rounds = rounds.to_vec();
    rounds.sort_unstable();
    rounds.get(rounds.len() * 95 / 100).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

async fn screens(pool: &PgPool) -> anyhow::Result<Vec<(&'static str, Vec<Ask>)>> {
    let turns = turns(pool).await?;
    let each = |ask: fn(&Turn) -> Ask| turns.iter().map(ask).collect::<Vec<_>>();
    let of_kind = "select max(j.id) from holdfast.job j join holdfast.kind k on k.id = j.kind where k.name = $1";
    let dead = "select max(d.id) from holdfast.done d where d.outcome = 1 and $1 <> ''";
    let with_error = "select max(a.id) from holdfast.attempt a where strpos(a.error, $1) > 0";
    let mut errors = Vec::new();
    for error in ERRORS {
        errors.push(listed(&format!("error:\"{error}\""), newest(pool, with_error, error).await?));
    }
    let last = turns.iter().map(|turn| turn.last_say).max().unwrap_or_default();
    Ok(vec![
        ("list", vec![Ask { path: "/ops/jobs".to_owned(), finds: shown(last) }]),
        ("common", vec![listed("kind:think", newest(pool, of_kind, "think").await?)]),
        ("rare", vec![listed("kind:export_customer", newest(pool, of_kind, "export_customer").await?)]),
        ("dead", vec![listed("state:dead", newest(pool, dead, "dead").await?)]),
        ("error", errors),
        ("phone", each(|turn| listed(&format!("phone:{}", turn.phone), turn.last_say))),
        ("booking", bookings(pool).await?),
        ("message", each(|turn| listed(&format!("message:{}", turn.said_wamid), turn.root))),
        ("key", each(|turn| listed(&format!("key:\"{}:{}\"", turn.tenant, turn.customer), turn.last_root))),
        ("job", each(one)),
        ("steps", each(|turn| about(format!("/ops/jobs/{}/steps", turn.root), turn.say))),
        ("why", each(|turn| about(format!("/ops/why/{}", turn.said), turn.root))),
        ("groups", vec![Ask { path: "/ops/dead".to_owned(), finds: "charge_already_refunded".to_owned() }]),
        ("health", vec![Ask { path: "/ops".to_owned(), finds: "row-link".to_owned() }]),
    ])
}

/// The list of a query, which has this job on its first page.
fn listed(query: &str, job: i64) -> Ask {
    Ask { path: jobs(query), finds: shown(job) }
}

/// A job's row in a list.
fn shown(job: i64) -> String {
    format!("id=\"job-{job}\"")
}

/// A page with a link to this job.
fn about(path: String, job: i64) -> Ask {
    Ask { path, finds: format!("/ops/jobs/{job}\"") }
}

/// One of the turn's jobs.
fn one(turn: &Turn) -> Ask {
    let jobs =
        [("answer_message", turn.root), ("think", turn.think), ("find_sessions", turn.tool), ("send_reply", turn.say)];
    let (kind, job) = jobs[usize::try_from(turn.said / 2).unwrap_or_default() % jobs.len()];
    Ask { path: format!("/ops/jobs/{job}"), finds: format!("{kind} {job}") }
}

async fn newest(pool: &PgPool, sql: &'static str, about: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(sql).bind(about).fetch_one(pool).await
}

/// As many as there are rounds, from all of the past, and the last one.
async fn turns(pool: &PgPool) -> sqlx::Result<Vec<Turn>> {
    sqlx::query_as(
        "select t.tenant, t.customer, c.phone, t.root, t.think, t.tool, t.say, t.said, t.said_wamid, t.last_root, t.last_say
         from (select x.*, max(x.root) over (partition by x.customer) as last_root, max(x.say) over (partition by x.customer) as last_say,
                      x.n = max(x.n) over () as is_last from bench_turn x) t
         join customer c on c.id = t.customer order by t.is_last desc, random() limit $1",
    )
    .bind(i64::try_from(WARM + ROUNDS).unwrap_or_default())
    .fetch_all(pool)
    .await
}

/// Bookings, each with the turn in which it was wished for.
async fn bookings(pool: &PgPool) -> anyhow::Result<Vec<Ask>> {
    let seats: Vec<(i64, i64)> = sqlx::query_as(
        "select s.id, p.turn_id from seat s join proposal p on p.id = s.proposal_id order by random() limit $1",
    )
    .bind(i64::try_from(WARM + ROUNDS)?)
    .fetch_all(pool)
    .await?;
    Ok(seats.into_iter().map(|(seat, job)| listed(&format!("booking:{seat}"), job)).collect())
}
