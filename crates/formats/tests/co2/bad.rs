//! What is refused, each with its own error and advice.

use std::io::Write;

use nutag_formats::co2::{Co2Error, Co2File, Field, Request, find_files, month_set};

use crate::shared::{CF, CF_LON360, V02, V03, V03_JULY, copy, open, read, sample, spoilt};

#[test]
fn a_month_twice() {
    let (_folder, path) = copy(V03);
    let files = [open(&sample(V03)).unwrap(), open(&path).unwrap()];
    let error = month_set(&files).unwrap_err();
    assert!(matches!(error, Co2Error::MonthTwice { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with("2011-04 occurs twice") && text.contains("Keep one"),
        "{text}"
    );
}

#[test]
fn versions_mixed() {
    let raw = Request {
        field: Field::Raw,
        ..Request::default()
    };
    let old = Co2File::open(&sample(V02), &raw).unwrap();
    let new = Co2File::open(&sample(V03_JULY), &raw).unwrap();
    let error = month_set(&[old, new]).unwrap_err();
    assert!(matches!(error, Co2Error::Mixed { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("V02.90 (raw)") && text.contains("V03.05 (raw)"),
        "{text}"
    );
    assert!(text.contains("growth rate"), "{text}");
    // Two fields of one version are no series either.
    let raw = Co2File::open(&sample(V03), &raw).unwrap();
    let error = month_set(&[raw, open(&sample(V03_JULY)).unwrap()]).unwrap_err();
    assert!(matches!(error, Co2Error::Mixed { .. }), "{error}");
    assert!(matches!(month_set(&[]), Err(Co2Error::NoFiles { .. })));
}

#[test]
fn the_field_that_an_old_version_lacks() {
    let error = open(&sample(V02)).unwrap_err();
    assert!(matches!(error, Co2Error::NoField { .. }), "{error}");
    assert!(error.to_string().contains("field = \"raw\""), "{error}");
}

#[test]
fn a_grid_upside_down() {
    let turn = |file: &hdf5::File, name: &str| {
        let dataset = file.dataset(name).unwrap();
        let values: Vec<f32> = dataset.read_raw().unwrap();
        let turned: Vec<f32> = values.chunks(144).rev().flatten().copied().collect();
        dataset.write_raw(&turned).unwrap();
    };
    let turn_codes = |file: &hdf5::File, name: &str| {
        let dataset = file.dataset(name).unwrap();
        let values: Vec<i32> = dataset.read_raw().unwrap();
        let turned: Vec<i32> = values.chunks(144).rev().flatten().copied().collect();
        dataset.write_raw(&turned).unwrap();
    };
    let everything = |file: &hdf5::File| {
        turn(file, "Data/mixingRatio/XCO2BiasCorrected");
        turn(file, "Data/mixingRatio/XCO2BiasCorrectedStandardError");
        turn(file, "Data/latticeInformation/XCO2BiasCorrectedAverage");
        turn_codes(file, "Data/latticeInformation/numObservationPoints");
        turn_codes(file, "Data/maskInformation/XCO2Mask");
        turn_codes(file, "Data/geolocation/landseaflag");
    };
    // With its latitudes: the same map.
    let (_folder, path) = spoilt(V03, |file| {
        everything(file);
        turn(file, "Data/geolocation/latitude");
    });
    assert_eq!(read(&path).unwrap(), read(&sample(V03)).unwrap());
    // Without: land at the north pole gives it away.
    let (_folder, path) = spoilt(V03, everything);
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Co2Error::Contradiction { .. }), "{error}");
    assert!(error.to_string().contains("upside down"), "{error}");
}

#[test]
fn a_grid_written_by_a_program_that_transposes() {
    let (_folder, path) = spoilt(V03, |file| {
        for name in ["latitude", "longitude"] {
            let dataset = file.dataset(&format!("Data/geolocation/{name}")).unwrap();
            let values: Vec<f32> = dataset.read_raw().unwrap();
            let mut transposed = values.clone();
            for row in 0..72 {
                for col in 0..144 {
                    transposed[col * 72 + row] = values[row * 144 + col];
                }
            }
            dataset.write_raw(&transposed).unwrap();
        }
    });
    let error = open(&path).unwrap_err();
    assert!(error.to_string().contains("transposes"), "{error}");
}

#[test]
fn all_cells_masked() {
    let (_folder, path) = spoilt(V03, |file| {
        let mask = file.dataset("Data/maskInformation/XCO2Mask").unwrap();
        mask.write_raw(&vec![1_i32; 72 * 144]).unwrap();
    });
    let error = read(&path).unwrap_err();
    assert!(
        matches!(error, Co2Error::AllMasked { cells: 10_368, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("Leave the month out"), "{error}");
}

#[test]
fn an_unknown_unit_and_an_undeclared_fill() {
    let (_folder, path) = spoilt(V03, |file| {
        let field = file.dataset("Data/mixingRatio/XCO2BiasCorrected").unwrap();
        field.delete_attr("unit").unwrap();
    });
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Co2Error::Unit { .. }), "{error}");
    assert!(error.to_string().contains("no attribute `unit`"), "{error}");

    let (_folder, path) = spoilt(V03, |file| {
        let field = file.dataset("Data/mixingRatio/XCO2BiasCorrected").unwrap();
        let mut values: Vec<f32> = field.read_raw().unwrap();
        let mask = file.dataset("Data/maskInformation/XCO2Mask").unwrap();
        let masked: Vec<i32> = mask.read_raw().unwrap();
        let cell = masked.iter().position(|code| *code == 0).unwrap();
        values[cell] = -8888.0;
        field.write_raw(&values).unwrap();
    });
    let error = read(&path).unwrap_err();
    assert!(
        matches!(&error, Co2Error::Magnitude(m) if m.count == 1),
        "{error}"
    );
}

#[test]
fn a_truncated_file() {
    for (name, keep) in [(V03, 30_000_u64), (V03, 100), (V03, 20), (CF, 5_000)] {
        let (_folder, path) = copy(name);
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(keep).unwrap();
        let error = open(&path).unwrap_err();
        assert!(
            matches!(error, Co2Error::Truncated { found_bytes, .. } if found_bytes == keep),
            "{error}"
        );
        assert!(error.to_string().contains("Download it again"), "{error}");
    }
}

#[test]
fn a_tar_as_the_archive_delivers_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("SWIRL3CO2_201104_V03.05.tar");
    // A tar member header: name, and the magic at 257.
    let mut header = [0_u8; 512];
    header[..10].copy_from_slice(b"GOSATTFTS.");
    header[257..262].copy_from_slice(b"ustar");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&header).unwrap();
    file.write_all(&std::fs::read(sample(V03)).unwrap())
        .unwrap();
    drop(file);
    let error = open(&path).unwrap_err();
    assert!(
        matches!(error, Co2Error::Archive { kind: "tar", .. }),
        "{error}"
    );
    assert!(error.to_string().contains("tar -xf"), "{error}");
    for (magic, kind) in [(&b"\x1f\x8b\x08"[..], "gzip"), (b"PK\x03\x04", "zip")] {
        std::fs::write(&path, magic).unwrap();
        let error = open(&path).unwrap_err();
        assert!(
            matches!(error, Co2Error::Archive { kind: found, .. } if found == kind),
            "{error}"
        );
    }
}

#[test]
fn something_else_altogether() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("what.h5");
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Co2Error::Open { .. }), "{error}");
    assert!(
        open(folder.path())
            .unwrap_err()
            .to_string()
            .contains("folder")
    );
    std::fs::write(&path, "not a grid").unwrap();
    assert!(matches!(open(&path), Err(Co2Error::NotRecognised { .. })));
    std::fs::write(&path, b"\x0e\x03\x13\x01....").unwrap();
    assert!(open(&path).unwrap_err().to_string().contains("HDF4"));
    std::fs::write(&path, b"").unwrap();
    assert!(open(&path).is_err());

    let (_folder, soundings) = spoilt(V03, |file| {
        file.create_group("scanAttribute").unwrap();
    });
    assert!(
        open(&soundings)
            .unwrap_err()
            .to_string()
            .contains("level 2")
    );
    let (_folder, methane) = spoilt(V03, |file| {
        file.relink("Data/mixingRatio/XCO2", "Data/mixingRatio/XCH4")
            .unwrap();
    });
    assert!(open(&methane).unwrap_err().to_string().contains("methane"));
    let (_folder, month) = spoilt(V03, |file| {
        file.dataset("Attribute/metadata/month")
            .unwrap()
            .write_raw(&[13_i32])
            .unwrap();
    });
    assert!(matches!(open(&month), Err(Co2Error::NoMonth { .. })));
    let (_folder, nothing) = spoilt(V03, |file| {
        file.unlink("Data/geolocation/latitude").unwrap();
    });
    assert!(matches!(open(&nothing), Err(Co2Error::Missing { .. })));
}

#[test]
fn folders_patterns_and_files() {
    let all = find_files(&sample("V03.05")).unwrap();
    assert_eq!(all.len(), 40);
    assert!(all[0].ends_with(crate::shared::V03_FIRST.trim_start_matches("V03.05/")));
    assert_eq!(find_files(&sample("V03.05/*2011*.h5")).unwrap().len(), 11);
    assert_eq!(find_files(&sample(CF)).unwrap(), [sample(CF)]);
    // A README beside them is no grid.
    let error = find_files(&sample(".")).unwrap_err();
    assert!(matches!(error, Co2Error::NoFiles { .. }), "{error}");
}

#[test]
fn damage_anywhere_is_an_error_or_a_grid_and_never_a_crash() {
    // A linear congruential generator (Knuth): the same damage every time.
    let mut state = 20_090_123_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let folder = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for name in [V03, CF, CF_LON360] {
        let whole = std::fs::read(sample(name)).unwrap();
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Half of the damage in the first 4 kB, where the structure is.
            let reach = if round % 2 == 0 { bytes.len() } else { 4096 };
            for _ in 0..=round % 5 {
                bytes[next(reach)] ^= 1 << next(8);
            }
            if round % 7 == 0 {
                bytes.truncate(next(whole.len()));
            }
            let path = folder.path().join(format!("{round}"));
            std::fs::write(&path, &bytes).unwrap();
            if let Err(error) = read(&path) {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused > 30, "{refused}");
}
