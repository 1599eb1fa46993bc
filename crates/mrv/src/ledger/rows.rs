//! Claims as rows of the database.

use std::path::Path;

use nutag_formats::vector::Outline;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::claim::{Claim, Vintage};
use super::store;
use nutag_problem::{Error, Problem};

const COLUMNS: &str = "id, first_year, last_year, gas, tco2, host, buyer, registry, status, \
     transfer_year, use_year, area_km2, west_degrees, south_degrees, east_degrees, north_degrees, area_sha256";

pub(super) fn insert(connection: &Connection, claim: &Claim, wkb: &[u8]) -> rusqlite::Result<()> {
    let [west, south, east, north] = claim.bounds_degrees;
    // `NewClaim::check` has looked that it fits; another amount is never written in its place.
    let amount_tco2 = i64::try_from(claim.amount_tco2)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection.execute(
        &format!(
            "INSERT INTO claim ({COLUMNS}, area_wkb) VALUES \
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
        ),
        params![
            claim.id,
            claim.vintage.first_year,
            claim.vintage.last_year,
            claim.gas.word(),
            amount_tco2,
            claim.host.to_string(),
            claim.buyer.to_string(),
            claim.registry,
            claim.status.word(),
            claim.transfer_year,
            claim.use_year,
            claim.area_km2,
            west,
            south,
            east,
            north,
            claim.area_sha256,
            wkb
        ],
    )?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Claim> {
    /// A word that the program wrote, or that somebody else has changed.
    fn word<T: std::str::FromStr<Err = String>>(
        row: &Row<'_>,
        index: usize,
    ) -> rusqlite::Result<T> {
        let text: String = row.get(index)?;
        text.parse().map_err(|error: String| {
            rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into())
        })
    }
    Ok(Claim {
        id: row.get(0)?,
        vintage: Vintage {
            first_year: row.get(1)?,
            last_year: row.get(2)?,
        },
        gas: word(row, 3)?,
        amount_tco2: u64::try_from(row.get::<_, i64>(4)?).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(4, Type::Integer, error.into())
        })?,
        host: word(row, 5)?,
        buyer: word(row, 6)?,
        registry: row.get(7)?,
        status: word(row, 8)?,
        transfer_year: row.get(9)?,
        use_year: row.get(10)?,
        area_km2: row.get(11)?,
        bounds_degrees: [row.get(12)?, row.get(13)?, row.get(14)?, row.get(15)?],
        area_sha256: row.get(16)?,
    })
}

pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<Claim>> {
    let query = format!("SELECT {COLUMNS} FROM claim WHERE id = ?1");
    connection.query_row(&query, [id], from_row).optional()
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Claim>> {
    let mut query = connection.prepare(&format!("SELECT {COLUMNS} FROM claim ORDER BY id"))?;
    let rows = query.query_map([], from_row)?;
    rows.collect()
}

pub(super) fn area(connection: &Connection, id: &str, path: &Path) -> Result<Outline, Error> {
    let bytes: Vec<u8> = connection
        .query_row("SELECT area_wkb FROM claim WHERE id = ?1", [id], |row| {
            row.get(0)
        })
        .map_err(|error| store::failed(path, &error))?;
    Outline::from_wkb(&bytes).map_err(|error| {
        Problem::new(format!("the area of claim {id:?}: {error}"))
            .at(path.display())
            .advice("the file was changed by another program: go back to the last copy of it")
            .failed()
    })
}
