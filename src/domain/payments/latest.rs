//! What was paid last.

use sqlx::PgConnection;

use crate::{CustomerId, PaymentId, SeatId};

/// The latest payment of a customer's of which money came: for one booking, or for whatever it was.
pub async fn latest(
    conn: &mut PgConnection,
    customer: CustomerId,
    seat: Option<SeatId>,
) -> sqlx::Result<Option<PaymentId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id: PaymentId" from payment
        where customer_id = $1 and captured_minor > 0 and ($2::bigint is null or seat_id = $2)
        order by captured_at desc, id desc limit 1
        "#,
        customer as CustomerId,
        seat as Option<SeatId>,
    )
    .fetch_optional(conn)
    .await
}
