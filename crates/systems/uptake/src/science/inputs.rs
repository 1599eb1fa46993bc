//! Everything that uptake is computed from.

use super::factor::Factor;
use super::respiration::{FrozenCut, Perturbation, RhModel, YearClimate};

/// A region and a zone in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Index of the region.
    pub region: usize,
    /// Index of the zone.
    pub zone: usize,
}

/// What a row of the tables is about: a region, a zone, both, or neither. `None` stands for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The region.
    pub region: Option<usize>,
    /// The zone.
    pub zone: Option<usize>,
}

impl Place {
    /// Whether a unit lies in it.
    #[must_use]
    pub fn holds(self, unit: Unit) -> bool {
        self.region.is_none_or(|region| region == unit.region)
            && self.zone.is_none_or(|zone| zone == unit.zone)
    }
}

/// Years with their weights: a mean, one year, or a difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Its name in tables.
    pub label: String,
    /// One weight a year.
    pub weights: Vec<f64>,
}

impl Slice {
    /// The mean over years `first..=last` by index.
    #[must_use]
    pub fn mean(label: &str, years: usize, first: usize, last: usize) -> Self {
        let n = (last - first + 1) as f64;
        Self {
            label: label.to_owned(),
            weights: (0..years)
                .map(|y| {
                    if (first..=last).contains(&y) {
                        1.0 / n
                    } else {
                        0.0
                    }
                })
                .collect(),
        }
    }

    /// The mean of `late` less the mean of `early`, both first and last year by index.
    #[must_use]
    pub fn change(label: &str, years: usize, early: [usize; 2], late: [usize; 2]) -> Self {
        let [early, late] =
            [early, late].map(|[first, last]| Self::mean("", years, first, last).weights);
        Self {
            label: label.to_owned(),
            weights: late.iter().zip(early).map(|(l, e)| l - e).collect(),
        }
    }
}

/// How far two zones of a region touch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Border {
    /// Index of the one unit.
    pub a: usize,
    /// Index of the other, in the same region.
    pub b: usize,
    /// Length of their border, km.
    pub length_km: f64,
}

/// The ratios of a kind of land cover.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// Its name.
    pub name: String,
    /// Share of NPP above ground.
    pub above_ground_share: Factor,
    /// Biomass below ground for each unit above.
    pub below_to_above: Factor,
}

/// The models of Rh, and what they are driven by.
#[derive(Debug, Clone, PartialEq)]
pub struct RhEnsemble {
    /// The models, with the weight of each among draws.
    pub models: Vec<(RhModel, f64)>,
    /// Months with frozen soil.
    pub cut: Option<FrozenCut>,
    /// Climate by unit and year.
    pub climate: Vec<Vec<YearClimate>>,
    /// Rh of each model as it is, gC m-2 by unit and year; filled by [`UptakeInputs::new`].
    pub(super) rh: Vec<Vec<Vec<f64>>>,
    /// A measurement that Rh is scaled to.
    pub pin: Option<Pin>,
}

impl RhEnsemble {
    /// An ensemble.
    #[must_use]
    pub fn new(
        models: Vec<(RhModel, f64)>,
        cut: Option<FrozenCut>,
        climate: Vec<Vec<YearClimate>>,
        pin: Option<Pin>,
    ) -> Self {
        let rh = models
            .iter()
            .map(|(model, _)| {
                let years = |years: &Vec<YearClimate>| -> Vec<f64> {
                    years
                        .iter()
                        .map(|year| model.annual_gc_per_m2(year, cut, Perturbation::NONE))
                        .collect()
                };
                climate.iter().map(years).collect()
            })
            .collect();
        Self {
            models,
            cut,
            climate,
            rh,
            pin,
        }
    }

    /// Rh of a model as it is in a unit and year, gC m-2.
    #[must_use]
    pub fn rh_gc_per_m2(&self, model: usize, unit: usize, year: usize) -> f64 {
        self.rh[model][unit][year]
    }
}

/// What a measurement is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinKind {
    /// A flux tower: NEP.
    Tower,
    /// Repeated soil carbon: NBP, so that the losses given are added to it.
    SoilCarbon,
}

/// A measurement that Rh is scaled to: each model is multiplied so that the region has the measured
/// balance in those years.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// What was measured.
    pub kind: PinKind,
    /// Index of the region it stands for.
    pub region: usize,
    /// First and last year by index.
    pub years: [usize; 2],
    /// The balance in gC m-2 a year, positive for uptake.
    pub balance_gc_per_m2: f64,
    /// Its standard error.
    pub se_gc_per_m2: f64,
}

/// Head by species of a region, by year; `None` where it is not known.
pub type RegionLosses<T> = Vec<Vec<Option<T>>>;

/// Livestock.
#[derive(Debug, Clone, PartialEq)]
pub struct Livestock {
    /// Species with their sheep units.
    pub species: Vec<(String, Factor)>,
    /// Head by species, by region and year.
    pub head: RegionLosses<Vec<f64>>,
    /// Dry matter a sheep unit eats, kg a day.
    pub intake_kg_per_day: Factor,
    /// Share of the eaten carbon that returns as dung.
    pub dung_return: Factor,
}

/// Fire.
#[derive(Debug, Clone, PartialEq)]
pub struct Fire {
    /// Burned area in km2, by region and year.
    pub burned_km2: RegionLosses<f64>,
    /// Dry matter on the ground, kg m-2.
    pub fuel_kg_per_m2: Factor,
    /// Share of it that burns.
    pub completeness: Factor,
    /// CO2 of a kg that burns, g.
    pub gco2_per_kg: Factor,
}

/// What leaves the land besides respiration, as far as it is given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Losses {
    /// Livestock.
    pub livestock: Option<Livestock>,
    /// Fire.
    pub fire: Option<Fire>,
    /// Dry matter harvested and taken away, t by region and year.
    pub harvest_t: Option<RegionLosses<f64>>,
}

impl Losses {
    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.livestock.is_none() && self.fire.is_none() && self.harvest_t.is_none()
    }
}

/// Everything that uptake is computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct UptakeInputs {
    /// Number of years.
    pub years: usize,
    /// The units, in order.
    pub units: Vec<Unit>,
    /// NPP in tC, by unit and year.
    pub npp_tc: Vec<Vec<f64>>,
    /// Area with NPP in km2, by unit and year.
    pub area_km2: Vec<Vec<f64>>,
    /// Borders between units of one region.
    pub borders: Vec<Border>,
    /// Kinds of land cover.
    pub covers: Vec<Cover>,
    /// Of which kind each unit is.
    pub cover_of: Vec<usize>,
    /// Carbon in a unit of dry matter of herbs.
    pub carbon_per_dry_matter: Factor,
    /// Respiration, where there is climate.
    pub rh: Option<RhEnsemble>,
    /// Losses, where there are tables.
    pub losses: Losses,
}

/// Why inputs do not fit together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InputsError {
    /// A list of another length.
    #[error("{list}: expected {expected} entries, found {found}")]
    Length {
        /// Which list.
        list: &'static str,
        /// As many as it should have.
        expected: usize,
        /// As many as it has.
        found: usize,
    },
    /// A measurement that no respiration fits.
    #[error(
        "a measured balance of {balance:.1} gC m-2 a year leaves no respiration: NPP of the region is {npp:.1} gC m-2 \
         there, so Rh would be {rh:.1}; is the sign right (uptake is positive)?"
    )]
    Pin {
        /// The balance.
        balance: f64,
        /// NPP there.
        npp: f64,
        /// The respiration that would be left.
        rh: f64,
    },
}

impl UptakeInputs {
    /// Checks that all lists fit.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), InputsError> {
        let n = self.units.len();
        let fits = |list, expected: usize, found: usize| {
            if expected == found {
                Ok(())
            } else {
                Err(InputsError::Length {
                    list,
                    expected,
                    found,
                })
            }
        };
        fits("NPP by unit", n, self.npp_tc.len())?;
        fits("area by unit", n, self.area_km2.len())?;
        fits("land cover by unit", n, self.cover_of.len())?;
        for years in self.npp_tc.iter().chain(&self.area_km2) {
            fits("years", self.years, years.len())?;
        }
        if let Some(rh) = &self.rh {
            fits("climate by unit", n, rh.climate.len())?;
            for years in &rh.climate {
                fits("years of climate", self.years, years.len())?;
            }
        }
        Ok(())
    }

    /// The rows of the tables: the whole, its zones, its regions, and zones in regions.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let all = Place {
            region: None,
            zone: None,
        };
        let mut zones: Vec<usize> = self.units.iter().map(|unit| unit.zone).collect();
        zones.sort_unstable();
        zones.dedup();
        let mut places = vec![all];
        places.extend(zones.iter().map(|zone| Place {
            zone: Some(*zone),
            ..all
        }));
        let mut last = None;
        for unit in &self.units {
            let region = Some(unit.region);
            if last != region {
                places.push(Place { region, zone: None });
                last = region;
            }
            places.push(Place {
                region,
                zone: Some(unit.zone),
            });
        }
        places
    }

    /// Regions that have a unit.
    pub(crate) fn regions(&self) -> Vec<usize> {
        let mut regions: Vec<usize> = self.units.iter().map(|unit| unit.region).collect();
        regions.dedup();
        regions
    }
}
