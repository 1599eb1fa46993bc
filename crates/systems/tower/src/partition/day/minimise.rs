//! The variable metric method that R's `optim(method = "BFGS")` uses (J. C. Nash, "Compact Numerical
//! Methods for Computers", 1990, algorithm 21), with central differences. Its early stop is part of
//! the reference's result, so its steps and tests are kept.

/// The step of a central difference.
const DIFFERENCE: f64 = 1e-3;
/// What a step is shortened by.
const SHORTEN: f64 = 0.2;
/// The part of the foreseen fall that is enough.
const ENOUGH: f64 = 1e-4;
/// Steps that vanish beside this are none.
const BESIDE: f64 = 10.0;
/// Most gradients.
const MOST_STEPS: usize = 100;
/// The relative fall of the cost below which the search ends.
const RELATIVE_FALL: f64 = 1e-3;

/// Where a search ended.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    pub at: Vec<f64>,
    pub cost: f64,
    /// Whether it ended by itself.
    pub converged: bool,
}

/// Searches the least cost from `start`; `None` where a cost or a difference is not finite.
pub(super) fn minimise(cost: &dyn Fn(&[f64]) -> f64, start: &[f64]) -> Option<Minimum> {
    let n = start.len();
    let mut b = start.to_vec();
    let mut least = cost(&b);
    if !least.is_finite() {
        return None;
    }
    let mut gradient = difference(cost, &b)?;
    let (mut gradients, mut steps) = (1_usize, 1_usize);
    let mut last_reset = gradients;
    // Of a symmetric matrix, the lower triangle.
    let mut metric = vec![vec![0.0; n]; n];
    loop {
        if last_reset == gradients {
            for (i, row) in metric.iter_mut().enumerate() {
                row.fill(0.0);
                row[i] = 1.0;
            }
        }
        let from = b.clone();
        let before = gradient.clone();
        let mut way: Vec<f64> = (0..n).map(|i| -times(&metric, i, &gradient)).collect();
        let slope: f64 = way.iter().zip(&gradient).map(|(w, g)| w * g).sum();
        let mut still = 0;
        if slope < 0.0 {
            let mut length = 1.0;
            let mut found = least;
            let mut accepted = false;
            loop {
                still = 0;
                for i in 0..n {
                    b[i] = from[i] + length * way[i];
                    still += usize::from((BESIDE + from[i]).to_bits() == (BESIDE + b[i]).to_bits());
                }
                if still < n {
                    found = cost(&b);
                    accepted = found.is_finite() && found <= least + slope * length * ENOUGH;
                    if !accepted {
                        length *= SHORTEN;
                    }
                }
                if still == n || accepted {
                    break;
                }
            }
            if (found - least).abs() <= RELATIVE_FALL * (least.abs() + RELATIVE_FALL) {
                still = n;
                least = found;
            }
            if still < n {
                least = found;
                gradient = difference(cost, &b)?;
                gradients += 1;
                steps += 1;
                way.iter_mut().for_each(|w| *w *= length);
                let change: Vec<f64> = gradient.iter().zip(&before).map(|(g, c)| g - c).collect();
                let d1: f64 = way.iter().zip(&change).map(|(w, c)| w * c).sum();
                if d1 > 0.0 {
                    let x: Vec<f64> = (0..n).map(|i| times(&metric, i, &change)).collect();
                    let d2: f64 = x.iter().zip(&change).map(|(x, c)| x * c).sum();
                    let d2 = 1.0 + d2 / d1;
                    for i in 0..n {
                        for j in 0..=i {
                            metric[i][j] +=
                                (d2 * way[i] * way[j] - way[i] * x[j] - x[i] * way[j]) / d1;
                        }
                    }
                } else {
                    last_reset = gradients;
                }
            } else if last_reset < gradients {
                still = 0;
                last_reset = gradients;
            }
        } else if last_reset == gradients {
            still = n;
        } else {
            last_reset = gradients;
        }
        if steps >= MOST_STEPS {
            break;
        }
        if gradients - last_reset > 2 * n {
            last_reset = gradients;
        }
        if still == n && last_reset == gradients {
            break;
        }
    }
    Some(Minimum {
        at: b,
        cost: least,
        converged: steps < MOST_STEPS,
    })
}

fn times(lower: &[Vec<f64>], i: usize, vector: &[f64]) -> f64 {
    let mut sum = 0.0;
    for j in 0..=i {
        sum += lower[i][j] * vector[j];
    }
    for j in i + 1..vector.len() {
        sum += lower[j][i] * vector[j];
    }
    sum
}

fn difference(cost: &dyn Fn(&[f64]) -> f64, at: &[f64]) -> Option<Vec<f64>> {
    let mut beside = at.to_vec();
    (0..at.len())
        .map(|i| {
            beside[i] = at[i] + DIFFERENCE;
            let above = cost(&beside);
            beside[i] = at[i] - DIFFERENCE;
            let below = cost(&beside);
            beside[i] = at[i];
            let slope = (above - below) / (2.0 * DIFFERENCE);
            slope.is_finite().then_some(slope)
        })
        .collect()
}

/// The second derivatives at a point, by differences of the gradient, made symmetric.
pub(super) fn hessian(cost: &dyn Fn(&[f64]) -> f64, at: &[f64]) -> Option<Vec<Vec<f64>>> {
    let n = at.len();
    let mut beside = at.to_vec();
    let mut hessian = vec![vec![0.0; n]; n];
    for i in 0..n {
        beside[i] = at[i] + DIFFERENCE;
        let above = difference(cost, &beside)?;
        beside[i] = at[i] - DIFFERENCE;
        let below = difference(cost, &beside)?;
        beside[i] = at[i];
        for j in 0..n {
            hessian[i][j] = (above[j] - below[j]) / (2.0 * DIFFERENCE);
        }
    }
    let symmetric = |i: usize, j: usize| 0.5 * (hessian[i][j] + hessian[j][i]);
    Some(
        (0..n)
            .map(|i| (0..n).map(|j| symmetric(i, j)).collect())
            .collect(),
    )
}

/// The inverse by elimination with pivots; `None` where the matrix is singular to working
/// precision.
pub(super) fn inverse(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let norm = |m: &[Vec<f64>]| -> f64 {
        (0..n)
            .map(|j| m.iter().map(|row| row[j].abs()).sum())
            .fold(0.0, f64::max)
    };
    let mut left = matrix.to_vec();
    let mut right: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&a, &b| left[a][column].abs().total_cmp(&left[b][column].abs()))?;
        if left[pivot][column] == 0.0 || !left[pivot][column].is_finite() {
            return None;
        }
        left.swap(column, pivot);
        right.swap(column, pivot);
        let by = left[column][column];
        for j in 0..n {
            left[column][j] /= by;
            right[column][j] /= by;
        }
        for i in (0..n).filter(|&i| i != column) {
            let by = left[i][column];
            for j in 0..n {
                left[i][j] -= by * left[column][j];
                right[i][j] -= by * right[column][j];
            }
        }
    }
    let condition = 1.0 / (norm(matrix) * norm(&right));
    (condition >= f64::EPSILON).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_valley_of_rosenbrock_as_far_as_the_stop_lets() {
        let cost = |x: &[f64]| {
            100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1.0 - x[0]) * (1.0 - x[0])
        };
        let found = minimise(&cost, &[-1.2, 1.0]).unwrap();
        assert!(found.converged && found.cost < 0.1, "{found:?}");
        let curved = hessian(&cost, &[1.0, 1.0]).unwrap();
        let expected = [[802.0, -400.0], [-400.0, 200.0]];
        for i in 0..2 {
            for j in 0..2 {
                assert!((curved[i][j] - expected[i][j]).abs() < 0.01);
            }
        }
        let back = inverse(&curved).unwrap();
        assert!((back[0][0] - 0.5).abs() < 1e-3 && (back[1][1] - 2.005).abs() < 1e-2);
        assert!(inverse(&[vec![1.0, 2.0], vec![2.0, 4.0]]).is_none());
    }
}
