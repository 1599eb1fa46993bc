//! Monthly means of every area, and the fit through them.

use crate::science::{AirField, AirMean, air_mean};
use nutag_formats::co2::{Month, MonthlyGrid};
use nutag_problem::{Error, Steps, Watch};
use nutag_stats::harmonic::{HarmonicError, HarmonicFit, harmonic_fit};

use crate::{Area, Co2Plan};

/// One month over one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// The means and what they rest on.
    pub mean: AirMean,
}

/// The months of one area.
#[derive(Debug, Clone)]
pub struct AreaSeries<'a> {
    /// The area.
    pub area: &'a Area,
    /// Months with a grid, in order of time.
    pub rows: Vec<MonthRow>,
    /// The fit through the months that are not sparse, or why there is none.
    pub fit: Result<HarmonicFit, HarmonicError>,
    /// The month that index 0 of the fit stands for.
    pub first: Month,
}

impl AreaSeries<'_> {
    /// The position of a month in the fit.
    pub fn index(&self, month: Month) -> usize {
        let months = |m: Month| i64::from(m.year) * 12 + i64::from(m.month);
        usize::try_from(months(month) - months(self.first)).unwrap_or(0)
    }

    /// A month's mean without the cycle, where there are both.
    pub fn deseasonalised_ppm(&self, row: &MonthRow) -> Option<f64> {
        let fit = self.fit.as_ref().ok()?;
        Some(row.mean.xco2_ppm? - fit.cycle_at(self.index(row.month)))
    }
}

/// The field of a grid, as means are made of it.
pub(crate) fn field(grid: &MonthlyGrid) -> AirField<'_> {
    AirField {
        xco2_ppm: &grid.xco2_ppm,
        standard_error_ppm: grid.standard_error_ppm.as_deref(),
        observed_ppm: grid.observed_ppm.as_deref(),
        soundings: grid.soundings.as_deref(),
    }
}

/// Reads each month once and averages it over every area; then fits.
pub(crate) fn area_series<'a>(
    plan: &'a Co2Plan,
    watch: &Watch<'_>,
) -> Result<Vec<AreaSeries<'a>>, Error> {
    let least = plan.section.least_valid_fraction;
    let mut rows: Vec<Vec<MonthRow>> = vec![Vec::new(); plan.areas.len()];
    watch.begin("averaging CO2 grids", plan.set.months.len(), Steps::Items);
    for month in plan.set.months.keys() {
        let Some(grid) = plan.read(*month)? else {
            continue;
        };
        let field = field(&grid);
        for (area, rows) in plan.areas.iter().zip(&mut rows) {
            let mean = air_mean(&area.shares, area.area_km2, &field, least);
            rows.push(MonthRow {
                month: *month,
                mean,
            });
        }
        watch.advance(1)?;
    }
    watch.finish();
    let (first, last) = plan.section.range()?;
    let series = plan.areas.iter().zip(rows).map(|(area, rows)| {
        let usable = |month: Month| {
            let row = rows.iter().find(|row| row.month == month)?;
            row.mean.xco2_ppm.filter(|_| !row.mean.sparse)
        };
        let values: Vec<Option<f64>> = first.through(last).map(usable).collect();
        let fit = harmonic_fit(first.year, first.month, &values);
        AreaSeries {
            area,
            rows,
            fit,
            first,
        }
    });
    Ok(series.collect())
}
