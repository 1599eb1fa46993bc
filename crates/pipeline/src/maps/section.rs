//! The maps in the report.

use nutag_report::{Block, Picture, Section};

use super::Maps;

/// The maps as a section of the report: every picture, and which rasters lie
/// beside it. `None` where there are none.
#[must_use]
pub fn maps_section(maps: &Maps) -> Option<Section> {
    let mut blocks: Vec<Block> = maps
        .images
        .iter()
        .map(|image| {
            Block::Picture(Picture {
                png: image.png.clone(),
                alt: image.alt.clone(),
                caption: format!("maps/{}.png", image.name),
            })
        })
        .collect();
    let names = |ending: &str| -> Vec<String> {
        let files = maps.rasters.iter().filter_map(|path| path.file_name());
        files
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| name.ends_with(ending))
            .collect()
    };
    let (tiffs, netcdf) = (names(".tif"), names(".nc"));
    let mut said = Vec::new();
    if !tiffs.is_empty() {
        said.push(format!(
            "As Cloud-Optimized GeoTIFF on the grid of the granules, in maps/: {}.",
            tiffs.join(", ")
        ));
    }
    if !netcdf.is_empty() {
        said.push("All layers in one CF netCDF file: maps/maps.nc.".to_owned());
    }
    if !said.is_empty() {
        blocks.push(Block::Paragraph(said.join(" ")));
    }
    (!blocks.is_empty()).then(|| Section {
        id: "maps".to_owned(),
        heading: "Maps".to_owned(),
        blocks,
    })
}
