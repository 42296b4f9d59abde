//! What one message means, read on its own.

use chrono::{DateTime, Days as Ahead, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::Language;

use super::activity;
use super::calendar::{self, Days};
use super::clock::{self, Part, Window};
use super::intent::{self, Intent, Intents};
use super::names::Names;
use super::party::{self, Party};
use super::people;
use super::token::{self, Token};
use super::{aside, correction, language, vocabulary};

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
    /// For how many people, if it tells.
    pub party: Option<Party>,
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

    /// The words but for those that count people.
    pub fn uncounted(&self) -> Vec<&str> {
        let counted = self.party.as_ref().map(|party| party.at.clone()).unwrap_or_default();
        let words = self.words().into_iter().enumerate();
        words.filter(|(at, _)| !counted.contains(at)).map(|(_, word)| word).collect()
    }

    /// Whether one of these words is said.
    pub fn says(&self, any: &[&str]) -> bool {
        self.tokens.iter().any(|token| any.contains(&token.text.as_str()))
    }
}

/// Reads a message. `now` and `zone` tell what "tomorrow" is; `names` are those of the house.
pub(super) fn understand(message: &str, now: DateTime<Utc>, zone: Tz, names: &Names) -> Meaning {
    let local = now.with_timezone(&zone).naive_local();
    let mut tokens = token::tokens(message);
    vocabulary::mend(&mut tokens, &names.service_words());
    let words = token::texts(&tokens);
    let mut taken = vec![false; tokens.len()];
    aside::mask_greetings(&words, &mut taken);
    let party = party::party(&words, &mut taken);
    let moment = aside::moment(&words, &mut taken, local);
    let found = days(&words, &mut taken, local.date());
    let times = clock::read(&words, &mut taken);
    let crew = people::crew(&tokens, names, &mut taken);
    let location = people::location(&tokens, names, &mut taken);
    let mut asked = correction::kept(&activity::known(&tokens, names, &mut taken), &words, |each| each.at);
    let mut told = vec![false; tokens.len()];
    let intents = intent::read(&tokens, &mut told);
    let guessed = asked.is_empty();
    if guessed {
        let busy: Vec<bool> = taken.iter().zip(&told).map(|(a, b)| *a || *b).collect();
        asked.extend(activity::guess(&tokens, &busy));
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
        guessed: guessed && !asked.is_empty(),
        activities: asked.into_iter().map(|named| named.name).collect(),
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

fn days(words: &[&str], taken: &mut [bool], today: NaiveDate) -> Vec<Days> {
    let found = calendar::find(words, today);
    let found: Vec<_> =
        found.into_iter().filter(|found| !taken[found.at..found.at + found.len].contains(&true)).collect();
    for each in &found {
        taken[each.at..each.at + each.len].fill(true);
    }
    let far = today.checked_add_days(Ahead::new(400)).unwrap_or(today);
    let mut days: Vec<Days> = correction::kept(&found, words, |each| each.at)
        .into_iter()
        .map(|each| each.days)
        .filter(|days| days.from <= far)
        .collect();
    days.dedup();
    days
}
