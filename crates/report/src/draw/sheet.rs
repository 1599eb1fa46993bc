//! The layout of a picture of maps: title, panels, key, notes.

use super::canvas::{Canvas, Line, Type};
use super::colour::{GREY, INK, WHITE};
use super::font::{ASCENT, CAPITAL, LINE, Weight, wrap};
use super::frame::Frame;
use super::graticule::Graticule;
use super::key::KeyBox;
use super::map::MapPicture;
use super::paint::Seen;
use super::place::{Anchor, Rect};
use tiny_skia::{Path, Pixmap};

/// A picture with the sizes that follow from its width.
pub(super) struct Sheet<'a> {
    picture: &'a MapPicture<'a>,
    /// Size of ordinary type in pixels; everything else is a multiple of it.
    size: f64,
}

/// What stands where.
pub(super) struct Layout<'a> {
    title: Vec<String>,
    subtitle: Vec<String>,
    note: Vec<String>,
    /// Upper edge of the panels of each row, their titles included.
    rows: Vec<f64>,
    panel_title: f64,
    graticule: Graticule,
    key: KeyBox<'a>,
    key_top: f64,
    note_top: f64,
    pub(super) height_px: u32,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(picture: &'a MapPicture<'a>) -> Self {
        let size = (f64::from(picture.width_px) / 80.0).clamp(11.0, 60.0);
        Self { picture, size }
    }

    fn kind(&self, scale: f64, weight: Weight) -> Type {
        Type {
            size: self.size * scale,
            weight,
            colour: INK,
        }
    }

    fn title_type(&self) -> Type {
        self.kind(1.35, Weight::Bold)
    }

    fn panel_type(&self) -> Type {
        self.kind(1.0, Weight::Bold)
    }

    fn degree_type(&self) -> Type {
        Type {
            colour: GREY,
            ..self.kind(0.8, Weight::Regular)
        }
    }

    fn note_type(&self) -> Type {
        Type {
            colour: GREY,
            ..self.kind(0.8, Weight::Regular)
        }
    }

    fn margin(&self) -> f64 {
        self.size
    }

    fn gap(&self) -> f64 {
        self.size * 0.8
    }

    /// Room for the degrees left of the first column.
    fn gutter(&self) -> f64 {
        self.degree_type().width("88.8°N") + self.size * 0.5
    }

    fn text_width(&self) -> f64 {
        f64::from(self.picture.width_px) - 2.0 * self.margin()
    }

    fn columns(&self) -> usize {
        self.picture.columns.min(self.picture.panels.len())
    }

    /// Width of the window of each map.
    pub(super) fn frame_width_px(&self) -> u32 {
        let columns = self.columns() as f64;
        let free = self.text_width() - self.gutter() - (columns - 1.0) * self.gap();
        (free / columns).floor().max(1.0) as u32
    }

    /// Whether no map stands below this one, so that its meridians are named under it.
    fn is_lowest(&self, panel: usize) -> bool {
        panel + self.columns() >= self.picture.panels.len()
    }

    pub(super) fn layout(&self, frame: Frame, seen: Seen) -> Layout<'a> {
        let picture = self.picture;
        let lines = |text: &str, kind: Type| wrap(text, kind.size, kind.weight, self.text_width());
        let mut y = self.margin();
        let title = lines(&picture.title, self.title_type());
        y += title.len() as f64 * self.title_type().size * LINE;
        let subtitle = lines(&picture.subtitle, self.kind(1.0, Weight::Regular));
        y += subtitle.len() as f64 * self.size * LINE;
        y += self.size * 0.4;

        let has_titles = picture.panels.iter().any(|panel| !panel.title.is_empty());
        let panel_title = if has_titles { self.size * LINE } else { 0.0 };
        let columns = self.columns();
        let mut rows = Vec::new();
        for first in (0..picture.panels.len()).step_by(columns) {
            rows.push(y);
            y += panel_title + f64::from(frame.height_px);
            let last = (first + columns).min(picture.panels.len()) - 1;
            if self.is_lowest(last) || self.is_lowest(first) {
                y += self.degree_type().size * 1.6;
            }
            y += self.gap();
        }
        y += self.size * 0.2;
        let key_top = y;
        let key = KeyBox::new(picture, seen, self.size, self.text_width(), frame);
        y += key.height() + self.size * 0.6;
        let note_top = y;
        let projection = format!("Projection: {}.", frame.projection.describe());
        let note = lines(
            &format!("{} {projection}", picture.note.trim()),
            self.note_type(),
        );
        y += note.len() as f64 * self.note_type().size * LINE + self.margin() * 0.6;
        let across = (f64::from(frame.width_px) / (self.size * 6.5))
            .round()
            .max(2.0) as usize;
        Layout {
            title,
            subtitle,
            note,
            rows,
            panel_title,
            graticule: Graticule::of(frame, across),
            key,
            key_top,
            note_top,
            height_px: y.ceil() as u32,
        }
    }

    /// `None` when the sheet does not fit into memory.
    pub(super) fn draw(
        &self,
        layout: &Layout<'_>,
        frame: Frame,
        maps: &[Pixmap],
    ) -> Option<Canvas> {
        let mut canvas = Canvas::new(self.picture.width_px, layout.height_px)?;
        let mut y = self.margin();
        y = self.lines(&mut canvas, &layout.title, y, self.title_type());
        self.lines(
            &mut canvas,
            &layout.subtitle,
            y,
            self.kind(1.0, Weight::Regular),
        );
        let outlines: Vec<Path> = self
            .picture
            .regions
            .iter()
            .filter_map(|region| frame.outline(region))
            .collect();
        for (i, map) in maps.iter().enumerate() {
            let (row, column) = (i / self.columns(), i % self.columns());
            let left = self.margin()
                + self.gutter()
                + column as f64 * (f64::from(frame.width_px) + self.gap());
            let top = layout.rows[row];
            let kind = self.panel_type();
            let title = clipped(
                &self.picture.panels[i].title,
                kind,
                f64::from(frame.width_px),
            );
            canvas.text(&title, left, top + kind.size * CAPITAL, Anchor::Start, kind);
            let window = self.window(map, &layout.graticule, &outlines, frame)?;
            let (x, y) = (left.round(), (top + layout.panel_title).round());
            canvas.put(window.pixels(), x as i32, y as i32);
            let rect = Rect {
                x,
                y,
                width: f64::from(frame.width_px),
                height: f64::from(frame.height_px),
            };
            canvas.frame(
                rect,
                Line {
                    colour: GREY,
                    width: (self.size * 0.05).max(1.0),
                    opacity: 1.0,
                    dash: None,
                },
            );
            self.degrees(
                &mut canvas,
                &layout.graticule,
                rect,
                column == 0,
                self.is_lowest(i),
            );
        }
        layout.key.draw(&mut canvas, self.margin(), layout.key_top);
        self.lines(&mut canvas, &layout.note, layout.note_top, self.note_type());
        Some(canvas)
    }

    /// Draws lines of text from `top` downward and returns where they end.
    fn lines(&self, canvas: &mut Canvas, lines: &[String], top: f64, kind: Type) -> f64 {
        let mut y = top;
        for line in lines {
            canvas.text(
                line,
                self.margin(),
                y + kind.size * ASCENT,
                Anchor::Start,
                kind,
            );
            y += kind.size * LINE;
        }
        y
    }

    /// One map with its graticule and borders, cut at the edge of its window.
    fn window(
        &self,
        map: &Pixmap,
        graticule: &Graticule,
        outlines: &[Path],
        frame: Frame,
    ) -> Option<Canvas> {
        let mut window = Canvas::new(frame.width_px, frame.height_px)?;
        window.put(map, 0, 0);
        let hair = (self.size * 0.05).max(0.7);
        for line in &graticule.lines {
            let style = Line {
                colour: GREY,
                width: hair,
                opacity: 0.28,
                dash: None,
            };
            window.line(line, style);
        }
        // Small maps get thinner borders.
        let border = hair * (f64::from(frame.width_px) / 1000.0).clamp(0.6, 1.0);
        for outline in outlines {
            // A thin light seam lets the border show on dark colours.
            for (colour, width, opacity) in [(WHITE, border * 2.2, 0.35), (INK, border, 0.8)] {
                let style = Line {
                    colour,
                    width,
                    opacity,
                    dash: None,
                };
                window.stroke(outline, style, None);
            }
        }
        Some(window)
    }

    /// The degrees at the edges of a map: those that fit within its sides and beside each other.
    fn degrees(
        &self,
        canvas: &mut Canvas,
        graticule: &Graticule,
        rect: Rect,
        left: bool,
        bottom: bool,
    ) {
        let kind = self.degree_type();
        if left {
            let mut free = f64::INFINITY;
            for (text, y) in &graticule.left {
                let (above, below) = (y - kind.size * 0.7, y + kind.size * 0.7);
                if above < 0.0 || below > rect.height || below > free {
                    continue;
                }
                free = above;
                let baseline = rect.y + y + kind.size * CAPITAL / 2.0;
                canvas.text(text, rect.x - self.size * 0.3, baseline, Anchor::End, kind);
            }
        }
        if bottom {
            let inside: Vec<(&str, f64, f64)> = graticule
                .bottom
                .iter()
                .map(|(text, x)| (text.as_str(), *x, kind.width(text) / 2.0))
                .filter(|(_, x, half)| x - half >= 0.0 && x + half <= rect.width)
                .collect();
            // Each, or each second, ... so that those that are named are evenly apart.
            let fits = |every: &usize| {
                let named: Vec<_> = inside.iter().step_by(*every).collect();
                named
                    .windows(2)
                    .all(|pair| pair[0].1 + pair[0].2 + kind.size * 0.6 <= pair[1].1 - pair[1].2)
            };
            let every = (1..inside.len()).find(fits).unwrap_or(inside.len().max(1));
            for (text, x, _) in inside.into_iter().step_by(every) {
                let baseline = rect.bottom() + self.size * 0.25 + kind.size * ASCENT;
                canvas.text(text, rect.x + x, baseline, Anchor::Middle, kind);
            }
        }
    }
}

/// A text cut at a width, with an ellipsis.
fn clipped(text: &str, kind: Type, width: f64) -> String {
    if kind.width(text) <= width {
        return text.to_owned();
    }
    let mut cut = text.to_owned();
    while !cut.is_empty() && kind.width(&format!("{cut}…")) > width {
        cut.pop();
    }
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::legend::ClassLegend;
    use super::super::map::{Cells, Key, Panel};
    use super::super::scale::ValueScale;
    use super::*;
    use crate::draw::Ramp;
    use nutag_grid::{Grid, MultiPolygon, Shape};

    fn keys() -> Vec<Key> {
        let zones = [
            "Seasonal Frozen Zone",
            "Sporadic Permafrost",
            "Insular & sparsely insular",
            "Discontinuous & Continuous",
        ];
        let values: Vec<f32> = (0..100).map(|i| i as f32 * 1234.5).collect();
        let label = "A quantity with a long name, as it happens";
        vec![
            Key::Classes(ClassLegend::zones("Permafrost zones", &zones)),
            Key::Values(ValueScale::sequential(
                label,
                "gC m⁻²",
                Ramp::Batlow,
                &[&values],
            )),
            Key::Values(ValueScale::diverging("d", "g", Ramp::BlueRed, &[&values])),
            Key::Values(ValueScale::between(
                "small",
                "",
                Ramp::Batlow,
                0.000_01,
                0.000_02,
            )),
        ]
    }

    #[test]
    fn no_text_stands_on_another_or_leaves_the_sheet() {
        let area = [
            vec![(88.0, 42.0), (119.0, 42.0), (119.0, 52.0), (88.0, 52.0)],
            vec![(-75.0, -55.0), (-70.0, -55.0), (-70.0, -18.0)],
            vec![
                (-179.0, -80.0),
                (179.0, -80.0),
                (179.0, 80.0),
                (-179.0, 80.0),
            ],
            vec![(106.5, 47.5), (106.6, 47.5), (106.6, 47.6)],
        ];
        let grid = Grid::geographic(-180.0, 90.0, 10.0, 10.0, Shape::new(18, 36).unwrap()).unwrap();
        let values: Vec<f32> = (0..648)
            .map(|i| if i % 3 == 0 { f32::NAN } else { 1.0 })
            .collect();
        let classes: Vec<u8> = (0..648).map(|i| if i % 3 == 0 { 255 } else { 1 }).collect();
        let weak = vec![true; 648];
        for corners in &area {
            let regions = [MultiPolygon::from_ring(corners)];
            for key in keys() {
                for (width_px, columns, panels) in [(240, 1, 1), (500, 2, 3), (800, 4, 6)] {
                    let cells = match key {
                        Key::Classes(_) => Cells::Classes(&classes),
                        Key::Values(_) => Cells::Values(&values),
                    };
                    let panel = Panel {
                        title: "A title that is wider than a small map".to_owned(),
                        grid: &grid,
                        cells,
                        weak: Some(&weak),
                    };
                    let picture = MapPicture {
                        subtitle: "Mean of the years".to_owned(),
                        note: "Synthetic sample data: nothing in it is a measurement.".to_owned(),
                        width_px,
                        columns,
                        panels: vec![panel; panels],
                        ..MapPicture::new("A long title for a picture", key.clone(), &regions)
                    };
                    let canvas = picture.draw().unwrap();
                    let size = (canvas.pixels().width(), canvas.pixels().height());
                    apart(&canvas.texts, size);
                }
            }
        }
    }

    fn apart(texts: &[(String, Rect)], (width, height): (u32, u32)) {
        assert!(texts.len() > 5);
        for (i, (text, a)) in texts.iter().enumerate() {
            let inside = a.x >= 0.0
                && a.y >= 0.0
                && a.right() <= f64::from(width)
                && a.bottom() <= f64::from(height);
            assert!(inside, "{text:?} {a:?} leaves {width} x {height}");
            for (other, b) in &texts[..i] {
                let clear =
                    a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
                assert!(clear, "{width}: {text:?} {a:?} stands on {other:?} {b:?}");
            }
        }
    }
}
