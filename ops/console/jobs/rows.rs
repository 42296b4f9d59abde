//! Jobs as rows, with boxes to tick and what can be done to those that are ticked.

use engine::inspect::{JobLine, Query};
use maud::{Markup, html};

use crate::console::{
    Permission,
    shell::{link, parts},
    visit::Visit,
};

/// The rows, in one form with the buttons for a selection.
pub(super) fn table(visit: &Visit, jobs: &[JobLine], query: &Query, back: &str) -> Markup {
    let words = visit.words();
    let acts = visit.may(Permission::Act);
    let heads = ["job", "state-column", "kind", "attempts", "enqueued", "took", "last-error"];
    html! {
        form.rows method="post" action="/ops/jobs/selected" {
            input type="hidden" name="back" value=(back);
            div.scroll tabindex="0" role="region" aria-label=(words.say("nav-jobs")) {
                table {
                    thead { tr {
                        @if acts { th scope="col" { input #tick-all type="checkbox" aria-label=(words.say("select-page")); } }
                        @for head in heads { th scope="col" { (words.say(head)) } }
                    } }
                    tbody { @for job in jobs { (row(visit, job, acts)) } }
                }
            }
            @if acts { (selection(visit)) }
        }
        @if visit.may(Permission::Bulk) { (matching(visit, query)) }
    }
}

fn row(visit: &Visit, job: &JobLine, acts: bool) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let took = job.started_at.map(|started| job.finished_at.unwrap_or(times.now) - started);
    html! {
        tr #{ "job-" (job.id) } {
            @if acts { td { input type="checkbox" name="job" value=(job.id) aria-label={ (words.say("select-job")) " " (job.id) }; } }
            td { a.row-link href=(link::job(job.id)) { (job.id) } }
            td { (parts::state(words, &job.state)) @if let Some(at) = job.run_at.filter(|_| job.finished_at.is_none()) { div.soft { (times.ago(at)) } } }
            td {
                (job.kind)
                div.soft {
                    @if let Some(step) = &job.step { (words.say("step")) " " (parts::said(step)) " · " }
                    @else if !job.key.is_empty() { (words.say("key")) " " (parts::said(&job.key)) " · " }
                    (words.say("tenant")) " " (job.tenant)
                }
            }
            td.right { (job.attempts) }
            td { (times.ago(job.created_at)) }
            td.nowrap { @if let Some(took) = took { (parts::length(took)) } }
            td.error { @if let Some(error) = &job.error { (parts::said(error)) } }
        }
    }
}

/// What can be done to the ticked ones. Without a script it is done to those that are ticked, too.
fn selection(visit: &Visit) -> Markup {
    let words = visit.words();
    html! {
        div #selection .sticky.row {
            span { b data-count { "" } " " (words.say("selected")) }
            label { span.hidden { (words.say("reason")) } input type="text" name="reason" maxlength="500" placeholder=(words.say("reason-hint")) autocomplete="off"; }
            button name="do" value="retry" data-act="retry" { (words.say("verb-retry")) }
            button name="do" value="run_now" data-act="run_now" { (words.say("verb-run-now")) }
            label.row { span.hidden { (words.say("snooze-for")) }
                select name="minutes" { @for minutes in [10, 60, 480, 1440] { option value=(minutes) { (words.count("minutes", minutes)) } } } }
            button name="do" value="snooze" data-act="snooze" { (words.say("verb-snooze")) }
            button.bad name="do" value="cancel" data-act="cancel" data-needs-reason { (words.say("verb-cancel")) }
            @if visit.may(Permission::Delete) && visit.may(Permission::Bulk) {
                button.bad formaction="/ops/bulk" name="verb" value="delete" data-act="delete" data-needs-reason { (words.say("verb-delete")) "…" }
            }
        }
    }
}

/// The same for all that fit the query, however many: a durable operation, with a preview first.
fn matching(visit: &Visit, query: &Query) -> Markup {
    let words = visit.words();
    html! {
        details.more {
            summary { (words.say("all-matching")) }
            form.row method="post" action="/ops/bulk" {
                input type="hidden" name="query" value=(query);
                label { span { (words.say("verb")) } select name="verb" {
                    @for verb in ["retry", "run_now", "snooze", "cancel", "delete"] { option value=(verb) { (words.term("verb", verb)) } } } }
                label { span { (words.say("snooze-for")) } select name="minutes" { @for minutes in [10, 60, 480, 1440] { option value=(minutes) { (words.count("minutes", minutes)) } } } }
                label { span { (words.say("rate")) } input type="number" name="rate" min="1" max="10000" placeholder=(words.say("rate-kind")); }
                label { span { (words.say("reason")) } input type="text" name="reason" required maxlength="500" autocomplete="off"; }
                button { (words.say("preview")) }
            }
        }
    }
}
