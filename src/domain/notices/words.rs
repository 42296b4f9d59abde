//! What a notice says. All that can have changed since it was written down is read anew.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Kind, Notice};
use crate::booking::Return;
use crate::catalog::{self, Asker, row};
use crate::outbound::{Button, Content};
use crate::payments::{self, Thing};
use crate::replies;
use crate::{EntitlementId, EntryId, Language, Money, PaymentId, RefundId, SeatId, SessionId, SessionView, Texts};

/// A notice in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What is sent while the customer's 24 hours last.
    pub content: Content,
    /// What the template of its kind is filled with otherwise, in this order.
    pub values: Vec<String>,
}

/// What was written down with it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Facts {
    seat: Option<SeatId>,
    entry: Option<EntryId>,
    session: Option<SessionId>,
    payment: Option<PaymentId>,
    refund: Option<RefundId>,
    entitlement: Option<EntitlementId>,
    returns: Option<Return>,
}

/// Says a notice, or why it is of no use any more.
pub async fn words(
    conn: &mut PgConnection,
    notice: &Notice,
    asker: &Asker,
) -> sqlx::Result<Result<Words, &'static str>> {
    if notice.useful_until.is_some_and(|until| until <= asker.now) {
        return Ok(Err("too late to be of use"));
    }
    let facts: Facts = serde_json::from_value(notice.facts.clone()).unwrap_or_default();
    let said = match notice.kind {
        Kind::Reminder => reminder(conn, asker, &facts).await?,
        Kind::WaitlistOffer => offer(conn, asker, &facts).await?,
        Kind::WaitlistPromoted => promoted(conn, asker, &facts).await?,
        Kind::PlaceFree => free(conn, asker, &facts).await?,
        Kind::OfferExpired | Kind::HoldExpired => over(conn, asker, notice.kind, &facts).await?,
        Kind::PaymentLink => link(conn, asker, &facts).await?,
        Kind::PaymentReceived | Kind::PaidInVain => received(conn, asker, notice.kind, &facts).await?,
        Kind::RefundMade => refunded(conn, asker, &facts).await?,
        Kind::SessionCancelled => called_off(conn, asker, &facts).await?,
        Kind::SessionChanged => changed(conn, asker, &facts).await?,
        Kind::CreditsExpiring => expiring(conn, asker, &facts).await?,
    };
    Ok(said.ok_or("things have changed meanwhile"))
}

fn plain(text: String, values: Vec<String>) -> Words {
    Words { content: Content::text(text), values }
}

async fn session(conn: &mut PgConnection, asker: &Asker, id: Option<SessionId>) -> sqlx::Result<Option<SessionView>> {
    let Some(id) = id else { return Ok(None) };
    Ok(row::by_id(conn, asker, &[id.0]).await?.pop().map(|row| row.view(asker)))
}

/// A booking that stands, in a session that is still to come.
async fn standing(
    conn: &mut PgConnection,
    asker: &Asker,
    seat: Option<SeatId>,
) -> sqlx::Result<Option<crate::BookingView>> {
    let Some(seat) = seat else { return Ok(None) };
    let stands = sqlx::query_scalar!(
        r#"
        select x.state <> 'cancelled' and s.status = 'scheduled' and s.starts_at > $2 as "stands!"
        from seat x join session s on s.id = x.session_id where x.id = $1
        "#,
        seat as SeatId,
        asker.now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match stands {
        Some(true) => catalog::booking(conn, asker, seat).await.map(Some),
        _ => Ok(None),
    }
}

fn told(language: Language, view: &SessionView) -> String {
    replies::session_line(language, &view.line())
}

async fn reminder(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let booking = standing(conn, asker, facts.seat).await?.filter(|booking| booking.held_until.is_none());
    Ok(booking.map(|booking| {
        let line = booking.session.line();
        plain(replies::reminder(asker.language, &line), vec![told(asker.language, &booking.session)])
    }))
}

async fn offer(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let (Some(entry), Some(seat)) = (facts.entry, facts.seat) else { return Ok(None) };
    let until = sqlx::query_scalar!(
        "select offer_expires_at from waitlist_entry where id = $1 and seat_id = $2 and state = 'offered' and offer_expires_at > $3",
        entry as EntryId,
        seat as SeatId,
        asker.now,
    )
    .fetch_optional(&mut *conn)
    .await?
    .flatten();
    let (Some(until), Some(booking)) = (until, standing(conn, asker, Some(seat)).await?) else { return Ok(None) };
    let until = clock(until, asker.zone);
    let language = asker.language;
    let text = replies::waitlist_offer(language, &booking.session.line(), &until, &booking.session.price);
    let buttons = vec![
        Button { id: format!("claim:{entry}"), title: replies::take_button(language) },
        Button { id: format!("pass:{entry}"), title: replies::no_button(language) },
    ];
    let values = vec![told(language, &booking.session), until];
    Ok(Some(Words { content: Content { buttons, ..Content::text(text) }, values }))
}

fn clock(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

async fn promoted(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    Ok(standing(conn, asker, facts.seat).await?.map(|booking| {
        let (line, reference) = (booking.session.line(), booking.booking_id.to_string());
        let text = match booking.held_until {
            None => replies::waitlist_promoted(asker.language, &line, &reference),
            Some(until) => replies::held(asker.language, &line, until.with_timezone(&asker.zone).time()),
        };
        plain(text, vec![told(asker.language, &booking.session), reference])
    }))
}

async fn free(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let session = session(conn, asker, facts.session).await?;
    let session = session.filter(|session| session.spots_left > 0 && !session.already_booked);
    Ok(session.map(|session| {
        plain(replies::somebody_cancelled(asker.language, &session.line()), vec![told(asker.language, &session)])
    }))
}

async fn over(conn: &mut PgConnection, asker: &Asker, kind: Kind, facts: &Facts) -> sqlx::Result<Option<Words>> {
    Ok(session(conn, asker, facts.session).await?.filter(|session| !session.already_booked).map(|session| {
        let say = if kind == Kind::OfferExpired { replies::offer_expired } else { replies::hold_expired };
        plain(say(asker.language, &session.line()), vec![told(asker.language, &session)])
    }))
}

/// What a payment is for, in words.
pub async fn what(conn: &mut PgConnection, asker: &Asker, thing: Thing) -> sqlx::Result<String> {
    match thing {
        Thing::Seat(seat) => Ok(told(asker.language, &catalog::booking(conn, asker, seat).await?.session)),
        Thing::Entitlement(id) => Ok(plan(conn, id).await?.0.say(asker.language).to_owned()),
    }
}

/// The name of a plan, the credits that are left, and when they end.
async fn plan(conn: &mut PgConnection, id: EntitlementId) -> sqlx::Result<(Texts, i32, DateTime<Utc>)> {
    let row = sqlx::query!(
        r#"
        select p.name as "name: Json<Texts>", coalesce(e.credits_left, 0) as "left!", e.expires_at
        from entitlement e join plan p on p.id = e.plan_id where e.id = $1
        "#,
        id as EntitlementId,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.name.0, row.left, row.expires_at))
}

async fn link(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let Some(id) = facts.payment else { return Ok(None) };
    let payment = payments::lock(conn, id).await?.filter(payments::Payment::is_open);
    let payment = payment.filter(|payment| payment.expires_at.is_none_or(|until| until > asker.now));
    let Some((payment, url)) = payment.and_then(|payment| Some((payment.clone(), payment.link_url?))) else {
        return Ok(None);
    };
    let until = match payment.thing {
        Thing::Seat(seat) => {
            catalog::booking(conn, asker, seat).await?.held_until.map(|until| clock(until, asker.zone))
        }
        Thing::Entitlement(_) => None,
    };
    let what = what(conn, asker, payment.thing).await?;
    let text = replies::payment_link(asker.language, &what, &payment.amount, &url, until.as_deref());
    let values = vec![what, replies::money(asker.language, payment.amount.minor, &payment.amount.currency), url];
    Ok(Some(plain(text, values)))
}

/// Where something is paid, in words; none while there is no link to pay it, or nothing to pay.
pub async fn where_to_pay(conn: &mut PgConnection, asker: &Asker, payment: PaymentId) -> sqlx::Result<Option<String>> {
    let facts = Facts { payment: Some(payment), ..Facts::default() };
    Ok(link(conn, asker, &facts).await?.map(|words| words.content.text))
}

async fn received(conn: &mut PgConnection, asker: &Asker, kind: Kind, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let Some(id) = facts.payment else { return Ok(None) };
    let Some(payment) = payments::lock(conn, id).await? else { return Ok(None) };
    let amount = Money::new(payment.captured_minor, payment.amount.currency);
    let text = match payment.thing {
        Thing::Entitlement(id) => {
            replies::plan_paid(asker.language, plan(conn, id).await?.0.say(asker.language), &amount)
        }
        Thing::Seat(seat) => {
            let line = catalog::booking(conn, asker, seat).await?.session.line();
            match kind {
                Kind::PaidInVain => replies::paid_in_vain(asker.language, &line, &amount),
                _ => replies::payment_received(asker.language, &line, &amount, &seat.to_string()),
            }
        }
    };
    let values =
        vec![what(conn, asker, payment.thing).await?, replies::money(asker.language, amount.minor, &amount.currency)];
    Ok(Some(plain(text, values)))
}

async fn refunded(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let Some(id) = facts.refund else { return Ok(None) };
    Ok(payments::due(conn, id).await?.map(|refund| {
        let amount = replies::money(asker.language, refund.amount.minor, &refund.amount.currency);
        plain(replies::refund_made(asker.language, &refund.amount), vec![amount])
    }))
}

async fn called_off(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let Some(seat) = facts.seat else { return Ok(None) };
    let view = catalog::booking(conn, asker, seat).await?.session;
    let back = facts.returns.as_ref().map(|returns| &returns.back).filter(|back| back.minor > 0);
    let text = replies::called_off(asker.language, &view.line(), back);
    Ok(Some(plain(text, vec![told(asker.language, &view)])))
}

async fn changed(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    Ok(standing(conn, asker, facts.seat).await?.map(|booking| {
        let text = replies::session_changed(asker.language, &booking.session.line());
        plain(text, vec![told(asker.language, &booking.session)])
    }))
}

async fn expiring(conn: &mut PgConnection, asker: &Asker, facts: &Facts) -> sqlx::Result<Option<Words>> {
    let Some(id) = facts.entitlement else { return Ok(None) };
    let (name, left, ends) = plan(conn, id).await?;
    if left == 0 || ends <= asker.now {
        return Ok(None);
    }
    let (plan, day) =
        (name.say(asker.language), replies::day(asker.language, ends.with_timezone(&asker.zone).date_naive()));
    let text = replies::credits_expiring(asker.language, left, plan, &day);
    Ok(Some(plain(text, vec![left.to_string(), plan.to_owned(), day])))
}
