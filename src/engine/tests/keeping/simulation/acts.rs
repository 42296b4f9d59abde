//! What can happen: chosen by chance, done in SQL, checked, and then told to the model.

use std::collections::BTreeSet;

use sqlx::{PgConnection, Row};

use super::{
    model::{Job, Place},
    stage::{GATED, LANES, Stage},
};

/// Waiting jobs beyond which nothing more is put in.
const BACKLOG: usize = 5000;
/// Of them in lanes and behind limits, which leave slowly.
const NARROW: usize = 1000;
const TENANTS: usize = 5;

/// The number of a worker, of jobs, of a type of job; counted from 0 where it is an index.
#[derive(Debug, Clone)]
pub enum Act {
    Put { kind: usize, tenant: i64, jobs: Vec<(Option<usize>, Option<usize>, String)>, later: bool },
    Claim { worker: i64, free: Vec<(usize, i32)> },
    Finish { worker: i64, jobs: Vec<(i64, i16)>, keeps: Option<usize> },
    Postpone { worker: i64, jobs: Vec<i64>, failed: bool, later: bool },
    Rescue { worker: Option<i64> },
    Disown { worker: i64, claim: i64 },
    TakenOver,
    Cancel(Vec<i64>),
    Retry(Vec<i64>),
    Due(Vec<i64>),
    Pause { kind: Option<usize>, tenant: Option<i64> },
    Resume,
    Limit(&'static str, usize),
    Tend,
    Age,
}

/// Its id, and the tenant, type and text of its key.
type NewJob = (i64, Job, Option<(i64, i16, String)>);

/// What came of it.
pub enum Done {
    Put(Vec<NewJob>),
    Claimed { worker: i64, claim: i64, jobs: Vec<i64> },
    Finished { worker: i64, jobs: Vec<(i64, i16)>, emptied: Vec<i64>, handed: Vec<(i64, i64)> },
    Postponed { jobs: Vec<i64>, failed: bool, later: bool },
    Lost { jobs: Vec<i64>, dead: Option<(i64, i64)> },
    Cancelled(Vec<i64>),
    Retried(Vec<i64>),
    Due(Vec<i64>),
    Paused { kind: Option<usize>, tenant: Option<i64> },
    Resumed,
    Limited(&'static str, usize),
    Nothing,
}

impl Done {
    /// Running jobs that nobody else may settle before this is committed.
    pub fn touched(&self) -> BTreeSet<i64> {
        match self {
            Self::Finished { jobs, .. } => jobs.iter().map(|job| job.0).collect(),
            Self::Postponed { jobs, .. } => jobs.iter().copied().collect(),
            _ => BTreeSet::new(),
        }
    }
}

impl Act {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Put { .. } => "put",
            Self::Claim { .. } => "claim",
            Self::Finish { .. } => "finish",
            Self::Postpone { .. } => "postpone",
            Self::Rescue { .. } => "rescue",
            Self::Disown { .. } => "disown",
            Self::TakenOver => "a late word of a dead worker",
            Self::Cancel(_) => "cancel",
            Self::Retry(_) => "retry",
            Self::Due(_) => "due",
            Self::Pause { .. } => "pause",
            Self::Resume => "resume",
            Self::Limit(..) => "limit",
            Self::Tend => "tend",
            Self::Age => "age",
        }
    }
}

impl Stage {
    pub fn choose(&mut self) -> Act {
        let worker = self.workers[self.dice.below(self.workers.len())];
        let running: Vec<i64> = self.model.running.get(&worker).into_iter().flatten().copied().collect();
        let running: Vec<i64> = running.into_iter().filter(|job| !self.busy.contains(job)).collect();
        match self.dice.below(1000) {
            0..220 if self.model.open.len() < BACKLOG => self.choose_put(),
            0..500 => self.choose_claim(worker),
            500..780 => {
                let jobs = self.dice.some(&running, 800);
                let jobs = jobs.into_iter().map(|job| (job, [0, 0, 0, 0, 1, 2][self.dice.below(6)])).collect();
                Act::Finish { worker, jobs, keeps: self.dice.percent(50).then(|| self.dice.below(2)) }
            }
            780..860 => Act::Postpone {
                worker,
                jobs: self.dice.some(&running, 30),
                failed: self.dice.percent(60),
                later: self.dice.percent(40),
            },
            860..890 => {
                let later = self.find(|place| place == Place::Later);
                Act::Due(self.dice.some(&later, 200))
            }
            890..905 => Act::Rescue { worker: self.dice.percent(80).then_some(worker) },
            905..915 => {
                let jobs = &self.model.jobs;
                let Some(Place::Running { claim, .. }) = running.first().map(|job| jobs[job].place) else {
                    return Act::Tend;
                };
                Act::Disown { worker, claim }
            }
            915..925 => Act::TakenOver,
            925..945 => {
                let mut jobs = self.find(|_| true);
                jobs.extend(self.model.ended.iter().rev().take(5));
                let most = 1 + self.dice.below(20);
                Act::Cancel(self.dice.some(&jobs, most))
            }
            945..960 => {
                let ended: Vec<i64> = self.model.ended.iter().rev().take(400).copied().collect();
                Act::Retry(self.dice.some(&ended, 20))
            }
            960..965 => Act::Pause { kind: Some(self.dice.below(self.kinds.len())), tenant: None },
            965..970 => Act::Pause { kind: None, tenant: Some(self.tenant()) },
            970..980 => Act::Resume,
            980..985 => {
                let limit = ["everywhere", "by_tenant", "by_key"][self.dice.below(3)];
                Act::Limit(limit, 1 + self.dice.below(10))
            }
            985..990 => Act::Age,
            _ => Act::Tend,
        }
    }

    fn tenant(&mut self) -> i64 {
        i64::try_from(self.dice.below(TENANTS)).unwrap() + 1
    }

    fn find(&self, wanted: impl Fn(Place) -> bool) -> Vec<i64> {
        self.model.open.iter().copied().filter(|job| wanted(self.model.jobs[job].place)).collect()
    }

    fn choose_put(&mut self) -> Act {
        let wide = self.model.narrow > NARROW;
        let (laned, keyed) = (!wide && self.dice.percent(40), self.dice.percent(15));
        let most = 1 + self.dice.below(if laned || keyed { 100 } else { 600 });
        let jobs = (0..most).map(|_| {
            let lane = laned.then(|| self.dice.below(LANES));
            let key = if keyed { format!("key {}", self.dice.below(3000)) } else { String::new() };
            (lane, self.dice.percent(80).then(|| self.dice.below(6)), key)
        });
        let jobs = jobs.collect();
        let kind =
            if wide || self.dice.percent(50) { self.dice.below(GATED) } else { self.dice.below(self.kinds.len()) };
        Act::Put { kind, tenant: self.tenant(), jobs, later: self.dice.percent(15) }
    }

    fn choose_claim(&mut self, worker: i64) -> Act {
        let all = self.dice.percent(70);
        let kinds = (0..self.kinds.len()).filter(|_| all || self.dice.percent(50)).collect::<Vec<_>>();
        let most = |kind| if kind < GATED { 400 } else { 20 };
        let free =
            kinds.into_iter().map(|kind| (kind, i32::try_from(1 + self.dice.below(most(kind))).unwrap())).collect();
        Act::Claim { worker, free }
    }

    /// Does it in the database, and compares the answer with what the model expects.
    pub async fn run(&mut self, conn: &mut PgConnection, act: Act, raced: bool) -> sqlx::Result<Done> {
        match act {
            Act::Put { kind, tenant, jobs, later } => self.put(conn, kind, tenant, jobs, later, raced).await,
            Act::Claim { worker, free } => self.claim(conn, worker, &free).await,
            Act::Finish { worker, jobs, keeps } => self.finish(conn, worker, jobs, keeps).await,
            Act::Postpone { worker, jobs, failed, later } => self.postpone(conn, worker, jobs, failed, later).await,
            Act::Rescue { worker } => self.rescue(conn, worker).await,
            Act::Disown { worker, claim } => self.disown(conn, worker, claim).await,
            Act::TakenOver => self.speak_late(conn).await,
            Act::Cancel(jobs) => self.cancel(conn, jobs, raced).await,
            Act::Retry(jobs) => self.retry(conn, jobs).await,
            Act::Due(jobs) => {
                let sql = "update holdfast.later set run_at = clock_timestamp() - interval '1 s' where id = any($1) returning id";
                Ok(Done::Due(sqlx::query_scalar(sql).bind(&jobs).fetch_all(conn).await?))
            }
            Act::Pause { kind, tenant } => {
                let name: Option<String> = match kind {
                    Some(kind) => {
                        let sql = "select name from holdfast.kind where id = $1";
                        Some(sqlx::query(sql).bind(self.kinds[kind].id).fetch_one(&mut *conn).await?.get(0))
                    }
                    None => None,
                };
                let sql = "select holdfast.pause($1, $2, 'simulated', 'the simulation')";
                sqlx::query(sql).bind(name).bind(tenant).execute(conn).await?;
                Ok(Done::Paused { kind, tenant })
            }
            Act::Resume => {
                let sql = "select holdfast.resume(k.name, nullif(p.tenant, -1)) from holdfast.pause p left join holdfast.kind k on k.id = p.kind";
                sqlx::query(sql).execute(conn).await?;
                Ok(Done::Resumed)
            }
            Act::Limit(name, most) => {
                let sql = "select holdfast.set_limit($1, $2, null, null, 'the simulation', 'chance')";
                sqlx::query(sql).bind(name).bind(i32::try_from(most).unwrap()).execute(conn).await?;
                Ok(Done::Limited(name, most))
            }
            Act::Tend => sqlx::query("select holdfast.tend()").execute(conn).await.map(|_| Done::Nothing),
            Act::Age => sqlx::query("select holdfast.age('0 s', 50)").execute(conn).await.map(|_| Done::Nothing),
        }
    }

    /// Tells the model; `raced`: something else was committed since.
    pub fn apply(&mut self, done: Done, raced: bool) {
        let (name, steps) = match done {
            Done::Put(jobs) => {
                let number = jobs.len();
                for (id, mut job, key) in jobs {
                    job.late |= raced;
                    if let Some(key) = key {
                        self.model.keys.insert(key, id);
                    }
                    self.model.put(id, job);
                }
                ("put in", number)
            }
            Done::Claimed { worker, claim, jobs } => {
                for job in &jobs {
                    self.model.start(*job, worker, claim, &self.kinds);
                }
                ("started", jobs.len())
            }
            Done::Finished { worker, jobs, emptied, handed } => {
                for (job, outcome) in &jobs {
                    self.model.leave(*job, &self.kinds);
                    self.model.end(*job, *outcome);
                }
                for claim in emptied {
                    self.model.emptied.remove(&claim);
                }
                for (claim, job) in &handed {
                    let objection = self.model.objection(*job);
                    self.insist(objection.is_none(), || format!("job {job} was handed a lane, but {objection:?}"));
                    self.model.start(*job, worker, *claim, &self.kinds);
                }
                self.count("handed over", handed.len() as u64);
                ("ended", jobs.len())
            }
            Done::Postponed { jobs, failed, later } => {
                for job in &jobs {
                    self.model.leave(*job, &self.kinds);
                    let job = self.model.jobs.get_mut(job).unwrap();
                    job.attempts += i16::from(failed);
                    job.place = if later { Place::Later } else { Place::Waiting };
                }
                ("postponed", jobs.len())
            }
            Done::Lost { jobs, dead } => {
                for job in &jobs {
                    let Place::Running { claim, .. } = self.model.jobs[job].place else { panic!("{job} did not run") };
                    self.taken_over.push((claim, *job));
                    self.model.leave(*job, &self.kinds);
                    self.model.emptied.remove(&claim);
                    let job = self.model.jobs.get_mut(job).unwrap();
                    (job.losses, job.place) = (job.losses + 1, Place::Waiting);
                }
                if let Some((dead, heir)) = dead {
                    self.workers.retain(|worker| *worker != dead);
                    self.workers.push(heir);
                }
                ("rescued", jobs.len())
            }
            Done::Cancelled(jobs) => {
                for job in &jobs {
                    self.model.end(*job, 2);
                }
                ("cancelled", jobs.len())
            }
            Done::Retried(jobs) => {
                for job in &jobs {
                    self.model.again(*job);
                }
                ("retried", jobs.len())
            }
            Done::Due(jobs) => {
                for job in &jobs {
                    self.model.jobs.get_mut(job).unwrap().place = Place::Waiting;
                }
                ("became due", jobs.len())
            }
            Done::Paused { kind, tenant } => {
                self.model.paused_kinds.extend(kind);
                self.model.paused_tenants.extend(tenant);
                ("paused", 0)
            }
            Done::Resumed => {
                self.model.paused_kinds.clear();
                self.model.paused_tenants.clear();
                ("resumed", 0)
            }
            Done::Limited(name, most) => {
                self.model.limits.insert(name, most);
                ("limits changed", 0)
            }
            Done::Nothing => ("other", 0),
        };
        self.steps += steps as u64;
        self.count(name, steps as u64);
    }
}
