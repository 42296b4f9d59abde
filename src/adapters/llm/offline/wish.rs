//! The session a customer wishes for, over several messages.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::calendar::Days;
use super::clock::{Part, Window};
use super::intent::Intent;
use super::meaning::Meaning;
use super::transcript::Call;

/// Calls that one message may lead to.
const MOST_CALLS: usize = 4;
/// A message of so few words goes on from the one before.
const SHORT: usize = 4;

/// What is wished for; an empty field is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wish {
    pub activities: Vec<String>,
    /// The activity is a guess.
    pub guessed: bool,
    pub days: Vec<Days>,
    pub windows: Vec<Window>,
    pub part: Option<Part>,
    pub crew: Option<String>,
    pub location: Option<String>,
    /// For how many people.
    pub party: u32,
    /// A place in the waiting list is wanted.
    pub waits: bool,
}

impl Wish {
    /// The wish that one message tells.
    pub fn of(meaning: &Meaning) -> Self {
        Self {
            activities: meaning.activities.clone(),
            guessed: meaning.guessed,
            days: meaning.days.clone(),
            windows: meaning.windows.clone(),
            part: meaning.part,
            crew: meaning.crew.clone(),
            location: meaning.location.clone(),
            party: meaning.party.as_ref().map_or(1, |party| party.count),
            waits: false,
        }
    }

    /// The wish that a message tells after an earlier one: what it leaves open stays as it was.
    pub fn after(meaning: &Meaning, earlier: Option<&Self>, today: NaiveDate) -> Self {
        let mut wish = Self::of(meaning);
        let Some(earlier) = earlier else { return wish };
        let goes_on = meaning.is(Intent::Continue) || meaning.is(Intent::No) || meaning.tokens.len() <= SHORT;
        let same_activity = wish.activities.is_empty() && !asks_for_anything(meaning);
        if wish.activities.is_empty() && !same_activity || !wish.activities.is_empty() && !goes_on {
            return wish;
        }
        if same_activity {
            wish.activities.clone_from(&earlier.activities);
            wish.guessed = earlier.guessed;
        }
        if wish.days.is_empty() {
            wish.days = earlier.days.iter().copied().filter(|days| days.until >= today).collect();
        }
        if !meaning.has_time() && goes_on {
            wish.windows.clone_from(&earlier.windows);
            wish.part = earlier.part;
        }
        if goes_on {
            if meaning.party.is_none() {
                wish.party = earlier.party;
            }
            wish.crew = wish.crew.or_else(|| earlier.crew.clone());
            wish.location = wish.location.or_else(|| earlier.location.clone());
        }
        wish
    }

    /// The wish as it was sent to `find_sessions`, for days told relative to an earlier today.
    pub fn settled(mut self, calls: &[Call]) -> Self {
        let dates = calls.iter().filter(|call| call.name == "find_sessions").filter_map(|call| {
            let date = |key: &str| call.args.get(key)?.as_str()?.parse::<NaiveDate>().ok();
            let from = date("date")?;
            Some(Days::new(from, date("until").unwrap_or(from)))
        });
        self.days = dates.collect();
        self.days.dedup();
        self
    }

    /// The arguments of `find_sessions`, one for each alternative that was named.
    pub fn searches(&self) -> Vec<Value> {
        let points: Vec<u32> =
            self.windows.iter().filter(|window| window.is_point()).map(|window| window.from).collect();
        let times = if points.len() == self.windows.len() { options(&points) } else { vec![None] };
        let mut searches = Vec::new();
        for activity in options(&self.activities) {
            for days in options(&self.days) {
                for time in &times {
                    searches.push(self.search(activity.as_deref(), days, *time));
                }
            }
        }
        searches.truncate(MOST_CALLS);
        searches
    }

    fn search(&self, activity: Option<&str>, days: Option<Days>, time: Option<u32>) -> Value {
        let mut args = Map::new();
        let mut set = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                args.insert(key.to_owned(), json!(value));
            }
        };
        set("activity", activity.map(str::to_owned));
        set("date", days.map(|days| days.from.to_string()));
        set("until", days.filter(|days| !days.is_one()).map(|days| days.until.to_string()));
        set("time", time.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)));
        let part =
            if self.windows.is_empty() { self.part } else { Part::holding(&self.windows).filter(|_| time.is_none()) };
        set("part_of_day", part.map(|part| part.name().to_owned()));
        set("crew", self.crew.clone());
        set("location", self.location.clone());
        Value::Object(args)
    }
}

/// Each of `items`, or one time nothing.
fn options<T: Clone>(items: &[T]) -> Vec<Option<T>> {
    if items.is_empty() { vec![None] } else { items.iter().cloned().map(Some).collect() }
}

/// "Anything tomorrow?", "che corsi ci sono giovedì?": the activity is left open on purpose.
fn asks_for_anything(meaning: &Meaning) -> bool {
    const ANYTHING: [&str; 14] = [
        "qualcosa",
        "qualsiasi",
        "qualunque",
        "anything",
        "something",
        "whatever",
        "corsi",
        "lezioni",
        "classi",
        "classes",
        "lessons",
        "sessions",
        "attivita",
        "activities",
    ];
    meaning.is(Intent::Timetable) || meaning.words().iter().any(|word| ANYTHING.contains(word))
}
