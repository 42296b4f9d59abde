//! What may be written to a row. One row that the database refuses would hold up a whole batch, so it is refused here.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{EnqueueError, Job, Outcome, Stop};

/// The longest payload or output, in bytes; the tables' constraints say the same.
const LONGEST: usize = 1 << 20;
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
