//! Pages that text is put on from top to bottom. Lengths are points (1/72 inch).

use super::fit;
use super::font::Font;

/// A4: 210 mm by 297 mm.
pub(super) const WIDTH: f32 = 595.276;
/// See [`WIDTH`].
pub(super) const HEIGHT: f32 = 841.89;
/// Kept free on all sides; the foot of a page is in it.
pub(super) const MARGIN: f32 = 51.0;
/// Between the margins.
pub(super) const ROOM: f32 = WIDTH - 2.0 * MARGIN;

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) size: f32,
    /// 0 is black, 1 is white.
    pub(super) grey: f32,
}

impl Style {
    pub(super) const fn plain(size: f32) -> Self {
        Self { size, grey: 0.15 }
    }

    pub(super) const fn soft(size: f32) -> Self {
        Self { size, grey: 0.4 }
    }

    /// The one font has no bold face, and outlines drawn with a line run together on a screen.
    pub(super) const fn strong(size: f32) -> Self {
        Self { size, grey: 0.0 }
    }

    /// From one line to the next.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.4
    }
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    /// Left end.
    pub(super) x: f32,
    /// Baseline, measured from the foot of the page.
    pub(super) y: f32,
    pub(super) style: Style,
    pub(super) text: String,
}

/// A grey area, thin ones being lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Area {
    pub(super) y: f32,
    pub(super) height: f32,
    pub(super) grey: f32,
}

/// What is on a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Page {
    /// From margin to margin, below the text.
    pub(super) areas: Vec<Area>,
    pub(super) words: Vec<Words>,
}

/// Where a text may stand: from a left end, or up to a right end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    x: f32,
    width: f32,
    right: bool,
}

impl Column {
    /// Text begins at `x` points from the left margin.
    pub(super) const fn left(x: f32, width: f32) -> Self {
        Self { x: MARGIN + x, width, right: false }
    }

    /// Text ends at `x` points from the left margin.
    pub(super) const fn right(x: f32, width: f32) -> Self {
        Self { x: MARGIN + x, width, right: true }
    }
}

/// Pages in the making.
pub(super) struct Pages<'font> {
    font: &'font Font,
    full: Vec<Page>,
    page: Page,
    /// Top of what comes next.
    y: f32,
}

impl<'font> Pages<'font> {
    pub(super) fn new(font: &'font Font) -> Self {
        Self { font, full: Vec::new(), page: Page::default(), y: HEIGHT - MARGIN }
    }

    /// Begins another page, unless `height` fits on this one. Tells whether it did.
    pub(super) fn turn_for(&mut self, height: f32) -> bool {
        let turns = self.y - height < MARGIN;
        if turns {
            self.full.push(std::mem::take(&mut self.page));
            self.y = HEIGHT - MARGIN;
        }
        turns
    }

    pub(super) fn down(&mut self, by: f32) {
        self.y -= by;
    }

    /// One line where the pen is, which stays there: cut in a left column, set smaller in a right one.
    pub(super) fn put(&mut self, column: Column, style: Style, text: &str) {
        let words = place(self.font, column, self.y - style.size, style, text);
        self.page.words.extend(words);
    }

    /// Lines below each other, at most `most`; the pen goes below them, onto another page if need be.
    pub(super) fn paragraph(&mut self, column: Column, style: Style, text: &str, most: usize) {
        for line in self.lines(column, style, text, most) {
            self.turn_for(style.leading());
            self.put(column, style, &line);
            self.down(style.leading());
        }
    }

    /// The lines that a text takes in a column.
    pub(super) fn lines(&self, column: Column, style: Style, text: &str, most: usize) -> Vec<String> {
        fit::wrapped(self.font, text, style.size, column.width, most)
    }

    /// A line from margin to margin.
    pub(super) fn rule(&mut self, grey: f32) {
        self.page.areas.push(Area { y: self.y, height: 0.6, grey });
    }

    /// A grey ground for the next `height` points.
    pub(super) fn ground(&mut self, height: f32) {
        self.page.areas.push(Area { y: self.y - height, height, grey: 0.94 });
    }

    /// All pages, each with a foot of its own: what it says on the left and on the right.
    pub(super) fn finish(self, style: Style, foot: impl Fn(usize, usize) -> (String, String)) -> Vec<Page> {
        let mut pages = self.full;
        pages.push(self.page);
        let count = pages.len();
        for (at, page) in pages.iter_mut().enumerate() {
            let (left, right) = foot(at + 1, count);
            for (column, text) in [(Column::left(0.0, ROOM - 100.0), left), (Column::right(ROOM, 90.0), right)] {
                page.words.extend(place(self.font, column, MARGIN - 22.0, style, &text));
            }
        }
        pages
    }
}

/// Nothing for an empty text.
fn place(font: &Font, column: Column, y: f32, style: Style, text: &str) -> Option<Words> {
    let (text, size) = if column.right {
        let text = font.legible(text);
        let size = fit::shrunk(font, &text, style.size, column.width);
        (text, size)
    } else {
        (fit::cut(font, text, style.size, column.width), style.size)
    };
    let x = if column.right { column.x - font.width(&text, size) } else { column.x };
    (!text.is_empty()).then_some(Words { x, y, style: Style { size, ..style }, text })
}
