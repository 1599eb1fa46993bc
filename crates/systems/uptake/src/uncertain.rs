//! `[uptake.uncertainty]`: what is uncertain, and how much.

use crate::science::uncertainty::Component;
use crate::science::{Factor, Mark};
use nutag_problem::Error;
use serde::{Deserialize, Serialize};

use crate::factors::UsedFactor;
use crate::section::wrong;

/// `[uptake.uncertainty]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UncertaintySection {
    /// Seed of all draws.
    pub seed: u64,
    /// Number of draws.
    #[serde(default = "ten_thousand")]
    pub draws: u32,
    /// What is uncertain; all if not given.
    #[serde(default = "all_components")]
    pub components: Vec<ComponentName>,
    /// Bias of the NPP product.
    #[serde(default)]
    pub product_bias: BiasSection,
    /// Error of cells.
    #[serde(default)]
    pub spatial: SpatialSection,
    /// Borders of zones.
    #[serde(default)]
    pub zone_boundary: BoundarySection,
    /// Parameters of respiration.
    #[serde(default)]
    pub rh: SpreadSection,
}

fn ten_thousand() -> u32 {
    10_000
}

fn all_components() -> Vec<ComponentName> {
    use ComponentName as C;
    vec![
        C::ProductBias,
        C::Spatial,
        C::ZoneBoundary,
        C::Rh,
        C::Conversion,
    ]
}

/// A component of the uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentName {
    /// Bias of the NPP product.
    ProductBias,
    /// Error of cells.
    Spatial,
    /// Borders of zones.
    ZoneBoundary,
    /// Respiration.
    Rh,
    /// Conversion factors.
    Conversion,
}

impl From<ComponentName> for Component {
    fn from(name: ComponentName) -> Self {
        match name {
            ComponentName::ProductBias => Self::ProductBias,
            ComponentName::Spatial => Self::Spatial,
            ComponentName::ZoneBoundary => Self::ZoneBoundary,
            ComponentName::Rh => Self::Rh,
            ComponentName::Conversion => Self::Conversion,
        }
    }
}

/// Bias of the NPP product, shared by all cells and years.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct BiasSection {
    /// Standard deviation as a share of NPP.
    pub sd: f64,
    /// Known bias as a share of NPP: what draws add to it.
    pub shift: f64,
}

impl Default for BiasSection {
    fn default() -> Self {
        Self {
            sd: 0.2,
            shift: 0.0,
        }
    }
}

/// Error of cells, shared by neighbours, new each year.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpatialSection {
    /// Standard deviation of a cell as a share of NPP.
    pub sd: f64,
    /// Distance at which the correlation has fallen to 1/e, km.
    pub length_km: f64,
}

impl Default for SpatialSection {
    fn default() -> Self {
        Self {
            sd: 0.25,
            length_km: 100.0,
        }
    }
}

/// Where borders of zones lie.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct BoundarySection {
    /// Standard deviation of a place of the border, km.
    pub sd_km: f64,
    /// Length along the border over which a shift is shared, km.
    pub length_km: f64,
}

impl Default for BoundarySection {
    fn default() -> Self {
        Self {
            sd_km: 6.0,
            length_km: 50.0,
        }
    }
}

/// Parameters of models of respiration.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpreadSection {
    /// Standard deviation of the factor on Rh.
    pub scale_sd: f64,
    /// Standard deviation of the factor on the coefficient of temperature.
    pub sensitivity_sd: f64,
}

impl Default for SpreadSection {
    fn default() -> Self {
        Self {
            scale_sd: 0.1,
            sensitivity_sd: 0.05,
        }
    }
}

impl UncertaintySection {
    /// Checks the numbers.
    ///
    /// # Errors
    /// The first that cannot be meant.
    pub fn check(&self) -> Result<(), Error> {
        let place = "[uptake.uncertainty]";
        if !(100..=1_000_000).contains(&self.draws) {
            return Err(wrong(
                place,
                format!("draws = {} is not within 100 to 1,000,000", self.draws),
                "10000 is usual; 5 and 95 % of fewer are themselves uncertain",
            ));
        }
        let shares = [
            ("product_bias.sd", self.product_bias.sd, 1.0),
            ("spatial.sd", self.spatial.sd, 1.0),
            ("rh.scale_sd", self.rh.scale_sd, 1.0),
            ("rh.sensitivity_sd", self.rh.sensitivity_sd, 1.0),
            ("zone_boundary.sd_km", self.zone_boundary.sd_km, 1000.0),
        ];
        for (key, value, most) in shares {
            if !(0.0..=most).contains(&value) {
                return Err(wrong(
                    place,
                    format!("{key} = {value} is not within 0 to {most}"),
                    "a standard deviation; shares are written as 0.2, not 20",
                ));
            }
        }
        if !(-0.9..=9.0).contains(&self.product_bias.shift) {
            return Err(wrong(
                place,
                format!(
                    "product_bias.shift must be between -0.9 and 9, found {}",
                    self.product_bias.shift
                ),
                "a share of NPP that is added to it: 0.5 for a product that gives two thirds",
            ));
        }
        for (key, value) in [
            ("spatial.length_km", self.spatial.length_km),
            ("zone_boundary.length_km", self.zone_boundary.length_km),
        ] {
            if !(20.0..=5000.0).contains(&value) {
                return Err(wrong(
                    place,
                    format!("{key} = {value} is not within 20 to 5000"),
                    "kilometres; the land is cut into blocks of half a degree, which see nothing finer",
                ));
            }
        }
        Ok(())
    }
}

/// The numbers that the components that are on use.
pub(crate) fn used(section: &UncertaintySection) -> Vec<UsedFactor> {
    let number =
        |name: &str, unit: &'static str, used_for: &'static str, value: f64, source: &str| {
            UsedFactor {
                name: name.to_owned(),
                unit,
                used_for,
                factor: Factor::fixed(value, source, Mark::Unverified),
            }
        };
    let mut out = Vec::new();
    for component in &section.components {
        match component {
            ComponentName::ProductBias => out.extend([
                number(
                    "standard deviation of the bias of the NPP product",
                    "share of NPP",
                    "uncertainty: product-bias",
                    section.product_bias.sd,
                    "0.15 to 0.30 for light-use-efficiency products; 0.2 if not given",
                ),
                number(
                    "known bias of the NPP product, added in draws",
                    "share of NPP",
                    "uncertainty: product-bias",
                    section.product_bias.shift,
                    "0 if not given",
                ),
            ]),
            ComponentName::Spatial => out.extend([
                number(
                    "standard deviation of the error of a cell",
                    "share of NPP",
                    "uncertainty: spatial",
                    section.spatial.sd,
                    "0.2 to 0.3; 0.25 if not given",
                ),
                number(
                    "correlation length of errors of cells",
                    "km",
                    "uncertainty: spatial",
                    section.spatial.length_km,
                    "an assumption; 100 if not given",
                ),
            ]),
            ComponentName::ZoneBoundary => out.extend([
                number(
                    "standard deviation of a zone border",
                    "km",
                    "uncertainty: zone-boundary",
                    section.zone_boundary.sd_km,
                    "0.5 mm on a map of 1:12,000,000; 6 if not given",
                ),
                number(
                    "length along a border over which a shift is shared",
                    "km",
                    "uncertainty: zone-boundary",
                    section.zone_boundary.length_km,
                    "an assumption; 50 if not given",
                ),
            ]),
            ComponentName::Rh => out.extend([
                number(
                    "standard deviation of the factor on Rh",
                    "share of Rh",
                    "uncertainty: rh",
                    section.rh.scale_sd,
                    "an assumption; 0.1 if not given",
                ),
                number(
                    "standard deviation of the factor on the coefficient of temperature",
                    "share",
                    "uncertainty: rh",
                    section.rh.sensitivity_sd,
                    "an assumption; 0.05 if not given",
                ),
            ]),
            ComponentName::Conversion => {}
        }
    }
    out
}
