//! Limits: what all processes together do not exceed, and changing it by hand.

use std::time::Duration;

use axum::extract::Path;
use engine::{
    operate::{self, Numbers},
    overview::{self, LimitNow},
};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::{chart, form::Fields, link, parts},
    visit::{Deed, Visit},
    words::Words,
};

const MAY: Needs = Needs::May(Permission::RunHouse);
/// The longest window of a rate: a week.
const LONGEST: u64 = 7 * 24 * 3600;

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/limits/{name}/set", MAY, set), act("/ops/limits/{name}/release", MAY, release)]
}

/// How full it is.
pub(in crate::console) fn fill(words: Words, limit: &LimitNow) -> Markup {
    html! {
        @match limit.running {
            Some(most) => {
                (parts::number(limit.used)) " / " (parts::number(i64::from(most)))
                (chart::bar(limit.used, i64::from(most), if limit.used >= i64::from(most) { "wait" } else { "busy" }, &words.count("queues-used-told", limit.used)))
            },
            None => span.soft { (words.say("queues-any")) },
        }
    }
}

/// `30 / 10 s`
pub(in crate::console) fn rate(words: Words, limit: &LimitNow) -> Markup {
    html! {
        @match (limit.rate, limit.per_ms) {
            (Some(rate), Some(per)) => { (parts::number(i64::from(rate))) " / " (parts::length(chrono::TimeDelta::milliseconds(per))) },
            _ => span.soft { (words.say("queues-any")) },
        }
    }
}

/// A limit with its numbers, and the form that changes them.
pub(super) fn card(visit: &Visit, limit: &LimitNow, back: &str) -> Markup {
    let words = visit.words();
    let facts = [
        (words.say("queues-at-once"), fill(words, limit)),
        (words.say("queues-rate"), rate(words, limit)),
        (words.say("queues-scope"), html! { (words.term("queues-scope", &limit.scope)) }),
        (words.say("queues-waits-here"), html! { (parts::number(limit.held)) }),
        (words.say("queues-limit-kinds"), html! { (parts::said(&limit.kinds.join(", "))) }),
    ];
    html! {
        section.card.stack {
            h2 { (words.say("queues-limit")) " " (parts::said(&limit.rule)) }
            (parts::facts(&facts))
            (by_hand(visit, limit))
            @if visit.may(Permission::RunHouse) {
                div.row {
                    (parts::with_reason(words, &at(&limit.rule, "set"), &words.say("queues-limit-change"), "", back, numbers(words, limit)))
                    @if limit.changed_by.is_some() {
                        (parts::with_reason(words, &at(&limit.rule, "release"), &words.say("queues-limit-release"), "", back, html! {}))
                    }
                }
            }
        }
    }
}

/// Who changed it, where somebody did.
pub(in crate::console) fn by_hand(visit: &Visit, limit: &LimitNow) -> Markup {
    html! {
        @if let Some(by) = &limit.changed_by {
            p.notice {
                (visit.words().say("queues-limit-by-hand")) " " (parts::said(by))
                @if let Some(at) = limit.changed_at { " · " (visit.times().ago(at)) }
                @if let Some(reason) = &limit.reason { " · " (parts::said(reason)) }
            }
        }
    }
}

fn at(name: &str, what: &str) -> String {
    format!("/ops/limits/{}/{what}", link::escape(name))
}

fn numbers(words: Words, limit: &LimitNow) -> Markup {
    let seconds = limit.per_ms.map(|per| Duration::from_millis(per.unsigned_abs()).as_secs_f64());
    html! {
        label { span { (words.say("queues-at-once")) " " small { (words.say("queues-empty-any")) } }
            input type="number" name="running" min="0" max="1000000" value=[limit.running]; }
        label { span { (words.say("queues-starts")) " " small { (words.say("queues-empty-any")) } }
            input type="number" name="rate" min="1" max="1000000" value=[limit.rate]; }
        label { span { (words.say("queues-per")) }
            input type="number" name="per" min="0.001" max=(LONGEST) step="any" value=[seconds]; }
    }
}

async fn set(visit: Visit, Path(name): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let numbers = read(&fields).map_err(|key| Failure::Unfit(visit.words().say(key)))?;
    let mut tx = visit.begin().await?;
    let before = overview::snapshot(&mut tx).await?.limits.into_iter().find(|limit| limit.rule == name);
    let before = before.ok_or(Failure::NotFound)?;
    operate::set_limit(&mut tx, &name, numbers, &visit.account().name, &reason).await?;
    let after = json!({ "running": numbers.running, "rate": numbers.rate.map(|(rate, _)| rate), "per_ms": numbers.rate.map(|(_, per)| per.as_millis()) });
    let detail = json!({ "before": told(&before), "after": after });
    visit.note(&mut tx, deed("limit.set", name, reason, detail)).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back("/ops/queues"), "saved"))
}

async fn release(visit: Visit, Path(name): Path<String>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    let before = overview::snapshot(&mut tx).await?.limits.into_iter().find(|limit| limit.rule == name);
    let before = before.ok_or(Failure::NotFound)?;
    if !operate::release_limit(&mut tx, &visit.console.checks, &name).await? {
        return Ok(visit.back(fields.back("/ops/queues"), "no-limit-change"));
    }
    visit.note(&mut tx, deed("limit.release", name, reason, json!({ "before": told(&before) }))).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back("/ops/queues"), "saved"))
}

fn told(limit: &LimitNow) -> Value {
    json!({ "running": limit.running, "rate": limit.rate, "per_ms": limit.per_ms, "changed_by": limit.changed_by })
}

fn deed(act: &'static str, target: String, reason: String, detail: Value) -> Deed {
    Deed { act, target, tenant: None, reason: Some(reason), detail }
}

/// The numbers of the form, or the message about what is wrong with them.
fn read(fields: &Fields) -> Result<Numbers, &'static str> {
    numbers_of(fields.text("running"), fields.text("rate"), fields.text("per"))
}

fn numbers_of(running: &str, rate: &str, per: &str) -> Result<Numbers, &'static str> {
    let whole = |text: &str, least: u32| text.parse::<u32>().ok().filter(|n| (least..=1_000_000).contains(n));
    let running = match running {
        "" => None,
        text => Some(whole(text, 0).ok_or("queues-no-running")?),
    };
    let rate = match (rate, per) {
        ("", _) => None,
        (rate, per) => {
            let rate = whole(rate, 1).ok_or("queues-no-rate")?;
            let seconds = per.parse::<f64>().ok().filter(|seconds| *seconds >= 0.001).ok_or("queues-no-per")?;
            let per = Duration::try_from_secs_f64(seconds).ok().filter(|per| per.as_secs() <= LONGEST);
            Some((rate, per.ok_or("queues-no-per")?))
        }
    };
    Ok(Numbers { running, rate })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_no_bound_and_zero_lets_none_start() {
        assert_eq!(numbers_of("", "", "5"), Ok(Numbers { running: None, rate: None }));
        assert_eq!(numbers_of("0", "", ""), Ok(Numbers { running: Some(0), rate: None }));
        let second_and_a_half = Duration::from_millis(1500);
        assert_eq!(numbers_of("3", "20", "1.5"), Ok(Numbers { running: Some(3), rate: Some((20, second_and_a_half)) }));
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for running in ["-1", "1.5", "x", "1000001", "99999999999"] {
            assert_eq!(numbers_of(running, "", ""), Err("queues-no-running"), "{running}");
        }
        for rate in ["0", "-3", "x"] {
            assert_eq!(numbers_of("", rate, "1"), Err("queues-no-rate"), "{rate}");
        }
        for per in ["", "0", "-1", "NaN", "inf", "1e300", "604801"] {
            assert_eq!(numbers_of("", "1", per), Err("queues-no-per"), "{per}");
        }
    }
}
