//! The quality layer as a pipeline file describes it.

use serde::{Deserialize, Serialize};

use super::spec::{FillSpec, ProductError, fill_codes, refuse};
use super::{Quality, QualityKind, QualityType};

/// A quality layer: `{ sds = "...", type = "int8", kind = "bits", mask = 255, accept = [0, 1] }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualitySpec {
    /// Name of the SDS.
    pub sds: String,
    /// `"uint8"`, `"int8"`, `"uint16"`, `"int16"`; for `"bits"` also `"uint32"` and `"int32"`.
    #[serde(rename = "type")]
    pub number_type: QualityType,
    /// `"percent"` or `"bits"`.
    pub kind: QualityKindSpec,
    /// Numbers that say nothing of the quality, compared whole, before any mask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<FillSpec>,
    /// For `"bits"`: which bits are looked at; 255 for a class number of 8 bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<u32>,
    /// For `"bits"`: the values of those bits that are good, where they stand in the number. They are
    /// not shifted: with `mask = 0b1100` the values are 0, 4, 8 and 12.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<u32>,
}

/// What the numbers of a quality layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QualityKindSpec {
    /// Per cent, high is worse.
    Percent,
    /// Bits or classes.
    Bits,
}

impl QualitySpec {
    pub(super) fn build(&self) -> Result<Quality, ProductError> {
        if self.sds.is_empty() {
            return refuse("qc.sds", "a name", "nothing");
        }
        let kind = match self.kind {
            QualityKindSpec::Percent => self.percent()?,
            QualityKindSpec::Bits => self.bits()?,
        };
        Ok(Quality {
            sds: self.sds.clone(),
            number_type: self.number_type,
            fill: fill_codes(
                "qc.fill",
                &self.fill,
                self.number_type.limits(),
                self.number_type,
            )?,
            kind,
        })
    }

    fn percent(&self) -> Result<QualityKind, ProductError> {
        if self.mask.is_some() || !self.accept.is_empty() {
            let expected = "no `mask` and no `accept` with kind = \"percent\"";
            return refuse("qc", expected, "them");
        }
        if self.number_type.bits() > 16 {
            return refuse("qc.type", "8 or 16 bits for percentages", self.number_type);
        }
        Ok(QualityKind::Percent)
    }

    fn bits(&self) -> Result<QualityKind, ProductError> {
        let all = self.number_type.all_bits();
        let mask = match self.mask {
            Some(mask) if mask != 0 && mask & !all == 0 => mask,
            mask => {
                let expected = format!(
                    "the bits to look at, 1 to {all} for {} ({all} for a class number)",
                    self.number_type
                );
                let found = mask.map_or_else(|| "nothing".to_owned(), |mask| mask.to_string());
                return refuse("qc.mask", &expected, found);
            }
        };
        if self.accept.is_empty() {
            return refuse("qc.accept", "at least one value that is good", "none");
        }
        if let Some(never) = self.accept.iter().find(|&&value| value & !mask != 0) {
            let shift = mask.trailing_zeros();
            let shifted = u64::from(*never) << shift;
            let hint = if shift > 0 && shifted & !u64::from(mask) == 0 {
                format!("; values are not shifted: write {shifted} for {never} in these bits")
            } else {
                String::new()
            };
            let expected = format!("values that the number AND mask {mask} can have{hint}");
            return refuse("qc.accept", &expected, never);
        }
        let mut accept = self.accept.clone();
        accept.sort_unstable();
        if let Some(pair) = accept.windows(2).find(|pair| pair[0] == pair[1]) {
            let found = format!("{} twice", pair[0]);
            return refuse("qc.accept", "each value once", found);
        }
        if accept.len() as u64 == 1 << mask.count_ones() {
            let expected = format!(
                "fewer values than the {} that mask {mask} lets through: such a rule leaves nothing out; \
                 without `qc` no quality layer is read",
                accept.len()
            );
            return refuse("qc.accept", &expected, "all of them");
        }
        Ok(QualityKind::Bits { mask, accept })
    }
}
