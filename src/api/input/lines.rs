//! Short texts: names and phone numbers.

use domain::customer::digits;
use serde::de::{self, Deserialize, Deserializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// Something to see, and nothing that cannot be seen.
const VISIBLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
/// Five to twenty digits, and what people write between them.
const PHONE: &str = "^[ +().-]*([0-9][ +().-]*){5,20}$";
/// The longest phone number as people write it.
const LONGEST: usize = 64;

/// One line of text with at least one letter: trimmed, at most so many letters, no signs that nobody can see.
#[derive(Debug, Clone)]
pub(in crate::api) struct Line<const MAX: usize>(pub String);

/// The name of somebody or something.
pub(in crate::api) type Name = Line<256>;
/// A short name that only the staff reads.
pub(in crate::api) type Label = Line<80>;

/// A short name for programs.
#[derive(Debug, Clone)]
pub(in crate::api) struct Slug(pub String);

/// A phone number as people write it, kept as its digits.
#[derive(Debug, Clone)]
pub(in crate::api) struct Phone(pub String);

/// A part of a phone number.
#[derive(Debug, Clone)]
pub(in crate::api) struct Digits(pub String);

impl<'de, const MAX: usize> Deserialize<'de> for Line<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX || text.chars().any(char::is_control) {
            return Err(de::Error::custom(format_args!("write 1 to {MAX} letters on one line")));
        }
        Ok(Self(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let spelled = text.len() <= LONGEST && text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
        let digits = digits(&text).filter(|_| spelled);
        let wrong = || de::Error::custom("write 5 to 20 digits with the country code, like +39 333 123 4567");
        digits.map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(plain);
        if fits { Ok(Self(text)) } else { Err(de::Error::custom("write 1 to 40 of a to z, 0 to 9 and -")) }
    }
}

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fits = (3..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text)) } else { Err(de::Error::custom("write 3 to 20 digits")) }
    }
}

fn string(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

impl<const MAX: usize> PartialSchema for Line<MAX> {
    fn schema() -> RefOr<Schema> {
        string(VISIBLE).max_length(Some(MAX)).into()
    }
}

impl PartialSchema for Phone {
    fn schema() -> RefOr<Schema> {
        string(PHONE).max_length(Some(LONGEST)).into()
    }
}

impl PartialSchema for Slug {
    fn schema() -> RefOr<Schema> {
        string("^[a-z0-9-]{1,40}$").into()
    }
}

impl PartialSchema for Digits {
    fn schema() -> RefOr<Schema> {
        string("^[0-9]{3,20}$").into()
    }
}

impl<const MAX: usize> ToSchema for Line<MAX> {}
impl ToSchema for Phone {}
impl ToSchema for Digits {}
impl ToSchema for Slug {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_trimmed_and_has_something_to_see() {
        let read = |text: &str| serde_json::from_value::<Line<5>>(json!(text)).ok().map(|line| line.0);
        assert_eq!(read(" Ada "), Some("Ada".to_owned()));
        assert_eq!(read("più🧘"), Some("più🧘".to_owned()));
        for bad in ["", "  ", "sixsix", "a\nb", "a\u{85}b"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_phone_number_is_kept_as_its_digits() {
        let read = |text: &str| serde_json::from_value::<Phone>(json!(text)).ok().map(|phone| phone.0);
        assert_eq!(read("+39 (333) 123-45.67"), Some("393331234567".to_owned()));
        for bad in ["", "1234", "+39 333 abc 4567", "123456789012345678901", &"1 ".repeat(40)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
