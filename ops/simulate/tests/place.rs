//! Where a test's simulators keep their journal. A process that is killed leaves it as it is then.

use std::{
    fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use super::harness::Lab;

/// A directory of this test's own.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("simulators-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("journal.jsonl")
    }

    /// What a process finds that is started after one that was killed now; the killed one is only left alone.
    pub(crate) fn killed(&self) -> (Self, PathBuf) {
        let next = Self::new();
        fs::create_dir_all(&next.0).unwrap();
        for file in fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().path()) {
            // A lock is of the process that holds it.
            if file.extension().is_none_or(|extension| extension != "lock") {
                fs::copy(&file, next.0.join(file.file_name().unwrap())).unwrap();
            }
        }
        let journal = next.journal();
        (next, journal)
    }

    pub(crate) async fn start(&self) -> Lab {
        Lab::with_journal(Some(&self.journal())).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A process that is started after one that was killed now.
pub(crate) async fn restart(place: &Place) -> (Place, Lab) {
    let (next, journal) = place.killed();
    let lab = Lab::with_journal(Some(&journal)).await;
    (next, lab)
}
