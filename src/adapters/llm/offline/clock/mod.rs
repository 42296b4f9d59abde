//! Times of day, as customers tell them in Italian and English.
//!
//! A bare hour is read as a studio would: 1 to 6 is the afternoon; 7 and 8 may be morning or
//! evening, so both are looked for; 9 to 12 is as it stands. "Di sera", "tonight", "pm" and
//! their like settle it.

mod bounds;
mod moment;
mod part;
mod point;
mod spoken;
#[cfg(test)]
mod tests;

pub(super) use moment::from_now;
pub(super) use part::Part;

/// Minutes of a day.
pub(super) const DAY: u32 = 24 * 60;

/// A stretch of a day, in minutes from midnight, both ends included; a point when they are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub from: u32,
    pub until: u32,
}

impl Window {
    pub const fn new(from: u32, until: u32) -> Self {
        Self { from, until }
    }

    pub const fn point(minute: u32) -> Self {
        Self::new(minute, minute)
    }

    pub const fn is_point(self) -> bool {
        self.from == self.until
    }

    pub fn holds(self, minute: u32) -> bool {
        (self.from..=self.until).contains(&minute)
    }
}

/// What a message says of the time of day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// Any of these; empty when no time is named.
    pub windows: Vec<Window>,
    /// Morning, afternoon or evening.
    pub part: Option<Part>,
    /// Days from today that a word implied: 0 for "tonight", 1 for "domattina".
    pub day: Option<i64>,
}

/// Reads the times in `words`; `taken` marks words that mean something else already, and the
/// words read here are marked too.
pub(super) fn read(words: &[&str], taken: &mut [bool]) -> Times {
    let (parts, marks) = part::find(words, taken);
    let mut days = taken.to_vec();
    for mark in &marks {
        days[*mark] = true;
    }
    let mut said = parts.iter().filter_map(|found| found.part);
    // "This afternoon or tonight": either part will do.
    let first = said.next();
    let whole = first.filter(|first| said.all(|part| part == *first));
    let (mut windows, mut limits) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let Some((found, len)) = bounds::bound(words, at, taken, &days, whole) else {
            at += 1;
            continue;
        };
        match found {
            bounds::Bound::Any(some) => windows.extend(some),
            bounds::Bound::Limit(limit) => limits.push(limit),
        }
        taken[at..at + len].fill(true);
        at += len;
    }
    for mark in marks {
        taken[mark] = true;
    }
    if let Some(limit) = limits.into_iter().reduce(|a, b| Window::new(a.from.max(b.from), a.until.min(b.until))) {
        windows.push(limit);
    }
    if windows.is_empty() {
        let either = |found: &part::Found| found.part.filter(|_| whole.is_none()).map(Part::window);
        windows.extend(parts.iter().filter_map(|found| found.window.or_else(|| either(found))));
    }
    windows.dedup();
    Times { windows, part: whole, day: parts.iter().find_map(|found| found.day) }
}
