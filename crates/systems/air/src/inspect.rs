//! What is in a CO2 file.

use std::path::Path;

use nutag_formats::co2::{Co2Error, Co2File, Correction, Field, Layout, Request, recognise};
use nutag_problem::{Error, OrProblem, Problem};

use nutag_system::{Inspection, Part};

/// Looks into a file of GOSAT level 3 or CF netCDF with CO2. `None` when it is neither, so that other readers
/// may try.
///
/// # Errors
/// A file that is one of them and cannot be read, such as a truncated one.
pub fn inspect_co2(path: &Path) -> Result<Option<Inspection>, Error> {
    let layout = match recognise(path) {
        Ok(Layout::Raster) => return Ok(None),
        Ok(layout) => layout,
        // HDF4 is another reader's.
        Err(Co2Error::NotRecognised { .. }) => return Ok(None),
        Err(error) => return Err(Problem::of(&error).asked()),
    };
    let open = |field| {
        Co2File::open(
            path,
            &Request {
                field,
                ..Request::default()
            },
        )
    };
    let (file, format) = match layout {
        Layout::Gosat => {
            let file = match open(Field::BiasCorrected) {
                Err(Co2Error::NoField { .. }) => open(Field::Raw),
                other => other,
            };
            (file.or_asked()?, "GOSAT level 3 (HDF5)")
        }
        // A netCDF file may hold anything; one without CO2 is not ours to refuse.
        _ => match open(Field::BiasCorrected) {
            Ok(file) => (file, "CF netCDF with CO2"),
            Err(Co2Error::Variable { .. } | Co2Error::NotCf { .. }) => return Ok(None),
            Err(error) => return Err(Problem::of(&error).asked()),
        },
    };
    let (lon, lat) = (
        file.cells().lon_edges_degrees(),
        file.cells().lat_edges_degrees(),
    );
    let ends = |edges: &[f64]| format!("{} to {}", edges[0], edges[edges.len() - 1]);
    let mut facts = vec![
        ("product".to_owned(), file.product().to_string()),
        ("unit".to_owned(), file.unit().to_string()),
        (
            "cells".to_owned(),
            format!(
                "{} rows x {} columns",
                file.cells().rows(),
                file.cells().cols()
            ),
        ),
        ("longitude, degrees".to_owned(), ends(lon)),
        ("latitude, degrees".to_owned(), ends(lat)),
    ];
    if file.correction() != Correction::Unstated {
        facts.insert(1, ("field".to_owned(), file.correction().to_string()));
    }
    let mut parts = Vec::new();
    for month in file.months() {
        let grid = file.read(*month).or_asked()?;
        let values = || grid.xco2_ppm.iter().flatten().copied();
        let (low, high) = (
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        let mut facts = vec![("XCO2".to_owned(), format!("{low:.2} to {high:.2} ppm"))];
        if let (Some(cells), Some(soundings)) = (grid.observed_cells(), &grid.soundings) {
            let total: u64 = soundings.iter().map(|n| u64::from(*n)).sum();
            facts.push(("soundings".to_owned(), format!("{total} in {cells} cells")));
        }
        parts.push(Part {
            name: month.to_string(),
            what: format!(
                "{} of {} cells have a value",
                grid.valid_cells(),
                grid.cells.cells()
            ),
            facts,
        });
    }
    Ok(Some(Inspection {
        path: path.display().to_string(),
        format: format.to_owned(),
        facts,
        parts,
    }))
}
