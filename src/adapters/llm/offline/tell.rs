//! Results of tools, in words. Nothing is said that a result does not say.

use domain::Language;
use domain::replies::{self, BusinessFacts, CrewLine, LocationLine};

use super::facts::{Bookings, Business, Crew, Locations, Plans, Session, Sessions, lines, read};
use super::party::MOST;
use super::task::Task;
use super::transcript::Call;
use super::verdict::Verdict;
use super::wish::Wish;

/// What a search found.
pub(super) fn found(verdict: &Verdict, wish: &Wish, language: Language) -> String {
    let text = match verdict {
        Verdict::Trouble => return replies::trouble(language),
        Verdict::One(session) if session.has_room(wish.party) => replies::options(language, &[session.line()]),
        Verdict::One(session) => replies::full(language, Some(&session.line()), &[]),
        Verdict::Several { free, full } => beside(replies::options(language, &lines(free)), full, language),
        Verdict::Booked(session) => replies::already_booked(language, &session.line()),
        Verdict::Full { full, others } => match (full.as_slice(), others.as_slice()) {
            ([one], others) => replies::full(language, Some(&one.line()), &lines(others)),
            (several, []) => replies::all_full(language, &lines(several)),
            (several, others) => beside(replies::nothing_found(language, &lines(others)), several, language),
        },
        Verdict::Near(sessions) => replies::nothing_found(language, &lines(sessions)),
        // Several unknown words are rather chat than the name of something.
        Verdict::Unknown(known) if wish.guessed && wish.activities.iter().any(|name| name.contains(' ')) => {
            replies::which_activity(language, known)
        }
        Verdict::Unknown(known) => replies::no_such_activity(language, &wish.activities.join(", "), known),
    };
    if wish.party > MOST && !verdict.offer().is_empty() {
        return format!("{}\n\n{text}", replies::too_many_places(language, MOST));
    }
    text
}

/// Beside what has room, what could be waited for.
fn beside(text: String, full: &[Session], language: Language) -> String {
    if full.is_empty() { text } else { format!("{text}\n\n{}", replies::also_full(language, &lines(full))) }
}

/// The answer to a task that needs one step only.
pub(super) fn plainly(task: &Task, calls: &[Call], language: Language) -> String {
    let Some(call) = calls.first() else { return replies::trouble(language) };
    let answer = &call.result;
    match task {
        Task::MyBookings => my_bookings(&read(answer), language),
        Task::MyLists => my_lists(&read(answer), language),
        Task::Plans { own } => plans(&read(answer), *own, language),
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
        Task::WhichActivity { .. } => which_activity(&read(answer), language),
        _ => replies::trouble(language),
    }
}

/// What the customer has booked, and what they wait for.
pub(super) fn my_bookings(found: &Bookings, language: Language) -> String {
    let sessions: Vec<_> = found.list.iter().map(|booking| booking.session.line()).collect();
    let booked =
        if sessions.is_empty() { replies::no_bookings(language) } else { replies::bookings_list(language, &sessions) };
    if found.waiting.is_empty() { booked } else { format!("{booked}\n\n{}", my_lists(found, language)) }
}

fn my_lists(found: &Bookings, language: Language) -> String {
    if found.waiting.is_empty() {
        return replies::not_waiting(language);
    }
    let lists: Vec<_> = found.waiting.iter().map(|waiting| (waiting.session.line(), waiting.position)).collect();
    replies::waiting_lists(language, &lists)
}

fn plans(found: &Plans, own: bool, language: Language) -> String {
    if !own {
        return replies::plans(language, &found.on_sale, &found.yours);
    }
    let yours = replies::your_plans(language, &found.yours);
    if found.yours.is_empty() && !found.on_sale.is_empty() {
        return format!("{yours}\n\n{}", replies::plans(language, &found.on_sale, &[]));
    }
    yours
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

/// The business in a few lines.
pub(super) fn business(answer: Business, language: Language) -> String {
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
