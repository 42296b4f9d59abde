//! The demo business: a studio in Padova with two rooms, six people and classes every day.

mod studio;
mod terms;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

use crate::texts::Texts;
use crate::{TenantId, calendar, tenant};
use studio::{Class, Member, Place, Sold};

/// WhatsApp's id of the demo business's number.
pub const PHONE_NUMBER_ID: &str = "100000000000001";
/// The number itself.
pub const DISPLAY_PHONE: &str = "+39 049 555 0100";
/// How many local days the calendar reaches ahead.
pub const DAYS: u64 = 21;

/// Sets the demo business up and fills its calendar up to [`DAYS`] ahead. What exists stays as it is.
pub async fn seed(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<TenantId> {
    let mut conn = pool.acquire().await?;
    let tenant = business(&mut conn).await?;
    drop(conn);
    let mut tx = tenant::begin(pool, tenant).await?;
    for place in studio::PLACES {
        add_place(&mut tx, place).await?;
    }
    for sold in studio::SOLD {
        add_service(&mut tx, sold).await?;
    }
    for member in studio::CREW {
        add_member(&mut tx, member).await?;
    }
    for class in studio::CLASSES {
        add_class(&mut tx, class).await?;
    }
    terms::set_up(&mut tx).await?;
    calendar::materialise(&mut tx, now, DAYS).await?;
    tx.commit().await?;
    Ok(tenant)
}

async fn business(conn: &mut PgConnection) -> sqlx::Result<TenantId> {
    let [about, opening, cancellation] = [studio::ABOUT, studio::OPENING, studio::CANCELLATION].map(texts);
    sqlx::query!(
        "insert into tenant (slug, name, zone, currency, language, phone, website, about, opening, cancellation)
         values ('demo', $1, 'Europe/Rome', 'EUR', 'it', $2, $3, $4, $5, $6) on conflict (slug) do nothing",
        studio::NAME,
        DISPLAY_PHONE,
        studio::WEBSITE,
        about as _,
        opening as _,
        cancellation as _,
    )
    .execute(&mut *conn)
    .await?;
    let id = sqlx::query_scalar!(r#"select id as "id: TenantId" from tenant where slug = 'demo'"#)
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into channel (phone_number_id, tenant_id, display_phone) values ($1, $2, $3) on conflict do nothing",
        PHONE_NUMBER_ID,
        id as TenantId,
        DISPLAY_PHONE,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

async fn add_place(conn: &mut PgConnection, place: &Place) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into location (name, address, directions) values ($1, $2, $3) on conflict do nothing",
        place.name,
        place.address,
        texts(place.directions) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn add_service(conn: &mut PgConnection, sold: &Sold) -> sqlx::Result<()> {
    let aliases: Vec<String> = sold.aliases.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into service (slug, name, aliases) values ($1, $2, $3) on conflict do nothing",
        sold.slug,
        texts(sold.name) as _,
        &aliases,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn add_member(conn: &mut PgConnection, member: &Member) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into crew (name, bio) values ($1, $2) on conflict do nothing",
        member.name,
        texts(member.bio) as _,
    )
    .execute(&mut *conn)
    .await?;
    let leads: Vec<String> = member.leads.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into crew_service (crew_id, service_id)
         select c.id, s.id from crew c join service s on s.slug = any($2) where c.name = $1 on conflict do nothing",
        member.name,
        &leads,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn add_class(conn: &mut PgConnection, class: &Class) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into session_rule (service_id, location_id, crew_id, weekdays, starts_at, minutes, capacity, price_minor)
         select s.id, l.id, c.id, $4, $5::text::time, $6, $7, $8
         from service s, location l, crew c where s.slug = $1 and l.name = $2 and c.name = $3
         on conflict do nothing",
        class.service,
        class.place,
        class.member,
        class.weekdays,
        class.at,
        class.minutes,
        class.capacity,
        class.price_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn texts((it, en): (&str, &str)) -> Json<Texts> {
    Json(Texts::new(it, en))
}
