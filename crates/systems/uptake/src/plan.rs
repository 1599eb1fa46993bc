//! `[uptake]`, looked through before anything is computed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::science::respiration::{RhModel, YearClimate};
use crate::science::{Pin, Unit};
use nutag_frame::region_tables::region_index;
use nutag_frame::{Frame, OUTSIDE_ZONES};
use nutag_problem::{Error, Problem, Watch};
use nutag_system::InputFile;
use nutag_task::MaskRule;

use crate::climate::ClimateSource;
use crate::land::Land;
use crate::losses::{LossTables, read_losses};
use crate::section::UptakeSection;

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
    /// The models of respiration, each with its weight.
    pub models: Vec<(RhModel, f64)>,
    /// Files that are read.
    pub files: Vec<InputFile>,
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
        frame: &Frame<'_>,
        watch: &Watch<'_>,
    ) -> Result<Self, Error> {
        let years = years_with_npp(frame)?;
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
        let tables = read_losses(section, frame.regions, &years)?;
        let source = match &section.climate {
            Some(climate) => Some((
                climate,
                ClimateSource::open(climate, frame.regions, &years)?,
            )),
            None => None,
        };
        let cells = source.as_ref().and_then(|(_, source)| source.cells());
        let land = Land::of(frame, section.zones.map(), cells)?;
        let zones = zone_names(frame, section.zones.map());
        let mut files = Vec::new();
        let mut climate = None;
        if let Some((asked_for, source)) = &source {
            let by_unit = source.by_unit(
                &land,
                frame.regions,
                &zones,
                &years,
                asked_for.least_valid_fraction,
                watch.progress(),
            )?;
            files.extend(
                source
                    .files()
                    .into_iter()
                    .map(|path| input("climate", path)),
            );
            climate = Some((by_unit, source.name()));
        }
        let pin = match &section.rh {
            Some(rh) => rh.pin(frame.regions, &years)?,
            None => None,
        };
        let tables_of = [
            ("livestock", section.livestock.as_ref().map(|s| &s.table)),
            ("burned area", section.fire.as_ref().map(|s| &s.table)),
            ("harvest", section.harvest.as_ref().map(|s| &s.table)),
        ];
        for (role, path) in tables_of {
            files.extend(path.map(|path| input(role, path.clone())));
        }
        let models = match &section.rh {
            Some(rh) => rh.models()?,
            None => Vec::new(),
        };
        check_covers(section, frame)?;
        let mut warnings = tables.warnings.clone();
        if frame.asked.mask == Some(MaskRule::PerYear) {
            warnings.push(
                "[uptake] with mask = \"per-year\": the area with NPP differs between years, so a change is partly one of area"
                    .to_owned(),
            );
        }
        Ok(Self {
            section: section.clone(),
            years,
            land,
            climate,
            tables,
            pin,
            models,
            files,
            warnings,
        })
    }
}

fn input(role: &'static str, path: PathBuf) -> InputFile {
    InputFile { role, path }
}

/// The years of the NPP that uptake begins with.
fn years_with_npp(frame: &Frame<'_>) -> Result<Vec<u16>, Error> {
    let npp = frame.announced("npp");
    let npp = npp.filter(|npp| npp.unit == "tC" && !npp.years.is_empty());
    npp.map(|npp| npp.years.clone()).ok_or_else(|| {
        Problem::new("uptake begins with NPP by the year, and this product is something else")
            .at("[uptake]")
            .advice("use a yearly NPP product such as MOD17A3HGF.061, or leave [uptake] out")
            .asked()
    })
}

/// Names of the zones of a map, the last for what is outside them.
pub(crate) fn zone_names(frame: &Frame<'_>, map: usize) -> Vec<String> {
    let names = frame.zones.get(map).map_or(&[][..], |zones| zones.names);
    names
        .iter()
        .cloned()
        .chain([OUTSIDE_ZONES.to_owned()])
        .collect()
}

fn check_covers(section: &UptakeSection, frame: &Frame<'_>) -> Result<(), Error> {
    let zones = zone_names(frame, section.zones.map());
    let zones = &zones[..zones.len() - 1];
    for cover in &section.cover {
        for (names, known, what) in [
            (&cover.regions, frame.regions, "region"),
            (&cover.zones, zones, "zone"),
        ] {
            for name in names {
                region_index(known, name).map_err(|advice| {
                    Problem::new(format!("\"{name}\" is not a {what} of this run"))
                        .at(format!("[[uptake.cover]] \"{}\"", cover.name))
                        .advice(advice.replace("[regions]", "this run"))
                        .asked()
                })?;
            }
        }
    }
    Ok(())
}
