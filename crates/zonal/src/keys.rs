//! Keys: region x zone of the first epoch x zone of the second.

use serde::Serialize;

/// The code of a cell that no region, or no zone, claims.
pub const NONE: u16 = u16::MAX;

/// The size of the three lists a key is made of.
///
/// Each list has one more place than it has names: the last is "outside",
/// so that a cell inside a region but outside the zone map is still counted,
/// in a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KeySpace {
    regions: u16,
    zones_from: u16,
    zones_to: u16,
}

/// Lists that together make more keys than can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{regions} regions, {zones_from} zones of the first and {zones_to} of the second epoch make {keys} combinations \
     (each list has one place more, for what is outside); at most {} can be told apart",
    KeySpace::MOST
)]
pub struct TooManyKeys {
    regions: u16,
    zones_from: u16,
    zones_to: u16,
    keys: u64,
}

/// A key taken apart. `None` means outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyParts {
    /// Index into the list of regions.
    pub region: Option<u16>,
    /// Index into the list of zones, first epoch.
    pub zone_from: Option<u16>,
    /// Index into the list of zones, second epoch.
    pub zone_to: Option<u16>,
}

impl KeySpace {
    /// The largest number of keys: they are 32-bit numbers.
    pub const MOST: u64 = u32::MAX as u64;

    /// The keys of so many regions, zones of the first epoch and zones of the second.
    ///
    /// # Errors
    /// Returns an error if a key, of which there is one for each combination, needs more than 32 bits.
    /// (Every list has one place more than names, so at 65535 names one list alone has 65536.)
    pub const fn new(regions: u16, zones_from: u16, zones_to: u16) -> Result<Self, TooManyKeys> {
        // Three factors of at most 2^16 each: 2^48.
        let keys = (regions as u64 + 1) * (zones_from as u64 + 1) * (zones_to as u64 + 1);
        if keys > Self::MOST {
            return Err(TooManyKeys {
                regions,
                zones_from,
                zones_to,
                keys,
            });
        }
        Ok(Self {
            regions,
            zones_from,
            zones_to,
        })
    }

    /// Number of regions.
    #[must_use]
    pub fn regions(self) -> u16 {
        self.regions
    }

    /// Number of zones in the legend of the first epoch.
    #[must_use]
    pub fn zones_from(self) -> u16 {
        self.zones_from
    }

    /// Number of zones in the legend of the second epoch.
    #[must_use]
    pub fn zones_to(self) -> u16 {
        self.zones_to
    }

    /// How many keys there are; they are 0 up to it.
    #[must_use]
    pub fn len(self) -> u32 {
        // Checked where the space is made.
        let places = |n: u16| u32::from(n) + 1;
        places(self.regions) * places(self.zones_from) * places(self.zones_to)
    }

    /// Never: there is always the key "outside everything".
    #[must_use]
    pub fn is_empty(self) -> bool {
        false
    }

    /// The key of a cell with these codes; [`NONE`] stands for outside.
    ///
    /// # Panics
    /// If a code is neither [`NONE`] nor below the size of its list, which is
    /// a fault of the caller and not of any input file.
    #[must_use]
    pub fn key(self, region: u16, zone_from: u16, zone_to: u16) -> u32 {
        let place = |code: u16, n: u16| {
            assert!(code == NONE || code < n, "code {code} in a list of {n}");
            u32::from(code.min(n))
        };
        let row = place(region, self.regions) * (u32::from(self.zones_from) + 1)
            + place(zone_from, self.zones_from);
        row * (u32::from(self.zones_to) + 1) + place(zone_to, self.zones_to)
    }

    /// The key of cells outside every region and both zone maps: not part of
    /// the area of interest, and never tallied.
    #[must_use]
    pub fn nowhere(self) -> u32 {
        self.key(NONE, NONE, NONE)
    }

    /// Takes a key apart.
    #[must_use]
    pub fn parts(self, key: u32) -> KeyParts {
        let (t, f) = (u32::from(self.zones_to) + 1, u32::from(self.zones_from) + 1);
        let part = |place: u32, n: u16| u16::try_from(place).ok().filter(|&p| p < n);
        KeyParts {
            region: part(key / t / f, self.regions),
            zone_from: part(key / t % f, self.zones_from),
            zone_to: part(key % t, self.zones_to),
        }
    }
}

/// Neighbouring cells of one row that share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRun {
    /// First column.
    pub start: u32,
    /// One past the last column.
    pub end: u32,
    /// Their key.
    pub key: u32,
}

/// The keys of consecutive rows of a grid, run by run.
///
/// Only cells of the area of interest are in it: a column that no run covers
/// is outside. Zones and regions are wide and cells are small, so runs are
/// some hundred times smaller than one key a cell, and the kernel works run
/// by run anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStrip {
    first_row: usize,
    ends: Vec<usize>,
    runs: Vec<KeyRun>,
}

impl KeyStrip {
    /// A strip without rows, to be filled from `first_row` on.
    #[must_use]
    pub fn starting_at(first_row: usize) -> Self {
        Self {
            first_row,
            ends: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Adds the next row from its keys, one a column; `nowhere` is left out.
    pub fn push_row(&mut self, keys: impl IntoIterator<Item = u32>, nowhere: u32) {
        let first = self.runs.len();
        for (column, key) in (0_u32..).zip(keys) {
            if key == nowhere {
                continue;
            }
            match self.runs[first..].last_mut() {
                Some(run) if run.key == key && run.end == column => run.end += 1,
                _ => self.runs.push(KeyRun {
                    start: column,
                    end: column + 1,
                    key,
                }),
            }
        }
        self.ends.push(self.runs.len());
    }

    /// Adds the next row from its runs, west to east.
    ///
    /// # Panics
    /// If a run is empty or begins before the one before it ends.
    pub fn push_runs(&mut self, runs: impl IntoIterator<Item = KeyRun>) {
        let mut end = 0;
        for run in runs {
            assert!(
                end <= run.start && run.start < run.end,
                "runs must follow one another"
            );
            end = run.end;
            self.runs.push(run);
        }
        self.ends.push(self.runs.len());
    }

    /// Joins the strip of the rows that follow.
    ///
    /// # Panics
    /// If `next` does not start where this strip ends.
    pub fn append(&mut self, next: &Self) {
        assert_eq!(next.first_row, self.rows().end, "strips must be adjacent");
        let offset = self.runs.len();
        self.runs.extend_from_slice(&next.runs);
        self.ends.extend(next.ends.iter().map(|end| end + offset));
    }

    /// The rows it holds.
    #[must_use]
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.first_row..self.first_row + self.ends.len()
    }

    /// The runs of one row, west to east.
    ///
    /// # Panics
    /// If the strip does not hold the row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[KeyRun] {
        let i = row - self.first_row;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.runs[start..self.ends[i]]
    }

    /// All runs, row by row.
    #[must_use]
    pub fn runs(&self) -> &[KeyRun] {
        &self.runs
    }

    /// Number of cells in the area of interest.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.runs
            .iter()
            .map(|run| u64::from(run.end - run.start))
            .sum()
    }

    /// Whether any cell of the window is in the area of interest.
    #[must_use]
    pub fn touches(&self, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> bool {
        let rows = rows.start.max(self.first_row)..rows.end.min(self.rows().end);
        rows.into_iter().any(|row| {
            self.row(row)
                .iter()
                .any(|run| (run.start as usize) < columns.end && (run.end as usize) > columns.start)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: KeySpace = match KeySpace::new(2, 4, 3) {
        Ok(space) => space,
        Err(_) => panic!(),
    };

    #[test]
    fn a_key_taken_apart_gives_its_parts() {
        let mut seen = std::collections::BTreeSet::new();
        for region in [0, 1, NONE] {
            for from in [0, 1, 2, 3, NONE] {
                for to in [0, 1, 2, NONE] {
                    let key = SPACE.key(region, from, to);
                    let some = |code: u16| (code != NONE).then_some(code);
                    let parts = KeyParts {
                        region: some(region),
                        zone_from: some(from),
                        zone_to: some(to),
                    };
                    assert_eq!(SPACE.parts(key), parts);
                    seen.insert(key);
                }
            }
        }
        assert_eq!(u32::try_from(seen.len()).unwrap(), SPACE.len());
        assert_eq!(seen.last().copied(), Some(SPACE.nowhere()));
    }

    /// One more district and the keys of the last ones would be those of the first.
    #[test]
    fn more_keys_than_32_bits_hold_are_refused() {
        let most = KeySpace::new(65_534, 256, 254).unwrap();
        assert_eq!(u64::from(most.len()), 65_535 * 257 * 255);
        assert_eq!(u64::from(most.nowhere()), 65_535 * 257 * 255 - 1);
        for (region, from, to) in [(0, 0, 0), (65_533, 255, 253), (NONE, 3, NONE)] {
            let parts = most.parts(most.key(region, from, to));
            let code = |part: Option<u16>| part.unwrap_or(NONE);
            assert_eq!(
                (
                    code(parts.region),
                    code(parts.zone_from),
                    code(parts.zone_to)
                ),
                (region, from, to)
            );
        }
        assert!(KeySpace::new(65_535, 255, 255).is_err(), "2^32 keys");
        let words = KeySpace::new(49_000, 300, 300).unwrap_err().to_string();
        assert!(
            words.contains("49000 regions") && words.contains("4439539601 combinations"),
            "{words}"
        );
    }

    #[test]
    fn runs_leave_out_what_is_nowhere() {
        let nowhere = SPACE.nowhere();
        let mut strip = KeyStrip::starting_at(10);
        strip.push_row([nowhere, 5, 5, nowhere, 5, 7], nowhere);
        strip.push_row([nowhere; 6], nowhere);
        let run = |start, end, key| KeyRun { start, end, key };
        assert_eq!(strip.row(10), [run(1, 3, 5), run(4, 5, 5), run(5, 6, 7)]);
        assert!(strip.row(11).is_empty());
        assert_eq!(strip.cells(), 4);
        assert!(strip.touches(10..12, 0..2));
        assert!(!strip.touches(10..12, 0..1));
        assert!(!strip.touches(11..12, 0..6));

        let mut next = KeyStrip::starting_at(12);
        next.push_row([7, nowhere], nowhere);
        strip.append(&next);
        assert_eq!(strip.row(12), [run(0, 1, 7)]);
        assert_eq!(strip.rows(), 10..13);
    }

    #[test]
    fn equal_keys_at_the_row_border_stay_apart() {
        let mut strip = KeyStrip::starting_at(0);
        strip.push_row([1], 99);
        strip.push_row([1], 99);
        assert_eq!(strip.runs().len(), 2);
    }
}
