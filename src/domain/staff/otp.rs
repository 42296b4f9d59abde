//! Time-based one-time passwords: [RFC 6238](https://www.rfc-editor.org/rfc/rfc6238) with SHA-1, six digits and half a
//! minute, which is what every authenticator knows.

use chrono::{DateTime, Utc};
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// How long a code stands, in seconds.
const STEP: i64 = 30;

/// The step of `now`, or of a neighbour since clocks differ, of which this is the code, if it comes after `last`.
pub(super) fn step(secret: &[u8], code: &str, last: i64, now: DateTime<Utc>) -> Option<i64> {
    let current = now.timestamp().div_euclid(STEP);
    (current - 1..=current + 1).find(|step| *step > last && digits(secret, *step) == code)
}

/// The code of one step.
fn digits(secret: &[u8], step: i64) -> String {
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let tag = tag.as_ref();
    // SHA-1 gives 20 bytes; the last four bits say where the number begins.
    let start = usize::from(tag[19] & 15);
    let number = tag[start..start + 4].iter().fold(0, |number: u32, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// The code that an authenticator shows.
#[cfg(test)]
pub(crate) fn code(secret: &[u8], now: DateTime<Utc>) -> String {
    digits(secret, now.timestamp().div_euclid(STEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_the_last_six_digits_of_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(digits(SECRET, seconds / STEP), code[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_stands_one_step_to_each_side_and_never_again() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let shown = code(SECRET, at(3000));
        assert_eq!(step(SECRET, &shown, 0, at(3000)), Some(100));
        assert_eq!(step(SECRET, &shown, 0, at(2970)), Some(100));
        assert_eq!(step(SECRET, &shown, 0, at(3059)), Some(100));
        assert_eq!(step(SECRET, &shown, 0, at(3060)), None);
        assert_eq!(step(SECRET, &shown, 0, at(2969)), None);
        assert_eq!(step(SECRET, &shown, 100, at(3000)), None);
    }
}
