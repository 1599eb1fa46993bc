//! Every SDS of the real granules equals what the reference C library decodes.
//!
//! `expected.csv` holds, for each array, the md5 of its values (row-major, little-endian) as
//! libhdf4 reads them through pyhdf.

#![allow(
    clippy::print_stderr,
    reason = "a test says what it read and what it skipped"
)]

mod support;

use hdf4::{Dataset, Hdf4File, Layout, NumberType, Scratch};
use support::{LittleEndian, md5_hex, modis_folder};

struct Expected {
    file: String,
    sds: String,
    dtype: String,
    shape: Vec<usize>,
    md5: String,
}

fn expected(folder: &std::path::Path) -> Vec<Expected> {
    let text = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let parts: Vec<&str> = line.split(',').collect();
            assert_eq!(parts.len(), 7, "{line}");
            Expected {
                file: parts[0].into(),
                sds: parts[1].into(),
                dtype: parts[2].into(),
                shape: parts[3].split('x').map(|n| n.parse().unwrap()).collect(),
                md5: parts[4].into(),
            }
        })
        .collect()
}

fn whole<T: LittleEndian>(file: &Hdf4File, ds: &Dataset) -> Vec<T> {
    file.read::<T>(ds).unwrap()
}

/// Reads by windows of odd shapes that straddle chunks, and puts them together.
fn by_windows<T: LittleEndian>(file: &Hdf4File, ds: &Dataset) -> Vec<T> {
    let shape = ds.shape();
    let (rows, cols) = match shape {
        [n] => (1, *n),
        [r, c] => (*r, *c),
        _ => panic!("rank {}", shape.len()),
    };
    let mut out = vec![T::default(); rows * cols];
    let mut scratch = Scratch::new();
    let mut buffer = Vec::new();
    // A compressed SDS is unpacked once per SDS thanks to the scratch, so small windows are fine.
    let (step_rows, step_cols) = (rows.div_ceil(7).max(1), 467);
    for r in (0..rows).step_by(step_rows) {
        for c in (0..cols).step_by(step_cols) {
            let (h, w) = (step_rows.min(rows - r), step_cols.min(cols - c));
            buffer.resize(h * w, T::default());
            let window = |a: usize, b: usize| {
                if shape.len() == 1 {
                    vec![b]
                } else {
                    vec![a, b]
                }
            };
            let report = file
                .read_window_into(ds, &window(r, c), &window(h, w), &mut buffer, &mut scratch)
                .unwrap();
            assert_eq!(report.missing_cells, 0);
            for (i, row) in buffer.chunks(w).enumerate() {
                let at = (r + i) * cols + c;
                out[at..at + w].copy_from_slice(row);
            }
        }
    }
    out
}

/// Reads chunk by chunk and puts the parts that lie inside the shape together.
fn by_chunks<T: LittleEndian>(file: &Hdf4File, ds: &Dataset) -> Vec<T> {
    let chunk = ds.natural_chunk_shape();
    let grid = ds.chunk_grid();
    let two = |v: &[usize], fill: usize| match v {
        [n] => [fill, *n],
        [r, c] => [*r, *c],
        _ => panic!("rank {}", v.len()),
    };
    let ([rows, cols], [h, w], [gr, gc]) = (two(ds.shape(), 1), two(&chunk, 1), two(&grid, 1));
    let mut out = vec![T::default(); rows * cols];
    let mut buffer = vec![T::default(); h * w];
    let mut scratch = Scratch::new();
    for i in 0..gr {
        for j in 0..gc {
            let place = if grid.len() == 1 { vec![j] } else { vec![i, j] };
            let state = file
                .read_chunk_into(ds, &place, &mut buffer, &mut scratch)
                .unwrap();
            assert_eq!(state, hdf4::ChunkState::Stored);
            for r in 0..h.min(rows - i * h) {
                let n = w.min(cols - j * w);
                let at = (i * h + r) * cols + j * w;
                out[at..at + n].copy_from_slice(&buffer[r * w..r * w + n]);
            }
        }
    }
    out
}

fn three_ways<T: LittleEndian>(file: &Hdf4File, ds: &Dataset, want: &str, context: &str) {
    assert_eq!(md5_hex(&whole::<T>(file, ds)), want, "whole: {context}");
    assert_eq!(
        md5_hex(&by_windows::<T>(file, ds)),
        want,
        "windows: {context}"
    );
    assert_eq!(
        md5_hex(&by_chunks::<T>(file, ds)),
        want,
        "chunks: {context}"
    );
}

#[test]
fn all_arrays_equal_the_reference_library() {
    let Some(folder) = modis_folder() else { return };
    let mut arrays = 0;
    let mut seen = std::collections::BTreeMap::new();
    let rows = expected(&folder);
    for row in &rows {
        let disk;
        let memory;
        // Every second array from memory, so both sources are read.
        let file = if arrays % 2 == 0 {
            disk = Hdf4File::open(folder.join(&row.file)).unwrap();
            &disk
        } else {
            memory = Hdf4File::from_bytes(std::fs::read(folder.join(&row.file)).unwrap()).unwrap();
            &memory
        };
        let ds = file.dataset(&row.sds).unwrap();
        let context = format!("{} {}", row.file, row.sds);
        assert_eq!(ds.shape(), row.shape, "{context}");
        assert_eq!(ds.number_type().to_string(), row.dtype, "{context}");
        match ds.number_type() {
            NumberType::I8 => three_ways::<i8>(file, ds, &row.md5, &context),
            NumberType::U8 => three_ways::<u8>(file, ds, &row.md5, &context),
            NumberType::I16 => three_ways::<i16>(file, ds, &row.md5, &context),
            NumberType::U16 => three_ways::<u16>(file, ds, &row.md5, &context),
            NumberType::I32 => three_ways::<i32>(file, ds, &row.md5, &context),
            NumberType::U32 => three_ways::<u32>(file, ds, &row.md5, &context),
            other => panic!("{context}: {other}"),
        }
        let layout = match ds.layout() {
            Layout::Contiguous => "contiguous",
            Layout::Compressed { .. } => "compressed",
            Layout::Chunked { .. } => "chunked",
            other => panic!("{context}: {other:?}"),
        };
        *seen.entry(layout).or_insert(0) += 1;
        arrays += 1;
    }
    assert_eq!(arrays, 122);
    eprintln!("{arrays} arrays read three ways: {seen:?}");
    assert_eq!(seen.len(), 3, "{seen:?}");

    // Nothing that the reference library lists is left out, and nothing is added.
    let mut files: Vec<&str> = rows.iter().map(|r| r.file.as_str()).collect();
    files.dedup();
    for name in files {
        let file = Hdf4File::open(folder.join(name)).unwrap();
        let listed: Vec<&str> = file.datasets().iter().map(Dataset::name).collect();
        let wanted: Vec<&str> = rows
            .iter()
            .filter(|r| r.file == name)
            .map(|r| r.sds.as_str())
            .collect();
        assert_eq!(listed, wanted, "{name}");
    }
}

#[test]
fn grids_of_real_granules() {
    let Some(folder) = modis_folder() else { return };
    let open = |name: &str| Hdf4File::open(folder.join(name)).unwrap();

    let grids = open("MOD10A2.A2022033.h09v05.061.2022042050729.hdf")
        .eos_grids()
        .unwrap();
    let [grid] = grids.as_slice() else {
        panic!("{grids:?}")
    };
    assert_eq!(
        (grid.name.as_str(), grid.rows, grid.cols),
        ("MOD_Grid_Snow_500m", 2400, 2400)
    );
    assert_eq!(grid.projection, "GCTP_SNSOID");
    assert_eq!(
        grid.upper_left_m,
        Some((-10_007_554.677, 4_447_802.078_667))
    );
    assert_eq!(grid.projection_parameters.len(), 13);
    assert_eq!(grid.projection_parameters[0], 6_371_007.181);
    assert_eq!(grid.sphere_code, Some(-1));
    let fields: Vec<&str> = grid.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["Maximum_Snow_Extent", "Eight_Day_Snow_Cover"]);
    assert_eq!(grid.fields[0].dimensions, ["YDim", "XDim"]);

    // Two grids in one file.
    let grids = open("MOD09GA.A2008296.h14v17.006.2015181011753.hdf")
        .eos_grids()
        .unwrap();
    let sizes: Vec<(usize, usize)> = grids.iter().map(|g| (g.rows, g.cols)).collect();
    assert_eq!(sizes, [(1200, 1200), (2400, 2400)]);

    // A subset: StructMetadata.0 counts, not OldStructMetadata.0.
    let file = open("MOD13A2.A2016145.h18v04.006.2016166145124.hdf");
    assert!(file.attribute("OldStructMetadata.0").is_some());
    let grids = file.eos_grids().unwrap();
    assert_eq!((grids[0].cols, grids[0].rows), (219, 185));
    assert_eq!(
        grids[0].upper_left_m,
        Some((670_117.907_295, 5_608_858.446_491))
    );
}

#[test]
fn attributes_of_real_granules() {
    let Some(folder) = modis_folder() else { return };
    let file =
        Hdf4File::open(folder.join("MOD13A2.A2025001.h18v09.061.2025022080611.hdf")).unwrap();
    let ds = file.dataset("1 km 16 days NDVI").unwrap();
    assert_eq!(
        ds.attribute("scale_factor").unwrap().as_f64(),
        Some(10_000.0)
    );
    assert_eq!(ds.attribute("_FillValue").unwrap().as_f64(), Some(-3000.0));
    assert_eq!(
        ds.attribute("valid_range").unwrap().as_f64s().unwrap(),
        [-2000.0, 10_000.0]
    );
    assert_eq!(ds.dimensions()[0].name, "YDim:MODIS_Grid_16DAY_1km_VI");
    assert!(
        file.attribute("CoreMetadata.0")
            .unwrap()
            .as_text()
            .unwrap()
            .contains("SHORTNAME")
    );

    // What a read costs is known before it.
    let stored = file.stored_bytes(ds).unwrap();
    assert!(stored > 0 && stored < file.length_bytes());
    let one = file.chunk_stored_bytes(ds, &[17, 0]).unwrap().unwrap();
    let cost = file.window_cost(ds, &[17, 600], &[1, 3]).unwrap();
    assert_eq!(
        (cost.chunks, cost.missing_chunks, cost.stored_bytes),
        (1, 0, one)
    );
}

#[test]
fn many_threads_share_one_file() {
    let Some(folder) = modis_folder() else { return };
    let file =
        Hdf4File::open(folder.join("MOD09GA.A2008296.h14v17.006.2015181011753.hdf")).unwrap();
    let names = [
        "sur_refl_b01_1",
        "sur_refl_b02_1",
        "sur_refl_b03_1",
        "sur_refl_b04_1",
    ];
    let alone: Vec<Vec<i16>> = names
        .iter()
        .map(|n| file.read(file.dataset(n).unwrap()).unwrap())
        .collect();
    let together: Vec<Vec<i16>> = std::thread::scope(|scope| {
        let file = &file;
        let handles: Vec<_> = names
            .iter()
            .map(|n| scope.spawn(move || file.read(file.dataset(n).unwrap()).unwrap()))
            .collect();
        handles.into_iter().map(|h| h.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn wrong_questions_are_answered_by_name() {
    let Some(folder) = modis_folder() else { return };
    let file =
        Hdf4File::open(folder.join("MOD10A2.A2022033.h09v05.061.2022042050729.hdf")).unwrap();
    let error = file.dataset("maximum snow extent").unwrap_err().to_string();
    assert!(
        error.contains("did you mean 'Maximum_Snow_Extent'"),
        "{error}"
    );
    let ds = file.dataset("Maximum_Snow_Extent").unwrap();
    let error = file.read::<i16>(ds).unwrap_err().to_string();
    assert!(
        error.contains("asked for i16, but the SDS stores u8"),
        "{error}"
    );
    assert!(error.contains("MOD10A2.A2022033.h09v05"), "{error}");
    let error = file
        .read_window::<u8>(ds, &[0, 2399], &[1, 2])
        .unwrap_err()
        .to_string();
    assert!(error.contains("does not fit into [2400, 2400]"), "{error}");
}
