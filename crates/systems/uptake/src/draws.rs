//! Draws of every row, and what each component does to them.

use std::collections::BTreeMap;

use crate::science::uncertainty::{
    BorderShift, Component, CorrelatedUnits, DrawSummary, ProductBias, RhSpread, Simulation,
    SpatialError, Switches, UncertaintySpec,
};
use crate::science::{LEVELS, Level, Place, RowLevels, Slice, UptakeInputs};
use nutag_problem::{Progress, Steps};
use rayon::prelude::*;

use crate::compute::{SliceKind, SliceRows};
use crate::plan::UptakePlan;
use crate::uncertain::UncertaintySection;

/// What one component, or all, do to a level of a place.
#[derive(Debug, Clone)]
pub struct Decomposed {
    /// Which slice: its position in [`Uptake::slices`].
    pub slice: usize,
    /// Which place: its position in [`Uptake::places`].
    pub place: usize,
    /// The level.
    pub level: Level,
    /// Each component that is on, alone.
    pub alone: Vec<(Component, DrawSummary)>,
    /// All of them together.
    pub all: DrawSummary,
}

pub(crate) fn spec(
    plan: &UptakePlan,
    inputs: &UptakeInputs,
    section: &UncertaintySection,
) -> UncertaintySpec {
    let blocks: Vec<_> = inputs
        .units
        .iter()
        .map(|unit| {
            plan.land
                .units
                .get(unit)
                .map(|land| land.blocks.clone())
                .unwrap_or_default()
        })
        .collect();
    UncertaintySpec {
        seed: section.seed,
        product_bias: ProductBias {
            sd: section.product_bias.sd,
            shift: section.product_bias.shift,
        },
        spatial: Some(SpatialError {
            sd: section.spatial.sd,
            units: CorrelatedUnits::new(&blocks, section.spatial.length_km),
        }),
        boundary: BorderShift {
            sd_km: section.zone_boundary.sd_km,
            length_km: section.zone_boundary.length_km,
        },
        rh: RhSpread {
            scale_sd: section.rh.scale_sd,
            sensitivity_sd: section.rh.sensitivity_sd,
        },
    }
}

pub(crate) fn components(section: &UncertaintySection) -> Vec<Component> {
    let on: Vec<Component> = section
        .components
        .iter()
        .map(|name| (*name).into())
        .collect();
    Component::ALL
        .into_iter()
        .filter(|component| on.contains(component))
        .collect()
}

/// Draws in order of their number, whatever thread makes them.
pub(crate) fn draw(
    inputs: &UptakeInputs,
    spec: &UncertaintySpec,
    draws: u32,
    slice: &Slice,
    places: &[Place],
    on: &[Component],
) -> Vec<Vec<RowLevels>> {
    let simulation = Simulation { inputs, spec };
    let on = Switches::only(on);
    (0..u64::from(draws))
        .into_par_iter()
        .map(|index| simulation.draw(index, slice, places, on))
        .collect()
}

pub(crate) fn summaries(
    drawn: &[Vec<RowLevels>],
    places: usize,
) -> Vec<BTreeMap<Level, DrawSummary>> {
    (0..places)
        .into_par_iter()
        .map(|place| {
            let of = |level| Some((level, Simulation::summary(drawn, place, level)?));
            LEVELS.into_iter().filter_map(of).collect()
        })
        .collect()
}

/// Levels whose uncertainty is taken apart.
const DECOMPOSED: [Level; 5] = [
    Level::Npp,
    Level::AboveGroundNpp,
    Level::Rh,
    Level::Nep,
    Level::Nbp,
];

pub(crate) fn decompose(
    inputs: &UptakeInputs,
    spec: &UncertaintySpec,
    section: &UncertaintySection,
    slices: &[SliceRows],
    places: &[Place],
    progress: &dyn Progress,
) -> Vec<Decomposed> {
    let on = components(section);
    let wide: Vec<usize> = (0..places.len())
        .filter(|i| places[*i].region.is_none() || places[*i].zone.is_none())
        .collect();
    let chosen: Vec<Place> = wide.iter().map(|i| places[*i]).collect();
    let mut out = Vec::new();
    let taken = slices
        .iter()
        .enumerate()
        .filter(|(_, s)| s.kind != SliceKind::Year);
    progress.begin(
        "taking uncertainty apart",
        (taken.clone().count() * on.len()) as u64,
        Steps::Items,
    );
    for (position, rows) in taken {
        let alone: Vec<(Component, Vec<BTreeMap<Level, DrawSummary>>)> = on
            .iter()
            .map(|component| {
                let drawn = draw(
                    inputs,
                    spec,
                    section.draws,
                    &rows.slice,
                    &chosen,
                    &[*component],
                );
                progress.advance(1);
                (*component, summaries(&drawn, chosen.len()))
            })
            .collect();
        for (nth, place) in wide.iter().enumerate() {
            for level in DECOMPOSED {
                let Some(all) = rows.drawn[*place].get(&level) else {
                    continue;
                };
                let of =
                    |(component, summaries): &(Component, Vec<BTreeMap<Level, DrawSummary>>)| {
                        Some((*component, *summaries[nth].get(&level)?))
                    };
                out.push(Decomposed {
                    slice: position,
                    place: *place,
                    level,
                    alone: alone.iter().filter_map(of).collect(),
                    all: *all,
                });
            }
        }
    }
    progress.finish();
    out
}
