//! Maps to look at: in an equal-area projection, with the borders of the
//! regions, a legend, a scale bar, and what anybody must know about the data.

use nutag_grid::{Grid, MultiPolygon};
use nutag_problem::{Error, OrProblem};
use nutag_report::draw::{Key, LonLatBox, MapPicture};

/// A picture, and what it shows in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapImage {
    /// Name without ending.
    pub name: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// A PNG file.
    pub png: Vec<u8>,
}

/// What the pictures say beside the cells.
#[derive(Debug, Clone)]
pub struct Words {
    /// Epochs of the zone maps.
    pub epochs: [String; 2],
    /// Zones, from the least to the most permafrost.
    pub zones: Vec<String>,
    /// What stands under every picture; may be empty.
    pub note: String,
}

/// What all pictures share. `inside` says which cells have something.
pub(super) fn base<'a>(
    title: &str,
    key: Key,
    words: &Words,
    regions: &'a [MultiPolygon],
    grid: &Grid,
    inside: impl Fn(usize) -> bool,
) -> MapPicture<'a> {
    MapPicture {
        note: words.note.clone(),
        // Regions that come as a raster have no outline to show.
        bounds: regions
            .is_empty()
            .then(|| bounds(grid, inside).or_else(|| bounds(grid, |_| true)))
            .flatten(),
        ..MapPicture::new(title, key, regions)
    }
}

/// Around the cells that have something.
fn bounds(grid: &Grid, inside: impl Fn(usize) -> bool) -> Option<LonLatBox> {
    let shape = grid.shape();
    let mut all: Option<LonLatBox> = None;
    for row in 0..shape.rows {
        let (south_degrees, north_degrees) = grid.row_edges_degrees(row);
        for col in (0..shape.cols).filter(|col| inside(row * shape.cols + col)) {
            let lon_degrees = grid.longitude_degrees(row, col);
            if lon_degrees.abs() > 180.0 {
                continue;
            }
            let so_far = all.get_or_insert(LonLatBox {
                west_degrees: lon_degrees,
                south_degrees,
                east_degrees: lon_degrees,
                north_degrees,
            });
            so_far.west_degrees = so_far.west_degrees.min(lon_degrees);
            so_far.east_degrees = so_far.east_degrees.max(lon_degrees);
            so_far.south_degrees = so_far.south_degrees.min(south_degrees);
        }
    }
    all
}

pub(super) fn image(
    name: String,
    alt: String,
    picture: &MapPicture<'_>,
) -> Result<MapImage, Error> {
    let png = picture
        .png()
        .or_problem()
        .map_err(|problem| problem.at(&name).failed())?;
    Ok(MapImage { name, alt, png })
}
