//! What is inside a file, before any pipeline file is written.

mod maps;

use std::path::Path;

use hdf4::{AttributeValue, Hdf4File, Layout};
use nutag_formats::raster::RasterContents;
use nutag_formats::vector::{VectorError, read_contents};
use nutag_granules::granule::GranuleName;
use nutag_granules::modis::Identity;
use nutag_problem::{Error, OrProblem, Problem};
pub use nutag_system::{Inspection, Part};

use crate::inputs::check_libraries;
use crate::inspect_netcdf::inspect_netcdf;
use crate::systems::INSPECTORS;

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
    for inspector in INSPECTORS {
        if let Some(found) = inspector(path)? {
            return Ok(found);
        }
    }
    if let Some(netcdf) = inspect_netcdf(path, first_bytes(path)) {
        return Ok(netcdf);
    }
    check_libraries()?;
    let why_no_raster = match RasterContents::read(path) {
        Ok(raster) => return Ok(maps::raster(path, raster)),
        Err(error) => error,
    };
    let why = match read_contents(path) {
        Ok(layers) if !layers.is_empty() => return Ok(maps::vector(path, layers)),
        Ok(_) => format!("\n  as a raster: {why_no_raster}"),
        // Text that cannot be read is that of a vector file.
        Err(error @ VectorError::Text { .. }) => {
            return Err(Problem::new(error.to_string()).asked());
        }
        Err(error) => format!("\n  as a raster: {why_no_raster}\n  as a vector: {error}"),
    };
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
