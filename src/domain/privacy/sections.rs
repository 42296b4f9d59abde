//! The parts of a copy: each is a JSON array of rows, with what hangs on them inside.

use serde_json::Value;
use sqlx::PgConnection;

/// Who they are: one row, and one for each who was merged into them.
pub(super) async fn profile(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(c) - 'tenant_id' order by c.merged_into is not null, c.id), '[]') as "part!"
           from customer c where id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Every yes and no to being written to, and where it came from.
pub(super) async fn consents(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(c) - 'tenant_id' order by c.id), '[]') as "part!"
           from consent c where customer_id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Conversations with their messages, and what became of each that we sent.
pub(super) async fn conversations(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"
        select coalesce(jsonb_agg(to_jsonb(v) - 'tenant_id' || jsonb_build_object('messages', (
          select coalesce(jsonb_agg(to_jsonb(m) - 'tenant_id' - 'conversation_id' || jsonb_build_object('statuses', (
            select coalesce(jsonb_agg(to_jsonb(d) - 'tenant_id' - 'message_id' order by d.at, d.id), '[]')
            from delivery_status d where m.direction = 'out' and d.phone_number_id = m.phone_number_id and d.wamid = m.wamid))
            order by m.sent_at, m.id), '[]')
          from message m where m.conversation_id = v.id)) order by v.id), '[]') as "part!"
        from conversation v where v.customer_id = any($1)
        "#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// What the assistant thought in their conversations.
pub(super) async fn turns(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(t) - 'tenant_id' order by t.id), '[]') as "part!"
           from turn t join conversation v on v.id = t.conversation_id where v.customer_id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// What they were offered, and what they said to it.
pub(super) async fn proposals(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(p) - 'tenant_id' order by p.id), '[]') as "part!"
           from proposal p where customer_id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Prices that they were told.
pub(super) async fn quotes(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(q) - 'tenant_id' order by q.id), '[]') as "part!"
           from quote q where customer_id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Bookings, with what they are of.
pub(super) async fn bookings(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"
        select coalesce(jsonb_agg(to_jsonb(x) - 'tenant_id' || jsonb_build_object(
          'service', v.name, 'location', l.name, 'crew', w.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at) order by x.id), '[]') as "part!"
        from seat x join session s on s.id = x.session_id join service v on v.id = s.service_id
        join location l on l.id = s.location_id left join crew w on w.id = s.crew_id where x.customer_id = any($1)
        "#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Places in waiting lists, and what happened there.
pub(super) async fn waitlist(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"
        select coalesce(jsonb_agg(to_jsonb(e) - 'tenant_id' || jsonb_build_object('log', (
          select coalesce(jsonb_agg(to_jsonb(l) - 'tenant_id' - 'entry_id' order by l.id), '[]') from waitlist_log l where l.entry_id = e.id))
          order by e.id), '[]') as "part!"
        from waitlist_entry e where customer_id = any($1)
        "#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// Payments, and what of them went back.
pub(super) async fn payments(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"
        select coalesce(jsonb_agg(to_jsonb(p) - 'tenant_id' || jsonb_build_object('refunds', (
          select coalesce(jsonb_agg(to_jsonb(r) - 'tenant_id' - 'payment_id' order by r.id), '[]') from refund r where r.payment_id = p.id))
          order by p.id), '[]') as "part!"
        from payment p where customer_id = any($1)
        "#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// What they bought ahead, and what they used it for.
pub(super) async fn entitlements(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"
        select coalesce(jsonb_agg(to_jsonb(e) - 'tenant_id' || jsonb_build_object('plan', p.name,
          'uses', (select coalesce(jsonb_agg(to_jsonb(u) - 'tenant_id' - 'entitlement_id' order by u.id), '[]') from entitlement_use u where u.entitlement_id = e.id),
          'periods', (select coalesce(jsonb_agg(to_jsonb(d) - 'tenant_id' - 'entitlement_id' order by d.first_day), '[]') from entitlement_period d where d.entitlement_id = e.id))
          order by e.id), '[]') as "part!"
        from entitlement e join plan p on p.id = e.plan_id where customer_id = any($1)
        "#,
        customers,
    )
    .fetch_one(conn)
    .await
}

/// What they were told without having asked.
pub(super) async fn notices(conn: &mut PgConnection, customers: &[i64]) -> sqlx::Result<Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(to_jsonb(n) - 'tenant_id' order by n.id), '[]') as "part!"
           from notice n where customer_id = any($1)"#,
        customers,
    )
    .fetch_one(conn)
    .await
}
