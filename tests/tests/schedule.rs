//! `nutag schedule`: units that systemd takes.

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
        nutag_testkit::skipped(
            "systemd",
            "systemd-analyze is not there, so the units were not verified",
        );
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
            "\"whenever\" is not a time of a calendar",
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
            "/bin/sh",
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
        .expect(2, &["is not a time of a crontab", "0 3 1 * *"]);
    schedule(&study, &["--crontab", "61 3 1 * *"])
        .expect(2, &["minute \"61\" is not within 0 to 59", "--crontab"]);
    schedule(&study, &["--user", "a\nExecStart=/bin/sh"]).expect(2, &["control character"]);
}

/// Cron starts jobs in the home folder and systemd in `/`: a path that counts from here leads nowhere
/// there.
#[test]
fn a_hook_is_found_from_anywhere_or_refused() {
    let study = Study::new();
    let told = study.path("told.txt");
    fs::write(
        study.path("tell.sh"),
        format!(
            "#!/bin/sh\necho \"$NUTAG_OUTCOME\" >> '{}'\n",
            told.display()
        ),
    )
    .unwrap();
    let here = |more: &[&str]| {
        let mut words = vec!["schedule", "study.toml", "--runs", "runs"];
        words.extend(more);
        let mut command = command(&words);
        command.current_dir(study.path(""));
        finish(command)
    };
    let line = ["--crontab", "0 3 1 * *", "--hook", "./tell.sh"];
    here(&line).expect(2, &["not a program that may be run", "chmod +x"]);
    let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
    fs::set_permissions(study.path("tell.sh"), mode).unwrap();

    let said = here(&line);
    said.expect(0, &[]);
    let path = std::path::absolute(study.path("tell.sh")).unwrap();
    assert!(
        said.stdout.contains(&format!("--hook {}", path.display())),
        "{said}"
    );
    let job = said.stdout.trim().strip_prefix("0 3 1 * * ").unwrap();
    let ran = Command::new("sh")
        .args(["-c", job])
        .current_dir("/")
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert_eq!(fs::read_to_string(&told).unwrap(), "first\n");

    here(&["--to", "units", "--hook", "./tell.sh"]).expect(0, &[]);
    let service = fs::read_to_string(study.path("units/nutag-study.service")).unwrap();
    assert!(service.contains(path.to_str().unwrap()), "{service}");
    assert!(!service.contains("./tell.sh"), "{service}");
    let named = here(&["--crontab", "@daily", "--hook", "sh"]);
    named.expect(0, &[]);
    assert!(named.stdout.contains("/sh"), "{named}");
    for gone in ["./gone.sh", "no-such-program-of-anybody"] {
        here(&["--crontab", "@daily", "--hook", gone]).expect(2, &["the hook is not there", gone]);
    }
}
