//! What a granule's header must say before any number is read.

use std::path::Path;

use hdf4::{Dataset, Hdf4File, Layout, NumberType};
use nutag_grid::{MODIS_SPHERE_RADIUS_M, corners_match, tile_corners_m};

use super::reader::Layer;
use super::{GranuleError, GranuleReader};
use crate::product::{AttributeConflict, Product, StoredAttributes};

impl GranuleReader {
    pub(super) fn check_attributes(&self, product: &Product) -> Result<(), GranuleError> {
        let of = |dataset: &Dataset, checked: Result<(), AttributeConflict>| {
            checked.map_err(|source| GranuleError::Attribute {
                path: self.path.clone(),
                sds: dataset.name().to_owned(),
                source: Box::new(source),
            })
        };
        let dataset = self.dataset(&self.layer);
        of(
            dataset,
            product.check_attributes(&stored_attributes(dataset)),
        )?;
        let (Some(quality), Some((layer, _))) = (&product.quality, &self.quality) else {
            return Ok(());
        };
        let dataset = self.dataset(layer);
        let stored = stored_attributes(dataset);
        of(dataset, quality.check_attributes(&stored, &self.product_id))
    }

    /// Type and size.
    pub(super) fn check_numbers(&self, layer: &Layer) -> Result<(), GranuleError> {
        let dataset = self.dataset(layer);
        let (path, sds, product) = (
            self.path.clone(),
            dataset.name().to_owned(),
            self.product_id.clone(),
        );
        let found = type_name(dataset.number_type());
        if found != Some(layer.number_type) {
            let found = found.map_or_else(|| dataset.number_type().to_string(), str::to_owned);
            return Err(GranuleError::Type {
                path,
                sds,
                expected: layer.number_type,
                found,
                product,
            });
        }
        // A run answers for every file it reads; this one would come in unseen.
        if let Layout::External { file, .. } = dataset.layout() {
            let file = file.clone();
            return Err(GranuleError::Elsewhere { path, sds, file });
        }
        if dataset.shape() != [self.shape.rows, self.shape.cols] {
            let sides: Vec<String> = dataset.shape().iter().map(usize::to_string).collect();
            let (expected, found) = (self.shape.rows, sides.join(" x "));
            return Err(GranuleError::Size {
                path,
                sds,
                expected,
                found,
                product,
            });
        }
        Ok(())
    }

    /// The grid that holds an SDS must be that of the tile in the name.
    pub(super) fn check_place(&self, sds: &str) -> Result<(), GranuleError> {
        let grids = self.file.eos_grids()?;
        let path = self.path.clone();
        let Some(grid) = grids
            .iter()
            .find(|grid| grid.fields.iter().any(|field| field.name == sds))
        else {
            let names: Vec<String> = grids
                .iter()
                .map(|grid| format!("{:?}", grid.name))
                .collect();
            let found = if names.is_empty() {
                "no grid at all".to_owned()
            } else {
                names.join(", ")
            };
            return Err(GranuleError::NoGrid {
                path,
                sds: sds.to_owned(),
                found,
            });
        };
        let name = grid.name.clone();
        let radius_m = grid.projection_parameters.first().copied();
        // ProjParams hold millimetres; another sphere in use, 6371000 m, is 7 m off.
        let on_sphere =
            radius_m.is_some_and(|radius_m| (radius_m - MODIS_SPHERE_RADIUS_M).abs() < 0.01);
        if grid.projection != "GCTP_SNSOID" || !on_sphere {
            let radius = radius_m.map_or_else(
                || "without a radius".to_owned(),
                |m| format!("with radius {m} m"),
            );
            let found = format!("{} {radius}", grid.projection);
            return Err(GranuleError::Projection {
                path,
                grid: name,
                found,
            });
        }
        let corners = grid.upper_left_m.zip(grid.lower_right_m);
        if corners.is_some_and(|(upper_left, lower_right)| {
            corners_match(self.tile, upper_left, lower_right)
        }) {
            return Ok(());
        }
        let text = |((x0, y0), (x1, y1)): ((f64, f64), (f64, f64))| {
            format!("({x0:.3}, {y0:.3}) to ({x1:.3}, {y1:.3}) m")
        };
        let expected = text(tile_corners_m(self.tile));
        let found = corners.map_or_else(|| "none".to_owned(), text);
        Err(GranuleError::Corners {
            path,
            grid: name,
            tile: self.tile,
            expected,
            found,
        })
    }
}

pub(super) fn find(
    path: &Path,
    file: &Hdf4File,
    name: &str,
    product: &Product,
) -> Result<usize, GranuleError> {
    let mut named = (0..)
        .zip(file.datasets())
        .filter(|(_, dataset)| dataset.name() == name);
    match (named.next(), named.next()) {
        (Some((index, _)), None) => Ok(index),
        // Two of one name: the reader's own message about that.
        (Some(_), Some(_)) => Err(file
            .dataset(name)
            .err()
            .map_or_else(|| no_sds(path, file, name, product), Into::into)),
        (None, _) => Err(no_sds(path, file, name, product)),
    }
}

fn no_sds(path: &Path, file: &Hdf4File, name: &str, product: &Product) -> GranuleError {
    let present: Vec<String> = file
        .datasets()
        .iter()
        .map(|dataset| format!("{:?}", dataset.name()))
        .collect();
    GranuleError::NoSds {
        path: path.to_owned(),
        expected: name.to_owned(),
        present: if present.is_empty() {
            "none".to_owned()
        } else {
            present.join(", ")
        },
        product: product.id(),
    }
}

/// The attributes of an SDS that say what its numbers mean.
fn stored_attributes(dataset: &Dataset) -> StoredAttributes {
    let numbers = |name: &str| {
        dataset
            .attribute(name)
            .and_then(hdf4::Attribute::as_f64s)
            .unwrap_or_default()
    };
    let number = |name: &str| numbers(name).first().copied();
    StoredAttributes {
        scale_factor: number("scale_factor"),
        add_offset: number("add_offset"),
        fill_value: number("_FillValue"),
        valid_range: match numbers("valid_range")[..] {
            [a, b] => Some((a, b)),
            _ => None,
        },
    }
}

/// The name of a type in pipeline files; `None` for those that no layer has.
fn type_name(found: NumberType) -> Option<&'static str> {
    match found {
        NumberType::I8 => Some("int8"),
        NumberType::U8 => Some("uint8"),
        NumberType::I16 => Some("int16"),
        NumberType::U16 => Some("uint16"),
        NumberType::I32 => Some("int32"),
        NumberType::U32 => Some("uint32"),
        _ => None,
    }
}
