//! Which slope could these years have shown: the power of the t test of an OLS slope.
//!
//! With independent normal errors of standard deviation `sd`, the t statistic of a true slope `b`
//! is noncentral t with `df = n - 2` and noncentrality `b sqrt(Sxx) / sd`, so power is exact and no
//! approximation is used. Mann-Kendall on such errors needs a slope about a twelfth larger at n = 12
//! (simulated; its size is 0.045 and its efficiency 3/pi): state the OLS figure and say so.

use crate::quantile::{noncentral_t_cdf, student_t_quantile};
use crate::series::mean;
use crate::{Series, StatsError, error::open_unit};

/// Power of the two-sided t test at `alpha` to find a true `slope` when the residuals have standard
/// deviation `residual_sd`, at the times given (missing years left out).
///
/// # Errors
/// Fewer than three times, times out of order, `alpha` outside (0, 1), a standard deviation that is
/// not positive.
pub fn power_of_slope(
    times: &[f64],
    slope: f64,
    residual_sd: f64,
    alpha: f64,
) -> Result<f64, StatsError> {
    let design = Design::new(times, alpha)?;
    positive(residual_sd)?;
    Ok(design.power(slope * design.root_sxx / residual_sd))
}

/// The smallest slope found with probability `power` (such as 0.8) at level `alpha` when the
/// residuals have standard deviation `residual_sd`; 0 if the standard deviation is 0.
///
/// # Errors
/// As [`power_of_slope`], and a power that is not between `alpha` and 1.
pub fn detectable_slope(
    times: &[f64],
    residual_sd: f64,
    alpha: f64,
    power: f64,
) -> Result<f64, StatsError> {
    let design = Design::new(times, alpha)?;
    if residual_sd == 0.0 {
        return Ok(0.0);
    }
    positive(residual_sd)?;
    open_unit("the power", power)?;
    if power <= alpha {
        return Err(StatsError::Domain {
            what: "the power",
            expected: "greater than alpha, which a slope of zero already reaches",
            found: power,
        });
    }
    // With one degree of freedom the critical t is 12.7 and 80 % power needs a noncentrality of 18.
    let (mut low, mut high) = (0.0, 30.0);
    if design.power(high) < power {
        return Err(StatsError::Domain {
            what: "the power",
            expected: "one that so few years can reach; ask for less or add years",
            found: power,
        });
    }
    while high - low > 1e-13 * high {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if design.power(middle) < power {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(f64::midpoint(low, high) * residual_sd / design.root_sxx)
}

struct Design {
    df: f64,
    critical: f64,
    root_sxx: f64,
}

impl Design {
    fn new(times: &[f64], alpha: f64) -> Result<Self, StatsError> {
        let series = Series::complete(times, &vec![0.0; times.len()])?;
        series.at_least("the power of a slope", 3)?;
        open_unit("alpha", alpha)?;
        let df = crate::series::count(times.len()) - 2.0;
        let centre = mean(times);
        let sxx: f64 = times.iter().map(|t| (t - centre) * (t - centre)).sum();
        Ok(Self {
            df,
            critical: student_t_quantile(1.0 - 0.5 * alpha, df),
            root_sxx: libm::sqrt(sxx),
        })
    }

    fn power(&self, delta: f64) -> f64 {
        let delta = delta.abs().min(30.0);
        1.0 - noncentral_t_cdf(self.critical, self.df, delta)
            + noncentral_t_cdf(-self.critical, self.df, delta)
    }
}

fn positive(sd: f64) -> Result<(), StatsError> {
    if sd > 0.0 && sd.is_finite() {
        Ok(())
    } else {
        Err(StatsError::Domain {
            what: "the residual standard deviation",
            expected: "positive and finite",
            found: sd,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_found_four_times_in_five_has_that_power() {
        let times: Vec<f64> = (0..12).map(f64::from).collect();
        let slope = detectable_slope(&times, 20.0, 0.05, 0.8).unwrap();
        // 80 % needs a little under 0.3 sd a year at n = 12.
        assert!(slope / 20.0 > 0.25 && slope / 20.0 < 0.3, "{slope}");
        let power = power_of_slope(&times, slope, 20.0, 0.05).unwrap();
        assert!((power - 0.8).abs() < 1e-10);
        // No slope, no power but the size.
        assert!((power_of_slope(&times, 0.0, 20.0, 0.05).unwrap() - 0.05).abs() < 1e-12);
    }

    #[test]
    fn three_years_and_bad_questions() {
        assert!(detectable_slope(&[1.0, 2.0, 3.0], 1.0, 0.05, 0.8).unwrap() > 10.0);
        assert!(detectable_slope(&[1.0, 2.0], 1.0, 0.05, 0.8).is_err());
        assert!(detectable_slope(&[1.0, 2.0, 3.0], -1.0, 0.05, 0.8).is_err());
        assert!(detectable_slope(&[1.0, 2.0, 3.0], 1.0, 0.05, 0.01).is_err());
        assert_eq!(detectable_slope(&[1.0, 2.0, 3.0], 0.0, 0.05, 0.8), Ok(0.0));
    }
}
