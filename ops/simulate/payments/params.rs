//! The parameters of a request, taken one at a time.

use std::collections::BTreeMap;

use reqwest::Url;

use super::error::StripeError;

/// Limits of metadata (<https://docs.stripe.com/api/metadata>).
const MOST_KEYS: usize = 50;
const LONGEST_KEY: usize = 40;
const LONGEST_VALUE: usize = 500;

/// Names in Stripe's notation (`metadata[tenant]`), with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads a form or a query, which have the same notation.
    pub(crate) fn read(form: &str) -> Self {
        // Any address will do: it lends its decoder.
        let url = Url::parse(&format!("http://form/?{}", form.replace('#', "%23")));
        Self(url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default())
    }

    pub(crate) fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// The value, if it is given and not empty.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&mut self, name: &str) -> Result<String, StripeError> {
        self.text(name).ok_or_else(|| StripeError::lacking(name))
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<Option<i64>, StripeError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse().map(Some);
        number.map_err(|_| StripeError::value("parameter_invalid_integer", name, &format!("Invalid integer: {text}")))
    }

    /// Takes a parameter of which one value is played.
    pub(crate) fn only(&mut self, name: &str, value: &str, required: bool) -> Result<(), StripeError> {
        match self.text(name) {
            Some(given) if given == value => Ok(()),
            Some(given) => {
                let message = format!("Invalid {name}: {given}. These simulators play {value} only.");
                Err(StripeError::value("", name, &message))
            }
            None if required => Err(StripeError::lacking(name)),
            None => Ok(()),
        }
    }

    /// Everything under `name`.
    pub(crate) fn metadata(&mut self, name: &str) -> Result<BTreeMap<String, String>, StripeError> {
        let prefix = format!("{name}[");
        let inner = |key: &str| Some(key.strip_prefix(&prefix)?.strip_suffix(']')?.to_owned());
        let mut metadata = BTreeMap::new();
        self.0.retain(|key, value| {
            let Some(key) = inner(key) else { return true };
            metadata.insert(key, std::mem::take(value));
            false
        });
        let fits = |(key, value): (&String, &String)| {
            (1..=LONGEST_KEY).contains(&key.chars().count()) && value.chars().count() <= LONGEST_VALUE
        };
        if metadata.len() <= MOST_KEYS && metadata.iter().all(fits) {
            return Ok(metadata);
        }
        Err(StripeError::value("", name, "Metadata takes 50 keys of 40 characters, with values of 500 characters."))
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(self) -> Result<(), StripeError> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => {
                let message = format!("Received unknown parameter: {name}");
                Err(StripeError::value("parameter_unknown", &name, &message))
            }
        }
    }
}
