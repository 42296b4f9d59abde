//! Many statuses of one business at one time.

use sqlx::PgConnection;

use super::Status;

/// Applies the statuses of messages whose sending was answered, as [`super::apply`] would one by one; none may tell of a
/// failure. Returns the positions of the others: their messages may have to be found, or waited for.
pub async fn apply_all(conn: &mut PgConnection, statuses: &[&Status]) -> sqlx::Result<Vec<usize>> {
    fn column<'a, T>(statuses: &[&'a Status], field: impl Fn(&'a Status) -> T) -> Vec<T> {
        statuses.iter().map(|status| field(status)).collect()
    }
    if statuses.is_empty() {
        return Ok(Vec::new());
    }
    let applied = sqlx::query_scalar!(
        r#"
        with told as (
          select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
            with ordinality as told (number, wamid, callback, status, at, body, n)
        ), known as materialized (
          -- One by one and in the same order everywhere: by the index that names them, and without a deadlock.
          select m.* from (select distinct number, wamid from told order by number, wamid) t
          cross join lateral (select id, phone_number_id, wamid from message
                              where phone_number_id = t.number and wamid = t.wamid and direction = 'out' and state <> 'planned' for update) m
        ), ours as materialized (
          select t.*, k.id from told t join known k on k.phone_number_id = t.number and k.wamid = t.wamid
          where t.callback is null or t.callback = k.id::text
        ), kept as (
          insert into delivery_status (phone_number_id, wamid, callback, status, at, body, message_id)
          select number, wamid, callback, status, at, body::jsonb, id from ours order by n
          on conflict on constraint delivery_status_once do nothing returning message_id, array_position($7, status) as rank, body -> 'pricing' as pricing
        ), moved as (
          update message m set state = ($7::text[])[k.rank],
            pricing = coalesce(left(k.pricing ->> 'category', 40), m.pricing), billable = coalesce(k.pricing -> 'billable' = 'true', m.billable)
          from (select message_id, max(rank) as rank, (array_agg(pricing order by rank desc) filter (where pricing is not null))[1] as pricing
                from kept group by message_id) k
          where m.id = k.message_id and array_position($7, m.state) < k.rank
        )
        select n as "n!" from ours
        "#,
        &column(statuses, |status| status.phone_number_id.as_str()) as _,
        &column(statuses, |status| status.wamid.as_str()) as _,
        &column(statuses, |status| status.callback.as_deref()) as _,
        &column(statuses, |status| status.status.as_str()) as _,
        &column(statuses, |status| status.at),
        &column(statuses, |status| status.body.to_string()) as _,
        // As `State` is ordered.
        &["planned", "accepted", "sent", "delivered", "read", "played", "failed"].map(str::to_owned),
    )
    .fetch_all(conn)
    .await?;
    let mut left: Vec<usize> = (0..statuses.len()).collect();
    left.retain(|position| !applied.iter().any(|n| usize::try_from(n - 1) == Ok(*position)));
    Ok(left)
}
