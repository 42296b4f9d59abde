//! One body that came in: what is known of it, and, to whoever says why, what it says.

use axum::extract::{Path, Query};
use domain::webhook::{self, Entry, Filter};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{aside, at, held, target};
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, parts},
    visit::{Deed, Visit, see},
};

/// As the audit calls a look at the body.
const REVEAL: &str = "webhook.reveal";
/// The longest body that is shown, in bytes.
const SHOWN: usize = 256 * 1024;

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/webhooks/{id}", Needs::May(Permission::House), one),
        act("/ops/webhooks/{id}/reveal", Needs::May(Permission::Reveal), reveal),
    ]
}

#[derive(Deserialize)]
struct Asked {
    /// The line of the audit that says why somebody reads it.
    reveal: Option<i64>,
}

/// The entry of this id.
pub(super) async fn entry(conn: &mut PgConnection, id: i64) -> Result<Entry, Failure> {
    let newest = webhook::list(conn, Filter::default(), id.checked_add(1), 1).await?.pop();
    newest.filter(|entry| entry.id == id).ok_or(Failure::NotFound)
}

async fn one(visit: Visit, Path(id): Path<i64>, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let entry = entry(&mut conn, id).await?;
    let body = if visit.has_said(&mut conn, asked.reveal, REVEAL, &target(id)).await? {
        webhook::body(&mut conn, id).await?
    } else {
        None
    };
    let shown = html! {
        (facts(&visit, &entry))
        (acts(&visit, &entry))
        section.card {
            h2 { (words.say("webhook-body")) }
            @match body {
                Some(body) => pre { (parts::visible(&readable(&body))) },
                None => {
                    p.soft { (words.say("webhook-body-more")) }
                    @if visit.may(Permission::Reveal) { (parts::with_reason(words, &format!("{}/reveal", at(id)), &words.say("webhook-reveal"), "", &at(id), html! {})) }
                }
            }
        }
    };
    Ok(Screen::new(words.with("webhook-title", &[("id", &id.to_string())]), Section::Webhooks, shown))
}

fn facts(visit: &Visit, entry: &Entry) -> Markup {
    let words = visit.words();
    let mut facts = vec![
        (words.say("when"), visit.times().at(entry.received_at)),
        (words.say("webhook-source"), html! { (words.term("webhook-source", &entry.source)) }),
        (words.say("webhook-size"), html! { (parts::number(entry.bytes)) " B" }),
        (words.say("webhook-held"), held(words, entry)),
    ];
    if !entry.quarantined.is_empty() {
        facts.push((words.say("webhook-put-aside"), aside(words, entry)));
    }
    html! { section.card { h2 { (words.say("webhook-facts")) } (parts::facts(&facts)) } }
}

/// What can be done with it.
fn acts(visit: &Visit, entry: &Entry) -> Markup {
    let words = visit.words();
    let here = at(entry.id);
    let mut numbers: Vec<&str> = entry.quarantined.iter().map(|part| part.phone_number_id.as_str()).collect();
    numbers.dedup();
    html! {
        @if visit.may(Permission::RunHouse) {
            section.card {
                h2 { (words.say("webhook-replay")) }
                p.soft { (words.say("webhook-replay-more")) }
                div.row {
                    @if entry.is_erased { p.notice { (words.say("webhook-replay-erased")) } }
                    @else { (parts::with_reason(words, &format!("{here}/replay"), &words.say("webhook-replay-one"), "main", &here, html! {})) }
                    @for number in numbers {
                        (parts::with_reason(words, "/ops/webhooks/replay-aside", &words.with("webhook-replay-all", &[("number", &parts::visible(number))]), "", &here,
                            html! { input type="hidden" name="number" value=(number); }))
                    }
                }
            }
        }
    }
}

/// JSON with line breaks; anything else as it is.
fn readable(body: &[u8]) -> String {
    let cut = body.get(..SHOWN).unwrap_or(body);
    let told = serde_json::from_slice::<Value>(cut).ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
    told.unwrap_or_else(|| String::from_utf8_lossy(cut).into_owned())
}

async fn reveal(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    if !visit.may(Permission::House) {
        return Err(Failure::Forbidden);
    }
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    entry(&mut tx, id).await?;
    let deed = Deed { act: REVEAL, target: target(id), tenant: None, reason: Some(reason), detail: json!({}) };
    let line = visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(see(&format!("{}?reveal={line}", at(id)), None))
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn json_is_told_in_lines_and_anything_else_as_it_came() {
        assert_eq!(readable(br#"{"a":[1]}"#), "{\n  \"a\": [\n    1\n  ]\n}");
        assert_eq!(readable(b"not json \xff"), "not json \u{fffd}");
    }
}
