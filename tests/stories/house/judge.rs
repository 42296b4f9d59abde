//! Looks at the rows, past row-level security.

use std::{collections::BTreeMap, time::Duration};

use sqlx::{AssertSqlSafe, PgPool};

use super::{TestDatabase, wait::within};

/// Somebody who sees everything.
pub struct Judge {
    /// Connections of the owner.
    pub pool: PgPool,
}

impl Judge {
    /// Of this database.
    pub async fn of(database: &TestDatabase) -> Self {
        Self { pool: database.judge().await }
    }

    /// The one number that `sql` tells.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The one column that `sql` tells, as text.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// How many rows each table has.
    pub async fn census(&self) -> BTreeMap<String, i64> {
        let tables = self
            .texts(
                "select format('%I.%I', schemaname, tablename) from pg_tables
                 where schemaname in ('public', 'holdfast')",
            )
            .await;
        let mut census = BTreeMap::new();
        for table in tables {
            let count = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")));
            census.insert(table, count.fetch_one(&self.pool).await.expect("a count"));
        }
        census
    }

    /// Waits until no job is left to do; then nothing may have been given up, and no effect may be
    /// in doubt.
    pub async fn finds_all_done(&self) {
        self.finds_all_done_within(Duration::from_secs(30)).await;
    }

    /// The same, where something takes its time.
    pub async fn finds_all_done_within(&self, patience: Duration) {
        within(patience, async || {
            let open = self.texts(OPEN_JOBS).await;
            if open.is_empty() { Ok(()) } else { Err(format!("jobs left over: {open:#?}")) }
        })
        .await;
        let dead = self.texts(DEAD_JOBS).await;
        assert!(dead.is_empty(), "dead jobs: {dead:#?}");
        let doubtful = self.texts(DOUBTFUL_EFFECTS).await;
        assert!(doubtful.is_empty(), "effects in doubt: {doubtful:#?}");
        self.finds_the_books_in_order().await;
    }

    /// No session holds more than it can, and nobody sits twice.
    pub async fn finds_the_books_in_order(&self) {
        let overbooked = self.texts(OVERBOOKED).await;
        assert!(overbooked.is_empty(), "overbooked: {overbooked:?}");
        let doubled = self.texts(SEATED_TWICE).await;
        assert!(doubled.is_empty(), "seated twice: {doubled:?}");
        let unbalanced = self.texts(UNBALANCED).await;
        assert!(unbalanced.is_empty(), "the ledger does not add up: {unbalanced:?}");
        let overpaid = self.texts(OVERPAID).await;
        assert!(overpaid.is_empty(), "more went back than came: {overpaid:?}");
    }
}

const OPEN_JOBS: &str = "
    select format('%s %s %s, attempts %s, errors %s', s.kind, s.id, s.state, coalesce(l.attempts, r.attempts),
                  array(select a.ending || ': ' || coalesce(a.error, '') from holdfast.attempt a where a.id = s.id))
    from holdfast.job_state s left join holdfast.later l on l.id = s.id left join holdfast.ready r on r.id = s.id
    where s.state not in ('completed', 'dead', 'cancelled')";

const DEAD_JOBS: &str = "
    select format('%s %s %s', s.kind, s.id,
                  array(select a.ending || ': ' || coalesce(a.error, '') from holdfast.attempt a where a.id = s.id))
    from holdfast.job_state s where s.state = 'dead'";

const DOUBTFUL_EFFECTS: &str = "
    select format('%s %s', state, key) from holdfast.effect where state in ('planned', 'sent', 'unknown')";

const OVERBOOKED: &str = "
    select format('session %s: %s of %s', s.id, sum(seat.places), s.capacity)
    from session s join seat on seat.tenant_id = s.tenant_id and seat.session_id = s.id
    where seat.state <> 'cancelled'
    group by s.tenant_id, s.id, s.capacity, s.booked
    having sum(seat.places) > s.capacity or sum(seat.places) <> s.booked";

const SEATED_TWICE: &str = "
    select format('customer %s in session %s', customer_id, session_id) from seat where state <> 'cancelled'
    group by tenant_id, customer_id, session_id having count(*) > 1";

const UNBALANCED: &str = "
    select format('%s: %s', currency, sum(amount_minor)) from ledger_line group by tenant_id, currency having sum(amount_minor) <> 0
    union all
    select format('entry %s', entry_id) from ledger_line group by tenant_id, entry_id having sum(amount_minor) <> 0";

const OVERPAID: &str = "
    select format('payment %s: %s of %s', p.id, sum(r.amount_minor), p.captured_minor)
    from payment p join refund r on r.tenant_id = p.tenant_id and r.payment_id = p.id
    where r.state <> 'failed' group by p.tenant_id, p.id, p.captured_minor having sum(r.amount_minor) > p.captured_minor";
