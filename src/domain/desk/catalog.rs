//! What is sold, by whom and where, as the staff keeps it.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

mod hours;
mod write;

pub use hours::{Hours, NewHours, add_hours, hours, remove_hours};
pub use write::{
    CrewText, LocationText, ServiceText, add_crew, add_location, add_room, add_service, has_crew, has_location,
    rename_room, set_crew, set_location, set_service,
};

use super::Page;
use crate::{CrewId, LocationId, RoomId, ServiceId, Texts};

/// How a service is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ServiceKind {
    /// Places in sessions of a timetable.
    Class,
    /// A time with one of the crew.
    Appointment,
}

/// What a session is of.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its short name.
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

/// A place of the business.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// Its name.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// How to get there.
    pub directions: Texts,
}

/// Somebody who leads sessions.
#[derive(Debug, Clone)]
pub struct Crew {
    /// Their id.
    pub id: CrewId,
    /// Their name.
    pub name: String,
    /// A sentence or two.
    pub bio: Texts,
    /// What they lead.
    pub services: Vec<i64>,
}

/// A room.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Where it is.
    pub location: LocationId,
    /// Its name.
    pub name: String,
}

/// A page of the services, oldest first.
pub async fn services(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Service>> {
    let ids = sqlx::query_scalar!(
        "select id from service where ($1::bigint is null or id > $1) order by id limit $2",
        page.after,
        page.limit,
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    service_rows(conn, &ids).await
}

/// One service, if the tenant has it.
pub async fn service(conn: &mut PgConnection, id: ServiceId) -> sqlx::Result<Option<Service>> {
    Ok(service_rows(conn, &[id.0]).await?.pop())
}

async fn service_rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Service>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: ServiceId", slug, name as "name: Json<Texts>", aliases, kind as "kind: ServiceKind",
               description as "description: Json<Texts>", minutes, price_minor, prepaid
        from service where id = any($1) order by id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let services = rows.into_iter().map(|row| Service {
        id: row.id,
        slug: row.slug,
        name: row.name.0,
        aliases: row.aliases,
        kind: row.kind,
        description: row.description.0,
        minutes: row.minutes,
        price_minor: row.price_minor,
        prepaid: row.prepaid,
    });
    Ok(services.collect())
}

/// Those of these services that the tenant does not have.
pub async fn unknown_services(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select asked as "asked!" from unnest($1::bigint[]) asked where not exists (select from service s where s.id = asked)"#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// A page of the places of the business, oldest first.
pub async fn locations(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Location>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: LocationId", name, address, directions as "directions: Json<Texts>"
        from location where ($1::bigint is null or id > $1) order by id limit $2
        "#,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await?;
    let locations = rows.into_iter().map(|row| Location {
        id: row.id,
        name: row.name,
        address: row.address,
        directions: row.directions.0,
    });
    Ok(locations.collect())
}

/// A page of the crew, oldest first.
pub async fn crew(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Crew>> {
    let rows = sqlx::query!(
        r#"
        select c.id as "id: CrewId", c.name, c.bio as "bio: Json<Texts>",
               array(select x.service_id from crew_service x where x.crew_id = c.id order by 1) as "services!"
        from crew c where ($1::bigint is null or c.id > $1) order by c.id limit $2
        "#,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await?;
    let crew = rows.into_iter().map(|row| Crew { id: row.id, name: row.name, bio: row.bio.0, services: row.services });
    Ok(crew.collect())
}

/// A page of the rooms, oldest first.
pub async fn rooms(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Room>> {
    sqlx::query_as!(
        Room,
        r#"
        select id as "id: RoomId", location_id as "location: LocationId", name
        from room where ($1::bigint is null or id > $1) order by id limit $2
        "#,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await
}
