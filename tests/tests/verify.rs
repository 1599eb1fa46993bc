//! `nutag verify`: whether a run folder is what it claims to be.

use std::fs;

use nutag_tests::{Outcome, RightStudy, Study, command, finish};
use serde_json::Value;

fn verify(study: &Study, more: &[&str]) -> Outcome {
    let out = study.out();
    let mut words = vec!["verify", out.to_str().unwrap()];
    words.extend(more);
    finish(command(&words))
}

fn made() -> Study {
    let study = Study::new();
    study.accepted(&[]);
    study
}

#[test]
fn a_result_is_what_it_claims_to_be_to_the_bit() {
    let study = made();
    let right = verify(&study, &["--recompute"]);
    right.expect(0, &[]);
    for words in [
        "is what it claims to be",
        "tables made again from the tallies",
        "files computed again",
    ] {
        assert!(right.stdout.contains(words), "{words}\n{right}");
    }
    let json = verify(&study, &["--json"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["whole"], true);
    for check in json["checks"].as_array().unwrap() {
        assert_eq!(check["looked_at"], check["right"], "{check}");
        assert!(check["looked_at"].as_u64().unwrap() > 0, "{check}");
    }
    // Nothing is left beside the result.
    assert_eq!(study.results(), ["out"]);
}

#[test]
fn one_flipped_byte_anywhere_in_the_folder_is_found() {
    let study = made();
    let mut files = Vec::new();
    let mut folders = vec![study.out()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 15);
    for path in files.iter().filter(|path| !path.ends_with("manifest.json")) {
        let right = fs::read(path).unwrap();
        let mut wrong = right.clone();
        let middle = wrong.len() / 2;
        wrong[middle] ^= 1;
        fs::write(path, &wrong).unwrap();
        let name = path.strip_prefix(study.out()).unwrap().to_str().unwrap();
        verify(&study, &["--outputs-only"])
            .expect(1, &["is not what it claims to be", name, "SHA-256"]);
        fs::write(path, right).unwrap();
    }
    verify(&study, &["--outputs-only"]).expect(0, &[]);

    fs::remove_file(study.out().join("report.html")).unwrap();
    fs::write(study.out().join("tables/notes.txt"), "mine").unwrap();
    verify(&study, &["--outputs-only"]).expect(
        1,
        &[
            "report.html: is not there",
            "tables/notes.txt: is not of this result",
        ],
    );
}

#[test]
fn forged_tables_are_found_although_their_hashes_were_forged_too() {
    let study = made();
    let table = study.out().join("tables/npp_by_region_zone_year.csv");
    let text = fs::read_to_string(&table).unwrap();
    let forged = text.replacen("West", "Vest", 1);
    assert_ne!(text, forged);
    fs::write(&table, &forged).unwrap();
    let manifest = study.out().join("manifest.json");
    let mut value: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    for output in value["outputs"].as_array_mut().unwrap() {
        if output["path"] == "tables/npp_by_region_zone_year.csv" {
            output["sha256"] = sha256_by_another(forged.as_bytes()).into();
        }
    }
    fs::write(&manifest, value.to_string()).unwrap();
    verify(&study, &["--outputs-only"]).expect(0, &[]);
    verify(&study, &[]).expect(
        1,
        &[
            "npp_by_region_zone_year.csv",
            "is not what the tallies of the run give",
        ],
    );
}

/// SHA-256 by another program.
fn sha256_by_another(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let done = std::process::Command::new("sha256sum")
        .arg(file.path())
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()[..64].to_owned()
}

#[test]
fn inputs_that_changed_or_went_are_named() {
    let study = made();
    let name = |year| RightStudy::granule(24, 4, year).file_name();
    study.granule(&RightStudy::granule(24, 4, 2001).qc(vec![7; 120 * 120]));
    study.remove(&study.granule_path(24, 4, 2002));
    let wrong = verify(&study, &["--recompute"]);
    wrong.expect(
        1,
        &[
            &name(2001),
            "SHA-256",
            &name(2002),
            "is not there",
            "cannot be computed again",
        ],
    );
    verify(&study, &["--outputs-only"]).expect(0, &[]);
}

#[test]
fn inputs_named_from_another_folder_are_looked_for_there() {
    let study = Study::new();
    let mut run = command(&["run", "study.toml", "--out", "results/out"]);
    run.current_dir(study.path(""));
    finish(run).expect(0, &[]);
    verify(&study, &[]).expect(1, &["granules/", "is not there", "--from"]);
    let from = study.path("");
    verify(&study, &["--from", from.to_str().unwrap(), "--recompute"]).expect(0, &[]);
}

#[test]
fn what_is_no_result_is_refused() {
    let study = Study::new();
    verify(&study, &[]).expect(2, &["manifest.json", "nutag run --out"]);
    fs::create_dir_all(study.out()).unwrap();
    fs::write(
        study.out().join("manifest.json"),
        "{\"program\": {\"name\": \"other\"}}",
    )
    .unwrap();
    verify(&study, &[]).expect(2, &["is not a manifest of this version"]);
}
