//! The colour bar of a value scale, and what weak cells look like on it.

use super::canvas::{Canvas, Line, Type};
use super::colour::PALE;
use super::font::ASCENT;
use super::map::{Key, Weak};
use super::paint::{HATCH, HATCH_OPACITY, faded};
use super::place::{Anchor, Rect};
use super::scale::ValueScale;
use tiny_skia::PathBuilder;

/// Height of a bar with its labels, in sizes of ordinary type.
pub(super) const BAR_HEIGHT: f64 = 2.3;

/// Draws the bar of a scale, `width` wide with its pointed ends and labels, with the upper left corner
/// at `(x, y)`. `size` is that of ordinary type, `kind` the type of the labels.
pub(super) fn draw_bar(
    canvas: &mut Canvas,
    scale: &ValueScale,
    (x, y): (f64, f64),
    width: f64,
    size: f64,
    kind: Type,
    edge: Line,
) {
    let height = size * 0.9;
    let top = y.round();
    let ticks = scale.ticks();
    let labels = ticks.labels();
    // Room for the pointed ends and for half of the outermost labels.
    let point = size * 0.8;
    let half = |label: Option<&String>| label.map_or(0.0, |text| kind.width(text) / 2.0);
    let start = (x + point.max(half(labels.first()))).floor();
    let end = x + width - point.max(half(labels.last()));
    let columns = (end - start).floor().max(1.0) as u32;
    let end = start + f64::from(columns);
    let (low, high) = scale.ends();
    for i in 0..columns {
        let value = low + (high - low) * (f64::from(i) + 0.5) / f64::from(columns);
        let column = Rect {
            x: start + f64::from(i),
            y: top,
            width: 1.0,
            height,
        };
        canvas.rect(column, scale.colour(value));
    }
    if scale.is_hatched(low) {
        let zero = start + (end - start) * (0.0 - low) / (high - low);
        let hatched = Rect {
            x: start,
            y: top,
            width: zero.min(end) - start,
            height,
        };
        hatch(canvas, hatched, size);
    }
    let (below, above) = scale.beyond();
    for (is_beyond, foot, tip, value) in [
        (below, start, start - point, low),
        (above, end, end + point, high),
    ] {
        let mut path = PathBuilder::new();
        path.move_to(foot as f32, top as f32);
        path.line_to(tip as f32, (top + height / 2.0) as f32);
        path.line_to(foot as f32, (top + height) as f32);
        path.close();
        if let Some(path) = path.finish().filter(|_| is_beyond) {
            canvas.fill(&path, scale.colour(value));
            canvas.stroke(&path, edge, None);
        }
    }
    let whole = Rect {
        x: start,
        y: top,
        width: end - start,
        height,
    };
    canvas.frame(whole, edge);

    let px = (end - start) / (high - low);
    let every = label_every(&ticks.values, &labels, kind, px);
    // Zero keeps its label when there is no room for all.
    let first = ticks.values.iter().position(|&v| v == 0.0).unwrap_or(0);
    for (i, (&value, label)) in ticks.values.iter().zip(&labels).enumerate() {
        let at = start + (value - low) * px;
        let foot = top + height;
        canvas.line(&[(at, foot), (at, foot + size * 0.25)], edge);
        if i.abs_diff(first) % every == 0 {
            let baseline = foot + size * 0.3 + kind.size * ASCENT;
            canvas.text(label, at, baseline, Anchor::Middle, kind);
        }
    }
}

/// Which ticks carry a label: each, each second, ... so that labels keep a distance.
fn label_every(values: &[f64], labels: &[String], kind: Type, px_per_unit: f64) -> usize {
    let widest = labels
        .iter()
        .map(|text| kind.width(text))
        .fold(0.0, f64::max);
    match values {
        [a, b, ..] => {
            let apart = (b - a) * px_per_unit;
            ((widest + kind.size * 0.6) / apart).ceil().max(1.0) as usize
        }
        _ => 1,
    }
}

/// The colours of the key as weak cells show them. `size` is that of ordinary type.
pub(super) fn weak_swatch(canvas: &mut Canvas, rect: Rect, style: Weak, key: &Key, size: f64) {
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
        let part = Rect {
            x: rect.x + rect.width * f64::from(i) / f64::from(parts),
            width: rect.width / f64::from(parts) + 0.5,
            ..rect
        };
        let colour = if style == Weak::Faded {
            faded(colour)
        } else {
            colour
        };
        canvas.rect(part, colour);
    }
    if style == Weak::Faded {
        return;
    }
    hatch(canvas, rect, size);
}

/// Thin oblique lines over a rectangle. `size` is that of ordinary type.
fn hatch(canvas: &mut Canvas, rect: Rect, size: f64) {
    let line = Line {
        colour: HATCH,
        width: (size * 0.08).max(1.0),
        opacity: HATCH_OPACITY,
        dash: None,
    };
    // Lines on which x + y is the same, cut at the four sides.
    let step = size * 0.4;
    let mut along = step / 2.0;
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
