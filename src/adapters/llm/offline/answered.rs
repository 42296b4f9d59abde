//! What the house answered to a wish, in words. Mostly it tells that itself; this is for what it leaves to us.

use domain::{Language, replies};

use super::facts::{Answer, Session, lines, read};
use super::transcript::Call;

/// Tools that do something, or propose to.
const WISHES: [&str; 7] =
    ["create_booking", "cancel_booking", "move_booking", "pay_booking", "leave_waitlist", "buy_plan", "send_receipt"];

/// Whether a tool does something, or proposes to.
pub(super) fn is_wish(tool: &str) -> bool {
    WISHES.contains(&tool)
}

/// The answer to a wish. `seen`: sessions that it may be about.
pub(super) fn tell(call: &Call, seen: &[Session], language: Language) -> String {
    if call.failed() {
        return replies::trouble(language);
    }
    let answer: Answer = read(&call.result);
    let id = call.args.get("session_id").and_then(serde_json::Value::as_i64);
    let session = answer.session.as_ref().or_else(|| seen.iter().find(|session| Some(session.id) == id));
    match call.name.as_str() {
        "create_booking" => booking(answer.clone(), session, language),
        "move_booking" if answer.result == "refused" => refused(&answer.why, session, language),
        "leave_waitlist" => match (answer.result.as_str(), session) {
            ("left", Some(session)) => replies::left_list(language, &session.line()),
            ("not_waiting", _) => replies::not_waiting(language),
            _ => replies::trouble(language),
        },
        _ => other(&answer, language),
    }
}

fn booking(answer: Answer, session: Option<&Session>, language: Language) -> String {
    match answer.result.as_str() {
        "full" => match answer.wait.filter(|wait| !wait.summary.is_empty()) {
            Some(wait) => wait.summary,
            None => replies::full(language, session.map(Session::line).as_ref(), &lines(&answer.alternatives)),
        },
        "already_booked" => session.map_or_else(
            || replies::session_unknown(language),
            |session| replies::already_booked(language, &session.line()),
        ),
        "already_waiting" => replies::already_waiting(language, answer.position.unwrap_or_default().position),
        "clash" => replies::clash(language, answer.with.map(|with| with.line()).as_ref()),
        "not_open" => replies::bookings_not_open(language),
        "closed" => replies::bookings_closed(language),
        "started" => replies::session_started(language),
        "cancelled" => replies::session_cancelled(language),
        "unknown_session" => replies::session_unknown(language),
        _ => other(&answer, language),
    }
}

/// Why a booking cannot be moved there.
fn refused(why: &str, session: Option<&Session>, language: Language) -> String {
    match why {
        "full" => replies::full(language, session.map(Session::line).as_ref(), &[]),
        "already_booked" => match session {
            Some(session) => replies::already_booked(language, &session.line()),
            None => replies::session_unknown(language),
        },
        "session_cancelled" => replies::session_cancelled(language),
        "started" => replies::session_started(language),
        "closed" => replies::bookings_closed(language),
        "not_open" => replies::bookings_not_open(language),
        "clash" => replies::clash(language, None),
        "too_late" => replies::too_late_to_move(language),
        "unknown" => replies::session_unknown(language),
        _ => replies::trouble(language),
    }
}

fn other(answer: &Answer, language: Language) -> String {
    match answer.result.as_str() {
        "proposed" | "offered" => answer.summary.clone(),
        "no_cards" if !answer.summary.is_empty() => answer.summary.clone(),
        "no_cards" => replies::pay_at_the_studio(language),
        "link_comes" => replies::link_comes(language),
        "nothing_to_pay" => replies::nothing_to_pay(language),
        "receipt_comes" => replies::receipt_comes(language),
        "nothing_paid" => replies::nothing_paid(language),
        "started" => replies::session_started(language),
        "unknown_booking" => replies::booking_unknown(language),
        "already_cancelled" => replies::already_cancelled(language),
        "unknown_plan" => replies::plan_unknown(language),
        _ => replies::trouble(language),
    }
}
