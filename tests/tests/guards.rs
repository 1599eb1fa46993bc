//! What a pipeline file may point at, and what the machine must have.

use std::net::TcpListener;

use nutag_tests::{Study, command, finish, wgs84_wkt};

#[test]
fn relative_paths_stay_at_home() {
    let study = Study::new();
    study.edit("study.toml", "\"granules\"", "\"../elsewhere/granules\"");
    study.refused(
        2,
        &[
            "[npp] granules",
            "leaves the folder of the pipeline file",
            "root = \"..\"",
        ],
    );
    // Asked for, it is allowed; then there is nothing there, which is another matter.
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    study.write("study.toml", &format!("root = \"..\"\n{text}"));
    let outcome = study.refused(2, &["granules"]);
    assert!(!outcome.stderr.contains("leaves the folder"), "{outcome}");
    study.edit("study.toml", "../elsewhere/granules", "../../elsewhere");
    study.refused(2, &["and its root, \"..\""]);

    let inside = Study::new();
    inside.edit("study.toml", "\"granules\"", "\"./results/../granules\"");
    inside.accepted(&[]);
    let absolute = Study::new();
    let place = absolute.path("granules").to_str().unwrap().to_owned();
    absolute.edit("study.toml", "\"granules\"", &format!("\"{place}\""));
    absolute.accepted(&[]);
}

#[test]
fn nothing_is_fetched_and_no_archive_is_entered() {
    for (from, to) in [
        (
            "\"regions.geojson\"",
            "\"/vsicurl/https://example.org/regions.geojson\"",
        ),
        (
            "\"regions.geojson\"",
            "\"https://example.org/regions.geojson\"",
        ),
        ("\"from.asc\"", "\"/vsizip/zones.zip/from.asc\""),
        ("\"granules\"", "\"s3://bucket/granules\""),
    ] {
        let study = Study::new();
        study.edit("study.toml", from, to);
        study.refused(
            2,
            &[
                "address of the network or inside an archive",
                "download or unpack it first",
            ],
        );
    }
}

#[test]
fn archives_are_to_be_unpacked_first() {
    for (from, to) in [
        ("\"regions.geojson\"", "\"regions.zip\""),
        ("\"granules\"", "\"granules.tar.gz\""),
    ] {
        let study = Study::new();
        study.edit("study.toml", from, to);
        study.refused(2, &["is an archive", "unpack it"]);
    }
    let study = Study::new();
    study.remove(&study.granule_path(24, 4, 2002));
    study.write("granules/order-2002.tar", "as the archive delivers them");
    study.refused(
        2,
        &[
            "1 of 6 granules are missing",
            "order-2002.tar",
            "unpack them",
        ],
    );
}

/// A virtual raster may name an address; nothing is asked there.
#[test]
fn a_map_that_points_into_the_network_reaches_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let study = Study::new();
    let vrt = format!(
        "<VRTDataset rasterXSize=\"120\" rasterYSize=\"40\"><SRS>{}</SRS>\
         <GeoTransform>90, 0.25, 0, 50, 0, -0.25</GeoTransform><VRTRasterBand dataType=\"Byte\" band=\"1\">\
         <SimpleSource><SourceFilename>/vsicurl/http://127.0.0.1:{port}/zones.tif</SourceFilename>\
         <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>",
        wgs84_wkt().replace('"', "&quot;")
    );
    study.write("from.vrt", &vrt);
    study.edit("study.toml", "from.asc", "from.vrt");
    let outcome = study.run();
    assert!(!outcome.done(), "{outcome}");
    assert!(outcome.stderr.contains("from.vrt"), "{outcome}");
    let reached = listener.accept();
    assert!(reached.is_err(), "somebody called: {reached:?}");
}

#[test]
fn what_the_run_needs_is_said_and_too_few_files_stop_it_before() {
    let study = Study::new();
    let pipeline = study.path("study.toml");
    let check = finish(command(&["check", pipeline.to_str().unwrap()]));
    assert!(check.stdout.contains("  needs     up to "), "{check}");
    // A shell lowers the limit for its child, and for good.
    let program = nutag_tests::nutag().display().to_string();
    let words = study.arguments().join("' '");
    let script = format!("ulimit -n 40; exec '{program}' '{words}'");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]);
    finish(shell).expect(1, &["files at once, and 40 are allowed", "LimitNOFILE="]);
    study.nothing_left();
}

/// The whole sample country with all its maps, by exactly as many files as `check` says are enough. The
/// country has more windows than that, each with a segment in a finished piece.
#[test]
fn as_many_open_files_as_check_says_are_enough() {
    let folder = tempfile::tempdir().unwrap();
    nutag_tests::copy_samples(folder.path());
    let pipeline = folder.path().join("pipelines/demo.toml");
    let pipeline = pipeline.to_str().unwrap();
    let check = finish(command(&["check", pipeline]));
    let files: u64 = check
        .stdout
        .lines()
        .find(|line| line.starts_with("  needs "))
        .and_then(|line| {
            line.split(", ")
                .find_map(|part| part.strip_suffix(" open files"))
        })
        .unwrap_or_else(|| panic!("{check}"))
        .parse()
        .unwrap();
    let out = folder.path().join("out");
    let program = nutag_tests::nutag().display().to_string();
    let limited = |limit: u64| {
        // A shell lowers the limit for its child, and for good.
        let script = format!(
            "ulimit -n {limit}; exec '{program}' run '{pipeline}' --out '{}'",
            out.display()
        );
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]);
        finish(shell)
    };
    limited(files - 1).expect(1, &["files at once", "are allowed"]);
    limited(files).expect(0, &[]);
    assert!(out.join("maps/npp_mean.tif").is_file());
    // The same plan, task by task: it has no more in hand than a run.
    let plan = folder.path().join("plan");
    let plan = plan.to_str().unwrap();
    let merged = folder.path().join("merged");
    finish(command(&["plan", pipeline, "--out", plan])).expect(0, &[]);
    for (what, end) in [
        ("task", "--all".to_owned()),
        ("merge", format!("--out '{}'", merged.display())),
    ] {
        let script = format!("ulimit -n {files}; exec '{program}' {what} '{plan}' {end}");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]);
        finish(shell).expect(0, &[]);
    }
    nutag_tests::assert_same(
        &nutag_tests::contents(&merged),
        &nutag_tests::contents(&out),
    );
}
