//! Which jobs are meant: those of a query, those that are ticked, or those that died of the same.

use engine::{
    bulk::{self, MOST, Verb},
    inspect::Query,
    overview,
};
use sqlx::PgConnection;

use crate::console::{failure::Failure, jobs::subjects, shell::form::Fields, visit::Visit};

/// The jobs, and how they were found.
#[derive(Debug)]
pub(super) struct Chosen {
    pub jobs: Vec<i64>,
    /// There are others, which are not among them.
    pub more: bool,
    /// As it is shown, in the audit too.
    pub query: String,
}

pub(super) async fn chosen(visit: &Visit, fields: &Fields, verb: Verb) -> Result<Chosen, Failure> {
    let mut conn = visit.read().await?;
    let ticked = fields.numbers("job");
    if !ticked.is_empty() {
        let query = format!("id:{}", ticked.iter().take(20).map(ToString::to_string).collect::<Vec<_>>().join(","));
        let rest = ticked.len().saturating_sub(20);
        let query = if rest > 0 { format!("{query} +{rest}") } else { query };
        return Ok(Chosen { jobs: ticked, more: false, query });
    }
    match (fields.text("kind"), fields.text("fingerprint")) {
        ("", _) => of_query(visit, &mut conn, fields.text("query"), verb).await,
        (kind, fingerprint) => of_failure(visit, &mut conn, kind, fingerprint).await,
    }
}

/// All that died of the same.
async fn of_failure(visit: &Visit, conn: &mut PgConnection, kind: &str, fingerprint: &str) -> Result<Chosen, Failure> {
    let cap = i64::try_from(MOST).unwrap_or(i64::MAX);
    let jobs = overview::of_failure(conn, visit.sight(), kind, fingerprint, cap).await?;
    Ok(Chosen { jobs, more: false, query: format!("state:dead kind:{kind} = {fingerprint}") })
}

/// All that fit, page by page.
async fn of_query(visit: &Visit, conn: &mut PgConnection, text: &str, verb: Verb) -> Result<Chosen, Failure> {
    let query = Query::parse(text).map_err(|error| Failure::Unfit(error.to_string()))?;
    if query.is_empty() && verb == Verb::Delete {
        return Err(Failure::Unfit(visit.words().say("bulk-not-everything")));
    }
    let only = subjects::resolve(conn, visit.sight(), &query).await?;
    let (jobs, more) = bulk::gather(conn, visit.sight(), &query, only.as_deref()).await?;
    Ok(Chosen { jobs, more, query: query.without_people() })
}
