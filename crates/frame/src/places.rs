//! The cells of interest, on one walk that every system goes.

use nutag_grid::Grid;
use nutag_problem::Error;
use nutag_task::TilePlan;
use nutag_zonal::KeySpace;

/// The cells of interest: those whose centre lies in a region.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    tiles: &'a [TilePlan],
    space: KeySpace,
}

/// A row of cells of a tile that has cells of interest.
#[derive(Debug)]
pub struct Row<'a> {
    /// The grid of the tile.
    pub grid: &'a Grid,
    /// Index of the tile among those of the run.
    pub tile: usize,
    /// The row in the grid.
    pub row: usize,
    /// Area of each of its cells.
    pub cell_area_cm2: u64,
    /// Latitude of its centres.
    pub lat_degrees: f64,
    /// The cells of interest, from west to east.
    pub runs: &'a [Run],
}

/// Neighbouring cells of one row in the same region and the same zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// First column.
    pub start: u32,
    /// The column after the last.
    pub end: u32,
    /// Index of the region.
    pub region: usize,
    /// Index of the zone in the first and in the second map; `None` outside it, or without a map.
    pub zones: [Option<usize>; 2],
}

impl<'a> Places<'a> {
    /// The cells of interest of these tiles.
    #[must_use]
    pub fn new(tiles: &'a [TilePlan], space: KeySpace) -> Self {
        Self { tiles, space }
    }

    /// Whether there are none: the run has no grid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Goes through the cells of interest: tile by tile, from north to south. Keys that lie in a
    /// file are read for the time of their tile, so that memory does not grow with the country.
    ///
    /// # Errors
    /// Returns an error if keys cannot be read, and whatever `each` returns.
    pub fn each_row(
        &self,
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut runs = Vec::new();
        for (index, tile) in self.tiles.iter().enumerate() {
            let keys = tile.keys.get()?;
            for row in keys.rows() {
                runs.clear();
                runs.extend(keys.row(row).iter().filter_map(|run| {
                    let parts = self.space.parts(run.key);
                    Some(Run {
                        start: run.start,
                        end: run.end,
                        region: usize::from(parts.region?),
                        zones: [parts.zone_from, parts.zone_to].map(|zone| zone.map(usize::from)),
                    })
                }));
                if runs.is_empty() {
                    continue;
                }
                each(&Row {
                    grid: &tile.grid,
                    tile: index,
                    row,
                    cell_area_cm2: tile.grid.row_cell_area_cm2(row),
                    lat_degrees: tile.grid.row_latitude_degrees(row),
                    runs: &runs,
                })?;
            }
        }
        Ok(())
    }
}
