//! Our numbers against scipy, statsmodels and pyMannKendall; `tests/references/stats/make.py` made
//! them and says how.
#![allow(missing_docs)]

use std::path::Path;

use nutag_stats::mann_kendall::serial::{
    HamedRaoSum, hamed_rao, prewhitened, trend_free_prewhitened, yue_wang,
};
use nutag_stats::mann_kendall::{exact_null, mann_kendall};
use nutag_stats::slope::{InterceptForm, lag1, lag1_of_residuals, ols, theil_sen};
use nutag_stats::{Series, epoch, multiplicity, power, quantile};
use serde_json::Value;

fn references() -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/references/stats/references.json");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn numbers(row: &Value) -> Vec<f64> {
    list(row).iter().map(|v| v.as_f64().unwrap()).collect()
}

fn list(v: &Value) -> &Vec<Value> {
    v.as_array().unwrap()
}

/// Within `tolerance` of each other, relative to the larger of the expected size and `floor`.
fn close(what: &str, got: f64, expected: f64, tolerance: f64, floor: f64) {
    let allowed = tolerance * expected.abs().max(floor);
    assert!(
        (got - expected).abs() <= allowed,
        "{what}: got {got:e}, expected {expected:e}, off by {:e}",
        got - expected
    );
}

#[test]
fn distributions_agree_to_ten_digits() {
    let all = references();
    let d = &all["distributions"];
    let mut compared = 0;
    let mut check = |name: &str, f: &dyn Fn(&[f64]) -> f64, floor: f64| {
        for row in list(&d[name]) {
            let row = numbers(row);
            let (&expected, arguments) = row.split_last().unwrap();
            close(
                &format!("{name} {arguments:?}"),
                f(arguments),
                expected,
                1e-10,
                floor,
            );
            compared += 1;
        }
    };
    // Probabilities far in a tail are compared relative to themselves.
    check("t_cdf", &|a| quantile::student_t_cdf(a[0], a[1]), 1e-290);
    check(
        "t_two_sided_p",
        &|a| quantile::student_t_two_sided_p(a[0], a[1]),
        1e-290,
    );
    check(
        "t_quantile",
        &|a| quantile::student_t_quantile(a[0], a[1]),
        1e-290,
    );
    check("normal_cdf", &|a| quantile::normal_cdf(a[0]), 1e-300);
    check(
        "normal_quantile",
        &|a| quantile::normal_quantile(a[0]),
        1e-10,
    );
    check(
        "noncentral_t_cdf",
        &|a| quantile::noncentral_t_cdf(a[0], a[1], a[2]),
        1.0,
    );
    check(
        "incomplete_beta",
        &|a| quantile::incomplete_beta(a[0], a[1], a[2], 1.0 - a[2]),
        1e-290,
    );
    assert!(compared > 500);
}

#[test]
fn exact_p_agree_with_counting_in_unbounded_integers() {
    let mut compared = 0;
    for entry in list(&references()["exact_two_sided"]) {
        let n = usize::try_from(entry["n"].as_u64().unwrap()).unwrap();
        // In integers to n = 34, in floats beyond.
        let tolerance = if n <= 34 { 3e-16 } else { 1e-13 };
        for row in list(&entry["p"]) {
            let s = row[0].as_u64().unwrap();
            let expected = row[1].as_f64().unwrap();
            let got = exact_null(n).two_sided_p(s);
            close(&format!("n {n} S {s}"), got, expected, tolerance, 0.0);
            compared += 1;
        }
    }
    assert!(compared > 2000);
}

#[test]
fn the_shared_tables_of_exact_p_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/facts");
    for n in [10, 12, 20] {
        let path = folder.join(format!("mann-kendall-exact-n{n}.csv"));
        let Ok(text) = std::fs::read_to_string(&path) else {
            nutag_testkit::skipped(
                "shared",
                format!(
                    "{} is absent; the same figures are in references.json",
                    path.display()
                ),
            );
            continue;
        };
        let rows: Vec<(u64, f64)> = text
            .lines()
            .skip(1)
            .map(|line| {
                let (s, p) = line.split_once(',').unwrap();
                (s.parse().unwrap(), p.parse().unwrap())
            })
            .collect();
        assert_eq!(rows.len(), n * (n - 1) / 4 + 1);
        for (s, p) in rows {
            assert_eq!(exact_null(n).two_sided_p(s), p, "n {n} S {s}");
        }
    }
}

struct Case {
    name: String,
    series: Series,
    values: Vec<Option<f64>>,
    times: Vec<f64>,
    expected: Value,
}

fn cases() -> Vec<Case> {
    list(&references()["series"])
        .iter()
        .map(|case| {
            let times = numbers(&case["times"]);
            let values: Vec<Option<f64>> =
                list(&case["values"]).iter().map(Value::as_f64).collect();
            Case {
                name: case["name"].as_str().unwrap().to_owned(),
                series: Series::new(&times, &values).unwrap(),
                values,
                times,
                expected: case.clone(),
            }
        })
        .collect()
}

#[test]
fn least_squares_agree_with_statsmodels() {
    for case in cases() {
        let (line, e) = (ols(&case.series).unwrap(), &case.expected["ols"]);
        let check = |what: &str, got: f64, floor: f64| {
            let label = format!("{} {what}", case.name);
            close(&label, got, e[what].as_f64().unwrap(), 1e-9, floor);
        };
        if case.name == "constant" {
            // statsmodels leaves rounding noise; equal values have no slope and no spread at all.
            assert_eq!(
                (line.slope, line.slope_se, line.residual_sd),
                (0.0, 0.0, 0.0)
            );
            assert_eq!((line.mean_value, line.p, line.r2), (7.0, 1.0, None));
            continue;
        }
        let spread = line.residual_sd.max(1e-3);
        check("slope", line.slope, 1e-3 * spread);
        check("mean_value", line.mean_value, 0.0);
        check("slope_se", line.slope_se, 1e-4 * spread);
        check("residual_sd", line.residual_sd, 1e-4 * spread);
        check("p", line.p, 1e-12);
        let (low, high) = line.slope_interval(0.95).unwrap();
        check("low", low, 1e-2 * spread);
        check("high", high, 1e-2 * spread);
        let (low, high) = line.line_interval(case.series.times()[0], 0.95).unwrap();
        check("first_low", low, 1e-2 * spread);
        check("first_high", high, 1e-2 * spread);
        let r2 = e["r2"].as_f64().unwrap();
        close(&case.name, line.r2.unwrap(), r2, 1e-9, 1e-3);
    }
}

#[test]
fn theil_sen_agrees_with_scipy() {
    for case in cases() {
        let e = &case.expected["theil_sen"];
        let line = theil_sen(&case.series, InterceptForm::Conover, 0.95).unwrap();
        let joint = theil_sen(&case.series, InterceptForm::MedianResidual, 0.95).unwrap();
        let check = |what: &str, got: f64| match e[what].as_f64() {
            Some(expected) => close(&format!("{} {what}", case.name), got, expected, 1e-11, 1e-3),
            None => assert!(got.is_infinite(), "{} {what}: {got}", case.name),
        };
        check("slope", line.slope);
        check("intercept_conover", line.intercept);
        check("intercept_joint", joint.intercept);
        check("low", line.interval.low);
        check("high", line.interval.high);
        check("coverage", line.interval.coverage);
    }
}

#[test]
fn mann_kendall_agrees_with_pymannkendall_and_scipy() {
    for case in cases() {
        let (mk, e) = (
            mann_kendall(&case.series).unwrap(),
            &case.expected["mann_kendall"],
        );
        let name = &case.name;
        assert_eq!(Some(mk.s), e["s"].as_i64(), "{name}");
        assert_eq!(Some(mk.p_method.name()), e["p_method"].as_str(), "{name}");
        close(name, mk.var_s, e["var_s"].as_f64().unwrap(), 1e-14, 0.0);
        close(name, mk.tau_a, e["tau_a"].as_f64().unwrap(), 1e-14, 0.0);
        match e["tau_b"].as_f64() {
            Some(tau) => close(name, mk.tau_b.unwrap(), tau, 1e-13, 1e-3),
            None => assert_eq!(mk.tau_b, None, "{name}"),
        }
        // The package divides 0 by 0 for a constant series; no score has z = 0.
        close(name, mk.z, e["z"].as_f64().unwrap_or(0.0), 1e-13, 0.0);
        close(name, mk.p, e["p"].as_f64().unwrap(), 1e-11, 0.0);
    }
}

/// A variance that is not positive has no z: `None` here, not a number in the package.
fn same_z(name: &str, got: Option<f64>, expected: &Value) {
    match expected.as_f64() {
        Some(z) => close(&format!("{name} z"), got.unwrap(), z, 1e-8, 1e-6),
        None => assert_eq!(got, None, "{name}"),
    }
}

#[test]
fn autocorrelation_and_its_corrections_agree_with_the_packages() {
    let mut compared = 0;
    for case in cases() {
        let name = &case.name;
        if let Some(r1) = case.expected["lag1"].as_f64()
            && name != "uneven times"
        {
            close(name, lag1(&case.series).unwrap().unwrap(), r1, 1e-10, 1e-3);
            let r1 = case.expected["lag1_of_residuals"].as_f64().unwrap();
            close(
                name,
                lag1_of_residuals(&case.series).unwrap().unwrap(),
                r1,
                1e-9,
                1e-3,
            );
        }
        let Some(e) = case.expected["serial"].as_object() else {
            continue;
        };
        if name == "uneven times" {
            // The package does not look at the times; we refuse.
            assert!(hamed_rao(&case.series, 0.05, None, HamedRaoSum::Signed).is_err());
            assert!(yue_wang(&case.series, 1).is_err());
            assert!(prewhitened(&case.series).is_err());
            assert!(trend_free_prewhitened(&case.series).is_err());
            continue;
        }
        let number = |key: &str| e[key].as_f64().unwrap();
        let signed = hamed_rao(&case.series, 0.05, None, HamedRaoSum::Signed).unwrap();
        close(name, signed.var_s, number("hamed_rao_var_s"), 1e-10, 1e-6);
        same_z(name, signed.z, &e["hamed_rao_z"]);
        let absolute = hamed_rao(&case.series, 0.05, None, HamedRaoSum::Absolute).unwrap();
        close(
            name,
            absolute.variance_factor,
            number("hamed_rao_absolute_factor"),
            1e-10,
            0.0,
        );
        let first = yue_wang(&case.series, 1).unwrap();
        close(name, first.var_s, number("yue_wang_lag1_var_s"), 1e-9, 1e-3);
        same_z(name, first.z, &e["yue_wang_lag1_z"]);
        let all = yue_wang(&case.series, case.series.n() - 1).unwrap();
        close(name, all.var_s, number("yue_wang_all_var_s"), 1e-8, 1e-3);
        same_z(name, all.z, &e["yue_wang_all_z"]);
        let white = prewhitened(&case.series).unwrap().test;
        assert_eq!(white.s as f64, number("prewhitened_s"), "{name}");
        close(name, white.var_s, number("prewhitened_var_s"), 1e-14, 0.0);
        let free = trend_free_prewhitened(&case.series).unwrap().test;
        assert_eq!(free.s as f64, number("trend_free_s"), "{name}");
        close(name, free.var_s, number("trend_free_var_s"), 1e-14, 0.0);
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn epochs_agree_with_scipy() {
    let mut compared = 0;
    for case in cases() {
        let Some(e) = case.expected["welch"].as_object() else {
            continue;
        };
        let half = case.values.len() / 2;
        let present = |v: &[Option<f64>]| v.iter().flatten().copied().collect::<Vec<f64>>();
        let d = epoch::mean_difference(
            &present(&case.values[..half]),
            &present(&case.values[half..]),
            0.95,
        )
        .unwrap();
        let ranges = epoch::epoch_difference(
            &case.series,
            &(case.times[0]..=case.times[half - 1]),
            &(case.times[half]..=*case.times.last().unwrap()),
            0.95,
        );
        assert_eq!(ranges.unwrap(), d);
        let name = &case.name;
        if name == "step" {
            // Both epochs are constant: scipy gives 0/0, the difference is certain.
            assert_eq!((d.difference, d.se, d.p), (1.0, 0.0, 0.0));
            continue;
        }
        for (key, got) in [
            ("difference", d.difference),
            ("t", d.t),
            ("df", d.df),
            ("p", d.p),
            ("low", d.low),
            ("high", d.high),
            ("relative_percent", d.relative_percent.unwrap()),
        ] {
            let expected = e[key].as_f64().unwrap();
            close(&format!("{name} {key}"), got, expected, 1e-9, 1e-3);
        }
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn detectable_slopes_agree_with_scipys_noncentral_t() {
    let mut compared = 0;
    for case in cases() {
        let Some(expected) = case.expected["detectable_slope"].as_f64() else {
            continue;
        };
        let sd = ols(&case.series).unwrap().residual_sd;
        let got = power::detectable_slope(case.series.times(), sd, 0.05, 0.8).unwrap();
        close(&case.name, got, expected, 1e-9, 0.0);
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn false_discoveries_agree_with_statsmodels() {
    for family in list(&references()["families"]) {
        let p = numbers(&family["p"]);
        let cut = multiplicity::benjamini_hochberg(&p, family["q"].as_f64().unwrap()).unwrap();
        assert_eq!(Some(cut.rejected), family["rejected"].as_u64());
        assert_eq!(
            p.iter().filter(|p| cut.rejects(**p)).count() as u64,
            cut.rejected
        );
        let adjusted = multiplicity::adjusted_p(&p).unwrap();
        for (got, expected) in adjusted.iter().zip(numbers(&family["adjusted"])) {
            close("adjusted p", *got, expected, 1e-13, 0.0);
        }
    }
}
