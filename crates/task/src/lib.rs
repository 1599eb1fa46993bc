//! The job in pieces, in Rust alone: no GDAL, no C library.
//!
//! A **task** is a band of rows of one tile with all its periods. What it
//! gives is a **partial**: one file of tallies and, where maps are asked for,
//! one of cells. Resuming, running again by content and spreading over
//! machines are the same thing: partials that are there are kept, the rest is
//! made, and the end takes exactly the planned ones.
//!
//! * [`Job`]: what all tasks of a plan share; [`TilePlan`]: a tile of it.
//! * [`Task`], [`TaskKey`], [`Work`]: a piece, what it is made from, doing it.
//! * [`PartialStore`]: finished pieces on disk.
//! * [`PlanFolder`]: a plan on disk, for tasks on any machine; its merge.

mod account;
mod blocks;
mod codec;
mod folder;
mod key;
mod keys;
mod partial;
mod reasons;
mod store;
mod strip;
mod task;
mod tile;
mod total;
mod trends;
mod work;

pub use blocks::{Cut, Storage};
pub use folder::{
    Done, FinishSheet, Found, Granule, Merged, PlanFolder, PlanSheet, PlanWriter, TaskEntry,
    TileFile,
};
pub use key::{Inputs, TaskKey};
pub use keys::{HeldKeys, Keys};
pub use partial::{PARTIAL_VERSION, Partial, TrendCounts};
pub use reasons::{Barren, Counting, MaskRule, OUTSIDE_REGIONS, Reasons};
pub use store::{PartialStore, Verdict};
pub use strip::{Column, Entry, Table as CellTable};
pub use task::{Job, Task};
pub use tile::{
    Target, TilePlan, columns_of_tile, grid_of, row_areas_cm2, row_of, tile_grid, touched_rows,
};
pub use total::Total;
pub use trends::{CELL_LEVEL, CellTrends, FieldSpec, TrendSpec, one_a_year};
pub use work::Work;

/// Rules that move numbers carry this version; it grows when one changes.
pub const NUMERIC_VERSION: u32 = 2;
