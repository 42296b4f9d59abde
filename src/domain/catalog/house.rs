//! The business, its people and its places.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{known, lenient, names};
use crate::texts::Texts;
use crate::{Language, tenant};

/// Whom the customer asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindCrew {
    /// In the customer's words: "Giulia".
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// What they lead: "yoga".
    #[serde(deserialize_with = "lenient::text")]
    pub activity: Option<String>,
}

/// Somebody who leads sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewView {
    /// Their name.
    pub name: String,
    /// A sentence or two.
    pub bio: String,
    /// What they lead.
    pub activities: Vec<String>,
}

/// The crew that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCrew {
    /// By name.
    pub crew: Vec<CrewView>,
}

/// What the business tells about itself; what it does not tell is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessInfo {
    /// Its name.
    pub name: String,
    /// A sentence or two.
    pub about: String,
    /// For calls.
    pub phone: String,
    /// Where it is on the web.
    pub website: String,
    /// Opening hours, in words.
    pub opening: String,
    /// Terms of cancellation, in words.
    pub cancellation: String,
    /// Codes of the languages it answers in.
    pub languages: Vec<Language>,
    /// ISO 4217 code of its prices.
    pub currency: String,
}

/// A place of the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationView {
    /// Its name.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// How to get there.
    pub directions: String,
}

/// All places of the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedLocations {
    /// By name.
    pub locations: Vec<LocationView>,
}

/// The crew that fits a name and an activity; everybody when nothing is asked.
pub async fn find_crew(conn: &mut PgConnection, language: Language, asked: &FindCrew) -> sqlx::Result<FoundCrew> {
    let services = known::services(conn).await?;
    let wanted = asked.activity.as_deref().map(|activity| known::fitting(&services, activity));
    let crew = sqlx::query!(
        r#"
        select c.name, c.bio as "bio: Json<Texts>",
               coalesce(array_agg(x.service_id order by x.service_id) filter (where x.service_id is not null), '{}') as "services!: Vec<i64>"
        from crew c left join crew_service x on x.crew_id = c.id
        group by c.tenant_id, c.id order by c.name
        "#,
    )
    .fetch_all(conn)
    .await?;
    let named = asked.name.as_deref().map(|name| names::best(name, crew.iter().map(|member| [member.name.as_str()])));
    let fits = |at: usize, leads: &[i64]| {
        named.as_ref().is_none_or(|named| named.contains(&at))
            && wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|id| leads.contains(id)))
    };
    let told = |id: &i64| services.iter().find(|s| s.id.0 == *id).map(|s| s.name.say(language).to_owned());
    let crew = crew.iter().enumerate().filter(|(at, member)| fits(*at, &member.services)).map(|(_, member)| CrewView {
        name: member.name.clone(),
        bio: member.bio.say(language).to_owned(),
        activities: member.services.iter().filter_map(told).collect(),
    });
    Ok(FoundCrew { crew: crew.collect() })
}

/// What the business of this transaction tells about itself.
pub async fn business_info(conn: &mut PgConnection, language: Language) -> sqlx::Result<BusinessInfo> {
    let tenant = tenant::current(conn).await?;
    Ok(BusinessInfo {
        about: tenant.about.say(language).to_owned(),
        opening: tenant.opening.say(language).to_owned(),
        cancellation: tenant.cancellation.say(language).to_owned(),
        name: tenant.name,
        phone: tenant.phone,
        website: tenant.website,
        languages: Language::ALL.to_vec(),
        currency: tenant.currency,
    })
}

/// Where the business is.
pub async fn list_locations(conn: &mut PgConnection, language: Language) -> sqlx::Result<ListedLocations> {
    let rows =
        sqlx::query!(r#"select name, address, directions as "directions: Json<Texts>" from location order by name"#)
            .fetch_all(conn)
            .await?;
    let locations = rows.into_iter().map(|row| LocationView {
        name: row.name,
        address: row.address,
        directions: row.directions.say(language).to_owned(),
    });
    Ok(ListedLocations { locations: locations.collect() })
}
