//! PostgreSQL's own programs on this machine.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use tokio::{fs, process::Command};

/// The oldest major version that the schema works on.
const OLDEST: u32 = 15;

/// Where one version's `initdb` and `pg_ctl` are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Binaries {
    /// Such as 15.
    pub major: u32,
    /// Empty when the shell's own search path finds them.
    directory: PathBuf,
}

impl Binaries {
    /// The version that `cluster` was made by, or else the newest one.
    pub async fn find(cluster: Option<u32>) -> anyhow::Result<Self> {
        let mut found = Vec::new();
        for directory in directories().await {
            if let Some(major) = version(&directory.join("pg_ctl")).await {
                found.push(Self { major, directory });
            }
        }
        choose(found, cluster)
    }

    /// The path of `program`.
    pub fn program(&self, program: &str) -> PathBuf {
        self.directory.join(program)
    }
}

fn choose(found: Vec<Binaries>, cluster: Option<u32>) -> anyhow::Result<Binaries> {
    let wanted = |binaries: &Binaries| match cluster {
        Some(major) => binaries.major == major,
        None => binaries.major >= OLDEST,
    };
    found.into_iter().filter(wanted).max().ok_or_else(|| match cluster {
        Some(major) => anyhow!(
            "the data directory was made by PostgreSQL {major}, which is not installed: \
             `apt-get install postgresql-{major}`, or set DATABASE_URL"
        ),
        None => anyhow!(
            "no PostgreSQL {OLDEST} or newer is installed: `apt-get install postgresql`, or set \
             DATABASE_URL to a database elsewhere"
        ),
    })
}

/// The search path first, then where distributions keep server programs out of it.
async fn directories() -> Vec<PathBuf> {
    let mut directories = vec![PathBuf::new()];
    if let Ok(mut versions) = fs::read_dir("/usr/lib/postgresql").await {
        while let Ok(Some(version)) = versions.next_entry().await {
            directories.push(version.path().join("bin"));
        }
    }
    directories
}

async fn version(pg_ctl: &Path) -> Option<u32> {
    let output = Command::new(pg_ctl).arg("--version").output().await.ok()?;
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `pg_ctl (PostgreSQL) 15.14 (Debian …)` or `… 18beta1`.
fn parse(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Binaries, choose, parse};

    #[test]
    fn versions_are_read() {
        assert_eq!(parse("pg_ctl (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(parse("pg_ctl (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(parse("bash: pg_ctl"), None);
    }

    #[test]
    fn a_cluster_keeps_its_version_and_a_new_one_takes_the_newest() {
        let of = |major| Binaries { major, directory: format!("/{major}").into() };
        let found = vec![of(13), of(15), of(17)];
        assert_eq!(choose(found.clone(), Some(15)).unwrap().major, 15);
        assert_eq!(choose(found.clone(), None).unwrap().major, 17);
        let missing = choose(found, Some(16)).unwrap_err().to_string();
        assert!(missing.contains("apt-get install postgresql-16"), "{missing}");
        assert!(choose(vec![of(13)], None).is_err());
    }
}
