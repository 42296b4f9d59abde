//! The one font of our documents, `DejaVu Sans`: which glyph a character has, and how wide it is.
//!
//! Tables and offsets are those of <https://learn.microsoft.com/typography/opentype/spec/otff>.

/// Part of the binary, so that a document looks alike wherever it is made.
pub(super) const FILE: &[u8] = include_bytes!("font/DejaVuSans.ttf");

/// Stands for what the font has no glyph for.
const UNKNOWN: char = '\u{FFFD}';

/// The font in the binary is not the one that this code was written for.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// A table is not there, or shorter than it says.
    #[error("table {0:?} of the built-in font cannot be read; build again with the file as it came")]
    Table(&'static str),
    /// The part that a document needs cannot be taken out.
    #[error("the built-in font cannot be cut down to what a document needs: {0}; build again with the file as it came")]
    Subset(String),
}

/// The font, as far as setting text needs it.
pub(super) struct Font {
    /// Units of the widths in one em.
    units: f32,
    /// Characters in order.
    ranges: Vec<Range>,
    /// By glyph; glyphs beyond the last entry are as wide as that one.
    advances: Vec<u16>,
}

/// Characters in a row, whose glyphs are in a row, too.
struct Range {
    first: u32,
    last: u32,
    glyph: u32,
}

impl Font {
    /// Reads the built-in font.
    pub(super) fn built_in() -> Result<Self, FontError> {
        Ok(Self {
            units: table(*b"head").and_then(|head| word(head, 18)).map(f32::from).ok_or(FontError::Table("head"))?,
            ranges: table(*b"cmap").and_then(ranges).ok_or(FontError::Table("cmap"))?,
            advances: advances().ok_or(FontError::Table("hmtx"))?,
        })
    }

    /// A character's glyph, if there is one.
    fn find(&self, character: char) -> Option<u16> {
        let code = u32::from(character);
        let range = self.ranges.get(self.ranges.partition_point(|range| range.last < code))?;
        u16::try_from(range.glyph + code.checked_sub(range.first)?).ok()
    }

    /// A character's glyph, or that which stands for all others.
    pub(super) fn glyph(&self, character: char) -> u16 {
        self.find(character).or_else(|| self.find(UNKNOWN)).unwrap_or_default()
    }

    /// How far a glyph moves the pen, in thousandths of the font size.
    pub(super) fn advance(&self, glyph: u16) -> f32 {
        let advance = self.advances.get(usize::from(glyph)).or(self.advances.last());
        advance.map_or(0.0, |advance| f32::from(*advance) * 1000.0 / self.units)
    }

    /// How wide a text is at a font size, both in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(self.glyph(character))).sum::<f32>() * size / 1000.0
    }

    /// The text as it can be shown: one line, single spaces, a mark for what has no glyph, and
    /// without what is there to steer others (joiners, variants, directions).
    pub(super) fn legible(&self, text: &str) -> String {
        let words: Vec<String> = text
            .split_whitespace()
            .map(|word| word.chars().filter(|c| !steers(*c)).map(|c| self.find(c).map_or(UNKNOWN, |_| c)).collect())
            .filter(|word: &String| !word.is_empty())
            .collect();
        words.join(" ")
    }
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn table(tag: [u8; 4]) -> Option<&'static [u8]> {
    let count = word(FILE, 4)?;
    let record = FILE.get(12..)?.chunks_exact(16).take(count.into()).find(|record| record.starts_with(&tag))?;
    FILE.get(long(record, 8)?..)?.get(..long(record, 12)?)
}

/// The mapping for all of Unicode (platform 3, encoding 10), which is in format 12.
fn ranges(cmap: &[u8]) -> Option<Vec<Range>> {
    let records = cmap.get(4..)?.chunks_exact(8).take(word(cmap, 2)?.into());
    let record = records.into_iter().find(|record| record.starts_with(&[0, 3, 0, 10]))?;
    let mapping = cmap.get(long(record, 4)?..).filter(|mapping| word(mapping, 0) == Some(12))?;
    let groups = mapping.get(16..)?.chunks_exact(12).take(long(mapping, 12)?);
    let number = |group: &[u8], at| u32::try_from(long(group, at)?).ok();
    groups
        .map(|group| Some(Range { first: number(group, 0)?, last: number(group, 4)?, glyph: number(group, 8)? }))
        .collect()
}

fn advances() -> Option<Vec<u16>> {
    let count = word(table(*b"hhea")?, 34)?;
    table(*b"hmtx")?.chunks_exact(4).take(count.into()).map(|metric| word(metric, 0)).collect()
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|word| u16::from_be_bytes(*word))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_and_widths_are_those_of_the_font() {
        let font = Font::built_in().unwrap();
        // As fontTools reads them: é is glyph 171 and 1260 units of 2048 wide.
        assert_eq!(font.glyph('é'), 171);
        assert!((font.width("é", 10.0) - 6.152).abs() < 0.001);
        assert!((font.width("é€", 2048.0) - 1260.0 - 1303.0).abs() < 0.1);
        assert_eq!(font.glyph('字'), font.glyph(UNKNOWN));
    }

    #[test]
    fn every_latin_greek_and_cyrillic_letter_has_a_glyph() {
        let font = Font::built_in().unwrap();
        let letters = ('!'..='~').chain('\u{A1}'..='\u{17F}').chain('\u{391}'..='\u{3C9}').chain('\u{400}'..='\u{45F}');
        let missing: Vec<_> = letters.filter(|c| !steers(*c) && *c != '\u{3A2}' && font.find(*c).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn text_becomes_one_legible_line() {
        let font = Font::built_in().unwrap();
        assert_eq!(font.legible("  Zoë\n\tŁukasz\u{200d}\u{fe0f}  Ωmega\u{0} "), "Zoë Łukasz Ωmega");
        assert_eq!(font.legible("山田 \u{202e}Anna"), "\u{fffd}\u{fffd} Anna");
    }
}
