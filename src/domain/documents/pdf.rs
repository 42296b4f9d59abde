//! Pages as a PDF file (ISO 32000), with the part of the font that they use.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::font::{self, Font, FontError};
use super::page::{HEIGHT, MARGIN, Page, ROOM, WIDTH, Words};

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const FONT: Ref = Ref::new(4);
const CID_FONT: Ref = Ref::new(5);
const DESCRIPTOR: Ref = Ref::new(6);
const FONT_FILE: Ref = Ref::new(7);
const TO_UNICODE: Ref = Ref::new(8);
/// A page and its content, one after the other.
const FIRST_PAGE: i32 = 9;

/// How pages name the font.
const FACE: Name<'static> = Name(b"F");
const IDENTITY: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The glyphs of a document, numbered as in the part of the font that goes along.
struct Glyphs<'font> {
    font: &'font Font,
    numbers: GlyphRemapper,
    /// By new number.
    characters: BTreeMap<u16, char>,
}

impl<'font> Glyphs<'font> {
    fn of(font: &'font Font, pages: &[Page]) -> Self {
        let mut glyphs = Self { font, numbers: GlyphRemapper::new(), characters: BTreeMap::new() };
        for character in pages.iter().flat_map(|page| &page.words).flat_map(|words| words.text.chars()) {
            let number = glyphs.numbers.remap(font.glyph(character));
            glyphs.characters.entry(number).or_insert(character);
        }
        glyphs
    }

    /// Text as the new numbers of its glyphs, two bytes each.
    fn encode(&self, text: &str) -> Vec<u8> {
        let numbers = text.chars().map(|c| self.numbers.get(self.font.glyph(c)).unwrap_or_default());
        numbers.flat_map(u16::to_be_bytes).collect()
    }
}

/// Writes pages. `language` is a code like `it`, for who reads them aloud.
pub(super) fn write(font: &Font, pages: &[Page], title: &str, language: &str) -> Result<Vec<u8>, FontError> {
    let glyphs = Glyphs::of(font, pages);
    let mut pdf = Pdf::new();
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(TREE).lang(TextStr(language));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    pdf.document_info(INFO).title(TextStr(title)).producer(TextStr("Holdfast"));
    let ids = (FIRST_PAGE..).step_by(2).take(pages.len()).map(Ref::new);
    pdf.pages(TREE).kids(ids.clone()).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for (id, page) in ids.zip(pages) {
        write_page(&mut pdf, id, page, &glyphs);
    }
    write_font(&mut pdf, &glyphs)?;
    Ok(pdf.finish())
}

fn write_page(pdf: &mut Pdf, id: Ref, page: &Page, glyphs: &Glyphs<'_>) {
    let content_id = id.next();
    let mut writer = pdf.page(id);
    writer.parent(TREE).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content_id);
    writer.resources().fonts().pair(FACE, FONT);
    writer.finish();
    let mut content = Content::new();
    for area in &page.areas {
        content.set_fill_gray(area.grey).rect(MARGIN, area.y, ROOM, area.height).fill_nonzero();
    }
    for words in &page.words {
        write_words(&mut content, words, glyphs);
    }
    pdf.stream(content_id, &content.finish());
}

fn write_words(content: &mut Content, words: &Words, glyphs: &Glyphs<'_>) {
    let style = words.style;
    content.begin_text().set_fill_gray(style.grey).set_font(FACE, style.size).next_line(words.x, words.y);
    content.show(Str(&glyphs.encode(&words.text)));
    content.end_text();
}

fn write_font(pdf: &mut Pdf, glyphs: &Glyphs<'_>) -> Result<(), FontError> {
    let file = subsetter::subset(font::FILE, 0, &glyphs.numbers).map_err(|e| FontError::Subset(e.to_string()))?;
    let name = format!("{}+DejaVuSans", tag(&glyphs.characters));
    let name = Name(name.as_bytes());
    pdf.type0_font(FONT)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(CID_FONT)
        .to_unicode(TO_UNICODE);
    let mut cid_font = pdf.cid_font(CID_FONT);
    cid_font.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(DESCRIPTOR);
    cid_font.cid_to_gid_map_predefined(Name(b"Identity"));
    let widths = glyphs.numbers.remapped_gids().map(|glyph| glyphs.font.advance(glyph));
    cid_font.widths().consecutive(0, widths);
    cid_font.finish();
    write_descriptor(pdf, name);
    let length = i32::try_from(file.len()).unwrap_or(i32::MAX);
    pdf.stream(FONT_FILE, &file).pair(Name(b"Length1"), length);
    let mut to_unicode = UnicodeCmap::new(Name(b"Characters"), IDENTITY);
    for (number, character) in &glyphs.characters {
        to_unicode.pair(*number, *character);
    }
    pdf.cmap(TO_UNICODE, &to_unicode.finish());
    Ok(())
}

/// In thousandths of the size, as the tables head and hhea and the glyphs H and l tell.
fn write_descriptor(pdf: &mut Pdf, name: Name<'_>) {
    pdf.font_descriptor(DESCRIPTOR)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(-1021.0, -463.0, 1793.0, 1232.0))
        .italic_angle(0.0)
        .ascent(928.0)
        .descent(-236.0)
        .cap_height(729.0)
        .stem_v(90.0)
        .font_file2(FONT_FILE);
}

/// Six letters that tell this part of the font from other parts of it, should documents be put together.
fn tag(characters: &BTreeMap<u16, char>) -> String {
    let prime = 0x0100_0000_01b3;
    let hash = characters
        .values()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(prime));
    hash.to_be_bytes().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
