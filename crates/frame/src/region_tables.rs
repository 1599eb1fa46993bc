//! Tables by region and year: livestock, burned area, harvest, measurements.

use std::collections::BTreeMap;

use nutag_formats::csv_table::{CsvRow, CsvTable};
use nutag_problem::{Error, OrProblem, Problem};

/// The index of a region.
///
/// # Errors
/// Returns what to do about it, with the name that was probably meant, if there is no such region.
pub fn region_index(regions: &[String], name: &str) -> Result<usize, String> {
    let index = regions.iter().position(|region| region == name);
    index.ok_or_else(|| nearest(regions, name))
}

/// What to do about a name that is not a region.
pub(crate) fn nearest(regions: &[String], name: &str) -> String {
    let near = regions
        .iter()
        .map(|region| {
            (
                strsim::damerau_levenshtein(&region.to_lowercase(), &name.to_lowercase()),
                region,
            )
        })
        .min();
    match near {
        Some((distance, region)) if distance <= 1 + name.chars().count() / 3 => {
            format!("did you mean \"{region}\"? Names are those of [regions]")
        }
        _ => format!("names are those of [regions]: {}", regions.join(", ")),
    }
}

/// Where a row of a table belongs.
#[derive(Debug)]
pub struct Placed<'t> {
    /// The table.
    pub table: &'t CsvTable,
    /// Its row.
    pub row: &'t CsvRow,
    /// Index of the region.
    pub region: usize,
    /// The calendar year.
    pub year: i32,
}

/// The rows of a table with the columns `region` and `year`, each with its region.
///
/// # Errors
/// Returns an error if a column is missing, a region unknown, or a year out of range.
pub fn placed<'t>(table: &'t CsvTable, regions: &[String]) -> Result<Vec<Placed<'t>>, Error> {
    let region = table.column("region").or_asked()?;
    let year = table.column("year").or_asked()?;
    table
        .rows()
        .iter()
        .map(|row| {
            let name = table.text(row, region).or_asked()?;
            let index = region_index(regions, name).map_err(|advice| {
                Problem::new(format!("\"{name}\" is not a region of this run"))
                    .at(format!("{}, line {}", table.path().display(), row.line()))
                    .advice(advice)
                    .asked()
            })?;
            Ok(Placed {
                table,
                row,
                region: index,
                year: table.whole(row, year, 1000..=9999).or_asked()?,
            })
        })
        .collect()
}

/// A table with one number a region and year, by region and year of the run; `None` where there is no
/// row.
///
/// # Errors
/// Returns an error as [`placed`] does, for other columns, for a number that cannot be read, and
/// for a region and year that is there twice.
pub fn by_region_year(
    table: &CsvTable,
    value: &str,
    regions: &[String],
    years: &[u16],
) -> Result<Vec<Vec<Option<f64>>>, Error> {
    table.only(&["region", "year", value]).or_asked()?;
    let column = table.column(value).or_asked()?;
    let mut known: BTreeMap<(usize, i32), (u64, f64)> = BTreeMap::new();
    for placed in placed(table, regions)? {
        let number = table.amount(placed.row, column).or_asked()?;
        let key = (placed.region, placed.year);
        if let Some((first, _)) = known.insert(key, (placed.row.line(), number)) {
            return Err(twice(&placed, first, ""));
        }
    }
    Ok((0..regions.len())
        .map(|region| {
            let of = |year: &u16| {
                known
                    .get(&(region, i32::from(*year)))
                    .map(|(_, value)| *value)
            };
            years.iter().map(of).collect()
        })
        .collect())
}

/// The error of a row that is there twice.
#[must_use]
pub fn twice(placed: &Placed<'_>, first: u64, what: &str) -> Error {
    Problem::new(format!(
        "this region{what} and year {} is there twice, first on line {first}",
        placed.year
    ))
    .at(format!(
        "{}, line {}",
        placed.table.path().display(),
        placed.row.line()
    ))
    .advice("keep one of the two rows")
    .asked()
}
