//! What one message means, read on its own.

use chrono::{DateTime, Days as Ahead, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use domain::Language;

use super::activity;
use super::calendar::{self, Days};
use super::clock::{self, Part, Window};
use super::intent::{self, Intent, Intents};
use super::names::Names;
use super::numbers;
use super::people;
use super::token::{self, Token};
use super::{language, vocabulary};

/// A message, understood.
#[derive(Debug, Clone)]
pub(super) struct Meaning {
    pub tokens: Vec<Token>,
    pub language: Option<Language>,
    pub intents: Intents,
    pub activities: Vec<String>,
    /// The activity is a word we never heard of, taken for one.
    pub guessed: bool,
    pub days: Vec<Days>,
    pub windows: Vec<Window>,
    pub part: Option<Part>,
    pub crew: Option<String>,
    pub location: Option<String>,
    /// For how many people.
    pub party: u32,
}

impl Meaning {
    pub fn has_when(&self) -> bool {
        !self.days.is_empty() || self.has_time()
    }

    pub fn has_time(&self) -> bool {
        !self.windows.is_empty() || self.part.is_some()
    }

    /// Whether it says anything about a session: what, when, with whom or where.
    pub fn has_slots(&self) -> bool {
        !self.activities.is_empty() || self.has_when() || self.crew.is_some() || self.location.is_some()
    }

    pub fn words(&self) -> Vec<&str> {
        token::texts(&self.tokens)
    }
}

/// Reads a message. `now` and `zone` tell what "tomorrow" is; `names` are those of the house.
pub(super) fn understand(message: &str, now: DateTime<Utc>, zone: Tz, names: &Names) -> Meaning {
    let local = now.with_timezone(&zone).naive_local();
    let mut tokens = token::tokens(message);
    vocabulary::mend(&mut tokens, &names.service_words());
    let words = token::texts(&tokens);
    let mut taken = vec![false; tokens.len()];
    mask_greetings(&words, &mut taken);
    let party = party(&words, &mut taken);
    let moment = moment(&words, &mut taken, local);
    let found = days(&words, &mut taken, local.date());
    let times = clock::read(&words, &mut taken);
    let crew = people::crew(&tokens, names, &mut taken);
    let location = people::location(&tokens, names, &mut taken);
    let mut named = activity::known(&tokens, names, &mut taken);
    named = kept(&named, &words, |each| each.at);
    let mut told = vec![false; tokens.len()];
    let intents = intent::read(&tokens, &mut told);
    let guessed = named.is_empty();
    if guessed {
        let busy: Vec<bool> = taken.iter().zip(&told).map(|(a, b)| *a || *b).collect();
        named.extend(activity::guess(&tokens, &busy));
    }
    let mut days: Vec<Days> = found;
    let (mut windows, part) = (times.windows, times.part);
    if let Some((day, window)) = moment {
        days.push(day);
        windows.push(window);
    }
    if let (true, Some(ahead)) = (days.is_empty(), times.day) {
        let date = local.date() + TimeDelta::days(ahead);
        days.push(Days::new(date, date));
    }
    Meaning {
        language: language::detect(&tokens),
        guessed: guessed && !named.is_empty(),
        activities: named.into_iter().map(|named| named.name).collect(),
        intents,
        days,
        windows,
        part,
        crew,
        location,
        party,
        tokens,
    }
}

impl Meaning {
    /// Drops an activity that was only guessed.
    pub fn without_guess(mut self) -> Self {
        if self.guessed {
            self.activities.clear();
            self.guessed = false;
        }
        self
    }

    pub fn is(&self, intent: Intent) -> bool {
        self.intents.has(intent)
    }
}

/// "Buona sera" is no evening.
fn mask_greetings(words: &[&str], taken: &mut [bool]) {
    for (at, pair) in words.windows(2).enumerate() {
        let greets = matches!(
            pair,
            [
                "buon" | "buona" | "good",
                "giorno"
                    | "sera"
                    | "serata"
                    | "giornata"
                    | "pomeriggio"
                    | "morning"
                    | "afternoon"
                    | "evening"
                    | "night"
            ]
        );
        let leaves = matches!(pair, ["a", "domani" | "presto" | "dopo"]) && words.len() <= 4;
        if greets || leaves {
            taken[at..at + 2].fill(true);
        }
    }
}

/// "Siamo in 3", "for two people": how many come.
fn party(words: &[&str], taken: &mut [bool]) -> u32 {
    for at in 0..words.len() {
        let counted = numbers::cardinal(&words[at..]).filter(|(count, _)| (1..=20).contains(count));
        let Some((count, len)) = counted else { continue };
        let of_people = matches!(
            words.get(at + len),
            Some(
                &("persone"
                    | "persona"
                    | "posti"
                    | "people"
                    | "persons"
                    | "spots"
                    | "places"
                    | "spaces"
                    | "adulti"
                    | "adults"
                    | "ragazze"
                    | "ragazzi"
                    | "amici"
                    | "amiche"
                    | "friends"
                    | "of")
            )
        );
        let we_are = at >= 2 && matches!(words[at - 2..at], ["siamo", "in"]) || at >= 1 && words[at - 1] == "siamo";
        if of_people && words.get(at + len) != Some(&"of") || words[at + len..].starts_with(&["of", "us"]) || we_are {
            taken[at..at + len].fill(true);
            return count;
        }
    }
    1
}

/// "In two hours": a day and a time at once.
fn moment(words: &[&str], taken: &mut [bool], local: chrono::NaiveDateTime) -> Option<(Days, Window)> {
    let (at, (minutes, len)) = (0..words.len()).find_map(|at| Some((at, clock::from_now(&words[at..])?)))?;
    taken[at..at + len].fill(true);
    let then = local.checked_add_signed(TimeDelta::minutes(minutes.into()))?;
    let date = then.date();
    Some((Days::new(date, date), Window::point(then.hour() * 60 + then.minute())))
}

fn days(words: &[&str], taken: &mut [bool], today: NaiveDate) -> Vec<Days> {
    let found = calendar::find(words, today);
    let found: Vec<_> =
        found.into_iter().filter(|found| !taken[found.at..found.at + found.len].contains(&true)).collect();
    for each in &found {
        taken[each.at..each.at + each.len].fill(true);
    }
    let far = today.checked_add_days(Ahead::new(400)).unwrap_or(today);
    let mut days: Vec<Days> =
        kept(&found, words, |each| each.at).into_iter().map(|each| each.days).filter(|days| days.from <= far).collect();
    days.dedup();
    days
}

/// Without what was taken back: "not tomorrow", "invece di yoga", and all before an "anzi".
fn kept<T: Clone>(all: &[T], words: &[&str], at: impl Fn(&T) -> usize) -> Vec<T> {
    const CORRECTIONS: [&[&str]; 8] = [
        &["anzi"],
        &["actually"],
        &["no", "wait"],
        &["i", "mean"],
        &["volevo", "dire"],
        &["intendevo"],
        &["ma", "no"],
        &["cioe"],
    ];
    const NEGATIONS: [&[&str]; 8] = [
        &["non"],
        &["not"],
        &["invece", "di"],
        &["invece", "del"],
        &["instead", "of"],
        &["rather", "than"],
        &["al", "posto", "di"],
        &["anziche"],
    ];
    let taken_back = |each: &T| NEGATIONS.iter().any(|no| words[..at(each)].ends_with(no));
    let corrected = (0..words.len()).rev().find(|from| CORRECTIONS.iter().any(|word| words[*from..].starts_with(word)));
    let left: Vec<T> = all.iter().filter(|each| !taken_back(each)).cloned().collect();
    match corrected {
        Some(from) if left.iter().any(|each| at(each) > from) => {
            left.into_iter().filter(|each| at(each) > from).collect()
        }
        _ => left,
    }
}
