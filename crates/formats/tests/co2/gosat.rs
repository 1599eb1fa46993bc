//! GOSAT level 3.

use nutag_formats::co2::{Co2File, Correction, Field, Layout, Request, Unit, month_set, recognise};

use crate::shared::{V02, V03, V03_FIRST, copy, month, open, sample, spoilt};

fn folder(name: &str) -> Vec<Co2File> {
    let mut paths: Vec<_> = std::fs::read_dir(sample(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| open(path).unwrap()).collect()
}

#[test]
fn a_file_is_known_by_its_groups_and_not_by_its_name() {
    let (_folder, path) = copy(V03);
    assert_eq!(recognise(&path).unwrap(), Layout::Gosat);
    let file = open(&path).unwrap();
    assert_eq!(file.layout(), Layout::Gosat);
    assert_eq!(
        file.product().to_string(),
        "GOSAT TANSO-FTS SWIR L3 CO2 V03.05"
    );
    assert_eq!(file.correction(), Correction::BiasCorrected);
    assert_eq!(file.unit(), Unit::Ppm);
    assert_eq!(file.months(), [month("2011-04")]);
    assert_eq!((file.cells().rows(), file.cells().cols()), (72, 144));
    assert_eq!(file.cells().lon_edges_degrees()[0], -180.0);
    assert_eq!(file.cells().lat_edges_degrees()[0], 90.0);
}

/// XCO2, its standard error, the mean of soundings and their number in a cell; cells with a value, cells
/// with soundings, soundings of the whole grid.
type Reference = (
    Option<f64>,
    Option<f64>,
    Option<f64>,
    u32,
    usize,
    usize,
    u32,
);

/// As h5py reads them: `f["Data/mixingRatio/XCO2BiasCorrected"][16, 114]` and so on.
const REFERENCES: [Reference; 2] = [
    (
        Some(387.3125),
        Some(1.0),
        Some(388.53125),
        5,
        6908,
        1225,
        2807,
    ),
    (
        Some(395.21875),
        Some(1.3125),
        Some(396.59375),
        2,
        6900,
        1160,
        2444,
    ),
];

#[test]
fn values_equal_h5py() {
    for (name, expected) in [(V03_FIRST, REFERENCES[0]), (V03, REFERENCES[1])] {
        let file = open(&sample(name)).unwrap();
        let grid = file.read(file.months()[0]).unwrap();
        let cell = 16 * 144 + 114;
        let found = (
            grid.xco2_ppm[cell],
            grid.standard_error_ppm.as_ref().unwrap()[cell],
            grid.observed_ppm.as_ref().unwrap()[cell],
            grid.soundings.as_ref().unwrap()[cell],
            grid.valid_cells(),
            grid.observed_cells().unwrap(),
            grid.soundings.as_ref().unwrap().iter().sum::<u32>(),
        );
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn mask_fill_and_soundings_agree_as_the_archive_promises() {
    let mut without_error = 0;
    for file in folder("V03.05") {
        let grid = file.read(file.months()[0]).unwrap();
        let masked = grid.masked.as_ref().unwrap();
        let observed = grid.observed_ppm.as_ref().unwrap();
        let soundings = grid.soundings.as_ref().unwrap();
        let errors = grid.standard_error_ppm.as_ref().unwrap();
        assert!(grid.interpolated);
        for cell in 0..grid.cells.cells() {
            assert_eq!(grid.xco2_ppm[cell].is_none(), masked[cell]);
            assert_eq!(observed[cell].is_some(), soundings[cell] > 0);
            assert!(!(masked[cell] && soundings[cell] > 0));
            assert!(errors[cell].is_none_or(|error| error > 0.0));
        }
        let drift_alone = |cell: &usize| grid.xco2_ppm[*cell].is_some() && errors[*cell].is_none();
        without_error += (0..grid.cells.cells()).filter(drift_alone).count();
    }
    // Cells that the drift alone filled are valid and have no standard error.
    assert!(without_error > 1000, "{without_error}");
}

#[test]
fn forty_months_make_a_set_and_the_absent_ones_are_told() {
    let set = month_set(&folder("V03.05")).unwrap();
    assert_eq!(set.months.len(), 40);
    let missing: Vec<String> = set.missing.iter().map(ToString::to_string).collect();
    assert_eq!(missing, ["2010-03", "2011-12", "2012-01"]);
    assert_eq!(set.months.keys().next(), Some(&month("2009-06")));
}

#[test]
fn the_raw_field_is_another_field() {
    let raw = Request {
        field: Field::Raw,
        ..Request::default()
    };
    let file = Co2File::open(&sample(V03), &raw).unwrap();
    assert_eq!(file.correction(), Correction::Raw);
    let corrected = open(&sample(V03)).unwrap();
    let april = month("2011-04");
    let (raw, corrected) = (file.read(april).unwrap(), corrected.read(april).unwrap());
    let differences = raw.xco2_ppm.iter().zip(&corrected.xco2_ppm);
    for difference in differences.filter_map(|(r, c)| Some(c.as_ref()? - r.as_ref()?)) {
        assert!((2.0..5.7).contains(&difference), "{difference}");
    }
    assert_ne!(raw.observed_ppm, corrected.observed_ppm);

    let old = Co2File::open(
        &sample(V02),
        &Request {
            field: Field::Raw,
            ..Request::default()
        },
    );
    let old = old.unwrap();
    assert_eq!(old.product().version.as_deref(), Some("V02.90"));
    assert!(old.read(april).unwrap().valid_cells() > 4000);
}

#[test]
fn the_misspelt_attribute_is_read_in_either_spelling() {
    let spelling = "Attribute/intevalLengthOfLongitude";
    let wrong = |name: &str, file: &hdf5::File| {
        file.unlink(spelling).unwrap();
        let interval = file.new_dataset::<f32>().shape(1).create(name).unwrap();
        interval.write_raw(&[5.0_f32]).unwrap();
    };
    for name in [spelling, "Attribute/intervalLengthOfLongitude"] {
        let (_folder, path) = spoilt(V03, |file| wrong(name, file));
        let error = open(&path).unwrap_err().to_string();
        assert!(error.contains(&format!("{name} is 5 degrees")), "{error}");
        assert!(error.contains("2.5 degrees apart"), "{error}");
    }
    // Without it the cells themselves say where they are.
    let (_folder, path) = spoilt(V03, |file| file.unlink(spelling).unwrap());
    assert_eq!(
        open(&path).unwrap().cells(),
        open(&sample(V03)).unwrap().cells()
    );
}
