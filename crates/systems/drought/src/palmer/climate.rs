//! What water a calendar month usually has: Palmer's "climatically appropriate for existing
//! conditions".

use std::ops::Range;

use super::balance::{Month, Months};
use crate::MonthAxis;
use crate::standard::count;

/// What is usual in a calendar month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthClimate {
    /// Evapotranspiration over demand.
    pub alpha: f64,
    /// Recharge over possible recharge.
    pub beta: f64,
    /// Runoff over possible runoff.
    pub gamma: f64,
    /// Loss over possible loss.
    pub delta: f64,
    /// The weight K' of a departure, 1/inch.
    pub weight: f64,
    /// The mean size of a departure, inches.
    mean_departure: f64,
}

impl MonthClimate {
    /// Precipitation less what would have been usual under the month's conditions, inches.
    pub(super) fn departure(&self, month: &Month) -> f64 {
        month.precipitation
            - (self.alpha * month.demand
                + self.beta * month.possible_recharge
                + self.gamma * month.possible_runoff
                - self.delta * month.possible_loss)
    }
}

pub(super) struct Climate {
    pub months: [MonthClimate; 12],
}

impl Climate {
    /// Palmer's factor 17.67 over the sum of D K' of the year.
    pub fn palmers_scale(&self) -> f64 {
        let sum: f64 = self
            .months
            .iter()
            .map(|month| month.mean_departure * month.weight)
            .sum();
        17.67 / sum
    }
}

/// A share; if there was nothing to share, `empty`.
fn share(part: f64, whole: f64, empty: f64) -> f64 {
    if whole == 0.0 {
        if part == 0.0 { empty } else { 0.0 }
    } else {
        part / whole
    }
}

pub(super) fn climate(axis: &MonthAxis, months: &Months, calibration: &Range<usize>) -> Climate {
    let of = |calendar: usize| {
        let these: Vec<&Month> = calibration
            .clone()
            .filter(|index| axis.calendar(*index) == calendar)
            .map(|index| &months.at[index])
            .filter(|month| !month.precipitation.is_nan())
            .collect();
        let sum = |f: fn(&Month) -> f64| these.iter().map(|month| f(month)).sum::<f64>();
        let mut climate = MonthClimate {
            alpha: share(sum(|m| m.evaporated), sum(|m| m.demand), 1.0),
            beta: share(sum(|m| m.recharge), sum(|m| m.possible_recharge), 1.0),
            gamma: share(sum(|m| m.runoff), sum(|m| m.possible_runoff), 1.0),
            delta: share(sum(|m| m.loss), sum(|m| m.possible_loss), 0.0),
            weight: f64::NAN,
            mean_departure: f64::NAN,
        };
        let departures: f64 = these
            .iter()
            .map(|month| climate.departure(month).abs())
            .sum();
        climate.mean_departure = departures / count(these.len());
        let asked = sum(|m| m.demand) + sum(|m| m.recharge) + sum(|m| m.runoff);
        let given = sum(|m| m.precipitation) + sum(|m| m.loss);
        climate.weight = 1.5 * libm::log10((asked / given + 2.8) / climate.mean_departure) + 0.5;
        climate
    };
    let mut calendar = 0;
    Climate {
        months: [(); 12].map(|()| {
            calendar += 1;
            of(calendar - 1)
        }),
    }
}
