//! From climate to indices: site by site, then over the area of each place.

use std::collections::BTreeMap;

use nutag_frame::Place;
use nutag_problem::{Error, Problem, Watch};
use rayon::prelude::*;

use super::plan::DroughtPlan;
use super::section::asked;
use crate::MonthAxis;
use crate::events::{DroughtEvent, DroughtRule, DroughtTrend, trend_of_month};
use crate::palmer::{PalmerOptions, palmer};
use crate::pet::{ThornthwaiteOptions, thornthwaite};
use crate::standard::{Standardiser, Why};
use crate::water::{Bucket, Melt};

/// The level of intervals of slopes.
pub(super) const LEVEL: f64 = 0.95;

/// Series of one site, a value a month; missing is not a number.
struct Site {
    deg_c: Vec<f64>,
    rain_mm: Vec<f64>,
    pet_mm: Vec<f64>,
    aet_mm: Vec<f64>,
    deficit_mm: Vec<f64>,
    runoff_mm: Vec<f64>,
    pdsi: Vec<f64>,
    /// By window.
    spi: Vec<Vec<f64>>,
    spei: Vec<Vec<f64>>,
    /// Months of SPI and SPEI, all windows, by what stands behind them.
    why: BTreeMap<Why, u64>,
}

/// Means over the area of a place, a value a month.
#[derive(Debug, Clone)]
pub(super) struct PlaceSeries {
    /// Area with cells of interest, km2.
    pub km2: f64,
    /// Its share in sites with a climate, 0 to 1.
    pub coverage: f64,
    pub deg_c: Vec<f64>,
    pub rain_mm: Vec<f64>,
    pub pet_mm: Vec<f64>,
    pub aet_mm: Vec<f64>,
    pub deficit_mm: Vec<f64>,
    pub runoff_mm: Vec<f64>,
    pub pdsi: Vec<f64>,
    pub spi: Vec<Vec<f64>>,
    pub spei: Vec<Vec<f64>>,
    /// Share of the area with a SPEI that is in drought, 0 to 1.
    pub dry: Vec<Vec<f64>>,
}

/// Everything computed.
pub(super) struct Drought {
    pub axis: MonthAxis,
    pub months: Vec<u8>,
    /// In the order of rows: zones of a region, the region, and the country last.
    pub places: Vec<(Place, PlaceSeries)>,
    /// SPEI of the sites of each map month, first window.
    pub maps: Vec<Vec<f64>>,
    /// Months of indices by what stands behind them, over all sites.
    pub why: BTreeMap<Why, u64>,
}

impl Drought {
    pub(super) fn of(plan: &DroughtPlan, watch: &Watch<'_>) -> Result<Self, Error> {
        let [deg_c, rain] = plan.climate(watch)?;
        let standardisers: Vec<[Standardiser; 2]> = plan
            .section
            .months
            .iter()
            .map(|months| {
                let [spi, spei] = plan.section.recipes(*months)?;
                let make =
                    |recipe| Standardiser::new(recipe, plan.axis).map_err(asked("[drought]"));
                Ok([make(spi)?, make(spei)?])
            })
            .collect::<Result<_, Error>>()?;
        let sites: Vec<Site> = plan
            .sites
            .par_iter()
            .zip(deg_c.into_par_iter().zip(rain))
            .map(|(site, (deg_c, rain))| {
                watch.check()?;
                compute(plan, &standardisers, site.latitude, deg_c, rain)
            })
            .collect::<Result<_, Error>>()?;
        let maps = plan
            .section
            .map_months()?
            .into_iter()
            .filter_map(|month| plan.axis.position(month))
            .map(|at| sites.iter().map(|site| site.spei[0][at]).collect())
            .collect();
        let mut why = BTreeMap::new();
        for site in &sites {
            for (reason, n) in &site.why {
                *why.entry(*reason).or_default() += n;
            }
        }
        Ok(Self {
            axis: plan.axis,
            months: plan.section.months.clone(),
            places: places(plan, &sites),
            maps,
            why,
        })
    }

    pub(super) fn country(&self) -> Option<&PlaceSeries> {
        self.places
            .iter()
            .find(|(place, _)| *place == Place::COUNTRY)
            .map(|(_, series)| series)
    }

    /// Regions and the country, without zones.
    pub(super) fn whole_places(&self) -> impl Iterator<Item = &(Place, PlaceSeries)> {
        self.places.iter().filter(|(place, _)| place.zone.is_none())
    }

    /// The droughts of a place by one window.
    pub(super) fn events(
        &self,
        series: &PlaceSeries,
        window: usize,
        begins_at: f64,
    ) -> Result<Vec<DroughtEvent>, Error> {
        let rule = DroughtRule {
            begins_at,
            ends_at: 0.0,
        };
        rule.events(&self.axis, &series.spei[window])
            .map_err(|error| Problem::of(&error).failed())
    }

    /// The trend of a place by one window; `None` with too few years.
    pub(super) fn trend(
        &self,
        series: &PlaceSeries,
        window: usize,
        month: u8,
    ) -> Option<DroughtTrend> {
        trend_of_month(&self.axis, &series.spei[window], month, LEVEL).ok()
    }
}

fn compute(
    plan: &DroughtPlan,
    standardisers: &[[Standardiser; 2]],
    latitude: f64,
    deg_c: Vec<f64>,
    rain_mm: Vec<f64>,
) -> Result<Site, Error> {
    let axis = &plan.axis;
    let place = "[drought.climate]";
    let pet_mm = thornthwaite(axis, &deg_c, latitude, ThornthwaiteOptions::default())
        .map_err(asked(place))?;
    let balance: Vec<f64> = rain_mm
        .iter()
        .zip(&pet_mm)
        .map(|(p, pet)| p - pet)
        .collect();
    let (mut spi, mut spei, mut why) = (Vec::new(), Vec::new(), BTreeMap::new());
    for [of_rain, of_balance] in standardisers {
        for (standardiser, water, into) in [
            (of_rain, &rain_mm, &mut spi),
            (of_balance, &balance, &mut spei),
        ] {
            let index = standardiser.cell(water).map_err(asked(place))?;
            for reason in &index.why {
                *why.entry(*reason).or_default() += 1;
            }
            into.push(index.z);
        }
    }
    let soil = &plan.section.soil;
    let melt = soil
        .melt_mm_per_degc_day
        .map_or(Melt::NoSnow, Melt::DegreeDay);
    let bucket = Bucket {
        available_water_mm: soil.available_water_mm,
        drawdown: soil.drawdown(),
        spin_up_years: soil.spin_up_years,
    };
    let water = bucket
        .run(axis, &rain_mm, &pet_mm, Some(&deg_c), melt)
        .map_err(asked("[drought.soil]"))?;
    let options = PalmerOptions {
        available_water_mm: soil.available_water_mm,
        calibration: standardisers[0][1].recipe().reference,
        self_calibrating: true,
    };
    let palmer = palmer(axis, &rain_mm, &pet_mm, &options).map_err(asked("[drought.soil]"))?;
    Ok(Site {
        deg_c,
        rain_mm,
        pet_mm,
        aet_mm: water.aet_mm,
        deficit_mm: water.deficit_mm,
        runoff_mm: water.runoff_mm,
        pdsi: palmer.pdsi,
        spi,
        spei,
        why,
    })
}

#[expect(clippy::cast_precision_loss, reason = "an area")]
fn km2(cm2: u128) -> f64 {
    cm2 as f64 / 1e10
}

/// Means over every place: the places of the plan, their regions, the country.
fn places(plan: &DroughtPlan, sites: &[Site]) -> Vec<(Place, PlaceSeries)> {
    let mut shares: BTreeMap<Place, BTreeMap<usize, u128>> = BTreeMap::new();
    let mut beyond: BTreeMap<Place, u128> = BTreeMap::new();
    for (place, of) in &plan.shares {
        for into in wider(*place) {
            let sums = shares.entry(into).or_default();
            for (site, area) in of {
                *sums.entry(*site).or_default() += area;
            }
        }
    }
    for (place, area) in &plan.beyond {
        for into in wider(*place) {
            shares.entry(into).or_default();
            *beyond.entry(into).or_default() += area;
        }
    }
    let mut all: Vec<(Place, PlaceSeries)> = shares
        .iter()
        .map(|(place, shares)| {
            let outside = beyond.get(place).copied().unwrap_or(0);
            (*place, series(plan, sites, shares, outside))
        })
        .collect();
    // Zones before their region, regions before the country.
    all.sort_by_key(|(place, _)| {
        (
            place.region.is_none(),
            place.region,
            place.zone.is_none(),
            place.zone,
        )
    });
    all
}

/// A place, its region and the country, each once.
fn wider(place: Place) -> Vec<Place> {
    let region = Place {
        zone: None,
        ..place
    };
    let mut all = vec![place];
    if region != place {
        all.push(region);
    }
    all.push(Place::COUNTRY);
    all
}

fn series(
    plan: &DroughtPlan,
    sites: &[Site],
    shares: &BTreeMap<usize, u128>,
    beyond: u128,
) -> PlaceSeries {
    let weights: Vec<(&Site, f64)> = shares
        .iter()
        .map(|(site, area)| (&sites[*site], km2(*area)))
        .collect();
    let months = plan.axis.len();
    let mean = |pick: &dyn Fn(&Site) -> &[f64]| -> Vec<f64> {
        (0..months)
            .map(|at| {
                let (mut sum, mut area) = (0.0, 0.0);
                for (site, km2) in &weights {
                    let value = pick(site)[at];
                    if value.is_finite() {
                        sum += km2 * value;
                        area += km2;
                    }
                }
                if area > 0.0 { sum / area } else { f64::NAN }
            })
            .collect()
    };
    let windows = plan.section.months.len();
    let dry = |window: usize| -> Vec<f64> {
        (0..months)
            .map(|at| {
                let (mut dry, mut area) = (0.0, 0.0);
                for (site, km2) in &weights {
                    let z = site.spei[window][at];
                    if !z.is_nan() {
                        area += km2;
                        if z <= plan.section.drought_at {
                            dry += km2;
                        }
                    }
                }
                if area > 0.0 { dry / area } else { f64::NAN }
            })
            .collect()
    };
    let inside: u128 = shares.values().sum();
    let known: u128 = shares
        .iter()
        .filter(|(site, _)| {
            let site = &sites[**site];
            site.rain_mm.iter().chain(&site.deg_c).any(|v| !v.is_nan())
        })
        .map(|(_, area)| area)
        .sum();
    PlaceSeries {
        km2: km2(inside + beyond),
        coverage: km2(known) / km2(inside + beyond),
        deg_c: mean(&|s| &s.deg_c),
        rain_mm: mean(&|s| &s.rain_mm),
        pet_mm: mean(&|s| &s.pet_mm),
        aet_mm: mean(&|s| &s.aet_mm),
        deficit_mm: mean(&|s| &s.deficit_mm),
        runoff_mm: mean(&|s| &s.runoff_mm),
        pdsi: mean(&|s| &s.pdsi),
        spi: (0..windows).map(|k| mean(&|s| &s.spi[k])).collect(),
        spei: (0..windows).map(|k| mean(&|s| &s.spei[k])).collect(),
        dry: (0..windows).map(dry).collect(),
    }
}

/// Twelve months of a year, if all are known.
pub(super) fn of_year(values: &[f64], year: usize) -> Option<f64> {
    let months = values.get(year * 12..year * 12 + 12)?;
    let sum: f64 = months.iter().sum();
    sum.is_finite().then_some(sum)
}

/// The mean over the known months of a year, and how many are known.
pub(super) fn mean_of_year(values: &[f64], year: usize) -> (Option<f64>, u8) {
    let (mut sum, mut n) = (0.0, 0_u8);
    for value in values.iter().skip(year * 12).take(12) {
        if value.is_finite() {
            sum += value;
            n += 1;
        }
    }
    ((n > 0).then(|| sum / f64::from(n)), n)
}
