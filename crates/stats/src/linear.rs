//! Several regressors at once: least squares, and the small matrices behind it.

use crate::StatsError;
use crate::quantile::student_t_two_sided_p;
use crate::series::{count, mean};

/// A square matrix of a few rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    size: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// All zeros.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self {
            size,
            values: vec![0.0; size * size],
        }
    }

    /// Rows, which are as many as columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The value in row `i` and column `j`.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.size + j]
    }

    pub(crate) fn add(&mut self, i: usize, j: usize, value: f64) {
        self.values[i * self.size + j] += value;
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.size);
        for i in 0..self.size {
            for j in 0..self.size {
                let sum: f64 = (0..self.size).map(|k| self.at(i, k) * other.at(k, j)).sum();
                product.add(i, j, sum);
            }
        }
        product
    }

    pub(crate) fn times_vector(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size)
            .map(|i| {
                vector
                    .iter()
                    .enumerate()
                    .map(|(j, v)| self.at(i, j) * v)
                    .sum()
            })
            .collect()
    }
}

/// The inverse of a symmetric positive definite matrix and the logarithm of its determinant; `None` if
/// it is not one, rounding taken into account.
pub(crate) fn cholesky_inverse(matrix: &Matrix) -> Option<(Matrix, f64)> {
    let n = matrix.size;
    let mut lower = Matrix::zero(n);
    let mut log_determinant = 0.0;
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower.at(i, k) * lower.at(j, k)).sum();
            let rest = matrix.at(i, j) - sum;
            if i == j {
                if rest.is_nan() || rest <= 1e-13 * matrix.at(i, i) {
                    return None;
                }
                lower.add(i, i, libm::sqrt(rest));
                log_determinant += libm::log(rest);
            } else {
                lower.add(i, j, rest / lower.at(j, j));
            }
        }
    }
    let mut inverse = Matrix::zero(n);
    for column in 0..n {
        let mut y = vec![0.0; n];
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| lower.at(i, k) * y[k]).sum();
            y[i] = (f64::from(u8::from(i == column)) - sum) / lower.at(i, i);
        }
        let mut x = vec![0.0; n];
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| lower.at(k, i) * x[k]).sum();
            x[i] = (y[i] - sum) / lower.at(i, i);
        }
        for (row, x) in x.into_iter().enumerate() {
            inverse.add(row, column, x);
        }
    }
    Some((inverse, log_determinant))
}

/// A least-squares fit. The first coefficient is the intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    /// Intercept and slopes.
    pub b: Vec<f64>,
    /// Their standard errors, rows independent.
    pub se: Vec<f64>,
    /// Share of the variance that the fit explains.
    pub r2: f64,
    /// The same with each row predicted by the others (PRESS, Allen 1974); below 0 the mean is better.
    pub r2_press: f64,
    /// Root mean square of those errors, in the unit of the values.
    pub rmse_press: f64,
    /// Durbin and Watson's statistic: 2 without autocorrelation of the residuals, in the order given.
    pub durbin_watson: f64,
}

/// Fits `values` to rows of regressors (without the 1 of the intercept).
///
/// # Errors
/// Returns an error if the lengths differ, a number is not finite, there are no more rows than
/// coefficients, or the regressors are collinear.
pub fn least_squares(rows: &[Vec<f64>], values: &[f64]) -> Result<LeastSquares, StatsError> {
    if rows.len() != values.len() {
        return Err(StatsError::Length {
            what: "values",
            of: "rows",
            expected: rows.len(),
            found: values.len(),
        });
    }
    let k = rows.first().map_or(0, Vec::len) + 1;
    let n = rows.len();
    if n <= k {
        return Err(StatsError::TooFew {
            what: "least squares",
            needed: k + 1,
            found: n,
        });
    }
    // Around the means, so that years as large as 2000 cost no digits.
    let centre: Vec<f64> = (0..k - 1)
        .map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / count(n))
        .collect();
    let at = |i: usize, j: usize| {
        if j == 0 {
            1.0
        } else {
            rows[i][j - 1] - centre[j - 1]
        }
    };
    let mut square = Matrix::zero(k);
    let mut right = vec![0.0; k];
    for (i, value) in values.iter().enumerate() {
        for (a, right) in right.iter_mut().enumerate() {
            *right += at(i, a) * value;
            for b in 0..k {
                square.add(a, b, at(i, a) * at(i, b));
            }
        }
    }
    let (inverse, _) = cholesky_inverse(&square).ok_or(StatsError::NoMaximum {
        what: "least squares",
        hint: "a regressor is constant or the sum of others; leave it out",
    })?;
    let mut b = inverse.times_vector(&right);
    let (mut squares, mut press, mut steps, mut before) = (0.0, 0.0, 0.0, None);
    for (i, value) in values.iter().enumerate() {
        let fitted: f64 = (0..k).map(|j| at(i, j) * b[j]).sum();
        let rest = value - fitted;
        let mut leverage = 0.0;
        for a in 0..k {
            for c in 0..k {
                leverage += at(i, a) * inverse.at(a, c) * at(i, c);
            }
        }
        squares += rest * rest;
        let alone = rest / (1.0 - leverage);
        press += alone * alone;
        if let Some(before) = before {
            let step: f64 = rest - before;
            steps += step * step;
        }
        before = Some(rest);
    }
    let mid = mean(values);
    let total: f64 = values.iter().map(|v| (v - mid) * (v - mid)).sum();
    let variance = squares / count(n - k);
    // The intercept at regressors of 0, and its variance.
    let back: Vec<f64> = std::iter::once(1.0)
        .chain(centre.iter().map(|c| -c))
        .collect();
    let mut of_intercept = 0.0;
    for a in 0..k {
        for c in 0..k {
            of_intercept += back[a] * inverse.at(a, c) * back[c];
        }
    }
    let mut se: Vec<f64> = (0..k)
        .map(|j| libm::sqrt(variance * inverse.at(j, j)))
        .collect();
    se[0] = libm::sqrt(variance * of_intercept);
    b[0] -= b[1..].iter().zip(&centre).map(|(b, c)| b * c).sum::<f64>();
    Ok(LeastSquares {
        b,
        se,
        r2: 1.0 - squares / total,
        r2_press: 1.0 - press / total,
        rmse_press: libm::sqrt(press / count(n)),
        durbin_watson: steps / squares,
    })
}

/// A correlation with the two-sided p of Student's t on `n - 2` degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// The coefficient, -1 to 1.
    pub r: f64,
    /// Two-sided p, pairs independent.
    pub p: f64,
}

/// Pearson's correlation of pairs.
///
/// # Errors
/// Returns an error if the lengths differ, there are fewer than three pairs, or one side does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Result<Correlation, StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::Length {
            what: "y",
            of: "x",
            expected: x.len(),
            found: y.len(),
        });
    }
    if x.len() < 3 {
        return Err(StatsError::TooFew {
            what: "a correlation",
            needed: 3,
            found: x.len(),
        });
    }
    let (mx, my) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    let r = xy / libm::sqrt(xx * yy);
    if !r.is_finite() {
        return Err(StatsError::NoMaximum {
            what: "a correlation",
            hint: "one of the two does not vary",
        });
    }
    let r = r.clamp(-1.0, 1.0);
    let df = count(x.len() - 2);
    let t = r * libm::sqrt(df / ((1.0 - r) * (1.0 + r)));
    Ok(Correlation {
        r,
        p: student_t_two_sided_p(t, df),
    })
}

/// Spearman's correlation: Pearson's of the ranks, ties with their mean rank.
///
/// # Errors
/// As [`pearson`].
pub fn spearman(x: &[f64], y: &[f64]) -> Result<Correlation, StatsError> {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        values
            .iter()
            .map(|v| {
                let below = sorted.partition_point(|s| s < v);
                let to = sorted.partition_point(|s| s <= v);
                0.5 * (count(below) + count(to) + 1.0)
            })
            .collect()
    };
    pearson(&ranks(x), &ranks(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_and_collinear_regressors_are_refused() {
        let rows: Vec<Vec<f64>> = (0..9)
            .map(|i| vec![f64::from(2000 + i), f64::from(i * i % 5)])
            .collect();
        let values: Vec<f64> = rows.iter().map(|r| 3.0 - 0.5 * r[0] + 2.0 * r[1]).collect();
        let fit = least_squares(&rows, &values).unwrap();
        for (got, expected) in fit.b.iter().zip([3.0, -0.5, 2.0]) {
            assert!((got - expected).abs() < 1e-9, "{got}");
        }
        assert!((fit.r2 - 1.0).abs() < 1e-12 && (fit.r2_press - 1.0).abs() < 1e-12);
        let twice: Vec<Vec<f64>> = rows.iter().map(|r| vec![r[0], 2.0 * r[0]]).collect();
        assert!(least_squares(&twice, &values).is_err());
        assert!(least_squares(&rows[..3], &values[..3]).is_err());
    }

    #[test]
    fn correlations_of_a_line_and_of_its_ranks() {
        let x = [1.0, 2.0, 3.0, 10.0];
        assert!((spearman(&x, &[2.0, 4.0, 5.0, 6.0]).unwrap().r - 1.0).abs() < 1e-15);
        assert_eq!(pearson(&x, &[-1.0, -2.0, -3.0, -10.0]).unwrap().r, -1.0);
        assert!(pearson(&x, &[1.0; 4]).is_err());
    }
}
