//! One workflow: its steps as a graph, with results and waits.

use axum::extract::Path;
use engine::inspect::{self, Entry, Flow, Line, Step};
use maud::{Markup, html};

use super::{
    arguments,
    drawn::{fitting, times, tone},
    explain,
};
use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

const WIDTH: i64 = 176;
const HEIGHT: i64 = 48;
const GAP: i64 = 34;
/// Columns before the drawing goes on in another line.
const ACROSS: usize = 6;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/jobs/{id}/steps", Needs::May(Permission::Look), steps)]
}

async fn steps(visit: Visit, Path(id): Path<i64>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let flow = inspect::flow(&mut conn, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    let body = html! {
        div.row { (parts::state(words, &flow.state)) a.button href=(link::job(id)) { (words.say("job")) " " (id) } }
        @if let Some(why) = &flow.undone_for { p.notice.bad { (words.say("undone-for")) ": " (parts::said(why)) } }
        @if let Some(why) = &flow.why_waiting { section.card { h2 { (words.say("why-waiting")) } (explain::why(&visit, why)) } }
        section.card {
            h2 { (words.say("steps")) }
            div.drawn tabindex="0" role="region" aria-label=(words.say("steps")) { (draw(&visit, &flow)) }
        }
        (journal(&visit, &flow))
    };
    let ended = ["completed", "dead", "cancelled"].contains(&flow.state.as_str());
    let screen = Screen::new(format!("{} {id}: {}", flow.kind, words.say("steps")), Section::Jobs, body);
    Ok(if ended { screen } else { screen.live() })
}

/// Lines that went on side by side share a column.
fn columns(flow: &Flow) -> Vec<Vec<&Line>> {
    let mut columns: Vec<Vec<&Line>> = Vec::new();
    for line in &flow.lines {
        let beside = match &line.entry {
            Entry::Step(step) => step.beside.as_slice(),
            _ => &[],
        };
        let joins = columns.last().is_some_and(|column| column.iter().any(|other| beside.contains(&other.name)));
        match columns.last_mut() {
            Some(column) if joins => column.push(line),
            _ => columns.push(vec![line]),
        }
    }
    columns
}

/// Where the boxes of a column stand: from left to right, and then in the next line.
struct Place {
    x: i64,
    y: i64,
}

fn places(columns: &[Vec<&Line>]) -> (Vec<Place>, i64) {
    let (mut places, mut top) = (Vec::new(), 0);
    for line in columns.chunks(ACROSS) {
        let tallest = line.iter().map(Vec::len).max().unwrap_or(1);
        places.extend((0..line.len()).map(|n| Place { x: times(n, WIDTH + GAP) + 2, y: top + 2 }));
        top += times(tallest, HEIGHT + 12) + 22;
    }
    (places, top)
}

fn draw(visit: &Visit, flow: &Flow) -> Markup {
    let columns = columns(flow);
    let (places, height) = places(&columns);
    let width = times(columns.len().min(ACROSS), WIDTH + GAP) + 4;
    html! {
        svg role="group" aria-label=(visit.words().say("steps")) width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
            @for n in 1..columns.len() {
                @for from in 0..columns[n - 1].len() { @for to in 0..columns[n].len() { (edge(&places[n - 1], from, &places[n], to)) } }
            }
            @for (column, place) in columns.iter().zip(&places) {
                @for (n, line) in column.iter().enumerate() { (one(visit, line, place.x, place.y + times(n, HEIGHT + 12))) }
            }
        }
    }
}

fn edge(from: &Place, a: usize, to: &Place, b: usize) -> Markup {
    let middle = |place: &Place, n: usize| place.y + times(n, HEIGHT + 12) + HEIGHT / 2;
    let (x1, y1, x2, y2) = (from.x + WIDTH, middle(from, a), to.x, middle(to, b));
    html! {
        @if to.x > from.x { path.edge d={ "M" (x1) " " (y1) "C" (x1 + GAP / 2) " " (y1) " " (x2 - GAP / 2) " " (y2) " " (x2) " " (y2) } {} }
        @else { path.edge d={ "M" (x1) " " (y1) "h" (GAP / 2) "V" (to.y - 12) "H" (x2 + WIDTH / 2) "V" (to.y) } {} }
    }
}

fn one(visit: &Visit, line: &Line, x: i64, y: i64) -> Markup {
    let words = visit.words();
    let (colour, below, to) = match &line.entry {
        Entry::Step(step) => {
            let state = step.state.as_deref().unwrap_or("gone");
            let took = took(step).map(|took| format!(" · {took}")).unwrap_or_default();
            (tone(state), format!("{}{took}", words.term("state", state)), step.job)
        }
        Entry::Wait { over: true, .. } => ("tone-good", words.say("wait-over"), None),
        Entry::Wait { .. } => ("tone-wait", words.say("wait-open"), None),
        Entry::Signal { .. } => ("tone-good", words.say("signal-came"), None),
        Entry::Patch { new } => ("tone-soft", words.say(if *new { "patch-new" } else { "patch-old" }), None),
        Entry::Undoing { .. } => ("tone-bad", words.say("undoing"), None),
        Entry::Decision { .. } => ("tone-soft", words.say("decision"), None),
    };
    let name = parts::visible(&line.name);
    let (shown, told) = (fitting(&name, 21), fitting(&below, 25));
    let body = html! {
        title { (name) ": " (below) }
        rect.box x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="9" {}
        circle class=(colour) cx=(x + 14) cy=(y + 17) r="4.500" {}
        text x=(x + 25) y=(y + 21) { (shown) " " }
        text.soft x=(x + 25) y=(y + 38) { (told) }
    };
    html! { @match to { Some(job) => a href=(link::job(job)) aria-label={ (shown) " " (told) } { (body) }, None => g { (body) } } }
}

fn took(step: &Step) -> Option<String> {
    Some(parts::length(step.finished_at? - step.started_at.or(step.created_at)?))
}

fn journal(visit: &Visit, flow: &Flow) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let heads = ["step", "state-column", "enqueued", "took", "result"].map(|head| words.say(head));
    html! {
        (parts::table(&words.say("details"), &heads, html! {
            @for line in &flow.lines {
                tr {
                    @match &line.entry {
                        Entry::Step(step) => {
                            td { @match step.job { Some(job) => a.row-link href=(link::job(job)) { (parts::said(&line.name)) }, None => (parts::said(&line.name)) }
                                div.soft { (step.kind.as_deref().unwrap_or("–")) @if let Some(undoes) = &step.undoes { " · " (words.say("undoes")) " " (parts::said(undoes)) } @if step.detached { " · " (words.say("detached")) } } }
                            td { @if let Some(state) = &step.state { (parts::state(words, state)) } }
                            td { @if let Some(at) = step.created_at { (times.at(at)) } }
                            td.nowrap { (took(step).unwrap_or_default()) }
                            td { @if let Some(error) = &step.error { (parts::said(error)) } @if let Some(output) = &step.output { details.more { summary { (words.say("result")) } (arguments::json(output, false)) } } }
                        }
                        entry => {
                            td { (parts::said(&line.name)) }
                            td.soft { (told(visit, entry)) }
                            td { @if let Some(at) = line.at { (times.at(at)) } }
                            td {}
                            td { @if let Entry::Signal { payload: value } | Entry::Decision { value } = entry { details.more { summary { (words.say("result")) } (arguments::json(value, false)) } } }
                        }
                    }
                }
            }
        }))
        @for pending in &flow.pending { p.notice { (words.say("signal-pending")) " " code { (parts::said(&pending.name)) } " · " (times.ago(pending.at)) } }
    }
}

fn told(visit: &Visit, entry: &Entry) -> Markup {
    let words = visit.words();
    match entry {
        Entry::Wait { over, until } => {
            html! { (words.say(if *over { "wait-over" } else { "wait-open" })) @if let Some(until) = until { " " (visit.times().ago(*until)) } }
        }
        Entry::Signal { .. } => html! { (words.say("signal-came")) },
        Entry::Patch { new } => html! { (words.say(if *new { "patch-new" } else { "patch-old" })) },
        Entry::Undoing { why } => html! { (words.say("undoing")) ": " (parts::said(why)) },
        Entry::Decision { .. } | Entry::Step(_) => html! { (words.say("decision")) },
    }
}
