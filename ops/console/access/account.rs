//! One's own account: where one is signed in, the language, the second step.

use axum::extract::Path;
use domain::{
    Language,
    staff::{SessionId, manage, session, totp, views},
};
use maud::{Markup, html};
use serde_json::json;

use crate::console::{
    Needs,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, link, parts},
    visit::{Deed, Visit},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/account", Needs::SignedIn, account),
        act("/ops/account/language", Needs::SignedIn, language),
        act("/ops/account/sessions/{id}/end", Needs::SignedIn, end),
        act("/ops/account/sessions/end-others", Needs::SignedIn, end_others),
    ]
}

async fn account(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let sessions = session::list(&mut conn, visit.account().id, visit.now()).await?;
    let left = totp::recovery_left(&mut conn, visit.account().id).await?;
    let saved = views::list(&mut conn, visit.account()).await?;
    let body = html! {
        div.grid {
            section.card {
                h2 { (parts::said(&visit.account().name)) }
                (parts::facts(&[
                    (words.say("email"), parts::said(&visit.account().email)),
                    (words.say("role"), html! { (words.term("role", visit.account().role.name())) }),
                    (words.say("tenant"), html! { @match visit.account().tenant { Some(tenant) => (tenant.0), None => (words.say("whole-house")) } }),
                ]))
                (languages(&visit))
            }
            (second_step(&visit, left))
            (super::password::form(words, None))
            section.card {
                h2 { (words.say("saved-views")) }
                @if saved.is_empty() { p.soft { (words.say("saved-views-none")) } }
                ul.chips { @for view in &saved { li { a href=(link::jobs(&view.query)) { (parts::said(&view.name)) } } } }
            }
        }
        (sessions_of(&visit, &sessions))
    };
    Ok(Screen::new(words.say("account"), Section::Account, body))
}

fn languages(visit: &Visit) -> Markup {
    html! {
        form.row method="post" action="/ops/account/language" {
            label { span { (visit.words().say("language")) }
                select name="language" {
                    @for language in Language::ALL {
                        option value=(language.code()) selected[language == visit.account().language] { (visit.words().term("language", language.code())) }
                    }
                }
            }
            button { (visit.words().say("apply")) }
        }
    }
}

fn second_step(visit: &Visit, recovery_left: i64) -> Markup {
    let words = visit.words();
    html! {
        section.card {
            h2 { (words.say("second-step")) }
            @if visit.account().has_totp {
                p.well { (words.say("second-step-on")) }
                p.soft { (words.count("recovery-left", recovery_left)) }
                a.button href="/ops/account/second-step" { (words.say("second-step-change")) }
            } @else {
                p { (words.say("second-step-off")) }
                a.button.main href="/ops/account/second-step" { (words.say("second-step-begin")) }
            }
        }
    }
}

fn sessions_of(visit: &Visit, sessions: &[session::Open]) -> Markup {
    let words = visit.words();
    let times = visit.times();
    let head = ["session-where", "session-opened", "session-seen", "session-end"].map(|key| words.say(key));
    html! {
        section {
            h2 { (words.say("sessions")) }
            (parts::table(&words.say("sessions"), &head, html! {
                @for open in sessions {
                    tr {
                        td { (parts::said(&open.agent)) div.soft { (open.ip) } }
                        td { (times.at(open.opened_at)) }
                        td { (times.ago(open.last_seen_at)) }
                        td.actions {
                            @if open.id == visit.signed().session { span.soft { (words.say("session-this")) } }
                            @else { (parts::button(&format!("/ops/account/sessions/{}/end", open.id.0), &words.say("session-end"), "", "/ops/account")) }
                        }
                    }
                }
            }))
            @if sessions.len() > 1 {
                p { (parts::button("/ops/account/sessions/end-others", &words.say("sessions-end-others"), "bad", "/ops/account")) }
            }
        }
    }
}

async fn language(visit: Visit, fields: Fields) -> Answer {
    let language = fields.text("language").parse().map_err(|_| Failure::Unfit("language: it, en".to_owned()))?;
    let mut tx = visit.begin().await?;
    manage::set_language(&mut tx, visit.account().id, language).await?;
    visit.note(&mut tx, own(&visit, "account.language", json!({ "language": language }))).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/account", "saved"))
}

async fn end(visit: Visit, Path(id): Path<i64>) -> Answer {
    let mut tx = visit.begin().await?;
    if !session::end(&mut tx, visit.account().id, SessionId(id)).await? {
        return Err(Failure::NotFound);
    }
    visit.note(&mut tx, own(&visit, "session.end", json!({ "session": id }))).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/account", "done"))
}

async fn end_others(visit: Visit) -> Answer {
    let mut tx = visit.begin().await?;
    let ended = session::end_all(&mut tx, visit.account().id, Some(visit.signed().session)).await?;
    visit.note(&mut tx, own(&visit, "session.end_others", json!({ "ended": ended }))).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/account", "done"))
}

/// Something that somebody did to their own account.
pub(super) fn own(visit: &Visit, act: &'static str, detail: serde_json::Value) -> Deed {
    Deed { act, target: format!("staff {}", visit.account().id.0), tenant: None, reason: None, detail }
}
