//! Energy balance against bigleaf and `REddyProc`, its correction against ONEFlux, and the random
//! error of sums.

use nutag_tower::energy::closure::{Balance, Closure, closure};
use nutag_tower::energy::correction::{Columns, corrected};
use nutag_tower::energy::water::evaporation_mm;
use nutag_tower::uncertainty::random_error;

use crate::shared::{CASES, assert_close, assert_close_above, columns};

fn assert_closure(what: &str, found: &Closure, expected: [f64; 6], tolerance: f64) {
    let found = [
        found.rows as f64,
        found.ratio,
        found.ols_slope,
        found.ols_intercept_w_m2,
        found.ols_r2,
        found.gmr_slope,
    ];
    // Printed with six decimals.
    assert_close_above(what, &found, &expected, tolerance, 0.5);
}

#[test]
fn the_balance_of_neustift_closes_as_bigleaf_says() {
    let Some(input) = columns("data/flux/AT-Neu_2010-07_input.csv.gz") else {
        return;
    };
    let balance = Balance {
        le: input.get("LE"),
        h: input.get("H"),
        net_radiation: input.get("Rn"),
        ground: input.get("G"),
        storage: None,
    };
    let found = closure(&balance, 0..input.rows()).unwrap();
    // bigleaf prints three digits of slope, intercept and R2, and two of them in full.
    assert_closure(
        "AT-Neu",
        &found,
        [1488.0, 0.761_170_09, 0.704_144_12, 6.282, 0.942, 0.725_53],
        6e-4,
    );
    assert!((found.ratio - 0.761_170_090_187_235).abs() < 1e-3);
    let sum = |name: &str| input.get(name).iter().sum::<f64>() * 1800.0 / 1e6;
    let golden = columns("golden/flux/bigleaf_AT-Neu_2010-07/AT-Neu_2010-07_sums.csv").unwrap();
    for (name, of) in [
        ("LE", "LE_MJ"),
        ("H", "H_MJ"),
        ("Rn", "Rn_MJ"),
        ("G", "G_MJ"),
    ] {
        assert_close(name, &[sum(name)], golden.get(of), 1e-9);
    }
    let et: f64 = input
        .get("LE")
        .iter()
        .zip(input.get("Tair"))
        .map(|(&le, &t)| evaporation_mm(le, t, 1800.0, false))
        .sum();
    // bigleaf's heat of vaporisation falls by 2370 and not 2360 J kg-1 a degree.
    assert_close("ET", &[et], golden.get("ET_mm_month_bigleaf"), 1e-4);
}

#[test]
fn the_synthetic_balance_closes_by_month() {
    let Some(input) = columns("data/flux/synthetic_tower.csv.gz") else {
        return;
    };
    let golden = columns("golden/flux/synthetic_2013/energy_closure.csv").unwrap();
    let balance = Balance {
        le: input.get("LE"),
        h: input.get("H"),
        net_radiation: input.get("NETRAD"),
        ground: input.get("G"),
        storage: None,
    };
    let centres = CASES[1].axis(input.rows()).centres();
    for period in 0..13_i8 {
        let rows = (0..input.rows()).filter(|&row| period == 0 || centres[row].month == period);
        let found = closure(&balance, rows).unwrap();
        let i = usize::try_from(period).unwrap();
        let of = |name: &str| golden.get(name)[i];
        let expected = [
            of("n"),
            of("EBR"),
            of("slope_ols"),
            of("intercept_ols"),
            of("r2"),
            of("slope_gmr"),
        ];
        assert_closure(&format!("period {period}"), &found, expected, 1e-5);
    }
}

#[test]
fn the_correction_is_that_of_oneflux() {
    let Some(golden) = columns("golden/flux/oneflux_synthetic/energy_hh.csv.gz") else {
        return;
    };
    let input = columns("data/flux/synthetic_tower.csv.gz").unwrap();
    // The fluxes as the reference filled them itself, with six digits.
    let quality = |name: &str| -> Vec<u8> { golden.get(name).iter().map(|&q| q as u8).collect() };
    let found = corrected(
        &Columns {
            le: golden.get("LE"),
            le_quality: &quality("LE_qc"),
            h: golden.get("H"),
            h_quality: &quality("H_qc"),
            net_radiation: input.get("NETRAD"),
            ground: input.get("G"),
        },
        &CASES[1].axis(input.rows()),
    );
    let of = |get: &dyn Fn(&nutag_tower::energy::correction::Corrected) -> f64| -> Vec<f64> {
        found
            .iter()
            .map(|c| c.as_ref().map_or(f64::NAN, get))
            .collect()
    };
    assert_close("n", &of(&|c| c.factors as f64), golden.get("EBCcf_n"), 0.0);
    assert_close("LEcorr", &of(&|c| c.le[1]), golden.get("LEcorr"), 1e-5);
    assert_close("LEcorr25", &of(&|c| c.le[0]), golden.get("LEcorr25"), 1e-5);
    assert_close("LEcorr75", &of(&|c| c.le[2]), golden.get("LEcorr75"), 1e-5);
    assert_close("Hcorr", &of(&|c| c.h[1]), golden.get("Hcorr"), 1e-5);
}

#[test]
fn the_random_error_knows_its_autocorrelation() {
    for case in &CASES[..2] {
        let Some(flux) = case.golden("filled_flux.csv.gz") else {
            return;
        };
        let golden = case.golden("random_uncertainty.csv").unwrap();
        let rows = 0..flux.rows();
        let measured = |row: &usize| flux.get("NEE_uStar_fqc")[*row] == 0.0;
        let residuals: Vec<f64> = rows
            .clone()
            .map(|row| {
                if measured(&row) {
                    flux.get("NEE_uStar_f")[row] - flux.get("NEE_uStar_fall")[row]
                } else {
                    f64::NAN
                }
            })
            .collect();
        let found = random_error(&residuals, flux.get("NEE_uStar_fsd")).unwrap();
        for (name, value) in [
            ("n_measured", found.rows as f64),
            ("n_acf", found.lags as f64),
            ("acf1", found.lag1),
            ("n_eff", found.effective_rows),
            ("se_mean", found.se),
            ("se_uncorrelated", found.independent_se),
        ] {
            assert_close(
                &format!("{} {name}", case.name),
                &[value],
                golden.get(name),
                1e-5,
            );
        }
    }
}
