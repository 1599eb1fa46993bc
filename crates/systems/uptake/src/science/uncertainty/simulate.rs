//! Draws of everything that is uncertain.

use nutag_stats::draws::Draws;

use super::correlated::{CorrelatedUnits, mean_correlation_along_line};
use super::summary::DrawSummary;
use crate::science::respiration::Perturbation;
use crate::science::{
    Choices, Factor, Level, Place, RhChoice, RowLevels, Slice, UptakeInputs, evaluate_drawn,
};

/// A part of the uncertainty that can be switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Component {
    /// Bias of the NPP product, shared by all cells and years.
    ProductBias,
    /// Error of cells that neighbours share, new each year.
    Spatial,
    /// Where the borders of zones lie.
    ZoneBoundary,
    /// Which model of respiration, and its parameters; or the measurement it is scaled to.
    Rh,
    /// Conversion factors: carbon in dry matter, shares above ground, intake, sheep units, fire.
    Conversion,
}

impl Component {
    /// All, in order.
    pub const ALL: [Self; 5] = [
        Self::ProductBias,
        Self::Spatial,
        Self::ZoneBoundary,
        Self::Rh,
        Self::Conversion,
    ];

    /// The name in tables and pipeline files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ProductBias => "product-bias",
            Self::Spatial => "spatial",
            Self::ZoneBoundary => "zone-boundary",
            Self::Rh => "rh",
            Self::Conversion => "conversion",
        }
    }
}

/// Which components are on, in the order of [`Component::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches([bool; 5]);

impl Switches {
    /// These alone.
    #[must_use]
    pub fn only(components: &[Component]) -> Self {
        Self(Component::ALL.map(|component| components.contains(&component)))
    }

    fn on(self, component: Component) -> bool {
        self.0[component as usize]
    }
}

/// Bias of the NPP product: NPP is multiplied by `1 + shift + sd z`, the same in every cell and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductBias {
    /// Standard deviation, as a share.
    pub sd: f64,
    /// Known bias, as a share; added to NPP in every draw.
    pub shift: f64,
}

/// Error of cells: NPP is multiplied by `1 + sd e`, `e` the unit means of a field, new each year.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialError {
    /// Standard deviation of a cell, as a share.
    pub sd: f64,
    /// How the errors of units go together.
    pub units: CorrelatedUnits,
}

/// Shift of zone borders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BorderShift {
    /// Standard deviation at a place of the border, km.
    pub sd_km: f64,
    /// Length along the border over which a shift is shared, km.
    pub length_km: f64,
}

/// Parameters of Rh models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RhSpread {
    /// Standard deviation of the factor on Rh.
    pub scale_sd: f64,
    /// Standard deviation of the factor on the coefficient of temperature.
    pub sensitivity_sd: f64,
}

/// What is uncertain, and how much.
#[derive(Debug, Clone, PartialEq)]
pub struct UncertaintySpec {
    /// Seed of all draws.
    pub seed: u64,
    /// Bias of the product.
    pub product_bias: ProductBias,
    /// Error of cells.
    pub spatial: Option<SpatialError>,
    /// Borders of zones.
    pub boundary: BorderShift,
    /// Parameters of Rh.
    pub rh: RhSpread,
}

/// Inputs with what is uncertain about them.
#[derive(Debug, Clone, Copy)]
pub struct Simulation<'a> {
    /// The inputs.
    pub inputs: &'a UptakeInputs,
    /// What is uncertain.
    pub spec: &'a UncertaintySpec,
}

impl Simulation<'_> {
    /// The levels of each place in draw `index`. The result depends on the seed and on the arguments, and
    /// on nothing else.
    #[must_use]
    pub fn draw(
        &self,
        index: u64,
        slice: &Slice,
        places: &[Place],
        on: Switches,
    ) -> Vec<RowLevels> {
        let mut choices = Choices::central(self.inputs, RhChoice::Mean);
        choices.npp_factor = self.npp_factor(index, slice, on);
        if on.on(Component::ZoneBoundary) {
            choices.moved_km2 = Some(self.moved(index));
        }
        if on.on(Component::Rh) {
            self.choose_rh(index, &mut choices);
        }
        if on.on(Component::Conversion) {
            self.choose_factors(index, &mut choices);
        }
        evaluate_drawn(self.inputs, slice, places, &choices)
    }

    /// The numbers of a component in a draw; `part` tells its streams apart.
    fn stream(&self, index: u64, component: Component, part: usize) -> Draws {
        let stream = (index << 16) | ((component as u64) << 12) | part as u64;
        Draws::new(self.spec.seed, stream)
    }

    fn npp_factor(&self, index: u64, slice: &Slice, on: Switches) -> Option<Vec<Vec<f64>>> {
        let bias = on.on(Component::ProductBias);
        let spatial = self
            .spec
            .spatial
            .as_ref()
            .filter(|_| on.on(Component::Spatial));
        if !bias && spatial.is_none() {
            return None;
        }
        let ProductBias { sd, shift } = self.spec.product_bias;
        let common = if bias {
            let z = self.stream(index, Component::ProductBias, 0).normal();
            1.0 + shift + sd * z
        } else {
            1.0
        };
        let years = self.inputs.years;
        let mut factors = vec![vec![common; years]; self.inputs.units.len()];
        let pinned = self.inputs.rh.as_ref().and_then(|rh| rh.pin.as_ref());
        for year in 0..years {
            let counts = slice.weights[year] != 0.0
                || pinned.is_some_and(|pin| (pin.years[0]..=pin.years[1]).contains(&year));
            if let (Some(spatial), true) = (spatial, counts) {
                let errors = spatial
                    .units
                    .draw(&mut self.stream(index, Component::Spatial, year));
                for (factors, error) in factors.iter_mut().zip(errors) {
                    factors[year] *= 1.0 + spatial.sd * error;
                }
            }
        }
        Some(factors)
    }

    /// Each border moves by the mean of a Gaussian shift along it.
    fn moved(&self, index: u64) -> Vec<f64> {
        let BorderShift { sd_km, length_km } = self.spec.boundary;
        let mut draws = self.stream(index, Component::ZoneBoundary, 0);
        self.inputs
            .borders
            .iter()
            .map(|border| {
                let share = mean_correlation_along_line(border.length_km, length_km);
                border.length_km * sd_km * share.sqrt() * draws.normal()
            })
            .collect()
    }

    fn choose_rh(&self, index: u64, choices: &mut Choices) {
        let Some(rh) = &self.inputs.rh else { return };
        let mut draws = self.stream(index, Component::Rh, 0);
        let weights: f64 = rh.models.iter().map(|(_, weight)| weight).sum();
        let mut left = draws.uniform() * weights;
        let mut model = 0;
        while model + 1 < rh.models.len() && left >= rh.models[model].1 {
            left -= rh.models[model].1;
            model += 1;
        }
        let [scale, sensitivity, pin] = [draws.normal(), draws.normal(), draws.normal()];
        let RhSpread {
            scale_sd,
            sensitivity_sd,
        } = self.spec.rh;
        choices.rh = RhChoice::Model(
            model,
            Perturbation {
                scale: 1.0 + scale_sd * scale,
                sensitivity: 1.0 + sensitivity_sd * sensitivity,
            },
        );
        if let Some(measured) = &rh.pin {
            choices.pin_gc_per_m2 = Some(measured.balance_gc_per_m2 + measured.se_gc_per_m2 * pin);
        }
    }

    fn choose_factors(&self, index: u64, choices: &mut Choices) {
        let inputs = self.inputs;
        let mut draws = self.stream(index, Component::Conversion, 0);
        let mut draw = |factor: &Factor| factor.draw(&mut draws);
        choices.carbon_per_dry_matter = draw(&inputs.carbon_per_dry_matter);
        for (values, cover) in choices.covers.iter_mut().zip(&inputs.covers) {
            *values = [draw(&cover.above_ground_share), draw(&cover.below_to_above)];
        }
        if let Some(livestock) = &inputs.losses.livestock {
            for (value, (_, factor)) in choices.sheep_units.iter_mut().zip(&livestock.species) {
                *value = draw(factor);
            }
            choices.grazing = [
                draw(&livestock.intake_kg_per_day),
                draw(&livestock.dung_return),
            ];
        }
        if let Some(fire) = &inputs.losses.fire {
            choices.fire = [
                draw(&fire.fuel_kg_per_m2),
                draw(&fire.completeness),
                draw(&fire.gco2_per_kg),
            ];
        }
    }

    /// The summary of a level of the place at `position` over draws, as [`Simulation::draw`] gives them.
    #[must_use]
    pub fn summary(draws: &[Vec<RowLevels>], position: usize, level: Level) -> Option<DrawSummary> {
        let values: Vec<f64> = draws.iter().map(|rows| rows[position].raw(level)).collect();
        DrawSummary::of(&values)
    }
}

/// One-at-a-time shares of the variance: each component alone, the others at their values. They sum to 1;
/// what all together have besides is interaction, and the ratio of the two sums says how much.
#[must_use]
pub fn variance_shares(alone: &[f64]) -> Vec<f64> {
    let sum: f64 = alone.iter().sum();
    alone
        .iter()
        .map(|variance| if sum > 0.0 { variance / sum } else { 0.0 })
        .collect()
}
