//! What a workflow did before: the rows that a replay reads instead of doing it again.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde_json::value::RawValue;

use crate::{Cx, Job, Outcome, Stop, saga::Undoing, step::Step, waiters::Ended};

/// Marks of [`Cx::patched`] begin like this.
pub(crate) const PATCH: &str = "patch ";
/// The branches of a replay that run side by side reach what is recorded within this time of each other.
const SIDE_BY_SIDE: Duration = Duration::from_secs(1);

/// Everything that is recorded, by its name.
pub(crate) type Journal = HashMap<String, Entry>;

/// One name.
pub(crate) enum Entry {
    Child {
        id: i64,
        kind: Option<String>,
        ended: Option<Ended>,
    },
    /// A sleep, a signal or a mark.
    Note {
        output: Option<String>,
        /// The wait ended with its time.
        over: bool,
    },
}

impl Entry {
    pub fn step<W, J: Job<W>>(&self, name: &str) -> Outcome<Step> {
        let Self::Child { id, kind, ended } = self else {
            return Err(Stop::fail(format!("step {name} is recorded as a wait: give the new step a new name")));
        };
        let known = |kind: &str| kind == J::NAME || J::FORMER_NAMES.contains(&kind);
        if !kind.as_deref().is_some_and(known) {
            return Err(Stop::fail(format!(
                "the code has changed under this run: step {name} is recorded as another kind than {}: give the new step a new name",
                J::NAME
            )));
        }
        Ok(match ended {
            Some(ended) => Step::Ended(ended.clone()),
            None => Step::Open { child: *id, since_before: true },
        })
    }

    fn is_mark(&self, name: &str) -> bool {
        matches!(self, Self::Note { .. }) && (name.starts_with(PATCH) || name.starts_with(Undoing::MARK))
    }
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    /// Whether this run takes a new branch of the code: true for runs that get here for the first time, false for those
    /// that were past this point when the code changed. What was said once stays said.
    ///
    /// Ask it where the old code went another way. When no old run is left, drop the old branch and keep the question;
    /// when no run that asked is left, drop the question, too.
    pub async fn patched(&self, name: &str) -> Outcome<bool> {
        let mark = format!("{PATCH}{name}");
        self.use_name(&mark)?;
        if let Some(Entry::Note { output, .. }) = self.journal().await?.get(&mark) {
            return Ok(output.as_deref() == Some("true"));
        }
        let new = self.awaiting(|awaiting| awaiting.unasked.is_empty());
        Ok(self.mark(&mark, &new.to_string()).await? == "true")
    }

    /// Notes a decision, once: returns what stands there.
    pub(crate) async fn mark(&self, name: &str, value: &str) -> Outcome<String> {
        let said = sqlx::query_scalar!(
            "select holdfast.mark($1, $2, $3, $4::text::json)::text",
            self.run.claimed.claim,
            self.id(),
            name,
            value
        )
        .fetch_one(self.pool())
        .await?;
        said.ok_or(Stop::Fenced)
    }

    pub(crate) async fn journal(&self) -> Outcome<&Journal> {
        self.run.journal.get_or_try_init(|| self.load_journal()).await
    }

    /// What is recorded under this name, where this run is a replay.
    pub(crate) fn recorded(&self, name: &str) -> Option<&Entry> {
        self.run.journal.get()?.get(name)
    }

    /// Whether the workflow has begun anything.
    pub(crate) async fn has_begun(&self) -> bool {
        // When it cannot be told now, the attempt finds out.
        self.journal().await.is_ok_and(|journal| !journal.is_empty()) || self.run.journal.get().is_none()
    }

    /// Something that is not recorded begins only when this run has come to all that is; otherwise other code than this
    /// began it, and might do the same under other names.
    pub(crate) async fn begin_new(&self, name: &str) -> Outcome<()> {
        if self.run.journal.get().is_none() || self.run.pulse.is_undoing() {
            return Ok(());
        }
        if let Some(stop) = self.undoing() {
            return Err(stop);
        }
        let left = self.unasked(|_| true).await;
        if left.is_empty() {
            return Ok(());
        }
        Err(changed(&left, &format!("asks for {name} first")))
    }

    /// A run that ends without having asked for what it once did was continued by other code than began it.
    pub(crate) fn check_journal(&self) -> Outcome<()> {
        let left = self.awaiting(|awaiting| awaiting.unasked.iter().cloned().collect::<Vec<_>>());
        if left.is_empty() { Ok(()) } else { Err(changed(&left, "never asks for it now")) }
    }

    /// What is recorded and was not asked for, once those who run side by side have had their turn.
    pub(crate) async fn unasked(&self, of: impl Fn(&str) -> bool) -> Vec<String> {
        let look = || self.awaiting(|awaiting| awaiting.unasked.iter().filter(|name| of(name)).cloned().collect());
        let mut left: Vec<String> = look();
        let mut since = Instant::now();
        while !left.is_empty() && since.elapsed() < SIDE_BY_SIDE {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let now = look();
            if now.len() < left.len() {
                since = Instant::now();
            }
            left = now;
        }
        left
    }

    async fn load_journal(&self) -> Outcome<Journal> {
        let rows = sqlx::query!(
            r#"select s.name as "name!", s.child, s.output::text as note, coalesce(s.wake_at = '-infinity', false) as "over!",
                      k.name as "kind?", d.outcome as "outcome?", d.output::text as output
               from holdfast.step s
               left join holdfast.job j on j.id = s.child
               left join holdfast.kind k on k.id = j.kind
               left join holdfast.done d on d.id = s.child
               where s.parent = $1"#,
            self.id(),
        )
        .fetch_all(self.pool())
        .await?;
        let entries = rows.into_iter().map(|row| {
            let Some(id) = row.child else { return Ok((row.name, Entry::Note { output: row.note, over: row.over })) };
            let ended = row.outcome.map(|outcome| Ended::read(outcome, row.output)).transpose()?;
            Ok((row.name, Entry::Child { id, kind: row.kind, ended }))
        });
        let journal = entries.collect::<Outcome<Journal>>()?;
        let undoing = journal.iter().filter_map(|(name, entry)| match entry {
            Entry::Note { output: Some(output), .. } => Undoing::read(name, output),
            _ => None,
        });
        self.awaiting(|awaiting| {
            let left = journal.iter().filter(|(name, entry)| !entry.is_mark(name) && !awaiting.names.contains(*name));
            awaiting.unasked = left.map(|(name, _)| name.clone()).collect();
            awaiting.undoing = undoing.collect();
        });
        Ok(journal)
    }
}

fn changed(left: &[String], how: &str) -> Stop {
    let mut left = left.to_vec();
    left.sort_unstable();
    Stop::retry(format!(
        "the code has changed under this run: it did {} before and {how}; keep the old branch with Cx::patched",
        left.join(", ")
    ))
}

impl Ended {
    /// As the database has it.
    pub fn read(outcome: i16, output: Option<String>) -> Outcome<Self> {
        let output = output.map(RawValue::from_string).transpose()?;
        Ok(Self { outcome, output })
    }
}
