//! What is in a file, whatever it is of.

use std::path::Path;

use gdal::spatial_ref::SpatialRef;
use nutag_formats::gridded::describe::{DescribedVariable, Description, describe};

use crate::maker::{Maps, small};

fn variable<'d>(description: &'d Description, name: &str) -> &'d DescribedVariable {
    let found = description.variables.iter().find(|v| v.name == name);
    found.unwrap_or_else(|| panic!("no {name}: {description:?}"))
}

fn fact<'v>(variable: &'v DescribedVariable, name: &str) -> &'v str {
    let found = variable.facts.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no {name}: {variable:?}")).1
}

#[test]
fn a_climate_file_says_its_months_and_where_it_lies() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data-samples/climate");
    let found = describe(&samples.join("tmp.nc")).unwrap();
    let tmp = variable(&found, "tmp");
    assert_eq!(tmp.what, "float (time 145, lat 23, lon 67)");
    assert_eq!(fact(tmp, "months"), "2000-12 to 2012-12, 145 steps");
    assert_eq!(fact(tmp, "longitude, degrees"), "87 to 120.5");
    assert_eq!(fact(tmp, "latitude, degrees"), "52.5 to 41");
    assert_eq!(fact(tmp, "units"), "degrees Celsius");
    assert_eq!(
        fact(variable(&found, "time"), "from, to"),
        "2000-12-15, 2012-12-15"
    );
    assert!(found.facts.iter().any(|(name, _)| name == "comment"));
}

#[test]
fn a_projected_map_lies_in_longitude_and_latitude_too() {
    // The tile h25v04 of the MODIS grid as 2 x 2 cells: 40 to 50 N; x / (R cos 40) and x / (R cos 50).
    let crs = SpatialRef::from_proj4("+proj=sinu +R=6371007.181 +units=m +no_defs").unwrap();
    let wkt: &'static str = crs.to_wkt().unwrap().leak();
    let mut maps = Maps::new("npp", &[("units", "gC m-2"), ("grid_mapping", "crs")]);
    maps.dimensions = vec!["y", "x"];
    maps.lengths = vec![("y", 2), ("x", 2)];
    let side = 1_111_950.519_666_667;
    maps.others = vec![
        small("y", &["y"], &[4.75 * side, 4.25 * side], &[("units", "m")]),
        small("x", &["x"], &[7.25 * side, 7.75 * side], &[("units", "m")]),
        small("crs", &[], &[0.0], &[("spatial_ref", wkt)]),
    ];
    let (_folder, path) = maps.written();
    let found = describe(&path).unwrap();
    let npp = variable(&found, "npp");
    assert_eq!(fact(npp, "latitude, degrees"), "40.0000 to 50.0000");
    assert_eq!(fact(npp, "longitude, degrees"), "91.3785 to 124.4579");
}

#[test]
fn groups_of_hdf5_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("groups.h5");
    let file = hdf5::File::create(&path).unwrap();
    let group = file.create_group("Grid").unwrap();
    let data = group
        .new_dataset::<i16>()
        .shape((3, 4))
        .create("NDVI")
        .unwrap();
    let scale = data.new_attr::<f64>().create("scale_factor").unwrap();
    scale.write_scalar(&0.0001).unwrap();
    file.close().unwrap();
    let found = describe(&path).unwrap();
    let ndvi = variable(&found, "Grid/NDVI");
    assert!(
        ndvi.what.starts_with("short (") && ndvi.what.contains('3'),
        "{}",
        ndvi.what
    );
    assert_eq!(fact(ndvi, "scale_factor"), "0.0001");
}
