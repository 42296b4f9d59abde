//! Webhook signatures: HMAC-SHA256 over the raw body, in `X-Hub-Signature-256`.

use ring::hmac;

/// The header that carries a webhook's signature.
pub const HEADER: &str = "x-hub-signature-256";

/// The app secrets that a webhook may be signed with: one, or two while one replaces the other.
#[derive(Debug, Clone)]
pub struct Secrets {
    current: hmac::Key,
    previous: hmac::Key,
}

/// The app secrets cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// Anybody could sign with an empty secret.
    #[error("a WhatsApp app secret is empty; copy it from the app's basic settings at Meta")]
    Empty,
    /// None, or more than two.
    #[error("{0} WhatsApp app secrets are given; give one, or two while one replaces the other")]
    Count(usize),
}

impl Secrets {
    /// One secret, or the new one and the one it replaces.
    pub fn new(secrets: &[&str]) -> Result<Self, SecretsError> {
        let (current, previous) = match *secrets {
            [only] => (only, only),
            [current, previous] => (current, previous),
            _ => return Err(SecretsError::Count(secrets.len())),
        };
        let key = |secret: &str| match secret {
            "" => Err(SecretsError::Empty),
            _ => Ok(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())),
        };
        Ok(Self { current: key(current)?, previous: key(previous)? })
    }

    /// Whether `header` signs exactly these bytes.
    ///
    /// Compares in constant time and always computes both codes, so that neither the time nor the
    /// number of codes tells which secret came close.
    #[must_use]
    pub fn verify(&self, header: &[u8], body: &[u8]) -> bool {
        let Some(code) = header.strip_prefix(b"sha256=").and_then(|code| hex::decode(code).ok()) else {
            return false;
        };
        let current = hmac::verify(&self.current, body, &code).is_ok();
        let previous = hmac::verify(&self.previous, body, &code).is_ok();
        current | previous
    }

    /// The header's value for a body, signed with the current secret, as Meta writes it.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        format!("sha256={}", hex::encode(hmac::sign(&self.current, body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = "{\"entry\":[{\"text\":\"ciao \u{1f9d8} caff\\u00e8\"}]}".as_bytes();

    fn secrets(secrets: &[&str]) -> Secrets {
        Secrets::new(secrets).unwrap()
    }

    /// Vector 2 of RFC 4231.
    #[test]
    fn a_published_vector_verifies() {
        let header = b"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(secrets(&["Jefe"]).verify(header, b"what do ya want for nothing?"));
    }

    #[test]
    fn both_active_secrets_verify_and_a_third_does_not() {
        let rotating = secrets(&["new", "old"]);
        for (secret, accepted) in [("new", true), ("old", true), ("older", false)] {
            let header = secrets(&[secret]).sign(BODY);
            assert_eq!(rotating.verify(header.as_bytes(), BODY), accepted, "{secret}");
        }
    }

    #[test]
    fn any_bit_flipped_in_body_or_header_is_noticed() {
        let secrets = secrets(&["demo-secret"]);
        let header = secrets.sign(BODY).into_bytes();
        assert!(secrets.verify(&header, BODY));
        for (position, bit) in (0..BODY.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut body = BODY.to_vec();
            body[position] ^= 1 << bit;
            assert!(!secrets.verify(&header, &body), "body byte {position}, bit {bit}");
        }
        for (position, bit) in (0..header.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut flipped = header.clone();
            flipped[position] ^= 1 << bit;
            // Hex has two cases of the same digit.
            let same = flipped.to_ascii_lowercase() == header && flipped.starts_with(b"sha256=");
            assert_eq!(secrets.verify(&flipped, BODY), same, "header byte {position}, bit {bit}");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let secrets = secrets(&["demo-secret"]);
        let good = secrets.sign(BODY);
        let bare = good.trim_start_matches("sha256=");
        let long = format!("{good}00");
        let sha1 = format!("sha1={bare}");
        for header in ["", "sha256=", "sha256=zz", bare, &good[..20], &long, &sha1] {
            assert!(!secrets.verify(header.as_bytes(), BODY), "{header}");
        }
    }

    #[test]
    fn secrets_are_one_or_two_and_not_empty() {
        assert_eq!(Secrets::new(&[""]).err(), Some(SecretsError::Empty));
        assert_eq!(Secrets::new(&["new", ""]).err(), Some(SecretsError::Empty));
        assert_eq!(Secrets::new(&[]).err(), Some(SecretsError::Count(0)));
        assert_eq!(Secrets::new(&["a", "b", "c"]).err(), Some(SecretsError::Count(3)));
    }
}
