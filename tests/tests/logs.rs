//! What is logged: nothing unless asked, lines for people, JSON for programs.

use nutag_tests::{Study, command, finish};
use serde_json::Value;

fn events(stderr: &str) -> Vec<Value> {
    let event = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    stderr.lines().map(event).collect()
}

#[test]
fn every_line_of_a_json_log_is_json_and_the_last_one_of_a_failure_says_what_to_do() {
    let study = Study::new();
    let done = study.run_with(&["--log-json"]);
    done.expect(0, &[]);
    let log = events(&done.stderr);
    let said = |words: &str| log.iter().find(|event| event["message"] == words);
    for words in [
        "the plan stands",
        "reading and counting",
        "counted",
        "the result is there",
    ] {
        assert!(said(words).is_some(), "{words}\n{done}");
    }
    assert_eq!(said("counted").unwrap()["kept"], 0);
    for event in &log {
        assert!(
            event["timestamp"].as_str().unwrap().ends_with('Z'),
            "{event}"
        );
        assert_eq!(event["level"], "INFO", "{event}");
    }

    study.edit("study.toml", "[2001, 2003]", "[2001, 2004]");
    let failed = study.run_with(&["--log-json", "--overwrite"]);
    failed.expect(2, &[]);
    let log = events(&failed.stderr);
    let last = log.last().unwrap();
    assert_eq!(
        (last["level"].as_str(), last["exit"].as_u64()),
        (Some("ERROR"), Some(2)),
        "{last}"
    );
    assert!(last["message"].as_str().unwrap().contains("2004"), "{last}");
    assert!(!last["advice"].as_str().unwrap().is_empty(), "{last}");
}

#[test]
fn people_see_more_the_more_they_ask() {
    let study = Study::new();
    let quiet = study.run();
    assert!(!quiet.stderr.contains("INFO"), "{quiet}");
    let told = study.run_with(&["--overwrite", "-v"]);
    assert!(
        told.stderr.contains("INFO") && told.stderr.contains("the result is there"),
        "{told}"
    );
    assert!(!told.stderr.contains("DEBUG"), "{told}");
    let all = study.run_with(&["--overwrite", "-vv"]);
    assert!(
        all.stderr.contains("DEBUG") && all.stderr.contains("h24v04-r00000"),
        "{all}"
    );
    let part = study.run_with(&["--overwrite", "--log", "nutag_pipeline=info"]);
    assert!(
        part.stderr.contains("the plan stands") && !part.stderr.contains("DEBUG"),
        "{part}"
    );
    finish(command(&["audit", "--log", "nutag=loud"])).expect(2, &["--log"]);
}
