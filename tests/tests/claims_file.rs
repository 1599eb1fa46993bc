//! The file of `nutag claims` from outside: many writers, no accidents, and
//! what is changed behind the program's back.

use std::path::Path;
use std::process::{Command, Stdio};

use nutag_tests::{Office, Outcome, command, finish, python};

#[test]
fn a_ledger_is_never_made_by_accident_and_never_replaced() {
    let office = Office::new();
    office.ask(&["init"]).expect(2, &["exists already"]);
    let elsewhere = office.text("clams.sqlite");
    for action in [&["list"][..], &["check"], &["withdraw", "A"]] {
        let mut asked = command(&["claims"]);
        asked.args(action).args(["--ledger", &elsewhere]);
        finish(asked).expect(2, &["there is no ledger", "init"]);
    }
    assert!(!Path::new(&elsewhere).exists());
    finish(command(&["claims", "list"])).expect(2, &["--ledger"]);
    for content in [
        &b""[..],
        b"a letter of some length, which is no database at all",
    ] {
        std::fs::write(&elsewhere, content).unwrap();
        finish(command(&["claims", "list", "--ledger", &elsewhere])).expect(2, &["not a ledger"]);
        assert_eq!(std::fs::read(&elsewhere).unwrap(), content);
    }
}

#[test]
fn two_offices_that_claim_the_same_ground_at_once_do_not_both_get_it() {
    const PROCESSES: usize = 8;
    let office = Office::new();
    let children: Vec<_> = (0..PROCESSES)
        .map(|n| {
            let buyer = if n % 2 == 0 { "JPN" } else { "KOR" };
            let mut add = office.add_command(&format!("claim-{n}"), "A", &[("--buyer", buyer)]);
            add.stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            add.spawn().unwrap()
        })
        .collect();
    let outcomes: Vec<Outcome> = children
        .into_iter()
        .map(|child| Outcome::of(&child.wait_with_output().unwrap()))
        .collect();
    let won = outcomes.iter().filter(|outcome| outcome.done()).count();
    assert_eq!(won, 1, "{outcomes:?}");
    for outcome in outcomes.iter().filter(|outcome| !outcome.done()) {
        outcome.expect(2, &["100.00 % of the new claim"]);
    }
    office.ask(&["check"]).expect(0, &[]);
    assert_eq!(office.json(&["history"]).as_array().unwrap().len(), 1);
}

#[test]
fn many_processes_that_write_at_once_lose_nothing() {
    const PROCESSES: u16 = 12;
    let office = Office::new();
    let children: Vec<_> = (0..PROCESSES)
        .map(|n| {
            let year = (2021 + n).to_string();
            let mut add =
                office.add_command(&format!("claim-{n:02}"), "A", &[("--vintage", &year)]);
            add.stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            add.spawn().unwrap()
        })
        .collect();
    for child in children {
        Outcome::of(&child.wait_with_output().unwrap()).expect(0, &[]);
    }
    assert_eq!(
        office.json(&["list"]).as_array().unwrap().len(),
        usize::from(PROCESSES)
    );
    // The chain of the history holds: no two entries took the same number.
    let check = office.json(&["check"]);
    assert_eq!(check["changes"], PROCESSES);
}

/// Changes the database behind the program's back, as SQL.
fn tamper(office: &Office, sql: &str) -> bool {
    let Some(python) = python() else { return false };
    let code = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])\nc.commit()";
    let done = Command::new(python)
        .args(["-c", code, &office.text("claims.sqlite"), sql])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    true
}

#[test]
fn what_is_changed_behind_the_program_is_found() {
    let spoilt = |sql: &str, words: &[&str]| {
        let office = Office::new();
        office.add("A", "A", &[]).expect(0, &[]);
        office.add("D", "D", &[]).expect(0, &[]);
        if tamper(&office, sql) {
            office.ask(&["check"]).expect(1, words);
        }
    };
    spoilt(
        "UPDATE claim SET status = 'issued' WHERE id = 'A'",
        &["claim \"A\": differs from its last entry"],
    );
    spoilt(
        "DROP TRIGGER land_is_never_changed; UPDATE claim SET tco2 = 9000 WHERE id = 'A'",
        &["claim \"A\": differs"],
    );
    spoilt(
        "DROP TRIGGER land_is_never_changed; UPDATE claim SET area_wkb = (SELECT area_wkb FROM claim WHERE id = 'A') WHERE id = 'D'",
        &["claim \"D\": its area was changed"],
    );
    spoilt(
        "DROP TRIGGER history_is_never_changed; UPDATE history SET reason = 'other' WHERE number = 1",
        &["entry 1 was changed"],
    );
    spoilt(
        "DROP TRIGGER history_is_never_removed; DELETE FROM history WHERE number = 1",
        &["entries are missing"],
    );
}

#[test]
fn the_history_cannot_be_rewritten_by_plain_sql() {
    let Some(python) = python() else { return };
    let office = Office::new();
    office.add("A", "A", &[]).expect(0, &[]);
    for sql in [
        "UPDATE history SET reason = 'other'",
        "DELETE FROM history",
        "DELETE FROM claim",
        "UPDATE claim SET tco2 = 5",
    ] {
        let code = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute(sys.argv[2])";
        let done = Command::new(&python)
            .args(["-c", code, &office.text("claims.sqlite"), sql])
            .output()
            .unwrap();
        assert!(!done.status.success(), "{sql}");
    }
    office.ask(&["check"]).expect(0, &[]);
}

#[test]
fn a_ledger_of_a_newer_program_is_left_alone() {
    let office = Office::new();
    if tamper(&office, "PRAGMA user_version = 2") {
        office
            .add("A", "A", &[])
            .expect(2, &["version 1", "version 2"]);
    }
}
