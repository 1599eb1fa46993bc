//! The p of a cell from a table, so that millions of cells need no error function.

use crate::mann_kendall::two_sided_p;

/// Tie terms up to this are tabled: six pairs, or a group of five and a pair more. All tie terms
/// are multiples of [`TIE_STEP`], since `t(t-1)(2t+5)` is, whatever t.
const TABLED_TIE_TERM: usize = 318;
const TIE_STEP: usize = 6;
const TIE_ROWS: usize = TABLED_TIE_TERM / TIE_STEP + 1;

/// Above this many values p is computed when asked for; the table would outgrow the cache.
const TABLED_N: usize = 32;

/// Two-sided p by n, tie term and |S|.
#[derive(Debug)]
pub(super) struct SignificanceTable {
    /// For each n: rows of `n(n-1)/2 + 1` p, one row per tie term.
    by_n: Vec<Vec<f64>>,
}

impl SignificanceTable {
    pub fn new(max_n: usize) -> Self {
        let by_n = (0..=max_n.min(TABLED_N))
            .map(|n| {
                if n < 2 {
                    return Vec::new();
                }
                let scores = n * (n - 1) / 2 + 1;
                // No tie term of n values exceeds that of one group of all.
                let largest = n * (n - 1) * (2 * n + 5);
                (0..TIE_ROWS.min(largest / TIE_STEP + 1))
                    .flat_map(|row| (0..scores).map(move |s| (row * TIE_STEP, s)))
                    .map(|(ties, s)| two_sided_p(n, s as u64, ties as u64).0)
                    .collect()
            })
            .collect();
        Self { by_n }
    }

    /// As [`two_sided_p`]; not a number below two values.
    pub fn p(&self, n: u16, abs_s: u32, tie_term: u32) -> f64 {
        let n = usize::from(n);
        if n < 2 {
            return f64::NAN;
        }
        let scores = n * (n - 1) / 2 + 1;
        self.by_n
            .get(n)
            .and_then(|rows| rows.get(tie_term as usize / TIE_STEP * scores + abs_s as usize))
            .copied()
            .unwrap_or_else(|| two_sided_p(n, abs_s.into(), tie_term.into()).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_function() {
        let table = SignificanceTable::new(40);
        for n in [2_u16, 3, 7, 12, 31, 32, 33, 40] {
            let pairs = u32::from(n) * u32::from(n - 1) / 2;
            for groups in [
                vec![],
                vec![2],
                vec![2, 2],
                vec![3],
                vec![5],
                vec![6],
                vec![u32::from(n)],
            ] {
                if groups.iter().sum::<u32>() > n.into() {
                    continue;
                }
                let ties: u32 = groups.iter().map(|t| t * (t - 1) * (2 * t + 5)).sum();
                for s in 0..=pairs {
                    let expected = two_sided_p(n.into(), s.into(), ties.into()).0;
                    assert_eq!(table.p(n, s, ties), expected, "n {n} S {s} ties {ties}");
                }
            }
        }
        assert!(table.p(1, 0, 0).is_nan());
    }
}
