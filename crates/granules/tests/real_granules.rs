//! Reading the sample's granules and real ones, with GDAL and libhdf4 as the oracle.

use std::path::{Path, PathBuf};

use gdal::Dataset;
use nutag_granules::granule::GranuleIndex;
use nutag_granules::modis::{GranuleReader, LayerInfo, Scratch, Storage};
use nutag_granules::product::{Product, ProductSpec, QualityTable, named};
use nutag_grid::{Shape, Window};

fn read(reader: &GranuleReader, window: Window) -> (Vec<u16>, Vec<Window>) {
    let mut out = vec![0; window.cells()];
    let missing = reader.read(window, &mut out, &mut Scratch::new()).unwrap();
    (out, missing)
}

/// The same SDS through GDAL and libhdf4; `None` where GDAL has no HDF4 driver.
fn by_gdal(path: &Path, grid: &str, sds: &str, shape: Shape) -> Option<Vec<i32>> {
    if gdal::DriverManager::get_driver_by_name("HDF4Image").is_err() {
        nutag_testkit::skipped(
            "gdal-hdf4",
            format!(
                "this GDAL has no HDF4 driver, so {} is not compared",
                path.display()
            ),
        );
        return None;
    }
    let name = format!("HDF4_EOS:EOS_GRID:\"{}\":{grid}:{sds}", path.display());
    let dataset = Dataset::open(&name).unwrap();
    let size = (shape.cols, shape.rows);
    let buffer = dataset
        .rasterband(1)
        .unwrap()
        .read_as::<i32>((0, 0), size, size, None)
        .unwrap();
    Some(buffer.data().to_vec())
}

fn whole(reader: &GranuleReader, product: &Product) -> Vec<i32> {
    let (raw, missing) = read(reader, reader.shape().whole());
    assert_eq!(missing, []);
    raw.into_iter()
        .map(|bits| product.sample_type.value_of(bits))
        .collect()
}

#[test]
fn the_samples_equal_gdal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data-samples/MOD17A3HGF");
    let product = named("MOD17A3HGF.061").unwrap().with_cells_per_side(240);
    let index = GranuleIndex::scan(&folder, &product).unwrap();
    assert_eq!((index.len(), index.superseded.len()), (84, 1));
    let mut storages = std::collections::BTreeSet::new();
    for (position, granule) in index.granules().enumerate() {
        let reader = GranuleReader::open(granule, &product, true).unwrap();
        let LayerInfo {
            storage,
            chunk,
            missing_chunks,
            ..
        } = reader.layer_info().unwrap();
        assert_eq!(missing_chunks, 0);
        let is_new = storages.insert(format!("{storage:?} {chunk:?}"));
        if is_new || position % 10 == 0 {
            let ours = whole(&reader, &product);
            if let Some(gdal) = by_gdal(
                &granule.path,
                "MOD_Grid_MOD17A3H",
                "Npp_500m",
                reader.shape(),
            ) {
                assert!(ours == gdal, "{}", granule.path.display());
            }
        }
    }
}

/// The folder of real granules, or `None` with a loud line.
fn real_granules() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/modis");
    if folder.exists() {
        return Some(folder);
    }
    nutag_testkit::skipped(
        "shared",
        format!("{} is absent, so no real granule is read", folder.display()),
    );
    None
}

fn layer(toml: &str) -> Product {
    toml::from_str::<ProductSpec>(toml)
        .unwrap()
        .build()
        .unwrap()
}

const NDVI: &str = r#"
        name = "MOD13A2"
        collection = "061"
        sds = "1 km 16 days NDVI"
        type = "int16"
        scale = 10000
        scale_direction = "divide"
        offset = 0
        unit = "1"
        quantity = "NDVI"
        valid_range = [-2000, 10000]
        fill = [{ code = -3000, reason = "fill" }]
        qc = { sds = "1 km 16 days pixel reliability", type = "int8", kind = "bits", mask = 255, accept = [0, 1] }
        cells_per_tile = 1200
        period = "composite"
        composite_days = 16
        "#;

fn ndvi() -> Product {
    layer(NDVI)
}

#[test]
fn three_real_composites_are_a_series() {
    let Some(folder) = real_granules() else {
        return;
    };
    let product = ndvi();
    // A subset of collection 006 of the same product lies in the folder: the pattern leaves it out.
    let index = GranuleIndex::scan(&folder.join("*.061.*.hdf"), &product).unwrap();
    let dates: Vec<String> = index.dates().iter().map(ToString::to_string).collect();
    assert_eq!(dates, ["2025-001", "2025-017", "2025-033"]);
    let lines = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    for granule in index.granules() {
        let reader = GranuleReader::open(granule, &product, true).unwrap();
        assert_eq!(reader.tile().to_string(), "h18v09");
        let info = reader.layer_info().unwrap();
        assert_eq!(
            (info.storage, info.chunk),
            (
                Storage::Chunked,
                Shape {
                    rows: 1,
                    cols: 1200
                }
            )
        );
        let ours = whole(&reader, &product);
        let name = granule.path.file_name().unwrap().to_str().unwrap();
        let line = lines
            .lines()
            .find(|line| line.starts_with(name) && line.contains(&product.sds))
            .unwrap();
        let (low, high) = (ours.iter().min().unwrap(), ours.iter().max().unwrap());
        assert!(
            line.ends_with(&format!(",{low},{high}")),
            "{line}: {low} {high}"
        );
        if let Some(gdal) = by_gdal(
            &granule.path,
            "MODIS_Grid_16DAY_1km_VI",
            &product.sds,
            reader.shape(),
        ) {
            assert!(ours == gdal);
        }
        let mut quality = vec![0; ours.len()];
        let rule = product.quality.as_ref().unwrap().table(100);
        reader
            .read_quality(
                reader.shape().whole(),
                &rule,
                &mut quality,
                &mut Scratch::new(),
            )
            .unwrap();
        // Reliability -1 is where there is no NDVI; it is no good number.
        for (grade, raw) in quality.iter().zip(&ours) {
            assert!(*grade != QualityTable::GOOD || *raw != -3000);
        }
    }
}

#[test]
fn a_real_subset_and_a_wrong_scale_are_refused() {
    let Some(folder) = real_granules() else {
        return;
    };
    let mut product = ndvi();
    product.collection = "006".to_owned();
    product.quality = None;
    let index = GranuleIndex::scan(&folder.join("*.006.*.hdf"), &product).unwrap();
    let subset = index.granules().next().unwrap();
    let message = GranuleReader::open(subset, &product, false)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("expected 1200 x 1200") && message.contains("subset"),
        "{message}"
    );

    // 0.0001 with "divide" is a factor of 10000: the file's own scale, in the wrong direction.
    for (scale, direction) in [
        ("100", "divide"),
        ("0.0001", "divide"),
        ("10000", "multiply"),
    ] {
        let text = NDVI
            .replace("scale = 10000", &format!("scale = {scale}"))
            .replace("\"divide\"", &format!("\"{direction}\""));
        let product = layer(&text);
        let index = GranuleIndex::scan(&folder.join("*.061.*.hdf"), &product).unwrap();
        let opened = GranuleReader::open(index.granules().next().unwrap(), &product, false);
        let message = opened.map(|_| ()).unwrap_err().to_string();
        for word in ["`scale_factor` is 10000", "scale = 10000", "\"divide\""] {
            assert!(message.contains(word), "{word}: {message}");
        }
    }
}

#[test]
fn a_real_8_bit_layer_of_one_stream_and_linked_blocks() {
    let Some(folder) = real_granules() else {
        return;
    };
    let product = layer(
        r#"
        name = "MOD10A2"
        collection = "061"
        sds = "Maximum_Snow_Extent"
        type = "uint8"
        scale = 1
        scale_direction = "multiply"
        offset = 0
        unit = "1"
        quantity = "snow extent"
        valid_range = [0, 254]
        fill = [{ code = 255, reason = "fill" }]
        cells_per_tile = 2400
        period = "composite"
        composite_days = 8
        "#,
    );
    let index = GranuleIndex::scan(&folder, &product).unwrap();
    let granule = index.granules().next().unwrap();
    let reader = GranuleReader::open(granule, &product, false).unwrap();
    assert_eq!(reader.layer_info().unwrap().storage, Storage::Stream);
    let ours = whole(&reader, &product);
    if let Some(gdal) = by_gdal(
        &granule.path,
        "MOD_Grid_Snow_500m",
        &product.sds,
        reader.shape(),
    ) {
        assert!(ours == gdal);
    }
}

/// The quality layer of 16 bits, against the other reader; and the same rule on both.
#[test]
fn a_real_quality_layer_of_16_bits_is_graded_as_its_numbers_say() {
    let Some(folder) = real_granules() else {
        return;
    };
    let layer_8_bits = "\"1 km 16 days pixel reliability\", type = \"int8\"";
    let text = NDVI
        .replace(
            layer_8_bits,
            "\"1 km 16 days VI Quality\", type = \"uint16\"",
        )
        .replace("mask = 255, accept = [0, 1]", "mask = 3, accept = [0, 1]");
    assert!(text.contains("VI Quality"));
    let product = layer(&text);
    let index = GranuleIndex::scan(&folder.join("*.061.*.hdf"), &product).unwrap();
    let granule = index.granules().next().unwrap();
    let reader = GranuleReader::open(granule, &product, true).unwrap();
    let whole = reader.shape().whole();
    let mut grades = vec![9; whole.cells()];
    let rule = product.quality.as_ref().unwrap().table(100);
    let read = reader.read_quality(whole, &rule, &mut grades, &mut Scratch::new());
    assert_eq!(read.unwrap(), []);
    let sds = &product.quality.as_ref().unwrap().sds;
    if let Some(gdal) = by_gdal(
        &granule.path,
        "MODIS_Grid_16DAY_1km_VI",
        sds,
        reader.shape(),
    ) {
        let expected: Vec<u8> = gdal.iter().map(|number| u8::from(number & 3 > 1)).collect();
        assert!(grades == expected);
    }
    assert!(grades.contains(&0) && grades.contains(&1));
}
