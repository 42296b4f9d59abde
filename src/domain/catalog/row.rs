//! Sessions as the database knows them.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::view::Span;
use super::{Asker, SessionView};
use crate::pricing::{Priced, Prices};
use crate::texts::Texts;
use crate::{CrewId, CustomerId, LocationId, Money, ServiceId, SessionId};

/// One session with the names around it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub id: SessionId,
    pub service_id: ServiceId,
    pub service: Json<Texts>,
    pub crew_id: Option<CrewId>,
    pub crew: Option<String>,
    pub location_id: LocationId,
    pub location: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub capacity: i32,
    pub booked: i32,
    pub price_minor: i64,
    pub currency: String,
    pub mine: bool,
}

/// The rows at the prices of now, for this customer.
async fn priced(conn: &mut PgConnection, asker: &Asker, mut rows: Vec<Row>) -> sqlx::Result<Vec<Row>> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let prices = Prices::load(conn, asker.customer, asker.now).await?;
    if prices.are_plain() {
        return Ok(rows);
    }
    for row in &mut rows {
        row.price_minor = prices.of(&row.priced(asker.zone)).each_minor;
    }
    Ok(rows)
}

impl Row {
    fn priced(&self, zone: Tz) -> Priced {
        Priced {
            service: self.service_id,
            base_minor: self.price_minor,
            capacity: self.capacity,
            booked: self.booked,
            starts_at: self.starts_at,
            zone,
        }
    }

    pub(crate) fn spots_left(&self) -> i32 {
        (self.capacity - self.booked).max(0)
    }

    pub(crate) fn local_start(&self, zone: Tz) -> NaiveDateTime {
        self.starts_at.with_timezone(&zone).naive_local()
    }

    pub(crate) fn view(&self, asker: &Asker) -> SessionView {
        let span = Span { starts_at: self.starts_at, ends_at: self.ends_at };
        let (date, time, weekday, ends) = span.local(asker.zone);
        SessionView {
            session_id: self.id,
            service: self.service.say(asker.language).to_owned(),
            crew: self.crew.clone().unwrap_or_default(),
            location: self.location.clone(),
            date,
            time,
            weekday,
            ends,
            spots_left: self.spots_left(),
            capacity: self.capacity,
            price: Money::new(self.price_minor, &self.currency),
            already_booked: self.mine,
        }
    }
}

/// The sessions that take place and start after `from` and before `until`, soonest first.
/// `services` narrows them down.
pub(crate) async fn between(
    conn: &mut PgConnection,
    asker: &Asker,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    services: Option<&[i64]>,
) -> sqlx::Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select s.id as "id: SessionId", s.service_id as "service_id: ServiceId", v.name as "service: Json<Texts>",
               s.crew_id as "crew_id: CrewId", c.name as "crew?", s.location_id as "location_id: LocationId",
               l.name as location, s.starts_at, s.ends_at, s.capacity, s.booked, s.price_minor, s.currency,
               exists (select from seat x where x.session_id = s.id and x.customer_id = $1 and x.state <> 'cancelled') as "mine!"
        from session s
        join service v on v.id = s.service_id
        join location l on l.id = s.location_id
        left join crew c on c.id = s.crew_id
        where s.status = 'scheduled' and v.kind = 'class' and s.starts_at > $2 and s.starts_at < $3
          and ($4::bigint[] is null or s.service_id = any($4))
        order by s.starts_at, s.id limit 2000
        "#,
        asker.customer as CustomerId,
        from,
        until,
        services,
    )
    .fetch_all(&mut *conn)
    .await?;
    priced(conn, asker, rows).await
}

/// These sessions, whatever their state, soonest first.
pub(crate) async fn by_id(conn: &mut PgConnection, asker: &Asker, ids: &[i64]) -> sqlx::Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select s.id as "id: SessionId", s.service_id as "service_id: ServiceId", v.name as "service: Json<Texts>",
               s.crew_id as "crew_id: CrewId", c.name as "crew?", s.location_id as "location_id: LocationId",
               l.name as location, s.starts_at, s.ends_at, s.capacity, s.booked, s.price_minor, s.currency,
               exists (select from seat x where x.session_id = s.id and x.customer_id = $1 and x.state <> 'cancelled') as "mine!"
        from session s
        join service v on v.id = s.service_id
        join location l on l.id = s.location_id
        left join crew c on c.id = s.crew_id
        where s.id = any($2) order by s.starts_at, s.id
        "#,
        asker.customer as CustomerId,
        ids,
    )
    .fetch_all(&mut *conn)
    .await?;
    priced(conn, asker, rows).await
}

/// One session, whatever its state.
pub async fn session(conn: &mut PgConnection, asker: &Asker, id: SessionId) -> sqlx::Result<SessionView> {
    let row = by_id(conn, asker, &[id.0]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    Ok(row.view(asker))
}
