//! The parts that screens are made of.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::super::words::Words;

/// A text that somebody outside may have written: nothing in it can hide, turn around or colour what is beside it.
pub fn said(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// The same text with a sign for each character that shows nothing by itself, but changes what others look like.
pub fn visible(text: &str) -> String {
    let sign = |c: char| match c {
        '\n' | '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if hides(c) => '\u{fffd}',
        _ => c,
    };
    text.chars().map(sign).collect()
}

/// Whether a character shows nothing by itself, but changes what others look like.
pub const fn hides(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{ad}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A state, with its colour; the word tells it, too.
pub fn state(words: Words, state: &str) -> Markup {
    html! { span class={ "state is-" (state) } { (words.term("state", state)) } }
}

/// How many, with thin spaces between thousands.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{}{}", if n < 0 { "−" } else { "" }, groups.join("\u{202f}"))
}

/// How many, where nobody counted further than `most`.
pub fn capped(n: i64, most: i64) -> String {
    if n > most { format!("{}+", number(most)) } else { number(n) }
}

/// How long, in its two largest units: `850 ms`, `4.2 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`.
pub fn length(time: TimeDelta) -> String {
    let milliseconds = time.num_milliseconds().max(0);
    let seconds = milliseconds / 1000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..=9 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        10..=59 => format!("{seconds} s"),
        60..=3599 => two(seconds / 60, "min", seconds % 60, "s"),
        3600..=86_399 => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}

fn two(large: i64, unit: &str, small: i64, smaller: &str) -> String {
    if small == 0 { format!("{large} {unit}") } else { format!("{large} {unit} {small} {smaller}") }
}

/// Seconds as a length.
#[expect(clippy::cast_possible_truncation, reason = "a length of time that is shown")]
pub fn seconds(seconds: f64) -> String {
    length(TimeDelta::milliseconds((seconds.clamp(0.0, 1e12) * 1000.0) as i64))
}

/// How times are shown.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The time now.
    pub now: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// In which language.
    pub words: Words,
}

impl Times {
    /// How long ago, or until when; the moment itself as its title.
    pub fn ago(self, at: DateTime<Utc>) -> Markup {
        let past = at <= self.now;
        let time = length(if past { self.now - at } else { at - self.now });
        let text = self.words.with(if past { "ago" } else { "from-now" }, &[("time", &time)]);
        self.time(at, &text)
    }

    /// The moment, to the second.
    pub fn at(self, at: DateTime<Utc>) -> Markup {
        let local = at.with_timezone(&self.zone);
        let today = self.now.with_timezone(&self.zone).date_naive() == local.date_naive();
        self.time(at, &local.format(if today { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string())
    }

    fn time(self, at: DateTime<Utc>, text: &str) -> Markup {
        let full = at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S%.3f %Z");
        html! { time datetime=(at.to_rfc3339_opts(SecondsFormat::Millis, true)) title=(full) { (text) } }
    }
}

/// Nothing is here: why, and what to do.
pub fn empty(title: &str, more: &str) -> Markup {
    html! { div.empty { p { strong { (title) } } p { (more) } } }
}

/// Names with their values.
pub fn facts(pairs: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in pairs { div { dt { (name) } dd { (value) } } } } }
}

/// A number that matters, with its name.
pub fn tile(name: &str, value: &str, tone: &str, to: Option<&str>) -> Markup {
    html! {
        @match to {
            Some(to) => a class={ "tile " (tone) } href=(to) { span.name { (name) } strong { (value) } },
            None => div class={ "tile " (tone) } { span.name { (name) } strong { (value) } },
        }
    }
}

/// A table that scrolls by itself where the page is too small for it.
#[expect(clippy::needless_pass_by_value, reason = "what html! makes is handed on")]
pub fn table(label: &str, head: &[String], rows: Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table { thead { tr { @for name in head { th scope="col" { (name) } } } } tbody { (rows) } }
        }
    }
}

/// A form with one button that says why first.
#[expect(clippy::needless_pass_by_value, reason = "what html! makes is handed on")]
pub fn with_reason(words: Words, action: &str, label: &str, tone: &str, back: &str, more: Markup) -> Markup {
    html! {
        details.ask {
            summary class={ "button " (tone) } { (label) }
            form.pop method="post" action=(action) {
                input type="hidden" name="back" value=(back);
                (more)
                label { span { (words.say("reason")) } input type="text" name="reason" required maxlength="500" autocomplete="off"; }
                button class=(tone) { (label) }
            }
        }
    }
}

/// One button.
pub fn button(action: &str, label: &str, tone: &str, back: &str) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            input type="hidden" name="back" value=(back);
            button class=(tone) { (label) }
        }
    }
}

/// Where the next rows are.
pub fn pages(words: Words, newer: Option<&str>, older: Option<&str>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav.pages aria-label=(words.say("pages")) {
                @if let Some(newer) = newer { a.button rel="prev" href=(newer) { "← " (words.say("newer")) } }
                @if let Some(older) = older { a.button rel="next" href=(older) { (words.say("older")) " →" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_two_units() {
        let told = |ms| length(TimeDelta::milliseconds(ms));
        assert_eq!(told(-5), "0 ms");
        assert_eq!(told(4_230), "4.2 s");
        assert_eq!(told(190_000), "3 min 10 s");
        assert_eq!(told(7_200_000), "2 h");
        assert_eq!(told(3 * 86_400_000 + 4 * 3_600_000), "3 d 4 h");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(capped(10_001, 10_000), "10\u{202f}000+");
    }

    #[test]
    fn what_cannot_be_seen_gets_a_sign() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\u{200b}d\n"), "a\u{241b}[31mb\u{fffd}c\u{fffd}d\n");
    }
}
