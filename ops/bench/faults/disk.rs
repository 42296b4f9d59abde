//! A small disk in memory, which can be filled.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use tokio::process::Command;

/// Room for a cluster and the rows of the longest run.
const SIZE: &str = "1500m";

/// Mounted until it is dropped. Memory is its only medium, so that a crash of the machine is out of its reach.
pub(super) struct Disk {
    path: PathBuf,
}

impl Disk {
    /// Needs root.
    pub async fn mount(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir(path)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={SIZE},mode=0755"), "tmpfs"])
            .arg(path)
            .output()
            .await
            .context("cannot run `mount`")?;
        ensure!(
            mounted.status.success(),
            "a small disk cannot be mounted here, which takes root: {}",
            String::from_utf8_lossy(&mounted.stderr).trim()
        );
        Ok(Self { path: path.to_owned() })
    }

    /// Leaves not one block free.
    pub async fn fill(&self) -> anyhow::Result<()> {
        let ballast = self.ballast();
        tokio::task::spawn_blocking(move || fill(&ballast)).await??;
        Ok(())
    }

    pub fn free(&self) -> anyhow::Result<()> {
        Ok(fs::remove_file(self.ballast())?)
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

fn fill(ballast: &Path) -> std::io::Result<()> {
    let mut file = File::options().create(true).append(true).open(ballast)?;
    for block in [1 << 20, 1 << 12] {
        let zeros = vec![0; block];
        loop {
            match file.write_all(&zeros) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process of the server may be a moment late in ending.
        let gone = std::process::Command::new("umount").arg("--lazy").arg(&self.path).status();
        if !gone.is_ok_and(|status| status.success()) {
            tracing::warn!(path = %self.path.display(), "the small disk is still mounted");
        }
    }
}
