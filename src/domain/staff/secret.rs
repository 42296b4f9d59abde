//! What only its owner knows: random, and kept as a digest.

use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// So many random bytes.
pub(super) fn random<const N: usize>() -> sqlx::Result<[u8; N]> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| sqlx::Error::Io(std::io::Error::other("the system has no randomness")))?;
    Ok(bytes)
}

/// A token of 256 bits.
pub(super) fn token() -> sqlx::Result<String> {
    Ok(encode(&random::<32>()?, BASE64URL))
}

/// SHA-256.
pub(super) fn sha256(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

/// As in RFC 4648, without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    encode(bytes, BASE32)
}

/// Writes bytes with an alphabet of 2^n signs, the highest bits first; zeros fill the last sign up.
fn encode(bytes: &[u8], alphabet: &[u8]) -> String {
    let width = alphabet.len().ilog2();
    let sign = |bits: u32| char::from(alphabet[bits as usize % alphabet.len()]);
    let (mut text, mut held, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        count += 8;
        while count >= width {
            count -= width;
            text.push(sign(held >> count));
        }
        held &= (1 << count) - 1;
    }
    if count > 0 {
        text.push(sign(held << (width - count)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_those_of_rfc_4648() {
        for (plain, in_32, in_64) in [
            ("", "", ""),
            ("f", "MY", "Zg"),
            ("fo", "MZXQ", "Zm8"),
            ("foo", "MZXW6", "Zm9v"),
            ("foob", "MZXW6YQ", "Zm9vYg"),
            ("fooba", "MZXW6YTB", "Zm9vYmE"),
            ("foobar", "MZXW6YTBOI", "Zm9vYmFy"),
        ] {
            assert_eq!(
                (base32(plain.as_bytes()).as_str(), encode(plain.as_bytes(), BASE64URL).as_str()),
                (in_32, in_64)
            );
        }
        assert_eq!(encode(&[0xff, 0xef, 0xfe], BASE64URL), "_-_-");
    }

    #[test]
    fn a_token_has_256_bits_and_comes_once() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
        assert_ne!(sha256(&one), sha256(&other));
    }
}
