//! How much of the house somebody may look at.

/// Whose jobs one sees: those of one tenant, or all. What it hides answers like what never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Only this tenant's jobs. None: those of all tenants, and the ones that belong to nobody.
    pub tenant: Option<i64>,
}

impl Sight {
    /// All jobs of the house.
    pub const HOUSE: Self = Self { tenant: None };

    /// The jobs of one tenant.
    #[must_use]
    pub const fn of(tenant: i64) -> Self {
        Self { tenant: Some(tenant) }
    }
}
