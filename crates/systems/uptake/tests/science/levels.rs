//! Levels by hand.

use nutag_uptake::science::respiration::Perturbation;
use nutag_uptake::science::{
    Choices, InputsError, Level, Pin, PinKind, Place, RhChoice, RowLevels, Slice, UptakeInputs,
    evaluate,
};

use super::world::{ALL, YEARS, bare, mean, with_losses, with_rh};

const FIRST_REGION: Place = Place {
    region: Some(0),
    zone: None,
};

fn at(inputs: &UptakeInputs, slice: &Slice, place: Place, rh: RhChoice) -> RowLevels {
    inputs.check().unwrap();
    evaluate(inputs, slice, &[place], &Choices::central(inputs, rh)).unwrap()[0]
}

fn model(index: usize) -> RhChoice {
    RhChoice::Model(index, Perturbation::NONE)
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.expect("the level exists");
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found} {expected}"
    );
}

#[test]
fn without_inputs_a_level_does_not_exist() {
    let row = at(&bare(), &mean(), ALL, RhChoice::Mean);
    // 1000 x 100 + 2000 x 120 + 3000 x 140 + 4000 x 160 = 1,400,000 tC, and 1.5 % more on average.
    near(row.tc(Level::Npp), 1_421_000.0);
    near(row.gc_per_m2(Level::Npp), 142.1);
    near(row.tc(Level::AboveGroundNpp), 355_250.0);
    near(row.tc(Level::BelowGroundNpp), 1_065_750.0);
    near(row.tc(Level::BiomassAbove), 355_250.0);
    near(row.tc(Level::BiomassBelow), 2_486_750.0);
    for missing in [
        Level::Rh,
        Level::Nep,
        Level::Intake,
        Level::Offtake,
        Level::Fire,
        Level::Harvest,
        Level::Nbp,
    ] {
        assert_eq!(row.tc(missing), None, "{missing:?}");
    }
    // Respiration alone makes no NBP.
    let row = at(&with_rh(), &mean(), ALL, model(0));
    assert!(row.tc(Level::Nep).is_some() && row.tc(Level::Nbp).is_none());
}

#[test]
fn the_sign_is_that_of_the_model() {
    let inputs = with_rh();
    near(
        at(&inputs, &mean(), ALL, model(0)).gc_per_m2(Level::Nep),
        142.1 - 109.5,
    );
    near(
        at(&inputs, &mean(), ALL, model(1)).gc_per_m2(Level::Nep),
        142.1 - 182.5,
    );
    // Weights of 1 and 3.
    near(
        at(&inputs, &mean(), ALL, RhChoice::Mean).gc_per_m2(Level::Rh),
        164.25,
    );
}

#[test]
fn losses_are_subtracted_as_far_as_they_are_given() {
    let inputs = with_losses();
    let row = at(&inputs, &mean(), FIRST_REGION, model(0));
    // 1700 sheep units x 2 kg x 365 days = 1241 t of dry matter, 45 % carbon, 60 % of it lost.
    near(row.tc(Level::Intake), 1241.0 * 0.45);
    near(row.tc(Level::Offtake), 1241.0 * 0.45 * 0.6);
    // 10 km2 x 0.2 kg x 0.77 x 1613 g.
    near(row.tc(Level::Fire), 2484.02 * 12.0 / 44.0);
    assert_eq!(row.tc(Level::Harvest), None);
    let nep = row.tc(Level::Nep).unwrap();
    near(
        row.tc(Level::Nbp),
        nep - 1241.0 * 0.45 * 0.6 - 2484.02 * 12.0 / 44.0,
    );

    // The whole is the sum of its regions; zones have no herds.
    let whole = at(&inputs, &mean(), ALL, model(0));
    let other = Place {
        region: Some(1),
        zone: None,
    };
    let second = at(&inputs, &mean(), other, model(0));
    near(
        whole.tc(Level::Nbp),
        row.tc(Level::Nbp).unwrap() + second.tc(Level::Nbp).unwrap(),
    );
    let zone = Place {
        region: Some(0),
        zone: Some(1),
    };
    assert_eq!(at(&inputs, &mean(), zone, model(0)).tc(Level::Nbp), None);
}

#[test]
fn a_year_without_a_census_is_no_zero() {
    let mut inputs = with_losses();
    inputs.losses.livestock.as_mut().unwrap().head[1][2] = None;
    let year = |y| Slice::mean("", YEARS, y, y);
    assert!(
        at(&inputs, &year(1), ALL, model(0))
            .tc(Level::Nbp)
            .is_some()
    );
    assert_eq!(at(&inputs, &year(2), ALL, model(0)).tc(Level::Nbp), None);
    assert!(
        at(&inputs, &year(2), FIRST_REGION, model(0))
            .tc(Level::Nbp)
            .is_some()
    );
    assert_eq!(at(&inputs, &mean(), ALL, model(0)).tc(Level::Offtake), None);
}

#[test]
fn a_difference_of_means_is_the_difference() {
    let inputs = with_losses();
    let change = Slice::change("", YEARS, [0, 1], [2, 3]);
    let row = at(&inputs, &change, ALL, model(0));
    near(row.tc(Level::Npp), 0.02 * 1_400_000.0);
    // Respiration and herds did not change.
    near(row.tc(Level::Nep), 0.02 * 1_400_000.0);
    assert!(row.tc(Level::Nbp).unwrap() - row.tc(Level::Nep).unwrap() < 1e-6);
    assert_eq!(row.area_km2, 10_000.0);
}

fn pinned(kind: PinKind, balance_gc_per_m2: f64) -> UptakeInputs {
    let mut inputs = with_losses();
    inputs.rh.as_mut().unwrap().pin = Some(Pin {
        kind,
        region: 0,
        years: [1, 2],
        balance_gc_per_m2,
        se_gc_per_m2: 10.0,
    });
    inputs
}

#[test]
fn a_measurement_makes_the_models_agree_where_it_is() {
    let inputs = pinned(PinKind::Tower, 20.0);
    let middle = Slice::mean("", YEARS, 1, 2);
    for which in [model(0), model(1), RhChoice::Mean] {
        near(
            at(&inputs, &middle, FIRST_REGION, which).gc_per_m2(Level::Nep),
            20.0,
        );
    }
    let soil = pinned(PinKind::SoilCarbon, -5.0);
    for which in [model(0), model(1)] {
        near(
            at(&soil, &middle, FIRST_REGION, which).gc_per_m2(Level::Nbp),
            -5.0,
        );
    }
}

#[test]
fn a_measurement_that_leaves_no_respiration_is_refused() {
    let inputs = pinned(PinKind::Tower, 200.0);
    let error = evaluate(
        &inputs,
        &mean(),
        &[ALL],
        &Choices::central(&inputs, model(0)),
    )
    .unwrap_err();
    assert!(matches!(error, InputsError::Pin { .. }), "{error}");
    assert!(error.to_string().contains("uptake is positive"), "{error}");
}

#[test]
fn lists_that_do_not_fit_are_named() {
    let mut inputs = with_rh();
    inputs.area_km2[2].pop();
    assert!(
        inputs
            .check()
            .unwrap_err()
            .to_string()
            .contains("years: expected 4")
    );
    let mut inputs = with_rh();
    inputs.rh.as_mut().unwrap().climate.pop();
    assert!(inputs.check().unwrap_err().to_string().contains("climate"));
}

#[test]
fn rows_are_the_whole_zones_regions_and_zones_in_regions() {
    let places = bare().places();
    assert_eq!(places.len(), 1 + 2 + 2 + 4);
    assert_eq!(places[0], ALL);
    assert_eq!(places[1].zone, Some(0));
    assert_eq!(places[3], FIRST_REGION);
}
