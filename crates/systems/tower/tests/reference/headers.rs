//! Headers as networks and programs write them.

use std::path::Path;

use jiff::civil::datetime;
use nutag_tower::readers::{How, Kind, Quantity, Record, Stamp, read};

fn read_one(path: &Path, how: &How) -> Result<Record, String> {
    read(&[path.to_path_buf()], how).map_err(|e| e.to_string())
}

#[test]
fn real_headers_are_read() {
    let formats =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/flux/formats");
    if !formats.is_dir() {
        nutag_testkit::skipped(
            "shared",
            format!(
                "{} is not there; no original header was read",
                formats.display()
            ),
        );
        return;
    }
    for (name, kind, rows) in [
        (
            "FLX_CH-Cha_FLUXNET2015_FULLSET_HH_2005-2020_beta-3_head.csv",
            Kind::Fluxnet,
            99,
        ),
        (
            "eddypro_full_output_CH-FRU_2024_head.csv",
            Kind::EddyProFull,
            0,
        ),
        (
            "eddypro_fluxnet_CH-FRU_2012_head.csv",
            Kind::EddyProFluxnet,
            0,
        ),
        ("made_ameriflux_base_HH.csv", Kind::AmeriFlux, 96),
        ("made_japanflux_ALLVARS_HH.csv", Kind::JapanFlux, 96),
    ] {
        let record = read_one(&formats.join(name), &How::default()).unwrap();
        println!(
            "{name}: {} rows, {:?}, {:?}",
            record.axis.rows(),
            record.origins,
            record.notes
        );
        assert_eq!(record.kind, kind, "{name}");
        if rows > 0 {
            assert_eq!(record.axis.rows(), rows, "{name}");
        }
    }
    let full = read_one(
        &formats.join("eddypro_full_output_CH-FRU_2024_head.csv"),
        &How::default(),
    )
    .unwrap();
    assert_eq!(full.axis.start(0), datetime(2024, 3, 29, 1, 0, 0, 0));
    assert!((full.column(Quantity::Temperature)[0] - (283.427 - 273.15)).abs() < 1e-9);
    assert!((full.column(Quantity::Vpd)[0] - 7.404_51).abs() < 1e-9);
    assert!((full.column(Quantity::Nee)[0] - 3.933_96).abs() < 1e-9);
    let mut how = How {
        time: vec!["timestamp".to_owned()],
        stamp: Some(Stamp::End),
        ..How::default()
    };
    for (quantity, name) in [
        (Quantity::Nee, "NEE"),
        (Quantity::NeeQuality, "qc_NEE_SSITC"),
        (Quantity::Temperature, "Tair"),
        (Quantity::Vpd, "VPD"),
        (Quantity::Humidity, "RH"),
        (Quantity::Radiation, "GR"),
        (Quantity::Ustar, "ustar"),
    ] {
        how.columns.insert(quantity, name.to_owned());
    }
    let open = read_one(&formats.join("openeddy_eddy_data_2023_units_row.csv"), &how).unwrap();
    assert_eq!(open.axis.start(0), datetime(2023, 7, 23, 0, 0, 0, 0));
    assert_eq!(open.origins[&Quantity::Vpd], "VPD [hPa]");
}
