//! The exact distribution of Kendall's S when there is no trend.

use std::sync::OnceLock;

use crate::exact::ratio_u128_to_f64;
use crate::series::count;

/// Above this many values the normal approximation is used.
pub const EXACT_MAX_N: usize = 40;

/// `n!` fits 128 bits up to here; above, probabilities are carried in f64.
const COUNTED_MAX_N: usize = 34;

/// The exact null distribution of |S| for one n.
#[derive(Debug, Clone)]
pub struct ExactNull {
    pairs: usize,
    /// `P(|S| >= pairs - 2 inversions)` by the number of inversions, up to half of the pairs.
    two_sided: Vec<f64>,
}

/// The distribution for `n <= 40` values without ties, computed once and kept.
///
/// # Panics
/// If `n` exceeds [`EXACT_MAX_N`]; callers choose by that constant.
#[must_use]
pub fn exact_null(n: usize) -> &'static ExactNull {
    static TABLES: [OnceLock<ExactNull>; EXACT_MAX_N + 1] =
        [const { OnceLock::new() }; EXACT_MAX_N + 1];
    TABLES[n].get_or_init(|| ExactNull::new(n))
}

impl ExactNull {
    fn new(n: usize) -> Self {
        let pairs = n * n.saturating_sub(1) / 2;
        let two_sided = if n <= COUNTED_MAX_N {
            counted(n, pairs)
        } else {
            weighted(n, pairs)
        };
        Self { pairs, two_sided }
    }

    /// `P(|S| >= abs_s)`. S has the parity of n(n-1)/2; a value of the other parity is rounded up
    /// to the next one that can happen.
    #[must_use]
    pub fn two_sided_p(&self, abs_s: u64) -> f64 {
        let Some(slack) = usize::try_from(abs_s)
            .ok()
            .and_then(|s| self.pairs.checked_sub(s))
        else {
            return 0.0;
        };
        if abs_s == 0 {
            return 1.0;
        }
        self.two_sided[slack / 2]
    }

    /// The smallest |S| with `P(|S| >= s) <= alpha`, and that probability. If not even the largest
    /// reaches it: two beyond the largest, and 0.
    #[must_use]
    pub fn critical(&self, alpha: f64) -> (f64, f64) {
        let pairs = count(self.pairs);
        self.two_sided
            .iter()
            .enumerate()
            // The level's complement is rounded; one part in 1e12 decides nothing else.
            .take_while(|(_, p)| **p <= alpha * (1.0 + 1e-12))
            .last()
            .map_or((pairs + 2.0, 0.0), |(inversions, p)| {
                (pairs - 2.0 * count(inversions), *p)
            })
    }
}

/// Counts permutations by inversions: `c_k = c_(k-1)` convolved with k ones, in integers.
fn counted(n: usize, pairs: usize) -> Vec<f64> {
    let mut counts = vec![0_u128; pairs + 1];
    counts[0] = 1;
    let mut factorial = 1_u128;
    let mut reach = 0;
    for k in 2..=n {
        factorial *= k as u128;
        reach += k - 1;
        let before = counts.clone();
        for (inversions, slot) in counts.iter_mut().enumerate().take(reach + 1) {
            *slot = before[(inversions + 1).saturating_sub(k)..=inversions]
                .iter()
                .sum();
        }
    }
    let mut tail = 0_u128;
    counts
        .iter()
        .take(pairs / 2 + 1)
        .enumerate()
        .map(|(inversions, c)| {
            tail += c;
            if 2 * inversions == pairs {
                1.0
            } else {
                ratio_u128_to_f64(2 * tail, factorial)
            }
        })
        .collect()
}

/// The same in probabilities, dividing by k at each step. All terms are positive, so the relative
/// error stays near 1e-14.
fn weighted(n: usize, pairs: usize) -> Vec<f64> {
    let mut weights = vec![0.0_f64; pairs + 1];
    weights[0] = 1.0;
    for k in 2..=n {
        let before = weights.clone();
        for (inversions, slot) in weights.iter_mut().enumerate() {
            let sum: f64 = before[(inversions + 1).saturating_sub(k)..=inversions]
                .iter()
                .sum();
            *slot = sum / count(k);
        }
    }
    let mut tail = 0.0;
    weights
        .iter()
        .take(pairs / 2 + 1)
        .enumerate()
        .map(|(inversions, w)| {
            tail += w;
            if 2 * inversions == pairs {
                1.0
            } else {
                (2.0 * tail).min(1.0)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brute_force_to_seven() {
        for n in 2..=7_usize {
            let mut order: Vec<usize> = (0..n).collect();
            let mut scores = Vec::new();
            permutations(&mut order, 0, &mut |p| {
                let mut s = 0_i64;
                for i in 0..n {
                    for j in i + 1..n {
                        s += if p[j] > p[i] { 1 } else { -1 };
                    }
                }
                scores.push(s.unsigned_abs());
            });
            for abs_s in 0..=(n * (n - 1) / 2) as u64 {
                let hits = scores.iter().filter(|s| **s >= abs_s).count();
                let expected = count(hits) / count(scores.len());
                let got = exact_null(n).two_sided_p(abs_s);
                assert_eq!(got, expected, "n {n} S {abs_s}");
            }
        }
    }

    fn permutations(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            return visit(order);
        }
        for k in from..order.len() {
            order.swap(from, k);
            permutations(order, from + 1, visit);
            order.swap(from, k);
        }
    }

    #[test]
    fn the_five_percent_cuts() {
        for (n, cut, p) in [
            (10, 23.0, 0.0466),
            (12, 30.0, 0.0447),
            (13, 34.0, 0.0422),
            (20, 62.0, 0.0468),
        ] {
            let (critical, reached) = exact_null(n).critical(0.05);
            assert_eq!(critical, cut);
            assert!((reached - p).abs() < 5e-5, "n {n}: {reached}");
        }
        assert_eq!(exact_null(3).critical(0.05), (5.0, 0.0));
    }

    #[test]
    fn counted_and_weighted_agree_where_both_can() {
        for n in [20, 33, 34] {
            let pairs = n * (n - 1) / 2;
            for (a, b) in counted(n, pairs).iter().zip(weighted(n, pairs)) {
                assert!((a / b - 1.0).abs() < 1e-13, "n {n}: {a} {b}");
            }
        }
    }

    #[test]
    fn beyond_the_largest_score_nothing_happens() {
        assert_eq!(exact_null(12).two_sided_p(67), 0.0);
        assert_eq!(exact_null(12).two_sided_p(0), 1.0);
    }
}
