//! Draws against closed forms.

use nutag_uptake::science::uncertainty::{
    Component, DrawSummary, Simulation, Switches, UncertaintySpec, mean_correlation_along_line,
    variance_shares,
};
use nutag_uptake::science::{Factor, LEVELS, Level, Mark, Place, RowLevels, Slice, UptakeInputs};

use super::world::{ALL, YEARS, bare, mean, spec, with_losses, with_rh};

const DRAWS: u64 = 10_000;

fn draws(
    inputs: &UptakeInputs,
    spec: &UncertaintySpec,
    slice: &Slice,
    places: &[Place],
    on: &[Component],
) -> Vec<Vec<RowLevels>> {
    let simulation = Simulation { inputs, spec };
    let on = Switches::only(on);
    (0..DRAWS)
        .map(|index| simulation.draw(index, slice, places, on))
        .collect()
}

fn summary(inputs: &UptakeInputs, slice: &Slice, level: Level, on: &[Component]) -> DrawSummary {
    let draws = draws(inputs, &spec(11), slice, &[ALL], on);
    Simulation::summary(&draws, 0, level).expect("the level exists")
}

/// A standard deviation from draws has a relative standard error of about 1/sqrt(2n); four of them.
fn same_sd(found: f64, expected: f64) {
    let tolerance = 4.0 / (2.0 * DRAWS as f64).sqrt();
    assert!(
        (found / expected - 1.0).abs() < tolerance,
        "{found} {expected}"
    );
}

fn same_mean(found: &DrawSummary, expected: f64) {
    let tolerance = 4.0 * found.sd / (DRAWS as f64).sqrt();
    assert!(
        (found.mean - expected).abs() <= tolerance,
        "{} {expected}",
        found.mean
    );
}

#[test]
fn a_bias_moves_totals_and_not_relative_differences() {
    let inputs = bare();
    let total = summary(&inputs, &mean(), Level::Npp, &[Component::ProductBias]);
    same_mean(&total, 1_421_000.0);
    same_sd(total.sd, 0.2 * 1_421_000.0);
    // Normal: 5 % are 1.645 standard deviations below.
    assert!((total.p05 / (1_421_000.0 * (1.0 - 0.2 * 1.6449)) - 1.0).abs() < 0.02);
    let change = Slice::change("", YEARS, [0, 1], [2, 3]);
    let difference = summary(&inputs, &change, Level::Npp, &[Component::ProductBias]);
    same_sd(difference.sd, 0.2 * 28_000.0);
    // In each draw the difference is the same share of the total: a common bias cancels.
    let on = [Component::ProductBias];
    let totals = draws(&inputs, &spec(11), &mean(), &[ALL], &on);
    let differences = draws(&inputs, &spec(11), &change, &[ALL], &on);
    for (total, difference) in totals.iter().zip(&differences).take(200) {
        let share = difference[0].tc(Level::Npp).unwrap() / total[0].tc(Level::Npp).unwrap();
        assert!((share - 28_000.0 / 1_421_000.0).abs() < 1e-12);
    }
}

#[test]
fn spatial_errors_have_the_variance_of_their_covariance() {
    let inputs = bare();
    let spec = spec(12);
    let spatial = spec.spatial.as_ref().unwrap();
    // Fields of different years are independent.
    let variance: f64 = (0..YEARS)
        .map(|year| {
            let weights: Vec<f64> = inputs
                .npp_tc
                .iter()
                .map(|years| years[year] / YEARS as f64)
                .collect();
            spatial.sd * spatial.sd * spatial.units.variance_of_sum(&weights)
        })
        .sum();
    let found = summary(&inputs, &mean(), Level::Npp, &[Component::Spatial]);
    same_mean(&found, 1_421_000.0);
    same_sd(found.sd, variance.sqrt());
}

#[test]
fn bias_and_error_multiply() {
    let inputs = bare();
    let bias = summary(&inputs, &mean(), Level::Npp, &[Component::ProductBias]);
    let spatial = summary(&inputs, &mean(), Level::Npp, &[Component::Spatial]);
    let both = summary(
        &inputs,
        &mean(),
        Level::Npp,
        &[Component::ProductBias, Component::Spatial],
    );
    // Var(XY) of independent factors with mean 1: a + b + ab.
    let relative = |s: &DrawSummary| (s.sd / 1_421_000.0).powi(2);
    let (a, b) = (0.04, relative(&spatial));
    same_sd(both.sd / 1_421_000.0, (a + b + a * b).sqrt());
    assert!((relative(&bias) - a).abs() < 0.003);
}

#[test]
fn borders_move_zones_and_not_their_region() {
    let inputs = bare();
    let places = [
        ALL,
        Place {
            region: Some(0),
            zone: None,
        },
        Place {
            region: Some(0),
            zone: Some(0),
        },
    ];
    let draws = draws(
        &inputs,
        &spec(13),
        &mean(),
        &places,
        &[Component::ZoneBoundary],
    );
    for (position, exact) in [(0, 1_421_000.0), (1, 340_000.0 * 1.015)] {
        let all = draws
            .iter()
            .map(|rows| rows[position].tc(Level::Npp).unwrap());
        assert!(
            all.into_iter()
                .all(|npp: f64| (npp / exact - 1.0).abs() < 1e-12)
        );
    }
    // 50 km of border, 6 km of shift shared over 50 km, between 101.5 and 121.8 gC m-2.
    let zone = Simulation::summary(&draws, 2, Level::Npp).unwrap();
    let shift_km = 6.0 * mean_correlation_along_line(50.0, 50.0).sqrt();
    same_sd(zone.sd, 50.0 * shift_km * 110.0 * 1.015);
    same_mean(&zone, 101_500.0);
}

#[test]
fn models_are_drawn_by_their_weights_and_decide_the_sign() {
    let inputs = with_rh();
    let mut still = spec(14);
    still.rh.scale_sd = 0.0;
    let draws = draws(&inputs, &still, &mean(), &[ALL], &[Component::Rh]);
    let nep = Simulation::summary(&draws, 0, Level::Nep).unwrap();
    // The first model, with a quarter of the weight, makes a sink of 32.6 gC m-2, the second a source of 40.4.
    let se = (0.25 * 0.75 / DRAWS as f64).sqrt();
    assert!((nep.positive - 0.25).abs() < 4.0 * se, "{}", nep.positive);
    same_mean(&nep, 10_000.0 * (0.25 * 32.6 - 0.75 * 40.4));
    same_sd(nep.sd, 10_000.0 * 73.0 * (0.25_f64 * 0.75).sqrt());
    assert!((nep.median + 404_000.0).abs() < 1.0);
}

#[test]
fn a_scale_on_respiration_is_a_share_of_it() {
    let mut inputs = with_rh();
    let rh = inputs.rh.as_mut().unwrap();
    *rh = nutag_uptake::science::RhEnsemble::new(
        rh.models[..1].to_vec(),
        None,
        rh.climate.clone(),
        None,
    );
    let nep = summary(&inputs, &mean(), Level::Nep, &[Component::Rh]);
    same_sd(nep.sd, 0.1 * 1_095_000.0);
    same_mean(&nep, 326_000.0);
}

#[test]
fn conversion_factors_are_triangular() {
    let mut inputs = with_losses();
    let livestock = inputs.losses.livestock.as_mut().unwrap();
    livestock.intake_kg_per_day = Factor::ranged([1.4, 1.6, 1.8], "", Mark::Given);
    let intake = summary(&inputs, &mean(), Level::Intake, &[Component::Conversion]);
    let each = 3400.0 * 365.0 / 1000.0 * 0.45;
    same_mean(&intake, 1.6 * each);
    // Variance of a symmetric triangle of half-width 0.2: 0.04 / 6.
    let tolerance = 0.03;
    assert!((intake.sd / ((0.04_f64 / 6.0).sqrt() * each) - 1.0).abs() < tolerance);
    // NPP and NEP know nothing of it.
    assert_eq!(
        summary(&inputs, &mean(), Level::Npp, &[Component::Conversion]).sd,
        0.0
    );
    assert_eq!(
        summary(&inputs, &mean(), Level::Nep, &[Component::Conversion]).sd,
        0.0
    );
}

#[test]
fn a_switch_moves_no_other_component_and_order_no_draw() {
    let inputs = with_losses();
    let spec = spec(15);
    let simulation = Simulation {
        inputs: &inputs,
        spec: &spec,
    };
    let slice = mean();
    let one =
        |index, on: &[Component]| simulation.draw(index, &slice, &[ALL], Switches::only(on))[0];
    let rh_alone = one(77, &[Component::Rh]).tc(Level::Rh);
    assert_eq!(
        one(77, &Component::ALL).tc(Level::Rh),
        one(77, &[Component::ZoneBoundary, Component::Rh]).tc(Level::Rh)
    );
    let close = one(77, &[Component::Rh, Component::Spatial]).tc(Level::Rh);
    assert_eq!(rh_alone, close);
    let levels = |index| LEVELS.map(|level| one(index, &Component::ALL).tc(level));
    let forwards: Vec<_> = (0..50).map(levels).collect();
    let backwards: Vec<_> = (0..50).rev().map(levels).collect();
    assert!(forwards.iter().eq(backwards.iter().rev()));
}

#[test]
fn a_measurement_narrows_what_models_spread() {
    let mut inputs = with_rh();
    let spread = summary(&inputs, &mean(), Level::Nep, &[Component::Rh]);
    inputs.rh.as_mut().unwrap().pin = Some(nutag_uptake::science::Pin {
        kind: nutag_uptake::science::PinKind::Tower,
        region: 0,
        years: [0, YEARS - 1],
        balance_gc_per_m2: 20.0,
        se_gc_per_m2: 5.0,
    });
    let region = Place {
        region: Some(0),
        zone: None,
    };
    let draws = draws(&inputs, &spec(11), &mean(), &[ALL, region], &Component::ALL);
    let pinned = Simulation::summary(&draws, 1, Level::Nep).unwrap();
    // Whatever bias NPP has, the region has its measured balance.
    same_mean(&pinned, 20.0 * 3000.0);
    assert!(pinned.sd < 6.0 * 3000.0, "{}", pinned.sd);
    let whole = Simulation::summary(&draws, 0, Level::Nep).unwrap();
    assert!(whole.sd < spread.sd);
}

#[test]
fn shares_are_of_the_sum() {
    assert_eq!(variance_shares(&[3.0, 1.0, 0.0]), [0.75, 0.25, 0.0]);
    assert_eq!(variance_shares(&[0.0, 0.0]), [0.0, 0.0]);
}
