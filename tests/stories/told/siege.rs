//! The process is killed again and again, while programs book, wait, pay, move and give up.
//!
//! `HOLDFAST_CHAOS=full` makes it ten thousand steps; `HOLDFAST_CHAOS_SEED` repeats a run's choices.

use std::time::Duration;

use holdfast::api::Grant;
use ops::simulate::payments::{RefundState, SessionState};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};

use super::api::program::Program;
use crate::house::{Process, Story};

const GUESTS: usize = 24;
const AT_ONCE: u64 = 8;

struct Scale {
    steps: u64,
    pause_ms: u64,
    seed: u64,
}

impl Scale {
    fn told() -> Self {
        #[expect(clippy::disallowed_methods, reason = "who runs the tests says how long")]
        let told = |name| std::env::var(name).ok();
        let seed = told("HOLDFAST_CHAOS_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
        match told("HOLDFAST_CHAOS").as_deref() {
            Some("full") => Self { steps: 10_000, pause_ms: 150, seed },
            _ => Self { steps: 480, pause_ms: 2400, seed },
        }
    }
}

/// Who books what.
struct Stage<'a> {
    story: &'a Story,
    desk: Program,
    guests: Vec<i64>,
    sessions: Vec<i64>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_while_money_and_places_change_hands_leave_the_books_in_order() {
    let (scale, story) = (Scale::told(), Story::besieged().await);
    let mut process = story.process("siege").await;
    let stage = stage(&story).await;
    let (end, ended) = watch::channel(false);
    let kills = async {
        let mut dice = StdRng::seed_from_u64(scale.seed);
        let mut kills = 0;
        while !*ended.borrow() {
            sleep(Duration::from_millis(dice.random_range(300..2500))).await;
            process.kill().await;
            process = story.process("siege").await;
            kills += 1;
        }
        (process, kills)
    };
    let steps = async {
        let people = (0..AT_ONCE).map(|person| live(&stage, &scale, person));
        futures_util::future::join_all(people).await;
        // Offers would go from one to the next for long.
        for session in &stage.sessions {
            for entry in listed(&stage.desk, &format!("/sessions/{session}/waitlist")).await {
                let path = format!("/waitlist-entries/{}", entry["id"]);
                stage.desk.insists(&format!("end-{}", entry["id"]), Method::DELETE, &path, None).await;
            }
        }
        end.send_replace(true);
    };
    let ((process, kills), ()): ((Process, u32), ()) = tokio::join!(kills, steps);
    assert!(kills >= 10, "{kills} kills");
    // What is held until it is paid runs out after a minute.
    story.judge.finds_all_done_within(Duration::from_mins(3)).await;
    judge(&story).await;
    assert!(process.terminate().await, "the last process ended badly");
}

/// Three sessions that are paid on the spot and three that are paid before, with three places each.
async fn stage(story: &Story) -> Stage<'_> {
    let desk = Program::with(story, story.tenant, "siege", &Grant::all()).await;
    for sql in [
        "update tenant set hold_minutes = 1, claim_minutes = 1",
        "update session set capacity = 3 where starts_at > now() + interval '2 days'",
    ] {
        sqlx::query(sql).execute(&story.judge.pool).await.unwrap();
    }
    let some = "(select s.id::text from session s join service v on v.tenant_id = s.tenant_id and v.id = s.service_id
                 where s.starts_at > now() + interval '2 days' and v.prepaid = $1 order by s.starts_at limit 3)";
    let mut sessions = Vec::new();
    for prepaid in [true, false] {
        let ids: Vec<String> = sqlx::query_scalar(some).bind(prepaid).fetch_all(&story.judge.pool).await.unwrap();
        sessions.extend(ids.iter().map(|id| id.parse::<i64>().unwrap()));
    }
    assert_eq!(sessions.len(), 6, "the demo has no such sessions");
    let mut guests = Vec::new();
    for n in 0..GUESTS {
        let new = json!({ "phone": format!("+44 7700 91{n:04}"), "language": "en" });
        let made = desk.insists(&format!("guest-{n}"), Method::POST, "/customers", Some(new)).await.created();
        guests.push(made["id"].as_i64().unwrap());
    }
    Stage { story, desk, guests, sessions }
}

async fn listed(desk: &Program, path: &str) -> Vec<Value> {
    desk.insists("-", Method::GET, path, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn live(stage: &Stage<'_>, scale: &Scale, person: u64) {
    let mut dice = StdRng::seed_from_u64(scale.seed + person);
    for n in 0..scale.steps / AT_ONCE {
        step(stage, &format!("{person}-{n}"), &mut dice).await;
        sleep(Duration::from_millis(dice.random_range(0..scale.pause_ms))).await;
    }
}

/// One thing that somebody does. Whatever it is, it is done or it is told why not.
async fn step(stage: &Stage<'_>, key: &str, dice: &mut StdRng) {
    let desk = &stage.desk;
    let (session, guest) = (*stage.sessions.choose(dice).unwrap(), *stage.guests.choose(dice).unwrap());
    let place = json!({ "session": session, "customer": guest });
    let (method, path, body) = match dice.random_range(0..12) {
        0..=3 => (Method::POST, "/bookings".to_owned(), Some(place)),
        4 | 5 => (Method::POST, "/waitlist-entries".to_owned(), Some(place)),
        turn @ 6..=8 => {
            let bookings = listed(desk, &format!("/bookings?session={session}&state=booked")).await;
            let Some(booking) = bookings.choose(dice) else { return };
            match turn {
                6 => (
                    Method::POST,
                    format!("/bookings/{}/move", booking["id"]),
                    Some(json!({ "session": *stage.sessions.choose(dice).unwrap() })),
                ),
                _ => (
                    Method::POST,
                    format!("/bookings/{}/cancellation", booking["id"]),
                    Some(json!({ "by": "customer" })),
                ),
            }
        }
        9 => {
            let waiting = listed(desk, &format!("/sessions/{session}/waitlist")).await;
            let Some(entry) = waiting.choose(dice) else { return };
            (Method::DELETE, format!("/waitlist-entries/{}", entry["id"]), None)
        }
        _ => {
            // With the provider, whose events find the house or come again.
            let open: Vec<_> = stage
                .story
                .simulators
                .payments()
                .sessions
                .into_iter()
                .filter(|one| one.state == SessionState::Open)
                .collect();
            if let Some(link) = open.choose(dice) {
                drop(stage.story.simulators.pay(&link.id));
            }
            return;
        }
    };
    let answer = desk.insists(key, method.clone(), &path, body.clone()).await;
    assert!(answer.status.is_success() || [404, 409].contains(&answer.status.as_u16()), "{path}: {}", answer.text());
    if dice.random_bool(0.2) {
        let again = desk.insists(key, method, &path, body).await;
        assert_eq!(
            (again.status, again.text()),
            (answer.status, answer.text()),
            "{path}: the same key, another answer"
        );
    }
}

async fn judge(story: &Story) {
    for (what, sql) in [
        ("were passed over without a reason", include_str!("../../data/judge/passed_over.sql")),
        ("paid for nothing", "select count(*) from payment p join seat x on x.tenant_id = p.tenant_id and x.id = p.seat_id
                              where x.state = 'cancelled' and x.cancelled_by = 'expiry' and p.captured_minor > p.refunded_minor"),
        ("are held by nobody's offer", "select count(*) from seat where state = 'held'"),
        ("payments have no end", "select count(*) from payment where state in ('created', 'authorised')"),
    ] {
        assert_eq!(story.judge.number(sql).await, 0, "{what}");
    }
    for (what, sql) in [
        ("money came", "select count(*) from payment where captured_minor > 0"),
        ("money went back", "select count(*) from refund where state = 'succeeded'"),
        ("places were offered", "select count(*) from waitlist_log where event = 'offered'"),
        ("offers were taken", "select count(*) from waitlist_log where event = 'accepted'"),
        ("holds ran out", "select count(*) from seat where cancelled_by = 'expiry'"),
        ("places were exchanged", "select count(*) from seat where moved_from is not null"),
    ] {
        assert!(story.judge.number(sql).await > 0, "{what}: the steps do not reach this");
    }
    // The provider's books and ours say the same.
    let theirs = story.simulators.payments();
    let paid: i64 = theirs.sessions.iter().filter(|one| one.paid).map(|one| one.amount_minor).sum();
    let captured = "select coalesce(sum(captured_minor), 0)::bigint from payment where method = 'card'";
    assert_eq!(story.judge.number(captured).await, paid, "what was paid");
    let back: i64 =
        theirs.refunds.iter().filter(|one| one.state == RefundState::Succeeded).map(|one| one.amount_minor).sum();
    let refunded = "select coalesce(sum(amount_minor), 0)::bigint from refund where state = 'succeeded'";
    assert_eq!(story.judge.number(refunded).await, back, "what went back");
    let sent_twice = story.simulators.stats().sent_twice;
    assert!(sent_twice.is_empty(), "sent twice: {sent_twice:?}");
}
