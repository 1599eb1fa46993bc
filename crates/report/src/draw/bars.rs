//! Horizontal bars of the parts of a change, group by group.

use super::chart::{AXIS, BODY, GRID, Head, MARGIN, MIDDLE, SMALL, STRONG, WIDTH, range, widest};
use super::colour::{GREY, Rgb};
use super::font::{ASCENT, LINE, wrap};
use super::place::{Anchor, Rect};
use super::svg::Svg;
use super::ticks::{Ticks, round_step, signed_text};

/// Height of a bar in pixels.
pub(super) const BAR: f64 = 17.0;
/// White space between groups.
const GROUP_GAP: f64 = 14.0;
/// Widest name of a group.
pub(super) const NAME_WIDTH: f64 = 250.0;

/// One kind of bar, present in each group.
#[derive(Debug, Clone, PartialEq)]
pub struct BarPart {
    /// Its name, for the key.
    pub name: String,
    /// Its colour; see [`part_fills`](super::part_fills).
    pub fill: Rgb,
}

/// A group of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarGroup {
    /// Its name, at the left.
    pub name: String,
    /// One number for each part, in their order; what is not finite has no bar and says so.
    pub values: Vec<f64>,
}

/// Horizontal bars from a common zero, with their numbers: the area effect, the density effect and
/// the total of each zone.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Quantity and unit: `Change of NPP, Mt C yr⁻¹`.
    pub x_label: String,
    /// The kinds of bars, from top to bottom in each group.
    pub parts: Vec<BarPart>,
    /// The groups, from top to bottom.
    pub groups: Vec<BarGroup>,
    /// Decimals of the numbers at the bars.
    pub decimals: u8,
    /// Sources under the chart; may be empty.
    pub note: String,
}

impl BarChart {
    /// The chart as an SVG file. The same chart gives the same text. Without a finite number it says
    /// that there is no data.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, &self.x_label, &self.note);
        let values = || self.groups.iter().flat_map(|g| g.values.iter().copied());
        let Some((low, high)) = range(values().chain([0.0])).filter(|(l, h)| l < h) else {
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
        let names: Vec<Vec<String>> = self
            .groups
            .iter()
            .map(|group| wrap(&group.name, STRONG.size, STRONG.weight, NAME_WIDTH))
            .collect();
        let name_width = widest(names.iter().flatten().map(String::as_str), STRONG);
        let number_width = |negative: bool| {
            let side = values().filter(|v| v.is_finite() && (*v < 0.0) == negative);
            let texts: Vec<String> = side.map(|v| signed_text(v, self.decimals)).collect();
            widest(texts.iter().map(String::as_str), SMALL) + 6.0
        };
        let missing = if values().all(f64::is_finite) {
            0.0
        } else {
            SMALL.width("no value") + 6.0
        };
        // The numbers stand beyond the ends of the bars.
        let left = MARGIN + name_width + 14.0 + number_width(true);
        let right = WIDTH - MARGIN - number_width(false).max(missing);
        let px = (right - left) / (high - low);
        let zero = left - low * px;

        let (key_rows, key_height) = self.key_rows();
        let top = head.height() + key_height;
        let heights: Vec<f64> = names
            .iter()
            .map(|lines| {
                let text = lines.len() as f64 * STRONG.size * LINE;
                text.max(self.parts.len() as f64 * BAR) + GROUP_GAP
            })
            .collect();
        let bottom = top + heights.iter().sum::<f64>();
        let mut svg = Svg::new(WIDTH, bottom + SMALL.size * LINE + 14.0 + head.foot());
        head.draw(&mut svg);
        self.draw_key(&mut svg, &key_rows, head.height());
        let step = round_step(high - low, 6);
        let ticks = Ticks::every(step, low, high);
        for (&value, label) in ticks.values.iter().zip(ticks.labels()) {
            let x = zero + value * px;
            svg.line((x, top), (x, bottom), GRID);
            let baseline = bottom + 4.0 + SMALL.size * ASCENT;
            svg.text(&label, x, baseline, Anchor::Middle, SMALL);
        }
        let mut y = top;
        for ((group, lines), height) in self.groups.iter().zip(&names).zip(heights) {
            let middle = y + height / 2.0;
            let mut line_y = middle - lines.len() as f64 * STRONG.size * LINE / 2.0;
            for line in lines {
                svg.text(
                    line,
                    MARGIN,
                    line_y + STRONG.size * ASCENT,
                    Anchor::Start,
                    STRONG,
                );
                line_y += STRONG.size * LINE;
            }
            let mut bar_y = middle - self.parts.len() as f64 * BAR / 2.0;
            for (i, part) in self.parts.iter().enumerate() {
                let value = group.values.get(i).copied().unwrap_or(f64::NAN);
                self.draw_bar(&mut svg, part, value, (zero, px), bar_y);
                bar_y += BAR;
            }
            y += height;
        }
        svg.line((zero, top), (zero, bottom), AXIS);
        svg.finish(&self.title, &self.description)
    }

    fn draw_bar(&self, svg: &mut Svg, part: &BarPart, value: f64, (zero, px): (f64, f64), y: f64) {
        let baseline = y + BAR / 2.0 + SMALL.size * MIDDLE;
        if !value.is_finite() {
            svg.text("no value", zero + 6.0, baseline, Anchor::Start, SMALL);
            return;
        }
        let end = zero + value * px;
        let rect = Rect {
            x: zero.min(end),
            y: y + 1.5,
            width: (end - zero).abs(),
            height: BAR - 3.0,
        };
        svg.rect(rect, part.fill, Some(GREY));
        let text = signed_text(value, self.decimals);
        if value < 0.0 {
            svg.text(&text, end - 6.0, baseline, Anchor::End, SMALL);
        } else {
            svg.text(&text, end + 6.0, baseline, Anchor::Start, SMALL);
        }
    }

    /// The parts of the key by row with their left edges, and the height of all rows.
    fn key_rows(&self) -> (Vec<Vec<(usize, f64)>>, f64) {
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        let mut x = MARGIN;
        for (i, part) in self.parts.iter().enumerate() {
            let width = 22.0 + BODY.width(&part.name) + 24.0;
            if x > MARGIN && x + width > WIDTH - MARGIN {
                rows.push(Vec::new());
                x = MARGIN;
            }
            if let Some(row) = rows.last_mut() {
                row.push((i, x));
            }
            x += width;
        }
        let height = rows.len() as f64 * BODY.size * 1.6 + 6.0;
        (rows, height)
    }

    fn draw_key(&self, svg: &mut Svg, rows: &[Vec<(usize, f64)>], top: f64) {
        for (row, parts) in rows.iter().enumerate() {
            let y = top + row as f64 * BODY.size * 1.6;
            for &(i, x) in parts {
                let rect = Rect {
                    x,
                    y: y + 1.0,
                    width: 16.0,
                    height: 12.0,
                };
                svg.rect(rect, self.parts[i].fill, Some(GREY));
                let baseline = y + 7.0 + BODY.size * MIDDLE;
                svg.text(&self.parts[i].name, x + 22.0, baseline, Anchor::Start, BODY);
            }
        }
    }
}
