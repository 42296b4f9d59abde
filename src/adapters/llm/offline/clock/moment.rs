//! Times told from now: "in an hour", "tra mezz'ora".

use super::super::numbers;

/// Minutes from now at the start of `words`, and how many words tell it.
pub(in super::super) fn from_now(words: &[&str]) -> Option<(u32, usize)> {
    match words {
        ["in", "half", "an", "hour", ..] => return Some((30, 4)),
        ["tra" | "fra", "mezz", "ora", ..] => return Some((30, 3)),
        ["tra" | "fra", "mezzora", ..] => return Some((30, 2)),
        _ => {}
    }
    let before = usize::from(matches!(words.first(), Some(&("in" | "tra" | "fra"))));
    let (count, taken) = numbers::count(&words[before..])?;
    let len = before + taken + 1;
    let unit = match *words.get(len - 1)? {
        "hour" | "hours" | "ora" | "ore" | "h" => 60,
        "minute" | "minutes" | "mins" | "min" | "minuti" => 1,
        _ => return None,
    };
    let later = matches!(words.get(len..), Some(["from", "now", ..]));
    (before > 0 || later).then_some((count.min(48 * 60) * unit, len + if later { 2 } else { 0 }))
}
