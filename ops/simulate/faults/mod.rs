//! Ways to make the outside world worse, and the dice that decide when.

mod fault;
mod http;
mod strike;

use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::Serialize;

pub use self::fault::{Fault, Kind, Target};
pub(crate) use self::{
    http::routes,
    strike::{Trouble, garbage, silence},
};

/// The faults in force, in the order they were set.
pub(crate) struct Faults {
    seed: u64,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    last_id: u64,
    active: Vec<Active>,
}

/// A fault in force.
#[derive(Clone, Serialize)]
pub(crate) struct Active {
    id: u64,
    fired: u32,
    #[serde(flatten)]
    fault: Fault,
    #[serde(skip)]
    dice: StdRng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, book: Mutex::default() }
    }

    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let mut book = self.book();
        book.last_id += 1;
        let id = book.last_id;
        let dice = StdRng::seed_from_u64(fault.seed.unwrap_or(self.seed.wrapping_add(id)));
        book.active.push(Active { id, fired: 0, fault, dice });
        id
    }

    pub(crate) fn clear(&self) {
        self.book().active.clear();
    }

    pub(crate) fn list(&self) -> Vec<Active> {
        self.book().active.clone()
    }

    /// Asks whether a fault of this kind strikes now; counts it if so.
    pub(crate) fn strike(&self, target: Target, kind: Kind, to: Option<&str>) -> Option<Fault> {
        self.book()
            .active
            .iter_mut()
            .filter(|active| active.fault.target == target && active.fault.kind == kind)
            .find_map(|active| active.roll(to))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    fn roll(&mut self, to: Option<&str>) -> Option<Fault> {
        let spent = self.fault.times.is_some_and(|times| self.fired >= times);
        if spent || !self.fault.meets(to) || !self.dice.random_bool(self.fault.probability) {
            return None;
        }
        self.fired += 1;
        Some(self.fault.clone())
    }
}
