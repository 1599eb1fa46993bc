//! `[uptake.rh]`: models of respiration.

use crate::science::respiration::{Curve, FrozenCut, RhModel};
use crate::science::{Pin, PinKind};
use nutag_problem::{Error, Problem};
use nutag_system::Reference;
use serde::{Deserialize, Serialize};

use crate::references;

/// `[uptake.rh]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RhSection {
    /// The models.
    pub models: Vec<ModelName>,
    /// The weight of each among draws; equal if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    /// Months with frozen soil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<FrozenSection>,
    /// Q10 and Lloyd-Taylor: Rh at 10 degC where water does not limit, gC m-2 a day.
    #[serde(
        default,
        rename = "r10_gC_m2_day",
        skip_serializing_if = "Option::is_none"
    )]
    pub r10_gc_m2_day: Option<f64>,
    /// Q10: factor for ten degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q10: Option<f64>,
    /// Q10 and Lloyd-Taylor: precipitation of a month at which Rh is half, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_saturation_mm: Option<f64>,
    /// A measurement that Rh is scaled to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<PinSection>,
}

/// A model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelName {
    /// Raich 2002 + Bond-Lamberty 2004.
    #[serde(rename = "raich-2002")]
    Raich2002,
    /// Hashimoto 2015 + Bond-Lamberty 2004.
    #[serde(rename = "hashimoto-2015")]
    Hashimoto2015,
    /// Pei 2009.
    #[serde(rename = "pei-2009")]
    Pei2009,
    /// A rate at 10 degC and a factor for ten degrees.
    Q10,
    /// A rate at 10 degC and the curve of Lloyd and Taylor.
    LloydTaylor,
}

/// Months with frozen soil.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenSection {
    /// Months with a mean below this, degC.
    pub below_celsius: f64,
    /// Share of the respiration that they keep.
    pub keep: f64,
}

/// `[uptake.rh.pin]`: a measurement.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinSection {
    /// `"tower"` (NEP) or `"soil-carbon"` (NBP).
    pub kind: PinName,
    /// The region it stands for.
    pub region: String,
    /// First and last year, both included.
    pub years: [u16; 2],
    /// The balance, gC m-2 a year, positive for uptake.
    #[serde(rename = "balance_gC_m2")]
    pub balance_gc_m2: f64,
    /// Its standard error.
    #[serde(rename = "se_gC_m2")]
    pub se_gc_m2: f64,
    /// Where it is from.
    pub source: String,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinName {
    /// A flux tower.
    Tower,
    /// Repeated soil carbon.
    SoilCarbon,
}

fn wrong(key: &str, what: impl Into<String>, advice: &str) -> Error {
    Problem::new(what)
        .at(format!("[uptake.rh] {key}").trim_end())
        .advice(advice)
        .asked()
}

impl RhSection {
    /// Checks the numbers.
    ///
    /// # Errors
    /// A list without a model or with one twice, a rate that is missing or of no model.
    pub fn check(&self) -> Result<(), Error> {
        let twice = self
            .models
            .iter()
            .enumerate()
            .any(|(i, model)| self.models[..i].contains(model));
        if self.models.is_empty() || twice {
            return Err(wrong(
                "models",
                "expected each model once, and at least one",
                "models = [\"raich-2002\", \"hashimoto-2015\", \"pei-2009\"]; at least three show how open the sign is",
            ));
        }
        if let Some(weights) = &self.weights {
            let good = weights.iter().all(|w| w.is_finite() && *w > 0.0);
            if weights.len() != self.models.len() || !good {
                return Err(wrong(
                    "weights",
                    format!(
                        "expected {} weights above zero, one a model, found {weights:?}",
                        self.models.len()
                    ),
                    "leave the key out for equal weights",
                ));
            }
        }
        if let Some(frozen) = &self.frozen
            && !((-60.0..=10.0).contains(&frozen.below_celsius)
                && (0.0..=1.0).contains(&frozen.keep))
        {
            return Err(wrong(
                "frozen",
                format!(
                    "below_celsius = {}, keep = {}",
                    frozen.below_celsius, frozen.keep
                ),
                "frozen = { below_celsius = -5.0, keep = 0.0 }",
            ));
        }
        if let Some(pin) = &self.pin
            && !(pin.se_gc_m2 >= 0.0
                && pin.balance_gc_m2.is_finite()
                && pin.se_gc_m2.is_finite()
                && pin.years[0] <= pin.years[1])
        {
            return Err(wrong(
                "pin",
                format!(
                    "balance_gC_m2 = {}, se_gC_m2 = {}, years = {:?}",
                    pin.balance_gc_m2, pin.se_gc_m2, pin.years
                ),
                "a balance and its standard error in gC m-2 a year, uptake positive; the first year first",
            ));
        }
        self.models().map(|_| ())
    }

    /// The models with their weights.
    ///
    /// # Errors
    /// A rate that is missing.
    pub fn models(&self) -> Result<Vec<(RhModel, f64)>, Error> {
        let positive = |key: &str, value: Option<f64>| match value {
            Some(value) if value > 0.0 && value.is_finite() => Ok(value),
            _ => Err(wrong(
                key,
                format!("the models q10 and lloyd-taylor need {key} above zero"),
                "no published rate holds for every soil: r10_gC_m2_day is yours to give, from chambers or a tower",
            )),
        };
        if self.half_saturation_mm.is_some() {
            positive("half_saturation_mm", self.half_saturation_mm)?;
        }
        let rate = |curve| -> Result<RhModel, Error> {
            Ok(RhModel::Rate {
                curve,
                r10_gc_per_m2_day: positive("r10_gC_m2_day", self.r10_gc_m2_day)?,
                half_saturation_mm: self.half_saturation_mm,
            })
        };
        let models = self.models.iter().enumerate().map(|(i, name)| {
            let model = match name {
                ModelName::Raich2002 => RhModel::Raich2002,
                ModelName::Hashimoto2015 => RhModel::Hashimoto2015,
                ModelName::Pei2009 => RhModel::Pei2009,
                ModelName::Q10 => rate(Curve::Q10 {
                    q10: positive("q10", self.q10)?,
                })?,
                ModelName::LloydTaylor => rate(Curve::LloydTaylor)?,
            };
            Ok((
                model,
                self.weights.as_ref().map_or(1.0, |weights| weights[i]),
            ))
        });
        models.collect()
    }

    /// What the models must cite.
    #[must_use]
    pub fn references(&self) -> Vec<&'static Reference> {
        let mut all: Vec<&'static Reference> = Vec::new();
        for name in &self.models {
            let of_model: &[&'static Reference] = match name {
                ModelName::Raich2002 => &[&references::RAICH, &references::BOND_LAMBERTY],
                ModelName::Hashimoto2015 => &[&references::HASHIMOTO, &references::BOND_LAMBERTY],
                ModelName::Pei2009 => &[&references::PEI],
                ModelName::Q10 => &[],
                ModelName::LloydTaylor => &[&references::LLOYD_TAYLOR],
            };
            for reference in of_model {
                if !all.contains(reference) {
                    all.push(reference);
                }
            }
        }
        all
    }

    /// The frozen-soil cut.
    #[must_use]
    pub fn cut(&self) -> Option<FrozenCut> {
        self.frozen.map(|frozen| FrozenCut {
            below_celsius: frozen.below_celsius,
            keep: frozen.keep,
        })
    }

    /// The measurement, among these regions and years.
    ///
    /// # Errors
    /// A region or a year that is not there.
    pub fn pin(&self, regions: &[String], years: &[u16]) -> Result<Option<Pin>, Error> {
        let Some(pin) = &self.pin else {
            return Ok(None);
        };
        let region =
            nutag_frame::region_tables::region_index(regions, &pin.region).map_err(|advice| {
                wrong(
                    "pin",
                    format!("\"{}\" is not a region of this run", pin.region),
                    &advice,
                )
            })?;
        let year = |year: u16| {
            years
                .iter()
                .position(|known| *known == year)
                .ok_or_else(|| {
                    wrong(
                        "pin",
                        format!("{year} is not one of the years of the run"),
                        "a measurement can only be compared with years that have NPP",
                    )
                })
        };
        Ok(Some(Pin {
            kind: match pin.kind {
                PinName::Tower => PinKind::Tower,
                PinName::SoilCarbon => PinKind::SoilCarbon,
            },
            region,
            years: [year(pin.years[0])?, year(pin.years[1])?],
            balance_gc_per_m2: pin.balance_gc_m2,
            se_gc_per_m2: pin.se_gc_m2,
        }))
    }
}
