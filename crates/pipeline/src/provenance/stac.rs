//! A STAC item (1.1.0, with the projection and raster extensions) for each raster of a result.

use nutag_formats::raster::{RasterFacts, bounds_degrees};
use nutag_grid::MultiPolygon;
use serde_json::{Value, json};

use super::{Origin, file_name, made_media_type, pretty};

const PROJECTION: &str = "https://stac-extensions.github.io/projection/v2.0.0/schema.json";
const FILE: &str = "https://stac-extensions.github.io/file/v2.1.0/schema.json";

/// The items: path in the run folder, and content.
pub(super) fn items(origin: &Origin<'_>) -> Vec<(String, Vec<u8>)> {
    origin
        .rasters
        .iter()
        .map(|(path, facts)| {
            let name = file_name(path);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            (
                format!("stac/{stem}.json"),
                pretty(&item(origin, path, stem, facts)),
            )
        })
        .collect()
}

fn item(origin: &Origin<'_>, path: &str, stem: &str, facts: &RasterFacts) -> Value {
    let [x0, dx, rx, y0, ry, dy] = facts.transform;
    let about = &origin.config.about;
    let (bbox, geometry) = extent(&facts.footprint);
    let projjson: Value = serde_json::from_str(&facts.crs_projjson).unwrap_or(Value::Null);
    let bands: Vec<Value> = facts
        .bands
        .iter()
        .enumerate()
        .map(|(index, band)| {
            let name = match band.name.as_str() {
                "" => format!("band {}", index + 1),
                name => name.to_owned(),
            };
            let mut value = json!({ "name": name, "data_type": data_type(&band.data_type) });
            if let Some(no_data) = band.no_data {
                value["nodata"] = if no_data.is_nan() {
                    "nan".into()
                } else {
                    no_data.into()
                };
            }
            if !band.unit.is_empty() {
                value["unit"] = band.unit.as_str().into();
            }
            value
        })
        .collect();
    let mut properties = json!({
        "title": format!("{}: {stem}", about.name),
        "description": about.note.as_deref().map_or_else(
            || about.question.clone(),
            |note| format!("{} {note}", about.question),
        ),
        "datetime": null,
        "proj:code": null,
        "proj:projjson": projjson,
        "proj:shape": [facts.rows, facts.cols],
        "proj:transform": [dx, rx, x0, ry, dy, y0, 0.0, 0.0, 1.0],
    });
    let period = origin.periods.first().zip(origin.periods.last());
    if let Some((first, last)) = period {
        properties["start_datetime"] = format!("{}T00:00:00Z", first.start).into();
        properties["end_datetime"] = format!("{}T23:59:59Z", last.end).into();
    }
    if let Some(license) = about
        .license
        .as_deref()
        .filter(|license| !license.contains("://"))
    {
        properties["license"] = license.into();
    }
    let mut asset = json!({
        "href": format!("../{path}"),
        "type": made_media_type(path),
        "roles": ["data"],
        "bands": bands,
    });
    if let Some(output) = origin.outputs.iter().find(|output| output.path == path) {
        // A multihash: the code of SHA-256, its length, the digest.
        asset["file:checksum"] = format!("1220{}", output.sha256).into();
        asset["file:size"] = output.bytes.into();
    }
    let mut item = json!({
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": [PROJECTION, FILE],
        "id": stem,
        "bbox": bbox,
        "geometry": geometry,
        "properties": properties,
        "links": [],
        "assets": { "data": asset },
    });
    if item["bbox"].is_null()
        && let Some(members) = item.as_object_mut()
    {
        members.remove("bbox");
    }
    item
}

/// Bounds and geometry of a footprint, as GeoJSON has them.
fn extent(footprint: &MultiPolygon) -> (Value, Value) {
    let Some(bounds) = bounds_degrees(footprint) else {
        // It shows no ground; an item without a geometry has no bounds.
        return (Value::Null, Value::Null);
    };
    let polygons: Vec<Value> = footprint
        .polygons
        .iter()
        .map(|polygon| {
            let ring = polygon.exterior.iter();
            let ring: Vec<[f64; 2]> = ring.map(|v| [v.lon_degrees, v.lat_degrees]).collect();
            json!([ring])
        })
        .collect();
    let geometry = match polygons.as_slice() {
        [only] => json!({ "type": "Polygon", "coordinates": only }),
        _ => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    };
    (json!(bounds), geometry)
}

/// GDAL's names of types as STAC has them.
fn data_type(gdal: &str) -> &'static str {
    match gdal {
        "Byte" | "UInt8" => "uint8",
        "Int8" => "int8",
        "UInt16" => "uint16",
        "Int16" => "int16",
        "UInt32" => "uint32",
        "Int32" => "int32",
        "UInt64" => "uint64",
        "Int64" => "int64",
        "Float32" => "float32",
        "Float64" => "float64",
        _ => "other",
    }
}
