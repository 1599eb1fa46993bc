//! What a pipeline file may point at.

use nutag_tests::Study;

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
