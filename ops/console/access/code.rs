//! The second step of signing in: an app that makes codes (RFC 6238).

use axum::{http::StatusCode, response::IntoResponse};
use domain::staff::{SignIn, totp};
use maud::{Markup, PreEscaped, html};
use qrcode::{QrCode, render::svg};
use serde_json::json;

use super::{account::own, password::confirmed};
use crate::console::{
    Needs,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::form::Fields,
    visit::Visit,
    words::Words,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/account/second-step", Needs::SignedIn, ask),
        act("/ops/account/second-step", Needs::SignedIn, begin),
        act("/ops/account/second-step/confirm", Needs::SignedIn, confirm),
    ]
}

/// Who sits down at a screen that was left open should not be able to lock its owner out.
async fn ask(visit: Visit) -> Result<Screen, Failure> {
    Ok(password_first(visit.words(), visit.account().has_totp, None))
}

fn password_first(words: Words, on: bool, wrong: Option<&str>) -> Screen {
    let body = html! {
        form.card.stack method="post" action="/ops/account/second-step" data-turbo="false" {
            p { (words.say("second-step-why")) }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            label { span { (words.say("password-now")) } input type="password" name="now" required autocomplete="current-password"; }
            div.row {
                button.main name="do" value="begin" { (words.say("second-step-begin")) }
                @if on { button.bad name="do" value="remove" { (words.say("second-step-remove")) } }
            }
        }
    };
    Screen::new(words.say("second-step"), Section::Account, body).narrow()
}

async fn begin(visit: Visit, fields: Fields) -> Answer {
    let (words, id) = (visit.words(), visit.account().id);
    let wrong = match confirmed(&visit, fields.raw("now")).await? {
        SignIn::Granted(_) => None,
        SignIn::Wait { seconds } => Some(words.count("sign-in-wait", seconds.into())),
        _ => Some(words.say("password-wrong")),
    };
    if let Some(wrong) = wrong {
        let screen = password_first(words, visit.account().has_totp, Some(&wrong));
        return Ok(Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..screen }.into_response());
    }
    let mut tx = visit.begin().await?;
    if fields.text("do") == "remove" {
        totp::remove(&mut tx, id).await?;
        visit.note(&mut tx, own(&visit, "account.second_step_off", json!({}))).await?;
        visit.commit(tx).await?;
        visit.console.0.sessions.forget();
        return Ok(visit.back("/ops/account", "done"));
    }
    let setup = totp::begin(&mut tx, id).await?;
    visit.commit(tx).await?;
    Ok(scan(words, &setup, None).into_response())
}

fn scan(words: Words, setup: &totp::Setup, wrong: Option<&str>) -> Screen {
    let body = html! {
        form.card.stack method="post" action="/ops/account/second-step/confirm" data-turbo="false" {
            p { (words.say("second-step-scan")) }
            (picture(&setup.otpauth_url))
            p { (words.say("second-step-type")) " " code { (setup.secret_base32) } }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            label { span { (words.say("code")) } input type="text" name="code" required inputmode="numeric" autocomplete="one-time-code"; }
            button.main { (words.say("second-step-confirm")) }
        }
    };
    Screen::new(words.say("second-step"), Section::Account, body).narrow()
}

/// A QR code, dark on white in any theme: some cameras read it only so.
fn picture(address: &str) -> Markup {
    let Ok(code) = QrCode::new(address.as_bytes()) else { return html! {} };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // The renderer begins with an XML declaration, which a page does not take.
    let svg = drawn.find("<svg").map_or("", |at| &drawn[at..]);
    html! { div { (PreEscaped(svg)) } }
}

async fn confirm(visit: Visit, fields: Fields) -> Answer {
    let (words, id) = (visit.words(), visit.account().id);
    let mut tx = visit.begin().await?;
    let Some(codes) = totp::confirm(&mut tx, id, fields.text("code"), visit.now()).await? else {
        let setup = totp::pending(&mut tx, id).await?.ok_or(Failure::NotFound)?;
        let screen = scan(words, &setup, Some(&words.say("code-wrong")));
        return Ok(Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..screen }.into_response());
    };
    visit.note(&mut tx, own(&visit, "account.second_step_on", json!({}))).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    let body = html! {
        section.card.stack {
            p.well { (words.say("second-step-on")) }
            p { (words.say("recovery-more")) }
            pre { @for code in &codes { (code) "\n" } }
            p { a.button.main href="/ops/account" { (words.say("recovery-kept")) } }
        }
    };
    Ok(Screen::new(words.say("recovery"), Section::Account, body).narrow().into_response())
}
