//! Finding jobs, newest first, page by page, within a budget of time however long the history is.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    JobLine, Query, line, matching,
    source::{Source, Stretch},
    want::{Want, id_time},
};
use crate::Sight;

/// Jobs on a page, unless another number is asked for.
pub const PAGE: i64 = 50;
/// The most jobs on a page.
const LONGEST_PAGE: i64 = 500;
/// No stretch is begun that would probably end later than so long after the search began.
const BUDGET: Duration = Duration::from_millis(60);
/// A stretch that took less may be followed by a longer one.
const SHORT: Duration = Duration::from_millis(10);
/// One that took longer is followed by a shorter one.
const LONG: Duration = Duration::from_millis(20);
/// Jobs of the shortest stretch after the first, and of the longest.
const SHORTEST: i64 = 500;
const LONGEST: i64 = 20_000;

/// Where a page begins. As text it is `before-ID` or `after-ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// The newest jobs before this id.
    Before(i64),
    /// The oldest jobs after this id.
    After(i64),
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Where it begins; none: with the newest job.
    pub cursor: Option<Cursor>,
    /// The most jobs on it, up to 500.
    pub size: i64,
}

impl Default for Page {
    fn default() -> Self {
        Self { cursor: None, size: PAGE }
    }
}

/// A page of jobs.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Newest first.
    pub jobs: Vec<JobLine>,
    /// Where older ones go on, if there may be any.
    pub older: Option<Cursor>,
    /// Where newer ones go on, if there may be any.
    pub newer: Option<Cursor>,
    /// How far the search came, where its time was over before the page was full.
    pub looked_back_to: Option<DateTime<Utc>>,
    /// The page is full, or there is nothing more. Otherwise the cursor goes on with the search.
    pub complete: bool,
}

/// How many jobs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// At least so many.
    pub n: i64,
    /// There are more, or there may be: the search ended at its cap or its budget.
    pub more: bool,
}

/// The jobs that fit, of those that somebody may see. `only`: none but these, and what came of them (see
/// [`Query::subjects`]). Stable while jobs come in: a page begins at an id, not at a number.
pub async fn find(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
    only: Option<&[i64]>,
    page: &Page,
) -> sqlx::Result<Found> {
    let size = page.size.clamp(1, LONGEST_PAGE);
    let want = Want::of(conn, sight, query, only).await?;
    let mut search = Search::new(conn, want, page.cursor).await?;
    let mut ids = search.go(conn, size + 1).await?;
    let fits = usize::try_from(size).unwrap_or(usize::MAX);
    let full = ids.len() > fits;
    ids.truncate(fits);
    let older_end = if full { ids.last().copied() } else { search.unsearched() };
    if !search.back {
        ids.reverse();
    }
    let jobs = line::of(conn, &ids).await?;
    let complete = full || search.over;
    let (older, newer) = search.cursors(page.cursor, (ids.first().copied(), ids.last().copied()), older_end);
    let looked_back_to = if complete { None } else { search.unsearched().and_then(id_time) };
    Ok(Found { jobs, older, newer, looked_back_to, complete })
}

/// The ids of those that fit, newest first: up to `cap` of them, and those that are found in `patience`. True: there are
/// more, or may be.
pub async fn ids(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
    only: Option<&[i64]>,
    cap: usize,
    patience: Duration,
) -> sqlx::Result<(Vec<i64>, bool)> {
    let want = Want::of(conn, sight, query, only).await?;
    let mut search = Search::new(conn, want, None).await?;
    let (begun, mut ids) = (Instant::now(), Vec::new());
    loop {
        let missing = cap.saturating_add(1) - ids.len();
        ids.extend(search.go(conn, i64::try_from(missing.min(20_000)).unwrap_or(1)).await?);
        if search.over || ids.len() > cap || begun.elapsed() >= patience {
            let more = !search.over || ids.len() > cap;
            ids.truncate(cap);
            return Ok((ids, more));
        }
    }
}

/// How many fit, up to `cap`, and up to what a look in reasonable time finds.
pub async fn count(
    conn: &mut PgConnection,
    sight: Sight,
    query: &Query,
    only: Option<&[i64]>,
    cap: i64,
) -> sqlx::Result<Count> {
    let want = Want::of(conn, sight, query, only).await?;
    let mut search = Search::new(conn, want, None).await?;
    let found = i64::try_from(search.go(conn, cap.max(0).saturating_add(1)).await?.len()).unwrap_or(i64::MAX);
    Ok(Count { n: found.min(cap.max(0)), more: found > cap || !search.over })
}

/// A search on its way.
struct Search {
    want: Want,
    source: Source,
    /// Towards the past.
    back: bool,
    /// What is not searched yet.
    left: (i64, i64),
    /// Nothing is left.
    over: bool,
}

impl Search {
    async fn new(conn: &mut PgConnection, want: Want, cursor: Option<Cursor>) -> sqlx::Result<Self> {
        let source = Source::of(conn, &want).await?;
        let (low, high) = want.ids_between;
        let (left, back) = match cursor {
            None => ((low, high), true),
            Some(Cursor::Before(id)) => ((low, high.min(id)), true),
            Some(Cursor::After(id)) => ((low.max(id.saturating_add(1)), high), false),
        };
        Ok(Self { want, source, back, left, over: false })
    }

    /// Up to so many ids, in the direction of the search.
    async fn go(&mut self, conn: &mut PgConnection, most: i64) -> sqlx::Result<Vec<i64>> {
        let (begun, mut length, mut ids) = (Instant::now(), self.source.first_length(), Vec::new());
        loop {
            let before = begun.elapsed();
            let stretch = self.source.next(conn, &self.want, self.left, self.back, length).await?;
            let missing = most - i64::try_from(ids.len()).unwrap_or(most);
            ids.extend(matching::ids(conn, &self.want, &stretch, self.back, missing).await?);
            self.leave_behind(&stretch);
            let elapsed = begun.elapsed();
            let took = elapsed.saturating_sub(before);
            let left = BUDGET.saturating_sub(elapsed);
            if self.over || i64::try_from(ids.len()).is_ok_and(|found| found >= most) || took >= left {
                return Ok(ids);
            }
            length = next_length(length, took, left);
        }
    }

    const fn leave_behind(&mut self, stretch: &Stretch) {
        self.left = if self.back { (self.left.0, stretch.low) } else { (stretch.high, self.left.1) };
        self.over = stretch.last;
    }

    /// The id at which the search goes on.
    const fn unsearched(&self) -> Option<i64> {
        match (self.over, self.back) {
            (true, _) => None,
            (false, true) => Some(self.left.1),
            (false, false) => Some(self.left.0),
        }
    }

    /// Older and newer than this page, whose search goes on at `end`.
    fn cursors(
        &self,
        cursor: Option<Cursor>,
        (newest, oldest): (Option<i64>, Option<i64>),
        end: Option<i64>,
    ) -> (Option<Cursor>, Option<Cursor>) {
        if self.back {
            let before = match cursor {
                Some(Cursor::Before(id)) => Some(id - 1),
                _ => None,
            };
            (end.map(Cursor::Before), before.map(|before| Cursor::After(newest.unwrap_or(before))))
        } else {
            let from = match cursor {
                Some(Cursor::After(id)) => id + 1,
                _ => self.left.0,
            };
            // What `end` says of a search towards the future is newer; its own id is not searched if it is not on the page.
            let newer = end.map(|end| Cursor::After(if Some(end) == newest { end } else { end - 1 }));
            (Some(Cursor::Before(oldest.unwrap_or(from))), newer)
        }
    }
}

/// After a stretch of this length that took so long, with so much time left.
fn next_length(length: i64, took: Duration, left: Duration) -> i64 {
    let next = if took < SHORT && took * 4 < left {
        length * 4
    } else if took > LONG {
        length / 2
    } else {
        length
    };
    next.clamp(SHORTEST, LONGEST)
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(id) => write!(f, "before-{id}"),
            Self::After(id) => write!(f, "after-{id}"),
        }
    }
}

/// It is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is `before-ID` or `after-ID`")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (side, id) = text.split_once('-').ok_or(NoCursor)?;
        let id: i64 = id.parse().ok().filter(|id| *id >= 0).ok_or(NoCursor)?;
        match side {
            "before" => Ok(Self::Before(id)),
            "after" => Ok(Self::After(id)),
            _ => Err(NoCursor),
        }
    }
}
