//! A bucket of soil water, one step a month.

use super::snow::{Melt, snow_split};
use crate::palmer::Soil;
use crate::standard::count;
use crate::{DroughtError, MonthAxis};

/// How the soil gives water when rain does not meet the demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawdown {
    /// `S (1 - exp(-missing / AWC))`: the drier, the harder (Thornthwaite and Mather 1955; Dobrowski
    /// et al. 2013).
    Exponential,
    /// All that is asked for, while there is any.
    Linear,
    /// Palmer's two layers: the first inch freely, the rest in proportion to what is left.
    TwoLayers,
}

/// A soil and how it gives its water.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Water that the soil can hold for plants, mm.
    pub available_water_mm: f64,
    /// How it is drawn.
    pub drawdown: Drawdown,
    /// Years of mean months that are run before the first month, so that the start is of this
    /// climate; 0 starts with a full soil and no snow.
    pub spin_up_years: u16,
}

/// The balance of one cell, mm in the month; soil and snow at the end of the month. Not a number
/// where an input is missing; soil and snow then stay as they were.
///
/// In every month `rain + melt = aet + runoff + change of soil`, `snow = melt + change of pack` and
/// `pet = aet + deficit`, to 1e-9 mm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterBalance {
    /// Rain.
    pub rain_mm: Vec<f64>,
    /// Snowfall, as water.
    pub snow_mm: Vec<f64>,
    /// Snow that melts, as water.
    pub melt_mm: Vec<f64>,
    /// Snow on the ground, as water.
    pub pack_mm: Vec<f64>,
    /// Evapotranspiration.
    pub aet_mm: Vec<f64>,
    /// Demand that is not met: the climatic water deficit, PET - AET.
    pub deficit_mm: Vec<f64>,
    /// Water in the soil.
    pub soil_mm: Vec<f64>,
    /// Water that leaves.
    pub runoff_mm: Vec<f64>,
    /// Water in the soil before the first month.
    pub start_soil_mm: f64,
    /// Snow on the ground before the first month, as water.
    pub start_pack_mm: f64,
}

impl Bucket {
    /// Runs the bucket over a series of precipitation and demand, mm in the month. Temperatures, degC,
    /// are needed where snow is told from rain.
    ///
    /// # Errors
    /// Returns an error if the lengths differ or the soil holds no water.
    pub fn run(
        &self,
        axis: &MonthAxis,
        precipitation_mm: &[f64],
        demand_mm: &[f64],
        mean_deg_c: Option<&[f64]>,
        melt: Melt<'_>,
    ) -> Result<WaterBalance, DroughtError> {
        axis.fits("precipitation", precipitation_mm)?;
        axis.fits("demand", demand_mm)?;
        Soil::new(self.available_water_mm)?;
        let mut store = Store::full(self);
        let mut pack = 0.0;
        if self.spin_up_years > 0 {
            let mean = |values: &[f64]| climatology(values);
            let year = MonthAxis::new(axis.first(), 12);
            let (p, pet) = (mean(precipitation_mm), mean(demand_mm));
            let temperature = mean_deg_c.map(mean);
            let radiation = melt.radiation().map(mean);
            for _ in 0..self.spin_up_years {
                let fallen = snow_split(
                    &year,
                    &p,
                    temperature.as_deref(),
                    melt.with_radiation(radiation.as_deref()),
                    pack,
                )?;
                for (index, pet) in pet.iter().enumerate() {
                    let input = fallen.rain_mm[index] + fallen.melt_mm[index];
                    store.step(input, *pet);
                    if !fallen.pack_mm[index].is_nan() {
                        pack = fallen.pack_mm[index];
                    }
                }
            }
        }
        let fallen = snow_split(axis, precipitation_mm, mean_deg_c, melt, pack)?;
        let mut out = WaterBalance {
            start_soil_mm: store.soil(),
            start_pack_mm: pack,
            ..WaterBalance::default()
        };
        for (index, pet) in demand_mm.iter().enumerate() {
            let input = fallen.rain_mm[index] + fallen.melt_mm[index];
            let step = store.step(input, *pet);
            out.aet_mm.push(step.aet);
            out.deficit_mm.push(pet - step.aet);
            out.soil_mm.push(step.soil);
            out.runoff_mm.push(step.runoff);
        }
        out.rain_mm = fallen.rain_mm;
        out.snow_mm = fallen.snow_mm;
        out.melt_mm = fallen.melt_mm;
        out.pack_mm = fallen.pack_mm;
        Ok(out)
    }
}

/// The mean of each calendar month, from the first month of the series on.
fn climatology(values: &[f64]) -> Vec<f64> {
    (0..12)
        .map(|offset| {
            let (mut sum, mut n) = (0.0, 0);
            for value in values.iter().skip(offset).step_by(12) {
                if !value.is_nan() {
                    sum += value;
                    n += 1;
                }
            }
            sum / count(n)
        })
        .collect()
}

struct Step {
    aet: f64,
    runoff: f64,
    soil: f64,
}

/// The water that is there: one store, or an inch and the rest.
struct Store {
    drawdown: Drawdown,
    capacity: f64,
    top_capacity: f64,
    top: f64,
    below: f64,
}

const INCH_MM: f64 = 25.4;

impl Store {
    fn full(bucket: &Bucket) -> Self {
        let capacity = bucket.available_water_mm;
        let top_capacity = match bucket.drawdown {
            Drawdown::TwoLayers => INCH_MM.min(capacity),
            Drawdown::Exponential | Drawdown::Linear => capacity,
        };
        Self {
            drawdown: bucket.drawdown,
            capacity,
            top_capacity,
            top: top_capacity,
            below: capacity - top_capacity,
        }
    }

    fn soil(&self) -> f64 {
        self.top + self.below
    }

    /// Water in, demand: what evaporates, runs off and stays.
    fn step(&mut self, input: f64, pet: f64) -> Step {
        if input.is_nan() || pet.is_nan() {
            return Step {
                aet: f64::NAN,
                runoff: f64::NAN,
                soil: f64::NAN,
            };
        }
        let missing = pet - input;
        let (aet, runoff);
        if missing <= 0.0 {
            let excess = input - pet;
            let to_top = excess.min(self.top_capacity - self.top);
            let to_below = (excess - to_top).min(self.capacity - self.top_capacity - self.below);
            self.top += to_top;
            self.below += to_below;
            aet = pet;
            runoff = excess - to_top - to_below;
        } else {
            let (from_top, from_below) = match self.drawdown {
                Drawdown::Exponential => (-self.top * libm::expm1(-missing / self.capacity), 0.0),
                Drawdown::Linear => (missing.min(self.top), 0.0),
                Drawdown::TwoLayers => {
                    let from_top = missing.min(self.top);
                    let wanted = (missing - from_top) * self.below / self.capacity;
                    (from_top, wanted.min(self.below))
                }
            };
            // Never more than is asked for.
            let from_top = from_top.min(missing);
            self.top -= from_top;
            self.below -= from_below;
            aet = (input + from_top + from_below).min(pet);
            runoff = 0.0;
        }
        Step {
            aet,
            runoff,
            soil: self.soil(),
        }
    }
}
