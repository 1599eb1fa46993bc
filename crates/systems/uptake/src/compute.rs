//! From the plan and the tallies to the levels of every row, and their draws.

use std::collections::BTreeMap;

use crate::draws::{Decomposed, components, decompose, draw, spec, summaries};
use crate::factors::{UsedFactor, factor};
use crate::plan::{UptakePlan, zone_names};
use crate::science::grazing::{Gate, Verdict};
use crate::science::respiration::{Agreement, Perturbation, RhModel, agreement};
use crate::science::uncertainty::DrawSummary;
use crate::science::{
    Border, Choices, Cover, Level, Place, RhChoice, RhEnsemble, RowLevels, Slice, Unit,
    UptakeInputs, defaults, evaluate,
};
use crate::section::CoverSection;
use nutag_problem::{Error, OrProblem, Problem, Steps, Watch};
use nutag_system::Given;

/// What a slice of years is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SliceKind {
    /// Mean of all years.
    Mean,
    /// One year.
    Year,
    /// Later mean less earlier mean.
    Change,
}

/// The levels of every place in a slice of years.
#[derive(Debug, Clone)]
pub struct SliceRows {
    /// What it is.
    pub kind: SliceKind,
    /// The years.
    pub slice: Slice,
    /// By place, with the mean of the models.
    pub rows: Vec<RowLevels>,
    /// By model and place; empty without respiration.
    pub by_model: Vec<Vec<RowLevels>>,
    /// By place: what the draws say of each level; empty without draws.
    pub drawn: Vec<BTreeMap<Level, DrawSummary>>,
}

/// Everything that is computed.
#[derive(Debug, Clone)]
pub struct Uptake {
    /// The inputs.
    pub inputs: UptakeInputs,
    /// Names of regions.
    pub regions: Vec<String>,
    /// Names of zones, the last for what is outside them.
    pub zones: Vec<String>,
    /// The rows.
    pub places: Vec<Place>,
    /// The mean first, then the change if asked for, then the years.
    pub slices: Vec<SliceRows>,
    /// Shares of components, for the whole, its zones and its regions.
    pub decomposed: Vec<Decomposed>,
    /// Every number from elsewhere.
    pub factors: Vec<UsedFactor>,
    /// Where pressure stops being plausible.
    pub gate: Option<Gate>,
}

impl Uptake {
    /// Computes everything.
    ///
    /// # Errors
    /// A measurement that leaves no respiration; lists that do not fit, which is a fault of this program.
    pub fn of(plan: &UptakePlan, given: &Given<'_>, watch: &Watch<'_>) -> Result<Self, Error> {
        let zones = zone_names(given.frame, plan.section.zones.map());
        let (inputs, mut factors) = inputs(plan, given, &zones)?;
        let regions = given.frame.regions.to_vec();
        let places = inputs.places();
        let n = inputs.years;
        let index = |year: u16| {
            plan.years.iter().position(|y| *y == year).ok_or_else(|| {
                Problem::new(format!(
                    "[uptake] change names {year}, which is none of the years"
                ))
                .asked()
            })
        };
        let label = |[a, b]: [u16; 2]| format!("{a}-{b}");
        let ends = [plan.years[0], plan.years[n - 1]];
        let mut wanted = vec![(
            SliceKind::Mean,
            Slice::mean(&format!("mean {}", label(ends)), n, 0, n - 1),
        )];
        if let Some([early, late]) = plan.section.change {
            let name = format!("change {} to {}", label(early), label(late));
            let [[a, b], [c, d]] = [early, late];
            let slice = Slice::change(&name, n, [index(a)?, index(b)?], [index(c)?, index(d)?]);
            wanted.push((SliceKind::Change, slice));
        }
        for (year, number) in plan.years.iter().enumerate() {
            let slice = Slice::mean(&number.to_string(), n, year, year);
            wanted.push((SliceKind::Year, slice));
        }
        let draws = plan.section.uncertainty.as_ref().map(|section| {
            factors.extend(crate::uncertain::used(section));
            (section, spec(plan, &inputs, section))
        });
        let mut slices = Vec::new();
        watch.begin("computing uptake", wanted.len(), Steps::Items);
        for (kind, slice) in wanted {
            let mut rows = central(&inputs, kind, slice, &places)?;
            if let Some((section, spec)) = &draws {
                let on = components(section);
                let drawn = draw(&inputs, spec, section.draws, &rows.slice, &places, &on);
                rows.drawn = summaries(&drawn, places.len());
            }
            slices.push(rows);
            watch.advance(1)?;
        }
        watch.finish();
        let decomposed = match &draws {
            Some((section, spec)) => {
                decompose(&inputs, spec, section, &slices, &places, watch.progress())
            }
            None => Vec::new(),
        };
        Ok(Self {
            inputs,
            regions,
            zones,
            places,
            slices,
            decomposed,
            factors,
            gate: plan
                .section
                .livestock
                .as_ref()
                .map(crate::losses::LivestockSection::gate),
        })
    }

    /// The names of a place's region and zone.
    #[must_use]
    pub fn names(&self, place: Place) -> [&str; 2] {
        [
            place
                .region
                .map_or(nutag_frame::TOTAL, |i| &self.regions[i]),
            place.zone.map_or(nutag_frame::TOTAL, |i| &self.zones[i]),
        ]
    }

    /// The models, in order.
    #[must_use]
    pub fn models(&self) -> Vec<RhModel> {
        let rh = self.inputs.rh.as_ref();
        rh.map_or_else(Vec::new, |rh| {
            rh.models.iter().map(|(model, _)| *model).collect()
        })
    }

    /// What the models say of the sign of a level.
    #[must_use]
    pub fn agreement(&self, slice: &SliceRows, place: usize, level: Level) -> Agreement {
        let values: Vec<f64> = slice
            .by_model
            .iter()
            .filter_map(|rows| rows[place].tc(level))
            .collect();
        agreement(&values)
    }

    /// Eaten carbon as a share of what grows above ground, and the verdict of the gate.
    #[must_use]
    pub fn pressure(&self, slice: &SliceRows, place: usize) -> Option<(f64, Verdict)> {
        if slice.kind == SliceKind::Change {
            return None;
        }
        let row = &slice.rows[place];
        let (intake, grown) = (row.tc(Level::Intake)?, row.tc(Level::AboveGroundNpp)?);
        let pressure = if grown > 0.0 {
            intake / grown
        } else {
            f64::INFINITY
        };
        Some((pressure, self.gate?.verdict(pressure)))
    }

    /// Whether NBP may be shown: not where more is eaten than grows.
    #[must_use]
    pub fn nbp_stands(&self, slice: &SliceRows, place: usize) -> bool {
        self.pressure(slice, place)
            .is_none_or(|(_, verdict)| verdict != Verdict::Impossible)
    }
}

/// NPP of every region and zone with a valid cell.
struct UnitNpp {
    units: Vec<Unit>,
    npp_tc: Vec<Vec<f64>>,
    area_km2: Vec<Vec<f64>>,
}

impl UnitNpp {
    fn of(given: &Given<'_>, map: usize) -> Result<Self, Error> {
        let npp = given.yearly("npp", Some(map)).ok_or_else(|| {
            Problem::new("no NPP by region and zone was handed to [uptake]")
                .advice("this is a fault of the program; please report it with the pipeline file")
                .failed()
        })?;
        let mut out = Self {
            units: Vec::new(),
            npp_tc: Vec::new(),
            area_km2: Vec::new(),
        };
        for (place, sums) in &npp.by_place {
            let (Some(region), Some(zone)) = (place.region, place.zone) else {
                continue;
            };
            out.units.push(Unit { region, zone });
            // A year without a valid cell has no NPP and no area.
            out.npp_tc
                .push(sums.iter().map(|sum| sum.unwrap_or(0.0)).collect());
            out.area_km2.push(npp.area_km2[place].clone());
        }
        Ok(out)
    }
}

fn inputs(
    plan: &UptakePlan,
    given: &Given<'_>,
    zones: &[String],
) -> Result<(UptakeInputs, Vec<UsedFactor>), Error> {
    let section = &plan.section;
    let regions = given.frame.regions;
    let UnitNpp {
        units,
        npp_tc,
        area_km2,
    } = UnitNpp::of(given, section.zones.map())?;
    // What is outside the zones has no name that a cover could have.
    let zone_names = &zones[..zones.len() - 1];
    let carbon = factor(
        section.carbon_per_dry_matter.as_ref(),
        defaults::carbon_per_dry_matter,
    );
    let mut factors = vec![UsedFactor {
        name: "carbon in dry matter".to_owned(),
        unit: "kg C per kg",
        used_for: "dry matter, grazing, harvest",
        factor: carbon.clone(),
    }];
    // Land that no cover names has the defaults.
    let rest = CoverSection {
        name: "all other land".to_owned(),
        regions: Vec::new(),
        zones: Vec::new(),
        above_ground_share: None,
        below_to_above: None,
    };
    let kinds: Vec<&CoverSection> = section.cover.iter().chain([&rest]).collect();
    let cover_of: Vec<usize> = units
        .iter()
        .map(|unit| {
            let fits = |names: &[String], name: Option<&String>| {
                names.is_empty() || name.is_some_and(|name| names.contains(name))
            };
            let fits = |kind: &&CoverSection| {
                fits(&kind.regions, regions.get(unit.region))
                    && fits(&kind.zones, zone_names.get(unit.zone))
            };
            kinds.iter().position(fits).unwrap_or(kinds.len() - 1)
        })
        .collect();
    let covers: Vec<Cover> = kinds
        .iter()
        .map(|kind| Cover {
            name: kind.name.clone(),
            above_ground_share: factor(
                kind.above_ground_share.as_ref(),
                defaults::above_ground_share,
            ),
            below_to_above: factor(kind.below_to_above.as_ref(), defaults::below_to_above),
        })
        .collect();
    for (_, cover) in covers
        .iter()
        .enumerate()
        .filter(|(i, _)| cover_of.contains(i))
    {
        for (what, used_for, factor) in [
            (
                "share of NPP above ground",
                "above- and below-ground NPP",
                &cover.above_ground_share,
            ),
            (
                "biomass below ground for each unit above",
                "biomass",
                &cover.below_to_above,
            ),
        ] {
            factors.push(UsedFactor {
                name: format!("{what}, {}", cover.name),
                unit: "",
                used_for,
                factor: factor.clone(),
            });
        }
    }
    factors.extend(plan.tables.used.iter().cloned());
    let rh = match (&section.rh, &plan.climate) {
        (Some(rh), Some((climate, _))) => {
            let of_units = units.iter().map(|unit| climate[unit].clone()).collect();
            Some(RhEnsemble::new(
                plan.models.clone(),
                rh.cut(),
                of_units,
                plan.pin.clone(),
            ))
        }
        _ => None,
    };
    let borders = plan
        .land
        .borders_km
        .iter()
        .filter_map(|((a, b), length_km)| {
            Some(Border {
                a: units.binary_search(a).ok()?,
                b: units.binary_search(b).ok()?,
                length_km: *length_km,
            })
        })
        .collect();
    let inputs = UptakeInputs {
        years: plan.years.len(),
        units,
        npp_tc,
        area_km2,
        borders,
        covers,
        cover_of,
        carbon_per_dry_matter: carbon,
        rh,
        losses: plan.tables.losses.clone(),
    };
    inputs.check().or_failed()?;
    Ok((inputs, factors))
}

fn central(
    inputs: &UptakeInputs,
    kind: SliceKind,
    slice: Slice,
    places: &[Place],
) -> Result<SliceRows, Error> {
    let levels = |rh| {
        evaluate(inputs, &slice, places, &Choices::central(inputs, rh))
            .or_problem()
            .map_err(|problem| problem.at("[uptake.rh.pin]").asked())
    };
    let models = inputs.rh.as_ref().map_or(0, |rh| rh.models.len());
    Ok(SliceRows {
        kind,
        rows: levels(RhChoice::Mean)?,
        by_model: (0..models)
            .map(|model| levels(RhChoice::Model(model, Perturbation::NONE)))
            .collect::<Result<_, _>>()?,
        drawn: Vec::new(),
        slice: slice.clone(),
    })
}
