//! Before anything happens: how many, of what, a sample, and what has to be typed.

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::bulk::{Bulk, Frozen};
use maud::{Markup, html};

use super::{at, may, one};
use crate::console::{
    screen::{Screen, Section},
    shell::{chart, link, parts},
    visit::Visit,
};

/// A password that was given longer ago has to be given again for what is far-reaching (ASVS 7.5.1).
const FRESH: TimeDelta = TimeDelta::minutes(15);
/// More jobs than this are far-reaching, whatever is done to them.
const MANY: i32 = 1_000;

/// Whether the password has to be given once more.
pub(super) fn needs_password(visit: &Visit, bulk: &Bulk) -> bool {
    is_far_reaching(&bulk.verb, bulk.total) && visit.now() - visit.signed().password_at > FRESH
}

fn is_far_reaching(verb: &str, total: i32) -> bool {
    verb == "delete" || total > MANY
}

/// `wrong`: why the last try was refused.
pub(super) fn screen(visit: &Visit, bulk: &Bulk, frozen: &Frozen, wrong: Option<&str>) -> Screen {
    let words = visit.words();
    let body = html! {
        p.notice { (words.say("bulk-preview-more")) }
        @if frozen.more { p.notice.bad { (words.say("bulk-more")) } }
        div.grid {
            (confirmation(visit, bulk, frozen, wrong))
            div.stack {
                section.card { h2 { (words.say("bulk-by-kind")) } (counts(frozen, &frozen.by_kind, "busy", str::to_owned)) }
                section.card { h2 { (words.say("bulk-by-state")) } (counts(frozen, &frozen.by_state, "wait", |state| words.term("state", state))) }
            }
        }
        (sample(visit, frozen))
        (one::facts(visit, bulk))
    };
    let screen = Screen::new(one::title(visit, bulk), Section::Bulk, body);
    if wrong.is_some() { Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..screen } } else { screen }
}

fn confirmation(visit: &Visit, bulk: &Bulk, frozen: &Frozen, wrong: Option<&str>) -> Markup {
    let words = visit.words();
    html! {
        section.card {
            h2 { (words.say("bulk-confirm")) }
            p { strong.large { (parts::number(frozen.total.into())) } " " (words.count("bulk-jobs", frozen.total.into())) " · " (words.term("bulk-verb", &bulk.verb))
                @if let Some(until) = bulk.until { " " (visit.times().at(until)) } }
            @if may(visit, &bulk.verb) {
                @if frozen.total > 0 { (form(visit, bulk, frozen, wrong)) } @else { p.notice { (words.say("bulk-about-none")) } }
                (parts::button(&format!("{}/abort", at(bulk.id)), &words.say("bulk-call-off"), "quiet", "/ops/bulk"))
            } @else { p.soft { (words.say("bulk-may-not")) } }
        }
    }
}

fn form(visit: &Visit, bulk: &Bulk, frozen: &Frozen, wrong: Option<&str>) -> Markup {
    let words = visit.words();
    html! {
        form.stack method="post" action={ (at(bulk.id)) "/confirm" } {
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            label {
                span { (words.say("bulk-type")) " " code { (frozen.phrase) } }
                input type="text" name="typed" required autocomplete="off" spellcheck="false" pattern={ "\\s*" (frozen.phrase) "\\s*" };
            }
            label {
                span { (words.say("bulk-rate")) " " small { (words.say("bulk-rate-more")) } }
                input type="number" name="rate" min="1" max="100000" value=[bulk.rate] placeholder=(words.say("bulk-rate-kind"));
            }
            @if needs_password(visit, bulk) {
                label { span { (words.say("bulk-password")) } input type="password" name="password" required autocomplete="current-password"; }
            }
            div { button.main .bad[bulk.verb == "delete"] { (words.term("bulk-verb", &bulk.verb)) " · " (parts::number(frozen.total.into())) } }
        }
    }
}

/// How many of each, as bars.
fn counts(frozen: &Frozen, counts: &[(String, i64)], tone: &str, name: impl Fn(&str) -> String) -> Markup {
    html! {
        ul.bars { @for (what, n) in counts {
            @let told = format!("{} {}", name(what), parts::number(*n));
            li { span { (name(what)) } b { (parts::number(*n)) } (chart::bar(*n, frozen.total.into(), tone, &told)) }
        } }
    }
}

fn sample(visit: &Visit, frozen: &Frozen) -> Markup {
    let words = visit.words();
    let head = ["job", "kind", "state-column", "tenant", "bulk-enqueued"].map(|key| words.say(key));
    let rows = html! {
        @for job in &frozen.sample {
            tr {
                td { a.row-link href=(link::job(job.job)) { (job.job) } }
                td { (job.kind) }
                td { (parts::state(words, &job.state)) }
                td { (job.tenant) }
                td { (visit.times().ago(job.created_at)) }
            }
        }
    };
    html! { @if !frozen.sample.is_empty() { section { h2 { (words.say("bulk-sample")) } (parts::table(&words.say("bulk-sample"), &head, rows)) } } }
}

#[cfg(test)]
mod tests {
    use super::is_far_reaching;

    #[test]
    fn what_cannot_be_undone_or_is_large_takes_a_fresh_password() {
        assert!(is_far_reaching("delete", 1));
        assert!(is_far_reaching("retry", 1_001));
        assert!(!is_far_reaching("retry", 1_000));
    }
}
