//! Where a result comes from: held to the checkers of those who define PROV,
//! RO-Crate, STAC and CITATION.cff.

use std::process::Command;

use nutag_tests::{Study, command, finish, workspace_root};
use serde_json::Value;

#[test]
fn provenance_stands_before_the_checkers_of_others() {
    let Some(python) = nutag_tests::python() else {
        return;
    };
    let study = Study::new();
    study.edit(
        "study.toml",
        "note     = ",
        "sources = [\"doi:10.5067/MODIS/MOD17A3HGF.061\", \"Zones: made up, \\\"by hand\\\"\"]\n\
         authors = [\"Office of Pastures\"]\nlicense = \"CC-BY-4.0\"\nissued = \"2026-11-22\"\nnote = ",
    );
    study.accepted(&[]);
    let script = workspace_root().join("tests/python/provenance.py");
    let checked = Command::new(python)
        .arg(script)
        .arg(study.out())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(
        checked.status.success() && said.contains("files in the crate"),
        "{said}{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[test]
fn the_same_run_has_the_same_provenance_wherever_and_whenever() {
    let study = Study::new();
    study.accepted(&[]);
    let names = [
        "CITATION.cff",
        "provenance/prov.json",
        "ro-crate-metadata.json",
        "manifest.json",
    ];
    let read = || names.map(|name| std::fs::read(study.out().join(name)).unwrap());
    let first = read();
    study
        .run_with(&["--overwrite", "--threads", "1"])
        .expect(0, &[]);
    assert!(
        first == read(),
        "the provenance differs between two runs of the same"
    );
    let metadata = String::from_utf8(first[2].clone()).unwrap();
    let folder = study.path("").display().to_string();
    assert!(
        !metadata.contains(folder.trim_end_matches('/')),
        "the crate names a place of this machine"
    );
    // A granule more, a run that is another.
    study.edit(
        "study.toml",
        "note     = \"Synthetic",
        "note     = \"Very synthetic",
    );
    study.run_with(&["--overwrite"]).expect(0, &[]);
    let id = |bytes: &[u8]| {
        let metadata: Value = serde_json::from_slice(bytes).unwrap();
        let graph = metadata["@graph"].as_array().unwrap().clone();
        let run = graph
            .into_iter()
            .find(|thing| thing["@id"] == "#run")
            .unwrap();
        run["identifier"].as_str().unwrap().to_owned()
    };
    assert_ne!(id(&first[2]), id(&read()[2]));
}

#[test]
fn cite_says_what_to_cite() {
    let study = Study::new();
    study.edit(
        "study.toml",
        "note     = ",
        "sources = [\"https://doi.org/10.5067/MODIS/MOD17A3HGF.061\"]\nnote = ",
    );
    study.accepted(&[]);
    let out = study.out();
    let cited = finish(command(&["cite", out.to_str().unwrap()]));
    cited.expect(0, &[]);
    for words in [
        "Running, S.; Zhao, M. (2021)",
        "https://doi.org/10.5067/MODIS/MOD17A3HGF.061",
        "Nutag, version",
        "Karney",
        "CITATION.cff",
    ] {
        assert!(cited.stdout.contains(words), "{words}\n{cited}");
    }
    // Three years are too few for a trend, so nobody is cited for one.
    assert!(!cited.stdout.contains("Kendall"), "{cited}");
    let json = finish(command(&["cite", out.to_str().unwrap(), "--json"]));
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["data"][0]["doi"], "10.5067/MODIS/MOD17A3HGF.061");

    finish(command(&["cite", study.path("").to_str().unwrap()]))
        .expect(2, &["manifest.json", "nutag cite out/demo"]);
    let wrong = Study::new();
    wrong.edit(
        "study.toml",
        "note     = ",
        "issued = \"22.11.2026\"\nnote = ",
    );
    wrong.refused(2, &["issued = \"22.11.2026\" is not a date", "2026-11-22"]);
}
