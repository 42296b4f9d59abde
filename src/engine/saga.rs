//! Steps that are undone when the workflow does not go through.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::{Cx, Job, Outcome, StepFailure, Stop};

type Undo<W> = Box<dyn FnOnce(Cx<W>) -> BoxFuture<'static, Outcome<Result<(), StepFailure>>> + Send>;

/// What undoes a step is the step of this name and its name.
pub(crate) const UNDO: &str = "undo ";
/// Wait before the undoing goes on when the database did not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// The steps of a workflow that have an opposite.
///
/// ```ignore
/// let mut saga = cx.saga();
/// let outcome = async {
///     let seat = saga.step("hold", HoldSeat { session }, |seat| ReleaseSeat { seat: seat.id }).await?;
///     cx.step("pay", TakePayment { seat: seat.id }).await
/// }.await;
/// saga.close(outcome).await
/// ```
pub struct Saga<W> {
    cx: Cx<W>,
    number: u32,
    opened: bool,
    undo: Vec<(String, Undo<W>)>,
}

/// A decision in the journal: this saga is being undone, and why. A replay comes to the same end.
#[derive(Clone)]
pub(crate) struct Undoing {
    saga: u32,
    stop: Stop,
}

impl Undoing {
    /// Marks begin like this; the saga's number follows.
    pub const MARK: &str = "undoing ";

    pub fn read(name: &str, said: &str) -> Option<Self> {
        let saga = name.strip_prefix(Self::MARK)?.parse().ok()?;
        let (how, why) = serde_json::from_str::<(String, String)>(said).ok()?;
        let stop = match how.as_str() {
            "cancel" => Stop::Cancel(why),
            "fail" => Stop::Fail(why),
            _ => Stop::retry(why),
        };
        Some(Self { saga, stop })
    }

    fn mark(saga: u32, stop: &Stop) -> (String, String) {
        let (how, why) = match stop {
            Stop::Cancel(why) => ("cancel", why.clone()),
            Stop::Fail(why) => ("fail", why.clone()),
            Stop::Retry { error, .. } => ("retry", error.clone()),
            other => ("retry", format!("{other:?}")),
        };
        (format!("{}{saga}", Self::MARK), serde_json::json!([how, why]).to_string())
    }
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    /// Begins to keep what has to be undone.
    #[must_use]
    pub fn saga(&self) -> Saga<W> {
        let number = self.awaiting(|awaiting| {
            awaiting.sagas += 1;
            awaiting.sagas
        });
        Saga { cx: self.clone(), number, opened: false, undo: Vec::new() }
    }

    /// Why the first saga that is not closed yet was being undone, in an earlier run.
    pub(crate) fn undoing(&self) -> Option<Stop> {
        self.awaiting(|awaiting| {
            awaiting.undoing.iter().min_by_key(|undoing| undoing.saga).map(|first| first.stop.clone())
        })
    }
}

impl<W: Clone + Send + Sync + 'static> Saga<W> {
    /// Runs a step and keeps the job that undoes it; that one runs as the step `undo NAME`.
    pub async fn step<J: Job<W>, U: Job<W>>(
        &mut self,
        name: &str,
        job: J,
        undo: impl FnOnce(&J::Output) -> U,
    ) -> Outcome<J::Output> {
        let output = self.cx.step(name, job).await?;
        let (undo, step) = (undo(&output), format!("{UNDO}{name}"));
        let run: Undo<W> = Box::new(move |cx| Box::pin(async move { Ok(cx.undo_step(&step, undo).await?.map(drop)) }));
        if !self.opened {
            self.opened = true;
            self.cx.run.pulse.open_saga();
        }
        self.undo.push((name.to_owned(), run));
        Ok(output)
    }

    /// Passes the outcome on. If it says that the workflow does not go through (it failed for good, it was cancelled, or
    /// its last attempt failed), what was done is undone first, in the opposite order, each step with its own attempts.
    /// A step that cannot be undone does not keep the others from it; then the workflow is dead and says what a person
    /// has to look after.
    pub async fn close<T>(mut self, outcome: Outcome<T>) -> Outcome<T> {
        let Some(stop) = self.reason(&outcome) else {
            if outcome.is_ok() {
                self.closed();
            }
            return outcome;
        };
        let left = self.undo_all(&stop).await.map_err(|stop| match stop {
            // It costs no attempt: there may be none left.
            Stop::Retry { error, .. } => Stop::snooze(PAUSE, format!("the undoing goes on: {error}")),
            stop => stop,
        })?;
        self.closed();
        if left.is_empty() {
            return Err(stop);
        }
        Err(Stop::fail(format!("needs a person: not undone: {}; why it was to be undone: {stop:?}", left.join(", "))))
    }

    /// Why the steps have to be undone, if they have to.
    fn reason<T>(&self, outcome: &Outcome<T>) -> Option<Stop> {
        if matches!(outcome, Err(Stop::Parked { .. } | Stop::Fenced)) {
            return None;
        }
        let decided =
            self.cx.awaiting(|awaiting| awaiting.undoing.iter().find(|undoing| undoing.saga == self.number).cloned());
        if let Some(decided) = decided {
            return Some(decided.stop);
        }
        let stop = outcome.as_ref().err()?;
        match stop {
            Stop::Fail(_) | Stop::Cancel(_) => Some(stop.clone()),
            _ if self.cx.is_cancelled() => Some(self.cx.cancelled_stop()),
            Stop::Retry { after, .. } => self.cx.is_last_attempt(*after).then(|| stop.clone()),
            Stop::Snooze { .. } | Stop::Parked { .. } | Stop::Fenced => None,
        }
    }

    /// Returns what could not be undone.
    async fn undo_all(&mut self, stop: &Stop) -> Outcome<Vec<String>> {
        let mut left = not_reached(&self.cx, stop).await?;
        if self.undo.is_empty() {
            return Ok(left);
        }
        let (mark, why) = Undoing::mark(self.number, stop);
        self.cx.mark(&mark, &why).await?;
        self.cx.run.pulse.set_undoing(true);
        while let Some((name, undo)) = self.undo.pop() {
            if let Err(failure) = undo(self.cx.clone()).await? {
                left.push(format!("{name} ({})", failure.error));
            }
        }
        Ok(left)
    }

    fn closed(&mut self) {
        let pulse = &self.cx.run.pulse;
        pulse.set_undoing(false);
        if self.opened {
            pulse.close_saga();
        }
        self.cx.awaiting(|awaiting| awaiting.undoing.retain(|undoing| undoing.saga != self.number));
    }
}

/// Steps of earlier runs that this one, whose last attempt failed, did not come to.
async fn not_reached<W: Clone + Send + Sync + 'static>(cx: &Cx<W>, stop: &Stop) -> Outcome<Vec<String>> {
    let knew_nothing = cx.run.journal.get().is_none();
    cx.journal().await?;
    if !matches!(stop, Stop::Retry { .. }) || cx.undoing().is_some() {
        return Ok(Vec::new());
    }
    let left = cx.unasked(|name| !name.starts_with(UNDO)).await;
    if knew_nothing && !left.is_empty() {
        return Err(stop.clone());
    }
    Ok(left.into_iter().map(|name| format!("{name} (the run did not come to it)")).collect())
}
