//! What the demo studio sells ahead, when its prices differ, and the templates it has at WhatsApp.

use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Language;
use crate::notices::Kind;
use crate::texts::Texts;

/// Kinds of notices that may have to be told after the customer's 24 hours.
const TOLD_LATE: [Kind; 9] = [
    Kind::Reminder,
    Kind::WaitlistOffer,
    Kind::WaitlistPromoted,
    Kind::PlaceFree,
    Kind::PaymentReceived,
    Kind::RefundMade,
    Kind::SessionCancelled,
    Kind::SessionChanged,
    Kind::CreditsExpiring,
];

/// Sets up what is not there: a studio that was changed by hand stays as it is.
pub(super) async fn set_up(conn: &mut PgConnection) -> sqlx::Result<()> {
    prepay(conn).await?;
    plans(conn).await?;
    prices(conn).await?;
    templates(conn).await
}

/// The workshop is small and dear: who wants a place pays for it first.
async fn prepay(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("update service set prepaid = true where slug = 'breath' and not exists (select from plan)")
        .execute(conn)
        .await?;
    Ok(())
}

async fn plans(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into plan (name, kind, price_minor, credits, per, at_most, valid_days)
         select name, kind, price_minor, credits, per, at_most, valid_days from (values
           ($1::jsonb, 'credits', 12000::bigint, 10, null::text, null::integer, 180),
           ($2::jsonb, 'membership', 6900, null, 'week', 2, 30)
         ) sold(name, kind, price_minor, credits, per, at_most, valid_days)
         where not exists (select from plan)",
        Json(Texts::new("Dieci ingressi", "Ten visits")) as _,
        Json(Texts::new("Due volte a settimana", "Twice a week")) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn prices(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into price_rule (name, position, condition, percent)
         select name, position, condition, percent from (values
           ($1::jsonb, 1, $2::jsonb, 20), ($3::jsonb, 2, $4::jsonb, -10)
         ) rule(name, position, condition, percent)
         where not exists (select from price_rule)",
        Json(Texts::new("ultimi posti", "last places")) as _,
        json!({ "when": "occupancy", "at_least_percent": 80 }),
        Json(Texts::new("chi prenota presto", "early bird")) as _,
        json!({ "when": "early_bird", "more_than_minutes": 10 * 24 * 60 }),
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn templates(conn: &mut PgConnection) -> sqlx::Result<()> {
    for kind in TOLD_LATE {
        for language in Language::ALL {
            sqlx::query!(
                "insert into template (kind, language, name) values ($1, $2, $3) on conflict do nothing",
                kind.name(),
                language.code(),
                format!("alghe_{}", kind.name()),
            )
            .execute(&mut *conn)
            .await?;
        }
    }
    Ok(())
}
