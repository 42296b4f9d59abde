//! A business, and the transaction that sees only its rows.

use chrono_tz::Tz;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, Transaction};

use crate::texts::Texts;
use crate::{Language, TenantId};

/// A business and what it tells about itself.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses and commands.
    pub slug: String,
    /// Its name as customers know it.
    pub name: String,
    /// The zone of every local date and time of the business.
    pub zone: Tz,
    /// ISO 4217 code of its prices.
    pub currency: String,
    /// Spoken to customers whose language is not known yet.
    pub language: Language,
    /// For calls; may be empty.
    pub phone: String,
    /// May be empty.
    pub website: String,
    /// A sentence or two.
    pub about: Texts,
    /// Opening hours, in words.
    pub opening: Texts,
    /// Terms of cancellation, in words.
    pub cancellation: Texts,
    /// How many minutes before its start a session can no longer be booked.
    pub booking_closes_minutes: i32,
}

/// Begins a transaction that sees and writes the rows of `tenant` only, in one round trip.
///
/// The setting ends with the transaction, so a pooled connection carries nothing over.
pub async fn begin(pool: &PgPool, tenant: TenantId) -> sqlx::Result<Transaction<'static, Postgres>> {
    // SET takes no parameters; the id is a number, so it cannot carry SQL.
    let pool = pool.clone();
    let statement = AssertSqlSafe(format!("begin; set local holdfast.tenant = '{tenant}'"));
    // A task of its own: a `begin` that is dropped before its answer would leave the connection in a transaction that
    // nobody ends (sqlx 0.9.0).
    #[expect(clippy::disallowed_methods, reason = "this is the safe way around it")]
    let begun = tokio::spawn(async move { pool.begin_with(statement).await });
    begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

/// The same on a connection that is at hand, for a short transaction about many customers at one time.
///
/// It gives up where somebody else holds a row for long, and finds rows by their indexes only: a plan made while the
/// tables were small would read them whole for ever.
pub async fn begin_many(conn: &mut PgConnection, tenant: TenantId) -> sqlx::Result<Transaction<'_, Postgres>> {
    conn.begin_with(AssertSqlSafe(format!(
        "begin; set local holdfast.tenant = '{tenant}'; set local lock_timeout = '500ms';
         set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"
    )))
    .await
}

/// The tenant of this transaction.
pub async fn current(conn: &mut PgConnection) -> sqlx::Result<Tenant> {
    let row = sqlx::query!(
        r#"
        select id as "id: TenantId", slug, name, zone, currency, language as "language: Language", phone, website,
               about as "about: Json<Texts>", opening as "opening: Json<Texts>",
               cancellation as "cancellation: Json<Texts>", booking_closes_minutes
        from tenant where id = nullif(current_setting('holdfast.tenant', true), '')::bigint
        "#,
    )
    .fetch_one(conn)
    .await?;
    Ok(Tenant {
        id: row.id,
        slug: row.slug,
        name: row.name,
        zone: read_zone(&row.zone)?,
        currency: row.currency,
        language: row.language,
        phone: row.phone,
        website: row.website,
        about: row.about.0,
        opening: row.opening.0,
        cancellation: row.cancellation.0,
        booking_closes_minutes: row.booking_closes_minutes,
    })
}

/// The zone of the tenant of this transaction.
pub async fn zone(conn: &mut PgConnection) -> sqlx::Result<Tz> {
    let name = sqlx::query_scalar!(
        "select zone from tenant where id = nullif(current_setting('holdfast.tenant', true), '')::bigint"
    )
    .fetch_one(conn)
    .await?;
    read_zone(&name)
}

pub(crate) fn read_zone(name: &str) -> sqlx::Result<Tz> {
    name.parse().map_err(|_| {
        sqlx::Error::Decode(format!("tenant.zone {name:?} is not an IANA zone; write one like Europe/Rome").into())
    })
}

/// A business to be.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Its short name.
    pub slug: String,
    /// As customers read it.
    pub name: String,
    /// Where its clock hangs.
    pub zone: Tz,
    /// ISO 4217.
    pub currency: String,
    /// What it speaks to those whose language nobody knows yet.
    pub language: Language,
    /// Meta's id of its WhatsApp number.
    pub phone_number_id: String,
    /// The number as people write it.
    pub phone: String,
}

/// Adds a business with its WhatsApp number. Errors: `tenant_slug_unique`, `channel_pkey` where the number is another's.
pub async fn add(conn: &mut PgConnection, new: &NewTenant) -> sqlx::Result<TenantId> {
    let id = sqlx::query_scalar!(
        r#"insert into tenant (slug, name, zone, currency, language, phone) values ($1, $2, $3, $4, $5, $6) returning id as "id: TenantId""#,
        new.slug,
        new.name,
        new.zone.name(),
        new.currency,
        new.language as Language,
        new.phone,
    );
    let id = id.fetch_one(&mut *conn).await?;
    sqlx::query!(
        "insert into channel (phone_number_id, tenant_id, display_phone) values ($1, $2, $3)",
        new.phone_number_id,
        id as TenantId,
        new.phone,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// A business in one line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: TenantId,
    /// Its short name.
    pub slug: String,
    /// As customers read it.
    pub name: String,
    /// Where its clock hangs.
    pub zone: String,
    /// Its WhatsApp numbers.
    pub numbers: Vec<String>,
}

/// All businesses, by their short names.
pub async fn list(pool: &PgPool) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"
        select t.id as "id: TenantId", t.slug, t.name, t.zone,
               array(select c.display_phone from channel c where c.tenant_id = t.id order by 1) as "numbers!"
        from tenant t order by t.slug
        "#
    )
    .fetch_all(pool)
    .await
}
