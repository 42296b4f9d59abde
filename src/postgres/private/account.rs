//! Which user runs the server: PostgreSQL refuses to run as root.

use std::{
    io::ErrorKind,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
    process::Stdio,
};

use anyhow::{Context, anyhow};
use tokio::{fs, process::Command};

/// The user `postgres`, when we are root; otherwise ourselves.
#[derive(Debug, Clone, Copy)]
pub struct Account(Option<User>);

#[derive(Debug, Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Decides from who we are.
    pub async fn for_server() -> anyhow::Result<Self> {
        // Linux tells a process' user as the owner of /proc/self. Elsewhere nobody runs this as
        // root, and PostgreSQL itself says so if someone does.
        let root = fs::metadata("/proc/self").await.is_ok_and(|process| process.uid() == 0);
        if !root {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd").await.context("cannot read /etc/passwd")?;
        let user = parse(&users).ok_or_else(|| {
            anyhow!(
                "PostgreSQL does not run as root, and there is no user `postgres` to run it as: \
                 `apt-get install postgresql` makes one, or set DATABASE_URL"
            )
        })?;
        Ok(Self(Some(user)))
    }

    /// A command that runs as this user.
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        if let Some(user) = self.0 {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// Makes `path` this user's.
    pub fn give(self, path: &Path) -> anyhow::Result<()> {
        if let Some(user) = self.0 {
            chown(path, Some(user.uid), Some(user.gid))
                .with_context(|| format!("cannot give {} to the user postgres", path.display()))?;
        }
        Ok(())
    }

    /// Whether this user may enter `directory`: tried, since permissions have many sources.
    pub async fn reaches(self, directory: &Path) -> anyhow::Result<bool> {
        let visit = self.command(Path::new("true")).current_dir(directory).status().await;
        match visit {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(error).context("cannot run a command as the user postgres"),
        }
    }
}

/// Finds `postgres` in the text of `/etc/passwd`: name, password, uid, gid, then more.
fn parse(users: &str) -> Option<User> {
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    Some(User { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn postgres_is_found_among_users() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres:x:106:114:PostgreSQL:/var/lib:/bin/sh\n";
        let user = parse(users).unwrap();
        assert_eq!((user.uid, user.gid), (106, 114));
        assert!(parse("root:x:0:0::/:/bin/sh\npostgresql:x:7:7::/:/bin/sh\n").is_none());
    }
}
