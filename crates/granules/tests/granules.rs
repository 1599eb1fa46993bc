//! Reading granules that were made for the test: right ones, and wrong ones on purpose.

use std::path::PathBuf;

use nutag_granules::granule::GranuleFile;
use nutag_granules::modis::{GranuleError, GranuleReader, Scratch, Storage};
use nutag_granules::product::{Product, QualityTable, named};
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

/// Up to 60 per cent is good; what is no percentage is unknown.
fn grade(percent: u8) -> u8 {
    match percent {
        0..=60 => 0,
        61..=100 => 1,
        _ => 2,
    }
}

fn rule() -> QualityTable {
    product().quality.unwrap().table(60)
}

fn grades() -> Vec<u8> {
    qc().into_iter().map(grade).collect()
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
                .read_quality(window, &rule(), &mut quality, &mut Scratch::new())
                .unwrap();
            assert_eq!((quality, missing), (cut(&grades(), SIDE, window), vec![]));
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
                    reader.read_quality(all, &rule(), &mut quality, &mut Scratch::new())?;
                let is_right = out.iter().zip(npp()).all(|(a, b)| *a == b.cast_unsigned())
                    && quality == grades();
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
    let quality = reader.read_quality(window, &rule(), &mut [0; 10], &mut Scratch::new());
    assert!(matches!(quality, Err(GranuleError::NoQuality { .. })));
    assert_eq!(reader.quality_info().unwrap(), None);
}
