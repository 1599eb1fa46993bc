//! Zone maps and regions: what a cell centre is in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use nutag_formats::raster::{Cells, CodeRaster};
use nutag_formats::vector::{Duplicates, Feature, read_features};
use nutag_granules::product::Product;
use nutag_grid::{Grid, PolygonIndex, TileId};
use nutag_problem::{Error, OrProblem, Problem};
use nutag_task::tile_grid;
use nutag_zonal::{Answer, Legend, NONE, Source};

use crate::config::{Config, Overlap, ZoneMap as ZoneMapConfig, Zones};

/// Cells per tile side when tiles are looked for: about 9 km.
const COARSE_CELLS: usize = 120;

/// A map that gives each cell the index of a name, or [`NONE`].
pub struct NamedMap {
    path: PathBuf,
    names: Vec<String>,
    overlap: Overlap,
    source: MapSource,
}

enum MapSource {
    Polygons {
        index: PolygonIndex,
        /// For each feature: what the legend says, or its own index for regions.
        answers: Vec<Option<Answer>>,
        values: Vec<String>,
    },
    Raster {
        raster: Box<CodeRaster>,
        legend: Legend,
    },
}

/// The codes of some rows of a grid.
pub struct Codes {
    /// Row-major; [`NONE`] where no name applies.
    pub codes: Vec<u16>,
    /// Cells (positions in `codes`) whose value the legend has no answer for,
    /// with that value.
    pub unanswered: Vec<(usize, String)>,
    /// Names of two polygons that claim the same cells, and how many.
    pub overlaps: BTreeMap<(String, String), u64>,
}

impl NamedMap {
    /// Opens a zone map with its legend.
    pub fn zones(zones: &Zones, map: &ZoneMapConfig) -> Result<Self, Error> {
        let Some(legend_path) = map.legend.as_ref().or(zones.legend.as_ref()) else {
            return Err(Problem::new("this zone map has no legend")
                .at(map.path.display())
                .asked());
        };
        let legend = read_legend(legend_path)?;
        let names = legend.zones().to_vec();
        let source = match &map.attribute {
            Some(attribute) => {
                let features = features(
                    &map.path,
                    map.layer.as_deref(),
                    attribute,
                    Duplicates::Allow,
                )?;
                let answers = features
                    .iter()
                    .map(|f| legend.answer(Source::Text(&f.value)));
                MapSource::Polygons {
                    answers: answers.collect(),
                    index: index(&map.path, &features)?,
                    values: features.into_iter().map(|f| f.value).collect(),
                }
            }
            None => raster_source(&map.path, map.band, legend_path, legend)?,
        };
        Ok(Self {
            path: map.path.clone(),
            names,
            overlap: map.overlap,
            source,
        })
    }

    /// Opens the regions.
    pub fn regions(config: &Config) -> Result<Self, Error> {
        let map = &config.regions;
        let (names, source) = match (&map.name, &map.legend) {
            (Some(attribute), _) => {
                let features = features(
                    &map.path,
                    map.layer.as_deref(),
                    attribute,
                    Duplicates::Refuse,
                )?;
                let answers = (0..features.len()).map(|i| {
                    u16::try_from(i)
                        .ok()
                        .filter(|i| *i != NONE)
                        .map(Answer::Zone)
                });
                let names: Vec<String> = features.iter().map(|f| f.value.clone()).collect();
                let source = MapSource::Polygons {
                    answers: answers.collect(),
                    index: index(&map.path, &features)?,
                    values: names.clone(),
                };
                (names, source)
            }
            (None, Some(legend_path)) => {
                let legend = read_legend(legend_path)?;
                let names = legend.zones().to_vec();
                (
                    names,
                    raster_source(&map.path, map.band, legend_path, legend)?,
                )
            }
            (None, None) => {
                return Err(Problem::new("[regions] has neither `name` nor `legend`").asked());
            }
        };
        Ok(Self {
            path: map.path.clone(),
            names,
            overlap: map.overlap,
            source,
        })
    }

    /// The names that codes point at.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What happens where two polygons claim a cell.
    pub fn overlap(&self) -> Overlap {
        self.overlap
    }

    /// The tiles that hold a cell, with the number of cells.
    pub fn tiles(&self, product: &Product) -> Result<BTreeMap<TileId, u64>, Error> {
        let side = product.cells_per_side;
        let tiles = match &self.source {
            MapSource::Polygons { index, .. } => index.modis_tiles(side),
            MapSource::Raster { .. } => return self.tiles_of_raster(product),
        };
        let tiles = tiles
            .or_problem()
            .map_err(|problem| problem.at(self.path.display()).asked())?;
        if tiles.is_empty() {
            return Err(self.nowhere());
        }
        Ok(tiles)
    }

    /// A raster may lie anywhere: the tiles are those that its cells with a
    /// name fall into. Every tile of the world is looked at coarsely, then in
    /// full each that has something, and its neighbours for what is too small
    /// to be seen from afar.
    fn tiles_of_raster(&self, product: &Product) -> Result<BTreeMap<TileId, u64>, Error> {
        let coarse = product.clone().with_cells_per_side(COARSE_CELLS);
        let mut near = BTreeSet::new();
        for tile in (0..18).flat_map(|v| (0..36).filter_map(move |h| TileId::new(h, v).ok())) {
            if self.cells_in(tile, &coarse)? > 0 {
                let around = |n: u8| n.saturating_sub(1)..=n + 1;
                let tiles = around(tile.v())
                    .flat_map(|v| around(tile.h()).filter_map(move |h| TileId::new(h, v).ok()));
                near.extend(tiles);
            }
        }
        let mut tiles = BTreeMap::new();
        for tile in near {
            let cells = self.cells_in(tile, product)?;
            if cells > 0 {
                tiles.insert(tile, cells);
            }
        }
        if tiles.is_empty() {
            Err(self.nowhere())
        } else {
            Ok(tiles)
        }
    }

    /// Cells of a tile that have a name. A value without an answer stops: it
    /// may be a region that would be left out in silence.
    fn cells_in(&self, tile: TileId, product: &Product) -> Result<u64, Error> {
        let grid = tile_grid(tile, product)?;
        let codes = self.codes(&grid, 0..grid.shape().rows)?;
        let mut unanswered: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, value) in &codes.unanswered {
            *unanswered.entry(value).or_default() += 1;
        }
        if !unanswered.is_empty() {
            let list: Vec<String> = unanswered
                .iter()
                .take(12)
                .map(|(value, cells)| format!("  {value}: {cells} cells in tile {tile}"))
                .collect();
            return Err(Problem::new(format!(
                "the legend has no answer for {} value(s) of this raster of regions:\n{}",
                unanswered.len(),
                list.join("\n")
            ))
            .at(self.path.display())
            .advice("add a [[class]] with `zone = \"...\"` or `outside = true` to the legend")
            .asked());
        }
        let named = codes.codes.iter().filter(|code| **code != NONE).count();
        Ok(named as u64)
    }

    fn nowhere(&self) -> Error {
        Problem::new("the regions hold no cell centre of any MODIS tile")
            .at(self.path.display())
            .advice("are the coordinates longitude and latitude, in this order?")
            .asked()
    }

    /// The codes of some rows of a grid, by the cell-centre rule.
    pub fn codes(&self, grid: &Grid, rows: Range<usize>) -> Result<Codes, Error> {
        let mut codes = Codes {
            codes: Vec::new(),
            unanswered: Vec::new(),
            overlaps: BTreeMap::new(),
        };
        let failed = |error: String| Problem::new(error).at(self.path.display()).asked();
        match &self.source {
            MapSource::Polygons {
                index,
                answers,
                values,
            } => {
                let burn = index.burn(grid, rows).map_err(|e| failed(e.to_string()))?;
                for overlap in &burn.overlaps {
                    if answers[overlap.first] != answers[overlap.second] {
                        let pair = (
                            values[overlap.first].clone(),
                            values[overlap.second].clone(),
                        );
                        *codes.overlaps.entry(pair).or_default() += overlap.cells;
                    }
                }
                codes.codes = burn.codes;
                for (cell, code) in codes.codes.iter_mut().enumerate() {
                    let Some(feature) = usize::from(*code).checked_sub(1) else {
                        *code = NONE;
                        continue;
                    };
                    match answers[feature] {
                        Some(answer) => *code = code_of(answer),
                        None => {
                            *code = NONE;
                            codes.unanswered.push((cell, values[feature].clone()));
                        }
                    }
                }
            }
            MapSource::Raster { raster, legend } => {
                match raster
                    .codes_on(grid, rows)
                    .map_err(|e| failed(e.to_string()))?
                {
                    Cells::Codes(values) => {
                        codes.look_up(&values, |code| legend.answer(Source::Code(*code)));
                    }
                    Cells::Values(values) => {
                        codes.look_up(&values, |value| legend.answer(Source::Number(*value)));
                    }
                }
            }
        }
        Ok(codes)
    }
}

impl Codes {
    /// Fills in what the legend says of the cells of a raster.
    fn look_up<T: PartialEq + ToString>(
        &mut self,
        values: &[Option<T>],
        answer: impl Fn(&T) -> Option<Answer>,
    ) {
        self.codes = Vec::with_capacity(values.len());
        // Neighbours are mostly equal: the legend is asked once a run.
        let mut last: Option<(&T, Option<Answer>)> = None;
        for (cell, value) in values.iter().enumerate() {
            let Some(value) = value else {
                self.codes.push(NONE);
                continue;
            };
            let answer = match last {
                Some((known, answer)) if known == value => answer,
                _ => answer(value),
            };
            last = Some((value, answer));
            if answer.is_none() {
                self.unanswered.push((cell, value.to_string()));
            }
            self.codes.push(answer.map_or(NONE, code_of));
        }
    }
}

fn code_of(answer: Answer) -> u16 {
    match answer {
        Answer::Zone(index) => index,
        Answer::Outside => NONE,
    }
}

/// Reads a legend file.
pub fn read_legend(path: &Path) -> Result<Legend, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("the legend cannot be read: {error}"))
            .at(path.display())
            .advice("pipelines/README.md shows what a legend looks like")
            .asked()
    })?;
    // Values are compared with those of maps, whose letters are composed.
    Legend::parse(&nutag_formats::text::composed(&text)).map_err(|error| {
        Problem::new(error.to_string().trim_end())
            .at(path.display())
            .advice("pipelines/README.md shows what a legend looks like")
            .asked()
    })
}

fn features(
    path: &Path,
    layer: Option<&str>,
    attribute: &str,
    duplicates: Duplicates,
) -> Result<Vec<Feature>, Error> {
    read_features(path, layer, attribute, duplicates).or_asked()
}

fn index(path: &Path, features: &[Feature]) -> Result<PolygonIndex, Error> {
    PolygonIndex::new(features.iter().map(|feature| &feature.geometry))
        .or_problem()
        .map_err(|problem| problem.at(path.display()).asked())
}

/// A raster with its legend, whose bounds are compared as the raster stores them.
fn raster_source(
    path: &Path,
    band: Option<usize>,
    legend_path: &Path,
    legend: Legend,
) -> Result<MapSource, Error> {
    let raster = CodeRaster::open(path, band.unwrap_or(1)).or_asked()?;
    let legend = legend
        .as_stored(|meant| raster.as_stored(meant))
        .map_err(|error| {
            Problem::new(error.to_string())
                .at(legend_path.display())
                .asked()
        })?;
    Ok(MapSource::Raster {
        raster: Box::new(raster),
        legend,
    })
}
