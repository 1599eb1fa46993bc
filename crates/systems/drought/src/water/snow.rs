//! Snow of a month: what falls as snow and what melts.

use crate::{DroughtError, MonthAxis};

/// How snow melts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Melt<'a> {
    /// All precipitation is rain.
    NoSnow,
    /// `-398.4 + 81.75 T + 25.05 Rs` mm a month, Rs in MJ m-2 d-1, one value a month (Dobrowski et al.
    /// 2013).
    Radiation(&'a [f64]),
    /// This many mm for each degC of the monthly mean above 0 and day.
    DegreeDay(f64),
}

impl<'a> Melt<'a> {
    pub(super) fn radiation(self) -> Option<&'a [f64]> {
        match self {
            Melt::Radiation(values) => Some(values),
            Melt::NoSnow | Melt::DegreeDay(_) => None,
        }
    }

    pub(super) fn with_radiation<'b>(self, values: Option<&'b [f64]>) -> Melt<'b>
    where
        'a: 'b,
    {
        values.map_or(self, Melt::Radiation)
    }
}

/// Rain, snow, melt and pack, mm of water in the month; the pack at its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnowMonths {
    /// Rain.
    pub rain_mm: Vec<f64>,
    /// Snowfall.
    pub snow_mm: Vec<f64>,
    /// Snow that melts.
    pub melt_mm: Vec<f64>,
    /// Snow on the ground.
    pub pack_mm: Vec<f64>,
}

/// Below this monthly mean all is snow, degC.
const ALL_SNOW_DEG_C: f64 = -4.604;
/// Above this monthly mean all is rain, degC.
const ALL_RAIN_DEG_C: f64 = 6.329;

/// Tells snow from rain by the monthly mean temperature, in a line from -4.604 to 6.329 degC
/// (Dobrowski et al. 2013), and melts it. A month with a missing value leaves the pack as it was.
///
/// # Errors
/// Returns an error if the lengths differ, or if snow is to be told without temperatures.
pub fn snow_split(
    axis: &MonthAxis,
    precipitation_mm: &[f64],
    mean_deg_c: Option<&[f64]>,
    melt: Melt<'_>,
    start_pack_mm: f64,
) -> Result<SnowMonths, DroughtError> {
    axis.fits("precipitation", precipitation_mm)?;
    let mut out = SnowMonths::default();
    if melt == Melt::NoSnow {
        let nothing = |p: &f64| if p.is_nan() { f64::NAN } else { 0.0 };
        out.rain_mm = precipitation_mm.to_vec();
        out.snow_mm = precipitation_mm.iter().map(nothing).collect();
        out.melt_mm = out.snow_mm.clone();
        out.pack_mm = out.snow_mm.clone();
        return Ok(out);
    }
    axis.fits(
        "temperature, which tells snow from rain,",
        mean_deg_c.unwrap_or(&[]),
    )?;
    let temperatures = mean_deg_c.unwrap_or(&[]);
    if let Melt::Radiation(values) = melt {
        axis.fits("radiation", values)?;
    }
    let mut pack = start_pack_mm;
    for (index, (&p, &deg_c)) in precipitation_mm.iter().zip(temperatures).enumerate() {
        let possible = match melt {
            Melt::NoSnow => 0.0,
            Melt::Radiation(values) => -398.4 + 81.75 * deg_c + 25.05 * values[index],
            Melt::DegreeDay(mm) => mm * deg_c.max(0.0) * f64::from(axis.at(index).days()),
        };
        if p.is_nan() || deg_c.is_nan() || possible.is_nan() {
            for series in [
                &mut out.rain_mm,
                &mut out.snow_mm,
                &mut out.melt_mm,
                &mut out.pack_mm,
            ] {
                series.push(f64::NAN);
            }
            continue;
        }
        let share = ((deg_c - ALL_SNOW_DEG_C) / (ALL_RAIN_DEG_C - ALL_SNOW_DEG_C)).clamp(0.0, 1.0);
        let rain = share * p;
        let snow = p - rain;
        let melted = possible.max(0.0).min(pack + snow);
        pack = pack + snow - melted;
        out.rain_mm.push(rain);
        out.snow_mm.push(snow);
        out.melt_mm.push(melted);
        out.pack_mm.push(pack);
    }
    Ok(out)
}
