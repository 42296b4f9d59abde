//! Results of tools, in words. Nothing is said that a result does not say.

use domain::Language;
use domain::replies::{self, BusinessFacts, CrewLine, LocationLine};

use super::facts::{Booking, Business, Crew, Locations, Proposal, Session, Sessions, lines, read};
use super::task::Task;
use super::transcript::Call;
use super::verdict::Verdict;
use super::wish::Wish;

/// What a search found.
pub(super) fn found(verdict: &Verdict, wish: &Wish, language: Language) -> String {
    let text = match verdict {
        Verdict::Trouble => return replies::trouble(language),
        Verdict::One(session) if session.is_free() => replies::options(language, &[session.line()]),
        Verdict::One(session) => replies::full(language, Some(&session.line()), &[]),
        Verdict::Several(sessions) => replies::options(language, &lines(sessions)),
        Verdict::Booked(session) => replies::already_booked(language, &session.line()),
        Verdict::Full(session, others) => replies::full(language, Some(&session.line()), &lines(others)),
        Verdict::Near(sessions) => replies::nothing_found(language, &lines(sessions)),
        // Several unknown words are rather chat than the name of something.
        Verdict::Unknown(known) if wish.guessed && wish.activities.iter().any(|name| name.contains(' ')) => {
            replies::which_activity(language, known)
        }
        Verdict::Unknown(known) => replies::no_such_activity(language, &wish.activities.join(", "), known),
    };
    if wish.party > 1 && !verdict.offer().is_empty() {
        return format!("{}\n\n{text}", replies::one_place_each(language));
    }
    text
}

/// Where a booking could move to.
pub(super) fn moves(verdict: &Verdict, wish: &Wish, language: Language) -> String {
    format!("{}\n\n{}", found(verdict, wish, language), replies::move_explained(language))
}

/// It is unclear what is to be moved, or where to.
pub(super) fn cannot_move(bookings: &[Booking], language: Language) -> String {
    if bookings.is_empty() {
        return replies::no_bookings(language);
    }
    let sessions: Vec<_> = bookings.iter().map(|booking| booking.session.line()).collect();
    format!("{}\n\n{}", replies::bookings_list(language, &sessions), replies::move_explained(language))
}

/// The answer to a proposal that was asked for.
pub(super) fn proposal(call: &Call, seen: &[Session], language: Language) -> String {
    if call.failed() {
        return replies::trouble(language);
    }
    let answer: Proposal = read(&call.result);
    let id = call.args.get("session_id").and_then(serde_json::Value::as_i64);
    let session = answer.session.as_ref().or_else(|| seen.iter().find(|session| Some(session.id) == id));
    match answer.result.as_str() {
        "proposed" => answer.summary,
        "full" => replies::full(language, session.map(Session::line).as_ref(), &lines(&answer.alternatives)),
        "already_booked" => session.map_or_else(
            || replies::session_unknown(language),
            |session| replies::already_booked(language, &session.line()),
        ),
        "closed" => replies::bookings_closed(language),
        "started" => replies::session_started(language),
        "cancelled" => replies::session_cancelled(language),
        "unknown_session" => replies::session_unknown(language),
        "unknown_booking" => replies::booking_unknown(language),
        "already_cancelled" => replies::already_cancelled(language),
        _ => replies::trouble(language),
    }
}

/// The answer to a task that needs one step only.
pub(super) fn plainly(task: &Task, calls: &[Call], language: Language) -> String {
    let Some(call) = calls.first() else { return replies::trouble(language) };
    let answer = &call.result;
    match task {
        Task::MyBookings => my_bookings(&read::<super::facts::Bookings>(answer).list, language),
        Task::Timetable(_) => timetable(&read(answer), language),
        Task::Crew { .. } => crew(read(answer), language),
        Task::Business => business(read(answer), language),
        Task::Human => replies::talk_to_staff(language, &read::<Business>(answer).phone),
        Task::Unanswerable => {
            let phone = read::<Business>(answer).phone;
            format!("{}\n\n{}", replies::not_understood(language), replies::talk_to_staff(language, &phone))
        }
        Task::Prices(asked) => prices(&read(answer), asked.as_deref(), language),
        Task::Locations => locations(read(answer), language),
        Task::WhichActivity => which_activity(&read(answer), language),
        _ => replies::trouble(language),
    }
}

fn my_bookings(bookings: &[Booking], language: Language) -> String {
    if bookings.is_empty() {
        return replies::no_bookings(language);
    }
    let sessions: Vec<_> = bookings.iter().map(|booking| booking.session.line()).collect();
    replies::bookings_list(language, &sessions)
}

fn timetable(answer: &Sessions, language: Language) -> String {
    if answer.list.is_empty() {
        return replies::nothing_scheduled(language);
    }
    replies::timetable(language, &lines(&answer.list), answer.more)
}

fn crew(answer: Crew, language: Language) -> String {
    if answer.list.is_empty() {
        return replies::no_crew(language);
    }
    let people = answer.list.into_iter().map(|person| CrewLine {
        name: person.name,
        bio: person.bio,
        activities: person.activities,
    });
    replies::crew_list(language, &people.collect::<Vec<_>>())
}

fn business(answer: Business, language: Language) -> String {
    let facts = BusinessFacts {
        name: answer.name,
        about: answer.about,
        opening: answer.opening,
        cancellation: answer.cancellation,
        phone: answer.phone,
        website: answer.website,
    };
    replies::business_info(language, &facts)
}

fn prices(answer: &Sessions, asked: Option<&str>, language: Language) -> String {
    match (answer.list.as_slice(), asked) {
        ([], Some(asked)) if !answer.known_activities.is_empty() => {
            replies::no_such_activity(language, asked, &answer.known_activities)
        }
        ([], _) => replies::nothing_found(language, &[]),
        (sessions, _) => replies::prices(language, &lines(sessions)),
    }
}

fn locations(answer: Locations, language: Language) -> String {
    let places = answer.list.into_iter().map(|place| LocationLine {
        name: place.name,
        address: place.address,
        directions: place.directions,
    });
    replies::locations_list(language, &places.collect::<Vec<_>>())
}

fn which_activity(answer: &Sessions, language: Language) -> String {
    let mut known = answer.known_activities.clone();
    if known.is_empty() {
        for session in &answer.list {
            if !known.contains(&session.service) {
                known.push(session.service.clone());
            }
        }
    }
    replies::which_activity(language, &known)
}
