//! `/pay/{session}`: the checkout page. It works without scripts, and shows what is so, not what was done.

mod words;

use axum::{
    Router,
    extract::{Form, Path, State},
    http::StatusCode,
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use self::words::Words;
use super::{
    act, expire, money,
    session::{Session, SessionState},
};
use crate::simulate::{
    Simulators,
    chat::{assets, guard},
    fields::Problem,
};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().route("/pay/{session}", get(show).post(act)).layer(map_response(guard))
}

/// What the customer does.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Paid,
    Declined,
}

#[derive(Deserialize)]
struct Attempt {
    outcome: Outcome,
}

async fn show(State(simulators): State<Simulators>, Path(id): Path<String>) -> Response {
    expire::due(&simulators);
    let session = simulators.stripe().known(&id);
    match session {
        Ok(session) => page(&simulators, &session).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, unknown()).into_response(),
    }
}

/// A session that is over by now is no error: the page says so.
async fn act(
    State(simulators): State<Simulators>,
    Path(id): Path<String>,
    Form(attempt): Form<Attempt>,
) -> Result<Redirect, Problem> {
    simulators.stripe().known(&id)?;
    let _ = match attempt.outcome {
        Outcome::Paid => act::pay(&simulators, &id, None),
        Outcome::Declined => act::decline(&simulators, &id),
    };
    Ok(Redirect::to(&format!("/pay/{id}")))
}

fn page(simulators: &Simulators, session: &Session) -> Markup {
    let words = Words::of(session.locale.as_deref());
    let amount = money::format(session.amount_minor, &session.currency, words.italian);
    let business = &simulators.settings().business_name;
    frame(
        words,
        &format!("{amount} · {business}"),
        &html! {
            header { p.business { (business) } p.test { (words.test) } }
            h1 { (session.product) }
            p.amount { (amount) }
            @match session.state {
                SessionState::Open => { (form(simulators, session, words, &amount)) }
                SessionState::Complete => {
                    p.notice.good role="status" { (words.paid) }
                    a.back href=(back(session)) { (words.back) " " (business) }
                }
                SessionState::Expired => { p.notice.bad role="status" { (words.expired) } }
            }
        },
    )
}

fn form(simulators: &Simulators, session: &Session, words: &Words, amount: &str) -> Markup {
    let until = session.expires_at.with_timezone(&simulators.settings().zone).format("%d/%m/%Y %H:%M");
    html! {
        @if session.declines > 0 { p.notice.bad role="alert" { (words.declined) } }
        form method="post" action=(format!("/pay/{}", session.id)) {
            button.pay name="outcome" value="paid" { (words.pay) " " (amount) }
            button name="outcome" value="declined" { (words.decline) }
        }
        p.small { (words.until) " " (until) }
    }
}

fn unknown() -> Markup {
    frame(
        &words::EN,
        "404",
        &html! {
            h1 { "Unknown payment link" }
            p lang="it" { "Questo link di pagamento non esiste." }
        },
    )
}

fn frame(words: &Words, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                link rel="stylesheet" href=(assets::address("pay.css"));
            }
            body { main { (body) } }
        }
    }
}

/// Stripe puts the session's id where the address asks for it.
fn back(session: &Session) -> String {
    session.success_url.replace("{CHECKOUT_SESSION_ID}", &session.id)
}
