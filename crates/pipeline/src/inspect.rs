//! What is inside a file, before any pipeline file is written.

use std::path::Path;

use hdf4::{AttributeValue, Hdf4File, Layout};
use nutag_formats::raster::CodeRaster;
use nutag_formats::vector::list_layers;
use nutag_granules::granule::GranuleName;
use nutag_granules::modis::Identity;
use nutag_problem::{Error, OrProblem, Problem};
use serde::Serialize;

use crate::co2::inspect_co2;
use crate::inspect_netcdf::inspect_netcdf;

/// What is inside a file.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// The file.
    pub path: String,
    /// What it is, such as "HDF4".
    pub format: String,
    /// Facts about the whole file, in order.
    pub facts: Vec<(String, String)>,
    /// What it holds: arrays, bands or layers.
    pub parts: Vec<Part>,
}

/// An array, a band or a layer.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub what: String,
    /// Facts about it, in order.
    pub facts: Vec<(String, String)>,
}

/// First bytes of an HDF4 file.
const HDF4_MAGIC: [u8; 4] = [0x0E, 0x03, 0x13, 0x01];

/// Looks into a file. What it is is told by its content, not by its name.
///
/// # Errors
/// A file that cannot be read or is of no kind the program reads.
pub fn inspect(path: &Path) -> Result<Inspection, Error> {
    let asked = |what: String| Problem::new(what).at(path.display()).asked();
    let length =
        std::fs::metadata(path).map_err(|error| asked(format!("cannot be read: {error}")))?;
    if length.is_dir() && path.extension().is_none_or(|e| e != "gdb") {
        return Err(asked("is a folder; name the files in it".to_owned()));
    }
    if first_bytes(path) == HDF4_MAGIC {
        return inspect_hdf4(path);
    }
    if let Some(co2) = inspect_co2(path)? {
        return Ok(co2);
    }
    if let Some(netcdf) = inspect_netcdf(path, first_bytes(path)) {
        return Ok(netcdf);
    }
    let raster = CodeRaster::open(path, 1);
    if let Ok(raster) = &raster {
        return Ok(inspect_raster(path, raster));
    }
    let layers = list_layers(path);
    if let Ok(layers) = layers
        && !layers.is_empty()
    {
        return Ok(inspect_vector(path, layers));
    }
    let why = raster
        .err()
        .map_or_else(String::new, |error| format!("\n  as a raster: {error}"));
    Err(Problem::new(format!(
        "expected an HDF4 granule, a raster or a vector file that GDAL reads; found none of them{why}"
    ))
    .at(path.display())
    .advice("is the file whole? an archive must be unpacked first, and a login page saved as .hdf is a text file")
    .asked())
}

fn first_bytes(path: &Path) -> [u8; 4] {
    use std::io::Read;
    let mut bytes = [0; 4];
    // What cannot be read is told by the readers below, in their words.
    if let Ok(mut file) = std::fs::File::open(path) {
        let _ = file.read_exact(&mut bytes);
    }
    bytes
}

fn inspect_hdf4(path: &Path) -> Result<Inspection, Error> {
    let file = Hdf4File::open(path).or_asked()?;
    let mut facts = Vec::new();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if let Ok(name) = name.parse::<GranuleName>() {
        facts.push((
            "product".to_owned(),
            format!("{}.{}", name.short_name, name.collection),
        ));
        facts.push(("date".to_owned(), name.date.iso()));
        facts.push(("tile".to_owned(), name.tile.to_string()));
        facts.push(("produced".to_owned(), name.production));
    }
    facts.extend(identity_facts(&Identity::of(&file)));
    for grid in file.eos_grids().or_asked()? {
        let corner = |corner: Option<(f64, f64)>| {
            corner.map_or("not given".to_owned(), |(x, y)| format!("({x}, {y})"))
        };
        let what = format!(
            "{} rows x {} columns, {}, upper left {}, lower right {}",
            grid.rows,
            grid.cols,
            grid.projection,
            corner(grid.upper_left_m),
            corner(grid.lower_right_m)
        );
        facts.push((format!("grid {}", grid.name), what));
    }
    // The long texts are the archive's own records; a short one may be a label.
    for attribute in file.attributes() {
        if let AttributeValue::Text(text) = &attribute.value
            && text.len() <= 200
            && !text.trim().is_empty()
        {
            facts.push((attribute.name.clone(), text.trim().to_owned()));
        }
    }
    let parts = file
        .datasets()
        .iter()
        .map(|dataset| part_of_hdf4(&file, dataset))
        .collect();
    Ok(Inspection {
        path: path.display().to_string(),
        format: "HDF4".to_owned(),
        facts,
        parts,
    })
}

/// What the metadata inside say, beside what the name says.
fn identity_facts(identity: &Identity) -> Vec<(String, String)> {
    let mut said = Vec::new();
    if let Some(name) = &identity.short_name {
        let version = identity.version.as_deref().unwrap_or("not given");
        said.push(format!("{name}, version {version}"));
    }
    if let Some((h, v)) = identity.tile {
        said.push(format!("tile h{h:02}v{v:02}"));
    }
    if let (Some(begin), Some(end)) = (&identity.begin, &identity.end) {
        said.push(format!("{begin} to {end}"));
    }
    if !identity.platforms.is_empty() {
        said.push(identity.platforms.join(" and "));
    }
    said.extend(identity.doi.iter().map(|doi| format!("doi:{doi}")));
    said.extend(
        identity
            .file_name
            .iter()
            .map(|name| format!("named {name}")),
    );
    let mut facts = vec![(
        "metadata".to_owned(),
        if said.is_empty() {
            "none that say what this is".to_owned()
        } else {
            said.join(", ")
        },
    )];
    let unreadable = identity.unreadable.iter();
    facts.extend(unreadable.map(|why| ("metadata, unreadable".to_owned(), why.clone())));
    facts
}

fn part_of_hdf4(file: &Hdf4File, dataset: &hdf4::Dataset) -> Part {
    let shape: Vec<String> = dataset.shape().iter().map(ToString::to_string).collect();
    let layout = match dataset.layout() {
        Layout::Empty => "never written".to_owned(),
        Layout::Contiguous => "not compressed".to_owned(),
        Layout::LinkedBlocks => "not compressed, in blocks".to_owned(),
        Layout::External { file, .. } => format!("not compressed, in the file {file:?} beside it"),
        Layout::Compressed { coder } => format!("one {coder:?} stream"),
        Layout::Chunked { chunk_shape, coder } => format!("chunks of {chunk_shape:?}, {coder:?}"),
        other => format!("{other:?}"),
    };
    let stored = file
        .stored_bytes(dataset)
        .map_or_else(|e| e.to_string(), |n| format!("{n} bytes"));
    let mut facts = vec![
        ("stored as".to_owned(), layout),
        ("stored size".to_owned(), stored),
    ];
    for attribute in dataset.attributes() {
        let value = match &attribute.value {
            AttributeValue::Text(text) => text.trim().to_owned(),
            value => short(&format!("{value:?}")),
        };
        facts.push((attribute.name.clone(), value));
    }
    Part {
        name: dataset.name().to_owned(),
        what: format!("{:?} {}", dataset.number_type(), shape.join(" x ")).to_lowercase(),
        facts,
    }
}

/// `I16([1, 2])` without its wrapping, and not endless.
fn short(debug: &str) -> String {
    let inner = debug
        .find('[')
        .map_or(debug, |start| debug[start..].trim_end_matches(')'));
    let inner = inner.trim_matches(['[', ']']);
    let mut text: String = inner.chars().take(120).collect();
    if text.len() < inner.len() {
        text.push_str(" ...");
    }
    text
}

fn inspect_raster(path: &Path, raster: &CodeRaster) -> Inspection {
    let shape = raster.shape();
    let transform = raster.geotransform();
    let mut facts = vec![
        (
            "cells".to_owned(),
            format!("{} rows x {} columns", shape.rows, shape.cols),
        ),
        ("reference system".to_owned(), raster.crs_name().to_owned()),
        (
            "first corner".to_owned(),
            format!("({}, {})", transform[0], transform[3]),
        ),
        (
            "cell size".to_owned(),
            format!("{} x {}", transform[1], transform[5]),
        ),
    ];
    let no_data = raster
        .no_data()
        .map_or("none".to_owned(), |value| value.to_string());
    facts.push(("no data".to_owned(), no_data));
    let part = Part {
        name: "band 1".to_owned(),
        what: raster.data_type(),
        facts: Vec::new(),
    };
    Inspection {
        path: path.display().to_string(),
        format: "raster".to_owned(),
        facts,
        parts: vec![part],
    }
}

fn inspect_vector(path: &Path, layers: Vec<nutag_formats::vector::VectorLayer>) -> Inspection {
    let part = |layer: nutag_formats::vector::VectorLayer| Part {
        what: format!("{} x {}", layer.features, layer.geometry),
        facts: vec![
            (
                "reference system".to_owned(),
                layer.crs.unwrap_or_else(|| "none".to_owned()),
            ),
            ("attributes".to_owned(), layer.attributes.join(", ")),
        ],
        name: layer.name,
    };
    Inspection {
        path: path.display().to_string(),
        format: "vector".to_owned(),
        facts: Vec::new(),
        parts: layers.into_iter().map(part).collect(),
    }
}
