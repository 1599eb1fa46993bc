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

/// Root runs what a unit says. A folder of inputs, of runs, a pipeline file or a hook may have any name
/// that a file system takes, and must begin no line and no word of its own.
#[test]
fn no_name_writes_a_line_of_its_own_into_a_unit_or_a_crontab() {
    for breaks in ["\n", "\r", "\u{85}", "\u{2028}", "\u{1b}[2J"] {
        let folder = format!("x{breaks}ExecStartPre=+{}bin{}id", '\u{2215}', '\u{2215}');
        let study = Study::new();
        // Beside the study: what lies in the folder of the pipeline file is not named once more.
        let elsewhere = tempfile::tempdir_in(study.path("..")).unwrap();
        let granules = elsewhere.path().canonicalize().unwrap().join(&folder);
        fs::rename(study.path("granules"), &granules).unwrap();
        let written = granules
            .to_str()
            .unwrap()
            .chars()
            .map(|c| format!("\\u{:04X}", u32::from(c)))
            .collect::<String>();
        study.edit("study.toml", "\"granules\"", &format!("\"{written}\""));
        let units = study.path("units");
        let refused = schedule(&study, &["--to", units.to_str().unwrap()]);
        refused.expect(2, &["control character", "ExecStartPre"]);
        assert!(!refused.stderr.contains('\u{1b}'), "{refused}");
        assert!(!units.join("nutag-study.service").exists());
    }
    let study = Study::new();
    let units = study.path("units");
    let to = units.to_str().unwrap();
    let evil = "x\nExecStartPre=id";
    let runs = study.path(evil);
    for words in [
        ["--runs", runs.to_str().unwrap()],
        ["--hook", evil],
        ["--memory-max", evil],
        ["--memory-max", "2G\\"],
        ["--user", "%u"],
        ["--calendar", "daily\nOnActiveSec=1"],
        ["--calendar", "daily\\"],
    ] {
        let pipeline = study.path("study.toml");
        let mut all = vec!["schedule", pipeline.to_str().unwrap(), "--to", to];
        all.extend(words.iter().copied());
        finish(command(&all)).expect(2, &[]);
        assert!(!units.join("nutag-study.service").exists(), "{words:?}");
    }
}

/// What is no line of its own stays one word, as systemd and sh read it.
#[test]
fn odd_names_stay_one_word() {
    let study = Study::new();
    let home = tempfile::tempdir_in(study.path("..")).unwrap();
    let elsewhere = home.path().canonicalize().unwrap();
    let folder = elsewhere.join("a 100% $HOME; `id` 'x' #y");
    fs::rename(study.path("granules"), &folder).unwrap();
    let folder = folder.display();
    study.edit("study.toml", "\"granules\"", &format!("\"{folder}\""));
    let units = study.path("units; echo hello");
    let written = schedule(&study, &["--to", units.to_str().unwrap()]);
    written.expect(0, &[]);
    assert!(
        written.stdout.contains("sudo cp '/") && written.stdout.contains("; echo hello/"),
        "{written}"
    );
    let service = fs::read_to_string(units.join("nutag-study.service")).unwrap();
    let starts = |key: &str| service.lines().filter(|line| line.starts_with(key)).count();
    assert_eq!((starts("Exec"), starts("ExecStart=")), (1, 1), "{service}");
    let named = elsewhere.join("a 100%% $HOME; `id` 'x' #y");
    let named = format!("ReadOnlyPaths=\"{}\"", named.display());
    assert!(
        service.lines().any(|line| line == named),
        "{named}\n{service}"
    );
    for line in service.lines().filter(|line| !line.starts_with('#')) {
        assert!(!line.ends_with('\\'), "{line}");
    }
}
