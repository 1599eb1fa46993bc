//! Figures in proportion: a result beside national totals.

use super::bars::{BAR, NAME_WIDTH};
use super::chart::{AXIS, BODY, Head, MARGIN, MIDDLE, SMALL, STRONG, WIDTH, range, widest};
use super::colour::Rgb;
use super::font::{ASCENT, LINE, wrap};
use super::place::{Anchor, Rect};
use super::svg::Svg;
use super::ticks::number_text;

/// The figure that the others stand beside, and the others.
const FILLS: (Rgb, Rgb) = (Rgb(0x25, 0x3f, 0x80), Rgb(0xb9, 0xbe, 0xc6));

/// One figure among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Proportion {
    /// What it is.
    pub name: String,
    /// A remark under the name in small type, such as its source or its share; may be empty.
    pub note: String,
    /// How much, in the unit of the chart. What is below zero is drawn by its size, with its sign at
    /// the number; what is not finite has no bar and says so.
    pub value: f64,
    /// Whether it is the figure that the others stand beside.
    pub highlight: bool,
}

/// Small horizontal bars of one quantity: a result beside national totals.
#[derive(Debug, Clone, PartialEq)]
pub struct ProportionChart {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Quantity and unit: `Mt CO₂ yr⁻¹`.
    pub x_label: String,
    /// The figures, from top to bottom.
    pub rows: Vec<Proportion>,
    /// Decimals of the numbers.
    pub decimals: u8,
    /// Sources under the chart; may be empty.
    pub note: String,
}

/// The texts of a row.
struct Row<'a> {
    figure: &'a Proportion,
    name: Vec<String>,
    note: Vec<String>,
    number: String,
}

impl<'a> Row<'a> {
    fn of(figure: &'a Proportion, decimals: u8) -> Self {
        let weight = if figure.highlight { STRONG } else { BODY }.weight;
        Self {
            figure,
            name: wrap(&figure.name, BODY.size, weight, NAME_WIDTH),
            note: wrap(&figure.note, SMALL.size, SMALL.weight, NAME_WIDTH),
            number: if figure.value.is_finite() {
                number_text(figure.value, decimals)
            } else {
                "no value".to_owned()
            },
        }
    }

    fn text_height(&self) -> f64 {
        self.name.len() as f64 * BODY.size * LINE + self.note.len() as f64 * SMALL.size * LINE
    }

    fn height(&self) -> f64 {
        self.text_height().max(BAR) + 10.0
    }

    /// Draws the row around the height `middle`, its bar from `left` with so many pixels to a unit.
    fn draw(&self, svg: &mut Svg, middle: f64, left: f64, px: f64) {
        let kind = if self.figure.highlight { STRONG } else { BODY };
        let mut y = middle - self.text_height() / 2.0;
        for (lines, kind) in [(&self.name, kind), (&self.note, SMALL)] {
            for line in lines {
                svg.text(line, MARGIN, y + kind.size * ASCENT, Anchor::Start, kind);
                y += kind.size * LINE;
            }
        }
        let mut end = left;
        if self.figure.value.is_finite() {
            // Even a very small figure leaves a line.
            let width = (self.figure.value.abs() * px).max(1.0);
            let rect = Rect {
                x: left,
                y: middle - BAR / 2.0 + 1.0,
                width,
                height: BAR - 2.0,
            };
            let fill = if self.figure.highlight {
                FILLS.0
            } else {
                FILLS.1
            };
            svg.rect(rect, fill, None);
            end += width;
        }
        let baseline = middle + BODY.size * MIDDLE;
        svg.text(&self.number, end + 8.0, baseline, Anchor::Start, kind);
    }
}

impl ProportionChart {
    /// The chart as an SVG file. The same chart gives the same text.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, &self.x_label, &self.note);
        let rows: Vec<Row<'_>> = self
            .rows
            .iter()
            .map(|figure| Row::of(figure, self.decimals))
            .collect();
        let names = rows.iter().flat_map(|row| &row.name).map(String::as_str);
        let notes = rows.iter().flat_map(|row| &row.note).map(String::as_str);
        let numbers = rows.iter().map(|row| row.number.as_str());
        let left = MARGIN + widest(names, STRONG).max(widest(notes, SMALL)) + 14.0;
        let right = WIDTH - MARGIN - widest(numbers, STRONG) - 8.0;
        let sizes = self.rows.iter().map(|row| row.value.abs());
        let largest = range(sizes).map_or(1.0, |r| r.1).max(f64::MIN_POSITIVE);
        let px = (right - left).max(1.0) / largest;

        let top = head.height();
        let bottom = top + rows.iter().map(Row::height).sum::<f64>();
        let mut svg = Svg::new(WIDTH, bottom + 8.0 + head.foot());
        head.draw(&mut svg);
        let mut y = top;
        for row in &rows {
            row.draw(&mut svg, y + row.height() / 2.0, left, px);
            y += row.height();
        }
        svg.line((left, top), (left, bottom), AXIS);
        svg.finish(&self.title, &self.description)
    }
}
