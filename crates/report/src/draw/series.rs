//! Series over years with their trends.

use super::chart::{
    AXIS, BODY, GRID, Head, MARGIN, MIDDLE, SMALL, STRONG, WIDTH, range, tinted, widest,
};
use super::colour::{GREY, Rgb};
use super::font::{ASCENT, LINE, wrap};
use super::place::{Anchor, make_room};
use super::svg::{Marker, Stroke, Svg, dash_of};
use super::ticks::{Ticks, round_step};

/// Height of the plot in pixels, unless the labels need more.
const PLOT_HEIGHT: f64 = 330.0;
/// From the plot to the labels at its right.
const LABEL_GAP: f64 = 14.0;
/// Widest label.
const LABEL_WIDTH: f64 = 250.0;

/// One point of a fitted line and of the band around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitPoint {
    /// Year; with a fraction for months.
    pub x: f64,
    /// The fit.
    pub y: f64,
    /// Lower edge of the band; NaN for none.
    pub low: f64,
    /// Upper edge of the band; NaN for none.
    pub high: f64,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Stands at its right end, in its colour.
    pub name: String,
    /// Stands under the name in small type, such as the slope with its interval; may be empty.
    pub note: String,
    /// Colour of its line and name; see [`zone_inks`](super::zone_inks).
    pub colour: Rgb,
    /// `(year, value)` in rising order of years; years may have fractions. A value that is not finite
    /// is a gap.
    pub points: Vec<(f64, f64)>,
    /// Whether points are joined by a line. Many points are small dots then and otherwise.
    pub joined: bool,
    /// A trend or a model, in rising order of `x`; may be empty.
    pub fit: Vec<FitPoint>,
}

/// A chart of one or more series over years: NPP of each zone with its trend, or monthly CO2 with a
/// fit.
///
/// Series are labelled directly. They differ in colour and also in marker and dashes, so the chart
/// can be read in grey.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesChart {
    /// Title.
    pub title: String,
    /// What the chart says, for those who do not see it.
    pub description: String,
    /// Quantity and unit of the upright axis: `NPP, gC m⁻² yr⁻¹`.
    pub y_label: String,
    /// The series.
    pub series: Vec<Series>,
    /// Sources and what the band is, under the chart; may be empty.
    pub note: String,
}

/// From numbers to pixels.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot {
    fn x(&self, value: f64) -> f64 {
        self.left + (value - self.x.0) / (self.x.1 - self.x.0) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.y.0) / (self.y.1 - self.y.0) * (self.bottom - self.top)
    }
}

/// The label of a series: its lines and where the series ends.
struct Label {
    name: Vec<String>,
    note: Vec<String>,
    end: f64,
}

impl Label {
    fn of(series: &Series) -> Option<Self> {
        let last = series.points.iter().rev().map(|p| p.1);
        let end = series
            .fit
            .last()
            .map(|fit| fit.y)
            .into_iter()
            .chain(last)
            .find(|y| y.is_finite())?;
        Some(Self {
            name: wrap(&series.name, STRONG.size, STRONG.weight, LABEL_WIDTH),
            note: wrap(&series.note, SMALL.size, SMALL.weight, LABEL_WIDTH),
            end,
        })
    }

    fn width(&self) -> f64 {
        let name = widest(self.name.iter().map(String::as_str), STRONG);
        name.max(widest(self.note.iter().map(String::as_str), SMALL))
    }

    fn height(&self) -> f64 {
        self.name.len() as f64 * STRONG.size * LINE + self.note.len() as f64 * SMALL.size * LINE
    }
}

impl SeriesChart {
    /// The chart as an SVG file. The same chart gives the same text. Without a finite number it says
    /// that there is no data.
    #[must_use]
    pub fn svg(&self) -> String {
        let head = Head::new(&self.title, &self.y_label, &self.note);
        let all = || self.series.iter().flat_map(|s| &s.points);
        let fits = || self.series.iter().flat_map(|s| &s.fit);
        let x = range(
            all()
                .filter(|p| p.1.is_finite())
                .map(|p| p.0)
                .chain(fits().map(|f| f.x)),
        );
        let y = range(
            all()
                .map(|p| p.1)
                .chain(fits().flat_map(|f| [f.y, f.low, f.high])),
        );
        let (Some(x), Some(y)) = (x, y) else {
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
        let labels: Vec<Option<Label>> = self.series.iter().map(Label::of).collect();
        let sizes: Vec<f64> = labels.iter().flatten().map(|l| l.height() + 6.0).collect();
        let plot_height = PLOT_HEIGHT.max(sizes.iter().sum());

        let step = round_step(y.1 - y.0, 6);
        let mut low = (y.0 / step).floor() * step;
        let mut high = (y.1 / step).ceil() * step;
        if low == high {
            (low, high) = (low - step, high + step);
        }
        let ticks = Ticks::every(step, low, high);
        let tick_width = widest(ticks.labels().iter().map(String::as_str), SMALL);
        let label_width = labels
            .iter()
            .flatten()
            .map(Label::width)
            .fold(0.0, f64::max);
        let plot = Plot {
            left: MARGIN + tick_width + 8.0,
            right: WIDTH - MARGIN - label_width - LABEL_GAP,
            top: head.height() + 6.0,
            bottom: head.height() + 6.0 + plot_height,
            x: padded(x),
            y: (low, high),
        };
        let height = plot.bottom + SMALL.size * LINE + 16.0 + head.foot();
        let mut svg = Svg::new(WIDTH, height);
        head.draw(&mut svg);
        draw_axes(&mut svg, &plot, &ticks, x);
        for series in &self.series {
            draw_band(&mut svg, &plot, series);
        }
        for (i, series) in self.series.iter().enumerate() {
            draw_series(&mut svg, &plot, series, i);
        }
        // The name, the first line of a label, wishes to stand at the height of the end.
        let wish = |l: &Label| plot.y(l.end) + (l.height() - STRONG.size * LINE) / 2.0;
        let wishes: Vec<f64> = labels.iter().flatten().map(wish).collect();
        let centres = make_room(&wishes, &sizes, plot.top, plot.bottom);
        let labelled = self.series.iter().zip(&labels);
        let labelled = labelled.filter_map(|(s, l)| l.as_ref().map(|l| (s, l)));
        for ((series, label), centre) in labelled.zip(centres) {
            draw_label(&mut svg, &plot, series, label, centre);
        }
        svg.finish(&self.title, &self.description)
    }
}

/// Years with a little space on both sides.
fn padded((first, last): (f64, f64)) -> (f64, f64) {
    let space = ((last - first) * 0.025).max(0.2);
    (first - space, last + space)
}

fn draw_axes(svg: &mut Svg, plot: &Plot, ticks: &Ticks, years: (f64, f64)) {
    for (&value, label) in ticks.values.iter().zip(ticks.labels()) {
        let y = plot.y(value);
        svg.line((plot.left, y), (plot.right, y), GRID);
        let baseline = y + SMALL.size * MIDDLE;
        svg.text(&label, plot.left - 8.0, baseline, Anchor::End, SMALL);
    }
    svg.line((plot.left, plot.bottom), (plot.right, plot.bottom), AXIS);
    // Whole years, as many as have room for their names.
    let room = (plot.right - plot.left) / (SMALL.width("2000") + 14.0);
    let step = round_step(years.1 - years.0, room.floor().max(1.0) as usize).max(1.0);
    let step = if step == 2.5 { 5.0 } else { step };
    for year in Ticks::every(step, plot.x.0, plot.x.1).values {
        let x = plot.x(year);
        svg.line((x, plot.bottom), (x, plot.bottom + 5.0), AXIS);
        let baseline = plot.bottom + 8.0 + SMALL.size * ASCENT;
        svg.text(&format!("{year:.0}"), x, baseline, Anchor::Middle, SMALL);
    }
}

fn draw_band(svg: &mut Svg, plot: &Plot, series: &Series) {
    let inside = series
        .fit
        .iter()
        .filter(|f| f.low.is_finite() && f.high.is_finite());
    let upper = inside.clone().map(|f| (plot.x(f.x), plot.y(f.high)));
    let lower = inside.rev().map(|f| (plot.x(f.x), plot.y(f.low)));
    let band: Vec<(f64, f64)> = upper.chain(lower).collect();
    svg.polygon(&band, series.colour, 0.16);
}

fn draw_series(svg: &mut Svg, plot: &Plot, series: &Series, index: usize) {
    let marker = Marker::of(index);
    let radius = if series.points.len() > 40 { 1.6 } else { 3.2 };
    for run in series.points.split(|p| !p.1.is_finite()) {
        let places: Vec<(f64, f64)> = run.iter().map(|p| (plot.x(p.0), plot.y(p.1))).collect();
        if series.joined {
            let stroke = Stroke {
                colour: series.colour,
                width: 1.3,
                dash: "",
            };
            svg.polyline(&places, stroke);
        }
        for (x, y) in places {
            svg.marker(marker, x, y, radius, series.colour);
        }
    }
    let fit = series.fit.iter().filter(|f| f.y.is_finite());
    let fit: Vec<(f64, f64)> = fit.map(|f| (plot.x(f.x), plot.y(f.y))).collect();
    let stroke = Stroke {
        colour: series.colour,
        width: 2.2,
        dash: dash_of(index),
    };
    svg.polyline(&fit, stroke);
}

fn draw_label(svg: &mut Svg, plot: &Plot, series: &Series, label: &Label, centre: f64) {
    let x = plot.right + LABEL_GAP;
    let mut y = centre - label.height() / 2.0;
    // A hair line to a label that had to move.
    let first = y + STRONG.size * LINE / 2.0;
    let leader = Stroke {
        colour: series.colour,
        width: 0.8,
        dash: "",
    };
    let end = plot.y(label.end);
    if (first - end).abs() > 2.0 {
        svg.line((plot.right + 1.0, end), (x - 3.0, first), leader);
    }
    for line in &label.name {
        let kind = tinted(STRONG, series.colour);
        svg.text(line, x, y + kind.size * ASCENT, Anchor::Start, kind);
        y += kind.size * LINE;
    }
    for line in &label.note {
        svg.text(
            line,
            x,
            y + SMALL.size * ASCENT,
            Anchor::Start,
            tinted(SMALL, GREY),
        );
        y += SMALL.size * LINE;
    }
}
