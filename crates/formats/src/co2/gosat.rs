//! GOSAT TANSO-FTS SWIR level 3 of CO2 (NIES), HDF5, V02 and V03.
//!
//! Not CF: the unit is in `unit`, what means nothing in `invalidValue` (an array of one), and there is
//! no `_FillValue`, so a CF reader takes -9999 ppm for data. The fields are kriged over up to
//! 1000 km; `XCO2Mask` hides cells too far from any sounding. `latticeInformation` holds the
//! soundings themselves, by cell.

use std::path::Path;

use hdf5::File;

use super::file::{Header, Values};
use super::{Co2Error, Correction, Field, Month, Product, Request, Unit, h5};
use crate::gridded::axes::{Axes, Axis};
use crate::gridded::packing::Packing;

/// What stands for nothing where a data set does not say.
const INVALID: f64 = -9999.0;

/// The names of the field that was asked for.
#[derive(Debug, Clone)]
pub(super) struct GosatFile {
    /// `XCO2` or `XCO2BiasCorrected`.
    field: &'static str,
    /// Of its values, and of their errors where those say none.
    unit: Unit,
}

impl GosatFile {
    pub(super) fn open(path: &Path, request: &Request) -> Result<Header<Self>, Co2Error> {
        let file = h5::open(path)?;
        let version = version(&file, path)?;
        let (field, correction) = field(&file, path, request.field, &version)?;
        let month = month(&file, path)?;
        let (axes, shape) = axes(&file, path)?;
        let name = format!("Data/mixingRatio/{field}");
        let dataset = h5::dataset(&file, path, &name)?;
        if dataset.shape() != shape {
            return Err(Co2Error::Contradiction {
                path: path.to_owned(),
                first: format!("{name} has the shape {:?}", dataset.shape()),
                second: format!("latitude and longitude have {shape:?}"),
                advice: "Was the file written by a program that transposes? Use the archive's own file",
            });
        }
        let unit = unit(path, &name, request, h5::attribute_text(&dataset, "unit"))?;
        Ok(Header {
            product: Product {
                name: "GOSAT TANSO-FTS SWIR L3 CO2".to_owned(),
                version: Some(version),
            },
            correction,
            unit,
            axes,
            months: vec![month],
            kind: Self { field, unit },
        })
    }

    pub(super) fn read(&self, path: &Path, cells: usize) -> Result<Values, Co2Error> {
        let file = h5::open(path)?;
        let name = |group: &str, suffix: &str| format!("Data/{group}/{}{suffix}", self.field);
        let xco2_name = name("mixingRatio", "");
        let mut xco2 =
            values(&file, path, &xco2_name, cells)?.ok_or_else(|| missing(path, &xco2_name))?;
        let masked = codes(&file, path, "Data/maskInformation/XCO2Mask", cells)?
            .map(|mask| mask.iter().map(|code| *code != 0).collect::<Vec<bool>>());
        for (value, masked) in xco2.iter_mut().zip(masked.iter().flatten()) {
            *value = value.filter(|_| !masked);
        }
        let soundings = codes(
            &file,
            path,
            "Data/latticeInformation/numObservationPoints",
            cells,
        )?;
        let mut observed = values(&file, path, &name("latticeInformation", "Average"), cells)?;
        for (value, count) in observed
            .iter_mut()
            .flatten()
            .zip(soundings.iter().flatten())
        {
            *value = value.filter(|_| *count > 0);
        }
        let error_name = name("mixingRatio", "StandardError");
        let standard_error = values(&file, path, &error_name, cells)?;
        let error_unit = match h5::optional(&file, &error_name)
            .and_then(|dataset| h5::attribute_text(&dataset, "unit"))
        {
            Some(text) => unit(path, &error_name, &Request::default(), Some(text))?,
            None => self.unit,
        };
        Ok(Values {
            dataset: xco2_name,
            xco2,
            interpolated: true,
            standard_error: standard_error.map(|errors| (errors, error_unit)),
            observed,
            soundings: soundings
                .map(|counts| sounding_counts(path, &counts))
                .transpose()?,
            masked,
        })
    }
}

/// Counts of soundings; what stands for nothing is none seen.
fn sounding_counts(path: &Path, counts: &[i32]) -> Result<Vec<u32>, Co2Error> {
    let count = |n: &i32| match u32::try_from(*n) {
        Ok(count) => Ok(count),
        Err(_) if f64::from(*n) == INVALID => Ok(0),
        Err(_) => Err(Co2Error::Contradiction {
            path: path.to_owned(),
            first: "numObservationPoints counts soundings".to_owned(),
            second: format!("it holds {n}"),
            advice: "Download the file again",
        }),
    };
    counts.iter().map(count).collect()
}

fn missing(path: &Path, what: &str) -> Co2Error {
    Co2Error::Missing {
        path: path.to_owned(),
        what: format!("the data set {what}"),
    }
}

/// `V03.05` and the like.
fn version(file: &File, path: &Path) -> Result<String, Co2Error> {
    let name = "Global/metadata/productVersion";
    h5::optional(file, name)
        .and_then(|dataset| h5::text(&dataset))
        .filter(|version| !version.is_empty())
        .ok_or_else(|| missing(path, name))
}

/// Where the field that was asked for is. V03 holds both; V02 holds one, which is bias-corrected in
/// V02.95 and V02.96 and raw in V02.90 and V02.91.
fn field(
    file: &File,
    path: &Path,
    asked: Field,
    version: &str,
) -> Result<(&'static str, Correction), Co2Error> {
    let has = |name: &str| h5::optional(file, &format!("Data/mixingRatio/{name}")).is_some();
    if !has("XCO2") {
        return Err(missing(path, "Data/mixingRatio/XCO2"));
    }
    let both = has("XCO2BiasCorrected");
    let one = match version {
        "V02.95" | "V02.96" => Correction::BiasCorrected,
        "V02.90" | "V02.91" => Correction::Raw,
        _ if both => Correction::Raw,
        _ => Correction::Unstated,
    };
    let no_field = |found, other| Co2Error::NoField {
        path: path.to_owned(),
        field: asked,
        version: version.to_owned(),
        found,
        other,
    };
    match (asked, both, one) {
        (Field::BiasCorrected, true, _) => Ok(("XCO2BiasCorrected", Correction::BiasCorrected)),
        (Field::Raw, true, _) => Ok(("XCO2", Correction::Raw)),
        (Field::BiasCorrected, false, Correction::Raw) => {
            Err(no_field("the raw field", Field::Raw))
        }
        (Field::Raw, false, Correction::BiasCorrected) => {
            Err(no_field("the bias-corrected field", Field::BiasCorrected))
        }
        (_, false, one) => Ok(("XCO2", one)),
    }
}

fn month(file: &File, path: &Path) -> Result<Month, Co2Error> {
    let number = |name: &str| -> Result<i32, Co2Error> {
        let name = format!("Attribute/metadata/{name}");
        let numbers: Vec<i32> = h5::numbers(&*h5::dataset(file, path, &name)?, path, &name)?;
        numbers.first().copied().ok_or_else(|| missing(path, &name))
    };
    let (year, month) = (number("year")?, number("month")?);
    u8::try_from(month)
        .ok()
        .and_then(|month| Month::new(year, month))
        .ok_or_else(|| Co2Error::NoMonth {
            path: path.to_owned(),
            place: "Attribute/metadata",
            found: format!("year {year}, month {month}"),
        })
}

fn unit(
    path: &Path,
    dataset: &str,
    request: &Request,
    text: Option<String>,
) -> Result<Unit, Co2Error> {
    let parsed = text.as_deref().and_then(|text| Unit::parse(text, None));
    request.unit.or(parsed).ok_or_else(|| Co2Error::Unit {
        path: path.to_owned(),
        dataset: dataset.to_owned(),
        found: text.map_or_else(
            || "no attribute `unit`".to_owned(),
            |text| format!("{text:?}"),
        ),
    })
}

/// Cells from the two-dimensional latitude and longitude, checked against what else the file says.
fn axes(file: &File, path: &Path) -> Result<(Axes, Vec<usize>), Co2Error> {
    let read = |name: &str| -> Result<(Vec<f64>, Vec<usize>), Co2Error> {
        let name = format!("Data/geolocation/{name}");
        let dataset = h5::dataset(file, path, &name)?;
        Ok((h5::numbers(&dataset, path, &name)?, dataset.shape()))
    };
    let (lat, shape) = read("latitude")?;
    let (lon, lon_shape) = read("longitude")?;
    let against = |first: String, second: String, advice| Co2Error::Contradiction {
        path: path.to_owned(),
        first,
        second,
        advice,
    };
    let &[rows, cols] = shape.as_slice() else {
        return Err(against(
            format!("latitude has the shape {shape:?}"),
            "level 3 has two dimensions".to_owned(),
            "Is this level 2? Use the level 3 product (SWIRL3CO2)",
        ));
    };
    if lon_shape != shape || rows == 0 || cols == 0 {
        return Err(against(
            format!("latitude has the shape {shape:?}"),
            format!("longitude has {lon_shape:?}"),
            "Download the file again",
        ));
    }
    let row_lat: Vec<f64> = lat.iter().step_by(cols).copied().collect();
    let straight = lat
        .chunks(cols)
        .all(|row| row.iter().all(|lat| *lat == row[0]))
        && lon.chunks(cols).all(|row| row == &lon[..cols]);
    if !straight {
        return Err(against(
            "latitude is not the same along each row".to_owned(),
            "rows of level 3 are parallels".to_owned(),
            "Was the file written by a program that transposes (R, MATLAB)? Use the archive's own file",
        ));
    }
    // The archive misspells the second; a corrected spelling is as good.
    for (step, names) in [
        (spacing(&row_lat), &["intervalLengthOfLatitude"][..]),
        (
            spacing(&lon[..cols]),
            &["intevalLengthOfLongitude", "intervalLengthOfLongitude"],
        ),
    ] {
        for name in names {
            let name = format!("Attribute/{name}");
            let Some(dataset) = h5::optional(file, &name) else {
                continue;
            };
            let said: Vec<f64> = h5::numbers(&dataset, path, &name)?;
            if let (Some(said), Some(step)) = (said.first(), step)
                && (said - step).abs() > 1e-3
            {
                return Err(against(
                    format!("{name} is {said} degrees"),
                    format!("the cells in Data/geolocation are {step} degrees apart"),
                    "Download the file again; if it was regridded, pass it as CF netCDF",
                ));
            }
        }
    }
    upright(file, path, &row_lat, cols)?;
    let axes = Axes::new(Axis::Middles(lon[..cols].to_vec()), Axis::Middles(row_lat));
    let axes = axes.map_err(|source| Co2Error::Cells {
        path: path.to_owned(),
        source,
    })?;
    Ok((axes, shape))
}

fn spacing(middles: &[f64]) -> Option<f64> {
    Some((middles.get(1)? - middles.first()?).abs())
}

/// The Antarctic is land and the Arctic is sea: a file whose land flag says the opposite has its
/// values upside down against its latitudes.
fn upright(file: &File, path: &Path, row_lat: &[f64], cols: usize) -> Result<(), Co2Error> {
    let name = "Data/geolocation/landseaflag";
    let Some(flag) = codes(file, path, name, row_lat.len() * cols)? else {
        return Ok(());
    };
    let row = |wanted: fn(f64, f64) -> bool| {
        let mut best = 0;
        for (row, lat) in row_lat.iter().enumerate() {
            if wanted(*lat, row_lat[best]) {
                best = row;
            }
        }
        (row_lat[best], &flag[best * cols..][..cols])
    };
    let (north_lat, north) = row(|a, b| a > b);
    let (south_lat, south) = row(|a, b| a < b);
    let global = north_lat > 85.0 && south_lat < -85.0;
    if global && north.iter().all(|flag| *flag == 0) && south.iter().all(|flag| *flag == 100) {
        return Err(Co2Error::Contradiction {
            path: path.to_owned(),
            first: format!("latitude says that {north_lat} N is the north"),
            second:
                "landseaflag has land there and sea at the other pole, as the Earth upside down"
                    .to_owned(),
            advice: "The grid was turned over without its latitudes; use the archive's own file",
        });
    }
    Ok(())
}

/// Values with `None` for the data set's invalid value; `None` when there is no such data set.
fn values(
    file: &File,
    path: &Path,
    name: &str,
    cells: usize,
) -> Result<Option<Vec<Option<f64>>>, Co2Error> {
    let Some(dataset) = h5::optional(file, name) else {
        return Ok(None);
    };
    let stored = h5::stored(&dataset, path, name)?;
    let nothing = h5::attribute_numbers(&dataset, "invalidValue").unwrap_or_else(|| vec![INVALID]);
    let values = Packing::plain(name, stored.kind(), &nothing).decode(path, stored)?;
    check_cells(path, name, values.len(), cells)?;
    Ok(Some(values))
}

fn codes(file: &File, path: &Path, name: &str, cells: usize) -> Result<Option<Vec<i32>>, Co2Error> {
    let Some(dataset) = h5::optional(file, name) else {
        return Ok(None);
    };
    let codes: Vec<i32> = h5::numbers(&dataset, path, name)?;
    check_cells(path, name, codes.len(), cells)?;
    Ok(Some(codes))
}

fn check_cells(path: &Path, name: &str, found: usize, cells: usize) -> Result<(), Co2Error> {
    if found == cells {
        return Ok(());
    }
    Err(Co2Error::Contradiction {
        path: path.to_owned(),
        first: format!("{name} has {found} cells"),
        second: format!("latitude and longitude have {cells}"),
        advice: "Download the file again",
    })
}
