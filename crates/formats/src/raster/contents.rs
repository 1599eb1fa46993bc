//! What a raster holds, for people who write a legend for it.

use std::collections::BTreeMap;
use std::path::Path;

use gdal::raster::{GdalDataType, RasterBand};
use gdal::{Dataset, Metadata};
use nutag_grid::MultiPolygon;

use super::footprint::footprint;
use super::no_data::{NoData, is_integer};
use super::read::{is_signed_byte, open, open_error};
use super::{BandFacts, RasterError};

/// No more different values than these are listed.
const MOST_VALUES: usize = 256;

/// Cells that are read at a time (16 MB of doubles).
const STRIP_CELLS: usize = 2 << 20;

/// What a raster holds, whether or not it can be put on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterContents {
    /// GDAL's name of the format.
    pub format: String,
    /// Rows of cells.
    pub rows: usize,
    /// Columns of cells.
    pub cols: usize,
    /// Name of the reference system, if there is one.
    pub crs_name: Option<String>,
    /// The affine transform as GDAL orders it, if there is one.
    pub transform: Option<[f64; 6]>,
    /// The ground that it shows, where its place is known; see [`super::RasterFacts::footprint`].
    pub footprint: Option<MultiPolygon>,
    /// The bands, the first one first.
    pub bands: Vec<BandContents>,
}

/// What a band of a raster holds.
#[derive(Debug, Clone, PartialEq)]
pub struct BandContents {
    /// What it says of itself.
    pub facts: BandFacts,
    /// Value = stored number x scale + offset, where the band says so.
    pub scaling: Option<(f64, f64)>,
    /// Whether a mask hides some cells.
    pub has_mask: bool,
    /// Cells with a value.
    pub valid_cells: u64,
    /// Cells without: no data, hidden, or not a number.
    pub empty_cells: u64,
    /// The least and the largest value, scaled.
    pub range: Option<[f64; 2]>,
    /// Every value, scaled, and its number of cells, ascending; `None` where there are more than 256.
    pub values: Option<Vec<(f64, u64)>>,
}

impl RasterContents {
    /// Reads a raster from end to end.
    ///
    /// # Errors
    /// Returns a [`RasterError`] if GDAL cannot read it, or it has no bands of its own.
    pub fn read(path: &Path) -> Result<Self, RasterError> {
        let dataset = open(path)?;
        if dataset.raster_count() == 0 {
            return Err(RasterError::Open {
                path: path.to_owned(),
                reason: "it has no raster bands of its own".to_owned(),
            });
        }
        let (cols, rows) = dataset.raster_size();
        let crs = dataset.spatial_ref().ok();
        let transform = dataset.geo_transform().ok();
        let place = transform.zip(crs.as_ref());
        let footprint =
            place.and_then(|(transform, crs)| footprint(transform, rows, cols, crs).ok());
        let bands = (1..=dataset.raster_count()).map(|band| contents(path, &dataset, band));
        Ok(Self {
            format: dataset.driver().long_name(),
            rows,
            cols,
            crs_name: crs.map(|crs| crs.name().unwrap_or_else(|| "without a name".to_owned())),
            transform,
            footprint,
            bands: bands.collect::<Result<_, _>>()?,
        })
    }
}

fn contents(path: &Path, dataset: &Dataset, number: usize) -> Result<BandContents, RasterError> {
    let failed = |error: gdal::errors::GdalError| open_error(path, &error);
    let band = dataset.rasterband(number).map_err(failed)?;
    let data_type = band.band_type();
    let scaling = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
    let mask = band.mask_flags().map_err(failed)?;
    let has_mask = !mask.is_all_valid() && !mask.is_nodata();
    let mut found = BandContents {
        facts: BandFacts {
            name: band.description().map_err(failed)?,
            data_type: data_type.to_string(),
            no_data: NoData::of(&band, data_type).map(NoData::as_f64),
            unit: band.unit(),
        },
        scaling: (scaling != (1.0, 0.0)).then_some(scaling),
        has_mask,
        valid_cells: 0,
        empty_cells: 0,
        range: None,
        values: Some(Vec::new()),
    };
    let is_number =
        is_integer(data_type) || matches!(data_type, GdalDataType::Float32 | GdalDataType::Float64);
    // Whole numbers of 64 bits are more than a double holds; they are no codes of a map.
    let is_wide = matches!(data_type, GdalDataType::Int64 | GdalDataType::UInt64);
    if is_number && !is_wide {
        count(path, &band, &mut found)?;
    } else {
        found.values = None;
    }
    Ok(found)
}

/// Reads the values of a band, strip by strip.
fn count(path: &Path, band: &RasterBand<'_>, found: &mut BandContents) -> Result<(), RasterError> {
    let (cols, rows) = band.size();
    let signed = is_signed_byte(band);
    let failed = |error: gdal::errors::GdalError| open_error(path, &error);
    let mask = found
        .has_mask
        .then(|| band.open_mask_band())
        .transpose()
        .map_err(failed)?;
    // Doubles above zero, and those below in their turn, order as their bits do; see `key`.
    let mut counts: Option<BTreeMap<u64, u64>> = Some(BTreeMap::new());
    let strip = (STRIP_CELLS / cols.max(1)).clamp(1, rows.max(1));
    let mut row0 = 0;
    while row0 < rows {
        let size = (cols, strip.min(rows - row0));
        let at = (0, isize::try_from(row0).unwrap_or(isize::MAX));
        let values = band.read_as::<f64>(at, size, size, None).map_err(failed)?;
        let shown = mask
            .as_ref()
            .map(|mask| mask.read_as::<u8>(at, size, size, None))
            .transpose()
            .map_err(failed)?;
        for (cell, raw) in values.data().iter().enumerate() {
            let hidden = shown.as_ref().is_some_and(|shown| shown.data()[cell] == 0);
            let raw = if signed && *raw > 127.0 {
                raw - 256.0
            } else {
                *raw
            };
            if hidden || raw.is_nan() || found.facts.no_data == Some(raw) {
                found.empty_cells += 1;
                continue;
            }
            found.valid_cells += 1;
            let value = found
                .scaling
                .map_or(raw, |(scale, offset)| raw * scale + offset);
            let [low, high] = found.range.get_or_insert([value, value]);
            (*low, *high) = (low.min(value), high.max(value));
            if let Some(known) = &mut counts {
                *known.entry(key(value)).or_default() += 1;
                if known.len() > MOST_VALUES {
                    counts = None;
                }
            }
        }
        row0 += size.1;
    }
    found.values = counts.map(|counts| {
        let counts = counts.into_iter();
        counts.map(|(key, cells)| (value_of(key), cells)).collect()
    });
    Ok(())
}

const SIGN: u64 = 1 << 63;

/// Bits that order as the values do; both zeros are one.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn value_of(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_values_do() {
        let values = [
            f64::NEG_INFINITY,
            -2.5,
            -1e-9,
            0.0,
            1e-9,
            3.0,
            f64::INFINITY,
        ];
        let keys: Vec<u64> = values.iter().map(|value| key(*value)).collect();
        assert!(keys.is_sorted());
        assert_eq!(
            keys.iter().map(|key| value_of(*key)).collect::<Vec<_>>(),
            values
        );
        assert_eq!(key(-0.0), key(0.0));
    }
}
