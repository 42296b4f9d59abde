//! Crashes where a test wants them.

use crate::Point;

/// A plan for [`crate::Engine::sabotage`]: the first `times` attempts of the job called `job` die at this point
/// (`before_run`, `before_commit` or `after_run`), as if their process had ended there.
///
/// ```no_run
/// # fn test(engine: engine::Engine<()>) {
/// let engine = engine.sabotage(engine::testing::crash_at("pay", "before_commit", 1));
/// # }
/// ```
///
/// # Panics
/// When there is no point of this name.
pub fn crash_at(
    job: &'static str,
    point: &str,
    times: u16,
) -> impl Fn(&'static str, u16, Point) -> bool + Send + Sync + 'static {
    let Some(wanted) = Point::ALL.into_iter().find(|known| known.name() == point) else {
        let known = Point::ALL.map(Point::name).join(", ");
        panic!("there is no crash point {point}; the points are {known}");
    };
    move |kind, attempt, point| kind == job && point == wanted && attempt <= times
}
