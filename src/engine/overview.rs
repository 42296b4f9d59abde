//! The house as a whole, as those see it who look after it. Nothing here reads history: counts stop at
//! [`COUNTED`], and the throughput is what the processes themselves have counted.

mod effects;
mod failures;
mod gates;
mod kinds;
mod schedules;
mod server;
mod snapshot;
mod tenants;

pub use effects::{EffectPage, EffectPlace, EffectRow, EffectsFilter, effects};
pub use failures::{Failure, failures, of_failure};
pub use gates::{BreakerNow, EffectsNow, LimitNow, PauseNow};
pub use kinds::{KindNow, Standing, running};
pub use schedules::{ScheduleNow, SchedulePause};
pub use server::{DatabaseNow, HistoryNow, TableNow, WorkerNow};
pub use snapshot::{Snapshot, TenantSnapshot, snapshot, tenant_snapshot};
pub use tenants::{TenantNow, tenants};

/// Where counts stop: it means "so many or more".
pub const COUNTED: i64 = 10_001;
