//! A directory that goes when its scenario ends.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::Context;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Removed with all that is in it when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> anyhow::Result<Self> {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("holdfast-faults-{}-{number}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        // The server may run as another user than we do.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What the workers said, where it outlives the scenario.
    pub fn keep_log(&self, name: &str) -> Option<PathBuf> {
        let kept = self.0.with_extension(format!("{name}.log"));
        fs::copy(self.join("workers.log"), &kept).ok()?;
        Some(kept)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, directory = %self.0.display(), "not removed");
        }
    }
}
