//! Months and years: sums of what is whole, and how well they are known.
//!
//! A period is summed only if the record covers it and no row of it is empty. One that is not whole
//! has its mean and its coverage instead: nothing is scaled to what it might have been.

use crate::axis::Step;
use crate::chain::{Processed, Scenario};
use crate::energy::closure::{Balance, Closure, closure};
use crate::energy::water::evaporation_mm;
use crate::fill::EMPTY;
use crate::summary::quantiles;
use crate::uncertainty::{RandomError, joint, random_error};

/// Grams of carbon in a umol of CO2.
pub const GRAMS_C_PER_UMOL: f64 = 12.011e-6;
/// Below this a month or a half-hour is frozen, in degrees Celsius: GPP is noise there.
pub const FROZEN_C: f64 = -5.0;
/// Below this mean radiation of a month GPP is not claimed, in W m-2.
const DARK_W_M2: f64 = 10.0;
/// Fewest measured rows below -5 degrees whose mean says something.
const LEAST_COLD_ROWS: usize = 48;

/// A month or a year of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12; `None` for the whole year.
    pub month: Option<i8>,
}

/// A sum over a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    /// The sum, if the period is whole.
    pub total: Option<f64>,
    /// The mean of the rows that have a value, times the rows of a day: per day, whole or not. NaN
    /// if no row has one.
    pub mean_per_day: f64,
    /// Rows with a value, of all rows that the calendar gives the period.
    pub coverage: f64,
}

/// Sums of one scenario, in gC m-2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carbon {
    /// NEE.
    pub nee: Sum,
    /// Respiration by the night method; `None` where the method could not be used.
    pub respiration_night: Option<Sum>,
    /// GPP by the night method.
    pub gpp_night: Option<Sum>,
    /// Respiration by the day method.
    pub respiration_day: Option<Sum>,
    /// GPP by the day method.
    pub gpp_day: Option<Sum>,
}

/// Rows of a period by what became of NEE in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes {
    /// Rows that the calendar gives the period.
    pub expected: usize,
    /// Rows of the record.
    pub rows: usize,
    /// Measured, without spikes and repeated values, before u*.
    pub measured: usize,
    /// Measured and kept after u*.
    pub used: usize,
    /// Filled well.
    pub good: usize,
    /// Filled from a wider window.
    pub medium: usize,
    /// Filled from far away.
    pub poor: usize,
    /// Without a value.
    pub empty: usize,
    /// Longest run of rows without a kept value.
    pub longest_gap: usize,
}

/// A period of a tower.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// Which.
    pub period: Period,
    /// What became of NEE in its rows.
    pub classes: Classes,
    /// Sums of the estimate.
    pub carbon: Carbon,
    /// Sums of the scenarios, with their probabilities.
    pub scenarios: Vec<(f64, Carbon)>,
    /// Random error of the mean of NEE; `None` with fewer than two measured rows.
    pub random: Option<RandomError>,
    /// Standard error of the sum of NEE from random errors, in gC m-2; NaN if it cannot be had.
    pub random_se_gc: f64,
    /// The 16 and 84 % of the sums over scenarios, in gC m-2; `None` without scenarios.
    pub threshold_range_gc: Option<(f64, f64)>,
    /// Random error and thresholds together, in gC m-2.
    pub joint_se_gc: f64,
    /// Latent heat in MJ m-2.
    pub le_mj: Sum,
    /// Sensible heat in MJ m-2.
    pub h_mj: Sum,
    /// Evapotranspiration in mm.
    pub et_mm: Sum,
    /// Standard error of the sums of LE and H from random errors, in MJ m-2.
    pub heat_se_mj: [f64; 2],
    /// LE, H and evapotranspiration with the balance closed (MJ, MJ, mm); `None` where the balance
    /// is not measured.
    pub corrected: Option<[Sum; 3]>,
    /// How the balance closes.
    pub closure: Option<Closure>,
    /// Mean air temperature in degrees Celsius.
    pub temperature_c: f64,
    /// Whether GPP may be claimed: not in a month that is frozen or dark.
    pub gpp_claimed: bool,
    /// Mean measured NEE below -5 degrees in umol m-2 s-1; `None` with fewer than 48 such rows. An
    /// uptake there is what the heat of an open-path sensor feigns.
    pub cold_nee: Option<f64>,
}

impl Totals {
    /// Whether the cold half-hours show an uptake that cannot be.
    #[must_use]
    pub fn feigned_uptake(&self) -> bool {
        self.cold_nee.is_some_and(|nee| nee < 0.0)
    }

    /// Whether all rows of the period have NEE.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.carbon.nee.total.is_some()
    }
}

/// What totals are made of, beside the chain's result.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The chain's result.
    pub processed: &'a Processed,
    /// The energy balance as measured.
    pub balance: Balance<'a>,
    /// LE and H of each row with the balance closed, in W m-2; NaN where they cannot be had.
    pub corrected: Option<(&'a [f64], &'a [f64])>,
    /// Whether frozen water takes the heat of sublimation.
    pub sublimation: bool,
}

/// The months and the years of a record, in the order of time, each year after its months.
#[must_use]
pub fn totals(inputs: &Inputs<'_>) -> Vec<Totals> {
    let centres = &inputs.processed.centres;
    let mut periods: Vec<Period> = centres
        .iter()
        .flat_map(|c| {
            [Some(c.month), None].map(|month| Period {
                year: c.year,
                month,
            })
        })
        .collect();
    periods.sort_by_key(|p| (p.year, p.month.unwrap_or(13)));
    periods.dedup();
    periods
        .into_iter()
        .map(|period| of_period(inputs, period))
        .collect()
}

fn of_period(inputs: &Inputs<'_>, period: Period) -> Totals {
    let processed = inputs.processed;
    let step = processed.axis.step();
    let rows: Vec<usize> = (0..processed.centres.len())
        .filter(|&row| {
            let centre = &processed.centres[row];
            centre.year == period.year && period.month.is_none_or(|month| month == centre.month)
        })
        .collect();
    let expected = expected_rows(period, step);
    let summed = |column: &[f64], factor: f64| sum(column, &rows, expected, factor, step);
    let carbon_factor = GRAMS_C_PER_UMOL * step.seconds();
    let heat_factor = step.seconds() / 1e6;
    let carbon = |scenario: &Scenario| Carbon {
        nee: summed(&scenario.nee.value, carbon_factor),
        respiration_night: scenario
            .night
            .as_ref()
            .ok()
            .map(|n| summed(&n.respiration, carbon_factor)),
        gpp_night: scenario
            .night
            .as_ref()
            .ok()
            .map(|n| summed(&n.gpp, carbon_factor)),
        respiration_day: scenario
            .day
            .as_ref()
            .ok()
            .map(|d| summed(&d.respiration, carbon_factor)),
        gpp_day: scenario
            .day
            .as_ref()
            .ok()
            .map(|d| summed(&d.gpp, carbon_factor)),
    };
    let scenarios: Vec<(f64, Carbon)> = processed
        .scenarios
        .iter()
        .filter_map(|scenario| Some((scenario.probability?, carbon(scenario))))
        .collect();
    let threshold_range_gc = {
        let sums: Vec<f64> = scenarios.iter().filter_map(|(_, c)| c.nee.total).collect();
        (sums.len() >= 2).then(|| {
            let [low, high] = quantiles(&sums, [0.16, 0.84]);
            (low, high)
        })
    };
    let random = error_of(&processed.estimate.nee, &rows);
    let whole_factor = rows.len() as f64;
    let random_se_gc = random.map_or(f64::NAN, |r| r.se * whole_factor * carbon_factor);
    let joint_se_gc =
        threshold_range_gc.map_or(random_se_gc, |(low, high)| joint(random_se_gc, low, high));
    let temperature = &processed.temperature.value;
    let water = |le: &[f64]| -> Vec<f64> {
        le.iter()
            .zip(temperature)
            .map(|(&le, &t)| evaporation_mm(le, t, step.seconds(), inputs.sublimation))
            .collect()
    };
    let corrected = inputs.corrected.map(|(le, h)| {
        [
            summed(le, heat_factor),
            summed(h, heat_factor),
            summed(&water(le), 1.0),
        ]
    });
    let mean_of = |column: &[f64]| {
        sum(column, &rows, expected, 1.0, step).mean_per_day / step.per_day() as f64
    };
    let temperature_c = mean_of(temperature);
    let cold: Vec<f64> = rows
        .iter()
        .filter(|&&row| temperature[row] < FROZEN_C && processed.estimate.nee.quality[row] == 0)
        .map(|&row| processed.estimate.nee.value[row])
        .collect();
    let frozen = period.month.is_some() && temperature_c < FROZEN_C;
    let dark = mean_of(&processed.radiation.value) < DARK_W_M2;
    let heat_se =
        |filled| error_of(filled, &rows).map_or(f64::NAN, |r| r.se * whole_factor * heat_factor);
    Totals {
        period,
        classes: classes(processed, &rows, expected),
        carbon: carbon(&processed.estimate),
        scenarios,
        random,
        random_se_gc,
        threshold_range_gc,
        joint_se_gc,
        le_mj: summed(&processed.le.value, heat_factor),
        h_mj: summed(&processed.h.value, heat_factor),
        et_mm: summed(&water(&processed.le.value), 1.0),
        heat_se_mj: [heat_se(&processed.le), heat_se(&processed.h)],
        corrected,
        closure: closure(&inputs.balance, rows.iter().copied()),
        temperature_c,
        gpp_claimed: !frozen && !dark,
        cold_nee: (cold.len() >= LEAST_COLD_ROWS).then(|| crate::summary::mean(&cold)),
    }
}

/// The random error of the mean of a filled column over some rows.
fn error_of(filled: &crate::fill::Filled, rows: &[usize]) -> Option<RandomError> {
    let (residuals, spread): (Vec<f64>, Vec<f64>) = rows
        .iter()
        .map(|&row| match filled.estimates[row] {
            Some(estimate) if filled.quality[row] == 0 => {
                (filled.value[row] - estimate.value, estimate.sd)
            }
            _ => (f64::NAN, f64::NAN),
        })
        .unzip();
    random_error(&residuals, &spread)
}

/// Rows that the calendar gives a period.
fn expected_rows(period: Period, step: Step) -> usize {
    let first = jiff::civil::date(period.year, period.month.unwrap_or(1), 1);
    let days = match period.month {
        Some(_) => i16::from(first.days_in_month()),
        None => first.days_in_year(),
    };
    usize::try_from(days).unwrap_or(0) * step.per_day()
}

fn sum(column: &[f64], rows: &[usize], expected: usize, factor: f64, step: Step) -> Sum {
    let present: Vec<f64> = rows
        .iter()
        .map(|&row| column[row])
        .filter(|v| !v.is_nan())
        .collect();
    let total = present.iter().sum::<f64>() * factor;
    Sum {
        total: (present.len() == expected).then_some(total),
        mean_per_day: total / present.len() as f64 * step.per_day() as f64,
        coverage: present.len() as f64 / expected as f64,
    }
}

fn classes(processed: &Processed, rows: &[usize], expected: usize) -> Classes {
    let nee = &processed.estimate.nee;
    let mut classes = Classes {
        expected,
        rows: rows.len(),
        ..Classes::default()
    };
    let mut gap = 0;
    for &row in rows {
        classes.measured += usize::from(!processed.nee_before_ustar[row].is_nan());
        match nee.quality[row] {
            0 => classes.used += 1,
            1 => classes.good += 1,
            2 => classes.medium += 1,
            EMPTY => classes.empty += 1,
            _ => classes.poor += 1,
        }
        gap = if nee.quality[row] == 0 { 0 } else { gap + 1 };
        classes.longest_gap = classes.longest_gap.max(gap);
    }
    classes
}
