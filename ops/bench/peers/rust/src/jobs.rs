//! What the handlers of all peers do.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::Write,
    sync::{
        LazyLock, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::sync::mpsc::UnboundedSender;

use crate::setting;

pub(crate) static HANDLED: AtomicI64 = AtomicI64::new(0);
/// Where the starts of jobs are told, when their latency is measured.
pub(crate) static STARTS: OnceLock<UnboundedSender<(i64, Instant)>> = OnceLock::new();
static START_LOG: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var("STARTLOG").ok()?;
    OpenOptions::new().append(true).create(true).open(path).ok()
});
static LANES: LazyLock<Mutex<Lanes>> = LazyLock::new(Mutex::default);

/// The job that does nothing, unless its start is measured.
pub async fn noop(number: i64) {
    if let Some(starts) = STARTS.get() {
        let _ = starts.send((number, Instant::now()));
    }
    if let Some(log) = START_LOG.as_ref() {
        log_start(log, number);
        if setting("HANG", "0") == "1" {
            std::future::pending::<()>().await;
        }
    }
    HANDLED.fetch_add(1, SeqCst);
}

/// The job number `number` of an ordered lane.
pub async fn lane(lane: i64, number: i64) {
    LANES.lock().unwrap().enter(lane, number);
    tokio::time::sleep(Duration::from_millis(5)).await;
    LANES.lock().unwrap().leave(lane);
    HANDLED.fetch_add(1, SeqCst);
}

/// The last step of a workflow.
pub fn flow_ended() {
    HANDLED.fetch_add(1, SeqCst);
}

pub(crate) fn disorder() -> String {
    let lanes = LANES.lock().unwrap();
    format!("{} order breaks, {} overlaps, {} at once", lanes.breaks, lanes.overlaps, lanes.most)
}

fn log_start(mut log: &File, number: i64) {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    log.write_all(format!("{number} {} {at:.6}\n", std::process::id()).as_bytes()).unwrap();
}

#[derive(Default)]
struct Lanes {
    /// The next number of each lane, and whether one is at work.
    lanes: HashMap<i64, (i64, bool)>,
    breaks: usize,
    overlaps: usize,
    working: usize,
    most: usize,
}

impl Lanes {
    fn enter(&mut self, lane: i64, number: i64) {
        let (next, busy) = self.lanes.entry(lane).or_default();
        self.overlaps += usize::from(*busy);
        self.breaks += usize::from(*next != number);
        (*next, *busy) = (number + 1, true);
        self.working += 1;
        self.most = self.most.max(self.working);
    }

    fn leave(&mut self, lane: i64) {
        if let Some((_, busy)) = self.lanes.get_mut(&lane) {
            *busy = false;
        }
        self.working -= 1;
    }
}
