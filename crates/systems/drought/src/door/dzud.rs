//! The dzud index of each region and year, its losses, and what the one says of the other.

use std::collections::BTreeMap;

use nutag_frame::Place;
use nutag_problem::Error;

use super::compute::Drought;
use super::plan::DroughtPlan;
use super::section::DzudSection;
use crate::dzud::{
    DzudIndex, NationalValidation, PanelRow, PanelValidation, Season, Standardised,
    ValidationOptions, season_mean, season_sum, validate, validate_national,
};
use crate::standard::count;

/// One region in one year.
#[derive(Debug, Clone)]
pub(super) struct DzudRow {
    pub region: usize,
    pub year: i32,
    /// Anomalies of temperature and precipitation, standard deviations.
    pub summer: [f64; 2],
    pub winter: [f64; 2],
    pub winter_deg_c: f64,
    /// Mean SPEI of the summer before, first window.
    pub summer_spei: f64,
    pub index: f64,
    pub rate: Option<f64>,
}

/// A year of the country.
#[derive(Debug, Clone)]
pub(super) struct NationalYear {
    pub year: i32,
    /// Mean index of the regions.
    pub index: f64,
    /// Losses over stock of all regions with a herd.
    pub rate: Option<f64>,
}

/// Everything of `[drought.dzud]`.
pub(super) struct Dzud {
    pub rows: Vec<DzudRow>,
    pub years: Vec<NationalYear>,
    /// The validation over regions and years, or why there is none.
    pub panel: Result<PanelValidation, String>,
    /// The validation of the national series, or why there is none.
    pub national: Result<NationalValidation, String>,
}

impl Dzud {
    pub(super) fn of(plan: &DroughtPlan, drought: &Drought) -> Result<Option<Self>, Error> {
        let (Some(section), Some(losses)) = (&plan.section.dzud, &plan.losses) else {
            return Ok(None);
        };
        let seasons = section.seasons()?;
        let index = DzudIndex {
            summer: seasons[0],
            winter: seasons[1],
            divisor: section.divisor,
        };
        let [first, last] = plan.section.record.map(i32::from);
        let rates: BTreeMap<(usize, i32), f64> = losses
            .iter()
            .map(|loss| ((loss.region, loss.year), loss.rate))
            .collect();
        let mut rows = Vec::new();
        for (place, series) in drought.whole_places() {
            let Some(region) = place.region else { continue };
            // A winter needs the months before its year; the first year has none.
            let years: Vec<i32> = (first + 1..=last).collect();
            let of = |values: &[f64], season: Season, sum: bool, lag: i32| -> Vec<f64> {
                let year = |year: &i32| {
                    if sum {
                        season_sum(&drought.axis, values, season, year - lag)
                    } else {
                        season_mean(&drought.axis, values, season, year - lag)
                    }
                };
                years.iter().map(year).collect()
            };
            let [summer, winter] = seasons;
            let winter_deg_c = of(&series.deg_c, winter, false, 0);
            let elements = [
                of(&series.deg_c, summer, false, 1),
                of(&series.rain_mm, summer, true, 1),
                winter_deg_c.clone(),
                of(&series.rain_mm, winter, true, 0),
            ];
            let z = elements.map(|values| anomalies(&values));
            let summer_spei = of(&series.spei[0], summer, false, 1);
            for (at, year) in years.iter().enumerate() {
                let summer = [z[0][at], z[1][at]];
                let winter = [z[2][at], z[3][at]];
                rows.push(DzudRow {
                    region,
                    year: *year,
                    summer,
                    winter,
                    winter_deg_c: winter_deg_c[at],
                    summer_spei: summer_spei[at],
                    index: index.of(summer, winter),
                    rate: rates.get(&(region, *year)).copied(),
                });
            }
        }
        let years = national_years(plan, &rows, first + 1, last);
        let panel = panel(plan, section, &rows);
        let national = national(section, &rows, &years);
        Ok(Some(Self {
            rows,
            years,
            panel,
            national,
        }))
    }

    /// Years of national losses above the threshold.
    pub(super) fn dzud_years(&self, event_above: f64) -> Vec<i32> {
        self.years
            .iter()
            .filter(|year| year.rate.is_some_and(|rate| rate > event_above))
            .map(|year| year.year)
            .collect()
    }
}

/// Against all years that are known; not numbers if the years do not vary.
fn anomalies(values: &[f64]) -> Vec<f64> {
    match Standardised::of(values) {
        Ok(base) => values.iter().map(|value| base.z(*value)).collect(),
        Err(_) => vec![f64::NAN; values.len()],
    }
}

fn national_years(
    plan: &DroughtPlan,
    rows: &[DzudRow],
    first: i32,
    last: i32,
) -> Vec<NationalYear> {
    let losses = plan.losses.as_deref().unwrap_or_default();
    (first..=last)
        .map(|year| {
            let indices: Vec<f64> = rows
                .iter()
                .filter(|row| row.year == year && !row.index.is_nan())
                .map(|row| row.index)
                .collect();
            let (mut lost, mut stock) = (0.0, 0.0);
            for loss in losses.iter().filter(|loss| loss.year == year) {
                lost += loss.losses;
                stock += loss.stock_before;
            }
            NationalYear {
                year,
                index: indices.iter().sum::<f64>() / count(indices.len()),
                rate: (stock > 0.0).then(|| lost / stock),
            }
        })
        .collect()
}

fn panel(
    plan: &DroughtPlan,
    section: &DzudSection,
    rows: &[DzudRow],
) -> Result<PanelValidation, String> {
    let panel: Vec<PanelRow> = rows
        .iter()
        .filter(|row| !row.winter_deg_c.is_nan() && !row.summer_spei.is_nan())
        .filter_map(|row| {
            Some(PanelRow {
                place: plan.regions[row.region].clone(),
                year: row.year,
                mortality: row.rate?,
                winter_deg_c: row.winter_deg_c,
                summer_index: row.summer_spei,
            })
        })
        .collect();
    let options = ValidationOptions {
        event_above: section.event_above,
        draws: section.draws,
        seed: section.seed,
        ..ValidationOptions::default()
    };
    validate(&panel, &options).map_err(|error| error.to_string())
}

fn national(
    section: &DzudSection,
    rows: &[DzudRow],
    years: &[NationalYear],
) -> Result<NationalValidation, String> {
    let (mut when, mut rates, mut cold, mut summer) = (vec![], vec![], vec![], vec![]);
    for year in years {
        let of_year: Vec<&DzudRow> = rows
            .iter()
            .filter(|row| {
                row.year == year.year && !row.winter[0].is_nan() && !row.summer_spei.is_nan()
            })
            .collect();
        let (Some(rate), false) = (year.rate, of_year.is_empty()) else {
            continue;
        };
        let mean = |pick: &dyn Fn(&DzudRow) -> f64| {
            of_year.iter().map(|row| pick(row)).sum::<f64>() / count(of_year.len())
        };
        when.push(year.year);
        rates.push(rate);
        cold.push(mean(&|row| row.winter[0]));
        summer.push(mean(&|row| row.summer_spei));
    }
    validate_national(&when, &rates, &cold, &summer, section.event_above)
        .map_err(|error| error.to_string())
}

/// The place of a region, for tables.
pub(super) fn place(row: &DzudRow) -> Place {
    Place::region(row.region)
}
