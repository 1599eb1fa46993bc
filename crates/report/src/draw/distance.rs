//! The scale bar.

use super::canvas::{Canvas, Line, Type};
use super::colour::{INK, WHITE};
use super::font::ASCENT;
use super::frame::Frame;
use super::place::{Anchor, Rect};
use super::ticks::{number_text, round_step};

/// A round distance on the ground, as long as it is at the middle of the map.
pub(super) struct ScaleBar {
    label: String,
    px: f64,
}

impl ScaleBar {
    /// At most `room_px` long.
    pub(super) fn new(frame: Frame, room_px: f64) -> Self {
        let km_per_px = frame.km_per_px();
        let room_km = km_per_px * room_px;
        // The round step at or above a number; one of these stays below the room.
        let km = [1.0, 2.0, 2.5, 4.0, 5.0, 8.0]
            .into_iter()
            .map(|part| round_step(room_km / part, 1))
            .find(|&km| km <= room_km)
            .unwrap_or(room_km);
        let (number, unit) = if km < 1.0 {
            (km * 1000.0, "m")
        } else {
            (km, "km")
        };
        let decimals = u8::from(number.fract() != 0.0);
        let distance = format!("{} {unit}", number_text(number, decimals));
        // Over a continent the scale differs by more than a reader expects.
        let label = if frame.projection.is_whole_earth() {
            format!("{distance} at the middle")
        } else {
            distance
        };
        Self {
            label,
            px: km / km_per_px,
        }
    }

    /// The bar and the half of the label that stands out at its right.
    pub(super) fn width(&self, kind: Type) -> f64 {
        self.px + kind.width(&self.label) / 2.0
    }

    /// Draws the bar from `x` to the right, its numbers above it.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: f64, y: f64, kind: Type) {
        let baseline = y + kind.size * ASCENT;
        // A long label needs the room of the zero.
        let taken = (kind.width(&self.label) + kind.width("0")) / 2.0;
        if taken + kind.size * 0.5 < self.px {
            canvas.text("0", x, baseline, Anchor::Middle, kind);
        }
        canvas.text(&self.label, x + self.px, baseline, Anchor::Middle, kind);
        let whole = Rect {
            x,
            y: baseline + kind.size * 0.5,
            width: self.px,
            height: kind.size * 0.4,
        };
        for (i, fill) in [INK, WHITE, INK, WHITE].into_iter().enumerate() {
            let quarter = Rect {
                x: x + self.px * i as f64 / 4.0,
                width: self.px / 4.0,
                ..whole
            };
            canvas.rect(quarter, fill);
        }
        let edge = Line {
            colour: INK,
            width: (kind.size * 0.05).max(0.7),
            opacity: 1.0,
            dash: None,
        };
        canvas.frame(whole, edge);
    }
}
