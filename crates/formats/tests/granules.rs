//! Reading granules: made ones, right and wrong; the sample's; real ones; GDAL as the oracle.

use std::path::{Path, PathBuf};

use gdal::Dataset;
use nutag_formats::granule::{GranuleFile, GranuleIndex};
use nutag_formats::modis::{GranuleError, GranuleReader, LayerInfo, Scratch, Storage};
use nutag_formats::product::{Product, ProductSpec, named};
use nutag_grid::{Shape, Window};
use nutag_testkit::hdf4::{Fault, Mod17Granule, Mod17Layout};
use tempfile::TempDir;

const SIDE: usize = 48;

fn product() -> Product {
    named("MOD17A3HGF.061").unwrap().with_cells_per_side(SIDE)
}

/// Every number differs from its neighbours, and some are fill codes and negative.
fn npp() -> Vec<i16> {
    (0..SIDE * SIDE)
        .map(|n| i16::try_from(n * 29 % 33_000).unwrap_or(32_765) - 200)
        .collect()
}

fn qc() -> Vec<u8> {
    (0..SIDE * SIDE)
        .map(|n| u8::try_from(n % 251).unwrap())
        .collect()
}

fn granule() -> Mod17Granule {
    Mod17Granule::new(25, 4, 2001, SIDE).npp(npp()).qc(qc())
}

fn as_file(path: PathBuf) -> GranuleFile {
    let name = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
    GranuleFile { name, path }
}

fn open(folder: &TempDir, granule: &Mod17Granule) -> Result<GranuleReader, GranuleError> {
    GranuleReader::open(&as_file(granule.write(folder).unwrap()), &product(), true)
}

fn read(reader: &GranuleReader, window: Window) -> (Vec<u16>, Vec<Window>) {
    let mut out = vec![0; window.cells()];
    let missing = reader.read(window, &mut out, &mut Scratch::new()).unwrap();
    (out, missing)
}

fn cut<T: Copy>(whole: &[T], cols: usize, window: Window) -> Vec<T> {
    window
        .row_range()
        .flat_map(|row| &whole[row * cols..][window.col_range()])
        .copied()
        .collect()
}

#[test]
fn windows_hold_the_numbers_of_every_layout() {
    let folder = TempDir::new().unwrap();
    let layouts = [
        (Mod17Layout::Chunked { rows: 7, cols: 20 }, Storage::Chunked),
        (Mod17Layout::Whole, Storage::Stream),
        (Mod17Layout::Contiguous, Storage::Plain),
    ];
    for (layout, storage) in layouts {
        let reader = open(&folder, &granule().layout(layout)).unwrap();
        assert_eq!(
            reader.shape(),
            Shape {
                rows: SIDE,
                cols: SIDE
            }
        );
        let info = reader.layer_info().unwrap();
        assert_eq!((info.storage, info.missing_chunks), (storage, 0));
        if storage == Storage::Chunked {
            assert_eq!(info.chunk, Shape { rows: 7, cols: 20 });
        }
        let all = reader.shape().whole();
        for window in [
            all,
            Window {
                row0: 5,
                col0: 18,
                rows: 30,
                cols: 29,
            },
            Window {
                row0: 47,
                col0: 47,
                rows: 1,
                cols: 1,
            },
        ] {
            let (raw, missing) = read(&reader, window);
            let expected: Vec<u16> = cut(&npp(), SIDE, window)
                .into_iter()
                .map(i16::cast_unsigned)
                .collect();
            assert_eq!((raw, missing), (expected, vec![]));
            let mut quality = vec![0; window.cells()];
            let missing = reader
                .read_quality(window, &mut quality, &mut Scratch::new())
                .unwrap();
            assert_eq!((quality, missing), (cut(&qc(), SIDE, window), vec![]));
        }
        let whole = reader.window_stored_bytes(all).unwrap();
        let quality = reader.quality_info().unwrap().unwrap();
        assert_eq!(whole, info.stored_bytes + quality.stored_bytes);
        let corner = reader
            .window_stored_bytes(Window {
                row0: 0,
                col0: 0,
                rows: 1,
                cols: 1,
            })
            .unwrap();
        assert!(
            if storage == Storage::Stream {
                corner == whole
            } else {
                corner < whole / 4
            },
            "{storage:?}"
        );
    }
}

#[test]
fn a_missing_chunk_is_reported_and_is_no_data() {
    let folder = TempDir::new().unwrap();
    let layout = Mod17Layout::Chunked { rows: 12, cols: 16 };
    let reader = open(
        &folder,
        &granule().layout(layout).fault(Fault::MissingChunk(1, 2)),
    )
    .unwrap();
    assert_eq!(reader.layer_info().unwrap().missing_chunks, 1);

    let (raw, missing) = read(&reader, reader.shape().whole());
    assert_eq!(
        missing,
        [Window {
            row0: 12,
            col0: 32,
            rows: 12,
            cols: 16
        }]
    );
    let table = product().class_table();
    for row in 12..24 {
        for col in 32..48 {
            assert_ne!(
                table.classes[usize::from(raw[row * SIDE + col])],
                0,
                "never a measurement"
            );
        }
    }
    // Relative to the window, and only what lies in it.
    let window = Window {
        row0: 20,
        col0: 30,
        rows: 10,
        cols: 10,
    };
    let (_, missing) = read(&reader, window);
    assert_eq!(
        missing,
        [Window {
            row0: 0,
            col0: 2,
            rows: 4,
            cols: 8
        }]
    );
    let (_, missing) = read(
        &reader,
        Window {
            row0: 0,
            col0: 0,
            rows: 12,
            cols: 48,
        },
    );
    assert_eq!(missing, []);
}

#[test]
fn threads_read_the_same_reader() {
    let folder = TempDir::new().unwrap();
    let reader = open(&folder, &granule()).unwrap();
    let whole = read(&reader, reader.shape().whole());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| read(&reader, reader.shape().whole())))
            .collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), whole);
        }
    });
}

#[test]
fn wrong_granules_say_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let message = |granule: Mod17Granule| {
        let path = folder
            .path()
            .join(granule.file_name())
            .display()
            .to_string();
        let message = open(&folder, &granule).map(|_| ()).unwrap_err().to_string();
        assert!(message.contains(&path), "{message}");
        message
    };
    let says = |granule: Mod17Granule, parts: &[&str]| {
        let message = message(granule);
        for part in parts {
            assert!(message.contains(part), "{part}: {message}");
        }
    };
    let absent = Fault::MissingSds("Npp_500m".to_owned());
    says(
        granule().fault(absent),
        &["\"Npp_500m\"", "\"Npp_QC_500m\"", "MOD17A3HGF.061"],
    );
    says(
        granule().fault(Fault::MissingSds("Npp_QC_500m".to_owned())),
        &["\"Npp_QC_500m\"", "\"Npp_500m\""],
    );
    says(granule().fault(Fault::NppUnsigned), &["int16", "uint16"]);
    says(
        granule().fault(Fault::ShiftedCorners),
        &[
            "h25v04",
            "(7783653.638, 5559752.598)",
            "(8895604.157, 5559752.598)",
        ],
    );
    says(
        granule().fault(Fault::WrongProjection),
        &["GCTP_LAMAZ", "sinusoidal"],
    );
    says(granule().fault(Fault::NoStructMetadata), &["grid"]);

    let small = Mod17Granule::new(25, 4, 2001, 24)
        .npp(vec![0; 24 * 24])
        .qc(vec![0; 24 * 24]);
    says(small, &["48 x 48", "24 x 24"]);
}

#[test]
fn a_truncated_granule_is_known_when_it_is_opened_or_read() {
    let folder = TempDir::new().unwrap();
    for layout in [
        Mod17Layout::Whole,
        Mod17Layout::Contiguous,
        Mod17Layout::Chunked { rows: 12, cols: 16 },
    ] {
        let whole = granule().layout(layout).to_bytes().len();
        for length in [0, 3, 100, whole / 4, whole / 2, whole - 2000, whole - 1] {
            let read = open(
                &folder,
                &granule().layout(layout).fault(Fault::Truncated(length)),
            )
            .and_then(|reader| {
                let all = reader.shape().whole();
                let mut out = vec![0; all.cells()];
                let mut quality = vec![0; all.cells()];
                let missing = reader.read(all, &mut out, &mut Scratch::new())?;
                let missing_quality =
                    reader.read_quality(all, &mut quality, &mut Scratch::new())?;
                let is_right =
                    out.iter().zip(npp()).all(|(a, b)| *a == b.cast_unsigned()) && quality == qc();
                assert!(
                    is_right && missing.is_empty() && missing_quality.is_empty(),
                    "silently wrong at {length} of {whole}"
                );
                Ok(())
            });
            // The last bytes may be metadata that nothing needs; numbers must never be lost silently.
            if length < whole - 2000 {
                let message = read.unwrap_err().to_string();
                assert!(
                    message.contains("whole HDF4 granule") && message.contains(".hdf"),
                    "{length}: {message}"
                );
            }
        }
    }
}

#[test]
fn a_text_file_named_hdf_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(granule().file_name());
    std::fs::write(&path, "<html>Log in first</html>").unwrap();
    let message = GranuleReader::open(&as_file(path), &product(), false)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("HDF4") && message.contains("h25v04"),
        "{message}"
    );
}

#[test]
fn readers_may_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<GranuleReader>();
    shared::<nutag_formats::raster::CodeRaster>();
}

#[test]
fn windows_and_buffers_must_fit() {
    let folder = TempDir::new().unwrap();
    let path = granule().write(&folder).unwrap();
    let reader = GranuleReader::open(&as_file(path), &product(), false).unwrap();
    let mut out = vec![0; 10];
    for window in [
        Window {
            row0: 47,
            col0: 0,
            rows: 2,
            cols: 5,
        },
        Window {
            row0: 0,
            col0: 0,
            rows: 3,
            cols: 3,
        },
    ] {
        let refused = reader.read(window, &mut out, &mut Scratch::new());
        assert!(matches!(refused, Err(GranuleError::Window { .. })));
    }
    let window = Window {
        row0: 0,
        col0: 0,
        rows: 2,
        cols: 5,
    };
    let quality = reader.read_quality(window, &mut [0; 10], &mut Scratch::new());
    assert!(matches!(quality, Err(GranuleError::NoQuality { .. })));
    assert_eq!(reader.quality_info().unwrap(), None);
}

/// The same SDS through GDAL and libhdf4; `None` where GDAL has no HDF4 driver.
#[allow(clippy::print_stderr)] // A skipped test says so.
fn by_gdal(path: &Path, grid: &str, sds: &str, shape: Shape) -> Option<Vec<i32>> {
    if gdal::DriverManager::get_driver_by_name("HDF4Image").is_err() {
        eprintln!(
            "SKIPPED: this GDAL has no HDF4 driver, so {} is not compared",
            path.display()
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
#[allow(clippy::print_stderr)] // A skipped test says so.
fn real_granules() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/modis");
    if folder.exists() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: {} is absent, so no real granule is read",
        folder.display()
    );
    None
}

fn layer(toml: &str) -> Product {
    toml::from_str::<ProductSpec>(toml)
        .unwrap()
        .build()
        .unwrap()
}

fn ndvi() -> Product {
    layer(
        r#"
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
        "#,
    )
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
        reader
            .read_quality(reader.shape().whole(), &mut quality, &mut Scratch::new())
            .unwrap();
        // Reliability -1 is where there is no NDVI.
        for (bits, raw) in quality.iter().zip(&ours) {
            assert_eq!(*bits == 0xFF, *raw == -3000);
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

    let mut product = ndvi();
    product.stored_scale = 100.0;
    let index = GranuleIndex::scan(&folder.join("*.061.*.hdf"), &product).unwrap();
    let message = GranuleReader::open(index.granules().next().unwrap(), &product, false)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("scale_factor") && message.contains("10000"),
        "{message}"
    );
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
