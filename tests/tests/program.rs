//! The program as people and other programs use it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use nutag_tests::{Outcome, Study, command, commands, copy_samples, finish, workspace_root};
use serde_json::Value;

fn nutag(arguments: &[&str]) -> Outcome {
    finish(command(arguments))
}

#[track_caller]
fn json(outcome: &Outcome) -> Value {
    outcome.expect(0, &[]);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}\n{outcome}"))
}

#[test]
fn the_result_is_printed_and_all_else_goes_beside() {
    let study = Study::new();
    let outcome = study.run();
    outcome.expect(
        0,
        &[
            "checking granules: 6",
            "reading and counting",
            "hashing inputs",
        ],
    );
    assert!(
        outcome.stdout.contains("Seasonal") && !outcome.stdout.contains("checking"),
        "{outcome}"
    );
    assert!(
        outcome
            .stdout
            .trim_end()
            .ends_with("results/out/report.html"),
        "{outcome}"
    );
    let quiet = study.run_with(&["--overwrite", "--quiet"]);
    quiet.expect(0, &[]);
    assert_eq!(
        quiet.stdout.trim_end(),
        study.out().join("report.html").to_str().unwrap()
    );
    assert_eq!(quiet.stderr, "");
}

#[test]
fn every_command_answers_in_json() {
    let study = Study::new();
    let pipeline = study.path("study.toml");
    let pipeline = pipeline.to_str().unwrap();

    let run = json(&study.run_with(&["--json"]));
    assert_eq!(run["out"], study.out().to_str().unwrap());
    let files = run["files"].as_array().unwrap();
    for file in files {
        assert!(study.out().join(file.as_str().unwrap()).is_file(), "{file}");
    }
    assert!(files.contains(&"manifest.json".into()) && files.contains(&"report.html".into()));
    assert!(run["answer"].is_string() && run["table"].is_object() && run["warnings"].is_array());

    let check = json(&nutag(&["check", pipeline, "--json"]));
    assert_eq!(
        (&check["granules_here"], &check["granules_wanted"]),
        (&6.into(), &6.into())
    );
    assert_eq!(
        check["zones"],
        serde_json::json!(["Seasonal", "Sporadic", "Continuous"])
    );
    assert_eq!(
        check["periods"],
        serde_json::json!(["2001", "2002", "2003"])
    );

    let granules = json(&nutag(&["granules", pipeline, "--json"]));
    assert_eq!(granules["here"].as_array().map(Vec::len), Some(6));
    assert_eq!(granules["missing"], serde_json::json!([]));
    assert!(granules["tiles"]["h24v04"].as_u64().unwrap() > 0);

    let files = [
        study.granule_path(24, 4, 2001),
        study.path("from.asc"),
        study.path("to.geojson"),
    ];
    let files = files.each_ref().map(|path| path.to_str().unwrap());
    let inspect = json(&nutag(&["inspect", "--json", files[0], files[1], files[2]]));
    let formats: Vec<&str> = inspect
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["format"].as_str().unwrap())
        .collect();
    assert_eq!(formats, ["HDF4", "raster", "vector"]);
    assert!(
        inspect[0]["parts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|part| part["name"] == "Npp_500m")
    );

    let audit = json(&nutag(&["audit", "--json"]));
    assert!(audit["tables"]["published_table"].is_object());
    assert!(
        audit["discrepancies"]
            .as_array()
            .is_some_and(|list| list.len() >= 5)
    );
}

#[test]
fn errors_are_json_too_where_it_was_asked_for() {
    let study = Study::new();
    study.remove(&study.granule_path(24, 4, 2001));
    let outcome = study.run_with(&["--json"]);
    outcome.expect(2, &[]);
    let last = outcome.stderr.lines().last().unwrap();
    let error: Value =
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}\n{outcome}"));
    assert_eq!(error["exit"], 2);
    assert!(
        error["error"]
            .as_str()
            .unwrap()
            .contains("MOD17A3HGF.A2001001.h24v04.061")
    );
}

#[test]
fn inspecting_tells_what_is_inside() {
    let study = Study::new();
    let granule = study.granule_path(25, 4, 2003);
    let outcome = nutag(&["inspect", granule.to_str().unwrap()]);
    outcome.expect(0, &[]);
    for word in [
        "HDF4",
        "MOD17A3HGF.061",
        "h25v04",
        "2003",
        "Npp_500m",
        "Npp_QC_500m",
        "GCTP_SNSOID",
        "_FillValue",
    ] {
        assert!(outcome.stdout.contains(word), "{word}\n{outcome}");
    }
}

#[test]
fn inspecting_what_is_no_data_says_so() {
    let study = Study::new();
    study.write("page.hdf", "<html>Earthdata Login</html>");
    let look = |name: &str| {
        let path = study.path(name);
        nutag(&["inspect", path.to_str().unwrap()])
    };
    look("page.hdf").expect(2, &["page.hdf", "expected an HDF4 granule", "login page"]);
    look("gone.hdf").expect(2, &["gone.hdf", "cannot be read", "No such file"]);
    look("granules").expect(2, &["granules", "is a folder"]);
    study.write("cut.hdf", "\u{e}\u{3}\u{13}\u{1}");
    look("cut.hdf").expect(2, &["cut.hdf"]);
    // One bad file among good ones hides none of them, and is still an error.
    let good = study.path("to.geojson");
    let outcome = nutag(&[
        "inspect",
        good.to_str().unwrap(),
        study.path("page.hdf").to_str().unwrap(),
    ]);
    assert_eq!(outcome.code(), Some(2), "{outcome}");
    assert!(outcome.stderr.contains("page.hdf"), "{outcome}");
    assert!(outcome.stdout.contains("to.geojson"), "{outcome}");
}

#[test]
fn granules_lists_what_is_missing_and_how_to_get_it() {
    let folder = tempfile::tempdir().unwrap();
    copy_samples(folder.path());
    let granules = folder.path().join("data-samples/MOD17A3HGF");
    for entry in fs::read_dir(&granules).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().contains(".A2007001.") {
            fs::remove_file(path).unwrap();
        }
    }
    let pipeline = folder.path().join("pipelines/demo.toml");
    let outcome = nutag(&["granules", pipeline.to_str().unwrap()]);
    outcome.expect(0, &[]);
    for word in [
        "84 granules wanted (7 tiles x 12 dates), 77 here, 7 missing",
        "missing     MOD17A3HGF.A2007001.h25v04.061.*.hdf",
        "1 older production(s)",
        "https://search.earthdata.nasa.gov",
        "version 061",
        "*h26v04*",
    ] {
        assert!(outcome.stdout.contains(word), "{word}\n{outcome}");
    }
    nutag(&["check", pipeline.to_str().unwrap()])
        .expect(2, &["7 of 84 granules are missing", "A2007001.h23v03"]);
}

#[test]
fn checking_computes_nothing_and_writes_nothing() {
    let study = Study::new();
    let before = listing(&study);
    let outcome = nutag(&["check", study.path("study.toml").to_str().unwrap(), "-v"]);
    outcome.expect(0, &[]);
    for word in [
        "granules  6 of 6 here",
        "2 regions",
        "h24v04",
        "The plan stands.",
    ] {
        assert!(outcome.stdout.contains(word), "{word}\n{outcome}");
    }
    assert_eq!(listing(&study), before);
}

fn listing(study: &Study) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = fs::read_dir(study.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    names
}

#[test]
fn help_of_every_command_shows_an_example() {
    for words in std::iter::once(Vec::new()).chain(commands()) {
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let usage = [&["nutag"], &*arguments].concat().join(" ");
        arguments.push("--help");
        let outcome = nutag(&arguments);
        outcome.expect(0, &[]);
        let usage = format!("Usage: {usage}");
        assert!(outcome.stdout.contains(&usage), "{usage}\n{outcome}");
        // What a command has below it is shown by its own example.
        let shown = words.len() > 1 || outcome.stdout.contains("Example:\n  nutag ");
        assert!(shown, "{outcome}");
    }
    let version = nutag(&["--version"]);
    version.expect(0, &[]);
    assert_eq!(
        version.stdout.trim_end(),
        format!("nutag {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_are_scripts_for_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let outcome = nutag(&["completions", shell]);
        outcome.expect(0, &[]);
        for words in commands() {
            for name in &words {
                assert!(
                    outcome.stdout.contains(name),
                    "{shell} does not complete {words:?}"
                );
            }
        }
    }
}

#[test]
fn manual_pages_are_made_for_every_command() {
    let outcome = nutag(&["man"]);
    outcome.expect(0, &[]);
    assert!(outcome.stdout.contains(".TH nutag 1"), "{outcome}");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("deep/man");
    nutag(&["man", "--out", out.to_str().unwrap()]).expect(0, &[]);
    for words in commands() {
        let name = words.join("-");
        let page = fs::read_to_string(out.join(format!("nutag-{name}.1"))).unwrap();
        assert!(words.len() > 1 || page.contains("Example"), "{name}");
    }
    let file = workspace_root().join("Cargo.toml/man");
    nutag(&["man", "--out", file.to_str().unwrap()])
        .expect(1, &["Cargo.toml/man", "cannot be made"]);
}

#[test]
fn wrong_arguments_end_with_2_and_say_what_was_meant() {
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage: nutag"),
        (&["chekc"], "'check'"),
        (&["run"], "PIPELINE.toml"),
        (&["run", "a.toml", "--thread", "2"], "--threads"),
        (&["run", "a.toml", "--threads", "0"], "1..=1024"),
        (&["run", "a.toml", "--threads", "many"], "invalid digit"),
        (&["check", "a.toml", "-q", "-v"], "cannot be used with"),
        (&["inspect"], "FILE"),
        (&["completions", "tcsh"], "bash"),
    ];
    for (arguments, word) in cases {
        nutag(arguments).expect(2, &[word]);
    }
}

/// `nutag ... | head -0`: the reader has gone before the first line.
#[test]
fn a_closed_pipe_is_no_failure() {
    let study = Study::new();
    let pipeline = study.path("study.toml");
    let (pipeline, out) = (pipeline.to_str().unwrap(), study.out());
    let granule = study.granule_path(24, 4, 2001);
    let cases: [&[&str]; 8] = [
        &["audit"],
        &["audit", "--json"],
        &["check", pipeline],
        &["granules", pipeline, "--json"],
        &["inspect", granule.to_str().unwrap()],
        &["completions", "bash"],
        &["man"],
        &["run", pipeline, "--out", out.to_str().unwrap()],
    ];
    for arguments in cases {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut closed = command(arguments);
        let output = closed
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let outcome = Outcome::of(&output.wait_with_output().unwrap());
        outcome.expect(0, &[]);
        assert!(!outcome.stderr.contains("error"), "{outcome}");
    }
    assert!(
        out.join("manifest.json").is_file(),
        "the result is there whoever reads about it"
    );
}

/// `nutag run ... 2>&1 | head -1`: the rest of the work is done unheard.
#[test]
fn a_closed_stderr_does_not_stop_the_work() {
    let study = Study::new();
    study.write(
        "from.asc",
        &nutag_tests::ascii_grid([90.0, 40.0, 104.0, 50.0], |_| 1),
    );
    let arguments = study.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (reader, writer) = std::io::pipe().unwrap();
    let mut closed = command(&arguments);
    let mut child = closed
        .stdin(Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer)
        .spawn()
        .unwrap();
    drop(closed);
    let mut first = String::new();
    BufReader::new(reader).read_line(&mut first).unwrap();
    assert!(first.starts_with("checking granules"), "{first}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(study.out().join("manifest.json").is_file());

    // A failure keeps its code.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut closed = command(&["check", "no-such-file.toml"]);
    assert_eq!(
        closed
            .stdin(Stdio::null())
            .stderr(writer)
            .status()
            .unwrap()
            .code(),
        Some(2)
    );
}
