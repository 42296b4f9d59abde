//! O: what can be seen from outside.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use engine::{Backoff, Cx, Job, Limit, Outcome, Policy, Stop};
use metrics::{Counter, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde::{Deserialize, Serialize};
use sqlx::Executor;

use crate::{
    helpers::{Note, note},
    house::{House, World, start},
};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Fails once, then calls a step; notes the trace that it would pass on.
#[derive(Serialize, Deserialize)]
struct Traced {
    steps: u32,
}

impl Job<World> for Traced {
    const NAME: &'static str = "traced";
    const POLICY: Policy = Policy {
        backoff: Backoff::exponential(Duration::from_millis(10), Duration::from_millis(20)),
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(cx.traceparent());
        if cx.attempt() == 1 {
            return Err(Stop::retry("once"));
        }
        if self.steps > 0 {
            cx.step("below", Self { steps: self.steps - 1 }).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn o01_one_trace_goes_from_what_came_in_through_retries_and_steps_to_what_goes_out() {
    let house = House::new().await;
    house.client.register_kinds(&["traced".to_owned()]).await.unwrap();
    let traced = house.client.traced(TRACE);
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let root = traced.enqueue(&mut tx, 1, &Traced { steps: 1 }).await.unwrap().id;
    traced.commit(tx).await.unwrap();
    let running = start(house.engine().job::<Traced>());
    house.until_ended(2).await;
    running.stop().await;
    let diary = house.world.diary();
    assert!(diary.len() >= 4, "two attempts of each: {diary:?}");
    assert!(
        diary.iter().all(|line| line.contains("4bf92f3577b34da6a3ce929d0e0e4736") && line.ends_with("-01")),
        "{diary:?}"
    );
    let spans: std::collections::BTreeSet<_> = diary.iter().map(|line| &line[36..52]).collect();
    assert_eq!(spans.len(), 2, "each job is a span: {diary:?}");
    assert!(spans.contains(format!("{root:016x}").as_str()));
}

type Values = Arc<Mutex<BTreeMap<String, f64>>>;

/// Keeps the latest value of each gauge.
struct Gauges(Values);

struct One(String, Values);

impl GaugeFn for One {
    fn increment(&self, _: f64) {}

    fn decrement(&self, _: f64) {}

    fn set(&self, value: f64) {
        self.1.lock().unwrap().insert(self.0.clone(), value);
    }
}

impl Recorder for Gauges {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.0.lock().unwrap().insert(name(key), 1.0);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Arc::new(One(name(key), self.0.clone())))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.0.lock().unwrap().insert(name(key), 1.0);
        Histogram::noop()
    }
}

fn name(key: &Key) -> String {
    let labels = key.labels().map(|label| format!(" {}={}", label.key(), label.value()));
    format!("{}{}", key.name(), labels.collect::<String>())
}

/// At most one at a time.
#[derive(Serialize, Deserialize)]
struct Narrow {}

impl Job<World> for Narrow {
    const NAME: &'static str = "narrow";
    const POLICY: Policy = Policy { limits: &[Limit::running("narrow_gate", 1)], ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        while cx.world.count("open") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn o02_depth_age_limits_breakers_and_effects_are_gauges() {
    let values = Values::default();
    metrics::set_global_recorder(Gauges(values.clone())).unwrap();
    let house = House::new().await;
    house.put(&Narrow {}).await;
    house.put(&Narrow {}).await;
    house.put(&note("nobody runs it")).await;
    house
        .pool
        .execute("insert into holdfast.effect (key, job, state, sent_at) values ('e', 1, 'unknown', now())")
        .await
        .unwrap();
    house.pool.execute("insert into holdfast.breaker_rule values ('llm', 1, '1 s', '1 s', '1 s', 1); select holdfast.force_breaker('llm', -1, true, 'test', 'test', '1 h')").await.unwrap();
    let running = start(house.engine().job::<Narrow>());
    let expected = [
        ("holdfast_ready kind=note", 1.0),
        ("holdfast_held by=narrow_gate", 1.0),
        ("holdfast_limit_used limit=narrow_gate", 1.0),
        ("holdfast_breaker_open breaker=llm", 1.0),
        ("holdfast_breaker_half_open breaker=llm", 0.0),
        ("holdfast_effects_unknown of=all", 1.0),
        ("holdfast_workers of=all", 1.0),
        ("holdfast_blocked_lanes of=all", 0.0),
        ("holdfast_later of=all", 0.0),
        ("holdfast_strays of=all", 0.0),
    ];
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let told = values.lock().unwrap().clone();
        let age = told.get("holdfast_oldest_ready_seconds kind=note").is_some_and(|age| *age > 1.0);
        if age && expected.iter().all(|(name, value)| told.get(*name) == Some(value)) {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{told:#?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    house.world.note("open");
    house.until_ended(2).await;
    running.stop().await;
    let told = values.lock().unwrap().clone();
    for name in [
        "holdfast_attempts_total kind=narrow ending=completed",
        "holdfast_job_wait_seconds kind=narrow",
        "holdfast_job_run_seconds kind=narrow",
    ] {
        assert!(told.contains_key(name), "{name} is missing: {told:#?}");
    }
}

#[tokio::test]
async fn o03_the_gauges_read_no_table_from_end_to_end() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned(), "other".to_owned()]).await.unwrap();
    house
        .pool
        .execute(
            "insert into holdfast.ready (id, kind, priority, tenant, rank) select holdfast.next_id(), k.id, n % 3, n % 50, n << 20 from holdfast.kind k, generate_series(1, 20000) n;
             insert into holdfast.later (id, run_at, tenant, kind, priority) select n, now() + interval '1 h', 1, 1, 0 from generate_series(1, 20000) n;
             insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select n, now(), 0, 1, 1, 1 from generate_series(1, 20000) n",
        )
        .await
        .unwrap();
    house
        .pool
        .execute("analyze holdfast.ready; analyze holdfast.done; select pg_stat_force_next_flush()")
        .await
        .unwrap();
    let read = "select coalesce(sum(seq_tup_read), 0)::bigint from pg_stat_user_tables where schemaname = 'holdfast' and (relname in ('ready', 'later') or relname ~ '^(done|job|attempt)')";
    let mut conn = house.pool.acquire().await.unwrap();
    let before: i64 = sqlx::query_scalar(read).fetch_one(&mut *conn).await.unwrap();
    let ready = "select value from holdfast.measures() where gauge = 'holdfast_ready' and what = 'other'";
    let ready: f64 = sqlx::query_scalar(ready).fetch_one(&mut *conn).await.unwrap();
    assert!((ready - 10001.0).abs() < 0.5, "beyond the bound it is a lot: {ready}");
    conn.execute("select pg_stat_force_next_flush()").await.unwrap();
    let after: i64 = sqlx::query_scalar(read).fetch_one(&mut *conn).await.unwrap();
    assert!(after - before <= 10_001, "{} rows were read from end to end", after - before);
}

/// Lines as a process would write them, with their fields.
struct Lines(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        use std::fmt::Write;
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl tracing::Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("engine")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(event.metadata().level().to_string());
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn o04_each_attempt_has_a_line_with_its_ids_and_without_what_the_job_carries() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    tracing::subscriber::set_global_default(Lines(lines.clone())).unwrap();
    let house = House::new().await;
    house.client.register_kinds(&["traced".to_owned(), "note".to_owned()]).await.unwrap();
    let traced = house.client.traced(TRACE);
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let job = traced.enqueue(&mut tx, 7, &Traced { steps: 0 }).await.unwrap().id;
    traced.enqueue(&mut tx, 7, &note("a secret of a customer")).await.unwrap();
    traced.commit(tx).await.unwrap();
    let running = start(house.engine().job::<Traced>().job::<Note>());
    house.until_ended(2).await;
    running.stop().await;
    let lines = lines.lock().unwrap().clone();
    let of_job = |ending: &str| {
        let found = lines.iter().find(|line| {
            line.contains(&format!("job={job}"))
                && line.contains(&format!("ending=\"{ending}\""))
                && !line.contains("message=attempt failed")
        });
        found.unwrap_or_else(|| panic!("no line of {ending}: {lines:#?}")).clone()
    };
    for (ending, level, attempt) in [("failed", "INFO", 1), ("completed", "DEBUG", 2)] {
        let line = of_job(ending);
        for field in [
            "kind=\"traced\"",
            "tenant=7",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "ms=",
            &format!("root={job}"),
            &format!("attempt={attempt}"),
        ] {
            assert!(line.contains(field), "{field} is missing: {line}");
        }
        assert!(line.starts_with(level), "{line}");
    }
    assert!(lines.iter().all(|line| !line.contains("secret")), "{lines:#?}");
}
