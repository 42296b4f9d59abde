//! Weekly classes.

use axum::{Json, response::Response};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    RuleId,
    calendar::{self, Gap, Overlap},
    desk,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Capacity, Minutes, Price};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Clock, Day, Id, Nothing, Paged, Told, Weekdays, present},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    v1::words::{ClockGap, ClockOverlap},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(follow)).routes(routes!(end))
}

/// A weekly class as the wall clock shows it. Its sessions are made four weeks ahead.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionRule)]
struct Rule {
    id: i64,
    service: i64,
    location: i64,
    crew: Option<i64>,
    room: Option<i64>,
    /// 1 is Monday.
    weekdays: Vec<i16>,
    /// `HH:MM` by the clock of the business.
    starts_at: String,
    minutes: i32,
    capacity: i32,
    price_minor: i64,
    first_day: NaiveDate,
    /// Null: it goes on.
    last_day: Option<NaiveDate>,
    /// What becomes of it when the clock skips its time.
    gap: ClockGap,
    /// Which of the two it is when the clock shows its time twice.
    overlap: ClockOverlap,
    /// The rule that it took the place of.
    follows: Option<i64>,
}

impl From<desk::rules::Rule> for Rule {
    fn from(rule: desk::rules::Rule) -> Self {
        Self {
            id: rule.id.0,
            service: rule.service.0,
            location: rule.location.0,
            crew: rule.crew.map(|crew| crew.0),
            room: rule.room.map(|room| room.0),
            weekdays: rule.weekdays,
            starts_at: rule.starts_at.format("%H:%M").to_string(),
            minutes: rule.minutes,
            capacity: rule.capacity,
            price_minor: rule.price_minor,
            first_day: rule.first_day,
            last_day: rule.last_day,
            gap: rule.gap.into(),
            overlap: rule.overlap.into(),
            follows: rule.follows.map(|rule| rule.0),
        }
    }
}

/// Weekly classes that have not ended, oldest first.
#[utoipa::path(get, path = "/session-rules", tag = "calendar", params(Paging), responses((status = 200, body = Listed<Rule>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Rule>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = desk::rules::list(&mut tx, paged.page(), read.now()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

async fn found(conn: &mut PgConnection, id: RuleId) -> Result<Rule, Problem> {
    desk::rules::one(conn, id).await?.map(Rule::from).ok_or_else(|| Problem::unknown("session rule", id))
}

/// A weekly class to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSessionRule)]
struct NewRule {
    /// Of kind `class`.
    #[schema(inline)]
    service: Id,
    #[schema(inline)]
    location: Id,
    #[schema(inline)]
    crew: Option<Id>,
    #[schema(inline)]
    room: Option<Id>,
    #[schema(inline)]
    weekdays: Weekdays,
    /// By the clock of the business.
    #[schema(inline)]
    starts_at: Clock,
    #[schema(inline)]
    minutes: Minutes,
    #[schema(inline)]
    capacity: Capacity,
    #[schema(inline)]
    price_minor: Price,
    #[schema(inline)]
    first_day: Day,
    /// Left out: it goes on.
    #[schema(inline)]
    last_day: Option<Day>,
    /// Else `forward`.
    gap: Option<ClockGap>,
    /// Else `first`.
    overlap: Option<ClockOverlap>,
}

/// A rule that was added, and what could not be made of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedSessionRule)]
struct Added {
    rule: Rule,
    /// How many sessions were made of it.
    sessions: u64,
    /// When a session would have begun for which somebody or some room is taken.
    skipped: Vec<DateTime<Utc>>,
}

/// Adds a weekly class, and makes its sessions of the next four weeks.
#[utoipa::path(post, path = "/session-rules", tag = "calendar", request_body = NewRule, security(("token" = ["calendar"])),
    responses((status = 201, body = Added)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewRule>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new))).await
}

async fn add(desk: Desk<'_>, new: NewRule) -> Result<Reply, Problem> {
    let new = calendar::NewRule {
        service: new.service.of(),
        location: new.location.of(),
        crew: new.crew.map(Id::of),
        room: new.room.map(Id::of),
        weekdays: new.weekdays.0,
        starts_at: new.starts_at.0,
        minutes: new.minutes.small(),
        capacity: new.capacity.small(),
        price_minor: new.price_minor.0,
        valid_from: new.first_day.0,
        valid_until: new.last_day.map(|day| day.0),
        gap: new.gap.map_or_else(Gap::default, Gap::from),
        overlap: new.overlap.map_or_else(Overlap::default, Overlap::from),
    };
    let calendar::Added { rule, made } = calendar::add_rule(&mut *desk.conn, &new, desk.now).await??;
    let skipped = made.skipped.into_iter().map(|skipped| skipped.starts_at).collect();
    Reply::made(&Added { rule: found(desk.conn, rule).await?, sessions: made.new, skipped })
}

/// How a class goes on from a day on; what is left out stays, also of sessions that were changed by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSessionRuleChange)]
struct Following {
    /// From this local day on.
    #[schema(inline)]
    from: Day,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Weekdays)]
    weekdays: Option<Weekdays>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Clock)]
    starts_at: Option<Clock>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Minutes)]
    minutes: Option<Minutes>,
    /// Null: nobody is named.
    #[serde(default)]
    #[schema(inline, value_type = Option<Id>)]
    crew: Told<Id>,
    /// Null: none.
    #[serde(default)]
    #[schema(inline, value_type = Option<Id>)]
    room: Told<Id>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Capacity)]
    capacity: Option<Capacity>,
    /// Of bookings from now on.
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Price)]
    price_minor: Option<Price>,
}

/// A rule that goes on as another one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowedSessionRule)]
struct Followed {
    /// The new rule.
    rule: Rule,
    /// Sessions that are changed like it.
    changed: Vec<i64>,
    /// How many are new, on days that the old rule did not have.
    sessions: u64,
    /// Sessions on days that it has no more, and who was booked gets everything back.
    called_off: Vec<i64>,
    /// How many of those nobody was booked in.
    gone: usize,
}

/// Changes a weekly class from a day on: this and following. A clash anywhere is told, and nothing is done.
#[utoipa::path(post, path = "/session-rules/{id}/change", tag = "calendar", params(ById), request_body = Following,
    security(("token" = ["calendar"])), responses((status = 201, body = Followed)))]
async fn follow(write: Write<scope::Calendar>, At(id): At<RuleId>, body: Body<Following>) -> Result<Response, Problem> {
    write.run(body, move |desk, change| Box::pin(go_on(desk, id, change))).await
}

async fn go_on(desk: Desk<'_>, id: RuleId, change: Following) -> Result<Reply, Problem> {
    found(&mut *desk.conn, id).await?;
    let from = change.from.0;
    let change = calendar::RuleChange {
        weekdays: change.weekdays.map(|days| days.0),
        starts_at: change.starts_at.map(|at| at.0),
        minutes: change.minutes.map(Minutes::small),
        crew: change.crew.map(Id::of),
        room: change.room.map(Id::of),
        capacity: change.capacity.map(Capacity::small),
        price_minor: change.price_minor.map(|price| price.0),
    };
    let followed = calendar::this_and_following(&mut *desk.conn, id, from, &change, desk.now).await??;
    let reply = Followed {
        rule: found(desk.conn, followed.rule).await?,
        changed: followed.changed.into_iter().map(|session| session.0).collect(),
        sessions: followed.new,
        called_off: followed.removed.called_off.into_iter().map(|session| session.0).collect(),
        gone: followed.removed.gone.len(),
    };
    Ok(Reply::made(&reply)?.leaving(followed.after))
}

/// When a class ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSessionRuleEnd)]
struct End {
    /// The last local day.
    #[schema(inline)]
    last_day: Day,
}

/// A class that ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndedSessionRule)]
struct Ended {
    rule: Rule,
    /// Later sessions, of which who was booked gets everything back.
    called_off: Vec<i64>,
    /// How many later sessions nobody was booked in.
    gone: usize,
}

/// Ends a weekly class after a day. Later sessions that have not begun are called off.
#[utoipa::path(post, path = "/session-rules/{id}/end", tag = "calendar", params(ById), request_body = End,
    security(("token" = ["calendar"])), responses((status = 200, body = Ended)))]
async fn end(write: Write<scope::Calendar>, At(id): At<RuleId>, body: Body<End>) -> Result<Response, Problem> {
    write.run(body, move |desk, end| Box::pin(stop(desk, id, end.last_day.0))).await
}

async fn stop(desk: Desk<'_>, id: RuleId, last_day: NaiveDate) -> Result<Reply, Problem> {
    found(&mut *desk.conn, id).await?;
    let ended = calendar::end_rule(&mut *desk.conn, id, last_day, desk.now).await??;
    let reply = Ended {
        rule: found(desk.conn, id).await?,
        called_off: ended.removed.called_off.into_iter().map(|session| session.0).collect(),
        gone: ended.removed.gone.len(),
    };
    Ok(Reply::ok(&reply)?.leaving(ended.after))
}
