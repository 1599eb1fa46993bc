//! Tiles: their granules checked, their keys made, their blocks cut.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nutag_granules::granule::GranuleFile;
use nutag_granules::modis::{GranuleReader, LayerInfo, Storage as Stored};
use nutag_granules::product::Product;
use nutag_grid::{Shape, TileId, Window};
use nutag_problem::{Error, Problem, Progress};
use nutag_task::{
    Cut, Keys, Reasons, Storage, Target, TilePlan, columns_of_tile, grid_of, row_areas_cm2,
    tile_grid, touched_rows,
};
use rayon::prelude::*;

use super::keys::{Findings, Maps, make_keys};

/// A granule whose header was found right.
pub struct CheckedGranule {
    file: GranuleFile,
    layers: Vec<LayerInfo>,
    /// Whether it has metadata that its name was compared with.
    is_identified: bool,
}

impl CheckedGranule {
    /// Where it is, if no metadata in it say what it is.
    pub fn unidentified(&self) -> Option<&Path> {
        (!self.is_identified).then_some(self.file.path.as_path())
    }
}

/// Granules of the tiles by period, each looked into.
type Checked = BTreeMap<TileId, Vec<Option<CheckedGranule>>>;

/// Opens every granule and compares what its header says with the product.
///
/// # Errors
/// All granules that are not what they should be, by name.
pub fn check_granules(
    product: &Product,
    reasons: &Reasons,
    tiles: &BTreeMap<TileId, Vec<Option<GranuleFile>>>,
    progress: &dyn Progress,
) -> Result<Checked, Error> {
    let quality = reasons.rules().uses_quality();
    let files: Vec<(TileId, &Option<GranuleFile>)> = tiles
        .iter()
        .flat_map(|(tile, files)| files.iter().map(|file| (*tile, file)))
        .collect();
    let checked: Vec<Result<Option<CheckedGranule>, (PathBuf, String)>> = files
        .par_iter()
        .map(|(_, file)| {
            let Some(file) = file else { return Ok(None) };
            let checked = check(file, product, quality);
            progress.advance(1);
            checked.map(Some).map_err(|what| (file.path.clone(), what))
        })
        .collect();
    let mut wrong: Vec<(PathBuf, String)> = Vec::new();
    let mut out = Checked::new();
    for ((tile, _), checked) in files.into_iter().zip(checked) {
        match checked {
            Ok(granule) => out.entry(tile).or_default().push(granule),
            Err(what) => wrong.push(what),
        }
    }
    if wrong.is_empty() {
        return Ok(out);
    }
    Err(Problem::new(said_once(&wrong))
        .advice("`nutag inspect FILE` shows what is in a granule")
        .asked())
}

/// What is wrong with some files, each problem once: what differs in the name of the file only is one.
fn said_once(wrong: &[(PathBuf, String)]) -> String {
    const SHOWN: usize = 12;
    if let [(_, what)] = wrong {
        return what.clone();
    }
    // In the order in which they are met: the first words and how many more say the same.
    let mut kinds: Vec<(String, &str, usize)> = Vec::new();
    for (path, what) in wrong {
        let kind = what.replace(&path.display().to_string(), "");
        let kind = path.file_name().map_or(kind.clone(), |name| {
            kind.replace(&*name.to_string_lossy(), "")
        });
        match kinds.iter_mut().find(|(known, ..)| *known == kind) {
            Some((.., files)) => *files += 1,
            None => kinds.push((kind, what, 1)),
        }
    }
    let mut lines: Vec<String> = kinds
        .iter()
        .take(SHOWN)
        .map(|(_, what, files)| match files {
            1 => format!("  {what}"),
            2 => format!("  {what} (and one more file alike)"),
            files => format!("  {what} (and {} more files alike)", files - 1),
        })
        .collect();
    if kinds.len() > SHOWN {
        lines.push(format!("  and {} more problems", kinds.len() - SHOWN));
    }
    format!(
        "{} granules are not what they should be:\n{}",
        wrong.len(),
        lines.join("\n")
    )
}

fn check(file: &GranuleFile, product: &Product, quality: bool) -> Result<CheckedGranule, String> {
    let reader = GranuleReader::open(file, product, quality).map_err(|e| e.to_string())?;
    let mut layers = vec![reader.layer_info().map_err(|e| e.to_string())?];
    layers.extend(reader.quality_info().map_err(|e| e.to_string())?);
    Ok(CheckedGranule {
        file: file.clone(),
        layers,
        is_identified: !reader.identity().is_empty()
            && !reader.identity().is_of_another(file.name.tile),
    })
}

/// Plans a tile. `None` if no cell of interest lies in it.
///
/// # Errors
/// Maps that cannot be read.
pub fn plan_tile(
    maps: &Maps,
    product: &Product,
    target: Target,
    tile: TileId,
    granules: Vec<Option<CheckedGranule>>,
) -> Result<(Option<TilePlan>, Findings), Error> {
    let native = tile_grid(tile, product)?;
    let shape = native.shape();
    let storage = granules
        .iter()
        .flatten()
        .flat_map(|granule| &granule.layers)
        .map(storage_of);
    let (grid, rows) = grid_of(&native, target)?;
    let columns = |row: usize| match target {
        Target::Native => 0..shape.cols,
        Target::Published => columns_of_tile(&grid, &native, row),
    };
    let row_areas_cm2 = row_areas_cm2(target, &grid);
    let (keys, findings) = make_keys(maps, &grid, &row_areas_cm2, rows, columns)?;
    if keys.cells() == 0 {
        return Ok((None, findings));
    }
    let (cut, windows) = match target {
        Target::Native => {
            let cut = Cut::of(storage, shape);
            (cut, cut.windows(shape, &keys))
        }
        Target::Published => {
            let cut = Cut::of(storage, shape).full_width(shape);
            (
                cut,
                cut.windows(shape, &touched_rows(&grid, &native, &keys)),
            )
        }
    };
    let area_cm2 = keys
        .rows()
        .map(|row| {
            let cells: u64 = keys
                .row(row)
                .iter()
                .map(|run| u64::from(run.end - run.start))
                .sum();
            cells * row_areas_cm2[row]
        })
        .sum();
    let stored_bytes = stored_bytes(&granules, cut, &windows, shape);
    let granules = granules.into_iter().map(|g| g.map(|g| g.file)).collect();
    let plan = TilePlan {
        tile,
        native,
        grid,
        keys: Keys::of(keys),
        row_areas_cm2,
        granules,
        cut,
        windows,
        stored_bytes,
        area_cm2,
    };
    Ok((Some(plan), findings))
}

fn storage_of(layer: &LayerInfo) -> Storage {
    match layer.storage {
        Stored::Chunked => Storage::Chunks {
            rows: layer.chunk.rows,
            cols: layer.chunk.cols,
        },
        Stored::Stream => Storage::Stream,
        Stored::Plain | Stored::Empty => Storage::Plain,
    }
}

/// An estimate from the share of each layer that the windows cover; exact for
/// streams and for blocks of whole chunks of equal size.
fn stored_bytes(
    granules: &[Option<CheckedGranule>],
    cut: Cut,
    windows: &[Window],
    shape: Shape,
) -> u64 {
    let stored: u64 = granules
        .iter()
        .flatten()
        .flat_map(|g| &g.layers)
        .map(|l| l.stored_bytes)
        .sum();
    if matches!(cut, Cut::Whole(_)) {
        return stored;
    }
    let cells: usize = windows.iter().map(|window| window.cells()).sum();
    let bytes = u128::from(stored) * cells as u128 / shape.cells() as u128;
    u64::try_from(bytes).unwrap_or(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_problem_of_many_files_is_said_once() {
        let wrong: Vec<(PathBuf, String)> = (0..84)
            .map(|i| {
                let path = PathBuf::from(format!("data/{i}.hdf"));
                let what = if i == 7 { "is empty" } else { "expected int16" };
                (path.clone(), format!("{}: {what}", path.display()))
            })
            .collect();
        let said = said_once(&wrong);
        assert_eq!(
            said,
            "84 granules are not what they should be:\n  data/0.hdf: expected int16 (and 82 more files alike)\n  data/7.hdf: is empty"
        );
        assert_eq!(said_once(&wrong[..1]), "data/0.hdf: expected int16");
    }
}
