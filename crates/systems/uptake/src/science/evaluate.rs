//! Levels of every row, for given values or drawn ones: the same arithmetic for both.

use super::grazing::{intake_tc, net_offtake_tc, sheep_units};
use super::inputs::{InputsError, Pin, PinKind, Place, RhEnsemble, Slice, UptakeInputs};
use super::respiration::Perturbation;
use super::units::{carbon_from_dry_matter, fire_tc};

/// A level, in tC a year over a row; biomass in tC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Net primary production.
    Npp,
    /// Its part above ground.
    AboveGroundNpp,
    /// Its part below ground.
    BelowGroundNpp,
    /// Biomass above ground at its peak, tC: of herbs, what grew above ground in the year.
    BiomassAbove,
    /// Biomass below ground, tC.
    BiomassBelow,
    /// Heterotrophic respiration.
    Rh,
    /// NPP - Rh.
    Nep,
    /// Carbon eaten by livestock.
    Intake,
    /// Carbon lost by grazing: eaten, less dung.
    Offtake,
    /// Carbon lost by fire.
    Fire,
    /// Carbon harvested and taken away.
    Harvest,
    /// NEP less the losses that are given.
    Nbp,
}

/// All levels, in the order of [`RowLevels`].
pub const LEVELS: [Level; 12] = [
    Level::Npp,
    Level::AboveGroundNpp,
    Level::BelowGroundNpp,
    Level::BiomassAbove,
    Level::BiomassBelow,
    Level::Rh,
    Level::Nep,
    Level::Intake,
    Level::Offtake,
    Level::Fire,
    Level::Harvest,
    Level::Nbp,
];

/// The levels of a row; what does not exist is not a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowLevels {
    /// Area with NPP, km2.
    pub area_km2: f64,
    levels: [f64; 12],
}

impl RowLevels {
    /// A level in tC, if its inputs are given.
    #[must_use]
    pub fn tc(&self, level: Level) -> Option<f64> {
        Some(self.levels[level as usize]).filter(|value| !value.is_nan())
    }

    /// A level per area, gC m-2.
    #[must_use]
    pub fn gc_per_m2(&self, level: Level) -> Option<f64> {
        (self.area_km2 > 0.0).then(|| self.tc(level).map(|tc| tc / self.area_km2))?
    }

    /// The level as it is stored: not a number where it does not exist.
    pub(crate) fn raw(&self, level: Level) -> f64 {
        self.levels[level as usize]
    }
}

/// Which respiration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RhChoice {
    /// The mean of the models by their weights.
    Mean,
    /// One model with its parameters moved.
    Model(usize, Perturbation),
}

/// The values that one evaluation takes where there is a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Factor on NPP by unit and year; none for 1.
    pub npp_factor: Option<Vec<Vec<f64>>>,
    /// Area that each border gives from its unit `a` to `b`, km2; none for 0.
    pub moved_km2: Option<Vec<f64>>,
    /// Respiration.
    pub rh: RhChoice,
    /// The measured balance, gC m-2, where one is given.
    pub pin_gc_per_m2: Option<f64>,
    /// Share of NPP above ground, and biomass below for each unit above, by kind of land cover.
    pub covers: Vec<[f64; 2]>,
    /// Carbon in dry matter.
    pub carbon_per_dry_matter: f64,
    /// Sheep units by species.
    pub sheep_units: Vec<f64>,
    /// Intake in kg a day, and dung as a share.
    pub grazing: [f64; 2],
    /// Fuel in kg m-2, completeness, gCO2 a kg.
    pub fire: [f64; 3],
}

impl Choices {
    /// Every factor at its value.
    #[must_use]
    pub fn central(inputs: &UptakeInputs, rh: RhChoice) -> Self {
        let livestock = inputs.losses.livestock.as_ref();
        let fire = inputs.losses.fire.as_ref();
        Self {
            npp_factor: None,
            moved_km2: None,
            rh,
            pin_gc_per_m2: inputs
                .rh
                .as_ref()
                .and_then(|rh| Some(rh.pin.as_ref()?.balance_gc_per_m2)),
            covers: inputs
                .covers
                .iter()
                .map(|cover| [cover.above_ground_share.value, cover.below_to_above.value])
                .collect(),
            carbon_per_dry_matter: inputs.carbon_per_dry_matter.value,
            sheep_units: livestock
                .map(|l| l.species.iter().map(|(_, factor)| factor.value).collect())
                .unwrap_or_default(),
            grazing: livestock.map_or([0.0; 2], |l| {
                [l.intake_kg_per_day.value, l.dung_return.value]
            }),
            fire: fire.map_or([0.0; 3], |f| {
                [
                    f.fuel_kg_per_m2.value,
                    f.completeness.value,
                    f.gco2_per_kg.value,
                ]
            }),
        }
    }

    fn npp_factor(&self, unit: usize, year: usize) -> f64 {
        self.npp_factor
            .as_ref()
            .map_or(1.0, |factors| factors[unit][year])
    }
}

/// Area, NPP and Rh of a unit.
#[derive(Debug, Clone, Copy, Default)]
struct UnitValues {
    area_km2: f64,
    npp_tc: f64,
    rh_tc: f64,
}

/// The levels of each place in a slice of years.
///
/// # Errors
/// [`InputsError::Pin`] where a measured balance leaves no respiration.
pub fn evaluate(
    inputs: &UptakeInputs,
    slice: &Slice,
    places: &[Place],
    choices: &Choices,
) -> Result<Vec<RowLevels>, InputsError> {
    let scale = match &inputs.rh {
        Some(rh) => pin_scale(inputs, rh, choices)?,
        None => 1.0,
    };
    Ok(levels(inputs, slice, places, choices, scale))
}

/// The same, where a drawn balance that leaves no respiration counts as none.
pub(crate) fn evaluate_drawn(
    inputs: &UptakeInputs,
    slice: &Slice,
    places: &[Place],
    choices: &Choices,
) -> Vec<RowLevels> {
    let scale = match &inputs.rh {
        Some(rh) => pin_scale(inputs, rh, choices).unwrap_or(0.0),
        None => 1.0,
    };
    levels(inputs, slice, places, choices, scale)
}

fn levels(
    inputs: &UptakeInputs,
    slice: &Slice,
    places: &[Place],
    choices: &Choices,
    rh_scale: f64,
) -> Vec<RowLevels> {
    let mut units: Vec<UnitValues> = (0..inputs.units.len())
        .map(|unit| unit_values(inputs, slice, choices, rh_scale, unit))
        .collect();
    if let Some(moved) = &choices.moved_km2 {
        for (border, moved) in inputs.borders.iter().zip(moved) {
            shift(&mut units, border.a, border.b, *moved);
        }
    }
    let losses: Vec<[f64; 4]> = inputs
        .regions()
        .iter()
        .map(|region| region_losses(inputs, slice, choices, *region))
        .collect();
    places
        .iter()
        .map(|place| row(inputs, *place, choices, &units, &losses))
        .collect()
}

fn unit_values(
    inputs: &UptakeInputs,
    slice: &Slice,
    choices: &Choices,
    rh_scale: f64,
    unit: usize,
) -> UnitValues {
    let mut values = UnitValues::default();
    let mut weights = 0.0;
    for (year, weight) in slice.weights.iter().enumerate() {
        if *weight == 0.0 {
            continue;
        }
        let area = inputs.area_km2[unit][year];
        weights += weight.abs();
        values.area_km2 += weight.abs() * area;
        values.npp_tc += weight * inputs.npp_tc[unit][year] * choices.npp_factor(unit, year);
        if let Some(rh) = &inputs.rh {
            values.rh_tc += weight * rh_scale * rh_density(rh, choices.rh, unit, year) * area;
        }
    }
    values.area_km2 /= weights;
    values
}

/// Rh in gC m-2, before any pin.
fn rh_density(rh: &RhEnsemble, choice: RhChoice, unit: usize, year: usize) -> f64 {
    match choice {
        RhChoice::Mean => {
            let weights: f64 = rh.models.iter().map(|(_, weight)| weight).sum();
            let models = rh.models.iter().enumerate();
            models
                .map(|(m, (_, weight))| weight * rh.rh_gc_per_m2(m, unit, year))
                .sum::<f64>()
                / weights
        }
        RhChoice::Model(model, moved) if moved.sensitivity == 1.0 => {
            moved.scale.max(0.0) * rh.rh_gc_per_m2(model, unit, year)
        }
        RhChoice::Model(model, moved) => {
            rh.models[model]
                .0
                .annual_gc_per_m2(&rh.climate[unit][year], rh.cut, moved)
        }
    }
}

/// What each model is multiplied with so that the measured region has its measured balance.
fn pin_scale(
    inputs: &UptakeInputs,
    rh: &RhEnsemble,
    choices: &Choices,
) -> Result<f64, InputsError> {
    let (Some(pin), Some(balance)) = (&rh.pin, choices.pin_gc_per_m2) else {
        return Ok(1.0);
    };
    let [first, last] = pin.years;
    let slice = Slice::mean("", inputs.years, first, last);
    let mut of_region = UnitValues::default();
    for (index, unit) in inputs.units.iter().enumerate() {
        if unit.region == pin.region {
            let values = unit_values(inputs, &slice, choices, 1.0, index);
            of_region.area_km2 += values.area_km2;
            of_region.npp_tc += values.npp_tc;
            of_region.rh_tc += values.rh_tc;
        }
    }
    let nep_tc = balance * of_region.area_km2 + pinned_losses_tc(inputs, pin, &slice, choices);
    let wanted = of_region.npp_tc - nep_tc;
    let scale = wanted / of_region.rh_tc;
    if scale.is_finite() && scale > 0.0 {
        Ok(scale)
    } else {
        Err(InputsError::Pin {
            balance,
            npp: of_region.npp_tc / of_region.area_km2,
            rh: wanted / of_region.area_km2,
        })
    }
}

/// Soil carbon is what is left after losses, so NEP is that and the losses that are given.
fn pinned_losses_tc(inputs: &UptakeInputs, pin: &Pin, slice: &Slice, choices: &Choices) -> f64 {
    match pin.kind {
        PinKind::Tower => 0.0,
        PinKind::SoilCarbon => {
            let [_, offtake, fire, harvest] = region_losses(inputs, slice, choices, pin.region);
            [offtake, fire, harvest]
                .iter()
                .filter(|l| !l.is_nan())
                .sum()
        }
    }
}

/// Gives area from one unit to another at the mean of their densities; never more than there is.
fn shift(units: &mut [UnitValues], a: usize, b: usize, km2: f64) {
    let (from, to) = (units[a], units[b]);
    if from.area_km2 <= 0.0 || to.area_km2 <= 0.0 {
        return;
    }
    let km2 = km2.clamp(-to.area_km2, from.area_km2);
    let between = |of: fn(&UnitValues) -> f64| {
        f64::midpoint(of(&from) / from.area_km2, of(&to) / to.area_km2) * km2
    };
    let (npp_tc, rh_tc) = (between(|u| u.npp_tc), between(|u| u.rh_tc));
    for (unit, sign) in [(a, -1.0), (b, 1.0)] {
        units[unit].area_km2 += sign * km2;
        units[unit].npp_tc += sign * npp_tc;
        units[unit].rh_tc += sign * rh_tc;
    }
}

/// Intake, offtake, fire and harvest of a region, tC; not a number where one is not known.
fn region_losses(
    inputs: &UptakeInputs,
    slice: &Slice,
    choices: &Choices,
    region: usize,
) -> [f64; 4] {
    let losses = &inputs.losses;
    let over_years = |of: &dyn Fn(usize) -> Option<f64>| -> f64 {
        let years = slice.weights.iter().enumerate().filter(|(_, w)| **w != 0.0);
        years
            .map(|(year, weight)| of(year).map_or(f64::NAN, |value| weight * value))
            .sum()
    };
    let [kg_per_day, dung] = choices.grazing;
    let intake = losses.livestock.as_ref().map_or(f64::NAN, |livestock| {
        over_years(&|year| {
            let head = livestock.head[region][year].as_ref()?;
            let units = sheep_units(head, &choices.sheep_units);
            Some(intake_tc(units, kg_per_day, choices.carbon_per_dry_matter))
        })
    });
    let [fuel, completeness, gco2] = choices.fire;
    let fire = losses.fire.as_ref().map_or(f64::NAN, |fire| {
        over_years(&|year| {
            let burned = fire.burned_km2[region][year]?;
            Some(fire_tc(burned, fuel, completeness, gco2))
        })
    });
    let harvest = losses.harvest_t.as_ref().map_or(f64::NAN, |harvest| {
        over_years(&|year| {
            Some(carbon_from_dry_matter(
                harvest[region][year]?,
                choices.carbon_per_dry_matter,
            ))
        })
    });
    [intake, net_offtake_tc(intake, dung), fire, harvest]
}

fn row(
    inputs: &UptakeInputs,
    place: Place,
    choices: &Choices,
    units: &[UnitValues],
    losses: &[[f64; 4]],
) -> RowLevels {
    let mut area_km2 = 0.0;
    let [mut npp, mut above, mut biomass, mut below, mut rh] = [0.0; 5];
    for (index, values) in units.iter().enumerate() {
        if !place.holds(inputs.units[index]) {
            continue;
        }
        let [share, ratio] = choices.covers[inputs.cover_of[index]];
        let above_ground = values.npp_tc * share;
        area_km2 += values.area_km2;
        npp += values.npp_tc;
        above += above_ground;
        // Herbs: what stands above ground at its peak grew in the year.
        biomass += above_ground;
        below += above_ground * ratio;
        rh += values.rh_tc;
    }
    let nep = if inputs.rh.is_some() {
        npp - rh
    } else {
        f64::NAN
    };
    // Herds, fires and harvests are known by region, not by zone.
    let [intake, offtake, fire, harvest] = if place.zone.is_some() {
        [f64::NAN; 4]
    } else {
        let mut sums = [0.0; 4];
        for (region, losses) in inputs.regions().into_iter().zip(losses) {
            if place.region.is_none_or(|wanted| wanted == region) {
                for (sum, loss) in sums.iter_mut().zip(losses) {
                    *sum += loss;
                }
            }
        }
        sums
    };
    let given = &inputs.losses;
    let nbp = if given.is_empty() || inputs.rh.is_none() {
        f64::NAN
    } else {
        let mut nbp = nep;
        for (loss, given) in [
            (offtake, given.livestock.is_some()),
            (fire, given.fire.is_some()),
            (harvest, given.harvest_t.is_some()),
        ] {
            if given {
                nbp -= loss;
            }
        }
        nbp
    };
    RowLevels {
        area_km2,
        levels: [
            npp,
            above,
            npp - above,
            biomass,
            below,
            if inputs.rh.is_some() { rh } else { f64::NAN },
            nep,
            intake,
            offtake,
            fire,
            harvest,
            nbp,
        ],
    }
}
