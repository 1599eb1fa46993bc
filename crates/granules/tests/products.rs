//! Products: tables, attributes, and [product] sections.

use nutag_granules::product::{
    NAMED_PRODUCTS, OUT_OF_RANGE, PeriodKind, Product, ProductSpec, Ratio, SampleType,
    StoredAttributes, named,
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
fn percentages_and_bits_are_told_apart() {
    let percent = named("MOD17A3HGF.061").unwrap().quality.unwrap().table(60);
    assert_eq!(percent.reasons, ["quality", "quality_unknown"]);
    assert_eq!(
        (
            percent.classes[60],
            percent.classes[61],
            percent.classes[100]
        ),
        (0, 1, 1)
    );
    assert_eq!(
        (
            percent.classes[101],
            percent.classes[249],
            percent.classes[255]
        ),
        (2, 2, 2)
    );
    // The same SDS name in MOD17A3H.006 holds bits; 60 per cent would mean nothing there.
    let bits = named("MOD17A3H.006").unwrap().quality.unwrap().table(60);
    assert_eq!(
        (
            bits.classes[0],
            bits.classes[60],
            bits.classes[61],
            bits.classes[255]
        ),
        (0, 0, 1, 1)
    );
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
    let quality = product.quality.unwrap().table(100);
    assert_eq!(
        (
            quality.classes[0],
            quality.classes[1],
            quality.classes[2],
            quality.classes[255]
        ),
        (0, 0, 1, 1)
    );

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
        ("type = \"int8\"", "type = \"int16\"", "qc.type"),
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

#[test]
fn attributes_that_agree_or_say_less_pass() {
    let npp = named("MOD17A3HGF.061").unwrap();
    let usual = StoredAttributes {
        scale_factor: Some(0.0001),
        add_offset: Some(0.0),
        fill_value: Some(32_767.0),
        valid_range: Some((-30_000.0, 32_700.0)),
    };
    assert_eq!(npp.check_attributes(&usual), Ok(()));
    assert_eq!(npp.check_attributes(&StoredAttributes::default()), Ok(()));
    let single = StoredAttributes {
        scale_factor: Some(f64::from(0.0001_f32)),
        ..usual
    };
    assert_eq!(npp.check_attributes(&single), Ok(()));
    // Some files count the fill codes as valid.
    let wide = StoredAttributes {
        valid_range: Some((-30_000.0, 32_767.0)),
        ..usual
    };
    assert_eq!(npp.check_attributes(&wide), Ok(()));

    let ndvi = build(NDVI).unwrap();
    let stored = StoredAttributes {
        scale_factor: Some(10_000.0),
        fill_value: Some(-3000.0),
        valid_range: Some((-2000.0, 10_000.0)),
        add_offset: Some(0.0),
    };
    assert_eq!(ndvi.check_attributes(&stored), Ok(()));
    // Catalogues write the reciprocal; the direction is the product's.
    assert_eq!(
        ndvi.check_attributes(&StoredAttributes {
            scale_factor: Some(0.0001),
            ..stored
        }),
        Ok(())
    );
}

#[test]
fn attributes_that_contradict_are_named() {
    let npp = named("MOD17A3HGF.061").unwrap();
    let conflict = |stored: StoredAttributes| npp.check_attributes(&stored).unwrap_err().attribute;
    let none = StoredAttributes::default();
    assert_eq!(
        conflict(StoredAttributes {
            scale_factor: Some(0.1),
            ..none
        }),
        "scale_factor"
    );
    assert_eq!(
        conflict(StoredAttributes {
            scale_factor: Some(f64::NAN),
            ..none
        }),
        "scale_factor"
    );
    assert_eq!(
        conflict(StoredAttributes {
            add_offset: Some(273.0),
            ..none
        }),
        "add_offset"
    );
    assert_eq!(
        conflict(StoredAttributes {
            fill_value: Some(0.0),
            ..none
        }),
        "_FillValue"
    );
    assert_eq!(
        conflict(StoredAttributes {
            valid_range: Some((0.0, 65_500.0)),
            ..none
        }),
        "valid_range"
    );
    let error = npp
        .check_attributes(&StoredAttributes {
            scale_factor: Some(0.1),
            ..none
        })
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("MOD17A3HGF.061") && error.contains("0.1") && error.contains("0.0001"),
        "{error}"
    );
}
