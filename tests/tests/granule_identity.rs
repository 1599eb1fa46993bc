//! A granule is what its name says it is, and what nobody asks for harms nothing.

use std::fs;

use nutag_testkit::hdf4::{Fault, Mod17Granule};
use nutag_tests::{RightStudy, Study, command, finish};

const NAME: &str = "MOD17A3HGF.A2002001.h25v04.061";

fn granule() -> Mod17Granule {
    RightStudy::granule(25, 4, 2002)
}

#[test]
fn metadata_that_contradict_the_name_are_refused() {
    let cases: [(Mod17Granule, &[&str]); 5] = [
        (
            granule().says(|says| says.short_name = Some("MYD17A3HGF".to_owned())),
            &["product MYD17A3HGF", "SHORTNAME", "says MOD17A3HGF"],
        ),
        (
            granule().says(|says| says.platforms = vec!["Aqua".to_owned()]),
            &["satellite Aqua", "says Terra (MOD)"],
        ),
        (
            granule().says(|says| says.version = Some("6".to_owned())),
            &["version 6", "VERSIONID", "says 061"],
        ),
        (
            granule().says(|says| says.begin = Some("2003-01-01".to_owned())),
            &["first day 2003-01-01", "RANGEBEGINNINGDATE", "2002-001"],
        ),
        (
            granule().says(|says| says.end = Some("2002-01-16".to_owned())),
            &["16 days", "asked for as a year"],
        ),
    ];
    for (granule, words) in cases {
        let study = Study::new();
        study.granule(&granule);
        let outcome = study.refused(2, &[NAME]);
        outcome.expect(2, words);
    }
    // A right granule under the name of another year.
    let study = Study::new();
    let path = study.granule_path(25, 4, 2002);
    fs::copy(study.granule_path(25, 4, 2001), path).unwrap();
    study.refused(2, &[NAME, "first day 2001-01-01", "renamed"]);
}

#[test]
fn metadata_that_are_absent_are_said() {
    let study = Study::new();
    study.granule(&granule().fault(Fault::NoCoreMetadata));
    study.accepted(&["1 granule(s) have no metadata that say what they are", NAME]);
    assert_eq!(study.tables(), Study::right_tables());
    let path = study.granule_path(25, 4, 2002);
    let inspected =
        |path: &std::path::Path| finish(command(&["inspect", path.to_str().unwrap()])).stdout;
    let without = inspected(&path);
    assert!(without.contains("none that say what this is"), "{without}");
    let with = inspected(&study.granule_path(25, 4, 2001));
    let words = "MOD17A3HGF, version 61, tile h25v04, 2001-01-01 to 2001-12-31, Terra";
    assert!(with.contains(words), "{with}");
}

#[test]
fn two_contents_under_one_name_are_refused() {
    let study = Study::new();
    fs::create_dir(study.path("granules-too")).unwrap();
    let name = granule().file_name();
    study.edit("study.toml", "\"granules\"", "\"granules*/MOD17*.hdf\"");
    let copy = study.path("granules-too").join(&name);
    fs::copy(study.granule_path(25, 4, 2002), &copy).unwrap();
    study.accepted(&[]);
    let mut bytes = fs::read(&copy).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&copy, bytes).unwrap();
    let study_again = study;
    fs::remove_dir_all(study_again.path("results")).unwrap();
    let both = [
        "one content under one name",
        &format!("granules-too/{name}"),
    ];
    study_again.refused(2, &both);
}

#[cfg(unix)]
#[test]
fn what_nobody_asks_for_harms_nothing() {
    let pipe = |path: &std::path::Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    let study = Study::new();
    let beside = |name: &str| study.path("granules").join(name);
    for name in [
        // Tiles, years and days that are not of the study, and another product.
        "MOD17A3HGF.A2002001.h10v10.061.2022001000000.hdf",
        "MOD17A3HGF.A1999001.h25v04.061.2022001000000.hdf",
        "MOD17A3HGF.A2002009.h25v04.061.2022001000000.hdf",
        "MYD17A3HGF.A2002001.h25v04.061.2022001000000.hdf",
        "notes.hdf",
    ] {
        fs::write(beside(name), "no granule").unwrap();
    }
    pipe(&beside("MOD17A3HGF.A2002001.h11v10.061.2022001000000.hdf"));
    pipe(&beside("pipe"));
    std::os::unix::fs::symlink("nowhere", beside("link.hdf")).unwrap();
    study.accepted(&[]);
    assert_eq!(study.tables(), Study::right_tables());

    // The same in the place of a granule that is asked for.
    let study = Study::new();
    let path = study.granule_path(25, 4, 2002);
    study.remove(&path);
    pipe(&path);
    study.refused(
        2,
        &["1 of 6 granules are missing", NAME, "no file but a pipe"],
    );
}

/// Made-up granules often carry the metadata of the one that they were made from. The grid says where such a
/// file lies; that its days are known by its name alone is said.
#[test]
fn metadata_of_another_granule_say_nothing() {
    let study = Study::new();
    study.granule(&granule().says(|says| {
        says.file_name = Some("MOD17A3HGF.A2001001.h24v04.061.2021102083216.hdf".to_owned());
        says.tile = Some((24, 4));
        says.begin = Some("2001-01-01".to_owned());
        says.end = Some("2001-12-31".to_owned());
    }));
    study.accepted(&["or those of another granule", NAME]);
    assert_eq!(study.tables(), Study::right_tables());
    // Metadata that do not agree among themselves contradict the name.
    let study = Study::new();
    study.granule(&granule().says(|says| says.tile = Some((24, 4))));
    study.refused(2, &[NAME, "tile h24v04"]);
    // A file that was renamed to another tile lies elsewhere.
    let study = Study::new();
    fs::copy(
        study.granule_path(24, 4, 2002),
        study.granule_path(25, 4, 2002),
    )
    .unwrap();
    study.refused(2, &[NAME, "corners"]);
}
