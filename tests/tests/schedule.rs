//! `nutag schedule`: units that systemd takes.

#![allow(clippy::print_stderr, reason = "a test says what it skipped")]

use std::fs;
use std::process::{Command, Stdio};

use nutag_tests::{Outcome, Study, command, finish, nutag};

fn schedule(study: &Study, more: &[&str]) -> Outcome {
    let pipeline = study.path("study.toml");
    let runs = study.path("my runs");
    let mut words = vec![
        "schedule",
        pipeline.to_str().unwrap(),
        "--runs",
        runs.to_str().unwrap(),
    ];
    words.extend(more);
    finish(command(&words))
}

#[test]
fn the_units_are_hardened_and_right() {
    let study = Study::new();
    let units = study.path("units");
    let written = schedule(
        &study,
        &[
            "--to",
            units.to_str().unwrap(),
            "--calendar",
            "Mon *-*-* 03:00",
            "--user",
            "nobody",
            "--keep",
            "12",
            "--memory-max",
            "2G",
        ],
    );
    written.expect(0, &[]);
    let service = fs::read_to_string(units.join("nutag-study.service")).unwrap();
    let timer = fs::read_to_string(units.join("nutag-study.timer")).unwrap();
    let folder = study.path("").canonicalize().unwrap();
    for line in [
        "Type=oneshot",
        "User=nobody",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateNetwork=yes",
        "CapabilityBoundingSet=",
        "MemoryMax=2G",
        "StandardOutput=journal",
        &format!("ReadOnlyPaths={}", folder.display()),
        &format!("ReadWritePaths=\"{}\"", folder.join("my runs").display()),
    ] {
        assert!(
            service.lines().any(|found| found == line),
            "{line}\n{service}"
        );
    }
    let start = service
        .lines()
        .find(|line| line.starts_with("ExecStart="))
        .unwrap();
    assert!(
        start.starts_with(&format!(
            "ExecStart={}",
            nutag().canonicalize().unwrap().display()
        )) && start.contains("reassess")
            && start.contains("--keep 12"),
        "{start}"
    );
    for line in [
        "OnCalendar=Mon *-*-* 03:00",
        "Persistent=true",
        "WantedBy=timers.target",
    ] {
        assert!(timer.lines().any(|found| found == line), "{line}\n{timer}");
    }
    let here = Command::new("systemd-analyze")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if here.is_err() {
        eprintln!("SKIPPED: systemd-analyze is not there, so the units were not verified");
        assert!(written.stdout.contains("Not checked"), "{written}");
        return;
    }
    assert!(
        written
            .stdout
            .contains("Checked with systemd-analyze: right."),
        "{written}"
    );
    // By ourselves once more: a program that says "right" without asking would pass otherwise.
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args([
            units.join("nutag-study.service"),
            units.join("nutag-study.timer"),
        ])
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    schedule(
        &study,
        &["--to", units.to_str().unwrap(), "--calendar", "whenever"],
    )
    .expect(
        2,
        &[
            "\"whenever\" is no time of a calendar",
            "man 7 systemd.time",
        ],
    );
}

#[test]
fn with_a_hook_the_job_may_reach_the_network() {
    let study = Study::new();
    let units = study.path("units");
    schedule(
        &study,
        &[
            "--to",
            units.to_str().unwrap(),
            "--hook",
            "/usr/bin/mail",
            "--hook-arg=-s 100% new",
        ],
    )
    .expect(0, &[]);
    let service = fs::read_to_string(units.join("nutag-study.service")).unwrap();
    assert!(service.contains("\"--hook-arg=-s 100%% new\""), "{service}");
    assert!(!service.contains("PrivateNetwork=yes"), "{service}");
}

#[test]
fn the_line_of_a_crontab_runs() {
    let study = Study::new();
    let line = schedule(&study, &["--crontab", "0 3 1 * *"]);
    line.expect(0, &[]);
    let command = line
        .stdout
        .trim()
        .strip_prefix("0 3 1 * * ")
        .unwrap()
        .to_owned();
    // Cron hands the rest to sh.
    let ran = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(study.path("my runs/latest/result/manifest.json").is_file());
    schedule(&study, &["--crontab", "0 3 1 *"])
        .expect(2, &["is no time of a crontab", "0 3 1 * *"]);
    schedule(&study, &["--user", "a\nExecStart=/bin/sh"]).expect(2, &["control character"]);
}
