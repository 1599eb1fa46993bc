//! Zeros, constants, gaps, short series, ties, outliers: what R's SPEI does, and where we differ and
//! why.

use nutag_drought::standard::{
    CellIndex, Fit, Recipe, Reference, Standardiser, Water, Why, ZeroShare, Zeros,
};
use nutag_drought::{MonthAxis, YearMonth};

use crate::index::{recipe, reference, tail};
use crate::shared::{Table, compare, packed_table};

/// One run of R: its input and what it printed.
struct Run {
    x: Vec<f64>,
    r: Vec<f64>,
}

fn run(table: &Table, case: &str, fun: &str, k: usize, dist: &str, version: &str) -> Run {
    let k = k.to_string();
    let wanted = [
        ("case", case),
        ("fun", fun),
        ("k", &k),
        ("dist", dist),
        ("version", version),
    ];
    let mut keep = vec![true; table.rows];
    for (name, value) in wanted {
        for (keep, text) in keep.iter_mut().zip(table.text(name)) {
            *keep &= text == value;
        }
    }
    let column = |name: &str| {
        let all = table.numbers(name);
        let kept: Vec<f64> = all
            .iter()
            .zip(&keep)
            .filter(|(_, keep)| **keep)
            .map(|(value, _)| *value)
            .collect();
        kept
    };
    let run = Run {
        x: column("x"),
        r: column("value"),
    };
    assert!(!run.x.is_empty(), "{case} {fun} {k} {dist} {version}");
    run
}

fn cell(recipe: Recipe, x: &[f64]) -> CellIndex {
    let axis = MonthAxis::new(YearMonth::new(1980, 1).unwrap(), x.len());
    Standardiser::new(recipe, axis).unwrap().cell(x).unwrap()
}

fn all(x: &[f64]) -> Reference {
    let axis = MonthAxis::new(YearMonth::new(1980, 1).unwrap(), x.len());
    Reference {
        first: axis.first(),
        last: axis.last(),
    }
}

fn rain(zeros: Zeros) -> Water {
    Water::Precipitation {
        zeros,
        share: ZeroShare::Empirical,
        refuse_zero_share_above: 1.0,
    }
}

#[test]
fn balances_with_gaps_ties_and_references() {
    let Some(table) = packed_table("golden/drought/r/edge_cases.csv.gz") else {
        return;
    };
    for (case, ks, period) in [
        ("gaps", &[1, 3, 12][..], None),
        ("linear", &[1], None),
        ("two_valued", &[1], None),
        ("outside_ref", &[1, 3], Some(reference(1980, 1999))),
        ("ref_1.8", &[12], Some(reference(1985, 2004))),
    ] {
        for &k in ks {
            let Run { x, r } = run(&table, case, "spei", k, "log-Logistic", "1.8.1");
            let period = period.unwrap_or(all(&x));
            let index = cell(recipe(Water::Balance, k, Fit::LogLogistic, period), &x);
            assert_eq!(index.z.len(), r.len());
            for (at, (got, r)) in index.z.iter().zip(&r).enumerate() {
                assert!(
                    got.is_nan() && r.is_nan() || got == r || (got - r).abs() < 1e-12 + tail(*r),
                    "{case} {k} {at}: got {got}, expected {r}"
                );
            }
        }
    }
}

#[test]
fn constant_and_dry_series_have_no_value_and_a_reason() {
    let Some(table) = packed_table("golden/drought/r/edge_cases.csv.gz") else {
        return;
    };
    for k in [1, 3, 12] {
        for case in ["constant", "all_zero"] {
            let Run { x, r } = run(&table, case, "spei", k, "log-Logistic", "1.8.1");
            assert!(r.iter().all(|r| r.is_nan()));
            let index = cell(recipe(Water::Balance, k, Fit::LogLogistic, all(&x)), &x);
            assert_eq!(index.known(), 0);
            assert!(index.why[k..].iter().all(|why| *why == Why::Constant));
        }
    }
    for (dist, fit) in [("Gamma", Fit::Gamma), ("PearsonIII", Fit::PearsonThree)] {
        let Run { x, r } = run(&table, "all_zero", "spi", 1, dist, "1.8.1");
        assert!(r.iter().all(|r| r.is_nan()));
        let index = cell(recipe(Water::default(), 1, fit, all(&x)), &x);
        assert!(index.why.iter().all(|why| *why == Why::AllZero));
        assert_eq!(index.known(), 0);
        let Run { x, .. } = run(&table, "constant", "spi", 1, dist, "1.8.1");
        let index = cell(recipe(Water::default(), 1, fit, all(&x)), &x);
        assert!(index.why.iter().all(|why| *why == Why::Constant));
    }
}

/// R's SPEI 1.8.1 forgets the share of zeros and prints minus infinity; 1.7 puts a zero at the upper
/// end of its share. Ours, asked for the classic place, is that of 1.7.
#[test]
fn a_zero_is_not_minus_infinity() {
    let Some(table) = packed_table("golden/drought/r/edge_cases.csv.gz") else {
        return;
    };
    for case in ["djf_60pct_zero", "djf_83pct_zero_5left"] {
        for (dist, fit) in [("Gamma", Fit::Gamma), ("PearsonIII", Fit::PearsonThree)] {
            let forgetful = run(&table, case, "spi", 1, dist, "1.8.1");
            assert!(forgetful.r.contains(&f64::NEG_INFINITY));
            let Run { x, r } = run(&table, case, "spi", 1, dist, "1.7");
            let index = cell(recipe(rain(Zeros::Classic), 1, fit, all(&x)), &x);
            // 1.7 has its own routine for the moments: other roundings of pi.
            let mut expected = r;
            if fit == Fit::PearsonThree {
                // There 1.7 puts a zero at p0 + (1 - p0) G(0), below 0 G being above 0.
                for ((x, z), r) in x.iter().zip(&index.z).zip(&mut expected) {
                    if *x == 0.0 {
                        *r = *z;
                    }
                }
            }
            compare(&format!("{case} {dist}"), &index.z, &expected, 5e-7);
            let centre = cell(recipe(rain(Zeros::CentreOfMass), 1, fit, all(&x)), &x);
            for ((x, classic), centre) in x.iter().zip(&index.z).zip(&centre.z) {
                if *x == 0.0 {
                    assert!(centre < classic && centre.is_finite());
                } else {
                    assert_eq!(centre, classic);
                }
            }
        }
    }
}

#[test]
fn few_years_ties_and_an_outlier() {
    let Some(table) = packed_table("golden/drought/r/edge_cases.csv.gz") else {
        return;
    };
    for (dist, fit) in [("Gamma", Fit::Gamma), ("PearsonIII", Fit::PearsonThree)] {
        for k in [1, 3] {
            let Run { x, r } = run(&table, "short3y", "spi", k, dist, "1.8.1");
            assert!(r.iter().all(|r| r.is_nan()));
            let mut short = recipe(Water::default(), k, fit, all(&x));
            short.least_reference_years = 1;
            let index = cell(short, &x);
            assert!(index.why[k..].iter().all(|why| *why == Why::TooFew));

            let Run { x, r } = run(&table, "short5y", "spi", k, dist, "1.8.1");
            let mut short = recipe(Water::default(), k, fit, all(&x));
            short.least_reference_years = 1;
            assert!(differ_only_at_zeros(&x, &cell(short, &x).z, &r, k) > 2);
            for case in ["ties25", "outlier"] {
                let Run { x, r } = run(&table, case, "spi", k, dist, "1.8.1");
                let index = cell(recipe(Water::default(), k, fit, all(&x)), &x);
                let compared = differ_only_at_zeros(&x, &index.z, &r, k);
                assert!(compared > 2 || case == "ties25", "{case} {k} {compared}");
            }
        }
    }
}

/// Agreement with R but for calendar months that have a zero somewhere; how many months agree.
fn differ_only_at_zeros(x: &[f64], got: &[f64], r: &[f64], k: usize) -> usize {
    let mut compared = 0;
    for calendar in 0..12 {
        let these: Vec<usize> = (calendar..x.len()).step_by(12).collect();
        let dry = these
            .iter()
            .filter(|i| **i + 1 >= k)
            .any(|&i| x[i + 1 - k..=i].iter().all(|x| *x == 0.0));
        if !dry {
            let of = |values: &[f64]| these.iter().map(|&i| values[i]).collect::<Vec<_>>();
            compare("month", &of(got), &of(r), 1e-7);
            compared += 1;
        }
    }
    compared
}
