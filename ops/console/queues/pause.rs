//! Pausing: of one job type or all of them, for one business or all of them.
//!
//! Whoever belongs to a business pauses that business's jobs only, whatever the form says.

use engine::{operate, overview};
use maud::{Markup, html};
use serde_json::json;
use sqlx::PgConnection;

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::{form::Fields, parts},
    tenants::Businesses,
    visit::{Deed, Visit},
};

const MAY: Needs = Needs::May(Permission::Pause);

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/pauses/set", MAY, set), act("/ops/pauses/end", MAY, end)]
}

/// What stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Whose {
    /// The job's name. None: every type.
    pub kind: Option<String>,
    /// None: every business.
    pub tenant: Option<i64>,
}

impl Whose {
    fn target(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("all kinds");
        match self.tenant {
            Some(tenant) => format!("{kind} of tenant {tenant}"),
            None => kind.to_owned(),
        }
    }
}

/// A button that pauses, and one that resumes where it is paused.
pub(in crate::console) fn buttons(visit: &Visit, whose: &Whose, paused: bool, label: &str, back: &str) -> Markup {
    if !visit.may(Permission::Pause) {
        return html! {};
    }
    let words = visit.words();
    let hidden = html! {
        @if let Some(kind) = &whose.kind { input type="hidden" name="kind" value=(kind); }
        @if let Some(tenant) = whose.tenant { input type="hidden" name="tenant" value=(tenant); }
    };
    if paused {
        parts::with_reason(words, "/ops/pauses/end", &words.say("queues-resume"), "", back, hidden)
    } else {
        parts::with_reason(words, "/ops/pauses/set", label, "bad", back, hidden)
    }
}

/// A form that pauses, with the choice of the business for those who have it.
pub(super) fn form(visit: &Visit, kind: Option<&str>, businesses: &Businesses, label: &str, back: &str) -> Markup {
    let words = visit.words();
    if !visit.may(Permission::Pause) {
        return html! {};
    }
    let more = html! {
        @if let Some(kind) = kind { input type="hidden" name="kind" value=(kind); }
        @if visit.sight().tenant.is_none() {
            label { span { (words.say("queues-for")) }
                select name="tenant" {
                    option value="" { (words.say("tenants-all")) }
                    @for line in &businesses.0 { option value=(line.id.0) { (parts::visible(&line.name)) } }
                }
            }
        }
    };
    parts::with_reason(words, "/ops/pauses/set", label, "bad", back, more)
}

async fn set(visit: Visit, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let businesses = Businesses::of(&visit).await?;
    let mut tx = visit.begin().await?;
    let whose = whose(&visit, &fields, &businesses, &mut tx).await?;
    let by = &visit.account().name;
    operate::pause(&mut tx, whose.kind.as_deref(), whose.tenant, &reason, by).await?;
    let running = running(&mut tx, &whose).await?;
    let detail = json!({ "kind": whose.kind, "tenant": whose.tenant, "running": running });
    let deed = Deed { act: "queue.pause", target: whose.target(), tenant: whose.tenant, reason: Some(reason), detail };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    let told = running.map_or_else(|| "queue-paused".to_owned(), |running| format!("queue-drains:{running}"));
    Ok(visit.back(fields.back("/ops/queues"), &told))
}

/// How many still run of a type that is paused for all; they end as usual.
async fn running(conn: &mut PgConnection, whose: &Whose) -> Result<Option<i64>, Failure> {
    match (&whose.kind, whose.tenant) {
        (Some(kind), None) => Ok(Some(overview::running(conn, kind).await?)),
        _ => Ok(None),
    }
}

async fn end(visit: Visit, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let businesses = Businesses::of(&visit).await?;
    let mut tx = visit.begin().await?;
    let whose = whose(&visit, &fields, &businesses, &mut tx).await?;
    if !operate::resume(&mut tx, whose.kind.as_deref(), whose.tenant).await? {
        return Ok(visit.back(fields.back("/ops/queues"), "no-queue-pause"));
    }
    let detail = json!({ "kind": whose.kind, "tenant": whose.tenant });
    let deed = Deed { act: "queue.resume", target: whose.target(), tenant: whose.tenant, reason: Some(reason), detail };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back("/ops/queues"), "queue-resumed"))
}

/// What the form is about. A type or a business that nobody knows of is no reason to pause everything.
async fn whose(
    visit: &Visit,
    fields: &Fields,
    businesses: &Businesses,
    conn: &mut PgConnection,
) -> Result<Whose, Failure> {
    let tenant = match (visit.sight().tenant, fields.text("tenant")) {
        (Some(own), _) => Some(own),
        (None, "") => None,
        (None, text) => Some(text.parse().ok().filter(|id| businesses.knows(*id)).ok_or(Failure::NotFound)?),
    };
    let kind = match fields.text("kind") {
        "" => None,
        name => Some(name.to_owned()),
    };
    if let Some(kind) = &kind {
        let known = overview::tenant_snapshot(conn, tenant.unwrap_or_default()).await?;
        known.kinds.iter().find(|standing| standing.kind == *kind).ok_or(Failure::NotFound)?;
    }
    Ok(Whose { kind, tenant })
}
