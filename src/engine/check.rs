//! Whether arguments are what a job type reads, before anything runs with them.

use std::{sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use crate::Policy;

/// The most bytes that a job's arguments may have.
const MOST: usize = 1 << 20;

/// What this binary knows of its job types: what they read, and how they are treated. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Checks(Arc<[KindFacts]>);

/// How a job type is treated.
#[derive(Debug, Clone, Serialize)]
pub struct KindFacts {
    /// The job's name.
    pub name: &'static str,
    /// Names that it had before.
    pub former_names: &'static [&'static str],
    /// Attempts that may fail before a job is dead.
    pub attempts: u16,
    /// The longest that one attempt may take.
    pub timeout: Duration,
    /// Attempts at one time in one process.
    pub concurrency: u16,
    /// What it depends on.
    pub breaker: Option<&'static str>,
    /// What all processes together do not exceed, as the code declares it. Empty: how many run together is bounded by the
    /// number of processes only.
    pub limits: Vec<LimitFacts>,
    #[serde(skip)]
    read: fn(&str) -> Result<(), Unreadable>,
}

/// A limit as the code declares it.
#[derive(Debug, Clone, Serialize)]
pub struct LimitFacts {
    /// Its name.
    pub name: &'static str,
    /// Counted over `all`, or for each `tenant` or `key` alone.
    pub scope: &'static str,
    /// At most so many at one time.
    pub running: Option<u32>,
    /// At most so many starts …
    pub rate: Option<u32>,
    /// … in any window of this length.
    pub per: Option<Duration>,
}

/// Why arguments cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// This binary has no such job type.
    #[error("this binary knows no job type {0:?}")]
    UnknownKind(String),
    /// More than 1 MiB.
    #[error("the arguments have {bytes} bytes, more than 1 MiB: keep them elsewhere and pass an id")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// The job type does not read them.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// Where and why reading ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{path}: {message}")]
pub struct Unreadable {
    /// The way to the field, like `guest.phones[1]`; a dot for all of it.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1; 0 at the end of an empty text.
    pub column: usize,
    /// What is wrong, with line and column.
    pub message: String,
}

impl KindFacts {
    pub(crate) fn of<J: DeserializeOwned>(
        name: &'static str,
        former_names: &'static [&'static str],
        policy: &Policy,
    ) -> Self {
        Self {
            name,
            former_names,
            attempts: policy.attempts,
            timeout: policy.timeout,
            concurrency: policy.concurrency,
            breaker: policy.breaker.map(|breaker| breaker.name),
            limits: policy.limits.iter().map(crate::Limit::facts).collect(),
            read: read::<J>,
        }
    }
}

impl Checks {
    pub(crate) fn new(kinds: impl Iterator<Item = KindFacts>) -> Self {
        Self(kinds.collect())
    }

    /// Whether these arguments decode as this type of job, under its name or a former one.
    pub fn check(&self, kind: &str, payload: &str) -> Result<(), CheckError> {
        if payload.len() > MOST {
            return Err(CheckError::TooLarge { bytes: payload.len() });
        }
        let known = self.kind(kind).ok_or_else(|| CheckError::UnknownKind(kind.to_owned()))?;
        Ok((known.read)(payload)?)
    }

    /// One job type, by its name or a former one.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&KindFacts> {
        self.0.iter().find(|kind| kind.name == name || kind.former_names.contains(&name))
    }

    /// All job types, in the order of their registration.
    #[must_use]
    pub fn kinds(&self) -> &[KindFacts] {
        &self.0
    }
}

fn read<J: DeserializeOwned>(payload: &str) -> Result<(), Unreadable> {
    let told = |path: String, error: &serde_json::Error| Unreadable {
        path,
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    };
    let mut text = serde_json::Deserializer::from_str(payload);
    serde_path_to_error::deserialize::<_, J>(&mut text)
        .map_err(|error| told(error.path().to_string(), error.inner()))?;
    text.end().map_err(|error| told(".".to_owned(), &error))
}
