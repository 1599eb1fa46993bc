//! A chart being drawn: shapes and texts as SVG.

use super::canvas::Type;
use super::colour::Rgb;
use super::font::{FAMILY, Weight};
use super::place::{Anchor, Rect};
use crate::html::escaped;

/// The marks of points and series: told apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Diamond,
    Triangle,
    Down,
}

impl Marker {
    /// A different one for each of the first five.
    pub(super) fn of(index: usize) -> Self {
        [
            Self::Circle,
            Self::Square,
            Self::Triangle,
            Self::Diamond,
            Self::Down,
        ][index % 5]
    }
}

/// Dashes that differ for each of the first four; the first is a full line.
pub(super) fn dash_of(index: usize) -> &'static str {
    ["", "7 3", "2 3", "9 3 2 3"][index % 4]
}

/// How a line looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke<'a> {
    pub(super) colour: Rgb,
    pub(super) width: f64,
    /// As `stroke-dasharray` has it; empty for a full line.
    pub(super) dash: &'a str,
}

/// The body of a chart of a width and height in pixels; `y` grows downward.
pub(super) struct Svg {
    body: String,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Svg {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            body: String::new(),
            width,
            height,
        }
    }

    fn push(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// A text whose baseline is at `y`. Nothing for an empty one.
    pub(super) fn text(&mut self, text: &str, x: f64, y: f64, anchor: Anchor, kind: Type) {
        if text.trim().is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = match kind.weight {
            Weight::Regular => "",
            Weight::Bold => " font-weight=\"bold\"",
        };
        let (x, y, size) = (number(x), number(y), number(kind.size));
        let fill = kind.colour.hex();
        self.push(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{anchor}{weight}>{}</text>",
            clean(text)
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke<'_>) {
        self.polyline(&[from, to], stroke);
    }

    /// A line through points; nothing for fewer than two.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke<'_>) {
        if points.len() < 2 {
            return;
        }
        let dash = if stroke.dash.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{}\"", stroke.dash)
        };
        let (colour, width) = (stroke.colour.hex(), number(stroke.width));
        self.push(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
             stroke-linejoin=\"round\"{dash}/>",
            points_text(points)
        ));
    }

    pub(super) fn polygon(&mut self, points: &[(f64, f64)], fill: Rgb, opacity: f64) {
        if points.len() < 3 {
            return;
        }
        self.push(&format!(
            "<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"{}\"/>",
            points_text(points),
            fill.hex(),
            number(opacity)
        ));
    }

    /// A picture that is part of the file, its dots as sharp as they are.
    pub(super) fn image(&mut self, rect: Rect, address: &str) {
        self.push(&format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             style=\"image-rendering:pixelated\" href=\"{address}\"/>",
            number(rect.x),
            number(rect.y),
            number(rect.width),
            number(rect.height)
        ));
    }

    pub(super) fn rect(&mut self, rect: Rect, fill: Rgb, edge: Option<Rgb>) {
        let edge = edge.map_or_else(String::new, |c| {
            format!(" stroke=\"{}\" stroke-width=\"0.8\"", c.hex())
        });
        self.push(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{edge}/>",
            number(rect.x),
            number(rect.y),
            number(rect.width),
            number(rect.height),
            fill.hex()
        ));
    }

    /// A band that flows from one upright edge to another: `(top, bottom)` at `left` and at `right`.
    /// The name is shown when a pointer rests on it.
    pub(super) fn ribbon(
        &mut self,
        (left, from): (f64, (f64, f64)),
        (right, to): (f64, (f64, f64)),
        fill: Rgb,
        opacity: f64,
        name: &str,
    ) {
        let middle = number((left + right) / 2.0);
        let (left, right) = (number(left), number(right));
        let (a, b) = (number(from.0), number(from.1));
        let (c, d) = (number(to.0), number(to.1));
        self.push(&format!(
            "<path d=\"M{left} {a}C{middle} {a} {middle} {c} {right} {c}L{right} {d}C{middle} {d} \
             {middle} {b} {left} {b}Z\" fill=\"{}\" fill-opacity=\"{}\"><title>{}</title></path>",
            fill.hex(),
            number(opacity),
            clean(name)
        ));
    }

    pub(super) fn marker(&mut self, marker: Marker, x: f64, y: f64, radius: f64, fill: Rgb) {
        let polygon = |corners: &[(f64, f64)]| -> Vec<(f64, f64)> {
            corners
                .iter()
                .map(|(dx, dy)| (x + dx * radius, y + dy * radius))
                .collect()
        };
        let points = match marker {
            Marker::Circle => {
                let (x, y, radius) = (number(x), number(y), number(radius));
                let fill = fill.hex();
                return self.push(&format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\"/>"
                ));
            }
            Marker::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Marker::Diamond => polygon(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
            Marker::Triangle => polygon(&[(0.0, -1.25), (1.2, 0.9), (-1.2, 0.9)]),
            Marker::Down => polygon(&[(0.0, 1.25), (1.2, -0.9), (-1.2, -0.9)]),
        };
        self.polygon(&points, fill, 1.0);
    }

    /// The whole file. Title and description are what a screen reader says.
    pub(super) fn finish(self, title: &str, description: &str) -> String {
        let (title, description) = (clean(title), clean(description));
        // Names that are unlike those of other charts on a page, and the same on each run.
        let id = fnv1a(&[&title, &description, &self.body]);
        let (width, height) = (number(self.width), number(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" \
             aria-labelledby=\"t{id:016x} d{id:016x}\" font-family=\"{FAMILY}\">\n\
             <title id=\"t{id:016x}\">{title}</title>\n<desc id=\"d{id:016x}\">{description}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.body
        )
    }
}

/// A coordinate with at most two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

fn points_text(points: &[(f64, f64)]) -> String {
    let pairs: Vec<String> = points
        .iter()
        .map(|&(x, y)| format!("{},{}", number(x), number(y)))
        .collect();
    pairs.join(" ")
}

/// Text that XML allows, escaped.
fn clean(text: &str) -> String {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() || c == '\u{fffe}' || c == '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    escaped(&text.chars().map(allowed).collect::<String>())
}

/// Fowler, Noll and Vo's hash FNV-1a, 64 bits.
fn fnv1a(parts: &[&str]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.345), "12.35");
        assert_eq!(number(100.0), "100");
    }

    #[test]
    fn hash_is_that_of_its_authors() {
        // Test vectors of draft-eastlake-fnv.
        assert_eq!(fnv1a(&[""]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(&["foo", "bar"]), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn odd_text_is_still_xml() {
        let mut svg = Svg::new(10.0, 10.0);
        let kind = Type {
            size: 10.0,
            weight: Weight::Regular,
            colour: Rgb(0, 0, 0),
        };
        svg.text("a<b>&\u{1}\u{ffff}\n\"c'", 1.0, 2.0, Anchor::Start, kind);
        let text = svg.finish("<title>", "\u{0}");
        let document = roxmltree::Document::parse(&text).unwrap();
        let found = document.descendants().find(|n| n.has_tag_name("text"));
        assert_eq!(found.unwrap().text(), Some("a<b>&\u{fffd}\u{fffd} \"c'"));
    }
}
