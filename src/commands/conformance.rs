//! `holdfast conformance`

use ops::conformance;

/// Prints every case with the test that shows it and how that test ended when it was last recorded.
pub fn run() -> anyhow::Result<()> {
    print!("{}", conformance::table()?);
    Ok(())
}
