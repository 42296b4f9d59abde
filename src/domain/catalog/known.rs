//! What names mean: services, crew and locations by what customers call them.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::names;
use crate::ServiceId;
use crate::texts::Texts;

pub(super) struct Service {
    pub id: ServiceId,
    pub name: Json<Texts>,
    pub aliases: Vec<String>,
}

pub(super) async fn services(conn: &mut PgConnection) -> sqlx::Result<Vec<Service>> {
    sqlx::query_as!(
        Service,
        r#"select id as "id: ServiceId", name as "name: Json<Texts>", aliases from service order by id"#,
    )
    .fetch_all(conn)
    .await
}

/// Ids of the services that `activity` names.
pub(super) fn fitting(services: &[Service], activity: &str) -> Vec<i64> {
    let names = services.iter().map(|service| {
        let own = [service.name.it.as_str(), service.name.en.as_str()];
        own.into_iter().chain(service.aliases.iter().map(String::as_str))
    });
    names::best(activity, names).into_iter().map(|at| services[at].id.0).collect()
}

/// Ids of the crew that `name` names, none when we know nobody of that name.
pub(super) async fn crew_named(conn: &mut PgConnection, name: Option<&str>) -> sqlx::Result<Option<Vec<i64>>> {
    let Some(name) = name else { return Ok(None) };
    let crew = sqlx::query!("select id, name from crew order by id").fetch_all(conn).await?;
    let found = names::best(name, crew.iter().map(|member| [member.name.as_str()]));
    Ok(Some(found.into_iter().map(|at| crew[at].id).collect()))
}

/// Ids of the locations that `name` names.
pub(super) async fn locations_named(conn: &mut PgConnection, name: Option<&str>) -> sqlx::Result<Option<Vec<i64>>> {
    let Some(name) = name else { return Ok(None) };
    let locations = sqlx::query!("select id, name, address from location order by id").fetch_all(conn).await?;
    let names = locations.iter().map(|location| [location.name.as_str(), location.address.as_str()]);
    Ok(Some(names::best(name, names).into_iter().map(|at| locations[at].id).collect()))
}
