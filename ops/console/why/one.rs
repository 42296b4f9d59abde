//! One message, explained.

use axum::extract::{Path, Query};
use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::{
    at, draw,
    read::{Found, read},
    story::story,
    target,
};
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, link, parts},
    visit::{Deed, Visit, see},
};

/// As the audit calls a look at what was said.
const REVEAL: &str = "message.reveal";

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/why/{id}", Needs::May(Permission::Why), one),
        act("/ops/why/{id}/reveal", Needs::May(Permission::Reveal), reveal),
    ]
}

#[derive(Deserialize)]
struct Asked {
    /// The line of the audit that says why somebody reads it.
    reveal: Option<i64>,
}

async fn one(visit: Visit, Path(id): Path<i64>, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let open = match asked.reveal {
        Some(line) => visit.has_said(&mut *visit.read().await?, Some(line), REVEAL, &target(id)).await?,
        None => false,
    };
    let body = match read(&visit, id, open).await? {
        Found::Ours(known) => draw::chain(&visit, &known, &story(&known), open),
        Found::Theirs => html! {
            (parts::empty(&words.say("why-theirs"), &words.say("why-theirs-more")))
            p { a.button href=(link::jobs(&format!("message:{id}"))) { (words.say("why-theirs-jobs")) } }
        },
    };
    Ok(Screen::new(words.say("why-title"), Section::Why, body))
}

async fn reveal(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let Found::Ours(known) = read(&visit, id, false).await? else { return Err(Failure::NotFound) };
    let mut tx = visit.begin().await?;
    let deed =
        Deed { act: REVEAL, target: target(id), tenant: Some(known.tenant.0), reason: Some(reason), detail: json!({}) };
    let line = visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(see(&format!("{}?reveal={line}", at(id)), None))
}
