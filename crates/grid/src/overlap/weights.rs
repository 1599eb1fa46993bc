//! Areas shared with coarse cells.

use std::collections::BTreeMap;

use super::LonLatCells;
use super::clip::{Keep, clip, signed_area_m2};
use crate::{LonLat, MultiPolygon};

/// What a coarse cell shares with an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellWeight {
    /// `row * cols + col` of the cell.
    pub cell: usize,
    /// The shared area in km2, above zero.
    pub area_km2: f64,
}

/// What an area shares with each coarse cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Cells that share something, by index.
    pub cells: Vec<CellWeight>,
    /// The whole area in km2, with what lies outside the grid.
    pub area_km2: f64,
}

impl Weights {
    /// Area shared with cells of the grid, in km2.
    #[must_use]
    pub fn covered_km2(&self) -> f64 {
        self.cells.iter().map(|cell| cell.area_km2).sum()
    }
}

/// Shared areas below this are the rounding of a side that runs along an edge: 1 m2.
const LEAST_KM2: f64 = 1e-6;

/// Area of a polygon on WGS84 in km2 with straight sides in longitude and latitude: outlines minus
/// holes. Differs from [`MultiPolygon::geodesic_area_km2`] by the bend of long sides.
#[must_use]
pub fn planar_area_km2(shape: &MultiPolygon) -> f64 {
    signed_rings(shape)
        .map(|(ring, sign)| sign * signed_area_m2(ring))
        .sum::<f64>()
        / 1e6
}

/// The area, on WGS84, that a polygon shares with each cell.
///
/// Exact but for rounding: rings are cut by the edges of the cells and integrated along their sides
/// with five-point Gauss-Legendre steps. The shares of a grid that covers the polygon sum to its area
/// within about 1e-12. Longitudes count modulo 360, so a polygon at -170..-160 finds its cells in a
/// grid of 0..360 and one that crosses the edge of the grid finds both sides.
///
/// Parts must not overlap each other.
#[must_use]
pub fn polygon_weights(cells: &LonLatCells, shape: &MultiPolygon) -> Weights {
    let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
    for (ring, sign) in signed_rings(shape) {
        for turn in [-360.0, 0.0, 360.0] {
            let turned: Vec<LonLat> = ring
                .iter()
                .map(|vertex| LonLat {
                    lon_degrees: vertex.lon_degrees + turn,
                    ..*vertex
                })
                .collect();
            add_ring(cells, &turned, sign, &mut shares);
        }
    }
    Weights {
        cells: collect(shares.into_iter().map(|(cell, m2)| (cell, m2 / 1e6))),
        area_km2: planar_area_km2(shape),
    }
}

/// The area of small cells, gathered by the coarse cell that holds their centre.
///
/// Areas are whole square centimetres and summed as such, so neither the order nor the grouping of the small
/// cells matters. With small cells of 1 km, a coarse cell's share is off by at most half a small cell along
/// its edges.
#[derive(Debug, Clone)]
pub struct SmallCells<'a> {
    cells: &'a LonLatCells,
    shares_cm2: BTreeMap<usize, u128>,
    total_cm2: u128,
}

impl<'a> SmallCells<'a> {
    /// Nothing gathered yet.
    #[must_use]
    pub fn new(cells: &'a LonLatCells) -> Self {
        Self {
            cells,
            shares_cm2: BTreeMap::new(),
            total_cm2: 0,
        }
    }

    /// Adds one small cell.
    pub fn add(&mut self, centre: LonLat, area_cm2: u64) {
        self.total_cm2 += u128::from(area_cm2);
        if let Some((row, col)) = self.cells.cell_at(centre) {
            *self
                .shares_cm2
                .entry(row * self.cells.cols() + col)
                .or_default() += u128::from(area_cm2);
        }
    }

    /// What was gathered.
    #[must_use]
    pub fn weights(self) -> Weights {
        let km2 = |cm2: u128| cm2 as f64 / 1e10;
        Weights {
            cells: collect(
                self.shares_cm2
                    .into_iter()
                    .map(|(cell, cm2)| (cell, km2(cm2))),
            ),
            area_km2: km2(self.total_cm2),
        }
    }
}

fn collect(shares: impl Iterator<Item = (usize, f64)>) -> Vec<CellWeight> {
    shares
        .filter(|(_, area_km2)| *area_km2 >= LEAST_KM2)
        .map(|(cell, area_km2)| CellWeight { cell, area_km2 })
        .collect()
}

/// Every ring with the sign that makes outlines count and holes count against.
fn signed_rings(shape: &MultiPolygon) -> impl Iterator<Item = (&[LonLat], f64)> {
    shape.polygons.iter().flat_map(|polygon| {
        let outline = std::iter::once((polygon.exterior.as_slice(), 1.0));
        let holes = polygon.holes.iter().map(|ring| (ring.as_slice(), -1.0));
        outline.chain(holes).map(|(ring, role)| {
            let sign = if signed_area_m2(ring) < 0.0 {
                -role
            } else {
                role
            };
            (ring, sign)
        })
    })
}

/// Adds what one ring shares with each cell, in m2: first cut into rows, then each row into columns.
fn add_ring(cells: &LonLatCells, ring: &[LonLat], sign: f64, shares: &mut BTreeMap<usize, f64>) {
    let (lon_edges, lat_edges) = (cells.lon_edges_degrees(), cells.lat_edges_degrees());
    let Some((west, east)) = range(ring, |v| v.lon_degrees) else {
        return;
    };
    if east <= lon_edges[0] || west >= lon_edges[cells.cols()] {
        return;
    }
    for row in 0..cells.rows() {
        let band = clip(ring, Keep::South(lat_edges[row]));
        let band = clip(&band, Keep::North(lat_edges[row + 1]));
        let Some((west, east)) = range(&band, |v| v.lon_degrees) else {
            continue;
        };
        let first = lon_edges
            .partition_point(|edge| *edge <= west)
            .saturating_sub(1);
        for col in first..cells.cols() {
            if lon_edges[col] >= east {
                break;
            }
            let part = clip(&band, Keep::East(lon_edges[col]));
            let part = clip(&part, Keep::West(lon_edges[col + 1]));
            let area_m2 = sign * signed_area_m2(&part);
            if area_m2 != 0.0 {
                *shares.entry(row * cells.cols() + col).or_default() += area_m2;
            }
        }
    }
}

fn range(ring: &[LonLat], of: fn(&LonLat) -> f64) -> Option<(f64, f64)> {
    let first = of(ring.first()?);
    Some(ring.iter().fold((first, first), |(low, high), vertex| {
        (low.min(of(vertex)), high.max(of(vertex)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use proptest::prelude::*;

    fn gosat() -> LonLatCells {
        LonLatCells::regular(-180.0, 90.0, 2.5, 2.5, Shape::new(72, 144).unwrap()).unwrap()
    }

    #[test]
    fn a_cell_shares_all_of_itself_with_itself_alone() {
        let cells = gosat();
        let shape =
            MultiPolygon::from_ring(&[(105.0, 47.5), (107.5, 47.5), (107.5, 50.0), (105.0, 50.0)]);
        let weights = polygon_weights(&cells, &shape);
        assert_eq!(weights.cells.len(), 1);
        assert_eq!(weights.cells[0].cell, 16 * 144 + 114);
        let expected = cells.cell_area_km2(16, 114);
        assert!((weights.cells[0].area_km2 / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_antimeridian_and_the_other_count_of_longitude_change_nothing() {
        let shape =
            MultiPolygon::from_ring(&[(175.0, 10.0), (185.0, 11.0), (184.0, 16.0), (176.0, 14.0)]);
        let here = polygon_weights(&gosat(), &shape);
        let east = LonLatCells::regular(0.0, 90.0, 2.5, 2.5, Shape::new(72, 144).unwrap()).unwrap();
        let there = polygon_weights(&east, &shape);
        assert!((here.covered_km2() / here.area_km2 - 1.0).abs() < 1e-12);
        assert_eq!(here.cells.len(), there.cells.len());
        for weight in &there.cells {
            let (row, col) = (weight.cell / 144, weight.cell % 144);
            let twin = row * 144 + (col + 72) % 144;
            let same = here.cells.iter().find(|w| w.cell == twin).unwrap();
            assert!((same.area_km2 - weight.area_km2).abs() < 1e-6);
        }
    }

    #[test]
    fn holes_count_against() {
        let mut shape =
            MultiPolygon::from_ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
        let hole = MultiPolygon::from_ring(&[(2.5, 2.5), (5.0, 2.5), (5.0, 5.0), (2.5, 5.0)]);
        shape.polygons[0]
            .holes
            .push(hole.polygons[0].exterior.clone());
        let weights = polygon_weights(&gosat(), &shape);
        assert_eq!(weights.cells.len(), 15);
        let whole = planar_area_km2(&shape) + planar_area_km2(&hole);
        assert!((weights.covered_km2() + planar_area_km2(&hole) - whole).abs() < 1e-4);
    }

    #[test]
    fn outside_the_grid_nothing_is_shared_and_the_area_says_so() {
        let part = LonLatCells::new(vec![0.0, 5.0], vec![10.0, 5.0, 0.0]).unwrap();
        let shape = MultiPolygon::from_ring(&[(-5.0, 0.0), (5.0, 0.0), (5.0, 10.0), (-5.0, 10.0)]);
        let weights = polygon_weights(&part, &shape);
        assert_eq!(weights.cells.len(), 2);
        assert!((weights.covered_km2() / weights.area_km2 - 0.5).abs() < 1e-12);
        assert!(
            polygon_weights(&part, &MultiPolygon::default())
                .cells
                .is_empty()
        );
    }

    #[test]
    fn small_cells_are_gathered_in_any_order() {
        let place = |lon_degrees, lat_degrees| LonLat {
            lon_degrees,
            lat_degrees,
        };
        let mut small = vec![
            (place(106.0, 48.0), 10_000_000_000_u64),
            (place(106.2, 48.0), 5_000_000_000),
            (place(104.0, 48.0), 1),
            (place(104.1, 48.1), 20_000_000_000),
        ];
        let cells = gosat();
        let gather = |small: &[(LonLat, u64)]| {
            let mut gathered = SmallCells::new(&cells);
            for (centre, area_cm2) in small {
                gathered.add(*centre, *area_cm2);
            }
            gathered.weights()
        };
        let weights = gather(&small);
        small.reverse();
        assert_eq!(weights, gather(&small));
        assert_eq!(weights.cells.len(), 2);
        assert_eq!(weights.cells[1].area_km2, 1.5);
        assert_eq!(weights.area_km2, 3.500_000_000_1);
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_polygon(
            lon in -170.0..170.0_f64,
            lat in -60.0..60.0_f64,
            radii in prop::collection::vec(0.1..20.0_f64, 3..40),
        ) {
            // A star around a middle: never crosses itself.
            let turn = std::f64::consts::TAU / radii.len() as f64;
            let ring: Vec<(f64, f64)> = radii
                .iter()
                .enumerate()
                .map(|(i, r)| (lon + r * (turn * i as f64).cos(), lat + r * (turn * i as f64).sin()))
                .collect();
            let weights = polygon_weights(&gosat(), &MultiPolygon::from_ring(&ring));
            prop_assert!((weights.covered_km2() / weights.area_km2 - 1.0).abs() < 1e-9);
            prop_assert!(weights.cells.windows(2).all(|pair| pair[0].cell < pair[1].cell));
        }
    }
}
