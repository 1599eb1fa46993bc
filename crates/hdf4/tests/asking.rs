//! What may be asked of a file: names, windows, buffers, stored bytes.

use hdf4::{Coder, ErrorKind, Hdf4File, Scratch};
use nutag_testkit::hdf4::{Hdf4Writer, Layout, Linking, Packing, Sds};

#[test]
fn names_are_exact_and_may_repeat() {
    let bytes = Hdf4Writer::new()
        .sds(Sds::new("twin", &[1], vec![1_u8]))
        .sds(Sds::new("twin", &[1], vec![2_u8]))
        .to_bytes();
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let error = file.dataset("twin").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::AmbiguousDataset { count: 2, .. }),
        "{error}"
    );
    assert_eq!(file.read::<u8>(&file.datasets()[1]).unwrap(), [2]);
    let error = file.dataset("Twin").unwrap_err();
    assert!(error.to_string().contains("did you mean 'twin'"), "{error}");
}

#[test]
fn an_sds_of_another_file_is_refused() {
    let bytes = Hdf4Writer::new()
        .sds(Sds::new("v", &[1], vec![1_u8]))
        .to_bytes();
    let (one, two) = (
        Hdf4File::from_bytes(bytes.clone()),
        Hdf4File::from_bytes(bytes),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    let error = one.read::<u8>(&two.datasets()[0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignDataset), "{error}");
}

#[test]
fn buffers_and_windows_are_checked() {
    let bytes = Hdf4Writer::new()
        .sds(Sds::new("v", &[2, 3], vec![1_u8; 6]))
        .to_bytes();
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let ds = &file.datasets()[0];
    let mut scratch = Scratch::new();
    let error = file
        .read_into(ds, &mut [0_u8; 5], &mut scratch)
        .unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::WrongBuffer {
                expected: 6,
                found: 5
            }
        ),
        "{error}"
    );
    for (start, count) in [
        (vec![0], vec![1]),
        (vec![0, 0, 0], vec![1, 1, 1]),
        (vec![2, 0], vec![1, 1]),
        (vec![0, 1], vec![1, 3]),
        (vec![usize::MAX, 0], vec![2, 1]),
    ] {
        let error = file.read_window::<u8>(ds, &start, &count).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::OutOfBounds { .. }),
            "{error}"
        );
    }
    // An empty window is no error.
    assert!(
        file.read_window::<u8>(ds, &[2, 3], &[0, 0])
            .unwrap()
            .is_empty()
    );
    let error = file
        .read_chunk_into(ds, &[1, 0], &mut [0_u8; 6], &mut scratch)
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::OutOfBounds { .. }),
        "{error}"
    );
}

#[test]
fn an_sds_that_grew_has_the_rows_of_its_data() {
    // The directory still says two rows, as after appending with the reference library.
    let mut bytes = Hdf4Writer::new()
        .sds(Sds::new("v", &[5, 3], (0..15).collect::<Vec<i32>>()).unlimited())
        .to_bytes();
    let record: Vec<u8> = [0, 2].into_iter().chain([0, 0, 0, 5, 0, 0, 0, 3]).collect();
    let at = bytes
        .windows(record.len())
        .position(|w| w == record)
        .unwrap();
    bytes[at + 5] = 2;
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let ds = &file.datasets()[0];
    assert_eq!(ds.shape(), [5, 3]);
    assert!(ds.dimensions()[0].unlimited && !ds.dimensions()[1].unlimited);
    assert_eq!(file.read::<i32>(ds).unwrap(), (0..15).collect::<Vec<i32>>());
}

#[test]
fn no_dimensions_at_all() {
    let file = Hdf4File::from_bytes(
        Hdf4Writer::new()
            .sds(Sds::new("one", &[], vec![7.5_f64]))
            .to_bytes(),
    )
    .unwrap();
    assert_eq!(file.read::<f64>(&file.datasets()[0]).unwrap(), [7.5]);
}

/// Fetching apart from decoding: the stored bytes are those that were packed.
#[test]
fn stored_bytes_inflate_to_the_values() {
    let values: Vec<i16> = (0..40).collect();
    let plain: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
    let chunked = Layout::Chunked {
        shape: vec![2, 10],
        packing: Some(Packing::Deflate(5)),
        missing: vec![vec![1, 0]],
        linked_table: false,
    };
    let small = Linking {
        first_block_bytes: 10,
        block_bytes: 8,
        blocks_per_table: 2,
    };
    let sds = |name: &str| Sds::new(name, &[4, 10], values.clone());
    let bytes = Hdf4Writer::new()
        .sds(sds("chunked").layout(chunked))
        .sds(sds("packed").layout(Layout::Packed(Packing::Deflate(9), Some(small))))
        .sds(sds("linked").layout(Layout::Linked(small)))
        .sds(sds("empty").layout(Layout::Empty))
        .to_bytes();
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let mut stored = Vec::new();
    let mut read = |name: &str, chunk: &[usize]| {
        let coder = file.read_stored_into(file.dataset(name).unwrap(), chunk, &mut stored);
        coder.unwrap().map(|coder| (coder, stored.clone()))
    };
    let inflate = |packed: &[u8], length: usize| {
        let mut out = vec![0; length];
        let inflated = libdeflater::Decompressor::new().zlib_decompress(packed, &mut out);
        assert_eq!(inflated.unwrap(), length);
        out
    };

    let (coder, packed) = read("chunked", &[0, 0]).unwrap();
    assert_eq!(
        (coder, inflate(&packed, 40)),
        (Coder::Deflate { level: 5 }, plain[..40].to_vec())
    );
    assert_eq!(read("chunked", &[1, 0]), None);
    let (coder, packed) = read("packed", &[0, 0]).unwrap();
    assert_eq!(
        (coder, inflate(&packed, 80)),
        (Coder::Deflate { level: 9 }, plain.clone())
    );
    assert_eq!(read("linked", &[0, 0]), Some((Coder::None, plain)));
    assert_eq!(read("empty", &[0, 0]), None);
}
