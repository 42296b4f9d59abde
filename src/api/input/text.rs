//! Values of an address: text that is read as whatever is asked for.

use std::{fmt::Display, str::FromStr};

use serde::de::{self, Deserializer, Visitor, value::Error};

/// A parameter's value.
#[derive(Debug, Clone)]
pub(super) struct Text(pub String);

macro_rules! parsed {
    ($($method:ident $visit:ident $type:ty)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse::<$type>()?)
        }
    )+};
}

impl Text {
    fn parse<T: FromStr<Err: Display>>(&self) -> Result<T, Error> {
        self.0.parse().map_err(|error| de::Error::custom(format_args!("{:?}: {error}", self.0)))
    }
}

impl<'de> Deserializer<'de> for Text {
    type Error = Error;

    parsed! { deserialize_bool visit_bool bool deserialize_i32 visit_i32 i32 deserialize_i64 visit_i64 i64 }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value: de::value::StringDeserializer<Error> = de::IntoDeserializer::into_deserializer(self.0);
        value.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}
