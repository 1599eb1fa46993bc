//! Areas on the WGS84 ellipsoid between two parallels.
//!
//! On an ellipsoid with meridional radius of curvature `M` and prime vertical radius `N`, the area of
//! a strip is the integral of `M(phi) * N(phi) cos(phi) * width_in_longitude(phi)` over geodetic
//! latitude `phi` (Snyder 1987, *Map Projections: A Working Manual*, USGS PP 1395, pp. 13-17 and
//! 24-25). With `M N = a^2 (1 - e^2) / (1 - e^2 sin^2 phi)^2`.

/// Semi-major axis of WGS84 in metres (NIMA TR8350.2).
pub const WGS84_SEMI_MAJOR_M: f64 = 6_378_137.0;

/// Flattening of WGS84 (NIMA TR8350.2).
pub const WGS84_FLATTENING: f64 = 1.0 / 298.257_223_563;

/// First eccentricity squared of WGS84, `f (2 - f)`.
pub const WGS84_ECCENTRICITY_SQUARED: f64 = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING);

/// Positive nodes of the five-point Gauss-Legendre rule on -1..1 (Abramowitz and Stegun 25.4.30).
const NODES: [f64; 2] = [0.538_469_310_105_683_1, 0.906_179_845_938_664];
/// Weights of the middle node and of [`NODES`].
const WEIGHTS: [f64; 3] = [
    0.568_888_888_888_888_9,
    0.478_628_670_499_366_47,
    0.236_926_885_056_189_08,
];

/// Widest strip integrated in one go. The error of the rule on one degree of these integrands is
/// far below the rounding of `f64`.
const PANEL_RADIANS: f64 = 0.02;

/// Integral of `f` over `from..to`, in panels narrow enough for the rule to be exact to rounding.
fn integrate(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let panels = ((to - from) / PANEL_RADIANS).abs().ceil().max(1.0);
    let half = (to - from) / panels / 2.0;
    let mut sum = 0.0;
    let mut panel = 0.0;
    while panel < panels {
        let middle = from + half * (2.0 * panel + 1.0);
        let pair = |node: f64| f(middle - half * node) + f(middle + half * node);
        sum += WEIGHTS[0] * f(middle) + WEIGHTS[1] * pair(NODES[0]) + WEIGHTS[2] * pair(NODES[1]);
        panel += 1.0;
    }
    sum * half
}

/// `M N` at a geodetic latitude, in m2: the Gaussian radius of curvature squared.
fn curvature_m2(lat_radians: f64) -> f64 {
    let sin = libm::sin(lat_radians);
    let w2 = 1.0 - WGS84_ECCENTRICITY_SQUARED * sin * sin;
    WGS84_SEMI_MAJOR_M * WGS84_SEMI_MAJOR_M * (1.0 - WGS84_ECCENTRICITY_SQUARED) / (w2 * w2)
}

/// Area on WGS84, in m2, between the parallels `south_degrees` and `north_degrees` over a width of
/// `width_degrees` of longitude. Negative when the parallels are swapped.
///
/// Exact to the rounding of `f64` for narrow strips too, where the closed form
/// ([`authalic_area_between_parallels_m2`]) loses digits in a difference.
#[must_use]
pub fn area_between_parallels_m2(
    south_degrees: f64,
    north_degrees: f64,
    width_degrees: f64,
) -> f64 {
    let integral = integrate(
        south_degrees.to_radians(),
        north_degrees.to_radians(),
        |lat| curvature_m2(lat) * libm::cos(lat),
    );
    integral * width_degrees.to_radians()
}

/// The same area from the closed form of the authalic latitude (Snyder 1987, eq. 3-12).
#[must_use]
pub fn authalic_area_between_parallels_m2(
    south_degrees: f64,
    north_degrees: f64,
    width_degrees: f64,
) -> f64 {
    let e = WGS84_ECCENTRICITY_SQUARED.sqrt();
    let q = |lat_degrees: f64| {
        let sin = libm::sin(lat_degrees.to_radians());
        let e_sin = e * sin;
        (1.0 - e * e) * (sin / (1.0 - e_sin * e_sin) + libm::atanh(e_sin) / e)
    };
    let half_a2 = WGS84_SEMI_MAJOR_M * WGS84_SEMI_MAJOR_M / 2.0;
    half_a2 * (q(north_degrees) - q(south_degrees)) * width_degrees.to_radians()
}

/// Area on WGS84, in m2, of the part of the Earth that a sinusoidal map on a sphere of
/// `radius_m` draws between two latitudes as a strip `width_m` wide.
///
/// The map has `x = R lambda cos(phi)` with the geodetic latitude used as it is, so the strip spans
/// `width_m / (R cos(phi))` of longitude and its true area is `(width / R)` times the integral of `M N`:
/// larger than `width * R * (phi2 - phi1)`, its area on the sphere, by `M N / R^2` (about 0.26 % in
/// Mongolia).
#[must_use]
pub fn sinusoidal_strip_area_m2(
    south_degrees: f64,
    north_degrees: f64,
    width_m: f64,
    radius_m: f64,
) -> f64 {
    width_m / radius_m
        * integrate(
            south_degrees.to_radians(),
            north_degrees.to_radians(),
            curvature_m2,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_ellipsoid_has_its_published_area() {
        // 510,065,621.724 km2: Moritz 1980 gives 510,065,621 for the all but equal GRS80 ellipsoid.
        let area_km2 = area_between_parallels_m2(-90.0, 90.0, 360.0) / 1e6;
        assert!((area_km2 - 510_065_621.724_088).abs() < 1e-3, "{area_km2}");
    }

    #[test]
    fn quadrature_equals_the_closed_form() {
        let mut south = -90.0;
        while south < 90.0 {
            for height in [0.25, 1.0, 2.5, 10.0] {
                let north = f64::min(south + height, 90.0);
                let a = area_between_parallels_m2(south, north, 1.0);
                let b = authalic_area_between_parallels_m2(south, north, 1.0);
                // The closed form is a difference of numbers near 4e13 m2 per radian.
                assert!(
                    (a - b).abs() < 1e-11 * b.abs() + 0.01,
                    "{south}..{north}: {a} {b}"
                );
            }
            south += 0.25;
        }
    }

    #[test]
    fn a_narrow_strip_is_as_exact_as_a_wide_one() {
        // A thousand rows of 0.001 degrees are one of 1 degree.
        let wide = area_between_parallels_m2(47.0, 48.0, 1.0);
        let edge = |i: i32| 47.0 + f64::from(i) / 1000.0;
        let narrow: f64 = (0..1000)
            .map(|i| area_between_parallels_m2(edge(i), edge(i + 1), 1.0))
            .sum();
        assert!((wide / narrow - 1.0).abs() < 1e-12, "{wide} {narrow}");
    }

    #[test]
    fn swapped_parallels_change_the_sign() {
        let up = sinusoidal_strip_area_m2(10.0, 11.0, 1000.0, 6_371_007.181);
        assert_eq!(
            sinusoidal_strip_area_m2(11.0, 10.0, 1000.0, 6_371_007.181),
            -up
        );
        assert!(up > 0.0);
    }
}
