//! What `find_plans` answers.

use domain::entitlements::{OnSale, Yours};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// The answer of `find_plans`; what cannot be read of it is left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Plans {
    #[serde(deserialize_with = "readable")]
    pub on_sale: Vec<OnSale>,
    #[serde(deserialize_with = "readable")]
    pub yours: Vec<Yours>,
}

fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(rows) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(rows.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect())
}
