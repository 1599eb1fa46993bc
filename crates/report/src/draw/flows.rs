//! From one set of classes to another: two stacked bars and the flows between them.

use super::chart::{AXIS, BODY, Head, MARGIN, MIDDLE, SMALL, STRONG, WIDTH, tinted, widest};
use super::colour::{GREY, INK, Rgb, WHITE};
use super::font::{ASCENT, LINE, wrap};
use super::place::{Anchor, Rect, make_room};
use super::svg::{Stroke, Svg};
use super::ticks::number_text;

/// Height of the bars in pixels.
const BAR_HEIGHT: f64 = 400.0;
const BAR_WIDTH: f64 = 22.0;
/// White space between the parts of a bar.
const PART_GAP: f64 = 6.0;
/// From a bar to its labels.
const LABEL_GAP: f64 = 10.0;
/// Widest label.
const LABEL_WIDTH: f64 = 240.0;

/// One class.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowClass {
    /// Its name.
    pub name: String,
    /// Its colour; see [`zone_fills`](super::zone_fills).
    pub fill: Rgb,
}

/// A chart of what became of each class (a Sankey diagram): zone areas of one epoch and the next.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowChart {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Name of the bar at the left, such as `1980s`.
    pub from_title: String,
    /// Name of the bar at the right, such as `2000s`.
    pub to_title: String,
    /// Unit of the numbers, such as `km²`.
    pub unit: String,
    /// The classes from top to bottom, the same on both sides.
    pub classes: Vec<FlowClass>,
    /// `flows[i][j]`: how much went from class `i` to class `j`; on the diagonal what stayed. Missing
    /// entries and numbers that are not above zero are no flow.
    pub flows: Vec<Vec<f64>>,
    /// Decimals of the numbers.
    pub decimals: u8,
    /// Sources under the chart; may be empty.
    pub note: String,
}

/// A bar cut into parts, top to bottom.
struct Bar {
    parts: Vec<(f64, f64)>,
    sums: Vec<f64>,
}

impl FlowChart {
    fn flow(&self, from: usize, to: usize) -> f64 {
        let flow = self.flows.get(from).and_then(|row| row.get(to)).copied();
        flow.filter(|f| f.is_finite() && *f > 0.0).unwrap_or(0.0)
    }

    /// The chart as an SVG file. The same chart gives the same text. Without a flow it says that there
    /// is no data.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, "", &self.note);
        let count = self.classes.len();
        let from: Vec<f64> = (0..count)
            .map(|i| (0..count).map(|j| self.flow(i, j)).sum())
            .collect();
        let to: Vec<f64> = (0..count)
            .map(|j| (0..count).map(|i| self.flow(i, j)).sum())
            .collect();
        let total: f64 = from.iter().sum();
        if !total.is_finite() || total <= 0.0 {
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
        }
        let labels = [&from, &to].map(|sums| self.labels(sums, total));
        let needed = labels.iter().map(|l| l.iter().map(Label::height).sum());
        let bar_height = needed.fold(BAR_HEIGHT, f64::max);
        let top = head.height() + STRONG.size * LINE + 6.0;
        let px = (bar_height - PART_GAP * (count - 1) as f64) / total;
        let (left_bar, right_bar) = (Bar::new(from, top, px), Bar::new(to, top, px));

        let label_width = |labels: &[Label]| labels.iter().map(Label::width).fold(0.0, f64::max);
        let left = MARGIN + label_width(&labels[0]) + LABEL_GAP;
        let right = WIDTH - MARGIN - label_width(&labels[1]) - LABEL_GAP - BAR_WIDTH;
        let mut svg = Svg::new(WIDTH, top + bar_height + 14.0 + head.foot());
        head.draw(&mut svg);
        let baseline = top - 8.0;
        let middle = BAR_WIDTH / 2.0;
        svg.text(
            &self.from_title,
            left + middle,
            baseline,
            Anchor::Middle,
            STRONG,
        );
        svg.text(
            &self.to_title,
            right + middle,
            baseline,
            Anchor::Middle,
            STRONG,
        );
        self.draw_flows(&mut svg, &left_bar, &right_bar, left + BAR_WIDTH, right, px);
        for (bar, x) in [(&left_bar, left), (&right_bar, right)] {
            for ((y, height), class) in bar.parts.iter().zip(&self.classes) {
                let rect = Rect {
                    x,
                    y: *y,
                    width: BAR_WIDTH,
                    // What there is a little of is still seen.
                    height: height.max(1.0),
                };
                if *height > 0.0 {
                    svg.rect(rect, class.fill, Some(GREY));
                }
            }
        }
        let bottom = top + bar_height;
        draw_labels(
            &mut svg,
            &labels[0],
            &left_bar,
            left - LABEL_GAP,
            Anchor::End,
            (top, bottom),
        );
        let x = right + BAR_WIDTH + LABEL_GAP;
        draw_labels(
            &mut svg,
            &labels[1],
            &right_bar,
            x,
            Anchor::Start,
            (top, bottom),
        );
        svg.finish(&self.title, &self.description)
    }

    /// The flows: what stayed is pale, what changed is strong. Numbers stand in the flows that changed
    /// and are high enough for them.
    fn draw_flows(&self, svg: &mut Svg, from: &Bar, to: &Bar, left: f64, right: f64, px: f64) {
        let count = self.classes.len();
        let mut at_right: Vec<f64> = to.parts.iter().map(|part| part.0).collect();
        let mut numbers = Vec::new();
        for i in 0..count {
            let mut y = from.parts[i].0;
            for (j, end) in at_right.iter_mut().enumerate() {
                let flow = self.flow(i, j);
                let height = flow * px;
                if height <= 0.0 {
                    continue;
                }
                let amount = format!("{} {}", number_text(flow, self.decimals), self.unit);
                let (a, b) = (&self.classes[i].name, &self.classes[j].name);
                let (name, opacity) = if i == j {
                    (format!("{a}, unchanged: {amount}"), 0.35)
                } else {
                    (format!("{a} to {b}: {amount}"), 0.85)
                };
                let fill = self.classes[i].fill;
                svg.ribbon(
                    (left, (y, y + height)),
                    (right, (*end, *end + height)),
                    fill,
                    opacity,
                    &name,
                );
                if i != j && height >= SMALL.size * (ASCENT + 0.3) {
                    let shade = fill.mix(WHITE, 1.0 - opacity);
                    numbers.push((number_text(flow, self.decimals), y + height / 2.0, shade));
                }
                y += height;
                *end += height;
            }
        }
        for (text, y, shade) in numbers {
            let kind = tinted(SMALL, shade.text_on());
            svg.text(
                &text,
                left + 8.0,
                y + kind.size * MIDDLE,
                Anchor::Start,
                kind,
            );
        }
    }

    fn labels(&self, sums: &[f64], total: f64) -> Vec<Label> {
        let of = |(class, &sum): (&FlowClass, &f64)| Label {
            name: wrap(&class.name, STRONG.size, STRONG.weight, LABEL_WIDTH),
            amount: format!(
                "{} {} ({} %)",
                number_text(sum, self.decimals),
                self.unit,
                number_text(100.0 * sum / total, 1)
            ),
        };
        self.classes.iter().zip(sums).map(of).collect()
    }
}

impl Bar {
    fn new(sums: Vec<f64>, top: f64, px: f64) -> Self {
        let mut y = top;
        let parts = sums
            .iter()
            .map(|sum| {
                let part = (y, sum * px);
                y += sum * px + PART_GAP;
                part
            })
            .collect();
        Self { parts, sums }
    }
}

struct Label {
    name: Vec<String>,
    amount: String,
}

impl Label {
    fn width(&self) -> f64 {
        let name = widest(self.name.iter().map(String::as_str), STRONG);
        name.max(SMALL.width(&self.amount))
    }

    fn height(&self) -> f64 {
        self.name.len() as f64 * STRONG.size * LINE + SMALL.size * LINE + 6.0
    }
}

fn draw_labels(
    svg: &mut Svg,
    labels: &[Label],
    bar: &Bar,
    x: f64,
    anchor: Anchor,
    (top, bottom): (f64, f64),
) {
    let wishes: Vec<f64> = bar.parts.iter().map(|(y, h)| y + h / 2.0).collect();
    let sizes: Vec<f64> = labels.iter().map(Label::height).collect();
    let centres = make_room(&wishes, &sizes, top, bottom);
    // Toward the bar, from the label.
    let side = if anchor == Anchor::End { 1.0 } else { -1.0 };
    for (i, (label, centre)) in labels.iter().zip(centres).enumerate() {
        let ink = if bar.sums[i] > 0.0 { INK } else { GREY };
        // A hair line from a label that had to move.
        if (centre - wishes[i]).abs() > 4.0 {
            let hair = Stroke { width: 0.6, ..AXIS };
            svg.line(
                (x + side * 2.0, centre),
                (x + side * (LABEL_GAP - 1.0), wishes[i]),
                hair,
            );
        }
        let mut y = centre - (label.height() - 6.0) / 2.0;
        for line in &label.name {
            let kind = tinted(STRONG, ink);
            svg.text(line, x, y + kind.size * ASCENT, anchor, kind);
            y += kind.size * LINE;
        }
        svg.text(&label.amount, x, y + SMALL.size * ASCENT, anchor, SMALL);
    }
}
