//! What left the house: what nobody knows the end of first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::Sight;

/// One effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectRow {
    /// Its name in the ledger.
    pub key: String,
    /// The job that it belongs to.
    pub job: i64,
    /// That job's name. None: its rows are gone.
    pub kind: Option<String>,
    /// Whom that job was for.
    pub tenant: Option<i64>,
    /// `planned`, `sent`, `confirmed`, `failed` or `unknown`.
    pub state: String,
    /// The other side's name for it.
    pub reference: Option<String>,
    /// Why it is as it is.
    pub reason: Option<String>,
    /// When it was written down.
    pub planned_at: DateTime<Utc>,
    /// When it was let go.
    pub sent_at: Option<DateTime<Utc>>,
    /// When its end became known.
    pub settled_at: Option<DateTime<Utc>>,
}

/// Which effects to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EffectsFilter {
    /// One of the words of [`EffectRow::state`].
    pub state: Option<String>,
    /// The job's name.
    pub kind: Option<String>,
}

/// Where in the list: after this effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectPlace {
    /// Its state.
    pub state: String,
    /// Its job.
    pub job: i64,
    /// Its key.
    pub key: String,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectPage {
    /// None: from the beginning.
    pub after: Option<EffectPlace>,
    /// The most rows.
    pub most: i64,
}

impl EffectRow {
    /// The place of this effect in the list.
    #[must_use]
    pub fn place(&self) -> EffectPlace {
        EffectPlace { state: self.state.clone(), job: self.job, key: self.key.clone() }
    }
}

/// Effects that fit: the unknown ones first, then those on their way, then the rest; in each part those of the newest
/// jobs first.
pub async fn effects(
    conn: &mut PgConnection,
    sight: Sight,
    filter: &EffectsFilter,
    page: &EffectPage,
) -> sqlx::Result<Vec<EffectRow>> {
    let after = page.after.as_ref();
    sqlx::query_as!(
        EffectRow,
        r#"select e.key as "key!", e.job as "job!", e.kind, e.tenant, e.state as "state!", e.reference, e.reason, e.planned_at as "planned_at!", e.sent_at, e.settled_at
           from (
             (select x.*, k.name as kind, j.tenant, case x.state when 'unknown' then 0 else 1 end as part from holdfast.effect x
              left join lateral (select y.kind, y.tenant from holdfast.job y where y.id = x.job limit 1) j on true
              left join holdfast.kind k on k.id = j.kind
              where x.state in ('sent', 'unknown') and ($1::bigint is null or j.tenant = $1) and ($2::text is null or x.state = $2)
                and ($3::text is null or k.name = $3)
                and case when $4::text is null or $4 = 'unknown' and x.state = 'sent' then true
                         else $4 = x.state and (x.job < $5 or x.job = $5 and x.key < $6) end
              order by part, x.job desc, x.key desc limit $7)
             union all
             (select x.*, k.name, j.tenant, 2 from holdfast.effect x
              left join lateral (select y.kind, y.tenant from holdfast.job y where y.id = x.job limit 1) j on true
              left join holdfast.kind k on k.id = j.kind
              where x.state in ('planned', 'confirmed', 'failed') and ($1 is null or j.tenant = $1)
                and ($2 is null or x.state = $2 and $2 not in ('sent', 'unknown')) and ($3 is null or k.name = $3)
                -- Along the index on jobs, from the place on.
                and x.job <= case when $4 in ('planned', 'confirmed', 'failed') then $5::bigint else 9223372036854775807 end
                and ($4 is null or $4 in ('sent', 'unknown') or x.job < $5 or x.key < $6::text)
              order by x.job desc, x.key desc limit $7)) e
           order by e.part, e.job desc, e.key desc limit $7"#,
        sight.tenant,
        filter.state,
        filter.kind,
        after.map(|place| &*place.state),
        after.map(|place| place.job),
        after.map(|place| &*place.key),
        page.most,
    )
    .fetch_all(conn)
    .await
}
