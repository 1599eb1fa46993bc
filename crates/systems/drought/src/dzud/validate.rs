//! Does winter cold after summer drought foresee losses? Leave a year out, and see.

use nutag_stats::StatsError;
use nutag_stats::classify::{
    Auc, Brier, Logistic, Penalty, auc, auc_interval_by_group, brier, logistic,
};

use super::panel::{Panel, PanelRow, Standardise};
use crate::standard::count;

/// Below this many events for each coefficient Firth's penalty is used (Peduzzi et al. 1996).
const EVENTS_PER_COEFFICIENT: f64 = 10.0;

/// Losses in fewer years than this show nothing, whatever the number of rows.
const LEAST_EVENT_YEARS: usize = 5;

/// What of a validation is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidationOptions {
    /// A mortality above this is an event (0.06: trigger of the index insurance, World Bank note
    /// 97451).
    pub event_above: f64,
    /// Where the anomalies of a fold come from.
    pub standardise: Standardise,
    /// Whether cold and drought may strengthen each other.
    pub interaction: bool,
    /// Draws of the bootstrap of years.
    pub draws: usize,
    /// Its seed.
    pub seed: u64,
    /// Level of its intervals.
    pub level: f64,
}

impl Default for ValidationOptions {
    fn default() -> Self {
        Self {
            event_above: 0.06,
            standardise: Standardise::InsideFold,
            interaction: false,
            draws: 2000,
            seed: 1,
            level: 0.95,
        }
    }
}

/// How one score tells events from the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreSkill {
    /// The area under its curve, with errors that take rows as independent.
    pub auc: Auc,
    /// The interval from drawing whole years.
    pub interval: (f64, f64),
}

/// What a panel shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelValidation {
    /// Rows.
    pub n: usize,
    /// Years, which are the independent units.
    pub years: usize,
    /// Rows with an event.
    pub events: usize,
    /// Years with an event somewhere.
    pub event_years: usize,
    /// The share of rows with an event: what a forecast that knows nothing says.
    pub base_rate: f64,
    /// Minus the winter anomaly.
    pub cold: ScoreSkill,
    /// Minus the summer index.
    pub drought: ScoreSkill,
    /// Both, added.
    pub both: ScoreSkill,
    /// The regression by maximum likelihood on all rows; `None` where it has no maximum.
    pub likelihood: Option<Logistic>,
    /// The same with Firth's penalty.
    pub firth: Logistic,
    /// Standard errors of `likelihood` with rows of one year dependent.
    pub se_by_year: Option<Vec<f64>>,
    /// The AUC on the rows that taught it: too good.
    pub auc_in_sample: f64,
    /// The AUC of rows of years that did not teach it, with the interval from drawing years.
    pub left_out: ScoreSkill,
    /// The Brier score of those, beside the base rate of the other years.
    pub brier: Brier,
}

/// The regressors of one row.
#[must_use]
pub fn regressors(winter_z: f64, summer_index: f64, interaction: bool) -> Vec<f64> {
    let mut row = vec![winter_z, summer_index];
    if interaction {
        row.push(winter_z * summer_index);
    }
    row
}

/// Validates a panel. The unit that is left out is the year: rows of one year share its winter.
///
/// # Errors
/// Returns an error if a number is not finite, a place has too few years, or there are no events or
/// nothing else.
pub fn validate(
    rows: &[PanelRow],
    options: &ValidationOptions,
) -> Result<PanelValidation, StatsError> {
    let panel = Panel::new(rows, options.event_above);
    let years = panel.distinct_years();
    if years.len() < 5 {
        return Err(StatsError::TooFew {
            what: "leaving a year out",
            needed: 5,
            found: years.len(),
        });
    }
    let z = panel.winter_z(|_| true)?;
    let skill = |scores: &[f64]| -> Result<ScoreSkill, StatsError> {
        Ok(ScoreSkill {
            auc: auc(scores, &panel.events)?,
            interval: auc_interval_by_group(
                scores,
                &panel.events,
                &panel.years,
                options.level,
                options.draws,
                options.seed,
            )?,
        })
    };
    let cold: Vec<f64> = z.iter().map(|z| -z).collect();
    let drought: Vec<f64> = rows.iter().map(|row| -row.summer_index).collect();
    let both: Vec<f64> = cold.iter().zip(&drought).map(|(a, b)| a + b).collect();
    let x = |z: &[f64]| -> Vec<Vec<f64>> {
        z.iter()
            .zip(rows)
            .map(|(z, row)| regressors(*z, row.summer_index, options.interaction))
            .collect()
    };
    let design = x(&z);
    let likelihood = logistic(&design, &panel.events, Penalty::None).ok();
    let firth = logistic(&design, &panel.events, Penalty::Firth)?;
    let se_by_year = likelihood
        .as_ref()
        .map(|fit| fit.se_by_group(&design, &panel.events, &panel.years))
        .transpose()?;
    let best = likelihood.as_ref().unwrap_or(&firth);
    let fitted: Vec<f64> = design.iter().map(|row| best.probability(row)).collect();

    let mut left_out = vec![f64::NAN; rows.len()];
    let mut base = vec![f64::NAN; rows.len()];
    for year in &years {
        let teaches = |index: usize| panel.years[index] != *year;
        let z = match options.standardise {
            Standardise::InsideFold => panel.winter_z(teaches)?,
            Standardise::AllYears => z.clone(),
        };
        let design = x(&z);
        let (mut taught, mut events) = (Vec::new(), Vec::new());
        for (index, row) in design.iter().enumerate() {
            if teaches(index) {
                taught.push(row.clone());
                events.push(panel.events[index]);
            }
        }
        let fit = taught_fit(&taught, &events)?;
        let rate = share(&events);
        for (index, row) in design.iter().enumerate() {
            if !teaches(index) {
                left_out[index] = fit.probability(row);
                base[index] = rate;
            }
        }
    }
    Ok(PanelValidation {
        n: rows.len(),
        years: years.len(),
        events: panel.events.iter().filter(|event| **event).count(),
        event_years: years
            .iter()
            .filter(|year| {
                let mut of_year = panel.years.iter().zip(&panel.events);
                of_year.any(|(y, event)| y == *year && *event)
            })
            .count(),
        base_rate: share(&panel.events),
        cold: skill(&cold)?,
        drought: skill(&drought)?,
        both: skill(&both)?,
        auc_in_sample: auc(&fitted, &panel.events)?.auc,
        likelihood,
        firth,
        se_by_year,
        left_out: skill(&left_out)?,
        brier: brier(&left_out, &base, &panel.events)?,
    })
}

/// Maximum likelihood with enough events, Firth's penalty otherwise: a fold without a maximum does not
/// stop the others.
pub(super) fn taught_fit(rows: &[Vec<f64>], events: &[bool]) -> Result<Logistic, StatsError> {
    let n = events.iter().filter(|event| **event).count();
    let least = n.min(events.len() - n);
    let coefficients = rows.first().map_or(0, Vec::len) + 1;
    let enough = count(least) / count(coefficients) >= EVENTS_PER_COEFFICIENT;
    if enough && let Ok(fit) = logistic(rows, events, Penalty::None) {
        return Ok(fit);
    }
    logistic(rows, events, Penalty::Firth)
}

fn share(events: &[bool]) -> f64 {
    count(events.iter().filter(|event| **event).count()) / count(events.len())
}

impl PanelValidation {
    /// What may be said, in one sentence: skill only if losses fell in at least five years, the interval
    /// over years excludes chance and the probabilities beat the base rate.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (low, high) = self.left_out.interval;
        let skilled = self.event_years >= LEAST_EVENT_YEARS && low > 0.5 && self.brier.skill > 0.0;
        format!(
            "In {} years that were left out one by one ({} with losses), winter cold after summer drought {} losses: AUC {:.2} ({:.2} to {:.2} over draws of years), Brier skill {:.3} against a base rate of {:.1} %.",
            self.years,
            self.event_years,
            if skilled {
                "was associated with"
            } else {
                "showed no skill in telling"
            },
            self.left_out.auc.auc,
            low,
            high,
            self.brier.skill,
            100.0 * self.base_rate
        )
    }
}
