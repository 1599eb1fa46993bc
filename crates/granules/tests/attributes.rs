//! Attributes of files against products and quality rules.

use nutag_granules::product::{Product, ProductSpec, Quality, StoredAttributes, named};

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

fn quality(section: &str) -> Result<Quality, String> {
    let start = NDVI.find("qc = ").unwrap();
    let end = start + NDVI[start..].find('\n').unwrap();
    let toml = format!("{}{section}{}", &NDVI[..start], &NDVI[end..]);
    build(&toml).map(|product| product.quality.unwrap())
}

#[test]
fn the_attributes_of_a_quality_layer_are_held_to_its_rule() {
    let fill = |fill: f64, valid_range: Option<(f64, f64)>| StoredAttributes {
        fill_value: Some(fill),
        valid_range,
        ..StoredAttributes::default()
    };
    let rule =
        quality(r#"qc = { sds = "q", type = "uint16", kind = "bits", mask = 1, accept = [1] }"#)
            .unwrap();
    let conflict = rule.check_attributes(&fill(65_535.0, None), "X.061");
    assert_eq!(conflict.unwrap_err().attribute, "_FillValue");
    // MOD11 fills with 0, which its range declares to be a good number too.
    let other = fill(65_535.0, Some((0.0, 65_535.0)));
    assert_eq!(rule.check_attributes(&other, "X.061"), Ok(()));
    assert_eq!(
        rule.check_attributes(&fill(65_534.0, None), "X.061"),
        Ok(())
    );
    let percent = named("MOD17A3HGF.061").unwrap().quality.unwrap();
    assert_eq!(
        percent.check_attributes(&fill(255.0, None), "X.061"),
        Ok(())
    );
    assert!(
        percent
            .check_attributes(&fill(100.0, None), "X.061")
            .is_err()
    );
    let scaled = StoredAttributes {
        scale_factor: Some(0.1),
        ..StoredAttributes::default()
    };
    let conflict = percent.check_attributes(&scaled, "X.061").unwrap_err();
    assert_eq!(conflict.attribute, "scale_factor");
}

#[test]
fn a_scale_is_compared_in_its_direction() {
    for (name, stored, asked, direction, agrees) in [
        // MOD13 stores 10000, which divides; a catalogue may give the factor itself.
        ("MOD13A2", 10_000.0, 10_000.0, "divide", true),
        ("MOD13A2", 10_000.0, 0.0001, "multiply", true),
        ("MOD13A2", 10_000.0, 0.0001, "divide", false),
        ("MOD13A2", 10_000.0, 10_000.0, "multiply", false),
        ("MOD13A2", 100.0, 100.0, "divide", true),
        ("MOD13A2", 100.0, 100.0, "multiply", false),
        ("MOD13A2", 0.0001, 0.0001, "multiply", true),
        ("MOD13A2", 0.0001, 0.0001, "divide", false),
        ("MOD17A2H", 0.0001, 0.0001, "multiply", true),
        ("MOD17A2H", 0.0001, 0.0001, "divide", false),
        ("MOD17A2H", 0.0001, 10_000.0, "divide", true),
        ("MOD17A2H", 0.0001, 10_000.0, "multiply", false),
        ("MOD11A2", 0.02, 0.02, "multiply", true),
        ("MOD11A2", 0.02, 0.02, "divide", false),
        ("MOD11A2", 0.02, 50.0, "multiply", false),
        ("MOD09GA", 10_000.0, 10_000.0, "divide", true),
        ("MOD09GA", 10_000.0, 10_000.0, "multiply", false),
        // The range of MOD09GA stores 25, which multiplies: both are known of that family.
        ("MOD09GA", 25.0, 25.0, "multiply", true),
        ("MOD09GA", 25.0, 0.04, "divide", false),
        ("MCD12Q1", 1.0, 1.0, "multiply", true),
        ("MCD12Q1", 1.0, 1.0, "divide", true),
        ("MCD12Q1", 0.0, 1.0, "divide", false),
    ] {
        let toml = NDVI
            .replace("\"MOD13A2\"", &format!("\"{name}\""))
            .replace("scale = 10000", &format!("scale = {asked:?}"))
            .replace("\"divide\"", &format!("\"{direction}\""));
        let attributes = StoredAttributes {
            scale_factor: Some(stored),
            ..StoredAttributes::default()
        };
        let checked = build(&toml).unwrap().check_attributes(&attributes);
        assert_eq!(
            checked.is_ok(),
            agrees,
            "{name}: {stored} as {asked} {direction}: {checked:?}"
        );
        if let Err(conflict) = checked {
            let message = conflict.to_string();
            let words = [
                "`scale_factor` is",
                &format!("scale = {stored}"),
                "scale_direction = ",
            ];
            for word in words {
                assert!(message.contains(word), "{word}: {message}");
            }
        }
    }
}

#[test]
fn a_range_that_is_cut_must_be_said() {
    let stored = StoredAttributes {
        fill_value: Some(-3000.0),
        valid_range: Some((-2000.0, 10_000.0)),
        ..StoredAttributes::default()
    };
    let cut = NDVI.replace("[-2000, 10000]", "[0, 1000]");
    let conflict = build(&cut).unwrap().check_attributes(&stored).unwrap_err();
    assert_eq!(conflict.attribute, "valid_range");
    assert!(
        conflict
            .to_string()
            .contains("valid_range_in_file = [-2000, 10000]"),
        "{conflict}"
    );
    let said = cut.replace(
        "offset = 0",
        "offset = 0\nvalid_range_in_file = [-2000, 10000]",
    );
    let product = build(&said).unwrap();
    assert_eq!(product.check_attributes(&stored), Ok(()));
    // What was said of the file must be so.
    let wider = StoredAttributes {
        valid_range: Some((-2000.0, 20_000.0)),
        ..stored
    };
    assert!(product.check_attributes(&wider).is_err());
    // Fill codes inside the declared range are explained.
    let to_fill = StoredAttributes {
        valid_range: Some((-2000.0, 10_001.0)),
        fill_value: Some(10_001.0),
        ..stored
    };
    let filled = NDVI.replace("code = -3000", "code = 10001");
    let product = build(&filled).unwrap();
    assert_eq!(product.check_attributes(&to_fill), Ok(()));
    // A fill value that nobody named would be counted under another reason.
    let unnamed = StoredAttributes {
        fill_value: Some(-32_768.0),
        ..stored
    };
    let conflict = build(NDVI).unwrap().check_attributes(&unnamed).unwrap_err();
    assert_eq!(conflict.attribute, "_FillValue");
    assert!(conflict.to_string().contains("-3000"), "{conflict}");
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
