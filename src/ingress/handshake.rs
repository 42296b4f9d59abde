//! The handshake by which Meta learns that a webhook's address is ours.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::hmac;

use super::Ingress;

/// The longest challenge that is given back.
const LONGEST_CHALLENGE: usize = 128;

/// The word that Meta repeats. Kept as a code of it, which compares in constant time.
#[derive(Debug)]
pub struct VerifyToken {
    key: hmac::Key,
    code: hmac::Tag,
}

/// There is no word to repeat.
#[derive(Debug, thiserror::Error)]
#[error("the WhatsApp verify token is empty; choose a word and enter the same one at Meta")]
pub struct EmptyToken;

impl VerifyToken {
    /// Expects exactly `token`, which must not be empty.
    pub fn new(token: &str) -> Result<Self, EmptyToken> {
        if token.is_empty() {
            return Err(EmptyToken);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
        Ok(Self { code: hmac::sign(&key, token.as_bytes()), key })
    }

    fn is(&self, given: &str) -> bool {
        hmac::verify(&self.key, given.as_bytes(), self.code.as_ref()).is_ok()
    }
}

/// `GET`: gives the challenge back to whoever knows the word.
pub(super) async fn answer(
    State(ingress): State<Ingress>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let query = query.map(|Query(fields)| fields).unwrap_or_default();
    match challenge(&query, &ingress.verify_token) {
        Some(challenge) => {
            let plain =
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
            (plain, challenge.to_owned()).into_response()
        }
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// The challenge to give back. Only letters, digits, `_` and `-` ever are, so that nothing a
/// browser would act on can be planted here.
fn challenge<'a>(query: &'a [(String, String)], token: &VerifyToken) -> Option<&'a str> {
    let field = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let known = token.is(field("hub.verify_token").unwrap_or_default());
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    field("hub.challenge")
        .filter(|_| known && field("hub.mode") == Some("subscribe"))
        .filter(|text| (1..=LONGEST_CHALLENGE).contains(&text.len()) && text.chars().all(harmless))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenged(mode: &str, token: &str, given: &str) -> Option<String> {
        let fields = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", given)];
        let query: Vec<_> = fields.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        challenge(&query, &VerifyToken::new("demo-verify").unwrap()).map(str::to_owned)
    }

    #[test]
    fn only_who_knows_the_word_gets_the_challenge_back() {
        assert_eq!(challenged("subscribe", "demo-verify", "1158201444").as_deref(), Some("1158201444"));
        for (mode, token) in [
            ("subscribe", "demo-verif"),
            ("subscribe", "demo-verifyy"),
            ("subscribe", ""),
            ("unsubscribe", "demo-verify"),
            ("", "demo-verify"),
        ] {
            assert_eq!(challenged(mode, token, "1158201444"), None, "{mode} {token}");
        }
    }

    #[test]
    fn nothing_a_browser_acts_on_comes_back() {
        for given in ["", "<script>", "a b", "è", "1\n2", &"1".repeat(129)] {
            assert_eq!(challenged("subscribe", "demo-verify", given), None, "{given}");
        }
    }

    #[test]
    fn an_empty_word_is_refused() {
        assert!(VerifyToken::new("").is_err());
    }
}
