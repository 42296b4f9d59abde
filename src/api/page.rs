//! Lists, a page at a time.

use axum::Json;
use chrono::{DateTime, Utc};
use domain::desk::Page;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;

/// Rows of a page when nobody says how many.
const USUAL: i64 = 50;
/// Rows of the longest page.
const MOST: i64 = 200;

/// Which part of a list.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `Window` reads")]
pub(super) struct Paging {
    /// How many rows at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// `next` of the page before; without it the list begins.
    #[param(pattern = "^[0-9a-f]+$")]
    after: Option<String>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listed<T> {
    /// In the order of the list.
    items: Vec<T>,
    /// Send it as `after` to read on; null at the end.
    next: Option<String>,
}

/// What was asked for of a list whose rows are found by `K`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window<K> {
    after: Option<K>,
    limit: i64,
}

impl<K: Key> Window<K> {
    /// Reads the parameters of [`Paging`].
    pub fn new(limit: Option<&str>, after: Option<&str>) -> Result<Self, Problem> {
        let limit = limit.map_or(Some(USUAL), |text| text.parse().ok()).filter(|limit| (1..=MOST).contains(limit));
        let limit = limit.ok_or_else(|| Problem::field("limit", "write a whole number from 1 to 200"))?;
        let after = after.map(|text| {
            let key = decode(text);
            key.ok_or_else(|| Problem::field("after", "send what `next` of the page before said, or leave it out"))
        });
        Ok(Self { after: after.transpose()?, limit })
    }

    /// The page, and one row more, which tells whether there is a next one.
    pub fn page(self) -> Page<K> {
        Page { after: self.after, limit: self.limit + 1 }
    }

    /// The answer. `key` says how a row is found.
    pub fn listed<R, T: From<R>>(self, mut rows: Vec<R>, key: impl Fn(&R) -> K) -> Json<Listed<T>> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| encode(&key(row)));
        Json(Listed { items: rows.into_iter().map(T::from).collect(), next })
    }
}

/// How the rows of a list are found.
pub(super) trait Key: Copy {
    /// Tells cursors of one kind from those of another.
    const TAG: u8;
    /// The key in numbers.
    fn numbers(&self) -> Vec<i64>;
    /// Numbers as a key.
    fn of(numbers: &[i64]) -> Option<Self>;
}

impl Key for i64 {
    const TAG: u8 = 1;

    fn numbers(&self) -> Vec<i64> {
        vec![*self]
    }

    fn of(numbers: &[i64]) -> Option<Self> {
        let [id] = numbers else { return None };
        Some(*id)
    }
}

impl Key for (DateTime<Utc>, i64) {
    const TAG: u8 = 2;

    fn numbers(&self) -> Vec<i64> {
        vec![self.0.timestamp_micros(), self.1]
    }

    fn of(numbers: &[i64]) -> Option<Self> {
        let [at, id] = numbers else { return None };
        super::input::instant(DateTime::from_timestamp_micros(*at)?).map(|at| (at, *id))
    }
}

impl Key for (i32, i64) {
    const TAG: u8 = 3;

    fn numbers(&self) -> Vec<i64> {
        vec![self.0.into(), self.1]
    }

    fn of(numbers: &[i64]) -> Option<Self> {
        let [place, id] = numbers else { return None };
        Some((i32::try_from(*place).ok()?, *id))
    }
}

fn encode<K: Key>(key: &K) -> String {
    let numbers = key.numbers();
    let bytes = std::iter::once(K::TAG).chain(numbers.iter().flat_map(|number| number.to_be_bytes()));
    hex::encode(bytes.collect::<Vec<_>>())
}

fn decode<K: Key>(cursor: &str) -> Option<K> {
    let bytes = hex::decode(cursor).ok()?;
    let (tag, numbers) = bytes.split_first()?;
    let (numbers, rest) = numbers.as_chunks::<8>();
    let numbers: Vec<i64> = numbers.iter().copied().map(i64::from_be_bytes).collect();
    if *tag == K::TAG && rest.is_empty() { K::of(&numbers) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let at: DateTime<Utc> = "2026-11-22T18:00:00Z".parse().unwrap();
        assert_eq!(decode::<i64>(&encode(&7_i64)), Some(7));
        assert_eq!(decode::<(DateTime<Utc>, i64)>(&encode(&(at, 7_i64))), Some((at, 7)));
        assert_eq!(decode::<(i32, i64)>(&encode(&(-3, 7_i64))), Some((-3, 7)));
        assert_eq!(decode::<i64>(&encode(&(at, 7_i64))), None);
        let far = [&[2_u8][..], &i64::MAX.to_be_bytes(), &7_i64.to_be_bytes()].concat();
        for bad in ["", "7", "zz", "01", "0100", &hex::encode(far), &"01".repeat(5000)] {
            assert_eq!(decode::<(DateTime<Utc>, i64)>(bad), None, "{bad}");
            assert_eq!(decode::<i64>(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_is_as_long_as_was_asked_for() {
        let window = |limit| Window::<i64>::new(limit, None);
        assert_eq!(window(None).unwrap().limit, 50);
        assert_eq!(window(Some("200")).unwrap().page().limit, 201);
        for bad in ["0", "201", "-1", "1.5", "", "99999999999999999999"] {
            assert!(window(Some(bad)).is_err(), "{bad}");
        }
        let Json(listed) = window(Some("2")).unwrap().listed::<i64, i64>(vec![9, 8, 7], |row| *row);
        assert_eq!((listed.items, listed.next), (vec![9, 8], Some(encode(&8_i64))));
        let Json(listed) = window(Some("3")).unwrap().listed::<i64, i64>(vec![9, 8, 7], |row| *row);
        assert_eq!((listed.items.len(), listed.next), (3, None));
    }
}
