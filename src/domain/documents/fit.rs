//! Text that fits: broken into lines, cut with an ellipsis, or set smaller.

use super::font::Font;

/// Lines no wider than `width` points, at most `most` of them; the last one tells by an ellipsis
/// that there was more. A word that is wider than a line is broken where the line ends.
pub(super) fn wrapped(font: &Font, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in font.legible(text).split(' ') {
        let mut word = word.to_owned();
        while let Some(line) = lines.last_mut() {
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if font.width(&longer, size) <= width {
                *line = longer;
                break;
            }
            if line.is_empty() {
                let one = word.chars().next().map_or(0, char::len_utf8);
                let rest = word.split_off(fitting(font, &word, size, width).max(one));
                *line = std::mem::replace(&mut word, rest);
            }
            if word.is_empty() || lines.len() > most {
                break;
            }
            lines.push(String::new());
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = ellipsed(font, last, size, width);
        }
    }
    lines
}

/// The text in one line, cut if it is wider than `width` points.
pub(super) fn cut(font: &Font, text: &str, size: f32, width: f32) -> String {
    let text = font.legible(text);
    if font.width(&text, size) <= width { text } else { ellipsed(font, &text, size, width) }
}

/// The size, at most `size`, at which the text is no wider than `width` points: an amount must
/// not be cut.
pub(super) fn shrunk(font: &Font, text: &str, size: f32, width: f32) -> f32 {
    size * (width / font.width(text, size).max(width))
}

/// How many bytes of a text are no wider than `width` points.
fn fitting(font: &Font, text: &str, size: f32, width: f32) -> usize {
    let mut used = 0.0;
    let over = text.char_indices().find(|(_, character)| {
        used += font.advance(font.glyph(*character)) * size / 1000.0;
        used > width
    });
    over.map_or(text.len(), |(at, _)| at)
}

fn ellipsed(font: &Font, text: &str, size: f32, width: f32) -> String {
    let kept = &text[..fitting(font, text, size, width - font.width("…", size))];
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: f32 = 10.0;

    fn font() -> Font {
        Font::built_in().unwrap()
    }

    #[test]
    fn words_go_on_in_the_next_line() {
        let font = font();
        assert_eq!(wrapped(&font, "Yoga for beginners", SIZE, 60.0, 3), ["Yoga for", "beginners"]);
        assert_eq!(wrapped(&font, "Yoga", SIZE, 60.0, 3), ["Yoga"]);
        assert_eq!(wrapped(&font, "", SIZE, 60.0, 3), [""]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let font = font();
        let lines = wrapped(&font, &"Ginnastica posturale ".repeat(9), SIZE, 80.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && lines.iter().all(|line| font.width(line, SIZE) <= 80.0), "{lines:?}");
        assert_eq!(cut(&font, "Giulia Rossi", SIZE, 45.0), "Giulia…");
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_and_loses_nothing() {
        let font = font();
        let lines = wrapped(&font, &"ö".repeat(40), SIZE, 70.0, 9);
        assert_eq!(lines.concat(), "ö".repeat(40));
        assert!(lines.iter().all(|line| font.width(line, SIZE) <= 70.0), "{lines:?}");
        assert_eq!(wrapped(&font, "WW", SIZE, 1.0, 9), ["W", "W"]);
    }

    #[test]
    fn an_amount_is_set_smaller_instead_of_being_cut() {
        let font = font();
        assert!((shrunk(&font, "€15.00", SIZE, 80.0) - SIZE).abs() < f32::EPSILON);
        let size = shrunk(&font, "€92,233,720,368,547,758.07", SIZE, 80.0);
        assert!(size < SIZE && font.width("€92,233,720,368,547,758.07", size) <= 80.01);
    }
}
