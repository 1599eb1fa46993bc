//! How systems speak to each other.

use std::collections::BTreeMap;

use nutag_frame::Place;

/// Numbers by region, zone and year, with the area that they hold for.
#[derive(Debug, Clone, PartialEq)]
pub struct Yearly {
    /// Their name, such as `npp`.
    pub name: &'static str,
    /// Their unit: of a sum over the area, such as `tC`.
    pub unit: String,
    /// Which zone map the zones are of, by index; `None` where there is no map.
    pub map: Option<usize>,
    /// The calendar years, in order.
    pub years: Vec<u16>,
    /// By place, one number a year: the country, each region, and each zone of a region. `None`
    /// where there is no value. Places without a value in any year are left out.
    pub by_place: BTreeMap<Place, Vec<Option<f64>>>,
    /// By the same places, the area that has values, in km2, one a year.
    pub area_km2: BTreeMap<Place, Vec<f64>>,
}
