//! All rows of all tables, in a few letters each.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow, PgPool};

/// Whose rows are left out, because they may change.
#[derive(Debug, Clone, Copy, Default)]
pub struct Aside {
    /// Those of this account.
    pub staff: Option<i64>,
    /// Those of this business.
    pub tenant: Option<i64>,
}

#[derive(FromRow)]
struct Table {
    name: String,
    columns: Vec<String>,
}

const TABLES: &str = "
    select format('%I.%I', n.nspname, c.relname) as name, array_agg(a.attname::text) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where n.nspname in ('public', 'holdfast') and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_sqlx_migrations'
    group by 1";

/// A digest for each table. When somebody was last seen, that they signed in, and how often they tried may change.
pub async fn digest(pool: &PgPool, aside: Aside) -> BTreeMap<String, String> {
    let tables: Vec<Table> = sqlx::query_as(TABLES).fetch_all(pool).await.unwrap();
    assert!(tables.len() > 50, "{} tables", tables.len());
    let parts: Vec<String> =
        tables.iter().filter(|table| table.name != "public.sign_in_attempt").map(|table| one(table, aside)).collect();
    let rows: Vec<(String, String)> =
        sqlx::query_as(AssertSqlSafe(parts.join(" union all "))).fetch_all(pool).await.unwrap();
    rows.into_iter().collect()
}

fn one(table: &Table, aside: Aside) -> String {
    let mut only = vec!["true".to_owned()];
    let mut without = |column: &str, value: Option<i64>| {
        if let (Some(value), true) = (value, table.columns.iter().any(|known| known == column)) {
            only.push(format!("t.{column} is distinct from {value}"));
        }
    };
    without("staff_id", aside.staff);
    without("tenant_id", aside.tenant);
    without("tenant", aside.tenant);
    if table.name == "public.staff" {
        without("id", aside.staff);
    }
    if let (Some(tenant), "holdfast.bulk_item") = (aside.tenant, table.name.as_str()) {
        only.push(format!("t.bulk not in (select id from holdfast.bulk where tenant = {tenant})"));
    }
    if table.name == "public.audit" {
        only.push("t.act <> 'session.open'".to_owned());
    }
    let (name, only) = (&table.name, only.join(" and "));
    format!(
        "select '{name}' as name, md5(coalesce(string_agg(h, '' order by h), '')) from
         (select md5((to_jsonb(t) - 'last_seen_at')::text) as h from {name} t where {only}) x"
    )
}

/// The tables that differ.
pub fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let differ = before.iter().filter(|(name, digest)| after.get(*name) != Some(*digest));
    differ.map(|(name, _)| name.clone()).collect()
}
