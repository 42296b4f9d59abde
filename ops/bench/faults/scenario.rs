//! What can go wrong, and for how long.

use std::time::Duration;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// One of four workers is killed (SIGKILL) every two seconds and started again at once.
    WorkerKills,
    /// The server is restarted in immediate mode, as after a power cut.
    PostgresRestart,
    /// Two connections a second are terminated, those that listen first.
    BackendKills,
    /// Three hundred idle connections take what the server has left.
    IdleConnections,
    /// A worker is stopped (SIGSTOP) past its lease and goes on (SIGCONT) as if nothing had been.
    Freeze,
    /// The disk of the tables is full, and has room again. The write-ahead log is elsewhere.
    DiskFull,
    /// The disk of the write-ahead log is full: the server stops with a panic, and is started again when there is room.
    WalFull,
    /// Somebody holds a snapshot, so that nothing dead can be cleared.
    HeldSnapshot,
}

/// What PostgreSQL writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Volume {
    Tables,
    Log,
}

/// How long each phase takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub warm_up: Duration,
    pub baseline: Duration,
    pub fault: Duration,
    pub recovery: Duration,
}

impl Scenario {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::WorkerKills,
        Self::PostgresRestart,
        Self::BackendKills,
        Self::IdleConnections,
        Self::Freeze,
        Self::DiskFull,
        Self::WalFull,
        Self::HeldSnapshot,
    ];

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// As it is written on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkerKills => "worker_kills",
            Self::PostgresRestart => "postgres_restart",
            Self::BackendKills => "backend_kills",
            Self::IdleConnections => "idle_connections",
            Self::Freeze => "freeze",
            Self::DiskFull => "disk_full",
            Self::WalFull => "wal_full",
            Self::HeldSnapshot => "held_snapshot",
        }
    }

    /// Those of the public benchmark, and longer faults where its are too short to hurt.
    pub(super) fn lengths(self, quick: bool) -> Lengths {
        let [warm_up, baseline, fault, recovery] = if quick { [5, 8, 10, 8] } else { [30, 60, 60, 60] };
        let fault = match (self, quick) {
            (Self::WorkerKills, false) => 300,
            (Self::HeldSnapshot, false) => 600,
            (Self::HeldSnapshot, true) => 20,
            (Self::Freeze, true) => 14,
            _ => fault,
        };
        let [warm_up, baseline, fault, recovery] = [warm_up, baseline, fault, recovery].map(Duration::from_secs);
        Lengths { warm_up, baseline, fault, recovery }
    }

    /// What the server is started with, beyond PostgreSQL's defaults.
    pub(super) const fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // Three hundred idle ones and our own do not fit.
            Self::IdleConnections => &[("max_connections", "310")],
            // No old files that could be used again.
            Self::WalFull => &[("wal_recycle", "off"), ("max_wal_size", "128MB"), ("min_wal_size", "32MB")],
            _ => &[],
        }
    }

    /// PostgreSQL's default is 16. Small files are full soon, and the next one finds no room.
    pub(super) const fn wal_segment_mb(self) -> &'static str {
        if matches!(self, Self::WalFull) { "1" } else { "16" }
    }

    /// What lies on a small disk, if anything: the tables or the write-ahead log, never both.
    pub(super) const fn small_disk(self) -> Option<Volume> {
        match self {
            Self::DiskFull => Some(Volume::Tables),
            Self::WalFull => Some(Volume::Log),
            _ => None,
        }
    }
}
