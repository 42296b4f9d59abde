//! Forcing a breaker: open, so that nothing starts that depends on it, or closed, so that everything does.

use std::time::Duration;

use axum::extract::Path;
use engine::{
    operate::{self, Forced},
    overview::BreakerNow,
};
use maud::{Markup, html};
use serde_json::json;

use crate::console::{
    Permission,
    failure::{Answer, Failure},
    shell::{form::Fields, link, parts},
    tenants::Businesses,
    visit::{Deed, Visit},
};

const BACK: &str = "/ops/breakers";
/// The longest that a breaker is forced, in minutes: a week.
const LONGEST: i64 = 7 * 24 * 60;

/// The buttons of one breaker.
pub(super) fn forms(visit: &Visit, breaker: &BreakerNow, businesses: &Businesses) -> Markup {
    if !visit.may(Permission::Breakers) {
        return html! {};
    }
    let words = visit.words();
    let at = |what: &str| format!("{BACK}/{}/{what}", link::escape(&breaker.rule));
    let tenant = html! { @if let Some(tenant) = breaker.tenant { input type="hidden" name="tenant" value=(tenant); } };
    html! {
        div.row {
            (parts::with_reason(words, &at("force"), &words.say("breakers-force-open"), "bad", BACK, fields(visit, breaker, businesses, "open")))
            (parts::with_reason(words, &at("force"), &words.say("breakers-force-closed"), "", BACK, fields(visit, breaker, businesses, "closed")))
            @if breaker.forced_by.is_some() {
                (parts::with_reason(words, &at("release"), &words.say("breakers-release"), "", BACK, tenant))
            }
        }
    }
}

fn fields(visit: &Visit, breaker: &BreakerNow, businesses: &Businesses, to: &str) -> Markup {
    let words = visit.words();
    html! {
        input type="hidden" name="to" value=(to);
        p.soft { (words.say(if to == "open" { "breakers-open-more" } else { "breakers-closed-more" })) }
        @match breaker.tenant {
            Some(tenant) => input type="hidden" name="tenant" value=(tenant);,
            None => label { span { (words.say("queues-for")) }
                select name="tenant" {
                    option value="" { (words.say("tenants-all")) }
                    @for line in &businesses.0 { option value=(line.id.0) { (parts::visible(&line.name)) } }
                }
            },
        }
        label { span { (words.say("breakers-minutes")) } input type="number" name="minutes" min="1" max=(LONGEST) value="30" required; }
    }
}

pub(super) async fn force(visit: Visit, Path(rule): Path<String>, fields: Fields) -> Answer {
    let words = visit.words();
    let reason = fields.reason()?;
    let forced = match fields.text("to") {
        "open" => Forced::Open,
        "closed" => Forced::Closed,
        _ => return Err(Failure::Unfit("to: open, closed".to_owned())),
    };
    let minutes = fields.number("minutes").filter(|minutes| (1..=LONGEST).contains(minutes));
    let minutes = minutes.ok_or_else(|| Failure::Unfit(words.say("breakers-no-minutes")))?;
    let tenant = tenant(&visit, &fields).await?;
    let length = Duration::from_secs(minutes.unsigned_abs() * 60);
    let mut tx = visit.begin().await?;
    let by = &visit.account().name;
    if !operate::force_breaker(&mut tx, &rule, tenant, forced, &reason, by, length).await? {
        return Err(Failure::NotFound);
    }
    let detail = json!({ "to": fields.text("to"), "minutes": minutes, "tenant": tenant });
    visit.note(&mut tx, Deed { act: "breaker.force", target: rule, tenant, reason: Some(reason), detail }).await?;
    visit.commit(tx).await?;
    Ok(visit.back(BACK, &format!("breaker-forced:{minutes}")))
}

pub(super) async fn release(visit: Visit, Path(rule): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let tenant = tenant(&visit, &fields).await?;
    let mut tx = visit.begin().await?;
    if !operate::unforce_breaker(&mut tx, &rule, tenant).await? {
        return Ok(visit.back(BACK, "no-breaker-forced"));
    }
    let detail = json!({ "tenant": tenant });
    visit.note(&mut tx, Deed { act: "breaker.release", target: rule, tenant, reason: Some(reason), detail }).await?;
    visit.commit(tx).await?;
    Ok(visit.back(BACK, "breaker-released"))
}

/// Whose breaker: whoever belongs to a business forces that business's only, whatever the form says.
async fn tenant(visit: &Visit, fields: &Fields) -> Result<Option<i64>, Failure> {
    match (visit.sight().tenant, fields.text("tenant")) {
        (Some(own), _) => Ok(Some(own)),
        (None, "") => Ok(None),
        (None, text) => {
            let id = text.parse().map_err(|_| Failure::NotFound)?;
            if Businesses::of(visit).await?.knows(id) { Ok(Some(id)) } else { Err(Failure::NotFound) }
        }
    }
}
