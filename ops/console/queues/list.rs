//! All queues.

use engine::overview::{self, PauseNow};
use maud::{Markup, html};

use super::{
    address,
    pause::{self, Whose},
    row::{self, Row},
};
use crate::console::{
    failure::Failure,
    screen::{Screen, Section},
    shell::parts,
    tenants::Businesses,
    visit::Visit,
};

pub(super) async fn list(visit: Visit) -> Result<Screen, Failure> {
    let businesses = Businesses::of(&visit).await?;
    let mut conn = visit.read().await?;
    let body = match visit.sight().tenant {
        None => {
            let snapshot = overview::snapshot(&mut conn).await?;
            body(&visit, &row::of_house(&snapshot), &snapshot.pauses, &businesses)
        }
        Some(own) => {
            let snapshot = overview::tenant_snapshot(&mut conn, own).await?;
            body(&visit, &row::of_business(&snapshot), &snapshot.pauses, &businesses)
        }
    };
    Ok(Screen::new(visit.words().say("nav-queues"), Section::Queues, body).live())
}

fn body(visit: &Visit, rows: &[Row<'_>], pauses: &[PauseNow], businesses: &Businesses) -> Markup {
    let words = visit.words();
    html! {
        (standing_still(visit, pauses, businesses, "/ops/queues"))
        @if rows.is_empty() { (parts::empty(&words.say("queues-none"), &words.say("queues-none-more"))) }
        @else { (tables(visit, rows, pauses)) }
        div.row.note { (pause::form(visit, None, businesses, &words.say("queues-pause-everything"), "/ops/queues")) }
    }
}

/// What is paused, and by whom.
pub(super) fn standing_still(visit: &Visit, pauses: &[PauseNow], businesses: &Businesses, back: &str) -> Markup {
    let words = visit.words();
    html! {
        @if !pauses.is_empty() {
            section.card.stack {
                h2 { (words.say("queues-pauses")) }
                @for pause in pauses {
                    @let whose = Whose { kind: pause.kind.clone(), tenant: pause.tenant };
                    div.row.between {
                        div {
                            strong { (of(visit, pause, businesses)) }
                            div.soft { (parts::said(&pause.by)) " · " (visit.times().ago(pause.at)) " · " (parts::said(&pause.reason)) }
                        }
                        (pause::buttons(visit, &whose, true, "", back))
                    }
                }
            }
        }
    }
}

/// What a pause is about.
fn of(visit: &Visit, pause: &PauseNow, businesses: &Businesses) -> Markup {
    let words = visit.words();
    html! {
        @match &pause.kind { Some(kind) => (parts::said(kind)), None => (words.say("queues-everything")) }
        " · " (parts::said(&businesses.name(words, pause.tenant)))
    }
}

/// Those with something to do, then the others.
fn tables(visit: &Visit, rows: &[Row<'_>], pauses: &[PauseNow]) -> Markup {
    let words = visit.words();
    let stirs = |row: &&Row<'_>| row.activity() > 0 || row.later() > 0 || row.is_paused(pauses);
    let (busy, idle): (Vec<&Row<'_>>, Vec<&Row<'_>>) = rows.iter().partition(stirs);
    html! {
        @if busy.is_empty() { (parts::empty(&words.say("health-quiet"), &words.say("health-quiet-more"))) }
        @else { (table(visit, &words.say("nav-queues"), &busy, pauses)) }
        @if !idle.is_empty() {
            details.more.note {
                summary { (words.count("queues-idle", i64::try_from(idle.len()).unwrap_or(i64::MAX))) }
                (table(visit, &words.say("queues-idle-table"), &idle, pauses))
            }
        }
    }
}

fn table(visit: &Visit, label: &str, rows: &[&Row<'_>], pauses: &[PauseNow]) -> Markup {
    let words = visit.words();
    let mut head = vec!["kind", "state-column", "queues-ready", "queues-oldest", "queues-running"];
    head.extend(["queues-held", "queues-blocked", "queues-later", "queues-dead"]);
    if visit.sight().tenant.is_none() {
        head.extend(["queues-hour", "queues-run-wait"]);
    }
    let head: Vec<String> = head.into_iter().map(|key| words.say(key)).collect();
    let longest = rows.iter().map(|row| row.standing.ready).max().unwrap_or(0);
    parts::table(label, &head, html! { @for row in rows { (line(visit, row, pauses, longest)) } })
}

fn line(visit: &Visit, row: &Row<'_>, pauses: &[PauseNow], longest: i64) -> Markup {
    let words = visit.words();
    let standing = row.standing;
    html! {
        tr {
            td.whole {
                a.row-link href=(address(row.kind())) { (parts::said(row.kind())) }
                @if let Some(now) = row.now { @for limit in &now.limits { div.soft { (parts::said(limit)) } } }
            }
            td { (stand(visit, row, pauses)) }
            td.depth { (row.depth(words, longest)) }
            td { (row.oldest()) }
            td { (row.count(standing.running, "running")) }
            td { (row.count(standing.held, "held")) }
            td { (row.count(standing.blocked, "blocked")) }
            td { (row.count(row.later(), "scheduled,retrying,waiting")) }
            td { (row.count(standing.dead_today, "dead")) }
            @if let Some(now) = row.now {
                td { (row.hour(words)) }
                td.whole { (row::mean(now.mean_run_ms)) @if now.mean_wait_ms.is_some() { div.soft { (row::mean(now.mean_wait_ms)) } } }
            }
        }
    }
}

/// Whether it moves.
pub(super) fn stand(visit: &Visit, row: &Row<'_>, pauses: &[PauseNow]) -> Markup {
    let words = visit.words();
    let (word, tone) = if row.is_paused(pauses) {
        (if row.standing.running > 0 { "queues-draining" } else { "queues-paused" }, "is-paused")
    } else if row.now.is_some_and(|now| !now.served) {
        ("queues-unserved", if row.standing.ready > 0 { "is-dead" } else { "is-cancelled" })
    } else {
        ("queues-open", "is-completed")
    };
    html! { span class={ "state " (tone) } { (words.say(word)) } }
}

impl Row<'_> {
    /// Nothing of it starts, as far as this person sees it.
    pub fn is_paused(&self, pauses: &[PauseNow]) -> bool {
        let for_all = self.now.is_some_and(|now| now.paused);
        // A business sees its own pauses only; those of other businesses leave a queue open.
        let own = self.now.is_none()
            && pauses.iter().any(|pause| pause.kind.as_deref().is_none_or(|kind| kind == self.kind()));
        for_all || own
    }
}
