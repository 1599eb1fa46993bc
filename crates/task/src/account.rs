//! What a piece must account for: the cells that its plan gives it, key by key, and what can be summed
//! over them.
//!
//! A partial knows what it was made from and whether its bytes are whole, and both can be written by
//! anybody. Whoever takes one in therefore holds it to the keys of the plan: every key with its cells and
//! their area, in every period, each cell valid or under a reason, and sums that values of the product can
//! have. What passes may still be another sum of as many cells: that only counting again shows.

use std::collections::BTreeMap;

use nutag_problem::{Error, Problem};
use nutag_zonal::{Mask, Tally};

use crate::partial::{Partial, TrendCounts};
use crate::task::{Job, Task};
use crate::tile::TilePlan;

/// Cells of a key and their area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cells {
    cells: u64,
    area_cm2: u64,
}

/// What one or more tasks must account for.
#[derive(Debug, Clone)]
pub struct Account<'a> {
    job: Job<'a>,
    keys: BTreeMap<u32, Cells>,
    /// Of the smallest and the largest cell, in cm2; `None` without a cell.
    cell_areas_cm2: Option<(u64, u64)>,
    /// Whether any tile has a granule, by period.
    granules: Vec<bool>,
}

impl<'a> Account<'a> {
    /// Of no task.
    #[must_use]
    pub fn empty(job: Job<'a>) -> Self {
        Self {
            job,
            keys: BTreeMap::new(),
            cell_areas_cm2: None,
            granules: vec![false; job.periods.len()],
        }
    }

    /// Of a task of a tile, from the keys of the tile.
    ///
    /// # Errors
    /// Returns an error if the keys cannot be read, or lie outside the tile or the lists of the plan.
    pub fn of(job: Job<'a>, tile: &TilePlan, task: &Task) -> Result<Self, Error> {
        let mut account = Self::empty(job);
        account.add(tile, task)?;
        Ok(account)
    }

    /// Adds what a task must account for.
    ///
    /// # Errors
    /// Returns an error as [`Account::of`] does.
    pub fn add(&mut self, tile: &TilePlan, task: &Task) -> Result<(), Error> {
        let keys = tile.strip(self.job.space)?;
        for row in tile.key_rows(&keys, task, self.job.target) {
            let area = tile.row_areas_cm2[row];
            let runs = keys.row(row);
            for run in runs {
                let cells = u64::from(run.end - run.start);
                let of_key = self.keys.entry(run.key).or_default();
                of_key.cells += cells;
                of_key.area_cm2 = cells
                    .checked_mul(area)
                    .and_then(|all| all.checked_add(of_key.area_cm2))
                    .ok_or_else(|| {
                        Problem::new(format!("the areas of the tile {} are too large", tile.tile))
                            .failed()
                    })?;
            }
            if !runs.is_empty() {
                let (least, most) = self.cell_areas_cm2.unwrap_or((area, area));
                self.cell_areas_cm2 = Some((least.min(area), most.max(area)));
            }
        }
        for (there, granule) in self.granules.iter_mut().zip(&tile.granules) {
            *there |= granule.is_some();
        }
        Ok(())
    }

    /// Holds counts to the account.
    ///
    /// # Errors
    /// Returns an error if they are none that the planned cells can give, with what was expected.
    pub fn check(&self, partial: &Partial) -> Result<(), String> {
        let owed: u64 = self.keys.values().map(|of_key| of_key.cells).sum();
        if partial.cells != owed {
            return Err(format!(
                "it has {} cells, planned are {owed}",
                partial.cells
            ));
        }
        let tallies = &partial.tallies;
        let shape = (self.job.periods.len(), self.job.reasons.names().len());
        if (tallies.periods(), tallies.reasons()) != shape {
            return Err(format!(
                "it has {} periods and {} reasons, planned are {} and {}",
                tallies.periods(),
                tallies.reasons(),
                shape.0,
                shape.1
            ));
        }
        if let Some(key) = self.keys.keys().find(|key| tallies.get(**key).is_none()) {
            return Err(format!("it lacks the key {key}, which is planned"));
        }
        for (key, of_key) in tallies.iter() {
            let planned = self
                .keys
                .get(&key)
                .ok_or_else(|| format!("it has the key {key}, which is not planned"))?;
            for (period, tally) in of_key.iter().enumerate() {
                self.check_tally(*planned, period, tally).map_err(|what| {
                    format!("key {key}, {}: {what}", self.job.periods[period].label)
                })?;
            }
            let valid = |tally: &Tally| (tally.valid_cells, tally.valid_area_cm2);
            let differ = of_key
                .windows(2)
                .any(|pair| valid(&pair[0]) != valid(&pair[1]));
            if self.job.reasons.rules().mask() == Mask::Common && differ {
                return Err(format!(
                    "key {key}: other cells are valid in one period than in another, and all have one mask"
                ));
            }
        }
        self.check_trends(partial)
    }

    fn check_tally(&self, planned: Cells, period: usize, tally: &Tally) -> Result<(), String> {
        let (least, most) = self.cell_areas_cm2.unwrap_or_default();
        if (tally.cells, tally.area_cm2) != (planned.cells, planned.area_cm2) {
            return Err(format!(
                "{} cells with {} cm2, planned are {} with {}",
                tally.cells, tally.area_cm2, planned.cells, planned.area_cm2
            ));
        }
        if !tally.closes() {
            return Err("valid cells and those under a reason do not add up to all".to_owned());
        }
        let masked = tally.masked_cells.iter().zip(&tally.masked_area_cm2);
        for (cells, area) in masked.chain([(&tally.valid_cells, &tally.valid_area_cm2)]) {
            let (cells, area) = (u128::from(*cells), u128::from(*area));
            let within = cells * u128::from(least)..=cells * u128::from(most);
            if !within.contains(&area) {
                return Err(format!("{cells} cells cannot have {area} cm2"));
            }
        }
        if tally.masked_cells[self.job.reasons.outside_regions()] > 0 {
            return Err("cells outside the regions, which no task visits".to_owned());
        }
        if tally.valid_cells > 0 && !self.granules[period] {
            return Err("valid cells in a period without a granule".to_owned());
        }
        self.check_sums(tally, (least, most))
    }

    /// Whether values of the product can have these sums.
    fn check_sums(&self, tally: &Tally, (least, most): (u64, u64)) -> Result<(), String> {
        let rules = self.job.reasons.rules();
        let impossible = |what: &str| Err(format!("no values of the product have this {what}"));
        let Some(with_values) = tally.valid_cells.checked_sub(tally.zero_cells) else {
            return Err("more cells that count as zero than valid ones".to_owned());
        };
        let (low, high) = rules
            .valid_values()
            .map_or((0, 0), |(low, high)| (i128::from(low), i128::from(high)));
        let cells = i128::from(with_values);
        let sum = i128::from(tally.sum_raw);
        if sum < cells * low || sum > cells * high {
            return impossible("sum");
        }
        // The area of those that count as zero is not counted apart.
        let zeros = tally.zero_cells > 0;
        let (low_cm2, high_cm2) = if zeros {
            (low.min(0), high.max(0))
        } else {
            (low, high)
        };
        let area = i128::from(tally.valid_area_cm2);
        let weighted = tally.sum_raw_cm2;
        if weighted < area * low_cm2 || weighted > area * high_cm2 {
            return impossible("sum over the area");
        }
        // Above the least value every cell adds its share times an area between the least and the most.
        let (base, base_cm2) = if zeros {
            (0, 0)
        } else {
            (cells * low, area * low)
        };
        if !zeros || low >= 0 {
            let above = weighted - base_cm2;
            let within = (sum - base) * i128::from(least)..=(sum - base) * i128::from(most);
            if !within.contains(&above) {
                return impossible("sum over the area beside its sum");
            }
        }
        let squares = tally.sum_raw_squared_cm2;
        let largest = (low * low).max(high * high);
        // Whole numbers: no square is less than its number; and no variance is negative.
        if squares < weighted.abs() || squares > area * largest {
            return impossible("sum of squares");
        }
        let product = wide(squares.unsigned_abs(), area.unsigned_abs());
        if wide(weighted.unsigned_abs(), weighted.unsigned_abs()) > product {
            return impossible("sum of squares: their variance would be negative");
        }
        Ok(())
    }

    fn check_trends(&self, partial: &Partial) -> Result<(), String> {
        let counts = match (&partial.trends, self.job.trends) {
            (None, None) => return Ok(()),
            (Some(counts), Some(_)) => counts,
            (None, Some(_)) => return Err("it lacks the trends of cells".to_owned()),
            (Some(_), None) => {
                return Err("it has trends of cells, which are not planned".to_owned());
            }
        };
        let expected = self.job.trends.map(crate::CellTrends::no_counts);
        let shape = |counts: &TrendCounts| {
            (
                counts.histogram.min_n(),
                counts.field.as_ref().map(|field| field.permuted.len()),
            )
        };
        if expected.as_ref().map(shape) != Some(shape(counts)) {
            return Err("its trends of cells were asked for in another way".to_owned());
        }
        let mut tested = 0_u64;
        for (n, abs_s, tie_term, cells) in counts.histogram.counts() {
            let long = n as u64;
            let possible = n <= self.job.periods.len()
                && abs_s <= long * long.saturating_sub(1) / 2
                && tie_term <= long * long.saturating_sub(1) * (2 * long + 5);
            tested = match tested.checked_add(cells) {
                Some(tested) if possible => tested,
                _ => return Err(format!("no cell has the score {abs_s} of {n} values")),
            };
        }
        // At least the cells of the fullest period of each key, at most those of all periods.
        let (mut least, mut most) = (0_u64, 0_u64);
        for (_, periods) in partial.tallies.iter() {
            let valid = periods.iter().map(|tally| tally.valid_cells);
            let fullest = valid.clone().max().unwrap_or(0);
            let cells = periods.first().map_or(0, |tally| tally.cells);
            least += fullest;
            most += match self.job.reasons.rules().mask() {
                Mask::Common => fullest,
                Mask::PerPeriod => cells.min(valid.sum()),
            };
        }
        let all = tested.checked_add(counts.histogram.untested());
        if !all.is_some_and(|all| (least..=most).contains(&all)) {
            return Err(format!(
                "{all:?} cells have a trend, and {least} to {most} have values"
            ));
        }
        let field = counts.field.iter();
        let significant = field.flat_map(|field| field.permuted.iter().chain([&field.observed]));
        if let Some(more) = significant.into_iter().find(|count| **count > tested) {
            return Err(format!(
                "{more} cells are significant, and {tested} were tested"
            ));
        }
        Ok(())
    }
}

/// The product of two numbers as its upper and lower 128 bits.
fn wide(a: u128, b: u128) -> (u128, u128) {
    const HALF: u32 = 64;
    let low = u128::from(u64::MAX);
    let (a1, a0, b1, b0) = (a >> HALF, a & low, b >> HALF, b & low);
    let first = a0 * b0;
    let middle = a1 * b0 + (first >> HALF);
    let other = a0 * b1 + (middle & low);
    (
        a1 * b1 + (middle >> HALF) + (other >> HALF),
        (other << HALF) | (first & low),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_two_large_numbers_is_whole() {
        assert_eq!(wide(7, 9), (0, 63));
        assert_eq!(wide(u128::MAX, 2), (1, u128::MAX - 1));
        // (2^128 - 1)^2 = 2^256 - 2^129 + 1.
        assert_eq!(wide(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(wide(1 << 100, 1 << 100), (1 << 72, 0));
    }
}
