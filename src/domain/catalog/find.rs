//! Finding sessions that fit what a customer asked for.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::row::{self, Row};
use super::{Asker, SessionView, known, lenient, near};
use crate::calendar;

/// At most so many sessions are told: a WhatsApp list has ten rows.
pub(super) const MOST: usize = 10;
/// How far ahead is looked when no date was named.
const HORIZON: TimeDelta = TimeDelta::days(28);

/// What the customer asked for; all that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindSessions {
    /// In the customer's words: "yoga".
    #[serde(deserialize_with = "lenient::text")]
    pub activity: Option<String>,
    /// The local day; with `until`, the first one.
    #[serde(deserialize_with = "lenient::parsed")]
    pub date: Option<NaiveDate>,
    /// The last local day.
    #[serde(deserialize_with = "lenient::parsed")]
    pub until: Option<NaiveDate>,
    /// The local time of the start.
    #[serde(deserialize_with = "lenient::time")]
    pub time: Option<NaiveTime>,
    /// Roughly when in the day.
    #[serde(deserialize_with = "lenient::parsed")]
    pub part_of_day: Option<PartOfDay>,
    /// Who should lead it, in the customer's words.
    #[serde(deserialize_with = "lenient::text")]
    pub crew: Option<String>,
    /// Where, in the customer's words.
    #[serde(deserialize_with = "lenient::text")]
    pub location: Option<String>,
}

/// A stretch of the day. "Afternoon" and "evening" share the hour that both words are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartOfDay {
    /// Before noon.
    Morning,
    /// From noon to six.
    Afternoon,
    /// From five.
    Evening,
}

impl PartOfDay {
    pub(super) fn has(self, time: NaiveTime) -> bool {
        match self {
            Self::Morning => time.hour() < 12,
            Self::Afternoon => (12..18).contains(&time.hour()),
            Self::Evening => time.hour() >= 17,
        }
    }
}

impl std::str::FromStr for PartOfDay {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "morning" => Ok(Self::Morning),
            "afternoon" => Ok(Self::Afternoon),
            "evening" => Ok(Self::Evening),
            _ => Err("not a part of the day; use morning, afternoon or evening"),
        }
    }
}

/// How well the sessions fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// In everything that was asked for.
    Exact,
    /// The nearest there are to it.
    Near,
    /// There is nothing like it.
    None,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How well the sessions fit.
    #[serde(rename = "match")]
    pub fit: Match,
    /// At most ten; exact ones soonest first, near ones nearest first. A full one has no spots left.
    pub sessions: Vec<SessionView>,
    /// All that the business offers, in the customer's language.
    pub known_activities: Vec<String>,
}

/// A question with its names resolved.
pub(super) struct Wanted<'a> {
    pub wish: &'a FindSessions,
    pub crew: Option<Vec<i64>>,
    pub location: Option<Vec<i64>>,
}

/// Finds what fits; when nothing does, what comes nearest.
pub async fn find_sessions(conn: &mut PgConnection, asker: &Asker, wish: &FindSessions) -> sqlx::Result<Found> {
    let services = known::services(conn).await?;
    let known_activities = services.iter().map(|service| service.name.say(asker.language).to_owned()).collect();
    let nothing = Found { fit: Match::None, sessions: Vec::new(), known_activities };
    let services = wish.activity.as_deref().map(|activity| known::fitting(&services, activity));
    if services.as_ref().is_some_and(Vec::is_empty) {
        return Ok(nothing);
    }
    let wanted = Wanted {
        wish,
        crew: known::crew_named(conn, wish.crew.as_deref()).await?,
        location: known::locations_named(conn, wish.location.as_deref()).await?,
    };
    let candidates = candidates(conn, asker, wish, services.as_deref()).await?;
    let exact: Vec<_> = candidates.iter().filter(|row| wanted.fits(row, asker)).take(MOST).collect();
    let (fit, rows) = if exact.is_empty() {
        (Match::Near, near::nearest(&candidates, &wanted, asker))
    } else {
        (Match::Exact, exact)
    };
    let fit = if rows.is_empty() { Match::None } else { fit };
    Ok(Found { fit, sessions: rows.into_iter().map(|row| row.view(asker)).collect(), ..nothing })
}

/// Everything bookable of the services, far enough ahead to hold the days that were named.
async fn candidates(
    conn: &mut PgConnection,
    asker: &Asker,
    wish: &FindSessions,
    services: Option<&[i64]>,
) -> sqlx::Result<Vec<Row>> {
    let named = wish.until.max(wish.date).and_then(|day| day.succ_opt());
    let named_end = named.map(|day| calendar::instant(day.and_time(NaiveTime::MIN), asker.zone));
    let until = named_end.unwrap_or(asker.now).max(asker.now + HORIZON);
    row::between(conn, asker, asker.now, until, services).await
}

impl Wanted<'_> {
    fn fits(&self, row: &Row, asker: &Asker) -> bool {
        let local = row.local_start(asker.zone);
        self.right_day(local) && self.right_time(local.time()) && self.right_crew(row) && self.right_place(row)
    }

    fn right_day(&self, local: NaiveDateTime) -> bool {
        let last = self.wish.until.max(self.wish.date);
        self.wish.date.is_none_or(|first| local.date() >= first) && last.is_none_or(|last| local.date() <= last)
    }

    fn right_time(&self, time: NaiveTime) -> bool {
        self.wish.time.is_none_or(|wanted| time == wanted) && self.wish.part_of_day.is_none_or(|part| part.has(time))
    }

    pub(super) fn right_crew(&self, row: &Row) -> bool {
        self.crew.as_ref().is_none_or(|ids| row.crew_id.is_some_and(|id| ids.contains(&id.0)))
    }

    pub(super) fn right_place(&self, row: &Row) -> bool {
        self.location.as_ref().is_none_or(|ids| ids.contains(&row.location_id.0))
    }
}
