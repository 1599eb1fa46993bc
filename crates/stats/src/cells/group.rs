//! The values of one group of cells, in rows of lanes.

use super::Raw;
use super::lanes::{LANES, Row};

/// Working memory for one group, reused from group to group.
#[derive(Debug)]
pub(super) struct Group {
    /// Values less `shift`, as 16-bit integers.
    pub ordered: Vec<Row<i16>>,
    /// The same as floats.
    pub values: Vec<Row<f32>>,
    /// All ones where a value counts.
    pub valid: Vec<Row<i16>>,
    /// The slopes of all pairs, to be filled in.
    pub slopes: Vec<Row<f32>>,
    /// What the ordered integers are below the raw values.
    pub shift: i32,
}

impl Group {
    /// Memory for `times` rows of values and `slopes` rows of slopes.
    pub fn new(times: usize, slopes: usize) -> Self {
        Self {
            ordered: vec![Row([0; LANES]); times],
            values: vec![Row([0.0; LANES]); times],
            valid: vec![Row([-1; LANES]); times],
            slopes: vec![Row([0.0; LANES]); slopes],
            shift: 0,
        }
    }

    /// Takes in cells `start..start + len`; lanes beyond are 0.
    // Apart, its arguments are known not to overlap, and it becomes vector code.
    #[inline(never)]
    pub fn load<T: Raw>(&mut self, rows: &[&[T]], start: usize, len: usize) {
        self.shift = T::SHIFT;
        for ((ordered, values), row) in self.ordered.iter_mut().zip(&mut self.values).zip(rows) {
            let raw = lanes(row, start, len);
            for l in 0..LANES {
                ordered.0[l] = raw[l].ordered();
            }
            for l in 0..LANES {
                values.0[l] = f32::from(ordered.0[l]);
            }
        }
    }

    /// Takes in the validity of the same cells; true if any value does not count.
    pub fn load_validity(&mut self, rows: &[&[bool]], start: usize, len: usize) -> bool {
        let mut all = [-1_i16; LANES];
        for (valid, row) in self.valid.iter_mut().zip(rows) {
            let flags = lanes(row, start, len);
            for l in 0..LANES {
                valid.0[l] = -i16::from(flags[l]);
                all[l] &= valid.0[l];
            }
        }
        all[..len].contains(&0)
    }

    /// `sum t(t-1)(2t+5)` over groups of `t` equal values, as the sum of `(t-1)(2t+5)` over values.
    // Apart, its arguments are known not to overlap, and it becomes vector code.
    #[inline(never)]
    pub fn tie_terms<const GAPS: bool>(&self) -> [u32; LANES] {
        let mut terms = [0; LANES];
        for (row, valid) in self.ordered.iter().zip(&self.valid) {
            let mut others = [0_i16; LANES];
            for (other, other_valid) in self.ordered.iter().zip(&self.valid) {
                for l in 0..LANES {
                    let same = i16::from(row.0[l] == other.0[l]);
                    others[l] += if GAPS { same & other_valid.0[l] } else { same };
                }
            }
            for l in 0..LANES {
                // A value that counts is among its own equals.
                let t = if GAPS {
                    others[l] & valid.0[l]
                } else {
                    others[l]
                };
                let t = u32::from(t.max(1).unsigned_abs());
                terms[l] += (t - 1) * (2 * t + 5);
            }
        }
        terms
    }
}

/// `LANES` entries from `start` on, the first `len` of which are in the row.
fn lanes<T: Copy + Default>(row: &[T], start: usize, len: usize) -> [T; LANES] {
    match row[start..].first_chunk() {
        Some(whole) => *whole,
        None => {
            let mut part = [T::default(); LANES];
            part[..len].copy_from_slice(&row[start..start + len]);
            part
        }
    }
}
