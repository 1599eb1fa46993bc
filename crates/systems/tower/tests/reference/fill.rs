//! Gap filling against `REddyProc` and ONEFlux.

use nutag_tower::fill::{Drivers, Estimate, Filled, Reference, Wanted, fill};
use nutag_tower::quality::without_long_runs;

use crate::shared::{CASES, Columns, assert_close, columns};

/// A column, how to get it from an estimate, and how near it must be.
type Compared<'a> = (&'a str, &'a dyn Fn(&Estimate) -> f64, f64);

fn assert_filled(what: &str, found: &Filled, golden: &Columns, name: &str) {
    let of = |get: &dyn Fn(&Estimate) -> f64| -> Vec<f64> {
        found
            .estimates
            .iter()
            .map(|e| e.as_ref().map_or(f64::NAN, get))
            .collect()
    };
    assert_close(
        &format!("{what} _f"),
        &found.value,
        golden.get(&format!("{name}_f")),
        1e-5,
    );
    let quality: Vec<f64> = found
        .quality
        .iter()
        .map(|&q| if q == 4 { f64::NAN } else { f64::from(q) })
        .collect();
    assert_close(
        &format!("{what} _fqc"),
        &quality,
        golden.get(&format!("{name}_fqc")),
        0.0,
    );
    let each: [Compared<'_>; 6] = [
        ("fall", &|e| e.value, 1e-5),
        ("fall_qc", &|e| f64::from(e.quality), 0.0),
        ("fnum", &|e| f64::from(e.rows), 0.0),
        ("fsd", &|e| e.sd, 1e-5),
        ("fmeth", &|e| f64::from(e.method as u8), 0.0),
        ("fwin", &|e| f64::from(e.window_days), 0.0),
    ];
    for (ending, get, tolerance) in each {
        // The clean year was written without them.
        if what.contains("clean") && ending != "fsd" {
            continue;
        }
        let expected = golden.get(&format!("{name}_{ending}"));
        assert_close(&format!("{what} {ending}"), &of(get), expected, tolerance);
    }
}

#[test]
fn fluxes_of_every_row() {
    for case in &CASES {
        let Some(input) = case.input() else { return };
        let golden = case.golden("filled_flux.csv.gz").unwrap();
        let drivers = Drivers {
            radiation_w_m2: Some(input.get("Rg")),
            vpd_hpa: Some(input.get("VPD")),
            temperature_c: Some(input.get("Tair")),
        };
        let nee: Vec<f64> = without_long_runs(input.get("NEE"))
            .iter()
            .zip(golden.get("USTAR_fqc"))
            .map(|(&nee, &flag)| if flag == 0.0 { nee } else { f64::NAN })
            .collect();
        let columns = if case.name.contains("clean") { 1 } else { 3 };
        for (name, column) in [
            ("NEE_uStar", nee.as_slice()),
            ("LE", input.get("LE")),
            ("H", input.get("H")),
        ]
        .into_iter()
        .take(columns)
        {
            let found = fill(column, &drivers, 48, Wanted::All, Reference::REddyProc);
            assert_filled(&format!("{} {name}", case.name), &found, &golden, name);
        }
    }
}

#[test]
fn weather_with_the_drivers_that_are_left() {
    for case in &CASES[..2] {
        let Some(input) = case.input() else { return };
        let golden = case.golden("filled_meteo.csv.gz").unwrap();
        let radiation = Drivers {
            radiation_w_m2: Some(input.get("Rg")),
            ..Drivers::default()
        };
        for (name, drivers) in [
            ("Rg", Drivers::default()),
            ("Tair", radiation),
            ("VPD", radiation),
        ] {
            let found = fill(
                input.get(name),
                &drivers,
                48,
                Wanted::Gaps,
                Reference::REddyProc,
            );
            let what = format!("{} {name}", case.name);
            assert_close(&what, &found.value, golden.get(&format!("{name}_f")), 1e-5);
            let of = |get: &dyn Fn(&Estimate) -> f64| -> Vec<f64> {
                found
                    .estimates
                    .iter()
                    .map(|e| e.as_ref().map_or(f64::NAN, get))
                    .collect()
            };
            let method = of(&|e| f64::from(e.method as u8));
            assert_close(&what, &method, golden.get(&format!("{name}_fmeth")), 0.0);
            let window = of(&|e| f64::from(e.window_days));
            assert_close(&what, &window, golden.get(&format!("{name}_fwin")), 0.0);
        }
    }
}

#[test]
fn oneflux_to_its_last_printed_digit() {
    let path = "golden/flux/oneflux_DE-Tha_1998/gf_mds_NEE.csv.gz";
    let Some(golden) = columns(path) else { return };
    let input = CASES[0].input().unwrap();
    let drivers = Drivers {
        radiation_w_m2: Some(input.get("Rg")),
        vpd_hpa: Some(input.get("VPD")),
        temperature_c: Some(input.get("Tair")),
    };
    let found = fill(
        input.get("NEE"),
        &drivers,
        48,
        Wanted::All,
        Reference::OneFlux,
    );
    assert_close("FILLED", &found.value, golden.get("FILLED"), 6e-6);
    let each: [Compared<'_>; 6] = [
        ("HAT", &|e| e.value, 6e-6),
        ("QC_HAT", &|e| f64::from(e.quality), 0.0),
        ("SAMPLE", &|e| f64::from(e.rows), 0.0),
        ("STDDEV", &|e| e.sd, 6e-6),
        ("METHOD", &|e| f64::from(e.method as u8), 0.0),
        ("TIMEWINDOW", &|e| f64::from(e.window_days), 0.0),
    ];
    for (name, get, tolerance) in each {
        let values: Vec<f64> = found
            .estimates
            .iter()
            .map(|e| e.as_ref().map_or(f64::NAN, get))
            .collect();
        assert_close(name, &values, golden.get(name), tolerance);
    }
}
