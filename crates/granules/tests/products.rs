//! Products: tables, attributes, and [product] sections.

use nutag_granules::product::{
    NAMED_PRODUCTS, OUT_OF_RANGE, PeriodKind, Product, ProductSpec, Quality, QualityTable, Ratio,
    SampleType, named,
};

const NDVI: &str = r#"
name = "MOD13A2"
collection = "061"
sds = "1 km 16 days NDVI"
type = "int16"
scale = 10000
scale_direction = "divide"
offset = 0
unit = "1"
quantity = "NDVI"
valid_range = [-2000, 10000]
fill = [{ code = -3000, reason = "fill" }]
qc = { sds = "1 km 16 days pixel reliability", type = "int8", kind = "bits", mask = 255, accept = [0, 1] }
cells_per_tile = 1200
period = "composite"
composite_days = 16
"#;

fn build(toml: &str) -> Result<Product, String> {
    let spec: ProductSpec = toml::from_str(toml).map_err(|error| error.to_string())?;
    spec.build().map_err(|error| error.to_string())
}

fn reason_of(product: &Product, raw: i32) -> Option<String> {
    let table = product.class_table();
    let bits = if product.sample_type.is_signed() {
        i16::try_from(raw).unwrap().cast_unsigned()
    } else {
        u16::try_from(raw).unwrap()
    };
    match table.classes[usize::from(bits)] {
        0 => None,
        class => Some(table.reasons[usize::from(class) - 1].clone()),
    }
}

#[test]
fn the_seven_codes_of_mod17_have_their_reasons() {
    let product = named("MOD17A3HGF.061").unwrap();
    let table = product.class_table();
    let expected = [
        "fill",
        "water",
        "barren",
        "snow_ice",
        "wetland",
        "urban",
        "unclassified",
        OUT_OF_RANGE,
    ];
    assert_eq!(table.reasons, expected);
    assert_eq!(table.classes.len(), 65_536);
    for (code, reason) in (0..7).map(|below| 32_767 - below).zip(expected) {
        assert_eq!(reason_of(&product, code).as_deref(), Some(reason));
    }
    for raw in [-30_000, -1, 0, 1, 32_700] {
        assert_eq!(reason_of(&product, raw), None, "{raw}: NPP can be negative");
    }
    for raw in [-30_001, i32::from(i16::MIN), 32_701, 32_760] {
        assert_eq!(
            reason_of(&product, raw).as_deref(),
            Some(OUT_OF_RANGE),
            "{raw}"
        );
    }
    let valid = table.classes.iter().filter(|&&class| class == 0).count();
    assert_eq!(valid, 62_701);
}

#[test]
fn collection_055_is_unsigned_and_1_km() {
    let product = named("MOD17A3.055").unwrap();
    assert_eq!(
        (product.sample_type, product.cells_per_side),
        (SampleType::U16, 1200)
    );
    // The netCDF default fill of a missing chunk lies inside the range: it must be reported, not classified.
    assert_eq!(reason_of(&product, 0x8001), None);
    assert_eq!(reason_of(&product, 65_533).as_deref(), Some("barren"));
    assert_eq!(reason_of(&product, 65_529).as_deref(), Some("unclassified"));
    assert_eq!(reason_of(&product, 65_501).as_deref(), Some(OUT_OF_RANGE));
}

#[test]
fn every_named_product_is_known_by_its_id() {
    for id in NAMED_PRODUCTS {
        let product = named(id).unwrap();
        assert_eq!(product.id(), id);
        assert_eq!(
            product.scale,
            Ratio {
                numerator: 1,
                denominator: 10_000
            }
        );
        assert_eq!(product.value(1155), 0.1155);
    }
    assert_eq!(named("MOD17A3HGF.61"), None);
}

#[test]
fn a_limit_is_of_percentages() {
    let table = named("MOD17A3HGF.061").unwrap().quality.unwrap().table(60);
    let grades = [0, 60, 61, 100, 101, 249, 255].map(|number| table.grade(number));
    assert_eq!(grades, [0, 0, 1, 1, 2, 2, 2]);
    assert_eq!(QualityTable::REASONS, ["quality", "quality_unknown"]);
    assert_eq!(
        table.words(),
        "\"Npp_QC_500m\", per cent: cells above 60 do not count"
    );
    // The same SDS name in MOD17A3H.006 holds bits: a limit would mean nothing there.
    assert_eq!(named("MOD17A3H.006").unwrap().quality, None);
}

#[test]
fn a_section_describes_any_layer() {
    let product = build(NDVI).unwrap();
    assert_eq!(product.id(), "MOD13A2.061");
    assert_eq!(
        product.scale,
        Ratio {
            numerator: 1,
            denominator: 10_000
        }
    );
    assert_eq!(product.period, PeriodKind::Composite { days: 16 });
    assert_eq!(product.value(-2000), -0.2);
    assert_eq!(reason_of(&product, -3000).as_deref(), Some("fill"));
    assert_eq!(reason_of(&product, -2001).as_deref(), Some(OUT_OF_RANGE));
    // -1 of int8, which the layer is filled with, is the pattern 255.
    let quality = product.quality.unwrap().table(100);
    let grades = [0, 1, 2, 255].map(|number| quality.grade(number));
    assert_eq!(grades, [0, 0, 1, 1]);

    // Surface temperature: 0.02 multiplies; emissivity: 0.002 and an offset of 0.49 that is added.
    let emissivity = NDVI
        .replace("scale = 10000", "scale = 0.002")
        .replace("\"divide\"", "\"multiply\"")
        .replace("offset = 0", "offset = 0.49")
        .replace("\"int16\"", "\"uint8\"")
        .replace("[-2000, 10000]", "[1, 255]")
        .replace("code = -3000", "code = 0");
    let product = build(&emissivity).unwrap();
    assert_eq!((product.value(1), product.value(255)), (0.492, 1.0));
    assert_eq!(reason_of(&product, 0).as_deref(), Some("fill"));
    assert_eq!(
        reason_of(&product, 256).as_deref(),
        Some(OUT_OF_RANGE),
        "no such 8-bit number"
    );
}

#[test]
fn a_section_survives_being_written_and_read() {
    let spec: ProductSpec = toml::from_str(NDVI).unwrap();
    let again: ProductSpec = toml::from_str(&toml::to_string(&spec).unwrap()).unwrap();
    assert_eq!(spec, again);
}

#[test]
fn sections_that_cannot_be_right_name_the_key() {
    for (from, to, key) in [
        ("collection = \"061\"", "collection = \"61\"", "collection"),
        ("name = \"MOD13A2\"", "name = \"MOD13A2.061\"", "name"),
        ("scale = 10000", "scale = 0", "scale"),
        ("scale = 10000", "scale = nan", "scale"),
        ("offset = 0", "offset = inf", "offset"),
        ("[-2000, 10000]", "[10000, -2000]", "valid_range"),
        ("[-2000, 10000]", "[-2000, 40000]", "valid_range"),
        ("code = -3000", "code = 65535", "fill"),
        ("reason = \"fill\"", "reason = \"No data\"", "fill"),
        ("reason = \"fill\"", "reason = \"out_of_range\"", "fill"),
        (
            "fill = [{ code = -3000",
            "fill = [{ code = -3000, reason = \"a\" }, { code = -3000",
            "fill",
        ),
        ("composite_days = 16", "", "composite_days"),
        (
            "period = \"composite\"",
            "period = \"year\"",
            "composite_days",
        ),
        (
            "cells_per_tile = 1200",
            "cells_per_tile = 0",
            "cells_per_tile",
        ),
        (
            "type = \"int8\", kind = \"bits\", mask = 255, accept = [0, 1]",
            "type = \"uint32\", kind = \"percent\"",
            "qc.type",
        ),
        ("type = \"int8\"", "type = \"float32\"", "float32"),
        ("mask = 255", "mask = 256", "qc.mask"),
        ("mask = 255", "mask = 0", "qc.mask"),
        (
            "offset = 0",
            "offset = 0\nvalid_range_in_file = [-2000, 10000]",
            "valid_range_in_file",
        ),
        (
            "offset = 0",
            "offset = 0\nvalid_range_in_file = [0, 20000]",
            "valid_range_in_file",
        ),
        ("mask = 255", "mask = 1", "qc.accept"),
        ("mask = 255, ", "", "qc.mask"),
        ("kind = \"bits\"", "kind = \"percent\"", "qc"),
        ("quantity = \"NDVI\"", "quantiti = \"NDVI\"", "quantiti"),
        ("offset = 0", "", "offset"),
        ("\"divide\"", "\"times\"", "times"),
    ] {
        // `accept = [0, 1]` does not fit mask 1 only if a value has another bit.
        let toml = NDVI.replacen(from, to, 1).replace(
            "accept = [0, 1]",
            if key == "qc.accept" {
                "accept = [2]"
            } else {
                "accept = [0, 1]"
            },
        );
        assert_ne!(toml, NDVI, "{from}");
        let error = build(&toml).unwrap_err();
        assert!(error.contains(key), "{from} -> {to}: {error}");
    }
}

fn quality(section: &str) -> Result<Quality, String> {
    let start = NDVI.find("qc = ").unwrap();
    let end = start + NDVI[start..].find('\n').unwrap();
    let toml = format!("{}{section}{}", &NDVI[..start], &NDVI[end..]);
    build(&toml).map(|product| product.quality.unwrap())
}

#[test]
fn a_rule_on_bits_is_of_any_width_and_not_shifted() {
    // VI quality: bits 2 to 5 are the usefulness, bit 15 is shadow.
    let usefulness = quality(
        r#"qc = { sds = "VI Quality", type = "uint16", kind = "bits", mask = 0b111100, accept = [0b000000, 0b000100, 0b001000], fill = [{ code = 65535, reason = "fill" }] }"#,
    )
    .unwrap();
    let table = usefulness.table(100);
    for number in 0..=0xFFFF_u32 {
        let expected = if number == 0xFFFF {
            QualityTable::UNKNOWN
        } else {
            u8::from((number >> 2) & 15 > 2)
        };
        assert_eq!(table.grade(number), expected, "{number}");
    }
    assert_eq!(
        table.words(),
        "\"VI Quality\", bits: a cell counts if its number AND 60 (0b111100) is 0 or 4 or 8"
    );
    // The quality of reflectance: bits 2 to 5 of band 1 among 32.
    let band = quality(
        r#"qc = { sds = "QC_500m_1", type = "uint32", kind = "bits", mask = 0xC000003C, accept = [0x40000000, 0x40000020], fill = [{ code = 787410671, reason = "fill" }] }"#,
    )
    .unwrap()
    .table(100);
    let grades =
        [0x4000_0000, 0x7FFF_FFE3, 0x4000_0004, 0, 787_410_671].map(|number| band.grade(number));
    assert_eq!(grades, [0, 0, 1, 1, 2]);
    let signed = quality(
        r#"qc = { sds = "q", type = "int16", kind = "bits", mask = 0x8000, accept = [0], fill = [{ code = -5, reason = "x" }] }"#,
    )
    .unwrap()
    .table(100);
    let grades = [-1_i16, -5, 5].map(|number| signed.grade(u32::from(number.cast_unsigned())));
    assert_eq!(grades, [1, 2, 0]);
}

#[test]
fn rules_on_bits_that_do_nothing_or_mean_another_number_are_refused() {
    let refused = |rule: &str| {
        let section = format!(r#"qc = {{ sds = "q", type = "uint8", kind = "bits", {rule} }}"#);
        quality(&section).unwrap_err()
    };
    let shifted = refused("mask = 0b1100, accept = [0, 1]");
    assert!(shifted.contains("not shifted: write 4 for 1"), "{shifted}");
    let all = refused("mask = 0b1100, accept = [0, 4, 8, 12]");
    assert!(all.contains("leaves nothing out"), "{all}");
    let twice = refused("mask = 0b1100, accept = [4, 4]");
    assert!(twice.contains("4 twice"), "{twice}");
    let none = refused("mask = 0b1100");
    assert!(none.contains("at least one"), "{none}");
}
