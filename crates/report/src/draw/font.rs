//! The fonts that are part of the program: how wide a text is, and its outlines.
//!
//! DejaVu Sans and its bold, cut down to Latin, Greek and Cyrillic (`assets/fonts`). The charts ask
//! for the same font by name first, so that what is measured here is what a reader sees.

use std::sync::OnceLock;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Font families of the charts, most wanted first.
pub(crate) const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// Height of capitals above the baseline, in ems.
pub(crate) const CAPITAL: f64 = 0.73;
/// Height of accented capitals above the baseline, in ems.
pub(crate) const ASCENT: f64 = 0.93;
/// Depth of descenders below the baseline, in ems.
pub(crate) const DESCENT: f64 = 0.24;
/// Baseline to baseline, in ems.
pub(crate) const LINE: f64 = 1.3;

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

fn face(weight: Weight) -> &'static Face<'static> {
    static FACES: OnceLock<[Face<'static>; 2]> = OnceLock::new();
    let faces = FACES.get_or_init(|| {
        [
            &include_bytes!("../../assets/fonts/DejaVuSans-subset.ttf")[..],
            &include_bytes!("../../assets/fonts/DejaVuSans-Bold-subset.ttf")[..],
        ]
        .map(|bytes| Face::parse(bytes, 0).expect("the fonts are part of the program"))
    });
    match weight {
        Weight::Regular => &faces[0],
        Weight::Bold => &faces[1],
    }
}

/// The glyph of a character: a question mark in a diamond for what the font does not have, nothing
/// for line breaks and the like.
fn glyph(face: &Face<'_>, c: char) -> Option<GlyphId> {
    if c.is_control() {
        return None;
    }
    face.glyph_index(c).or_else(|| face.glyph_index('\u{fffd}'))
}

fn advance(face: &Face<'_>, glyph: GlyphId) -> f64 {
    f64::from(face.glyph_hor_advance(glyph).unwrap_or(0))
}

/// Width of a text, from the advances of its glyphs; no kerning.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = face(weight);
    let units: f64 = text
        .chars()
        .filter_map(|c| glyph(face, c))
        .map(|g| advance(face, g))
        .sum();
    units * size / f64::from(face.units_per_em())
}

/// Width in pixels of a text in the font of the pictures, regular or bold, at a size in pixels per
/// em. For whoever places text beside a picture, and for tests.
#[must_use]
pub fn text_width_px(text: &str, size_px: f64, bold: bool) -> f64 {
    let weight = if bold { Weight::Bold } else { Weight::Regular };
    width(text, size_px, weight)
}

/// The outlines of a text that starts at `x` on the baseline `y`; `None` when there is nothing to
/// see.
pub(crate) fn outlines(
    text: &str,
    size: f64,
    weight: Weight,
    x: f64,
    y: f64,
) -> Option<tiny_skia::Path> {
    let face = face(weight);
    let scale = size / f64::from(face.units_per_em());
    let mut pen = Pen {
        path: tiny_skia::PathBuilder::new(),
        x,
        y,
        scale,
    };
    for glyph in text.chars().filter_map(|c| glyph(face, c)) {
        face.outline_glyph(glyph, &mut pen);
        pen.x += advance(face, glyph) * scale;
    }
    pen.path.finish()
}

struct Pen {
    path: tiny_skia::PathBuilder,
    x: f64,
    y: f64,
    scale: f64,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (
            (self.x + f64::from(x) * self.scale) as f32,
            (self.y - f64::from(y) * self.scale) as f32,
        )
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// Breaks a text into lines no wider than `max_width`, at spaces; a word that is wider than a line
/// has a line of its own. No line for an empty text.
pub(crate) fn wrap(text: &str, size: f64, weight: Weight, max_width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if width(&longer, size, weight) <= max_width {
                *line = longer;
                continue;
            }
        }
        lines.push(word.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_have_what_the_texts_need() {
        for weight in [Weight::Regular, Weight::Bold] {
            let face = face(weight);
            for c in
                "ABYZabyz019 ÖöÜüĭéß Баян-Өлгий ҮүЁёӨө gC m⁻² yr⁻¹ CO₂ km² −±×°·…–—→≤≥≈≠ΣΔτσ “”‘’"
                    .chars()
            {
                assert!(face.glyph_index(c).is_some(), "{weight:?} {c:?}");
            }
        }
    }

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances of DejaVu Sans 2.37 in units of 1/2048 em: H 1540, i 569.
        assert!((text_width_px("Hi", 2048.0, false) - 2109.0).abs() < 1e-9);
        assert_eq!(text_width_px("", 20.0, true), 0.0);
        assert!(text_width_px("Hi", 20.0, true) > text_width_px("Hi", 20.0, false));
        // Not in the font: measured as the mark that is drawn in its place.
        assert_eq!(
            text_width_px("界", 20.0, false),
            text_width_px("\u{fffd}", 20.0, false)
        );
        assert_eq!(text_width_px("\n", 20.0, false), 0.0);
    }

    #[test]
    fn lines_are_no_wider_than_asked() {
        let text = "Synthetic sample data: nothing in this picture is a measurement.";
        for max_width in [90.0, 150.0, 300.0, 1000.0] {
            let lines = wrap(text, 12.0, Weight::Regular, max_width);
            assert_eq!(lines.join(" "), text);
            for line in &lines {
                assert!(width(line, 12.0, Weight::Regular) <= max_width, "{line}");
            }
        }
        assert_eq!(
            wrap("incomprehensibilities", 12.0, Weight::Bold, 10.0).len(),
            1
        );
        assert!(wrap("  ", 12.0, Weight::Regular, 10.0).is_empty());
    }
}
