//! The area of interest as one grid, in strips of rows.

use std::ops::Range;

use nutag_grid::{Grid, Window};
use nutag_problem::{Error, Problem};
use nutag_task::HeldKeys;
use nutag_zonal::KeyRun;

use super::coarse::world_place;
use crate::cells::{CellMosaic, CodeLayer, ValueLayer};
use crate::plan::NppPlan;

/// The smallest window of the MODIS grid that holds every cell of interest.
pub struct Mosaic<'a> {
    plan: &'a NppPlan<'a>,
    cells: Option<&'a CellMosaic<'a>>,
    grid: Grid,
    window: Window,
    held: HeldKeys,
}

/// Some rows of it; cells row by row from the north-west.
pub struct Strip {
    /// The rows.
    pub rows: Range<usize>,
    /// Columns of a row.
    pub cols: usize,
    /// Zone of each epoch: 1 + its index, one more than there are zones for
    /// cells in none of them, 0 outside the area of interest.
    pub zones: [Vec<u16>; 2],
    /// Region: 1 + its index, 0 outside the area of interest.
    pub regions: Vec<u16>,
    /// Each layer of values, in the order of [`ValueLayer::ALL`]; empty where
    /// no trends of cells were computed.
    pub values: Vec<Vec<f32>>,
    /// Codes of [`CodeLayer::Trend`]; likewise.
    pub trends: Vec<u16>,
}

impl Strip {
    /// A layer of values.
    pub fn values_of(&self, layer: ValueLayer) -> Option<&[f32]> {
        let place = ValueLayer::ALL.iter().position(|other| *other == layer)?;
        self.values.get(place).map(Vec::as_slice)
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> Range<usize> {
        let start = (row - self.rows.start) * self.cols;
        start..start + self.cols
    }
}

impl<'a> Mosaic<'a> {
    /// The mosaic of a plan whose keys lie on the tiles' own grids.
    ///
    /// # Errors
    /// A plan without a cell of interest.
    pub fn of(plan: &'a NppPlan<'a>, cells: Option<&'a CellMosaic<'a>>) -> Result<Self, Error> {
        let side = plan.counted.product.cells_per_side;
        let (mut first, mut last) = ((usize::MAX, usize::MAX), (0, 0));
        for tile in &plan.tiles {
            let row0 = usize::from(tile.tile.v()) * side;
            let col0 = usize::from(tile.tile.h()) * side;
            let keys = tile.keys.get()?;
            for row in keys.rows() {
                let runs = keys.row(row);
                let (Some(start), Some(end)) = (runs.first(), runs.last()) else {
                    continue;
                };
                let (start, end) = (start.start as usize, end.end as usize);
                first = (first.0.min(row0 + row), first.1.min(col0 + start));
                last = (last.0.max(row0 + row + 1), last.1.max(col0 + end));
            }
        }
        let failed = |what: String| Problem::new(what).failed();
        if first.0 >= last.0 {
            return Err(failed("the area of interest has no cell to map".to_owned()));
        }
        let window = Window {
            row0: first.0,
            col0: first.1,
            rows: last.0 - first.0,
            cols: last.1 - first.1,
        };
        let grid = Grid::modis_world(side)
            .and_then(|world| world.window(window))
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            plan,
            cells,
            grid,
            window,
            held: HeldKeys::default(),
        })
    }

    /// Where its cells are.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Reads some rows.
    ///
    /// # Errors
    /// Cells that cannot be read any more.
    pub fn read(&self, rows: Range<usize>) -> Result<Strip, Error> {
        let cols = self.window.cols;
        let nothing = || vec![0; rows.len() * cols];
        let mut strip = Strip {
            rows: rows.clone(),
            cols,
            zones: [nothing(), nothing()],
            regions: nothing(),
            values: Vec::new(),
            trends: Vec::new(),
        };
        self.read_keys(&mut strip)?;
        let Some(cells) = self.cells else {
            return Ok(strip);
        };
        // The mosaic of cells is made of whole tiles; this one may begin later.
        let place = world_place(cells.grid());
        let down = self.window.row0 - place.0;
        let wide = cells.grid().shape().cols;
        let asked = rows.start + down..rows.end + down;
        let cut = self.window.col0 - place.1..self.window.col0 - place.1 + cols;
        let mut whole = vec![0.0_f32; rows.len() * wide];
        for layer in ValueLayer::ALL {
            cells.read_values(layer, asked.clone(), &mut whole)?;
            strip.values.push(columns(&whole, wide, &cut));
        }
        let mut whole = vec![0_u16; rows.len() * wide];
        cells.read_codes(CodeLayer::Trend, asked, &mut whole)?;
        strip.trends = columns(&whole, wide, &cut);
        Ok(strip)
    }

    fn read_keys(&self, strip: &mut Strip) -> Result<(), Error> {
        let side = self.plan.counted.product.cells_per_side;
        let space = self.plan.space;
        let world = |row: usize| self.window.row0 + row;
        let rows = strip.rows.clone();
        let bands = world(rows.start) / side..world(rows.end).div_ceil(side);
        let tiles: Vec<_> = self
            .plan
            .tiles
            .iter()
            .filter(|tile| bands.contains(&usize::from(tile.tile.v())))
            .collect();
        let keys = self
            .held
            .of_band(tiles.iter().map(|tile| (tile.tile, &tile.keys)))?;
        for (tile, keys) in tiles.into_iter().zip(keys) {
            let row0 = usize::from(tile.tile.v()) * side;
            let col0 = usize::from(tile.tile.h()) * side;
            let inside = |row: &usize| {
                let row = world(*row).checked_sub(row0);
                row.is_some_and(|row| keys.rows().contains(&row))
            };
            for row in rows.clone().filter(inside) {
                let first = strip.row(row).start;
                for &KeyRun { start, end, key } in keys.row(world(row) - row0) {
                    let place = |col: u32| first + col0 + col as usize - self.window.col0;
                    let cells = place(start)..place(end);
                    let parts = space.parts(key);
                    let code = |index: Option<u16>, count: u16| index.unwrap_or(count) + 1;
                    strip.zones[0][cells.clone()].fill(code(parts.zone_from, space.zones_from()));
                    strip.zones[1][cells.clone()].fill(code(parts.zone_to, space.zones_to()));
                    strip.regions[cells].fill(code(parts.region, space.regions()));
                }
            }
        }
        Ok(())
    }
}

/// Some columns of rows that are `wide` cells long.
fn columns<T: Copy>(rows: &[T], wide: usize, columns: &Range<usize>) -> Vec<T> {
    let cut = rows.chunks(wide).flat_map(|row| &row[columns.clone()]);
    cut.copied().collect()
}
