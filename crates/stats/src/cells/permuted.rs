//! Significant cells under joint permutations of the years, for field significance.

use super::group::Group;
use super::lanes::{LANES, Row};
use super::{CellKernel, Raw};
use crate::StatsError;
use crate::error::open_unit;
use crate::mann_kendall::two_sided_p;
use crate::multiplicity::field::{FieldCounts, JointPermutations};

impl CellKernel {
    /// Adds to `counts` the cells of a block whose Mann-Kendall p is below `alpha`, in the true
    /// order of the years and in each permuted one. A cell keeps its gaps and its ties under
    /// permutation, so only its S changes. Cells with fewer than two values are never significant.
    ///
    /// `values` and `valid` as in [`CellKernel::run`].
    ///
    /// # Errors
    /// Rows that do not fit, 32-bit values or more than 180 times (S would pass 16 bits),
    /// permutations of another number of years, counts of another number of permutations, `alpha`
    /// outside (0, 1).
    pub fn count_permuted<T: Raw>(
        &self,
        values: &[&[T]],
        valid: Option<&[&[bool]]>,
        permutations: &JointPermutations,
        alpha: f64,
        counts: &mut FieldCounts,
    ) -> Result<(), StatsError> {
        let cells = self.check_rows(values, valid)?;
        open_unit("alpha", alpha)?;
        super::length(
            "years of a permutation",
            "times",
            self.times().len(),
            permutations.years(),
        )?;
        super::length(
            "counts under permutation",
            "permutations",
            permutations.orders().len(),
            counts.permuted.len(),
        )?;
        if !T::NARROW || self.times().len() > MAX_TIMES {
            return Err(StatsError::Domain {
                what: "the number of times of a permuted block",
                expected: "at most 180, of 16-bit values",
                found: crate::series::count(self.times().len()),
            });
        }
        let true_order: Vec<usize> = (0..self.times().len()).collect();
        let reversed: Vec<usize> = true_order.iter().rev().copied().collect();
        let mut group = Group::new(self.times().len(), 0);
        for start in (0..cells).step_by(LANES) {
            let len = LANES.min(cells - start);
            group.load(values, start, len);
            let gaps = valid.is_some_and(|rows| group.load_validity(rows, start, len));
            let critical = self.critical_scores(&group, gaps, alpha, len);
            // S is rising less falling pairs. Their sum is the same in every order, and falling pairs
            // are those that rise in the reversed order; so only the rising ones need a count.
            let forwards = rising_of(&group, gaps, &true_order);
            let backwards = rising_of(&group, gaps, &reversed);
            let offset: [i16; LANES] = std::array::from_fn(|l| -(forwards.0[l] + backwards.0[l]));
            let significant = |order: &[usize]| {
                let rising = rising_of(&group, gaps, order);
                let hits: u16 = (0..LANES)
                    .map(|l| 2 * rising.0[l] + offset[l])
                    .zip(critical)
                    .map(|(s, critical)| u16::from(s.unsigned_abs() >= critical))
                    .sum();
                u64::from(hits)
            };
            counts.observed += significant(&true_order);
            for (count, order) in counts.permuted.iter_mut().zip(permutations.orders()) {
                *count += significant(order);
            }
        }
        Ok(())
    }

    /// The smallest |S| of each cell with p below `alpha`; out of reach where there is none.
    fn critical_scores(&self, group: &Group, gaps: bool, alpha: f64, len: usize) -> [u16; LANES] {
        let n: [usize; LANES] = std::array::from_fn(|l| {
            if gaps {
                group.valid.iter().filter(|row| row.0[l] != 0).count()
            } else {
                group.valid.len()
            }
        });
        let ties = if gaps {
            group.tie_terms::<true>()
        } else {
            group.tie_terms::<false>()
        };
        let mut critical = [u16::MAX; LANES];
        for l in 0..len {
            let pairs = n[l] * n[l].saturating_sub(1) / 2;
            let significant =
                |s: u64| n[l] >= 2 && two_sided_p(n[l], s, u64::from(ties[l])).0 < alpha;
            // p does not rise with |S|: the first significant one, by bisection.
            let (mut low, mut high) = (0, pairs as u64 + 1);
            while low < high {
                let middle = u64::midpoint(low, high);
                if significant(middle) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            if high <= pairs as u64 {
                critical[l] = u16::try_from(high).unwrap_or(u16::MAX);
            }
        }
        critical
    }
}

/// With more times S could pass 16 bits.
const MAX_TIMES: usize = 180;

fn rising_of(group: &Group, gaps: bool, order: &[usize]) -> Row<i16> {
    if gaps {
        rising::<true>(group, order)
    } else {
        rising::<false>(group, order)
    }
}

/// Rising pairs of each lane with the years in the given order.
fn rising<const GAPS: bool>(group: &Group, order: &[usize]) -> Row<i16> {
    let mut count = Row([0_i16; LANES]);
    for (later, &j) in order.iter().enumerate() {
        let (y, w) = (&group.ordered[j].0, &group.valid[j].0);
        for &i in &order[..later] {
            let (x, v) = (&group.ordered[i].0, &group.valid[i].0);
            for l in 0..LANES {
                let rises = i16::from(y[l] > x[l]);
                count.0[l] += if GAPS { rises & v[l] & w[l] } else { rises };
            }
        }
    }
    count
}
