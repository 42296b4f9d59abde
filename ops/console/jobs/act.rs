//! What can be done to one job, and to those that are ticked.

use std::collections::BTreeMap;

use axum::extract::Path;
use chrono::TimeDelta;
use engine::{
    inspect::JobFacts,
    operate::{self, Acted},
};
use maud::{Markup, html};
use serde_json::json;
use sqlx::PgConnection;

use super::one::target;
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::{form::Fields, link, parts},
    visit::{Deed, Visit},
};

/// The most jobs of one selection: those of a page.
const MOST: usize = 500;
/// The longest snooze, in minutes: a month.
const LONGEST: i64 = 43_200;

pub(super) fn routes() -> Vec<Route> {
    let may = Needs::May(Permission::Act);
    vec![
        act("/ops/jobs/selected", may, selected),
        act("/ops/jobs/{id}/retry", may, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            one(visit, id, fields, Verb::Retry).await
        }),
        act("/ops/jobs/{id}/run-now", may, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            one(visit, id, fields, Verb::RunNow).await
        }),
        act("/ops/jobs/{id}/snooze", may, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            one(visit, id, fields, Verb::Snooze).await
        }),
        act("/ops/jobs/{id}/cancel", may, async |visit: Visit, Path(id): Path<i64>, fields: Fields| {
            one(visit, id, fields, Verb::Cancel).await
        }),
        act(
            "/ops/jobs/{id}/delete",
            Needs::May(Permission::Delete),
            async |visit: Visit, Path(id): Path<i64>, fields: Fields| one(visit, id, fields, Verb::Delete).await,
        ),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Retry,
    RunNow,
    Snooze,
    Cancel,
    Delete,
}

impl Verb {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "retry" => Self::Retry,
            "run_now" => Self::RunNow,
            "snooze" => Self::Snooze,
            "cancel" => Self::Cancel,
            _ => return None,
        })
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Retry => "job.retry",
            Self::RunNow => "job.run_now",
            Self::Snooze => "job.snooze",
            Self::Cancel => "job.cancel",
            Self::Delete => "job.delete",
        }
    }

    /// Whether a result means that it is as asked.
    fn is_done(result: &str) -> bool {
        ["retried", "due", "snoozed", "cancelled", "asked", "deleted"].contains(&result)
    }

    async fn apply(
        self,
        visit: &Visit,
        conn: &mut PgConnection,
        jobs: &[i64],
        fields: &Fields,
        reason: &str,
    ) -> Result<Vec<Acted>, Failure> {
        let sight = visit.sight();
        Ok(match self {
            Self::Retry => operate::retry_seen(conn, sight, jobs).await?,
            Self::RunNow => operate::run_now(conn, sight, jobs).await?,
            Self::Cancel => {
                operate::cancel_seen(conn, sight, jobs, &format!("{}: {reason}", visit.account().name)).await?
            }
            Self::Delete => operate::delete(conn, sight, jobs).await?,
            Self::Snooze => {
                let minutes = fields.number("minutes").unwrap_or(10).clamp(1, LONGEST);
                operate::snooze(conn, sight, jobs, visit.now() + TimeDelta::minutes(minutes)).await?
            }
        })
    }

    /// What ends work must be explained.
    fn reason(self, fields: &Fields) -> Result<Option<String>, Failure> {
        match self {
            Self::Cancel | Self::Delete => fields.reason().map(Some),
            _ => Ok(fields.reason().ok()),
        }
    }
}

async fn one(visit: Visit, id: i64, fields: Fields, verb: Verb) -> Answer {
    let reason = verb.reason(&fields)?;
    let mut tx = visit.begin().await?;
    let acted = verb.apply(&visit, &mut tx, &[id], &fields, reason.as_deref().unwrap_or_default()).await?;
    let result = acted.first().map_or("unknown", |acted| acted.result.as_str()).to_owned();
    if result == "unknown" {
        return Err(Failure::NotFound);
    }
    let deed = Deed { act: verb.act(), target: target(id), tenant: None, reason, detail: json!({ "result": result }) };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    let gone = result == "deleted";
    let to = if gone { "/ops/jobs".to_owned() } else { link::job(id) };
    let flash = if Verb::is_done(&result) {
        format!("job-{}", result.replace('_', "-"))
    } else {
        format!("no-job-{}", result.replace('_', "-"))
    };
    Ok(visit.back(if gone { &to } else { fields.back(&to) }, &flash))
}

async fn selected(visit: Visit, fields: Fields) -> Answer {
    let jobs = fields.numbers("job");
    let back = fields.back("/ops/jobs").to_owned();
    if jobs.is_empty() {
        return Ok(visit.back(&back, "no-selection"));
    }
    if jobs.len() > MOST {
        return Err(Failure::Unfit(format!("job: at most {MOST} at one time; take all that match instead")));
    }
    let verb = Verb::named(fields.text("do"))
        .ok_or_else(|| Failure::Unfit("do: retry, run_now, snooze, cancel".to_owned()))?;
    let reason = verb.reason(&fields)?;
    let mut tx = visit.begin().await?;
    let acted = verb.apply(&visit, &mut tx, &jobs, &fields, reason.as_deref().unwrap_or_default()).await?;
    let mut results: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for acted in &acted {
        results.entry(&acted.result).or_default().push(acted.job);
    }
    let done = acted.iter().filter(|acted| Verb::is_done(&acted.result)).count();
    let deed = Deed {
        act: verb.act(),
        target: format!("{} jobs", acted.len()),
        tenant: None,
        reason,
        detail: json!({ "results": results }),
    };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    let flash = if done > 0 { "jobs-done" } else { "no-jobs-done" };
    Ok(visit.back(&back, &format!("{flash}:{done}:{}", acted.len() - done)))
}

/// The buttons of a job's page: those that fit where it stands.
pub(super) fn buttons(visit: &Visit, job: &JobFacts) -> Markup {
    let words = visit.words();
    if !visit.may(Permission::Act) {
        return html! {};
    }
    let at = |what: &str| format!("/ops/jobs/{}/{what}", job.id);
    let back = link::job(job.id);
    let state = job.state.as_str();
    let failed = matches!(state, "dead" | "cancelled");
    let ended = failed || state == "completed";
    html! {
        div.row {
            @if failed { form.inline method="post" action=(at("retry")) { input type="hidden" name="back" value=(back); button.main data-act="retry" { (words.say("verb-retry")) } } }
            @if failed && visit.may(Permission::Edit) { a.button href=(at("edit")) { (words.say("verb-retry-edited")) "…" } }
            @if matches!(state, "scheduled" | "retrying") { (parts::button(&at("run-now"), &words.say("verb-run-now"), "main", &back)) }
            @if matches!(state, "ready" | "scheduled" | "retrying") {
                (parts::with_reason(words, &at("snooze"), &words.say("verb-snooze"), "", &back, html! {
                    label { span { (words.say("snooze-for")) } select name="minutes" { @for minutes in [10, 60, 480, 1440] { option value=(minutes) { (words.count("minutes", minutes)) } } } }
                }))
            }
            @if !ended { span data-act-place="cancel" { (parts::with_reason(words, &at("cancel"), &words.say("verb-cancel"), "bad", &back, html! {})) } }
            @if ended && job.parent.is_none() && visit.may(Permission::Edit) { a.button href=(at("duplicate")) { (words.say("verb-duplicate")) "…" } }
            @if ended && visit.may(Permission::Delete) { (parts::with_reason(words, &at("delete"), &words.say("verb-delete"), "bad", "", html! { p { (words.say("delete-more")) } })) }
        }
    }
}
