//! Which message: by its id, or by the phone of who got it.

use axum::{extract::Query, response::IntoResponse};
use domain::{
    TenantId,
    lookup::{self, Recent, Subject},
    tenant,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::at;
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, show},
    screen::{Screen, Section},
    shell::parts,
    visit::{Visit, see},
};

/// Messages to choose from, of each business.
const RECENT: i64 = 20;
/// Businesses that are asked for them, when somebody of the whole house asks.
const HOUSES: usize = 5;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/why", Needs::May(Permission::Why), ask)]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Our id of a message, or WhatsApp's.
    message: String,
    /// The phone of who got it, or its end.
    phone: String,
}

async fn ask(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let words = visit.words();
    let (message, phone) = (asked.message.trim(), asked.phone.trim());
    let answer = if !message.is_empty() {
        if let Some(id) = found(&visit, message).await? {
            return Ok(see(&at(id), None));
        }
        html! { p.notice role="status" { (words.say("why-no-message")) } }
    } else if !phone.is_empty() {
        match recent(&visit, phone).await? {
            None => html! { p.notice.bad role="alert" { (words.say("why-no-phone")) } },
            Some(rows) if rows.is_empty() => parts::empty(&words.say("why-none"), &words.say("why-none-more")),
            Some(rows) => choices(&visit, &rows),
        }
    } else {
        html! { p.soft { (words.say("why-more")) } }
    };
    let body = html! { (forms(&visit, &asked)) (answer) };
    Ok(Screen::new(words.say("why-title"), Section::Why, body).into_response())
}

fn forms(visit: &Visit, asked: &Asked) -> Markup {
    let words = visit.words();
    html! {
        div.grid {
            form.card.stack role="search" aria-label=(words.say("why-by-message")) action="/ops/why" method="get" {
                h2 { (words.say("why-by-message")) }
                label { span { (words.say("why-message-id")) } input type="text" name="message" value=(asked.message) required maxlength="256" placeholder="wamid.…" autocomplete="off" spellcheck="false"; }
                div { button.main { (words.say("why-ask")) } }
            }
            form.card.stack role="search" aria-label=(words.say("why-by-phone")) action="/ops/why" method="get" {
                h2 { (words.say("why-by-phone")) }
                label { span { (words.say("why-phone")) " " small { (words.say("why-phone-more")) } } input type="tel" name="phone" value=(asked.phone) required maxlength="30" placeholder="+39 333 555 0110" autocomplete="off"; }
                div { button { (words.say("search")) } }
            }
        }
    }
}

/// Our id of a message.
async fn found(visit: &Visit, called: &str) -> Result<Option<i64>, Failure> {
    // What cannot be an id of a message is none.
    let Some(Subject::Message(called)) = Subject::message(called) else { return Ok(None) };
    let found = lookup::message(&mut *visit.read().await?, visit.account().tenant, &called).await?;
    Ok(found.map(|(_, message)| message.0))
}

/// The last messages to a phone. None: it is none.
async fn recent(visit: &Visit, phone: &str) -> Result<Option<Vec<(TenantId, Recent)>>, Failure> {
    let Some(subject) = Subject::phone(phone) else { return Ok(None) };
    let trails = lookup::find(&mut *visit.read().await?, visit.account().tenant, &subject).await?;
    let Subject::Phone(digits) = subject else { return Ok(None) };
    let mut rows = Vec::new();
    for trail in trails.into_iter().take(HOUSES) {
        let mut tx = tenant::begin(&visit.console.pool, trail.tenant).await?;
        rows.extend(lookup::recent(&mut tx, &digits, RECENT).await?.into_iter().map(|row| (trail.tenant, row)));
    }
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.at));
    Ok(Some(rows))
}

fn choices(visit: &Visit, rows: &[(TenantId, Recent)]) -> Markup {
    let words = visit.words();
    let head = ["why-message", "why-to", "state-column", "kind", "when"].map(|key| words.say(key));
    let rows = html! {
        @for (tenant, row) in rows {
            tr {
                td { a.row-link href=(at(row.message.0)) { (row.message) } @if visit.sight().tenant.is_none() { div.soft { (words.say("tenant")) " " (tenant) } } }
                td { (super::draw::person(visit, &row.to)) }
                td { (super::draw::state(words, "message-state", &row.state)) }
                td { (words.term("message-kind", &row.kind)) }
                td { (visit.times().ago(row.at)) }
            }
        }
    };
    html! { section { h2 { (words.say("why-choose")) } (parts::table(&words.say("why-choose"), &head, rows)) } }
}
