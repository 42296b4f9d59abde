//! Who a message is from.

use serde_json::Value;

use super::lenient;

/// A person as WhatsApp names them. At least one of phone and business-scoped id is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// The WhatsApp id: a phone number in digits, country code first, without `+`. Absent when
    /// the person hides it behind a username.
    pub phone: Option<String>,
    /// The business-scoped user id (`IT.1349...`), which stands even when the phone is hidden.
    pub bsuid: Option<String>,
    /// The name that the person shows to others, or else their username.
    pub name: Option<String>,
}

impl Sender {
    /// Reads the sender of `message`, with what the envelope's `contacts` add.
    pub(super) fn read(message: &Value, contacts: &[Value]) -> Option<Self> {
        let mut sender =
            Self { bsuid: lenient::id(message, "from_user_id"), ..Self::named_by(lenient::id(message, "from")) }
                .or(Self::named_by(lenient::id(message, "from")));
        if let Some(contact) = contacts.iter().find(|contact| sender.is(contact)) {
            sender = sender.or(Self::of_contact(contact));
        } else if let [contact] = contacts
            && sender.is_nobody()
        {
            sender = Self::of_contact(contact);
        }
        (!sender.is_nobody()).then_some(sender)
    }

    fn of_contact(contact: &Value) -> Self {
        let profile = contact.get("profile").unwrap_or(&Value::Null);
        let name = lenient::text(profile, "name").or_else(|| lenient::text(profile, "username"));
        Self { bsuid: lenient::id(contact, "user_id"), name, ..Self::default() }
            .or(Self::named_by(lenient::id(contact, "wa_id")))
    }

    /// Reads an id of either kind: some webhooks put a business-scoped id where the phone was.
    pub(super) fn named_by(id: Option<String>) -> Self {
        let Some(id) = id else { return Self::default() };
        let is_phone =
            id.chars().any(|c| c.is_ascii_digit()) && id.chars().all(|c| c.is_ascii_digit() || "+ -()".contains(c));
        if is_phone {
            let digits = id.chars().filter(char::is_ascii_digit).collect();
            Self { phone: Some(digits), ..Self::default() }
        } else {
            Self { bsuid: Some(id), ..Self::default() }
        }
    }

    /// Fills what is missing from `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self { phone: self.phone.or(other.phone), bsuid: self.bsuid.or(other.bsuid), name: self.name.or(other.name) }
    }

    fn is(&self, contact: &Value) -> bool {
        let contact = Self::of_contact(contact);
        let same = |mine: &Option<String>, theirs: &Option<String>| mine.is_some() && mine == theirs;
        same(&self.phone, &contact.phone) || same(&self.bsuid, &contact.bsuid)
    }

    const fn is_nobody(&self) -> bool {
        self.phone.is_none() && self.bsuid.is_none()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sender(phone: &str, bsuid: &str, name: &str) -> Sender {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Sender { phone: some(phone), bsuid: some(bsuid), name: some(name) }
    }

    #[test]
    fn senders_are_found_in_every_shape() {
        let anna = json!({"profile": {"name": "Anna"}, "wa_id": "39333", "user_id": "IT.1"});
        let hidden = json!({"profile": {"username": "anna_b"}, "user_id": "IT.1", "wa_id": ""});
        let bare = json!({"wa_id": "39333"});
        let cases = [
            (json!({"from": "39333"}), vec![anna.clone()], Some(sender("39333", "IT.1", "Anna"))),
            (json!({"from": "+39 333"}), vec![anna.clone()], Some(sender("39333", "IT.1", "Anna"))),
            (json!({"from": "", "from_user_id": "IT.1"}), vec![hidden.clone()], Some(sender("", "IT.1", "anna_b"))),
            (json!({"from_user_id": "IT.1"}), vec![anna.clone()], Some(sender("39333", "IT.1", "Anna"))),
            (json!({"from": "IT.1"}), vec![hidden.clone()], Some(sender("", "IT.1", "anna_b"))),
            (json!({"from": "39333"}), vec![bare], Some(sender("39333", "", ""))),
            (json!({"from": "39333"}), vec![], Some(sender("39333", "", ""))),
            // Another person's contact card lends nothing.
            (json!({"from": "39444"}), vec![anna.clone()], Some(sender("39444", "", ""))),
            // Nothing but one contact: it is theirs.
            (json!({}), vec![anna.clone()], Some(sender("39333", "IT.1", "Anna"))),
            (json!({}), vec![anna, hidden], None),
            (json!({"from": null}), vec![json!({"profile": {}})], None),
        ];
        for (message, contacts, expected) in cases {
            assert_eq!(Sender::read(&message, &contacts), expected, "{message}");
        }
    }
}
