//! The server's files and its process.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    net::TcpListener,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::process::Command;

use super::{Account, Binaries, Home, NAME};

/// A PostgreSQL cluster that is ours.
#[derive(Debug)]
pub struct Cluster {
    /// Where its files are.
    pub home: Home,
    account: Account,
    binaries: Binaries,
}

impl Cluster {
    /// The cluster in `home`, which need not exist yet.
    pub async fn new(home: Home, account: Account) -> anyhow::Result<Self> {
        let made_by = fs::read_to_string(home.cluster().join("PG_VERSION")).ok();
        let binaries = Binaries::find(made_by.and_then(|text| text.trim().parse().ok())).await?;
        Ok(Self { home, account, binaries })
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.home.cluster().join("server.log")
    }

    /// Creates the cluster, beside its place first, so that an interrupted start leaves no half of
    /// it. Returns the owner's password.
    pub async fn create_if_missing(&self) -> anyhow::Result<String> {
        let password = self.password()?;
        let (place, draft) = (self.home.cluster(), self.home.cluster().with_extension("draft"));
        if place.exists() {
            return Ok(password);
        }
        tracing::info!(directory = %place.display(), version = self.binaries.major, "creating a private PostgreSQL");
        if draft.exists() {
            fs::remove_dir_all(&draft)?;
        }
        fs::create_dir(&draft)?;
        self.account.give(&draft)?;
        let mut initdb = self.account.command(&self.binaries.program("initdb"));
        initdb.arg("--pgdata").arg(&draft).arg("--pwfile").arg(self.home.password());
        initdb.args(["--username", NAME, "--auth=scram-sha-256", "--encoding=UTF8"]);
        run(initdb.args(["--locale=C.UTF-8", "--no-instructions"]), &draft).await?;
        fs::rename(&draft, &place)?;
        Ok(password)
    }

    /// Starts the server unless it runs, and tells its port.
    pub async fn ensure_running(&self) -> anyhow::Result<u16> {
        if let Some(port) = self.running().await? {
            return Ok(port);
        }
        let port = self.free_port()?;
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
             -c shared_buffers=256MB -c jit=off"
        );
        let mut start = self.pg_ctl("start");
        run(start.arg("--log").arg(self.log()).args(["--options", &settings]), &self.home.cluster())
            .await
            .with_context(|| format!("the private PostgreSQL did not start; see {}", self.log().display()))?;
        fs::write(self.home.port(), port.to_string())?;
        Ok(port)
    }

    /// Stops the server; what is committed is on disk already.
    pub async fn stop(&self) -> anyhow::Result<()> {
        run(self.pg_ctl("stop").args(["--mode", "fast"]), &self.home.cluster()).await
    }

    fn pg_ctl(&self, verb: &str) -> Command {
        let mut command = self.account.command(&self.binaries.program("pg_ctl"));
        command.arg(verb).arg("--pgdata").arg(self.home.cluster()).args(["--wait", "--timeout", "60"]);
        command
    }

    /// The port, when `postmaster.pid` names a live server of this cluster. After a reboot its
    /// number may belong to a stranger, which would keep the server from starting: when nobody at
    /// all uses the cluster, the file goes.
    async fn running(&self) -> anyhow::Result<Option<u16>> {
        let file = self.home.cluster().join("postmaster.pid");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let line = |n| text.lines().nth(n).unwrap_or_default();
        let users = self.users().await?;
        if users.iter().any(|pid| pid == line(0)) {
            let port = line(3).parse();
            return port.map(Some).with_context(|| format!("{} tells no port", file.display()));
        }
        if users.is_empty() {
            fs::remove_file(&file)?;
        }
        Ok(None)
    }

    /// The processes that work in the cluster's directory, as PostgreSQL's all do. Only the
    /// server's own user is sure to see them.
    async fn users(&self) -> anyhow::Result<Vec<String>> {
        let mut find = self.account.command(Path::new("find"));
        find.args(["/proc", "-mindepth", "2", "-maxdepth", "2", "-name", "cwd", "-printf", r"%h\t%l\n"]);
        let found = find.current_dir("/").output().await.context("cannot run `find`")?;
        let cluster = self.home.cluster();
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let here = found.lines().filter_map(|line| line.split_once('\t'));
        let here = here.filter(|(_, directory)| Path::new(directory) == cluster);
        Ok(here.map(|(process, _)| process.trim_start_matches("/proc/").to_owned()).collect())
    }

    /// The port of the last start, or any free one.
    fn free_port(&self) -> anyhow::Result<u16> {
        let last = fs::read_to_string(self.home.port()).ok().and_then(|text| text.parse().ok());
        let listener =
            TcpListener::bind(("127.0.0.1", last.unwrap_or(0))).or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
        Ok(listener.local_addr()?.port())
    }

    /// The owner's password, made up at the first start.
    fn password(&self) -> anyhow::Result<String> {
        let path = self.home.password();
        match fs::read_to_string(&path) {
            Ok(password) if !password.is_empty() => return Ok(password),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut bytes = [0; 24];
        SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow!("the system has no randomness"))?;
        let password = hex::encode(bytes);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(password.as_bytes())?;
        file.sync_all()?;
        self.account.give(&path)?;
        Ok(password)
    }
}

/// Runs one of PostgreSQL's programs, in a directory that its user can enter.
async fn run(command: &mut Command, directory: &Path) -> anyhow::Result<()> {
    let output = command.current_dir(directory).output().await?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {}", command.as_std().get_program().display(), complaint.trim());
    }
    Ok(())
}
