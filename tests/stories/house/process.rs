//! The real binary.

use std::{collections::HashMap, fs::File, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// A running `holdfast`; killed when it goes out of scope.
pub struct Process {
    child: Child,
    /// What the `ready` line told.
    pub told: HashMap<String, String>,
}

impl Process {
    /// Starts `holdfast` with these words and waits for its `ready` line. Its log is added to a
    /// file of this name below `target/tmp`.
    pub async fn start(log: &str, words: &[&str]) -> Self {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{log}.log"));
        let errors = File::options().create(true).append(true).open(&log).expect("a log file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
        command.args(words).env_remove("DATABASE_URL").env("RUST_BACKTRACE", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).kill_on_drop(true);
        let mut child = command.spawn().expect("holdfast starts");
        let stdout = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(Duration::from_mins(1), lines.next_line()).await;
        let Ok(Ok(Some(line))) = line else { panic!("holdfast {words:?} is not ready; see {}", log.display()) };
        let told = line.strip_prefix("ready ").unwrap_or_else(|| panic!("{line}")).split(' ');
        let told = told.filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned()));
        Self { told: told.collect(), child }
    }

    /// Starts `holdfast serve` for the demo studio.
    pub async fn serve(log: &str, database: &str, listen: SocketAddr, simulators: SocketAddr) -> Self {
        let (listen, whatsapp) = (listen.to_string(), format!("http://{simulators}"));
        let words = [
            "serve",
            "--listen",
            &listen,
            "--metrics",
            "127.0.0.1:0",
            "--database-url",
            database,
            "--whatsapp-url",
            &whatsapp,
            "--whatsapp-app-secret",
            "demo-secret",
            "--whatsapp-verify-token",
            "demo-verify",
            "--whatsapp-token",
            "demo-token",
            "--payment-url",
            &whatsapp,
            "--payment-key",
            "sk_demo",
            "--payment-webhook-secret",
            "demo-payment-secret",
            "--debounce-ms",
            "100",
            "--reconcile-secs",
            "2",
        ];
        Self::start(log, &words).await
    }

    /// Kills it as the kernel would.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a process to kill");
    }

    /// Asks it to end, and waits until it has; whether it ended well.
    pub async fn terminate(mut self) -> bool {
        let pid = self.child.id().expect("a running process").to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill");
        let ended = timeout(Duration::from_secs(40), self.child.wait()).await;
        ended.expect("an end within 40 s").expect("a status").success()
    }
}

/// An address of this machine that nobody listens on.
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
