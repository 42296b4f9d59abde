//! The address of a part of the audit.

use chrono_tz::Tz;
use domain::staff::{StaffId, audit::Filter};
use serde::Deserialize;

use crate::console::{bulk::moment::moment, shell::link};

/// What is asked for, as it was written: what cannot be read does not matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The id of an account.
    pub who: String,
    /// `job.retry`, or `job` for all that was done to jobs.
    pub act: String,
    /// `job 12`
    pub target: String,
    /// At or after this time.
    pub since: String,
    /// Before this time.
    pub until: String,
    /// Older than this row.
    pub before: String,
}

impl Asked {
    pub fn who(&self) -> Option<StaffId> {
        self.who.trim().parse().ok().map(StaffId)
    }

    pub fn before(&self) -> Option<i64> {
        self.before.parse().ok()
    }

    pub fn is_any(&self) -> bool {
        [&self.who, &self.act, &self.target, &self.since, &self.until].iter().any(|text| !text.trim().is_empty())
    }

    /// Times are those of `zone`.
    pub fn filter(&self, zone: Tz) -> Filter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            who: self.who(),
            act: given(&self.act),
            target: given(&self.target),
            since: moment(self.since.trim(), zone),
            until: moment(self.until.trim(), zone),
        }
    }

    /// Where the same is, older than the row `before`.
    pub fn address(&self, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let parts = [
            ("who", &self.who),
            ("act", &self.act),
            ("target", &self.target),
            ("since", &self.since),
            ("until", &self.until),
            ("before", &before),
        ];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = parts.map(|(name, value)| format!("{name}={}", link::escape(value))).collect();
        if query.is_empty() { "/ops/audit".to_owned() } else { format!("/ops/audit?{}", query.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            act: "job".to_owned(),
            target: "job 12".to_owned(),
            since: "2026-11-22T10:30".to_owned(),
            before: "9".to_owned(),
            ..Asked::default()
        }
    }

    #[test]
    fn every_page_of_every_filter_has_an_address() {
        assert_eq!(asked().address(Some(7)), "/ops/audit?act=job&target=job%2012&since=2026-11-22T10%3A30&before=7");
        assert_eq!(asked().address(None), "/ops/audit?act=job&target=job%2012&since=2026-11-22T10%3A30");
        assert_eq!(Asked::default().address(None), "/ops/audit");
    }

    #[test]
    fn what_cannot_be_read_does_not_matter() {
        let filter =
            Asked { who: "x".to_owned(), until: "soon".to_owned(), act: " ".to_owned(), ..asked() }.filter(Tz::UTC);
        assert_eq!((filter.who, filter.until, filter.act), (None, None, None));
        assert_eq!(filter.target.as_deref(), Some("job 12"));
        assert_eq!(filter.since.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-22T10:30:00+00:00"));
        assert!(!Asked::default().is_any() && asked().is_any());
    }
}
