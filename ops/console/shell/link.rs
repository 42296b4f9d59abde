//! Addresses.

use std::fmt::Write as _;

/// Quotes text for a query string.
pub fn escape(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            quoted.push(char::from(byte));
        } else {
            let _ = write!(quoted, "%{byte:02X}");
        }
    }
    quoted
}

/// The list of jobs that fit a query.
pub fn jobs(query: &str) -> String {
    if query.is_empty() { "/ops/jobs".to_owned() } else { format!("/ops/jobs?q={}", escape(query)) }
}

/// One job.
pub fn job(id: i64) -> String {
    format!("/ops/jobs/{id}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn whatever_is_written_stays_one_value() {
        assert_eq!(super::jobs("error:\"a b\"&x=é#"), "/ops/jobs?q=error%3A%22a%20b%22%26x%3D%C3%A9%23");
    }
}
