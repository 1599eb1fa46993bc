//! How often each test of twelve values calls a null series significant at 0.05, against the
//! published simulation (12,000 repetitions, power 6,000): AR(1) noise of unit variance.
#![allow(missing_docs)]

use nutag_stats::draws::Draws;
use nutag_stats::mann_kendall::mann_kendall;
use nutag_stats::mann_kendall::serial::{
    HamedRaoSum, hamed_rao, prewhitened, trend_free_prewhitened, yue_wang,
};
use nutag_stats::mann_kendall::trends_earth::te_thresholds;
use nutag_stats::power::detectable_slope;
use nutag_stats::slope::ols;
use nutag_stats::{Series, StatsError};

const N: usize = 12;
const REPETITIONS: u32 = 12_000;
const TESTS: [&str; 8] = [
    "exact MK",
    "OLS t",
    "Hamed-Rao",
    "Yue-Wang, all lags",
    "Yue-Wang, lag 1",
    "PW",
    "TFPW",
    "Trends.Earth 95 %",
];

/// The published shares, one row per test of [`TESTS`].
const SIZE_WHITE: [f64; 8] = [0.046, 0.053, 0.041, 0.395, 0.125, 0.030, 0.055, 0.118];
const SIZE_PHI_2: [f64; 8] = [0.083, 0.092, 0.075, 0.428, 0.131, 0.038, 0.089, 0.176];
const SIZE_PHI_4: [f64; 8] = [0.140, 0.168, 0.129, 0.480, 0.147, 0.047, 0.152, 0.255];
const POWER_2: [f64; 8] = [0.51, 0.58, 0.47, 0.90, 0.58, 0.12, 0.41, 0.71];
const POWER_3: [f64; 8] = [0.83, 0.90, 0.79, 0.99, 0.81, 0.17, 0.74, 0.94];

/// AR(1) noise of unit variance on a slope, from its own stream.
fn draw(stream: u64, phi: f64, slope: f64) -> Series {
    let mut draws = Draws::new(20_010_101, stream);
    let mut noise = draws.normal();
    let values: Vec<Option<f64>> = (0..N)
        .map(|k| {
            if k > 0 {
                noise = phi * noise + (1.0 - phi * phi).sqrt() * draws.normal();
            }
            Some(noise + slope * k as f64)
        })
        .collect();
    Series::annual(2001, &values).unwrap()
}

fn rejections(series: &Series) -> Result<[bool; 8], StatsError> {
    let mk = mann_kendall(series)?;
    let below = |p: Option<f64>| p.is_some_and(|p| p < 0.05);
    Ok([
        mk.p < 0.05,
        ols(series)?.p < 0.05,
        below(hamed_rao(series, 0.05, None, HamedRaoSum::Absolute)?.p),
        below(yue_wang(series, N - 1)?.p),
        below(yue_wang(series, 1)?.p),
        prewhitened(series)?.test.p < 0.05,
        trend_free_prewhitened(series)?.test.p < 0.05,
        mk.s.unsigned_abs() >= te_thresholds(N).unwrap()[1],
    ])
}

/// Compares the shares of a simulation with the published ones, of `published` repetitions.
fn check(phi: f64, slope: f64, expected: [f64; 8], published: f64, rounding: f64) {
    let mut hits = [0_u32; 8];
    for stream in 0..REPETITIONS {
        let found = rejections(&draw(u64::from(stream), phi, slope)).unwrap();
        for (hit, found) in hits.iter_mut().zip(found) {
            *hit += u32::from(found);
        }
    }
    let shares = hits.map(|hit| f64::from(hit) / f64::from(REPETITIONS));
    for ((name, share), expected) in TESTS.iter().zip(shares).zip(expected) {
        // Both sides are simulations; four standard errors of their difference, and the rounding
        // of the published figure.
        let variance = expected * (1.0 - expected);
        let error = (variance / f64::from(REPETITIONS) + variance / published).sqrt();
        assert!(
            (share - expected).abs() <= 4.0 * error + rounding,
            "{name}, phi {phi}, slope {slope}: {share:.4}, published {expected}; all: {shares:.4?}"
        );
    }
    if phi == 0.0 && slope == 0.0 {
        assert!(
            shares[0] <= 0.06,
            "the default test keeps its size: {}",
            shares[0]
        );
    }
}

#[test]
fn size_on_white_noise() {
    check(0.0, 0.0, SIZE_WHITE, 12_000.0, 0.0005);
}

#[test]
fn size_on_autocorrelated_noise() {
    check(0.2, 0.0, SIZE_PHI_2, 12_000.0, 0.0005);
    check(0.4, 0.0, SIZE_PHI_4, 12_000.0, 0.0005);
}

#[test]
fn power_on_a_slope() {
    check(0.0, 0.2, POWER_2, 6_000.0, 0.005);
    check(0.0, 0.3, POWER_3, 6_000.0, 0.005);
}

#[test]
fn the_detectable_slope_is_found_four_times_in_five() {
    let times: Vec<f64> = (0..N).map(|k| k as f64).collect();
    let slope = detectable_slope(&times, 1.0, 0.05, 0.8).unwrap();
    let share = |slope: f64, test: usize| {
        let hits = (0..REPETITIONS)
            .filter(|stream| {
                rejections(&draw(1_000_000 + u64::from(*stream), 0.0, slope)).unwrap()[test]
            })
            .count();
        hits as f64 / f64::from(REPETITIONS)
    };
    let error = 4.0 * (0.8_f64 * 0.2 / f64::from(REPETITIONS)).sqrt();
    let least_squares = share(slope, 1);
    assert!((least_squares - 0.8).abs() < error, "{least_squares}");
    // The documentation of `power`: Mann-Kendall needs about a twelfth more.
    let rank = share(slope * 13.0 / 12.0, 0);
    assert!((rank - 0.8).abs() < 2.0 * error, "{rank}");
}
