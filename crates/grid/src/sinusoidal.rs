//! The MODIS sinusoidal grid: its sphere, its tiles and what a granule says its corners are.
//!
//! Sources: MODIS Land Team, "MODIS grids" (modis-land.gsfc.nasa.gov), and the `StructMetadata.0` of
//! MOD10A2, MOD13A2, MOD09GA, MCD43A3 and MCD15A2 granules.

use crate::TileId;

/// Radius, in metres, of the sphere the MODIS grid is drawn on (`ProjParams` of every granule).
pub const MODIS_SPHERE_RADIUS_M: f64 = 6_371_007.181;

/// Half the width of the MODIS grid in metres, as granules store it. The exact half circumference
/// `pi * R` is 1.8 mm more; whole granules follow the stored number.
pub const MODIS_HALF_WIDTH_M: f64 = 20_015_109.354;

/// Number of tiles from west to east.
pub const MODIS_TILES_EAST: usize = 36;

/// Number of tiles from north to south.
pub const MODIS_TILES_DOWN: usize = 18;

/// Side of a tile in metres (10 degrees of latitude): 1111950.519666667.
pub const MODIS_TILE_SIDE_M: f64 = MODIS_HALF_WIDTH_M / 18.0;

/// How far, in metres, a stored corner may lie from the nominal one. Three roundings of the corners
/// are in use and differ by up to 2 mm; a tenth of the smallest cell (250 m products) is 23 m.
pub const CORNER_TOLERANCE_M: f64 = 1.0;

/// PROJ string of the MODIS sinusoidal map. Not ESRI:54008 (on the ellipsoid, 51 cells off in
/// Mongolia) and not ESRI:53008 (another sphere).
pub const SINUSOIDAL_PROJ: &str =
    "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs";

/// The same as OGC WKT 1, for writers that want WKT.
pub const SINUSOIDAL_WKT: &str = concat!(
    r#"PROJCS["MODIS Sinusoidal",GEOGCS["MODIS sphere",DATUM["Not specified (based on MODIS sphere)","#,
    r#"SPHEROID["MODIS sphere",6371007.181,0]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],"#,
    r#"PROJECTION["Sinusoidal"],PARAMETER["longitude_of_center",0],PARAMETER["false_easting",0],"#,
    r#"PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]"#
);

/// The outer upper-left and lower-right corners `(x, y)` of a tile in metres, in the convention that
/// most granules store.
#[must_use]
pub fn tile_corners_m(tile: TileId) -> ((f64, f64), (f64, f64)) {
    let x = |h: u8| (f64::from(h) - 18.0) * MODIS_TILE_SIDE_M;
    let y = |v: u8| (9.0 - f64::from(v)) * MODIS_TILE_SIDE_M;
    (
        (x(tile.h()), y(tile.v())),
        (x(tile.h() + 1), y(tile.v() + 1)),
    )
}

/// Whether stored outer corners `(x, y)` in metres are those of `tile`, whichever rounding the
/// producer used, and not those of a subset or of another tile.
#[must_use]
pub fn corners_match(tile: TileId, upper_left_m: (f64, f64), lower_right_m: (f64, f64)) -> bool {
    let (upper_left, lower_right) = tile_corners_m(tile);
    let near = |a: (f64, f64), b: (f64, f64)| {
        (a.0 - b.0).abs() <= CORNER_TOLERANCE_M && (a.1 - b.1).abs() <= CORNER_TOLERANCE_M
    };
    near(upper_left, upper_left_m) && near(lower_right, lower_right_m)
}

/// Forward projection: degrees to `(x, y)` in metres. The geodetic latitude is used unchanged.
pub(crate) fn forward(lon_degrees: f64, lat_degrees: f64) -> (f64, f64) {
    let lat = lat_degrees.to_radians();
    (
        MODIS_SPHERE_RADIUS_M * lon_degrees.to_radians() * libm::cos(lat),
        MODIS_SPHERE_RADIUS_M * lat,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(name: &str) -> TileId {
        name.parse().unwrap()
    }

    #[test]
    fn forward_equals_proj() {
        // PROJ 9.1: echo 106.9 47.9 | proj -f %.6f +proj=sinu +R=6371007.181
        let (x, y) = forward(106.9, 47.9);
        assert!(
            (x - 7_969_194.321_083).abs() < 1e-6 && (y - 5_326_242.989_681).abs() < 1e-6,
            "{x} {y}"
        );
    }

    #[test]
    fn corners_of_tiles_over_mongolia() {
        let (upper_left, lower_right) = tile_corners_m(tile("h23v04"));
        assert!((upper_left.0 - 5_559_752.598_333).abs() < 1e-6);
        assert!((upper_left.1 - 5_559_752.598_333).abs() < 1e-6);
        assert!((lower_right.0 - 6_671_703.118).abs() < 1e-6);
        assert!((lower_right.1 - 4_447_802.078_667).abs() < 1e-6);
    }

    #[test]
    fn all_three_roundings_match() {
        // UL and LR as stored by MOD10A2 h09v05, by the convention of MOD11B2, by the ancillary DEM.
        let name = tile("h09v05");
        for side in [
            1_111_950.519_666_667,
            1_111_950.519_766_523_3,
            1_111_950.519_720,
        ] {
            assert!(corners_match(
                name,
                (-9.0 * side, 4.0 * side),
                (-8.0 * side, 3.0 * side)
            ));
        }
        assert!(corners_match(
            name,
            (-10_007_554.677, 4_447_802.078_667),
            (-8_895_604.157_333, 3_335_851.559)
        ));
    }

    #[test]
    fn a_subset_a_neighbour_and_a_shift_do_not() {
        // MOD09A1 h18v04 cut to 66 x 73 cells: UL of the subset, LR 73 x 66 cells further.
        let subset = (
            (753_346.477, 5_132_114.961),
            (
                753_346.477 + 73.0 * 463.312_7,
                5_132_114.961 - 66.0 * 463.312_7,
            ),
        );
        assert!(!corners_match(tile("h18v04"), subset.0, subset.1));
        let (upper_left, lower_right) = tile_corners_m(tile("h18v04"));
        assert!(!corners_match(tile("h19v04"), upper_left, lower_right));
        let tenth_of_250_m = 23.0;
        assert!(!corners_match(
            tile("h18v04"),
            (upper_left.0 + tenth_of_250_m, upper_left.1),
            lower_right
        ));
        assert!(!corners_match(
            tile("h18v04"),
            upper_left,
            (lower_right.0, f64::NAN)
        ));
    }
}
