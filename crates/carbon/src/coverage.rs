//! What was counted, and why the rest was not.

use std::collections::BTreeMap;

use nutag_zonal::{KeyParts, Tally};

use crate::study::{Epoch, OUTSIDE_REGIONS, OUTSIDE_ZONES, Period, Study, TOTAL};
use crate::sums::{area_km2, percent};
use crate::why::Figure;

/// The reason of cells that count.
pub const VALID_REASON: &str = "valid";

/// What was counted, by epoch, zone, period and reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage<'a> {
    /// For each epoch, zone and period one row "valid" and one for each
    /// reason. The groups of an epoch are its zones, "(outside zones)" if
    /// that has cells, then "Total", their sum: the country. Cells that are
    /// in a zone but in no region follow as "(outside regions)", if any.
    pub rows: Vec<CoverageRow<'a>>,
    /// Reasons that share the cells of one group and period, plus "valid".
    shares: usize,
}

/// Cells of one zone and period with one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRow<'a> {
    /// Label of the epoch whose zones these are.
    pub epoch: &'a str,
    /// Zone, or one of the groups "(outside zones)", "Total",
    /// "(outside regions)".
    pub zone: &'a str,
    /// Period.
    pub period: &'a Period,
    /// "valid", or why the cells do not count.
    pub reason: &'a str,
    /// Number of cells.
    pub cells: u64,
    /// Their area in km2.
    pub area_km2: f64,
    /// Their area in percent of the group's area.
    pub percent_of_area: Figure,
    /// All cells of the group in this period.
    group_cells: u64,
}

/// Rows that do not add up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoverageError {
    /// The reasons of a group do not add up to its cells.
    #[error(
        "coverage of {zone} ({epoch}), {period}: expected {expected} cells over all reasons, found {found}"
    )]
    Reasons {
        /// Label of the epoch.
        epoch: String,
        /// The group.
        zone: String,
        /// Label of the period.
        period: String,
        /// Cells of the group.
        expected: u64,
        /// Sum over reasons.
        found: u64,
    },
    /// The two epochs, or the zones and the total, cover different cells.
    #[error(
        "coverage of {epoch}, {period}, {reason}: expected {expected} cells as in the total of the \
         first epoch, found {found} over the zones"
    )]
    Zones {
        /// Label of the epoch.
        epoch: String,
        /// Label of the period.
        period: String,
        /// The reason.
        reason: String,
        /// Cells of the country in the first epoch.
        expected: u64,
        /// Sum over the zones of this epoch.
        found: u64,
    },
}

/// The zone of a key in one of the epochs.
type ZoneOf = fn(KeyParts) -> Option<u16>;

/// Makes the coverage.
#[must_use]
pub fn coverage<'a>(study: &Study<'a>) -> Coverage<'a> {
    let names = study.names();
    let mut rows = Vec::new();
    let zone_from: ZoneOf = |parts| parts.zone_from;
    let zone_to: ZoneOf = |parts| parts.zone_to;
    for (epoch, zone_of) in [(&names.from, zone_from), (&names.to, zone_to)] {
        let mut group = |zone: &'a str, optional: bool, choose: &dyn Fn(KeyParts) -> bool| {
            let tallies = tallies_of(study, choose);
            if optional && tallies.iter().all(|tally| tally.cells == 0) {
                return;
            }
            for (period, tally) in names.periods.iter().zip(&tallies) {
                push(&mut rows, epoch, zone, period, tally, &names.reasons);
            }
        };
        for (index, zone) in (0_u16..).zip(&epoch.zones) {
            group(zone, false, &|p| {
                p.region.is_some() && zone_of(p) == Some(index)
            });
        }
        group(OUTSIDE_ZONES, true, &|p| {
            p.region.is_some() && zone_of(p).is_none()
        });
        group(TOTAL, false, &|p| p.region.is_some());
        group(OUTSIDE_REGIONS, true, &|p| p.region.is_none());
    }
    Coverage {
        rows,
        shares: names.reasons.len() + 1,
    }
}

/// One tally a period over the keys chosen.
fn tallies_of(study: &Study<'_>, choose: &dyn Fn(KeyParts) -> bool) -> Vec<Tally> {
    let names = study.names();
    let mut sums = vec![Tally::empty(names.reasons.len()); names.periods.len()];
    for (_, tallies) in study.keys().filter(|(parts, _)| choose(*parts)) {
        sums.iter_mut()
            .zip(tallies)
            .for_each(|(sum, tally)| sum.add(tally));
    }
    sums
}

fn push<'a>(
    rows: &mut Vec<CoverageRow<'a>>,
    epoch: &'a Epoch,
    zone: &'a str,
    period: &'a Period,
    tally: &Tally,
    reasons: &'a [String],
) {
    let masked = tally.masked_cells.iter().zip(&tally.masked_area_cm2);
    let masked = reasons.iter().map(String::as_str).zip(masked);
    let valid = (VALID_REASON, (&tally.valid_cells, &tally.valid_area_cm2));
    for (reason, (&cells, &area_cm2)) in std::iter::once(valid).chain(masked) {
        let area_cm2 = i128::from(area_cm2);
        rows.push(CoverageRow {
            epoch: &epoch.label,
            zone,
            period,
            reason,
            cells,
            area_km2: area_km2(area_cm2),
            percent_of_area: percent(area_cm2, i128::from(tally.area_cm2)),
            group_cells: tally.cells,
        });
    }
}

impl Coverage<'_> {
    /// Checks that every group closes over its reasons, that the zones of an
    /// epoch add up to its total, and that both epochs have the same total.
    ///
    /// # Errors
    /// The first sum that does not.
    pub fn check(&self) -> Result<(), CoverageError> {
        for group in self.rows.chunks(self.shares) {
            let (expected, found) = (
                group[0].group_cells,
                group.iter().map(|row| row.cells).sum(),
            );
            if expected != found {
                return Err(CoverageError::Reasons {
                    epoch: group[0].epoch.to_owned(),
                    zone: group[0].zone.to_owned(),
                    period: group[0].period.label.clone(),
                    expected,
                    found,
                });
            }
        }
        self.check_zones()
    }

    /// Cells of each period and reason, by epoch: over its zones, and in its
    /// total. All must be the same number.
    fn check_zones(&self) -> Result<(), CoverageError> {
        let mut found = BTreeMap::<_, [u64; 2]>::new();
        for row in self.rows.iter().filter(|row| row.zone != OUTSIDE_REGIONS) {
            let sums = found
                .entry((row.epoch, &row.period.label, row.reason))
                .or_default();
            sums[usize::from(row.zone == TOTAL)] += row.cells;
        }
        for row in self.rows.iter().filter(|row| row.zone == TOTAL) {
            let first_epoch = self.rows[0].epoch;
            let expected = found[&(first_epoch, &row.period.label, row.reason)][1];
            for found in found[&(row.epoch, &row.period.label, row.reason)] {
                if found != expected {
                    return Err(CoverageError::Zones {
                        epoch: row.epoch.to_owned(),
                        period: row.period.label.clone(),
                        reason: row.reason.to_owned(),
                        expected,
                        found,
                    });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(epoch: &'a str, zone: &'a str, period: &'a Period, cells: u64) -> CoverageRow<'a> {
        CoverageRow {
            epoch,
            zone,
            period,
            reason: VALID_REASON,
            cells,
            area_km2: 0.0,
            percent_of_area: Ok(100.0),
            group_cells: cells,
        }
    }

    #[test]
    fn rows_that_do_not_add_up_are_named() {
        let period = Period {
            label: "2001".to_owned(),
            year: 2001,
        };
        let rows = [
            ("1980s", "a", 3),
            ("1980s", TOTAL, 3),
            ("2000s", "a", 3),
            ("2000s", TOTAL, 3),
        ];
        let rows: Vec<_> = rows
            .map(|(epoch, zone, cells)| row(epoch, zone, &period, cells))
            .into();
        let closed = Coverage { rows, shares: 1 };
        assert_eq!(closed.check(), Ok(()));

        let mut lost = closed.clone();
        lost.rows[0].cells = 2;
        let message = lost.check().unwrap_err().to_string();
        assert_eq!(
            message,
            "coverage of a (1980s), 2001: expected 3 cells over all reasons, found 2"
        );

        let mut moved = closed;
        (moved.rows[2].cells, moved.rows[2].group_cells) = (4, 4);
        let message = moved.check().unwrap_err().to_string();
        assert!(
            message.starts_with("coverage of 2000s, 2001, valid: expected 3"),
            "{message}"
        );
    }
}
