//! From NPP to what the land takes up: levels, respiration, grazing, and how sure all of it is.
//!
//! * [`UptakeSection`]: `[uptake]` in the pipeline file; [`ProportionSection`]: `[proportion]`;
//! * [`UptakePlan`]: every file opened, every month and region found;
//! * [`uptake_results`]: tables, charts and sections of the report.
//!
//! | table | a row is |
//! |---|---|
//! | `co2_uptake` | region x zone x (mean, change, year), each level a column |
//! | `uptake_levels` | a level of the whole |
//! | `rh_models` | region x model of respiration |
//! | `grazing` | region x year |
//! | `uncertainty` | region or zone x level x component |
//! | `uptake_factors` | a number from elsewhere |
//! | `in_proportion` | a level, or a national figure |

mod climate;
mod columns;
mod compute;
mod draws;
mod factors;
mod figures;
mod land;
mod losses;
mod plan;
mod report;
mod rh;
mod section;
mod spread_table;
mod tables;
mod tables_in;
mod uncertain;

use nutag_carbon::Study;
use nutag_problem::{Error, Problem, Progress};
use nutag_report::{Section, Table};

use crate::config::Config;
use compute::Uptake;

pub use plan::UptakePlan;
pub use section::{ProportionSection, UptakeSection};

/// Checks the sections of a pipeline file as far as text can be.
///
/// # Errors
/// Keys that contradict each other, numbers that cannot be meant, `[proportion]` without `[uptake]`.
pub fn check(config: &Config) -> Result<(), Error> {
    if let Some(uptake) = &config.uptake {
        uptake.check()?;
    }
    match (&config.proportion, &config.uptake) {
        (Some(_), None) => Err(Problem::new(
            "national figures stand beside uptake, and there is no [uptake]",
        )
        .at("[proportion]")
        .advice("add [uptake], or take [proportion] out")
        .asked()),
        (Some(proportion), Some(_)) => proportion.check(),
        (None, _) => Ok(()),
    }
}

/// Everything that `[uptake]` adds to a run.
#[derive(Debug, Clone)]
pub struct UptakeResults {
    /// The tables.
    pub tables: Vec<Table>,
    /// Charts: name without ending, and svg.
    pub figures: Vec<(&'static str, String)>,
    /// Sections of the report.
    pub sections: Vec<Section>,
    /// The sign that is supported, in a sentence.
    pub answer: String,
}

/// Computes what a plan of uptake asks for; `label` goes under every chart.
///
/// # Errors
/// A measurement that leaves no respiration.
pub fn uptake_results(
    plan: &UptakePlan,
    proportion: Option<&ProportionSection>,
    study: &Study<'_>,
    label: &str,
    progress: &dyn Progress,
) -> Result<UptakeResults, Error> {
    let uptake = Uptake::of(plan, study, progress)?;
    let draws = plan
        .section
        .uncertainty
        .as_ref()
        .map(|section| section.draws);
    let mut figures: Vec<(&'static str, String)> = Vec::new();
    figures.extend(figures::signs(&uptake, draws, label));
    figures.extend(figures::shares(&uptake, label));
    let levels = report::levels_table(&uptake);
    let models = tables::models_table(&uptake);
    let mut sections = vec![report::section(
        &uptake,
        plan,
        models.as_ref(),
        &levels,
        &figures,
    )];
    let mut all = vec![tables::uptake_table(&uptake, plan), levels];
    all.extend(models);
    all.extend(tables::grazing_table(&uptake, plan));
    all.extend(spread_table::uncertainty_table(&uptake));
    all.push(tables::factors_table(&uptake));
    if let Some(section) = proportion {
        let table = report::proportion_table(&uptake, section);
        let chart = figures::proportion(&uptake, section, label);
        sections.push(report::proportion_section(&table, &chart.1));
        all.push(table);
        figures.push(chart);
    }
    Ok(UptakeResults {
        tables: all,
        figures,
        sections,
        answer: report::sign_sentence(&uptake, plan),
    })
}
