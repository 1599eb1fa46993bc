//! Claims that count the same ground for the same gas in the same years.

use std::path::Path;

use nutag_formats::vector::Outline;
use rusqlite::Connection;
use serde::Serialize;

use super::claim::{Claim, Country, Gas, Status, Vintage};
use super::refusal::no_area;
use super::{rows, store};
use nutag_problem::Error;

/// Shared ground below this is no overlap: 100 m2, the rounding of borders
/// that came through different files and reference systems.
pub const OVERLAP_TOLERANCE_KM2: f64 = 1e-4;

/// A claim that another one overlaps in ground, time and gas.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// The claim that is in the ledger.
    pub claim: String,
    /// Its buyer.
    pub buyer: Country,
    /// Its registry.
    pub registry: String,
    /// Gas of both.
    pub gas: Gas,
    /// Years of both.
    #[serde(flatten)]
    pub vintage: Vintage,
    /// True area of both.
    pub shared_km2: f64,
    /// Of the area of the new claim.
    pub percent_of_new: f64,
    /// Of the area of the claim in the ledger.
    pub percent_of_existing: f64,
}

/// The claims that share ground, time and gas with one that is not withdrawn.
pub(super) fn overlaps_of(
    connection: &Connection,
    claim: &Claim,
    ground: &Outline,
    path: &Path,
) -> Result<Vec<Overlap>, Error> {
    let others = rows::all(connection).map_err(|error| store::failed(path, &error))?;
    let mut overlaps = Vec::new();
    for other in others {
        let live = other.id != claim.id && other.status != Status::Withdrawn;
        let Some(vintage) = claim.vintage.shared(other.vintage) else {
            continue;
        };
        if !live || other.gas != claim.gas || apart(claim.bounds_degrees, other.bounds_degrees) {
            continue;
        }
        let shared_km2 = ground
            .shared_km2(&rows::area(connection, &other.id, path)?)
            .map_err(|error| no_area(&error))?;
        if shared_km2 > OVERLAP_TOLERANCE_KM2 {
            overlaps.push(Overlap {
                percent_of_new: 100.0 * shared_km2 / claim.area_km2,
                percent_of_existing: 100.0 * shared_km2 / other.area_km2,
                claim: other.id,
                buyer: other.buyer,
                registry: other.registry,
                gas: other.gas,
                vintage,
                shared_km2,
            });
        }
    }
    Ok(overlaps)
}

/// Whether two boxes have no ground in common.
fn apart(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] > b[2] || b[0] > a[2] || a[1] > b[3] || b[1] > a[3]
}
