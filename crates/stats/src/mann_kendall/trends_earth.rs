//! `te-compat`: trend classes as Trends.Earth computes them, for comparison only.
//!
//! Its thresholds for "90 %" and "95 %" are one-sided: at n = 12 their two-sided p are 0.250 and
//! 0.116, so one null series in nine is called significant. Never use these for a new result.
//!
//! Source: `te_algorithms` (gee/stats.py, productivity.py), commit 35b2b7d.

const FIRST_N: usize = 4;
const K90: [u64; 17] = [
    4, 6, 7, 9, 10, 12, 15, 17, 18, 22, 23, 27, 28, 32, 35, 37, 40,
];
const K95: [u64; 17] = [
    4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 31, 33, 36, 40, 43, 47, 50,
];
const K99: [u64; 17] = [
    6, 8, 11, 18, 22, 25, 29, 34, 38, 41, 47, 50, 56, 61, 65, 70, 76,
];

/// Thresholds of |S| at nominal 90, 95 and 99 %; `None` outside n = 4 to 20.
#[must_use]
pub fn te_thresholds(n: usize) -> Option<[u64; 3]> {
    let k = n.checked_sub(FIRST_N)?;
    Some([*K90.get(k)?, *K95.get(k)?, *K99.get(k)?])
}

/// The `te-compat` class: the sign of the OLS slope times 1, 2 or 3 for nominal 90, 95 and 99 %,
/// 0 for no trend. `None` outside n = 4 to 20.
///
/// `stable_below`: slopes of at most this size are forced to 0; Trends.Earth uses 10 for NDVI
/// scaled by 1e4.
#[must_use]
pub fn te_class(n: usize, s: i64, ols_slope: f64, stable_below: f64) -> Option<i8> {
    let thresholds = te_thresholds(n)?;
    let reached = thresholds
        .iter()
        .filter(|k| s.unsigned_abs() >= **k)
        .count();
    let level = i8::try_from(reached).unwrap_or(3);
    Some(if ols_slope.abs() <= stable_below || ols_slope == 0.0 {
        0
    } else if ols_slope > 0.0 {
        level
    } else {
        -level
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mann_kendall::exact_null;

    #[test]
    fn twelve_years() {
        assert_eq!(te_thresholds(12), Some([18, 24, 38]));
        assert_eq!(te_class(12, 30, 20.0, 10.0), Some(2));
        assert_eq!(te_class(12, -40, -20.0, 10.0), Some(-3));
        assert_eq!(te_class(12, -40, -10.0, 10.0), Some(0));
        assert_eq!(te_class(12, 17, 20.0, 10.0), Some(0));
        assert_eq!(
            (te_class(3, 3, 1.0, 0.0), te_class(21, 99, 1.0, 0.0)),
            (None, None)
        );
    }

    #[test]
    fn the_thresholds_are_as_liberal_as_documented() {
        let p = |s| exact_null(12).two_sided_p(s);
        assert!((p(18) - 0.250).abs() < 5e-4);
        assert!((p(24) - 0.116).abs() < 5e-4);
        assert!((p(38) - 0.0088).abs() < 5e-5);
    }
}
