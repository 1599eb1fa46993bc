//! Each zone in both epochs, and what its change is made of.

use nutag_zonal::KeyParts;

use crate::decompose::{Effects, Method, State, effects};
use crate::quantity::Quantity;
use crate::study::{OUTSIDE_ZONES, Study, TOTAL};
use crate::sums::{Sums, area_km2, divide, percent, total};
use crate::why::{Figure, Why};

/// The table of change by zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneChange {
    /// How effects were taken apart.
    pub method: Method,
    /// One row a zone, in the order of the legends, then cells outside the
    /// zones of either epoch, if there are any.
    pub rows: Vec<ZoneChangeRow>,
    /// The whole country: the sum of the rows.
    pub total: ZoneChangeRow,
    /// Relabelling cells cannot change what they hold: the totals of the
    /// zones of both epochs, from the same rasters, must agree. This is
    /// `|sum from - sum to| / |sum from|` over the named zones, from integers.
    /// It is exactly zero if no cell is outside the zones in one epoch only.
    pub identity_residual: Figure,
    /// Cells that are in a zone in one epoch and in none in the other: the
    /// only source of an identity residual.
    pub cells_outside_in_one_epoch: u64,
}

/// One zone, or the country.
///
/// Periods are the same for both epochs: "from" and "to" are the cells that
/// each map puts into the zone, seen over all periods. Totals are those of an
/// average period, in the quantity's total unit (MtC; per year for an annual
/// product). A total is density x **valid** area: the area over which the
/// density is known.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneChangeRow {
    /// Name of the zone.
    pub zone: String,
    /// Area in the first epoch, in km2.
    pub area_from_km2: f64,
    /// Area in the second epoch, in km2.
    pub area_to_km2: f64,
    /// Their difference, in km2.
    pub area_change_km2: f64,
    /// The difference in percent of the country.
    pub area_change_percent_of_country: Figure,
    /// The difference in percent of the zone in the first epoch.
    pub area_change_percent_of_zone: Figure,
    /// Area with valid values, first epoch, mean over periods, in km2.
    pub valid_area_from_km2: f64,
    /// Area with valid values, second epoch, mean over periods, in km2.
    pub valid_area_to_km2: f64,
    /// Valid area / area, first epoch.
    pub valid_fraction_from: Figure,
    /// Valid area / area, second epoch.
    pub valid_fraction_to: Figure,
    /// Area-weighted mean density in the zone of the first epoch.
    pub density_from: Figure,
    /// Area-weighted mean density in the zone of the second epoch.
    pub density_to: Figure,
    /// Total in the zone of the first epoch.
    pub total_from: f64,
    /// Total in the zone of the second epoch.
    pub total_to: f64,
    /// Their difference.
    pub total_change: f64,
    /// Change of valid area x density of the first epoch: the published
    /// method with the areas that match. It says what would change if each
    /// cell took the mean of its new zone; it is no observed change.
    pub change_at_fixed_density: f64,
    /// Part of `total_change` that goes with area.
    pub area_effect: Figure,
    /// Part of `total_change` that goes with density.
    pub density_effect: Figure,
    /// Part that goes with both; zero but for Laspeyres.
    pub interaction_effect: Figure,
}

/// Where a row finds its cells in one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The legend of this epoch does not have the zone.
    Absent,
    /// Zone of this index; `None` for outside.
    Zone(Option<u16>),
}

impl Place {
    fn of(name: &str, zones: &[String]) -> Self {
        (0..)
            .zip(zones)
            .find(|(_, zone)| *zone == name)
            .map_or(Self::Absent, |(index, _)| Self::Zone(Some(index)))
    }

    fn holds(self, zone: Option<u16>) -> bool {
        self == Self::Zone(zone)
    }
}

/// Makes the table of change by zone.
#[must_use]
pub fn zone_change(study: &Study<'_>, method: Method) -> ZoneChange {
    let in_country = |parts: KeyParts| parts.region.is_some();
    let country = Sums::over(study, in_country);
    let mut rows = Vec::new();
    let mut zones = [Sums::default(); 2];
    for (name, from, to) in places(study) {
        let sums = [
            Sums::over(study, |p| in_country(p) && from.holds(p.zone_from)),
            Sums::over(study, |p| in_country(p) && to.holds(p.zone_to)),
        ];
        if name != OUTSIDE_ZONES {
            zones[0].sum_raw_cm2 += sums[0].sum_raw_cm2;
            zones[1].sum_raw_cm2 += sums[1].sum_raw_cm2;
        } else if sums.iter().all(|sums| sums.cells == 0) {
            continue;
        }
        rows.push(row(name, &sums, &country, study.quantity(), method));
    }
    let mut total = row(TOTAL, &[country; 2], &country, study.quantity(), method);
    sum_effects(&mut total, &rows);
    let residual = (zones[0].sum_raw_cm2 - zones[1].sum_raw_cm2).abs();
    let one_epoch = |p: KeyParts| in_country(p) && p.zone_from.is_some() != p.zone_to.is_some();
    ZoneChange {
        method,
        rows,
        total,
        identity_residual: divide(residual, zones[0].sum_raw_cm2.abs()).ok_or(Why::ZeroTotal),
        cells_outside_in_one_epoch: Sums::over(study, one_epoch).cells,
    }
}

/// Zones of both legends by name, and "outside".
fn places<'a>(study: &Study<'a>) -> Vec<(&'a str, Place, Place)> {
    let (from, to) = (&study.names().from.zones, &study.names().to.zones);
    let only_later = to.iter().filter(|zone| !from.contains(zone));
    let named = from.iter().chain(only_later);
    named
        .map(|zone| (zone.as_str(), Place::of(zone, from), Place::of(zone, to)))
        .chain([(OUTSIDE_ZONES, Place::Zone(None), Place::Zone(None))])
        .collect()
}

fn row(
    name: &str,
    [from, to]: &[Sums; 2],
    country: &Sums,
    quantity: &Quantity,
    method: Method,
) -> ZoneChangeRow {
    let change_cm2 = to.area_cm2 - from.area_cm2;
    let valid_change = Sums {
        valid_area_cm2: to.valid_area_cm2 - from.valid_area_cm2,
        ..*country
    };
    let state = State {
        areas_km2: [from.valid_area_km2(), to.valid_area_km2()],
        area_change_km2: valid_change.valid_area_km2(),
        densities: [from.density(quantity), to.density(quantity)],
    };
    let per_total = f64::from(quantity.sums_per_total);
    let parts = effects(method, &state);
    let part = |pick: fn(&Effects) -> f64| {
        parts
            .as_ref()
            .map(|e| pick(e) / per_total)
            .map_err(|why| *why)
    };
    ZoneChangeRow {
        zone: name.to_owned(),
        area_from_km2: from.area_km2(),
        area_to_km2: to.area_km2(),
        area_change_km2: area_km2(change_cm2),
        area_change_percent_of_country: percent(change_cm2, country.area_cm2),
        area_change_percent_of_zone: percent(change_cm2, from.area_cm2),
        valid_area_from_km2: state.areas_km2[0],
        valid_area_to_km2: state.areas_km2[1],
        valid_fraction_from: from.valid_fraction(),
        valid_fraction_to: to.valid_fraction(),
        density_from: state.densities[0],
        density_to: state.densities[1],
        total_from: from.total(quantity),
        total_to: to.total(quantity),
        total_change: total(to.sum_raw_cm2 - from.sum_raw_cm2, country.periods, quantity),
        change_at_fixed_density: state.area_change_km2 * state.completed_densities()[0] / per_total,
        area_effect: part(|e| e.area),
        density_effect: part(|e| e.density),
        interaction_effect: part(|e| e.interaction),
    }
}

/// Effects of the country are the sums of the effects of its zones: they say
/// how the total would change by zone, and are not those of one large zone.
fn sum_effects(total: &mut ZoneChangeRow, rows: &[ZoneChangeRow]) {
    total.change_at_fixed_density = rows.iter().map(|row| row.change_at_fixed_density).sum();
    let sum = |pick: fn(&ZoneChangeRow) -> Figure| rows.iter().map(pick).sum::<Figure>();
    total.area_effect = sum(|row| row.area_effect);
    total.density_effect = sum(|row| row.density_effect);
    total.interaction_effect = sum(|row| row.interaction_effect);
}
