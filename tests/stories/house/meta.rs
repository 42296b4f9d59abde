//! Meta's servers: signed bodies, byte by byte.

use adapters::whatsapp::signature::{HEADER, Secrets};
use chrono::Utc;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// The demo studio's number.
pub const NUMBER: &str = "100000000000001";

/// Posts to one house.
pub struct Meta {
    client: Client,
    url: String,
}

impl Meta {
    /// Posts to the house at `url`.
    pub fn new(url: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { client, url: format!("{url}/webhooks/whatsapp") }
    }

    /// Posts JSON, signed as the demo's app signs.
    pub async fn posts(&self, body: &Value) -> StatusCode {
        self.posts_bytes(body.to_string().into_bytes()).await
    }

    /// Posts these bytes, signed as the demo's app signs.
    pub async fn posts_bytes(&self, body: Vec<u8>) -> StatusCode {
        let signature = signature(&body);
        self.posts_raw(Some(&signature), body).await
    }

    /// Posts these bytes under this signature.
    pub async fn posts_raw(&self, signature: Option<&str>, body: Vec<u8>) -> StatusCode {
        let mut request = self.client.post(&self.url).header("content-type", "application/json").body(body);
        if let Some(signature) = signature {
            request = request.header(HEADER, signature);
        }
        request.send().await.expect("an answer").status()
    }
}

/// What the demo's app signs `body` with.
pub fn signature(body: &[u8]) -> String {
    Secrets::new(&["demo-secret"]).expect("a secret").sign(body)
}

/// A body with one change of the field `messages` for `number`.
pub fn envelope(number: &str, contacts: &Value, messages: &[Value], statuses: &[Value]) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "390495550100", "phone_number_id": number },
    });
    for (name, items) in [("messages", messages), ("statuses", statuses)] {
        if !items.is_empty() {
            value[name] = items.into();
        }
    }
    if !contacts.is_null() {
        value["contacts"] = contacts.clone();
    }
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "200000000000001", "changes": [{ "field": "messages", "value": value }] }],
    })
}

/// A message object of this kind, written now.
pub fn message(from: &str, wamid: &str, kind: &str, content: &Value) -> Value {
    json!({ "from": from, "id": wamid, "timestamp": now(), "type": kind, kind: content })
}

/// A status object of a message of ours, of `at`, in unix seconds.
pub fn status(wamid: &str, status: &str, at: i64) -> Value {
    json!({ "id": wamid, "status": status, "timestamp": at.to_string(), "recipient_id": "393335550101" })
}

/// Unix seconds in Meta's manner.
pub fn now() -> String {
    #[expect(clippy::disallowed_methods, reason = "Meta's clock is not the house's")]
    Utc::now().timestamp().to_string()
}
