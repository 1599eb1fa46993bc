//! Errors of NPP that neighbouring places share.
//!
//! The error of a cell is a field in space whose correlation falls as `exp(-distance / length)`. What a
//! unit has of it is the mean of the field over the unit, and two units that lie within a correlation
//! length share most of theirs. Taking cells as independent makes a country's error a hundred times too
//! small; taking units as independent still makes it several times too small. So the covariance of all
//! unit means is computed once, from blocks of land, and draws come from its Cholesky factor.

use nutag_stats::draws::Draws;

/// Mean radius of the Earth, km.
const EARTH_RADIUS_KM: f64 = 6371.0;

/// A piece of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// West, south, east and north of the block, degrees. Blocks of different units may be the same.
    pub edges_degrees: [f64; 4],
    /// Area of the unit in it, km2.
    pub area_km2: f64,
}

/// Number of independent values that the mean over an area is worth, for a field whose correlation falls
/// as `exp(-d / length)`: `A / (2 pi length^2)`, for an area much larger than `length^2`; at least 1.
#[must_use]
pub fn effective_sample_size(area_km2: f64, length_km: f64) -> f64 {
    (area_km2 / (2.0 * std::f64::consts::PI * length_km * length_km)).max(1.0)
}

/// Mean correlation of two places on a line of a length, where correlation falls as `exp(-d / length)`:
/// the variance of the mean along the line, as a share of that at a point.
#[must_use]
pub fn mean_correlation_along_line(line_km: f64, length_km: f64) -> f64 {
    if line_km <= 0.0 {
        return 1.0;
    }
    let ratio = line_km / length_km;
    if ratio < 1e-4 {
        return 1.0 - ratio / 3.0;
    }
    2.0 / (ratio * ratio) * (ratio - 1.0 + libm::exp(-ratio))
}

/// The covariance of the unit means of a field of unit variance.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrelatedUnits {
    n: usize,
    covariance: Vec<f64>,
    /// Lower triangle, row by row, each row `n` wide.
    cholesky: Vec<f64>,
}

impl CorrelatedUnits {
    /// From the blocks of each unit. A block counts as four points at the middles of its quarters, so
    /// `length_km` should not be much below half a block.
    #[must_use]
    pub fn new(units: &[Vec<Block>], length_km: f64) -> Self {
        let n = units.len();
        // Every block once, with its weight in each unit that has some of it.
        let mut blocks: Vec<[f64; 4]> = units.iter().flatten().map(|b| b.edges_degrees).collect();
        let order = |a: &[f64; 4], b: &[f64; 4]| {
            let pairs = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        };
        blocks.sort_by(order);
        blocks.dedup();
        let weights: Vec<Vec<(usize, f64)>> = units
            .iter()
            .map(|unit| {
                let total: f64 = unit.iter().map(|b| b.area_km2).sum();
                let place = |b: &Block| {
                    let at = blocks.binary_search_by(|known| order(known, &b.edges_degrees));
                    (at.unwrap_or(0), b.area_km2 / total)
                };
                unit.iter().map(place).collect()
            })
            .collect();
        let points: Vec<[[f64; 3]; 4]> = blocks.iter().map(quarters).collect();
        let mut between = vec![0.0; blocks.len() * blocks.len()];
        for a in 0..blocks.len() {
            for b in 0..=a {
                let value = mean_correlation(&points[a], &points[b], length_km);
                between[a * blocks.len() + b] = value;
                between[b * blocks.len() + a] = value;
            }
        }
        let mut covariance = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let mut sum = 0.0;
                for (a, weight_a) in &weights[i] {
                    for (b, weight_b) in &weights[j] {
                        sum += weight_a * weight_b * between[a * blocks.len() + b];
                    }
                }
                covariance[i * n + j] = sum;
                covariance[j * n + i] = sum;
            }
        }
        let cholesky = cholesky(&covariance, n);
        Self {
            n,
            covariance,
            cholesky,
        }
    }

    /// Covariance of the means of two units.
    #[must_use]
    pub fn covariance(&self, i: usize, j: usize) -> f64 {
        self.covariance[i * self.n + j]
    }

    /// Variance of a weighted sum of unit means.
    #[must_use]
    pub fn variance_of_sum(&self, weights: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (i, a) in weights.iter().enumerate() {
            for (j, b) in weights.iter().enumerate() {
                sum += a * b * self.covariance(i, j);
            }
        }
        sum
    }

    /// One draw of all unit means.
    pub fn draw(&self, draws: &mut Draws) -> Vec<f64> {
        let normals: Vec<f64> = (0..self.n).map(|_| draws.normal()).collect();
        (0..self.n)
            .map(|i| {
                let row = &self.cholesky[i * self.n..i * self.n + i + 1];
                row.iter().zip(&normals).map(|(l, z)| l * z).sum()
            })
            .collect()
    }
}

/// The middles of the four quarters of a block, as points in space, km.
fn quarters([west, south, east, north]: &[f64; 4]) -> [[f64; 3]; 4] {
    let between = |a: f64, b: f64, share: f64| a + (b - a) * share;
    [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)].map(|(x, y)| {
        let lon = between(*west, *east, x).to_radians();
        let lat = between(*south, *north, y).to_radians();
        let ring = EARTH_RADIUS_KM * libm::cos(lat);
        [
            ring * libm::cos(lon),
            ring * libm::sin(lon),
            EARTH_RADIUS_KM * libm::sin(lat),
        ]
    })
}

/// Mean of `exp(-chord / length)` over the pairs of points. In three dimensions that is a correlation, so
/// the matrix has no negative eigenvalue.
fn mean_correlation(a: &[[f64; 3]; 4], b: &[[f64; 3]; 4], length_km: f64) -> f64 {
    let mut sum = 0.0;
    for p in a {
        for q in b {
            let squares: f64 = p.iter().zip(q).map(|(p, q)| (p - q) * (p - q)).sum();
            sum += libm::exp(-squares.sqrt() / length_km);
        }
    }
    sum / 16.0
}

/// The Cholesky factor of a matrix without negative eigenvalues; what rounding leaves of a zero pivot
/// counts as zero.
fn cholesky(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut lower = vec![0.0; n * n];
    for j in 0..n {
        let squares: f64 = lower[j * n..j * n + j].iter().map(|l| l * l).sum();
        let pivot = matrix[j * n + j] - squares;
        if pivot < 1e-12 {
            continue;
        }
        let root = pivot.sqrt();
        lower[j * n + j] = root;
        for i in j + 1..n {
            let products: f64 = (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
            lower[i * n + j] = (matrix[i * n + j] - products) / root;
        }
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effective_sizes_are_those_of_the_table() {
        // Zones of the 1980s at true area: the published counts x 0.84758.
        let zones = [572_268.0, 292_432.0, 701_627.0, 281_886.0, 1_848_213.0].map(|a| a * 0.847_58);
        let golden = [
            (50.0, [31.0, 16.0, 38.0, 15.0, 100.0]),
            (100.0, [7.7, 3.9, 9.5, 3.8, 25.0]),
            (200.0, [1.9, 1.0, 2.4, 1.0, 6.2]),
        ];
        for (length, sizes) in golden {
            for (area, size) in zones.iter().zip(sizes) {
                let found = effective_sample_size(*area, length);
                assert!(
                    (found - size).abs() <= 0.05 * size.max(1.0),
                    "{length} {found} {size}"
                );
            }
        }
        assert_eq!(effective_sample_size(1.0, 100.0), 1.0);
    }

    #[test]
    fn the_mean_along_a_line() {
        assert_eq!(mean_correlation_along_line(0.0, 10.0), 1.0);
        assert!((mean_correlation_along_line(1e-3, 10.0) - 1.0).abs() < 1e-3);
        // Long lines: twice the length over the line.
        let long = mean_correlation_along_line(1e5, 10.0);
        assert!((long / (20.0 / 1e5) - 1.0).abs() < 1e-3);
        // A sum over points of the line.
        let n = 2000;
        let mut sum = 0.0;
        for i in 0..n {
            for j in 0..n {
                sum += (-(f64::from(i) - f64::from(j)).abs() * 0.01 / 7.0).exp();
            }
        }
        let found = mean_correlation_along_line(20.0, 7.0);
        assert!((found - sum / f64::from(n * n)).abs() < 1e-3, "{found}");
    }

    /// Blocks of half a degree over a box.
    fn blocks(west: f64, south: f64, cols: u32, rows: u32) -> Vec<Block> {
        (0..rows * cols)
            .map(|i| {
                let x = west + f64::from(i % cols) * 0.5;
                let y = south + f64::from(i / cols) * 0.5;
                Block {
                    edges_degrees: [x, y, x + 0.5, y + 0.5],
                    area_km2: 55.6 * 55.6 * (y + 0.25).to_radians().cos(),
                }
            })
            .collect()
    }

    #[test]
    fn over_a_large_area_the_formula_holds() {
        let land = blocks(88.0, 42.0, 60, 18);
        let area: f64 = land.iter().map(|b| b.area_km2).sum();
        let found = 1.0 / CorrelatedUnits::new(&[land], 50.0).covariance(0, 0);
        let formula = effective_sample_size(area, 50.0);
        // Borders lose some neighbours, so a little more than the formula.
        assert!(
            found > formula && found < 1.25 * formula,
            "{found} {formula}"
        );
    }

    #[test]
    fn parts_of_a_unit_make_the_unit() {
        let (left, right) = (blocks(98.0, 46.0, 4, 6), blocks(100.0, 46.0, 4, 6));
        let whole = CorrelatedUnits::new(&[[left.clone(), right.clone()].concat()], 100.0);
        let parts = CorrelatedUnits::new(&[left, right], 100.0);
        assert!((parts.variance_of_sum(&[0.5, 0.5]) / whole.covariance(0, 0) - 1.0).abs() < 1e-12);
        // Neighbours share most of their error; as if independent it would be much too small.
        let independent = 0.25 * (parts.covariance(0, 0) + parts.covariance(1, 1));
        assert!(whole.covariance(0, 0) > 1.5 * independent);
    }

    #[test]
    fn draws_have_the_covariance() {
        let units = [
            blocks(98.0, 46.0, 3, 3),
            blocks(99.5, 46.0, 3, 3),
            blocks(110.0, 46.0, 2, 2),
        ];
        let correlated = CorrelatedUnits::new(&units, 80.0);
        let n = 40_000_u64;
        let mut found = [[0.0; 3]; 3];
        for index in 0..n {
            let draw = correlated.draw(&mut Draws::new(5, index));
            for i in 0..3 {
                for j in 0..3 {
                    found[i][j] += draw[i] * draw[j] / n as f64;
                }
            }
        }
        for (i, row) in found.iter().enumerate() {
            for (j, found) in row.iter().enumerate() {
                let expected = correlated.covariance(i, j);
                assert!(
                    (found - expected).abs() < 0.02,
                    "{i} {j} {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn a_unit_in_the_block_of_another_is_no_trouble() {
        let block = blocks(100.0, 46.0, 1, 1);
        let same = CorrelatedUnits::new(&[block.clone(), block], 100.0);
        let draw = same.draw(&mut Draws::new(1, 1));
        assert!((draw[0] - draw[1]).abs() < 1e-12);
    }
}
