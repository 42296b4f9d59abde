//! The customer takes what the waiting list holds for them.

use adapters::World;
use domain::{
    BookingView, CustomerId, EntryId, Language,
    catalog::{self, Asker},
    customer,
    waitlist::{self, Claimed},
};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Takes an offered place. The same again gets the same answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClaimOffer {
    /// Which offer.
    pub entry: EntryId,
    /// Who takes it.
    pub customer: CustomerId,
    /// What they are answered in.
    pub language: Language,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claim {
    /// What came of it.
    #[serde(flatten)]
    pub claimed: Claimed,
    /// The booking, if there is one.
    #[serde(default)]
    pub booking: Option<BookingView>,
}

impl Job<World> for ClaimOffer {
    const NAME: &'static str = "claim_offer";
    const POLICY: Policy = Policy { attempts: 10, concurrency: 32, priority: -10, ..crate::LOCAL };
    type Output = Claim;

    async fn run(self, cx: Cx) -> Outcome<Claim> {
        let mut tx = begin(&cx).await?;
        let now = cx.world.clock.now();
        let customer = customer::current(&mut tx, self.customer).await?;
        customer::lock(&mut tx, &[customer]).await?;
        let claimed = waitlist::claim(&mut tx, self.entry, customer, now).await?;
        let booking = match &claimed {
            Claimed::Taken { place, .. } => {
                let asker = Asker::new(&mut tx, customer, self.language, now).await?;
                Some(catalog::booking(&mut tx, &asker, place.seat).await?)
            }
            _ => None,
        };
        cx.finish(tx, Claim { claimed, booking }).await
    }
}
