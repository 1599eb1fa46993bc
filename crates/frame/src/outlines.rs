//! The borders of the regions.

use nutag_formats::vector::{Duplicates, read_features};
use nutag_grid::MultiPolygon;
use nutag_problem::{Error, OrProblem};

use crate::sections::Regions;

/// The polygons of the regions, to draw; none where they come as a raster.
pub fn outlines(regions: &Regions) -> Result<Vec<MultiPolygon>, Error> {
    let Some(attribute) = &regions.name else {
        return Ok(Vec::new());
    };
    let features = read_features(
        &regions.path,
        regions.layer.as_deref(),
        attribute,
        Duplicates::Refuse,
    )
    .or_failed()?;
    Ok(features
        .into_iter()
        .map(|feature| feature.geometry)
        .collect())
}
