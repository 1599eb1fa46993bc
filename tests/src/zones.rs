//! Maps written by hand, and the tidy table read back.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

/// A box in degrees: west, south, east, north.
pub type Box4 = [f64; 4];

/// GeoJSON of boxes, each with one attribute.
pub fn polygons(attribute: &str, boxes: &[(&str, Box4)]) -> Value {
    let features: Vec<Value> = boxes
        .iter()
        .map(|(value, [west, south, east, north])| {
            let ring = [
                [west, south],
                [east, south],
                [east, north],
                [west, north],
                [west, south],
            ];
            json!({
                "type": "Feature",
                "properties": { attribute: value },
                "geometry": { "type": "Polygon", "coordinates": [ring] },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features })
}

/// An ASCII grid of quarter degrees over a box, with the code of each cell
/// given by the latitude of its centre; readable by eye and without a tool.
pub fn ascii_grid([west, south, east, north]: Box4, code: impl Fn(f64) -> i32) -> String {
    const CELL: f64 = 0.25;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small counts"
    )]
    let count = |degrees: f64| (degrees / CELL).round() as u32;
    let (columns, rows) = (count(east - west), count(north - south));
    let mut text = format!(
        "ncols {columns}\nnrows {rows}\nxllcorner {west}\nyllcorner {south}\ncellsize {CELL}\nNODATA_value -9999\n"
    );
    for row in 0..rows {
        let code = code(north - (f64::from(row) + 0.5) * CELL).to_string();
        text.push_str(&vec![code; columns as usize].join(" "));
        text.push('\n');
    }
    text
}

/// The reference system of longitude and latitude, as in a `.prj` file.
#[must_use]
pub fn wgs84_wkt() -> &'static str {
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],\
     PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]"
}

/// A row of the tidy table.
#[derive(Debug, Clone, PartialEq)]
pub struct TidyRow {
    /// Region.
    pub region: String,
    /// Zone of the first epoch.
    pub zone_from: String,
    /// Zone of the second epoch.
    pub zone_to: String,
    /// Year.
    pub year: String,
    /// All cells.
    pub cells: u64,
    /// Those that count.
    pub valid_cells: u64,
    /// Those that do not, by reason.
    pub masked_cells: BTreeMap<String, u64>,
}

/// Reads `npp_by_region_zone_year.csv` of a result and checks that every row
/// closes: `cells = valid + masked`.
///
/// # Panics
/// If it is not there, is not such a table, or a row does not close.
pub fn tidy_rows(out: &Path) -> Vec<TidyRow> {
    let path = out.join("tables/npp_by_region_zone_year.csv");
    let mut reader = csv::Reader::from_path(&path).expect("the tidy table is there");
    let headers = reader.headers().expect("a header").clone();
    let rows: Vec<TidyRow> = reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            let field = |name: &str| {
                let place = headers.iter().position(|header| header == name);
                record
                    .get(place.unwrap_or_else(|| panic!("no column {name}")))
                    .unwrap_or_default()
            };
            let number = |text: &str| text.parse::<u64>().expect("a whole number");
            let reason = |header: &str| {
                Some(
                    header
                        .strip_prefix("masked_")?
                        .strip_suffix("_cells")?
                        .to_owned(),
                )
            };
            let masked = headers
                .iter()
                .zip(&record)
                .filter_map(|(header, value)| Some((reason(header)?, number(value))));
            TidyRow {
                region: field("region").to_owned(),
                zone_from: field("zone_from").to_owned(),
                zone_to: field("zone_to").to_owned(),
                year: field("year").to_owned(),
                cells: number(field("cells")),
                valid_cells: number(field("valid_cells")),
                masked_cells: masked.collect(),
            }
        })
        .collect();
    assert!(!rows.is_empty(), "{} is empty", path.display());
    for row in &rows {
        let masked: u64 = row.masked_cells.values().sum();
        assert_eq!(
            row.cells,
            row.valid_cells + masked,
            "{row:?} does not close"
        );
    }
    rows
}

/// Cells of one year of the tidy table, summed by anything in a row.
///
/// # Panics
/// As [`tidy_rows`].
pub fn cells_by(out: &Path, key: impl Fn(&TidyRow) -> String) -> BTreeMap<String, u64> {
    let rows = tidy_rows(out);
    let year = &rows[0].year;
    let mut cells = BTreeMap::new();
    for row in rows.iter().filter(|row| row.year == *year) {
        *cells.entry(key(row)).or_default() += row.cells;
    }
    cells
}
