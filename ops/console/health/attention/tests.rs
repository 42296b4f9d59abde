use chrono::{DateTime, Utc};
use engine::overview::{KindNow, SchedulePause, Standing};

use super::*;

const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn standing() -> Standing {
    Standing {
        kind: "send".to_owned(),
        ready: 0,
        oldest_ready_seconds: None,
        running: 0,
        scheduled: 0,
        retrying: 0,
        waiting: 0,
        blocked: 0,
        held: 0,
        dead_today: 0,
    }
}

/// A house in which nothing needs anybody.
fn well() -> Snapshot {
    let kind = KindNow {
        standing: standing(),
        completed: Vec::new(),
        failed: Vec::new(),
        mean_run_ms: None,
        mean_wait_ms: None,
        served: true,
        paused: false,
        limits: Vec::new(),
        breaker: None,
    };
    let worker = WorkerNow {
        id: 1,
        name: "host".to_owned(),
        version: "1".to_owned(),
        started_at: AT,
        beat_age_seconds: 1.0,
        draining: false,
        running: 0,
    };
    let database = DatabaseNow {
        xmin_age: Some(3),
        xmin_seconds: Some(0.1),
        longest_transaction_seconds: Some(0.1),
        longest_transaction_state: None,
        connections: 20,
        connections_max: 100,
        waiting_on_locks: 0,
        tables: Vec::new(),
        history: Vec::new(),
    };
    Snapshot {
        at: AT,
        protocol: 1,
        drifted: false,
        kinds: vec![kind],
        pauses: Vec::new(),
        workers: vec![worker],
        breakers: vec![breaker("closed", None)],
        limits: vec![limit("all", 1, 0)],
        schedules: Vec::new(),
        effects: EffectsNow { unknown: 0, oldest_at: None },
        database,
    }
}

fn breaker(state: &str, forced_by: Option<&str>) -> BreakerNow {
    BreakerNow {
        rule: "whatsapp".to_owned(),
        tenant: None,
        state: state.to_owned(),
        since: None,
        until: None,
        failures: 0,
        successes: 0,
        reason: None,
        forced_by: forced_by.map(str::to_owned),
        held: 4,
        kinds: Vec::new(),
    }
}

fn limit(scope: &str, used: i64, held: i64) -> LimitNow {
    LimitNow {
        rule: "sends".to_owned(),
        scope: scope.to_owned(),
        running: Some(2),
        rate: None,
        per_ms: None,
        used,
        held,
        changed_by: None,
        reason: None,
        changed_at: None,
        kinds: Vec::new(),
    }
}

fn schedule(paused: bool, late: bool) -> ScheduleNow {
    let paused = paused.then(|| SchedulePause { who: "Anna".to_owned(), why: "…".to_owned(), at: AT });
    ScheduleNow { name: "night".to_owned(), expression: None, zone: None, late_since: late.then_some(AT), paused }
}

/// What makes a healthy house one that is not.
type Change = fn(&mut Snapshot);

#[test]
fn nothing_needs_anybody_in_a_house_that_is_well() {
    assert_eq!(of_house(&well(), true), []);
}

#[test]
fn each_trouble_is_told_by_itself() {
    let rule = || "whatsapp".to_owned();
    let kind = || "send".to_owned();
    let cases: [(Change, Matter); 20] = [
        (|seen| seen.workers.clear(), Matter::NoWorker),
        (|seen| seen.workers[0].beat_age_seconds = 8.1, Matter::NoWorker),
        (|seen| seen.workers[0].draining = true, Matter::NoWorker),
        (
            |seen| (seen.kinds[0].served, seen.kinds[0].standing.ready) = (false, 3),
            Matter::Unserved { kind: kind(), ready: 3 },
        ),
        (
            |seen| (seen.kinds[0].standing.ready, seen.kinds[0].standing.oldest_ready_seconds) = (1, Some(61.0)),
            Matter::Slow { kind: kind(), seconds: 61.0 },
        ),
        (|seen| seen.kinds[0].standing.dead_today = 2, Matter::Dead(2)),
        (|seen| seen.effects.unknown = 1, Matter::Effects(1)),
        (|seen| seen.breakers = vec![breaker("open", None)], Matter::Open { rule: rule(), tenant: None, held: 4 }),
        (|seen| seen.breakers = vec![breaker("half_open", None)], Matter::Unsure { rule: rule(), tenant: None }),
        (|seen| seen.breakers = vec![breaker("recovering", None)], Matter::Unsure { rule: rule(), tenant: None }),
        (|seen| seen.breakers = vec![breaker("closed", Some("Anna"))], Matter::Unsure { rule: rule(), tenant: None }),
        (|seen| seen.schedules = vec![schedule(false, true)], Matter::Late { schedule: "night".to_owned() }),
        (
            |seen| seen.schedules = vec![schedule(true, true)],
            Matter::ScheduleStill { schedule: "night".to_owned(), by: "Anna".to_owned() },
        ),
        (|seen| seen.database.longest_transaction_seconds = Some(301.0), Matter::Transaction(301.0)),
        (|seen| seen.database.xmin_seconds = Some(301.0), Matter::Snapshot(301.0)),
        (|seen| seen.database.connections = 90, Matter::Connections(90, 100)),
        (|seen| seen.drifted = true, Matter::Drift),
        (
            |seen| {
                let (reason, by) = ("…".to_owned(), "Anna".to_owned());
                seen.pauses = vec![PauseNow { kind: None, tenant: Some(7), reason, by, at: AT }];
            },
            Matter::Paused { kind: None, tenant: Some(7), by: "Anna".to_owned() },
        ),
        (|seen| seen.limits = vec![limit("all", 2, 0)], Matter::Full { limit: "sends".to_owned(), held: 0 }),
        (|seen| seen.limits = vec![limit("key", 0, 9)], Matter::Full { limit: "sends".to_owned(), held: 9 }),
    ];
    for (trouble, matter) in cases {
        let mut seen = well();
        trouble(&mut seen);
        assert_eq!(of_house(&seen, true), [matter]);
    }
}

#[test]
fn what_only_looks_like_trouble_is_not_told() {
    let cases: [fn(&mut Snapshot); 6] = [
        |seen| (seen.kinds[0].standing.ready, seen.kinds[0].standing.oldest_ready_seconds) = (1, Some(60.0)),
        // Nobody serves it, and nothing of it is to be done.
        |seen| seen.kinds[0].served = false,
        // The rank of a job that has just gone.
        |seen| seen.kinds[0].standing.oldest_ready_seconds = Some(900.0),
        |seen| seen.database.longest_transaction_seconds = Some(300.0),
        |seen| seen.database.connections = 89,
        // One a lane: that it is reached is what it is for.
        |seen| seen.limits = vec![limit("key", 2, 0)],
    ];
    for case in cases {
        let mut seen = well();
        case(&mut seen);
        assert_eq!(of_house(&seen, true), []);
    }
}

#[test]
fn what_is_urgent_comes_first() {
    let mut seen = well();
    seen.limits = vec![limit("all", 2, 0)];
    seen.drifted = true;
    let told = of_house(&seen, false);
    assert_eq!(told, [Matter::Drift, Matter::Full { limit: "sends".to_owned(), held: 0 }, Matter::OneStep]);
}

#[test]
fn without_workers_no_type_is_told_of_beside_that() {
    let mut seen = well();
    (seen.kinds[0].served, seen.kinds[0].standing.ready) = (false, 3);
    seen.workers.clear();
    assert_eq!(of_house(&seen, true), [Matter::NoWorker]);
}

#[test]
fn a_business_is_told_of_its_own_part() {
    let dead = Standing { dead_today: 1, ..standing() };
    let seen = TenantSnapshot {
        at: AT,
        kinds: vec![standing(), dead],
        pauses: Vec::new(),
        breakers: vec![breaker("open", None)],
        effects: EffectsNow { unknown: 0, oldest_at: None },
    };
    let open = Matter::Open { rule: "whatsapp".to_owned(), tenant: None, held: 4 };
    assert_eq!(of_business(&seen, true), [Matter::Dead(1), open]);
}
