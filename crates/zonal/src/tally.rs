//! Tallies: what the kernel counts, as integers.

use std::collections::BTreeMap;

/// The exact count of one key in one period.
///
/// Areas are whole square centimetres; raw values are the file's own integers
/// (for MOD17, 0.0001 kgC m-2). All fields add, and a sum of tallies is the
/// tally of the union.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells of the key.
    pub cells: u64,
    /// Their area.
    pub area_cm2: u64,
    /// Cells with a value that counts.
    pub valid_cells: u64,
    /// Their area.
    pub valid_area_cm2: u64,
    /// Of the valid cells, those whose reason the rules count as a value of
    /// zero (barren land, if the pipeline says so).
    pub zero_cells: u64,
    /// Sum of raw values over valid cells.
    pub sum_raw: i64,
    /// Sum of raw value x cell area in cm2 over valid cells.
    pub sum_raw_cm2: i128,
    /// Sum of squared raw value x cell area in cm2 over valid cells.
    pub sum_raw_squared_cm2: i128,
    /// Cells that do not count, by reason, in the order of the rules.
    pub masked_cells: Vec<u64>,
    /// Their area, by reason.
    pub masked_area_cm2: Vec<u64>,
}

impl Tally {
    /// An empty tally with room for this many reasons.
    #[must_use]
    pub fn empty(reasons: usize) -> Self {
        Self {
            masked_cells: vec![0; reasons],
            masked_area_cm2: vec![0; reasons],
            ..Self::default()
        }
    }

    /// Adds another tally of the same rules.
    ///
    /// # Panics
    /// If the two were made with different numbers of reasons.
    pub fn add(&mut self, other: &Self) {
        assert_eq!(
            self.masked_cells.len(),
            other.masked_cells.len(),
            "tallies of other rules"
        );
        self.cells += other.cells;
        self.area_cm2 += other.area_cm2;
        self.valid_cells += other.valid_cells;
        self.valid_area_cm2 += other.valid_area_cm2;
        self.zero_cells += other.zero_cells;
        self.sum_raw += other.sum_raw;
        self.sum_raw_cm2 += other.sum_raw_cm2;
        self.sum_raw_squared_cm2 += other.sum_raw_squared_cm2;
        let pairs = self.masked_cells.iter_mut().zip(&other.masked_cells);
        pairs.for_each(|(mine, theirs)| *mine += theirs);
        let pairs = self.masked_area_cm2.iter_mut().zip(&other.masked_area_cm2);
        pairs.for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Whether every cell is either valid or counted under a reason, and its
    /// area likewise.
    #[must_use]
    pub fn closes(&self) -> bool {
        // Checked: a tally may come from a file, whose numbers may be any.
        let all = |valid: u64, masked: &[u64]| {
            masked
                .iter()
                .try_fold(valid, |sum, part| sum.checked_add(*part))
        };
        all(self.valid_cells, &self.masked_cells) == Some(self.cells)
            && all(self.valid_area_cm2, &self.masked_area_cm2) == Some(self.area_cm2)
    }
}

/// Why tallies cannot be joined or trusted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TallyError {
    /// Two sets of different make.
    #[error(
        "tallies of {expected} (periods, reasons) cannot take tallies of {found}: \
         they were made by different plans"
    )]
    Unlike {
        /// Periods and reasons of the set that receives.
        expected: String,
        /// Periods and reasons of the set that was to be added.
        found: String,
    },
    /// A key whose cells do not add up.
    #[error(
        "key {key}, period {period}: {cells} cells, but valid and masked cells add up to {accounted}"
    )]
    Open {
        /// The key.
        key: u32,
        /// Index of the period.
        period: usize,
        /// Cells counted.
        cells: u64,
        /// Cells accounted for.
        accounted: u64,
    },
}

/// Tallies of all keys met so far, each with one tally a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallySet {
    periods: usize,
    reasons: usize,
    keys: BTreeMap<u32, Vec<Tally>>,
}

impl TallySet {
    /// An empty set.
    #[must_use]
    pub fn new(periods: usize, reasons: usize) -> Self {
        Self {
            periods,
            reasons,
            keys: BTreeMap::new(),
        }
    }

    /// Number of periods.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Number of reasons.
    #[must_use]
    pub fn reasons(&self) -> usize {
        self.reasons
    }

    /// The tallies of one key, one a period; made empty if new.
    pub fn entry(&mut self, key: u32) -> &mut [Tally] {
        let (periods, reasons) = (self.periods, self.reasons);
        self.keys
            .entry(key)
            .or_insert_with(|| vec![Tally::empty(reasons); periods])
    }

    /// The tallies of one key, one a period, if it was met.
    #[must_use]
    pub fn get(&self, key: u32) -> Option<&[Tally]> {
        self.keys.get(&key).map(Vec::as_slice)
    }

    /// Keys in ascending order, each with one tally a period.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[Tally])> {
        self.keys
            .iter()
            .map(|(&key, tallies)| (key, tallies.as_slice()))
    }

    /// Adds another set.
    ///
    /// # Errors
    /// [`TallyError::Unlike`] if the sets differ in periods or reasons.
    pub fn merge(&mut self, other: &Self) -> Result<(), TallyError> {
        if (self.periods, self.reasons) != (other.periods, other.reasons) {
            return Err(TallyError::Unlike {
                expected: format!("({}, {})", self.periods, self.reasons),
                found: format!("({}, {})", other.periods, other.reasons),
            });
        }
        for (key, tallies) in other.iter() {
            let mine = self.entry(key);
            mine.iter_mut()
                .zip(tallies)
                .for_each(|(mine, theirs)| mine.add(theirs));
        }
        Ok(())
    }

    /// The tally of all keys that `choose` accepts, one a period.
    #[must_use]
    pub fn total(&self, mut choose: impl FnMut(u32) -> bool) -> Vec<Tally> {
        let mut total = vec![Tally::empty(self.reasons); self.periods];
        for (_, tallies) in self.iter().filter(|(key, _)| choose(*key)) {
            total
                .iter_mut()
                .zip(tallies)
                .for_each(|(sum, tally)| sum.add(tally));
        }
        total
    }

    /// Checks that every tally closes.
    ///
    /// # Errors
    /// [`TallyError::Open`] with the first key and period that does not.
    pub fn check(&self) -> Result<(), TallyError> {
        for (key, tallies) in self.iter() {
            for (period, tally) in tallies.iter().enumerate() {
                if !tally.closes() {
                    return Err(TallyError::Open {
                        key,
                        period,
                        cells: tally.cells,
                        accounted: tally
                            .masked_cells
                            .iter()
                            .fold(tally.valid_cells, |sum, part| sum.saturating_add(*part)),
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

    fn tally(cells: u64, valid: u64) -> Tally {
        Tally {
            cells,
            area_cm2: cells * 10,
            valid_cells: valid,
            valid_area_cm2: valid * 10,
            sum_raw: -7,
            sum_raw_cm2: -70,
            sum_raw_squared_cm2: 490,
            masked_cells: vec![cells - valid, 0],
            masked_area_cm2: vec![(cells - valid) * 10, 0],
            zero_cells: 0,
        }
    }

    #[test]
    fn merging_is_adding_and_does_not_care_for_order() {
        let mut a = TallySet::new(1, 2);
        a.entry(3)[0].add(&tally(5, 4));
        let mut b = TallySet::new(1, 2);
        b.entry(3)[0].add(&tally(7, 7));
        b.entry(1)[0].add(&tally(1, 0));
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.merge(&b).unwrap();
        ba.merge(&a).unwrap();
        assert_eq!(ab, ba);
        let total = &ab.total(|_| true)[0];
        assert_eq!(
            (total.cells, total.valid_cells, total.sum_raw),
            (13, 11, -21)
        );
        ab.check().unwrap();
    }

    #[test]
    fn what_does_not_close_is_named() {
        let mut set = TallySet::new(1, 2);
        set.entry(9)[0] = Tally {
            cells: 6,
            ..tally(5, 4)
        };
        let open = TallyError::Open {
            key: 9,
            period: 0,
            cells: 6,
            accounted: 5,
        };
        assert_eq!(set.check(), Err(open));
    }

    #[test]
    fn sets_of_different_make_do_not_join() {
        let mut set = TallySet::new(2, 2);
        assert!(matches!(
            set.merge(&TallySet::new(1, 2)),
            Err(TallyError::Unlike { .. })
        ));
    }
}
