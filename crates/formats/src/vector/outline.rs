//! A piece of ground as one shape: read from a file, kept as bytes, held
//! against another. Set operations are those of GEOS, through GDAL.

use std::path::Path;

use gdal::errors::GdalError;
use gdal::vector::{Geometry, OGRwkbGeometryType, geometry_type_flatten};
use nutag_grid::overlap::planar_area_km2;
use nutag_grid::{LonLat, MultiPolygon, Polygon};

use super::VectorError;
use super::geometry::rings;
use super::read::read_layer;
use crate::{gdal_log, text};

/// Which features of a layer make the outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select<'a> {
    /// The only one; a layer with several is refused.
    Only,
    /// Those whose attribute has this value.
    Value {
        /// Name of the attribute.
        attribute: &'a str,
        /// Its value, as text without blanks around it.
        value: &'a str,
    },
}

/// A piece of ground: valid polygons in longitude (-180 to 180) and latitude
/// on WGS84 that do not overlap each other, with straight lines in longitude
/// and latitude as sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    shape: MultiPolygon,
}

/// Why there is no outline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutlineError {
    /// The layer was refused.
    #[error(transparent)]
    Layer(#[from] VectorError),
    /// Several features where one was expected.
    #[error(
        "{path}, layer {layer}: expected one feature, found {found}. Name the one that is meant by an attribute and its value"
    )]
    Several {
        /// The file.
        path: String,
        /// The layer.
        layer: String,
        /// Number of features.
        found: usize,
    },
    /// No feature with the value.
    #[error(
        "{path}, layer {layer}: expected a feature with {attribute} = {value:?}, found {present}"
    )]
    NoSuchValue {
        /// The file.
        path: String,
        /// The layer.
        layer: String,
        /// The attribute.
        attribute: String,
        /// The value that was asked for.
        value: String,
        /// Values that are there, some of them.
        present: String,
    },
    /// GEOS could not finish, or stored bytes are no outline.
    #[error("the outline cannot be worked with: {0}")]
    Shape(String),
}

impl Outline {
    /// Reads the outline of one feature, or of all that share a value, from
    /// any vector file that GDAL reads.
    ///
    /// # Errors
    /// As [`super::read_features`], and when the selection finds no feature
    /// or is needed and absent.
    pub fn read(
        path: &Path,
        layer: Option<&str>,
        select: Select<'_>,
    ) -> Result<Self, OutlineError> {
        let attribute = match select {
            Select::Only => None,
            Select::Value { attribute, .. } => Some(attribute),
        };
        let (layer, mut features) = read_layer(path, layer, attribute)?;
        let path_text = path.display().to_string();
        match select {
            Select::Only if features.len() > 1 => {
                return Err(OutlineError::Several {
                    path: path_text,
                    layer,
                    found: features.len(),
                });
            }
            Select::Only => {}
            Select::Value { attribute, value } => {
                let mut present: Vec<String> = features
                    .iter()
                    .map(|feature| format!("{:?}", feature.value))
                    .collect();
                let wanted = text::composed(value.trim());
                features.retain(|feature| feature.value == wanted);
                if features.is_empty() && !present.is_empty() {
                    present.sort();
                    present.dedup();
                    return Err(OutlineError::NoSuchValue {
                        path: path_text,
                        layer,
                        attribute: attribute.to_owned(),
                        value: value.to_owned(),
                        present: some_of(&present),
                    });
                }
            }
        }
        let path = path.to_owned();
        if features.is_empty() {
            return Err(VectorError::Empty { path, layer }.into());
        }
        let mut whole: Option<Geometry> = None;
        for feature in &features {
            let part = valid(&feature.geometry)?;
            whole = Some(match whole {
                None => part,
                Some(others) => others.union(&part).ok_or_else(|| shape("union"))?,
            });
        }
        let whole = whole.ok_or_else(|| shape("union"))?;
        Ok(Self {
            shape: lonlat_polygons(&whole),
        })
    }

    /// From polygons in longitude and latitude.
    ///
    /// # Errors
    /// [`OutlineError::Shape`] when they are not valid.
    pub fn new(shape: MultiPolygon) -> Result<Self, OutlineError> {
        gdal_log::quiet();
        gdal_log::clear();
        let geometry = geometry(&shape)?;
        if geometry.is_empty() || !geometry.is_valid() {
            return Err(self::shape("no valid polygon"));
        }
        Ok(Self { shape })
    }

    /// The bytes of the outline as well-known binary (OGC 06-103r4), little endian:
    /// the same coordinates to the last bit.
    ///
    /// # Errors
    /// [`OutlineError::Shape`] when GDAL refuses.
    pub fn to_wkb(&self) -> Result<Vec<u8>, OutlineError> {
        geometry(&self.shape)?.wkb().map_err(|e| from_gdal(&e))
    }

    /// The outline that [`Self::to_wkb`] made bytes of.
    ///
    /// # Errors
    /// [`OutlineError::Shape`] when the bytes are no valid polygons.
    pub fn from_wkb(bytes: &[u8]) -> Result<Self, OutlineError> {
        gdal_log::quiet();
        let geometry = Geometry::from_wkb(bytes).map_err(|e| from_gdal(&e))?;
        Self::new(lonlat_polygons(&geometry))
    }

    /// True area on WGS84 in km2.
    #[must_use]
    pub fn area_km2(&self) -> f64 {
        planar_area_km2(&self.shape)
    }

    /// West, south, east and north in degrees.
    #[must_use]
    pub fn bounds_degrees(&self) -> [f64; 4] {
        self.shape.bounds().map_or([0.0; 4], |(low, high)| {
            [
                low.lon_degrees,
                low.lat_degrees,
                high.lon_degrees,
                high.lat_degrees,
            ]
        })
    }

    /// True area in km2 that both outlines hold.
    ///
    /// # Errors
    /// [`OutlineError::Shape`] when GEOS cannot finish.
    pub fn shared_km2(&self, other: &Self) -> Result<f64, OutlineError> {
        let (a, b) = (geometry(&self.shape)?, geometry(&other.shape)?);
        gdal_log::clear();
        let shared = a.intersection(&b).ok_or_else(|| shape("intersection"))?;
        Ok(planar_area_km2(&lonlat_polygons(&shared)))
    }

    /// The polygons.
    #[must_use]
    pub fn shape(&self) -> &MultiPolygon {
        &self.shape
    }
}

/// The first few of many names.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// What GEOS said of an operation that it did not finish.
fn shape(operation: &str) -> OutlineError {
    OutlineError::Shape(gdal_log::take().unwrap_or_else(|| operation.to_owned()))
}

fn from_gdal(error: &GdalError) -> OutlineError {
    OutlineError::Shape(error.to_string())
}

/// As a valid geometry: a polygon that was cut at 180 degrees may touch itself there.
fn valid(polygons: &MultiPolygon) -> Result<Geometry, OutlineError> {
    let whole = geometry(polygons)?;
    if whole.is_valid() {
        return Ok(whole);
    }
    whole
        .make_valid(&gdal::cpl::CslStringList::new())
        .map_err(|error| from_gdal(&error))
}

/// As a MultiPolygon of GDAL, with every ring closed.
fn geometry(polygons: &MultiPolygon) -> Result<Geometry, OutlineError> {
    let build = || {
        let mut whole = Geometry::empty(OGRwkbGeometryType::wkbMultiPolygon)?;
        for polygon in &polygons.polygons {
            let mut part = Geometry::empty(OGRwkbGeometryType::wkbPolygon)?;
            for ring in std::iter::once(&polygon.exterior).chain(&polygon.holes) {
                let mut line = Geometry::empty(OGRwkbGeometryType::wkbLinearRing)?;
                for vertex in ring {
                    line.add_point_2d((vertex.lon_degrees, vertex.lat_degrees));
                }
                if ring.first() != ring.last()
                    && let Some(first) = ring.first()
                {
                    line.add_point_2d((first.lon_degrees, first.lat_degrees));
                }
                part.add_geometry(line)?;
            }
            whole.add_geometry(part)?;
        }
        Ok(whole)
    };
    build().map_err(|error: GdalError| from_gdal(&error))
}

/// The polygons of a geometry; lines and points where two shapes only touch
/// hold no ground.
fn lonlat_polygons(geometry: &Geometry) -> MultiPolygon {
    let mut polygons = Vec::new();
    collect(geometry, &mut polygons);
    MultiPolygon { polygons }
}

fn collect(geometry: &Geometry, polygons: &mut Vec<Polygon>) {
    match geometry_type_flatten(geometry.geometry_type()) {
        OGRwkbGeometryType::wkbPolygon => {
            let mut rings = rings(geometry).into_iter().map(|ring| {
                ring.into_iter()
                    .map(|(lon_degrees, lat_degrees)| LonLat {
                        lon_degrees,
                        lat_degrees,
                    })
                    .collect()
            });
            if let Some(exterior) = rings.next() {
                let holes = rings.collect();
                polygons.push(Polygon { exterior, holes });
            }
        }
        OGRwkbGeometryType::wkbMultiPolygon | OGRwkbGeometryType::wkbGeometryCollection => {
            for index in 0..geometry.geometry_count() {
                collect(&geometry.get_geometry(index), polygons);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use nutag_grid::area_between_parallels_m2;

    use super::*;

    fn box_of(west: f64, south: f64, east: f64, north: f64) -> Outline {
        let ring = [(west, south), (east, south), (east, north), (west, north)];
        Outline::new(MultiPolygon::from_ring(&ring)).unwrap()
    }

    #[test]
    fn shared_ground_of_boxes_is_the_closed_form() {
        let (a, b) = (
            box_of(100.0, 45.0, 104.0, 48.0),
            box_of(102.5, 46.0, 110.0, 50.0),
        );
        let expected = area_between_parallels_m2(46.0, 48.0, 1.5) / 1e6;
        let shared = a.shared_km2(&b).unwrap();
        assert!(
            (shared / expected - 1.0).abs() < 1e-12,
            "{shared} {expected}"
        );
        assert_eq!(shared, b.shared_km2(&a).unwrap());
        let whole = area_between_parallels_m2(45.0, 48.0, 4.0) / 1e6;
        assert!((a.area_km2() / whole - 1.0).abs() < 1e-12);
        assert!((a.shared_km2(&a).unwrap() / whole - 1.0).abs() < 1e-12);
    }

    #[test]
    fn neighbours_share_a_border_and_no_ground() {
        let a = box_of(100.0, 45.0, 104.1, 48.0);
        assert_eq!(
            a.shared_km2(&box_of(104.1, 45.0, 106.0, 48.0)).unwrap(),
            0.0
        );
        assert_eq!(
            a.shared_km2(&box_of(104.1, 48.0, 106.0, 49.0)).unwrap(),
            0.0
        );
        assert_eq!(a.shared_km2(&box_of(-10.0, 0.0, -9.0, 1.0)).unwrap(), 0.0);
    }

    #[test]
    fn bytes_keep_every_bit() {
        let a = box_of(100.0 + 1.0 / 3.0, 45.0, 104.1, 47.123_456_789_012_3);
        let back = Outline::from_wkb(&a.to_wkb().unwrap()).unwrap();
        assert_eq!(back.to_wkb().unwrap(), a.to_wkb().unwrap());
        assert_eq!(back.area_km2(), a.area_km2());
        assert!(Outline::from_wkb(b"no outline").is_err());
    }

    #[test]
    fn a_shape_that_crosses_itself_is_refused_with_the_place() {
        let bow = MultiPolygon::from_ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]);
        let error = Outline::new(bow).unwrap_err().to_string();
        assert!(error.contains("0.5 0.5"), "{error}");
    }

    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("area.geojson");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn feature(name: &str, west: f64, east: f64) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},0],[{east},0],[{east},1],[{west},1],[{west},0]]]}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            features.join(",")
        )
    }

    #[test]
    fn one_place_has_one_name() {
        let (_a, east) = file(&collection(&[feature("a", 170.0, 200.0)]));
        let (_b, west) = file(&collection(&[feature("a", -170.0, -160.0)]));
        let east = Outline::read(&east, None, Select::Only).unwrap();
        let west = Outline::read(&west, None, Select::Only).unwrap();
        let whole = area_between_parallels_m2(0.0, 1.0, 30.0) / 1e6;
        assert!((east.area_km2() / whole - 1.0).abs() < 1e-12);
        let third = area_between_parallels_m2(0.0, 1.0, 10.0) / 1e6;
        assert!((east.shared_km2(&west).unwrap() / third - 1.0).abs() < 1e-12);
    }

    #[test]
    fn which_feature_is_meant_is_not_guessed() {
        let (_folder, path) = file(&collection(&[
            feature("a", 0.0, 1.0),
            feature("b", 1.0, 2.0),
            feature("b", 1.5, 3.0),
        ]));
        let error = Outline::read(&path, None, Select::Only).unwrap_err();
        assert!(error.to_string().contains("found 3"), "{error}");
        let select = |value| Select::Value {
            attribute: "name",
            value,
        };
        let error = Outline::read(&path, None, select("c")).unwrap_err();
        assert!(error.to_string().contains("\"a\", \"b\""), "{error}");
        // Features that overlap each other count their ground once.
        let b = Outline::read(&path, None, select("b")).unwrap();
        let expected = area_between_parallels_m2(0.0, 1.0, 2.0) / 1e6;
        assert!((b.area_km2() / expected - 1.0).abs() < 1e-12);
    }
}
