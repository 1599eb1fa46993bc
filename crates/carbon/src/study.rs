//! A study: tallies, the names that go with them, and what was tallied.

use std::collections::BTreeSet;

use nutag_zonal::{KeyParts, KeySpace, Tally, TallyError, TallySet};

use crate::quantity::Quantity;

pub use nutag_frame::{OUTSIDE_ZONES, TOTAL};
/// Name of the row of cells that are in a zone but in no region.
pub const OUTSIDE_REGIONS: &str = "(outside regions)";

/// One of the two epochs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Label, such as "1980s".
    pub label: String,
    /// Zones of its legend, from the least to the most permafrost.
    pub zones: Vec<String>,
}

/// One period of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Label: the year of an annual product, the first day of a composite.
    pub label: String,
    /// The calendar year it begins in.
    pub year: i32,
}

/// The names behind the indices of tallies and keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Regions; together they are the country.
    pub regions: Vec<String>,
    /// The first epoch.
    pub from: Epoch,
    /// The second epoch.
    pub to: Epoch,
    /// Periods, in order of time.
    pub periods: Vec<Period>,
    /// Reasons why a cell does not count, in the order of the tallies.
    pub reasons: Vec<String>,
}

impl Names {
    /// Checks that every name can head a row or column of its own.
    ///
    /// # Errors
    /// Returns an error if there is no period, if a name is empty, there twice or kept for a row of the
    /// program's own, or if both epochs are labelled alike.
    pub fn check(&self) -> Result<(), StudyError> {
        if self.periods.is_empty() {
            return Err(StudyError::NoPeriod);
        }
        self.check_regions()?;
        distinct("zones of the first epoch", self.from.zones.iter())?;
        distinct("zones of the second epoch", self.to.zones.iter())?;
        distinct("periods", self.periods.iter().map(|p| &p.label))?;
        distinct("reasons", self.reasons.iter())?;
        if self.from.label == self.to.label {
            return Err(StudyError::SameEpoch {
                label: self.from.label.clone(),
            });
        }
        Ok(())
    }

    /// Checks the names of regions alone.
    ///
    /// # Errors
    /// Returns an error as [`Names::check`] does.
    pub fn check_regions(&self) -> Result<(), StudyError> {
        distinct("regions", self.regions.iter())
    }

    /// Whether every period is a calendar year, labelled by it.
    #[must_use]
    pub fn annual(&self) -> bool {
        self.periods.iter().all(|p| p.label == p.year.to_string())
    }
}

/// Why tallies and names do not make a study.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// A list has another length than the tallies say.
    #[error("{list}: expected {expected} names, as many as the tallies have, found {found}")]
    Length {
        /// Which list.
        list: &'static str,
        /// Length that the tallies have.
        expected: usize,
        /// Length that was given.
        found: usize,
    },
    /// There is nothing to report.
    #[error("expected at least one period, found none: ask for at least one year or date")]
    NoPeriod,
    /// A name is empty or there twice.
    #[error("{list}: expected names that differ, found \"{name}\" {how}; give each its own name")]
    Name {
        /// Which list.
        list: &'static str,
        /// The name.
        name: String,
        /// "twice", "empty", or "which is kept for a row of its own".
        how: &'static str,
    },
    /// Both epochs are called the same.
    #[error(
        "both epochs are labelled \"{label}\": give each its own label, because columns are \
         named by it"
    )]
    SameEpoch {
        /// The label.
        label: String,
    },
    /// The area of a key differs between periods.
    #[error(
        "region {region}, from {zone_from} to {zone_to}, period {period}: expected {expected} cells \
         as in the first period, found {found}; cells without data must be counted by a reason, \
         not left out"
    )]
    Uneven {
        /// Name of the region.
        region: String,
        /// Zone of the first epoch.
        zone_from: String,
        /// Zone of the second epoch.
        zone_to: String,
        /// Label of the period.
        period: String,
        /// Cells of the first period.
        expected: u64,
        /// Cells of this one.
        found: u64,
    },
    /// A tally does not close.
    #[error(transparent)]
    Tally(#[from] TallyError),
}

/// Tallies with their names: checked, so that everything made of it closes.
#[derive(Debug, Clone, Copy)]
pub struct Study<'a> {
    tallies: &'a TallySet,
    space: KeySpace,
    names: &'a Names,
    quantity: &'a Quantity,
}

impl<'a> Study<'a> {
    /// Brings the parts together.
    ///
    /// # Errors
    /// Lists of the wrong length, names that are empty or there twice, tallies
    /// that do not close or whose area differs between periods.
    pub fn new(
        tallies: &'a TallySet,
        space: KeySpace,
        names: &'a Names,
        quantity: &'a Quantity,
    ) -> Result<Self, StudyError> {
        let lists = [
            ("regions", usize::from(space.regions()), names.regions.len()),
            (
                "zones of the first epoch",
                usize::from(space.zones_from()),
                names.from.zones.len(),
            ),
            (
                "zones of the second epoch",
                usize::from(space.zones_to()),
                names.to.zones.len(),
            ),
            ("periods", tallies.periods(), names.periods.len()),
            ("reasons", tallies.reasons(), names.reasons.len()),
        ];
        for (list, expected, found) in lists {
            if expected != found {
                return Err(StudyError::Length {
                    list,
                    expected,
                    found,
                });
            }
        }
        names.check()?;
        let study = Self {
            tallies,
            space,
            names,
            quantity,
        };
        tallies.check()?;
        study.check_areas()?;
        Ok(study)
    }

    fn check_areas(&self) -> Result<(), StudyError> {
        for (parts, tallies) in self.keys() {
            for (period, tally) in self.names.periods.iter().zip(tallies) {
                if (tally.cells, tally.area_cm2) != (tallies[0].cells, tallies[0].area_cm2) {
                    return Err(StudyError::Uneven {
                        region: self.region(parts).to_owned(),
                        zone_from: self.zone_from(parts).to_owned(),
                        zone_to: self.zone_to(parts).to_owned(),
                        period: period.label.clone(),
                        expected: tallies[0].cells,
                        found: tally.cells,
                    });
                }
            }
        }
        Ok(())
    }

    /// The names.
    #[must_use]
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// What was tallied.
    #[must_use]
    pub fn quantity(&self) -> &'a Quantity {
        self.quantity
    }

    /// Every key met, in order of region, zone from, zone to.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (KeyParts, &'a [Tally])> {
        let space = self.space;
        self.tallies
            .iter()
            .map(move |(key, tallies)| (space.parts(key), tallies))
    }

    pub(crate) fn region(&self, parts: KeyParts) -> &'a str {
        name_of(&self.names.regions, parts.region, OUTSIDE_REGIONS)
    }

    pub(crate) fn zone_from(&self, parts: KeyParts) -> &'a str {
        name_of(&self.names.from.zones, parts.zone_from, OUTSIDE_ZONES)
    }

    pub(crate) fn zone_to(&self, parts: KeyParts) -> &'a str {
        name_of(&self.names.to.zones, parts.zone_to, OUTSIDE_ZONES)
    }
}

fn name_of<'n>(names: &'n [String], index: Option<u16>, outside: &'n str) -> &'n str {
    index.map_or(outside, |i| &names[usize::from(i)])
}

fn distinct<'n>(
    list: &'static str,
    names: impl Iterator<Item = &'n String>,
) -> Result<(), StudyError> {
    let mut seen = BTreeSet::new();
    for name in names {
        let kept = |row: &&str| row.eq_ignore_ascii_case(name.trim());
        let how = if name.trim().is_empty() {
            "empty"
        } else if [OUTSIDE_ZONES, OUTSIDE_REGIONS, TOTAL].iter().any(kept) {
            "which is kept for a row of its own"
        } else if !seen.insert(name) {
            "twice"
        } else {
            continue;
        };
        return Err(StudyError::Name {
            list,
            name: name.clone(),
            how,
        });
    }
    Ok(())
}
