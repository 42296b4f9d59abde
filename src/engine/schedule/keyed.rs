//! A job under the key of its tick.

use std::future::Future;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Cx, Job, Outcome, Policy};

/// The same job to the last byte, but known by the schedule's key instead of its own.
pub(super) struct Keyed<J> {
    pub key: String,
    pub job: J,
}

impl<J: Serialize> Serialize for Keyed<J> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.job.serialize(serializer)
    }
}

impl<'de, J: Deserialize<'de>> Deserialize<'de> for Keyed<J> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { key: String::new(), job: J::deserialize(deserializer)? })
    }
}

impl<W, J: Job<W>> Job<W> for Keyed<J> {
    const NAME: &'static str = J::NAME;
    const FORMER_NAMES: &'static [&'static str] = J::FORMER_NAMES;
    const POLICY: Policy = J::POLICY;
    type Output = J::Output;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn lane(&self) -> Option<String> {
        self.job.lane()
    }

    fn limit_key(&self) -> Option<String> {
        self.job.limit_key()
    }

    fn run(self, cx: Cx<W>) -> impl Future<Output = Outcome<J::Output>> + Send {
        self.job.run(cx)
    }
}
