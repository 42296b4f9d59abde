//! Customers: who holds which phone, and the id that Meta gives them.

use std::collections::{BTreeMap, HashMap};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// Calling codes of the countries that the simulators know by name.
const COUNTRIES: [(&str, &str); 8] =
    [("39", "IT"), ("33", "FR"), ("34", "ES"), ("41", "CH"), ("43", "AT"), ("44", "GB"), ("49", "DE"), ("1", "US")];

/// Someone with WhatsApp on their phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// Names the customer here and in addresses: the phone's digits, or the user id if there is no phone.
    pub(crate) key: String,
    /// Digits, without `+`.
    pub(crate) phone: Option<String>,
    /// The business-scoped user id.
    pub(crate) user_id: String,
    pub(crate) name: String,
    /// Shows the business only the user id.
    pub(crate) hidden: bool,
}

/// How a customer is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// Digits, without `+`.
    Phone(String),
    /// A business-scoped user id.
    User(String),
}

impl Address {
    /// Reads a phone in international form, or a user id like `IT.1234567890`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if let Some((country, rest)) = text.split_once('.') {
            let country_fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
            let rest_fits =
                !rest.is_empty() && rest.len() <= 250 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
            return if country_fits && rest_fits {
                Ok(Self::User(text.to_owned()))
            } else {
                Err("is not a business-scoped user id, like IT.13491208655302741918")
            };
        }
        let phone = digits(text);
        let only_phone = text.chars().all(|c| c.is_ascii_digit() || "+ -()".contains(c));
        if only_phone && (7..=15).contains(&phone.len()) {
            Ok(Self::Phone(phone))
        } else {
            Err("is not a phone number in international form, like +393335550101")
        }
    }
}

/// The customers met so far.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Customers {
    by_key: BTreeMap<String, Customer>,
    key_of_user: HashMap<String, String>,
}

impl Customers {
    /// The key that stands for an address, whether or not its holder was met.
    pub(crate) fn key(&self, address: &str) -> String {
        match Address::parse(address) {
            Ok(Address::Phone(phone)) => phone,
            Ok(Address::User(user)) => self.key_of_user.get(&user).cloned().unwrap_or(user),
            Err(_) => address.to_owned(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Customer> {
        self.by_key.get(key)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Customer> {
        self.by_key.values()
    }

    /// The customer behind an address, as known, or as it would be if met now.
    pub(crate) fn behind(&self, address: &Address) -> Customer {
        let key = match address {
            Address::Phone(phone) => phone,
            Address::User(user) => self.key_of_user.get(user).unwrap_or(user),
        };
        self.by_key.get(key).cloned().unwrap_or_else(|| Customer::new(key.clone(), address))
    }

    /// The customer is as told from now on.
    pub(crate) fn put(&mut self, customer: Customer) {
        if let Some(before) = self.by_key.get(&customer.key) {
            self.key_of_user.remove(&before.user_id);
        }
        self.key_of_user.insert(customer.user_id.clone(), customer.key.clone());
        self.by_key.insert(customer.key.clone(), customer);
    }
}

impl Customer {
    fn new(key: String, address: &Address) -> Self {
        match address {
            Address::Phone(phone) => Self {
                user_id: user_id(phone),
                name: format!("+{phone}"),
                phone: Some(phone.clone()),
                hidden: false,
                key,
            },
            Address::User(user) => Self { user_id: user.clone(), name: user.clone(), phone: None, hidden: true, key },
        }
    }

    /// The phone, as far as the business may see it.
    pub(crate) fn visible_phone(&self) -> Option<&str> {
        self.phone.as_deref().filter(|_| !self.hidden)
    }
}

/// The digits of a phone number, whatever stands between them.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The same phone keeps its user id when the simulators start anew, as the business remembers it.
fn user_id(phone: &str) -> String {
    let country = COUNTRIES.iter().find(|(code, _)| phone.starts_with(code)).map_or("ZZ", |(_, country)| country);
    let hash = digest(&SHA256, phone.as_bytes());
    let number = hash.as_ref()[..8].iter().fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
    format!("{country}.{number:020}")
}
