//! Where samples are, and copies of them that can be spoilt.

use std::path::{Path, PathBuf};

use nutag_formats::co2::{Co2Error, Co2File, Month, MonthlyGrid, Request};

pub const V03: &str = "V03.05/GOSATTFTS2011040120110430_03C01SV0305.h5";
pub const V03_JULY: &str = "V03.05/GOSATTFTS2011070120110731_03C01SV0305.h5";
/// Superblock 0, to the letter.
pub const V03_FIRST: &str = "V03.05/GOSATTFTS2009060120090630_03C01SV0305.h5";
pub const V02: &str = "V02.90/GOSATTFTS2011040120110430_03C01SV0290.h5";
pub const CF: &str = "cf/xco2_5deg_200906-201212.nc";
pub const CF_LON360: &str = "cf/xco2_5deg_2011_lon360.nc";

pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data-samples/gosat")
        .join(name)
}

pub fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub fn open(path: &Path) -> Result<Co2File, Co2Error> {
    Co2File::open(path, &Request::default())
}

/// The only month of a file.
pub fn read(path: &Path) -> Result<MonthlyGrid, Co2Error> {
    let file = open(path)?;
    file.read(file.months()[0])
}

/// A copy of a sample in a folder that goes with the returned value.
pub fn copy(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    std::fs::copy(sample(name), &path).unwrap();
    (folder, path)
}

/// A copy of a sample, changed through the HDF5 library.
pub fn spoilt(name: &str, change: impl FnOnce(&hdf5::File)) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = copy(name);
    let file = hdf5::File::open_rw(&path).unwrap();
    change(&file);
    file.close().unwrap();
    (folder, path)
}
