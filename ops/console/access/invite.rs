//! Taking up an invitation: a password, and the account is there.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::staff::{
    invite::{self, Accepted, Invite},
    manage,
    password::Weak,
};
use maud::html;

use super::sign_in::enter;
use crate::console::{
    Needs,
    failure::Answer,
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, parts},
    visit::{Visitor, see},
    words::Words,
};

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/invite/{token}", Needs::Nobody, form), act("/ops/invite/{token}", Needs::Nobody, accept)]
}

async fn form(visitor: Visitor, Path(token): Path<String>) -> Answer {
    let mut conn = visitor.console.pool.acquire().await?;
    let found = invite::find(&mut conn, &token, visitor.console.clock.now()).await?;
    Ok(match found {
        Some(invite) => ask(visitor.words(), &token, &invite, None).into_response(),
        None => gone(visitor.words()),
    })
}

fn ask(words: Words, token: &str, invite: &Invite, wrong: Option<&str>) -> Screen {
    let body = html! {
        form.card.stack method="post" action={ "/ops/invite/" (token) } {
            p { (words.with("invite-hello", &[("name", &parts::visible(&invite.name)), ("role", &words.term("role", invite.role.name()))])) }
            @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
            label { span { (words.say("email")) } input type="email" name="email" value=(invite.email) readonly autocomplete="username"; }
            label {
                span { (words.say("new-password")) " " small { (words.say("password-rule")) } }
                input type="password" name="password" required minlength="12" maxlength="128" autocomplete="new-password" autofocus;
            }
            button.main { (words.say("invite-accept")) }
        }
    };
    Screen::new(words.say("invite"), Section::None, body).narrow()
}

fn gone(words: Words) -> Response {
    let body = html! { section.card { p { (words.say("invite-gone-more")) } p { a.button href="/ops/sign-in" { (words.say("sign-in")) } } } };
    Screen { status: StatusCode::GONE, ..Screen::new(words.say("invite-gone"), Section::None, body) }
        .narrow()
        .into_response()
}

async fn accept(visitor: Visitor, Path(token): Path<String>, fields: Fields) -> Answer {
    let (words, now) = (visitor.words(), visitor.console.clock.now());
    let mut tx = engine::begin(&visitor.console.pool).await?;
    let renews = invite::find(&mut tx, &token, now).await?.is_some_and(|invite| invite.renews);
    match invite::accept(&mut tx, &token, fields.raw("password"), now).await? {
        Accepted::Welcome(account) => {
            if !renews {
                manage::set_language(&mut tx, account.id, visitor.language).await?;
            }
            tx.commit().await?;
            visitor.console.0.sessions.forget();
            // Another password does not do away with the second step.
            if account.has_totp { Ok(see("/ops/sign-in", None)) } else { enter(&visitor, &account, "").await }
        }
        Accepted::Weak(weak) => match invite::find(&mut tx, &token, now).await? {
            Some(invite) => {
                let screen = ask(words, &token, &invite, Some(&weakness(words, weak)));
                Ok(Screen { status: StatusCode::UNPROCESSABLE_ENTITY, ..screen }.into_response())
            }
            None => Ok(gone(words)),
        },
        Accepted::Gone => Ok(gone(words)),
    }
}

/// What is wrong with a password.
pub(super) fn weakness(words: Words, weak: Weak) -> String {
    words.say(match weak {
        Weak::Short => "password-short",
        Weak::Long => "password-long",
        Weak::Guessable => "password-guessable",
    })
}
