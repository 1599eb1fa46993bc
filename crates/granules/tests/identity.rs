//! A granule is what its name says, or it is refused.

use nutag_granules::granule::GranuleFile;
use nutag_granules::modis::{GranuleReader, Identity, Scratch};
use nutag_granules::product::{Product, ProductSpec};
use nutag_testkit::hdf4::{Inventory, ModisGranule, Numbers};
use tempfile::TempDir;

const SIDE: usize = 20;

type Change = fn(&mut Inventory);

fn product(more: &str) -> Product {
    let text = format!(
        r#"
        name = "MOD13A2"
        collection = "061"
        sds = "NDVI"
        type = "int16"
        scale = 10000
        scale_direction = "divide"
        offset = 0
        unit = "1"
        quantity = "NDVI"
        valid_range = [-2000, 10000]
        fill = [{{ code = -3000, reason = "fill" }}]
        cells_per_tile = {SIDE}
        {more}
        "#
    );
    let spec: ProductSpec = toml::from_str(&text).unwrap();
    spec.build().unwrap()
}

fn composite(days: u16) -> Product {
    product(&format!("period = \"composite\"\ncomposite_days = {days}"))
}

fn numbers() -> Vec<i16> {
    (0..SIDE * SIDE)
        .map(|n| i16::try_from(n).unwrap())
        .collect()
}

fn granule() -> ModisGranule {
    dated("2025017", ("2025-01-17", "2025-02-01"))
}

fn dated(date: &str, days: (&str, &str)) -> ModisGranule {
    ModisGranule::new(("MOD13A2", "061"), (18, 9), SIDE, date, days).layer(
        "NDVI",
        numbers().into(),
        &[
            ("scale_factor", vec![10_000.0].into()),
            ("valid_range", vec![-2000_i16, 10_000].into()),
            ("_FillValue", vec![-3000_i16].into()),
        ],
    )
}

fn open(granule: &ModisGranule, product: &Product) -> Result<GranuleReader, String> {
    let folder = TempDir::new().unwrap();
    let path = granule.write(&folder).unwrap();
    let name = granule.file_name().parse().unwrap();
    GranuleReader::open(
        &GranuleFile { name, path },
        product,
        product.quality.is_some(),
    )
    .map_err(|error| error.to_string())
}

#[test]
fn metadata_that_agree_or_are_absent_pass() {
    let identity = open(&granule(), &composite(16)).unwrap();
    let identity = identity.identity();
    assert_eq!(identity.short_name.as_deref(), Some("MOD13A2"));
    assert_eq!(identity.version.as_deref(), Some("61"));
    assert_eq!(identity.tile, Some((18, 9)));
    assert_eq!(identity.begin.as_deref(), Some("2025-01-17"));
    assert_eq!(identity.end.as_deref(), Some("2025-02-01"));
    assert_eq!(identity.file_name.as_deref(), Some(granule().file_name()));
    assert_eq!(identity.doi.as_deref(), Some("10.5067/MODIS/MOD13A2.061"));
    assert_eq!(identity.platforms, ["Terra"]);
    assert_eq!(identity.unreadable, None);
    let without = open(&granule().without_metadata(), &composite(16)).unwrap();
    assert_eq!(*without.identity(), Identity::default());
    assert!(without.identity().is_empty());
}

#[test]
fn each_part_of_the_metadata_that_contradicts_the_name_is_refused() {
    let wrong: [(Change, [&str; 3]); 11] = [
        (
            |says| says.short_name = Some("MYD13A2".to_owned()),
            ["product MYD13A2", "SHORTNAME", "MOD13A2"],
        ),
        (
            |says| says.version = Some("6".to_owned()),
            ["version 6", "VERSIONID", "061"],
        ),
        (
            |says| says.tile = Some((19, 9)),
            ["tile h19v09", "TILENUMBER", "h18v09"],
        ),
        (
            |says| says.tile = Some((18, 8)),
            ["tile h18v08", "TILENUMBER", "h18v09"],
        ),
        (
            |says| says.begin = Some("2024-01-17".to_owned()),
            ["first day 2024-01-17", "RANGEBEGINNINGDATE", "2025-017"],
        ),
        (
            |says| says.begin = Some("2025-01-18".to_owned()),
            ["first day 2025-01-18", "RANGEBEGINNINGDATE", "2025-01-17"],
        ),
        (
            |says| says.end = Some("2025-01-24".to_owned()),
            ["8 days", "RANGEENDINGDATE", "composites of 16 days"],
        ),
        (
            |says| {
                says.file_name = Some("MOD13A2.A2025017.h18v09.061.2024100000000.hdf".to_owned());
            },
            ["2024100000000", "LOCALGRANULEID", "2025100000000"],
        ),
        (
            |says| says.doi = Some("10.5067/MODIS/MOD13A1.061".to_owned()),
            ["MOD13A1", "identifier_product_doi", "MOD13A2.061"],
        ),
        (
            |says| says.doi = Some("10.5067/MODIS/MOD13A2.006".to_owned()),
            ["MOD13A2.006", "identifier_product_doi", "MOD13A2.061"],
        ),
        (
            |says| says.platforms = vec!["Aqua".to_owned()],
            ["satellite Aqua", "PLATFORM", "Terra (MOD)"],
        ),
    ];
    for (change, words) in wrong {
        let granule = granule().says(change);
        let message = open(&granule, &composite(16)).unwrap_err();
        for word in words.into_iter().chain([granule.file_name()]) {
            assert!(message.contains(word), "{word}: {message}");
        }
        assert!(message.len() < 500, "one clear message: {message}");
    }
}

#[test]
fn other_spellings_of_the_same_thing_pass() {
    let right: [Change; 6] = [
        |says| says.version = Some("061".to_owned()),
        |says| says.version = Some("\"61\"".to_owned()),
        |says| says.platforms = vec!["Terra".to_owned(), "Aqua".to_owned()],
        |says| says.platforms = Vec::new(),
        |says| says.doi = Some("10.9999/elsewhere".to_owned()),
        |says| says.file_name = Some("working_file_17.hdf".to_owned()),
    ];
    for change in right {
        open(&granule().says(change), &composite(16)).unwrap();
    }
}

#[test]
fn periods_are_those_of_the_file() {
    let year = product("period = \"year\"");
    let long = ("2024-01-01", "2024-12-31");
    open(&dated("2024001", long), &year).unwrap();
    let message = open(&dated("2024001", ("2024-01-01", "2024-01-16")), &year).unwrap_err();
    assert!(message.contains("as a year"), "{message}");
    let message = open(&dated("2024001", long), &composite(16)).unwrap_err();
    assert!(message.contains("366 days"), "{message}");
    // The last composite of a year reaches beyond it, or is cut short.
    for end in ["2025-12-31", "2026-01-03"] {
        open(&dated("2025353", ("2025-12-19", end)), &composite(16)).unwrap();
    }
    // Months have no one length.
    open(
        &dated("2025032", ("2025-02-01", "2025-02-28")),
        &composite(30),
    )
    .unwrap();
    // MCD43 names the ninth of its sixteen days.
    let days = ("2017-07-10", "2017-07-25");
    let albedo = ModisGranule::new(("MCD43A3", "006"), (18, 9), SIDE, "2017199", days).layer(
        "NDVI",
        numbers().into(),
        &[],
    );
    let mut product = composite(1);
    (product.short_name, product.collection) = ("MCD43A3".to_owned(), "006".to_owned());
    open(&albedo, &product).unwrap();
    let later = albedo.says(|says| says.begin = Some("2017-07-19".to_owned()));
    open(&later, &product).unwrap_err();
}

/// Numbers of each width that a quality layer may have, and the same rule read by hand.
#[test]
fn quality_layers_of_every_width_are_read() {
    let spread = |n: usize| u32::try_from(n * 2_654_435_761 % 0xFFFF_FFFF).unwrap();
    let all: Vec<u32> = (0..SIDE * SIDE).map(spread).collect();
    let narrow = |bits: u32| all.iter().map(move |n| n & (u32::MAX >> (32 - bits)));
    let to_u8 = |n: u32| u8::try_from(n).unwrap();
    let to_u16 = |n: u32| u16::try_from(n).unwrap();
    let layers: [(&str, u32, Numbers); 6] = [
        ("uint8", 8, narrow(8).map(to_u8).collect::<Vec<_>>().into()),
        (
            "int8",
            8,
            narrow(8)
                .map(|n| to_u8(n).cast_signed())
                .collect::<Vec<_>>()
                .into(),
        ),
        (
            "uint16",
            16,
            narrow(16).map(to_u16).collect::<Vec<_>>().into(),
        ),
        (
            "int16",
            16,
            narrow(16)
                .map(|n| to_u16(n).cast_signed())
                .collect::<Vec<_>>()
                .into(),
        ),
        ("uint32", 32, all.clone().into()),
        (
            "int32",
            32,
            all.iter()
                .map(|n| n.cast_signed())
                .collect::<Vec<_>>()
                .into(),
        ),
    ];
    for (name, bits, numbers) in layers {
        // The two highest bits, which only the right width holds.
        let shift = bits - 2;
        let (mask, one, two) = (3_u64 << shift, 1_u64 << shift, 2_u64 << shift);
        let product = product(&format!(
            r#"period = "composite"
            composite_days = 16
            qc = {{ sds = "QC", type = "{name}", kind = "bits", mask = {mask}, accept = [{two}, {one}] }}"#
        ));
        let granule = granule().layer("QC", numbers, &[]);
        let reader = open(&granule, &product).unwrap();
        let rule = product.quality.as_ref().unwrap().table(100);
        let mut grades = vec![9; SIDE * SIDE];
        let whole = reader.shape().whole();
        let missing = reader.read_quality(whole, &rule, &mut grades, &mut Scratch::new());
        assert_eq!(missing.unwrap(), []);
        let expected: Vec<u8> = narrow(bits)
            .map(|n| u8::from(![1, 2].contains(&(n >> shift))))
            .collect();
        assert_eq!(grades, expected, "{name}");
        assert!(expected.contains(&0) && expected.contains(&1));
        // Another width than the file has is refused.
        let message = open(
            &granule.clone(),
            &self::product(&format!(
                r#"period = "composite"
                composite_days = 16
                qc = {{ sds = "QC", type = "{}", kind = "bits", mask = 3, accept = [1] }}"#,
                if name == "uint16" { "int16" } else { "uint16" }
            )),
        )
        .unwrap_err();
        assert!(message.contains(&format!("found {name}")), "{message}");
    }
}
