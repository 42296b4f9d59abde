//! What people did, which nobody can change.

mod detail;
mod filter;

use axum::extract::Query;
use domain::staff::{
    Account,
    audit::{self, Row},
    manage,
};
use maud::{Markup, html};

use self::filter::Asked;
use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/audit", Needs::May(Permission::Audit), list)]
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let within = visit.account().tenant;
    let mut conn = visit.read().await?;
    let staff = manage::list(&mut conn, within).await?;
    let filter = asked.filter(visit.zone);
    let mut rows = audit::list(&mut conn, within, &filter, asked.before(), PAGE + 1).await?;
    let fits = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > fits;
    rows.truncate(fits);
    let older = rows.last().filter(|_| more).map(|last| asked.address(Some(last.id)));
    let newer = asked.before().map(|_| asked.address(None));
    let body = html! {
        (form(&visit, &asked, &staff))
        @if rows.is_empty() { (parts::empty(&words.say("audit-none"), &words.say(if asked.is_any() { "audit-none-fit" } else { "audit-none-more" }))) }
        @else { (table(&visit, &rows)) }
        (parts::pages(words, newer.as_deref(), older.as_deref()))
    };
    Ok(Screen::new(words.say("nav-audit"), Section::Audit, body).live())
}

fn form(visit: &Visit, asked: &Asked, staff: &[Account]) -> Markup {
    let words = visit.words();
    let who = asked.who();
    html! {
        form.row.filters action="/ops/audit" method="get" {
            label { span { (words.say("who")) }
                select name="who" {
                    option value="" { (words.say("audit-anybody")) }
                    @for account in staff { option value=(account.id) selected[who == Some(account.id)] { (parts::visible(&account.name)) } }
                }
            }
            label { span { (words.say("audit-act")) } input type="text" name="act" value=(asked.act) placeholder="job.retry" list="acts" autocomplete="off" spellcheck="false"; }
            datalist #acts { @for act in ["account", "breaker", "bulk", "effect", "job", "kind", "limit", "message", "schedule", "session", "staff", "webhook"] { option value=(act) {} } }
            label { span { (words.say("audit-target")) } input type="text" name="target" value=(asked.target) placeholder="job 12" autocomplete="off" spellcheck="false"; }
            label { span { (words.say("audit-since")) } input type="datetime-local" name="since" value=(asked.since); }
            label { span { (words.say("audit-until")) } input type="datetime-local" name="until" value=(asked.until); }
            button.main { (words.say("search")) }
            @if asked.is_any() { a.button.quiet href="/ops/audit" { (words.say("audit-all")) } }
        }
    }
}

fn table(visit: &Visit, rows: &[Row]) -> Markup {
    let words = visit.words();
    let head = ["when", "who", "audit-act", "audit-target", "reason", "audit-detail"].map(|key| words.say(key));
    parts::table(&words.say("nav-audit"), &head, html! { @for row in rows { (line(visit, row)) } })
}

fn line(visit: &Visit, row: &Row) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let of_tenant = row.tenant.filter(|_| visit.sight().tenant.is_none());
    html! {
        tr #{ "line-" (row.id) } {
            td.nowrap { (times.at(row.at)) }
            td {
                (parts::said(&row.who_name))
                @if let Some(ip) = &row.ip { div.soft.mono { (parts::said(ip)) } }
            }
            td { a href={ "/ops/audit?act=" (link::escape(&row.act)) } { code { (row.act) } } }
            td {
                @match place(&row.target) { Some(to) => a.row-link href=(to) { (parts::said(&row.target)) }, None => (parts::said(&row.target)) }
                @if let Some(tenant) = of_tenant { div.soft { (words.say("tenant")) " " (tenant) } }
            }
            td { @if let Some(reason) = &row.reason { (parts::said(reason)) } }
            td { (detail::draw(words, &row.detail)) }
        }
    }
}

/// The screen of what something was done to.
fn place(target: &str) -> Option<String> {
    let (noun, name) = target.split_once(' ')?;
    if noun == "effect" {
        return Some(format!("/ops/effects?key={}", link::escape(name)));
    }
    let id: i64 = name.parse().ok()?;
    Some(match noun {
        "job" => link::job(id),
        "bulk" => format!("/ops/bulk/{id}"),
        "webhook" => format!("/ops/webhooks/{id}"),
        "message" => format!("/ops/why/{id}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn what_has_a_screen_is_a_link() {
        assert_eq!(place("job 12").as_deref(), Some("/ops/jobs/12"));
        assert_eq!(place("effect whatsapp:7").as_deref(), Some("/ops/effects?key=whatsapp%3A7"));
        assert_eq!(place("message 7").as_deref(), Some("/ops/why/7"));
        for other in ["staff 3", "job x", "job", "", "ada@desk.example"] {
            assert_eq!(place(other), None, "{other}");
        }
    }
}
