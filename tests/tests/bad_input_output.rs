//! Results that cannot be written, or must not be.

#![expect(clippy::print_stderr, reason = "a test says what it skipped")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nutag_tests::{Outcome, Study, command, finish, nutag};

fn run_into(study: &Study, out: &Path, more: &[&str]) -> Outcome {
    let pipeline = study.path("study.toml");
    let mut arguments = vec![
        "run",
        pipeline.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    arguments.extend(more);
    finish(command(&arguments))
}

#[test]
fn a_place_below_a_file_is_refused_before_any_work() {
    let study = Study::new();
    study.write("file", "kept");
    let out = study.path("file/deep/out");
    let outcome = run_into(&study, &out, &[]);
    outcome.expect(
        2,
        &[
            out.to_str().unwrap(),
            "cannot be",
            "Not a directory",
            "--out",
        ],
    );
    assert!(
        !outcome.stderr.contains("checking"),
        "known before the work\n{outcome}"
    );
    assert_eq!(fs::read_to_string(study.path("file")).unwrap(), "kept");
}

/// Where even the administrator may not write.
#[test]
fn a_place_that_takes_no_files_is_refused() {
    let proc = Path::new("/proc");
    if !proc.join("self").exists() {
        nutag_testkit::skipped("proc", "there is no /proc to be refused by");
        return;
    }
    let study = Study::new();
    for out in ["/proc/nutag-out", "/proc/self/nutag/out"] {
        run_into(&study, Path::new(out), &[]).expect(
            2,
            &[out, "the result folder cannot be made", "choose a place"],
        );
    }
}

#[test]
fn an_existing_result_stays_unless_overwriting_is_asked_for() {
    let study = Study::new();
    study.accepted(&[]);
    fs::write(study.out().join("my notes.txt"), "keep").unwrap();
    let outcome = study.run();
    outcome.expect(
        2,
        &[
            study.out().to_str().unwrap(),
            "the result folder exists",
            "--overwrite",
            "--out",
        ],
    );
    assert!(study.out().join("my notes.txt").exists());
    assert_eq!(study.results(), ["out"]);
    // A run that fails leaves the old result as it was.
    let granule = study.granule_path(24, 4, 2001);
    let bytes = fs::read(&granule).unwrap();
    study.remove(&granule);
    study
        .run_with(&["--overwrite"])
        .expect(2, &["1 of 6 granules"]);
    assert!(study.out().join("my notes.txt").exists());
    fs::write(&granule, bytes).unwrap();
    study.run_with(&["--overwrite"]).expect(0, &[]);
    assert!(!study.out().join("my notes.txt").exists());
    assert_eq!(study.results(), ["out"]);
}

#[test]
fn what_is_no_result_is_never_replaced() {
    let study = Study::new();
    let photos = study.path("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("1.jpg"), "x").unwrap();
    let words = [
        "exists and is not a result of this program",
        "manifest.json",
        "not replaced",
        "--out",
    ];
    run_into(&study, &photos, &["--overwrite"]).expect(2, &words);
    assert!(photos.join("1.jpg").exists());
    // Nor a manifest of something else.
    fs::write(photos.join("manifest.json"), "{\"name\": \"my web site\"}").unwrap();
    run_into(&study, &photos, &["--overwrite"]).expect(2, &words);
    assert!(photos.join("1.jpg").exists());
    // Nor a file.
    let file = study.path("study.toml");
    run_into(&study, &file, &["--overwrite"]).expect(2, &words);
    assert!(file.is_file());
    for out in ["/", "..", "."] {
        run_into(&study, Path::new(out), &["--overwrite"]).expect(2, &["--out"]);
    }
}

#[test]
fn a_new_place_is_made_with_the_folders_above_it() {
    let study = Study::new();
    let out = study.path("a/b/c");
    run_into(&study, &out, &[]).expect(0, &[]);
    assert!(out.join("report.html").is_file());
    // The result, and the folder in which finished tasks wait for the next run.
    assert_eq!(fs::read_dir(study.path("a/b")).unwrap().count(), 2);
}

/// A file system in memory, of a size of one's own; gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user or machine may not mount.
    fn mount(folder: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&folder);
        mount
            .output()
            .is_ok_and(|output| output.status.success())
            .then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg(&self.0).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} could not be unmounted", self.0.display());
        }
    }
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    let study = Study::new();
    // No room for a folder; for the first file; for the tables; for the report.
    for options in ["nr_inodes=1", "size=8k", "size=32k", "size=64k"] {
        let Some(disk) = SmallDisk::mount(study.path("disk"), options) else {
            nutag_testkit::skipped(
                "small-disk",
                "a small disk cannot be mounted here; only the limit on file sizes was tested",
            );
            return;
        };
        let outcome = run_into(&study, &disk.0.join("out"), &[]);
        outcome.expect(
            1,
            &[
                "No space left on device",
                disk.0.to_str().unwrap(),
                "another",
            ],
        );
        assert!(!disk.0.join("out").exists(), "{options}: {outcome}");
        assert!(
            !disk.0.join(".out.work/result").exists(),
            "{options}: {outcome}"
        );
    }
}

#[test]
fn a_limit_on_the_size_of_files_leaves_nothing_behind() {
    let study = Study::new();
    let mut shell = Command::new("sh");
    // The signal is ignored, so that writing fails as on a full disk.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 4 && exec \"$@\"", "sh"]);
    shell.arg(nutag()).args(study.arguments());
    let outcome = finish(shell);
    outcome.expect(1, &["File too large", "results", "another"]);
    study.nothing_left();
}
