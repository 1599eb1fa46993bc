//! The harmonic fit against numpy, scipy and statsmodels, and against itself on simulated series.

#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use nutag_stats::draws::Draws;
use nutag_stats::harmonic::{HarmonicError, harmonic_fit};
use serde_json::Value;

fn references() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/references/co2/harmonic.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn near(name: &str, got: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!(
        (got - expected).abs() <= 1e-8 * expected.abs() + 1e-10,
        "{name}: {got} against {expected}"
    );
}

#[test]
fn every_number_equals_the_dense_formulas_in_numpy() {
    let references = references();
    let cases = references["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let values: Vec<Option<f64>> = case["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::as_f64)
            .collect();
        let first_year = i32::try_from(case["first_year"].as_i64().unwrap()).unwrap();
        let first_month = u8::try_from(case["first_month"].as_i64().unwrap()).unwrap();
        let fit = harmonic_fit(first_year, first_month, &values).unwrap();
        assert_eq!(fit.n as u64, case["n"].as_u64().unwrap(), "{name}");
        near(name, fit.mean_time_years, &case["mean_time_years"]);
        near(name, fit.level, &case["beta"][0]);
        near(name, fit.growth_per_year, &case["beta"][1]);
        for (i, wave) in fit.waves.iter().enumerate() {
            near(name, *wave, &case["beta"][i + 2]);
        }
        near(
            name,
            fit.growth_se_independent,
            &case["statsmodels_bse_growth"],
        );
        near(name, fit.residual_lag1, &case["residual_lag1"]);
        near(name, fit.memory, &case["memory"]);
        near(name, fit.residual_sd, &case["residual_sd"]);
        near(name, fit.df, &case["df"]);
        near(name, fit.growth_se, &case["growth_se"]);
        near(name, fit.amplitude, &case["amplitude"]);
        near(name, fit.amplitude_se, &case["amplitude_se"]);
        let (low, high) = fit.growth_interval(0.95).unwrap();
        near(name, low, &case["growth_interval_95"][0]);
        near(name, high, &case["growth_interval_95"][1]);
        let months = [fit.month_of_maximum, fit.month_of_minimum];
        assert_eq!(Value::from(months.to_vec()), case["months"], "{name}");
        let without = fit.deseasonalised(&values);
        for (got, expected) in without
            .iter()
            .zip(case["deseasonalised"].as_array().unwrap())
        {
            match got {
                Some(got) => near(name, *got, expected),
                None => assert!(expected.is_null(), "{name}"),
            }
        }
    }
}

/// A series with growth 2 and the cycle of the sample, AR(1) noise and gaps.
fn simulated(draws: &mut Draws, months: usize, memory: f64) -> Vec<Option<f64>> {
    let mut noise = draws.normal();
    (0..months)
        .map(|k| {
            let t = (k as f64 + 0.5) / 12.0;
            let w = std::f64::consts::TAU * t;
            let clean = 390.0 + 2.0 * t + w.cos() + 3.2 * w.sin()
                - 0.9 * (2.0 * w).cos()
                - 1.1 * (2.0 * w).sin();
            let value = clean + 0.4 * noise;
            noise = memory * noise + (1.0 - memory * memory).sqrt() * draws.normal();
            (draws.uniform() > 0.15).then_some(value)
        })
        .collect()
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    for memory in [0.0, 0.4, 0.7] {
        let (runs, mut growth, mut amplitude, mut naive) = (600_u32, 0_u32, 0_u32, 0_u32);
        for run in 0..runs {
            let values = simulated(&mut Draws::new(20_090_123, u64::from(run)), 60, memory);
            let fit = harmonic_fit(2009, 1, &values).unwrap();
            let (low, high) = fit.growth_interval(0.95).unwrap();
            growth += u32::from((low..=high).contains(&2.0));
            let (low, high) = fit.amplitude_interval(0.95).unwrap();
            amplitude += u32::from((low..=high).contains(&8.231_414_943_411_993));
            let half = 2.0 * fit.growth_se_independent;
            naive += u32::from((fit.growth_per_year - 2.0).abs() <= half);
        }
        let share = |count: u32| f64::from(count) / f64::from(runs);
        // 600 runs know a share of 0.95 to 0.009; a memory that is itself estimated costs a few
        // hundredths more the longer it is.
        let least = if memory > 0.5 { 0.88 } else { 0.92 };
        assert!(
            (least..=0.98).contains(&share(growth)),
            "memory {memory}: growth {}",
            share(growth)
        );
        assert!(
            (least..=0.985).contains(&share(amplitude)),
            "memory {memory}: amplitude {}",
            share(amplitude)
        );
        if memory == 0.7 {
            assert!(
                share(naive) < share(growth) - 0.15,
                "independent months: {}",
                share(naive)
            );
        }
    }
}

#[test]
fn a_clean_series_gives_its_own_numbers() {
    let values: Vec<Option<f64>> = simulated(&mut Draws::new(1, 1), 48, 0.0)
        .iter()
        .enumerate()
        .map(|(k, value)| {
            let t = (k as f64 + 0.5) / 12.0;
            let w = std::f64::consts::TAU * t;
            value.map(|_| 390.0 + 2.0 * t + 3.0 * w.sin())
        })
        .collect();
    let fit = harmonic_fit(2009, 1, &values).unwrap();
    assert!((fit.growth_per_year - 2.0).abs() < 1e-12);
    assert!((fit.waves[1] - 3.0).abs() < 1e-12);
    assert!((fit.cycle.iter().sum::<f64>()).abs() < 1e-12);
    assert!((fit.line(6) - (390.0 + 2.0 * 6.5 / 12.0)).abs() < 1e-10);
    let equal = harmonic_fit(2009, 1, &[Some(390.0); 36]).unwrap();
    assert!(equal.growth_per_year.abs() < 1e-12 && equal.growth_se < 1e-12);
}

#[test]
fn too_little_is_refused_with_a_count() {
    let error = |values: &[Option<f64>]| harmonic_fit(2009, 6, values).unwrap_err();
    let too_few = error(&[Some(1.0); 17]).to_string();
    assert!(too_few.contains("at least 18 months"), "{too_few}");
    let summers: Vec<Option<f64>> = (0..120)
        .map(|k| (k % 12 < 4).then_some(f64::from(k)))
        .collect();
    assert!(
        error(&summers)
            .to_string()
            .contains("8 different calendar months")
    );
    let every_fifth: Vec<Option<f64>> = (0..120)
        .map(|k| (k % 5 == 0).then_some(f64::from(k)))
        .collect();
    assert!(error(&every_fifth).to_string().contains("6 pairs"));
    let mut bad = [Some(1.0); 24];
    bad[3] = Some(f64::NAN);
    assert!(matches!(
        error(&bad),
        HarmonicError::NotFinite { index: 3, .. }
    ));
    assert_eq!(
        harmonic_fit(2009, 13, &[Some(1.0); 24]),
        Err(HarmonicError::Month { found: 13 })
    );
    assert!(
        harmonic_fit(2009, 1, &[Some(1.0); 24])
            .unwrap()
            .growth_interval(1.0)
            .is_err()
    );
}
