//! From a geometry of a file to rings of polygons, or what is wrong with it and what to do.

use gdal::vector::{
    Geometry, OGRwkbGeometryType as Kind, geometry_type_flatten, geometry_type_to_name,
};

use super::lonlat::PlanarPolygon;
use crate::gdal_log;

/// What is wrong with a geometry.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is none, or of another kind.
    NotPolygon {
        /// What it is.
        found: String,
        /// What makes polygons of it.
        remedy: Remedy,
    },
    /// Its rings cross or nest wrongly; what GEOS says, with the place.
    Invalid(String),
}

/// What makes polygons of what is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Arcs must be drawn as lines.
    Straighten,
    /// What holds no ground must be taken out of a collection.
    TakeOut,
    /// The feature must go, or get its polygon.
    LeaveOut,
}

/// The rings of a polygon, of a collection of polygons, or of surfaces with straight edges. Every ring is
/// closed: one whose last point is not its first means the same ground.
pub(super) fn polygons(geometry: Option<&Geometry>) -> Result<Vec<PlanarPolygon>, Fault> {
    let none = || Fault::NotPolygon {
        found: "no geometry".to_owned(),
        remedy: Remedy::LeaveOut,
    };
    let geometry = geometry.ok_or_else(none)?;
    let kind = geometry.geometry_type();
    if kind == Kind::wkbUnknown {
        // What GDAL says of a null geometry; no real one is of this kind.
        return Err(none());
    }
    let name = geometry_type_to_name(kind);
    if geometry.is_empty() {
        return Err(Fault::NotPolygon {
            found: format!("an empty {name}"),
            remedy: Remedy::LeaveOut,
        });
    }
    let mut polygons = Vec::new();
    collect(geometry, &mut polygons).map_err(|(inner, remedy)| Fault::NotPolygon {
        found: if inner == name {
            name
        } else {
            format!("a {name} with a {inner}")
        },
        remedy,
    })?;
    let mut was_open = false;
    for ring in polygons.iter_mut().flatten() {
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
            was_open = true;
        }
    }
    gdal_log::clear();
    let plain = matches!(
        geometry_type_flatten(kind),
        Kind::wkbPolygon | Kind::wkbMultiPolygon
    );
    let valid = if plain && !was_open {
        geometry.is_valid()
    } else {
        let whole = whole(&polygons).map_err(|error| Fault::Invalid(error.to_string()))?;
        gdal_log::clear();
        whole.is_valid()
    };
    if valid {
        return Ok(polygons);
    }
    // GEOS tells the reason and the place through GDAL's messages.
    let reason = gdal_log::take().unwrap_or_else(|| "rings cross or touch wrongly".to_owned());
    Err(Fault::Invalid(reason))
}

/// Adds the polygons of a geometry, or says the kind of the first part that is none.
fn collect(geometry: &Geometry, polygons: &mut Vec<PlanarPolygon>) -> Result<(), (String, Remedy)> {
    let kind = geometry.geometry_type();
    match geometry_type_flatten(kind) {
        Kind::wkbPolygon | Kind::wkbTriangle => polygons.push(rings(geometry)),
        Kind::wkbCurvePolygon => {
            for index in 0..geometry.geometry_count() {
                let ring = geometry.get_geometry(index).geometry_type();
                if !matches!(
                    geometry_type_flatten(ring),
                    Kind::wkbLineString | Kind::wkbLinearRing
                ) {
                    return Err((geometry_type_to_name(kind), Remedy::Straighten));
                }
            }
            polygons.push(rings(geometry));
        }
        Kind::wkbMultiPolygon | Kind::wkbMultiSurface | Kind::wkbGeometryCollection => {
            for index in 0..geometry.geometry_count() {
                let part = geometry.get_geometry(index);
                if !part.is_empty() {
                    collect(&part, polygons)?;
                }
            }
        }
        Kind::wkbCircularString | Kind::wkbCompoundCurve | Kind::wkbMultiCurve => {
            return Err((geometry_type_to_name(kind), Remedy::Straighten));
        }
        _ => return Err((geometry_type_to_name(kind), Remedy::TakeOut)),
    }
    Ok(())
}

/// The rings of a polygon as the file has them; the first is the outline.
pub(super) fn rings(polygon: &Geometry) -> PlanarPolygon {
    (0..polygon.geometry_count())
        .map(|index| {
            let mut points = Vec::new();
            polygon.get_geometry(index).get_points(&mut points);
            points.into_iter().map(|(x, y, _)| (x, y)).collect()
        })
        .collect()
}

/// The polygons as one geometry of GDAL.
fn whole(polygons: &[PlanarPolygon]) -> gdal::errors::Result<Geometry> {
    let mut whole = Geometry::empty(Kind::wkbMultiPolygon)?;
    for polygon in polygons {
        let mut part = Geometry::empty(Kind::wkbPolygon)?;
        for ring in polygon {
            let mut line = Geometry::empty(Kind::wkbLinearRing)?;
            for &point in ring {
                line.add_point_2d(point);
            }
            part.add_geometry(line)?;
        }
        whole.add_geometry(part)?;
    }
    Ok(whole)
}
