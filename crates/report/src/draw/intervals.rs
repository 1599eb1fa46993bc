//! Intervals side by side: what lies on which side of zero, and how surely.

use super::bars::{BAR, NAME_WIDTH};
use super::chart::{AXIS, BODY, GRID, Head, MARGIN, MIDDLE, SMALL, STRONG, WIDTH, range, widest};
use super::colour::{GREY, Rgb};
use super::font::{ASCENT, LINE, wrap};
use super::place::Anchor;
use super::svg::{Marker, Stroke, Svg};
use super::ticks::{Ticks, round_step, signed_text};

/// Ink of ordinary rows and of those that stand out.
const INKS: (Rgb, Rgb) = (Rgb(0x5d, 0x66, 0x70), Rgb(0x25, 0x3f, 0x80));

/// An interval with a value in it, or a value alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// What it is.
    pub name: String,
    /// A remark under the name in small type; may be empty.
    pub note: String,
    /// The value; what is not finite has no mark and says so.
    pub value: f64,
    /// The ends, where there is an interval.
    pub ends: Option<[f64; 2]>,
    /// Whether it stands out.
    pub highlight: bool,
}

/// Intervals from top to bottom on one axis, with a line at zero.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalChart {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Quantity and unit: `NEP, Mt CO₂ yr⁻¹`.
    pub x_label: String,
    /// The intervals, from top to bottom.
    pub rows: Vec<Interval>,
    /// Decimals of the numbers.
    pub decimals: u8,
    /// Sources under the chart; may be empty.
    pub note: String,
}

/// The texts of a row.
struct Row<'a> {
    interval: &'a Interval,
    name: Vec<String>,
    note: Vec<String>,
    number: String,
}

impl<'a> Row<'a> {
    fn of(interval: &'a Interval, decimals: u8) -> Self {
        let weight = if interval.highlight { STRONG } else { BODY }.weight;
        let value = signed_text(interval.value, decimals);
        Self {
            interval,
            name: wrap(&interval.name, BODY.size, weight, NAME_WIDTH),
            note: wrap(&interval.note, SMALL.size, SMALL.weight, NAME_WIDTH),
            number: match interval.ends {
                _ if !interval.value.is_finite() => "no value".to_owned(),
                Some([low, high]) => format!(
                    "{value}  ({} to {})",
                    signed_text(low, decimals),
                    signed_text(high, decimals)
                ),
                None => value,
            },
        }
    }

    fn text_height(&self) -> f64 {
        self.name.len() as f64 * BODY.size * LINE + self.note.len() as f64 * SMALL.size * LINE
    }

    fn height(&self) -> f64 {
        self.text_height().max(BAR) + 8.0
    }
}

impl IntervalChart {
    /// The chart as an SVG file. The same chart gives the same text. Without a finite number it says
    /// that there is no data.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, &self.x_label, &self.note);
        let all = self.rows.iter().flat_map(|row| {
            let ends = row.ends.filter(|_| row.value.is_finite());
            [row.value].into_iter().chain(ends.into_iter().flatten())
        });
        let Some((low, high)) = range(all.chain([0.0])).filter(|(l, h)| l < h) else {
            let mut svg = Svg::new(WIDTH, head.height() + 40.0 + head.foot());
            head.draw(&mut svg);
            let y = head.height() + 20.0;
            svg.text("No data.", MARGIN, y, Anchor::Start, BODY);
            return svg.finish(&self.title, &self.description);
        };
        let rows: Vec<Row<'_>> = self
            .rows
            .iter()
            .map(|row| Row::of(row, self.decimals))
            .collect();
        let names = rows.iter().flat_map(|row| &row.name).map(String::as_str);
        let notes = rows.iter().flat_map(|row| &row.note).map(String::as_str);
        let numbers = rows.iter().map(|row| row.number.as_str());
        let left = MARGIN + widest(names, STRONG).max(widest(notes, SMALL)) + 20.0;
        let column = WIDTH - MARGIN - widest(numbers, SMALL);
        let right = column - 20.0;
        let px = (right - left).max(1.0) / (high - low);
        let x = |value: f64| left + (value - low) * px;

        let top = head.height();
        let bottom = top + rows.iter().map(Row::height).sum::<f64>();
        let mut svg = Svg::new(WIDTH, bottom + SMALL.size * LINE + 14.0 + head.foot());
        head.draw(&mut svg);
        let ticks = Ticks::every(round_step(high - low, 5), low, high);
        for (&value, label) in ticks.values.iter().zip(ticks.labels()) {
            svg.line((x(value), top), (x(value), bottom), GRID);
            let baseline = bottom + 4.0 + SMALL.size * ASCENT;
            svg.text(&label, x(value), baseline, Anchor::Middle, SMALL);
        }
        svg.line((x(0.0), top), (x(0.0), bottom), AXIS);
        let mut y = top;
        for row in &rows {
            draw_row(&mut svg, row, y + row.height() / 2.0, column, &x);
            y += row.height();
        }
        svg.finish(&self.title, &self.description)
    }
}

/// Draws a row around the height `middle`, its numbers from `column`.
fn draw_row(svg: &mut Svg, row: &Row<'_>, middle: f64, column: f64, x: &impl Fn(f64) -> f64) {
    let interval = row.interval;
    let kind = if interval.highlight { STRONG } else { BODY };
    let mut y = middle - row.text_height() / 2.0;
    for (lines, kind) in [(&row.name, kind), (&row.note, SMALL)] {
        for line in lines {
            svg.text(line, MARGIN, y + kind.size * ASCENT, Anchor::Start, kind);
            y += kind.size * LINE;
        }
    }
    let baseline = middle + SMALL.size * MIDDLE;
    svg.text(&row.number, column, baseline, Anchor::Start, SMALL);
    if !interval.value.is_finite() {
        return;
    }
    let ink = if interval.highlight { INKS.1 } else { INKS.0 };
    if let Some([low, high]) = interval.ends {
        let stroke = |width| Stroke {
            colour: ink,
            width,
            dash: "",
        };
        svg.line((x(low), middle), (x(high), middle), stroke(3.0));
        for end in [low, high] {
            svg.line((x(end), middle - 5.0), (x(end), middle + 5.0), stroke(1.5));
        }
    }
    svg.marker(Marker::Circle, x(interval.value), middle, 6.0, GREY);
    svg.marker(Marker::Circle, x(interval.value), middle, 5.0, ink);
}
