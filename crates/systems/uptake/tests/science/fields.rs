//! Correlated unit means against simulated fields: what the draws replace.

use nutag_stats::draws::Draws;
use nutag_uptake::science::uncertainty::{Block, CorrelatedUnits, effective_sample_size};

/// Points of the field in a block, along a side.
const SIDE: usize = 3;
const BLOCKS: usize = 8;
const LENGTH_KM: f64 = 120.0;

/// Points in km on a plane, and the cells around them in degrees near the equator, where a plane is close.
struct Field {
    points: Vec<(f64, f64)>,
    cholesky: Vec<f64>,
}

const KM_PER_DEGREE: f64 = 6371.0 * std::f64::consts::PI / 180.0;

fn field() -> Field {
    let n = BLOCKS * SIDE;
    let step = 0.5 / SIDE as f64 * KM_PER_DEGREE;
    let points: Vec<(f64, f64)> = (0..n * n)
        .map(|i| (((i % n) as f64 + 0.5) * step, ((i / n) as f64 + 0.5) * step))
        .collect();
    let m = points.len();
    let mut lower = vec![0.0; m * m];
    for j in 0..m {
        for i in j..m {
            let distance = (points[i].0 - points[j].0).hypot(points[i].1 - points[j].1);
            let products: f64 = (0..j).map(|k| lower[i * m + k] * lower[j * m + k]).sum();
            let value = (-distance / LENGTH_KM).exp() - products;
            lower[i * m + j] = if i == j {
                value.sqrt()
            } else {
                value / lower[j * m + j]
            };
        }
    }
    Field {
        points,
        cholesky: lower,
    }
}

impl Field {
    fn draw(&self, index: u64) -> Vec<f64> {
        let m = self.points.len();
        let mut draws = Draws::new(20, index);
        let z: Vec<f64> = (0..m).map(|_| draws.normal()).collect();
        (0..m)
            .map(|i| {
                self.cholesky[i * m..=i * m + i]
                    .iter()
                    .zip(&z)
                    .map(|(l, z)| l * z)
                    .sum()
            })
            .collect()
    }
}

/// Three units of odd shape over the blocks: an L, a bar, and the rest.
fn unit_of(block: usize) -> usize {
    let (row, col) = (block / BLOCKS, block % BLOCKS);
    match (row, col) {
        (0..2, _) | (_, 0) => 0,
        (4, 2..) => 1,
        _ => 2,
    }
}

#[test]
fn unit_means_of_fields_have_the_covariance_that_draws_are_made_with() {
    let mut units: Vec<Vec<Block>> = vec![Vec::new(); 3];
    for block in 0..BLOCKS * BLOCKS {
        let (x, y) = ((block % BLOCKS) as f64 * 0.5, (block / BLOCKS) as f64 * 0.5);
        units[unit_of(block)].push(Block {
            edges_degrees: [x, y, x + 0.5, y + 0.5],
            area_km2: 1.0,
        });
    }
    let predicted = CorrelatedUnits::new(&units, LENGTH_KM);

    let field = field();
    let n = BLOCKS * SIDE;
    let fields = 4000_u64;
    let mut found = [[0.0; 3]; 3];
    for index in 0..fields {
        let values = field.draw(index);
        let mut sums = [(0.0, 0.0); 3];
        for (i, value) in values.iter().enumerate() {
            let block = (i / n / SIDE) * BLOCKS + i % n / SIDE;
            let (sum, count) = &mut sums[unit_of(block)];
            *sum += value;
            *count += 1.0;
        }
        let means = sums.map(|(sum, count)| sum / count);
        for i in 0..3 {
            for j in 0..3 {
                found[i][j] += means[i] * means[j] / fields as f64;
            }
        }
    }
    for (i, row) in found.iter().enumerate() {
        for (j, found) in row.iter().enumerate() {
            let expected = predicted.covariance(i, j);
            let scale = (predicted.covariance(i, i) * predicted.covariance(j, j)).sqrt();
            // Four standard errors of a covariance from 4000 fields, and 2 % for the points.
            let tolerance = (4.0 * (2.0 / fields as f64).sqrt() + 0.02) * scale;
            assert!(
                (found - expected).abs() < tolerance,
                "{i} {j}: {found}, predicted {expected}"
            );
        }
    }
    // The number of independent values is of the order of the formula, which neglects edges.
    let area = (BLOCKS * BLOCKS) as f64 * (0.5 * KM_PER_DEGREE).powi(2);
    let whole = CorrelatedUnits::new(&[units.concat()], LENGTH_KM);
    let effective = 1.0 / whole.covariance(0, 0);
    let formula = effective_sample_size(area, LENGTH_KM);
    assert!(
        effective > formula && effective < 2.5 * formula,
        "{effective} {formula}"
    );
}
