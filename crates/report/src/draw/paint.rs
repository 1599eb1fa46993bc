//! Cells into pixels: each pixel is looked up on the grid.

use super::colour::{GREY, NO_DATA, Rgb, WHITE};
use super::frame::Frame;
use super::map::{Cells, Key, Panel, Weak};
use nutag_grid::{Grid, LonLat};
use tiny_skia::{Mask, Pixmap, PremultipliedColorU8};

/// Most samples along each side of a pixel.
const MOST_SAMPLES: u32 = 4;

/// What a pixel shows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shown {
    /// Beyond the grid.
    Outside,
    NoData,
    /// A colour, and whether most of the cells are weak.
    Colour(Rgb, bool),
}

/// Which of the marks that need a word in the legend occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    pub(crate) no_data: bool,
    pub(crate) weak: bool,
}

/// Paints the cells of a panel. With a mask, only where it is set, and what lies beyond the grid
/// there is no data; without, what lies beyond the grid stays paper.
///
/// A pixel that is larger than a cell takes the mean of up to 4 x 4 values that have one, if these
/// are at least half, and the class at its centre: a mean of classes means nothing, and the most
/// frequent class would make rare ones disappear.
pub(crate) fn paint(
    panel: &Panel<'_>,
    key: &Key,
    frame: Frame,
    mask: Option<&Mask>,
    weak_style: Weak,
) -> Option<(Pixmap, Seen)> {
    let mut picture = Pixmap::new(frame.width_px, frame.height_px)?;
    let samples = samples_per_side(panel, frame);
    let fills = match key {
        Key::Classes(legend) => legend.fills(),
        Key::Values(_) => [None; 256],
    };
    let look = Look {
        panel,
        key,
        fills,
        samples,
    };
    let width = frame.width_px as usize;
    let corners = |y: u32| -> Vec<Option<LonLat>> {
        (0..=frame.width_px)
            .map(|x| frame.place(f64::from(x), f64::from(y)))
            .collect()
    };
    let mut seen = Seen::default();
    let mut above = corners(0);
    let rows = picture.pixels_mut().chunks_mut(width);
    for (y, pixels) in (0..frame.height_px).zip(rows) {
        let below = corners(y + 1);
        for (x, pixel) in pixels.iter_mut().enumerate() {
            let level = mask.map_or(255, |mask| mask.data()[y as usize * width + x]);
            if level == 0 {
                continue;
            }
            let (Some(a), Some(b), Some(c), Some(d)) =
                (above[x], above[x + 1], below[x], below[x + 1])
            else {
                continue;
            };
            let colour = match look.at(&Patch::new([a, b, c, d])) {
                Shown::Outside if mask.is_none() => continue,
                Shown::Outside | Shown::NoData => {
                    seen.no_data = true;
                    NO_DATA
                }
                Shown::Colour(colour, false) => colour,
                Shown::Colour(colour, true) => {
                    seen.weak = true;
                    weakened(colour, weak_style, x, y as usize, frame)
                }
            };
            *pixel = soft(colour, level);
        }
        above = below;
    }
    Some((picture, seen))
}

/// Ink of the oblique lines over weak cells, and how much of it there is.
pub(crate) const HATCH: Rgb = GREY;
pub(crate) const HATCH_OPACITY: f32 = 0.75;

/// A colour as it looks when it is faded.
pub(crate) fn faded(colour: Rgb) -> Rgb {
    colour.mix(WHITE, 0.65)
}

/// The colour of a pixel whose cells are not to be trusted much.
fn weakened(colour: Rgb, style: Weak, x: usize, y: usize, frame: Frame) -> Rgb {
    match style {
        Weak::Faded => faded(colour),
        Weak::Hatched => {
            let period = (frame.width_px / 160).clamp(5, 12) as usize;
            if (x + y) % period < period.div_ceil(5) {
                colour.mix(HATCH, f64::from(HATCH_OPACITY))
            } else {
                colour
            }
        }
    }
}

fn soft(colour: Rgb, level: u8) -> PremultipliedColorU8 {
    let times = |c: u8| ((u16::from(c) * u16::from(level) + 127) / 255) as u8;
    PremultipliedColorU8::from_rgba(times(colour.0), times(colour.1), times(colour.2), level)
        .unwrap_or(PremultipliedColorU8::TRANSPARENT)
}

/// One sample for each cell along a side of a pixel, as far as [`MOST_SAMPLES`]. Classes take one.
fn samples_per_side(panel: &Panel<'_>, frame: Frame) -> u32 {
    if matches!(panel.cells, Cells::Classes(_)) {
        return 1;
    }
    let shape = panel.grid.shape();
    let cell_m = panel.grid.cell_area_on_sphere_m2(shape.rows / 2).sqrt();
    (frame.metres_per_px / cell_m)
        .round()
        .clamp(1.0, f64::from(MOST_SAMPLES)) as u32
}

/// The places of a pixel, bilinear between its corners: within a pixel of a country's map this
/// differs from the projection by less than a metre.
struct Patch {
    lon: [f64; 4],
    lat: [f64; 4],
}

impl Patch {
    /// From the corners north-west, north-east, south-west, south-east.
    fn new(corners: [LonLat; 4]) -> Self {
        let first = corners[0].lon_degrees;
        Self {
            // Across the date line the four go together.
            lon: corners.map(|c| {
                let away = c.lon_degrees - first;
                first + away - 360.0 * (away / 360.0).round()
            }),
            lat: corners.map(|c| c.lat_degrees),
        }
    }

    fn at(&self, u: f64, v: f64) -> (f64, f64) {
        let mix = |[a, b, c, d]: [f64; 4]| {
            (a * (1.0 - u) + b * u) * (1.0 - v) + (c * (1.0 - u) + d * u) * v
        };
        let lon = mix(self.lon);
        let lon = if lon.abs() > 180.0 {
            lon - 360.0 * (lon / 360.0).round()
        } else {
            lon
        };
        (lon, mix(self.lat))
    }
}

struct Look<'a> {
    panel: &'a Panel<'a>,
    key: &'a Key,
    fills: [Option<Rgb>; 256],
    samples: u32,
}

impl Look<'_> {
    fn at(&self, patch: &Patch) -> Shown {
        match (&self.panel.cells, self.key) {
            (Cells::Values(values), Key::Values(scale)) => {
                self.values(patch, values, |mean| scale.colour(mean))
            }
            (Cells::Classes(classes), _) => {
                let Some(cell) = self.cell(patch, 0.5, 0.5) else {
                    return Shown::Outside;
                };
                match self.fills[usize::from(classes[cell])] {
                    Some(fill) => Shown::Colour(fill, self.is_weak(cell)),
                    None => Shown::NoData,
                }
            }
            // Refused before anything is painted.
            (Cells::Values(_), Key::Classes(_)) => Shown::NoData,
        }
    }

    fn values(&self, patch: &Patch, values: &[f32], colour: impl Fn(f64) -> Rgb) -> Shown {
        let (mut cells, mut valid, mut weak, mut sum) = (0_u32, 0_u32, 0_u32, 0.0_f64);
        let side = f64::from(self.samples);
        for v in 0..self.samples {
            for u in 0..self.samples {
                let (u, v) = ((f64::from(u) + 0.5) / side, (f64::from(v) + 0.5) / side);
                let Some(cell) = self.cell(patch, u, v) else {
                    continue;
                };
                cells += 1;
                let value = values[cell];
                if value.is_finite() {
                    valid += 1;
                    weak += u32::from(self.is_weak(cell));
                    sum += f64::from(value);
                }
            }
        }
        if cells == 0 {
            Shown::Outside
        } else if valid == 0 || valid * 2 < cells {
            Shown::NoData
        } else {
            Shown::Colour(colour(sum / f64::from(valid)), weak * 2 > valid)
        }
    }

    fn is_weak(&self, cell: usize) -> bool {
        self.panel.weak.is_some_and(|weak| weak[cell])
    }

    fn cell(&self, patch: &Patch, u: f64, v: f64) -> Option<usize> {
        let (lon, lat) = patch.at(u, v);
        let grid: &Grid = self.panel.grid;
        let (row, col) = grid.cell_at(lon, lat)?;
        Some(row * grid.shape().cols + col)
    }
}
