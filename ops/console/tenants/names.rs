//! The names of businesses, for those who may know them.

use domain::tenant;

use crate::console::{failure::Failure, visit::Visit, words::Words};

/// The businesses that somebody may see.
pub(in crate::console) struct Businesses(pub Vec<tenant::Line>);

impl Businesses {
    /// One statement.
    pub async fn of(visit: &Visit) -> Result<Self, Failure> {
        let mut all = tenant::list(&visit.console.pool).await?;
        all.retain(|line| visit.sight().tenant.is_none_or(|own| own == line.id.0));
        Ok(Self(all))
    }

    pub fn knows(&self, id: i64) -> bool {
        self.0.iter().any(|line| line.id.0 == id)
    }

    /// How a business is called: its number where nobody knows its name.
    pub fn name(&self, words: Words, id: Option<i64>) -> String {
        match id {
            None => words.say("tenants-all"),
            Some(0) => words.say("tenants-nobody"),
            Some(id) => {
                self.0.iter().find(|line| line.id.0 == id).map_or_else(|| format!("#{id}"), |line| line.name.clone())
            }
        }
    }
}
