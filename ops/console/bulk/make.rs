//! A new operation: nothing happens yet, but which jobs it is about is written down.

use chrono::{DateTime, TimeDelta, Utc};
use engine::bulk::{self, Asked, Verb};
use serde_json::json;

use super::{at, chosen, moment::moment, needs, target};
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::form::Fields,
    visit::{Deed, Visit, see},
};

/// The highest rate, in jobs a second.
const FASTEST: i64 = 100_000;
/// The longest snooze.
const LONGEST: TimeDelta = TimeDelta::days(366);

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/bulk", Needs::May(Permission::Bulk), make)]
}

async fn make(visit: Visit, fields: Fields) -> Answer {
    let words = visit.words();
    let verb = Verb::named(fields.text("verb")).ok_or_else(|| Failure::Unfit(words.say("bulk-no-verb")))?;
    if !visit.may(needs(verb)) {
        return Err(Failure::Forbidden);
    }
    let reason = fields.reason()?;
    let until = if verb == Verb::Snooze { Some(until(&visit, &fields)?) } else { None };
    let rate = rate(&visit, &fields)?;
    let chosen = chosen::chosen(&visit, &fields, verb).await?;
    if chosen.jobs.is_empty() {
        return Ok(visit.back(fields.back("/ops/jobs"), "no-bulk-empty"));
    }
    let asked = Asked { verb, until, query: &chosen.query, who: &visit.account().name, reason: &reason, rate };
    let mut tx = visit.begin().await?;
    let id = bulk::freeze(&mut tx, visit.sight(), &asked, &chosen.jobs, chosen.more).await?;
    let detail = json!({ "verb": verb.name(), "query": chosen.query, "jobs": chosen.jobs.len(), "more": chosen.more, "until": until, "rate": rate });
    let deed = Deed { act: "bulk.freeze", target: target(id), tenant: None, reason: Some(reason.clone()), detail };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(see(&at(id), None))
}

/// Jobs a second at most; none: nothing was said.
pub(super) fn rate(visit: &Visit, fields: &Fields) -> Result<Option<i32>, Failure> {
    if fields.text("rate").is_empty() {
        return Ok(None);
    }
    let rate = fields.number("rate").filter(|rate| (1..=FASTEST).contains(rate));
    let rate = rate.and_then(|rate| i32::try_from(rate).ok());
    rate.map(Some).ok_or_else(|| Failure::Unfit(visit.words().say("bulk-no-rate")))
}

fn until(visit: &Visit, fields: &Fields) -> Result<DateTime<Utc>, Failure> {
    let now = visit.now();
    let until = match fields.text("until") {
        "" => fields
            .number("minutes")
            .and_then(TimeDelta::try_minutes)
            .and_then(|minutes| now.checked_add_signed(minutes)),
        written => moment(written, visit.zone),
    };
    let fits = until.filter(|until| *until > now && *until - now <= LONGEST);
    fits.ok_or_else(|| Failure::Unfit(visit.words().say("bulk-no-until")))
}
