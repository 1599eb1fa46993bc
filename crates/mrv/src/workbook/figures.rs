//! The figures of the workbook, computed here and, beside, by its formulas.
//!
//! For removals the conservative side is: reference high, project low. The
//! reference is the upper end of an interval or the highest year, and what
//! the project has above it is deducted for its uncertainty.

use nutag_frame::CARBON_TO_CO2;
use nutag_stats::quantile::student_t_quantile;

use super::interval::Intervals;
use super::policy::{Deduction, Policy};
use super::project::{NegativeYears, Of, Project, Reference, StandardError};
use super::source::Source;
use nutag_problem::{Error, Problem};

/// Degrees of freedom of an interval of many draws: Student's t is normal then.
pub(super) const NORMAL_DEGREES_OF_FREEDOM: f64 = 1e6;

/// Removals of a period of years, in tCO2.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// The years.
    pub years: Vec<u16>,
    /// Removals of each.
    pub yearly: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// Standard deviation between years; none of one year.
    pub sd: Option<f64>,
    /// Standard error of the mean; none of one year.
    pub se: Option<f64>,
}

impl Period {
    fn of(years: [u16; 2], removals: impl Fn(u16) -> f64) -> Self {
        let years: Vec<u16> = (years[0]..=years[1]).collect();
        let yearly: Vec<f64> = years.iter().map(|year| removals(*year)).collect();
        let n = yearly.len() as f64;
        let mean = yearly.iter().sum::<f64>() / n;
        let sd = (yearly.len() > 1).then(|| {
            let squares: f64 = yearly
                .iter()
                .map(|value| (value - mean) * (value - mean))
                .sum();
            (squares / (n - 1.0)).sqrt()
        });
        Self {
            years,
            yearly,
            mean,
            sd,
            se: sd.map(|sd| sd / n.sqrt()),
        }
    }
}

/// A year of the monitoring period, in tCO2.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitoredYear {
    /// The year.
    pub year: u16,
    /// Removals of the project's land.
    pub project: f64,
    /// Removals above the reference, less emissions and leakage.
    pub difference: f64,
    /// The same as it counts.
    pub carried: f64,
}

/// The figures, in tCO2 and tCO2 a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// From the unit of the table to tCO2.
    pub to_tco2: f64,
    /// The reference years; none where the reference is fixed.
    pub reference_period: Option<Period>,
    /// Quantile of Student's t of an upper bound.
    pub reference_t: Option<f64>,
    /// The reference, a year.
    pub reference: f64,
    /// What the plan and the components start from: the mean of the
    /// reference years, or the fixed figure.
    pub reference_base: f64,
    /// The monitoring years.
    pub project_period: Period,
    /// Emissions of the project, a year.
    pub emissions: f64,
    /// Leakage, a year.
    pub leakage: f64,
    /// The years.
    pub monitored: Vec<MonitoredYear>,
    /// Mean difference, a year.
    pub mean_difference: f64,
    /// Sum as it counts.
    pub sum: f64,
    /// Standard error from the spread between years, or given.
    pub se_base: f64,
    /// Of each component.
    pub se_components: Vec<f64>,
    /// All together.
    pub se: f64,
    /// Degrees of freedom: the fewer of the two periods.
    pub degrees_of_freedom: f64,
    /// What the policy says.
    pub deduction: Deduction,
    /// Whether anything may count: above zero with its whole interval, and allowed.
    pub counts: bool,
    /// After the deduction.
    pub after_deduction: f64,
    /// After the buffer.
    pub after_buffer: f64,
    /// Whole tonnes, rounded down: calculated, and not creditable.
    pub calculated_tco2: f64,
    /// Expected removals, a year.
    pub planned_project: f64,
    /// Expected difference, a year.
    pub planned_difference: f64,
}

impl Figures {
    /// Computes the figures of a project.
    ///
    /// # Errors
    /// Where a standard error is missing, or the mean difference is zero.
    pub fn compute(
        project: &Project,
        source: &Source,
        intervals: Option<&Intervals>,
        policy: &Policy,
    ) -> Result<Self, Error> {
        let refuse = |what: &str, advice: &str| {
            let message = Problem::new(what).at(project.file.display());
            message.advice(advice).asked()
        };
        let to_tco2 = if source.unit == "tC" {
            CARBON_TO_CO2.0 as f64 / CARBON_TO_CO2.1 as f64
        } else {
            1.0
        };
        let removals = |year: u16| {
            let regions = project.project.regions.iter();
            regions
                .map(|region| source.total(region, year))
                .sum::<f64>()
                * to_tco2
        };
        let reference_period = project
            .reference
            .years()
            .map(|years| Period::of(years, removals));
        let (reference, reference_t) = reference(project, reference_period.as_ref())?;
        let project_period = Period::of(project.monitoring.years, removals);
        let emissions: f64 = project
            .emissions
            .iter()
            .map(|emission| emission.tco2_per_year)
            .sum();
        let leakage = project.leakage.tco2_per_year;
        let monitored: Vec<MonitoredYear> = project_period
            .years
            .iter()
            .zip(&project_period.yearly)
            .map(|(&year, &project_removals)| {
                let difference = project_removals - reference - emissions - leakage;
                let carried = match project.monitoring.negative_years {
                    NegativeYears::Debit => difference,
                    NegativeYears::Zero => difference.max(0.0),
                };
                MonitoredYear {
                    year,
                    project: project_removals,
                    difference,
                    carried,
                }
            })
            .collect();
        let n = monitored.len() as f64;
        let mean_difference = monitored.iter().map(|year| year.difference).sum::<f64>() / n;
        let sum: f64 = monitored.iter().map(|year| year.carried).sum();
        let reference_base = reference_period
            .as_ref()
            .map_or(reference, |period| period.mean);

        let (se_base, degrees_of_freedom) = match &project.uncertainty.standard_error {
            StandardError::Given {
                tco2_per_year,
                degrees_of_freedom,
                ..
            } => (*tco2_per_year, f64::from(*degrees_of_freedom)),
            StandardError::Run => (
                intervals.map_or(f64::NAN, Intervals::se_tco2),
                NORMAL_DEGREES_OF_FREEDOM,
            ),
            StandardError::Years => between_years(&project_period, reference_period.as_ref())
                .ok_or_else(|| {
                    refuse(
                        "the standard error is missing: one year has no spread",
                        "take two years or more in both periods, or write standard_error = { from = \"given\", ... } in [uncertainty]",
                    )
                })?,
        };
        let se_components: Vec<f64> = project
            .uncertainty
            .component
            .iter()
            .map(|component| {
                let of = match component.of {
                    Of::Removals => libm::hypot(project_period.mean, reference_base),
                    Of::Difference => mean_difference.abs(),
                };
                component.percent / 100.0 * of
            })
            .collect();
        let squares = se_base * se_base + se_components.iter().map(|se| se * se).sum::<f64>();
        let se = squares.sqrt();
        // A difference that is only the rounding of its terms is zero.
        let rounding = 1e-12 * project_period.mean.abs().max(reference.abs());
        let estimate = if mean_difference.abs() <= rounding {
            0.0
        } else {
            mean_difference
        };
        let deduction = policy
            .deduction(estimate, se, degrees_of_freedom)
            .map_err(|what| {
                refuse(
                    &format!("the policy {:?} cannot be applied: {what}", policy.id),
                    "removals equal to the reference to the last tonne are a sign of the same data in both periods; check the years",
                )
            })?;
        let counts = mean_difference > 0.0 && deduction.above_zero && deduction.allowed;
        // A loss is carried whole: nothing is deducted from a debit.
        let after_deduction = if sum <= 0.0 {
            sum
        } else if counts {
            sum * (1.0 - deduction.percent / 100.0)
        } else {
            0.0
        };
        let after_buffer = if after_deduction > 0.0 {
            after_deduction * (1.0 - project.buffer.percent / 100.0)
        } else {
            after_deduction
        };
        let planned_project = reference_base * (1.0 + project.plan.expected_change_percent / 100.0);
        Ok(Self {
            to_tco2,
            reference_period,
            reference_t,
            reference,
            reference_base,
            project_period,
            emissions,
            leakage,
            monitored,
            mean_difference,
            sum,
            se_base,
            se_components,
            se,
            degrees_of_freedom,
            deduction,
            counts,
            after_deduction,
            after_buffer,
            calculated_tco2: rounded_down(after_buffer),
            planned_project,
            planned_difference: planned_project - reference - emissions - leakage,
        })
    }
}

/// Rounded down to whole tonnes, after the rounding of arithmetic is taken
/// off: 12 tonnes that came out as 11.9999999999 stay 12.
fn rounded_down(tonnes: f64) -> f64 {
    ((tonnes * 1e6).round() / 1e6).floor()
}

fn reference(project: &Project, period: Option<&Period>) -> Result<(f64, Option<f64>), Error> {
    match (&project.reference, period) {
        (Reference::Fixed { tco2_per_year, .. }, _) => Ok((*tco2_per_year, None)),
        (Reference::HighestYear { .. }, Some(period)) => {
            let highest = period.yearly.iter().copied().fold(f64::MIN, f64::max);
            Ok((highest, None))
        }
        (Reference::UpperBound { confidence, .. }, Some(period)) => {
            let Some(se) = period.se else {
                return Err(Problem::new(
                    "[reference] the standard error is missing: one year has no upper bound",
                )
                .at(project.file.display())
                .advice("take two years or more, or rule = \"highest-year\" or \"fixed\"")
                .asked());
            };
            let df = period.years.len() as f64 - 1.0;
            let t = student_t_quantile(f64::midpoint(1.0, *confidence), df);
            Ok((period.mean + t * se, Some(t)))
        }
        (Reference::UpperBound { .. } | Reference::HighestYear { .. }, None) => {
            // `Reference::years` gives both their years.
            Err(Problem::new("[reference] has no years")
                .at(project.file.display())
                .failed())
        }
    }
}

/// Standard error of the difference of two means, with the degrees of freedom
/// of the shorter period (Welch's would lie between that and their sum).
fn between_years(project: &Period, reference: Option<&Period>) -> Option<(f64, f64)> {
    let mut squares = project.se? * project.se?;
    let mut df = project.years.len() as f64 - 1.0;
    if let Some(reference) = reference {
        squares += reference.se? * reference.se?;
        df = df.min(reference.years.len() as f64 - 1.0);
    }
    Some((squares.sqrt(), df))
}
