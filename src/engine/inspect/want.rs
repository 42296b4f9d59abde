//! A query as the database is asked it: names turned into numbers, times into ids.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    Query,
    query::{self, Field, Term},
    state,
};
use crate::Sight;

/// Everything that a job has to be. `None` asks for nothing.
#[derive(Debug, Default)]
pub(super) struct Want {
    pub tenant: Option<i64>,
    pub only: Option<Vec<i64>>,
    pub kinds: Both<i16>,
    pub tenants: Both<i64>,
    pub ids: Both<i64>,
    pub roots: Both<i64>,
    pub parents: Both<i64>,
    pub lanes: Both<String>,
    pub keys: Both<String>,
    pub traces: Both<String>,
    /// `[{path, values, negated}]`
    pub args: Option<Value>,
    /// `[{n, texts, kinds, negated}]`
    pub words: Option<Value>,
    /// `[{n, texts, negated}]`
    pub errors: Option<Value>,
    pub attempts: Option<(i16, i16)>,
    pub states: Option<Vec<&'static str>>,
    /// The first id, and the one after the last.
    pub ids_between: (i64, i64),
}

/// What it has to be one of, and what it must not be.
#[derive(Debug)]
pub(super) struct Both<T> {
    pub of: Option<Vec<T>>,
    pub not: Option<Vec<T>>,
}

impl<T> Default for Both<T> {
    fn default() -> Self {
        Self { of: None, not: None }
    }
}

impl<T: PartialEq> Both<T> {
    fn add(&mut self, negated: bool, values: Vec<T>) {
        if negated {
            self.not.get_or_insert_default().extend(values);
        } else {
            // Words must all hold.
            self.of = Some(match self.of.take() {
                Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
                None => values,
            });
        }
    }
}

/// Whether it takes the clock or the kinds to understand a word about this.
const fn depends(field: &Field) -> bool {
    matches!(field, Field::Kind | Field::Text | Field::Age | Field::Since | Field::Until)
}

async fn house(conn: &mut PgConnection) -> sqlx::Result<(DateTime<Utc>, Vec<(i16, String)>)> {
    let house = sqlx::query!(
        r#"select clock_timestamp() as "now!", coalesce(array_agg(k.id), '{}') as "ids!", coalesce(array_agg(k.name), '{}') as "names!" from holdfast.kind k"#
    )
    .fetch_one(conn)
    .await?;
    Ok((house.now, house.ids.into_iter().zip(house.names).collect()))
}

impl Want {
    /// Reads the clock and the kinds' numbers, if they are asked for.
    pub async fn of(conn: &mut PgConnection, sight: Sight, query: &Query, only: Option<&[i64]>) -> sqlx::Result<Self> {
        let (now, kinds) = if query.terms.iter().any(|term| depends(&term.field)) {
            house(conn).await?
        } else {
            (DateTime::default(), Vec::new())
        };
        let mut want = Self {
            tenant: sight.tenant,
            only: only.map(<[i64]>::to_vec),
            ids_between: (0, i64::MAX),
            ..Self::default()
        };
        if want.only.is_none() && !query.subjects().is_empty() {
            // Nobody said which jobs these are.
            want.only = Some(Vec::new());
        }
        for (n, term) in query.terms.iter().enumerate() {
            want.add(n, term, &kinds, now);
        }
        Ok(want)
    }

    fn add(&mut self, n: usize, term: &Term, kinds: &[(i16, String)], now: DateTime<Utc>) {
        let (negated, values) = (term.negated, &term.values);
        let numbers = || values.iter().filter_map(|value| value.parse().ok()).collect();
        match &term.field {
            Field::Kind => self.kinds.add(negated, named(kinds, |name| values.iter().any(|value| value == name))),
            Field::Tenant => self.tenants.add(negated, numbers()),
            Field::Id => self.ids.add(negated, numbers()),
            Field::Root => self.roots.add(negated, numbers()),
            Field::Parent => self.parents.add(negated, numbers()),
            Field::Lane => self.lanes.add(negated, values.clone()),
            Field::Key => self.keys.add(negated, values.clone()),
            Field::Trace => {
                let ids = values.iter().filter_map(|value| query::trace(value)).map(str::to_owned);
                self.traces.add(negated, ids.collect());
            }
            Field::Args(path) => note(&mut self.args, json!({ "path": path, "values": values, "negated": negated })),
            Field::Error => note(&mut self.errors, json!({ "n": n, "texts": lower(values), "negated": negated })),
            Field::Text => {
                let texts = lower(values);
                let of = named(kinds, |name| texts.iter().any(|text| name.contains(text)));
                note(&mut self.words, json!({ "n": n, "texts": texts, "kinds": of, "negated": negated }));
            }
            Field::State => self.add_states(negated, values),
            Field::Attempt | Field::Age | Field::Since | Field::Until => self.bound(term, now),
            Field::Subject(_) => {}
        }
    }

    fn add_states(&mut self, negated: bool, values: &[String]) {
        let before = self.states.take().unwrap_or_else(|| state::ALL.to_vec());
        let named = |known: &&str| values.iter().any(|value| value == known);
        self.states = Some(before.into_iter().filter(|known| named(known) != negated).collect());
    }

    fn bound(&mut self, term: &Term, now: DateTime<Utc>) {
        let value = term.values.first().map_or("", String::as_str);
        let (mut first, mut end) = (None, None);
        match term.field {
            Field::Attempt => {
                let Some(new) = query::attempts(value) else { return };
                let (from, to) = self.attempts.unwrap_or((0, i16::MAX));
                self.attempts = Some((from.max(new.from.unwrap_or(0)), to.min(new.to.unwrap_or(i16::MAX))));
            }
            Field::Age => {
                let Some(new) = query::age(value) else { return };
                first = new.to.and_then(|youngest| now.checked_sub_signed(youngest));
                end = new.from.and_then(|oldest| now.checked_sub_signed(oldest));
            }
            Field::Since => first = query::moment(value, now),
            _ => end = query::moment(value, now),
        }
        let (low, high) = self.ids_between;
        self.ids_between = (low.max(first.map_or(0, id_at)), high.min(end.map_or(i64::MAX, id_at)));
    }

    /// The only tenants whose jobs can be found.
    pub fn tenants_seen(&self) -> Option<Vec<i64>> {
        self.tenant.map(|tenant| vec![tenant]).or_else(|| self.tenants.of.clone())
    }
}

/// The first id of a moment (`holdfast.id_at`).
fn id_at(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis().max(0).saturating_mul(1 << 20)
}

/// The moment of an id (`holdfast.id_time`).
pub(super) fn id_time(id: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(id >> 20)
}

fn named(kinds: &[(i16, String)], fits: impl Fn(&str) -> bool) -> Vec<i16> {
    kinds.iter().filter(|(_, name)| fits(name)).map(|(id, _)| *id).collect()
}

fn lower(values: &[String]) -> Vec<String> {
    values.iter().map(|value| value.to_lowercase()).collect()
}

fn note(list: &mut Option<Value>, item: Value) {
    if let Value::Array(items) = list.get_or_insert_with(|| Value::Array(Vec::new())) {
        items.push(item);
    }
}
