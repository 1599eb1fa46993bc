//! What counts, and under which reason the rest is counted.

use nutag_granules::product::Product;
use nutag_problem::{Error, Problem};
use nutag_zonal::{Mask, Rules, VALID, ZERO};
use serde::{Deserialize, Serialize};

/// The reason for cells in a zone but in no region.
pub const OUTSIDE_REGIONS: &str = "outside_regions";
const MISSING: &str = "missing";
const MASKED_IN_ANOTHER: &str = "invalid_in_another_year";
const BARREN: &str = "barren";

/// Which cells count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskRule {
    /// Valid in every period.
    Common,
    /// Valid in the period itself.
    PerYear,
}

/// What barren land counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barren {
    /// No value.
    Exclude,
    /// A value of zero.
    Zero,
}

/// The choices of a pipeline file that decide which cells count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct Counting {
    /// Cells with a quality above it do not count; 100 applies no limit.
    pub qc_max_percent: u8,
    /// Which cells count together.
    pub mask: MaskRule,
    /// What barren land counts as.
    pub barren: Barren,
}

/// The reasons of a study and the rules behind them.
#[derive(Debug)]
pub struct Reasons {
    names: Vec<String>,
    rules: Rules,
}

impl Reasons {
    /// The rules of a product under the choices of a pipeline file.
    ///
    /// # Errors
    /// A quality limit for a product without a quality layer, or barren land
    /// asked to count as zero where the product does not tell it.
    pub fn new(counting: Counting, product: &Product) -> Result<Self, Error> {
        let wrong =
            |what: String, advice: &str| Err(Problem::new(what).at("[npp]").advice(advice).asked());
        let table = product.class_table();
        let (mut classes, mut names) = (table.classes, table.reasons);
        if counting.barren == Barren::Zero {
            let Some(barren) = names.iter().position(|name| name == BARREN) else {
                return wrong(
                    format!(
                        "barren = \"zero\", but {} has no fill code with the reason \"{BARREN}\"",
                        product.id()
                    ),
                    "write barren = \"exclude\", or name the code in [product] fill",
                );
            };
            if product.offset.numerator != 0 {
                return wrong(
                    format!(
                        "barren = \"zero\", but a raw 0 of {} is not a value of zero",
                        product.id()
                    ),
                    "write barren = \"exclude\"",
                );
            }
            let barren = u8::try_from(barren + 1).unwrap_or(VALID);
            classes
                .iter_mut()
                .filter(|class| **class == barren)
                .for_each(|class| *class = ZERO);
        }
        let quality = if counting.qc_max_percent < 100 {
            let Some(quality) = &product.quality else {
                return wrong(
                    format!(
                        "qc_max_percent = {}, but {} has no quality layer",
                        counting.qc_max_percent,
                        product.id()
                    ),
                    "write qc_max_percent = 100, or name the layer in [product] qc",
                );
            };
            let table = quality.table(counting.qc_max_percent);
            let before = u8::try_from(names.len()).unwrap_or(u8::MAX);
            names.extend(table.reasons.map(str::to_owned));
            Some(
                table
                    .classes
                    .map(|class| if class == 0 { VALID } else { before + class }),
            )
        } else {
            None
        };
        let mut add = |name: &str| {
            names.push(name.to_owned());
            names.len() - 1
        };
        let missing = add(MISSING);
        let elsewhere = add(MASKED_IN_ANOTHER);
        add(OUTSIDE_REGIONS);
        if names.len() >= 250 {
            return wrong(
                format!("{} reasons; at most 250 can be told apart", names.len()),
                "merge some",
            );
        }
        let mask = match counting.mask {
            MaskRule::Common => Mask::Common,
            MaskRule::PerYear => Mask::PerPeriod,
        };
        let signed = product.sample_type.is_signed();
        let rules = Rules::new(
            signed,
            classes,
            quality,
            mask,
            names.len(),
            missing,
            elsewhere,
        );
        Ok(Self { names, rules })
    }

    /// Their names, as in column names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rules for the kernel.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Index of the reason for cells in a zone but in no region.
    #[must_use]
    pub fn outside_regions(&self) -> usize {
        self.names.len() - 1
    }
}
