//! What a search found, weighed against the wish.

use super::facts::{Session, Sessions, read};
use super::names::plain;
use super::transcript::Call;
use super::wish::Wish;

/// How many sessions one message shows.
const SHOWN: usize = 8;
/// How many full ones beside them.
const FULL_SHOWN: usize = 3;

/// The outcome of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A tool failed.
    Trouble,
    /// Exactly this.
    One(Session),
    /// Any of those with room; the others could be waited for.
    Several { free: Vec<Session>, full: Vec<Session> },
    /// The customer has it already.
    Booked(Session),
    /// They exist, without a free place; the others have one.
    Full { full: Vec<Session>, others: Vec<Session> },
    /// Not that, but these come near; maybe none.
    Near(Vec<Session>),
    /// The house offers other things.
    Unknown(Vec<String>),
}

impl Verdict {
    /// The sessions it offers to choose from, as they are numbered in the reply.
    pub fn offer(&self) -> &[Session] {
        match self {
            Self::Full { full, others } if others.is_empty() && full.len() > 1 => full,
            Self::Several { free: sessions, .. } | Self::Full { others: sessions, .. } | Self::Near(sessions) => {
                sessions
            }
            Self::One(session) => std::slice::from_ref(session),
            Self::Trouble | Self::Booked(_) | Self::Unknown(_) => &[],
        }
    }

    /// The sessions that so many people could only wait for.
    pub fn full(&self, places: u32) -> &[Session] {
        match self {
            Self::Several { full, .. } | Self::Full { full, .. } => full,
            Self::One(session) if session.is_full(places) => std::slice::from_ref(session),
            _ => &[],
        }
    }
}

/// Weighs what `find_sessions` answered.
pub(super) fn weigh(wish: &Wish, calls: &[Call]) -> Verdict {
    let calls: Vec<&Call> = calls.iter().filter(|call| call.name == "find_sessions").collect();
    if calls.iter().any(|call| call.failed()) {
        return Verdict::Trouble;
    }
    let answers: Vec<Sessions> = calls.iter().map(|call| read(&call.result)).collect();
    let exact = gather(answers.iter().filter(|answer| answer.fit == "exact"));
    let exact = if exact.is_empty() { elsewhere(wish, &answers) } else { exact };
    let (fitting, outside): (Vec<Session>, Vec<Session>) =
        exact.into_iter().partition(|session| session.starts_in(&wish.windows));
    if !fitting.is_empty() {
        let near: Vec<Session> =
            gather(answers.iter()).into_iter().filter(|session| !fitting.contains(session)).collect();
        return choose(wish, &fitting, &near);
    }
    let mut near = outside;
    near.extend(gather(answers.iter().filter(|answer| answer.fit != "exact")));
    if near.is_empty() {
        return nothing(wish, &answers);
    }
    let asked = near.iter().find(|session| is_asked(wish, session)).cloned();
    let others = few(near.into_iter().filter(|session| session.has_room(wish.party)).collect());
    match asked {
        Some(asked) if asked.already_booked => Verdict::Booked(asked),
        Some(asked) if !asked.has_room(wish.party) => Verdict::Full { full: vec![asked], others },
        _ => Verdict::Near(others),
    }
}

/// When nobody knows the place that is asked for (it may be the name of the house, or of the
/// town): what fits but for the place.
fn elsewhere(wish: &Wish, answers: &[Sessions]) -> Vec<Session> {
    let Some(place) = &wish.location else { return Vec::new() };
    let near = gather(answers.iter());
    // What every place may be called tells none apart.
    let telling: Vec<String> = plain(place)
        .into_iter()
        .filter(|word| !matches!(word.as_str(), "studio" | "sala" | "sede" | "palestra" | "gym"))
        .collect();
    if near.iter().any(|session| shares_word(&telling.join(" "), &session.location)) {
        return Vec::new();
    }
    let fits = |session: &Session| {
        let part =
            wish.part.filter(|_| wish.windows.is_empty()).is_none_or(|part| part.window().holds(session.minute()));
        let day = wish.days.is_empty() || wish.days.iter().any(|days| days.holds(session.date));
        part && day
            && session.starts_in(&wish.windows)
            && wish.crew.as_ref().is_none_or(|crew| shares_word(crew, &session.crew))
    };
    near.into_iter().filter(fits).collect()
}

fn choose(wish: &Wish, fitting: &[Session], near: &[Session]) -> Verdict {
    let some = |session: &&Session| session.has_room(wish.party);
    let free: Vec<Session> = fitting.iter().filter(some).cloned().collect();
    let none = fitting.iter().filter(|session| session.is_full(1));
    let full: Vec<Session> = none.take(FULL_SHOWN).cloned().collect();
    let others = || few(near.iter().filter(some).cloned().collect());
    match (free.as_slice(), fitting) {
        // Of a day's whole programme, one free session is no answer to a wish for it; nor is it, when the one that was
        // meant may be full.
        ([one], all) if all.len() == 1 || !wish.activities.is_empty() && full.is_empty() => Verdict::One(one.clone()),
        ([_, ..], _) => Verdict::Several { free: few(free), full },
        ([], all) => match (all.iter().find(|session| session.already_booked), all.first()) {
            (Some(booked), _) => Verdict::Booked(booked.clone()),
            // The booking desk itself knows the alternatives to a full one.
            (None, Some(full)) if all.len() == 1 => Verdict::One(full.clone()),
            // Too few places for a party are as good as none.
            (None, _) => {
                let full = all.iter().take(FULL_SHOWN).cloned().collect();
                Verdict::Full { full, others: others() }
            }
        },
    }
}

fn nothing(wish: &Wish, answers: &[Sessions]) -> Verdict {
    let known: Vec<String> = answers.iter().flat_map(|answer| answer.known_activities.clone()).collect();
    let is_known = |asked: &String| {
        let asked = plain(asked);
        known.iter().any(|name| plain(name).iter().any(|word| asked.contains(word)))
    };
    if known.is_empty() || wish.activities.is_empty() || wish.activities.iter().any(is_known) {
        return Verdict::Near(Vec::new());
    }
    Verdict::Unknown(known)
}

/// Whether it is what the wish names in so many words: that day, that time.
fn is_asked(wish: &Wish, session: &Session) -> bool {
    let on_day = wish.days.iter().any(|days| days.is_one() && days.holds(session.date));
    let at_time = !wish.windows.is_empty() && session.starts_in(&wish.windows);
    let is_named =
        wish.activities.is_empty() || wish.activities.iter().any(|asked| shares_word(asked, &session.service));
    on_day && at_time && is_named
}

/// Whether two names have a word in common.
pub(super) fn shares_word(asked: &str, name: &str) -> bool {
    let asked = plain(asked);
    plain(name).iter().any(|word| word.len() > 2 && asked.contains(word))
}

fn gather<'a>(answers: impl Iterator<Item = &'a Sessions>) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for session in answers.flat_map(|answer| &answer.list) {
        if !sessions.iter().any(|known| known.id == session.id) {
            sessions.push(session.clone());
        }
    }
    sessions
}

fn few(mut sessions: Vec<Session>) -> Vec<Session> {
    sessions.truncate(SHOWN);
    sessions
}
