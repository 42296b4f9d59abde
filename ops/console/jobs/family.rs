//! What one cause led to, drawn: a tree on the left, a line of time on the right.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use engine::inspect::{Family, Node};
use maud::{Markup, html};

use super::drawn::{fitting, times, tone};
use crate::console::{
    shell::{link, parts},
    visit::Visit,
};

const ROW: i64 = 26;
const INDENT: i64 = 16;
const LABEL: i64 = 380;
const TIME: i64 = 520;
/// The deepest indentation that is drawn.
const DEEPEST: usize = 8;

/// The card with the graph; nothing for a job that is alone.
pub(super) fn card(visit: &Visit, family: &Family, here: i64) -> Markup {
    if family.jobs.len() < 2 {
        return html! {};
    }
    let words = visit.words();
    let tree = Tree::of(family);
    html! {
        section.card #family {
            h2 { (words.say("cause-graph")) " " span.soft { (words.count("jobs-n", i64::try_from(family.jobs.len()).unwrap_or_default())) @if family.more { "+" } } }
            div.drawn tabindex="0" role="region" aria-label=(words.say("cause-graph")) { (draw(visit, &tree, here)) }
            @if family.more { p { a href=(link::jobs(&format!("root:{}", family.root))) { (words.say("all")) } } }
        }
    }
}

/// The jobs in the order of the tree.
struct Tree<'a> {
    rows: Vec<Row<'a>>,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
}

struct Row<'a> {
    node: &'a Node,
    depth: usize,
    /// The row of what led to it.
    above: Option<usize>,
}

impl<'a> Tree<'a> {
    fn of(family: &'a Family) -> Self {
        let mut children: HashMap<i64, Vec<&Node>> = HashMap::new();
        let known = |id: i64| family.jobs.iter().any(|node| node.id == id);
        let mut first = Vec::new();
        for node in &family.jobs {
            // What came of the root without being its step hangs below it, too.
            let above = node
                .parent
                .or((node.id != family.root).then_some(family.root))
                .filter(|above| known(*above) && *above != node.id);
            match above {
                Some(above) => children.entry(above).or_default().push(node),
                None => first.push(node),
            }
        }
        let mut rows = Vec::new();
        let mut open: Vec<(&Node, usize, Option<usize>)> =
            first.into_iter().rev().map(|node| (node, 0, None)).collect();
        while let Some((node, depth, above)) = open.pop() {
            let at = rows.len();
            rows.push(Row { node, depth, above });
            for child in children.remove(&node.id).unwrap_or_default().into_iter().rev() {
                open.push((child, depth + 1, Some(at)));
            }
        }
        let begin = family.jobs.iter().map(|node| node.created_at).min().unwrap_or_default();
        let end = family.jobs.iter().map(|node| node.finished_at.unwrap_or(node.created_at)).max().unwrap_or_default();
        Self { rows, begin, end: end.max(begin + TimeDelta::milliseconds(1)) }
    }

    /// Where a moment is on the line of time.
    fn x(&self, at: DateTime<Utc>) -> i64 {
        let whole = (self.end - self.begin).num_milliseconds().max(1);
        let part = (at - self.begin).num_milliseconds().clamp(0, whole);
        LABEL + part * (TIME - 90) / whole
    }
}

fn draw(visit: &Visit, tree: &Tree<'_>, here: i64) -> Markup {
    let height = times(tree.rows.len(), ROW) + 8;
    let words = visit.words();
    html! {
        svg role="group" aria-label=(words.say("cause-graph")) width=(LABEL + TIME) height=(height) viewBox={ "0 0 " (LABEL + TIME) " " (height) } {
            line.axis x1=(LABEL) x2=(LABEL) y1="0" y2=(height) {}
            @for (n, row) in tree.rows.iter().enumerate() { (edge(row, n)) (one(visit, tree, row, n, here)) }
        }
    }
}

fn left(depth: usize) -> i64 {
    times(depth.min(DEEPEST), INDENT) + 10
}

fn edge(row: &Row<'_>, n: usize) -> Markup {
    let Some(above) = row.above else { return html! {} };
    let (from, to) = (times(above, ROW) + 18, times(n, ROW) + 13);
    let (x, end) = (left(row.depth.saturating_sub(1)), left(row.depth) - 6);
    html! { path.edge d={ "M" (x) " " (from) "V" (to) "H" (end) } {} }
}

fn one(visit: &Visit, tree: &Tree<'_>, row: &Row<'_>, n: usize, here: i64) -> Markup {
    let words = visit.words();
    let node = row.node;
    let (x, y) = (left(row.depth), times(n, ROW));
    let name = match &node.step {
        Some(step) if step != &node.kind => format!("{} · {}", node.kind, parts::visible(step)),
        _ => node.kind.clone(),
    };
    let (from, to) =
        (tree.x(node.started_at.unwrap_or(node.created_at)), tree.x(node.finished_at.unwrap_or(node.created_at)));
    let took = node.finished_at.map(|end| parts::length(end - node.started_at.unwrap_or(node.created_at)));
    let shown = fitting(&name, usize::try_from((LABEL - x - 30) / 7).unwrap_or(20));
    // What is heard begins with what is seen.
    let heard = format!("{shown} {}, {}", took.as_deref().unwrap_or_default(), words.term("state", &node.state));
    html! {
        a href=(link::job(node.id)) aria-label=(heard) class=[(node.id == here).then_some("here")] aria-current=[(node.id == here).then_some("true")] {
            title { (name) ": " (words.term("state", &node.state)) }
            rect.box x=(x - 4) y=(y + 2) width=(LABEL - x - 8) height="22" rx="6" {}
            circle class=(tone(&node.state)) cx=(x + 6) cy=(y + 13) r="4" {}
            text x=(x + 16) y=(y + 17) { (shown) " " }
            rect class=(tone(&node.state)) x=(from) y=(y + 8) width=((to - from).max(3)) height="10" rx="3" {}
            @if let Some(took) = took { text.soft x=(to.max(from + 3) + 6) y=(y + 17) { (took) } }
        }
    }
}
