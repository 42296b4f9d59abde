//! Whole numbers that are within their bounds once they are read.

use std::fmt;

use serde::{
    Serialize,
    de::{self, Deserialize, Deserializer, Visitor},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

/// The id of a thing: a whole number from 1.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct Id(pub i64);

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub(in crate::api) struct Whole<const MIN: i64, const MAX: i64>(pub i64);

impl Id {
    /// As that of this thing.
    pub fn of<T: From<i64>>(self) -> T {
        T::from(self.0)
    }
}

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    /// As most columns have it; bounds outside of it are a mistake that the compiler finds.
    pub fn small(self) -> i32 {
        const { assert!(MIN >= i32::MIN as i64 && MAX <= i32::MAX as i64) };
        #[expect(clippy::cast_possible_truncation, reason = "the bounds are narrower")]
        {
            self.0 as i32
        }
    }
}

struct Bounds {
    min: i64,
    max: i64,
}

impl Visitor<'_> for Bounds {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {} to {}", self.min, self.max)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        if (self.min..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(E::invalid_value(de::Unexpected::Signed(value), &self))
        }
    }

    /// JSON knows one kind of number: 2.0 is a whole one.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and i64 reaches further")]
            return self.visit_i64(value as i64);
        }
        Err(E::invalid_type(de::Unexpected::Float(value), &self))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(value), &self)),
        }
    }
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D, min: i64, max: i64) -> Result<i64, D::Error> {
    deserializer.deserialize_i64(Bounds { min, max })
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer, 1, i64::MAX).map(Self)
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer, MIN, MAX).map(Self)
    }
}

fn integer() -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
    ObjectBuilder::new().schema_type(Type::Integer).format(Some(format))
}

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        integer().minimum(Some(1)).into()
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for Whole<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        integer().minimum(Some(MIN)).maximum(Some(MAX)).into()
    }
}

impl ToSchema for Id {}
impl<const MIN: i64, const MAX: i64> ToSchema for Whole<MIN, MAX> {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_whole_and_within_its_bounds() {
        let read = |value| serde_json::from_value::<Whole<-1, 20>>(value).ok().map(|number| number.0);
        assert_eq!([read(json!(-1)), read(json!(20)), read(json!(2.0))], [Some(-1), Some(20), Some(2)]);
        for bad in [json!(-2), json!(21), json!(1.5), json!(1e300), json!(u64::MAX), json!("1"), json!(null)] {
            assert_eq!(read(bad.clone()), None, "{bad}");
        }
        assert_eq!(serde_json::from_value::<Id>(json!(i64::MAX)).unwrap().0, i64::MAX);
        assert!(serde_json::from_value::<Id>(json!(0)).is_err());
    }
}
