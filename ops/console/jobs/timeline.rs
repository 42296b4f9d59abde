//! What happened to a job, drawn as a line of time.

use engine::inspect::{Attempt, Event, What};
use maud::{Markup, html};

use crate::console::{shell::parts, visit::Visit};

pub(super) fn draw(visit: &Visit, events: &[Event]) -> Markup {
    html! {
        ol.timeline {
            @for event in events {
                li class=(tone(&event.what)) {
                    (visit.times().at(event.at))
                    span.dot aria-hidden="true" {}
                    div { (told(visit, event)) }
                }
            }
        }
    }
}

fn tone(what: &What) -> &'static str {
    match what {
        What::Failed(attempt) if attempt.ending == "snoozed" => "wait",
        What::Waited { .. } | What::Held | What::Scheduled { .. } => "wait",
        What::Running { .. } => "busy",
        What::Succeeded { .. } => "good",
        What::Finished { state, .. } if state == "completed" => "good",
        What::Failed(_) | What::CancellationAsked { .. } | What::Finished { .. } => "bad",
        What::Enqueued => "",
    }
}

fn told(visit: &Visit, event: &Event) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let by =
        |worker: &Option<String>| html! { @if let Some(worker) = worker { span.soft { " · " (parts::said(worker)) } } };
    match &event.what {
        What::Enqueued => html! { (words.say("event-enqueued")) },
        What::Scheduled { until } => html! { (words.say("event-scheduled")) " " (times.at(*until)) },
        What::Failed(attempt) => html! {
            strong { (words.count("event-attempt", attempt.number.into())) } " " (parts::state(words, &attempt.ending))
            " " span.soft { (length(attempt)) } (by(&attempt.worker_name))
            @if let Some(error) = &attempt.error { pre.error tabindex="0" { (parts::said(error)) } }
        },
        What::Waited { until, snoozed } => html! {
            (words.say(if *snoozed { "event-snoozed" } else { "event-backoff" })) " " span.soft { (parts::length(*until - event.at)) }
        },
        What::Held => html! { (words.say("event-held")) },
        What::Running { worker } => {
            html! { strong { (words.say("event-running")) } " " span.soft { (parts::length(times.now - event.at)) } (by(worker)) }
        }
        What::CancellationAsked { reason } => html! { (words.say("event-cancellation")) ": " (parts::said(reason)) },
        What::Succeeded { ended_at, worker } => html! {
            strong { (words.say("event-succeeded")) } " " span.soft { (parts::length(*ended_at - event.at)) } (by(worker))
        },
        What::Finished { state, attempts } => {
            html! { (parts::state(words, state)) " " span.soft { (words.count("attempts-n", (*attempts).into())) } }
        }
    }
}

fn length(attempt: &Attempt) -> String {
    parts::length(attempt.ended_at - attempt.started_at)
}
