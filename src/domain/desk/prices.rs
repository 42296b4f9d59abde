//! Price rules as the staff keeps them.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::Page;
use crate::pricing::{Change, Condition};
use crate::{ServiceId, Texts};

/// A reason for another price.
#[derive(Debug, Clone)]
pub struct PriceRule {
    /// Its id.
    pub id: i64,
    /// What it says.
    pub rule: NewRule,
    /// Whether it counts.
    pub active: bool,
}

/// A rule to be written down.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// What customers read.
    pub name: Texts,
    /// Of which service; none: of all.
    pub service: Option<ServiceId>,
    /// Of rules with one kind of condition the first that applies counts: the lowest position, then the lowest id.
    pub position: i32,
    /// When it applies.
    pub condition: Condition,
    /// What it does.
    pub change: Change,
}

/// A page of all rules, in their order. The key is position and id.
pub async fn list(conn: &mut PgConnection, page: Page<(i32, i64)>) -> sqlx::Result<Vec<PriceRule>> {
    let (position, id) = page.after.unzip();
    let ids = sqlx::query_scalar!(
        "select id from price_rule where ($1::integer is null or (position, id) > ($1, $2)) order by position, id limit $3",
        position,
        id,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One rule, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<PriceRule>> {
    Ok(rows(conn, &[id]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<PriceRule>> {
    let rows = sqlx::query!(
        r#"
        select id, name as "name: Json<Texts>", service_id as "service: ServiceId", position,
               condition as "condition: Json<Condition>", percent, amount_minor, active
        from price_rule where id = any($1) order by position, id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let rules = rows.into_iter().map(|row| PriceRule {
        id: row.id,
        rule: NewRule {
            name: row.name.0,
            service: row.service,
            position: row.position,
            condition: row.condition.0,
            // The constraint price_rule_one_change promises the one or the other.
            change: match row.percent {
                Some(percent) => Change::Percent(percent.into()),
                None => Change::Amount(row.amount_minor.unwrap_or_default()),
            },
        },
        active: row.active,
    });
    Ok(rules.collect())
}

/// Writes a rule down; it counts at once, for prices that are asked for from now on.
pub async fn create(conn: &mut PgConnection, rule: &NewRule) -> sqlx::Result<i64> {
    let (percent, amount_minor) = match rule.change {
        Change::Percent(percent) => (Some(percent), None),
        Change::Amount(minor) => (None, Some(minor)),
    };
    sqlx::query_scalar!(
        "insert into price_rule (name, service_id, position, condition, percent, amount_minor)
         values ($1, $2, $3, $4, $5::bigint, $6) returning id",
        Json(&rule.name) as _,
        rule.service as Option<ServiceId>,
        rule.position,
        Json(&rule.condition) as _,
        percent,
        amount_minor,
    )
    .fetch_one(conn)
    .await
}

/// Moves a rule, or says whether it counts; what is none stays. False: there is none.
pub async fn change(
    conn: &mut PgConnection,
    id: i64,
    active: Option<bool>,
    position: Option<i32>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update price_rule set active = coalesce($2, active), position = coalesce($3, position) where id = $1",
        id,
        active,
        position,
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Takes a rule away. Prices that were told before keep its name and its share. False: there is none.
pub async fn remove(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    let gone = sqlx::query!("delete from price_rule where id = $1", id).execute(conn).await?;
    Ok(gone.rows_affected() == 1)
}
