//! Two places in one list of two customers who are one.

use sqlx::PgConnection;

use crate::{CustomerId, EntryId};

/// Gives the places of `from` in waiting lists to `into`. Where both wait for one session, the older place stays, with the
/// offer if the other one has it; and whoever has a place does not wait for one. Their places in sessions have moved
/// before.
pub(crate) async fn merge(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    let doubled = sqlx::query!(
        r#"
        select least(a.id, b.id) as "older!: EntryId", greatest(a.id, b.id) as "younger!: EntryId"
        from waitlist_entry a join waitlist_entry b on b.session_id = a.session_id and b.customer_id = $2 and b.state in ('waiting', 'offered')
        where a.customer_id = $1 and a.state in ('waiting', 'offered') order by a.session_id
        "#,
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    for pair in doubled {
        inherit(conn, pair.older, pair.younger).await?;
        close(conn, pair.younger, "waits twice: the older place stays").await?;
    }
    let follow = "update waitlist_entry set customer_id = $2 where customer_id = $1";
    sqlx::query(follow).bind(from).bind(into).execute(&mut *conn).await?;
    for entry in seated(conn, into).await? {
        close(conn, entry, "has a place").await?;
    }
    Ok(())
}

/// What is held for the younger place is held for the older one, unless that has an offer of its own.
async fn inherit(conn: &mut PgConnection, older: EntryId, younger: EntryId) -> sqlx::Result<()> {
    let inherited = sqlx::query!(
        "update waitlist_entry o set state = 'offered', seat_id = y.seat_id, offer_expires_at = y.offer_expires_at, places = y.places,
                awaited_by = null
         from waitlist_entry y, seat x
         where o.id = $1 and y.id = $2 and y.state = 'offered' and x.id = y.seat_id and x.state = 'held'
           and not exists (select from seat z where o.state = 'offered' and z.id = o.seat_id and z.state = 'held')",
        older as EntryId,
        younger as EntryId,
    )
    .execute(&mut *conn)
    .await?;
    if inherited.rows_affected() == 1 {
        sqlx::query!(
            "update notice set facts = jsonb_set(facts, '{entry}', to_jsonb($1::bigint))
             where kind = 'waitlist_offer' and facts -> 'entry' = to_jsonb($2::bigint)",
            older as EntryId,
            younger as EntryId,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

async fn close(conn: &mut PgConnection, entry: EntryId, reason: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "with closed as (
           update waitlist_entry set state = 'closed', offer_expires_at = null, awaited_by = null where id = $1 returning id
         )
         insert into waitlist_log (entry_id, event, reason, at) select id, 'closed', $2, now() from closed",
        entry as EntryId,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those who wait where they have a place: what was held for them was freed, or they have another one.
async fn seated(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<EntryId>> {
    sqlx::query_scalar!(
        r#"
        select e.id as "id: EntryId" from waitlist_entry e
        where e.customer_id = $1 and e.state in ('waiting', 'offered')
          and exists (select from seat x where x.session_id = e.session_id and x.customer_id = $1 and x.state <> 'cancelled'
                      and (e.state = 'waiting' or x.id <> e.seat_id))
        order by e.id
        "#,
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await
}
