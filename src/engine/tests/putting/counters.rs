//! The engine's counters, read in the process that counts.

use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

static BOOK: LazyLock<Arc<Book>> = LazyLock::new(Arc::default);

#[derive(Default)]
struct Book(Mutex<HashMap<String, Arc<AtomicU64>>>);

/// Counts from now on.
pub fn count() {
    // Another test of this process may have begun to.
    let _ = metrics::set_global_recorder(BOOK.clone());
}

/// What a counter with these labels says, `name{label=value,…}`.
pub fn counted(key: &str) -> u64 {
    BOOK.0.lock().unwrap().get(key).map_or(0, |counter| counter.load(Ordering::Relaxed))
}

impl Recorder for Book {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Counter::from_arc(self.0.lock().unwrap().entry(name).or_default().clone())
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
