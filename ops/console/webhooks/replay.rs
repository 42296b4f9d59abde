//! Taking in once more what is kept. It is a transaction of the ingress: that somebody asked for it is written down before,
//! and what came of it after.

use axum::{extract::Path, response::IntoResponse};
use domain::webhook::{self, Filter};
use maud::html;
use serde_json::{Value, json};

use super::{at, one::entry, target};
use crate::console::{
    Needs, Permission, Replayed,
    failure::{Answer, Failure},
    routes::{Route, act},
    screen::{Screen, Section},
    shell::{form::Fields, parts},
    visit::{Deed, Visit},
};

/// The most bodies that are taken in at one time.
const MOST: usize = 1_000;
/// Entries of the log that are read at one time.
const PAGE: i32 = 200;

pub(super) fn routes() -> Vec<Route> {
    let may = Needs::May(Permission::RunHouse);
    vec![act("/ops/webhooks/{id}/replay", may, one), act("/ops/webhooks/replay-aside", may, aside)]
}

async fn one(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    entry(&mut *visit.read().await?, id).await?;
    note(&visit, "webhook.replay", target(id), Some(reason), json!({})).await?;
    let result = replay(&visit, id).await;
    note(&visit, "webhook.replayed", target(id), None, json!({ "result": result })).await?;
    Ok(visit.back(&at(id), flash(result)))
}

async fn note(
    visit: &Visit,
    act: &'static str,
    target: String,
    reason: Option<String>,
    detail: Value,
) -> Result<(), Failure> {
    let mut tx = visit.begin().await?;
    visit.note(&mut tx, Deed { act, target, tenant: None, reason, detail }).await?;
    visit.commit(tx).await
}

/// What came of it, in a word.
async fn replay(visit: &Visit, id: i64) -> &'static str {
    match (visit.console.replay)(id).await {
        Ok(Replayed::Applied) => "applied",
        Ok(Replayed::NothingNew) => "nothing_new",
        Ok(Replayed::Gone) => "gone",
        Ok(Replayed::Unreadable) => "unreadable",
        Err(error) => {
            tracing::error!(webhook = id, %error, "a webhook could not be replayed");
            "failed"
        }
    }
}

fn flash(result: &str) -> &'static str {
    match result {
        "applied" => "webhook-applied",
        "nothing_new" => "webhook-nothing-new",
        "gone" => "no-webhook-gone",
        "unreadable" => "no-webhook-unreadable",
        _ => "no-webhook-failed",
    }
}

/// All of which something was put aside for one number, oldest first.
async fn aside(visit: Visit, fields: Fields) -> Answer {
    let (number, reason) = (fields.needed("number")?, fields.reason()?);
    let (events, more) = put_aside(&visit, number).await?;
    if events.is_empty() {
        return Err(Failure::NotFound);
    }
    let target = format!("number {number}");
    note(&visit, "webhook.replay_aside", target.clone(), Some(reason), json!({ "events": events.len(), "more": more }))
        .await?;
    let mut counts: Vec<(&str, i64)> = Vec::new();
    for event in events {
        let result = replay(&visit, event).await;
        match counts.iter_mut().find(|(known, _)| *known == result) {
            Some((_, count)) => *count += 1,
            None => counts.push((result, 1)),
        }
    }
    let told: serde_json::Map<String, Value> =
        counts.iter().map(|(result, n)| ((*result).to_owned(), json!(n))).collect();
    note(&visit, "webhook.replayed_aside", target, None, Value::Object(told)).await?;
    Ok(screen(&visit, number, &counts, more).into_response())
}

/// The bodies, oldest first, and whether there are others.
async fn put_aside(visit: &Visit, number: &str) -> Result<(Vec<i64>, bool), Failure> {
    let mut conn = visit.read().await?;
    let (mut events, mut before) = (Vec::new(), None);
    loop {
        let page = webhook::list(&mut conn, Filter { quarantined: true }, before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        events.extend(
            page.iter()
                .filter(|entry| entry.quarantined.iter().any(|part| part.phone_number_id == number))
                .map(|entry| entry.id),
        );
    }
    // Those that came first are taken in first.
    events.reverse();
    let more = events.len() > MOST;
    events.truncate(MOST);
    Ok((events, more))
}

fn screen(visit: &Visit, number: &str, counts: &[(&str, i64)], more: bool) -> Screen {
    let words = visit.words();
    let body = html! {
        section.card.stack {
            p { (words.say("webhook-number")) " " span.mono { (parts::said(number)) } }
            ul.plain { @for (result, n) in counts { li { b { (parts::number(*n)) } " " (words.term("webhook-result", result)) } } }
            @if more { p.notice { (words.say("webhook-replay-rest")) } }
            p { a.button href="/ops/webhooks?quarantined=1" { (words.say("webhooks-aside")) } }
        }
    };
    Screen::new(words.say("webhook-replay"), Section::Webhooks, body).narrow()
}
