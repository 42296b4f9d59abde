//! Terms of cancellation.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    desk,
    refunds::{self, Draft, From as Least, Policy, Tier, To},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{Body, Label, Whole, only_objects},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

/// The most tiers.
const MOST: usize = 20;

/// Of what was paid.
type Percent = Whole<0, 100>;
/// Ten years.
type Minutes = Whole<0, 5_256_000>;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(current, replace))
}

/// The least notice that a tier takes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TierFrom)]
enum From {
    /// Longer than this; exactly this is less.
    MoreThanMinutes(#[schema(inline)] Minutes),
    /// This or longer.
    AtLeastMinutes(#[schema(inline)] Minutes),
}

/// The longest notice that a tier takes.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TierTo)]
enum Until {
    /// This or shorter.
    AtMostMinutes(#[schema(inline)] Minutes),
    /// Shorter than this.
    LessThanMinutes(#[schema(inline)] Minutes),
}

/// What a stretch of notice gives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tier)]
struct Given {
    from: From,
    /// Of what was paid.
    percent: i64,
    /// It counts as not having come.
    late: bool,
}

/// The terms of new bookings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundPolicy)]
struct Terms {
    /// Null: you have chosen none yet, and these are the standard ones.
    id: Option<i64>,
    name: String,
    /// The longest notice first; each reaches down to where the next begins.
    tiers: Vec<Given>,
    since: Option<DateTime<Utc>>,
}

impl std::convert::From<Least> for From {
    fn from(least: Least) -> Self {
        match least {
            Least::MoreThanMinutes(minutes) => Self::MoreThanMinutes(Whole(minutes)),
            Least::AtLeastMinutes(minutes) => Self::AtLeastMinutes(Whole(minutes)),
        }
    }
}

impl std::convert::From<desk::terms::Terms> for Terms {
    fn from(terms: desk::terms::Terms) -> Self {
        let given = |tier: &Tier| Given { from: tier.from.into(), percent: tier.percent, late: tier.late };
        Self {
            id: terms.id,
            name: terms.name,
            tiers: terms.policy.tiers().iter().map(given).collect(),
            since: terms.since,
        }
    }
}

/// The terms of new bookings.
#[utoipa::path(get, path = "/refund-policy", tag = "settings", responses((status = 200, body = Terms)))]
async fn current(read: Read) -> Result<Json<Terms>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(desk::terms::current(&mut tx).await?.into()))
}

/// A tier with both ends, so that a gap can be seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
struct NewTier {
    from: From,
    /// Left out in the first tier, which has no end.
    to: Option<Until>,
    /// Of what was paid.
    #[schema(inline)]
    percent: Percent,
    /// It counts as not having come.
    #[serde(default)]
    #[schema(default = false)]
    late: bool,
}

only_objects!(NewTier);

/// Terms for the bookings that are made from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRefundPolicy)]
struct NewTerms {
    #[schema(inline)]
    name: Label,
    /// The longest notice first, down to `at_least_minutes` 0, without a gap.
    #[schema(min_items = 1, max_items = 20)]
    tiers: Vec<NewTier>,
}

impl NewTier {
    fn draft(&self) -> Draft {
        let from = match self.from {
            From::MoreThanMinutes(minutes) => Least::MoreThanMinutes(minutes.0),
            From::AtLeastMinutes(minutes) => Least::AtLeastMinutes(minutes.0),
        };
        let to = self.to.map(|to| match to {
            Until::AtMostMinutes(minutes) => To::AtMostMinutes(minutes.0),
            Until::LessThanMinutes(minutes) => To::LessThanMinutes(minutes.0),
        });
        Draft { tier: Tier { from, percent: self.percent.0, late: self.late }, to }
    }
}

/// Makes other terms those of new bookings. Bookings of before keep theirs.
#[utoipa::path(put, path = "/refund-policy", tag = "settings", request_body = NewTerms, security(("token" = ["money"])),
    responses((status = 200, body = Terms)))]
async fn replace(write: Write<scope::Money>, body: Body<NewTerms>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(save(desk, new))).await
}

async fn save(desk: Desk<'_>, new: NewTerms) -> Result<Reply, Problem> {
    if new.tiers.len() > MOST {
        return Err(Problem::field("tiers", "write at most 20"));
    }
    let drafts: Vec<Draft> = new.tiers.iter().map(NewTier::draft).collect();
    let policy = Policy::new(&drafts).map_err(|error| Problem::field("tiers", error))?;
    refunds::save(&mut *desk.conn, &new.name.0, &policy, desk.now).await?;
    Reply::ok(&Terms::from(desk::terms::current(desk.conn).await?))
}
