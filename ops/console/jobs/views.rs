//! Searches that somebody keeps.

use axum::extract::Path;
use domain::staff::views;
use engine::inspect::Query;
use maud::html;

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{form::Fields, link, parts},
    visit::Visit,
};

const MAY: Needs = Needs::May(Permission::Look);

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/views", MAY, list), act("/ops/views", MAY, save), act("/ops/views/{id}/delete", MAY, delete)]
}

async fn list(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let views = views::list(&mut *visit.read().await?, visit.account()).await?;
    let head = ["view-name", "query", "view-whose", "view-delete"].map(|key| words.say(key));
    let body = html! {
        @if views.is_empty() { (parts::empty(&words.say("views-none"), &words.say("saved-views-none"))) } @else {
            (parts::table(&words.say("saved-views"), &head, html! {
                @for view in &views {
                    tr {
                        td { a.row-link href=(link::jobs(&view.query)) { (parts::said(&view.name)) } }
                        td { code { (parts::said(&view.query)) } }
                        td { (words.say(if view.shared { "view-shared" } else { "view-mine" })) }
                        td.actions { @if view.mine { (parts::button(&format!("/ops/views/{}/delete", view.id), &words.say("view-delete"), "quiet", "/ops/views")) } }
                    }
                }
            }))
        }
    };
    Ok(Screen::new(words.say("saved-views"), Section::Jobs, body))
}

async fn save(visit: Visit, fields: Fields) -> Answer {
    let name: String = fields.needed("name")?.chars().take(60).collect();
    let query = Query::parse(fields.text("query")).map_err(|error| Failure::Unfit(error.to_string()))?;
    // A kept search would outlive the person it names.
    if query.without_people() != query.to_string() {
        return Ok(visit.back(&link::jobs(&query.to_string()), "no-view-of-people"));
    }
    let query = query.to_string();
    let mut tx = visit.begin().await?;
    views::save(&mut tx, visit.account(), &name, &query, fields.text("shared") == "1").await?;
    visit.commit(tx).await?;
    Ok(visit.back(&link::jobs(&query), "saved"))
}

async fn delete(visit: Visit, Path(id): Path<i64>) -> Answer {
    let mut tx = visit.begin().await?;
    if !views::delete(&mut tx, visit.account(), id).await? {
        return Err(Failure::NotFound);
    }
    visit.commit(tx).await?;
    Ok(visit.back("/ops/views", "done"))
}
