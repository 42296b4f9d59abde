//! The directory that holds a private server's files.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use ring::digest::{SHA256, digest};

use super::Account;

/// `postgres/`, the cluster; `postgres.password`; `postgres.port`; and two lock files.
#[derive(Debug)]
pub struct Home(PathBuf);

impl Home {
    /// Creates the data directory. When the server's user cannot enter it, as below `/root`, the
    /// files go below `/var/lib/holdfast` instead, in a directory named after it.
    pub async fn prepare(data_dir: &Path, account: Account) -> anyhow::Result<Self> {
        create(data_dir)?;
        let data_dir = fs::canonicalize(data_dir)?;
        if account.reaches(&data_dir).await? {
            return Ok(Self(data_dir));
        }
        let name = digest(&SHA256, data_dir.as_os_str().as_encoded_bytes());
        let elsewhere = Path::new("/var/lib/holdfast").join(hex::encode(&name.as_ref()[..8]));
        create(&elsewhere)?;
        if !account.reaches(&elsewhere).await? {
            bail!(
                "the user postgres can enter neither {} nor {}: choose another --data-dir",
                data_dir.display(),
                elsewhere.display()
            );
        }
        tracing::info!(
            data_dir = %data_dir.display(), files = %elsewhere.display(),
            "the user postgres cannot enter the data directory; the database's files are elsewhere"
        );
        Ok(Self(elsewhere))
    }

    /// The cluster's directory.
    pub fn cluster(&self) -> PathBuf {
        self.0.join("postgres")
    }

    /// The owner's password; readable by the server's user only.
    pub fn password(&self) -> PathBuf {
        self.0.join("postgres.password")
    }

    /// The port of the last start, kept so that the address stays the same.
    pub fn port(&self) -> PathBuf {
        self.0.join("postgres.port")
    }

    /// One process at a time starts or stops the server: waits for the others.
    pub async fn take_turn(&self) -> anyhow::Result<File> {
        let file = self.open("starting.lock")?;
        let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await?;
        locked.context("cannot lock the data directory")
    }

    /// Tells others, as long as the file is open, that a process uses the server.
    pub fn take_lease(&self) -> anyhow::Result<File> {
        let file = self.open("in-use.lock")?;
        file.lock_shared().context("cannot lock the data directory")?;
        Ok(file)
    }

    fn open(&self, name: &str) -> anyhow::Result<File> {
        let path = self.0.join(name);
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))
    }
}

fn create(directory: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(directory)
        .with_context(|| format!("cannot create {}", directory.display()))
}
