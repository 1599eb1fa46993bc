//! Records that other programs stop at, or go wrong with.

use jiff::civil::datetime;
use nutag_stats::draws::Draws;
use nutag_tower::axis::{Axis, Step};
use nutag_tower::chain::{ChainError, Choices, Measured, Processed, Threshold, process};
use nutag_tower::fill::{EMPTY, Reference};
use nutag_tower::partition::day::{Outcome, Setting};
use nutag_tower::partition::night::{NightError, Scope, Source};
use nutag_tower::partition::respiration::relative;
use nutag_tower::sun::{Place, potential_radiation_w_m2};
use nutag_tower::ustar::{Rule, Settings};

const PLACE: Place = Place {
    latitude_degrees: 47.69,
    longitude_degrees: 107.49,
    utc_offset_hours: 8.0,
};
const DAYS: usize = 120;

fn axis() -> Axis {
    Axis::new(datetime(2013, 5, 1, 0, 0, 0, 0), Step::HalfHour, DAYS * 48)
}

/// A made summer with a little noise; `swing` is how far temperature moves in a day, in degrees.
fn summer(swing: f64) -> Measured {
    let centres = axis().centres();
    let light = potential_radiation_w_m2(&centres, PLACE);
    let mut draws = Draws::new(3, 0);
    let rows = centres.len();
    let mut made = Measured {
        nee: Vec::with_capacity(rows),
        le: Vec::with_capacity(rows),
        h: Vec::with_capacity(rows),
        radiation_w_m2: Vec::with_capacity(rows),
        temperature_c: Vec::with_capacity(rows),
        vpd_hpa: Vec::with_capacity(rows),
        ustar_m_s: Vec::with_capacity(rows),
        net_radiation: vec![f64::NAN; rows],
        ground: vec![f64::NAN; rows],
    };
    for (centre, light) in centres.iter().zip(light) {
        let radiation = light * (0.5 + 0.2 * draws.uniform());
        let warm = 14.0 - swing * libm::cos((centre.hour - 3.0) * std::f64::consts::PI / 12.0)
            + 0.2 * swing * draws.normal();
        let uptake = 12.0 * 0.04 * radiation / (0.04 * radiation + 12.0);
        let nee = 2.0 * relative(200.0, warm, 15.0) - uptake;
        made.nee.push(nee + 0.3 * draws.normal());
        made.le.push(radiation / 4.0 + draws.normal());
        made.h.push(radiation / 5.0 + draws.normal());
        made.radiation_w_m2.push(radiation);
        made.temperature_c.push(warm);
        made.vpd_hpa.push((warm * 0.8 + draws.normal()).max(0.0));
        made.ustar_m_s.push(0.02 + 0.5 * draws.uniform());
    }
    made
}

fn choices(threshold: Threshold) -> Choices {
    Choices {
        place: PLACE,
        despike: false,
        threshold,
        rule: Rule::Night,
        scenarios: Vec::new(),
        reference: Reference::REddyProc,
        scope: Scope::Year,
        setting: Setting::NoSmooth,
    }
}

fn run(measured: &Measured) -> Processed {
    process(axis(), measured, &choices(Threshold::Given(0.1))).unwrap()
}

#[test]
fn nights_of_little_span_give_a_narrow_sensitivity_or_none_and_the_day_goes_on() {
    let narrow = run(&summer(1.3));
    match &narrow.estimate.night {
        Ok(night) => assert_eq!(night.sensitivities[0].source, Source::OwnNarrow),
        Err(error) => assert!(matches!(error, NightError::NoSensitivity { .. }), "{error}"),
    }
    let level = run(&summer(0.2));
    let error = level.estimate.night.as_ref().unwrap_err();
    assert!(
        matches!(error, NightError::NoSensitivity { found: 0 }),
        "{error}"
    );
    assert!(
        level
            .notes
            .iter()
            .any(|note| note.contains("night temperatures span too little"))
    );
    // NEE itself is whole all the same.
    assert!(level.estimate.nee.value.iter().all(|v| !v.is_nan()));
}

#[test]
fn without_any_deficit_gaps_are_filled_by_radiation_and_days_are_fitted() {
    let mut measured = summer(8.0);
    measured.vpd_hpa.fill(f64::NAN);
    let done = run(&measured);
    assert!(done.estimate.nee.value.iter().all(|v| !v.is_nan()));
    let day = done.estimate.day.as_ref().unwrap();
    assert!(day.gpp.iter().all(|v| !v.is_nan()));
    assert!(
        day.windows
            .iter()
            .all(|w| w.outcome != Outcome::Good || w.parameters[0] == 0.0)
    );
}

#[test]
fn a_long_gap_of_the_deficit_leaves_no_hole_in_uptake() {
    let mut measured = summer(8.0);
    measured.vpd_hpa[20 * 48..90 * 48].fill(f64::NAN);
    let done = run(&measured);
    assert!(
        done.vpd.value.iter().any(|v| v.is_nan()),
        "the gap must be too long to fill"
    );
    let day = done.estimate.day.as_ref().unwrap();
    assert!(day.gpp.iter().all(|v| !v.is_nan()));
}

#[test]
fn repeated_values_are_no_measurements_and_no_spread_of_nothing() {
    let mut measured = summer(8.0);
    measured.nee[30 * 48..36 * 48].fill(1.5);
    let done = run(&measured);
    assert_eq!(done.repeated, 6 * 48);
    assert!(
        done.estimate.nee.quality[30 * 48..36 * 48]
            .iter()
            .all(|&q| q > 0)
    );
    // Runs too short to be taken for a fault must not end the fit of a window either.
    for row in 50 * 48..58 * 48 {
        measured.nee[row] = if row / 7 % 2 == 0 { 1.5 } else { 1.25 };
    }
    let done = run(&measured);
    assert!(
        done.estimate
            .day
            .as_ref()
            .unwrap()
            .gpp
            .iter()
            .all(|v| v.is_finite())
    );
}

#[test]
fn all_nights_missing_says_so_and_claims_nothing() {
    let mut measured = summer(8.0);
    for row in 0..measured.nee.len() {
        if measured.radiation_w_m2[row] < 10.0 {
            measured.nee[row] = f64::NAN;
        }
    }
    let threshold = Threshold::MovingPoint {
        settings: Settings::default(),
        samples: 3,
        seed: 1,
    };
    let done = process(axis(), &measured, &choices(threshold)).unwrap();
    assert!(
        done.notes
            .iter()
            .any(|note| note.contains("no u* threshold could be found"))
    );
    assert_eq!(
        *done.estimate.night.as_ref().unwrap_err(),
        NightError::NoNights
    );
    assert!(done.estimate.day.is_err());
    assert!(done.estimate.nee.quality.contains(&EMPTY) || done.estimate.nee.quality.contains(&3));
}

#[test]
fn too_short_or_without_a_column_is_refused() {
    let measured = summer(8.0);
    let short = Axis::new(datetime(2013, 5, 1, 0, 0, 0, 0), Step::HalfHour, 80 * 48);
    let given = choices(Threshold::Given(0.1));
    assert_eq!(
        process(short, &measured, &given).unwrap_err(),
        ChainError::TooShort { days: 80 }
    );
    let mut dark = measured.clone();
    dark.radiation_w_m2.fill(f64::NAN);
    assert_eq!(
        process(axis(), &dark, &given).unwrap_err(),
        ChainError::Without("incoming radiation")
    );
    let mut still = measured;
    still.ustar_m_s.fill(f64::NAN);
    assert!(
        process(axis(), &still, &given)
            .unwrap_err()
            .to_string()
            .contains("friction velocity")
    );
}
