//! Customers: found, written down, and changed by hand.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::Page;
use crate::{CustomerId, Language};

/// What is known of a customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// Digits, country code first.
    pub phone: Option<String>,
    /// As they or the staff wrote it.
    pub name: Option<String>,
    /// What they are spoken to in; none: in the language of the house.
    pub language: Option<Language>,
    /// An object whose fields the business chose.
    pub preferences: Value,
    /// Since when they do not want to be written to unasked.
    pub opted_out_at: Option<DateTime<Utc>>,
    /// Since when they are blocked.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
    /// How many bookings of theirs stand or stood.
    pub bookings: i64,
}

/// Which customers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// With this in their name, in capitals or not.
    pub name: Option<&'a str>,
    /// With these digits in their number.
    pub phone: Option<&'a str>,
}

/// A page of customers, newest first.
pub async fn list(conn: &mut PgConnection, filter: Filter<'_>, page: Page) -> sqlx::Result<Vec<Customer>> {
    let ids = sqlx::query_scalar!(
        "select id from customer
         where merged_into is null and erased_at is null and ($1::text is null or strpos(lower(name), lower($1)) > 0)
           and ($2::text is null or strpos(phone, $2) > 0) and ($3::bigint is null or id < $3)
         order by id desc limit $4",
        filter.name,
        filter.phone,
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One customer by the id of today ([`find`]).
pub async fn one(conn: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<Customer>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Customer>> {
    sqlx::query_as!(
        Customer,
        r#"
        select c.id as "id: CustomerId", c.phone, c.name, c.language as "language: Language", c.preferences, c.opted_out_at,
               c.blocked_at, c.created_at,
               (select count(*) from seat x where x.customer_id = c.id and x.state <> 'cancelled') as "bookings!"
        from customer c where c.id = any($1) order by c.id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// The id of today: of who was merged with another customer, that one's. None: unknown, or erased.
pub async fn find(conn: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<CustomerId>> {
    sqlx::query_scalar!(
        r#"
        select c.id as "id: CustomerId" from customer a join customer c on c.id = coalesce(a.merged_into, a.id)
        where a.id = $1 and c.erased_at is null
        "#,
        id as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// The same, locked until the transaction ends: first in the order of locks.
pub async fn lock(conn: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<CustomerId>> {
    let known = sqlx::query_scalar!(
        r#"select coalesce(merged_into, id) as "id!: CustomerId" from customer where id = $1 for no key update"#,
        id as CustomerId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(known) = known else { return Ok(None) };
    sqlx::query_scalar!(
        r#"select id as "id: CustomerId" from customer where id = $1 and erased_at is null for no key update"#,
        known as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// Writes a customer down who has not written yet. The other id: somebody has this number.
pub async fn create(
    conn: &mut PgConnection,
    phone: &str,
    name: Option<&str>,
    language: Option<Language>,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<CustomerId, CustomerId>> {
    let written = sqlx::query_scalar!(
        r#"
        insert into customer (phone, name, language, created_at) values ($1, $2, $3, $4)
        on conflict do nothing returning id as "id: CustomerId"
        "#,
        phone,
        name,
        language as Option<Language>,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = written {
        return Ok(Ok(id));
    }
    let theirs = sqlx::query_scalar!(
        r#"select id as "id: CustomerId" from customer where phone = $1 and merged_into is null"#,
        phone,
    );
    theirs.fetch_one(conn).await.map(Err)
}
