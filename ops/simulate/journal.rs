//! A file that outlives the process: JSON, a record a line.
//!
//! What was appended is with the operating system, so that a `kill -9` loses nothing; a power cut
//! may. The line that a process was killed in the middle of was promised to nobody and is dropped.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// Why a journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// Two processes would overwrite each other's lines.
    #[error("{}: another process keeps its journal there; choose another place", .0.display())]
    InUse(PathBuf),
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Not written by this program, or by another version of it.
    #[error("{}: line {line}: {source}; move the file away to start without its contents", path.display())]
    Line {
        /// The journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// An open journal; nobody else has it.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// A file of its own, since the journal's is replaced from time to time.
    _lock: File,
}

impl Journal {
    /// Opens the journal, creates it if need be, and tells its records, oldest first.
    pub(crate) fn open<T: DeserializeOwned>(path: &Path, tell: impl FnMut(T)) -> Result<Self, JournalError> {
        let trouble = |source| JournalError::File { path: path.to_owned(), source };
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(trouble)?;
        }
        let lock = private().append(true).open(path.with_added_extension("lock")).map_err(trouble)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse(path.to_owned()),
            TryLockError::Error(source) => trouble(source),
        })?;
        let file = private().read(true).append(true).open(path).map_err(trouble)?;
        let whole = read(path, &file, tell)?;
        file.set_len(whole).map_err(trouble)?;
        Ok(Self { path: path.to_owned(), file, _lock: lock })
    }

    /// The record is with the operating system when this returns.
    pub(crate) fn append(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.file.write_all(&line(record)?)
    }

    /// Replaces everything by one record; after a crash there is the one or the other.
    pub(crate) fn replace(&mut self, record: &impl Serialize) -> io::Result<()> {
        let draft = self.path.with_added_extension("draft");
        let mut file = private().write(true).truncate(true).open(&draft)?;
        file.write_all(&line(record)?)?;
        file.sync_all()?;
        fs::rename(&draft, &self.path)?;
        self.file = file;
        Ok(())
    }
}

/// Created if missing; it holds phone numbers, so it is the owner's alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    options
}

fn line(record: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    Ok(line)
}

/// Tells the records of whole lines, and how many bytes those take.
fn read<T: DeserializeOwned>(path: &Path, file: &File, mut tell: impl FnMut(T)) -> Result<u64, JournalError> {
    let (mut lines, mut bytes, mut whole) = (BufReader::new(file), Vec::new(), 0);
    for line in 1.. {
        bytes.clear();
        let length = lines
            .read_until(b'\n', &mut bytes)
            .map_err(|source| JournalError::File { path: path.to_owned(), source })?;
        if !bytes.ends_with(b"\n") {
            if length > 0 {
                tracing::warn!(journal = %path.display(), line, "the last line was cut short and is dropped");
            }
            break;
        }
        let record = serde_json::from_slice(&bytes);
        tell(record.map_err(|source| JournalError::Line { path: path.to_owned(), line, source })?);
        whole += length as u64;
    }
    Ok(whole)
}
