//! The annual MOD17 products.
//!
//! Sources: Running and Zhao, *User's Guide, Daily GPP and Annual NPP Products, Collection 6 and 6.1*
//! (LP DAAC); the DOI pages 10.5067/MODIS/MOD17A3HGF.061, MOD17A3HGF.006 and MOD17A3H.006; the file
//! specification of MYD17A3HGF (LADSWEB); for collection 055 the catalogue entry MODIS/055/MOD17A3 of Earth
//! Engine, whose fill codes are given there as a block without the order, which is taken from the later
//! collections.

use super::{
    FillCode, PeriodKind, Product, Quality, QualityKind, QualityType, Ratio, SampleType,
    ScaleDirection,
};

/// Ids of the products that [`named`] knows.
pub const NAMED_PRODUCTS: [&str; 4] = [
    "MOD17A3HGF.061",
    "MOD17A3HGF.006",
    "MOD17A3H.006",
    "MOD17A3.055",
];

/// Reasons of the seven MOD17 fill codes, from the highest code down.
const MOD17_REASONS: [&str; 7] = [
    "fill",
    "water",
    "barren",
    "snow_ice",
    "wetland",
    "urban",
    "unclassified",
];

/// A product by its id, such as `MOD17A3HGF.061`; `None` if it is not one of [`NAMED_PRODUCTS`].
#[must_use]
pub fn named(id: &str) -> Option<Product> {
    let percent = |name: &str| Quality {
        sds: name.to_owned(),
        number_type: QualityType::Uint8,
        fill: fill_block(255),
        kind: QualityKind::Percent,
    };
    let product = match id {
        "MOD17A3HGF.061" => annual_500_m("MOD17A3HGF", "061", Some(percent("Npp_QC_500m"))),
        "MOD17A3HGF.006" => annual_500_m("MOD17A3HGF", "006", Some(percent("Npp_QC_500m"))),
        // Not gap-filled. Its Npp_QC_500m is a bit field after MOD15 and no percentage: which of its bits
        // decide is a choice that only a [product] section can say.
        "MOD17A3H.006" => annual_500_m("MOD17A3H", "006", None),
        "MOD17A3.055" => Product {
            short_name: "MOD17A3".to_owned(),
            collection: "055".to_owned(),
            sds: "Npp_1km".to_owned(),
            sample_type: SampleType::U16,
            valid_range: (0, 65_500),
            fill: fill_block(65_535),
            quality: Some(percent("Gpp_Npp_QC_1km")),
            cells_per_side: 1200,
            ..annual_500_m("", "", None)
        },
        _ => return None,
    };
    Some(product)
}

fn annual_500_m(short_name: &str, collection: &str, quality: Option<Quality>) -> Product {
    Product {
        short_name: short_name.to_owned(),
        collection: collection.to_owned(),
        sds: "Npp_500m".to_owned(),
        sample_type: SampleType::I16,
        stored_scale: 0.0001,
        scale_direction: ScaleDirection::Multiply,
        scale: Ratio {
            numerator: 1,
            denominator: 10_000,
        },
        offset: Ratio::ZERO,
        unit: "kgC m-2".to_owned(),
        quantity: "NPP".to_owned(),
        // Not `> 0`: annual NPP can be negative since collection 6.
        valid_range: (-30_000, 32_700),
        range_in_file: None,
        fill: fill_block(32_767),
        quality,
        cells_per_side: 2400,
        period: PeriodKind::Year,
    }
}

/// The seven codes that end with `highest`.
fn fill_block(highest: i32) -> Vec<FillCode> {
    let code = |(below, reason): (i32, &&str)| FillCode {
        code: highest - below,
        reason: (*reason).to_owned(),
    };
    (0..).zip(&MOD17_REASONS).map(code).collect()
}
