//! What is in a raster or a vector file: enough to write a legend, and to see where it lies.

use std::path::Path;

use nutag_formats::files_of;
use nutag_formats::raster::{BandContents, RasterContents, bounds_degrees};
use nutag_formats::vector::{AttributeContents, LayerContents};
use nutag_grid::MultiPolygon;

use super::{Inspection, Part};

/// No more values than these are listed; the rest is counted.
const MOST_LISTED: usize = 64;

type Facts = Vec<(String, String)>;

pub(super) fn raster(path: &Path, raster: RasterContents) -> Inspection {
    let mut facts = Facts::new();
    let mut say = |name: &str, value: String| facts.push((name.to_owned(), value));
    say("format", raster.format);
    say(
        "cells",
        format!("{} rows x {} columns", raster.rows, raster.cols),
    );
    say(
        "reference system",
        raster.crs_name.unwrap_or_else(|| "none".to_owned()),
    );
    match raster.transform {
        Some(transform) => {
            say(
                "first corner",
                format!("({}, {})", transform[0], transform[3]),
            );
            say("cell size", format!("{} x {}", transform[1], transform[5]));
        }
        None => say("first corner", "none: its cells have no place".to_owned()),
    }
    facts.extend(extent(raster.footprint.as_ref()));
    facts.extend(further_files(path));
    let parts = raster.bands.into_iter().enumerate();
    Inspection {
        path: path.display().to_string(),
        format: "raster".to_owned(),
        facts,
        parts: parts
            .map(|(index, band)| band_part(index + 1, band))
            .collect(),
    }
}

fn band_part(number: usize, band: BandContents) -> Part {
    let mut facts = Facts::new();
    let mut say = |name: &str, value: String| facts.push((name.to_owned(), value));
    // The shortest text that means the stored number.
    let single = band.facts.data_type == "Float32" && band.scaling.is_none();
    let text = |value: f64| match (single, value.abs() >= 1e15) {
        (true, false) => (value as f32).to_string(),
        (true, true) => format!("{:e}", value as f32),
        (false, false) => value.to_string(),
        (false, true) => format!("{value:e}"),
    };
    let no_data = band.facts.no_data;
    say("no data", no_data.map_or("none".to_owned(), text));
    if !band.facts.name.is_empty() {
        say("description", band.facts.name);
    }
    if !band.facts.unit.is_empty() {
        say("unit", band.facts.unit);
    }
    if let Some((scale, offset)) = band.scaling {
        say("value", format!("stored number x {scale} + {offset}"));
    }
    if band.has_mask {
        say("mask", "hides cells".to_owned());
    }
    say(
        "cells",
        format!(
            "{} with a value, {} without",
            band.valid_cells, band.empty_cells
        ),
    );
    if let Some([low, high]) = band.range {
        say("range", format!("{} to {}", text(low), text(high)));
    }
    match band.values {
        Some(values) => {
            let listed = values.iter().map(|(value, cells)| (text(*value), *cells));
            say("values (cells)", list(listed, values.len()));
        }
        None if band.valid_cells > 0 => say("values", "more than 256 different ones".to_owned()),
        None => say("values", "of a type that is not counted".to_owned()),
    }
    Part {
        name: format!("band {number}"),
        what: band.facts.data_type,
        facts,
    }
}

pub(super) fn vector(path: &Path, layers: Vec<LayerContents>) -> Inspection {
    Inspection {
        path: path.display().to_string(),
        format: "vector".to_owned(),
        facts: further_files(path),
        parts: layers.into_iter().map(layer_part).collect(),
    }
}

fn layer_part(layer: LayerContents) -> Part {
    let names: Vec<&str> = layer.attributes.iter().map(|a| a.name.as_str()).collect();
    let mut facts = vec![
        (
            "reference system".to_owned(),
            layer.crs.unwrap_or_else(|| "none".to_owned()),
        ),
        ("attributes".to_owned(), names.join(", ")),
    ];
    if let Some([west, south, east, north]) = layer.bounds {
        facts.push((
            "coordinates".to_owned(),
            format!("({west}, {south}) to ({east}, {north})"),
        ));
    }
    facts.extend(extent(layer.footprint.as_ref()));
    facts.extend(layer.attributes.iter().map(values));
    if let Some(fault) = layer.fault {
        facts.push(("damaged".to_owned(), fault));
    }
    Part {
        what: format!("{} x {}", layer.features, layer.geometry),
        facts,
        name: layer.name,
    }
}

fn values(attribute: &AttributeContents) -> (String, String) {
    let mut text = match &attribute.values {
        Some(values) => {
            let listed = values.iter().map(|(value, n)| (format!("{value:?}"), *n));
            list(listed, values.len())
        }
        None => "more than 256 different ones".to_owned(),
    };
    if attribute.empty > 0 {
        text.push_str(&format!(", without a value ({})", attribute.empty));
    }
    if let Some(unreadable) = &attribute.unreadable {
        text.push_str(&format!("; not readable: {unreadable}"));
    }
    (
        format!("values of {} (features)", attribute.name),
        text.trim_start_matches(", ").to_owned(),
    )
}

/// Values with their numbers, the first of them where there are many.
fn list(values: impl Iterator<Item = (String, u64)>, count: usize) -> String {
    let shown: Vec<String> = values
        .take(MOST_LISTED)
        .map(|(value, n)| format!("{value} ({n})"))
        .collect();
    let more = count.saturating_sub(MOST_LISTED);
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn extent(footprint: Option<&MultiPolygon>) -> Facts {
    let Some([west, south, east, north]) = footprint.and_then(bounds_degrees) else {
        return vec![("longitude, degrees".to_owned(), "not known".to_owned())];
    };
    let over = if west > east { ", over 180" } else { "" };
    vec![
        (
            "longitude, degrees".to_owned(),
            format!("{west} to {east}{over}"),
        ),
        (
            "latitude, degrees".to_owned(),
            format!("{south} to {north}"),
        ),
    ]
}

/// The files that are read with it, if there are any.
fn further_files(path: &Path) -> Facts {
    match files_of(path) {
        Ok(files) => {
            let others: Vec<String> = files
                .iter()
                .filter(|file| *file != path)
                .map(|file| file.display().to_string())
                .collect();
            match others.len() {
                0 => Facts::new(),
                1..=8 => vec![("read with it".to_owned(), others.join(", "))],
                more => vec![("read with it".to_owned(), format!("{more} files"))],
            }
        }
        Err(error) => vec![("not usable".to_owned(), error.to_string())],
    }
}
