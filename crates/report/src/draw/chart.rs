//! What all charts share: the head, the notes, the type.

use super::canvas::Type;
use super::colour::{GREY, INK, PALE, Rgb};
use super::font::{ASCENT, CAPITAL, LINE, Weight, wrap};
use super::place::Anchor;
use super::svg::{Stroke, Svg};

/// Width of every chart in pixels.
pub(super) const WIDTH: f64 = 860.0;
/// White space at the sides.
pub(super) const MARGIN: f64 = 16.0;
/// Size of ordinary type in pixels.
pub(super) const SIZE: f64 = 14.0;

pub(super) const BODY: Type = Type {
    size: SIZE,
    weight: Weight::Regular,
    colour: INK,
};
pub(super) const STRONG: Type = Type {
    weight: Weight::Bold,
    ..BODY
};
pub(super) const SMALL: Type = Type {
    size: 12.0,
    weight: Weight::Regular,
    colour: GREY,
};
const TITLE: Type = Type {
    size: 18.0,
    weight: Weight::Bold,
    colour: INK,
};

/// From the middle of a line of type to its baseline, in ems.
pub(super) const MIDDLE: f64 = CAPITAL / 2.0;

pub(super) const AXIS: Stroke<'static> = Stroke {
    colour: GREY,
    width: 1.0,
    dash: "",
};
pub(super) const GRID: Stroke<'static> = Stroke {
    colour: PALE,
    width: 1.0,
    dash: "",
};

/// The same type in a colour.
pub(super) fn tinted(kind: Type, colour: Rgb) -> Type {
    Type { colour, ..kind }
}

/// Title, axis heading and note of a chart, broken into lines.
pub(super) struct Head {
    title: Vec<String>,
    heading: Vec<String>,
    note: Vec<String>,
}

impl Head {
    pub(super) fn new(title: &str, heading: &str, note: &str) -> Self {
        let lines =
            |text: &str, kind: Type| wrap(text, kind.size, kind.weight, WIDTH - 2.0 * MARGIN);
        Self {
            title: lines(title, TITLE),
            heading: lines(heading, SMALL),
            note: lines(note, SMALL),
        }
    }

    /// Height of title and heading: where the chart begins.
    pub(super) fn height(&self) -> f64 {
        MARGIN
            + self.title.len() as f64 * TITLE.size * LINE
            + self.heading.len() as f64 * SMALL.size * LINE
            + 8.0
    }

    /// Height of the note and the white space under it.
    pub(super) fn foot(&self) -> f64 {
        self.note.len() as f64 * SMALL.size * LINE + MARGIN
    }

    /// Draws title and heading at the top, the note at the bottom.
    pub(super) fn draw(&self, svg: &mut Svg) {
        let mut y = MARGIN;
        let lines = |svg: &mut Svg, lines: &[String], kind: Type, y: &mut f64| {
            for line in lines {
                svg.text(line, MARGIN, *y + kind.size * ASCENT, Anchor::Start, kind);
                *y += kind.size * LINE;
            }
        };
        lines(svg, &self.title, TITLE, &mut y);
        lines(svg, &self.heading, SMALL, &mut y);
        let mut y = svg.height - self.foot();
        lines(svg, &self.note, SMALL, &mut y);
    }
}

/// The widest of some texts.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, kind: Type) -> f64 {
    texts
        .into_iter()
        .map(|text| kind.width(text))
        .fold(0.0, f64::max)
}

/// Finite numbers only, as lowest and highest; `None` of none.
pub(super) fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|v| v.is_finite())
        .fold(None, |range, v| match range {
            None => Some((v, v)),
            Some((low, high)) => Some((low.min(v), high.max(v))),
        })
}
