//! Maps: one or more panels on one scale, in an equal-area projection.

use super::error::DrawError;
use super::frame::{Extent, Frame};
use super::legend::ClassLegend;
use super::paint::{Seen, paint};
use super::projection::LonLatBox;
use super::scale::ValueScale;
use super::sheet::Sheet;
use nutag_grid::{Grid, MultiPolygon};
use tiny_skia::Pixmap;

/// Narrowest and widest picture in pixels.
const WIDTHS_PX: (u32, u32) = (240, 8000);
/// Tallest picture in pixels.
const HEIGHT_LIMIT_PX: u32 = 20_000;

/// What the cells of a map are; one for each cell of the grid, row by row from the north-west.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cells<'a> {
    /// Values in the unit of the scale; NaN and infinities are no data.
    Values(&'a [f32]),
    /// Codes of the legend.
    Classes(&'a [u8]),
}

/// How weak cells look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weak {
    /// Thin oblique lines over the colour: the colour stays readable. For masks with large patches.
    #[default]
    Hatched,
    /// Mixed with white. For masks that change from cell to cell.
    Faded,
}

/// What the colours mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// A colour bar.
    Values(ValueScale),
    /// A list of classes.
    Classes(ClassLegend),
}

/// One map of a picture.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// Stands above the map; may be empty.
    pub title: String,
    /// Where the cells are. A sinusoidal mosaic, or longitude and latitude.
    pub grid: &'a Grid,
    /// What they are.
    pub cells: Cells<'a>,
    /// Cells not to be trusted much, such as those without a significant trend: one for each cell of
    /// the grid. They are hatched or faded.
    pub weak: Option<&'a [bool]>,
}

/// A picture of one or more maps of the same area on the same scale.
///
/// ```
/// use nutag_grid::{Grid, MultiPolygon, Shape};
/// use nutag_report::draw::{Cells, Key, MapPicture, Panel, Ramp, ValueScale};
///
/// let grid = Grid::geographic(100.0, 50.0, 1.0, 1.0, Shape::new(2, 3)?)?;
/// let values = [110.0, 120.0, f32::NAN, 90.0, 100.0, 105.0];
/// let region = MultiPolygon::from_ring(&[(100.0, 48.0), (103.0, 48.0), (103.0, 50.0), (100.0, 50.0)]);
/// let scale = ValueScale::sequential("NPP", "gC m⁻² yr⁻¹", Ramp::YellowGreen, &[&values]);
/// let picture = MapPicture {
///     panels: vec![Panel { title: "2001".into(), grid: &grid, cells: Cells::Values(&values), weak: None }],
///     ..MapPicture::new("Net primary production", Key::Values(scale), std::slice::from_ref(&region))
/// };
/// let png: Vec<u8> = picture.png()?;
/// assert_eq!(&png[1..4], b"PNG");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct MapPicture<'a> {
    /// Title, in bold.
    pub title: String,
    /// A line under the title; may be empty.
    pub subtitle: String,
    /// Sources and remarks under the picture, in small type; may be empty. The projection is added.
    pub note: String,
    /// The maps, row by row.
    pub panels: Vec<Panel<'a>>,
    /// Maps in a row.
    pub columns: usize,
    /// What the colours mean.
    pub key: Key,
    /// Borders to draw.
    pub regions: &'a [MultiPolygon],
    /// What to show; without it, the regions and a small margin.
    pub bounds: Option<LonLatBox>,
    /// Whether to show cells inside the regions alone. Cells inside them and beyond the grid are then
    /// no data.
    pub clip_to_regions: bool,
    /// Legend entry of the cells without a value.
    pub no_data_label: String,
    /// Legend entry of weak cells.
    pub weak_label: String,
    /// How weak cells look.
    pub weak_style: Weak,
    /// Width of the whole picture in pixels, 240 to 8000; its height follows. Type grows with it.
    pub width_px: u32,
}

impl<'a> MapPicture<'a> {
    /// A picture without panels yet, 1600 pixels wide, one map in a row, clipped to the regions.
    #[must_use]
    pub fn new(title: &str, key: Key, regions: &'a [MultiPolygon]) -> Self {
        Self {
            title: title.to_owned(),
            subtitle: String::new(),
            note: String::new(),
            panels: Vec::new(),
            columns: 1,
            key,
            regions,
            bounds: None,
            clip_to_regions: true,
            no_data_label: "no data".to_owned(),
            weak_label: "not significant".to_owned(),
            weak_style: Weak::default(),
            width_px: 1600,
        }
    }

    /// The picture as the bytes of a PNG file: the same for the same input, on any machine of the same
    /// kind.
    ///
    /// # Errors
    /// [`DrawError`] when an array does not belong to its grid or to the key, a class has no entry, or
    /// nothing says what to show.
    pub fn png(&self) -> Result<Vec<u8>, DrawError> {
        let sheet = self.draw()?;
        sheet.png().map_err(|error| DrawError::Png {
            title: self.title.clone(),
            reason: error.to_string(),
        })
    }

    pub(crate) fn draw(&self) -> Result<super::canvas::Canvas, DrawError> {
        self.check()?;
        let extent =
            Extent::around(self.bounds, self.regions).ok_or_else(|| DrawError::NoArea {
                title: self.title.clone(),
            })?;
        let sheet = Sheet::new(self);
        let frame = extent.frame(sheet.frame_width_px());
        let (maps, seen) = self.maps(frame)?;
        let layout = sheet.layout(frame, seen);
        if layout.height_px > HEIGHT_LIMIT_PX {
            return Err(DrawError::Size {
                title: self.title.clone(),
                side: "down",
                expected: format!("at most {HEIGHT_LIMIT_PX}"),
                found: layout.height_px.to_string(),
            });
        }
        sheet
            .draw(&layout, frame, &maps)
            .ok_or_else(|| self.no_room())
    }

    fn no_room(&self) -> DrawError {
        DrawError::Size {
            title: self.title.clone(),
            side: "across and down",
            expected: "a sheet that fits into memory, at least 1 x 1".to_owned(),
            found: format!("{} across", self.width_px),
        }
    }

    /// The painted cells of each panel, and which marks occur in any of them.
    fn maps(&self, frame: Frame) -> Result<(Vec<Pixmap>, Seen), DrawError> {
        let mask = if self.clip_to_regions && !self.regions.is_empty() {
            let outlines: Vec<_> = self
                .regions
                .iter()
                .filter_map(|region| frame.outline(region))
                .collect();
            Some(frame.mask(&outlines).ok_or_else(|| self.no_room())?)
        } else {
            None
        };
        let mut seen = Seen::default();
        let mut maps = Vec::new();
        for panel in &self.panels {
            let (map, marks) = paint(panel, &self.key, frame, mask.as_ref(), self.weak_style)
                .ok_or_else(|| self.no_room())?;
            seen.no_data |= marks.no_data;
            seen.weak |= marks.weak;
            maps.push(map);
        }
        Ok((maps, seen))
    }

    fn check(&self) -> Result<(), DrawError> {
        if self.panels.is_empty() || self.columns == 0 {
            return Err(DrawError::NoPanel {
                title: self.title.clone(),
                found: format!("{} panels in {} columns", self.panels.len(), self.columns),
            });
        }
        // Each column needs some width for its map.
        let least = WIDTHS_PX
            .0
            .max(u32::try_from(self.columns.saturating_mul(100)).unwrap_or(u32::MAX));
        if !(least..=WIDTHS_PX.1).contains(&self.width_px) {
            return Err(DrawError::Size {
                title: self.title.clone(),
                side: "across",
                expected: format!("{least} to {}", WIDTHS_PX.1),
                found: self.width_px.to_string(),
            });
        }
        self.panels
            .iter()
            .try_for_each(|panel| self.check_panel(panel))
    }

    fn check_panel(&self, panel: &Panel<'_>) -> Result<(), DrawError> {
        let shape = panel.grid.shape();
        let length = |array, found: usize| {
            if found == shape.cells() {
                return Ok(());
            }
            Err(DrawError::Length {
                panel: panel.title.clone(),
                array,
                shape: shape.to_string(),
                expected: shape.cells(),
                found,
            })
        };
        if let Some(weak) = panel.weak {
            length("mask of weak cells", weak.len())?;
        }
        let key = |key, expected, found| DrawError::Key {
            panel: panel.title.clone(),
            key,
            expected,
            found,
        };
        match (&panel.cells, &self.key) {
            (Cells::Values(values), Key::Values(_)) => length("values", values.len()),
            (Cells::Classes(classes), Key::Classes(legend)) => {
                length("classes", classes.len())?;
                let fills = legend.fills();
                let known = |code: u8| code == legend.no_data || fills[usize::from(code)].is_some();
                match classes.iter().position(|&code| !known(code)) {
                    None => Ok(()),
                    Some(cell) => Err(DrawError::UnknownClass {
                        panel: panel.title.clone(),
                        legend: legend.title.clone(),
                        code: classes[cell],
                        row: cell / shape.cols,
                        col: cell % shape.cols,
                    }),
                }
            }
            (Cells::Classes(_), Key::Values(_)) => Err(key("a value scale", "values", "classes")),
            (Cells::Values(_), Key::Classes(_)) => Err(key("a class legend", "classes", "values")),
        }
    }
}
