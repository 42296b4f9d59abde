//! The world outside of the database: a file that remembers every effect, also the second one.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Appended to by all workers; a line is one effect. Survives whoever wrote it.
#[derive(Clone)]
pub(super) struct Outside {
    file: Arc<File>,
    path: PathBuf,
}

impl Outside {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self { file: Arc::new(file), path: path.to_owned() })
    }

    /// One write of one line, which the kernel appends as a whole.
    pub fn send(&self, number: i64) -> io::Result<()> {
        (&*self.file).write_all(format!("{number}\n").as_bytes())
    }

    /// Whether this one arrived.
    pub fn knows(&self, number: i64) -> io::Result<bool> {
        let wanted = number.to_string();
        Ok(fs::read_to_string(&self.path)?.lines().any(|line| line == wanted))
    }

    /// How often each one arrived.
    pub fn arrived(&self) -> io::Result<HashMap<i64, u64>> {
        let mut arrived = HashMap::new();
        for number in fs::read_to_string(&self.path)?.lines().filter_map(|line| line.parse().ok()) {
            *arrived.entry(number).or_default() += 1;
        }
        Ok(arrived)
    }
}
