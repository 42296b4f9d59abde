//! X: panics.

use std::{collections::BTreeSet, sync::Mutex, time::Duration};

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    house::{House, World, start},
    jobs::{Note, QUICK},
};

/// Panics once, in the place that it is told.
#[derive(Serialize, Deserialize)]
struct Rude {
    place: Place,
}

struct Place(String);

/// True for the first who asks about this place.
fn first_at(place: &str) -> bool {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    SEEN.lock().unwrap().insert(place.to_owned())
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(self.0 != "encode the output" || !first_at(&self.0), "told to");
        serializer.serialize_str(self.0.trim_start_matches("then "))
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = String::deserialize(deserializer)?;
        assert!(place != "decode" || !first_at(&place), "told to");
        Ok(Self(place))
    }
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("told to, in a drop");
    }
}

impl Job<World> for Rude {
    const NAME: &'static str = "rude";
    const POLICY: Policy = Policy { backoff: QUICK, timeout: Duration::from_secs(1), ..Policy::DEFAULT };
    type Output = Place;

    async fn run(self, cx: Cx<World>) -> Outcome<Place> {
        let first = cx.attempt() == 1;
        let bomb = (first && self.place.0.contains("drop")).then(|| Bomb);
        if first && self.place.0 == "drop when timed out" {
            std::future::pending::<()>().await;
        }
        assert!(!first || self.place.0 != "run", "told to");
        drop(bomb);
        Ok(self.place)
    }
}

/// There are no hooks and no middleware to panic in: what is the user's code is the job, its arguments and its output.
#[tokio::test]
async fn x02_a_panic_anywhere_fails_its_attempt_and_nothing_else() {
    let house = House::new().await;
    house.register::<Rude>().await;
    let places = ["decode", "run", "encode the output", "drop", "drop when timed out"];
    for place in places {
        house.run_sql(&format!("select holdfast.enqueue('rude', '{{\"place\":\"{place}\"}}')")).await;
    }
    for n in 0..20 {
        house.put(&Note::new(format!("other {n}"))).await;
    }
    let running = start(house.engine().job::<Rude>().job::<Note>());
    house.until_ended(25).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 0").await, 25);
    let endings = house.texts("select ending from holdfast.attempt order by id").await;
    assert_eq!(endings, ["panicked", "panicked", "panicked", "panicked", "timed_out"]);
    assert_eq!(house.number("select count(*) from holdfast.done where attempts = 2").await, 5);
    assert_eq!(house.number("select count(*) from holdfast.claim").await, 0);
}
