//! The staff: who there is, who comes, and what they may do.

use axum::{extract::Path, response::IntoResponse};
use domain::{
    TenantId,
    staff::{
        Account, Role, StaffId,
        invite::{self, NewInvite, NotInvited},
        manage::{self, Changed},
        session,
    },
    tenant,
};
use maud::{Markup, html};
use serde_json::json;

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, parts},
    visit::{Deed, Visit},
};

const MAY: Needs = Needs::May(Permission::Staff);

pub(super) fn routes() -> Vec<Route> {
    vec![
        show("/ops/staff", MAY, list),
        act("/ops/staff/invite", MAY, invite),
        act("/ops/staff/{id}/role", MAY, role),
        act("/ops/staff/{id}/disable", MAY, disable),
        act("/ops/staff/{id}/enable", MAY, enable),
        act("/ops/staff/{id}/sign-out", MAY, sign_out),
        act("/ops/staff/{id}/reset", MAY, reset),
    ]
}

async fn list(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let staff = manage::list(&mut *visit.read().await?, visit.account().tenant).await?;
    let businesses = businesses(&visit).await?;
    let head = ["staff-name", "role", "tenant", "second-step", "staff-actions"].map(|key| words.say(key));
    let body = html! {
        (parts::table(&words.say("nav-staff"), &head, html! { @for account in &staff { (row(&visit, account, &businesses)) } }))
        (invite_form(&visit, &businesses))
    };
    Ok(Screen::new(words.say("nav-staff"), Section::Staff, body))
}

/// The businesses that somebody can be invited to.
async fn businesses(visit: &Visit) -> Result<Vec<tenant::Line>, Failure> {
    let all = tenant::list(&visit.console.pool).await?;
    let own = visit.account().tenant;
    Ok(all.into_iter().filter(|line| own.is_none_or(|own| own == line.id)).collect())
}

fn row(visit: &Visit, account: &Account, businesses: &[tenant::Line]) -> Markup {
    let words = visit.words();
    let business = account.tenant.and_then(|id| businesses.iter().find(|line| line.id == id));
    let at = |what: &str| format!("/ops/staff/{}/{what}", account.id.0);
    html! {
        tr {
            td { (parts::said(&account.name)) div.soft { (parts::said(&account.email)) } }
            td {
                form.row method="post" action=(at("role")) {
                    label { span.hidden { (words.say("role")) " " (parts::said(&account.name)) }
                        select name="role" { @for role in Role::ALL.into_iter().filter(|role| account.tenant.is_some() || role.of_the_house()) {
                            option value=(role.name()) selected[role == account.role] { (words.term("role", role.name())) } } } }
                    button.quiet { (words.say("apply")) }
                }
            }
            td { @match business { Some(line) => (parts::said(&line.name)), None => (words.say("whole-house")) } }
            td { (words.say(if account.has_totp { "yes" } else { "no" })) }
            td.actions {
                @if account.disabled {
                    span.state.is-dead { (words.say("staff-disabled")) } " "
                    (parts::button(&at("enable"), &words.say("staff-enable"), "", "/ops/staff"))
                } @else {
                    form.inline method="post" action=(at("reset")) data-turbo="false" { button.quiet { (words.say("staff-reset")) } } " "
                    (parts::button(&at("sign-out"), &words.say("staff-sign-out"), "quiet", "/ops/staff")) " "
                    (parts::button(&at("disable"), &words.say("staff-disable"), "bad", "/ops/staff"))
                }
            }
        }
    }
}

fn invite_form(visit: &Visit, businesses: &[tenant::Line]) -> Markup {
    let words = visit.words();
    html! {
        form.card.stack method="post" action="/ops/staff/invite" data-turbo="false" {
            h2 { (words.say("staff-invite")) }
            div.grid {
                label { span { (words.say("staff-name")) } input type="text" name="name" required maxlength="100" autocomplete="off"; }
                label { span { (words.say("email")) } input type="email" name="email" required autocomplete="off"; }
                label { span { (words.say("role")) } select name="role" { @for role in Role::ALL { option value=(role.name()) { (words.term("role", role.name())) } } } }
                label { span { (words.say("tenant")) }
                    select name="tenant" {
                        @if visit.account().tenant.is_none() { option value="" { (words.say("whole-house")) } }
                        @for line in businesses { option value=(line.id.0) { (parts::visible(&line.name)) } }
                    }
                }
            }
            div { button.main { (words.say("staff-invite")) } }
        }
    }
}

async fn invite(visit: Visit, fields: Fields) -> Answer {
    let words = visit.words();
    let role: Role = fields.text("role").parse().map_err(|error| Failure::Unfit(format!("role: {error}")))?;
    // Whoever belongs to a business invites to it only.
    let tenant = visit.account().tenant.or(fields.number("tenant").map(TenantId));
    let new = NewInvite {
        email: fields.text("email").to_owned(),
        name: fields.text("name").to_owned(),
        role,
        tenant,
        by: Some(visit.account().id),
    };
    let mut tx = visit.begin().await?;
    let token = match invite::create(&mut tx, &new, visit.now()).await? {
        Ok(token) => token,
        Err(no) => return Err(Failure::Unfit(words.say(refusal(no)))),
    };
    let detail = json!({ "email": new.email, "role": role.name() });
    let deed = Deed {
        act: "staff.invite",
        target: new.email.clone(),
        tenant: tenant.map(|tenant| tenant.0),
        reason: None,
        detail,
    };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(handed_over(&visit, &token, &new.name, "staff-invite").into_response())
}

/// The link, to be sent to whom it is for.
fn handed_over(visit: &Visit, token: &str, name: &str, title: &str) -> Screen {
    let words = visit.words();
    let link = format!("{}/ops/invite/{token}", visit.console.settings.url);
    let body = html! {
        section.card.stack {
            p { (words.with("invite-made", &[("name", name)])) }
            pre { (link) }
            p.soft { (words.say("invite-made-more")) }
            p { a.button href="/ops/staff" { (words.say("nav-staff")) } }
        }
    };
    Screen::new(words.say(title), Section::Staff, body).narrow()
}

fn refusal(no: NotInvited) -> &'static str {
    match no {
        NotInvited::Email => "invite-no-email",
        NotInvited::Name => "invite-no-name",
        NotInvited::Tenant => "invite-no-tenant",
        NotInvited::Taken => "invite-no-taken",
    }
}

async fn role(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let role: Role = fields.text("role").parse().map_err(|error| Failure::Unfit(format!("role: {error}")))?;
    let within = visit.account().tenant;
    let mut tx = visit.begin().await?;
    let before = manage::find(&mut tx, StaffId(id), within).await?.ok_or(Failure::NotFound)?;
    let changed = manage::set_role(&mut tx, before.id, role, within).await?;
    finish(&visit, tx, &before, changed, "staff.role", json!({ "before": before.role.name(), "after": role.name() }))
        .await
}

async fn disable(visit: Visit, Path(id): Path<i64>) -> Answer {
    let within = visit.account().tenant;
    let mut tx = visit.begin().await?;
    let before = manage::find(&mut tx, StaffId(id), within).await?.ok_or(Failure::NotFound)?;
    let changed = manage::disable(&mut tx, before.id, within, visit.now()).await?;
    finish(&visit, tx, &before, changed, "staff.disable", json!({})).await
}

async fn enable(visit: Visit, Path(id): Path<i64>) -> Answer {
    let within = visit.account().tenant;
    let mut tx = visit.begin().await?;
    let before = manage::find(&mut tx, StaffId(id), within).await?.ok_or(Failure::NotFound)?;
    let changed = manage::enable(&mut tx, before.id, within).await?;
    finish(&visit, tx, &before, changed, "staff.enable", json!({})).await
}

/// Ends all sessions of somebody.
async fn sign_out(visit: Visit, Path(id): Path<i64>) -> Answer {
    let mut tx = visit.begin().await?;
    let account = manage::find(&mut tx, StaffId(id), visit.account().tenant).await?.ok_or(Failure::NotFound)?;
    let ended = session::end_all(&mut tx, account.id, None).await?;
    let detail = json!({ "ended": ended });
    visit.note(&mut tx, about(&account, "staff.sign_out", detail)).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/staff", "done"))
}

/// A link for somebody who has forgotten their password.
async fn reset(visit: Visit, Path(id): Path<i64>) -> Answer {
    let mut tx = visit.begin().await?;
    let account = manage::find(&mut tx, StaffId(id), visit.account().tenant).await?.ok_or(Failure::NotFound)?;
    let token = invite::renew(&mut tx, &account, Some(visit.account().id), visit.now()).await?;
    visit.note(&mut tx, about(&account, "staff.reset", json!({}))).await?;
    visit.commit(tx).await?;
    Ok(handed_over(&visit, &token, &account.name, "staff-reset").into_response())
}

async fn finish(
    visit: &Visit,
    mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
    before: &Account,
    changed: Changed,
    act: &'static str,
    detail: serde_json::Value,
) -> Answer {
    match changed {
        Changed::Done { .. } => {}
        Changed::Unknown => return Err(Failure::NotFound),
        Changed::LastOwner => return Ok(visit.back("/ops/staff", "no-last-owner")),
        Changed::OfTheHouse => return Ok(visit.back("/ops/staff", "no-of-the-house")),
    }
    visit.note(&mut tx, about(before, act, detail)).await?;
    visit.commit(tx).await?;
    visit.console.0.sessions.forget();
    Ok(visit.back("/ops/staff", "saved"))
}

fn about(account: &Account, act: &'static str, detail: serde_json::Value) -> Deed {
    let tenant = account.tenant.map(|tenant| tenant.0);
    Deed { act, target: format!("staff {}", account.id.0), tenant, reason: None, detail }
}
