//! Why a job waits, in a sentence.

use engine::inspect::WhyWaiting;
use maud::{Markup, html};

use crate::console::{
    shell::{link, parts},
    visit::Visit,
};

pub(super) fn why(visit: &Visit, why: &WhyWaiting) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    match why {
        WhyWaiting::NoWorker { kind } => html! { p { (words.with("why-no-worker", &[("kind", kind)])) } },
        WhyWaiting::Queue { ahead, workers } => {
            html! { p { (words.count("why-queue", *ahead)) " " (words.count("why-queue-workers", *workers)) } }
        }
        WhyWaiting::Paused { kind, tenant, reason, by, at } => html! {
            p { (words.say("why-paused")) " " @if let Some(kind) = kind { code { (kind) } " " } @if let Some(tenant) = tenant { (words.say("tenant")) " " (tenant) " " }
                (parts::said(by)) " · " (times.ago(*at)) ": " (parts::said(reason)) }
            p { a href="/ops/queues" { (words.say("nav-queues")) } }
        },
        WhyWaiting::Limit { limit, key, running, most, rate, per_seconds, ahead, since } => html! {
            p { (words.say("why-limit")) " " code { (limit) } @if !key.is_empty() { " (" (parts::said(key)) ")" } ": "
                (running) @if let Some(most) = most { " / " (most) }
                @if let (Some(rate), Some(per)) = (rate, per_seconds) { " · " (rate) " / " (per) " s" } }
            p.soft { (words.count("why-ahead", *ahead)) " " (words.say("why-due")) " " (times.ago(*since)) }
        },
        WhyWaiting::Breaker { breaker, tenant, state, open_since, probe_at, reason, forced_by, ahead, since } => {
            html! {
                p { (words.say("why-breaker")) " " a href="/ops/breakers" { code { (breaker) } } @if let Some(tenant) = tenant { " (" (words.say("tenant")) " " (tenant) ")" }
                    " " (parts::state(words, state)) " " (times.ago(*open_since)) }
                @if let Some(reason) = reason { p { (parts::said(reason)) } }
                @if let Some(by) = forced_by { p { (words.say("why-forced")) " " (parts::said(by)) } }
                @if let Some(at) = probe_at { p { (words.say("why-probe")) " " (times.ago(*at)) } }
                p.soft { (words.count("why-ahead", *ahead)) " " (words.say("why-due")) " " (times.ago(*since)) }
            }
        }
        WhyWaiting::Lane { lane, holder, holder_state, position } => html! {
            p { (words.say("why-lane")) " " code { (parts::said(lane)) } " · " (words.count("why-lane-position", *position)) }
            @if let Some(holder) = holder { p { a href=(link::job(*holder)) { (words.say("job")) " " (holder) } " " @if let Some(state) = holder_state { (parts::state(words, state)) } } }
        },
        WhyWaiting::Scheduled { at } => {
            html! { p { (words.say("why-scheduled")) " " (times.at(*at)) " (" (times.ago(*at)) ")" } }
        }
        WhyWaiting::Debounced { at, merged } => {
            html! { p { (words.count("why-debounced", *merged)) " " (times.ago(*at)) } }
        }
        WhyWaiting::Backoff { attempt, until, error } => html! {
            p { (words.count("why-backoff", (*attempt).into())) " " (times.ago(*until)) }
            @if let Some(error) = error { pre.error tabindex="0" { (parts::said(error)) } }
        },
        WhyWaiting::Snoozed { until, reason } => html! {
            p { (words.say("why-snoozed")) " " (times.ago(*until)) @if let Some(reason) = reason { ": " (parts::said(reason)) } }
        },
        WhyWaiting::Workflow { steps, waits, every, until } => html! {
            p { (words.say(if *every { "why-every-step" } else { "why-any-step" })) @if let Some(until) = until { " · " (words.say("why-until")) " " (times.ago(*until)) } }
            ul {
                @for step in steps { li { (parts::said(&step.name)) " " a href=(link::job(step.job)) { (step.job) } " " (parts::state(words, &step.state)) } }
                @for wait in waits { li { (words.say("why-signal")) " " code { (parts::said(wait)) } } }
            }
        },
    }
}
