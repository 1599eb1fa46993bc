//! Monthly grids of CO2 in the air column (XCO2), whatever file they come in.
//!
//! Three kinds of file are read, told apart by what is in them and never by their name
//! ([`recognise`]):
//!
//! * GOSAT TANSO-FTS SWIR level 3 (NIES), HDF5, versions V02 and V03, one month a file;
//! * CF netCDF (C3S and ESA-CCI OBS4MIPS, and others that carry units and `standard_name`), any
//!   number of months a file;
//! * any raster GDAL reads, one month a band, its unit and month told by the caller.
//!
//! All become a [`MonthlyGrid`]: ppm of dry air, row 0 in the north, column 0 in the west, nothing
//! where nothing is known. [`month_set`] puts files together and refuses what must not be mixed.
//!
//! ```no_run
//! use nutag_formats::co2::{Co2File, Request, month_set};
//!
//! let paths = ["GOSATTFTS2011040120110430_03C01SV0305.h5"];
//! let open = |path: &&str| Co2File::open(path.as_ref(), &Request::default());
//! let files = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
//! let set = month_set(&files)?;
//! for (month, file) in &set.months {
//!     let grid = files[*file].read(*month)?;
//!     println!("{month}: {} cells with a value", grid.valid_cells());
//! }
//! # Ok::<(), nutag_formats::co2::Co2Error>(())
//! ```

mod cf;
mod error;
mod file;
mod find;
mod gosat;
mod grid;
mod h5;
mod raster;
mod recognise;
mod set;
mod unit;

pub use crate::month::Month;
pub use error::{Co2Error, Magnitude};
pub use file::{Co2File, Field, RasterRequest, Request};
pub use find::find_files;
pub use grid::{Correction, MonthlyGrid, Product};
pub use recognise::{Layout, recognise};
pub use set::{MonthSet, month_set};
pub use unit::{LARGEST_PPM, LEAST_PPM, Unit};
