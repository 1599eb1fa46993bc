//! scPDSI and PDSI against R's scPDSI (Wells' program) and climate-indices.

use nutag_drought::palmer::{Palmer, PalmerOptions, palmer};
use nutag_drought::standard::Reference;
use nutag_drought::{MonthAxis, YearMonth};

use crate::index::reference;
use crate::shared::{Table, compare, table};

struct Case {
    golden: &'static str,
    p_mm: Vec<f64>,
    pe_mm: Vec<f64>,
    first_year: i32,
    awc_mm: f64,
    calibration: Reference,
    self_calibrating: bool,
}

fn hold(case: &Case) -> Option<Palmer> {
    let folder = "golden/drought/scpdsi";
    let golden = table(&format!("{folder}/{}.csv", case.golden))?;
    let calib = table(&format!("{folder}/{}_calib.csv", case.golden))?;
    let clim = table(&format!("{folder}/{}_clim.csv", case.golden))?;
    let axis = MonthAxis::new(YearMonth::new(case.first_year, 1).unwrap(), golden.rows);
    let options = PalmerOptions {
        available_water_mm: case.awc_mm,
        calibration: case.calibration,
        self_calibrating: case.self_calibrating,
    };
    let got = palmer(
        &axis,
        &case.p_mm[..golden.rows],
        &case.pe_mm[..golden.rows],
        &options,
    )
    .unwrap();
    assert_eq!(got.missing, None);
    for (side, of) in [(0, &got.wet), (1, &got.dry)] {
        for (name, value) in [("m", of.m), ("b", of.b), ("K2", of.scale)] {
            let expected = calib.numbers(name)[side];
            assert!(
                (value - expected).abs() < 5e-7,
                "{} {name} {side}: {value} {expected}",
                case.golden
            );
        }
    }
    for (name, f) in [
        (
            "alpha",
            (|m| m.alpha) as fn(&nutag_drought::palmer::MonthClimate) -> f64,
        ),
        ("beta", |m| m.beta),
        ("gamma", |m| m.gamma),
        ("delta", |m| m.delta),
        ("K1", |m| m.weight),
    ] {
        let values: Vec<f64> = got.climate.iter().map(f).collect();
        compare(
            &format!("{} {name}", case.golden),
            &values,
            &clim.numbers(name),
            5e-7,
        );
    }
    for (name, values) in [
        ("X", &got.pdsi),
        ("PHDI", &got.phdi),
        ("WPLM", &got.weighted),
    ] {
        let what = format!("{} {name}", case.golden);
        let (n, worst) = compare(&what, values, &golden.numbers(name), 5e-7);
        eprintln!("{what}: {n} months, {worst:e}");
    }
    Some(got)
}

fn lubuge() -> Option<(Vec<f64>, Vec<f64>)> {
    let input = table("data/drought/lubuge.csv")?;
    Some((input.numbers("P"), input.numbers("PE")))
}

/// Precipitation and Thornthwaite's demand of Wichita.
fn wichita() -> Option<(Vec<f64>, Vec<f64>)> {
    let input: Table = table("data/drought/wichita.csv")?;
    let pet = table("golden/drought/r/pet_wichita.csv")?;
    Some((input.numbers("PRCP"), pet.numbers("tho_ts")))
}

#[test]
fn lubuge_with_its_calibrations() {
    let Some((p_mm, pe_mm)) = lubuge() else {
        return;
    };
    for (golden, calibration, self_calibrating) in [
        ("lubuge_sc_awc100", reference(1960, 2016), true),
        ("lubuge_sc_awc100_cal6190", reference(1961, 1990), true),
        ("lubuge_conv_awc100", reference(1960, 2016), false),
    ] {
        let got = hold(&Case {
            golden,
            p_mm: p_mm.clone(),
            pe_mm: pe_mm.clone(),
            first_year: 1960,
            awc_mm: 100.0,
            calibration,
            self_calibrating,
        })
        .unwrap();
        if golden == "lubuge_sc_awc100" {
            let other =
                table("golden/drought/scpdsi/lubuge_sc_awc100_climate_indices.csv").unwrap();
            let (n, worst) = compare("Z", &got.z, &other.numbers("z"), 5e-7);
            eprintln!("Z of climate-indices: {n} months, {worst:e}");
            assert!((1.0 - got.wet.m / (got.wet.m + got.wet.b) - 0.97079).abs() < 5e-6);
            assert!((1.0 / (got.dry.m + got.dry.b) - 0.21004).abs() < 5e-6);
        }
    }
}

#[test]
fn wichita_wet_dry_and_on_thin_soil() {
    let Some((p_mm, pe_mm)) = wichita() else {
        return;
    };
    let full = reference(1980, 2010);
    let tenth: Vec<f64> = p_mm.iter().map(|p| p / 10.0).collect();
    for (golden, p_mm, awc_mm, calibration) in [
        (
            "wichita_sc_awc150_cal8110",
            p_mm.clone(),
            150.0,
            reference(1981, 2010),
        ),
        ("wichita_sc_awc20", p_mm.clone(), 20.0, full),
        ("wichita_dry_sc_awc100", tenth, 100.0, full),
    ] {
        let case = Case {
            golden,
            p_mm,
            pe_mm: pe_mm.clone(),
            first_year: 1980,
            awc_mm,
            calibration,
            self_calibrating: true,
        };
        hold(&case);
    }
}
