//! Health: what needs somebody first, then how everything goes.

mod attention;
mod glance;
mod notices;
mod server;
mod spending;

use engine::overview;
use maud::{Markup, html};

use super::{
    Needs, Permission,
    failure::Failure,
    queues::row,
    routes::{Route, show},
    screen::{Screen, Section},
    tenants::Businesses,
    visit::Visit,
};

pub(super) use spending::Spent;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops", Needs::May(Permission::Look), health)]
}

async fn health(visit: Visit) -> Result<Screen, Failure> {
    let businesses = Businesses::of(&visit).await?;
    let body = match visit.sight().tenant {
        None => house(&visit, &businesses).await?,
        Some(own) => business(&visit, &businesses, own).await?,
    };
    Ok(Screen::new(visit.words().say("nav-health"), Section::Health, body).live())
}

/// For those who look after the whole house.
async fn house(visit: &Visit, businesses: &Businesses) -> Result<Markup, Failure> {
    let snapshot = overview::snapshot(&mut *visit.read().await?).await?;
    let spent = visit.console.0.spent.today(visit, businesses).await?;
    let matters = attention::of_house(&snapshot, visit.account().has_totp);
    let rows = row::of_house(&snapshot);
    Ok(html! {
        (notices::list(visit, &matters, businesses))
        (glance::tiles(visit, &rows, &snapshot.effects, Some(&snapshot.workers)))
        (glance::queues(visit, &rows))
        div.grid.note {
            div { (glance::inbox(visit, &rows)) (glance::breakers(visit, &snapshot.breakers, businesses)) }
            (spending::card(visit, &spent))
        }
        (server::workers(visit, &snapshot.workers))
        (server::database(visit, &snapshot))
    })
}

/// For those who belong to one business: its part only.
async fn business(visit: &Visit, businesses: &Businesses, own: i64) -> Result<Markup, Failure> {
    let snapshot = overview::tenant_snapshot(&mut *visit.read().await?, own).await?;
    let spent = visit.console.0.spent.today(visit, businesses).await?;
    let matters = attention::of_business(&snapshot, visit.account().has_totp);
    let rows = row::of_business(&snapshot);
    Ok(html! {
        (notices::list(visit, &matters, businesses))
        (glance::tiles(visit, &rows, &snapshot.effects, None))
        (glance::queues(visit, &rows))
        div.grid.note {
            div { (glance::inbox(visit, &rows)) (glance::breakers(visit, &snapshot.breakers, businesses)) }
            (spending::card(visit, &spent))
        }
    })
}
