//! From what a tower measured to its filled and partitioned half-hours, once for each u* threshold
//! that is plausible.

use rayon::prelude::*;

use crate::axis::{Axis, Centre};
use crate::fill::{Drivers, Filled, Reference, Wanted, fill};
use crate::partition::day::{self, DayError, DayPartition, Setting};
use crate::partition::night::{self, NightError, NightPartition, Scope};
use crate::quality::{Spikes, spikes, without_long_runs};
use crate::sun::{Place, potential_radiation_w_m2};
use crate::ustar::{self, Distribution, Flag, Night, Rule, Season, Settings};

/// What a tower measured, after what its own flags reject was left out; NaN is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// NEE in umol m-2 s-1.
    pub nee: Vec<f64>,
    /// Latent heat flux in W m-2.
    pub le: Vec<f64>,
    /// Sensible heat flux in W m-2.
    pub h: Vec<f64>,
    /// Incoming shortwave radiation in W m-2.
    pub radiation_w_m2: Vec<f64>,
    /// Air temperature in degrees Celsius.
    pub temperature_c: Vec<f64>,
    /// Vapour pressure deficit in hPa.
    pub vpd_hpa: Vec<f64>,
    /// Friction velocity in m s-1.
    pub ustar_m_s: Vec<f64>,
    /// Net radiation in W m-2.
    pub net_radiation: Vec<f64>,
    /// Soil heat flux in W m-2.
    pub ground: Vec<f64>,
}

/// How the u* threshold is had.
#[derive(Debug, Clone, PartialEq)]
pub enum Threshold {
    /// Half-hours of low u* were removed by those who made the file.
    Removed,
    /// A threshold in m s-1 known from elsewhere.
    Given(f64),
    /// The moving point test, on the record and on records resampled from it.
    MovingPoint {
        /// What the test is told.
        settings: Settings,
        /// Records in all, the one as it is among them.
        samples: usize,
        /// Seed of the resampling.
        seed: u64,
    },
}

/// What is chosen for a tower.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Where it stands.
    pub place: Place,
    /// Whether spikes are removed.
    pub despike: bool,
    /// How the u* threshold is had.
    pub threshold: Threshold,
    /// Which rows it is held to.
    pub rule: Rule,
    /// Probabilities of the thresholds that the chain is run with beside the estimate.
    pub scenarios: Vec<f64>,
    /// Whose windows fill gaps.
    pub reference: Reference,
    /// Which rows share one sensitivity in the night method.
    pub scope: Scope,
    /// Setting of the day method.
    pub setting: Setting,
}

/// NEE of one threshold, filled and partitioned.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Probability of the threshold; `None` for the estimate.
    pub probability: Option<f64>,
    /// Threshold of each year in m s-1; NaN for none.
    pub thresholds_m_s: Vec<(i16, f64)>,
    /// Why each row was removed.
    pub flags: Vec<Flag>,
    /// NEE in umol m-2 s-1; estimates of all rows.
    pub nee: Filled,
    /// The night method, or why it could not be used.
    pub night: Result<NightPartition, NightError>,
    /// The day method, or why it could not be used.
    pub day: Result<DayPartition, DayError>,
}

/// All that comes of a record.
#[derive(Debug, Clone)]
pub struct Processed {
    /// Time axis.
    pub axis: Axis,
    /// Centres of its rows.
    pub centres: Vec<Centre>,
    /// Potential radiation in W m-2.
    pub potential_w_m2: Vec<f64>,
    /// NEE as measured, without spikes and long runs, before u*.
    pub nee_before_ustar: Vec<f64>,
    /// Spikes removed from NEE, LE and H.
    pub spikes: [usize; 3],
    /// Values removed from NEE because they repeat themselves.
    pub repeated: usize,
    /// Thresholds with their distribution, where they were estimated.
    pub distribution: Option<Distribution>,
    /// The estimate.
    pub estimate: Scenario,
    /// The scenarios, in the order asked.
    pub scenarios: Vec<Scenario>,
    /// Latent heat flux in W m-2; estimates of all rows.
    pub le: Filled,
    /// Sensible heat flux in W m-2; estimates of all rows.
    pub h: Filled,
    /// Incoming shortwave radiation in W m-2.
    pub radiation: Filled,
    /// Air temperature in degrees Celsius.
    pub temperature: Filled,
    /// Vapour pressure deficit in hPa.
    pub vpd: Filled,
    /// What a reader of the result should know.
    pub notes: Vec<String>,
}

/// Fewest days of a record.
const LEAST_DAYS: usize = 90;

/// Why a record could not be processed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChainError {
    /// A record of less than a season says nothing of a year.
    #[error("a record needs at least {LEAST_DAYS} days, and this one has {days}; add files")]
    TooShort {
        /// Its days.
        days: usize,
    },
    /// A column that nothing can be done without has no value.
    #[error(
        "the record has no value of {0}, without which fluxes can be neither judged nor filled; name its column"
    )]
    Without(&'static str),
}

/// Processes a record.
///
/// # Errors
/// Returns an error if the record is shorter than 90 days, or has no NEE, radiation or temperature,
/// or no u* while a threshold is to be found.
pub fn process(
    axis: Axis,
    measured: &Measured,
    choices: &Choices,
) -> Result<Processed, ChainError> {
    check(axis, measured, choices)?;
    let centres = axis.centres();
    let potential_w_m2 = potential_radiation_w_m2(&centres, choices.place);
    let mut notes = Vec::new();
    let (mut nee, mut le, mut h) = (
        measured.nee.clone(),
        measured.le.clone(),
        measured.h.clone(),
    );
    let mut removed = [0; 3];
    if choices.despike {
        let columns = [(&mut nee, 6.0), (&mut le, 100.0), (&mut h, 100.0)];
        for ((column, edge_step), removed) in columns.into_iter().zip(&mut removed) {
            *removed = despike(column, measured, &potential_w_m2, axis, edge_step);
        }
    }
    let kept = without_long_runs(&nee);
    let repeated = missing(&kept) - missing(&nee);
    let nee = kept;
    let work = Work {
        axis,
        centres: &centres,
        potential_w_m2: &potential_w_m2,
        measured,
        nee: &nee,
        choices,
        seasons: ustar::seasons(&centres),
        weather: Weather::new(axis, measured, choices.reference),
    };
    let distribution = work.distribution();
    if distribution
        .as_ref()
        .is_some_and(|d| d.estimate.record_m_s.is_nan())
    {
        notes.push("no u* threshold could be found: night half-hours cannot be told good from bad, and all were removed".to_owned());
    }
    let mut wanted: Vec<Option<f64>> = vec![None];
    if distribution.is_some() {
        wanted.extend(choices.scenarios.iter().map(|p| Some(*p)));
    }
    let mut all: Vec<Scenario> = wanted
        .par_iter()
        .map(|probability| work.scenario(*probability, distribution.as_ref()))
        .collect();
    let scenarios = all.split_off(1);
    let Some(estimate) = all.pop() else {
        return Err(ChainError::Without("NEE"));
    };
    let drivers = work.drivers();
    let filled = |column: &[f64]| {
        fill(
            column,
            &drivers,
            axis.step().per_day(),
            Wanted::All,
            choices.reference,
        )
    };
    let (le, h) = rayon::join(|| filled(&le), || filled(&h));
    if let Err(error) = &estimate.night {
        notes.push(error.to_string());
    }
    if let Err(error) = &estimate.day {
        notes.push(error.to_string());
    }
    let Weather {
        radiation,
        temperature,
        vpd,
    } = work.weather;
    Ok(Processed {
        axis,
        centres: centres.clone(),
        nee_before_ustar: nee.clone(),
        spikes: removed,
        repeated,
        distribution,
        estimate,
        scenarios,
        le,
        h,
        radiation,
        temperature,
        vpd,
        notes,
        potential_w_m2: potential_w_m2.clone(),
    })
}

fn missing(column: &[f64]) -> usize {
    column.iter().filter(|v| v.is_nan()).count()
}

/// Whether a record can be processed at all.
///
/// # Errors
/// Returns an error if the record is shorter than 90 days, or has no NEE, radiation or temperature,
/// or no u* while a threshold is to be held to it.
pub fn check(axis: Axis, measured: &Measured, choices: &Choices) -> Result<(), ChainError> {
    let days = axis.rows() / axis.step().per_day();
    if days < LEAST_DAYS {
        return Err(ChainError::TooShort { days });
    }
    let test = matches!(
        choices.threshold,
        Threshold::MovingPoint { .. } | Threshold::Given(_)
    );
    for (name, column, needed) in [
        ("NEE", &measured.nee, true),
        ("incoming radiation", &measured.radiation_w_m2, true),
        ("air temperature", &measured.temperature_c, true),
        ("the friction velocity u*", &measured.ustar_m_s, test),
    ] {
        if needed && missing(column) == column.len() {
            return Err(ChainError::Without(name));
        }
    }
    Ok(())
}

fn despike(
    column: &mut [f64],
    measured: &Measured,
    potential_w_m2: &[f64],
    axis: Axis,
    edge_step: f64,
) -> usize {
    let found = spikes(
        column,
        &Spikes {
            potential_w_m2,
            radiation_w_m2: Some(&measured.radiation_w_m2),
            photons: None,
            rows_per_day: axis.step().per_day(),
            edge_step,
        },
    );
    let mut removed = 0;
    for (row, value) in column.iter_mut().enumerate() {
        if found.removes(row) {
            *value = f64::NAN;
            removed += 1;
        }
    }
    removed
}

struct Weather {
    radiation: Filled,
    temperature: Filled,
    vpd: Filled,
}

impl Weather {
    /// Weather is filled with the drivers that are left when it is not compared with itself.
    fn new(axis: Axis, measured: &Measured, reference: Reference) -> Self {
        let by_radiation = Drivers {
            radiation_w_m2: Some(&measured.radiation_w_m2),
            ..Drivers::default()
        };
        let filled = |column: &[f64], drivers: &Drivers<'_>| {
            fill(
                column,
                drivers,
                axis.step().per_day(),
                Wanted::Gaps,
                reference,
            )
        };
        Self {
            radiation: filled(&measured.radiation_w_m2, &Drivers::default()),
            temperature: filled(&measured.temperature_c, &by_radiation),
            vpd: filled(&measured.vpd_hpa, &by_radiation),
        }
    }
}

struct Work<'a> {
    axis: Axis,
    centres: &'a [Centre],
    potential_w_m2: &'a [f64],
    measured: &'a Measured,
    nee: &'a [f64],
    choices: &'a Choices,
    seasons: Vec<Season>,
    weather: Weather,
}

impl Work<'_> {
    fn drivers(&self) -> Drivers<'_> {
        let some = |column: &'_ [f64]| column.iter().any(|v| !v.is_nan());
        let measured = self.measured;
        Drivers {
            radiation_w_m2: Some(&measured.radiation_w_m2),
            vpd_hpa: some(&measured.vpd_hpa).then_some(measured.vpd_hpa.as_slice()),
            temperature_c: Some(&measured.temperature_c),
        }
    }

    fn distribution(&self) -> Option<Distribution> {
        let Threshold::MovingPoint {
            settings,
            samples,
            seed,
        } = &self.choices.threshold
        else {
            return None;
        };
        let night = Night {
            nee: self.nee,
            temperature_c: &self.measured.temperature_c,
            ustar_m_s: &self.measured.ustar_m_s,
            radiation_w_m2: &self.measured.radiation_w_m2,
        };
        Some(ustar::distribution(
            &night,
            &self.seasons,
            settings,
            *samples,
            *seed,
        ))
    }

    /// The year that each row's season counts for.
    fn season_years(&self) -> Vec<i16> {
        let mut years = vec![0; self.centres.len()];
        for season in &self.seasons {
            years[season.first_row..season.end_row].fill(season.year);
        }
        years
    }

    fn scenario(&self, probability: Option<f64>, found: Option<&Distribution>) -> Scenario {
        let years = self.season_years();
        let mut listed = years.clone();
        listed.dedup();
        let thresholds_m_s: Vec<(i16, f64)> = listed
            .into_iter()
            .map(|year| {
                let threshold = match (&self.choices.threshold, found, probability) {
                    (Threshold::Given(threshold), ..) => *threshold,
                    (_, Some(found), None) => found.estimate.of_year(year),
                    (_, Some(found), Some(p)) => found.quantile_of_year(year, p),
                    _ => f64::NAN,
                };
                (year, threshold)
            })
            .collect();
        let of_year = |year: i16| {
            let known = thresholds_m_s.iter().find(|(y, _)| *y == year);
            known.map_or(f64::NAN, |(_, t)| *t)
        };
        let measured = self.measured;
        let flags = if self.choices.threshold == Threshold::Removed {
            vec![Flag::Kept; self.centres.len()]
        } else {
            ustar::filter(
                self.centres,
                &years,
                &measured.ustar_m_s,
                &measured.radiation_w_m2,
                of_year,
                self.choices.rule,
            )
        };
        let kept: Vec<f64> = self
            .nee
            .iter()
            .zip(&flags)
            .map(|(&nee, &flag)| if flag == Flag::Kept { nee } else { f64::NAN })
            .collect();
        let rows_per_day = self.axis.step().per_day();
        let nee = fill(
            &kept,
            &self.drivers(),
            rows_per_day,
            Wanted::All,
            self.choices.reference,
        );
        let spread: Vec<f64> = nee
            .estimates
            .iter()
            .map(|e| e.map_or(f64::NAN, |e| e.sd))
            .collect();
        let calendar: Vec<i16> = self.centres.iter().map(|c| c.year).collect();
        let night = night::partition(
            &night::Columns {
                nee: &kept,
                temperature_c: &measured.temperature_c,
                radiation_w_m2: &measured.radiation_w_m2,
                potential_w_m2: self.potential_w_m2,
                nee_filled: &nee.value,
                temperature_filled_c: &self.weather.temperature.value,
                rows_per_day,
            },
            &calendar,
            self.choices.scope,
        );
        let day = day::partition(
            &day::Columns {
                nee: &kept,
                nee_sd: &spread,
                temperature_c: &self.weather.temperature.value,
                vpd_hpa: &self.weather.vpd.value,
                radiation_w_m2: &self.weather.radiation.value,
                potential_w_m2: self.potential_w_m2,
                rows_per_day,
            },
            self.choices.setting,
        );
        Scenario {
            probability,
            thresholds_m_s,
            flags,
            nee,
            night,
            day,
        }
    }
}
