//! A job with other arguments: once more in its place, or as a new job.

use std::fmt::Write as _;

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engine::{inspect, operate};
use maud::html;
use serde_json::{Value, json};

use super::one::target;
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, link, masked, parts},
    visit::{Deed, Visit},
};

const MAY: Needs = Needs::May(Permission::Edit);

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/jobs/{id}/edit", MAY, async |visit: Visit, Path(id): Path<i64>| form(visit, id, How::Retry).await),
        act("/ops/jobs/{id}/edit", MAY, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            save(visit, id, fields, How::Retry).await
        }),
        show("/ops/jobs/{id}/duplicate", MAY, async |visit: Visit, Path(id): Path<i64>| {
            form(visit, id, How::Duplicate).await
        }),
        act("/ops/jobs/{id}/duplicate", MAY, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            save(visit, id, fields, How::Duplicate).await
        }),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Retry,
    Duplicate,
}

impl How {
    const fn path(self) -> &'static str {
        match self {
            Self::Retry => "edit",
            Self::Duplicate => "duplicate",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Retry => "verb-retry-edited",
            Self::Duplicate => "verb-duplicate",
        }
    }
}

/// Arguments may name people: whoever changes them reads them, and so the form itself is a line of the audit.
async fn form(visit: Visit, id: i64, how: How) -> Result<Screen, Failure> {
    let mut tx = visit.begin().await?;
    let page = inspect::job(&mut tx, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    let deed = Deed {
        act: super::reveal::ACT,
        target: target(id),
        tenant: Some(page.job.tenant),
        reason: None,
        detail: json!({ "for": how.path() }),
    };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    let value: Value = serde_json::from_str(page.job.payload.get()).unwrap_or_default();
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    Ok(ask(&visit, id, &page.job.kind, how, &text, None))
}

fn ask(visit: &Visit, id: i64, kind: &str, how: How, text: &str, wrong: Option<&str>) -> Screen {
    let words = visit.words();
    let body = html! {
        form.card.stack method="post" action={ "/ops/jobs/" (id) "/" (how.path()) } {
            p { (words.say(if how == How::Retry { "edit-more" } else { "duplicate-more" })) }
            @if let Some(wrong) = wrong { p.notice.bad #wrong role="alert" { (parts::said(wrong)) } }
            label { span { (words.say("arguments")) " " small { (kind) } }
                textarea name="payload" spellcheck="false" required aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "wrong")] { "\n" (unhidden(text)) } }
            label { span { (words.say("reason")) } input type="text" name="reason" required maxlength="500" autocomplete="off"; }
            div.row { button.main { (words.say(how.word())) } a.button href=(link::job(id)) { (words.say("cancel-button")) } }
        }
    };
    Screen::new(format!("{}: {kind} {id}", words.say(how.word())), Section::Jobs, body)
}

/// The same JSON, with the number of each character that would hide or turn around what is beside it.
fn unhidden(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars().filter(|c| *c != '\r') {
        if parts::hides(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

async fn save(visit: Visit, id: i64, fields: Fields, how: How) -> Answer {
    let reason = fields.reason()?;
    let payload = fields.raw("payload").trim();
    let mut tx = visit.begin().await?;
    let page = inspect::job(&mut tx, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    if let Err(error) = visit.console.checks.check(&page.job.kind, payload) {
        return Ok(refused(&visit, id, &page.job.kind, how, payload, &error.to_string()));
    }
    let (result, made) = match how {
        How::Retry => {
            (operate::retry_edited(&mut tx, visit.sight(), id, payload, &visit.account().name).await?.result, Some(id))
        }
        How::Duplicate => {
            let copied = operate::duplicate(&mut tx, visit.sight(), id, Some(payload)).await?;
            (copied.result, copied.job)
        }
    };
    let Some(made) = made.filter(|_| ["retried", "duplicated"].contains(&result.as_str())) else {
        let why = visit.words().term("told-no-job", &result);
        return Ok(refused(&visit, id, &page.job.kind, how, payload, &why));
    };
    let before: Value = serde_json::from_str(page.job.payload.get()).unwrap_or_default();
    let after: Value = serde_json::from_str(payload).unwrap_or_default();
    let act = if how == How::Retry { "job.retry_edited" } else { "job.duplicate" };
    let detail = json!({ "job": made, "changed": changes(&before, &after) });
    visit
        .note(&mut tx, Deed { act, target: target(id), tenant: Some(page.job.tenant), reason: Some(reason), detail })
        .await?;
    visit.commit(tx).await?;
    Ok(visit.back(&link::job(made), if how == How::Retry { "job-retried" } else { "job-duplicated" }))
}

fn refused(visit: &Visit, id: i64, kind: &str, how: How, text: &str, wrong: &str) -> Response {
    Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..ask(visit, id, kind, how, text, Some(wrong)) }.into_response()
}

/// Which fields differ, before and after, for the audit: texts are masked there, as the audit outlives those it tells of.
fn changes(before: &Value, after: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return json!({ "": [masked::masked(before), masked::masked(after)] });
    };
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let told = differing.map(|name| {
        // With its name beside it, since the name decides whether a text is a word of ours.
        let side = |fields: &serde_json::Map<String, Value>| {
            fields.get(name).map(|value| masked::masked(&json!({ name.as_str(): value }))[name].clone())
        };
        (name.clone(), json!([side(old), side(new)]))
    });
    Value::Object(told.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changes;

    #[test]
    fn the_audit_tells_which_fields_changed_and_no_words_of_customers() {
        let told = changes(
            &json!({ "seat": 7, "text": "ciao", "state": "open" }),
            &json!({ "seat": 8, "text": "Anna", "state": "open", "at": null }),
        );
        assert_eq!(told, json!({ "at": [null, null], "seat": [7, 8], "text": ["••• 4", "••• 4"] }));
    }
}
