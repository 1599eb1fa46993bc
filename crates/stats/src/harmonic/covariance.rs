//! What a memory of one month does to the errors of the estimates.

use super::design::{COLUMNS, Design, Row};

/// Memory beyond this is not told from a trend by a few years of months.
pub(super) const LARGEST_MEMORY: f64 = 0.99;

/// Expected quadratic forms of the residuals as polynomials in `rho`: coefficient `k` belongs to
/// months `k` apart.
pub(super) struct Expected {
    /// `E(e'e) / s^2 = tr(M R)`.
    squares: Vec<f64>,
    /// `E(e'L e) / s^2 = tr(M L M R)`.
    neighbours: Vec<f64>,
}

/// Pairs of positions whose months follow each other.
fn pairs(design: &Design) -> impl Iterator<Item = (usize, usize)> {
    let months = design.at.windows(2).enumerate();
    months
        .filter(|(_, pair)| pair[1] - pair[0] == 1)
        .map(|(i, _)| (i, i + 1))
}

/// How many neighbouring months there are.
pub(super) fn neighbours(design: &Design) -> usize {
    pairs(design).count()
}

/// `e'L e`: sum of products of neighbouring months.
pub(super) fn neighbour_products(design: &Design, residuals: &[f64]) -> f64 {
    pairs(design)
        .map(|(i, j)| residuals[i] * residuals[j])
        .sum()
}

impl Expected {
    pub(super) fn new(design: &Design) -> Self {
        let n = design.at.len();
        let q = &design.q;
        let h = |i: usize, j: usize| dot(&q[i], &q[j]);
        // L has one half beside the diagonal where months are neighbours. With H = Q Q',
        // M L M = L - H L - L H + H L H.
        let mut lq = vec![[0.0; COLUMNS]; n];
        for (i, j) in pairs(design) {
            for col in 0..COLUMNS {
                lq[i][col] += 0.5 * q[j][col];
                lq[j][col] += 0.5 * q[i][col];
            }
        }
        let mut qlq = [[0.0; COLUMNS]; COLUMNS];
        for (left, right) in q.iter().zip(&lq) {
            for (row, l) in qlq.iter_mut().zip(left) {
                for (sum, r) in row.iter_mut().zip(right) {
                    *sum += l * r;
                }
            }
        }
        let span = design.at[n - 1] - design.at[0] + 1;
        let mut squares = vec![0.0; span];
        let mut neighbours = vec![0.0; span];
        for i in 0..n {
            let mut hlh_left = [0.0; COLUMNS];
            for (col, sum) in hlh_left.iter_mut().enumerate() {
                *sum = (0..COLUMNS).map(|k| q[i][k] * qlq[k][col]).sum();
            }
            for j in 0..n {
                let apart = design.at[i].abs_diff(design.at[j]);
                squares[apart] += f64::from(u8::from(i == j)) - h(i, j);
                let l = if i.abs_diff(j) == 1 && apart == 1 {
                    0.5
                } else {
                    0.0
                };
                neighbours[apart] +=
                    l - dot(&q[i], &lq[j]) - dot(&lq[i], &q[j]) + dot(&hlh_left, &q[j]);
            }
        }
        Self {
            squares,
            neighbours,
        }
    }

    /// `tr(M R)`.
    pub(super) fn squares(&self, rho: f64) -> f64 {
        polynomial(&self.squares, rho)
    }

    /// The `rho` under which residuals are expected to show the observed lag-1 autocorrelation;
    /// 0 for less memory than none, [`LARGEST_MEMORY`] for more than that.
    pub(super) fn memory(&self, observed: f64) -> f64 {
        let expected = |rho: f64| polynomial(&self.neighbours, rho) / self.squares(rho);
        let (mut low, mut high) = (0.0, LARGEST_MEMORY);
        if expected(low) >= observed {
            return low;
        }
        if expected(high) <= observed {
            return high;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if expected(middle) < observed {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }
}

/// `R` at two positions.
fn correlation(design: &Design, powers: &[f64], i: usize, j: usize) -> f64 {
    powers[design.at[i].abs_diff(design.at[j])]
}

/// `rho^0, rho^1, ...` as far as the series spans.
fn powers(design: &Design, rho: f64) -> Vec<f64> {
    let span = design.at[design.at.len() - 1] - design.at[0] + 1;
    let mut power = 1.0;
    (0..span)
        .map(|_| {
            let now = power;
            power *= rho;
            now
        })
        .collect()
}

/// `(X'X)^-1 X' R X (X'X)^-1` and Satterthwaite's degrees of freedom.
pub(super) fn covariance(design: &Design, rho: f64, squares: f64) -> ([Row; COLUMNS], f64) {
    let powers = powers(design, rho);
    let n = design.at.len();
    // Q'R, one column of months per orthonormal column.
    let mut qr = vec![[0.0; COLUMNS]; n];
    for (j, sums) in qr.iter_mut().enumerate() {
        for (i, q) in design.q.iter().enumerate() {
            let correlation = correlation(design, &powers, i, j);
            for (sum, q) in sums.iter_mut().zip(q) {
                *sum += q * correlation;
            }
        }
    }
    let mut inner = [[0.0; COLUMNS]; COLUMNS];
    for (left, right) in qr.iter().zip(&design.q) {
        for (row, l) in inner.iter_mut().zip(left) {
            for (sum, r) in row.iter_mut().zip(right) {
                *sum += l * r;
            }
        }
    }
    // R^-1 inner R^-T: columns, then rows.
    let half = inner.map(|row| design.back_substitute(row));
    let mut covariance = [[0.0; COLUMNS]; COLUMNS];
    for col in 0..COLUMNS {
        let solved = design.back_substitute(half.map(|row| row[col]));
        for (row, value) in covariance.iter_mut().zip(solved) {
            row[col] = value;
        }
    }
    // A = M R = R - Q (Q'R); tr(A A).
    let a = |i: usize, j: usize| correlation(design, &powers, i, j) - dot(&design.q[i], &qr[j]);
    let mut twice = 0.0;
    for i in 0..n {
        twice += a(i, i) * a(i, i);
        for j in 0..i {
            twice += 2.0 * a(i, j) * a(j, i);
        }
    }
    (covariance, squares * squares / twice)
}

fn dot(a: &Row, b: &Row) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Horner's rule.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}
