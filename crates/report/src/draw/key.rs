//! The key of a picture: colour bar or classes, no data, weak cells, scale bar.

use super::canvas::{Canvas, Line, Type};
use super::colour::{GREY, INK, NO_DATA, Rgb};
use super::colour_bar::{BAR_HEIGHT, draw_bar, weak_swatch};
use super::distance::ScaleBar;
use super::font::{ASCENT, CAPITAL, LINE, Weight, wrap};
use super::frame::Frame;
use super::legend::ClassLegend;
use super::map::{Key, MapPicture, Weak};
use super::paint::Seen;
use super::place::{Anchor, Rect};
use super::scale::ValueScale;

/// One thing of the key and where it stands, from the upper left corner of the key.
struct Item<'a> {
    x: f64,
    y: f64,
    what: What<'a>,
}

enum What<'a> {
    Heading(String),
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
        let classes = match &picture.key {
            Key::Classes(legend) => legend.entries.as_slice(),
            Key::Values(_) => &[],
        };
        let entries = classes.iter().map(|entry| entry.label.as_str());
        let widest = entries
            .chain(marks.iter().map(|mark| mark.1))
            .map(|label| key.entry_width(label))
            .fold(size * 16.0, f64::max);
        // The scale bar stands at the right, or below everything where that leaves too little room.
        let bar = ScaleBar::new(frame, (width / 6.0).max(size * 6.0));
        let bar_width = bar.width(key.kind());
        let beside = width - bar_width - 2.0 * size;
        let is_beside = beside >= widest;
        let free = if is_beside { beside } else { width };
        match &picture.key {
            Key::Values(scale) => key.values(scale, marks, free),
            Key::Classes(legend) => key.classes(legend, marks, free),
        }
        let bar_height = size * 2.4;
        let y = if is_beside { 0.0 } else { key.height };
        key.push(width - bar_width, y, What::Distance(bar));
        key.height = key.height.max(y + bar_height);
        key
    }

    fn push(&mut self, x: f64, y: f64, what: What<'a>) {
        self.items.push(Item { x, y, what });
    }

    /// Puts a heading in lines at the upper left corner and returns their width and height.
    fn heading(&mut self, text: &str, free: f64) -> (f64, f64) {
        let kind = self.heading_kind();
        let lines = wrap(text, kind.size, kind.weight, free);
        let width = lines
            .iter()
            .map(|line| kind.width(line))
            .fold(0.0, f64::max);
        let mut y = 0.0;
        for line in lines {
            self.push(0.0, y, What::Heading(line));
            y += self.size * LINE;
        }
        (width, y)
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
        let least = self.size * 16.0;
        let is_beside = marks_width > 0.0 && free - marks_width - gap >= least;
        let room = if is_beside {
            free - marks_width - gap
        } else {
            free
        };
        let (heading, top) = self.heading(&scale.heading(), room);
        let bar = room.min(self.size * 32.0);
        self.push(0.0, top, What::Bar(scale, bar));
        self.height = top + self.size * BAR_HEIGHT;
        let (x, mut y) = if is_beside {
            (bar.max(heading) + gap, self.size * 0.3)
        } else {
            (0.0, self.height)
        };
        for (fill, label) in marks {
            self.push(x, y, What::Swatch(fill, label));
            y += self.size * 1.5;
        }
        self.height = self.height.max(y);
    }

    /// Classes and marks one after the other, broken into lines.
    fn classes(&mut self, legend: &'a ClassLegend, marks: Vec<(Fill<'a>, &'a str)>, free: f64) {
        let (_, mut y) = self.heading(&legend.title, free);
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
            self.push(x, y, What::Swatch(fill, label));
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
                What::Bar(scale, width) => {
                    let (kind, edge) = (self.kind(), self.edge());
                    draw_bar(canvas, scale, (x, y), *width, self.size, kind, edge);
                }
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
}
