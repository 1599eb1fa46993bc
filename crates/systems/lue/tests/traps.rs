//! What went wrong in other programs, and what must hold without any golden file.

use nutag_lue::science::casa::Heat;
use nutag_lue::science::composite::{COMPOSITES, composite_starting, days_of, days_of_composite};
use nutag_lue::science::fpar::{Screen, Stored, fill_year};
use nutag_lue::science::humidity::{par_mj_m2_d, vpd_of_dew_point_pa, vpd_of_specific_humidity_pa};
use nutag_lue::science::mod17::{Day, Table, composite_sums, falling, rising, year_totals};
use nutag_lue::science::plausible::Weather;
use nutag_lue::science::pmodel::{
    Air, JmaxLimit, Pathway, QuantumYield, co2_effect, leaf, pressure_at_pa,
};
use nutag_lue::science::resample::{Corners, Resampling, weights};
use nutag_lue::science::vpm::Temperatures;

fn grass() -> nutag_lue::science::mod17::Biome {
    Table::collection_5_1().unwrap().biome(10).unwrap().clone()
}

fn july() -> Day {
    Day {
        tmin_c: 9.3,
        tmean_c: 17.2,
        vpd_pa: 820.0,
        par_mj_m2: par_mj_m2_d(262.0),
    }
}

/// A wet July day of steppe by hand: 0.001215 x 1000 x (9.3+8)/20.02 x (1-170/3550) x .45 x 10.18656.
#[test]
fn a_day_by_hand() {
    let flux = grass().day(&july(), 0.45, 1.1);
    assert!((flux.gpp_gc_m2 - 4.582_333_740_010_975).abs() < 1e-12);
    assert!((flux.psnnet_gc_m2() - 3.853_396_405_789_888).abs() < 1e-12);
}

/// At their ends the ramps are 0 and 1 exactly: a minimum of -8 degrees closes grass.
#[test]
fn ends_of_the_ramps() {
    assert_eq!(
        (rising(-8.0, -8.0, 12.02), rising(12.02, -8.0, 12.02)),
        (0.0, 1.0)
    );
    assert_eq!(
        (
            falling(650.0, 650.0, 4200.0),
            falling(4200.0, 650.0, 4200.0)
        ),
        (1.0, 0.0)
    );
    assert_eq!(grass().cold_scalar(-8.0), 0.0);
}

/// For grass and crops there is no live wood, so NPP is exactly 0.8 of the sum of PsnNet, and not
/// that sum; a year below zero has none.
#[test]
fn npp_is_four_fifths_of_psnnet() {
    let days = vec![july(); days_of(2011)];
    let sums = composite_sums(&grass(), 2011, &days).unwrap();
    let year = year_totals(&sums, &[0.4; COMPOSITES], &[0.9; COMPOSITES]);
    assert_eq!(year.npp_gc_m2, 0.8 * year.psnnet_gc_m2);
    assert_eq!(year.livewood_gc_m2, 0.0);
    let dark = year_totals(&sums, &[0.0; COMPOSITES], &[0.9; COMPOSITES]);
    assert!(dark.psnnet_gc_m2 < 0.0 && dark.npp_gc_m2 == 0.0);
}

/// One year a call: live wood of a year does not grow with the number of years, and a year of 365
/// days does not pass for one of 366.
#[test]
fn a_year_is_a_year() {
    let days = vec![july(); 366];
    assert!(composite_sums(&grass(), 2011, &days).is_none());
    assert!(composite_sums(&grass(), 2012, &days[..365]).is_none());
    assert!(composite_sums(&grass(), 2012, &days).is_some());
    assert_eq!((days_of(1900), days_of(2000)), (365, 366));
    for year in [2011, 2012] {
        let all: Vec<usize> = (0..COMPOSITES)
            .flat_map(|c| days_of_composite(year, c))
            .collect();
        assert_eq!(all, (0..days_of(year)).collect::<Vec<_>>());
    }
    assert_eq!(composite_starting(361), Some(45));
    assert_eq!(
        (
            composite_starting(2),
            composite_starting(369),
            composite_starting(0)
        ),
        (None, None, None)
    );
}

/// In frost the yield of light is zero and nothing is an error, down to a Mongolian January.
#[test]
fn frost() {
    let air = |temperature_c| Air {
        temperature_c,
        vpd_pa: 20.0,
        pressure_pa: 87_000.0,
        co2_ppm: 390.0,
    };
    let at = |t, quantum_yield| leaf(&air(t), Pathway::C3, quantum_yield, JmaxLimit::Wang2017);
    assert!(at(-33.4, QuantumYield::BRC).is_none());
    assert_eq!(at(-20.0, QuantumYield::BRC).unwrap().lue_gc_mol, 0.0);
    assert!(at(-13.0, QuantumYield::BRC).unwrap().lue_gc_mol > 0.0);
    // A fixed yield does not know of frost.
    assert!(at(-20.0, QuantumYield::ORG).unwrap().lue_gc_mol > 0.3);
}

/// CO2 of 2001 and of 2012: three per cent for C3, nothing for C4.
#[test]
fn more_carbon_dioxide() {
    let air = |co2_ppm| Air {
        temperature_c: 17.2,
        vpd_pa: 820.0,
        pressure_pa: pressure_at_pa(1300.0),
        co2_ppm,
    };
    for (co2, effect) in [
        (280.0, 0.841),
        (371.0, 1.0),
        (390.0, 1.026),
        (420.0, 1.062),
        (560.0, 1.188),
    ] {
        assert!(
            (co2_effect(&air(co2), 371.0).unwrap() - effect).abs() < 0.001,
            "{co2}"
        );
    }
    let c4 = |co2| {
        leaf(
            &air(co2),
            Pathway::C4,
            QuantumYield::BRC,
            JmaxLimit::Wang2017,
        )
        .unwrap()
    };
    assert_eq!(c4(280.0).lue_gc_mol, c4(560.0).lue_gc_mol);
}

/// The half rule raises the term in the cold: at an optimum of 18 degrees half instead of 0.04
/// at -9.
#[test]
fn the_half_rule_of_casa() {
    assert!((Heat::Zhu.t2(18.0, -9.0) - 0.4956).abs() < 1e-3);
    assert!((Heat::Potter.t2(18.0, -9.0) - 0.0381).abs() < 1e-3);
    assert!(Heat::Zhu.t2(18.0, 4.9) > Heat::Potter.t2(18.0, 4.9));
    assert!((Heat::Potter.t2(18.0, 18.0) - 0.9912).abs() < 1e-3);
}

/// Without its gate the scalar of VPM is 1 again in deep frost.
#[test]
fn vpm_is_closed_in_frost() {
    let mixed = Temperatures {
        least_c: -1.0,
        best_c: 19.0,
        most_c: 48.0,
    };
    assert_eq!(
        (mixed.scalar(-50.0), mixed.scalar(-1.0), mixed.scalar(48.0)),
        (0.0, 0.0, 0.0)
    );
    assert_eq!(mixed.scalar(19.0), 1.0);
}

/// Supersaturated air has no deficit; the dew point and the specific humidity agree.
#[test]
fn deficits() {
    assert_eq!(vpd_of_specific_humidity_pa(0.002, 85_000.0, -30.0), 0.0);
    assert_eq!(vpd_of_dew_point_pa(12.0, 10.0), 0.0);
    assert!(vpd_of_dew_point_pa(5.0, 20.0) > 1400.0);
}

/// A photon flux that says umol m-2 s-1 and holds 58,109 to 164,307 is a sum over a month.
#[test]
fn weather_that_cannot_be_meant() {
    let message = |weather: Weather, value: f64| weather.check(value).unwrap_err().to_string();
    assert!(message(Weather::PpfdUmolM2S, 58_109.0).contains("between 0 and 900 umol m-2 s-1"));
    assert!(message(Weather::TemperatureC, 288.0).contains("kelvins"));
    assert!(message(Weather::ShortwaveWM2, 2.2e7).contains("J m-2"));
    assert!(message(Weather::VpdPa, -1.0).contains("hPa"));
    assert!(message(Weather::PressurePa, 870.0).contains("hPa"));
    assert!(Weather::TemperatureC.check(f64::NAN).is_err());
    assert_eq!(Weather::Co2Ppm.check(390.0), Ok(390.0));
}

/// A year with clouds: a line between the good ones, the nearest at both ends, codes of surfaces
/// never as values.
#[test]
fn gaps() {
    let good = |count: u8| -> Stored { Some((count, count / 2, 0)) };
    let cloudy: Stored = Some((90, 40, 0b0000_1000));
    let barren: Stored = Some((253, 253, 0));
    let year = [None, good(20), cloudy, barren, good(50), cloudy];
    let filled = fill_year(&year, Screen::Strict, 2).unwrap();
    let hundredths: Vec<f64> = filled.fpar.iter().map(|v| (v * 100.0).round()).collect();
    assert_eq!(hundredths, [20.0, 20.0, 30.0, 40.0, 50.0, 50.0]);
    assert_eq!(filled.filled, [true, false, true, true, false, true]);
    assert!(fill_year(&year, Screen::Strict, 1).is_none());
    assert!(fill_year(&[cloudy, None], Screen::Strict, 9).is_none());
}

/// Weights add up to 1, favour the nearer centre, and are all on a centre where the place is one.
#[test]
fn coarse_to_fine() {
    let corners: Corners = [
        (7, 100.0, 45.0),
        (8, 100.5, 45.0),
        (19, 100.0, 45.5),
        (20, 100.5, 45.5),
    ];
    for how in [Resampling::Nearest, Resampling::Bilinear, Resampling::Cos4] {
        let found = weights(how, 100.1, 45.05, &corners);
        let sum: f64 = found.iter().map(|n| n.weight).sum();
        assert!((sum - 1.0).abs() < 1e-15, "{how:?}");
        assert!(
            found[1..]
                .iter()
                .all(|other| other.weight < found[0].weight),
            "{how:?}"
        );
        assert_eq!(found.map(|n| n.index), [7, 8, 19, 20]);
    }
    let bilinear = weights(Resampling::Bilinear, 100.1, 45.05, &corners).map(|n| n.weight);
    for (weight, expected) in bilinear.iter().zip([0.72, 0.18, 0.08, 0.02]) {
        assert!((weight - expected).abs() < 1e-9);
    }
    let centre = weights(Resampling::Cos4, 100.0, 45.0, &corners);
    assert!(centre[0].weight > centre[1].weight);
    assert!(centre[3].weight < 1e-60);
}

/// A table of one's own: right columns, and values that can be meant.
#[test]
fn tables_of_ones_own() {
    let head = include_str!("../tables/mod17-c5.1.csv")
        .lines()
        .next()
        .unwrap();
    let row = |rest: &str| format!("{head}\n10,GRA,{rest}\n");
    let right = "0.001,-8,12,650,4200,38,2,2,2.6,0,0.0098,0.00819,0,";
    assert_eq!(
        Table::parse(&row(right))
            .unwrap()
            .biome(10)
            .unwrap()
            .lue_kgc_mj,
        0.001
    );
    for (wrong, said) in [
        (
            "1.215,-8,12,650,4200,38,2,2,2.6,0,0.0098,0.00819,0,",
            "lue_kgC_MJ-1 is 1.215",
        ),
        (
            "0.001,12,-8,650,4200,38,2,2,2.6,0,0.0098,0.00819,0,",
            "above tmin_closed_degC",
        ),
        (
            "0.001,-8,12,0.65,4.2,38,2,2,2.6,0,0.0098,0.00819,0,",
            "kPa or hPa",
        ),
        (
            "0.001,-8,12,4200,650,38,2,2,2.6,0,0.0098,0.00819,0,",
            "above vpd_open_Pa",
        ),
        (
            "0.001,-8,12,650,4200,NaN,2,2,2.6,0,0.0098,0.00819,0,",
            "sla_m2_kgC-1",
        ),
        (
            "x,-8,12,650,4200,38,2,2,2.6,0,0.0098,0.00819,0,",
            "cannot be read",
        ),
    ] {
        let message = Table::parse(&row(wrong)).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
    assert!(
        Table::parse(&format!("{head}\n10,GRA,{right}\n10,GRA,{right}\n"))
            .unwrap_err()
            .to_string()
            .contains("two rows")
    );
    assert!(Table::parse(head).is_err());
    assert!(Table::parse("umd_class,name\n10,GRA\n").is_err());
}
