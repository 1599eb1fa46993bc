//! Palmer's drought indices, self-calibrating (Wells, Goddard and Hayes 2004) or with his constants.
//!
//! Water goes through a soil of two layers ([`balance`](self)); what a month should have had is told by
//! the calibration years; the departure, weighted, is the anomaly Z; spells of Z build up and end as
//! X. R's scPDSI and climate-indices agree on the self-calibrating indices, and a test holds them
//! here. Inside, water is in inches, as the constants are.

mod balance;
mod climate;
mod duration;
mod spells;

pub use balance::Soil;
pub use climate::MonthClimate;
pub use duration::{Duration, Side};

use balance::Months;
use spells::Spells;

use crate::standard::Reference;
use crate::{DroughtError, MonthAxis};

/// Millimetres in an inch.
const MM_PER_INCH: f64 = 25.4;
/// Months of the longest window whose sum calibrates a spell.
const LONGEST_WINDOW: usize = 48;
/// Times that the anomaly is scaled so that one month in fifty is an extreme.
const SCALINGS: usize = 3;

/// What moves the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PalmerOptions {
    /// Water that the soil can hold for plants, mm; less than one inch is taken as one inch.
    pub available_water_mm: f64,
    /// The years that tell what is usual.
    pub calibration: Reference,
    /// Durations and extremes from the calibration years; otherwise Palmer's constants of 1965.
    pub self_calibrating: bool,
}

/// Why a cell has no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPalmer {
    /// Fewer known calibration months than the longest window of 48.
    TooFewMonths,
    /// The water of some month never departs from what is usual, or spells do not grow with their
    /// length: nothing can be calibrated.
    NoSpread,
}

/// The indices of one cell, one value a month; not a number where a month is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Palmer {
    /// PDSI (X), without a unit; below -2 moderate, below -4 extreme drought.
    pub pdsi: Vec<f64>,
    /// PHDI: as PDSI, but a spell ends only when its water is made good.
    pub phdi: Vec<f64>,
    /// WPLM, the weighted index that is used in operation (PMDI).
    pub weighted: Vec<f64>,
    /// The anomaly Z of each month.
    pub z: Vec<f64>,
    /// How wet spells build up.
    pub wet: Duration,
    /// How dry spells build up.
    pub dry: Duration,
    /// What is usual in each calendar month, January first.
    pub climate: [MonthClimate; 12],
    /// Why there is no index, if there is none.
    pub missing: Option<NoPalmer>,
}

/// The indices of one cell from precipitation and demand, mm in the month. A month without either
/// value is missing, and the soil and the spell stay as they were.
///
/// # Errors
/// Returns an error if the lengths differ, the calibration years are not in the series or the soil
/// holds no water.
pub fn palmer(
    axis: &MonthAxis,
    precipitation_mm: &[f64],
    demand_mm: &[f64],
    options: &PalmerOptions,
) -> Result<Palmer, DroughtError> {
    axis.fits("precipitation", precipitation_mm)?;
    axis.fits("demand", demand_mm)?;
    let calibration = axis.span(options.calibration.first, options.calibration.last)?;
    let soil = Soil::new(options.available_water_mm)?;
    let months = Months::run(soil, precipitation_mm, demand_mm);
    let climate = climate::climate(axis, &months, &calibration);
    let mut z: Vec<f64> = (0..axis.len())
        .map(|index| {
            let of = &climate.months[axis.calendar(index)];
            of.departure(&months.at[index]) * of.weight
        })
        .collect();
    let mut out = Palmer {
        pdsi: vec![f64::NAN; axis.len()],
        phdi: vec![f64::NAN; axis.len()],
        weighted: vec![f64::NAN; axis.len()],
        z: Vec::new(),
        wet: Duration::PALMER,
        dry: Duration::PALMER,
        climate: climate.months,
        missing: None,
    };
    if !options.self_calibrating {
        let scale = climate.palmers_scale();
        z.iter_mut().for_each(|z| *z *= scale);
        (out.wet.scale, out.dry.scale) = (scale, scale);
        if scale.is_finite() {
            Spells::run(&z, &out.wet, &out.dry).into_palmer(&mut out);
        } else {
            out.missing = Some(NoPalmer::NoSpread);
        }
        out.z = z;
        return Ok(out);
    }
    if let Err(why) = calibrate(&mut z, calibration, &mut out) {
        out.missing = Some(why);
        for series in [&mut out.pdsi, &mut out.phdi, &mut out.weighted, &mut z] {
            series.fill(f64::NAN);
        }
    }
    out.z = z;
    Ok(out)
}

fn calibrate(
    z: &mut [f64],
    calibration: std::ops::Range<usize>,
    out: &mut Palmer,
) -> Result<(), NoPalmer> {
    let known: Vec<f64> = z[calibration.clone()]
        .iter()
        .copied()
        .filter(|z| !z.is_nan())
        .collect();
    if known.len() < LONGEST_WINDOW {
        return Err(NoPalmer::TooFewMonths);
    }
    out.wet = duration::fit(&known, Side::Wet).ok_or(NoPalmer::NoSpread)?;
    out.dry = duration::fit(&known, Side::Dry).ok_or(NoPalmer::NoSpread)?;
    let mut spells = Spells::run(z, &out.wet, &out.dry);
    for _ in 0..SCALINGS {
        let x = &spells.x[calibration.clone()];
        let wet = 4.0 / duration::ranked(x, 0.98).ok_or(NoPalmer::TooFewMonths)?;
        let dry = -4.0 / duration::ranked(x, 0.02).ok_or(NoPalmer::TooFewMonths)?;
        if !(wet.is_finite() && dry.is_finite()) {
            return Err(NoPalmer::NoSpread);
        }
        out.wet.scale *= wet;
        out.dry.scale *= dry;
        for z in z.iter_mut() {
            *z *= if *z >= 0.0 { wet } else { dry };
        }
        spells = Spells::run(z, &out.wet, &out.dry);
    }
    spells.into_palmer(out);
    Ok(())
}
