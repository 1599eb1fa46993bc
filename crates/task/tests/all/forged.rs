//! Pieces and plans that somebody wrote by hand: whole, under the right name, of the right ingredients,
//! and not what the plan gives.

use std::fs;
use std::path::Path;

use nutag_files::sha256_bytes;
use nutag_task::{Partial, PlanFolder};
use nutag_zonal::{Tally, TallySet};
use serde_json::{Value, json};

use crate::world::{World, ids, run, run_all, tally};

type Forgery = (&'static str, fn(&mut Partial));

/// The tally of the first key in the first year.
fn first(partial: &mut Partial) -> &mut Tally {
    let key = partial.tallies.iter().next().unwrap().0;
    &mut partial.tallies.entry(key)[0]
}

/// All years of the first key: a mask is common to all.
fn every_year(partial: &mut Partial, change: fn(&mut Tally)) {
    let key = partial.tallies.iter().next().unwrap().0;
    partial.tallies.entry(key).iter_mut().for_each(change);
}

const FORGERIES: &[Forgery] = &[
    ("planned are", |p| p.cells -= 1),
    // Tallies that do not add up to the cells that are declared: one key is simply gone.
    ("lacks the key", |p| {
        let mut fewer = TallySet::new(p.tallies.periods(), p.tallies.reasons());
        for (key, periods) in p.tallies.iter().skip(1) {
            fewer.entry(key).clone_from_slice(periods);
        }
        p.tallies = fewer;
    }),
    // A key beyond the key space, with the cells of another.
    ("which is not planned", |p| {
        let moved = p.tallies.iter().next().unwrap().1.to_vec();
        p.tallies.entry(1_000_000).clone_from_slice(&moved);
    }),
    ("periods", |p| {
        p.tallies = TallySet::new(2, p.tallies.reasons());
    }),
    ("reasons", |p| p.tallies = TallySet::new(3, 1)),
    // One cell of ten thousand from one key to the reasons, area and all.
    ("cm2, planned are", |p| {
        every_year(p, |t| {
            t.cells -= 1;
            t.valid_cells -= 1;
        });
    }),
    ("cm2, planned are", |p| every_year(p, |t| t.area_cm2 *= 2)),
    ("do not add up", |p| first(p).valid_cells -= 1),
    ("do not add up", |p| first(p).masked_cells[0] = u64::MAX),
    ("do not add up", |p| first(p).valid_area_cm2 = u64::MAX),
    ("cannot have", |p| {
        every_year(p, |t| {
            let away = t.valid_area_cm2 / 2;
            t.valid_area_cm2 -= away;
            t.masked_area_cm2[0] += away;
        });
    }),
    ("one mask", |p| {
        let t = first(p);
        let area = t.valid_area_cm2 / t.valid_cells;
        t.valid_cells -= 1;
        t.masked_cells[0] += 1;
        t.valid_area_cm2 -= area;
        t.masked_area_cm2[0] += area;
    }),
    ("outside the regions", |p| {
        every_year(p, |t| {
            let last = t.masked_cells.len() - 1;
            let area = t.valid_area_cm2 / t.valid_cells;
            t.valid_cells -= 1;
            t.masked_cells[last] += 1;
            t.valid_area_cm2 -= area;
            t.masked_area_cm2[last] += area;
        });
    }),
    ("count as zero", |p| first(p).zero_cells = u64::MAX),
    ("this sum", |p| first(p).sum_raw = i64::MAX),
    ("this sum", |p| first(p).sum_raw = -1),
    ("sum over the area", |p| first(p).sum_raw_cm2 = i128::MAX),
    ("sum over the area", |p| first(p).sum_raw_cm2 = i128::MIN),
    ("beside its sum", |p| {
        first(p).sum_raw_cm2 += first(p).sum_raw_cm2 / 10;
    }),
    ("sum of squares", |p| {
        first(p).sum_raw_squared_cm2 = i128::MIN;
    }),
    ("sum of squares", |p| {
        first(p).sum_raw_squared_cm2 = i128::MAX;
    }),
    // A square of the mean that is larger than the mean of the squares.
    ("variance would be negative", |p| {
        let t = first(p);
        let mean = t.sum_raw_cm2 / i128::from(t.valid_area_cm2);
        t.sum_raw_squared_cm2 = mean * t.sum_raw_cm2 - 1;
    }),
    ("lacks the trends", |p| p.trends = None),
    ("have a trend", |p| {
        p.trends.as_mut().unwrap().histogram.add(2, 1, 0);
    }),
    ("no cell has the score", |p| {
        p.trends.as_mut().unwrap().histogram.add(900, 1, 0);
    }),
];

/// Each is refused by whoever adds pieces up, and made again by whoever would keep it.
#[test]
fn a_forged_piece_counts_nowhere() {
    let world = World::new(true);
    let plan = world.plan(false).unwrap();
    run_all(&plan);
    let names = ids(&plan);
    let path = tally(&plan, &names[1]);
    let right = fs::read(&path).unwrap();
    for (words, forge) in FORGERIES {
        let (key, mut partial) = Partial::from_bytes(&right).unwrap();
        let before = partial.clone();
        forge(&mut partial);
        assert_ne!(partial, before, "{words}: nothing was forged");
        fs::write(&path, partial.to_bytes(&key).unwrap()).unwrap();
        let said = plan.merge().unwrap_err().to_string();
        assert!(
            said.contains("h25v04-r00000: ") && said.contains(words),
            "{words}: {said}"
        );
        let said = plan.merge_tasks(&names).unwrap_err().to_string();
        assert!(said.contains(words), "{words}: {said}");
        assert!(!run(&plan, &names[1]).unwrap().kept, "{words}");
        assert_eq!(fs::read(&path).unwrap(), right, "{words}: made again");
    }
    plan.merge().unwrap();
}

/// Sums on the way are held to the plan as pieces are.
#[test]
fn a_forged_sum_is_refused() {
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    run_all(&plan);
    let names = ids(&plan);
    let all = plan.merge_tasks(&names).unwrap();
    let path = plan.merged_path(&all.name);
    let right = fs::read(&path).unwrap();
    // The sum of fewer tasks that says it is of all: list and digest are those of all.
    let part = plan.merge_tasks(&names[..1]).unwrap();
    let of_part = fs::read(plan.merged_path(&part.name)).unwrap();
    let list = |tasks: usize| 8 + 4 + 4 + 64 + 4 + tasks * (4 + names[0].len());
    let mut forged = right[..list(names.len())].to_vec();
    forged.extend(&of_part[list(1)..of_part.len() - 64]);
    let sha256 = sha256_bytes(&forged);
    forged.extend(sha256.as_bytes());
    fs::write(&path, forged).unwrap();
    let said = plan.merged(&all.name).unwrap_err().to_string();
    assert!(said.contains("not what is planned"), "{said}");
    fs::write(&path, right).unwrap();
    assert_eq!(plan.merged(&all.name).unwrap(), all);
}

/// Writes a tile and a list that names it, whatever is in them: hashes are no secret.
fn rewrite(plan: &Path, tile: impl Fn(&mut Value), sheet: impl Fn(&mut Value)) {
    let path = plan.join("tiles/h24v04.json");
    let mut of_tile: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    tile(&mut of_tile);
    let bytes = serde_json::to_vec(&of_tile).unwrap();
    fs::write(&path, &bytes).unwrap();
    let path = plan.join("plan.json");
    let mut list: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    list["tiles"][0]["sha256"] = json!(sha256_bytes(&bytes));
    sheet(&mut list);
    fs::write(&path, serde_json::to_vec(&list).unwrap()).unwrap();
}

/// No plan of any content stops the program by a panic: it is opened, run and merged, and somewhere
/// on the way refused.
#[test]
fn a_hostile_plan_is_an_error_and_no_crash() {
    let nothing: fn(&mut Value) = |_| {};
    type Change = fn(&mut Value);
    let tiles: [(&str, Change); 12] = [
        ("blocks of 0 x", |t| t["block"][0] = json!(0)),
        ("blocks of", |t| t["block"][1] = json!(0)),
        ("blocks of", |t| t["block"][1] = json!(usize::MAX)),
        ("no window", |t| t["windows"][0][0] = json!(4_000)),
        ("no window", |t| t["windows"][0][1] = json!(usize::MAX)),
        ("no window", |t| t["windows"][0][2] = json!(0)),
        ("no window", |t| t["windows"][0][3] = json!(49)),
        ("no task", |t| t["windows"] = json!([])),
        ("cm2", |t| t["row_areas_cm2"][3] = json!(u64::MAX)),
        ("areas", |t| t["row_areas_cm2"] = json!([])),
        ("granules of 2 periods", |t| {
            t["granules"].as_array_mut().unwrap().pop();
        }),
        ("not what was planned", |t| {
            t["stored_bytes"] = json!(u64::MAX);
        }),
    ];
    for (words, change) in tiles {
        let world = World::new(true);
        let folder = world.plan(false).unwrap().path().to_owned();
        rewrite(&folder, change, nothing);
        let plan = PlanFolder::open(&folder).unwrap();
        let done = run(&plan, "h24v04-r00000");
        if words == "not what was planned" {
            // A figure for people: nothing is made from it, and nothing breaks on it.
            done.unwrap();
            continue;
        }
        let said = done.unwrap_err().to_string();
        assert!(said.contains(words), "{words}: {said}");
        assert!(plan.merge().is_err(), "{words}");
    }
    let lists: [(&str, Change); 4] = [
        ("cells of key", |s| {
            s["outside_regions"][0][0] = json!(u32::MAX);
        }),
        ("a trend of other periods", |s| {
            s["trends"]["years"] = json!([2001, 2002]);
        }),
        ("too long", |s| {
            s["regions"] = json!(vec!["x"; 70_000]);
        }),
        ("lists no tile", |s| s["tasks"][0]["tile"] = json!(77)),
    ];
    for (words, change) in lists {
        let world = World::new(true);
        let folder = world.plan(false).unwrap().path().to_owned();
        rewrite(&folder, nothing, change);
        let said = match PlanFolder::open(&folder) {
            Err(error) => error,
            Ok(plan) => run(&plan, "h24v04-r00000").unwrap_err(),
        };
        assert!(said.to_string().contains(words), "{words}: {said}");
    }
}

/// Somebody who may write beside a plan makes its folders first, as links.
#[test]
#[cfg(unix)]
fn folders_of_a_plan_are_the_users_own() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    for name in ["", "tiles", "partials", "merged"] {
        let world = World::new(false);
        let elsewhere = world.home.path().join("elsewhere");
        fs::create_dir_all(elsewhere.join("tiles")).unwrap();
        fs::write(elsewhere.join("victim.tally"), "mine").unwrap();
        let folder = world.folder();
        if name == "merged" {
            let plan = world.plan(false).unwrap();
            run_all(&plan);
            symlink(&elsewhere, folder.join(name)).unwrap();
            let said = plan.merge_tasks(&ids(&plan)).unwrap_err().to_string();
            assert!(said.contains("is a link"), "{said}");
        } else {
            if name.is_empty() {
                symlink(&elsewhere, &folder).unwrap();
            } else {
                fs::create_dir_all(folder.join("tiles")).unwrap();
                let _ = fs::remove_dir(folder.join(name));
                symlink(&elsewhere, folder.join(name)).unwrap();
            }
            let said = world.plan(true).unwrap_err().to_string();
            assert!(said.contains("is a link"), "{name}: {said}");
        }
        assert_eq!(fs::read(elsewhere.join("victim.tally")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 2, "{name}");
    }
    let world = World::new(false);
    let plan = world.plan(false).unwrap();
    for name in ["", "tiles", "partials"] {
        let mode = plan
            .path()
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700, "{name}");
    }
}
