//! Another password.

use axum::{http::StatusCode, response::IntoResponse};
use domain::staff::{self, SignIn, password, session};
use maud::{Markup, html};
use serde_json::json;

use super::{account::own, invite::weakness};
use crate::console::{
    Needs,
    failure::Answer,
    routes::{Route, act},
    screen::{Screen, Section},
    shell::form::Fields,
    visit::Visit,
    words::Words,
};

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/account/password", Needs::SignedIn, change)]
}

pub(super) fn form(words: Words, wrong: Option<&str>) -> Markup {
    html! {
        form.card.stack method="post" action="/ops/account/password" {
            h2 { (words.say("password-change")) }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            label { span { (words.say("password-now")) } input type="password" name="now" required autocomplete="current-password"; }
            label {
                span { (words.say("new-password")) " " small { (words.say("password-rule")) } }
                input type="password" name="new" required minlength="12" maxlength="128" autocomplete="new-password";
            }
            button { (words.say("password-change")) }
        }
    }
}

async fn change(visit: Visit, fields: Fields) -> Answer {
    let words = visit.words();
    let refused = |wrong: &str| {
        let screen = Screen::new(words.say("account"), Section::Account, form(words, Some(wrong))).narrow();
        Ok(Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..screen }.into_response())
    };
    match confirmed(&visit, fields.raw("now")).await? {
        SignIn::Granted(_) => {}
        SignIn::Wait { seconds } => return refused(&words.count("sign-in-wait", seconds.into())),
        _ => return refused(&words.say("password-wrong")),
    }
    let (account, this) = (visit.account(), visit.signed().session);
    let mut tx = visit.begin().await?;
    if let Err(weak) = password::change(&mut tx, account.id, fields.raw("new"), Some(this)).await? {
        return refused(&weakness(words, weak));
    }
    session::reauthenticated(&mut tx, this, visit.now()).await?;
    visit.note(&mut tx, own(&visit, "account.password", json!({}))).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/account", "password"))
}

/// Whether this is the person's password.
pub(super) async fn confirmed(visit: &Visit, password: &str) -> sqlx::Result<SignIn> {
    staff::check_password(&visit.console.pool, visit.account().id, password, &visit.ip, visit.now()).await
}
