//! What somebody else prepared: pieces written by hand, names taken beforehand by links, manifests of
//! any content.

use std::fs;
use std::path::{Path, PathBuf};

use nutag_task::Partial;
use nutag_tests::{Study, command, finish};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn tallies(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "tally"))
        .collect();
    files.sort();
    files
}

/// Doubles the sums of a key over its area; or leaves a key out, so that cells are missing.
fn forge(path: &Path, drop_a_key: bool) {
    let (key, mut partial) = Partial::from_bytes(&fs::read(path).unwrap()).unwrap();
    if drop_a_key {
        let kept = partial.tallies.clone();
        partial.tallies = nutag_zonal::TallySet::new(kept.periods(), kept.reasons());
        for (key, periods) in kept.iter().skip(1) {
            partial.tallies.entry(key).clone_from_slice(periods);
        }
    } else {
        let first = partial.tallies.iter().next().unwrap().0;
        for tally in partial.tallies.entry(first) {
            tally.sum_raw_cm2 *= 2;
        }
    }
    fs::write(path, partial.to_bytes(&key).unwrap()).unwrap();
}

/// A piece that lies in the work folder under the right name is kept only if it is what the plan gives.
#[test]
fn forged_pieces_beside_a_result_are_made_again() {
    for drop_a_key in [false, true] {
        let study = Study::new();
        study.accepted(&[]);
        let right = study.tables();
        // As a run that was killed leaves them: the pieces of the result, in the work folder.
        let work = study.path("results/.out.work/partials");
        fs::create_dir_all(&work).unwrap();
        for piece in tallies(&study.out().join("partials")) {
            let copy = work.join(piece.file_name().unwrap());
            fs::copy(&piece, &copy).unwrap();
            forge(&copy, drop_a_key);
        }
        fs::remove_dir_all(study.out()).unwrap();
        study.accepted(&[]);
        assert_eq!(study.tables(), right);
    }
}

/// The manifest fits the forged piece, and the tables are those of the run.
#[test]
fn verify_holds_pieces_to_their_plan_and_says_what_it_did_not_prove() {
    let study = Study::new();
    study.accepted(&[]);
    let out = study.out();
    let verify = |more: &[&str]| {
        let mut words = vec!["verify", out.to_str().unwrap()];
        words.extend(more);
        finish(command(&words))
    };
    let plain = verify(&[]);
    plain.expect(0, &[]);
    for words in [
        "Not proven:",
        "tallies are those of the granules",
        "--recompute",
        "no signature",
    ] {
        assert!(plain.stdout.contains(words), "{words}\n{plain}");
    }
    let alone = verify(&["--outputs-only"]);
    assert!(
        alone.stdout.contains("inputs are those of the run"),
        "{alone}"
    );
    let whole = verify(&["--recompute", "--json"]);
    let whole: Value = serde_json::from_str(&whole.stdout).unwrap();
    assert_eq!(whole["not_proven"].as_array().unwrap().len(), 1, "{whole}");

    let piece = tallies(&out.join("partials")).remove(0);
    forge(&piece, true);
    let bytes = fs::read(&piece).unwrap();
    let path = out.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let name = format!("partials/{}", piece.file_name().unwrap().to_str().unwrap());
    let outputs = manifest["outputs"].as_array_mut().unwrap();
    let mark = outputs
        .iter_mut()
        .find(|mark| mark["path"] == name.as_str());
    let mark = mark.unwrap();
    mark["sha256"] = json!(
        Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    );
    mark["bytes"] = json!(bytes.len());
    fs::write(&path, manifest.to_string()).unwrap();
    verify(&[]).expect(1, &["lacks the key"]);
}

/// A hash may be any text: letters of several bytes, a short one, none.
#[test]
fn a_manifest_of_any_hash_is_an_error_and_no_crash() {
    let study = Study::new();
    study.accepted(&[]);
    let path = study.out().join("manifest.json");
    let right: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for hash in [
        "",
        "ab",
        "\u{436}\u{1f40e}\u{436}\u{1f40e}\u{436}\u{1f40e}\u{436}",
    ] {
        for list in ["inputs", "outputs"] {
            let mut manifest = right.clone();
            manifest[list][0]["sha256"] = json!(hash);
            fs::write(&path, manifest.to_string()).unwrap();
            let out = study.out();
            finish(command(&["verify", out.to_str().unwrap()]))
                .expect(1, &["is not what was written down"]);
        }
    }
}

/// `.OUT.work`, its lock, its pieces and the result itself, made beforehand as links to what somebody
/// would lose.
#[test]
#[cfg(unix)]
fn names_that_are_taken_by_links_are_refused_and_nothing_is_lost() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    for name in [".out.work", ".out.work/lock", ".out.work/partials", "out"] {
        let study = Study::new();
        let results = study.path("results");
        let victim = study.path("victim");
        fs::create_dir_all(victim.join("result")).unwrap();
        fs::create_dir_all(victim.join("replaced")).unwrap();
        fs::write(victim.join("result/letter"), "dear").unwrap();
        fs::write(victim.join("old.tally"), "dear").unwrap();
        fs::write(
            victim.join("manifest.json"),
            r#"{"program": {"name": "nutag"}}"#,
        )
        .unwrap();
        fs::write(study.path(".bashrc"), "mine").unwrap();
        let link = results.join(name);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        let target = match name {
            ".out.work/lock" => study.path(".bashrc"),
            _ => victim.clone(),
        };
        symlink(target, &link).unwrap();
        let refused = study.run_with(&["--overwrite"]);
        assert!(
            !refused.done() && refused.stderr.contains("link"),
            "{name}: {refused}"
        );
        assert!(!refused.stderr.contains("panicked"), "{refused}");
        assert!(link.is_symlink(), "{name}");
        for kept in ["victim/result/letter", "victim/old.tally"] {
            assert_eq!(fs::read(study.path(kept)).unwrap(), b"dear", "{name}");
        }
        assert!(victim.join("replaced").is_dir(), "{name}");
        assert_eq!(fs::read(study.path(".bashrc")).unwrap(), b"mine", "{name}");
    }
    // A work folder that others may change is none of the user's own.
    let study = Study::new();
    let work = study.path("results/.out.work");
    fs::create_dir_all(&work).unwrap();
    fs::set_permissions(&work, fs::Permissions::from_mode(0o777)).unwrap();
    study
        .run_with(&[])
        .expect(2, &["others may change", "chmod go-w"]);
    assert!(!study.out().exists());
}

/// The folder of runs of a job at night, its lock and its ledger.
#[test]
#[cfg(unix)]
fn links_in_a_folder_of_runs_are_refused() {
    use std::os::unix::fs::symlink;
    for name in ["", "lock", "ledger.sqlite", ".next.work"] {
        let study = Study::new();
        let victim = study.path("victim");
        let runs = study.path("runs");
        if name.is_empty() || name == ".next.work" {
            fs::create_dir(&victim).unwrap();
            fs::write(victim.join("letter"), "dear").unwrap();
        } else {
            fs::write(&victim, "").unwrap();
        }
        if !name.is_empty() {
            fs::create_dir(&runs).unwrap();
        }
        symlink(&victim, runs.join(name).components().collect::<PathBuf>()).unwrap();
        let pipeline = study.path("study.toml");
        let job = finish(command(&[
            "reassess",
            pipeline.to_str().unwrap(),
            "--runs",
            runs.to_str().unwrap(),
        ]));
        assert!(
            !job.done() && job.stderr.contains("is a link"),
            "{name}: {job}"
        );
        if victim.is_dir() {
            assert_eq!(fs::read_dir(&victim).unwrap().count(), 1, "{name}");
        } else {
            assert_eq!(fs::read(&victim).unwrap(), b"", "{name}");
        }
    }
}

/// Names that act on a terminal: in messages, in what commands print, and in JSON.
#[test]
fn no_name_acts_on_a_terminal() {
    let acts = |text: &str| {
        text.chars().any(|c| {
            (c.is_control() && c != '\n' && c != '\t') || ('\u{202a}'..='\u{202e}').contains(&c)
        })
    };
    let name = "\\u001b[31mX\\u007f\\u009b2J\\u202e";
    let study = Study::new();
    study.edit(
        "study.toml",
        "name     = \"small\"",
        &format!("name     = \"{name}\""),
    );
    study.edit(
        "study.toml",
        "note     = \"",
        &format!("note     = \"{name} "),
    );
    study.edit(
        "study.toml",
        "epoch = \"1980s\"",
        &format!("epoch = \"{name}\""),
    );
    let pipeline = study.path("study.toml");
    let pipeline = pipeline.to_str().unwrap();
    let out = study.out();
    let out = out.to_str().unwrap();
    for words in [
        vec!["check", pipeline],
        vec!["check", pipeline, "--json"],
        vec!["granules", pipeline],
        vec!["run", pipeline, "--out", out],
        vec!["run", pipeline, "--out", out, "--overwrite", "--json"],
        vec!["cite", out],
        vec!["verify", out],
        vec!["check", "\u{1b}]0;title\u{7}.toml"],
        vec!["check", "\u{1b}]0;title\u{7}.toml", "--json"],
        vec!["verify", "\u{9b}31m"],
        vec!["inspect", "\u{202e}fdh.x"],
    ] {
        let said = finish(command(&words));
        assert!(
            !acts(&said.stdout) && !acts(&said.stderr),
            "{words:?}: {:?}",
            said.stderr
        );
    }
    let cff = fs::read_to_string(study.out().join("CITATION.cff")).unwrap();
    assert!(cff.contains("\\u009b2J") && !acts(&cff), "{cff:?}");
}
