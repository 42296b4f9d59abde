//! Signing in and out.

use axum::{
    extract::Query,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{IntoResponse, Response},
};
use domain::staff::{self, Account, SignIn, session};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{cookie, form::Fields, frame},
    visit::{Deed, Visit, Visitor, see},
    words::Words,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/sign-in", Needs::Nobody, form),
        act("/ops/sign-in", Needs::Nobody, with_password),
        act("/ops/sign-in/code", Needs::Nobody, with_code),
        act("/ops/sign-out", Needs::SignedIn, sign_out),
        act("/ops/theme", Needs::Nobody, theme),
        show("/ops/help", Needs::SignedIn, help),
    ]
}

#[derive(Deserialize, Default)]
struct Wanted {
    #[serde(default)]
    next: String,
}

async fn form(visitor: Visitor, Query(wanted): Query<Wanted>) -> Response {
    if visitor.person.is_some() {
        return see("/ops", None);
    }
    ask(visitor.words(), &wanted.next, "", None).into_response()
}

/// Asks for address and password, and says what was wrong.
fn ask(words: Words, next: &str, email: &str, wrong: Option<&str>) -> Screen {
    let body = html! {
        form.card.stack method="post" action="/ops/sign-in" {
            input type="hidden" name="next" value=(next);
            (told(wrong))
            label { span { (words.say("email")) } input type="email" name="email" value=(email) required autocomplete="username" autofocus; }
            label { span { (words.say("password")) } input type="password" name="password" required autocomplete="current-password"; }
            button.main { (words.say("sign-in")) }
        }
        p.soft { (words.say("sign-in-more")) }
    };
    Screen::new(words.say("sign-in"), Section::None, body).narrow()
}

/// Asks for the code of the second step.
fn ask_code(words: Words, next: &str, pending: &str, wrong: Option<&str>) -> Screen {
    let body = html! {
        form.card.stack method="post" action="/ops/sign-in/code" {
            input type="hidden" name="next" value=(next);
            input type="hidden" name="pending" value=(pending);
            (told(wrong))
            label { span { (words.say("code")) } input type="text" name="code" required inputmode="numeric" autocomplete="one-time-code" autofocus; }
            p.soft { (words.say("code-more")) }
            button.main { (words.say("sign-in")) }
        }
    };
    Screen::new(words.say("second-step"), Section::None, body).narrow()
}

fn told(wrong: Option<&str>) -> Markup {
    html! { @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } } }
}

async fn with_password(visitor: Visitor, fields: Fields) -> Answer {
    let (email, next) = (fields.text("email"), fields.text("next"));
    let pool = &visitor.console.pool;
    let answer = staff::sign_in(pool, email, fields.raw("password"), &visitor.ip, visitor.console.clock.now()).await?;
    decide(&visitor, answer, next, |wrong| ask(visitor.words(), next, email, Some(wrong))).await
}

async fn with_code(visitor: Visitor, fields: Fields) -> Answer {
    let (pending, next) = (fields.text("pending"), fields.text("next"));
    let pool = &visitor.console.pool;
    let answer =
        staff::sign_in_code(pool, pending, fields.text("code"), &visitor.ip, visitor.console.clock.now()).await?;
    decide(&visitor, answer, next, |wrong| ask_code(visitor.words(), next, pending, Some(wrong))).await
}

async fn decide(visitor: &Visitor, answer: SignIn, next: &str, again: impl Fn(&str) -> Screen) -> Answer {
    let words = visitor.words();
    let refused = |wrong: &str| {
        let screen = Screen { status: axum::http::StatusCode::UNPROCESSABLE_ENTITY, ..again(wrong) };
        Ok(screen.into_response())
    };
    match answer {
        SignIn::Granted(account) => enter(visitor, &account, next).await,
        SignIn::NeedsCode(pending) => {
            // A form's answer that is not a redirect is shown only with a status that tells that it is not over.
            let screen = ask_code(words, next, pending.expose(), None);
            Ok(Screen { status: axum::http::StatusCode::UNPROCESSABLE_ENTITY, ..screen }.into_response())
        }
        SignIn::Wrong => refused(&words.say("sign-in-wrong")),
        SignIn::Wait { seconds } => refused(&words.count("sign-in-wait", seconds.into())),
    }
}

/// Opens a session and goes where the person wanted to.
pub(super) async fn enter(visitor: &Visitor, account: &Account, next: &str) -> Answer {
    let console = &visitor.console;
    let now = console.clock.now();
    let mut tx = engine::begin(&console.pool).await?;
    let token = session::open(&mut tx, account, &visitor.ip, &visitor.agent, now).await?;
    let entry = staff::audit::Entry {
        who: Some(account.id),
        who_name: account.name.clone(),
        session: None,
        tenant: account.tenant.map(|tenant| tenant.0),
        act: "session.open",
        target: format!("staff {}", account.id.0),
        reason: None,
        detail: json!({}),
        ip: Some(visitor.ip.clone()),
        request_id: None,
    };
    staff::audit::note(&mut tx, &entry, now).await?;
    tx.commit().await?;
    let mut answer = see(if next.is_empty() { start(account) } else { next }, None);
    cookie::set_session(answer.headers_mut(), console, &token);
    Ok(answer)
}

/// Where somebody's work begins.
fn start(account: &Account) -> &'static str {
    let looks = Permission::Look.is_of(account.role, account.tenant.is_none());
    if looks { "/ops" } else { "/ops/why" }
}

async fn sign_out(visit: Visit) -> Answer {
    let account = visit.account().clone();
    let mut tx = visit.begin().await?;
    session::end(&mut tx, account.id, visit.signed().session).await?;
    let deed = Deed {
        act: "session.end",
        target: format!("staff {}", account.id.0),
        tenant: None,
        reason: None,
        detail: json!({}),
    };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    let mut headers = HeaderMap::new();
    cookie::clear_session(&mut headers, &visit.console);
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    let mut answer = see("/ops/sign-in", None);
    answer.headers_mut().extend(headers);
    Ok(answer)
}

async fn theme(visitor: Visitor, headers: HeaderMap, fields: Fields) -> Response {
    // Back to where they were: the page of ours that sent the form.
    let from = headers.get("referer").and_then(|value| value.to_str().ok()).and_then(|from| from.split_once("://"));
    let path = from.and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    drop(visitor);
    let mut answer = see(path.as_deref().unwrap_or("/ops"), None);
    match fields.text("theme") {
        theme @ ("light" | "dark") => cookie::set_theme(answer.headers_mut(), theme),
        _ => cookie::clear(answer.headers_mut(), cookie::THEME),
    }
    answer
}

async fn help(visit: Visit) -> Result<Screen, Failure> {
    Ok(frame::help_screen(&visit))
}
