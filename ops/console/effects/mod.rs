//! What left the house: first what nobody knows the end of.

mod rows;
mod settle;

use axum::extract::Query;
use engine::{
    cause, inspect,
    overview::{self, EffectPage, EffectPlace, EffectRow, EffectsFilter},
};
use maud::{Markup, html};
use serde::Deserialize;
use sqlx::PgConnection;

use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

const PAGE: usize = 50;
/// In the order in which they need somebody.
const STATES: [&str; 5] = ["unknown", "sent", "planned", "failed", "confirmed"];

pub(super) fn routes() -> Vec<Route> {
    let list = vec![show("/ops/effects", Needs::May(Permission::Look), list)];
    [list, settle::routes()].into_iter().flatten().collect()
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    /// In this state only.
    state: Option<String>,
    /// Of jobs of this type only.
    kind: Option<String>,
    /// Just this one.
    key: Option<String>,
    /// After the effect of this state, job and key.
    after: Option<String>,
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let mut rows = read(&visit, &mut conn, &asked).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let older = rows.last().filter(|_| more).map(|last| address(&asked, Some(&last.place())));
    let newer = asked.after.as_ref().map(|_| address(&asked, None));
    let body = html! {
        (pills(&visit, &asked))
        @if rows.is_empty() { (nothing(&visit, &asked)) } @else { (rows::table(&visit, &rows, &address(&asked, None))) }
        (parts::pages(words, newer.as_deref(), older.as_deref()))
    };
    Ok(Screen::new(words.say("nav-effects"), Section::Effects, body).live())
}

async fn read(visit: &Visit, conn: &mut PgConnection, asked: &Asked) -> Result<Vec<EffectRow>, Failure> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(key) = given(&asked.key) {
        return Ok(of_key(visit, conn, &key).await?.into_iter().collect());
    }
    let filter = EffectsFilter { state: given(&asked.state), kind: given(&asked.kind) };
    let page =
        EffectPage { after: asked.after.as_deref().and_then(place), most: i64::try_from(PAGE + 1).unwrap_or(i64::MAX) };
    Ok(overview::effects(conn, visit.sight(), &filter, &page).await?)
}

/// The effect of this name.
async fn of_key(visit: &Visit, conn: &mut PgConnection, key: &str) -> Result<Option<EffectRow>, Failure> {
    let Some(job) = cause::of_effect(&mut *conn, visit.sight(), key).await? else { return Ok(None) };
    let Some(page) = inspect::job(conn, visit.sight(), job).await? else { return Ok(None) };
    let effect = page.around.effects.into_iter().find(|effect| effect.key == key);
    Ok(effect.map(|effect| EffectRow {
        key: effect.key,
        job,
        kind: Some(page.job.kind),
        tenant: Some(page.job.tenant),
        state: effect.state,
        reference: effect.reference,
        reason: effect.reason,
        planned_at: effect.planned_at,
        sent_at: effect.sent_at,
        settled_at: effect.settled_at,
    }))
}

/// `state.job.key`, of which only the key may have dots in it.
fn place(text: &str) -> Option<EffectPlace> {
    let mut words = text.splitn(3, '.');
    let (state, job, key) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    Some(EffectPlace { state: state.to_owned(), job, key: key.to_owned() })
}

fn address(asked: &Asked, after: Option<&EffectPlace>) -> String {
    let after = after.map(|place| format!("{}.{}.{}", place.state, place.job, place.key));
    let parts = [("state", &asked.state), ("kind", &asked.kind), ("key", &asked.key), ("after", &after)];
    let parts =
        parts.into_iter().filter_map(|(name, value)| Some((name, value.as_deref().filter(|value| !value.is_empty())?)));
    let query: Vec<String> = parts.map(|(name, value)| format!("{name}={}", link::escape(value))).collect();
    if query.is_empty() { "/ops/effects".to_owned() } else { format!("/ops/effects?{}", query.join("&")) }
}

fn pills(visit: &Visit, asked: &Asked) -> Markup {
    let words = visit.words();
    let to = |state: Option<&str>| {
        address(&Asked { state: state.map(str::to_owned), kind: asked.kind.clone(), ..Asked::default() }, None)
    };
    let here = |state: Option<&str>| {
        (asked.key.is_none() && asked.state.as_deref().filter(|state| !state.is_empty()) == state).then_some("page")
    };
    html! {
        ul.pills aria-label=(words.say("state-column")) {
            li { a href=(to(None)) aria-current=[here(None)] { (words.say("all")) } }
            @for state in STATES { li { a href=(to(Some(state))) aria-current=[here(Some(state))] { (words.term("effect-state", state)) } } }
        }
        @if let Some(kind) = asked.kind.as_deref().filter(|kind| !kind.is_empty()) {
            ul.chips { li { a href=(address(&Asked { kind: None, ..asked.clone() }, None)) { "kind:" (parts::said(kind)) " ✕" } } }
        }
        @if let Some(key) = asked.key.as_deref().filter(|key| !key.is_empty()) { ul.chips { li { a href="/ops/effects" { (parts::said(key)) " ✕" } } } }
    }
}

fn nothing(visit: &Visit, asked: &Asked) -> Markup {
    let words = visit.words();
    let more = match asked.state.as_deref() {
        Some("unknown") => "effects-none-unknown",
        _ => "effects-none-more",
    };
    parts::empty(&words.say("effects-none"), &words.say(more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_survives_its_address() {
        let there = EffectPlace { state: "sent".to_owned(), job: 12, key: "pay:é.1&x=y".to_owned() };
        let text = format!("{}.{}.{}", there.state, there.job, there.key);
        assert_eq!(place(&text), Some(there.clone()));
        let asked = Asked { state: Some("sent".to_owned()), kind: Some(String::new()), ..Asked::default() };
        assert_eq!(address(&asked, Some(&there)), "/ops/effects?state=sent&after=sent.12.pay%3A%C3%A9.1%26x%3Dy");
        assert_eq!(place("sent.x.y"), None);
        assert_eq!(place(""), None);
    }
}
