//! All rows against the model, and the end, when everything has to be done.

use std::collections::{BTreeMap, HashSet};

use super::{
    acts::Act,
    model::{Gate, Place},
    stage::Stage,
};

/// Where each open job stands. A job that ended stays in its claim until nothing is left of that.
const PLACES: &str = "select id, 'ready' from holdfast.ready union all select id, 'later' from holdfast.later
    union all select id, 'blocked' from holdfast.blocked union all select id, 'held' from holdfast.held
    union all select i, 'claim' from holdfast.claim c, unnest(c.ids) i where i <> 0 and not exists (select from holdfast.done d where d.id = i)";
/// Lanes in which jobs wait for nobody.
const STRANDED: &str = "select count(*) from (select lane, min(id) as id from holdfast.blocked group by lane) b
    where not exists (select from holdfast.lane l where l.lane = b.lane and l.holder is not null)
      and not exists (select from holdfast.ready r where r.lane = b.lane and r.id < b.id)";
const ROUNDS: usize = 1000;

impl Stage {
    pub async fn audit(&mut self) {
        let rows: Vec<(i64, String)> = sqlx::query_as(PLACES).fetch_all(&self.pool).await.unwrap();
        let mut seen = BTreeMap::new();
        for (job, place) in rows {
            let twice = seen.insert(job, place.clone());
            self.insist(twice.is_none(), || format!("job {job} is {place} and {twice:?}"));
        }
        for job in &self.model.open {
            let expected: &[&str] = match self.model.jobs[job].place {
                Place::Waiting => &["ready", "blocked", "held", "later"],
                Place::Later => &["later"],
                _ => &["claim"],
            };
            let place = seen.remove(job);
            self.insist(place.as_deref().is_some_and(|place| expected.contains(&place)), || {
                format!("job {job} is {place:?}, not {:?}", self.model.jobs[job])
            });
        }
        self.insist(seen.is_empty(), || format!("nobody knows of {seen:?}"));
        let ended: i64 = sqlx::query_scalar("select count(*) from holdfast.done").fetch_one(&self.pool).await.unwrap();
        self.insist(ended == i64::try_from(self.model.ended.len()).unwrap(), || {
            format!("{ended} ended in the database")
        });
        self.audit_gates().await;
        self.audit_lanes().await;
    }

    async fn audit_gates(&self) {
        let sql = "select g.rule, g.tenant, g.key, count(*) from holdfast.slot s join holdfast.gate g on g.id = s.gate group by 1, 2, 3";
        let slots: Vec<(String, i64, String, i64)> = sqlx::query_as(sql).fetch_all(&self.pool).await.unwrap();
        let slots: HashSet<_> = slots.into_iter().collect();
        let running = self.model.counts.iter().filter(|(_, number)| **number > 0);
        let told = |(gate, number): (&Gate, &usize)| {
            (gate.0.to_owned(), gate.1, gate.2.clone(), i64::try_from(*number).unwrap())
        };
        let running: HashSet<_> = running.map(told).collect();
        self.insist(slots == running, || format!("slots {slots:?} for what runs: {running:?}"));
    }

    async fn audit_lanes(&self) {
        let holders: Vec<Option<i64>> =
            sqlx::query_scalar("select holder from holdfast.lane").fetch_all(&self.pool).await.unwrap();
        for holder in holders {
            let open = holder.is_some_and(|holder| self.model.open.contains(&holder));
            self.insist(open, || format!("a lane is held by {holder:?}"));
        }
        let stranded: i64 = sqlx::query_scalar(STRANDED).fetch_one(&self.pool).await.unwrap();
        self.insist(stranded == 0, || format!("{stranded} lanes wait for nobody"));
    }

    /// Nothing new comes in, nothing fails any more: everything ends.
    pub async fn drain(&mut self) {
        for round in 0..ROUNDS {
            if self.model.open.is_empty() {
                break;
            }
            let sql = "select id from holdfast.later where run_at > clock_timestamp() limit 900";
            let later = sqlx::query_scalar(sql).fetch_all(&self.pool).await.unwrap();
            let mut acts = vec![Act::Resume, Act::Due(later), Act::Tend];
            acts.extend(["everywhere", "by_tenant", "by_key"].map(|limit| Act::Limit(limit, 100)));
            for worker in self.workers.clone() {
                let free = (0..self.kinds.len()).map(|kind| (kind, 100)).collect();
                let jobs = self.model.running.get(&worker).into_iter().flatten().map(|job| (*job, 0)).collect();
                acts.extend([Act::Claim { worker, free }, Act::Finish { worker, jobs, keeps: None }]);
            }
            if round % 20 == 0 {
                acts.push(Act::Rescue { worker: None });
            }
            for act in acts {
                let mut tx = self.begin().await;
                let done = self.run(&mut tx, act, false).await.unwrap();
                tx.commit().await.unwrap();
                self.apply(done, false);
            }
        }
        self.insist(self.model.open.is_empty(), || format!("{:?} never ended", self.model.open));
        self.audit().await;
        let claims: i64 =
            sqlx::query_scalar("select count(*) from holdfast.claim").fetch_one(&self.pool).await.unwrap();
        self.insist(claims <= i64::try_from(self.model.emptied.len()).unwrap(), || format!("{claims} claims stay"));
    }
}
