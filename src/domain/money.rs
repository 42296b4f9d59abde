//! Money: whole minor units of one currency.

use serde::{Deserialize, Serialize};

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's minor unit: cents of a euro, whole yen.
    pub minor: i64,
    /// ISO 4217 code: `EUR`.
    pub currency: String,
}

impl Money {
    /// An amount in minor units.
    #[must_use]
    pub fn new(minor: i64, currency: impl Into<String>) -> Self {
        Self { minor, currency: currency.into() }
    }

    /// How many digits of `minor` stand after the decimal point (ISO 4217).
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match self.currency.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_currency() {
        let decimals = ["EUR", "JPY", "KWD"].map(|code| Money::new(1500, code).decimals());
        assert_eq!(decimals, [2, 0, 3]);
    }
}
