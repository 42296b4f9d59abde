//! Worker processes, to be killed, stopped and started again.

use std::{fs::File, path::PathBuf, process::Stdio, time::Duration};

use anyhow::Context;
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tokio::process::{Child, Command};

use super::scratch::Scratch;

const WORKERS: usize = 4;
/// Longer than the workers' own grace.
const GOODBYE: Duration = Duration::from_secs(30);

/// Four copies of this program. Dropped, all are killed.
pub(super) struct Fleet {
    workers: Vec<Child>,
    database: PgConnectOptions,
    outside: PathBuf,
    log: PathBuf,
}

impl Fleet {
    pub fn start(database: PgConnectOptions, scratch: &Scratch) -> anyhow::Result<Self> {
        let mut fleet =
            Self { workers: Vec::new(), database, outside: scratch.join("outside"), log: scratch.join("workers.log") };
        for _ in 0..WORKERS {
            fleet.workers.push(fleet.worker()?);
        }
        Ok(fleet)
    }

    /// What they write to.
    pub fn outside(&self) -> &PathBuf {
        &self.outside
    }

    /// SIGKILL, and a new one in its place.
    pub async fn replace(&mut self, number: usize) -> anyhow::Result<()> {
        let heir = self.worker()?;
        let mut victim = std::mem::replace(&mut self.workers[number % WORKERS], heir);
        victim.kill().await.context("a worker cannot be killed")
    }

    /// SIGSTOP or SIGCONT.
    pub async fn signal(&self, number: usize, signal: &str) -> anyhow::Result<()> {
        let pid = self.workers[number % WORKERS].id().context("a worker has ended by itself")?;
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(pid.to_string()).status().await?;
        anyhow::ensure!(sent.success(), "a worker cannot be sent {signal}");
        Ok(())
    }

    /// How many have ended by themselves, which none should.
    pub fn deserters(&mut self) -> usize {
        self.workers.iter_mut().filter_map(|worker| worker.try_wait().ok()?).count()
    }

    /// Lets them finish; tells how many did so in time.
    pub async fn stop(mut self) -> usize {
        for worker in &mut self.workers {
            drop(worker.stdin.take());
        }
        let deadline = tokio::time::Instant::now() + GOODBYE;
        let mut ended = 0;
        for worker in &mut self.workers {
            let end = tokio::time::timeout_at(deadline, worker.wait()).await;
            ended += usize::from(end.is_ok_and(|status| status.is_ok_and(|status| status.success())));
        }
        ended
    }

    fn worker(&self) -> anyhow::Result<Child> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        Command::new(std::env::current_exe()?)
            .args(["bench", "fault-worker"])
            .arg(&self.outside)
            // Not as an argument, where every user of the machine could read it.
            .env("DATABASE_URL", self.database.to_url_lossy().as_str())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start a worker")
    }
}
