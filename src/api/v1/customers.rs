//! Customers, and whether they want to be written to.

mod consents;
mod merge;
mod profile;

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{CustomerId, customer, desk};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words::Language;
use crate::api::{
    Api,
    caller::Read,
    input::{Body, Digits, Name, Paged, Phone},
    kind::Kind,
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .merge(profile::routes())
        .merge(consents::routes())
        .merge(merge::routes())
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
struct Customer {
    id: i64,
    /// Digits, country code first.
    phone: Option<String>,
    name: Option<String>,
    /// Null: the language of the house.
    language: Option<Language>,
    /// An object whose fields you chose.
    #[schema(value_type = Object)]
    preferences: Value,
    /// Since when they do not want to be written to unasked.
    opted_out_at: Option<DateTime<Utc>>,
    blocked_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    /// How many bookings of theirs were not given up.
    bookings: i64,
}

impl From<desk::customers::Customer> for Customer {
    fn from(customer: desk::customers::Customer) -> Self {
        Self {
            id: customer.id.0,
            phone: customer.phone,
            name: customer.name,
            language: customer.language.map(Language::from),
            preferences: customer.preferences,
            opted_out_at: customer.opted_out_at,
            blocked_at: customer.blocked_at,
            created_at: customer.created_at,
            bookings: customer.bookings,
        }
    }
}

/// The id of today of the customer that a body names.
pub(super) async fn known(conn: &mut PgConnection, id: CustomerId) -> Result<CustomerId, Problem> {
    desk::customers::find(conn, id).await?.ok_or_else(|| Problem::unknown_in("customer", "customer", id))
}

/// The same, locked: first in the order of locks.
pub(super) async fn locked(conn: &mut PgConnection, id: CustomerId) -> Result<CustomerId, Problem> {
    desk::customers::lock(conn, id).await?.ok_or_else(|| Problem::unknown_in("customer", "customer", id))
}

/// Locks the customer of something that is there, whoever that is.
pub(super) async fn held(conn: &mut PgConnection, id: CustomerId) -> Result<(), Problem> {
    Ok(customer::lock(conn, &[id]).await?)
}

/// The id of today of the customer that an address names.
pub(super) async fn addressed(conn: &mut PgConnection, id: CustomerId) -> Result<CustomerId, Problem> {
    desk::customers::find(conn, id).await?.ok_or_else(|| Problem::unknown("customer", id))
}

/// The same, locked.
async fn addressed_locked(conn: &mut PgConnection, id: CustomerId) -> Result<CustomerId, Problem> {
    desk::customers::lock(conn, id).await?.ok_or_else(|| Problem::unknown("customer", id))
}

/// Which customers.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// With this in their name, in capitals or not.
    #[param(inline)]
    name: Option<Name>,
    /// With these digits in their number: three or more.
    #[param(inline)]
    phone: Option<Digits>,
}

/// Customers, newest first.
#[utoipa::path(get, path = "/customers", tag = "customers", params(Filter, Paging), responses((status = 200, body = Listed<Customer>)))]
async fn list(read: Read, paged: Paged<Filter, i64>) -> Result<Json<Listed<Customer>>, Problem> {
    let phone = paged.filter.phone.as_ref().map(|phone| phone.0.as_str());
    let name = paged.filter.name.as_ref().map(|name| name.0.as_str());
    let filter = desk::customers::Filter { name, phone };
    let mut tx = read.begin().await?;
    let rows = desk::customers::list(&mut tx, filter, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// Somebody who has not written yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomer {
    /// With the country code: +39 333 123 4567.
    #[schema(inline)]
    phone: Phone,
    #[schema(inline)]
    name: Option<Name>,
    /// What they are spoken to in; without it, the language of the house.
    language: Option<Language>,
}

/// Writes a customer down.
#[utoipa::path(post, path = "/customers", tag = "customers", request_body = NewCustomer, security(("token" = ["write"])),
    responses((status = 201, body = Customer)))]
async fn create(write: Write<scope::Bookings>, body: Body<NewCustomer>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(write_down(desk, new))).await
}

async fn write_down(desk: Desk<'_>, new: NewCustomer) -> Result<Reply, Problem> {
    let name = new.name.as_ref().map(|name| name.0.as_str());
    let language = new.language.map(Into::into);
    match desk::customers::create(&mut *desk.conn, &new.phone.0, name, language, desk.now).await? {
        Ok(id) => {
            let customer = one(desk.conn, id).await?;
            Reply::created(format!("/api/v1/customers/{id}"), &customer)
        }
        Err(theirs) => Err(Problem::new(Kind::PhoneTaken, format_args!("it is that of customer {theirs}"))),
    }
}

async fn one(conn: &mut PgConnection, id: CustomerId) -> Result<Customer, Problem> {
    let found = desk::customers::one(conn, id).await?;
    found.map(Customer::from).ok_or_else(|| Problem::unknown("customer", id))
}
