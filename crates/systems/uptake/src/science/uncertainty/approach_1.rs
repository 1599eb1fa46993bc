//! Error propagation of the IPCC 2006 Guidelines, volume 1, chapter 3, approach 1.

/// Largest half-width in per cent for which approach 1 is meant.
pub const LARGEST_PERCENT: f64 = 30.0;

/// Why approach 1 must not be used.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Approach1Refused {
    /// An uncertainty beyond what it is meant for.
    #[error("an uncertainty of {percent:.0} % is above 30 %")]
    Large {
        /// The half-width in per cent.
        percent: f64,
    },
    /// A sum of gains and losses that nearly cancel.
    #[error("gains and losses nearly cancel: the sum is {share:.0} % of what is added up")]
    NearZero {
        /// The sum as a share of the sum of sizes, per cent.
        share: f64,
    },
    /// Terms that share an error.
    #[error("the terms share an error, and approach 1 takes them as independent")]
    Correlated,
    /// Nothing to add up.
    #[error("there is nothing to add up")]
    Empty,
}

/// Uncertainty of a product of independent factors, each given as half of its 95 % interval in per cent:
/// the root of the sum of squares.
///
/// # Errors
/// [`Approach1Refused::Large`], for a factor or the result; [`Approach1Refused::Empty`].
pub fn approach_1_product(half_widths_percent: &[f64]) -> Result<f64, Approach1Refused> {
    if half_widths_percent.is_empty() {
        return Err(Approach1Refused::Empty);
    }
    let squares: f64 = half_widths_percent.iter().map(|u| u * u).sum();
    small(half_widths_percent, squares.sqrt())
}

/// Uncertainty of a sum of independent terms, each `(value, half of its 95 % interval in per cent)`:
/// the root of the sum of squared absolute uncertainties, by the size of the sum.
///
/// # Errors
/// [`Approach1Refused::NearZero`] where gains and losses leave less than half of their sizes,
/// [`Approach1Refused::Large`], [`Approach1Refused::Empty`].
pub fn approach_1_sum(terms: &[(f64, f64)]) -> Result<f64, Approach1Refused> {
    let sum: f64 = terms.iter().map(|(x, _)| x).sum();
    let sizes: f64 = terms.iter().map(|(x, _)| x.abs()).sum();
    if terms.is_empty() || sizes <= 0.0 {
        return Err(Approach1Refused::Empty);
    }
    let share = 100.0 * sum.abs() / sizes;
    if share < 50.0 {
        return Err(Approach1Refused::NearZero { share });
    }
    let half_widths: Vec<f64> = terms.iter().map(|(_, u)| *u).collect();
    let squares: f64 = terms.iter().map(|(x, u)| (x * u) * (x * u)).sum();
    small(&half_widths, squares.sqrt() / sum.abs())
}

fn small(terms: &[f64], result: f64) -> Result<f64, Approach1Refused> {
    match terms
        .iter()
        .chain([&result])
        .find(|u| **u > LARGEST_PERCENT)
    {
        Some(&percent) => Err(Approach1Refused::Large { percent }),
        None => Ok(result),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_sums_by_hand() {
        assert!((approach_1_product(&[3.0, 4.0]).unwrap() - 5.0).abs() < 1e-12);
        // 100 +- 10 and 200 +- 10: 300 +- 14.1.
        let sum = approach_1_sum(&[(100.0, 10.0), (200.0, 5.0)]).unwrap();
        assert!(
            (sum - 100.0 * 200.0_f64.sqrt() / 300.0).abs() < 1e-12,
            "{sum}"
        );
    }

    #[test]
    fn the_published_net_change_is_no_case_for_it() {
        // Gains of 35.3 and losses of 51.2 Mt leave -15.9; 10 % of each zone is 4.5 Mt, 28 % of the net.
        let zones = [17.147, 18.156, -30.901, -20.340].map(|x| (x, 10.0));
        let refused = approach_1_sum(&zones).unwrap_err();
        assert!(
            matches!(refused, Approach1Refused::NearZero { .. }),
            "{refused}"
        );
        let absolute: f64 = zones
            .iter()
            .map(|(x, u)| (x * u / 100.0) * (x * u / 100.0))
            .sum::<f64>()
            .sqrt();
        assert!((absolute - 4.5).abs() < 0.05, "{absolute}");
        assert!((100.0 * absolute / 15.94 - 28.0).abs() < 0.5);
    }

    #[test]
    fn large_uncertainties_are_refused() {
        assert_eq!(
            approach_1_product(&[39.2]),
            Err(Approach1Refused::Large { percent: 39.2 })
        );
        assert!(approach_1_product(&[25.0, 25.0]).is_err());
        assert_eq!(approach_1_sum(&[]), Err(Approach1Refused::Empty));
        assert_eq!(approach_1_product(&[]), Err(Approach1Refused::Empty));
    }
}
