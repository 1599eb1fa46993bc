//! A year at a glance: days from left to right, hours from bottom to top, the value as a colour.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::chart::{AXIS, BODY, Head, MARGIN, MIDDLE, SMALL, WIDTH, widest};
use super::colour::{NO_DATA, Rgb};
use super::font::{ASCENT, LINE};
use super::place::{Anchor, Rect};
use super::scale::ValueScale;
use super::svg::Svg;

/// Height of a day in pixels.
const DAY_HEIGHT: f64 = 240.0;
/// Width of the colour bar and of the space before it.
const BAR: f64 = 14.0;
const BAR_GAP: f64 = 18.0;
/// Steps of the colour bar.
const BAR_STEPS: u32 = 64;

/// Values by day and hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Rows in a day.
    pub rows_per_day: usize,
    /// One value a row, the first at the start of a day; one that is not finite is missing.
    pub values: Vec<f64>,
    /// Days, from 0, at which a label stands: the months.
    pub labels: Vec<(usize, String)>,
    /// Colours of the values.
    pub scale: ValueScale,
    /// Quantity and unit of the colours.
    pub unit: String,
    /// Sources, under the chart; may be empty.
    pub note: String,
}

impl Fingerprint {
    /// The chart as an SVG file. The same chart gives the same text. Without a finite number it says
    /// that there is no data.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, &self.unit, &self.note);
        let days = self.values.len() / self.rows_per_day.max(1);
        let picture = self.picture(days);
        let (Some(png), true) = (picture, self.values.iter().any(|v| v.is_finite())) else {
            let mut svg = Svg::new(WIDTH, head.height() + 40.0 + head.foot());
            head.draw(&mut svg);
            svg.text(
                "No data.",
                MARGIN,
                head.height() + 20.0,
                Anchor::Start,
                BODY,
            );
            return svg.finish(&self.title, &self.description);
        };
        let (low, high) = self.scale.ends();
        let ends = [low, f64::midpoint(low, high), high]
            .map(|v| format!("{v:.1}").replace('-', "\u{2212}"));
        let bar_labels = widest(ends.iter().map(String::as_str), SMALL) + 6.0;
        let hours = ["0", "6", "12", "18", "24"];
        let left = MARGIN + widest(hours, SMALL) + 8.0;
        let right = WIDTH - MARGIN - bar_labels - BAR - BAR_GAP;
        let top = head.height();
        let bottom = top + DAY_HEIGHT;
        let mut svg = Svg::new(WIDTH, bottom + SMALL.size * LINE + 14.0 + head.foot());
        head.draw(&mut svg);
        let frame = Rect {
            x: left,
            y: top,
            width: right - left,
            height: DAY_HEIGHT,
        };
        svg.image(
            frame,
            &format!("data:image/png;base64,{}", STANDARD.encode(png)),
        );
        for (i, hour) in hours.iter().enumerate() {
            let y = bottom - DAY_HEIGHT * i as f64 / 4.0;
            svg.text(
                hour,
                left - 8.0,
                y + MIDDLE * SMALL.size,
                Anchor::End,
                SMALL,
            );
            svg.line((left - 4.0, y), (left, y), AXIS);
        }
        for (day, label) in &self.labels {
            let x = left + (right - left) * *day as f64 / days as f64;
            svg.line((x, bottom), (x, bottom + 4.0), AXIS);
            svg.text(
                label,
                x,
                bottom + 6.0 + SMALL.size * ASCENT,
                Anchor::Start,
                SMALL,
            );
        }
        let bar = right + BAR_GAP;
        for step in 0..BAR_STEPS {
            let share = (f64::from(step) + 0.5) / f64::from(BAR_STEPS);
            let height = DAY_HEIGHT / f64::from(BAR_STEPS);
            let colour = self.scale.colour(low + (high - low) * share);
            let y = bottom - height * f64::from(step + 1);
            let cell = Rect {
                x: bar,
                y,
                width: BAR,
                // A little over the one below, so that no seam shows.
                height: if step == 0 { height } else { height + 0.6 },
            };
            svg.rect(cell, colour, None);
        }
        for (i, label) in ends.iter().enumerate() {
            let y = bottom - DAY_HEIGHT * i as f64 / 2.0;
            svg.text(
                label,
                bar + BAR + 6.0,
                y + MIDDLE * SMALL.size,
                Anchor::Start,
                SMALL,
            );
        }
        svg.finish(&self.title, &self.description)
    }

    /// One dot a row; `None` if it cannot be packed.
    fn picture(&self, days: usize) -> Option<Vec<u8>> {
        let mut dots = Vec::with_capacity(days * self.rows_per_day * 3);
        for of_day in (0..self.rows_per_day).rev() {
            for day in 0..days {
                let value = self.values[day * self.rows_per_day + of_day];
                let Rgb(r, g, b) = if value.is_finite() {
                    self.scale.colour(value)
                } else {
                    NO_DATA
                };
                dots.extend([r, g, b]);
            }
        }
        let [width, height] = [days, self.rows_per_day].map(|n| u32::try_from(n).ok());
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width?, height?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&dots).ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }
}
