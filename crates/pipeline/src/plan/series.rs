//! Which granules a study needs, which of them are there.

use std::collections::BTreeMap;
use std::path::Path;

use nutag_granules::granule::{AcquisitionDate, GranuleFile, GranuleIndex, IndexError};
use nutag_granules::product::{NAMED_PRODUCTS, PeriodKind, Product, named};
use nutag_grid::{Shape, TileId};
use nutag_problem::{Error, OrProblem, Problem};
use serde::Serialize;

use crate::config::{Config, Npp, is_archive};

/// The product a pipeline file asks for.
///
/// # Errors
/// A name that is no named product, or a `[product]` section that
/// contradicts itself.
pub fn product(config: &Config, npp: &Npp) -> Result<Product, Error> {
    let product = match (&config.product, &npp.product) {
        (Some(spec), _) => spec
            .build()
            .or_problem()
            .map_err(|problem| problem.at("[product]").asked())?,
        (None, Some(id)) => named(id).ok_or_else(|| {
            Problem::new(format!("there is no named product \"{id}\""))
                .at("[npp] product")
                .advice(format!(
                    "named products: {}; describe any other in a [product] section",
                    NAMED_PRODUCTS.join(", ")
                ))
                .asked()
        })?,
        (None, None) => {
            return Err(Problem::new("no product is named").at("[npp]").asked());
        }
    };
    let Some(cells) = npp.cells_per_tile else {
        return Ok(product);
    };
    Shape::new(cells, cells)
        .or_problem()
        .map_err(|problem| problem.at("[npp] cells_per_tile").asked())?;
    Ok(product.with_cells_per_side(cells))
}

/// The dates a pipeline file asks for, in order of time.
///
/// # Errors
/// Years for a product of composites, dates for a yearly one, a date that is
/// none, or a date given twice.
pub fn dates(npp: &Npp, product: &Product) -> Result<Vec<AcquisitionDate>, Error> {
    let wrong =
        |what: String, advice: &str| Err(Problem::new(what).at("[npp]").advice(advice).asked());
    match (npp.years, product.period) {
        (Some([first, last]), PeriodKind::Year) => {
            let dates: Vec<_> = (first..=last)
                .filter_map(|year| AcquisitionDate::new(year, 1))
                .collect();
            if dates.len() != usize::from(last - first) + 1 {
                return wrong(
                    format!("years = [{first}, {last}] is not a range of years"),
                    "write four digits",
                );
            }
            Ok(dates)
        }
        (None, PeriodKind::Composite { .. }) => {
            let mut dates = Vec::new();
            for text in &npp.dates {
                let Ok(date) = text.parse::<AcquisitionDate>() else {
                    return wrong(
                        format!("\"{text}\" is not a date of a composite"),
                        "write year and day of the year, as in the A-date of the file names: \"2025-017\" for A2025017",
                    );
                };
                if dates.contains(&date) {
                    return wrong(format!("the date \"{text}\" is given twice"), "keep one");
                }
                dates.push(date);
            }
            dates.sort();
            Ok(dates)
        }
        (Some(_), PeriodKind::Composite { .. }) => wrong(
            format!(
                "`years` does not say which composites of {} are meant",
                product.id()
            ),
            "list them: dates = [\"2025-001\", \"2025-017\"]",
        ),
        (None, PeriodKind::Year) => wrong(
            format!(
                "{} has one granule a year, but `dates` are given",
                product.id()
            ),
            "years = [2001, 2012]",
        ),
    }
}

/// The beginning of a granule's file name; the production time is not known.
fn file_name(product: &Product, date: AcquisitionDate, tile: TileId) -> String {
    let (name, collection) = (&product.short_name, &product.collection);
    format!(
        "{name}.A{:04}{:03}.{tile}.{collection}",
        date.year(),
        date.day_of_year()
    )
}

/// The granules of a study by tile, one place a date.
pub struct Series {
    /// For each tile, the granule of each date, `None` where it is missing.
    pub tiles: BTreeMap<TileId, Vec<Option<GranuleFile>>>,
    /// Older productions that were left aside.
    pub superseded: Vec<GranuleFile>,
}

/// Finds the granules of the tiles and dates.
///
/// # Errors
/// No folder, two collections in it, or a missing granule without
/// `allow_missing`.
pub fn find(
    npp: &Npp,
    product: &Product,
    tiles: impl Iterator<Item = TileId>,
    dates: &[AcquisitionDate],
) -> Result<Series, Error> {
    let index = scan(npp, product)?;
    let tiles: BTreeMap<_, Vec<_>> = tiles
        .map(|tile| {
            (
                tile,
                dates
                    .iter()
                    .map(|date| index.get(tile, *date).cloned())
                    .collect(),
            )
        })
        .collect();
    let missing = index.missing(tiles.keys().copied(), dates);
    if !missing.is_empty() && !npp.allow_missing {
        let wanted = tiles.len() * dates.len();
        let mut list: Vec<String> = missing
            .iter()
            .take(12)
            .map(|(tile, date)| format!("  {}", file_name(product, *date, *tile)))
            .collect();
        if missing.len() > list.len() {
            list.push(format!("  and {} more", missing.len() - list.len()));
        }
        let archives = archives_in(&npp.granules);
        let not_files: Vec<String> = index
            .not_files
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let advice = if let [first, ..] = &not_files[..] {
            format!(
                "{} of what is named like a granule is no file but a pipe or a link to nothing, such as {first}: \
                 put the file itself there",
                not_files.len()
            )
        } else if archives.is_empty() {
            advice_on_missing(&index, missing.len() == wanted, product)
        } else {
            format!(
                "the folder holds archives ({}): unpack them, this program does not",
                archives.join(", ")
            )
        };
        return Err(Problem::new(format!(
            "{} of {wanted} granules are missing:\n{}",
            missing.len(),
            list.join("\n")
        ))
        .at(npp.granules.display())
        .advice(advice)
        .asked());
    }
    if missing.len() == tiles.len() * dates.len() {
        return Err(
            Problem::new(format!("no granule of {} is there", product.id()))
                .at(npp.granules.display())
                .advice(advice_on_missing(&index, true, product))
                .asked(),
        );
    }
    for (tile, files) in &tiles {
        for file in files.iter().flatten() {
            index
                .compare_copies(*tile, file.name.date)
                .map_err(|error| Problem::new(error.to_string()).asked())?;
        }
    }
    Ok(Series {
        tiles,
        superseded: index.superseded,
    })
}

/// What to do about granules that are missing. To go on without them is no way out where all are.
fn advice_on_missing(index: &GranuleIndex, all: bool, product: &Product) -> String {
    const GET: &str = "`nutag granules` lists all and how to get them";
    if !all {
        return format!("{GET}; `allow_missing = true` in [npp] goes on without them");
    }
    let others: Vec<String> = index
        .other_products
        .iter()
        .map(|(id, files)| format!("{files} of {id}"))
        .collect();
    let here = match (index.len(), others.is_empty(), index.other_files) {
        (0, true, 0) => "no file is there at all: is the path or pattern right".to_owned(),
        (0, true, files) => format!(
            "{files} files are there, and none is named like a granule: is the path or pattern right"
        ),
        (0, false, _) => format!(
            "granules of other products are there ({})",
            others.join(", ")
        ),
        (granules, ..) => format!(
            "{granules} granules of {} are there, of other tiles or dates: are `years` and the regions right",
            product.id()
        ),
    };
    format!("{here}; {GET}")
}

/// The first archives of a folder, by name.
fn archives_in(folder: &Path) -> Vec<String> {
    const NAMED: usize = 3;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| is_archive(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.truncate(NAMED);
    names
}

fn scan(npp: &Npp, product: &Product) -> Result<GranuleIndex, Error> {
    GranuleIndex::scan(&npp.granules, product).or_asked()
}

/// What `nutag granules` answers.
#[derive(Debug, Clone, Serialize)]
pub struct GranuleList {
    /// The product, such as `MOD17A3HGF.061`.
    pub product: String,
    /// Where granules are looked for.
    pub folder: String,
    /// Tiles that hold a cell of the regions, with the number of such cells.
    pub tiles: BTreeMap<String, u64>,
    /// Dates as in the file names.
    pub dates: Vec<String>,
    /// Files that are there.
    pub here: Vec<String>,
    /// Older productions that are left aside.
    pub superseded: Vec<String>,
    /// What is missing, as the beginning of the file name.
    pub missing: Vec<String>,
    /// How to get what is missing.
    pub how_to_get: String,
}

/// Lists the granules of a study.
///
/// # Errors
/// A pipeline file, region file or folder that cannot be used.
pub fn list(config: &Config) -> Result<GranuleList, Error> {
    make_list(config).map_err(|error| error.in_pipeline(&config.file))
}

fn make_list(config: &Config) -> Result<GranuleList, Error> {
    let npp = config.npp.as_ref().ok_or_else(|| {
        Problem::new("there is no [npp], so no granules are asked for")
            .at("[npp]")
            .asked()
    })?;
    let product = product(config, npp)?;
    let dates = dates(npp, &product)?;
    let regions = super::maps::NamedMap::regions(config)?;
    let tiles = regions.tiles(&product)?;
    // What is needed is known before anything is there.
    let index = match GranuleIndex::scan(&npp.granules, &product) {
        Err(IndexError::NoSuchFolder { .. }) => GranuleIndex::default(),
        index => index.or_asked()?,
    };
    let name = |file: &GranuleFile| file.path.display().to_string();
    let wanted = tiles
        .keys()
        .flat_map(|tile| dates.iter().map(move |date| (*tile, *date)));
    let here: Vec<String> = wanted
        .filter_map(|(tile, date)| index.get(tile, date))
        .map(name)
        .collect();
    let missing: Vec<String> = index
        .missing(tiles.keys().copied(), &dates)
        .iter()
        .map(|(tile, date)| file_name(&product, *date, *tile))
        .collect();
    Ok(GranuleList {
        product: product.id(),
        folder: npp.granules.display().to_string(),
        tiles: tiles
            .iter()
            .map(|(tile, cells)| (tile.to_string(), *cells))
            .collect(),
        dates: dates.iter().map(ToString::to_string).collect(),
        here,
        superseded: index.superseded.iter().map(name).collect(),
        how_to_get: how_to_get(&product, &tiles, &dates),
        missing,
    })
}

fn how_to_get(
    product: &Product,
    tiles: &BTreeMap<TileId, u64>,
    dates: &[AcquisitionDate],
) -> String {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return String::new();
    };
    let tiles: Vec<String> = tiles.keys().map(ToString::to_string).collect();
    format!(
        "Earthdata Search (https://search.earthdata.nasa.gov, free account): collection {} version {}, \
         temporal {} to {}, granule name filter {}. Files are delivered as .hdf; use them as they come.",
        product.short_name,
        product.collection,
        first.iso(),
        last.period(product).end,
        tiles
            .iter()
            .map(|tile| format!("*{tile}*"))
            .collect::<Vec<_>>()
            .join(", ")
    )
}
