//! What a job was asked and what it said: masked, unless somebody has said why they read it.

use engine::inspect::{JobPage, Revision};
use maud::{Markup, html};
use serde_json::{Value, value::RawValue};

use crate::console::{
    Permission,
    shell::{masked, parts},
    visit::Visit,
};

/// The longest text that is shown at once, in characters.
const LONGEST: usize = 20_000;

/// Arguments, result, progress, and what they were before somebody changed them.
pub(super) fn cards(visit: &Visit, page: &JobPage, revisions: &[Revision], open: bool) -> Markup {
    let words = visit.words();
    let job = &page.job;
    html! {
        div.stack {
            section.card {
                h2 { (words.say("arguments")) }
                (json(&job.payload, open))
                @for (n, more) in page.around.merged.iter().enumerate() { h3 { (words.count("merged-n", i64::try_from(n + 2).unwrap_or_default())) } (json(more, open)) }
                (reveal(visit, job.id, open))
            }
            @if let Some(output) = &job.output { section.card { h2 { (words.say("output")) } (json(output, open)) } }
            @if let Some(progress) = &job.progress { section.card { h2 { (words.say("progress")) } (json(progress, open)) } }
            @if !revisions.is_empty() {
                section.card {
                    h2 { (words.say("revisions")) }
                    @for revision in revisions {
                        p { (parts::said(&revision.by)) " · " (visit.times().at(revision.at)) }
                        (json(&revision.payload, open))
                    }
                }
            }
        }
    }
}

fn reveal(visit: &Visit, id: i64, open: bool) -> Markup {
    let words = visit.words();
    html! {
        @if open { p.notice { (words.say("revealed")) } }
        @else if visit.may(Permission::Reveal) {
            (parts::with_reason(words, &format!("/ops/jobs/{id}/reveal"), &words.say("reveal"), "", "", html! { p.soft { (words.say("reveal-more")) } }))
        } @else { p.soft { (words.say("masked")) } }
    }
}

/// A value, indented.
pub(super) fn json(raw: &RawValue, open: bool) -> Markup {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    let shown = if open { value } else { masked::masked(&value) };
    let text = serde_json::to_string_pretty(&shown).unwrap_or_default();
    let cut: String = parts::visible(&text).chars().take(LONGEST).collect();
    html! { pre tabindex="0" { bdi { (cut) @if cut.len() < text.len() { "\n…" } } } }
}
