//! A run goes on where an earlier one ended, redoes only what changed, and
//! gives the same bits as a run from nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use nutag_tests::{
    Draws, Outcome, RightStudy, Study, assert_same, blocked_at, command, contents, finish,
    polygons, workspace_root,
};

/// A study with maps, so that cells are kept beside tallies.
fn study() -> Study {
    let study = Study::new();
    study.edit("study.toml", "maps = []", "maps = [\"netcdf\"]");
    study
}

/// What became of each piece of a run that must succeed.
#[track_caller]
fn pieces(study: &Study, more: &[&str]) -> BTreeMap<String, String> {
    let mut arguments = vec!["--json", "--overwrite"];
    arguments.extend(more);
    let outcome = study.run_with(&arguments);
    outcome.expect(0, &[]);
    let summary: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    serde_json::from_value::<Vec<(String, String)>>(summary["tasks"].clone())
        .unwrap()
        .into_iter()
        .collect()
}

/// The result of the same study where nothing was there before.
fn from_nothing(study: &Study) -> BTreeMap<PathBuf, Vec<u8>> {
    let arguments = study.arguments();
    let out = study.path("elsewhere/out");
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let last = arguments.len() - 1;
    arguments[last] = out.to_str().unwrap();
    finish(command(&arguments)).expect(0, &[]);
    let all = contents(&out);
    fs::remove_dir_all(study.path("elsewhere")).unwrap();
    all
}

#[test]
fn killed_thirty_times_it_ends_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(workspace_root().join("pipelines/demo.toml")).unwrap();
    let samples = workspace_root().join("data-samples");
    let mut text = text.replace("../data-samples", samples.to_str().unwrap());
    for (key, value) in [("tables ", "[\"csv\"]"), ("maps ", "[\"netcdf\"]")] {
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .map(str::to_owned);
        let line = line.unwrap_or_else(|| panic!("the demo has a key {key:?}"));
        text = text.replace(&line, &format!("{key}= {value}"));
    }
    let pipeline = folder.path().join("demo.toml");
    fs::write(&pipeline, text).unwrap();
    let run = |out: &Path| {
        command(&[
            "run",
            pipeline.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ])
    };

    let undisturbed = folder.path().join("undisturbed");
    finish(run(&undisturbed)).expect(0, &[]);

    let out = folder.path().join("killed");
    let partials = folder.path().join(".killed.work/partials");
    let mut draws = Draws(2012);
    let (mut killed, mut amid) = (0, 0);
    let finished = || fs::read_dir(&partials).map_or(0, Iterator::count);
    while killed < 30 {
        // Once so many files of finished pieces are there, by what it has done and not by a clock: so
        // kills come at every stage of the work, on a fast machine as on a slow one.
        let stage = killed % 8;
        let mut child = run(&out);
        let mut child = child
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while finished() < stage && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        // A little further, within the stage.
        sleep(Duration::from_millis(draws.below(20)));
        // SIGKILL: nothing of the program runs any more.
        let _ = child.kill();
        if child.wait().unwrap().success() {
            // It was faster than the kill; its partials would make every other run as fast.
            fs::remove_dir_all(&out).unwrap();
            fs::remove_dir_all(&partials).unwrap();
            continue;
        }
        if out.exists() {
            // Killed after its last step: what has the name of the result is the whole of it.
            assert_same(&contents(&out), &contents(&undisturbed));
            fs::remove_dir_all(&out).unwrap();
            fs::remove_dir_all(&partials).unwrap();
            continue;
        }
        killed += 1;
        amid += u32::from(finished() > 0);
        // From where it is, or now and then from nothing, so that all moments are met.
        if draws.below(4) == 0 {
            let _ = fs::remove_dir_all(&partials);
        }
    }
    assert!(amid >= 3, "only {amid} of 30 kills came amid the work");
    finish(run(&out)).expect(0, &[]);
    assert_same(&contents(&out), &contents(&undisturbed));
    let work: Vec<_> = fs::read_dir(folder.path().join(".killed.work"))
        .unwrap()
        .collect();
    assert_eq!(
        work.len(),
        3,
        "hashes, lock and partials, and nothing unfinished: {work:?}"
    );
}

#[test]
fn what_is_there_is_kept() {
    let study = study();
    let first = pieces(&study, &[]);
    let whole = contents(&study.out());
    assert_eq!(first.len(), 2);
    assert!(first.values().all(|what| what == "done: new"), "{first:?}");
    let second = pieces(&study, &["--threads", "3"]);
    assert!(second.values().all(|what| what == "kept"), "{second:?}");
    assert_same(&contents(&study.out()), &whole);
    // For people, only when asked.
    let outcome = study.run_with(&["--overwrite", "--explain"]);
    outcome.expect(
        0,
        &["2 of 2 pieces of the job were kept", "h24v04-r00000: kept"],
    );
}

#[test]
fn a_damaged_partial_is_noticed_and_redone() {
    let study = study();
    let _ = pieces(&study, &[]);
    let whole = contents(&study.out());
    let mut draws = Draws(7);
    let partials: Vec<PathBuf> = contents(&study.partials()).into_keys().collect();
    assert_eq!(partials.len(), 4, "tallies and cells of two tasks");
    for name in &partials {
        let path = study.partials().join(name);
        let right = fs::read(&path).unwrap();
        for _ in 0..3 {
            let mut bytes = right.clone();
            let at = usize::try_from(draws.below(bytes.len() as u64)).unwrap();
            bytes[at] ^= 1 << draws.below(8);
            fs::write(&path, bytes).unwrap();
            let again = pieces(&study, &[]);
            let label = &name.to_str().unwrap()[..13];
            for (piece, what) in &again {
                let expected = if piece == label {
                    "redone: its partial was damaged"
                } else {
                    "kept"
                };
                assert!(what.starts_with(expected), "{piece}: {what}");
            }
            assert_same(&contents(&study.out()), &whole);
            assert_eq!(
                fs::read(&path).unwrap(),
                right,
                "the right one is there again"
            );
        }
    }
    // Cut short, and empty.
    for len in [0, 100] {
        let path = study.partials().join(&partials[0]);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..len]).unwrap();
        let again = pieces(&study, &[]);
        assert_eq!(
            again.values().filter(|what| *what == "kept").count(),
            1,
            "{again:?}"
        );
        assert_same(&contents(&study.out()), &whole);
    }
}

#[test]
fn a_granule_that_is_replaced_redoes_its_tile_alone() {
    let study = study();
    let _ = pieces(&study, &[]);
    // The year before, under the name of the year.
    let cells = 120 * 120;
    let other = RightStudy::granule(25, 4, 2002).npp(vec![777; cells]);
    study.granule(&other);
    let again = pieces(&study, &[]);
    assert_eq!(again["h24v04-r00000"], "kept");
    assert_eq!(again["h25v04-r00000"], "redone: granule 2002 changed");
    assert_same(&contents(&study.out()), &from_nothing(&study));
}

#[test]
fn a_border_that_moves_redoes_the_tiles_it_crosses() {
    let study = study();
    let _ = pieces(&study, &[]);
    // The eastern end of the eastern region lies in the eastern tile.
    let [west, (east, [left, bottom, right, top])] = RightStudy::REGIONS;
    let moved = [west, (east, [left, bottom, right - 1.0, top])];
    study.write_json("regions.geojson", &polygons("name", &moved));
    let again = pieces(&study, &[]);
    assert_eq!(again["h24v04-r00000"], "kept");
    assert_eq!(again["h25v04-r00000"], "redone: zones and regions changed");
    assert_same(&contents(&study.out()), &from_nothing(&study));
}

#[test]
fn a_year_that_is_added_is_the_reason_named() {
    let study = study();
    let _ = pieces(&study, &[]);
    for (h, v) in RightStudy::TILES {
        study.granule(&RightStudy::granule(h, v, 2004));
    }
    study.edit("study.toml", "[2001, 2003]", "[2001, 2004]");
    let again = pieces(&study, &[]);
    for what in again.values() {
        assert_eq!(what, "redone: trends of cells changed, granule 2004 is new");
    }
    assert_same(&contents(&study.out()), &from_nothing(&study));
}

#[test]
fn another_rule_redoes_everything_and_another_format_nothing() {
    let study = study();
    let _ = pieces(&study, &[]);
    study.edit(
        "study.toml",
        "tables = [\"csv\", \"md\", \"xlsx\"]",
        "tables = [\"csv\"]",
    );
    let again = pieces(&study, &[]);
    assert!(again.values().all(|what| what == "kept"), "{again:?}");
    study.edit(
        "study.toml",
        "mask           = \"common\"",
        "mask           = \"per-year\"",
    );
    let again = pieces(&study, &[]);
    assert!(
        again.values().all(|what| what == "redone: rules changed"),
        "{again:?}"
    );
    assert_same(&contents(&study.out()), &from_nothing(&study));
}

/// A clock that is wrong, or was, does not hide a change.
#[test]
fn a_change_is_seen_whatever_the_clock_says() {
    let study = study();
    let path = study.granule_path(24, 4, 2001);
    let set = |time: SystemTime| {
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(time).unwrap();
    };
    let day = Duration::from_secs(86_400);
    for time in [
        SystemTime::UNIX_EPOCH,
        SystemTime::now() + 400 * day,
        SystemTime::now() - day,
    ] {
        study.granule(&RightStudy::granule(24, 4, 2001));
        set(time);
        let _ = pieces(&study, &[]);
        // As long as before and with the same time, but not the same.
        let before = fs::read(&path).unwrap();
        let other = RightStudy::granule(24, 4, 2001).npp(vec![555; 120 * 120]);
        study.granule(&other);
        let mut bytes = fs::read(&path).unwrap();
        bytes.resize(before.len().max(bytes.len()), 0);
        fs::write(&path, bytes).unwrap();
        set(time);
        let again = pieces(&study, &[]);
        assert_eq!(
            again["h24v04-r00000"], "redone: granule 2001 changed",
            "{time:?}"
        );
        assert_eq!(again["h25v04-r00000"], "kept");
    }
}

#[test]
fn a_granule_that_goes_or_changes_while_the_run_reads_is_named() {
    let study = study();
    let said = study.run();
    said.expect(0, &[]);
    let path = study.granule_path(25, 4, 2003);
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let right = fs::read(&path).unwrap();
    type Harm<'a> = &'a dyn Fn();
    let remove: Harm<'_> = &|| fs::remove_file(&path).unwrap();
    let touch: Harm<'_> = &|| fs::write(&path, &right).unwrap();
    for (line, harm, words) in [
        ("hashing inputs", remove, "cannot be read any more"),
        (
            "reading and counting",
            touch,
            "changed while the run was reading it",
        ),
    ] {
        fs::write(&path, &right).unwrap();
        let _ = fs::remove_dir_all(study.path("results"));
        let arguments = study.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (child, stderr) = blocked_at(command(&arguments), &said.stderr, line);
        harm();
        Outcome::of_child(child, stderr).expect(1, &[words, &name, "inputs must stay as they are"]);
        study.nothing_left();
    }
}

#[test]
fn a_second_run_into_the_same_folder_is_told_who_is_there() {
    let study = study();
    let said = study.run();
    fs::remove_dir_all(study.out()).unwrap();
    let arguments = study.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (child, stderr) = blocked_at(command(&arguments), &said.stderr, "hashing inputs");
    let holder = format!("process {}", child.id());
    study
        .run()
        .expect(1, &["another run is making this result", &holder, "--out"]);
    Outcome::of_child(child, stderr).expect(0, &[]);
    assert!(study.out().join("manifest.json").is_file());
    // A lock whose holder was killed is no lock.
    fs::remove_dir_all(study.out()).unwrap();
    let mut killed = Command::new(nutag_tests::nutag());
    let mut killed = killed
        .args(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    sleep(Duration::from_millis(30));
    let _ = killed.kill();
    killed.wait().unwrap();
    let _ = fs::remove_dir_all(study.out());
    study.run().expect(0, &[]);
}
