//! W3C trace context: one trace from what came in to what goes out.

use crate::registry::Claimed;

/// A `traceparent` of version 00, or nothing.
pub(crate) fn parse(header: &str) -> Option<String> {
    let parts: Vec<&str> = header.trim().split('-').collect();
    let [version, trace, span, flags] = parts[..] else { return None };
    let hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let zero = |text: &str| text.bytes().all(|byte| byte == b'0');
    let valid = version == "00" && hex(trace, 32) && hex(span, 16) && hex(flags, 2) && !zero(trace) && !zero(span);
    valid.then(|| header.trim().to_owned())
}

/// For what a job calls: the trace that it came in with, or one that its root's id makes; the job is the span.
pub(crate) fn parent_of(job: &Claimed) -> String {
    match job.trace.as_deref().and_then(|trace| trace.get(3..35).zip(trace.get(53..55))) {
        Some((trace, flags)) => format!("00-{trace}-{:016x}-{flags}", job.id),
        None => format!("00-{:032x}-{:016x}-01", job.root, job.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_traceparent_is_kept() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(parse(good).as_deref(), Some(good));
        for bad in [
            "",
            "00-4bf9-00f0-01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
