//! The workers, and the database that they work on.

use engine::overview::{DatabaseNow, Snapshot, WorkerNow};
use maud::{Markup, html};

use super::attention::SILENT;
use crate::console::{
    shell::{chart, parts},
    visit::Visit,
};

pub(super) fn workers(visit: &Visit, workers: &[WorkerNow]) -> Markup {
    let words = visit.words();
    let head = ["health-worker", "health-beat", "queues-running", "health-version", "health-started", "state-column"]
        .map(|key| words.say(key));
    html! {
        section #workers {
            h2 { (words.say("health-workers")) }
            @if workers.is_empty() { (parts::empty(&words.say("health-no-worker"), &words.say("health-no-worker-more"))) }
            @else {
                (parts::table(&words.say("health-workers"), &head, html! {
                    @for worker in workers {
                        tr {
                            td { (parts::said(&worker.name)) div.soft { "#" (worker.id) } }
                            td { span .wrong[worker.beat_age_seconds > SILENT] { (words.with("ago", &[("time", &parts::seconds(worker.beat_age_seconds))])) } }
                            td { (parts::number(worker.running)) }
                            td { (parts::said(&worker.version)) }
                            td { (visit.times().ago(worker.started_at)) }
                            td { (stand(visit, worker)) }
                        }
                    }
                }))
            }
        }
    }
}

fn stand(visit: &Visit, worker: &WorkerNow) -> Markup {
    let (word, tone) = if worker.beat_age_seconds > SILENT {
        ("health-silent", "is-silent")
    } else if worker.draining {
        ("health-draining", "is-waiting")
    } else {
        ("health-works", "is-completed")
    };
    html! { span class={ "state " (tone) } { (visit.words().say(word)) } }
}

pub(super) fn database(visit: &Visit, snapshot: &Snapshot) -> Markup {
    let words = visit.words();
    let database = &snapshot.database;
    html! {
        section.card #database {
            h2 { (words.say("health-database")) }
            (parts::facts(&facts(visit, snapshot)))
        }
        (tables(visit, database))
    }
}

fn facts(visit: &Visit, snapshot: &Snapshot) -> Vec<(String, Markup)> {
    let words = visit.words();
    let database = &snapshot.database;
    let seconds = |seconds: Option<f64>| seconds.map_or_else(|| "–".to_owned(), parts::seconds);
    let transactions = database
        .xmin_age
        .filter(|_| database.xmin_seconds.is_some())
        .map(|age| words.with("health-transactions", &[("count", &parts::number(age))]));
    let size = database.tables.iter().filter_map(|table| table.bytes).sum::<i64>()
        + database.history.iter().map(|history| history.bytes).sum::<i64>();
    let taken = words.with(
        "health-connections",
        &[("used", &parts::number(database.connections)), ("most", &parts::number(database.connections_max))],
    );
    vec![
        (
            words.say("health-xmin"),
            html! { (seconds(database.xmin_seconds)) @if let Some(told) = transactions { " · " (told) } },
        ),
        (
            words.say("health-longest"),
            html! {
                (seconds(database.longest_transaction_seconds))
                @if let Some(state) = &database.longest_transaction_state { " · " (parts::said(state)) }
            },
        ),
        (
            words.say("health-pool"),
            html! {
                (parts::number(database.connections)) " / " (parts::number(database.connections_max))
                (chart::bar(database.connections, database.connections_max, "busy", &taken))
            },
        ),
        (words.say("health-locks"), html! { (parts::number(database.waiting_on_locks)) }),
        (words.say("health-size"), html! { (bytes(size)) }),
        (
            words.say("health-protocol"),
            html! { (snapshot.protocol) @if snapshot.drifted { " " span.wrong { (words.say("health-drifted")) } } },
        ),
    ]
}

/// The tables whose rows come and go, then those that are kept by weeks.
fn tables(visit: &Visit, database: &DatabaseNow) -> Markup {
    let words = visit.words();
    let head =
        ["health-table", "health-live", "health-rows-dead", "health-size", "health-weeks"].map(|key| words.say(key));
    html! {
        details.more.note {
            summary { (words.say("health-tables")) }
            (parts::table(&words.say("health-tables"), &head, html! {
                @for table in &database.tables {
                    tr {
                        td { code { (table.name) } } td { (parts::number(table.live)) } td { (parts::number(table.dead)) }
                        td { (table.bytes.map_or_else(|| "–".to_owned(), bytes)) } td {}
                    }
                }
                @for history in &database.history {
                    tr {
                        td { code { (history.name) } } td {} td {} td { (bytes(history.bytes)) } td { (history.partitions) }
                    }
                }
            }))
        }
    }
}

/// A size in its largest unit.
fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let (mut tenths, mut unit) = (bytes.max(0).saturating_mul(10), 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1024, unit + 1);
    }
    if tenths < 100 && unit > 0 {
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    } else {
        format!("{} {}", tenths / 10, UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_told_in_their_largest_unit() {
        let told = [0, 8192, 1536, 999 << 20, 3 << 40, i64::MAX].map(bytes);
        assert_eq!(told[..5], ["0 B", "8.0 KiB", "1.5 KiB", "999 MiB", "3.0 TiB"]);
        assert!(told[5].ends_with(" TiB"), "{}", told[5]);
    }
}
