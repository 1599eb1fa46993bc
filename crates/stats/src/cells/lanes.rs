//! The fast way: many cells abreast, in arrays that the compiler turns into vector instructions.
//!
//! A pairwise slope `a/d` is carried as the float `a * (1/d)` only to be ordered. With |a| < 2^16 and
//! d <= 31, two different ratios differ by at least one part in 65535 x 31 (2^-21), while each float is
//! within one part in 2^23 of its ratio. So floats of different ratios stand in the order of the
//! ratios, and the ratio of a float can be found again: the only a/d, with a whole, that gives it.
//! The middle slopes are found as floats, turned back into ratios, and divided once, in f64.
//!
//! Missing pairs are filled with plus and minus infinity by turns, plus first. The middle of the
//! whole is then the middle of the pairs there are: both middle places if their number is even, the
//! lower one if it is odd.

use super::group::Group;
use super::network::sorting_network;
use super::significance::SignificanceTable;
use super::{CellTrendsMut, Raw};

/// Cells abreast.
pub(super) const LANES: usize = 16;
/// The longest distance of two times for which float order is ratio order (see above).
const MAX_SPAN: i32 = 31;

/// The sign bit of a float.
const SIGN: u32 = 1 << 31;

/// One value per lane.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Row<T>(pub [T; LANES]);

/// Two times of the block.
#[derive(Debug)]
struct Pair {
    earlier: usize,
    later: usize,
    inverse_step: f32,
}

/// What all cells of a block share.
#[derive(Debug)]
pub(super) struct Lanes {
    /// Times from the first on.
    offsets: Vec<i16>,
    pairs: Vec<Pair>,
    /// The different distances of times, with their inverses.
    steps: Vec<(f32, f32)>,
    /// Half the number of pairs, rounded up.
    half: usize,
    /// Sorts one half of the slopes.
    network: Vec<(usize, usize)>,
}

impl Lanes {
    /// `None` if the times are too many or too far apart.
    pub fn new(times: &[i32]) -> Option<Self> {
        let first = *times.first()?;
        let span = times.last()?.checked_sub(first)?;
        if span > MAX_SPAN {
            return None;
        }
        let offsets: Vec<i16> = times
            .iter()
            .map(|t| i16::try_from(t - first).ok())
            .collect::<Option<_>>()?;
        let mut pairs = Vec::new();
        let mut steps = Vec::new();
        for later in 1..offsets.len() {
            for earlier in 0..later {
                let step = f32::from(offsets[later] - offsets[earlier]);
                pairs.push(Pair {
                    earlier,
                    later,
                    inverse_step: 1.0 / step,
                });
                if !steps.contains(&(step, 1.0 / step)) {
                    steps.push((step, 1.0 / step));
                }
            }
        }
        let half = pairs.len().div_ceil(2);
        Some(Self {
            offsets,
            pairs,
            steps,
            half,
            network: sorting_network(half),
        })
    }

    /// Computes the trend of each cell; the caller has compared all lengths.
    pub fn run<T: Raw>(
        &self,
        significance: &SignificanceTable,
        values: &[&[T]],
        valid: Option<&[&[bool]]>,
        out: &mut CellTrendsMut<'_>,
    ) {
        let cells = out.n.len();
        let mut group = Group::new(self.offsets.len(), 2 * self.half);
        for start in (0..cells).step_by(LANES) {
            let len = LANES.min(cells - start);
            group.load(values, start, len);
            let gaps = valid.is_some_and(|rows| group.load_validity(rows, start, len));
            let trends = if gaps {
                self.trends::<true>(&mut group)
            } else {
                self.trends::<false>(&mut group)
            };
            trends.write(significance, start, len, out);
        }
    }

    fn trends<const GAPS: bool>(&self, group: &mut Group) -> GroupTrends {
        let mut trends = GroupTrends {
            shift: group.shift,
            ..self.moments::<GAPS>(group)
        };
        let (rising, equal) = self.fill_slopes::<GAPS>(group);
        let mut many_ties = false;
        for l in 0..LANES {
            let n = trends.n[l];
            let equal = i32::from(equal.0[l]);
            trends.s[l] = 2 * i32::from(rising.0[l]) + equal - n * (n - 1) / 2;
            // One or two equal pairs cannot share a value: a group of three has three pairs.
            trends.tie_term[l] = 18 * equal.unsigned_abs();
            many_ties |= equal > 2;
        }
        if many_ties {
            trends.tie_term = group.tie_terms::<GAPS>();
        }
        let (first, second) = group.slopes.split_at_mut(self.half);
        sort(first, &self.network);
        sort(second, &self.network);
        trends.sen_slope = self.middle(first, second, &trends.n);
        trends
    }

    /// Counts, sums and OLS slopes, exact until one division.
    // Apart, its arguments are known not to overlap, and it becomes vector code.
    #[inline(never)]
    fn moments<const GAPS: bool>(&self, group: &Group) -> GroupTrends {
        let mut out = GroupTrends::default();
        let (mut t_sum, mut tt_sum, mut ty_sum) = ([0_i32; LANES], [0_i32; LANES], [0_i32; LANES]);
        for ((&t, row), valid) in self.offsets.iter().zip(&group.ordered).zip(&group.valid) {
            for l in 0..LANES {
                let (y, one) = if GAPS {
                    (row.0[l] & valid.0[l], -i32::from(valid.0[l]))
                } else {
                    (row.0[l], 1)
                };
                out.n[l] += one;
                out.sum[l] += i32::from(y);
                t_sum[l] += i32::from(t) * one;
                tt_sum[l] += i32::from(t) * i32::from(t) * one;
                ty_sum[l] += i32::from(t) * i32::from(y);
            }
        }
        for l in 0..LANES {
            let n = f64::from(out.n[l]);
            let (t, tt) = (f64::from(t_sum[l]), f64::from(tt_sum[l]));
            let (y, ty) = (f64::from(out.sum[l]), f64::from(ty_sum[l]));
            out.ols_slope[l] = (n * ty - t * y) / (n * tt - t * t);
        }
        out
    }

    /// Fills in the slopes of all pairs; counts rising and equal pairs.
    // Apart, its arguments are known not to overlap, and it becomes vector code.
    #[inline(never)]
    fn fill_slopes<const GAPS: bool>(&self, group: &mut Group) -> (Row<i16>, Row<i16>) {
        let Group {
            ordered,
            values,
            valid,
            slopes,
            ..
        } = group;
        let (mut rising, mut equal) = (Row([0_i16; LANES]), Row([0_i16; LANES]));
        let mut fill = Row([f32::INFINITY.to_bits(); LANES]);
        if slopes.len() > self.pairs.len() {
            // The number of pairs is odd: one missing pair makes it even.
            slopes[self.pairs.len()] = Row([f32::INFINITY; LANES]);
            fill = Row([f32::NEG_INFINITY.to_bits(); LANES]);
        }
        for (slope, pair) in slopes.iter_mut().zip(&self.pairs) {
            let (a, b) = (&values[pair.earlier].0, &values[pair.later].0);
            let (x, y) = (&ordered[pair.earlier].0, &ordered[pair.later].0);
            if GAPS {
                let (v, w) = (&valid[pair.earlier].0, &valid[pair.later].0);
                for l in 0..LANES {
                    let both = v[l] & w[l];
                    rising.0[l] += i16::from(y[l] > x[l]) & both;
                    equal.0[l] += i16::from(y[l] == x[l]) & both;
                }
                for l in 0..LANES {
                    // Bits instead of branches: the ratio, or the next infinity.
                    let both = i32::from(v[l] & w[l]).cast_unsigned();
                    let ratio = ((b[l] - a[l]) * pair.inverse_step).to_bits();
                    slope.0[l] = f32::from_bits(ratio & both | fill.0[l] & !both);
                    fill.0[l] ^= !both & SIGN;
                }
            } else {
                for l in 0..LANES {
                    rising.0[l] += i16::from(y[l] > x[l]);
                    equal.0[l] += i16::from(y[l] == x[l]);
                }
                for l in 0..LANES {
                    slope.0[l] = (b[l] - a[l]) * pair.inverse_step;
                }
            }
        }
        (rising, equal)
    }

    /// The median slope from two sorted halves.
    fn middle(&self, first: &[Row<f32>], second: &[Row<f32>], n: &[i32; LANES]) -> [f64; LANES] {
        let mut lower = Row([f32::NEG_INFINITY; LANES]);
        let mut upper = Row([f32::INFINITY; LANES]);
        for (a, b) in first.iter().zip(second.iter().rev()) {
            for l in 0..LANES {
                lower.0[l] = larger(lower.0[l], smaller(a.0[l], b.0[l]));
                upper.0[l] = smaller(upper.0[l], larger(a.0[l], b.0[l]));
            }
        }
        for l in 0..LANES {
            let odd = n[l] * (n[l] - 1) / 2 % 2 == 1;
            upper.0[l] = if odd { lower.0[l] } else { upper.0[l] };
        }
        let (a, c) = self.ratio(&lower);
        let (b, d) = self.ratio(&upper);
        let mut median = [0.0; LANES];
        for l in 0..LANES {
            let [a, b, c, d] = [a.0[l], b.0[l], c.0[l], d.0[l]].map(f64::from);
            median[l] = (a * d + b * c) / (2.0 * c * d);
        }
        median
    }

    /// The ratio, rise and run, that each float stands for.
    fn ratio(&self, slopes: &Row<f32>) -> (Row<f32>, Row<f32>) {
        // Adding and taking away 1.5 x 2^23 rounds to a whole number; rises are below 2^16.
        const WHOLE: f32 = 12_582_912.0;
        let (mut rise, mut run) = (Row([0.0; LANES]), Row([1.0; LANES]));
        for &(step, inverse) in &self.steps {
            for l in 0..LANES {
                let whole = (slopes.0[l] * step + WHOLE) - WHOLE;
                let found = whole * inverse == slopes.0[l];
                rise.0[l] = if found { whole } else { rise.0[l] };
                run.0[l] = if found { step } else { run.0[l] };
            }
        }
        (rise, run)
    }
}

/// Sorts each lane.
fn sort(rows: &mut [Row<f32>], network: &[(usize, usize)]) {
    for &(i, j) in network {
        let (a, b) = (rows[i], rows[j]);
        for l in 0..LANES {
            rows[i].0[l] = smaller(a.0[l], b.0[l]);
        }
        for l in 0..LANES {
            rows[j].0[l] = larger(a.0[l], b.0[l]);
        }
    }
}

// No slope is not a number, and these two are single instructions where `f32::min` is not.
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The trends of one group of cells.
#[derive(Default)]
struct GroupTrends {
    /// What the ordered integers are below the raw values.
    shift: i32,
    n: [i32; LANES],
    /// Of the ordered integers.
    sum: [i32; LANES],
    ols_slope: [f64; LANES],
    sen_slope: [f64; LANES],
    s: [i32; LANES],
    tie_term: [u32; LANES],
}

impl GroupTrends {
    fn write(
        &self,
        significance: &SignificanceTable,
        start: usize,
        len: usize,
        out: &mut CellTrendsMut<'_>,
    ) {
        for l in 0..len {
            let (cell, n) = (start + l, self.n[l]);
            let count = u16::try_from(n).unwrap_or(0);
            out.n[cell] = count;
            out.mean[cell] = if n > 0 {
                f64::from(self.sum[l] + n * self.shift) / f64::from(n)
            } else {
                f64::NAN
            };
            let slopes = n > 1;
            out.ols_slope[cell] = if slopes { self.ols_slope[l] } else { f64::NAN };
            out.sen_slope[cell] = if slopes { self.sen_slope[l] } else { f64::NAN };
            out.s[cell] = self.s[l];
            out.tie_term[cell] = self.tie_term[l];
            out.p[cell] = significance.p(count, self.s[l].unsigned_abs(), self.tie_term[l]);
        }
    }
}
