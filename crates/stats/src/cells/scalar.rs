//! One cell at a time, plainly: the reference for the lanes, and the way for long or wide series.

use super::{CellKernel, CellTrend, Raw};
use crate::exact::ratio_to_f64;
use crate::mann_kendall::two_sided_p;

impl CellKernel {
    /// The trend of one cell of a block, by the definitions.
    ///
    /// # Panics
    /// If the rows do not fit the kernel or the cell is not in them; [`CellKernel::run`] checks.
    #[must_use]
    pub fn one_cell<T: Raw>(
        &self,
        values: &[&[T]],
        valid: Option<&[&[bool]]>,
        cell: usize,
    ) -> CellTrend {
        let points: Vec<(i64, i64)> = (0..self.times().len())
            .filter(|&k| valid.is_none_or(|rows| rows[k][cell]))
            .map(|k| (self.times()[k].into(), values[k][cell].into().into()))
            .collect();
        trend(&points)
    }
}

/// The trend of points `(time, raw value)` in order of time.
fn trend(points: &[(i64, i64)]) -> CellTrend {
    let n = points.len();
    let sum: i128 = points.iter().map(|(_, y)| i128::from(*y)).sum();
    let mut result = CellTrend {
        n: n as u16,
        mean: if n > 0 {
            ratio_to_f64(sum, n as i128)
        } else {
            f64::NAN
        },
        ols_slope: f64::NAN,
        sen_slope: f64::NAN,
        s: 0,
        tie_term: 0,
        p: f64::NAN,
    };
    if n < 2 {
        return result;
    }
    let (mut t_sum, mut tt_sum, mut ty_sum) = (0_i128, 0_i128, 0_i128);
    for &(t, y) in points {
        // From the first time on, to keep the numbers small.
        let t = i128::from(t - points[0].0);
        t_sum += t;
        tt_sum += t * t;
        ty_sum += t * i128::from(y);
    }
    let n_wide = n as i128;
    result.ols_slope = ratio_to_f64(
        n_wide * ty_sum - t_sum * sum,
        n_wide * tt_sum - t_sum * t_sum,
    );

    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    for (i, (ti, yi)) in points.iter().enumerate() {
        for (tj, yj) in &points[i + 1..] {
            slopes.push((i128::from(yj - yi), i128::from(tj - ti)));
            result.s += (yj - yi).signum() as i32;
        }
    }
    slopes.sort_unstable_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));
    let (rise, run) = slopes[slopes.len() / 2];
    result.sen_slope = if slopes.len() % 2 == 1 {
        ratio_to_f64(rise, run)
    } else {
        let (lower_rise, lower_run) = slopes[slopes.len() / 2 - 1];
        ratio_to_f64(rise * lower_run + lower_rise * run, 2 * run * lower_run)
    };

    let mut sorted: Vec<i64> = points.iter().map(|(_, y)| *y).collect();
    sorted.sort_unstable();
    result.tie_term = sorted
        .chunk_by(|a, b| a == b)
        .map(|group| {
            let t = group.len() as u32;
            t * (t - 1) * (2 * t + 5)
        })
        .sum();
    result.p = two_sided_p(n, result.s.unsigned_abs().into(), result.tie_term.into()).0;
    result
}
