//! Words about people, bookings and messages, as jobs: the domain knows whose they are, the engine knows which jobs.

use std::collections::BTreeSet;

use domain::{
    ConversationId, SeatId,
    lookup::{self, Subject},
};
use engine::{
    Sight, cause,
    inspect::{Query, Subject as Word, SubjectKind},
};
use sqlx::PgConnection;

use crate::console::failure::Failure;

/// The jobs that all words about the business name together; none: the query has no such word.
pub(in crate::console) async fn resolve(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
) -> Result<Option<Vec<i64>>, Failure> {
    let mut common: Option<BTreeSet<i64>> = None;
    for word in query.subjects() {
        let jobs = named(conn, sight, &word).await?;
        common = Some(match common {
            Some(before) => before.intersection(&jobs).copied().collect(),
            None => jobs,
        });
    }
    Ok(common.map(|jobs| jobs.into_iter().collect()))
}

/// The jobs that any name of a word leads to.
async fn named(conn: &mut PgConnection, sight: Sight, word: &Word) -> Result<BTreeSet<i64>, Failure> {
    let mut jobs = BTreeSet::new();
    for value in &word.values {
        let Some(subject) = read(word.kind, value) else { return Err(Failure::Unfit(unfit(word.kind, value))) };
        for trail in lookup::find(&mut *conn, sight.tenant.map(domain::TenantId), &subject).await? {
            jobs.extend(&trail.jobs);
            jobs.extend(cause::of_keys(&mut *conn, trail.tenant.0, &trail.keys).await?);
        }
    }
    Ok(jobs)
}

fn read(kind: SubjectKind, value: &str) -> Option<Subject> {
    match kind {
        SubjectKind::Phone => Subject::phone(value),
        SubjectKind::Booking => value.trim_start_matches('#').parse().ok().map(|id| Subject::Booking(SeatId(id))),
        SubjectKind::Message => Subject::message(value),
        SubjectKind::Conversation => value.parse().ok().map(|id| Subject::Conversation(ConversationId(id))),
    }
}

fn unfit(kind: SubjectKind, value: &str) -> String {
    match kind {
        SubjectKind::Phone => {
            format!("phone:{value}: write at least six digits of a number, as phone:\"+39 333 555 0110\"")
        }
        SubjectKind::Booking => format!("booking:{value}: write its number, as booking:17"),
        SubjectKind::Message => format!("message:{value}: write WhatsApp's id (wamid…) or ours, without spaces"),
        SubjectKind::Conversation => format!("conversation:{value}: write its number, as conversation:17"),
    }
}
