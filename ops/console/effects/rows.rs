//! Effects as rows, each with the form that settles it.

use engine::overview::EffectRow;
use maud::{Markup, html};

use crate::console::{
    Permission,
    shell::{link, parts},
    visit::Visit,
};

pub(super) fn table(visit: &Visit, rows: &[EffectRow], back: &str) -> Markup {
    let words = visit.words();
    let head = ["effect-key", "state-column", "job", "effect-reference", "effect-why", "effect-times"]
        .map(|key| words.say(key));
    parts::table(&words.say("nav-effects"), &head, html! { @for row in rows { (line(visit, row, back)) } })
}

fn line(visit: &Visit, effect: &EffectRow, back: &str) -> Markup {
    let words = visit.words();
    let is_open = matches!(effect.state.as_str(), "unknown" | "sent");
    html! {
        tr {
            td {
                code { (parts::said(&effect.key)) }
                @if let Some(message) = message(&effect.key).filter(|_| visit.may(Permission::Why)) { div { a href={ "/ops/why/" (message) } { (words.say("nav-why")) } } }
            }
            td {
                span class={ "state is-" (effect.state) } { (words.term("effect-state", &effect.state)) }
                @if is_open && visit.may(Permission::Settle) { div { (settle(visit, effect, back)) } }
            }
            td {
                a.row-link href=(link::job(effect.job)) { (effect.job) }
                @if let Some(kind) = &effect.kind { div { (kind) } }
                @if let Some(tenant) = effect.tenant.filter(|_| visit.sight().tenant.is_none()) { div.soft { (words.say("tenant")) " " (tenant) } }
            }
            td.mono { @if let Some(reference) = &effect.reference { (parts::said(reference)) } }
            td.error { @if let Some(reason) = &effect.reason { (parts::said(reason)) } }
            td.nowrap { (times(visit, effect)) }
        }
    }
}

/// The message of ours that an effect sends.
fn message(key: &str) -> Option<i64> {
    key.strip_prefix("whatsapp:")?.parse().ok()
}

fn times(visit: &Visit, effect: &EffectRow) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    html! {
        (words.say("effect-planned")) " " (times.ago(effect.planned_at))
        @if let Some(at) = effect.sent_at { br; (words.say("effect-let-go")) " " (times.ago(at)) }
        @if let Some(at) = effect.settled_at { br; (words.say("effect-known")) " " (times.ago(at)) }
    }
}

/// What the other side said when somebody asked it.
fn settle(visit: &Visit, effect: &EffectRow, back: &str) -> Markup {
    let words = visit.words();
    html! {
        details.ask {
            summary.button { (words.say("effect-settle")) "…" }
            form.pop method="post" action="/ops/effects/settle" {
                input type="hidden" name="back" value=(back);
                input type="hidden" name="key" value=(effect.key);
                p.soft { (words.say("effect-settle-more")) }
                fieldset.plain {
                    legend { (words.say("effect-verdict")) }
                    @for verdict in ["arrived", "not_arrived", "failed"] {
                        label.row { input type="radio" name="verdict" value=(verdict) required; (words.term("effect-verdict", verdict)) }
                    }
                }
                label { span { (words.say("effect-reference")) " " small { (words.say("effect-reference-more")) } } input type="text" name="reference" maxlength="200" autocomplete="off"; }
                label { span { (words.say("reason")) } input type="text" name="reason" required maxlength="500" autocomplete="off"; }
                button.main { (words.say("effect-settle")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn only_messages_of_ours_are_asked_about() {
        assert_eq!((message("whatsapp:17"), message("whatsapp:x"), message("payment:17")), (Some(17), None, None));
    }
}
