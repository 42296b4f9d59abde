//! The menu.

use maud::{Markup, html};

use super::super::{Permission, screen::Section, visit::Visitor};
use super::icons;

struct Place {
    section: Section,
    path: &'static str,
    word: &'static str,
    icon: &'static str,
    needs: Permission,
    /// Second key after `g`.
    key: &'static str,
}

const PLACES: [Place; 13] = [
    place(Section::Health, "/ops", "nav-health", "pulse", Permission::Look, "h"),
    place(Section::Jobs, "/ops/jobs", "nav-jobs", "list", Permission::Look, "j"),
    place(Section::Dead, "/ops/dead", "nav-dead", "alert", Permission::Look, "d"),
    place(Section::Queues, "/ops/queues", "nav-queues", "stack", Permission::Look, "q"),
    place(Section::Schedules, "/ops/schedules", "nav-schedules", "clock", Permission::House, "s"),
    place(Section::Breakers, "/ops/breakers", "nav-breakers", "plug", Permission::Look, "b"),
    place(Section::Bulk, "/ops/bulk", "nav-bulk", "layers", Permission::Look, "k"),
    place(Section::Effects, "/ops/effects", "nav-effects", "send", Permission::Look, "e"),
    place(Section::Webhooks, "/ops/webhooks", "nav-webhooks", "inbox", Permission::House, "w"),
    place(Section::Why, "/ops/why", "nav-why", "branch", Permission::Why, "y"),
    place(Section::Audit, "/ops/audit", "nav-audit", "book", Permission::Audit, "a"),
    place(Section::Tenants, "/ops/tenants", "nav-tenants", "shop", Permission::House, "t"),
    place(Section::Staff, "/ops/staff", "nav-staff", "people", Permission::Staff, "p"),
];

const fn place(
    section: Section,
    path: &'static str,
    word: &'static str,
    icon: &'static str,
    needs: Permission,
    key: &'static str,
) -> Place {
    Place { section, path, word, icon, needs, key }
}

/// The places that this person may see.
pub fn menu(visitor: &Visitor, here: Section) -> Markup {
    let words = visitor.words();
    html! {
        nav.rail aria-label=(words.say("nav")) {
            ul {
                @for place in PLACES.iter().filter(|place| visitor.may(place.needs)) {
                    li {
                        a href=(place.path) data-key={ "g " (place.key) } aria-current=[(place.section == here).then_some("page")] {
                            (icons::icon(place.icon)) span { (words.say(place.word)) }
                        }
                    }
                }
            }
        }
    }
}

/// The keys that lead to them, for the help.
pub fn keys(visitor: &Visitor) -> Vec<(&'static str, String)> {
    let places = PLACES.iter().filter(|place| visitor.may(place.needs));
    places.map(|place| (place.key, visitor.words().say(place.word))).collect()
}
