//! Tallies and names that do not go together.

use nutag_carbon::{Names, Study, StudyError};

use crate::support::{World, random_cells};

fn refusal(spoil: impl FnOnce(&mut Names)) -> String {
    let mut world = World::new(&random_cells(1, 50, 2));
    spoil(&mut world.names);
    Study::new(&world.tallies, world.space, &world.names, &world.quantity)
        .unwrap_err()
        .to_string()
}

#[test]
fn lists_of_another_length() {
    let message = refusal(|names| names.reasons.truncate(1));
    assert_eq!(
        message,
        "reasons: expected 2 names, as many as the tallies have, found 1"
    );
    assert!(refusal(|names| names.regions.truncate(1)).starts_with("regions: "));
}

#[test]
fn names_that_cannot_be_told_apart() {
    let twice = refusal(|names| names.regions[1] = names.regions[0].clone());
    assert!(twice.contains("\"Region 1\" twice"), "{twice}");
    let empty = refusal(|names| names.from.zones[2] = " ".to_owned());
    assert!(
        empty.contains("zones of the first epoch") && empty.contains("empty"),
        "{empty}"
    );
    let kept = refusal(|names| names.to.zones[2] = "Total".to_owned());
    assert!(kept.contains("kept for a row of its own"), "{kept}");
    let epochs = refusal(|names| names.to.label = names.from.label.clone());
    assert!(
        epochs.contains("both epochs are labelled \"1980s\""),
        "{epochs}"
    );
}

#[test]
fn tallies_that_lose_cells() {
    let mut world = World::new(&random_cells(1, 50, 2));
    let key = world.tallies.iter().next().unwrap().0;
    world.tallies.entry(key)[1].cells += 1;
    let study = Study::new(&world.tallies, world.space, &world.names, &world.quantity);
    assert!(matches!(study, Err(StudyError::Tally(_))));
    // Closes now, but has one cell more than in the first period.
    let tally = &mut world.tallies.entry(key)[1];
    tally.masked_cells[0] += 1;
    let study = Study::new(&world.tallies, world.space, &world.names, &world.quantity);
    assert!(matches!(study, Err(StudyError::Uneven { .. })));
}

#[test]
fn no_period_is_no_study() {
    let mut world = World::new(&random_cells(1, 5, 1));
    world.tallies = nutag_zonal::TallySet::new(0, 2);
    world.names.periods.clear();
    let study = Study::new(&world.tallies, world.space, &world.names, &world.quantity);
    assert!(matches!(study, Err(StudyError::NoPeriod)));
}
