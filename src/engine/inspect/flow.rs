//! One workflow: what its journal says.

mod journal;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::PgConnection;

use super::waiting::{self, WhyWaiting};
use crate::Sight;

/// A workflow's journal.
#[derive(Debug, Serialize)]
pub struct Flow {
    /// The workflow.
    pub id: i64,
    /// Its name.
    pub kind: String,
    /// One of [`super::STATES`].
    pub state: String,
    /// What it did, in order; 500 lines at most.
    pub lines: Vec<Line>,
    /// There are more lines.
    pub more: bool,
    /// Signals that were given and not yet taken; 100 at most.
    pub pending: Vec<Pending>,
    /// Why a saga was undone, or is.
    pub undone_for: Option<String>,
    /// What it waits for now.
    pub why_waiting: Option<WhyWaiting>,
}

/// A line of the journal.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// When it was written down.
    pub at: Option<DateTime<Utc>>,
    /// What it says.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What a line says.
#[derive(Debug, Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A job.
    Step(Box<Step>),
    /// A sleep, or the wait for a signal that has not come; until a time or for ever. The journal does not tell which of
    /// the two a wait with a time is.
    Wait {
        /// When it ends by itself; none: never, or it has.
        until: Option<DateTime<Utc>>,
        /// It has ended.
        over: bool,
    },
    /// A signal that came.
    Signal {
        /// What it said.
        payload: Box<RawValue>,
    },
    /// Which branch of the code it takes.
    Patch {
        /// The new one.
        new: bool,
    },
    /// From here on it is undone.
    Undoing {
        /// Why.
        why: String,
    },
    /// Another decision.
    Decision {
        /// What was decided.
        value: Box<RawValue>,
    },
}

/// A step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Its job; none: gone, or out of sight.
    pub job: Option<i64>,
    /// The job's name.
    pub kind: Option<String>,
    /// One of [`super::STATES`].
    pub state: Option<String>,
    /// What it gave back.
    pub output: Option<Box<RawValue>>,
    /// Its latest error.
    pub error: Option<String>,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// When it was enqueued.
    pub created_at: Option<DateTime<Utc>>,
    /// When its last attempt began, of one that has ended.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The step that it undoes.
    pub undoes: Option<String>,
    /// Nobody waits for it, or it undoes another: it lives on when its workflow is cancelled.
    pub detached: bool,
    /// Steps that went on at the same time.
    pub beside: Vec<String>,
}

/// A signal that was given and not yet taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// Its name.
    pub name: String,
    /// Who gave it, in the giver's words.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A workflow's journal; none: there is no such job in sight, or it is no workflow that has begun.
pub async fn flow(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<Flow>> {
    let job = sqlx::query!(
        r#"select s.kind as "kind!", s.state as "state!" from holdfast.job_state s where s.id = $1 and ($2::bigint is null or s.tenant = $2)"#,
        id,
        sight.tenant
    );
    let Some(job) = job.fetch_optional(&mut *conn).await? else { return Ok(None) };
    let (lines, more) = journal::read(conn, sight, id).await?;
    let pending = sqlx::query_as!(
        Pending,
        "select s.name, s.id, s.at from holdfast.signal s where s.job = $1 order by s.at, s.id limit 100",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    if lines.is_empty() && pending.is_empty() {
        return Ok(None);
    }
    let why_waiting = waiting::why(conn, sight, id).await?;
    let undone_for = lines.iter().find_map(|line| match &line.entry {
        Entry::Undoing { why } => Some(why.clone()),
        _ => None,
    });
    Ok(Some(Flow { id, kind: job.kind, state: job.state, lines, more, pending, undone_for, why_waiting }))
}
