//! A run that is stopped: nothing lies under the name of the result, or all of it.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nutag_tests::{Outcome, Study, blocked_at, command, signal};
use rustix::process::{Pid, Signal, kill_process};

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

/// Long enough for a thread that a signal has woken to note it.
fn let_it_be_noticed() {
    sleep(Duration::from_millis(300));
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
            let_it_be_noticed();
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
    let_it_be_noticed();
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

/// At any moment, once or twice: either stopped, or done and whole. Twice, it
/// may leave its hidden folder, but never a part under the name of the result.
#[test]
fn signals_at_any_moment_leave_nothing_or_all() {
    let study = Study::new();
    let mut stopped = 0;
    for milliseconds in [0, 10, 20, 40, 60, 80, 120, 160] {
        for times in [1, 2] {
            let mut running = run_command(&study);
            let child = running
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            sleep(Duration::from_millis(milliseconds));
            for _ in 0..times {
                // It may have ended already. The first signal of all comes before the program
                // can have done anything, however busy the machine is.
                let _ = kill_process(Pid::from_child(&child), Signal::INT);
            }
            let output = child.wait_with_output().unwrap();
            let outcome = Outcome::of(&output);
            match output.status.code() {
                Some(0) => {
                    assert!(study.out().join("manifest.json").is_file(), "{outcome}");
                    std::fs::remove_dir_all(study.out()).unwrap();
                }
                // A signal before the handler is there ends it without a word.
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
    assert!(stopped > 0, "no signal came in time");
}
