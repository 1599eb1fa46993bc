//! The reader against libhdf4, on files of libhdf4, of libhdfeos and of the test writer.
//!
//! What libhdf4 reads from the committed fixtures is committed beside them, so this runs
//! everywhere. Where the libraries are installed, fixtures are also made anew, and libhdf4 reads
//! what the test writer writes.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use hdf4::{Attribute, AttributeValue, Dataset, Element, ErrorKind, Hdf4File, NumberType, Scratch};
use nutag_testkit::hdf4::{
    Hdf4Writer, Layout, Linking, Mod17Granule, Mod17Layout, Numbers, Order, Packing, Sds,
};
use support::LittleEndian;

fn fnv(bytes: impl IntoIterator<Item = u8>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

fn little<T: LittleEndian>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for &value in values {
        value.push(&mut bytes);
    }
    bytes
}

/// All values as little-endian bytes; missing cells hold the fill value, as in libhdf4.
fn values(file: &Hdf4File, ds: &Dataset) -> hdf4::Result<Vec<u8>> {
    fn typed<T: Element + LittleEndian>(file: &Hdf4File, ds: &Dataset) -> hdf4::Result<Vec<u8>> {
        let mut out = vec![T::default(); usize::try_from(ds.cells()).unwrap()];
        let mut scratch = Scratch::new();
        let report = file.read_into(ds, &mut out, &mut scratch)?;
        let missing = ds.name().starts_with("missing") || ds.name().starts_with("empty");
        assert_eq!(report.missing_cells > 0, missing, "{}", ds.name());
        Ok(little(&out))
    }
    match ds.number_type() {
        NumberType::I8 => typed::<i8>(file, ds),
        NumberType::U8 | NumberType::Char | NumberType::UChar => typed::<u8>(file, ds),
        NumberType::I16 => typed::<i16>(file, ds),
        NumberType::U16 => typed::<u16>(file, ds),
        NumberType::I32 => typed::<i32>(file, ds),
        NumberType::U32 => typed::<u32>(file, ds),
        NumberType::F32 => typed::<f32>(file, ds),
        NumberType::F64 => typed::<f64>(file, ds),
        other => panic!("{other}"),
    }
}

fn type_code(number_type: NumberType) -> u8 {
    match number_type {
        NumberType::UChar => 3,
        NumberType::Char => 4,
        NumberType::F32 => 5,
        NumberType::F64 => 6,
        NumberType::I8 => 20,
        NumberType::U8 => 21,
        NumberType::I16 => 22,
        NumberType::U16 => 23,
        NumberType::I32 => 24,
        NumberType::U32 => 25,
        other => panic!("{other}"),
    }
}

/// Type code, number of values and their little-endian bytes. Texts lose their trailing NULs
/// here, so their number comes from libhdf4.
fn attribute_parts(attribute: &Attribute, count: usize) -> (u8, usize, Vec<u8>) {
    match &attribute.value {
        AttributeValue::Text(text) => {
            let mut bytes = text.as_bytes().to_vec();
            assert!(bytes.len() <= count, "{}", attribute.name);
            bytes.resize(count, 0);
            (4, count, bytes)
        }
        AttributeValue::I8(n) => (20, n.len(), little(n)),
        AttributeValue::U8(n) => (21, n.len(), little(n)),
        AttributeValue::I16(n) => (22, n.len(), little(n)),
        AttributeValue::U16(n) => (23, n.len(), little(n)),
        AttributeValue::I32(n) => (24, n.len(), little(n)),
        AttributeValue::U32(n) => (25, n.len(), little(n)),
        AttributeValue::F32(n) => (5, n.len(), little(n)),
        AttributeValue::F64(n) => (6, n.len(), little(n)),
        other => panic!("{other:?}"),
    }
}

/// Compares every SDS and attribute with the lines that `dump.c` prints. Gives their number.
fn compare(file: &Hdf4File, dump: &str, context: &str) -> (usize, usize) {
    let (mut arrays, mut attributes) = (0, 0);
    let mut datasets = file.datasets().iter();
    let mut current: Option<&Dataset> = None;
    let mut own = file.attributes().iter();
    for line in dump.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let context = format!("{context}: {line}");
        match parts[..] {
            // Old files name no dimensions; the library lists invented scales for them.
            ["S", name, ..] if name.starts_with("fakeDim") && context.starts_with("dfsd") => {}
            ["S", name, code, shape, hash] => {
                let ds = datasets.next().unwrap_or_else(|| panic!("{context}"));
                let own: Vec<String> = ds.shape().iter().map(ToString::to_string).collect();
                assert_eq!(
                    (ds.name(), own.join("x").as_str()),
                    (name, shape),
                    "{context}"
                );
                assert_eq!(type_code(ds.number_type()).to_string(), code, "{context}");
                match values(file, ds) {
                    Ok(bytes) => assert_eq!(fnv(bytes), hash, "{context}"),
                    Err(error) => {
                        assert!(name.starts_with("unsupported"), "{context}: {error}");
                        assert!(
                            matches!(error.kind(), ErrorKind::NotSupported { .. }),
                            "{error}"
                        );
                    }
                }
                current = Some(ds);
                arrays += 1;
            }
            ["A", owner, name, code, count, hash] => {
                let attribute = if owner == "-" {
                    own.next().unwrap_or_else(|| panic!("{context}"))
                } else {
                    let ds = current.filter(|ds| ds.name() == owner).unwrap();
                    ds.attribute(name).unwrap_or_else(|| panic!("{context}"))
                };
                assert_eq!(attribute.name, name, "{context}");
                let (own_code, own_count, bytes) =
                    attribute_parts(attribute, count.parse().unwrap());
                // Text comes in two types, which are the same here.
                let code = if code == "3" { "4" } else { code };
                assert_eq!(
                    (
                        own_code.to_string().as_str(),
                        own_count.to_string().as_str()
                    ),
                    (code, count),
                    "{context}"
                );
                assert_eq!(fnv(bytes), hash, "{context}");
                attributes += 1;
            }
            _ => panic!("{context}"),
        }
    }
    assert_eq!(
        (datasets.next().map(Dataset::name), own.next()),
        (None, None),
        "{context}"
    );
    (arrays, attributes)
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn committed_files_of_the_reference_libraries() {
    for (name, arrays, attributes) in [("sd", 80, 13), ("eos", 33, 2), ("dfsd", 2, 4)] {
        let file = Hdf4File::open(fixture(&format!("{name}.hdf"))).unwrap();
        let dump = std::fs::read_to_string(fixture(&format!("{name}.txt"))).unwrap();
        assert_eq!(compare(&file, &dump, name), (arrays, attributes), "{name}");
    }
}

#[test]
fn grids_of_the_reference_library() {
    let file = Hdf4File::open(fixture("eos.hdf")).unwrap();
    let grids = file.eos_grids().unwrap();
    let [sinusoidal, geographic] = &grids[..] else {
        panic!("{grids:?}")
    };
    assert_eq!(sinusoidal.name, "MOD_Grid_MOD17A3H");
    assert_eq!((sinusoidal.rows, sinusoidal.cols), (20, 14));
    assert_eq!(
        sinusoidal.upper_left_m,
        Some((7_783_653.637_667, 5_559_752.598_333))
    );
    assert_eq!(
        sinusoidal.lower_right_m,
        Some((8_895_604.157_333, 4_447_802.078_667))
    );
    assert_eq!(sinusoidal.fields.len(), 32);
    assert_eq!(sinusoidal.fields[0].name, "plain i8");
    assert_eq!(sinusoidal.fields[0].data_type, "DFNT_INT8");
    assert_eq!(geographic.projection, "GCTP_GEO");
    assert_eq!(geographic.upper_left_m, Some((80_030_000.0, 52_015_000.0)));
    assert_eq!(geographic.origin.as_deref(), Some("HDFE_GD_UL"));
    assert_eq!(geographic.dimensions, [("Band".to_string(), 3)]);
    assert_eq!(geographic.fields[0].dimensions, ["Band", "YDim", "XDim"]);
}

/// Compiles a C program of `tests/c`, or says why not and gives `None`.
fn compile(program: &str, libraries: &[&str], folder: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/c")
        .join(program);
    let out = folder.join(program).with_extension("exe");
    let multiarch = Command::new("cc").arg("-print-multiarch").output();
    let multiarch = multiarch.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_string());
    let mut complaints = String::new();
    for hdf in [["-lmfhdfalt", "-ldfalt"], ["-lmfhdf", "-ldf"]] {
        let mut command = Command::new("cc");
        command
            .arg(&source)
            .arg("-o")
            .arg(&out)
            .arg("-I/usr/include/hdf");
        command.arg(format!(
            "-I/usr/include/{}/hdf",
            multiarch.as_deref().unwrap_or("")
        ));
        command
            .args(libraries)
            .args(hdf)
            .args(["-lz", "-ljpeg", "-lm"]);
        match command.output() {
            Ok(output) if output.status.success() => return Some(out),
            Ok(output) => complaints = String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => complaints = error.to_string(),
        }
    }
    let first = complaints.lines().next().unwrap_or_default();
    nutag_testkit::skipped(
        "libhdf4",
        format!("{program} does not compile here (libhdf4, libhdfeos needed): {first}"),
    );
    None
}

fn run(program: &Path, argument: &Path) -> String {
    let output = Command::new(program).arg(argument).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} {}: {stderr}",
        program.display(),
        argument.display()
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn fresh_files_of_the_reference_libraries() {
    let folder = tempfile::tempdir().unwrap();
    let Some(dump) = compile("dump.c", &[], folder.path()) else {
        return;
    };
    let Some(make) = compile("make_fixtures.c", &["-lhdfeos"], folder.path()) else {
        return;
    };
    run(&make, folder.path());
    for name in ["sd", "eos", "dfsd"] {
        let path = folder.path().join(format!("{name}.hdf"));
        let text = run(&dump, &path);
        // The library writes what it wrote when the fixtures were made.
        assert_eq!(
            text,
            std::fs::read_to_string(fixture(&format!("{name}.txt"))).unwrap()
        );
        compare(&Hdf4File::open(&path).unwrap(), &text, name);
    }
}

#[test]
fn the_reference_library_reads_what_the_test_writer_writes() {
    let folder = tempfile::tempdir().unwrap();
    let Some(dump) = compile("dump.c", &[], folder.path()) else {
        return;
    };
    let check = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        compare(
            &Hdf4File::from_bytes(bytes).unwrap(),
            &run(&dump, &path),
            name,
        )
    };

    let small = Linking {
        first_block_bytes: 33,
        block_bytes: 16,
        blocks_per_table: 3,
    };
    let chunked = |packing| Layout::Chunked {
        shape: vec![4, 4],
        packing,
        missing: vec![vec![0, 1]],
        linked_table: true,
    };
    let layouts = [
        ("plain", Layout::Contiguous),
        ("empty", Layout::Empty),
        ("linked", Layout::Linked(small)),
        ("none", Layout::Packed(Packing::None, None)),
        ("rle", Layout::Packed(Packing::RunLength, Some(small))),
        ("deflate", Layout::Packed(Packing::Deflate(7), Some(small))),
        ("missing_plain", chunked(None)),
        ("missing_none", chunked(Some(Packing::None))),
        ("missing_rle", chunked(Some(Packing::RunLength))),
        ("missing_deflate", chunked(Some(Packing::Deflate(3)))),
    ];
    let raw: Vec<u32> = (0..60_u32)
        .map(|i| if i % 20 < 9 { 5 } else { i * 71_893_457 })
        .collect();
    let numbers: Vec<Numbers> = vec![
        raw.iter().map(|&r| r as i8).collect::<Vec<i8>>().into(),
        raw.iter().map(|&r| r as u16).collect::<Vec<u16>>().into(),
        raw.iter()
            .map(|&r| r.cast_signed())
            .collect::<Vec<i32>>()
            .into(),
        raw.iter()
            .map(|&r| r as f32 / 3.0)
            .collect::<Vec<f32>>()
            .into(),
        raw.iter()
            .map(|&r| f64::from(r) / -3.0)
            .collect::<Vec<f64>>()
            .into(),
        Numbers::Char(raw.iter().map(|&r| r as u8 & 0x7f).collect()),
    ];
    let mut writer = Hdf4Writer::new().attribute("title", "of the test writer");
    let mut wanted = 0;
    for (i, numbers) in numbers.iter().enumerate() {
        for order in [Order::Big, Order::Little] {
            for (name, layout) in &layouts {
                let sds = Sds::new(&format!("{name} {i} {order:?}"), &[10, 6], numbers.clone())
                    .order(order)
                    .layout(layout.clone())
                    .attribute("values", numbers.clone());
                writer = writer.sds(sds);
                wanted += 1;
            }
        }
    }
    assert_eq!(check("all.hdf", writer.to_bytes()), (wanted, wanted + 1));

    let n = 48_usize;
    for (name, layout) in [
        ("chunked.hdf", Mod17Layout::Chunked { rows: 5, cols: 24 }),
        ("whole.hdf", Mod17Layout::Whole),
        ("contiguous.hdf", Mod17Layout::Contiguous),
    ] {
        let granule = Mod17Granule::new(25, 4, 2001, n)
            .npp(
                (0..n * n)
                    .map(|i| ((i % 65_536) as u16).cast_signed())
                    .collect(),
            )
            .gpp((0..n * n).map(|i| (i * 20 % 65_536) as u16).collect())
            .qc((0..n * n).map(|i| (i % 101) as u8).collect())
            .layout(layout);
        assert_eq!(check(name, granule.to_bytes()), (3, 33));
    }
}
