//! Palmer's soil of two layers.

use super::MM_PER_INCH;
use crate::DroughtError;

/// The soil: one inch on top, the rest below. Both are full at the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soil {
    available_in: f64,
}

impl Soil {
    /// A soil that can hold `available_water_mm` for plants.
    ///
    /// # Errors
    /// Returns an error if that is no amount of water.
    pub fn new(available_water_mm: f64) -> Result<Self, DroughtError> {
        if available_water_mm > 0.0 && available_water_mm <= 2000.0 {
            Ok(Self {
                available_in: (available_water_mm / MM_PER_INCH).max(1.0),
            })
        } else {
            Err(DroughtError::Domain {
                what: "the water that the soil can hold",
                expected: "above 0 and at most 2000 mm",
                found: available_water_mm,
            })
        }
    }

    /// What the soil holds when it is full, mm: at least one inch.
    #[must_use]
    pub fn available_mm(&self) -> f64 {
        self.available_in * MM_PER_INCH
    }
}

/// One month, inches; all not numbers if the month is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Month {
    pub precipitation: f64,
    pub demand: f64,
    /// Evapotranspiration.
    pub evaporated: f64,
    pub recharge: f64,
    pub runoff: f64,
    /// Water that the soil lost.
    pub loss: f64,
    pub possible_recharge: f64,
    pub possible_runoff: f64,
    pub possible_loss: f64,
    /// Water in the soil at the end.
    pub soil: f64,
}

const MISSING: Month = Month {
    precipitation: f64::NAN,
    demand: f64::NAN,
    evaporated: f64::NAN,
    recharge: f64::NAN,
    runoff: f64::NAN,
    loss: f64::NAN,
    possible_recharge: f64::NAN,
    possible_runoff: f64::NAN,
    possible_loss: f64::NAN,
    soil: f64::NAN,
};

/// Every month of a series.
pub(crate) struct Months {
    pub at: Vec<Month>,
}

impl Months {
    pub fn run(soil: Soil, precipitation_mm: &[f64], demand_mm: &[f64]) -> Self {
        let available = soil.available_in;
        let (mut top, mut below) = (1.0, available - 1.0);
        let at = precipitation_mm
            .iter()
            .zip(demand_mm)
            .map(|(p, pe)| {
                let (p, pe) = (p / MM_PER_INCH, pe / MM_PER_INCH);
                if p.is_nan() || pe.is_nan() {
                    return MISSING;
                }
                step(available, &mut top, &mut below, p, pe)
            })
            .collect();
        Self { at }
    }
}

fn step(available: f64, top: &mut f64, below: &mut f64, p: f64, pe: f64) -> Month {
    let possible_recharge = available - *top - *below;
    let possible_runoff = *top + *below;
    let possible_loss = if *top >= pe {
        pe
    } else {
        ((pe - *top) * *below / available + *top).min(possible_runoff)
    };
    let (evaporated, recharge, runoff, loss);
    if p >= pe {
        let excess = p - pe;
        let to_top = excess.min(1.0 - *top);
        let to_below = (excess - to_top).min(available - 1.0 - *below);
        *top += to_top;
        *below += to_below;
        evaporated = pe;
        recharge = to_top + to_below;
        runoff = excess - to_top - to_below;
        loss = 0.0;
    } else {
        let wanted = pe - p;
        let from_top = wanted.min(*top);
        let from_below = ((wanted - from_top) * *below / available).min(*below);
        *top -= from_top;
        *below -= from_below;
        loss = from_top + from_below;
        evaporated = p + loss;
        recharge = 0.0;
        runoff = 0.0;
    }
    Month {
        precipitation: p,
        demand: pe,
        evaporated,
        recharge,
        runoff,
        loss,
        possible_recharge,
        possible_runoff,
        possible_loss,
        soil: *top + *below,
    }
}
