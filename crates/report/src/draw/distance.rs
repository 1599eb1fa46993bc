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

#[cfg(test)]
mod tests {
    use super::super::frame::Extent;
    use super::super::projection::LonLatBox;
    use super::*;

    fn bar(degrees: f64, width_px: u32, room_px: f64) -> (ScaleBar, Frame) {
        let area = LonLatBox {
            west_degrees: 100.0,
            south_degrees: 45.0,
            east_degrees: 100.0 + degrees,
            north_degrees: 45.0 + degrees / 2.0,
        };
        let frame = Extent::around(Some(area), &[]).unwrap().frame(width_px);
        (ScaleBar::new(frame, room_px), frame)
    }

    #[test]
    fn the_bar_is_round_and_as_long_as_it_says() {
        for degrees in [0.02, 0.3, 1.0, 4.0, 13.0, 30.0] {
            for room_px in [60.0, 150.0, 260.0] {
                let (bar, frame) = bar(degrees, 1000, room_px);
                let (number, unit) = bar.label.split_once(' ').unwrap();
                let number: f64 = number.replace(',', "").parse().unwrap();
                let km = if unit == "m" { number / 1000.0 } else { number };
                assert!(
                    (bar.px * frame.km_per_px() / km - 1.0).abs() < 1e-9,
                    "{}",
                    bar.label
                );
                assert!(bar.px <= room_px && bar.px > room_px / 3.0, "{}", bar.px);
                let digits = number / 10_f64.powf(number.log10().floor());
                let is_round = [1.0, 2.0, 2.5, 5.0]
                    .iter()
                    .any(|r| (digits - r).abs() < 1e-9);
                assert!(is_round, "{}", bar.label);
            }
        }
    }

    #[test]
    fn a_degree_of_longitude_at_45_degrees_is_79_km() {
        // Length of a degree of the parallel of 45 degrees on WGS84: 78.85 km (Snyder, table 5).
        let (_, frame) = bar(1.0, 1000, 100.0);
        let (x0, _) = frame
            .to_px(nutag_grid::LonLat {
                lon_degrees: 100.0,
                lat_degrees: 45.0,
            })
            .unwrap();
        let (x1, _) = frame
            .to_px(nutag_grid::LonLat {
                lon_degrees: 101.0,
                lat_degrees: 45.0,
            })
            .unwrap();
        let km = (x1 - x0) * frame.km_per_px();
        assert!((km - 78.85).abs() < 0.2, "{km}");
    }
}
