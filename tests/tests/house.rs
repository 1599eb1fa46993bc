//! The rules of the house: crates depend downwards only, files stay short,
//! and nothing is called "util".

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_tests::workspace_root;

/// Each crate with those of the workspace it may depend on, the ground first.
const FLOORS: &[(&str, &[&str])] = &[
    ("problem", &[]),
    ("hdf4", &[]),
    ("grid", &[]),
    ("stats", &[]),
    ("files", &[]),
    ("settings", &[]),
    // The one crate with a network.
    ("fetch", &["problem", "files"]),
    ("granules", &["grid", "hdf4"]),
    ("zonal", &["grid", "stats", "settings"]),
    (
        "task",
        &[
            "problem", "hdf4", "grid", "stats", "files", "granules", "zonal",
        ],
    ),
    ("formats", &["grid", "files"]),
    ("carbon", &["zonal", "stats", "frame"]),
    ("report", &["grid", "files"]),
    ("frame", &["problem", "grid", "zonal", "task", "formats"]),
    ("system", &["problem", "report", "frame"]),
    (
        "pipeline",
        &[
            "problem", "hdf4", "grid", "stats", "files", "settings", "granules", "zonal", "task",
            "formats", "carbon", "report", "frame", "system",
        ],
    ),
    (
        "mrv",
        &[
            "problem", "files", "settings", "formats", "grid", "stats", "frame", "report",
        ],
    ),
    (
        "unattended",
        &["problem", "files", "granules", "task", "report", "pipeline"],
    ),
    (
        "cli",
        &[
            "problem",
            "files",
            "fetch",
            "task",
            "pipeline",
            "mrv",
            "report",
            "unattended",
        ],
    ),
    // What links a C library has no place here.
    ("python", &["problem", "hdf4", "stats", "task", "zonal"]),
];

/// What a system may be built on: never on another system.
const FOR_SYSTEMS: &[&str] = &[
    "problem", "hdf4", "grid", "stats", "files", "settings", "granules", "zonal", "task",
    "formats", "report", "frame", "system",
];

/// The crates of the workspace that a manifest names under `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let section = manifest
        .split("\n[dependencies]")
        .nth(1)
        .unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter_map(|name| {
            name.strip_prefix("nutag-")
                .or((name == "hdf4").then_some(name))
        })
        .map(str::to_owned)
        .collect()
}

/// Every crate with its name below `crates`, the systems among them.
fn crates() -> Vec<(String, PathBuf)> {
    let mut all = Vec::new();
    for (folder, prefix) in [("crates", ""), ("crates/systems", "systems/")] {
        for entry in std::fs::read_dir(workspace_root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.join("Cargo.toml").exists() {
                let name = path.file_name().unwrap().to_str().unwrap();
                all.push((format!("{prefix}{name}"), path));
            }
        }
    }
    all
}

#[test]
fn crates_depend_downwards_only() {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let crates = crates();
    let systems = crates
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("systems/"));
    let systems: Vec<&str> = systems.collect();
    assert!(systems.len() >= 2);
    let mut seen = 0;
    for (name, path) in &crates {
        let manifest = std::fs::read_to_string(path.join("Cargo.toml")).unwrap();
        // The testkit is for tests: whatever it uses, nothing is built on it.
        if name == "testkit" {
            continue;
        }
        let mut allowed = if name.starts_with("systems/") {
            FOR_SYSTEMS.to_vec()
        } else {
            seen += 1;
            let floor = floors.get(name.as_str());
            floor
                .unwrap_or_else(|| panic!("{name}: a new crate needs its floor in this test"))
                .to_vec()
        };
        // The list of systems stands in the pipeline, and nowhere else.
        if name == "pipeline" {
            allowed.extend(&systems);
        }
        for dependency in dependencies(&manifest) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
    }
    assert_eq!(seen, FLOORS.len());
}

/// The crate names of systems stand in one file of the pipeline.
#[test]
fn no_system_is_named_above_its_door() {
    let systems: Vec<String> = crates()
        .into_iter()
        .filter_map(|(name, _)| Some(format!("nutag_{}", name.strip_prefix("systems/")?)))
        .collect();
    let mut files = Vec::new();
    for (name, path) in crates() {
        if !name.starts_with("systems/") {
            rust_files(&path.join("src"), &mut files);
        }
    }
    for file in files {
        if file.ends_with("pipeline/src/systems.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for system in &systems {
            assert!(
                !text.contains(&format!("{system}::")),
                "{} names {system}; only pipeline/src/systems.rs may",
                file.display()
            );
        }
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// Lists of a wrong length lose their tail in the usual reader of TOML, and its messages are in words of
/// the language; `nutag-settings` reads what people write.
#[test]
fn what_people_write_is_read_in_one_way() {
    let mut files = Vec::new();
    rust_files(&workspace_root().join("crates"), &mut files);
    let mut read = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        read += text.matches("nutag_settings::read").count();
        let of_tests = file.components().any(|part| part.as_os_str() == "tests");
        for usual in [
            "toml::from_str",
            "toml::de::",
            "serde(untagged",
            "serde(tag =",
        ] {
            let here = file.strip_prefix(workspace_root()).unwrap();
            assert!(
                of_tests
                    || here.starts_with("crates/settings")
                    || !text.contains(usual)
                    || !text.contains("Deserialize"),
                "{} has {usual}: read it with nutag_settings",
                here.display()
            );
        }
    }
    assert!(read >= 5, "{read}");
}

/// Cargo keeps what a passing test prints to itself.
#[test]
fn what_is_skipped_is_written_down() {
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        rust_files(&workspace_root().join(folder), &mut files);
    }
    for file in files {
        let here = file.strip_prefix(workspace_root()).unwrap().to_owned();
        if here.starts_with("crates/testkit") || here.ends_with("house.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let flat: String = text.split_whitespace().collect();
        assert!(
            !flat.contains("println!(\"SKIP"),
            "{}: say it with nutag_testkit::skipped",
            here.display()
        );
    }
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let mut files = Vec::new();
    for folder in ["crates", "tests", "benches"] {
        rust_files(&workspace_root().join(folder), &mut files);
    }
    assert!(files.len() > 100);
    for file in files {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert!(
            lines <= 500,
            "{} has {lines} lines; at most 500",
            file.display()
        );
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for empty in ["util", "utils", "common", "helpers", "misc"] {
            assert_ne!(name, empty, "{}", file.display());
        }
    }
}
