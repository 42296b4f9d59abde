//! The envelope around everything that a webhook tells.

use serde_json::{Value, json};

use crate::simulate::Settings;

/// A webhook with one change: `value` (messages or statuses) of one of the business's numbers.
pub(crate) fn wrap(settings: &Settings, number: &str, value: Value) -> Value {
    wrap_all(settings, vec![(number.to_owned(), value)])
}

/// A webhook with one change per number.
pub(crate) fn wrap_all(settings: &Settings, values: Vec<(String, Value)>) -> Value {
    let changes: Vec<Value> = values
        .into_iter()
        .map(|(number, mut value)| {
            let own = number == settings.phone_number_id;
            let shown = if own { settings.display_digits() } else { number.clone() };
            value["messaging_product"] = "whatsapp".into();
            value["metadata"] = json!({ "display_phone_number": shown, "phone_number_id": number });
            json!({ "field": "messages", "value": value })
        })
        .collect();
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": settings.business_account_id, "changes": changes }],
    })
}
