//! `nutag reassess`, `runs` and `diff`: jobs that nobody watches.

use std::fs;
use std::path::PathBuf;

use nutag_tests::{Outcome, RightStudy, Study, blocked_at, command, finish, polygons};
use serde_json::Value;

/// A study whose granules arrive one by one, and its folder of runs.
struct Office {
    study: Study,
}

impl Office {
    fn new() -> Self {
        let study = Study::new();
        study.edit(
            "study.toml",
            "mask           = \"common\"",
            "mask           = \"per-year\"\nallow_missing  = true",
        );
        Self { study }
    }

    fn runs(&self) -> PathBuf {
        self.study.path("runs")
    }

    fn arguments(&self, more: &[&str]) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let mut all = vec![
            "reassess".to_owned(),
            text(self.study.path("study.toml")),
            "--runs".to_owned(),
            text(self.runs()),
        ];
        all.extend(more.iter().map(|word| (*word).to_owned()));
        all
    }

    fn reassess(&self, more: &[&str]) -> Outcome {
        let all = self.arguments(more);
        finish(command(&all.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    /// A run whose answer is JSON.
    fn answer(&self, more: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(more);
        let outcome = self.reassess(&all);
        outcome.expect(0, &[]);
        serde_json::from_str(&outcome.stdout).unwrap()
    }

    fn ledger(&self) -> Vec<Value> {
        let runs = self.runs();
        let listed = finish(command(&["runs", runs.to_str().unwrap(), "--json"]));
        listed.expect(0, &[]);
        serde_json::from_str(&listed.stdout).unwrap()
    }

    /// Takes a granule away, to bring it later.
    fn hold_back(&self, h: u8, v: u8, year: u16) {
        self.study.remove(&self.study.granule_path(h, v, year));
    }

    fn bring(&self, h: u8, v: u8, year: u16) {
        self.study.granule(&RightStudy::granule(h, v, year));
    }
}

#[test]
fn a_month_of_nights_with_granules_that_arrive() {
    let office = Office::new();
    office.hold_back(24, 4, 2003);
    office.hold_back(25, 4, 2003);
    let mut states = Vec::new();
    for day in 1..=30_u8 {
        match day {
            5 => office.bring(24, 4, 2003),
            12 => {
                office.bring(25, 4, 2003);
                office
                    .study
                    .edit("regions.geojson", "\"East\"", "\"Dornod\"");
            }
            // Half of a file that is still being copied.
            20 => {
                let path = office.study.granule_path(25, 4, 2002);
                let bytes = fs::read(&path).unwrap();
                fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            }
            21 => office.bring(25, 4, 2002),
            26 => office.study.edit(
                "study.toml",
                "barren         = \"exclude\"",
                "barren         = \"zero\"",
            ),
            _ => {}
        }
        // On the 15th the clock of the machine is set back by four months.
        let month = if (15..18).contains(&day) { 7 } else { 11 };
        let now = format!("2026-{month:02}-{day:02}T03:00:00Z");
        if day == 20 {
            let failed = office.reassess(&["--now", &now]);
            failed.expect(1, &["A2002001.h25v04", "error:"]);
            states.push("failed".to_owned());
            continue;
        }
        let answer = office.answer(&["--now", &now, "--keep", "3"]);
        states.push(answer["state"].as_str().unwrap().to_owned());
        let causes: Vec<&str> = answer["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c.as_str().unwrap())
            .collect();
        match day {
            5 => assert_eq!(causes.len(), 1, "{answer}"),
            12 => assert!(
                causes.len() == 2 && causes.contains(&"changed: regions regions.geojson"),
                "{answer}"
            ),
            15 => assert!(
                answer["warnings"][0]
                    .as_str()
                    .unwrap()
                    .contains("the clock says"),
                "{answer}"
            ),
            26 => assert!(
                causes == ["rule: npp.barren: \"exclude\" -> \"zero\""],
                "{answer}"
            ),
            _ => {}
        }
    }
    let expected: Vec<&str> = (1..=30)
        .map(|day| match day {
            1 => "first",
            5 | 12 | 26 => "changed",
            20 => "failed",
            _ => "unchanged",
        })
        .collect();
    assert_eq!(states, expected);

    let ledger = office.ledger();
    assert_eq!(ledger.len(), 30);
    let ids: Vec<i64> = ledger
        .iter()
        .map(|run| run["id"].as_i64().unwrap())
        .collect();
    assert_eq!(
        ids,
        (1..=30).collect::<Vec<_>>(),
        "ordered by number, whatever the clock said"
    );
    assert!(
        ledger[19]["message"]
            .as_str()
            .unwrap()
            .contains("A2002001.h25v04")
    );
    assert_eq!(ledger[4]["inputs_changed"], 1);
    assert!(ledger[4]["peak_memory_bytes"].as_i64().unwrap() > 1 << 20);
    assert!(
        ledger[0]["pruned"].is_string() && ledger[4]["pruned"].is_null(),
        "three results are kept"
    );

    // What came of a month is what a run from nothing gives.
    let fresh = office.study.accepted(&[]);
    assert!(fresh.done());
    let latest = office.runs().join("latest/result");
    for name in [
        "tables/npp_by_region_zone_year.csv",
        "tables/permafrost_npp_change.csv",
    ] {
        let bytes = |folder: PathBuf| fs::read(folder.join(name)).unwrap();
        assert!(bytes(latest.clone()) == bytes(office.study.out()), "{name}");
    }
}

#[test]
fn changes_say_which_numbers_moved_and_because_of_what() {
    let office = Office::new();
    office.answer(&["--now", "2026-01-01T00:00:00Z"]);
    // The border between two zones of the 2000s moves north by a tenth of a degree.
    let moved = [
        ("seasonally frozen", [90.0, 40.0, 120.0, 45.0]),
        ("sporadic", [90.0, 45.0, 120.0, 45.6]),
        ("continuous", [90.0, 45.6, 120.0, 50.0]),
    ];
    office
        .study
        .write_json("to.geojson", &polygons("ZONE", &moved));
    let answer = office.answer(&["--now", "2026-01-02T00:00:00Z"]);
    assert_eq!(answer["state"], "changed");
    let folder = PathBuf::from(answer["folder"].as_str().unwrap());
    assert!(folder.ends_with("0002-2026-01-02T000000Z"), "{answer}");

    let mut reader = csv::Reader::from_path(folder.join("changes.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|found| found == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(
        rows.len(),
        usize::try_from(answer["numbers_moved"].as_u64().unwrap()).unwrap()
    );
    let mut checked = 0;
    for row in &rows {
        assert_eq!(&row[at("because")], "changed: zone map, to to.geojson");
        assert!(
            !row[at("row")].contains("1980s"),
            "the map of the 1980s stayed: {row:?}"
        );
        if let (Ok(before), Ok(after)) = (
            row[at("before")].parse::<f64>(),
            row[at("after")].parse::<f64>(),
        ) {
            let change: f64 = row[at("change")].parse().unwrap();
            assert!(
                (change - (after - before)).abs() <= 1e-9 * after.abs().max(1.0),
                "{row:?}"
            );
            checked += 1;
        }
    }
    assert!(checked > 10);
    let page = fs::read_to_string(folder.join("changes.md")).unwrap();
    assert!(
        page.contains("- changed: zone map, to to.geojson") && page.contains("| Row | Column |"),
        "{page}"
    );

    // The same by hand, of any two run folders, and of one with itself.
    let runs = office.runs();
    let names: Vec<String> = office
        .ledger()
        .iter()
        .map(|run| run["folder"].as_str().unwrap().to_owned())
        .collect();
    let path = |name: &str| runs.join(name).to_str().unwrap().to_owned();
    let csv = runs.join("by-hand.csv");
    let diff = finish(command(&[
        "diff",
        &path(&names[0]),
        &path(&names[1]),
        "--to",
        csv.to_str().unwrap(),
    ]));
    diff.expect(0, &[]);
    assert_eq!(
        fs::read(&csv).unwrap(),
        fs::read(folder.join("changes.csv")).unwrap()
    );
    let same = finish(command(&["diff", &path(&names[1]), &path(&names[1])]));
    assert!(same.stdout.contains("No number moved."), "{same}");
    finish(command(&[
        "diff",
        &path(&names[0]),
        office.study.path("").to_str().unwrap(),
    ]))
    .expect(2, &["manifest.json", "nutag run --out"]);
}

#[test]
fn a_second_one_leaves_at_once_and_says_who_is_there() {
    let office = Office::new();
    let said = office.reassess(&["--now", "2026-01-01T00:00:00Z"]).stderr;
    fs::remove_dir_all(office.runs()).unwrap();
    let arguments = office.arguments(&[]);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut child, stderr) = blocked_at(command(&words), &said, "reading and counting");

    let second = office.reassess(&[]);
    let process = format!("process {}", child.id());
    second.expect(
        1,
        &[
            "a reassessment is going on",
            &process,
            "study.toml",
            "wait for it",
        ],
    );

    // The first is killed; the third takes over and goes on.
    child.kill().unwrap();
    child.wait().unwrap();
    drop(stderr);
    let third = office.reassess(&["--json"]);
    third.expect(0, &["took over the lock", &process]);
    let states: Vec<String> = office
        .ledger()
        .iter()
        .map(|run| run["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["died", "first"]);
}

#[test]
fn a_hook_is_told_of_changes_and_failures_and_not_of_quiet_nights() {
    let office = Office::new();
    let hook = ["--hook", "/usr/bin/env"];
    office.reassess(&hook).expect(
        0,
        &["NUTAG_OUTCOME=first", "NUTAG_RUN=1\n", "NUTAG_FOLDER=/"],
    );
    let quiet = office.reassess(&hook);
    quiet.expect(0, &[]);
    assert!(!quiet.stderr.contains("NUTAG_OUTCOME"), "{quiet}");
    // No shell reads the arguments.
    let literal = office.reassess(&[
        "--force",
        "--hook",
        "/bin/echo",
        "--hook-arg=$HOME;",
        "--hook-arg=-n",
    ]);
    literal.expect(0, &["$HOME; -n"]);
    office.study.edit("from.toml", "code = 3", "code = 4");
    office
        .reassess(&hook)
        .expect(1, &["NUTAG_OUTCOME=failed", "error:"]);
    // Who cannot be told does not hide what went wrong, nor what went well.
    office
        .reassess(&["--hook", "/no/such/program"])
        .expect(1, &["no answer for 1 value(s)", "/no/such/program"]);
    office.study.edit("from.toml", "code = 4", "code = 3");
    let broken = office.reassess(&["--force", "--hook", "/no/such/program"]);
    broken.expect(1, &["/no/such/program", "cannot be started"]);
    assert_eq!(office.ledger().len(), 6);
    office
        .reassess(&["--hook-arg", "alone"])
        .expect(2, &["--hook"]);
}

#[test]
fn what_is_no_ledger_or_no_moment_is_refused() {
    let office = Office::new();
    office
        .reassess(&["--now", "tomorrow"])
        .expect(2, &["is not a moment", "2026-11-22T03:00:00Z"]);
    let empty = office.study.path("");
    finish(command(&["runs", empty.to_str().unwrap()]))
        .expect(2, &["no ledger of runs", "nutag reassess --runs"]);
    let file = office.study.path("study.toml");
    finish(command(&[
        "reassess",
        file.to_str().unwrap(),
        "--runs",
        file.to_str().unwrap(),
    ]))
    .expect(1, &["cannot be made", "--runs"]);
}
