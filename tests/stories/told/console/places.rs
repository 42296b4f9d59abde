//! Every route with addresses in it, and the forms that belong to them.

use ops::console::{Permission, routes::Route};

use super::desk::{Business, quoted};

/// A job in each state, a workflow and its steps.
pub const JOBS: [&str; 14] = [
    "dead",
    "flow",
    "ready",
    "scheduled",
    "retrying",
    "blocked",
    "held",
    "running",
    "completed",
    "cancelled",
    "timed_out",
    "sender",
    "step",
    "failed_step",
];
const BULKS: [&str; 4] = ["bulk_preview", "bulk_running", "bulk_paused", "bulk_done"];

/// The addresses of a route: one for each thing of `business` that it can be about. Fails where a route takes something
/// that nobody here knows.
pub fn addresses(path: &str, business: &Business) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let (name, after) = rest.split_once('}').expect("a closing brace");
    assert!(!after.contains('{'), "{path} takes two things: say here which");
    let ids = |whats: &[&str]| whats.iter().map(|what| business.id(what).to_string()).collect::<Vec<_>>();
    let values = match (before, name) {
        ("/ops/jobs/", "id") if after == "/steps" => ids(&["flow", "dead"]),
        ("/ops/jobs/", "id") => ids(&JOBS),
        ("/ops/bulk/", "id") => ids(&BULKS),
        ("/ops/staff/", "id") => ids(&["owner", "manager"]),
        ("/ops/webhooks/", "id") => ids(&["webhook"]),
        ("/ops/account/sessions/", "id") => ids(&["session"]),
        ("/ops/views/", "id") => ids(&["view", "own_view"]),
        ("/ops/why/", "id") => ids(&["message", "heard"]),
        ("/ops/queues/", "kind") => vec!["send_reply".to_owned()],
        ("/ops/schedules/", "name") => vec![quoted(&schedule(business))],
        ("/ops/breakers/", "rule") => vec!["whatsapp".to_owned()],
        ("/ops/limits/", "name") => vec!["calls".to_owned()],
        ("/ops/invite/", "token") => vec![quoted(&format!("invitation {}", business.tenant))],
        _ => panic!("{path}: nobody has said what can be put in for {{{name}}}"),
    };
    values.into_iter().map(|value| format!("{before}{value}{after}")).collect()
}

/// The line of the business, among the house's.
pub fn schedule(business: &Business) -> String {
    let mark: String = business.mark.chars().take(100).collect();
    format!("{}{}", mark.trim_matches(' '), business.tenant)
}

/// The first address of a route, with what it cannot do without.
pub fn address(route: &Route, business: &Business) -> String {
    let path = addresses(route.path, business).remove(0);
    if path == "/ops/live" { "/ops/live?page=%2Fops".to_owned() } else { path }
}

/// What a handler asks for besides what its route says.
pub fn besides(path: &str) -> Option<Permission> {
    // Bodies of webhooks are the house's, and words of customers.
    (path == "/ops/webhooks/{id}/reveal").then_some(Permission::House)
}

/// A form with every field that any route reads, about the things of `business`.
pub fn fields(business: &Business) -> Vec<(&'static str, String)> {
    let told = [
        ("reason", "because"),
        ("do", "retry"),
        ("verb", "retry"),
        ("minutes", "10"),
        ("rate", "5"),
        ("verdict", "arrived"),
        ("payload", "{}"),
        ("role", "ops"),
        ("name", "Mallory"),
        ("email", "mallory@evil.example"),
        ("language", "en"),
        ("to", "open"),
        ("running", "1"),
        ("per", "60"),
        ("theme", "dark"),
        ("shared", "1"),
        ("back", "/ops"),
        ("typed", "retry 2"),
        ("query", "state:dead"),
        ("password", "never used before 7"),
        ("now", "wrong"),
        ("new", "never used before 8"),
    ];
    let mut fields: Vec<_> = told.map(|(name, value)| (name, value.to_owned())).to_vec();
    fields.extend(["dead", "ready", "timed_out"].map(|job| ("job", business.id(job).to_string())));
    fields.push(("kind", "send_reply".to_owned()));
    fields.push(("key", business.effect("unknown")));
    fields.push(("tenant", business.tenant.to_string()));
    fields.push(("number", business.mark.chars().take(100).collect()));
    fields
}

/// The same as a request takes it.
pub fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
