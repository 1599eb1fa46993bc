//! A sheet of pixels: rectangles, lines, text, and its PNG bytes.

use super::colour::{Rgb, WHITE};
use super::font::{self, ASCENT, DESCENT, Weight};
use super::place::{Anchor, Rect};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint,
    Stroke, StrokeDash, Transform,
};

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) colour: Rgb,
}

impl Type {
    pub(crate) fn width(&self, text: &str) -> f64 {
        font::width(text, self.size, self.weight)
    }
}

/// How a line looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) colour: Rgb,
    pub(crate) width: f64,
    /// 0 (invisible) to 1.
    pub(crate) opacity: f32,
    /// Lengths of dash and gap.
    pub(crate) dash: Option<(f32, f32)>,
}

/// The sheet, white at first.
pub(crate) struct Canvas {
    pixels: Pixmap,
    /// Where each text stands, for the test that they do not collide.
    pub(crate) texts: Vec<(String, Rect)>,
}

impl Canvas {
    /// `None` when a side is zero or the sheet does not fit into memory.
    pub(crate) fn new(width: u32, height: u32) -> Option<Self> {
        let mut pixels = Pixmap::new(width, height)?;
        pixels.fill(colour_of(WHITE, 1.0));
        Some(Self {
            pixels,
            texts: Vec::new(),
        })
    }

    pub(crate) fn rect(&mut self, rect: Rect, fill: Rgb) {
        if let Some(path) = rectangle(rect) {
            self.fill(&path, fill);
        }
    }

    pub(crate) fn frame(&mut self, rect: Rect, line: Line) {
        if let Some(path) = rectangle(rect) {
            self.stroke(&path, line, None);
        }
    }

    pub(crate) fn fill(&mut self, path: &Path, fill: Rgb) {
        let paint = paint_of(fill, 1.0);
        let rule = FillRule::Winding;
        self.pixels
            .fill_path(path, &paint, rule, Transform::identity(), None);
    }

    pub(crate) fn stroke(&mut self, path: &Path, line: Line, mask: Option<&Mask>) {
        let paint = paint_of(line.colour, line.opacity);
        let stroke = Stroke {
            width: line.width as f32,
            line_cap: LineCap::Butt,
            line_join: LineJoin::Round,
            dash: line
                .dash
                .and_then(|(dash, gap)| StrokeDash::new(vec![dash, gap], 0.0)),
            ..Stroke::default()
        };
        self.pixels
            .stroke_path(path, &paint, &stroke, Transform::identity(), mask);
    }

    pub(crate) fn line(&mut self, points: &[(f64, f64)], line: Line) {
        if let Some(path) = polyline(points) {
            self.stroke(&path, line, None);
        }
    }

    /// A text whose baseline is at `y`.
    pub(crate) fn text(&mut self, text: &str, x: f64, y: f64, anchor: Anchor, kind: Type) {
        let width = kind.width(text);
        let left = anchor.left(x, width);
        if let Some(path) = font::outlines(text, kind.size, kind.weight, left, y) {
            self.fill(&path, kind.colour);
            let rect = Rect {
                x: left,
                y: y - ASCENT * kind.size,
                width,
                height: (ASCENT + DESCENT) * kind.size,
            };
            self.texts.push((text.to_owned(), rect));
        }
    }

    /// Puts a picture on the sheet, its upper left corner at `(x, y)`.
    pub(crate) fn put(&mut self, picture: &Pixmap, x: i32, y: i32) {
        let paint = PixmapPaint::default();
        self.pixels
            .draw_pixmap(x, y, picture.as_ref(), &paint, Transform::identity(), None);
    }

    pub(crate) fn pixels(&self) -> &Pixmap {
        &self.pixels
    }

    /// The sheet as a PNG of red, green and blue bytes, without metadata.
    pub(crate) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let rgb: Vec<u8> = self
            .pixels
            .pixels()
            .iter()
            .flat_map(|p| [p.red(), p.green(), p.blue()])
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&rgb)?;
        writer.finish()?;
        Ok(bytes)
    }
}

fn colour_of(rgb: Rgb, opacity: f32) -> Color {
    let channel = |c: u8| f32::from(c) / 255.0;
    Color::from_rgba(
        channel(rgb.0),
        channel(rgb.1),
        channel(rgb.2),
        opacity.clamp(0.0, 1.0),
    )
    .unwrap_or(Color::BLACK)
}

fn paint_of(rgb: Rgb, opacity: f32) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(colour_of(rgb, opacity));
    paint
}

fn rectangle(rect: Rect) -> Option<Path> {
    tiny_skia::Rect::from_xywh(
        rect.x as f32,
        rect.y as f32,
        rect.width as f32,
        rect.height as f32,
    )
    .map(PathBuilder::from_rect)
}

/// A line through points; `None` for fewer than two.
pub(crate) fn polyline(points: &[(f64, f64)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (&(x, y), rest) = points.split_first()?;
    builder.move_to(x as f32, y as f32);
    for &(x, y) in rest {
        builder.line_to(x as f32, y as f32);
    }
    builder.finish()
}
