//! What the engine is to do, in the plainest form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A type of job: the names of its limits.
pub struct Kind {
    pub id: i16,
    pub limits: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// May start as soon as lane, limits and pauses let it: ready, blocked or held.
    Waiting,
    /// Starts later.
    Later,
    Running {
        worker: i64,
        claim: i64,
    },
    Ended(i16),
}

#[derive(Debug, Clone)]
pub struct Job {
    pub kind: usize,
    pub tenant: i64,
    pub lane: Option<usize>,
    pub limit_key: Option<usize>,
    pub place: Place,
    pub attempts: i16,
    pub losses: i16,
    /// Has started and not ended: keeps its lane.
    pub holds: bool,
    /// Came into its lane out of turn: put in for later, retried, or committed after others.
    pub late: bool,
}

/// What a limit counts under: rule, tenant, key.
pub type Gate = (&'static str, i64, String);

#[derive(Default)]
pub struct Model {
    pub jobs: BTreeMap<i64, Job>,
    pub open: BTreeSet<i64>,
    /// Open jobs that go one at a time, or a few: in lanes, and behind limits.
    pub narrow: usize,
    pub ended: BTreeSet<i64>,
    pub running: BTreeMap<i64, BTreeSet<i64>>,
    lanes: HashMap<usize, BTreeSet<i64>>,
    /// How many run behind each limit.
    pub counts: BTreeMap<Gate, usize>,
    pub limits: HashMap<&'static str, usize>,
    pub keys: HashMap<(i64, i16, String), i64>,
    pub paused_kinds: BTreeSet<usize>,
    pub paused_tenants: BTreeSet<i64>,
    /// Jobs that each claim has left.
    pub claims: BTreeMap<i64, BTreeSet<i64>>,
    pub emptied: BTreeSet<i64>,
}

impl Model {
    fn is_narrow(job: &Job) -> bool {
        job.lane.is_some() || job.kind >= super::stage::GATED
    }

    pub fn gates(job: &Job, kind: &Kind) -> Vec<Gate> {
        let gate = |rule: &&'static str| match *rule {
            "everywhere" => (*rule, -1, String::new()),
            "by_tenant" => (*rule, job.tenant, String::new()),
            _ => (*rule, job.tenant, job.limit_key.map(|key| key.to_string()).unwrap_or_default()),
        };
        kind.limits.iter().map(gate).collect()
    }

    pub fn put(&mut self, id: i64, job: Job) {
        if let Some(lane) = job.lane {
            self.lanes.entry(lane).or_default().insert(id);
        }
        self.open.insert(id);
        self.narrow += usize::from(Self::is_narrow(&job));
        let before = self.jobs.insert(id, job);
        assert!(before.is_none(), "two jobs have the id {id}");
    }

    /// Why this job may not start now.
    pub fn objection(&self, id: i64) -> Option<String> {
        let Some(job) = self.jobs.get(&id) else { return Some("nobody put it in".to_owned()) };
        if job.place != Place::Waiting {
            return Some(format!("it is {:?}", job.place));
        }
        let lane = job.lane.and_then(|lane| self.lanes.get(&lane))?;
        for (other, before) in lane.iter().filter(|other| **other != id).map(|other| (*other, &self.jobs[other])) {
            if before.holds {
                return Some(format!("job {other} has its lane: {before:?}"));
            }
            if other < id && before.place == Place::Waiting && !before.late {
                return Some(format!("job {other} comes before it in its lane: {before:?}"));
            }
        }
        None
    }

    pub fn start(&mut self, id: i64, worker: i64, claim: i64, kinds: &[Kind]) {
        let job = self.jobs.get_mut(&id).unwrap();
        (job.place, job.holds) = (Place::Running { worker, claim }, true);
        self.running.entry(worker).or_default().insert(id);
        self.claims.entry(claim).or_default().insert(id);
        for gate in Self::gates(&self.jobs[&id], &kinds[self.jobs[&id].kind]) {
            *self.counts.entry(gate).or_default() += 1;
        }
    }

    pub fn is_paused(&self, job: &Job) -> bool {
        self.paused_kinds.contains(&job.kind) || self.paused_tenants.contains(&job.tenant)
    }

    /// Takes a running job out of its claim.
    pub fn leave(&mut self, id: i64, kinds: &[Kind]) {
        let Place::Running { worker, claim } = self.jobs[&id].place else { panic!("job {id} does not run") };
        self.running.get_mut(&worker).unwrap().remove(&id);
        let left = self.claims.get_mut(&claim).unwrap();
        left.remove(&id);
        if left.is_empty() {
            self.claims.remove(&claim);
            self.emptied.insert(claim);
        }
        for gate in Self::gates(&self.jobs[&id], &kinds[self.jobs[&id].kind]) {
            *self.counts.get_mut(&gate).unwrap() -= 1;
        }
    }

    pub fn end(&mut self, id: i64, outcome: i16) {
        let job = self.jobs.get_mut(&id).unwrap();
        (job.place, job.holds) = (Place::Ended(outcome), false);
        if let Some(lane) = job.lane {
            self.lanes.get_mut(&lane).unwrap().remove(&id);
        }
        self.open.remove(&id);
        self.narrow -= usize::from(Self::is_narrow(&self.jobs[&id]));
        self.ended.insert(id);
    }

    pub fn again(&mut self, id: i64) {
        let job = self.jobs.get_mut(&id).unwrap();
        (job.place, job.attempts, job.losses, job.late) = (Place::Waiting, 0, 0, true);
        if let Some(lane) = job.lane {
            self.lanes.entry(lane).or_default().insert(id);
        }
        self.ended.remove(&id);
        self.open.insert(id);
        self.narrow += usize::from(Self::is_narrow(&self.jobs[&id]));
    }
}
