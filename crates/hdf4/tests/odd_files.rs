//! Files of other times of the library: numbers in a file beside, groups of the first kind, numbers in a Vdata.

use std::path::{Path, PathBuf};

use hdf4::{Hdf4File, Layout, NumberType};

/// A file of these elements: tag (with its special bit), reference, bytes.
fn file(elements: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0x0e, 0x03, 0x13, 0x01];
    bytes.extend(u16::try_from(elements.len()).unwrap().to_be_bytes());
    bytes.extend([0; 4]);
    let mut offset = bytes.len() + 12 * elements.len();
    for (tag, reference, element) in elements {
        bytes.extend(tag.to_be_bytes());
        bytes.extend(reference.to_be_bytes());
        bytes.extend(u32::try_from(offset).unwrap().to_be_bytes());
        bytes.extend(u32::try_from(element.len()).unwrap().to_be_bytes());
        offset += element.len();
    }
    bytes.extend(elements.iter().flat_map(|(_, _, element)| element));
    bytes
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A number type of the library's code and width, big-endian.
fn number_type(code: u8, bits: u8) -> Vec<u8> {
    vec![1, code, bits, 1]
}

/// A dimension record of two dimensions whose numbers have the type of reference 1.
fn dimensions(rows: u16, cols: u16) -> Vec<u8> {
    words(&[2, 0, rows, 0, cols, 106, 1, 106, 1, 106, 1])
}

/// An SDS of int16 whose numbers lie in `name`, from byte 3 on.
fn with_external(name: &str) -> Vec<u8> {
    let mut header = words(&[2, 0, 12, 0, 3, 0]);
    header.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
    header.extend(name.as_bytes());
    file(&[
        (106, 1, number_type(22, 16)),
        (701, 1, dimensions(2, 3)),
        (702 | 0x4000, 1, header),
        (720, 1, words(&[702, 1, 106, 1, 701, 1])),
    ])
}

#[test]
fn numbers_in_a_file_beside_are_read_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("main.hdf");
    let numbers: Vec<i16> = vec![1, -2, 3, -4, 5, -6];
    let mut beside = vec![9, 9, 9];
    beside.extend(numbers.iter().flat_map(|n| n.to_be_bytes()));
    std::fs::write(folder.path().join("beside.dat"), &beside).unwrap();
    std::fs::write(&path, with_external("beside.dat")).unwrap();
    let opened = Hdf4File::open(&path).unwrap();
    let sds = &opened.datasets()[0];
    let Layout::External { file, .. } = sds.layout() else {
        panic!("{:?}", sds.layout());
    };
    assert_eq!((file.as_str(), sds.shape()), ("beside.dat", &[2, 3][..]));
    assert_eq!(opened.read::<i16>(sds).unwrap(), numbers);
    assert_eq!(
        opened.read_window::<i16>(sds, &[1, 1], &[1, 2]).unwrap(),
        [5, -6]
    );
    let cost = opened.window_cost(sds, &[0, 0], &[2, 3]).unwrap();
    assert_eq!((cost.stored_bytes, cost.missing_chunks), (12, 0));

    // Cut short, gone, or elsewhere: listed, and an error that names it.
    std::fs::write(folder.path().join("beside.dat"), &beside[..14]).unwrap();
    opened.read::<i16>(sds).unwrap_err();
    std::fs::remove_file(folder.path().join("beside.dat")).unwrap();
    let message = opened.read::<i16>(sds).unwrap_err().to_string();
    assert!(message.contains("beside.dat"), "{message}");
    for name in ["../beside.dat", "/etc/hostname", "a\\b", "..", ""] {
        std::fs::write(&path, with_external(name)).unwrap();
        let opened = Hdf4File::open(&path).unwrap();
        let message = opened.read::<i16>(&opened.datasets()[0]).unwrap_err();
        assert!(message.to_string().contains("plain name"), "{message}");
    }
    let in_memory = Hdf4File::from_bytes(with_external("beside.dat")).unwrap();
    in_memory.read::<i16>(&in_memory.datasets()[0]).unwrap_err();
}

#[test]
fn groups_of_the_first_kind_lead_to_their_numbers() {
    let numbers: Vec<f32> = (0..6_u8).map(|n| f32::from(n) / 4.0).collect();
    let stored: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
    let mut elements = vec![
        (106, 1, number_type(5, 32)),
        (701, 1, dimensions(3, 2)),
        (702, 1, stored),
        (700, 7, words(&[702, 1, 701, 1])),
    ];
    let opened = Hdf4File::from_bytes(file(&elements)).unwrap();
    let sds = &opened.datasets()[0];
    assert_eq!((sds.name(), sds.shape()), ("Data-Set-7", &[3, 2][..]));
    assert_eq!(opened.read::<f32>(sds).unwrap(), numbers);
    // Beside a newer group it is a second entrance to the same numbers.
    elements.push((720, 2, words(&[702, 1, 701, 1])));
    let opened = Hdf4File::from_bytes(file(&elements)).unwrap();
    let names: Vec<&str> = opened.datasets().iter().map(hdf4::Dataset::name).collect();
    assert_eq!(names, ["Data-Set-2"]);
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn vgroup(name: &str, class: &str, members: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = words(&[u16::try_from(members.len()).unwrap()]);
    bytes.extend(members.iter().flat_map(|(tag, _)| tag.to_be_bytes()));
    bytes.extend(members.iter().flat_map(|(_, to)| to.to_be_bytes()));
    text(&mut bytes, name);
    text(&mut bytes, class);
    bytes.extend([0; 8]);
    bytes
}

/// The header of a Vdata of one field.
fn vdata(class: &str, records: u16, code: u16, size: u16) -> Vec<u8> {
    let mut bytes = words(&[0, 0, records, size, 1, code, size, 0, 1]);
    text(&mut bytes, "VALUES");
    text(&mut bytes, "any");
    text(&mut bytes, class);
    bytes.extend([0; 8]);
    bytes
}

/// Two SDS over a dimension that grows: one with `rows` rows of values, one without any.
fn without_groups(rows: u16, values: &[i16]) -> Vec<u8> {
    let stored: Vec<u8> = values.iter().flat_map(|n| n.to_be_bytes()).collect();
    let records = u16::try_from(values.len()).unwrap();
    file(&[
        (1962, 2, vdata("DimVal0.0", 1, 24, 4)),
        (1963, 2, u32::from(rows).to_be_bytes().to_vec()),
        (1965, 3, vgroup("record", "UDim0.0", &[(1962, 2)])),
        (1962, 4, vdata("DimVal0.1", 1, 24, 4)),
        (1963, 4, 3_u32.to_be_bytes().to_vec()),
        (1965, 5, vgroup("x", "Dim0.0", &[(1962, 4)])),
        (1962, 6, vdata("Data0.0", records, 22, 2)),
        (1963, 6, stored),
        (106, 7, number_type(20, 8)),
        (
            1965,
            8,
            vgroup("full", "Var0.0", &[(1965, 3), (1965, 5), (1962, 6)]),
        ),
        (
            1965,
            9,
            vgroup("empty", "Var0.0", &[(1965, 3), (1965, 5), (106, 7)]),
        ),
        (1965, 10, vgroup("all", "CDF0.0", &[(1965, 8), (1965, 9)])),
    ])
}

#[test]
fn sds_without_a_numeric_data_group_are_read() {
    let values = [1, 2, 3, -4, -5, -6];
    let opened = Hdf4File::from_bytes(without_groups(2, &values)).unwrap();
    let full = opened.dataset("full").unwrap();
    assert_eq!(
        (full.shape(), full.number_type()),
        (&[2, 3][..], NumberType::I16)
    );
    assert_eq!(opened.read::<i16>(full).unwrap(), values);
    let empty = opened.dataset("empty").unwrap();
    assert_eq!(
        (empty.shape(), empty.number_type()),
        (&[0, 3][..], NumberType::I8)
    );
    assert_eq!(empty.layout(), &Layout::Empty);
    assert_eq!(opened.read::<i8>(empty).unwrap(), Vec::<i8>::new());
    // A row that was begun and not finished.
    let opened = Hdf4File::from_bytes(without_groups(2, &values[..5])).unwrap();
    let full = opened.dataset("full").unwrap();
    assert_eq!(full.shape(), [1, 3]);
    assert_eq!(opened.read::<i16>(full).unwrap(), values[..3]);
}

/// The files of the library's own tests, or `None` with a loud line.
fn odd_files() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hdf4-odd");
    if folder.exists() {
        return Some(folder);
    }
    nutag_testkit::skipped("shared", format!("{} is absent", folder.display()));
    None
}

/// As the reference library reads them through pyhdf, where it does.
#[test]
fn real_files_of_other_times_are_read() {
    let Some(folder) = odd_files() else {
        return;
    };
    let external = Hdf4File::open(folder.join("ext.hdf")).unwrap();
    let x = external.dataset("x").unwrap();
    assert_eq!(x.shape(), [50, 60]);
    let counted: Vec<i16> = (0..3000).collect();
    assert_eq!(external.read::<i16>(x).unwrap(), counted);

    let oldest = Hdf4File::open(folder.join("h100x100")).unwrap();
    let sds = oldest.dataset("Data-Set-1").unwrap();
    let values = oldest.read::<f32>(sds).unwrap();
    assert_eq!((sds.shape(), values.len()), (&[100, 100][..], 10_000));
    let extremes = values.iter().fold((f32::MAX, f32::MIN), |(low, high), n| {
        (low.min(*n), high.max(*n))
    });
    assert_eq!(extremes, (0.0, 100.0));

    // Where the library lists no record, the numbers are in the file all the same.
    let records = Hdf4File::open(folder.join("test.cdf")).unwrap();
    let shapes: Vec<(&str, NumberType, &[usize])> = records
        .datasets()
        .iter()
        .map(|sds| (sds.name(), sds.number_type(), sds.shape()))
        .collect();
    assert_eq!(
        shapes,
        [
            ("Byte", NumberType::I8, &[8, 9][..]),
            ("Short", NumberType::I16, &[2, 5][..]),
            ("Long", NumberType::I32, &[9, 5][..]),
            ("Float", NumberType::F32, &[8, 9, 5][..]),
            ("Double", NumberType::F64, &[1, 9, 5][..]),
        ]
    );
}
