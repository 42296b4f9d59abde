//! Reading the fields of Stripe's objects, which may be missing, `null`, or expanded.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Stripe promises that its ids stay below (<https://docs.stripe.com/upgrades>).
const LONGEST_ID: usize = 255;

/// The longest address that is kept. Those of Stripe's checkout have a long fragment.
const LONGEST_URL: usize = 4096;

/// A word of visible ASCII, short enough to be a key: what every id, type and status of Stripe is.
pub(super) fn word(object: &Value, key: &str) -> Option<String> {
    visible(object.get(key)?.as_str()?, LONGEST_ID)
}

/// The id at `key`, or the id of the object that was expanded there.
pub(super) fn id(object: &Value, key: &str) -> Option<String> {
    word(object, key).or_else(|| word(object.get(key)?, "id"))
}

/// An address for a browser.
pub(super) fn url(object: &Value, key: &str) -> Option<String> {
    visible(object.get(key)?.as_str()?, LONGEST_URL)
}

/// An amount in minor units; none is negative.
pub(super) fn amount(object: &Value, key: &str) -> Option<i64> {
    object.get(key)?.as_i64().filter(|amount| *amount >= 0)
}

/// A currency as ISO 4217 writes it; Stripe uses small letters.
pub(super) fn currency(object: &Value) -> Option<String> {
    let code = word(object, "currency")?.to_ascii_uppercase();
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then_some(code)
}

/// One of our own ids, which we put into the metadata.
pub(super) fn ours(object: &Value, key: &str) -> Option<i64> {
    word(object.get("metadata")?, key)?.parse().ok()
}

/// An instant given in Unix seconds.
pub(super) fn instant(object: &Value, key: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(object.get(key)?.as_i64()?, 0)
}

fn visible(text: &str, longest: usize) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_may_be_expanded_and_is_never_odd() {
        assert_eq!(id(&json!({ "payment_intent": "pi_1" }), "payment_intent").as_deref(), Some("pi_1"));
        assert_eq!(id(&json!({ "payment_intent": { "id": "pi_1" } }), "payment_intent").as_deref(), Some("pi_1"));
        for odd in [json!(null), json!(""), json!("pi 1"), json!("pi\u{0}"), json!("x".repeat(256)), json!(7)] {
            assert_eq!(id(&json!({ "payment_intent": odd }), "payment_intent"), None, "{odd}");
        }
    }

    #[test]
    fn amounts_currencies_and_our_ids_are_checked() {
        let object =
            json!({ "a": 1250, "b": -1, "c": 1.5, "currency": "eur", "metadata": { "tenant": "7", "x": "y" } });
        let amounts = ["a", "b", "c", "d"].map(|key| amount(&object, key));
        assert_eq!(amounts, [Some(1250), None, None, None]);
        assert_eq!(currency(&object).as_deref(), Some("EUR"));
        assert_eq!(currency(&json!({ "currency": "€" })), None);
        assert_eq!(["tenant", "x", "payment"].map(|key| ours(&object, key)), [Some(7), None, None]);
    }
}
