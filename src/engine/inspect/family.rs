//! What one cause led to, as a graph.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::Sight;

/// The most jobs of a graph.
const MOST: i64 = 400;

/// A root and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Family {
    /// What it all came of. Its row may be gone already.
    pub root: i64,
    /// The jobs, oldest first: at most 400, of which the one that was asked for is one.
    pub jobs: Vec<Node>,
    /// What led to what, between these jobs.
    pub edges: Vec<Edge>,
    /// There are more jobs.
    pub more: bool,
}

/// A job of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The job.
    pub id: i64,
    /// The workflow that it is a step of.
    pub parent: Option<i64>,
    /// Its name as a step.
    pub step: Option<String>,
    /// The job's name.
    pub kind: String,
    /// One of [`super::STATES`].
    pub state: String,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When its last attempt began, of one that has ended.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// The run that it took over from.
    pub forked_from: Option<i64>,
}

/// One job led to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// The earlier one.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// How.
    pub link: Link,
}

/// How one job led to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "link", content = "name", rename_all = "snake_case")]
pub enum Link {
    /// A workflow has it as the step of this name.
    Step(String),
    /// It was enqueued by one of the family; by which is not recorded, so the root stands for it.
    Caused,
    /// It took over from an earlier run.
    Forked,
}

/// The family of a job: all jobs with the same root, and the runs that took over from these. `jobs` is empty when there is
/// no such job in sight.
pub async fn family(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Family> {
    let root = sqlx::query_scalar!(
        "select j.root from holdfast.job j where j.id = $1 and ($2::bigint is null or j.tenant = $2)",
        id,
        sight.tenant
    );
    let Some(root) = root.fetch_optional(&mut *conn).await? else {
        return Ok(Family { root: id, jobs: Vec::new(), edges: Vec::new(), more: false });
    };
    let mut jobs = nodes(conn, sight, root, id).await?;
    let more = i64::try_from(jobs.len()).is_ok_and(|found| found > MOST);
    if more {
        // The newest goes, but not the one that was asked for.
        let newest = jobs.iter().rposition(|node| node.id != id);
        newest.map(|at| jobs.remove(at));
    }
    let ids: Vec<i64> = jobs.iter().map(|node| node.id).collect();
    let edges = edges(conn, root, &jobs, &ids).await?;
    Ok(Family { root, jobs, edges, more })
}

async fn nodes(conn: &mut PgConnection, sight: Sight, root: i64, id: i64) -> sqlx::Result<Vec<Node>> {
    let ids = sqlx::query_scalar!(
        r#"with members as materialized (
             select x.id from (select $1::bigint as id union all (select j.id from holdfast.job j where j.root = $1 and j.root <> j.id order by j.id limit $3)) x)
           select u.id as "id!" from (
             select $2::bigint as id
             union select m.id from members m
             union select f.id from members m join holdfast.job f on f.forked_from = m.id
             union select p.forked_from from holdfast.job p where p.id = $1 and p.forked_from is not null) u
           order by u.id <> $2, u.id limit $3"#,
        root,
        id,
        MOST + 1
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query_as!(
        Node,
        r#"select s.id as "id!", s.parent, s.step, s.kind as "kind!", s.state as "state!", s.created_at as "created_at!", s.started_at, s.finished_at, s.attempts, s.forked_from
           from holdfast.job_state s where s.id = any($1) and ($2::bigint is null or s.tenant = $2) order by s.id"#,
        &ids,
        sight.tenant
    )
    .fetch_all(conn)
    .await
}

async fn edges(conn: &mut PgConnection, root: i64, jobs: &[Node], ids: &[i64]) -> sqlx::Result<Vec<Edge>> {
    let steps = sqlx::query!(
        r#"select s.parent, s.child as "child!", s.name from holdfast.step s where s.parent = any($1) and s.child = any($1) order by s.child limit 2000"#,
        ids
    )
    .fetch_all(conn)
    .await?;
    let mut edges: BTreeSet<Edge> =
        steps.into_iter().map(|row| Edge { from: row.parent, to: row.child, link: Link::Step(row.name) }).collect();
    for node in jobs {
        let known = |id: &i64| ids.binary_search(id).is_ok();
        if let Some(from) = node.forked_from.filter(known) {
            edges.insert(Edge { from, to: node.id, link: Link::Forked });
        } else if let (Some(from), Some(name)) = (node.parent.filter(known), &node.step) {
            edges.insert(Edge { from, to: node.id, link: Link::Step(name.clone()) });
        } else if node.id > root && node.parent.is_none() && known(&root) {
            edges.insert(Edge { from: root, to: node.id, link: Link::Caused });
        }
    }
    Ok(edges.into_iter().collect())
}
