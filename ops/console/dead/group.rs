//! One sort of failure.

use engine::overview::Failure as Sort;
use maud::{Markup, html};

use crate::console::{
    Permission,
    shell::{chart, link, parts},
    visit::Visit,
};

/// A text that is shorter says too little to be looked for.
const TELLING: usize = 4;

pub(super) fn draw(visit: &Visit, sort: &Sort, total: i64) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let share = share(sort.count, total);
    html! {
        section.card.sort {
            h2 { span { (parts::number(sort.count)) " × " } code { (sort.kind) } span.soft { (share) } }
            (chart::bar(sort.count, total, "bad", &words.with("dead-share", &[("share", &share)])))
            pre.error { (parts::visible(&sort.sample_error)) }
            p.soft {
                (words.say("dead-first")) " " (times.ago(sort.first_at)) " · " (words.say("dead-last")) " " (times.ago(sort.last_at))
                " · " (words.say("dead-latest")) " "
                @for id in &sort.sample_ids { a.mono href=(link::job(*id)) { (id) } " " }
            }
            div.row {
                a.button href=(link::jobs(&query(sort))) { (words.say("dead-look")) }
                (acts(visit, sort))
            }
        }
    }
}

/// Whole percents; less than one is not none.
fn share(count: i64, total: i64) -> String {
    match (count * 100).checked_div(total).unwrap_or_default() {
        0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// What can be done to all of them: each makes a bulk operation, which shows first what it is about.
fn acts(visit: &Visit, sort: &Sort) -> Markup {
    let words = visit.words();
    let may = |permission| visit.may(Permission::Bulk) && visit.may(permission);
    // Nobody cancels what is dead: it is retried or forgotten.
    let verbs = [("retry", "main", may(Permission::Act)), ("delete", "bad", may(Permission::Delete))];
    html! {
        @for (verb, tone, _) in verbs.into_iter().filter(|(_, _, may)| *may) {
            (parts::with_reason(words, "/ops/bulk", &words.say(&format!("dead-{verb}")), tone, "/ops/dead", html! {
                input type="hidden" name="verb" value=(verb);
                input type="hidden" name="kind" value=(sort.kind);
                input type="hidden" name="fingerprint" value=(sort.fingerprint);
            }))
        }
    }
}

/// The query that finds them, as nearly as a query can: by the longest piece that all of their errors have.
fn query(sort: &Sort) -> String {
    let piece = sort.fingerprint.split(['?', '"', '\\']).map(str::trim).max_by_key(|piece| piece.len());
    match piece.filter(|piece| piece.len() >= TELLING) {
        Some(piece) => format!("state:dead kind:{} error:\"{piece}\"", sort.kind),
        None => format!("state:dead kind:{}", sort.kind),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn query_for(fingerprint: &str) -> String {
        query(&Sort {
            fingerprint: fingerprint.to_owned(),
            kind: "think".to_owned(),
            count: 1,
            more: false,
            first_at: DateTime::UNIX_EPOCH,
            last_at: DateTime::UNIX_EPOCH,
            sample_error: String::new(),
            sample_ids: Vec::new(),
        })
    }

    #[test]
    fn a_small_share_is_not_none() {
        assert_eq!(
            (share(1, 1_000), share(1, 3), share(3, 3)),
            ("< 1 %".to_owned(), "33 %".to_owned(), "100 %".to_owned())
        );
    }

    #[test]
    fn what_all_errors_have_is_looked_for() {
        assert_eq!(
            query_for("HTTP ?: model \"?\" timed out after ? s"),
            "state:dead kind:think error:\"timed out after\""
        );
    }

    #[test]
    fn an_error_that_says_nothing_is_found_by_its_type() {
        assert_eq!(query_for(""), "state:dead kind:think");
        assert_eq!(query_for("?"), "state:dead kind:think");
    }

    #[test]
    fn every_such_query_is_understood() {
        for fingerprint in ["a \\\" b, c: d", "-x:y(z) `?` \u{202e}", "?", "state:ready"] {
            let text = query_for(fingerprint);
            assert!(engine::inspect::Query::parse(&text).is_ok(), "{text}");
        }
    }
}
