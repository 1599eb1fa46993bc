//! A run that is stopped: nothing lies under the name of the result, or all of it.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use nutag_tests::{Outcome, Study, blocked_at, command, signal, wait_until_it_stands};

/// Where a run is stopped: before it counts, while it counts, and when the
/// counting is done.
const LINES: [&str; 3] = [
    "checking granules",
    "reading and counting",
    "hashing inputs",
];

/// What a whole run says, and its result gone again.
fn said(study: &Study) -> String {
    let outcome = study.accepted(&[]);
    std::fs::remove_dir_all(study.out()).unwrap();
    outcome.stderr
}

fn run_command(study: &Study) -> Command {
    let arguments = study.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    command(&arguments)
}

#[test]
fn a_polite_signal_stops_the_run_and_leaves_nothing() {
    let study = Study::new();
    let said = said(&study);
    for name in ["INT", "TERM", "HUP"] {
        for line in LINES {
            let (child, stderr) = blocked_at(run_command(&study), &said, line);
            assert!(
                study.unfinished().is_dir(),
                "the work goes on in a hidden folder"
            );
            assert!(!study.out().exists());
            signal(&child, name);
            // The thread that the signal wakes has noted it when all stand again.
            wait_until_it_stands(&child);
            let outcome = Outcome::of_child(child, stderr);
            outcome.expect(
                1,
                &[
                    "stopping",
                    "stopped; nothing was written under the name of the result",
                ],
            );
            study.nothing_left();
        }
    }
}

#[test]
fn a_stopped_run_leaves_the_older_result_as_it_was() {
    let study = Study::new();
    let said = said(&study);
    study.accepted(&[]);
    let before = std::fs::read(study.out().join("manifest.json")).unwrap();
    let mut overwriting = run_command(&study);
    overwriting.arg("--overwrite");
    let (child, stderr) = blocked_at(overwriting, &said, "hashing inputs");
    signal(&child, "INT");
    wait_until_it_stands(&child);
    Outcome::of_child(child, stderr).expect(1, &["stopped"]);
    assert_eq!(study.results(), ["out"]);
    assert_eq!(
        std::fs::read(study.out().join("manifest.json")).unwrap(),
        before
    );
}

#[test]
fn a_kill_leaves_nothing_under_the_name_and_the_next_run_succeeds() {
    let study = Study::new();
    let said = said(&study);
    for line in LINES {
        let (mut child, _held) = blocked_at(run_command(&study), &said, line);
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        assert!(!study.out().exists());
    }
    let outcome = study.run();
    outcome.expect(0, &[]);
    assert!(study.out().join("manifest.json").is_file());
}

/// At every line that it says, once or twice: either stopped, or done and whole. Twice, it may leave its
/// hidden folder, but never a part under the name of the result.
#[test]
fn signals_at_any_moment_leave_nothing_or_all() {
    let study = Study::new();
    let said = said(&study);
    let mut lines: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
    // A line is found by its beginning; the second of two that begin alike is not met.
    lines.dedup();
    let (mut stopped, mut moments) = (0, 0);
    for line in lines {
        for times in [1, 2] {
            let (child, stderr) = blocked_at(run_command(&study), &said, line);
            for _ in 0..times {
                signal(&child, "INT");
            }
            wait_until_it_stands(&child);
            let outcome = Outcome::of_child(child, stderr);
            moments += 1;
            match outcome.code() {
                Some(0) => {
                    assert!(study.out().join("manifest.json").is_file(), "{outcome}");
                    std::fs::remove_dir_all(study.out()).unwrap();
                }
                Some(1) | None => stopped += 1,
                _ => panic!("{outcome}"),
            }
            assert!(!study.out().exists(), "{outcome}");
            if times == 1 {
                study.nothing_left();
            } else {
                let _ = std::fs::remove_dir_all(study.path("results"));
            }
        }
    }
    assert!(
        moments >= 2 * LINES.len() && stopped >= 2 * LINES.len(),
        "{stopped} of {moments} stopped"
    );
}
