//! Granules of the shape of MOD17A3HGF, right and wrong, and GDAL's view of them.

use std::process::Command;

use hdf4::{Coder, ErrorKind, Hdf4File, Layout, NumberType, Scratch};
use nutag_testkit::hdf4::{Fault, Mod17Granule, Mod17Layout};

const N: usize = 48;

fn npp() -> Vec<i16> {
    (0..N * N)
        .map(|i| {
            if i % N < 5 {
                32766
            } else {
                ((i % 9000) as u16).cast_signed() - 300
            }
        })
        .collect()
}

fn granule() -> Mod17Granule {
    Mod17Granule::new(25, 4, 2001, N)
        .npp(npp())
        .gpp((0..N * N).map(|i| (i * 25 % 65_536) as u16).collect())
        .qc((0..N * N).map(|i| (i % 101) as u8).collect())
}

fn open(granule: &Mod17Granule) -> Hdf4File {
    Hdf4File::from_bytes(granule.to_bytes()).unwrap()
}

#[test]
fn a_granule_has_the_names_and_attributes_of_the_product() {
    let granule = granule();
    assert_eq!(
        granule.file_name(),
        "MOD17A3HGF.A2001001.h25v04.061.2022001000000.hdf"
    );
    let file = open(&granule);
    let types = file
        .datasets()
        .iter()
        .map(|ds| (ds.name(), ds.number_type()));
    let wanted = [
        ("Gpp_500m", NumberType::U16),
        ("Npp_500m", NumberType::I16),
        ("Npp_QC_500m", NumberType::U8),
    ];
    assert!(types.eq(wanted));
    let ds = file.dataset("Npp_500m").unwrap();
    let coder = Coder::Deflate { level: 5 };
    assert_eq!(
        *ds.layout(),
        Layout::Chunked {
            chunk_shape: vec![2, 24],
            coder
        }
    );
    assert_eq!(ds.attribute("scale_factor").unwrap().as_f64(), Some(0.0001));
    assert_eq!(
        ds.attribute("valid_range").unwrap().as_f64s().unwrap(),
        [-30_000.0, 32_700.0]
    );
    assert_eq!(ds.attribute("_FillValue").unwrap().as_f64(), Some(32_767.0));
    assert_eq!(ds.attribute("units").unwrap().as_text(), Some("kg_C/m^2"));
    assert_eq!(file.read::<i16>(ds).unwrap(), npp());
    let core = file.attribute("CoreMetadata.0").unwrap().as_text().unwrap();
    let core = hdf4::odl::parse("CoreMetadata.0", core).unwrap();
    let class = core
        .block("INVENTORYMETADATA")
        .unwrap()
        .block("COLLECTIONDESCRIPTIONCLASS");
    let name = class
        .unwrap()
        .block("SHORTNAME")
        .unwrap()
        .value("VALUE")
        .unwrap();
    assert_eq!(name.as_str(), Some("MOD17A3HGF"));
}

#[test]
fn every_fault_is_what_it_says() {
    let file = open(&granule().fault(Fault::MissingSds("Npp_500m".to_string())));
    let error = file.dataset("Npp_500m").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NoSuchDataset { .. }),
        "{error}"
    );
    assert_eq!(file.eos_grids().unwrap()[0].fields.len(), 2);

    let file = open(&granule().fault(Fault::NppUnsigned));
    let error = file
        .read::<i16>(file.dataset("Npp_500m").unwrap())
        .unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::WrongType {
            stored: NumberType::U16,
            ..
        }
    ));

    let right = open(&granule()).eos_grids().unwrap().remove(0);
    let shifted = open(&granule().fault(Fault::ShiftedCorners))
        .eos_grids()
        .unwrap()
        .remove(0);
    assert_eq!(
        shifted.upper_left_m.unwrap().0,
        right.lower_right_m.unwrap().0
    );
    assert_eq!(
        shifted.upper_left_m.unwrap().1,
        right.upper_left_m.unwrap().1
    );

    let file = open(&granule().fault(Fault::WrongProjection));
    assert_eq!(file.eos_grids().unwrap()[0].projection, "GCTP_LAMAZ");
    let file = open(&granule().fault(Fault::NoStructMetadata));
    assert_eq!(file.eos_grids().unwrap(), []);

    let file = open(&granule().fault(Fault::MissingChunk(3, 1)));
    let (mut out, mut scratch) = (vec![0_i16; N * N], Scratch::new());
    let ds = file.dataset("Npp_500m").unwrap();
    let report = file.read_into(ds, &mut out, &mut scratch).unwrap();
    assert_eq!((report.missing_chunks, report.missing_cells), (1, 48));

    let whole = granule().to_bytes().len();
    let error =
        Hdf4File::from_bytes(granule().fault(Fault::Truncated(whole - 10)).to_bytes()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::PastEnd { .. }), "{error}");
}

#[test]
fn gdal_reads_the_same_values() {
    let folder = tempfile::tempdir().unwrap();
    for (name, layout) in [
        ("chunked", Mod17Layout::Chunked { rows: 5, cols: 24 }),
        ("whole", Mod17Layout::Whole),
        ("contiguous", Mod17Layout::Contiguous),
    ] {
        let path = folder.path().join(format!("{name}.hdf"));
        std::fs::write(&path, granule().layout(layout).to_bytes()).unwrap();
        let out = folder.path().join(name);
        let source = format!(
            "HDF4_EOS:EOS_GRID:\"{}\":MOD_Grid_MOD17A3H:Npp_500m",
            path.display()
        );
        let mut command = Command::new("gdal_translate");
        let run = command
            .args(["-q", "-of", "ENVI", &source])
            .arg(&out)
            .output();
        let complaint = match &run {
            Ok(run) if run.status.success() => String::new(),
            Ok(run) => String::from_utf8_lossy(&run.stderr).into_owned(),
            Err(error) => {
                nutag_testkit::skipped(
                    "gdal",
                    format!("gdal_translate does not run here: {error}"),
                );
                return;
            }
        };
        if complaint.contains("not recognized as a supported file format") {
            nutag_testkit::skipped(
                "gdal-hdf4",
                format!("this GDAL has no HDF4 driver: {complaint}"),
            );
            return;
        }
        assert_eq!(complaint, "", "{name}");
        let raw = std::fs::read(&out).unwrap();
        let values: Vec<i16> = raw
            .as_chunks()
            .0
            .iter()
            .map(|pair| i16::from_le_bytes(*pair))
            .collect();
        assert_eq!(values, npp(), "{name}");
    }
}
