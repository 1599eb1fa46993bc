//! Rings cut by meridians and parallels, and their area on the ellipsoid.
//!
//! The area inside a ring is a line integral: with `F(phi)` the area of a strip one unit of longitude wide
//! from a fixed parallel up to `phi`, it is `- sum over sides of the integral of F d(lambda)`, positive for
//! a ring that turns left (Green's theorem). Along a straight side latitude runs linearly with
//! longitude, so the integral is the width of the side times the mean of `F` over its latitudes.

use crate::LonLat;
use crate::earth::authalic_area_between_parallels_m2;

/// Positive nodes of the five-point Gauss-Legendre rule on -1..1 (Abramowitz and Stegun 25.4.30).
const NODES: [f64; 2] = [0.538_469_310_105_683_1, 0.906_179_845_938_664];
/// Weights of the middle node and of [`NODES`], halved: they sum to one.
const WEIGHTS: [f64; 3] = [
    0.284_444_444_444_444_45,
    0.239_314_335_249_683_23,
    0.118_463_442_528_094_54,
];

/// Widest span of latitude integrated in one go; the rule's error on it is far below rounding.
const PANEL_DEGREES: f64 = 3.0;

/// Which side of a line is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep {
    East(f64),
    West(f64),
    North(f64),
    South(f64),
}

impl Keep {
    /// How far inside a vertex lies, in degrees; negative outside.
    fn inside(self, at: LonLat) -> f64 {
        match self {
            Self::East(lon) => at.lon_degrees - lon,
            Self::West(lon) => lon - at.lon_degrees,
            Self::North(lat) => at.lat_degrees - lat,
            Self::South(lat) => lat - at.lat_degrees,
        }
    }

    /// Where the side from `a` to `b` meets the line. Computed from the smaller vertex, so that the
    /// two rings that share a side meet the line at the same place to the bit.
    fn crossing(self, a: LonLat, b: LonLat) -> LonLat {
        let key = |v: LonLat| (v.lon_degrees, v.lat_degrees);
        let (a, b) = if key(a) <= key(b) { (a, b) } else { (b, a) };
        let share = self.inside(a) / (self.inside(a) - self.inside(b));
        let lon_degrees = a.lon_degrees + share * (b.lon_degrees - a.lon_degrees);
        let lat_degrees = a.lat_degrees + share * (b.lat_degrees - a.lat_degrees);
        match self {
            Self::East(lon) | Self::West(lon) => LonLat {
                lon_degrees: lon,
                lat_degrees,
            },
            Self::North(lat) | Self::South(lat) => LonLat {
                lon_degrees,
                lat_degrees: lat,
            },
        }
    }
}

/// The part of a ring on one side of a line (Sutherland and Hodgman 1974, CACM 17, 32-42). A concave
/// ring that falls apart stays one ring, joined along the line; what is walked there twice in
/// opposite directions has no area.
pub(super) fn clip(ring: &[LonLat], keep: Keep) -> Vec<LonLat> {
    let mut out = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else {
        return out;
    };
    let mut before = last;
    for &vertex in ring {
        let (was, is) = (keep.inside(before), keep.inside(vertex));
        if (was < 0.0 && is > 0.0) || (was > 0.0 && is < 0.0) {
            out.push(keep.crossing(before, vertex));
        }
        if is >= 0.0 {
            out.push(vertex);
        }
        before = vertex;
    }
    out
}

/// Signed area of a ring on WGS84 in m2, positive when it turns left. The last vertex may repeat the
/// first or not.
pub(super) fn signed_area_m2(ring: &[LonLat]) -> f64 {
    let Some(&last) = ring.last() else {
        return 0.0;
    };
    // Strips are counted from a parallel of the ring itself: sides along it give exactly nothing,
    // and small rings keep their digits.
    let base = ring
        .iter()
        .fold(f64::INFINITY, |low, vertex| low.min(vertex.lat_degrees));
    let mut before = last;
    let mut sum = 0.0;
    for &vertex in ring {
        let width = before.lon_degrees - vertex.lon_degrees;
        if width != 0.0 {
            sum += width * mean_strip_m2(base, before.lat_degrees, vertex.lat_degrees);
        }
        before = vertex;
    }
    sum
}

/// Mean over the latitudes from `a` to `b` of the area, in m2, of a strip one degree wide from `base` up.
fn mean_strip_m2(base: f64, a: f64, b: f64) -> f64 {
    let strip = |lat: f64| authalic_area_between_parallels_m2(base, lat, 1.0);
    if a == b {
        return strip(a);
    }
    let (low, high) = (a.min(b), a.max(b));
    let panels = ((high - low) / PANEL_DEGREES).ceil().max(1.0);
    let half = (high - low) / panels / 2.0;
    let mut sum = 0.0;
    let mut panel = 0.0;
    while panel < panels {
        let middle = low + half * (2.0 * panel + 1.0);
        let pair = |node: f64| strip(middle - half * node) + strip(middle + half * node);
        sum +=
            WEIGHTS[0] * strip(middle) + WEIGHTS[1] * pair(NODES[0]) + WEIGHTS[2] * pair(NODES[1]);
        panel += 1.0;
    }
    sum / panels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area_between_parallels_m2;

    fn ring(vertices: &[(f64, f64)]) -> Vec<LonLat> {
        vertices
            .iter()
            .map(|&(lon_degrees, lat_degrees)| LonLat {
                lon_degrees,
                lat_degrees,
            })
            .collect()
    }

    #[test]
    fn a_cell_has_the_area_between_its_parallels() {
        for south in [-90.0, -2.5, 0.0, 45.0, 87.5] {
            let cell = ring(&[
                (10.0, south),
                (12.5, south),
                (12.5, south + 2.5),
                (10.0, south + 2.5),
            ]);
            let expected = area_between_parallels_m2(south, south + 2.5, 2.5);
            let got = signed_area_m2(&cell);
            assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected}");
            let backwards: Vec<LonLat> = cell.iter().rev().copied().collect();
            assert!((signed_area_m2(&backwards) / got + 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn a_diagonal_has_the_area_of_fine_steps() {
        // Under the diagonal from (0, 40) to (10, 50): 100,000 steps by the middle rule.
        let triangle = ring(&[(0.0, 40.0), (10.0, 40.0), (10.0, 50.0)]);
        let steps = 100_000;
        let sum: f64 = (0..steps)
            .map(|i| {
                let lat = 40.0 + 10.0 * (f64::from(i) + 0.5) / f64::from(steps);
                area_between_parallels_m2(40.0, lat, 10.0 / f64::from(steps))
            })
            .sum();
        assert!((signed_area_m2(&triangle) / sum - 1.0).abs() < 1e-10);
    }

    #[test]
    fn a_concave_ring_that_falls_apart_keeps_its_area() {
        // A U: two arms above 1 N, joined below.
        let u = ring(&[
            (0.0, 0.0),
            (3.0, 0.0),
            (3.0, 2.0),
            (2.0, 2.0),
            (2.0, 1.0),
            (1.0, 1.0),
            (1.0, 2.0),
            (0.0, 2.0),
        ]);
        let arms = clip(&u, Keep::North(1.0));
        let expected = area_between_parallels_m2(1.0, 2.0, 2.0);
        assert!((signed_area_m2(&arms) / expected - 1.0).abs() < 1e-12);
        let foot = clip(&u, Keep::South(1.0));
        assert!(
            (signed_area_m2(&foot) / area_between_parallels_m2(0.0, 1.0, 3.0) - 1.0).abs() < 1e-12
        );
        let west = clip(&u, Keep::West(0.5));
        assert!(
            (signed_area_m2(&west) / area_between_parallels_m2(0.0, 2.0, 0.5) - 1.0).abs() < 1e-12
        );
        assert!(clip(&u, Keep::East(5.0)).is_empty());
    }
}
