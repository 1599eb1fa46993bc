//! The maps and the report of the demo, as others read them: GDAL, xarray,
//! a CF checker, a browser, a printer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use nutag_tests::{Study, command, finish, nutag, python, workspace_root};
use tempfile::TempDir;

/// The result of the demo, made once.
fn demo() -> &'static Path {
    static DEMO: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, out) = DEMO.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let arguments = ["run", "pipelines/demo.toml", "--out", out.to_str().unwrap()];
        finish(command(&arguments)).expect(0, &[]);
        (folder, out)
    });
    out
}

/// Runs a script of `tests/python`, which prints what it compared.
fn checked(script: &str, arguments: &[&Path], says: &str) {
    let Some(python) = python() else { return };
    let script = workspace_root().join("tests/python").join(script);
    let run = Command::new(python)
        .arg(script)
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success() && said.contains(says),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

#[test]
fn rasters_hold_what_others_compute_and_open_where_others_look() {
    let granules = workspace_root().join("data-samples/MOD17A3HGF");
    checked(
        "map_rasters.py",
        &[&demo().join("maps"), &granules],
        "10 layers as GeoTIFF and as netCDF",
    );
}

#[test]
fn pictures_look_like_those_that_were_kept() {
    let golden = workspace_root().join("tests/golden/demo/maps");
    checked(
        "map_pictures.py",
        &[&demo().join("maps"), &golden],
        "4 pictures",
    );
}

#[test]
fn the_report_reads_well_in_a_browser_on_a_phone_and_on_paper() {
    checked(
        "report_page.py",
        &[&demo().join("report.html")],
        "3 charts, 4 images",
    );
}

/// Every file of a folder with its bytes, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn maps_are_the_same_to_the_bit_on_any_number_of_threads() {
    let study = Study::new();
    study.edit(
        "study.toml",
        "maps = []",
        "maps = [\"png\", \"cog\", \"netcdf\"]",
    );
    let made = ["1", "4"].map(|threads| {
        study
            .run_with(&["--overwrite", "--threads", threads])
            .expect(0, &["making maps"]);
        files(&study.out().join("maps"))
    });
    let names: Vec<&str> = made[0].iter().map(|(name, _)| name.as_str()).collect();
    for name in ["maps.nc", "npp_mean.tif", "npp_change.png", "zone_to.tif"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert!(made[0] == made[1], "other bytes on other threads");
}

#[test]
fn only_the_maps_that_are_asked_for_are_made() {
    let study = Study::new();
    study.accepted(&[]);
    assert!(!study.out().join("maps").exists());
    study.edit("study.toml", "maps = []", "maps = [\"netcdf\"]");
    study.run_with(&["--overwrite"]).expect(0, &[]);
    let names: Vec<String> = files(&study.out().join("maps"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["maps.nc"]);
    let maps = study.out().join("maps/maps.nc");
    let inspected = finish(command(&["inspect", maps.to_str().unwrap()]));
    inspected.expect(0, &[]);
    for word in [
        "netCDF on HDF5",
        "npp_mean",
        "float (y ",
        "reference system",
        "units",
    ] {
        assert!(inspected.stdout.contains(word), "{word}\n{inspected}");
    }
    let report = std::fs::read_to_string(study.out().join("report.html")).unwrap();
    assert!(report.contains("maps/maps.nc") && !report.contains("<img"));
    study.edit("study.toml", "maps = [\"netcdf\"]", "maps = [\"tiff\"]");
    study
        .run_with(&["--overwrite"])
        .expect(2, &["found \"tiff\"", "\"cog\""]);
}

#[test]
fn a_raster_that_cannot_be_written_is_an_error_and_no_crash() {
    for format in ["cog", "netcdf"] {
        let study = Study::new();
        let maps = format!("maps = [\"{format}\"]");
        study.edit("study.toml", "maps = []", &maps);
        // The pieces of the job are kept, so that only the result is left to write.
        study.accepted(&[]);
        let before = files(&study.out().join("maps"));
        let mut shell = Command::new("sh");
        // The signal is ignored, so that writing fails as on a full disk.
        shell.args(["-c", "trap '' XFSZ; ulimit -f 16 && exec \"$@\"", "sh"]);
        shell.arg(nutag()).args(study.arguments());
        shell.arg("--overwrite");
        let outcome = finish(shell);
        outcome.expect(1, &["cannot write", "result/maps/", "room"]);
        assert!(
            before == files(&study.out().join("maps")),
            "the result of before must stay: {outcome}"
        );
    }
}
