//! Triggering, pausing and resuming a schedule. The engine keeps who did it and why, and so does the audit.

use axum::extract::Path;
use engine::schedule::{self, ActError, Entry};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::address;
use crate::console::{
    Permission,
    failure::{Answer, Failure},
    shell::{form::Fields, parts},
    visit::{Deed, Visit},
};

/// The buttons of one schedule.
pub(super) fn buttons(visit: &Visit, entry: &Entry, back: &str) -> Markup {
    if !visit.may(Permission::RunHouse) {
        return html! {};
    }
    let words = visit.words();
    let at = |what: &str| format!("{}/{what}", address(&entry.name));
    html! {
        (parts::with_reason(words, &at("trigger"), &words.say("schedules-trigger"), "", back, html! {})) " "
        @if entry.pause.is_some() {
            (parts::with_reason(words, &at("resume"), &words.say("schedules-resume"), "", back, html! {}))
        } @else {
            (parts::with_reason(words, &at("pause"), &words.say("schedules-pause"), "bad", back, html! {}))
        }
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Unknown(_) => Self::NotFound,
            ActError::Words { .. } => Self::Unfit(error.to_string()),
            ActError::Database(error) => error.into(),
        }
    }
}

pub(super) async fn trigger(visit: Visit, Path(name): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    let act = schedule::trigger(&mut tx, &name, &visit.account().name, &reason).await?;
    visit.note(&mut tx, deed("schedule.trigger", &name, reason, json!({ "act": act }))).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back(&address(&name)), "schedule-triggered"))
}

pub(super) async fn pause(visit: Visit, Path(name): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    schedule::pause(&mut tx, &name, &visit.account().name, &reason).await?;
    visit.note(&mut tx, deed("schedule.pause", &name, reason, json!({}))).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back(&address(&name)), "schedule-paused"))
}

pub(super) async fn resume(visit: Visit, Path(name): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    schedule::resume(&mut tx, &name, &visit.account().name, &reason).await?;
    visit.note(&mut tx, deed("schedule.resume", &name, reason, json!({}))).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back(&address(&name)), "schedule-resumed"))
}

fn deed(act: &'static str, name: &str, reason: String, detail: Value) -> Deed {
    Deed { act, target: name.to_owned(), tenant: None, reason: Some(reason), detail }
}
