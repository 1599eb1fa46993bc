//! Values that cannot be in the unit that they are said to be in, and clocks that the sun refutes.

use std::path::Path;

use crate::summary::quantiles;
use crate::sun::{Place, potential_radiation_w_m2};

use super::error::ReadError;
use super::{Quantity, Record};

/// Where the middle 98 % of a quantity must lie, and what else the unit may be if it does not.
const BOUNDS: [(Quantity, f64, f64, &str); 11] = [
    (
        Quantity::Nee,
        -100.0,
        100.0,
        "is it mg m-2 s-1, or gC m-2 d-1?",
    ),
    (Quantity::Le, -500.0, 1200.0, "is it mm or mmol m-2 s-1?"),
    (Quantity::H, -500.0, 1200.0, "is it another flux?"),
    (
        Quantity::Radiation,
        -20.0,
        1400.0,
        "is it a photon flux in umol m-2 s-1?",
    ),
    (Quantity::Temperature, -60.0, 55.0, "is it in K?"),
    (Quantity::SoilTemperature, -60.0, 80.0, "is it in K?"),
    (Quantity::Vpd, -1.0, 120.0, "is it in Pa?"),
    (Quantity::Humidity, 0.0, 106.0, "is it a fraction?"),
    (Quantity::Ustar, 0.0, 5.0, "is it a wind speed?"),
    (
        Quantity::NetRadiation,
        -300.0,
        1200.0,
        "is it another radiation?",
    ),
    (Quantity::Ground, -300.0, 500.0, "is it another flux?"),
];

/// Refuses columns whose values cannot be in their unit.
///
/// # Errors
/// Returns an error if the middle 98 % of a column do not lie where the quantity can, or if the
/// vapour pressure deficit is larger than air of the temperature beside it can hold.
pub fn check_plausible(record: &Record, path: &Path) -> Result<(), ReadError> {
    for (quantity, least, most, hint) in BOUNDS {
        let Some(column) = record.columns.get(&quantity) else {
            continue;
        };
        let [low, high] = quantiles(column, [0.01, 0.99]);
        if low < least || high > most {
            return Err(refused(
                record,
                path,
                quantity,
                &format!("from {least} to {most} {}", quantity.unit()),
                &format!("98 % of the values from {low:.4} to {high:.4}"),
                hint,
            ));
        }
    }
    if let Some(humidity) = record.columns.get(&Quantity::Humidity) {
        let [high] = quantiles(humidity, [0.99]);
        if high <= 1.06 {
            return Err(refused(
                record,
                path,
                Quantity::Humidity,
                "from 0 to 105 %",
                &format!("99 % of the values below {high:.3}"),
                "is it a fraction? Then write units.humidity = \"1\"",
            ));
        }
    }
    vapour(record, path)
}

fn refused(
    record: &Record,
    path: &Path,
    quantity: Quantity,
    expected: &str,
    found: &str,
    hint: &str,
) -> ReadError {
    let origin = record.origins.get(&quantity).map_or("", String::as_str);
    ReadError::of(
        path,
        format!(
            "{} ({origin}): expected values {expected}, found {found}; {hint}",
            quantity.key()
        ),
    )
}

/// Saturation vapour pressure in hPa (`REddyProc` `fCalcVPDfromRHandTair`).
fn saturation_hpa(temperature_c: f64) -> f64 {
    6.1078 * libm::exp(17.080_85 * temperature_c / (234.175 + temperature_c))
}

/// Vapour pressure deficit from humidity; up to 105 % counts as 100.
#[must_use]
pub(crate) fn vpd_hpa(humidity_percent: f64, temperature_c: f64) -> f64 {
    if humidity_percent > 105.0 {
        return f64::NAN;
    }
    saturation_hpa(temperature_c) * (1.0 - humidity_percent.min(100.0) / 100.0)
}

/// The deficit against what the air can hold, and against humidity where that is measured.
fn vapour(record: &Record, path: &Path) -> Result<(), ReadError> {
    let (Some(vpd), Some(temperature)) = (
        record.columns.get(&Quantity::Vpd),
        record.columns.get(&Quantity::Temperature),
    ) else {
        return Ok(());
    };
    let pairs: Vec<(f64, f64)> = vpd
        .iter()
        .zip(temperature)
        .filter(|(v, t)| !v.is_nan() && !t.is_nan())
        .map(|(v, t)| (*v, saturation_hpa(*t)))
        .collect();
    let above = pairs
        .iter()
        .filter(|(vpd, most)| *vpd > 1.1 * most + 0.5)
        .count();
    if above * 20 > pairs.len() {
        return Err(refused(
            record,
            path,
            Quantity::Vpd,
            "no larger than air of the temperature beside it can hold",
            &format!("{above} of {} that are", pairs.len()),
            "is it in Pa?",
        ));
    }
    let Some(humidity) = record.columns.get(&Quantity::Humidity) else {
        return Ok(());
    };
    let ratios: Vec<f64> = vpd
        .iter()
        .zip(temperature)
        .zip(humidity)
        .map(|((v, t), h)| v / vpd_hpa(*h, *t))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let [middle] = quantiles(&ratios, [0.5]);
    if middle.is_finite() && !(0.3..=3.0).contains(&middle) {
        return Err(refused(
            record,
            path,
            Quantity::Vpd,
            "like those that humidity and temperature give",
            &format!("{middle:.3} times those, in the middle"),
            "is it in kPa or Pa?",
        ));
    }
    Ok(())
}

/// Hours that the radiation of a month lags behind the sun may be rounded to; more says that the
/// clock is another one.
const LAG_HOURS: f64 = 0.6;
/// A lag of the whole record from which on a half-hour is in question.
const DOUBT_HOURS: f64 = 0.2;

/// Holds the clock of a record to the sun: radiation must be centred on the same hour as the
/// potential radiation, month by month.
///
/// # Errors
/// Returns an error if all months lag by an hour or more (another offset from UTC), or some do and
/// others do not (a summer clock).
pub fn check_clock(record: &Record, place: Place, path: &Path) -> Result<Vec<String>, ReadError> {
    let Some(radiation) = record.columns.get(&Quantity::Radiation) else {
        return Ok(Vec::new());
    };
    let centres = record.axis.centres();
    let potential = potential_radiation_w_m2(&centres, place);
    let mut months: Vec<(i16, i8, f64)> = Vec::new();
    let mut rows: Vec<usize> = (0..centres.len())
        .filter(|&row| !radiation[row].is_nan())
        .collect();
    rows.sort_by_key(|&row| (centres[row].year, centres[row].month));
    for month in rows.chunk_by(|&a, &b| {
        (centres[a].year, centres[a].month) == (centres[b].year, centres[b].month)
    }) {
        // Whole days by number, and enough of them that clouds of mornings and evenings even out.
        if month.len() < 10 * record.axis.step().per_day() {
            continue;
        }
        let centre = |weight: &dyn Fn(usize) -> f64| {
            let (mut sum, mut all) = (0.0, 0.0);
            for &row in month {
                sum += weight(row) * centres[row].hour;
                all += weight(row);
            }
            sum / all
        };
        let lag = centre(&|row| radiation[row].max(0.0)) - centre(&|row| potential[row]);
        if lag.is_finite() {
            months.push((centres[month[0]].year, centres[month[0]].month, lag));
        }
    }
    let lags: Vec<f64> = months.iter().map(|(.., lag)| *lag).collect();
    let off: Vec<&(i16, i8, f64)> = months
        .iter()
        .filter(|(.., lag)| lag.abs() > LAG_HOURS)
        .collect();
    let [middle] = quantiles(&lags, [0.5]);
    if !off.is_empty() && off.len() == months.len() {
        return Err(ReadError::of(
            path,
            format!(
                "radiation is centred {middle:+.1} hours from solar noon in every month; the offset from UTC ({:+} h) or the longitude ({}) is not that of this file",
                place.utc_offset_hours, place.longitude_degrees
            ),
        ));
    }
    if off.len() >= 2 {
        let named: Vec<String> = off
            .iter()
            .map(|(y, m, lag)| format!("{y}-{m:02} ({lag:+.1} h)"))
            .collect();
        return Err(ReadError::of(
            path,
            format!(
                "radiation is centred on solar noon in some months and an hour from it in others ({}); the clock was put forward in summer. Bring the file to standard time first",
                named.join(", ")
            ),
        ));
    }
    if middle.abs() > DOUBT_HOURS {
        return Ok(vec![format!(
            "radiation is centred {:+.0} minutes from solar noon; check whether stamps are starts, middles or ends, and the offset from UTC",
            middle * 60.0
        )]);
    }
    Ok(Vec::new())
}
