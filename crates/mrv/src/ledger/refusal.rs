//! What the ledger says when it refuses.

use std::path::Path;

use nutag_formats::vector::OutlineError;

use super::Overlap;
use super::claim::{Claim, Status};
use nutag_problem::{Error, Problem};

pub(super) fn no_area(error: &OutlineError) -> Error {
    Problem::new(error.to_string())
        .advice("repair the polygons, for instance with ogr2ogr -makevalid")
        .asked()
}

pub(super) fn unknown(id: &str, claims: &[Claim], path: &Path) -> Error {
    let close = claims
        .iter()
        .map(|claim| (strsim::jaro_winkler(&claim.id, id), &claim.id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let advice = close.map_or_else(
        || "`nutag claims list` shows all".to_owned(),
        |(_, id)| format!("did you mean {id:?}?"),
    );
    Problem::new(format!("there is no claim {id:?}"))
        .at(path.display())
        .advice(advice)
        .asked()
}

pub(super) fn taken(claim: &Claim, existing: &Claim, path: &Path) -> Error {
    let same = claim.vintage == existing.vintage
        && claim.gas == existing.gas
        && claim.area_sha256 == existing.area_sha256;
    let what = if same {
        format!(
            "the claim {:?} is in the ledger already, with the same ground, years and gas",
            claim.id
        )
    } else {
        format!(
            "the id {:?} is taken by another claim ({}, {} tCO2, {})",
            claim.id, existing.vintage, existing.amount_tco2, existing.status
        )
    };
    let advice = if existing.status == Status::Withdrawn {
        "it is withdrawn; an id is used once, so give the new claim its own"
    } else {
        "an id is used once"
    };
    Problem::new(what).at(path.display()).advice(advice).asked()
}

pub(super) fn double_claim(claim: &Claim, overlaps: &[Overlap], path: &Path) -> Error {
    let mut what = format!(
        "the claim {:?} counts ground that is claimed already for {} in the same years:",
        claim.id, claim.gas
    );
    for overlap in overlaps {
        what.push_str(&format!(
            "\n  {:?} (buyer {}, registry {:?}): {:.4} km2 in {}, {} % of the new claim and {} % of that one",
            overlap.claim,
            overlap.buyer,
            overlap.registry,
            overlap.shared_km2,
            overlap.vintage,
            percent(overlap.percent_of_new),
            percent(overlap.percent_of_existing),
        ));
    }
    Problem::new(what)
        .at(path.display())
        .advice("a tonne is claimed once: cut the area or the years, or withdraw the other claim")
        .details(serde_json::json!({ "overlaps": overlaps }))
        .asked()
}

/// Enough digits that a small share is not shown as none.
fn percent(percent: f64) -> String {
    if percent >= 0.01 {
        format!("{percent:.2}")
    } else {
        format!("{percent:.1e}")
    }
}
