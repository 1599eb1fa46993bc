//! The projections of the maps beside PROJ, and what makes them equal-area.

use nutag_grid::{LonLat, area_between_parallels_m2};
use nutag_report::draw::{EqualArea, LonLatBox};

const REFERENCE: &str = include_str!("reference/projections.csv");

fn place(lon_degrees: f64, lat_degrees: f64) -> LonLat {
    LonLat {
        lon_degrees,
        lat_degrees,
    }
}

fn east(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

#[test]
fn places_are_where_proj_puts_them_and_come_back() {
    let mut lines = REFERENCE.lines().skip_while(|line| line.starts_with('#'));
    assert_eq!(
        lines.next(),
        Some("projection,lon0,p1,p2,p3,lon,lat,x_m,y_m")
    );
    let mut checked = 0;
    for line in lines {
        let (name, numbers) = line.split_once(',').unwrap();
        let numbers: Vec<f64> = numbers.split(',').map(|n| n.parse().unwrap()).collect();
        let &[lon0, p1, p2, p3, lon, lat, x, y] = numbers.as_slice() else {
            panic!("{line}");
        };
        let projection = match name {
            "albers" => EqualArea::albers(lon0, p1, p2, p3),
            "azimuthal" => EqualArea::azimuthal(lon0, p1),
            "cylindrical" => EqualArea::cylindrical(lon0, p1),
            other => panic!("{other}"),
        };
        let (px, py) = projection.forward(place(lon, lat)).unwrap();
        assert!(
            (px - x).abs() < 1e-3 && (py - y).abs() < 1e-3,
            "{line}: {px} {py}"
        );
        let back = projection.inverse(x, y).unwrap();
        assert!(
            east(back.lon_degrees - lon).abs() < 1e-8,
            "{line}: {back:?}"
        );
        assert!((back.lat_degrees - lat).abs() < 1e-8, "{line}: {back:?}");
        checked += 1;
    }
    assert_eq!(checked, 81);
}

/// Area inside the picture of a box of longitudes and latitudes, by the shoelace formula on a densely
/// divided outline.
fn projected_area(projection: EqualArea, area: LonLatBox) -> f64 {
    let steps = 400;
    let share = |i: i32| f64::from(i) / f64::from(steps);
    let lon = |s: f64| area.west_degrees + (area.east_degrees - area.west_degrees) * s;
    let lat = |s: f64| area.south_degrees + (area.north_degrees - area.south_degrees) * s;
    let outline: Vec<(f64, f64)> = (0..steps)
        .map(|i| place(lon(share(i)), lat(0.0)))
        .chain((0..steps).map(|i| place(lon(1.0), lat(share(i)))))
        .chain((0..steps).map(|i| place(lon(1.0 - share(i)), lat(1.0))))
        .chain((0..steps).map(|i| place(lon(0.0), lat(1.0 - share(i)))))
        .map(|p| projection.forward(p).unwrap())
        .collect();
    let next = outline.iter().cycle().skip(1);
    let twice: f64 = outline
        .iter()
        .zip(next)
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum();
    twice / 2.0
}

#[test]
fn areas_are_those_of_the_ellipsoid() {
    let mongolia = LonLatBox {
        west_degrees: 87.7,
        south_degrees: 41.6,
        east_degrees: 119.9,
        north_degrees: 52.1,
    };
    for projection in [
        EqualArea::for_area(mongolia),
        EqualArea::azimuthal(100.0, 20.0),
        EqualArea::cylindrical(90.0, 30.0),
    ] {
        for (west, south) in [(88.0, 42.0), (104.0, 51.0), (118.0, 47.5), (100.0, 10.0)] {
            let area = LonLatBox {
                west_degrees: west,
                south_degrees: south,
                east_degrees: west + 1.5,
                north_degrees: south + 1.0,
            };
            let found = projected_area(projection, area);
            let expected = area_between_parallels_m2(south, south + 1.0, 1.5);
            assert!(
                (found / expected - 1.0).abs() < 1e-6,
                "{} {area:?}: {found} {expected}",
                projection.describe()
            );
        }
    }
}

#[test]
fn the_projection_follows_from_the_area() {
    let of = |west: f64, south: f64, east: f64, north: f64| {
        EqualArea::for_area(LonLatBox {
            west_degrees: west,
            south_degrees: south,
            east_degrees: east,
            north_degrees: north,
        })
        .describe()
    };
    assert_eq!(
        of(87.7, 41.6, 119.9, 52.1),
        "Albers equal-area conic, parallels 43.35° N and 50.35° N, centre 46.85° N 103.8° E"
    );
    assert!(
        of(12.0, -13.5, 31.0, 5.4).starts_with("Lambert azimuthal"),
        "Congo"
    );
    // A sixth of the extent inside each edge, as over Mongolia: 35 / 6 degrees.
    assert_eq!(
        of(-74.0, -56.0, -53.0, -21.0),
        "Albers equal-area conic, parallels 50.17° S and 26.83° S, centre 38.5° S 63.5° W"
    );
    assert!(
        of(-60.0, 60.0, -20.0, 84.0).starts_with("Lambert azimuthal"),
        "Greenland"
    );
    assert_eq!(
        of(-180.0, -90.0, 180.0, 90.0),
        "Lambert cylindrical equal-area, true at 30° N and S, centre 0° E"
    );
}

#[test]
fn what_is_outside_a_map_has_no_place() {
    let albers = EqualArea::albers(103.0, 47.0, 43.0, 51.0);
    assert_eq!(albers.inverse(0.0, 3e7), None);
    let azimuthal = EqualArea::azimuthal(0.0, 0.0);
    assert_eq!(azimuthal.forward(place(180.0, 0.0)), None);
    assert_eq!(azimuthal.inverse(1.3e7, 0.0), None);
    assert_eq!(azimuthal.forward(place(f64::NAN, 0.0)), None);
    let cylindrical = EqualArea::cylindrical(0.0, 30.0);
    assert_eq!(cylindrical.inverse(0.0, 1e7), None);
    assert_eq!(cylindrical.inverse(f64::NAN, 0.0), None);
}

#[test]
fn the_scale_is_near_one_where_the_map_is_true() {
    let albers = EqualArea::albers(103.0, 47.0, 43.0, 51.0);
    let scale = albers.ground_km_per_map_km(0.0, 0.0).unwrap();
    assert!((scale - 1.0).abs() < 0.005, "{scale}");
    // On the equator of Behrmann's map a kilometre is cos 30 degrees of one, nearly.
    let cylindrical = EqualArea::cylindrical(0.0, 30.0);
    let scale = cylindrical.ground_km_per_map_km(0.0, 0.0).unwrap();
    assert!(
        (scale - 1.0 / 30_f64.to_radians().cos()).abs() < 0.002,
        "{scale}"
    );
}
