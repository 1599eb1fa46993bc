//! From each zone of the first epoch to each zone of the second.

use nutag_zonal::KeyParts;

use crate::quantity::Quantity;
use crate::study::{OUTSIDE_ZONES, Study};
use crate::sums::{Sums, area_km2, divide};
use crate::why::{Figure, Why};

/// The matrix of transitions, and what moved which way.
#[derive(Debug, Clone, PartialEq)]
pub struct Transitions {
    /// Every pair of zones, by zone of the first epoch, then of the second;
    /// also pairs without a cell. "Outside" is there if it has cells.
    pub pairs: Vec<Transition>,
    /// Areas by direction.
    pub movement: Movement,
}

/// Cells that were in one zone and are in another, or the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// Zone of the first epoch.
    pub from: String,
    /// Zone of the second epoch.
    pub to: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Number of cells.
    pub cells: u64,
    /// Area in km2.
    pub area_km2: f64,
    /// Area with valid values, mean over periods, in km2.
    pub valid_area_km2: f64,
    /// Total of an average period, in the quantity's total unit.
    pub total: f64,
    /// Area-weighted mean density over valid area and all periods.
    pub density: Figure,
    /// How far changed cells behave like their new zone:
    /// `(n_ij - g_i) / (g_j - g_i)`, where `n_ij` is the density of these
    /// cells and `g` the density of cells that stayed in their zone. Near 0
    /// they behave like the zone they left, near 1 like the one they joined;
    /// it says whether the fixed-density method may be used at all.
    pub lambda: Figure,
}

/// Which way a transition goes; a legend lists its zones from the least to
/// the most permafrost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The zone did not change.
    Stable,
    /// To a zone with more permafrost.
    Upgrade,
    /// To a zone with less permafrost.
    Downgrade,
    /// Into or out of the zones.
    Outside,
    /// To another zone, where the two epochs do not have the same zones in
    /// the same order.
    Unordered,
}

/// Areas by direction.
///
/// Permafrost that has come back within decades is more likely an error of
/// the maps than an event, and errors go both ways. So upgrade / downgrade is
/// a lower bound of the share of label noise in what looks like degradation.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    /// Area that kept its zone, in km2.
    pub stable_area_km2: f64,
    /// Area that moved to more permafrost, in km2.
    pub upgrade_area_km2: Figure,
    /// Area that moved to less permafrost, in km2.
    pub downgrade_area_km2: Figure,
    /// Upgrade / downgrade: the lower bound of label noise.
    pub label_noise: Figure,
}

/// Makes the matrix of transitions, over the whole country.
#[must_use]
pub fn transitions(study: &Study<'_>) -> Transitions {
    let names = study.names();
    let ordered = names.from.zones == names.to.zones;
    let from_places = with_outside(&names.from.zones);
    let to_places = with_outside(&names.to.zones);
    let sums_of = |choose: &dyn Fn(KeyParts) -> bool| {
        Sums::over(study, |parts| parts.region.is_some() && choose(parts))
    };
    let outside_from = sums_of(&|parts| parts.zone_from.is_none()).cells > 0;
    let outside_to = sums_of(&|parts| parts.zone_to.is_none()).cells > 0;

    let stable_sums = |zone: &str| {
        let index_in = |zones: &[String]| {
            (0_u16..)
                .zip(zones)
                .find(|(_, z)| *z == zone)
                .map(|(i, _)| i)
        };
        match (index_in(&names.from.zones), index_in(&names.to.zones)) {
            (Some(i), Some(j)) => {
                sums_of(&|parts| parts.zone_from == Some(i) && parts.zone_to == Some(j))
            }
            _ => Sums::default(),
        }
    };

    let mut pairs = Vec::new();
    let mut areas_cm2 = [0_i128; 3];
    for &(from_index, from) in from_places
        .iter()
        .filter(|(i, _)| i.is_some() || outside_from)
    {
        for &(to_index, to) in to_places.iter().filter(|(i, _)| i.is_some() || outside_to) {
            let sums = sums_of(&|parts| parts.zone_from == from_index && parts.zone_to == to_index);
            let direction = match (from_index, to_index) {
                (None, _) | (_, None) => Direction::Outside,
                _ if from == to => Direction::Stable,
                _ if !ordered => Direction::Unordered,
                (Some(i), Some(j)) if j > i => Direction::Upgrade,
                _ => Direction::Downgrade,
            };
            match direction {
                Direction::Stable => areas_cm2[0] += sums.area_cm2,
                Direction::Upgrade => areas_cm2[1] += sums.area_cm2,
                Direction::Downgrade => areas_cm2[2] += sums.area_cm2,
                Direction::Outside | Direction::Unordered => {}
            }
            let stable = [stable_sums(from), stable_sums(to)];
            pairs.push(Transition {
                from: from.to_owned(),
                to: to.to_owned(),
                direction,
                cells: sums.cells,
                area_km2: sums.area_km2(),
                valid_area_km2: sums.valid_area_km2(),
                total: sums.total(study.quantity()),
                density: sums.density(study.quantity()),
                lambda: lambda(direction, &sums, &stable, study.quantity()),
            });
        }
    }
    Transitions {
        pairs,
        movement: movement(areas_cm2, ordered),
    }
}

fn with_outside(zones: &[String]) -> Vec<(Option<u16>, &str)> {
    let named = (0_u16..)
        .zip(zones)
        .map(|(index, zone)| (Some(index), zone.as_str()));
    named.chain([(None, OUTSIDE_ZONES)]).collect()
}

fn lambda(direction: Direction, changed: &Sums, stable: &[Sums; 2], quantity: &Quantity) -> Figure {
    match direction {
        Direction::Stable => return Err(Why::Unchanged),
        Direction::Outside => return Err(Why::Outside),
        Direction::Upgrade | Direction::Downgrade | Direction::Unordered => {}
    }
    let n_ij = changed.density(quantity)?;
    let g_i = stable[0]
        .density(quantity)
        .map_err(|_| Why::NoStableSource)?;
    let g_j = stable[1]
        .density(quantity)
        .map_err(|_| Why::NoStableDestination)?;
    if g_i == g_j {
        return Err(Why::EqualDensities);
    }
    Ok((n_ij - g_i) / (g_j - g_i))
}

fn movement([stable, upgrade, downgrade]: [i128; 3], ordered: bool) -> Movement {
    let if_ordered = |figure: Figure| {
        if ordered {
            figure
        } else {
            Err(Why::DifferentZones)
        }
    };
    Movement {
        stable_area_km2: area_km2(stable),
        upgrade_area_km2: if_ordered(Ok(area_km2(upgrade))),
        downgrade_area_km2: if_ordered(Ok(area_km2(downgrade))),
        label_noise: if_ordered(divide(upgrade, downgrade).ok_or(Why::NoDowngrade)),
    }
}
