//! Areas of the cells of a grid.

use crate::earth::{area_between_parallels_m2, sinusoidal_strip_area_m2};
use crate::sinusoidal::MODIS_SPHERE_RADIUS_M;
use crate::{Grid, Projection};

impl Grid {
    /// True area of one cell of a row on the WGS84 ellipsoid, rounded once to whole square
    /// centimetres (a 500 m cell has 2.15e9). The same for every cell of the row. A sum of such
    /// integers is exact in any order; Mongolia is 1.6e16 cm2 and the Earth 5.1e18, both within `i64`.
    #[must_use]
    pub fn row_cell_area_cm2(&self, row: usize) -> u64 {
        (self.row_cell_area_m2(row) * 1e4).round() as u64
    }

    /// The same area in square metres before rounding.
    #[must_use]
    pub fn row_cell_area_m2(&self, row: usize) -> f64 {
        let (south, north) = self.row_edges_degrees(row);
        match self.projection() {
            Projection::Sinusoidal => {
                sinusoidal_strip_area_m2(south, north, self.cell_size().0, MODIS_SPHERE_RADIUS_M)
            }
            Projection::Geographic => area_between_parallels_m2(south, north, self.cell_size().0),
        }
    }

    /// Area of one cell of a row in square metres on the sphere of the MODIS grid: a constant for a
    /// sinusoidal grid, and the figure most MODIS studies use. [`Grid::row_cell_area_cm2`] is the true one.
    #[must_use]
    pub fn cell_area_on_sphere_m2(&self, row: usize) -> f64 {
        match self.projection() {
            Projection::Sinusoidal => self.cell_size().0 * self.cell_size().1,
            Projection::Geographic => {
                let (south, north) = self.row_edges_degrees(row);
                let (south, north) = (south.to_radians(), north.to_radians());
                // sin(north) - sin(south) without the loss of digits of a difference.
                let sines =
                    2.0 * libm::cos(f64::midpoint(south, north)) * libm::sin((north - south) / 2.0);
                MODIS_SPHERE_RADIUS_M
                    * MODIS_SPHERE_RADIUS_M
                    * sines
                    * self.cell_size().0.to_radians()
            }
        }
    }
}
