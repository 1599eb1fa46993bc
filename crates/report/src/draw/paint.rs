//! Cells into pixels: each pixel is looked up on the grid.

use super::colour::{GREY, NO_DATA, Rgb, WHITE};
use super::frame::Frame;
use super::map::{Cells, Key, Panel, Weak};
use super::scale::ValueScale;
use nutag_grid::{Grid, LonLat, MODIS_SPHERE_RADIUS_M};
use tiny_skia::{Mask, Pixmap, PremultipliedColorU8};

/// Most samples along each side of a pixel.
const MOST_SAMPLES: u32 = 4;

/// What a pixel shows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shown {
    /// Beyond the grid.
    Outside,
    NoData,
    /// A colour, and how most of the cells are marked.
    Colour(Rgb, Option<Mark>),
}

/// What stands for more than a colour.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    /// Not to be trusted much.
    Weak,
    /// On the hatched side of the scale.
    Hatched,
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
                Shown::Colour(colour, None) => colour,
                Shown::Colour(colour, Some(Mark::Hatched)) => {
                    weakened(colour, Weak::Hatched, x, y as usize, frame)
                }
                Shown::Colour(colour, Some(Mark::Weak)) => {
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
    let row = panel.grid.shape().rows / 2;
    let (south, north) = panel.grid.row_edges_degrees(row);
    let height_m = (north - south).to_radians() * MODIS_SPHERE_RADIUS_M;
    let width_m = panel.grid.cell_area_on_sphere_m2(row) / height_m;
    (frame.metres_per_px / height_m.min(width_m))
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
            (Cells::Values(values), Key::Values(scale)) => self.values(patch, values, scale),
            (Cells::Classes(classes), _) => {
                let Some(cell) = self.cell(patch, 0.5, 0.5) else {
                    return Shown::Outside;
                };
                match self.fills[usize::from(classes[cell])] {
                    Some(fill) => Shown::Colour(fill, self.is_weak(cell).then_some(Mark::Weak)),
                    None => Shown::NoData,
                }
            }
            // Refused before anything is painted.
            (Cells::Values(_), Key::Classes(_)) => Shown::NoData,
        }
    }

    fn values(&self, patch: &Patch, values: &[f32], scale: &ValueScale) -> Shown {
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
            let mean = sum / f64::from(valid);
            let mark = if weak * 2 > valid {
                Some(Mark::Weak)
            } else {
                scale.is_hatched(mean).then_some(Mark::Hatched)
            };
            Shown::Colour(scale.colour(mean), mark)
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

#[cfg(test)]
mod tests {
    use super::super::frame::Extent;
    use super::super::legend::ClassLegend;
    use super::super::projection::LonLatBox;
    use super::*;
    use crate::draw::Ramp;
    use nutag_grid::{Shape, TileId};

    const AREA: LonLatBox = LonLatBox {
        west_degrees: 95.0,
        south_degrees: 43.0,
        east_degrees: 108.0,
        north_degrees: 49.0,
    };

    fn frame(width_px: u32) -> Frame {
        Extent::around(Some(AREA), &[]).unwrap().frame(width_px)
    }

    fn mosaic() -> Grid {
        let tiles = ["h23v03", "h26v04"].map(|name| name.parse::<TileId>().unwrap());
        Grid::modis_mosaic(&tiles, 120).unwrap().unwrap()
    }

    fn panel<'a>(grid: &'a Grid, cells: Cells<'a>, weak: Option<&'a [bool]>) -> Panel<'a> {
        Panel {
            title: String::new(),
            grid,
            cells,
            weak,
        }
    }

    fn rgb(picture: &Pixmap, x: u32, y: u32) -> Rgb {
        let pixel = picture.pixel(x, y).unwrap();
        Rgb(pixel.red(), pixel.green(), pixel.blue())
    }

    /// Patches of classes, some too small for a pixel.
    fn patches(grid: &Grid) -> Vec<u8> {
        let shape = grid.shape();
        (0..shape.cells())
            .map(|cell| ((cell / shape.cols / 9 + cell % shape.cols / 7) % 3) as u8)
            .collect()
    }

    #[test]
    fn each_pixel_has_the_class_of_the_cell_at_its_centre() {
        let legend = ClassLegend::zones("", &["a", "b", "c"]);
        let grid = mosaic();
        let classes = patches(&grid);
        let frame = frame(300);
        let (picture, seen) = paint(
            &panel(&grid, Cells::Classes(&classes), None),
            &Key::Classes(legend.clone()),
            frame,
            None,
            Weak::Hatched,
        )
        .unwrap();
        assert_eq!(seen, Seen::default());
        let mut wrong = 0;
        for y in 0..frame.height_px {
            for x in 0..frame.width_px {
                let place = frame.place(f64::from(x) + 0.5, f64::from(y) + 0.5).unwrap();
                let (row, col) = grid.cell_at(place.lon_degrees, place.lat_degrees).unwrap();
                let class = classes[row * grid.shape().cols + col];
                let fill = legend.entries[usize::from(class)].fill;
                wrong += u32::from(rgb(&picture, x, y) != fill);
            }
        }
        // Where an edge of cells passes through the centre of a pixel.
        assert!(wrong <= 3, "{wrong}");
    }

    #[test]
    fn a_colour_covers_the_share_of_the_picture_that_it_covers_of_the_ground() {
        // Bands of latitude inside the area: true area of each beside its number of pixels.
        let shape = Shape::new(400, 1).unwrap();
        let grid = Grid::geographic(0.0, 60.0, 360.0, 0.05, shape).unwrap();
        let bands = [(44.0, 45.0), (47.0, 48.0)];
        let classes: Vec<u8> = (0..400)
            .map(|row| {
                let lat = grid.row_latitude_degrees(row);
                bands
                    .iter()
                    .position(|b| lat > b.0 && lat < b.1)
                    .map_or(2, |b| b as u8)
            })
            .collect();
        let legend = ClassLegend::zones("", &["south", "north", "rest"]);
        let frame = frame(700);
        let (picture, _) = paint(
            &panel(&grid, Cells::Classes(&classes), None),
            &Key::Classes(legend.clone()),
            frame,
            None,
            Weak::Hatched,
        )
        .unwrap();
        for (band, (south, north)) in bands.into_iter().enumerate() {
            let fill = legend.entries[band].fill;
            let mut pixels = 0_u32;
            for y in 0..frame.height_px {
                for x in 0..frame.width_px {
                    let place = frame.place(f64::from(x) + 0.5, f64::from(y) + 0.5).unwrap();
                    let inside = (100.0..104.0).contains(&place.lon_degrees);
                    pixels += u32::from(inside && rgb(&picture, x, y) == fill);
                }
            }
            let found = f64::from(pixels) * frame.metres_per_px.powi(2);
            let expected = nutag_grid::area_between_parallels_m2(south, north, 4.0);
            assert!((found / expected - 1.0).abs() < 0.01, "{found} {expected}");
        }
    }

    #[test]
    fn a_pixel_shows_the_mean_of_the_values_it_covers() {
        // Stripes of 0 and 1, one cell wide; a pixel holds four rows or more.
        let shape = Shape::new(2000, 1).unwrap();
        let grid = Grid::geographic(0.0, 60.0, 360.0, 0.01, shape).unwrap();
        let stripes: Vec<f32> = (0..2000).map(|row| (row % 2) as f32).collect();
        let key = Key::Values(ValueScale::between("", "", Ramp::Batlow, 0.0, 1.0));
        let cells = Cells::Values(&stripes);
        let frame = frame(100);
        let (picture, _) =
            paint(&panel(&grid, cells, None), &key, frame, None, Weak::Faded).unwrap();
        let Key::Values(scale) = &key else {
            unreachable!()
        };
        let light: f64 = picture.pixels().len() as f64;
        let mean: f64 = (0..frame.height_px)
            .flat_map(|y| (0..frame.width_px).map(move |x| (x, y)))
            .map(|(x, y)| rgb(&picture, x, y).lightness())
            .sum::<f64>()
            / light;
        assert!((mean - scale.colour(0.5).lightness()).abs() < 3.0, "{mean}");
    }

    #[test]
    fn half_of_the_cells_make_a_value_and_weak_ones_are_marked() {
        let grid = mosaic();
        let cells = grid.shape().cells();
        let key = Key::Values(ValueScale::between("", "", Ramp::Batlow, 0.0, 1.0));
        let frame = frame(60);
        let colours = |values: &[f32], weak: &[bool]| {
            let panel = panel(&grid, Cells::Values(values), Some(weak));
            let (picture, seen) = paint(&panel, &key, frame, None, Weak::Faded).unwrap();
            (rgb(&picture, 30, 10), seen)
        };
        let full = Ramp::Batlow.at(1.0);
        let strong = vec![false; cells];
        assert_eq!(colours(&vec![1.0; cells], &strong), (full, Seen::default()));
        let weak = Seen {
            weak: true,
            no_data: false,
        };
        assert_eq!(
            colours(&vec![1.0; cells], &vec![true; cells]),
            (faded(full), weak)
        );
        let nothing = colours(&vec![f32::NAN; cells], &vec![true; cells]);
        assert_eq!(nothing.0, NO_DATA);
        assert!(nothing.1.no_data && !nothing.1.weak);
    }

    #[test]
    fn beyond_the_grid_there_is_paper_or_no_data() {
        let grid = Grid::geographic(0.0, 10.0, 1.0, 1.0, Shape::new(2, 2).unwrap()).unwrap();
        let key = Key::Values(ValueScale::between("", "", Ramp::Batlow, 0.0, 1.0));
        let frame = frame(60);
        let panel = panel(&grid, Cells::Values(&[1.0; 4]), None);
        let (picture, seen) = paint(&panel, &key, frame, None, Weak::Faded).unwrap();
        assert!(picture.pixels().iter().all(|p| p.alpha() == 0));
        assert_eq!(seen, Seen::default());
        let mut mask = Mask::new(frame.width_px, frame.height_px).unwrap();
        mask.data_mut()[7] = 255;
        let (picture, seen) = paint(&panel, &key, frame, Some(&mask), Weak::Faded).unwrap();
        assert_eq!(rgb(&picture, 7, 0), NO_DATA);
        assert_eq!(picture.pixels().iter().filter(|p| p.alpha() > 0).count(), 1);
        assert!(seen.no_data);
    }
}
