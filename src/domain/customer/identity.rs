//! How WhatsApp tells one customer from another.

/// What a webhook tells about who wrote; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub(crate) bsuid: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) name: Option<String>,
}

impl Identity {
    /// Reads the ids of a webhook. `None` when neither says who it is.
    ///
    /// A business-scoped user id is recognised in the place of the phone too, where it was seen.
    #[must_use]
    pub fn new(bsuid: Option<&str>, phone: Option<&str>, name: Option<&str>) -> Option<Self> {
        let bsuid = bsuid.and_then(filled).or_else(|| phone.filter(|text| is_bsuid(text)).and_then(filled));
        let phone = phone.filter(|text| !is_bsuid(text)).and_then(digits);
        let known = bsuid.is_some() || phone.is_some();
        known.then(|| Self { bsuid, phone, name: name.and_then(filled) })
    }

    /// What messages of one customer sort by. Recording those of one body in this order keeps two
    /// processes from waiting for each other.
    #[must_use]
    pub fn sort_key(&self) -> &str {
        self.phone.as_deref().or(self.bsuid.as_deref()).unwrap_or_default()
    }
}

/// A phone number as its digits, country code first; `None` when it cannot be one.
#[must_use]
pub fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (5..=20).contains(&digits.len()).then_some(digits)
}

/// `US.13491208655302741918`: a country, a dot, letters and digits.
fn is_bsuid(text: &str) -> bool {
    text.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase()) && !rest.is_empty()
    })
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().filter(|c| *c != '\0').take(256).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_become_digits() {
        let identity = Identity::new(None, Some("+39 333 123-4567"), Some(" Ada ")).unwrap();
        assert_eq!(identity.phone.as_deref(), Some("393331234567"));
        assert_eq!(identity.name.as_deref(), Some("Ada"));
    }

    #[test]
    fn a_user_id_in_the_place_of_the_phone_is_a_user_id() {
        let identity = Identity::new(None, Some("IT.13491208655302741918"), None).unwrap();
        assert_eq!(identity.bsuid.as_deref(), Some("IT.13491208655302741918"));
        assert_eq!(identity.phone, None);
    }

    #[test]
    fn nothing_known_is_nobody() {
        assert_eq!(Identity::new(Some(" "), Some(""), Some("Ada")), None);
    }
}
