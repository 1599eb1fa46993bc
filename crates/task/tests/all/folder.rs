//! A plan on disk: its tasks, its merge, and what the merge refuses.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use nutag_problem::Silent;
use nutag_task::{Done, NUMERIC_VERSION, PlanFolder, PlanWriter};
use nutag_testkit::hdf4::Mod17Granule;

use crate::world::{SIDE, TILES, World, YEARS, ids, raw, run, run_all, tally};

fn refusal(plan: &PlanFolder) -> String {
    plan.merge().unwrap_err().to_string()
}

#[test]
fn tasks_in_any_order_give_the_sums_of_plain_arithmetic() {
    let world = World::new(true);
    let plan = world.plan(false).unwrap();
    assert_eq!(
        ids(&plan),
        ["h24v04-r00000", "h25v04-r00000", "h26v04-r00000"]
    );
    for id in [
        "h26v04-r00000",
        "h24v04-r00000",
        "h26v04-r00000",
        "h25v04-r00000",
    ] {
        run(&plan, id).unwrap();
    }
    assert!(plan.missing().is_empty());
    let found = plan.merge().unwrap();

    let mut expected = [0_i64; YEARS.len()];
    let mut cells = 0;
    for (h, _) in TILES {
        for cell in (0..SIDE * SIDE).filter(|cell| !(cell / SIDE + cell % SIDE).is_multiple_of(5)) {
            cells += 1;
            let values = YEARS.map(|year| raw(h, year, cell));
            if values.iter().all(|value| *value != 32_765) {
                for (sum, value) in expected.iter_mut().zip(values) {
                    *sum += i64::from(value);
                }
            }
        }
    }
    assert_eq!(plan.sheet().cells, cells);
    let total = found.tallies.total(|_| true);
    assert_eq!(
        total.iter().map(|t| t.sum_raw).collect::<Vec<_>>(),
        expected
    );
    // The five cells in a zone but in no region are counted, under their reason.
    assert!(total.iter().all(|t| t.cells == cells + 5));
    assert_eq!(found.keys.len(), 3);
    assert!(found.trends.is_some());
}

#[test]
fn a_finished_task_is_kept_and_a_damaged_one_is_redone() {
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    let id = &ids(&plan)[1];
    let first = run(&plan, id).unwrap();
    assert!(!first.kept);
    assert_eq!(
        run(&plan, id).unwrap(),
        Done {
            kept: true,
            ..first.clone()
        }
    );
    let path = tally(&plan, id);
    let mut bytes = fs::read(&path).unwrap();
    bytes[40] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(run(&plan, id).unwrap(), first);
}

#[test]
fn the_merge_refuses_what_is_not_exactly_the_plan() {
    let world = World::new(true);
    let plan = world.plan(false).unwrap();
    run_all(&plan);
    let names = ids(&plan);
    let partials = plan.path().join("partials");
    plan.merge().unwrap();

    let copy = partials.join("copy.tally");
    fs::copy(tally(&plan, &names[0]), &copy).unwrap();
    let said = refusal(&plan);
    assert!(
        said.contains("h24v04-r00000: there twice, as copy.tally and"),
        "{said}"
    );
    fs::remove_file(&copy).unwrap();

    let whole = fs::read(tally(&plan, &names[1])).unwrap();
    fs::write(tally(&plan, &names[1]), &whole[..whole.len() / 2]).unwrap();
    let said = refusal(&plan);
    assert!(
        said.contains("h25v04-r00000: damaged") && !said.contains("missing:"),
        "{said}"
    );
    fs::remove_file(tally(&plan, &names[1])).unwrap();
    let said = refusal(&plan);
    assert!(said.contains("h25v04-r00000: missing"), "{said}");
    fs::write(tally(&plan, &names[1]), &whole).unwrap();

    let task = plan.find(&names[2]).unwrap();
    let cells = plan.store().cells_path_of(&task.id, &task.digest);
    let kept = fs::read(&cells).unwrap();
    fs::write(&cells, &kept[1..]).unwrap();
    assert!(
        refusal(&plan).contains("h26v04-r00000: damaged"),
        "{}",
        refusal(&plan)
    );
    fs::write(&cells, &kept).unwrap();

    // A partial of another plan: the same tile with other values.
    let other = World::new(true);
    let npp = vec![7; SIDE * SIDE];
    Mod17Granule::new(24, 4, 2001, SIDE)
        .npp(npp)
        .write(other.home.path())
        .unwrap();
    let foreign = other.plan(false).unwrap();
    run(&foreign, &names[0]).unwrap();
    let from = tally(&foreign, &names[0]);
    let to = partials.join(from.file_name().unwrap());
    fs::copy(&from, &to).unwrap();
    let said = refusal(&plan);
    assert!(said.contains("h24v04-r00000: foreign"), "{said}");
    fs::remove_file(&to).unwrap();
    plan.merge().unwrap();
}

#[test]
fn a_granule_that_changed_after_the_plan_stops_its_task_alone() {
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    let path = world.granule(25, 2002);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 100]).unwrap();
    let names = ids(&plan);
    let done = plan
        .run_all(&names, Some(2), &Silent, &AtomicBool::new(false), &|_| {})
        .unwrap();
    let said = done[1].as_ref().unwrap_err().to_string();
    assert!(
        said.contains("task h25v04-r00000")
            && said.contains("A2002001.h25v04")
            && said.contains("changed after"),
        "{said}"
    );
    assert!(done[0].is_ok() && done[2].is_ok());
    assert_eq!(plan.missing(), ["h25v04-r00000"]);
    // A copy of the right content, with another time, is as good as the file itself.
    fs::write(&path, &whole).unwrap();
    run(&plan, &names[1]).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(
        run(&plan, &names[1]).unwrap().kept,
        "what is done needs no granule"
    );
    plan.merge().unwrap();
}

#[test]
fn a_plan_made_again_keeps_what_still_fits() {
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    run_all(&plan);
    let before = tally(&plan, "h24v04-r00000");
    let error = world.plan(false).unwrap_err();
    assert!(error.was_asked_wrongly() && error.to_string().contains("--overwrite"));
    let npp = vec![7; SIDE * SIDE];
    Mod17Granule::new(24, 4, 2001, SIDE)
        .npp(npp)
        .write(world.home.path())
        .unwrap();
    let again = world.plan(true).unwrap();
    assert_ne!(again.id(), plan.id());
    assert_eq!(again.missing(), ["h24v04-r00000"]);
    assert!(!before.exists(), "partials of the plan before are gone");
    // Who still has the plan before open is told.
    let said = run(&plan, "h24v04-r00000").unwrap_err().to_string();
    assert!(said.contains("made again"), "{said}");
}

#[test]
fn sums_made_on_the_way_are_the_sum_of_all() {
    let world = World::new(true);
    let plan = world.plan(false).unwrap();
    run_all(&plan);
    let names = ids(&plan);
    let left = plan.merge_tasks(&names[..2]).unwrap();
    let right = plan.merge_tasks(&names[2..]).unwrap();
    assert!(
        plan.check_whole(&left)
            .unwrap_err()
            .to_string()
            .contains("h26v04")
    );
    let all = plan
        .merge_merged(&[right.name.clone(), left.name.clone()])
        .unwrap();
    plan.check_whole(&all).unwrap();
    assert_eq!(plan.merged(&all.name).unwrap(), all);
    let one = plan.merge_tasks(&names).unwrap();
    assert_eq!(one, all, "another tree, the same file");
    assert_eq!(all.sum.cells, plan.sheet().cells);

    let twice = plan
        .merge_merged(&[left.name.clone(), all.name.clone()])
        .unwrap_err();
    assert!(twice.to_string().contains("twice"), "{twice}");
    assert!(
        plan.merge_tasks(&[names[0].clone(), names[0].clone()])
            .is_err()
    );
    let bytes = fs::read(plan.merged_path(&left.name)).unwrap();
    fs::write(plan.merged_path(&left.name), &bytes[..bytes.len() - 1]).unwrap();
    assert!(plan.merged(&left.name).is_err());
}

#[test]
fn shares_hold_every_task_once() {
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    for parts in 1..5 {
        let mut all: Vec<&str> = (1..=parts)
            .flat_map(|part| plan.share(part, parts).unwrap())
            .collect();
        all.sort_unstable();
        assert_eq!(all, ids(&plan));
    }
    assert!(plan.share(0, 3).is_err() && plan.share(4, 3).is_err());
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let world = World::new(false);
    let open = |path: &Path| PlanFolder::open(path).unwrap_err().to_string();
    assert!(open(&world.folder()).contains("nutag plan"));
    let plan = world.plan(false).unwrap();
    let file = world.folder().join("plan.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"format\":2", "\"format\":9")).unwrap();
    assert!(open(&world.folder()).contains("layout 2, found 9"));
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    assert!(open(&world.folder()).contains("damaged"));
    fs::write(
        &file,
        text.replace(
            &format!("\"numeric_version\":{NUMERIC_VERSION}"),
            "\"numeric_version\":0",
        ),
    )
    .unwrap();
    assert!(open(&world.folder()).contains("plan again"));
    fs::write(&file, &text).unwrap();
    let tile = world.folder().join("tiles/h24v04.json");
    let said = fs::read_to_string(&tile).unwrap();
    fs::write(&tile, said.replace("\"whole\":false", "\"whole\":true")).unwrap();
    let error = run(&plan, "h24v04-r00000").unwrap_err().to_string();
    assert!(
        error.contains("not the one that plan.json names"),
        "{error}"
    );
    let other = world.home.path().join("letters");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("dear.txt"), "x").unwrap();
    assert!(
        PlanWriter::begin(&other, true)
            .unwrap_err()
            .to_string()
            .contains("not touched")
    );
}
