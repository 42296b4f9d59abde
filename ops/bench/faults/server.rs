//! A PostgreSQL server that may be maltreated.

use std::{
    fmt::Write,
    fs,
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, anyhow, ensure};
use ring::rand::{SecureRandom, SystemRandom};
use sqlx::{
    ConnectOptions, Connection,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{
    disk::Disk,
    eventually,
    scenario::{Scenario, Volume},
    scratch::Scratch,
};

const USER: &str = "holdfast";

/// Runs until it is dropped. Its files lie in the scenario's directory, or on a small disk mounted there.
pub(super) struct Server {
    programs: PathBuf,
    /// PostgreSQL refuses to run as root: `postgres` then, user and group.
    account: Option<(u32, u32)>,
    home: PathBuf,
    data: PathBuf,
    log: PathBuf,
    password: String,
    port: u16,
    pub disk: Option<Disk>,
}

impl Server {
    pub async fn start(scenario: Scenario, scratch: &Scratch) -> anyhow::Result<Self> {
        let volume = scratch.join("disk");
        let disk = if scenario.small_disk().is_some() { Some(Disk::mount(&volume).await?) } else { None };
        let place =
            |what, name| if scenario.small_disk() == Some(what) { volume.join(name) } else { scratch.join(name) };
        let server = Self {
            programs: programs(),
            account: account()?,
            home: scratch.path().to_owned(),
            data: place(Volume::Tables, "cluster"),
            log: place(Volume::Log, "wal"),
            password: password()?,
            port: TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port(),
            disk,
        };
        server.create(scenario.wal_segment_mb())?;
        server.configure(scenario.settings())?;
        server.ensure_running().await?;
        Ok(server)
    }

    /// As its owner, who may do everything.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username(USER)
            .password(&self.password)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
    }

    /// As after a power cut: no checkpoint, no goodbye. Returns when it lets clients in again.
    pub async fn restart(&self) -> anyhow::Result<()> {
        self.pg_ctl(&["restart", "--mode", "immediate"])?;
        self.answer().await
    }

    /// Starts it if it has stopped; true when it had.
    pub async fn ensure_running(&self) -> anyhow::Result<bool> {
        let stopped = self.pg_ctl(&["status"]).is_err();
        if stopped {
            self.pg_ctl(&["start"])?;
        }
        self.answer().await?;
        Ok(stopped)
    }

    async fn answer(&self) -> anyhow::Result<()> {
        let options = self.options();
        eventually(Duration::from_mins(1), async || Ok(options.connect().await?.close().await?))
            .await
            .context("the server does not let us in")
    }

    fn create(&self, wal_segment_mb: &str) -> anyhow::Result<()> {
        for directory in [&self.data, &self.log] {
            fs::create_dir(directory)?;
            self.give(directory)?;
        }
        let secret = self.home.join("password");
        fs::write(&secret, &self.password)?;
        self.give(&secret)?;
        let mut initdb = self.command("initdb");
        initdb.arg("--pgdata").arg(&self.data).arg("--waldir").arg(&self.log).arg("--pwfile").arg(&secret);
        initdb.arg("--wal-segsize").arg(wal_segment_mb);
        run(initdb.args(["--username", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]))
    }

    fn configure(&self, settings: &[(&str, &str)]) -> anyhow::Result<()> {
        let mut text = fs::read_to_string(self.data.join("postgresql.conf"))?;
        let port = self.port.to_string();
        let fixed = [("listen_addresses", "127.0.0.1"), ("port", port.as_str()), ("unix_socket_directories", "")];
        for (name, value) in fixed.iter().chain(settings) {
            writeln!(text, "{name} = '{value}'")?;
        }
        Ok(fs::write(self.data.join("postgresql.conf"), text)?)
    }

    fn pg_ctl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let log = self.home.join("server.log");
        if !log.exists() {
            fs::write(&log, "")?;
            self.give(&log)?;
        }
        let mut command = self.command("pg_ctl");
        run(command.args(arguments).arg("--pgdata").arg(&self.data).arg("--log").arg(log).arg("--silent"))
    }

    fn give(&self, path: &Path) -> std::io::Result<()> {
        self.account.map_or(Ok(()), |(user, group)| chown(path, Some(user), Some(group)))
    }

    fn command(&self, program: &str) -> Command {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new(self.programs.join(program));
        command.current_dir("/").stdin(Stdio::null());
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.pg_ctl(&["stop", "--mode", "immediate"]) {
            tracing::warn!(%error, "the server had stopped before");
        }
    }
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    // No pipe: the server would inherit it and hold it open.
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let program = command.get_program().display().to_string();
    let status = status.with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "{program}: {status}");
    Ok(())
}

/// Where `initdb` and `pg_ctl` are: in Debian's place the newest, else on the search path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max();
    found.map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))).unwrap_or_default()
}

fn account() -> anyhow::Result<Option<(u32, u32)>> {
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    let missing = "PostgreSQL does not run as root, and there is no user `postgres`: `apt-get install postgresql`";
    Ok(Some((id(&["-u", "postgres"]).context(missing)?, id(&["-g", "postgres"]).context(missing)?)))
}

fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    let output = Command::new("id").args(arguments).output().context("cannot run `id`")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

fn password() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow!("the system has no randomness"))?;
    Ok(hex::encode(bytes))
}
