//! What became of each item.

use engine::bulk::{Bulk, Item};
use maud::{Markup, html};

use super::{at, result as told};
use crate::console::{
    shell::{link, parts},
    visit::Visit,
};

/// Items on a page.
pub(super) const PAGE: i64 = 100;

/// One more item than fits says that there is a next page.
pub(super) fn draw(visit: &Visit, bulk: &Bulk, result: Option<&str>, after: i32, mut items: Vec<Item>) -> Markup {
    let words = visit.words();
    let here = |after: i32| address(bulk.id, result, after);
    let fits = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = items.len() > fits;
    items.truncate(fits);
    let next = items.last().filter(|_| more).map(|last| here(last.number));
    html! {
        section {
            h2 { (words.say("bulk-items")) }
            (pills(visit, bulk, result))
            @if items.is_empty() { (parts::empty(&words.say("bulk-items-none"), &words.say("bulk-items-none-more"))) } @else { (table(visit, &items)) }
            @if after > 0 || next.is_some() {
                nav.pages aria-label=(words.say("pages")) {
                    @if after > 0 { a.button rel="prev" href=(here(0)) { "⇤ " (words.say("bulk-first")) } }
                    @if let Some(next) = next { a.button rel="next" href=(next) { (words.say("bulk-next")) " →" } }
                }
            }
        }
    }
}

fn address(id: i64, result: Option<&str>, after: i32) -> String {
    let result = result.map(|result| format!("result={}", link::escape(result)));
    let after = (after > 0).then(|| format!("after={after}"));
    let query: Vec<String> = result.into_iter().chain(after).collect();
    if query.is_empty() { at(id) } else { format!("{}?{}", at(id), query.join("&")) }
}

/// One click for each result.
fn pills(visit: &Visit, bulk: &Bulk, result: Option<&str>) -> Markup {
    let words = visit.words();
    html! {
        ul.pills aria-label=(words.say("bulk-result")) {
            li { a href=(address(bulk.id, None, 0)) aria-current=[result.is_none().then_some("page")] { (words.say("all")) " " b { (parts::number(bulk.total.into())) } } }
            @for (word, n) in &bulk.results {
                li { a href=(address(bulk.id, Some(word), 0)) aria-current=[(result == Some(word)).then_some("page")] { (words.term("bulk-result", word)) " " b { (parts::number(*n)) } } }
            }
        }
    }
}

fn table(visit: &Visit, items: &[Item]) -> Markup {
    let words = visit.words();
    let head = ["bulk-number", "job", "kind", "bulk-result", "when"].map(|key| words.say(key));
    let rows = html! {
        @for item in items {
            tr {
                td.right { (item.number) }
                td { a.row-link href=(link::job(item.job)) { (item.job) } }
                td { (item.kind) }
                td { @match &item.result { Some(word) => (told(words, word)), None => span.soft { (words.say("bulk-not-yet")) } } }
                td { @if let Some(at) = item.at { (visit.times().at(at)) } }
            }
        }
    };
    parts::table(&words.say("bulk-items"), &head, rows)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn every_page_of_every_result_has_an_address() {
        assert_eq!(address(7, None, 0), "/ops/bulk/7");
        assert_eq!(address(7, Some("key_taken"), 0), "/ops/bulk/7?result=key_taken");
        assert_eq!(address(7, Some("key_taken"), 100), "/ops/bulk/7?result=key_taken&after=100");
    }
}
