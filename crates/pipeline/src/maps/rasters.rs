//! Strips of the mosaic into the files of rasters.

use std::path::{Path, PathBuf};

use nutag_carbon::Quantity;
use nutag_problem::{Error, Problem};
use nutag_report::raster::{
    CogWriter, Layer, LayerKind, NO_CLASS, NO_INTEGER, NetCdfAbout, NetCdfWriter, RasterError,
    Strip as Cells,
};
use rayon::prelude::*;

use super::layers::{Source, layers};
use super::mosaic::{Mosaic, Strip};
use crate::config::MapFormat;
use crate::output::PROGRAM;
use crate::plan::NppPlan;

/// The rasters of a run, being written.
pub struct Rasters {
    layers: Vec<(Source, Layer)>,
    cogs: Vec<CogWriter>,
    netcdf: Option<NetCdfWriter>,
}

impl Rasters {
    /// Begins the files that are asked for.
    ///
    /// # Errors
    /// A folder where nothing can be written.
    pub fn begin(
        plan: &NppPlan<'_>,
        quantity: &Quantity,
        mosaic: &Mosaic<'_>,
        has_cells: bool,
        folder: &Path,
    ) -> Result<Self, Error> {
        let wants = |format| plan.config.output.maps.contains(&format);
        let mut rasters = Self {
            layers: Vec::new(),
            cogs: Vec::new(),
            netcdf: None,
        };
        if !wants(MapFormat::Cog) && !wants(MapFormat::Netcdf) {
            return Ok(rasters);
        }
        rasters.layers = layers(plan, quantity, has_cells);
        let grid = mosaic.grid();
        if wants(MapFormat::Cog) {
            for (_, layer) in &rasters.layers {
                let path = folder.join(format!("{}.tif", layer.name));
                let writer = CogWriter::create(&path, grid, layer).map_err(failed)?;
                rasters.cogs.push(writer);
            }
        }
        if wants(MapFormat::Netcdf) {
            let all: Vec<Layer> = rasters
                .layers
                .iter()
                .map(|(_, layer)| layer.clone())
                .collect();
            let writer = NetCdfWriter::create(&folder.join("maps.nc"), grid, &all, &about(plan));
            rasters.netcdf = Some(writer.map_err(failed)?);
        }
        Ok(rasters)
    }

    /// Adds the rows that follow.
    ///
    /// # Errors
    /// A disk that is full, mostly.
    pub fn put(&mut self, strip: &Strip) -> Result<(), Error> {
        for (i, (source, layer)) in self.layers.iter().enumerate() {
            let cells = Buffer::of(*source, layer, strip);
            if let Some(cog) = self.cogs.get_mut(i) {
                cog.put(&cells.strip()).map_err(failed)?;
            }
            if let Some(netcdf) = &mut self.netcdf {
                netcdf.put(i, &cells.strip()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Finishes the files and returns them.
    ///
    /// # Errors
    /// A disk that is full, mostly.
    pub fn finish(self) -> Result<Vec<PathBuf>, Error> {
        let made: Result<Vec<Vec<PathBuf>>, RasterError> =
            self.cogs.into_par_iter().map(CogWriter::finish).collect();
        let mut files = made.map_err(failed)?.concat();
        if let Some(netcdf) = self.netcdf {
            files.push(netcdf.finish().map_err(failed)?);
        }
        Ok(files)
    }
}

/// The cells of a strip as a layer stores them.
enum Buffer {
    Values(Vec<f32>),
    Integers(Vec<i32>),
    Classes(Vec<u8>),
}

impl Buffer {
    fn of(source: Source, layer: &Layer, strip: &Strip) -> Self {
        let codes = |codes: &[u16]| match layer.kind {
            LayerKind::Classes(_) => Self::Classes(
                codes
                    .iter()
                    .map(|code| match code {
                        0 => NO_CLASS,
                        code => u8::try_from(*code).unwrap_or(NO_CLASS),
                    })
                    .collect(),
            ),
            _ => Self::Integers(
                codes
                    .iter()
                    .map(|code| match code {
                        0 => NO_INTEGER,
                        code => i32::from(*code),
                    })
                    .collect(),
            ),
        };
        match source {
            Source::Value(layer) => Self::Values(strip.values_of(layer).unwrap_or(&[]).to_vec()),
            Source::Whole(layer) => {
                let values = strip.values_of(layer).unwrap_or(&[]).iter();
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "whole numbers far below 2^24"
                )]
                let whole = |value: &f32| match value.is_nan() {
                    true => NO_INTEGER,
                    false => *value as i32,
                };
                Self::Integers(values.map(whole).collect())
            }
            Source::Trend => codes(&strip.trends),
            Source::Zone(epoch) => codes(&strip.zones[epoch]),
            Source::Region => codes(&strip.regions),
        }
    }

    fn strip(&self) -> Cells<'_> {
        match self {
            Self::Values(cells) => Cells::Values(cells),
            Self::Integers(cells) => Cells::Integers(cells),
            Self::Classes(cells) => Cells::Classes(cells),
        }
    }
}

fn about(plan: &NppPlan<'_>) -> NetCdfAbout {
    let about = &plan.config.about;
    NetCdfAbout {
        title: format!("{}: {}", about.name, about.question),
        source: format!("{}, and zone maps of two epochs", plan.counted.product.id()),
        history: format!("made by {PROGRAM} {}", env!("CARGO_PKG_VERSION")),
        references: about.sources.join("; "),
        comment: about.note.clone().unwrap_or_default(),
    }
}

fn failed(error: RasterError) -> Error {
    Problem::new(error.to_string()).at("[output] maps").failed()
}
