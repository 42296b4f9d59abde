//! The catalog is written.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::ServiceKind;
use crate::{CrewId, LocationId, RoomId, ServiceId, Texts};

/// All that is told of a service.
#[derive(Debug, Clone)]
pub struct ServiceText {
    /// Its short name, of one language.
    pub slug: String,
    /// What customers read.
    pub name: Texts,
    /// Other words for it, in any language.
    pub aliases: Vec<String>,
    /// How it is sold.
    pub kind: ServiceKind,
    /// A sentence or two.
    pub description: Texts,
    /// How long an appointment takes.
    pub minutes: i32,
    /// What an appointment costs, in minor units.
    pub price_minor: i64,
    /// Whether a place is held until it is paid.
    pub prepaid: bool,
}

/// All that is told of a place of the business.
#[derive(Debug, Clone)]
pub struct LocationText {
    /// Its name.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// How to get there.
    pub directions: Texts,
}

/// All that is told of somebody who leads sessions.
#[derive(Debug, Clone)]
pub struct CrewText {
    /// Their name.
    pub name: String,
    /// A sentence or two.
    pub bio: Texts,
    /// What they lead.
    pub services: Vec<i64>,
}

/// Adds a service. Errors: `service_slug_unique`.
pub async fn add_service(conn: &mut PgConnection, text: &ServiceText) -> sqlx::Result<ServiceId> {
    sqlx::query_scalar!(
        r#"
        insert into service (slug, name, aliases, kind, description, minutes, price_minor, prepaid)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id as "id: ServiceId"
        "#,
        text.slug,
        Json(&text.name) as _,
        &text.aliases,
        text.kind as ServiceKind,
        Json(&text.description) as _,
        text.minutes,
        text.price_minor,
        text.prepaid,
    )
    .fetch_one(conn)
    .await
}

/// Tells of a service anew; how it is sold stays. False: there is none that is sold so. Errors: `service_slug_unique`.
pub async fn set_service(conn: &mut PgConnection, id: ServiceId, text: &ServiceText) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update service set slug = $2, name = $3, aliases = $4, description = $5, minutes = $6, price_minor = $7, prepaid = $8
         where id = $1 and kind = $9",
        id as ServiceId,
        text.slug,
        Json(&text.name) as _,
        &text.aliases,
        Json(&text.description) as _,
        text.minutes,
        text.price_minor,
        text.prepaid,
        text.kind as ServiceKind,
    );
    Ok(written.execute(conn).await?.rows_affected() > 0)
}

/// Adds a place of the business. Errors: `location_name_unique`.
pub async fn add_location(conn: &mut PgConnection, text: &LocationText) -> sqlx::Result<LocationId> {
    sqlx::query_scalar!(
        r#"insert into location (name, address, directions) values ($1, $2, $3) returning id as "id: LocationId""#,
        text.name,
        text.address,
        Json(&text.directions) as _,
    )
    .fetch_one(conn)
    .await
}

/// Tells of a place anew. False: there is none. Errors: `location_name_unique`.
pub async fn set_location(conn: &mut PgConnection, id: LocationId, text: &LocationText) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update location set name = $2, address = $3, directions = $4 where id = $1",
        id as LocationId,
        text.name,
        text.address,
        Json(&text.directions) as _,
    );
    Ok(written.execute(conn).await?.rows_affected() > 0)
}

/// Whether the tenant has this place.
pub async fn has_location(conn: &mut PgConnection, id: LocationId) -> sqlx::Result<bool> {
    let has = sqlx::query_scalar!(r#"select exists (select from location where id = $1) as "has!""#, id as LocationId);
    has.fetch_one(conn).await
}

/// Whether the tenant has this one in the crew.
pub async fn has_crew(conn: &mut PgConnection, id: CrewId) -> sqlx::Result<bool> {
    let has = sqlx::query_scalar!(r#"select exists (select from crew where id = $1) as "has!""#, id as CrewId);
    has.fetch_one(conn).await
}

/// Adds a room at a place. Errors: `room_name_unique`, `room_location`.
pub async fn add_room(conn: &mut PgConnection, location: LocationId, name: &str) -> sqlx::Result<RoomId> {
    sqlx::query_scalar!(
        r#"insert into room (location_id, name) values ($1, $2) returning id as "id: RoomId""#,
        location as LocationId,
        name,
    )
    .fetch_one(conn)
    .await
}

/// Calls a room something else; it stays where it is. None: there is none. Errors: `room_name_unique`.
pub async fn rename_room(conn: &mut PgConnection, id: RoomId, name: &str) -> sqlx::Result<Option<LocationId>> {
    sqlx::query_scalar!(
        r#"update room set name = $2 where id = $1 returning location_id as "id: LocationId""#,
        id as RoomId,
        name,
    )
    .fetch_optional(conn)
    .await
}

/// Adds somebody to the crew. Errors: `crew_name_unique`, `crew_service_service`.
pub async fn add_crew(conn: &mut PgConnection, text: &CrewText) -> sqlx::Result<CrewId> {
    let id = sqlx::query_scalar!(
        r#"insert into crew (name, bio) values ($1, $2) returning id as "id: CrewId""#,
        text.name,
        Json(&text.bio) as _,
    );
    let id = id.fetch_one(&mut *conn).await?;
    lead(conn, id, &text.services).await?;
    Ok(id)
}

/// Tells of somebody anew. What they do not lead any more is not put on them again; what they have stays. False: there is
/// nobody. Errors: `crew_name_unique`, `crew_service_service`.
pub async fn set_crew(conn: &mut PgConnection, id: CrewId, text: &CrewText) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update crew set name = $2, bio = $3 where id = $1",
        id as CrewId,
        text.name,
        Json(&text.bio) as _,
    );
    if written.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(false);
    }
    lead(conn, id, &text.services).await?;
    Ok(true)
}

async fn lead(conn: &mut PgConnection, crew: CrewId, services: &[i64]) -> sqlx::Result<()> {
    sqlx::query!("delete from crew_service where crew_id = $1 and service_id <> all($2)", crew as CrewId, services)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into crew_service (crew_id, service_id) select $1, unnest($2::bigint[]) on conflict do nothing",
        crew as CrewId,
        services,
    )
    .execute(conn)
    .await?;
    Ok(())
}
