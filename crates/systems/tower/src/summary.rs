//! Means, quantiles and their like, as the reference programs compute them.

/// The mean; NaN for nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation with n - 1 below the line; NaN for fewer than two values.
#[must_use]
pub fn sd(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let mean = mean(values);
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// The quantile of type 7 (R's default) of values that are already sorted; NaN for nothing.
#[must_use]
pub fn quantile_sorted(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = last as f64 * probability;
    let below = (at.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let fraction = at - below as f64;
    if fraction == 0.0 {
        sorted[below]
    } else {
        sorted[below] + fraction * (sorted[above] - sorted[below])
    }
}

/// The quantiles of type 7 of the values that are not missing.
#[must_use]
pub fn quantiles<const N: usize>(values: &[f64], probabilities: [f64; N]) -> [f64; N] {
    let sorted = sorted(values);
    probabilities.map(|p| quantile_sorted(&sorted, p))
}

/// The median of the values that are not missing; NaN for nothing.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    let n = sorted.len();
    if n == 0 {
        return f64::NAN;
    }
    if n % 2 == 1 {
        sorted[n / 2]
    } else {
        f64::midpoint(sorted[n / 2 - 1], sorted[n / 2])
    }
}

/// The values that are not missing, in order.
#[must_use]
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Pearson's correlation of two columns of equal length; NaN if one of them does not vary.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    xy / (xx.sqrt() * yy.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_r() {
        // quantile(c(1, 2, 4, 8, 16), c(.05, .25, .5, .95)) in R 4.2.2.
        let values = [16.0, 1.0, f64::NAN, 4.0, 2.0, 8.0];
        let found = quantiles(&values, [0.05, 0.25, 0.5, 0.95]);
        for (found, expected) in found.iter().zip([1.2, 2.0, 4.0, 14.4]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        assert!(quantile_sorted(&[], 0.5).is_nan());
        assert!((median(&[3.0, 1.0, 2.0, 10.0]) - 2.5).abs() < 1e-15);
    }

    #[test]
    fn sd_and_correlation() {
        assert!(
            (sd(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]) - 2.138_089_935_299_395).abs() < 1e-14
        );
        assert!(sd(&[1.0]).is_nan());
        assert!((correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]) - 1.0).abs() < 1e-15);
        assert!(correlation(&[1.0, 1.0], &[2.0, 4.0]).is_nan());
    }
}
