//! News of who a person is: a new phone number, a new business-scoped id.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Sender, lenient};

/// The names of one person at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Phone number in digits, without `+`.
    pub phone: Option<String>,
    /// Business-scoped user id.
    pub bsuid: Option<String>,
}

/// A person's names change: `before` is how we know them, `after` how WhatsApp names them now.
/// With nothing in `after`, only the device's security key changed, which may mean a new owner.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityChange {
    /// The names so far.
    pub before: Person,
    /// The new ones; what is absent stays.
    pub after: Person,
    /// Since when, by WhatsApp's clock.
    pub at: DateTime<Utc>,
    /// The update as it came.
    pub raw: Value,
}

impl IdentityChange {
    /// Reads a `system` message; `None` when it speaks of something else.
    pub(super) fn of_system_message(message: &Value, received: DateTime<Utc>) -> Option<Self> {
        let is_system = lenient::text(message, "type").is_none_or(|name| name == "system");
        let system = message.get("system").filter(|_| is_system)?;
        let changes =
            ["user_changed_number", "customer_changed_number", "user_changed_user_id", "customer_identity_changed"];
        let kind = lenient::text(system, "type")?;
        changes.contains(&kind.as_str()).then_some(())?;
        let from = Sender::named_by(lenient::id(message, "from"));
        let before = Person {
            phone: from.phone.or_else(|| named(system, "customer").phone),
            bsuid: from.bsuid.or_else(|| lenient::id(message, "from_user_id")),
        };
        let by_wa_id = named(system, "wa_id").or(named(system, "new_wa_id"));
        let user_id = lenient::id(system, "user_id");
        let after = if kind == "customer_identity_changed" {
            Person::default()
        } else {
            Person { phone: by_wa_id.phone, bsuid: user_id.or(by_wa_id.bsuid) }
        };
        let at = lenient::instant(message, "timestamp").unwrap_or(received);
        before.is_somebody().then(|| Self { before, after, at, raw: message.clone() })
    }

    /// Reads one item of the field `user_id_update`.
    pub(super) fn of_user_id_update(raw: Value, received: DateTime<Utc>) -> Result<Self, Value> {
        let ids = raw.get("user_id").unwrap_or(&Value::Null);
        let phone = named(&raw, "wa_id").phone;
        let before = Person { phone: phone.clone(), bsuid: lenient::id(ids, "previous") };
        let after = Person { phone, bsuid: lenient::id(ids, "current") };
        if !before.is_somebody() || after.bsuid.is_none() {
            return Err(raw);
        }
        let at = lenient::instant(&raw, "timestamp").unwrap_or(received);
        Ok(Self { before, after, at, raw })
    }
}

impl Person {
    const fn is_somebody(&self) -> bool {
        self.phone.is_some() || self.bsuid.is_some()
    }
}

fn named(object: &Value, key: &str) -> Sender {
    Sender::named_by(lenient::id(object, key))
}
