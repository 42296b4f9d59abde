//! The prices of a house for one customer, read once for many sessions.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::rule::{Change, Condition, Facts, Price, Rule, price};
use crate::{CustomerId, ServiceId, Texts};

/// Rules, and what of the customer they ask for.
pub(crate) struct Prices {
    rules: Vec<(Option<i64>, Rule)>,
    plans: Vec<Owned>,
    now: DateTime<Utc>,
}

/// A plan of the customer's.
struct Owned {
    plan: i64,
    starts_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// What of a session prices depend on.
pub(crate) struct Priced {
    pub service: ServiceId,
    pub base_minor: i64,
    pub capacity: i32,
    pub booked: i32,
    pub starts_at: DateTime<Utc>,
    pub zone: Tz,
}

impl Prices {
    /// As they are now.
    pub async fn load(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<Self> {
        let rules = rules(conn).await?;
        let ask = rules.iter().any(|(_, rule)| matches!(rule.condition, Condition::Member { .. }));
        let plans = if ask { owned(conn, customer).await? } else { Vec::new() };
        Ok(Self { rules, plans, now })
    }

    /// As they are now for somebody who has no plan.
    pub async fn of_anybody(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Self> {
        Ok(Self { rules: rules(conn).await?, plans: Vec::new(), now })
    }

    /// Whether every price is the base price.
    pub fn are_plain(&self) -> bool {
        self.rules.is_empty()
    }

    /// Of one place.
    pub fn of(&self, session: &Priced) -> Price {
        let at = session.starts_at;
        let valid = self.plans.iter().filter(|owned| owned.starts_at <= at && at < owned.expires_at);
        let facts = Facts {
            base_minor: session.base_minor,
            capacity: session.capacity,
            booked: session.booked,
            starts_at: at,
            local_start: at.with_timezone(&session.zone).naive_local(),
            now: self.now,
            plans: valid.map(|owned| owned.plan).collect(),
        };
        let here = |service: &Option<i64>| service.is_none_or(|service| service == session.service.0);
        let rules: Vec<Rule> =
            self.rules.iter().filter(|(service, _)| here(service)).map(|(_, rule)| rule.clone()).collect();
        price(&facts, &rules)
    }
}

async fn rules(conn: &mut PgConnection) -> sqlx::Result<Vec<(Option<i64>, Rule)>> {
    let rows = sqlx::query!(
        r#"
        select id, name as "name: Json<Texts>", service_id, condition as "condition: Json<Condition>", percent, amount_minor
        from price_rule where active order by position, id
        "#,
    )
    .fetch_all(conn)
    .await?;
    let rules = rows.into_iter().map(|row| {
        let change = match row.percent {
            Some(percent) => Change::Percent(percent.into()),
            // The constraint price_rule_one_change promises the one or the other.
            None => Change::Amount(row.amount_minor.unwrap_or_default()),
        };
        (row.service_id, Rule { id: row.id, name: row.name.0, condition: row.condition.0, change })
    });
    Ok(rules.collect())
}

async fn owned(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<Owned>> {
    sqlx::query_as!(
        Owned,
        "select plan_id as plan, starts_at, expires_at from entitlement where customer_id = $1 and state = 'active'",
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await
}
