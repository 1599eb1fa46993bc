//! Every type and every way to say what stored numbers mean, held to xarray and netCDF4-python.

use std::path::Path;
use std::process::Command;

use nutag_formats::Month;
use nutag_formats::gridded::quantity::AIR_TEMPERATURE;
use nutag_formats::gridded::{Cadence, GriddedError, GriddedFile, GriddedRequest, Step};
use serde_json::Value;

fn read(path: &Path) -> Result<Vec<Option<f64>>, GriddedError> {
    let request = GriddedRequest::default();
    let file = GriddedFile::open(path, &AIR_TEMPERATURE, Cadence::Monthly, &request)?;
    let month: Month = "2001-01".parse().unwrap();
    assert_eq!(file.steps(), [Step::Month(month)]);
    assert_eq!(file.cells().lat_edges_degrees(), [55.0, 50.0, 45.0, 40.0]);
    assert_eq!(
        file.cells().lon_edges_degrees(),
        [90.0, 95.0, 100.0, 105.0, 110.0]
    );
    file.read(Step::Month(month))
}

/// What is wrong with the values of a file, if anything is.
fn difference(found: &[Option<f64>], expected: &[Option<f64>], near: f64) -> Option<String> {
    if found.len() != expected.len() {
        return Some(format!(
            "{} values, expected {}",
            found.len(),
            expected.len()
        ));
    }
    let same = |(found, expected): &(&Option<f64>, &Option<f64>)| match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= near,
        (found, expected) => found == expected,
    };
    let cell = found.iter().zip(expected).position(|pair| !same(&pair))?;
    Some(format!(
        "cell {cell} is {:?}, expected {:?}",
        found[cell], expected[cell]
    ))
}

#[test]
fn what_numbers_mean_is_what_xarray_makes_of_them() {
    let Some(python) = std::env::var_os("NUTAG_PYTHON") else {
        nutag_testkit::skipped(
            "python",
            "the Python of the tests is not there (NUTAG_PYTHON; `make test` sets it)",
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/netcdf_zoo.py");
    let made = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let text = std::fs::read_to_string(folder.path().join("expected.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 200, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["file"].as_str().unwrap();
        let found = read(&folder.path().join(name));
        let fault = match (found, case["expected"].as_array()) {
            (Ok(found), Some(expected)) => {
                let expected: Vec<Option<f64>> = expected.iter().map(Value::as_f64).collect();
                difference(&found, &expected, case["near"].as_f64().unwrap())
            }
            (Err(error), None) => {
                let text = error.to_string();
                let named = text.contains("tmp")
                    && (text.contains("ncatted") || text.contains("attribute"));
                (!named).then(|| format!("refused in other words: {text}"))
            }
            (Ok(_), None) => Some("read, and should be refused".to_owned()),
            (Err(error), Some(_)) => Some(format!("refused: {error}")),
        };
        wrong.extend(fault.map(|fault| format!("{name}: {fault}")));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
