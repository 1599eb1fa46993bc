//! Whether a ledger holds what it promises.

use std::collections::BTreeMap;
use std::path::Path;

use nutag_files::sha256_bytes;
use rusqlite::Connection;

use super::claim::Status;
use super::overlap::overlaps_of;
use super::rows::{all, area};
use super::{history, store};
use nutag_problem::Error;

/// Relative difference of an area that only another release of a library explains.
const AREA_TOLERANCE: f64 = 1e-9;

/// What does not hold: in the file, in the history, in a claim, between claims.
pub(super) fn faults(connection: &Connection, path: &Path) -> Result<Vec<String>, Error> {
    let failed = |error: rusqlite::Error| store::failed(path, &error);
    let mut faults = Vec::new();
    let whole: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(failed)?;
    if whole != "ok" {
        faults.push(format!("file: {whole}"));
    }
    let changes = history::read(connection).map_err(failed)?;
    faults.extend(history::faults(&changes));
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    for change in &changes {
        last.insert(&change.claim, &change.state);
    }
    for claim in all(connection).map_err(failed)? {
        let id = &claim.id;
        match last.remove(id.as_str()) {
            None => faults.push(format!("claim {id:?}: is not in the history")),
            Some(state) if state != history::state(&claim) => faults.push(format!(
                "claim {id:?}: differs from its last entry in the history"
            )),
            Some(_) => {}
        }
        let bytes: Vec<u8> = connection
            .query_row("SELECT area_wkb FROM claim WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .map_err(failed)?;
        if sha256_bytes(&bytes) != claim.area_sha256 {
            faults.push(format!("claim {id:?}: its area was changed"));
            continue;
        }
        let ground = match area(connection, id, path) {
            Ok(ground) => ground,
            Err(error) => {
                faults.push(error.to_string());
                continue;
            }
        };
        if (ground.area_km2() / claim.area_km2 - 1.0).abs() > AREA_TOLERANCE {
            faults.push(format!(
                "claim {id:?}: its area is {} km2, the ledger says {}",
                ground.area_km2(),
                claim.area_km2
            ));
        }
        if claim.status == Status::Withdrawn {
            continue;
        }
        for overlap in overlaps_of(connection, &claim, &ground, path)? {
            // Each pair once.
            if *id < overlap.claim {
                faults.push(format!(
                    "claims {id:?} and {:?} share {:.4} km2 in {}",
                    overlap.claim, overlap.shared_km2, overlap.vintage
                ));
            }
        }
    }
    for claim in last.keys() {
        faults.push(format!(
            "claim {claim:?}: is in the history and not in the ledger"
        ));
    }
    Ok(faults)
}
