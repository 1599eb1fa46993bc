//! What counts, and under which reason the rest is counted.

use nutag_granules::product::{Product, QualityTable};
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
    /// Of a quality layer of percentages: cells above it do not count; 100 applies no limit. `None` for
    /// any other product.
    pub qc_max_percent: Option<u8>,
    /// Which cells count together.
    pub mask: MaskRule,
    /// What barren land counts as.
    pub barren: Barren,
}

/// The reasons of a study and the rules behind them.
#[derive(Debug)]
pub struct Reasons {
    counting: Counting,
    names: Vec<String>,
    rules: Rules,
    quality: Option<QualityTable>,
}

impl Reasons {
    /// The rules of a product under the choices of a pipeline file.
    ///
    /// # Errors
    /// Returns an error if a limit is set to a quality layer that holds no percentages, if none is set to
    /// one that does, or if barren land is asked to count as zero where the product does not tell it.
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
        let quality = quality_rule(counting, product)?;
        let by_grade = quality.as_ref().map(|_| {
            let before = u8::try_from(names.len()).unwrap_or(u8::MAX);
            names.extend(QualityTable::REASONS.map(str::to_owned));
            let mut classes = [before + QualityTable::UNKNOWN; 256];
            classes[usize::from(QualityTable::GOOD)] = VALID;
            classes[usize::from(QualityTable::WORSE)] = before + QualityTable::WORSE;
            classes
        });
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
            by_grade,
            mask,
            names.len(),
            missing,
            elsewhere,
        );
        Ok(Self {
            counting,
            names,
            rules,
            quality,
        })
    }

    /// The rule on the quality layer; `None` where no such layer is read.
    #[must_use]
    pub fn quality(&self) -> Option<&QualityTable> {
        self.quality.as_ref()
    }

    /// The choices behind them.
    #[must_use]
    pub fn counting(&self) -> Counting {
        self.counting
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

/// The rule on the quality layer of a product. A limit belongs to percentages and must be said for them; a
/// rule on bits is whole in itself and applies where it stands.
fn quality_rule(counting: Counting, product: &Product) -> Result<Option<QualityTable>, Error> {
    let wrong = |what: String, advice: &str| {
        Err(Problem::new(what)
            .at("[npp] qc_max_percent")
            .advice(advice)
            .asked())
    };
    let Some(quality) = &product.quality else {
        return match counting.qc_max_percent {
            None | Some(100) => Ok(None),
            Some(limit) => wrong(
                format!(
                    "qc_max_percent = {limit}, but no quality layer of percentages is known for {}",
                    product.id()
                ),
                "leave it out; [product] qc names a quality layer and the rule on it",
            ),
        };
    };
    match (quality.is_percent(), counting.qc_max_percent) {
        (true, None) => wrong(
            format!(
                "no limit is set to the quality layer \"{}\" of {}, which holds percentages",
                quality.sds,
                product.id()
            ),
            "write qc_max_percent = 0 to 100 in [npp]; 100 applies no limit",
        ),
        (true, Some(100)) => Ok(None),
        (true, Some(limit)) => Ok(Some(quality.table(limit))),
        (false, None) => Ok(Some(quality.table(100))),
        (false, Some(limit)) => wrong(
            format!(
                "qc_max_percent = {limit} is a limit of percentages, but the quality layer \"{}\" holds bits; \
                 its rule applies as it stands",
                quality.sds
            ),
            "leave qc_max_percent out; without [product] qc no quality layer is read",
        ),
    }
}
