//! What is in a netCDF or HDF5 file, whatever it is of.

use std::path::Path;

use nutag_formats::gridded::describe::describe;

use crate::inspect::{Inspection, Part};

/// Looks into a netCDF file, or an HDF5 file that the netCDF library reads. `None` for anything else, so that
/// other readers may try.
#[must_use]
pub fn inspect_netcdf(path: &Path, first_bytes: [u8; 4]) -> Option<Inspection> {
    let format = match &first_bytes {
        [b'C', b'D', b'F', 1 | 2 | 5] => "netCDF, classic",
        b"\x89HDF" => "netCDF on HDF5",
        _ => return None,
    };
    // What cannot be read is told by the readers that come after, in their words.
    let found = describe(path).ok()?;
    let parts = found.variables.into_iter().map(|variable| Part {
        name: variable.name,
        what: variable.what,
        facts: variable.facts,
    });
    Some(Inspection {
        path: path.display().to_string(),
        format: format.to_owned(),
        facts: found.facts,
        parts: parts.collect(),
    })
}
