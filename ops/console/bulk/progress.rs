//! How far an operation is, and what can be done on the way.

use engine::bulk::Bulk;
use maud::{Markup, html};

use super::{at, may, state};
use crate::console::{
    shell::{chart, parts},
    visit::Visit,
};

pub(super) fn draw(visit: &Visit, bulk: &Bulk) -> Markup {
    let words = visit.words();
    let percent = percent(bulk.done, bulk.total);
    html! {
        section.card {
            div.row.between {
                div.row {
                    (state(words, bulk))
                    strong { (parts::number(bulk.done.into())) " / " (parts::number(bulk.total.into())) }
                    span.soft { (percent) " %" }
                }
                @if may(visit, &bulk.verb) { (steering(visit, bulk)) }
            }
            (chart::bar(bulk.done.into(), bulk.total.into(), "good", &words.with("bulk-percent", &[("percent", &percent.to_string())])))
            (numbers(visit, bulk))
            @if bulk.stalled { p.notice.bad { (words.say("bulk-stalled-more")) } }
        }
    }
}

/// Whole percents: 100 only when nothing is left.
fn percent(done: i32, total: i32) -> i64 {
    (i64::from(done) * 100).checked_div(total.into()).unwrap_or(100)
}

fn numbers(visit: &Visit, bulk: &Bulk) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    html! {
        div.tiles {
            (parts::tile(&words.say("bulk-ok"), &parts::number(bulk.ok.into()), "good", None))
            (parts::tile(&words.say("bulk-refused"), &parts::number(bulk.refused.into()), if bulk.refused > 0 { "wait" } else { "" }, None))
            @if let Some(speed) = bulk.speed.filter(|_| bulk.state == "running") {
                (parts::tile(&words.say("bulk-speed"), &format!("{speed:.0}/s"), "", None))
            }
            @if let Some(eta) = bulk.eta { (parts::tile(&words.say("bulk-eta"), &parts::length(eta - times.now), "", None)) }
            @if let (Some(from), Some(to)) = (bulk.started_at, bulk.finished_at) { (parts::tile(&words.say("bulk-took"), &parts::length(to - from), "", None)) }
        }
        @if let Some(at) = bulk.paused_at { p.soft { (words.say("bulk-paused-since")) " " (times.ago(at)) } }
    }
}

fn steering(visit: &Visit, bulk: &Bulk) -> Markup {
    let words = visit.words();
    let (here, runs) = (at(bulk.id), bulk.state == "running");
    let to = |what: &str| format!("{here}/{what}");
    html! {
        @if runs || bulk.state == "paused" {
            div.row {
                @if runs && !bulk.stalled { (parts::button(&to("pause"), &words.say("bulk-pause"), "", &here)) }
                @else { (parts::button(&to("resume"), &words.say("bulk-resume"), "main", &here)) }
                details.ask {
                    summary.button { (words.say("bulk-rate")) "…" }
                    form.pop method="post" action=(to("rate")) {
                        label { span { (words.say("bulk-rate")) " " small { (words.say("bulk-rate-more")) } }
                            input type="number" name="rate" min="1" max="100000" value=[bulk.rate] placeholder=(words.say("bulk-rate-kind")); }
                        button { (words.say("apply")) }
                    }
                }
                (parts::with_reason(words, &to("abort"), &words.say("bulk-abort"), "bad", &here, html! { p.soft { (words.say("bulk-abort-more")) } }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_hundred_percent_means_that_nothing_is_left() {
        assert_eq!((percent(0, 3), percent(2, 3), percent(9_999, 10_000), percent(3, 3)), (0, 66, 99, 100));
        assert_eq!(percent(0, 0), 100);
    }
}
