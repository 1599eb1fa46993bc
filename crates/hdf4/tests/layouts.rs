//! Every layout, coder, number type and byte order, as the test writer makes them.

use hdf4::{
    AttributeValue, ByteOrder, ChunkState, Coder, ErrorKind, Hdf4File, Layout as Stored, Scratch,
};
use nutag_testkit::hdf4::{Hdf4Writer, Layout, Linking, Numbers, Order, Packing, Sds};

const SHAPE: [usize; 2] = [23, 17];

fn layouts() -> Vec<(&'static str, Layout)> {
    let small = Linking {
        first_block_bytes: 100,
        block_bytes: 32,
        blocks_per_table: 3,
    };
    let chunked = |packing| Layout::Chunked {
        shape: vec![5, 7],
        packing,
        missing: Vec::new(),
        linked_table: true,
    };
    vec![
        ("contiguous", Layout::Contiguous),
        ("linked", Layout::Linked(small)),
        ("packed none", Layout::Packed(Packing::None, None)),
        ("packed deflate", Layout::Packed(Packing::Deflate(9), None)),
        (
            "packed deflate linked",
            Layout::Packed(Packing::Deflate(1), Some(small)),
        ),
        ("packed rle", Layout::Packed(Packing::RunLength, None)),
        (
            "packed rle linked",
            Layout::Packed(Packing::RunLength, Some(small)),
        ),
        ("chunked plain", chunked(None)),
        ("chunked none", chunked(Some(Packing::None))),
        ("chunked deflate", chunked(Some(Packing::Deflate(5)))),
        ("chunked rle", chunked(Some(Packing::RunLength))),
    ]
}

/// Numbers of every type, with runs (for RLE), extremes and signs.
fn all_numbers() -> Vec<Numbers> {
    let n = SHAPE.iter().product::<usize>();
    let raw: Vec<u64> = (0..n as u64)
        .map(|i| {
            if i % 40 < 12 {
                0x7f01
            } else {
                i.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            }
        })
        .collect();
    macro_rules! cut {
        ($type:ty) => {
            raw.iter().map(|&r| r as $type).collect::<Vec<$type>>()
        };
    }
    vec![
        cut!(i8).into(),
        cut!(u8).into(),
        cut!(i16).into(),
        cut!(u16).into(),
        cut!(i32).into(),
        cut!(u32).into(),
        raw.iter()
            .map(|&r| r as f32 - 1e19)
            .collect::<Vec<f32>>()
            .into(),
        raw.iter()
            .map(|&r| r as f64 - 1e19)
            .collect::<Vec<f64>>()
            .into(),
        Numbers::Char(cut!(u8)),
        Numbers::UChar(cut!(u8)),
    ]
}

/// Reads the SDS in its own type, whole.
fn read(file: &Hdf4File, numbers: &Numbers) -> Numbers {
    let ds = &file.datasets()[0];
    match numbers {
        Numbers::I8(_) => Numbers::I8(file.read(ds).unwrap()),
        Numbers::U8(_) => Numbers::U8(file.read(ds).unwrap()),
        Numbers::I16(_) => Numbers::I16(file.read(ds).unwrap()),
        Numbers::U16(_) => Numbers::U16(file.read(ds).unwrap()),
        Numbers::I32(_) => Numbers::I32(file.read(ds).unwrap()),
        Numbers::U32(_) => Numbers::U32(file.read(ds).unwrap()),
        Numbers::F32(_) => Numbers::F32(file.read(ds).unwrap()),
        Numbers::F64(_) => Numbers::F64(file.read(ds).unwrap()),
        Numbers::Char(_) => Numbers::Char(file.read(ds).unwrap()),
        Numbers::UChar(_) => Numbers::UChar(file.read(ds).unwrap()),
    }
}

#[test]
fn every_type_order_and_layout() {
    let mut cases = 0;
    for numbers in all_numbers() {
        for order in [Order::Big, Order::Little] {
            for (name, layout) in layouts() {
                let sds = Sds::new("values", &SHAPE, numbers.clone())
                    .order(order)
                    .layout(layout)
                    .attribute("all", numbers.clone());
                let bytes = Hdf4Writer::new()
                    .descriptors_per_block(4)
                    .sds(sds)
                    .to_bytes();
                let file = Hdf4File::from_bytes(bytes).unwrap();
                let context = format!("{} {order:?} {name}", numbers.eos_name());
                assert_eq!(read(&file, &numbers), numbers, "{context}");

                let value = &file.datasets()[0].attribute("all").unwrap().value;
                let text = |b: &[u8]| {
                    let end = b.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
                    b[..end].iter().map(|&b| char::from(b)).collect::<String>()
                };
                let wanted = match numbers.clone() {
                    Numbers::I8(n) => AttributeValue::I8(n),
                    Numbers::U8(n) => AttributeValue::U8(n),
                    Numbers::I16(n) => AttributeValue::I16(n),
                    Numbers::U16(n) => AttributeValue::U16(n),
                    Numbers::I32(n) => AttributeValue::I32(n),
                    Numbers::U32(n) => AttributeValue::U32(n),
                    Numbers::F32(n) => AttributeValue::F32(n),
                    Numbers::F64(n) => AttributeValue::F64(n),
                    Numbers::Char(n) | Numbers::UChar(n) => AttributeValue::Text(text(&n)),
                };
                assert_eq!(*value, wanted, "{context}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 10 * 2 * 11);
}

#[test]
fn what_is_said_before_reading() {
    let numbers: Vec<i16> = (0..12).collect();
    let sds = |name: &str| Sds::new(name, &[3, 4], numbers.clone());
    let chunked = Layout::Chunked {
        shape: vec![2, 3],
        packing: Some(Packing::Deflate(4)),
        missing: vec![],
        linked_table: false,
    };
    let packed = Layout::Packed(Packing::Deflate(6), Some(Linking::default()));
    let bytes = Hdf4Writer::new()
        .sds(sds("a b").dimension_names(&["YDim:G", "XDim:G"]))
        .sds(sds("empty").layout(Layout::Empty))
        .sds(sds("linked").layout(Layout::Linked(Linking::default())))
        .sds(sds("packed").layout(packed))
        .sds(sds("chunked").layout(chunked).order(Order::Little))
        .attribute("title", "a file")
        .to_bytes();
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let names: Vec<&str> = file.datasets().iter().map(hdf4::Dataset::name).collect();
    assert_eq!(names, ["a b", "empty", "linked", "packed", "chunked"]);
    assert_eq!(file.attribute("title").unwrap().as_text(), Some("a file"));

    let ds = |name: &str| file.dataset(name).unwrap();
    assert_eq!(*ds("a b").layout(), Stored::Contiguous);
    assert_eq!(ds("a b").dimensions()[1].name, "XDim:G");
    assert_eq!(ds("a b").dimensions()[1].length, 4);
    assert_eq!(*ds("empty").layout(), Stored::Empty);
    assert_eq!(*ds("linked").layout(), Stored::LinkedBlocks);
    assert_eq!(
        *ds("packed").layout(),
        Stored::Compressed {
            coder: Coder::Deflate { level: 6 }
        }
    );
    let coder = Coder::Deflate { level: 4 };
    assert_eq!(
        *ds("chunked").layout(),
        Stored::Chunked {
            chunk_shape: vec![2, 3],
            coder
        }
    );
    assert_eq!(ds("chunked").byte_order(), ByteOrder::Little);
    assert_eq!(ds("chunked").chunk_grid(), [2, 2]);
    assert_eq!(ds("packed").natural_chunk_shape(), [3, 4]);

    // A contiguous SDS costs its own bytes, in any window.
    assert_eq!(file.stored_bytes(ds("a b")).unwrap(), 24);
    assert_eq!(
        file.window_cost(ds("a b"), &[1, 1], &[2, 2])
            .unwrap()
            .stored_bytes,
        8
    );
    assert_eq!(
        file.window_cost(ds("empty"), &[0, 0], &[3, 4])
            .unwrap()
            .missing_chunks,
        1
    );
    let whole = file.stored_bytes(ds("chunked")).unwrap();
    let parts: u64 = [[0, 0], [0, 1], [1, 0], [1, 1]]
        .iter()
        .map(|c| file.chunk_stored_bytes(ds("chunked"), c).unwrap().unwrap())
        .sum();
    assert_eq!(whole, parts);
}

/// A chunk that was never written is missing data, not data that looks like its fill value.
#[test]
fn missing_chunks_are_told_apart_from_data() {
    let numbers: Vec<u16> = vec![32769; 24];
    let sds = Sds::new("Gpp_500m", &[4, 6], numbers).layout(Layout::Chunked {
        shape: vec![3, 4],
        packing: Some(Packing::Deflate(5)),
        missing: vec![vec![1, 0]],
        linked_table: true,
    });
    let file = Hdf4File::from_bytes(Hdf4Writer::new().sds(sds).to_bytes()).unwrap();
    let ds = &file.datasets()[0];
    let mut scratch = Scratch::new();

    // Cells that look the same, some of which are not there.
    let mut all = [0_u16; 24];
    let report = file.read_into(ds, &mut all, &mut scratch).unwrap();
    assert_eq!(
        (report.chunks, report.missing_chunks, report.missing_cells),
        (4, 1, 4)
    );
    assert_eq!(all, [32769; 24]);

    // With a fill of one's own they can be told apart.
    let report = file
        .read_window_with_fill_into(ds, &[2, 2], &[2, 3], 65535, &mut all[..6], &mut scratch)
        .unwrap();
    assert_eq!(
        (report.chunks, report.missing_chunks, report.missing_cells),
        (4, 1, 2)
    );
    assert_eq!(all[..6], [32769, 32769, 32769, 65535, 65535, 32769]);

    let mut chunk = [0_u16; 12];
    let state = file
        .read_chunk_into(ds, &[0, 1], &mut chunk, &mut scratch)
        .unwrap();
    assert_eq!(state, ChunkState::Stored);
    let state = file
        .read_chunk_into(ds, &[1, 0], &mut chunk, &mut scratch)
        .unwrap();
    assert_eq!(state, ChunkState::Missing);
    assert_eq!(file.chunk_stored_bytes(ds, &[1, 0]).unwrap(), None);

    // Who takes no report gets no invented numbers.
    let error = file.read::<u16>(ds).unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Missing {
                cells: 24,
                missing_cells: 4,
                missing_chunks: 1
            }
        ),
        "{error}"
    );
    assert_eq!(
        file.read_window::<u16>(ds, &[0, 0], &[3, 6]).unwrap(),
        [32769; 18]
    );
}

#[test]
fn an_sds_that_was_never_written_holds_its_fill_value() {
    let sds = |name: &str| Sds::new(name, &[2, 2], vec![1_i16; 4]).layout(Layout::Empty);
    let bytes = Hdf4Writer::new()
        .sds(sds("own").attribute("_FillValue", vec![-3000_i16]))
        .sds(sds("default"))
        .sds(
            sds("little")
                .order(Order::Little)
                .attribute("_FillValue", vec![-3000_i16]),
        )
        .to_bytes();
    let file = Hdf4File::from_bytes(bytes).unwrap();
    for (name, fill) in [("own", -3000), ("default", -32767), ("little", -3000)] {
        let ds = file.dataset(name).unwrap();
        let mut out = [0_i16; 4];
        let report = file.read_into(ds, &mut out, &mut Scratch::new()).unwrap();
        assert_eq!(report.missing_cells, 4, "{name}");
        assert_eq!(out, [fill; 4], "{name}");
        assert!(matches!(
            file.read::<i16>(ds).unwrap_err().kind(),
            ErrorKind::Missing { .. }
        ));
    }
}

#[test]
fn chunks_of_a_fill_value_of_their_own() {
    for order in [Order::Big, Order::Little] {
        let sds = Sds::new("v", &[2], vec![1_i32, 2])
            .order(order)
            .chunk_fill(vec![-77_i32])
            .layout(Layout::Chunked {
                shape: vec![1],
                packing: None,
                missing: vec![vec![1]],
                linked_table: false,
            });
        let file = Hdf4File::from_bytes(Hdf4Writer::new().sds(sds).to_bytes()).unwrap();
        let mut out = [0_i32; 2];
        let report = file
            .read_into(&file.datasets()[0], &mut out, &mut Scratch::new())
            .unwrap();
        assert_eq!((out, report.missing_cells), ([1, -77], 1));
    }
}

#[test]
fn all_chunks_missing_needs_no_table_data() {
    let missing = (0..4)
        .flat_map(|r| (0..3).map(move |c| vec![r, c]))
        .collect();
    let sds = Sds::new("v", &[7, 5], vec![3_u8; 35]).layout(Layout::Chunked {
        shape: vec![2, 2],
        packing: Some(Packing::RunLength),
        missing,
        linked_table: true,
    });
    let file = Hdf4File::from_bytes(Hdf4Writer::new().sds(sds).to_bytes()).unwrap();
    let mut out = [0_u8; 35];
    let report = file
        .read_into(&file.datasets()[0], &mut out, &mut Scratch::new())
        .unwrap();
    assert_eq!(
        (report.chunks, report.missing_chunks, report.missing_cells),
        (12, 12, 35)
    );
    assert_eq!(out, [0x81; 35]);
}

#[test]
fn coders_that_are_not_read_are_named() {
    for (number, name) in [
        (2, "NBIT"),
        (3, "skipping Huffman"),
        (5, "SZIP"),
        (77, "unknown"),
    ] {
        let packing = Packing::Unreadable(number);
        let chunked = Layout::Chunked {
            shape: vec![2],
            packing: Some(packing),
            missing: vec![],
            linked_table: false,
        };
        for layout in [Layout::Packed(packing, None), chunked] {
            let sds = Sds::new("v", &[4], vec![1_i16, 2, 3, 4]).layout(layout);
            let other = Sds::new("w", &[1], vec![9_i16]);
            let bytes = Hdf4Writer::new().sds(sds).sds(other).to_bytes();
            let file = Hdf4File::from_bytes(bytes).unwrap();
            let error = file.read::<i16>(file.dataset("v").unwrap()).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::NotSupported { .. }),
                "{error}"
            );
            let text = error.to_string();
            assert!(text.contains(name) && text.contains("SDS 'v'"), "{text}");
            // The rest of the file stays readable.
            assert_eq!(file.read::<i16>(file.dataset("w").unwrap()).unwrap(), [9]);
        }
    }
}

/// Streams that are too long to be read at once, in one piece of the file and in many.
#[test]
fn long_streams_are_read_in_parts() {
    let mut state = 1_u32;
    let values: Vec<i16> = (0..600 * 500)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i16 & 0xfff
        })
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.hdf");
    for (linking, level) in [(None, 0), (None, 6), (Some(Linking::default()), 6)] {
        let layout = Layout::Packed(Packing::Deflate(level), linking);
        let sds = Sds::new("long", &[600, 500], values.clone()).layout(layout);
        Hdf4Writer::new().sds(sds).write(&path).expect("written");
        let length = std::fs::metadata(&path).expect("there").len();
        assert!(length > 400_000, "{length} bytes are not long");
        let file = Hdf4File::open(&path).expect("opened");
        let ds = file.dataset("long").expect("there");
        let found: Vec<i16> = file.read(ds).expect("read");
        assert!(found == values, "level {level}");
    }
}
