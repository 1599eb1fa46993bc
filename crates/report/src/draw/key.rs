//! The key of a picture: colour bar or classes, no data, weak cells, scale bar.

use super::canvas::{Canvas, Line, Type};
use super::colour::{GREY, INK, NO_DATA, PALE, Rgb};
use super::distance::ScaleBar;
use super::font::{ASCENT, CAPITAL, LINE, Weight};
use super::frame::Frame;
use super::legend::ClassLegend;
use super::map::{Key, MapPicture, Weak};
use super::paint::Seen;
use super::place::{Anchor, Rect};
use super::scale::ValueScale;
use tiny_skia::PathBuilder;

/// One thing of the key and where it stands, from the upper left corner of the key.
struct Item<'a> {
    x: f64,
    y: f64,
    what: What<'a>,
}

enum What<'a> {
    Heading(&'a str),
    Bar(&'a ValueScale, f64),
    Swatch(Fill<'a>, &'a str),
    Distance(ScaleBar),
}

enum Fill<'a> {
    Plain(Rgb),
    Weak(Weak, &'a Key),
}

/// The key, laid out in a width.
pub(super) struct KeyBox<'a> {
    items: Vec<Item<'a>>,
    size: f64,
    height: f64,
}

impl<'a> KeyBox<'a> {
    pub(super) fn new(
        picture: &'a MapPicture<'a>,
        seen: Seen,
        size: f64,
        width: f64,
        frame: Frame,
    ) -> Self {
        let mut key = Self {
            items: Vec::new(),
            size,
            height: 0.0,
        };
        let mut marks: Vec<(Fill<'a>, &'a str)> = Vec::new();
        if seen.weak {
            let fill = Fill::Weak(picture.weak_style, &picture.key);
            marks.push((fill, &picture.weak_label));
        }
        if seen.no_data {
            marks.push((Fill::Plain(NO_DATA), &picture.no_data_label));
        }
        let bar = ScaleBar::new(frame, width / 6.0);
        let scale_width = bar.width(key.kind());
        let free = width - scale_width - 2.0 * size;
        match &picture.key {
            Key::Values(scale) => key.values(scale, marks, free),
            Key::Classes(legend) => key.classes(legend, marks, free),
        }
        key.items.push(Item {
            x: width - scale_width,
            y: 0.0,
            what: What::Distance(bar),
        });
        key.height = key.height.max(size * 2.4);
        key
    }

    pub(super) fn height(&self) -> f64 {
        self.height
    }

    fn kind(&self) -> Type {
        Type {
            size: self.size * 0.9,
            weight: Weight::Regular,
            colour: INK,
        }
    }

    fn heading_kind(&self) -> Type {
        Type {
            weight: Weight::Bold,
            ..self.kind()
        }
    }

    fn swatch_width(&self) -> f64 {
        self.size * 1.6
    }

    fn entry_width(&self, label: &str) -> f64 {
        self.swatch_width() + self.size * 0.4 + self.kind().width(label)
    }

    /// A colour bar, and the marks in a column beside it (or below it where there is no room).
    fn values(&mut self, scale: &'a ValueScale, marks: Vec<(Fill<'a>, &'a str)>, free: f64) {
        let marks_width = marks
            .iter()
            .map(|(_, label)| self.entry_width(label))
            .fold(0.0, f64::max);
        let gap = self.size * 2.0;
        let heading = self.heading_kind().width(&scale.heading());
        let beside = free - marks_width - gap >= (self.size * 16.0).max(heading);
        let room = if beside && marks_width > 0.0 {
            free - marks_width - gap
        } else {
            free
        };
        let bar = room.min(self.size * 32.0);
        self.items.push(Item {
            x: 0.0,
            y: 0.0,
            what: What::Bar(scale, bar),
        });
        self.height = self.size * 3.6;
        let (x, mut y) = if beside {
            (bar.max(heading) + gap, self.size * 0.3)
        } else {
            (0.0, self.height)
        };
        for (fill, label) in marks {
            self.items.push(Item {
                x,
                y,
                what: What::Swatch(fill, label),
            });
            y += self.size * 1.5;
        }
        self.height = self.height.max(y);
    }

    /// Classes and marks one after the other, broken into lines.
    fn classes(&mut self, legend: &'a ClassLegend, marks: Vec<(Fill<'a>, &'a str)>, free: f64) {
        let mut y = 0.0;
        if !legend.title.is_empty() {
            self.items.push(Item {
                x: 0.0,
                y,
                what: What::Heading(&legend.title),
            });
            y += self.size * LINE;
        }
        let entries = legend
            .entries
            .iter()
            .map(|entry| (Fill::Plain(entry.fill), entry.label.as_str()));
        let mut x = 0.0;
        for (fill, label) in entries.chain(marks) {
            let width = self.entry_width(label);
            if x > 0.0 && x + width > free {
                x = 0.0;
                y += self.size * 1.5;
            }
            self.items.push(Item {
                x,
                y,
                what: What::Swatch(fill, label),
            });
            x += width + self.size * 1.6;
        }
        self.height = y + self.size * 1.5;
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, left: f64, top: f64) {
        for item in &self.items {
            let (x, y) = (left + item.x, top + item.y);
            match &item.what {
                What::Heading(text) => {
                    let kind = self.heading_kind();
                    canvas.text(text, x, y + kind.size * ASCENT, Anchor::Start, kind);
                }
                What::Bar(scale, width) => self.bar(canvas, scale, x, y, *width),
                What::Swatch(fill, label) => self.swatch(canvas, fill, label, x, y),
                What::Distance(bar) => bar.draw(canvas, x, y, self.kind()),
            }
        }
    }

    fn edge(&self) -> Line {
        Line {
            colour: GREY,
            width: (self.size * 0.04).max(0.7),
            opacity: 1.0,
            dash: None,
        }
    }

    fn swatch(&self, canvas: &mut Canvas, fill: &Fill<'_>, label: &str, x: f64, y: f64) {
        let rect = Rect {
            x: x.round(),
            y: y.round(),
            width: self.swatch_width().round(),
            height: (self.size * 1.1).round(),
        };
        match fill {
            Fill::Plain(colour) => canvas.rect(rect, *colour),
            Fill::Weak(style, key) => weak_swatch(canvas, rect, *style, key, self.size),
        }
        canvas.frame(rect, self.edge());
        let kind = self.kind();
        let baseline = rect.y + rect.height / 2.0 + kind.size * CAPITAL / 2.0;
        let start = rect.right() + self.size * 0.4;
        canvas.text(label, start, baseline, Anchor::Start, kind);
    }

    fn bar(&self, canvas: &mut Canvas, scale: &ValueScale, x: f64, y: f64, width: f64) {
        let heading = self.heading_kind();
        canvas.text(
            &scale.heading(),
            x,
            y + heading.size * ASCENT,
            Anchor::Start,
            heading,
        );
        let height = self.size * 0.9;
        let top = (y + self.size * 1.35).round();
        // Room for the pointed ends and for half of the outermost labels.
        let point = self.size * 0.8;
        let kind = self.kind();
        let ticks = scale.ticks();
        let labels = ticks.labels();
        let half = |label: Option<&String>| label.map_or(0.0, |text| kind.width(text) / 2.0);
        let (start, end) = (
            x + point.max(half(labels.first())),
            x + width - point.max(half(labels.last())),
        );
        let (low, high) = scale.ends();
        let columns = (end - start).floor().max(1.0) as u32;
        for i in 0..columns {
            let value = low + (high - low) * (f64::from(i) + 0.5) / f64::from(columns);
            let rect = Rect {
                x: start.floor() + f64::from(i),
                y: top,
                width: 1.0,
                height,
            };
            canvas.rect(rect, scale.colour(value));
        }
        let (start, end) = (start.floor(), start.floor() + f64::from(columns));
        let (below, above) = scale.beyond();
        for (is_beyond, edge, tip, value) in [
            (below, start, start - point, low),
            (above, end, end + point, high),
        ] {
            if is_beyond {
                let mut path = PathBuilder::new();
                path.move_to(edge as f32, top as f32);
                path.line_to(tip as f32, (top + height / 2.0) as f32);
                path.line_to(edge as f32, (top + height) as f32);
                path.close();
                if let Some(path) = path.finish() {
                    canvas.fill(&path, scale.colour(value));
                    canvas.stroke(&path, self.edge(), None);
                }
            }
        }
        let rect = Rect {
            x: start,
            y: top,
            width: end - start,
            height,
        };
        canvas.frame(rect, self.edge());
        let place = |value: f64| start + (value - low) / (high - low) * (end - start);
        let every = label_every(&ticks.values, &labels, kind, (end - start) / (high - low));
        let zero = ticks.values.iter().position(|&v| v == 0.0).unwrap_or(0);
        for (i, (&value, label)) in ticks.values.iter().zip(&labels).enumerate() {
            let at = place(value);
            let foot = [(at, top + height), (at, top + height + self.size * 0.25)];
            canvas.line(&foot, self.edge());
            if i.abs_diff(zero) % every == 0 {
                let baseline = top + height + self.size * 0.3 + kind.size * ASCENT;
                canvas.text(label, at, baseline, Anchor::Middle, kind);
            }
        }
    }
}

/// Which ticks carry a label: each, each second, ... so that labels keep a distance.
fn label_every(values: &[f64], labels: &[String], kind: Type, px_per_unit: f64) -> usize {
    let widest = labels
        .iter()
        .map(|text| kind.width(text))
        .fold(0.0, f64::max);
    let apart = match values {
        [a, b, ..] => (b - a) * px_per_unit,
        _ => return 1,
    };
    ((widest + kind.size * 0.6) / apart).ceil().max(1.0) as usize
}

/// Some colours of the key as weak cells show them.
fn weak_swatch(canvas: &mut Canvas, rect: Rect, style: Weak, key: &Key, size: f64) {
    let parts = 24;
    for i in 0..parts {
        let share = (f64::from(i) + 0.5) / f64::from(parts);
        let colour = match key {
            Key::Values(scale) => {
                let (low, high) = scale.ends();
                scale.colour(low + (high - low) * share)
            }
            Key::Classes(_) => PALE,
        };
        let colour = match style {
            Weak::Faded => super::paint::faded(colour),
            Weak::Hatched => colour,
        };
        let part = Rect {
            x: rect.x + rect.width * f64::from(i) / f64::from(parts),
            width: rect.width / f64::from(parts) + 0.5,
            ..rect
        };
        canvas.rect(part, colour);
    }
    if style == Weak::Hatched {
        let line = Line {
            colour: super::paint::HATCH,
            width: (size * 0.08).max(1.0),
            opacity: super::paint::HATCH_OPACITY,
            dash: None,
        };
        let step = size * 0.4;
        let mut along = step / 2.0;
        // Lines x + y = along, cut at the four sides.
        while along < rect.width + rect.height {
            let from = (along.min(rect.width), (along - rect.width).max(0.0));
            let to = ((along - rect.height).max(0.0), along.min(rect.height));
            let points = [
                (rect.x + from.0, rect.y + from.1),
                (rect.x + to.0, rect.y + to.1),
            ];
            canvas.line(&points, line);
            along += step;
        }
    }
}
