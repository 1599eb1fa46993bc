//! Trends of single cells, computed while their block is in memory.

use nutag_granules::product::Product;
use nutag_problem::{Error, OrProblem};
use nutag_stats::cells::{CellKernel, CellTrends as Computed};
use nutag_stats::mann_kendall::two_sided_p;
use nutag_stats::multiplicity::SignificanceHistogram;
use nutag_stats::multiplicity::field::{FieldCounts, JointPermutations};
use nutag_zonal::Packed;
use serde::{Deserialize, Serialize};

use crate::partial::TrendCounts;
use crate::strip::Segment;

/// Two-sided level of the test of a cell. Over the area the false discovery
/// rate is held at twice this (Wilks 2016: fields are correlated, and the
/// Benjamini-Hochberg rule is then too strict by about that factor).
pub const CELL_LEVEL: f64 = 0.05;

/// `field_significance` of a pipeline file: whether more cells are significant
/// than chance gives, by permuting the years of all cells together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// How many orders of the years are tried; 999 are usual.
    pub permutations: usize,
    /// The draws follow from it.
    pub seed: u64,
}

/// What is asked of the trends of cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendSpec {
    /// The year of each period, rising.
    pub years: Vec<u16>,
    /// From raw units to those of the product's density: over what, and by what.
    pub scale: [i64; 2],
    /// The test of the whole field, if it is asked for.
    pub field: Option<FieldSpec>,
}

/// How trends of cells are computed.
#[derive(Debug)]
pub struct CellTrends {
    spec: TrendSpec,
    kernel: CellKernel,
    signed: bool,
    scale: (f64, f64),
    least_n: usize,
    field: Option<JointPermutations>,
}

impl CellTrends {
    /// Gets ready for what is asked of the cells of a product.
    ///
    /// # Errors
    /// Years that are not rising, or are fewer than two.
    pub fn new(spec: TrendSpec, product: &Product) -> Result<Self, Error> {
        let times: Vec<i32> = spec.years.iter().map(|year| i32::from(*year)).collect();
        let kernel = CellKernel::new(&times)
            .or_problem()
            .map_err(|problem| problem.at("[npp] years").asked())?;
        #[expect(clippy::cast_precision_loss, reason = "scales are short")]
        let scale = (spec.scale[0] as f64, spec.scale[1] as f64);
        let orders =
            |field: FieldSpec| JointPermutations::new(times.len(), field.permutations, field.seed);
        Ok(Self {
            kernel,
            signed: product.sample_type.is_signed(),
            scale,
            least_n: least_n(),
            field: spec.field.map(orders),
            spec,
        })
    }

    /// What was asked.
    #[must_use]
    pub fn spec(&self) -> &TrendSpec {
        &self.spec
    }

    /// No counts yet.
    #[must_use]
    pub fn no_counts(&self) -> TrendCounts {
        TrendCounts {
            histogram: SignificanceHistogram::new(self.least_n),
            field: self
                .field
                .as_ref()
                .map(|permutations| FieldCounts::new(permutations.orders().len())),
        }
    }

    /// Cells with fewer values are not tested: no order of theirs could be
    /// significant.
    #[must_use]
    pub fn least_n(&self) -> usize {
        self.least_n
    }

    /// Computes the trends of packed cells and adds them to the counts.
    pub(crate) fn compute(
        &self,
        packed: &Packed,
        counts: &mut TrendCounts,
    ) -> Result<Segment, Error> {
        let mut computed = Computed::new(packed.cells_with_values());
        let valid: Vec<&[bool]> = packed.valid.iter().map(Vec::as_slice).collect();
        let valid = packed.gaps.then_some(valid.as_slice());
        if self.signed {
            let rows: Vec<&[i16]> = packed
                .values
                .iter()
                .map(|r| bytemuck::cast_slice(r))
                .collect();
            self.run(&rows, valid, &mut computed, counts)?;
        } else {
            let rows: Vec<&[u16]> = packed.values.iter().map(Vec::as_slice).collect();
            self.run(&rows, valid, &mut computed, counts)?;
        }
        for cell in 0..computed.n.len() {
            counts.histogram.add(
                usize::from(computed.n[cell]),
                i64::from(computed.s[cell]),
                u64::from(computed.tie_term[cell]),
            );
        }
        let (numerator, denominator) = self.scale;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rasters hold 32-bit floats"
        )]
        let scaled = |values: &[f64]| -> Vec<f32> {
            values
                .iter()
                .map(|raw| (raw * numerator / denominator) as f32)
                .collect()
        };
        Ok(Segment {
            reasons: packed.reasons.clone(),
            mean: scaled(&computed.mean),
            ols_slope: scaled(&computed.ols_slope),
            sen_slope: scaled(&computed.sen_slope),
            n: computed.n,
            s: computed.s,
            tie_term: computed.tie_term,
        })
    }

    fn run<T: nutag_stats::cells::Raw>(
        &self,
        rows: &[&[T]],
        valid: Option<&[&[bool]]>,
        computed: &mut Computed,
        counts: &mut TrendCounts,
    ) -> Result<(), Error> {
        self.kernel
            .run(rows, valid, &mut computed.as_mut())
            .or_failed()?;
        if let (Some(permutations), Some(field)) = (&self.field, &mut counts.field) {
            self.kernel
                .count_permuted(rows, valid, permutations, CELL_LEVEL, field)
                .or_failed()?;
        }
        Ok(())
    }
}

/// Whether each period has a year of its own, so that their order is that of years.
#[must_use]
pub fn one_a_year(years: &[u16]) -> bool {
    years.windows(2).all(|pair| pair[0] < pair[1])
}

/// The smallest n at which the most orderly series is significant.
fn least_n() -> usize {
    let significant = |n: &usize| two_sided_p(*n, (n * (n - 1) / 2) as u64, 0).0 < CELL_LEVEL;
    (2..).find(significant).unwrap_or(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_values_are_the_least_that_can_be_significant() {
        // 2/4! = .083, 2/5! = .017.
        assert_eq!(least_n(), 5);
    }
}
