//! From bytes to JSON, with what the wire may bring and the database cannot keep put right.

use std::borrow::Cow;

use serde_json::Value;

use crate::nul::{REPLACEMENT, replace as replace_nul};

/// Parses a body. Bytes that are not UTF-8, half surrogate pairs (a name cut in the middle of an
/// emoji) and NUL characters, which PostgreSQL keeps in no text, become U+FFFD: one odd character
/// must not lose the batch it came with.
pub(super) fn parse(body: &[u8]) -> serde_json::Result<Value> {
    let text = String::from_utf8_lossy(body);
    let mut value = serde_json::from_str(&text).or_else(|error| match mend_surrogates(&text) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(mended) => serde_json::from_str(&mended),
    })?;
    if text.contains("\\u0000") {
        replace_nul(&mut value);
    }
    Ok(value)
}

/// Replaces each `\uD8xx` that has no partner. Borrowed when there is none.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('\\').map(|offset| at + offset) {
        at = match unit(text, found) {
            Some(0xD800..=0xDBFF) if matches!(unit(text, found + 6), Some(0xDC00..=0xDFFF)) => found + 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(&text[kept..found]);
                mended.push_str(REPLACEMENT);
                kept = found + 6;
                kept
            }
            // An escape of two characters; the second one may be a backslash.
            _ => text[found + 1..].chars().next().map_or(text.len(), |c| found + 1 + c.len_utf8()),
        };
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[kept..]);
    Cow::Owned(mended)
}

/// The UTF-16 unit of the escape (a backslash, `u`, four hex digits) that begins at `at`.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_surrogate_pair_costs_one_character() {
        let cases = [
            (r#"["Anna \ud83e"]"#, json!(["Anna \u{fffd}"])),
            (r#"["\udd8b Anna"]"#, json!(["\u{fffd} Anna"])),
            (r#"["\ud83e\ud83e\udd8b"]"#, json!(["\u{fffd}\u{1f98b}"])),
            (r#"["\\ud83e \ud83e"]"#, json!(["\\ud83e \u{fffd}"])),
            (r#"["\ud83e\u0041è"]"#, json!(["\u{fffd}Aè"])),
        ];
        for (body, expected) in cases {
            assert_eq!(parse(body.as_bytes()).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn nul_and_broken_utf8_become_replacement_characters() {
        let value = parse(br#"{"a\u0000":["x\u0000y"]}"#).unwrap();
        assert_eq!(value, json!({ "a\u{fffd}": ["x\u{fffd}y"] }));
        assert_eq!(parse(b"[\"caff\xe8\"]").unwrap(), json!(["caff\u{fffd}"]));
    }

    #[test]
    fn what_is_no_json_stays_no_json() {
        for body in ["", "{", "hello", r#"["\ud83e"#, &"[".repeat(100_000)] {
            assert!(parse(body.as_bytes()).is_err());
        }
    }
}
