//! Damaged and hostile files: an answer or a typed error, never a panic, never much memory.

#[path = "support/exercise.rs"]
mod exercise;
mod support;

use exercise::exercise;
use hdf4::{ErrorKind, Hdf4File};
use nutag_testkit::hdf4::{
    Hdf4Writer, Layout, Linking, Mod17Granule, Mod17Layout, Packing, Sds, SinusoidalGrid,
    struct_metadata,
};

/// A small file with an SDS of every layout, attributes and grid metadata (not padded).
fn small_file() -> Vec<u8> {
    let small = Linking {
        first_block_bytes: 10,
        block_bytes: 8,
        blocks_per_table: 2,
    };
    let chunked = Layout::Chunked {
        shape: vec![2, 3],
        packing: Some(Packing::Deflate(5)),
        missing: vec![vec![1, 0]],
        linked_table: true,
    };
    let sds = |name: &str| Sds::new(name, &[3, 4], (0..12).collect::<Vec<i16>>());
    let mut grid = SinusoidalGrid::tile("G", 25, 4, 4);
    grid.fields = vec![("c".to_string(), "DFNT_INT16".to_string())];
    let text = struct_metadata(&[grid]);
    Hdf4Writer::new()
        .sds(
            sds("c")
                .layout(chunked)
                .attribute("_FillValue", vec![7_i16]),
        )
        .sds(sds("p"))
        .sds(sds("l").layout(Layout::Linked(small)))
        .sds(sds("d").layout(Layout::Packed(Packing::Deflate(5), Some(small))))
        .sds(sds("r").layout(Layout::Packed(Packing::RunLength, None)))
        .attribute("StructMetadata.0", text.trim_end_matches('\0'))
        .to_bytes()
}

fn granules() -> Vec<Vec<u8>> {
    let npp = || (0..16).map(|i| i * 100).collect::<Vec<i16>>();
    [
        Mod17Layout::Whole,
        Mod17Layout::Contiguous,
        Mod17Layout::Chunked { rows: 3, cols: 4 },
    ]
    .into_iter()
    .map(|layout| {
        Mod17Granule::new(25, 4, 2001, 4)
            .npp(npp())
            .layout(layout)
            .to_bytes()
    })
    .collect()
}

#[test]
fn undamaged_files_are_read() {
    assert_eq!(exercise(&small_file()), 5 * 3);
    for granule in granules() {
        assert_eq!(exercise(&granule), 3);
    }
}

/// Every bit of every byte of the small file, which has every structure.
#[test]
fn every_bit_flipped() {
    let good = small_file();
    let mut bad = good.clone();
    let mut read = 0;
    for at in 0..good.len() {
        for bit in 0..8 {
            bad[at] ^= 1 << bit;
            read += usize::from(exercise(&bad) > 0);
            bad[at] = good[at];
        }
        for value in [0x00, 0xff] {
            bad[at] = value;
            read += usize::from(exercise(&bad) > 0);
        }
        bad[at] = good[at];
    }
    // Some flips hit values or padding; most of those in structures are noticed.
    assert!(read > 0);
}

/// Flips in the structures of whole granules: everything but the long texts.
#[test]
fn flips_in_granules() {
    for good in granules() {
        let mut bad = good.clone();
        let text = good.windows(6).position(|w| w == b"GROUP=").unwrap();
        let long = text..text + 32_000;
        for at in (0..good.len()).filter(|at| !long.contains(at)).step_by(5) {
            bad[at] ^= 1 << (at % 8);
            exercise(&bad);
            bad[at] = !good[at];
            exercise(&bad);
            bad[at] = good[at];
        }
    }
}

#[test]
fn every_truncation() {
    let good = small_file();
    for length in 0..good.len() {
        let cut = &good[..length];
        let all_read = exercise(cut) == 15;
        assert!(
            !all_read,
            "{length} of {} bytes give all values",
            good.len()
        );
    }
    for good in granules() {
        for length in (0..good.len()).step_by(211) {
            exercise(&good[..length]);
        }
    }
}

/// A seeded run of random damage: several bytes at once, pieces copied, removed and doubled.
#[test]
fn random_damage() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let mut seeds = granules();
    seeds.push(small_file());
    seeds.push(std::fs::read(format!("{fixtures}/dfsd.hdf")).unwrap());
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % below
    };
    for round in 0..4000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            let length = random(64).min(bytes.len() - at);
            match random(6) {
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes[at] = random(256) as u8,
                // Lengths, counts and offsets are big-endian numbers of 2 or 4 bytes.
                2 => {
                    let wild = [0_u32, 1, 0xffff, 0x7fff_ffff, 0x8000_0000, u32::MAX];
                    let wild = wild[random(wild.len())].to_be_bytes();
                    for (to, from) in bytes[at..].iter_mut().zip(wild) {
                        *to = from;
                    }
                }
                3 => {
                    let from = random(bytes.len() - length + 1);
                    bytes.copy_within(from..from + length, at);
                }
                4 => drop(bytes.drain(at..at + length)),
                _ => {
                    let piece = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        exercise(&bytes);
    }
}

/// Writes a big-endian number into a file.
fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
}

#[test]
fn what_is_no_hdf4_is_named() {
    for (bytes, word) in [
        (&b""[..], "an empty file"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"CDF\x01", "netCDF-3"),
        (b"<!DOCTYPE html>", "web page"),
        (b"abc", "61 62 63"),
    ] {
        let error = Hdf4File::from_bytes(bytes).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotHdf4 { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
    let error = Hdf4File::open("/nowhere/at/all.hdf").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/at/all.hdf"), "{error}");
    let error = Hdf4File::open(env!("CARGO_MANIFEST_DIR")).unwrap_err();
    assert!(error.to_string().contains("a folder"), "{error}");
}

#[test]
fn a_directory_that_loops_ends() {
    let mut bytes = small_file();
    put(&mut bytes, 6, 4); // the first block's successor is itself
    let error = Hdf4File::from_bytes(bytes).unwrap_err();
    assert!(error.to_string().contains("loops"), "{error}");
    assert_eq!(error.offset(), Some(4));
}

#[test]
fn a_table_of_linked_blocks_that_loops_ends() {
    let blocks = Linking {
        first_block_bytes: 4,
        block_bytes: 4,
        blocks_per_table: 1,
    };
    let sds = Sds::new("v", &[6], (0..6).collect::<Vec<i32>>()).layout(Layout::Linked(blocks));
    let good = Hdf4Writer::new().sds(sds).to_bytes();
    // The tables are 4 bytes each: the next table and one block. Let the first follow itself.
    let table = |next: u16, block: u16| [next.to_be_bytes(), block.to_be_bytes()].concat();
    let at = good.windows(4).position(|w| w == table(8, 1)).unwrap();
    let mut bad = good.clone();
    bad[at..at + 4].copy_from_slice(&table(7, 0));
    // Blocks that were never written are zeros, so this one is complete and has no loop.
    let file = Hdf4File::from_bytes(bad.clone()).unwrap();
    assert_eq!(file.read::<i32>(&file.datasets()[0]).unwrap(), [0; 6]);
    // With blocks of no length it would never end.
    let header = [[0, 0, 0, 24], [0, 0, 0, 4], [0, 0, 0, 1]].concat();
    let at = bad.windows(12).position(|w| w == header).unwrap();
    put(&mut bad, at + 4, 0);
    let file = Hdf4File::from_bytes(bad).unwrap();
    let error = file.read::<i32>(&file.datasets()[0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Damaged { .. }), "{error}");
    assert_eq!(error.dataset(), Some("v"));
}

#[test]
fn sizes_that_the_file_cannot_hold_are_refused_before_they_are_allocated() {
    // 2^31 - 1 bytes promised by a stream of a few.
    let sds = |n| Sds::new("v", &[n], vec![0_u8; n]);
    let packed = sds(1000).layout(Layout::Packed(Packing::Deflate(9), None));
    let mut bytes = Hdf4Writer::new().sds(packed).to_bytes();
    let header = [0, 3, 0, 0, 0, 0, 0x03, 0xe8];
    let at = bytes.windows(8).position(|w| w == header).unwrap();
    put(&mut bytes, at + 4, 0x7fff_ffff);
    let shape = [0, 1, 0, 0, 0x03, 0xe8];
    let at = bytes.windows(6).position(|w| w == shape).unwrap();
    put(&mut bytes, at + 2, 0x7fff_ffff);
    let file = Hdf4File::from_bytes(bytes).unwrap();
    let ds = &file.datasets()[0];
    assert_eq!(ds.shape(), [0x7fff_ffff]);
    for error in [
        file.read::<u8>(ds).unwrap_err(),
        file.read_window::<u8>(ds, &[0], &[10]).unwrap_err(),
    ] {
        assert!(
            matches!(error.kind(), ErrorKind::TooLarge { .. }),
            "{error}"
        );
    }

    // An SDS of 2^62 values of which none was written.
    let empty = Sds::new("v", &[1, 1], vec![0_u8]).layout(Layout::Empty);
    let mut bytes = Hdf4Writer::new().sds(empty).to_bytes();
    let shape = [0, 2, 0, 0, 0, 1, 0, 0, 0, 1];
    let at = bytes.windows(10).position(|w| w == shape).unwrap();
    put(&mut bytes, at + 2, 0x4000_0000);
    put(&mut bytes, at + 6, 0x3000_0000);
    let file = Hdf4File::from_bytes(bytes.clone()).unwrap();
    let error = file.read::<u8>(&file.datasets()[0]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TooLarge { .. }),
        "{error}"
    );
    put(&mut bytes, at + 6, 0x4000_0000);
    let error = Hdf4File::from_bytes(bytes).unwrap_err();
    assert!(
        error.to_string().contains("fewer than 2^60 values"),
        "{error}"
    );
}

#[test]
fn damage_is_reported_where_it_is() {
    let sds = Sds::new("Npp_500m", &[40], (0..40).collect::<Vec<i16>>());
    let sds = sds.layout(Layout::Chunked {
        shape: vec![20],
        packing: Some(Packing::Deflate(5)),
        missing: vec![],
        linked_table: false,
    });
    let mut bytes = Hdf4Writer::new().sds(sds).to_bytes();
    let stream = bytes.windows(2).rposition(|w| w == [0x78, 0x5e]).unwrap();
    bytes[stream + 6] ^= 0x55;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.hdf");
    std::fs::write(&path, bytes).unwrap();
    let file = Hdf4File::open(&path).unwrap();
    let ds = file.dataset("Npp_500m").unwrap();
    assert_eq!(
        file.read_window::<i16>(ds, &[0], &[20]).unwrap(),
        (0..20).collect::<Vec<_>>()
    );
    let error = file.read::<i16>(ds).unwrap_err();
    assert_eq!(error.file(), Some(path.as_path()));
    assert_eq!(error.dataset(), Some("Npp_500m"));
    assert_eq!(error.tag_and_reference().unwrap().0, 61);
    assert!(error.offset().is_some());
    let text = error.to_string();
    assert!(text.contains("40 bytes after inflating"), "{text}");
}

/// The seeds of the fuzz targets, and whatever those have found since.
#[test]
fn the_corpus_of_the_fuzz_targets() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files = |target: &str| {
        let entries = std::fs::read_dir(corpus.join(target)).unwrap();
        entries
            .map(|e| std::fs::read(e.unwrap().path()).unwrap())
            .collect::<Vec<_>>()
    };
    let containers = files("container");
    assert!(containers.len() >= 12);
    assert!(
        containers
            .iter()
            .filter(|bytes| exercise(bytes) > 0)
            .count()
            >= 11
    );
    let texts = files("odl");
    assert!(texts.len() >= 3);
    for text in texts {
        let text = String::from_utf8(text).unwrap();
        let _ = hdf4::odl::parse("StructMetadata.0", &text);
        let _ = hdf4::eos::parse(&text);
    }
}
