//! `[uptake]`, looked through before anything is computed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nutag_carbon::uptake::respiration::YearClimate;
use nutag_carbon::uptake::{Pin, Unit};
use nutag_problem::{Error, Problem, Progress};

use super::climate::ClimateSource;
use super::land::Land;
use super::losses::{LossTables, read_losses};
use super::section::UptakeSection;
use crate::config::{Barren, MaskRule, Mode};
use crate::plan::Plan;

/// What `[uptake]` asks for, and that it can be done.
#[derive(Debug, Clone)]
pub struct UptakePlan {
    /// What was asked.
    pub section: UptakeSection,
    /// Years of the run.
    pub years: Vec<u16>,
    /// Units on the ground.
    pub land: Land,
    /// Climate of each unit and year, and what it is.
    pub climate: Option<(BTreeMap<Unit, Vec<YearClimate>>, String)>,
    /// Livestock, fire and harvest.
    pub tables: LossTables,
    /// A measurement that Rh is scaled to.
    pub pin: Option<Pin>,
    /// Files that are read, with what they are for.
    pub files: Vec<(&'static str, PathBuf)>,
    /// What the user should know although the plan stands.
    pub warnings: Vec<String>,
}

impl UptakePlan {
    /// Opens and reads everything.
    ///
    /// # Errors
    /// Whatever makes the question unanswerable: all "asked wrongly".
    pub fn make(
        section: &UptakeSection,
        plan: &Plan,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        check_study(section, plan)?;
        let years: Vec<u16> = plan.periods.iter().map(|period| period.year).collect();
        let within = |year: u16| years.contains(&year);
        if let Some(change) = section.change
            && !change.iter().flatten().all(|year| within(*year))
        {
            return Err(
                Problem::new(format!("{change:?} is not within the years of the run"))
                    .at("[uptake] change")
                    .advice("name years that [npp] has")
                    .asked(),
            );
        }
        let tables = read_losses(section, &plan.regions, &years)?;
        let source = match &section.climate {
            Some(climate) => Some((
                climate,
                ClimateSource::open(climate, &plan.regions, &years)?,
            )),
            None => None,
        };
        let cells = source.as_ref().and_then(|(_, source)| source.cells());
        let land = Land::of(plan, section.zones, cells)?;
        let mut zones = plan.zones.clone();
        zones.push(nutag_carbon::OUTSIDE_ZONES.to_owned());
        let mut files = Vec::new();
        let mut climate = None;
        if let Some((asked_for, source)) = &source {
            let by_unit = source.by_unit(
                &land,
                &plan.regions,
                &zones,
                &years,
                asked_for.least_valid_fraction,
                progress,
            )?;
            files.extend(source.files().into_iter().map(|path| ("climate", path)));
            climate = Some((by_unit, source.name()));
        }
        let pin = match &section.rh {
            Some(rh) => rh.pin(&plan.regions, &years)?,
            None => None,
        };
        files.extend(
            section
                .livestock
                .iter()
                .map(|s| ("livestock", s.table.clone())),
        );
        files.extend(
            section
                .fire
                .iter()
                .map(|s| ("burned area", s.table.clone())),
        );
        files.extend(section.harvest.iter().map(|s| ("harvest", s.table.clone())));
        check_covers(section, plan)?;
        let mut warnings = tables.warnings.clone();
        if plan.config.npp.mask == MaskRule::PerYear {
            warnings.push(
                "[uptake] with mask = \"per-year\": the area with NPP differs between years, so a change is partly one of area"
                    .to_owned(),
            );
        }
        warnings.iter().for_each(|warning| progress.warn(warning));
        Ok(Self {
            section: section.clone(),
            years,
            land,
            climate,
            tables,
            pin,
            files,
            warnings,
        })
    }
}

fn check_study(section: &UptakeSection, plan: &Plan) -> Result<(), Error> {
    let wrong =
        |what: &str, advice: &str| Err(Problem::new(what).at("[uptake]").advice(advice).asked());
    if plan.config.mode == Mode::AsPublished {
        return wrong(
            "mode = \"as-published\" counts cells as square kilometres, and has no uptake",
            "use mode = \"corrected\", or leave [uptake] out",
        );
    }
    let annual = plan
        .periods
        .iter()
        .all(|period| period.label == period.year.to_string());
    if !crate::study::quantity(&plan.product)?.carbon || !annual {
        return wrong(
            "uptake begins with NPP by the year, and this product is something else",
            "use a yearly NPP product such as MOD17A3HGF.061, or leave [uptake] out",
        );
    }
    if section.rh.is_some() && plan.config.npp.barren == Barren::Zero {
        return wrong(
            "barren = \"zero\" gives barren land no NPP, and models of respiration would still let it breathe",
            "use barren = \"exclude\" with [uptake.rh]: models see climate and not what there is to rot",
        );
    }
    Ok(())
}

fn check_covers(section: &UptakeSection, plan: &Plan) -> Result<(), Error> {
    for cover in &section.cover {
        for (names, known, what) in [
            (&cover.regions, &plan.regions, "region"),
            (&cover.zones, &plan.zones, "zone"),
        ] {
            for name in names {
                super::tables_in::region_index(known, name).map_err(|advice| {
                    Problem::new(format!("\"{name}\" is no {what}"))
                        .at(format!("[[uptake.cover]] \"{}\"", cover.name))
                        .advice(advice.replace("[regions]", "this run"))
                        .asked()
                })?;
            }
        }
    }
    Ok(())
}
