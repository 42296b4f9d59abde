//! What may be written to a row. One row that the database refuses would hold up a whole batch, so it is refused here.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{EnqueueError, Job, Outcome, Stop};

/// The longest payload or output, in bytes; the tables' constraints say the same.
const LONGEST: usize = 1 << 20;
/// The longest key or lane, in characters.
const LONGEST_KEY: usize = 512;
/// The longest error that is kept, in characters.
const LONGEST_ERROR: usize = 4000;

/// A job's arguments.
pub(crate) fn payload<W, J: Job<W>>(job: &J) -> Result<String, EnqueueError> {
    let raw = to_raw_value(job).map_err(|source| EnqueueError::Arguments { kind: J::NAME, source })?;
    let bytes = raw.get().len();
    if bytes > LONGEST {
        return Err(EnqueueError::TooLarge { kind: J::NAME, bytes });
    }
    Ok(raw.get().to_owned())
}

/// A key, a lane: short enough for an index, and without signs that nobody can see.
pub(crate) fn check(kind: &'static str, field: &'static str, text: &str) -> Result<(), EnqueueError> {
    let problem = if text.chars().count() > LONGEST_KEY {
        "is longer than 512 characters: use a hash of it"
    } else if text.chars().any(char::is_control) {
        "contains a control character: remove it"
    } else {
        return Ok(());
    };
    Err(EnqueueError::Field { kind, field, problem })
}

/// Whether the same statement may succeed later.
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        // Connection, resources, operator, serialization, deadlock, lock timeout, read-only (a standby).
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57"].iter().any(|class| code.starts_with(class))
                || ["40001", "40P01", "55P03", "25006"].contains(&code.as_ref())
        }),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => true,
        _ => false,
    }
}

/// A job's output.
pub(crate) fn output<T: Serialize>(output: &T) -> Outcome<Box<RawValue>> {
    let raw = to_raw_value(output).map_err(|error| Stop::fail(format!("the output does not serialise: {error}")))?;
    let bytes = raw.get().len();
    if bytes > LONGEST {
        return Err(Stop::fail(format!(
            "the output has {bytes} bytes, and at most {LONGEST} are kept: keep it elsewhere and return its id"
        )));
    }
    Ok(raw)
}

/// An error's words: PostgreSQL keeps no NUL, and nobody reads a megabyte.
pub(crate) fn error(text: &str) -> String {
    text.chars().take(LONGEST_ERROR).map(|sign| if sign == '\0' { '\u{fffd}' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_that_no_row_takes_is_refused() {
        assert!(output(&"x".repeat(LONGEST - 2)).is_ok());
        assert!(matches!(output(&"x".repeat(LONGEST)), Err(Stop::Fail(_))));
    }

    #[test]
    fn an_error_is_cut_and_loses_its_nuls() {
        assert_eq!(error("a\0b"), "a\u{fffd}b");
        assert_eq!(error(&"é".repeat(9000)).chars().count(), LONGEST_ERROR);
    }
}
